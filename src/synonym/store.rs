//! Rows of synonyms and of their changes.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{MemberId, SynonymId},
    synonym::{Change, Deed, NewSynonym, Synonym},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "synonyms")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        /// One a line.
        pub(crate) words: String,
        /// One a line.
        pub(crate) towards: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod change {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "synonym_changes")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) synonym_id: i64,
        pub(crate) words: String,
        pub(crate) towards: String,
        pub(crate) deed: String,
        pub(crate) member_id: i64,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn group(words: &str, towards: &str) -> NewSynonym {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    NewSynonym { words: lines(words), towards: lines(towards) }
}

/// Every group, the newest first. There are few, so whoever needs one reads them all.
pub async fn all(db: &impl Read) -> Result<Vec<Synonym>, Fault> {
    let rows = row::Entity::find().order_by_desc(row::Column::Id).all(db.reader()).await.doing("reading synonyms")?;
    Ok(rows.into_iter().map(|row| Synonym { id: SynonymId(row.id), group: group(&row.words, &row.towards) }).collect())
}

/// How many changes there ever were. They are never forgotten, so the number only grows.
pub async fn count_changes(db: &impl Read) -> Result<u64, Fault> {
    change::Entity::find().count(db.reader()).await.doing("counting changes of synonyms")
}

/// The newest changes first, at most `most`.
pub async fn changes(db: &impl Read, most: u64) -> Result<Vec<Change>, Fault> {
    let rows = change::Entity::find()
        .order_by_desc(change::Column::Id)
        .limit(most)
        .all(db.reader())
        .await
        .doing("reading changes of synonyms")?;
    rows.into_iter()
        .map(|row| {
            Ok(Change {
                id: SynonymId(row.synonym_id),
                group: group(&row.words, &row.towards),
                deed: Deed::parse(&row.deed).ok_or_else(|| Fault::corrupt("a change of a synonym"))?,
                by: MemberId(row.member_id),
                at: row.made_at,
            })
        })
        .collect()
}

pub(super) async fn insert(tx: &Tx, new: &NewSynonym) -> Result<SynonymId, Fault> {
    let row = row::ActiveModel { id: NotSet, words: Set(new.words.join("\n")), towards: Set(new.towards.join("\n")) };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a synonym")?;
    Ok(SynonymId(row.id))
}

pub(super) async fn update(tx: &Tx, id: SynonymId, new: &NewSynonym) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Words, Expr::value(new.words.join("\n")))
        .col_expr(row::Column::Towards, Expr::value(new.towards.join("\n")))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("rewriting a synonym")?;
    Ok(())
}

pub(super) async fn delete(tx: &Tx, id: SynonymId) -> Result<(), Fault> {
    row::Entity::delete_many().filter(row::COLUMN.id.eq(id.0)).exec(tx.reader()).await.doing("removing a synonym")?;
    Ok(())
}

pub(super) async fn record(
    tx: &Tx,
    id: SynonymId,
    group: &NewSynonym,
    deed: Deed,
    by: MemberId,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = change::ActiveModel {
        id: NotSet,
        synonym_id: Set(id.0),
        words: Set(group.words.join("\n")),
        towards: Set(group.towards.join("\n")),
        deed: Set(deed.as_str().to_owned()),
        member_id: Set(by.0),
        made_at: Set(at),
    };
    change::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("recording a change of a synonym")?;
    Ok(())
}
