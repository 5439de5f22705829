//! The database: the only truth, and the only file that knows there are two engines.
//!
//! Reads take anything that is [`Read`], a [`Db`] or a [`Tx`]; writes take a `&Tx`, and only
//! [`Db::write`] makes one. Nothing slow happens inside `write`: on SQLite a writer keeps every
//! other writer waiting.
//!
//! **Nobody waits for ever.** A connection is waited for `PATIENCE` at most, and so is a lock; the
//! server ends a PostgreSQL session that holds a transaction open and says nothing, so that a node
//! that was stopped in the middle of one does not stop the others. Writers on SQLite come one after
//! the other in the order in which they asked (`thirty_two_writers_and_a_long_reader_never_meet_a_lock`).
//!
//! **Invariant:** change marks are numbered in the order in which their transactions commit
//! (`writers_are_followed_in_the_order_of_their_commits`): SQLite has one writer at a time, and on
//! PostgreSQL [`Db::write`] writes the marks of a transaction at its end, under a lock that is
//! held until the commit. A follower that has seen mark *n* has therefore seen every mark below.
//!
//! **Invariant:** the tables are brought up to date in one transaction
//! (`a_kill_during_the_migration_leaves_all_or_nothing`).

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, sqlx::Connection,
};

use crate::{
    changes,
    clock::Clock,
    fault::{Context, Fault},
};

/// The lock under which marks are numbered on PostgreSQL; any number that nobody else uses.
const MARKS_LOCK: i64 = 0x796c_6801;
/// The lock under which one process at a time brings the database up to date.
const MIGRATION_LOCK: i64 = 0x796c_6802;
/// How long a connection or a lock is waited for. Below what a request may take ([`crate::web`]), so
/// that there is time left to say so.
const PATIENCE: Duration = Duration::from_secs(7);
/// Connections for pages,
const FOR_PAGES: u32 = 12;
/// and for each thread of the worker. PostgreSQL allows 100 in all unless told otherwise.
const FOR_A_THREAD: u32 = 4;
/// How long a failed write makes the disk doubtful.
const DOUBTED: Duration = Duration::from_secs(5);
/// What the write-ahead file of SQLite is cut back to; it grows while somebody reads for long.
const LARGEST_LOG: u64 = 16 * 1024 * 1024;

/// A pool of connections to SQLite or PostgreSQL.
#[derive(Debug, Clone)]
pub struct Db {
    pool: DatabaseConnection,
    /// Whose turn it is to write on SQLite; shared by all pools of the process.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// When a write last failed for want of space or of a working disk, until one goes through a while later.
    stuck: Arc<Mutex<Option<Instant>>>,
    /// The file of SQLite.
    file: Option<PathBuf>,
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
    /// Given back after `inner` has ended, because it stands below it.
    _turn: Option<tokio::sync::OwnedMutexGuard<()>>,
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

    /// What time it is for everyone who shares the database; see [`Db::time`].
    pub async fn time(&self, clock: &Clock) -> Result<DateTime<Utc>, Fault> {
        shared_time(&self.inner, clock).await
    }

    /// Whether the engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.inner.get_database_backend() == DbBackend::Postgres
    }
}

impl Db {
    /// Opens the database named by `url`, making a SQLite file and its folder if they are missing.
    pub async fn open(url: &str) -> Result<Self, Fault> {
        Self::connect(url, FOR_PAGES, Arc::default(), Arc::default()).await
    }

    /// Opens it a second time, for another thread of this process: with connections of its own, and
    /// taking turns with this one.
    pub async fn beside(&self, url: &str) -> Result<Self, Fault> {
        Self::connect(url, FOR_A_THREAD, Arc::clone(&self.turn), Arc::clone(&self.stuck)).await
    }

    async fn connect(
        url: &str,
        connections: u32,
        turn: Arc<tokio::sync::Mutex<()>>,
        stuck: Arc<Mutex<Option<Instant>>>,
    ) -> Result<Self, Fault> {
        let file = url
            .strip_prefix("sqlite:")
            .map(|rest| PathBuf::from(rest.trim_start_matches("//").split('?').next().unwrap_or_default()));
        if let Some(folder) = file.as_deref().and_then(Path::parent) {
            std::fs::create_dir_all(folder).doing("making the folder of the database")?;
        }
        let mut options = ConnectOptions::new(url);
        options.sqlx_logging(false).acquire_timeout(PATIENCE).connect_timeout(PATIENCE);
        if file.is_some() {
            // Each is two open files; where a process may have few, visitors need some as well.
            let most = if crate::config::open_files() < 256 { 2 } else { Ord::min(connections, 8) };
            options.max_connections(most).min_connections(1).map_sqlx_sqlite_opts(|sqlite| {
                sqlite
                    .create_if_missing(true)
                    .foreign_keys(true)
                    // Another process may write too: `work`, or a command.
                    .busy_timeout(PATIENCE)
                    .pragma("journal_mode", "WAL")
                    // FULL, not NORMAL: a listing or a consent that was answered "saved" survives a power loss.
                    .pragma("synchronous", "FULL")
                    .pragma("journal_size_limit", LARGEST_LOG.to_string())
                    .pragma("cache_size", "-16000")
            });
            // When the disk fails a write, SQLite rolls back by itself, and the library's own rollback finds
            // nothing to do: it believes that the transaction is still open, and would lock out all others with
            // the next one. Such a connection is not used again (`a_full_disk_stops_writing_only`).
            options.map_sqlx_sqlite_pool_opts(|pool| {
                pool.after_release(|connection, _| {
                    Box::pin(async move {
                        // Whatever was asked of it before is done when it answers.
                        connection.ping().await?;
                        Ok(!connection.is_in_transaction())
                    })
                })
            });
        } else {
            let limit = |time: Duration| time.as_millis().to_string();
            options.max_connections(connections).statement_timeout(Duration::from_secs(30)).map_sqlx_postgres_opts(
                move |postgres| {
                    postgres.options([
                        ("lock_timeout", limit(PATIENCE)),
                        ("idle_in_transaction_session_timeout", limit(2 * PATIENCE)),
                    ])
                },
            );
        }
        let pool = Database::connect(options).await.doing("opening the database")?;
        Ok(Self { pool, turn, stuck, file })
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
        Ok(Self { pool, turn: Arc::default(), stuck: Arc::default(), file: None })
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
            let unhurried = "SET LOCAL idle_in_transaction_session_timeout = 0";
            inner.execute_unprepared(unhurried).await.doing("taking a view of the database")?;
            inner.execute_unprepared("SELECT 1").await.doing("taking a view of the database")?;
        }
        Ok(Snapshot { inner })
    }

    /// The names of the migrations that this program knows, oldest first.
    pub fn known_migrations() -> Vec<String> {
        migrations::names()
    }

    /// Runs the first `steps` migrations of an empty database.
    pub async fn migrate_to(&self, steps: usize) -> Result<(), Fault> {
        let steps = u32::try_from(steps).map_err(Fault::other)?;
        let tx = self.begin().await?;
        migrations::up_to(&tx.inner, steps).await.map_err(newer).doing("making tables")?;
        tx.commit().await
    }

    /// Brings the tables up to date, all or nothing; returns how many migrations ran.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        if self.pending().await? == 0 {
            return Ok(0);
        }
        let tx = self.begin().await?;
        if self.is_postgres() {
            // Two processes that start together must not both build the tables; the second waits for as long as it takes.
            for unlimited in ["SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0"] {
                tx.inner.execute_unprepared(unlimited).await.doing("migrating the database")?;
            }
            lock(&tx.inner, MIGRATION_LOCK).await?;
        }
        let ran = migrations::up(&tx.inner).await.map_err(newer).doing("migrating the database")?;
        tx.commit().await?;
        Ok(ran)
    }

    /// How many migrations have not run yet; a fault when a newer release has changed the tables.
    pub async fn pending(&self) -> Result<usize, Fault> {
        migrations::pending(&self.pool).await.map_err(newer).doing("reading the list of migrations")
    }

    /// Runs `work` in one transaction: committed on `Ok`, rolled back on `Err`.
    ///
    /// There is no nested form: verbs that compose take a `&Tx` and end in `_in`.
    pub async fn write<T, E: From<Fault>>(&self, work: impl AsyncFnOnce(&Tx) -> Result<T, E>) -> Result<T, E> {
        let tx = self.begin().await?;
        match work(&tx).await {
            Ok(value) => {
                tx.commit().await.inspect_err(|fault| self.note(fault))?;
                self.note_success();
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

    /// What time it is for everyone who shares the database. On PostgreSQL that is the server's own
    /// time, since the clocks of many machines differ; on SQLite all are on this machine. A clock
    /// that stands is obeyed on both.
    pub async fn time(&self, clock: &Clock) -> Result<DateTime<Utc>, Fault> {
        shared_time(&self.pool, clock).await
    }

    /// Whether the engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.pool.get_database_backend() == DbBackend::Postgres
    }

    /// Whether writes have gone through lately, as far as space and the disk are concerned.
    pub fn takes_writes(&self) -> bool {
        self.stuck.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Writes something that means nothing, if the disk is doubtful, to see whether writing works again.
    pub async fn try_again(&self) -> Result<(), Fault> {
        let failed = *self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some_and(|failed| failed.elapsed() > DOUBTED) { self.try_to_write().await } else { Ok(()) }
    }

    /// Writes something that means nothing, to see whether writing works.
    pub async fn try_to_write(&self) -> Result<(), Fault> {
        self.write(async |tx| changes::follow(tx, "trial", 0).await).await
    }

    /// Keeps SQLite's write-ahead file small. SQLite does it after a commit, but only when nobody
    /// reads at that moment; on a busy site somebody always does.
    pub async fn tidy(&self) -> Result<(), Fault> {
        let Some(file) = &self.file else { return Ok(()) };
        let mut log = file.clone().into_os_string();
        log.push("-wal");
        if std::fs::metadata(log).is_ok_and(|log| log.len() > LARGEST_LOG) {
            // PASSIVE waits for nobody; when it gets through, the next writer begins the file anew and cuts it.
            let _turn = self.turn.lock().await;
            self.pool.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await.doing("tidying the database")?;
        }
        Ok(())
    }

    fn note(&self, fault: &Fault) {
        if fault.is_disk() {
            *self.stuck.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    fn note_success(&self) {
        let mut stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        // On a disk that is nearly full a small write now and then finds room where a larger one does not.
        if stuck.is_some_and(|failed| failed.elapsed() > DOUBTED) {
            *stuck = None;
        }
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
        let turn = if self.is_postgres() { None } else { Some(Arc::clone(&self.turn).lock_owned().await) };
        let inner = self.pool.begin_with_options(options).await.doing("beginning to write");
        let inner = inner.inspect_err(|fault| self.note(fault))?;
        Ok(Tx { inner, marks: RefCell::default(), _turn: turn })
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

async fn shared_time(connection: &impl ConnectionTrait, clock: &Clock) -> Result<DateTime<Utc>, Fault> {
    if !matches!(clock, Clock::Machine) || connection.get_database_backend() != DbBackend::Postgres {
        return Ok(clock.now());
    }
    // Not `now()`, which stands still within a transaction.
    let statement = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp() AS time");
    let row = connection.query_one_raw(statement).await.doing("asking the database for the time")?;
    let row = row.ok_or_else(|| Fault::other("the database does not say what time it is"))?;
    row.try_get("", "time").doing("reading the time of the database")
}

/// Says in words that the tables belong to a newer release.
fn newer(error: migrations::Error) -> Fault {
    match error {
        migrations::Error::Database(error) => error.into(),
        migrations::Error::Newer(names) => Fault::other(format!(
            "the database was brought up to date by a newer release of yonglianhui ({}); run that release, or restore a backup that was made before it",
            names.join(", ")
        )),
    }
}

async fn lock(tx: &DatabaseTransaction, number: i64) -> Result<(), Fault> {
    let statement =
        Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_advisory_xact_lock($1)", [number.into()]);
    tx.execute_raw(statement).await.doing("waiting for a lock")?;
    Ok(())
}
