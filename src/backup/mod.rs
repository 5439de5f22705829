//! Backup: everything in one file, and back again.
//!
//! A backup is a SQLite database with every table of the site, whichever engine it was taken from,
//! so that it is also the road from one engine to the other. Beside the tables it holds how many
//! rows each has and a digest of them. It is copied from one view of the database while the site
//! serves and writers write, under another name, and gets its own when it is whole, has been read
//! back and compared, and lies on the disk.
//!
//! - [`mod@write`]: takes one. [`verify`]: reads one and says whether it is whole. [`restore`]: loads
//!   one in a single transaction, compares what was loaded, and only then commits.
//! - [`schedule`]: takes one a day by itself, on one node; [`keep`]: which old ones go.
//!
//! Numbers that were given are not given again; the index and each node's copy of it find that they
//! do not fit any more and build themselves anew.
//!
//! **Invariant:** what a page had confirmed before a backup began is in it
//! (`a_drill_restores_everything_that_was_confirmed_and_sends_nothing_twice`).
//! **Invariant:** a damaged or foreign file is refused before anything is touched, and a restore that is
//! killed has changed nothing (`a_damaged_backup_is_refused_and_nothing_is_touched`,
//! `killing_a_restore_leaves_what_was_there`).
//! **Invariant:** letters that waited when the backup was made may have been sent since; they are
//! held for staff, not sent again (`letters_that_waited_are_held_after_a_restore`).

pub mod keep;
pub mod restore;
pub mod schedule;
mod store;
pub mod verify;
pub mod write;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::fault::{Cause, Fault};

/// The format of the files that this program writes.
const FORMAT: &str = "yonglianhui-backup/1";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The format, [`FORMAT`].
    format: String,
    /// The moment of the view that it holds.
    pub made_at: DateTime<Utc>,
    /// The engine that it was taken from.
    pub engine: String,
    /// The version of the program that wrote it.
    pub program: String,
    /// The migrations that had run, oldest first.
    migrations: Vec<String>,
    /// What each table holds.
    tables: Vec<Counted>,
}

impl About {
    /// How many rows it holds.
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// How many tables it holds.
    pub fn tables(&self) -> usize {
        self.tables.len()
    }
}

/// A table: how many rows, and a digest of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    table: String,
    rows: i64,
    digest: String,
}

/// Why a backup was not taken, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is a file of this name.
    #[error("{0} is there already; a backup never overwrites a file, so name another")]
    Exists(PathBuf),
    /// The file cannot be read or made.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The database was never migrated.
    #[error("the database of YLH_DATABASE_URL has no tables yet; there is nothing to back up")]
    Empty,
    /// The tables are between two releases.
    #[error("the database of YLH_DATABASE_URL was left between two releases; run `yonglianhui migrate` first")]
    Between,
    /// Database or backup are of a newer program.
    #[error("the {0} has the migration {1}, which this program does not know; use the newer program")]
    Newer(&'static str, String),
    /// Not one of our files.
    #[error("{0} is not a backup of this program")]
    Foreign(PathBuf),
    /// Not what was written.
    #[error("{0} is damaged and nothing was restored: {1}; take another backup")]
    Damaged(PathBuf, String),
    /// The database is not empty.
    #[error(
        "the database of YLH_DATABASE_URL holds data and nothing was restored; say --overwrite to replace all of it"
    )]
    HasData,
    /// Our mistake or the world's.
    #[error("{0}")]
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Whether this program knows every migration that has run; an error names the first that it does not.
fn knows(what: &'static str, found: &[String], known: &[String]) -> Result<(), Error> {
    match found.iter().find(|ran| !known.contains(ran)) {
        Some(ran) => Err(Error::Newer(what, ran.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_schema_is_named() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let known = names(&["a", "b", "c"]);
        assert!(knows("backup", &names(&["a", "c"]), &known).is_ok());
        assert!(knows("backup", &known, &known).is_ok());
        let newer = knows("backup", &names(&["a", "b", "c", "d"]), &known).unwrap_err();
        assert!(newer.to_string().contains("the migration d"), "{newer}");
    }
}
