//! Everything that is our mistake or the world's: database, index, disk, templates, keys.
//!
//! A fault is never the user's to mend. `?` carries it up, [`Context::doing`] says what we were
//! about, and it is logged once, at the door where it ends. **Invariant:** its `Display` holds no
//! personal data (a database error is shown by `Display`, never by `Debug`, which on PostgreSQL
//! prints the failing row).

use std::{fmt, io};

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// What went wrong, and what we were doing.
pub struct Fault {
    cause: Cause,
    doing: Vec<&'static str>,
}

/// Where a fault came from.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The search index.
    #[error("index: {0}")]
    Index(#[from] index::Error),
    /// A file or a socket.
    #[error("input or output: {0}")]
    Io(#[from] std::io::Error),
    /// A page or letter that does not render.
    #[error("template: {0}")]
    Template(#[from] tera::Error),
    /// A value that does not turn into JSON or back.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// A letter that cannot be built.
    #[error("letter: {0}")]
    Letter(#[from] lettre::error::Error),
    /// A background task that ended before its time.
    #[error("task: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// It took longer than anybody is asked to wait.
    #[error("no answer in time")]
    Late,
    /// The database holds what no verb can have written.
    #[error("the database holds what it must not: {0}")]
    Corrupt(String),
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// A row that no verb can have written.
    pub fn corrupt(what: impl fmt::Display) -> Self {
        Cause::Corrupt(what.to_string()).into()
    }

    /// A fault of another kind, in words without personal data.
    pub fn other(what: impl fmt::Display) -> Self {
        Cause::Other(what.to_string()).into()
    }

    /// Where it came from.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// What took longer than anybody is asked to wait.
    pub fn late() -> Self {
        Cause::Late.into()
    }

    /// Whether the world outside is missing and may come back: the database cannot be reached or does
    /// not answer, a disk is full, the index is being mended. The page says "later", with 503.
    pub fn is_outage(&self) -> bool {
        let away = match &self.cause {
            Cause::Late => true,
            Cause::Database(error) => {
                matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) || sqlx_error(error).is_some_and(is_away)
            }
            Cause::Index(error) => matches!(error, index::Error::Damaged { .. } | index::Error::Io { .. }),
            _ => false,
        };
        away || self.is_disk()
    }

    /// Whether a disk is full, or does not do what it is told.
    pub fn is_disk(&self) -> bool {
        match &self.cause {
            Cause::Database(error) => sqlx_error(error).and_then(code_of).is_some_and(|code| {
                // SQLite's codes have their family in the lowest byte: I/O error, full, cannot open, read-only.
                let family = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
                matches!(family, Some(10 | 13 | 14 | 8)) || code.starts_with("53100") || code.starts_with("58")
            }),
            Cause::Io(error) => matches!(
                error.kind(),
                io::ErrorKind::StorageFull
                    | io::ErrorKind::QuotaExceeded
                    | io::ErrorKind::FileTooLarge
                    | io::ErrorKind::ReadOnlyFilesystem
            ),
            _ => false,
        }
    }

    /// Whether the files of the index are not what was written.
    pub fn is_damage(&self) -> bool {
        matches!(&self.cause, Cause::Index(index::Error::Damaged { .. }))
    }

    /// Whether a unique index refused the row.
    pub fn is_duplicate(&self) -> bool {
        matches!(&self.cause, Cause::Database(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))))
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(&**error),
        _ => None,
    }
}

fn code_of(error: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error().and_then(|error| error.code())
}

/// Whether the database cannot be reached or does not answer: the connection broke, or the server
/// says that it is stopping, starting, full of connections, or that a lock or a statement took too long.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => code_of(error).is_some_and(|code| {
            let sqlite = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
            // Busy and locked; on PostgreSQL connection, resources, the operator, and time limits.
            matches!(sqlite, Some(5 | 6))
                || ["08", "53", "57P", "57014", "55P03", "25P03"].iter().any(|class| code.starts_with(class))
        }),
    }
}

impl<C: Into<Cause>> From<C> for Fault {
    fn from(cause: C) -> Self {
        Self { cause: cause.into(), doing: Vec::new() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.words()))
    }
}

impl Fault {
    fn words(&self) -> String {
        let mut words = String::new();
        for doing in self.doing.iter().rev() {
            words += doing;
            words += ": ";
        }
        words += &self.cause.to_string();
        // Tera's own message is the outer one; the reason hangs below it.
        let mut source = std::error::Error::source(&self.cause).and_then(std::error::Error::source);
        while let Some(error) = source {
            words += ": ";
            words += &error.to_string();
            source = error.source();
        }
        words
    }
}

/// A failure is one line of the log, whatever it quotes: nobody may write lines that look like ours.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(|each: char| each.is_control() || matches!(each, '\u{2028}' | '\u{2029}')) {
        let part = part.trim();
        if !line.is_empty() && !part.is_empty() {
            line.push(' ');
        }
        line += part;
    }
    line
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Fault {}

/// Says what was being done when a fault arose.
pub trait Context<T> {
    /// Adds `what` to the fault, as in "publishing the listing".
    fn doing(self, what: &'static str) -> Result<T, Fault>;
}

impl<T, E: Into<Fault>> Context<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|error| {
            let mut fault = error.into();
            fault.doing.push(what);
            fault
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_one_line_whatever_it_quotes() {
        let fault = Fault::other("said:\r\n2026-11-23 INFO all is well\u{2028}\u{1b}[2Jend");
        assert_eq!(fault.to_string(), "said: 2026-11-23 INFO all is well [2Jend");
    }
}
