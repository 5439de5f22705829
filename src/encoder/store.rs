//! Rows of what things mean. A row says of which text and which model it is, so that a text that has
//! not changed is not encoded again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use index::{Key, Kind};
use sea_orm::{
    ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use crate::{
    db::{Read, Tx},
    encoder::Meaning,
    fault::{Context, Fault},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "meanings")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) thing_id: i64,
        pub(crate) model: String,
        pub(crate) text_hash: String,
        pub(crate) meaning: Vec<u8>,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// How many rows one statement reads.
const CHUNK: usize = 500;

/// Which texts of these things have been encoded by a model: the hash of each.
pub async fn hashes(db: &impl Read, model: &str, keys: &[Key]) -> Result<HashMap<Key, String>, Fault> {
    let rows = rows_of(db, model, keys).await?;
    Ok(rows.into_iter().filter_map(|row| Some((key_of(&row)?, row.text_hash))).collect())
}

/// What these things mean to a model, as far as it has been asked.
pub async fn of(db: &impl Read, model: &str, keys: &[Key]) -> Result<HashMap<Key, Meaning>, Fault> {
    let rows = rows_of(db, model, keys).await?;
    Ok(rows.iter().filter_map(|row| Some((key_of(row)?, Meaning::from_bytes(&row.meaning)?))).collect())
}

async fn rows_of(db: &impl Read, model: &str, keys: &[Key]) -> Result<Vec<row::Model>, Fault> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let ids: Vec<i64> = keys.iter().filter(|key| key.kind == kind).map(|key| key.id).collect();
        for ids in ids.chunks(CHUNK) {
            let rows = row::Entity::find()
                .filter(row::COLUMN.kind.eq(kind.as_str()))
                .filter(row::COLUMN.thing_id.is_in(ids.iter().copied()))
                .filter(row::COLUMN.model.eq(model))
                .all(db.reader())
                .await
                .doing("reading meanings")?;
            found.extend(rows);
        }
    }
    Ok(found)
}

/// Everything that a model has encoded of a kind, from the thing after `after` on, at most `limit`.
pub async fn after(
    db: &impl Read,
    model: &str,
    kind: Kind,
    after: i64,
    limit: u64,
) -> Result<Vec<(Key, Option<Meaning>)>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.kind.eq(kind.as_str()))
        .filter(row::COLUMN.model.eq(model))
        .filter(row::COLUMN.thing_id.gt(after))
        .order_by_asc(row::Column::ThingId)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading meanings")?;
    Ok(rows.iter().filter_map(|row| Some((key_of(row)?, Meaning::from_bytes(&row.meaning)))).collect())
}

/// How many things a model has encoded.
pub async fn count(db: &impl Read, model: &str) -> Result<u64, Fault> {
    row::Entity::find().filter(row::COLUMN.model.eq(model)).count(db.reader()).await.doing("counting meanings")
}

fn key_of(row: &row::Model) -> Option<Key> {
    Some(Key { kind: Kind::parse(&row.kind)?, id: row.thing_id })
}

/// Keeps what a thing means.
pub async fn put(
    tx: &Tx,
    model: &str,
    key: Key,
    hash: &str,
    meaning: &Meaning,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = row::ActiveModel {
        kind: Set(key.kind.as_str().to_owned()),
        thing_id: Set(key.id),
        model: Set(model.to_owned()),
        text_hash: Set(hash.to_owned()),
        meaning: Set(meaning.to_bytes()),
        made_at: Set(now),
    };
    let changed = [row::Column::Model, row::Column::TextHash, row::Column::Meaning, row::Column::MadeAt];
    row::Entity::insert(row)
        .on_conflict(OnConflict::columns([row::Column::Kind, row::Column::ThingId]).update_columns(changed).to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("writing a meaning")?;
    Ok(())
}

/// Forgets what a thing means; returns whether anything was known.
pub async fn forget(tx: &Tx, key: Key) -> Result<bool, Fault> {
    let done = row::Entity::delete_many()
        .filter(row::COLUMN.kind.eq(key.kind.as_str()))
        .filter(row::COLUMN.thing_id.eq(key.id))
        .exec(tx.reader())
        .await
        .doing("forgetting a meaning")?;
    Ok(done.rows_affected > 0)
}
