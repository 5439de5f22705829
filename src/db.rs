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

use std::{cell::RefCell, path::Path, time::Duration};

use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
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

/// The connections of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Open and free.
    pub idle: u32,
    /// At work.
    pub busy: u32,
    /// How many there may be.
    pub most: u32,
}

/// One open write transaction.
pub struct Tx {
    inner: DatabaseTransaction,
    marks: RefCell<Vec<index::Key>>,
}

/// One view of the whole database: what others commit meanwhile is not in it.
pub struct Snapshot {
    inner: DatabaseTransaction,
}

/// How a SQLite file that nobody else uses is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alone {
    /// It is written; whoever does so syncs it to disk when it is whole.
    Writing,
    /// It is only read, and nothing is made beside it.
    Reading,
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

impl Read for Snapshot {
    type Connection = DatabaseTransaction;
    fn reader(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Snapshot {
    /// Lets go of the view.
    pub async fn end(self) -> Result<(), Fault> {
        self.inner.rollback().await.doing("ending a view of the database")
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

    /// Opens a SQLite file that no server uses: a backup, or a copy on its way.
    pub async fn alone(path: &Path, alone: Alone) -> Result<Self, Fault> {
        let mut options = ConnectOptions::new("sqlite://file");
        let path = path.to_owned();
        options.sqlx_logging(false).max_connections(4).min_connections(1).map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite.filename(&path).foreign_keys(true).pragma("cache_size", "-16000");
            match alone {
                // A file that is not whole is thrown away, so nothing is synced on the way.
                Alone::Writing => sqlite.pragma("journal_mode", "MEMORY").pragma("synchronous", "OFF"),
                Alone::Reading => sqlite.read_only(true).immutable(true),
            }
        });
        let pool = Database::connect(options).await.doing("opening the file")?;
        Ok(Self { pool })
    }

    /// One view of everything, as it is now, however long it is read from.
    pub async fn snapshot(&self) -> Result<Snapshot, Fault> {
        let is_postgres = self.is_postgres();
        let options = TransactionOptions {
            access_mode: is_postgres.then_some(AccessMode::ReadOnly),
            sqlite_transaction_mode: (!is_postgres).then_some(SqliteTransactionMode::Deferred),
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
        };
        let inner = self.pool.begin_with_options(options).await.doing("beginning a view of the database")?;
        // The view is taken by the first statement, not by BEGIN.
        let first = if is_postgres { "SET LOCAL statement_timeout = 0" } else { "SELECT 1 FROM sqlite_master" };
        inner.execute_unprepared(first).await.doing("taking a view of the database")?;
        if is_postgres {
            inner.execute_unprepared("SELECT 1").await.doing("taking a view of the database")?;
        }
        Ok(Snapshot { inner })
    }

    /// The names of the migrations that this program knows, oldest first.
    pub fn known_migrations() -> Vec<String> {
        Migrator::migrations().iter().map(|each| each.name().to_owned()).collect()
    }

    /// Runs the first `steps` migrations of an empty database.
    pub async fn migrate_to(&self, steps: usize) -> Result<(), Fault> {
        let steps = u32::try_from(steps).map_err(Fault::other)?;
        Migrator::up(&self.pool, Some(steps)).await.doing("making tables")
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

    /// What SQLite itself finds wrong in its file; `None` when it is sound, and on PostgreSQL, whose
    /// own tools look for that.
    pub async fn unsoundness(&self) -> Result<Option<String>, Fault> {
        if self.is_postgres() {
            return Ok(None);
        }
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(1)");
        let row = self.pool.query_one_raw(statement).await.doing("checking the database file")?;
        let said = row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))?;
        Ok(Some(said).filter(|said| said != "ok"))
    }

    /// How many connections are open.
    pub fn connections(&self) -> Connections {
        let (open, idle, most) = if self.is_postgres() {
            let pool = self.pool.get_postgres_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        } else {
            let pool = self.pool.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle(), pool.options().get_max_connections())
        };
        let idle = u32::try_from(idle).unwrap_or(open).min(open);
        Connections { idle, busy: open - idle, most }
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
