//! The site, driven as its users drive it: HTTP in, HTML and mail out, a real database and index.
//!
//! The whole suite runs on SQLite, and on PostgreSQL when `YLH_TEST_POSTGRES` names a server on
//! which databases may be made.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod support;

mod api;
mod attacks;
mod backup;
mod calendar;
mod chain;
mod changes;
mod enterprise;
mod eval;
mod exhibit;
mod faults;
mod feed;
mod introduction;
mod listing;
mod mail;
mod matching;
mod member;
mod my;
mod operations;
mod organisation;
mod privacy;
mod queue;
mod renewal;
mod routes;
mod search;
mod seed;
mod staff;
mod synonym;
mod table;
mod team;
mod zone;
