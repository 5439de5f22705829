//! Marks: which things have changed, in the order of the commits.
//!
//! A verb marks what it changed in its own transaction. Whoever keeps something derived (the
//! search index of each process, the matcher) follows the marks and remembers the last one that
//! it has worked off, so a lost wake-up or a crash only repeats work.
//!
//! **Invariant:** a change and its mark are committed together or not at all
//! (`killing_between_commit_and_indexing_loses_nothing`).

use chrono::{DateTime, TimeDelta, Utc};
use index::{Key, Kind};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
};

mod mark {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "marks")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) kind: String,
        pub(crate) thing_id: i64,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod cursor {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cursors")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) name: String,
        pub(crate) mark: i64,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// One change that a follower has to work off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Its number; later changes have higher ones.
    pub number: i64,
    /// What changed.
    pub key: Key,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// Says that a thing has changed. The mark is written when the transaction commits.
pub fn mark(tx: &Tx, kind: Kind, id: i64) {
    tx.remember(Key { kind, id });
}

/// The marks after number `after`, lowest first, at most `limit`.
pub async fn since(db: &impl Read, after: i64, limit: u64) -> Result<Vec<Mark>, Fault> {
    let rows = mark::Entity::find()
        .filter(mark::COLUMN.id.gt(after))
        .order_by_asc(mark::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading marks")?;
    rows.into_iter()
        .map(|row| {
            let kind = Kind::parse(&row.kind).ok_or_else(|| Fault::corrupt(format!("mark of {}", row.kind)))?;
            Ok(Mark { number: row.id, key: Key { kind, id: row.thing_id }, made_at: row.made_at })
        })
        .collect()
}

/// The number of the newest mark, 0 when there is none.
pub async fn newest(db: &impl Read) -> Result<i64, Fault> {
    let row = mark::Entity::find().order_by_desc(mark::Column::Id).one(db.reader()).await.doing("reading marks")?;
    Ok(row.map_or(0, |row| row.id))
}

/// The number of the oldest mark that is still kept, 0 when there is none.
pub async fn oldest(db: &impl Read) -> Result<i64, Fault> {
    let row = mark::Entity::find().order_by_asc(mark::Column::Id).one(db.reader()).await.doing("reading marks")?;
    Ok(row.map_or(0, |row| row.id))
}

/// Forgets marks older than `kept`. A follower that is older than the oldest mark starts anew
/// (`an_index_that_does_not_fit_the_database_is_built_again`).
pub async fn prune(tx: &Tx, kept: TimeDelta) -> Result<u64, Fault> {
    let newest = newest(tx).await?;
    let day = Utc::now() - kept;
    let done = mark::Entity::delete_many()
        .filter(mark::COLUMN.made_at.lt(day))
        // The newest stays, so that numbers are seen to have been given.
        .filter(mark::COLUMN.id.lt(newest))
        .exec(tx.reader())
        .await
        .doing("pruning marks")?;
    Ok(done.rows_affected)
}

/// How far the follower called `name` has come; for followers that keep their work in the database.
pub async fn followed(db: &impl Read, name: &str) -> Result<i64, Fault> {
    let row = cursor::Entity::find_by_id(name).one(db.reader()).await.doing("reading a cursor")?;
    Ok(row.map_or(0, |row| row.mark))
}

/// Remembers, in the transaction of the work itself, how far the follower called `name` has come.
pub async fn follow(tx: &Tx, name: &str, mark: i64) -> Result<(), Fault> {
    let row = cursor::ActiveModel { name: Set(name.to_owned()), mark: Set(mark) };
    cursor::Entity::insert(row)
        .on_conflict(
            sea_orm::sea_query::OnConflict::column(cursor::Column::Name).update_column(cursor::Column::Mark).to_owned(),
        )
        .exec_without_returning(tx.reader())
        .await
        .doing("moving a cursor")?;
    Ok(())
}

/// Writes the marks of one transaction; called by [`crate::db`] alone, as the last thing before the commit.
pub(crate) async fn write(tx: &Tx, keys: &[Key]) -> Result<(), Fault> {
    // Not the clock of the rules: when a mark was made decides nothing but when it is forgotten (`prune`, by the same
    // clock), and a test that moves the rules' clock by a year must not lose its marks.
    let now = Utc::now();
    for chunk in keys.chunks(200) {
        let rows = chunk.iter().map(|key| mark::ActiveModel {
            id: NotSet,
            kind: Set(key.kind.as_str().to_owned()),
            thing_id: Set(key.id),
            made_at: Set(now),
        });
        mark::Entity::insert_many(rows).exec_without_returning(tx.reader()).await.doing("writing marks")?;
    }
    Ok(())
}
