//! A form's key is spent once: a double click, a reload and a replay an hour later all get the
//! first answer, and only one thing is made.
//!
//! **Invariant:** the key and what it made are committed together
//! (`the_same_form_sent_twice_makes_one_listing`, `proposing_twice_writes_one_introduction`).

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::MemberId,
};

mod form_key {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "form_keys")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) form_key: String,
        pub(crate) member_id: Option<i64>,
        pub(crate) answer: String,
        pub(crate) spent_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// What spending a key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spent {
    /// The key was fresh: go on, and [`answer`] it in the same transaction.
    Now,
    /// It was spent before; this is what it was answered with.
    Before(String),
}

/// Spends `key` for `member`. The second of two at the same moment waits for the first to commit.
/// An empty key (a caller without a form) is always fresh. Keys of different members never meet.
pub async fn spend(tx: &Tx, member: Option<MemberId>, key: &str, now: DateTime<Utc>) -> Result<Spent, Fault> {
    if key.is_empty() {
        return Ok(Spent::Now);
    }
    let key = whose(member, key);
    let row = form_key::ActiveModel {
        form_key: Set(key.clone()),
        member_id: Set(member.map(|member| member.0)),
        answer: Set(String::new()),
        spent_at: Set(now),
    };
    let inserted = form_key::Entity::insert(row)
        .on_conflict(OnConflict::column(form_key::Column::FormKey).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("spending a form key")?;
    if inserted > 0 {
        return Ok(Spent::Now);
    }
    let row = form_key::Entity::find_by_id(key).one(tx.reader()).await.doing("reading a spent form key")?;
    row.map(|row| Spent::Before(row.answer)).ok_or_else(|| Fault::corrupt("a spent form key is gone"))
}

/// Stores what a fresh key is answered with.
pub async fn answer(tx: &Tx, member: Option<MemberId>, key: &str, answer: &str) -> Result<(), Fault> {
    if key.is_empty() {
        return Ok(());
    }
    form_key::Entity::update_many()
        .col_expr(form_key::Column::Answer, sea_orm::sea_query::Expr::value(answer))
        .filter(form_key::COLUMN.form_key.eq(whose(member, key)))
        .exec(tx.reader())
        .await
        .doing("answering a form key")?;
    Ok(())
}

/// Forgets keys that were spent before `day`.
pub async fn prune(tx: &Tx, day: DateTime<Utc>) -> Result<u64, Fault> {
    let done = form_key::Entity::delete_many()
        .filter(form_key::COLUMN.spent_at.lt(day))
        .exec(tx.reader())
        .await
        .doing("forgetting form keys")?;
    Ok(done.rows_affected)
}

/// Forgets the keys of a member who leaves.
pub async fn forget(tx: &Tx, member: MemberId) -> Result<(), Fault> {
    form_key::Entity::delete_many()
        .filter(form_key::COLUMN.member_id.eq(member.0))
        .exec(tx.reader())
        .await
        .doing("forgetting form keys")?;
    Ok(())
}

fn whose(member: Option<MemberId>, key: &str) -> String {
    member.map_or_else(|| format!("-:{key}"), |member| format!("{member}:{key}"))
}
