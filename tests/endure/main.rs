//! What the program endures: the real binary, run as processes that are killed, starved and cut off.
//!
//! Each test has a short form, which `cargo xtask test` runs, and a full one, which `cargo xtask endure`
//! runs (`YLH_TEST_ENDURE=1`); [`report`] collects what each saw. Everything runs on SQLite, and on PostgreSQL
//! when `YLH_TEST_POSTGRES` names a server on which databases may be made.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../site/support/database.rs"]
mod database;
#[path = "../site/support/sink.rs"]
mod sink;

mod attacks;
mod client;
mod clocks;
mod cluster;
mod contract;
mod databases;
mod disk;
mod drill;
mod kills;
mod limits;
mod logs;
mod nodes;
mod outbox;
mod pairs;
mod postgres;
mod report;
mod scene;
mod server;
mod tools;
mod truth;
