//! What the tests of the site stand on: a running app of their own, visitors with browsers'
//! manners, a mail server on loopback, and builders that only set the scene.

pub(crate) mod app;
pub(crate) mod corpus;
pub(crate) mod database;
pub(crate) mod exposition;
pub(crate) mod scene;
pub(crate) mod sink;
pub(crate) mod visitor;

pub(crate) use app::{Answered, TestApp};
pub(crate) use exposition::Exposition;
pub(crate) use scene::Party;
pub(crate) use visitor::{Page, Visitor};
