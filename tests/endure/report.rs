//! What each test saw, one line a test; `cargo xtask endure` draws the table.

use std::{fs::OpenOptions, io::Write as _};

/// One line of the table.
pub(crate) struct Line<'a> {
    /// The name of the test.
    pub(crate) test: &'a str,
    /// How often it provoked what it is about.
    pub(crate) rounds: u64,
    /// What must hold, in a few words.
    pub(crate) must_hold: &'a str,
    /// What was seen, with its figures.
    pub(crate) seen: String,
}

impl Line<'_> {
    /// Prints the line, and adds it to the file that `YLH_TEST_REPORT` names.
    pub(crate) fn write(&self) {
        let engine = if std::env::var_os("YLH_TEST_POSTGRES").is_some() { "PostgreSQL" } else { "SQLite" };
        let line = [self.test, engine, &self.rounds.to_string(), self.must_hold, &self.seen].join("\t");
        println!("{line}");
        if let Some(path) = std::env::var_os("YLH_TEST_REPORT") {
            let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
            writeln!(file, "{line}").unwrap();
        }
    }
}

/// Whether the full counts are asked for.
pub(crate) fn is_full() -> bool {
    std::env::var_os("YLH_TEST_ENDURE").is_some()
}

/// How many rounds: `short` of them in the test suite, `full` in the endurance run.
pub(crate) fn rounds(short: u64, full: u64) -> u64 {
    if is_full() { full } else { short }
}
