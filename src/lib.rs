//! 永链荟 Yonglianhui (architecture; to be completed).

pub mod app;
pub mod changes;
pub mod clock;
pub mod config;
pub mod db;
pub mod fault;
pub mod id;
pub mod mail;
pub mod member;
pub mod once;
pub mod search;
pub mod secret;
pub mod templates;
pub mod web;
pub mod words;
