//! The database: the only truth, and the only file that knows there are two engines.
//!
//! Reads take anything that is [`Read`], a [`Db`] or a [`Tx`]; writes take a `&Tx`, and only
//! [`Db::write`] makes one. Nothing slow happens inside `write`: on SQLite a writer keeps every
//! other writer waiting.
//!
//! **Invariant:** change marks are numbered in the order in which their transactions commit
//! (a rule of review; no test holds it yet): SQLite has one writer at a time, and on
//! PostgreSQL [`Db::write`] writes the marks of a transaction at its end, under a lock that is
//! held until the commit. A follower that has seen mark *n* has therefore seen every mark below.

use std::{cell::RefCell, time::Duration};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::{
    changes,
    fault::{Context, Fault},
};

/// The lock under which marks are numbered on PostgreSQL; any number that nobody else uses.
const MARKS_LOCK: i64 = 0x796c_6801;
/// The lock under which one process at a time brings the database up to date.
const MIGRATION_LOCK: i64 = 0x796c_6802;

/// A pool of connections to SQLite or PostgreSQL.
#[derive(Debug, Clone)]
pub struct Db {
    pool: DatabaseConnection,
}

/// One open write transaction.
pub struct Tx {
    inner: DatabaseTransaction,
    marks: RefCell<Vec<index::Key>>,
}

/// What can be read from: the database, or a transaction that sees its own writes.
pub trait Read {
    /// What carries statements.
    type Connection: ConnectionTrait;
    /// The connection.
    fn reader(&self) -> &Self::Connection;
}

impl Read for Db {
    type Connection = DatabaseConnection;
    fn reader(&self) -> &DatabaseConnection {
        &self.pool
    }
}

impl Read for Tx {
    type Connection = DatabaseTransaction;
    fn reader(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Tx {
    /// Remembers that a thing has changed; written when the transaction ends.
    pub(crate) fn remember(&self, key: index::Key) {
        let mut marks = self.marks.borrow_mut();
        if !marks.contains(&key) {
            marks.push(key);
        }
    }

    /// Whether the engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

impl Db {
    /// Opens the database named by `url`, making a SQLite file and its folder if they are missing.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        let sqlite = url.strip_prefix("sqlite:");
        if let Some(rest) = sqlite {
            let path = rest.trim_start_matches("//").split('?').next().unwrap_or_default();
            if let Some(folder) = std::path::Path::new(path).parent() {
                std::fs::create_dir_all(folder).doing("making the folder of the database")?;
            }
        }
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).acquire_timeout(Duration::from_secs(8)).connect_timeout(Duration::from_secs(8));
        if sqlite.is_some() {
            options.max_connections(8).min_connections(1).map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(10))
                    .pragma("journal_mode", "WAL")
                    // FULL, not NORMAL: a listing or a consent that was answered "saved" survives a power loss.
                    .pragma("synchronous", "FULL")
                    .pragma("cache_size", "-16000")
            });
        } else {
            options.max_connections(16).statement_timeout(Duration::from_secs(30));
        }
        let pool = Database::connect(options).await.doing("opening the database")?;
        Ok(Self { pool })
    }

    /// Brings the tables up to date; returns how many migrations ran.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        let before = self.pending().await?;
        if before == 0 {
            return Ok(0);
        }
        if self.is_postgres() {
            // Two processes that start together must not both build the tables.
            let guard = self.pool.begin().await?;
            lock(&guard, MIGRATION_LOCK).await?;
            Migrator::up(&self.pool, None).await.doing("migrating the database")?;
            guard.commit().await?;
        } else {
            Migrator::up(&self.pool, None).await.doing("migrating the database")?;
        }
        Ok(before)
    }

    /// How many migrations have not run yet.
    pub async fn pending(&self) -> Result<usize, Fault> {
        Ok(Migrator::get_pending_migrations(&self.pool).await.doing("reading the list of migrations")?.len())
    }

    /// Runs `work` in one transaction: committed on `Ok`, rolled back on `Err`.
    ///
    /// There is no nested form: verbs that compose take a `&Tx` and end in `_in`.
    pub async fn write<T, E: From<Fault>>(&self, work: impl AsyncFnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        let tx = self.begin().await?;
        match work(&tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                // A rollback that fails is a connection that died, which rolls back by itself.
                if let Err(fault) = tx.inner.rollback().await {
                    tracing::warn!(error = %fault, "a transaction was not rolled back by word");
                }
                Err(error)
            }
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.pool.ping().await.doing("asking the database")
    }

    /// Whether the engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.pool.get_database_backend() == DbBackend::Postgres
    }

    /// Calls `each` for every statement; for tests that count them.
    pub fn watch(&mut self, each: impl Fn() + Send + Sync + 'static) {
        self.pool.set_metric_callback(move |_| each());
    }

    /// Closes every connection.
    pub async fn close(self) -> Result<(), Fault> {
        self.pool.close().await.doing("closing the database")
    }

    async fn begin(&self) -> Result<Tx, Fault> {
        let options = TransactionOptions {
            access_mode: self.is_postgres().then_some(AccessMode::ReadWrite),
            // A deferred transaction that reads and then writes fails at once when another wrote in between.
            sqlite_transaction_mode: (!self.is_postgres()).then_some(SqliteTransactionMode::Immediate),
            isolation_level: None,
        };
        let inner = self.pool.begin_with_options(options).await.doing("beginning to write")?;
        Ok(Tx { inner, marks: RefCell::default() })
    }
}

impl Tx {
    async fn commit(self) -> Result<(), Fault> {
        let marks = self.marks.take();
        if !marks.is_empty() {
            if self.is_postgres() {
                lock(&self.inner, MARKS_LOCK).await?;
            }
            changes::write(&self, &marks).await?;
        }
        self.inner.commit().await.doing("committing")
    }
}

async fn lock(tx: &DatabaseTransaction, number: i64) -> Result<(), Fault> {
    let statement =
        Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [number.into()]);
    tx.execute_raw(statement).await.doing("waiting for a lock")?;
    Ok(())
}
