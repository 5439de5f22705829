//! Rows of organisations, memberships and blocks.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, SelectStatement},
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{MemberId, OrganisationId, ZoneId},
    organisation::{
        NewOrganisation, Organisation, OrganisationKind, Verification,
        join::{Asked, Joining},
    },
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisations")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) kind: String,
        pub(crate) name: String,
        pub(crate) zone_id: i64,
        pub(crate) region: String,
        pub(crate) about: String,
        pub(crate) verification: String,
        pub(crate) verification_note: String,
        pub(crate) verified_at: Option<DateTimeUtc>,
        pub(crate) import_key: Option<String>,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) updated_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod membership {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "memberships")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        pub(crate) created_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod joining {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "joinings")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) member_id: i64,
        pub(crate) state: String,
        pub(crate) asked_at: DateTimeUtc,
        pub(crate) answered_at: Option<DateTimeUtc>,
        pub(crate) answered_by: Option<i64>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod block {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "blocks")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) organisation_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) blocked_id: i64,
        pub(crate) reason: String,
        pub(crate) created_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn organisation_of(row: row::Model) -> Result<Organisation, Fault> {
    Ok(Organisation {
        id: OrganisationId(row.id),
        kind: OrganisationKind::parse(&row.kind).ok_or_else(|| Fault::corrupt("an organisation's kind"))?,
        name: row.name,
        zone: ZoneId(row.zone_id),
        region: row.region,
        about: row.about,
        verification: Verification::parse(&row.verification)
            .ok_or_else(|| Fault::corrupt("an organisation's verification"))?,
        verification_note: row.verification_note,
        verified_at: row.verified_at,
        created_at: row.created_at,
    })
}

/// The organisation with this number.
pub async fn by_id(db: &impl Read, id: OrganisationId) -> Result<Option<Organisation>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading an organisation")?;
    row.map(organisation_of).transpose()
}

/// The organisations with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[OrganisationId]) -> Result<Vec<Organisation>, Fault> {
    let ids: HashSet<i64> = ids.iter().map(|id| id.0).collect();
    let rows =
        row::Entity::find().filter(row::COLUMN.id.is_in(ids)).all(db.reader()).await.doing("reading organisations")?;
    rows.into_iter().map(organisation_of).collect()
}

/// The numbers of all organisations of a kind, lowest first.
pub async fn of_kind(db: &impl Read, kind: OrganisationKind) -> Result<Vec<OrganisationId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.kind.eq(kind.as_str()))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading the numbers of organisations")?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// The organisation that was imported from the row with this key.
pub async fn by_import_key(db: &impl Read, key: &str) -> Result<Option<Organisation>, Fault> {
    let row = row::Entity::find()
        .filter(row::COLUMN.import_key.eq(key))
        .one(db.reader())
        .await
        .doing("reading an organisation")?;
    row.map(organisation_of).transpose()
}

/// One page of the verified organisations of a kind, by name; `page` counts from 0.
pub async fn listed(
    db: &impl Read,
    kind: OrganisationKind,
    zone: Option<ZoneId>,
    page: u64,
    per_page: u64,
) -> Result<(u64, Vec<Organisation>), Fault> {
    let mut find = row::Entity::find()
        .filter(row::COLUMN.kind.eq(kind.as_str()))
        .filter(row::COLUMN.verification.eq(Verification::Verified.as_str()));
    if let Some(zone) = zone {
        find = find.filter(row::COLUMN.zone_id.eq(zone.0));
    }
    let total = find.clone().count(db.reader()).await.doing("counting organisations")?;
    let rows = find
        .order_by_asc(row::Column::Name)
        .order_by_asc(row::Column::Id)
        .offset(page.saturating_mul(per_page).min(1_000_000))
        .limit(per_page)
        .all(db.reader())
        .await
        .doing("reading organisations")?;
    Ok((total, rows.into_iter().map(organisation_of).collect::<Result<_, _>>()?))
}

/// The numbers of verified organisations, as a part of another store's query.
pub(crate) fn verified() -> SelectStatement {
    row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.verification.eq(Verification::Verified.as_str()))
        .into_query()
}

/// How many verified organisations of each kind stand in each zone.
pub async fn counts(db: &impl Read) -> Result<HashMap<(ZoneId, OrganisationKind), u64>, Fault> {
    let rows: Vec<(i64, String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::ZoneId)
        .column(row::Column::Kind)
        .column_as(row::COLUMN.id.count(), "number")
        .filter(row::COLUMN.verification.eq(Verification::Verified.as_str()))
        .group_by(row::Column::ZoneId)
        .group_by(row::Column::Kind)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting organisations")?;
    rows.into_iter()
        .map(|(zone, kind, number)| {
            let kind = OrganisationKind::parse(&kind).ok_or_else(|| Fault::corrupt("an organisation's kind"))?;
            Ok(((ZoneId(zone), kind), u64::try_from(number).unwrap_or(0)))
        })
        .collect()
}

/// Every verified organisation: its number and its kind, lowest first.
pub async fn every_verified(db: &impl Read) -> Result<Vec<(OrganisationId, OrganisationKind)>, Fault> {
    let rows: Vec<(i64, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Kind])
        .filter(row::COLUMN.verification.eq(Verification::Verified.as_str()))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading which organisations are verified")?;
    rows.into_iter()
        .map(|(id, kind)| {
            let kind = OrganisationKind::parse(&kind).ok_or_else(|| Fault::corrupt("an organisation's kind"))?;
            Ok((OrganisationId(id), kind))
        })
        .collect()
}

/// Those that wait for staff, longest waiting first.
pub async fn pending(db: &impl Read) -> Result<Vec<Organisation>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.verification.eq(Verification::Pending.as_str()))
        .order_by_asc(row::Column::CreatedAt)
        .order_by_asc(row::Column::Id)
        .limit(500)
        .all(db.reader())
        .await
        .doing("reading organisations that wait")?;
    rows.into_iter().map(organisation_of).collect()
}

/// The organisations that a member speaks for, oldest first.
pub async fn of_member(db: &impl Read, member: MemberId) -> Result<Vec<Organisation>, Fault> {
    let ids: Vec<OrganisationId> = membership::Entity::find()
        .filter(membership::COLUMN.member_id.eq(member.0))
        .all(db.reader())
        .await
        .doing("reading memberships")?
        .into_iter()
        .map(|row| OrganisationId(row.organisation_id))
        .collect();
    let mut found = by_ids(db, &ids).await?;
    found.sort_by_key(|organisation| organisation.id);
    Ok(found)
}

/// The members who speak for an organisation, longest first.
pub async fn speakers(db: &impl Read, organisation: OrganisationId) -> Result<Vec<MemberId>, Fault> {
    let rows = membership::Entity::find()
        .filter(membership::COLUMN.organisation_id.eq(organisation.0))
        .order_by_asc(membership::Column::CreatedAt)
        .order_by_asc(membership::Column::MemberId)
        .all(db.reader())
        .await
        .doing("reading who speaks for an organisation")?;
    Ok(rows.into_iter().map(|row| MemberId(row.member_id)).collect())
}

/// Whether a member speaks for an organisation.
pub async fn speaks_for(db: &impl Read, member: MemberId, organisation: OrganisationId) -> Result<bool, Fault> {
    let row = membership::Entity::find_by_id((member.0, organisation.0))
        .one(db.reader())
        .await
        .doing("reading a membership")?;
    Ok(row.is_some())
}

/// Those who ask to speak for an organisation, longest waiting first; for all organisations when none is named.
pub async fn asking(db: &impl Read, organisation: Option<OrganisationId>) -> Result<Vec<Joining>, Fault> {
    let mut find = joining::Entity::find().filter(joining::COLUMN.state.eq(Asked::Asked.as_str()));
    if let Some(organisation) = organisation {
        find = find.filter(joining::COLUMN.organisation_id.eq(organisation.0));
    }
    let rows = find
        .order_by_asc(joining::Column::AskedAt)
        .order_by_asc(joining::Column::MemberId)
        .limit(200)
        .all(db.reader())
        .await
        .doing("reading who asks to speak for an organisation")?;
    let joining = |row: joining::Model| Joining {
        organisation: OrganisationId(row.organisation_id),
        member: MemberId(row.member_id),
        asked_at: row.asked_at,
    };
    Ok(rows.into_iter().map(joining).collect())
}

/// Where a member's wish to speak for an organisation stands; `None` when he never asked.
pub async fn asked(db: &impl Read, member: MemberId, organisation: OrganisationId) -> Result<Option<Asked>, Fault> {
    let row = joining::Entity::find_by_id((organisation.0, member.0))
        .one(db.reader())
        .await
        .doing("reading who asks to speak for an organisation")?;
    row.map(|row| Asked::parse(&row.state).ok_or_else(|| Fault::corrupt("a wish to join"))).transpose()
}

/// Those who closed the pair with `organisation`, and those with whom it closed the pair.
pub async fn blocked_with(db: &impl Read, organisation: OrganisationId) -> Result<HashSet<OrganisationId>, Fault> {
    let rows = block::Entity::find()
        .filter(
            Condition::any()
                .add(block::COLUMN.organisation_id.eq(organisation.0))
                .add(block::COLUMN.blocked_id.eq(organisation.0)),
        )
        .all(db.reader())
        .await
        .doing("reading blocks")?;
    let other =
        |row: block::Model| if row.organisation_id == organisation.0 { row.blocked_id } else { row.organisation_id };
    Ok(rows.into_iter().map(|row| OrganisationId(other(row))).collect())
}

/// Writes an organisation's common row; its own feature writes the rest in the same transaction.
pub(crate) async fn insert(tx: &Tx, new: &NewOrganisation, now: DateTime<Utc>) -> Result<OrganisationId, Fault> {
    let row = row::ActiveModel {
        id: NotSet,
        kind: Set(new.kind.as_str().to_owned()),
        name: Set(new.name.clone()),
        zone_id: Set(new.zone.0),
        region: Set(new.region.clone()),
        about: Set(new.about.clone()),
        verification: Set(Verification::Pending.as_str().to_owned()),
        verification_note: Set(String::new()),
        verified_at: Set(None),
        import_key: Set(new.import_key.clone()),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("entering an organisation")?;
    Ok(OrganisationId(row.id))
}

/// Rewrites an organisation's common row.
pub(crate) async fn update(
    tx: &Tx,
    id: OrganisationId,
    new: &NewOrganisation,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Name, Expr::value(new.name.as_str()))
        .col_expr(row::Column::ZoneId, Expr::value(new.zone.0))
        .col_expr(row::Column::Region, Expr::value(new.region.as_str()))
        .col_expr(row::Column::About, Expr::value(new.about.as_str()))
        .col_expr(row::Column::UpdatedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("rewriting an organisation")?;
    Ok(())
}

/// Lets a member speak for an organisation.
pub(crate) async fn join(
    tx: &Tx,
    member: MemberId,
    organisation: OrganisationId,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = membership::ActiveModel {
        member_id: Set(member.0),
        organisation_id: Set(organisation.0),
        created_at: Set(now),
    };
    membership::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([membership::Column::MemberId, membership::Column::OrganisationId])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.reader())
        .await
        .doing("writing a membership")?;
    Ok(())
}

/// Takes a member out of every organisation, and forgets what he asked for.
pub(super) async fn leave(tx: &Tx, member: MemberId) -> Result<(), Fault> {
    membership::Entity::delete_many()
        .filter(membership::COLUMN.member_id.eq(member.0))
        .exec(tx.reader())
        .await
        .doing("ending memberships")?;
    joining::Entity::delete_many()
        .filter(joining::COLUMN.member_id.eq(member.0))
        .exec(tx.reader())
        .await
        .doing("forgetting who asked to speak for an organisation")?;
    Ok(())
}

/// Notes that a member asks to speak for an organisation; `false` when he has asked before.
pub(super) async fn insert_asking(
    tx: &Tx,
    member: MemberId,
    organisation: OrganisationId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let row = joining::ActiveModel {
        organisation_id: Set(organisation.0),
        member_id: Set(member.0),
        state: Set(Asked::Asked.as_str().to_owned()),
        asked_at: Set(now),
        answered_at: Set(None),
        answered_by: Set(None),
    };
    let columns = [joining::Column::OrganisationId, joining::Column::MemberId];
    let written = joining::Entity::insert(row)
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(tx.reader())
        .await
        .doing("noting who asks to speak for an organisation")?;
    Ok(written > 0)
}

/// Answers a wish that is open; `false` when it is not, or not any more.
pub(super) async fn answer_asking(
    tx: &Tx,
    member: MemberId,
    organisation: OrganisationId,
    by: MemberId,
    answer: Asked,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = joining::Entity::update_many()
        .col_expr(joining::Column::State, Expr::value(answer.as_str()))
        .col_expr(joining::Column::AnsweredAt, Expr::value(now))
        .col_expr(joining::Column::AnsweredBy, Expr::value(by.0))
        .filter(joining::COLUMN.organisation_id.eq(organisation.0))
        .filter(joining::COLUMN.member_id.eq(member.0))
        .filter(joining::COLUMN.state.eq(Asked::Asked.as_str()))
        .exec(tx.reader())
        .await
        .doing("answering who asks to speak for an organisation")?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn set_verification(
    tx: &Tx,
    id: OrganisationId,
    found: Verification,
    note: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let verified_at = (found == Verification::Verified).then_some(now);
    row::Entity::update_many()
        .col_expr(row::Column::Verification, Expr::value(found.as_str()))
        .col_expr(row::Column::VerificationNote, Expr::value(note))
        .col_expr(row::Column::VerifiedAt, Expr::value(verified_at))
        .col_expr(row::Column::UpdatedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("writing what staff found")?;
    Ok(())
}

pub(super) async fn insert_block(
    tx: &Tx,
    organisation: OrganisationId,
    blocked: OrganisationId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = block::ActiveModel {
        organisation_id: Set(organisation.0),
        blocked_id: Set(blocked.0),
        reason: Set(reason.to_owned()),
        created_at: Set(now),
    };
    block::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([block::Column::OrganisationId, block::Column::BlockedId]).do_nothing().to_owned(),
        )
        .exec_without_returning(tx.reader())
        .await
        .doing("closing a pair")?;
    Ok(())
}
