//! Rows of the ledger of backups; and every table, row by row, from one database to another, whichever the engines.
//!
//! What tables there are and of which kinds their columns is read from SQLite, where both a backup
//! and a database that was migrated to the same step say the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};
use futures_util::TryStreamExt;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QueryResult, Statement, StreamTrait, Value,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, OnConflict, Query},
};
use sha2::{Digest, Sha256};

use crate::{
    backup::{About, Counted, schedule::Taken},
    db::{Db, Read, Tx},
    fault::{Context, Fault},
};

/// Rows that are written by one statement,
const ROWS_AT_ONCE: usize = 200;
/// bound values that one statement has at most (SQLite takes 32,766),
const VALUES_AT_ONCE: usize = 30_000;
/// and bytes of text after which it is sent, so that memory stays bounded.
const BYTES_AT_ONCE: usize = 1 << 20;

/// The tables of a backup that tell of the backup itself.
const OWN: [&str; 2] = ["backup_about", "backup_tables"];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Flag,
    Moment,
    Real,
    Bytes,
}

impl Kind {
    /// From the type that a migration gives a column on SQLite.
    fn parse(declared: &str) -> Option<Self> {
        let declared = declared.to_ascii_lowercase();
        match declared.split('(').next().unwrap_or_default().trim() {
            "integer" | "bigint" | "int" | "smallint" => Some(Self::Number),
            "text" | "varchar" => Some(Self::Text),
            "boolean" => Some(Self::Flag),
            "timestamp_with_timezone_text" => Some(Self::Moment),
            "double" | "real" | "float" => Some(Self::Real),
            "blob" => Some(Self::Bytes),
            _ => None,
        }
    }
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    kind: Kind,
}

/// One table: its columns, in which order it is read, and which tables its rows refer to.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<Column>,
    key: Vec<String>,
    refers_to: BTreeSet<String>,
    /// The column that the database numbers, if there is one.
    numbered: Option<String>,
}

/// One value, the same from both engines.
enum Cell {
    Nothing(Kind),
    Number(i64),
    Text(String),
    Flag(bool),
    Moment(DateTime<Utc>),
    Real(f64),
    Bytes(Vec<u8>),
}

impl Cell {
    fn read(row: &QueryResult, at: usize, kind: Kind) -> Result<Self, Fault> {
        let cell = match kind {
            Kind::Number => row.try_get_by_index::<Option<i64>>(at)?.map(Self::Number),
            Kind::Text => row.try_get_by_index::<Option<String>>(at)?.map(Self::Text),
            Kind::Flag => row.try_get_by_index::<Option<bool>>(at)?.map(Self::Flag),
            Kind::Moment => row.try_get_by_index::<Option<DateTime<Utc>>>(at)?.map(Self::Moment),
            Kind::Real => row.try_get_by_index::<Option<f64>>(at)?.map(Self::Real),
            Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(at)?.map(Self::Bytes),
        };
        Ok(cell.unwrap_or(Self::Nothing(kind)))
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 8,
        }
    }

    /// Feeds the digest: what it is, how long, and the bytes, so that no two rows look alike.
    fn digest(&self, digest: &mut Sha256) {
        let mut feed = |mark: u8, bytes: &[u8]| {
            digest.update([mark]);
            digest.update(bytes.len().to_le_bytes());
            digest.update(bytes);
        };
        match self {
            Self::Nothing(_) => feed(0, &[]),
            Self::Number(number) => feed(1, &number.to_le_bytes()),
            Self::Text(text) => feed(2, text.as_bytes()),
            Self::Flag(flag) => feed(3, &[u8::from(*flag)]),
            // PostgreSQL keeps microseconds, so finer parts are no part of the truth.
            Self::Moment(at) => feed(4, &at.trunc_subsecs(6).timestamp_micros().to_le_bytes()),
            Self::Real(number) => feed(5, &number.to_bits().to_le_bytes()),
            Self::Bytes(bytes) => feed(6, bytes),
        }
    }
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Nothing(Kind::Number) => Value::BigInt(None),
            Cell::Nothing(Kind::Text) => Value::String(None),
            Cell::Nothing(Kind::Flag) => Value::Bool(None),
            Cell::Nothing(Kind::Moment) => Value::ChronoDateTimeUtc(None),
            Cell::Nothing(Kind::Real) => Value::Double(None),
            Cell::Nothing(Kind::Bytes) => Value::Bytes(None),
            Cell::Number(number) => number.into(),
            Cell::Text(text) => text.into(),
            Cell::Flag(flag) => flag.into(),
            Cell::Moment(at) => at.into(),
            Cell::Real(number) => number.into(),
            Cell::Bytes(bytes) => bytes.into(),
        }
    }
}

fn engine(db: &impl Read) -> DbBackend {
    ConnectionTrait::get_database_backend(db.reader())
}

async fn ask(db: &impl Read, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, Fault> {
    let statement = Statement::from_sql_and_values(engine(db), sql, values);
    db.reader().query_all_raw(statement).await.doing("reading what tables there are")
}

/// The tables of a SQLite file, those that others refer to first.
pub(super) async fn tables(file: &impl Read) -> Result<Vec<Table>, Fault> {
    let sql = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               AND name <> 'seaql_migrations' ORDER BY name";
    let mut found = Vec::new();
    for row in ask(file, sql, Vec::new()).await? {
        let (name, made): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if OWN.contains(&name.as_str()) {
            continue;
        }
        let mut table = Table {
            name: name.clone(),
            columns: Vec::new(),
            key: Vec::new(),
            refers_to: BTreeSet::new(),
            numbered: None,
        };
        let mut keys = BTreeMap::new();
        let columns = "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid";
        for column in ask(file, columns, vec![name.as_str().into()]).await? {
            let (column, declared, place): (String, String, i64) =
                (column.try_get_by_index(0)?, column.try_get_by_index(1)?, column.try_get_by_index(2)?);
            let kind = Kind::parse(&declared).ok_or_else(|| {
                Fault::other(format!("{name}.{column} is of the type {declared}, which a backup does not know"))
            })?;
            if place > 0 {
                keys.insert(place, column.clone());
            }
            table.columns.push(Column { name: column, kind });
        }
        table.key = keys.into_values().collect();
        if made.to_ascii_uppercase().contains("AUTOINCREMENT") {
            table.numbered = table.key.first().cloned();
        }
        let references = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)";
        for row in ask(file, references, vec![name.as_str().into()]).await? {
            let other: String = row.try_get_by_index(0)?;
            if other != name {
                table.refers_to.insert(other);
            }
        }
        found.push(table);
    }
    in_order(found)
}

/// Those that others refer to first; rows that refer to their own table are taken as they come.
fn in_order(mut left: Vec<Table>) -> Result<Vec<Table>, Fault> {
    let mut done: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let is_ready = |table: &Table| table.refers_to.iter().all(|other| done.iter().any(|each| each.name == *other));
        let (ready, rest): (Vec<Table>, Vec<Table>) = left.into_iter().partition(is_ready);
        if ready.is_empty() {
            return Err(Fault::other("tables refer to each other in a circle, so no order of loading them is right"));
        }
        done.extend(ready);
        left = rest;
    }
    Ok(done)
}

/// Which migrations have run, oldest first; `None` when the database has no tables at all.
pub(super) async fn migrations(db: &impl Read) -> Result<Option<Vec<String>>, Fault> {
    let is_there = match engine(db) {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    if ask(db, is_there, Vec::new()).await?.is_empty() {
        return Ok(None);
    }
    let rows = ask(db, "SELECT version FROM seaql_migrations ORDER BY version", Vec::new()).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_, Fault>>().map(Some)
}

/// The statement that reads a table in an order that both engines agree on.
fn select(table: &Table, engine: DbBackend) -> Statement {
    let quote = |name: &str| format!("\"{name}\"");
    let columns: Vec<String> = table.columns.iter().map(|column| quote(&column.name)).collect();
    let key: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let key = if table.key.is_empty() { &key } else { &table.key };
    let is_text = |name: &str| table.columns.iter().any(|column| column.name == name && column.kind == Kind::Text);
    let order: Vec<String> = key
        .iter()
        .map(|name| match engine {
            // By bytes, as SQLite does, not by the customs of a language.
            DbBackend::Postgres if is_text(name) => format!("{} COLLATE \"C\"", quote(name)),
            _ => quote(name),
        })
        .collect();
    let sql = format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), quote(&table.name), order.join(", "));
    Statement::from_string(engine, sql)
}

/// Reads a table from its first row to its last.
async fn walk<R: Read>(
    from: &R,
    table: &Table,
    mut each: impl AsyncFnMut(Vec<Cell>) -> Result<(), Fault>,
) -> Result<Counted, Fault>
where
    R::Connection: StreamTrait,
{
    let mut digest = Sha256::new();
    let mut rows = 0;
    let stream = from.reader().stream_raw(select(table, engine(from))).await.doing("reading a table")?;
    let mut stream = std::pin::pin!(stream);
    while let Some(row) = stream.try_next().await.doing("reading a table")? {
        let cells = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| Cell::read(&row, at, column.kind))
            .collect::<Result<Vec<Cell>, Fault>>()?;
        for cell in &cells {
            cell.digest(&mut digest);
        }
        rows += 1;
        each(cells).await?;
    }
    Ok(Counted { table: table.name.clone(), rows, digest: hex(&digest.finalize()) })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Counts a table and digests its rows.
pub(super) async fn count<R: Read>(from: &R, table: &Table) -> Result<Counted, Fault>
where
    R::Connection: StreamTrait,
{
    walk(from, table, async |_| Ok(())).await
}

/// Copies a table into an empty one of the same shape; says what was read.
pub(super) async fn copy<R: Read>(from: &R, to: &Tx, table: &Table) -> Result<Counted, Fault>
where
    R::Connection: StreamTrait,
{
    let rows_at_once = (VALUES_AT_ONCE / table.columns.len().max(1)).clamp(1, ROWS_AT_ONCE);
    let mut waiting: Vec<Vec<Cell>> = Vec::new();
    let mut bytes = 0;
    let counted = walk(from, table, async |cells| {
        bytes += cells.iter().map(Cell::size).sum::<usize>();
        waiting.push(cells);
        if waiting.len() >= rows_at_once || bytes >= BYTES_AT_ONCE {
            bytes = 0;
            insert(to, table, std::mem::take(&mut waiting)).await?;
        }
        Ok(())
    })
    .await?;
    insert(to, table, waiting).await?;
    Ok(counted)
}

async fn insert(to: &Tx, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert.into_table(Alias::new(&table.name)).columns(table.columns.iter().map(|column| Alias::new(&column.name)));
    for row in rows {
        insert.values(row.into_iter().map(|cell| Expr::value(Value::from(cell)))).map_err(Fault::other)?;
    }
    to.reader().execute(&insert).await.doing("writing a table")?;
    Ok(())
}

/// The highest number that the database has given in a table, which may be gone since.
pub(super) async fn last_number(from: &impl Read, table: &Table) -> Result<i64, Fault> {
    let Some(column) = &table.numbered else { return Ok(0) };
    let name = table.name.as_str();
    let row = if engine(from) == DbBackend::Postgres {
        let Some(sequence) = sequence(from, name, column).await? else { return Ok(0) };
        let sql = format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}");
        ask(from, &sql, Vec::new()).await?
    } else {
        ask(from, "SELECT seq FROM sqlite_sequence WHERE name = ?", vec![name.into()]).await?
    };
    row.first().map_or(Ok(0), |row| Ok(row.try_get_by_index(0)?))
}

/// The sequence that numbers a column on PostgreSQL, as it is written in a statement.
async fn sequence(db: &impl Read, table: &str, column: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT pg_get_serial_sequence($1, $2)";
    let rows = ask(db, sql, vec![format!("\"{table}\"").into(), column.into()]).await?;
    rows.first().map_or(Ok(None), |row| Ok(row.try_get_by_index(0)?))
}

/// Lets the database go on numbering after `last`, so that no number is ever given twice.
pub(super) async fn number_on(to: &Tx, table: &Table, last: i64) -> Result<(), Fault> {
    let Some(column) = &table.numbered else { return Ok(()) };
    let run = async |sql: &str, values: Vec<Value>| {
        let statement = Statement::from_sql_and_values(engine(to), sql, values);
        to.reader().execute_raw(statement).await.doing("numbering on")
    };
    if to.is_postgres() {
        let Some(sequence) = sequence(to, &table.name, column).await? else { return Ok(()) };
        run("SELECT setval($1::text::regclass, GREATEST($2, 1), $2 > 0)", vec![sequence.into(), last.into()]).await?;
    } else {
        run("DELETE FROM sqlite_sequence WHERE name = ?", vec![table.name.as_str().into()]).await?;
        run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", vec![table.name.as_str().into(), last.into()])
            .await?;
    }
    Ok(())
}

/// Whether a table has a row.
pub(super) async fn has_rows(db: &impl Read, table: &Table) -> Result<bool, Fault> {
    let select = Query::select().expr(Expr::value(1)).from(Alias::new(&table.name)).limit(1).take();
    Ok(db.reader().query_one(&select).await.doing("looking for rows")?.is_some())
}

/// Empties every table. Whoever reads them waits until the transaction ends.
pub(super) async fn empty(to: &Tx, tables: &[Table]) -> Result<(), Fault> {
    if to.is_postgres() {
        let names: Vec<String> = tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
        let truncate = format!("TRUNCATE {}", names.join(", "));
        to.reader().execute_unprepared("SET LOCAL statement_timeout = 0").await.doing("taking time")?;
        to.reader().execute_unprepared(&truncate).await.doing("emptying the tables")?;
        return Ok(());
    }
    for table in tables.iter().rev() {
        let delete = Query::delete().from_table(Alias::new(&table.name)).take();
        to.reader().execute(&delete).await.doing("emptying a table")?;
    }
    Ok(())
}

/// Writes into a backup what it is.
pub(super) async fn write_about(to: &Tx, about: &About) -> Result<(), Fault> {
    let make = "CREATE TABLE backup_about (key TEXT PRIMARY KEY, value TEXT NOT NULL);\
                CREATE TABLE backup_tables (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest TEXT NOT NULL)";
    to.reader().execute_unprepared(make).await.doing("describing the backup")?;
    let mut insert = Query::insert();
    insert.into_table(Alias::new(OWN[0])).columns([Alias::new("key"), Alias::new("value")]);
    for (key, value) in [
        ("format", about.format.clone()),
        ("made_at", about.made_at.to_rfc3339()),
        ("engine", about.engine.clone()),
        ("program", about.program.clone()),
    ] {
        insert.values([Expr::value(key), Expr::value(value)]).map_err(Fault::other)?;
    }
    to.reader().execute(&insert).await.doing("describing the backup")?;
    let mut insert = Query::insert();
    insert.into_table(Alias::new(OWN[1])).columns(["name", "rows", "digest"].map(Alias::new));
    for counted in &about.tables {
        let (table, digest) = (counted.table.as_str(), counted.digest.as_str());
        let values = [Expr::value(table), Expr::value(counted.rows), Expr::value(digest)];
        insert.values(values).map_err(Fault::other)?;
    }
    to.reader().execute(&insert).await.doing("describing the backup")?;
    Ok(())
}

/// What a backup says of itself; `None` when the file is a database of another kind.
pub(super) async fn about(file: &Db) -> Result<Option<About>, Fault> {
    let own = ask(file, "SELECT name FROM sqlite_master WHERE name IN ('backup_about', 'backup_tables')", Vec::new());
    if own.await?.len() != OWN.len() {
        return Ok(None);
    }
    let select = Query::select().column(Asterisk).from(Alias::new(OWN[0])).take();
    let rows = file.reader().query_all(&select).await.doing("reading what the backup is")?;
    let pairs = rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)));
    let mut pairs = pairs.collect::<Result<BTreeMap<String, String>, Fault>>()?;
    let mut take = |key: &str| pairs.remove(key).unwrap_or_default();
    let Ok(made_at) = take("made_at").parse::<DateTime<Utc>>() else { return Ok(None) };
    let select = Query::select()
        .columns(["name", "rows", "digest"].map(Alias::new))
        .from(Alias::new(OWN[1]))
        .and_where(Expr::col(Alias::new("name")).is_not_null())
        .take();
    let rows = file.reader().query_all(&select).await.doing("reading what the backup holds")?;
    let tables = rows.iter().map(|row| {
        Ok(Counted {
            table: row.try_get_by_index(0)?,
            rows: row.try_get_by_index(1)?,
            digest: row.try_get_by_index(2)?,
        })
    });
    Ok(Some(About {
        format: take("format"),
        made_at,
        engine: take("engine"),
        program: take("program"),
        migrations: migrations(file).await?.unwrap_or_default(),
        tables: tables.collect::<Result<_, Fault>>()?,
    }))
}

/// Numbers the change marks that still have to be followed anew, above every number that any index
/// may have seen, and forgets the others. Each index then finds that it has lost the thread and
/// builds itself again; the matcher goes on where it was.
pub(super) async fn renumber_marks(to: &Tx, above: i64) -> Result<(), Fault> {
    let run = async |sql: &str, values: Vec<Value>| {
        let sql = if to.is_postgres() { sql.replace('?', "$1") } else { sql.to_owned() };
        let statement = Statement::from_sql_and_values(engine(to), sql, values);
        to.reader().execute_raw(statement).await.doing("renumbering marks")
    };
    let worked_off = "DELETE FROM marks WHERE id <= (SELECT COALESCE(MIN(mark), 0) FROM cursors WHERE name = 'matching') \
                      AND id < (SELECT MAX(id) FROM marks)";
    run(worked_off, Vec::new()).await?;
    run("UPDATE marks SET id = id + ?", vec![above.into()]).await?;
    Ok(())
}

/// Forgets the ledger of backups: it tells of files that this machine may not have.
pub(super) async fn forget_backups(to: &Tx) -> Result<(), Fault> {
    to.reader().execute_unprepared("DELETE FROM backups").await.doing("forgetting old backups")?;
    Ok(())
}

/// Ends every session and one-time code: one that was ended after the backup must not live again.
pub(super) async fn end_sessions(to: &Tx) -> Result<(), Fault> {
    for sql in ["DELETE FROM sessions", "DELETE FROM sign_in_codes"] {
        to.reader().execute_unprepared(sql).await.doing("ending sessions")?;
    }
    Ok(())
}

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "backups")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) due_at: DateTimeUtc,
        pub(crate) begun_at: DateTimeUtc,
        pub(crate) ended_at: Option<DateTimeUtc>,
        pub(crate) file: String,
        pub(crate) rows: i64,
        pub(crate) bytes: i64,
        pub(crate) fault: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn taken_of(row: row::Model) -> Taken {
    Taken { begun_at: row.begun_at, ended_at: row.ended_at, fault: row.fault }
}

/// What the ledger says of the backup that was due at this moment.
pub(super) async fn taken(db: &impl Read, due_at: DateTime<Utc>) -> Result<Option<Taken>, Fault> {
    let row = row::Entity::find().filter(row::COLUMN.due_at.eq(due_at)).one(db.reader()).await;
    Ok(row.doing("reading the ledger of backups")?.map(taken_of))
}

/// The last backup that was due.
pub(super) async fn last(db: &impl Read) -> Result<Option<Taken>, Fault> {
    let row = row::Entity::find().order_by_desc(row::Column::DueAt).one(db.reader()).await;
    Ok(row.doing("reading the ledger of backups")?.map(taken_of))
}

/// When the last good backup was begun.
pub(super) async fn last_good(db: &impl Read) -> Result<Option<DateTime<Utc>>, Fault> {
    let row = row::Entity::find()
        .filter(row::COLUMN.ended_at.is_not_null())
        .filter(row::COLUMN.fault.eq(""))
        .order_by_desc(row::Column::BegunAt)
        .one(db.reader())
        .await
        .doing("reading the ledger of backups")?;
    Ok(row.map(|row| row.begun_at))
}

/// Takes on the backup that is due; `false` when another node was first.
pub(super) async fn begin(tx: &Tx, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool, Fault> {
    let row = row::ActiveModel {
        id: NotSet,
        due_at: Set(due_at),
        begun_at: Set(now),
        ended_at: Set(None),
        file: Set(String::new()),
        rows: Set(0),
        bytes: Set(0),
        fault: Set(String::new()),
    };
    let written = row::Entity::insert(row)
        .on_conflict(OnConflict::column(row::Column::DueAt).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("beginning a backup")?;
    Ok(written > 0)
}

/// Takes on a backup that died or failed; `false` when another node was first.
pub(super) async fn begin_again(
    tx: &Tx,
    due_at: DateTime<Utc>,
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::BegunAt, Expr::value(now))
        .col_expr(row::Column::EndedAt, Expr::value(None::<DateTime<Utc>>))
        .col_expr(row::Column::Fault, Expr::value(""))
        .filter(row::COLUMN.due_at.eq(due_at))
        .filter(row::COLUMN.begun_at.eq(begun_at))
        .exec(tx.reader())
        .await
        .doing("beginning a backup again")?;
    Ok(done.rows_affected == 1)
}

/// Notes that the backup which was begun at `begun_at` is good.
pub(super) async fn end(
    tx: &Tx,
    due_at: DateTime<Utc>,
    begun_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    file: &str,
    rows: i64,
    bytes: i64,
) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::EndedAt, Expr::value(ended_at))
        .col_expr(row::Column::File, Expr::value(file))
        .col_expr(row::Column::Rows, Expr::value(rows))
        .col_expr(row::Column::Bytes, Expr::value(bytes))
        .filter(row::COLUMN.due_at.eq(due_at))
        .filter(row::COLUMN.begun_at.eq(begun_at))
        .exec(tx.reader())
        .await
        .doing("noting a backup")?;
    Ok(())
}

/// Notes why it failed.
pub(super) async fn fail(
    tx: &Tx,
    due_at: DateTime<Utc>,
    begun_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    fault: &str,
) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::EndedAt, Expr::value(ended_at))
        .col_expr(row::Column::Fault, Expr::value(fault))
        .filter(row::COLUMN.due_at.eq(due_at))
        .filter(row::COLUMN.begun_at.eq(begun_at))
        .exec(tx.reader())
        .await
        .doing("noting that a backup failed")?;
    Ok(())
}
