//! The whole line of work, played by people in a real browser; and every page, judged.
//!
//! Runs when `YLH_TEST_BROWSER` names Chromium and `YLH_TEST_DRIVER` its driver, as
//! `cargo xtask test browser` does; says that it was skipped when they are not named.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod line;
mod pages;
mod search;
#[path = "../site/support/sink.rs"]
mod sink;
mod support;
