//! Rows of what keeps listings fresh: their history, the links of letters, and who asked.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use serde::{Deserialize, Serialize};

use super::{hold, listing_of, read, row};
use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ListingId, MemberId},
    listing::{Actor, Change, Happened, Kind, Listing, REMINDERS, State},
};

mod link {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listing_links")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) listing_id: i64,
        pub(crate) member_id: i64,
        pub(crate) token_hash: String,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) expires_at: DateTimeUtc,
        pub(crate) used_at: Option<DateTimeUtc>,
        pub(crate) revoked_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod asker {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listing_askers")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) listing_id: i64,
        pub(crate) member_id: i64,
        pub(crate) asked_at: DateTimeUtc,
        pub(crate) answered_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod happened {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listing_steps")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) listing_id: i64,
        pub(crate) step: String,
        pub(crate) actor: String,
        pub(crate) member_id: Option<i64>,
        pub(crate) note: String,
        pub(crate) changes: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// How a changed field is kept: its name, as it was, as it is.
#[derive(Serialize, Deserialize)]
struct ChangeRow(String, String, String);

/// Writes one line of a listing's history.
pub(in crate::listing) async fn note(
    tx: &Tx,
    id: ListingId,
    line: &Happened,
    member: Option<MemberId>,
) -> Result<(), Fault> {
    let changes: Vec<ChangeRow> =
        line.changes.iter().map(|each| ChangeRow(each.field.clone(), each.from.clone(), each.to.clone())).collect();
    let changes = if changes.is_empty() { String::new() } else { serde_json::to_string(&changes)? };
    let row = happened::ActiveModel {
        id: NotSet,
        listing_id: Set(id.0),
        step: Set(line.step.clone()),
        actor: Set(line.actor.as_str().to_owned()),
        member_id: Set(member.map(|member| member.0)),
        note: Set(line.note.clone()),
        changes: Set(changes),
        made_at: Set(line.made_at),
    };
    happened::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing a listing's history")?;
    Ok(())
}

/// What has happened to a listing, newest first.
pub async fn history(db: &impl Read, id: ListingId) -> Result<Vec<Happened>, Fault> {
    let rows = happened::Entity::find()
        .filter(happened::COLUMN.listing_id.eq(id.0))
        .order_by_desc(happened::Column::Id)
        .limit(200)
        .all(db.reader())
        .await
        .doing("reading a listing's history")?;
    rows.into_iter()
        .map(|row| {
            let changes: Vec<ChangeRow> =
                if row.changes.is_empty() { Vec::new() } else { serde_json::from_str(&row.changes)? };
            Ok(Happened {
                step: row.step,
                actor: read(Actor::parse, &row.actor)?,
                note: row.note,
                changes: changes.into_iter().map(|ChangeRow(field, from, to)| Change { field, from, to }).collect(),
                made_at: row.made_at,
            })
        })
        .collect()
}

/// Listings that end within the days of a reminder which has not gone out.
pub(in crate::listing) async fn to_remind(
    db: &impl Read,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<ListingId>, Fault> {
    let mut near = Condition::any();
    for days in REMINDERS {
        let earlier = Condition::any().add(row::COLUMN.reminded.eq(0)).add(row::COLUMN.reminded.gt(i64::from(days)));
        let near_enough = row::COLUMN.expires_at.lte(now + TimeDelta::days(days.into()));
        near = near.add(Condition::all().add(near_enough).add(earlier));
    }
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.state.is_in([State::Live.as_str(), State::Paused.as_str()]))
        .filter(row::COLUMN.expires_at.gt(now))
        .filter(near)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading listings that end soon")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// Notes which reminder went out; `false` when it, or a later one, has before.
pub(in crate::listing) async fn set_reminded(tx: &Tx, id: ListingId, days: u32) -> Result<bool, Fault> {
    let earlier = Condition::any().add(row::COLUMN.reminded.eq(0)).add(row::COLUMN.reminded.gt(i64::from(days)));
    let done = row::Entity::update_many()
        .col_expr(row::Column::Reminded, Expr::value(i64::from(days)))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(earlier)
        .exec(tx.reader())
        .await
        .doing("noting a reminder")?;
    Ok(done.rows_affected == 1)
}

/// Needs that were renewed at least `times` times, the longest waiting first.
pub async fn often_renewed(db: &impl Read, times: u32, limit: u64) -> Result<Vec<Listing>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.kind.eq(Kind::Need.as_str()))
        .filter(row::COLUMN.state.is_in([State::Live.as_str(), State::Paused.as_str()]))
        .filter(row::COLUMN.renewals.gte(i64::from(times)))
        .order_by_asc(row::Column::ConfirmedAt)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading needs that were renewed again and again")?;
    rows.into_iter().map(listing_of).collect()
}

/// Notes that staff have looked, and begins to count renewals anew.
pub(in crate::listing) async fn set_checked(tx: &Tx, id: ListingId, now: DateTime<Utc>) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Renewals, Expr::value(0))
        .col_expr(row::Column::CheckedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("noting a check-up")?;
    Ok(())
}

/// Listings that ended before `before` and still lead to a person.
pub async fn ended_before(db: &impl Read, before: DateTime<Utc>, limit: u64) -> Result<Vec<ListingId>, Fault> {
    let ended = [State::Expired, State::Resolved, State::Withdrawn, State::Rejected, State::Archived];
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.state.is_in(ended.map(State::as_str)))
        .filter(row::COLUMN.closed_at.lte(before))
        .filter(row::COLUMN.erased_at.is_null())
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading listings that ended long ago")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// Takes out of a listing what leads to a person.
pub(in crate::listing) async fn erase(tx: &Tx, id: ListingId, now: DateTime<Utc>) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::AuthorId, Expr::value(None::<i64>))
        .col_expr(row::Column::Excluded, Expr::value("[]"))
        .col_expr(row::Column::Typed, Expr::value(""))
        .col_expr(row::Column::OutcomeNote, Expr::value(""))
        .col_expr(row::Column::ErasedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("erasing what leads to a person")?;
    happened::Entity::update_many()
        .col_expr(happened::Column::MemberId, Expr::value(None::<i64>))
        .col_expr(happened::Column::Changes, Expr::value(""))
        .col_expr(happened::Column::Note, Expr::value(""))
        .filter(happened::COLUMN.listing_id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("erasing who wrote a history")?;
    link::Entity::delete_many()
        .filter(link::COLUMN.listing_id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("erasing links")?;
    asker::Entity::delete_many()
        .filter(asker::COLUMN.listing_id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("erasing who asked")?;
    Ok(())
}

/// The link of a letter, as its token's holder meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The row.
    pub(in crate::listing) id: i64,
    /// Which listing it is about.
    pub listing: ListingId,
    /// Who it was sent to.
    pub member: MemberId,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When the question was answered some other way.
    pub revoked_at: Option<DateTime<Utc>>,
}

pub(in crate::listing) async fn link_by_hash(db: &impl Read, token_hash: &str) -> Result<Option<Link>, Fault> {
    let row = link::Entity::find()
        .filter(link::COLUMN.token_hash.eq(token_hash))
        .one(db.reader())
        .await
        .doing("reading a renewal link")?;
    Ok(row.map(|row| Link {
        id: row.id,
        listing: ListingId(row.listing_id),
        member: MemberId(row.member_id),
        expires_at: row.expires_at,
        used_at: row.used_at,
        revoked_at: row.revoked_at,
    }))
}

pub(in crate::listing) async fn insert_link(
    tx: &Tx,
    listing: ListingId,
    member: MemberId,
    token_hash: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = link::ActiveModel {
        id: NotSet,
        listing_id: Set(listing.0),
        member_id: Set(member.0),
        token_hash: Set(token_hash.to_owned()),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    link::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing a renewal link")?;
    Ok(())
}

/// Uses a link up; `false` when it was used, revoked or has expired.
pub(in crate::listing) async fn use_link(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let done = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(now))
        .filter(link::COLUMN.id.eq(id))
        .filter(link::COLUMN.used_at.is_null())
        .filter(link::COLUMN.revoked_at.is_null())
        .filter(link::COLUMN.expires_at.gt(now))
        .exec(tx.reader())
        .await
        .doing("using a renewal link")?;
    Ok(done.rows_affected == 1)
}

/// Makes every unused link of a listing worthless: the question is answered.
pub(in crate::listing) async fn revoke_links(tx: &Tx, listing: ListingId, now: DateTime<Utc>) -> Result<(), Fault> {
    link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(now))
        .filter(link::COLUMN.listing_id.eq(listing.0))
        .filter(link::COLUMN.used_at.is_null())
        .filter(link::COLUMN.revoked_at.is_null())
        .exec(tx.reader())
        .await
        .doing("revoking renewal links")?;
    Ok(())
}

/// Notes that a member asks whether a listing still holds; `false` when he has asked and nobody has answered.
pub(in crate::listing) async fn insert_asker(
    tx: &Tx,
    listing: ListingId,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    // The unique index is partial, which not every engine can name in ON CONFLICT; writers are held apart by the row.
    hold(tx, listing).await?;
    let open = asker::Entity::find()
        .filter(asker::COLUMN.listing_id.eq(listing.0))
        .filter(asker::COLUMN.member_id.eq(member.0))
        .filter(asker::COLUMN.answered_at.is_null())
        .one(tx.reader())
        .await
        .doing("reading who asked")?;
    if open.is_some() {
        return Ok(false);
    }
    let row = asker::ActiveModel {
        id: NotSet,
        listing_id: Set(listing.0),
        member_id: Set(member.0),
        asked_at: Set(now),
        answered_at: Set(None),
    };
    asker::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing who asked")?;
    Ok(true)
}

/// How many have asked since `since`, answered or not.
pub(in crate::listing) async fn asked_since(
    db: &impl Read,
    listing: ListingId,
    since: DateTime<Utc>,
) -> Result<u64, Fault> {
    asker::Entity::find()
        .filter(asker::COLUMN.listing_id.eq(listing.0))
        .filter(asker::COLUMN.asked_at.gt(since))
        .count(db.reader())
        .await
        .doing("counting who asked")
}

/// Those who asked and were not answered; they are answered from now on.
pub(in crate::listing) async fn answer_askers(
    tx: &Tx,
    listing: ListingId,
    now: DateTime<Utc>,
) -> Result<Vec<MemberId>, Fault> {
    let rows = asker::Entity::find()
        .filter(asker::COLUMN.listing_id.eq(listing.0))
        .filter(asker::COLUMN.answered_at.is_null())
        .order_by_asc(asker::Column::Id)
        .all(tx.reader())
        .await
        .doing("reading who asked")?;
    asker::Entity::update_many()
        .col_expr(asker::Column::AnsweredAt, Expr::value(now))
        .filter(asker::COLUMN.listing_id.eq(listing.0))
        .filter(asker::COLUMN.answered_at.is_null())
        .exec(tx.reader())
        .await
        .doing("answering who asked")?;
    Ok(rows.into_iter().map(|row| MemberId(row.member_id)).collect())
}

/// Whether a member has asked and was not answered yet.
pub async fn has_asked(db: &impl Read, listing: ListingId, member: MemberId) -> Result<bool, Fault> {
    let open = asker::Entity::find()
        .filter(asker::COLUMN.listing_id.eq(listing.0))
        .filter(asker::COLUMN.member_id.eq(member.0))
        .filter(asker::COLUMN.answered_at.is_null())
        .count(db.reader())
        .await
        .doing("reading who asked")?;
    Ok(open > 0)
}
