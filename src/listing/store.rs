//! Rows of listings and reviews.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ListingId, MemberId, OrganisationId, ZoneId},
    listing::{
        Budget, Content, Cooperation, Ending, Kind, Listing, NeedType, Outcome, Ownership, REMINDERS, Review, Scores,
        State, Target, Verdict,
    },
    organisation,
};

mod renewal;

pub use renewal::{Link, ended_before, has_asked, history, often_renewed};
pub(super) use renewal::{
    answer_askers, asked_since, erase, insert_asker, insert_link, link_by_hash, note, revoke_links, set_checked,
    set_reminded, to_remind, use_link,
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "listings")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) kind: String,
        pub(crate) need_type: Option<String>,
        pub(crate) organisation_id: i64,
        pub(crate) author_id: Option<i64>,
        pub(crate) zone_id: Option<i64>,
        pub(crate) state: String,
        pub(crate) title: String,
        pub(crate) teaser: String,
        pub(crate) problem: String,
        pub(crate) targets: String,
        pub(crate) use_case: String,
        pub(crate) deadline: Option<String>,
        pub(crate) budget: Option<String>,
        pub(crate) cooperation: String,
        pub(crate) ip: Option<String>,
        pub(crate) ip_note: String,
        pub(crate) partner: String,
        pub(crate) trl_min: Option<i64>,
        pub(crate) trl_max: Option<i64>,
        pub(crate) industry: String,
        pub(crate) decision_agreed: bool,
        pub(crate) anonymous: bool,
        pub(crate) excluded: String,
        pub(crate) advantage: String,
        pub(crate) economics: String,
        pub(crate) evidence: String,
        pub(crate) keywords: String,
        pub(crate) outcome: Option<String>,
        pub(crate) outcome_note: String,
        pub(crate) import_key: Option<String>,
        pub(crate) typed: String,
        pub(crate) form_key: String,
        pub(crate) version: i64,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) updated_at: DateTimeUtc,
        pub(crate) submitted_at: Option<DateTimeUtc>,
        pub(crate) published_at: Option<DateTimeUtc>,
        pub(crate) expires_at: Option<DateTimeUtc>,
        pub(crate) closed_at: Option<DateTimeUtc>,
        pub(crate) confirmed_at: Option<DateTimeUtc>,
        pub(crate) renewals: i64,
        pub(crate) reminded: i64,
        pub(crate) outcome_about: String,
        pub(crate) story: bool,
        pub(crate) erased_at: Option<DateTimeUtc>,
        pub(crate) checked_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod review {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "reviews")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) listing_id: i64,
        pub(crate) reviewer_id: Option<i64>,
        pub(crate) verdict: String,
        pub(crate) clarity: i64,
        pub(crate) measurability: i64,
        pub(crate) feasibility: i64,
        pub(crate) completeness: i64,
        pub(crate) reason: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a form that is not finished left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// The answers as they were typed, in JSON; empty when there are none.
    pub(super) typed: String,
    /// The key of the form that wrote last; the same form may write again.
    pub(super) form_key: String,
}

/// How a row of 核心指标 is kept.
#[derive(Serialize, Deserialize)]
struct TargetRow(String, String, String, String);

fn read<T>(parse: impl Fn(&str) -> Option<T>, word: &str) -> Result<T, Fault> {
    parse(word).ok_or_else(|| Fault::corrupt(format!("the word {word:?} in a listing")))
}

fn content_of(row: &row::Model) -> Result<Content, Fault> {
    let targets: Vec<TargetRow> = serde_json::from_str(&row.targets)?;
    let cooperation: Vec<String> = serde_json::from_str(&row.cooperation)?;
    let level = |level: Option<i64>| level.and_then(|level| u8::try_from(level).ok());
    Ok(Content {
        need_type: row.need_type.as_deref().map(|word| read(NeedType::parse, word)).transpose()?,
        zone: row.zone_id.map(ZoneId),
        title: row.title.clone(),
        teaser: row.teaser.clone(),
        problem: row.problem.clone(),
        targets: targets
            .into_iter()
            .map(|TargetRow(name, now, target, unit)| Target { name, now, target, unit })
            .collect(),
        use_case: row.use_case.clone(),
        deadline: row.deadline.as_deref().and_then(|day| day.parse::<NaiveDate>().ok()),
        budget: row.budget.as_deref().map(|word| read(Budget::parse, word)).transpose()?,
        cooperation: cooperation.iter().map(|word| read(Cooperation::parse, word)).collect::<Result<_, _>>()?,
        ip: row.ip.as_deref().map(|word| read(Ownership::parse, word)).transpose()?,
        ip_note: row.ip_note.clone(),
        partner: row.partner.clone(),
        trl: level(row.trl_min).zip(level(row.trl_max)),
        industry: row.industry.clone(),
        decision_agreed: row.decision_agreed,
        anonymous: row.anonymous,
        excluded: serde_json::from_str(&row.excluded)?,
        advantage: row.advantage.clone(),
        economics: row.economics.clone(),
        evidence: row.evidence.clone(),
        keywords: serde_json::from_str(&row.keywords)?,
    })
}

fn listing_of(row: row::Model) -> Result<Listing, Fault> {
    Ok(Listing {
        id: ListingId(row.id),
        kind: read(Kind::parse, &row.kind)?,
        owner: OrganisationId(row.organisation_id),
        author: row.author_id.map(MemberId),
        state: read(State::parse, &row.state)?,
        content: content_of(&row)?,
        outcome: row.outcome.as_deref().map(|word| read(Outcome::parse, word)).transpose()?,
        outcome_note: row.outcome_note,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        submitted_at: row.submitted_at,
        published_at: row.published_at,
        expires_at: row.expires_at,
        closed_at: row.closed_at,
        confirmed_at: row.confirmed_at,
        checked_at: row.checked_at,
        renewals: u32::try_from(row.renewals).unwrap_or(0),
        outcome_about: row.outcome_about,
        story: row.story,
    })
}

fn written(content: &Content) -> Result<row::ActiveModel, Fault> {
    let targets: Vec<TargetRow> = content
        .targets
        .iter()
        .map(|row| TargetRow(row.name.clone(), row.now.clone(), row.target.clone(), row.unit.clone()))
        .collect();
    let cooperation: Vec<&str> = content.cooperation.iter().map(|each| each.as_str()).collect();
    Ok(row::ActiveModel {
        need_type: Set(content.need_type.map(|each| each.as_str().to_owned())),
        zone_id: Set(content.zone.map(|zone| zone.0)),
        title: Set(content.title.clone()),
        teaser: Set(content.teaser.clone()),
        problem: Set(content.problem.clone()),
        targets: Set(serde_json::to_string(&targets)?),
        use_case: Set(content.use_case.clone()),
        deadline: Set(content.deadline.map(|day| day.to_string())),
        budget: Set(content.budget.map(|each| each.as_str().to_owned())),
        cooperation: Set(serde_json::to_string(&cooperation)?),
        ip: Set(content.ip.map(|each| each.as_str().to_owned())),
        ip_note: Set(content.ip_note.clone()),
        partner: Set(content.partner.clone()),
        trl_min: Set(content.trl.map(|(low, _)| i64::from(low))),
        trl_max: Set(content.trl.map(|(_, high)| i64::from(high))),
        industry: Set(content.industry.clone()),
        decision_agreed: Set(content.decision_agreed),
        anonymous: Set(content.anonymous),
        excluded: Set(serde_json::to_string(&content.excluded)?),
        advantage: Set(content.advantage.clone()),
        economics: Set(content.economics.clone()),
        evidence: Set(content.evidence.clone()),
        keywords: Set(serde_json::to_string(&content.keywords)?),
        ..Default::default()
    })
}

/// The listing with this number.
pub async fn by_id(db: &impl Read, id: ListingId) -> Result<Option<Listing>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a listing")?;
    row.map(listing_of).transpose()
}

/// What the last form left behind.
pub async fn unfinished(db: &impl Read, id: ListingId) -> Result<Unfinished, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a listing")?;
    Ok(row.map(|row| Unfinished { typed: row.typed, form_key: row.form_key }).unwrap_or_default())
}

/// The listings with these numbers, in no order.
pub async fn by_ids(db: &impl Read, ids: &[ListingId]) -> Result<Vec<Listing>, Fault> {
    let ids: HashSet<i64> = ids.iter().map(|id| id.0).collect();
    let rows =
        row::Entity::find().filter(row::COLUMN.id.is_in(ids)).all(db.reader()).await.doing("reading listings")?;
    rows.into_iter().map(listing_of).collect()
}

/// The numbers of all listings of a kind, lowest first.
pub async fn of_kind(db: &impl Read, kind: Kind) -> Result<Vec<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.kind.eq(kind.as_str()))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading the numbers of listings")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// The listing that was imported from the row with this key.
pub async fn by_import_key(db: &impl Read, key: &str) -> Result<Option<Listing>, Fault> {
    let row =
        row::Entity::find().filter(row::COLUMN.import_key.eq(key)).one(db.reader()).await.doing("reading a listing")?;
    row.map(listing_of).transpose()
}

/// One page of the live listings of a kind, newest first; `page` counts from 0.
pub async fn live(
    db: &impl Read,
    kind: Kind,
    zone: Option<ZoneId>,
    now: DateTime<Utc>,
    page: u64,
    per_page: u64,
) -> Result<(u64, Vec<Listing>), Fault> {
    let mut find = row::Entity::find()
        .filter(row::COLUMN.kind.eq(kind.as_str()))
        .filter(row::COLUMN.state.eq(State::Live.as_str()))
        .filter(row::COLUMN.expires_at.gt(now))
        .filter(row::Column::OrganisationId.in_subquery(organisation::store::verified()));
    if let Some(zone) = zone {
        find = find.filter(row::COLUMN.zone_id.eq(zone.0));
    }
    let total = find.clone().count(db.reader()).await.doing("counting listings")?;
    let rows = find
        .order_by_desc(row::Column::PublishedAt)
        .order_by_desc(row::Column::Id)
        .offset(Ord::min(page.saturating_mul(per_page), 10_000_000))
        .limit(per_page)
        .all(db.reader())
        .await
        .doing("reading listings")?;
    Ok((total, rows.into_iter().map(listing_of).collect::<Result<_, _>>()?))
}

/// The listings of some organisations, newest change first.
pub async fn of_owners(db: &impl Read, owners: &[OrganisationId], limit: u64) -> Result<Vec<Listing>, Fault> {
    let owners = owners.iter().map(|id| id.0);
    let rows = row::Entity::find()
        .filter(row::COLUMN.organisation_id.is_in(owners))
        .order_by_desc(row::Column::UpdatedAt)
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading an organisation's listings")?;
    rows.into_iter().map(listing_of).collect()
}

/// The live listings of one organisation, newest first.
pub async fn live_of(db: &impl Read, owner: OrganisationId, now: DateTime<Utc>) -> Result<Vec<Listing>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.organisation_id.eq(owner.0))
        .filter(row::COLUMN.state.eq(State::Live.as_str()))
        .filter(row::COLUMN.expires_at.gt(now))
        .order_by_desc(row::Column::PublishedAt)
        .order_by_desc(row::Column::Id)
        .limit(200)
        .all(db.reader())
        .await
        .doing("reading an organisation's live listings")?;
    rows.into_iter().map(listing_of).collect()
}

/// Those that wait for staff, longest waiting first.
pub async fn in_review(db: &impl Read, limit: u64) -> Result<Vec<Listing>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.eq(State::InReview.as_str()))
        .order_by_asc(row::Column::SubmittedAt)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading listings that wait for review")?;
    rows.into_iter().map(listing_of).collect()
}

/// The numbers of live needs that teams are suggested for, lowest first.
pub async fn live_needs(db: &impl Read, now: DateTime<Utc>) -> Result<Vec<ListingId>, Fault> {
    let types = [NeedType::Technical.as_str(), NeedType::Joint.as_str()];
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.kind.eq(Kind::Need.as_str()))
        .filter(row::COLUMN.state.eq(State::Live.as_str()))
        .filter(row::COLUMN.expires_at.gt(now))
        .filter(row::COLUMN.need_type.is_in(types))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading live needs")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// Every live listing: its number, its kind and whose it is, lowest first.
pub async fn every_live(db: &impl Read, now: DateTime<Utc>) -> Result<Vec<(ListingId, Kind, OrganisationId)>, Fault> {
    let rows: Vec<(i64, String, i64)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Kind, row::Column::OrganisationId])
        .filter(row::COLUMN.state.eq(State::Live.as_str()))
        .filter(row::COLUMN.expires_at.gt(now))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading which listings are live")?;
    rows.into_iter()
        .map(|(id, kind, owner)| Ok((ListingId(id), read(Kind::parse, &kind)?, OrganisationId(owner))))
        .collect()
}

/// Everything that some organisations have posted, in any state: its number and its kind.
pub async fn every_of(db: &impl Read, owners: &[OrganisationId]) -> Result<Vec<(ListingId, Kind)>, Fault> {
    let rows: Vec<(i64, String)> = row::Entity::find()
        .select_only()
        .columns([row::Column::Id, row::Column::Kind])
        .filter(row::COLUMN.organisation_id.is_in(owners.iter().map(|id| id.0)))
        .order_by_asc(row::Column::Id)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading what organisations have posted")?;
    rows.into_iter().map(|(id, kind)| Ok((ListingId(id), read(Kind::parse, &kind)?))).collect()
}

/// The numbers of listings that are live or paused in name but whose time has run out.
pub async fn run_out(db: &impl Read, now: DateTime<Utc>, limit: u64) -> Result<Vec<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::Id)
        .filter(row::COLUMN.state.is_in([State::Live.as_str(), State::Paused.as_str()]))
        .filter(row::COLUMN.expires_at.lte(now))
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading listings whose time has run out")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// How many live listings of each kind there are in each zone.
pub async fn live_counts(db: &impl Read, now: DateTime<Utc>) -> Result<HashMap<(ZoneId, Kind), u64>, Fault> {
    let rows: Vec<(Option<i64>, String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::ZoneId)
        .column(row::Column::Kind)
        .column_as(row::COLUMN.id.count(), "number")
        .filter(row::COLUMN.state.eq(State::Live.as_str()))
        .filter(row::COLUMN.expires_at.gt(now))
        .filter(row::Column::OrganisationId.in_subquery(organisation::store::verified()))
        .group_by(row::Column::ZoneId)
        .group_by(row::Column::Kind)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting live listings")?;
    rows.into_iter()
        .filter_map(|(zone, kind, number)| Some((zone?, kind, number)))
        .map(|(zone, kind, number)| Ok(((ZoneId(zone), read(Kind::parse, &kind)?), u64::try_from(number).unwrap_or(0))))
        .collect()
}

/// How many listings of a kind are in each state.
pub async fn counts(db: &impl Read) -> Result<Vec<(Kind, State, u64)>, Fault> {
    let rows: Vec<(String, String, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::Kind)
        .column(row::Column::State)
        .column_as(row::COLUMN.id.count(), "number")
        .group_by(row::Column::Kind)
        .group_by(row::Column::State)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting listings")?;
    rows.into_iter()
        .map(|(kind, state, number)| {
            Ok((read(Kind::parse, &kind)?, read(State::parse, &state)?, u64::try_from(number).unwrap_or(0)))
        })
        .collect()
}

/// What staff found when they looked at a listing, newest first.
pub async fn reviews(db: &impl Read, listing: ListingId) -> Result<Vec<Review>, Fault> {
    let rows = review::Entity::find()
        .filter(review::COLUMN.listing_id.eq(listing.0))
        .order_by_desc(review::Column::Id)
        .all(db.reader())
        .await
        .doing("reading reviews")?;
    let score = |number: i64| u8::try_from(number).unwrap_or(0);
    rows.into_iter()
        .map(|row| {
            Ok(Review {
                reviewer: row.reviewer_id.map(MemberId),
                verdict: read(Verdict::parse, &row.verdict)?,
                scores: Scores {
                    clarity: score(row.clarity),
                    measurability: score(row.measurability),
                    feasibility: score(row.feasibility),
                    completeness: score(row.completeness),
                },
                reason: row.reason,
                made_at: row.made_at,
            })
        })
        .collect()
}

/// What is inserted beside the content.
pub(super) struct Origin<'a> {
    pub(super) kind: Kind,
    pub(super) owner: OrganisationId,
    pub(super) author: Option<MemberId>,
    pub(super) import_key: Option<&'a str>,
    pub(super) form_key: &'a str,
}

pub(super) async fn insert(
    tx: &Tx,
    origin: &Origin<'_>,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<ListingId, Fault> {
    let mut row = written(content)?;
    row.id = NotSet;
    row.kind = Set(origin.kind.as_str().to_owned());
    row.organisation_id = Set(origin.owner.0);
    row.author_id = Set(origin.author.map(|author| author.0));
    row.state = Set(State::Draft.as_str().to_owned());
    row.import_key = Set(origin.import_key.map(str::to_owned));
    row.typed = Set(String::new());
    row.form_key = Set(origin.form_key.to_owned());
    row.outcome_note = Set(String::new());
    row.outcome_about = Set(String::new());
    row.story = Set(false);
    row.renewals = Set(0);
    row.reminded = Set(0);
    row.version = Set(1);
    row.created_at = Set(now);
    row.updated_at = Set(now);
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing a listing")?;
    Ok(ListingId(row.id))
}

/// Rewrites what a listing says, if nobody has changed it since `version`; `false` when somebody
/// has. What an unfinished form left behind is gone.
pub(super) async fn rewrite(
    tx: &Tx,
    id: ListingId,
    version: i64,
    content: &Content,
    form_key: &str,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let mut row = written(content)?;
    row.typed = Set(String::new());
    row.form_key = Set(form_key.to_owned());
    row.version = Set(version + 1);
    row.updated_at = Set(now);
    set(tx, id, version, row).await
}

/// Keeps what was typed in an unfinished form, as [`rewrite`] does; nothing that is read by others changes.
pub(super) async fn keep_typed(
    tx: &Tx,
    id: ListingId,
    version: i64,
    typed: &str,
    form_key: &str,
) -> Result<bool, Fault> {
    let row = row::ActiveModel {
        typed: Set(typed.to_owned()),
        form_key: Set(form_key.to_owned()),
        version: Set(version + 1),
        ..Default::default()
    };
    set(tx, id, version, row).await
}

async fn set(tx: &Tx, id: ListingId, version: i64, row: row::ActiveModel) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .set(row)
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.version.eq(version))
        .exec(tx.reader())
        .await
        .doing("rewriting a listing")?;
    Ok(done.rows_affected == 1)
}

/// Keeps every other writer of this listing waiting until the transaction ends, so that what is
/// read next stays true. SQLite has one writer at a time anyhow.
pub(super) async fn hold(tx: &Tx, id: ListingId) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::Version, Expr::col(row::Column::Version))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("holding a listing")?;
    Ok(())
}

/// Gives a draft to another of its author's organisations.
pub(super) async fn give(tx: &Tx, id: ListingId, owner: OrganisationId) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::OrganisationId, Expr::value(owner.0))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("giving a draft to another organisation")?;
    Ok(())
}

/// From when and until when a listing is said to hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) until: DateTime<Utc>,
    /// How many days it lasts: reminders that would come before it begins are none.
    pub(super) days: u32,
    pub(super) renewed: bool,
}

/// Moves a listing from one state to another; `false` when it is not in `from` any more. The only
/// writer of a listing's state.
pub(super) async fn move_state(
    tx: &Tx,
    id: ListingId,
    from: State,
    to: State,
    now: DateTime<Utc>,
    term: Option<Term>,
    ending: Option<&Ending>,
) -> Result<bool, Fault> {
    let mut update = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(to.as_str()))
        .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
        .col_expr(row::Column::UpdatedAt, Expr::value(now));
    match to {
        State::InReview => update = update.col_expr(row::Column::SubmittedAt, Expr::value(now)),
        State::Live => {
            let first = Expr::col(row::Column::PublishedAt).if_null(Expr::value(now));
            update = update
                .col_expr(row::Column::PublishedAt, first)
                .col_expr(row::Column::ClosedAt, Expr::value(None::<DateTime<Utc>>));
        }
        State::Expired | State::Resolved | State::Withdrawn | State::Rejected => {
            update = update.col_expr(row::Column::ClosedAt, Expr::value(now));
        }
        State::Draft | State::Returned | State::Paused | State::Archived => {}
    }
    if let Some(term) = term {
        let passed = REMINDERS.into_iter().filter(|days| *days >= term.days).min().unwrap_or(0);
        let renewals =
            if term.renewed { Expr::col(row::Column::Renewals).add(1) } else { Expr::col(row::Column::Renewals) };
        update = update
            .col_expr(row::Column::ExpiresAt, Expr::value(term.until))
            .col_expr(row::Column::ConfirmedAt, Expr::value(now))
            .col_expr(row::Column::Reminded, Expr::value(i64::from(passed)))
            .col_expr(row::Column::Renewals, renewals);
    }
    if let Some(ending) = ending {
        update = update
            .col_expr(row::Column::Outcome, Expr::value(ending.outcome.as_str()))
            .col_expr(row::Column::OutcomeNote, Expr::value(&ending.note))
            .col_expr(row::Column::OutcomeAbout, Expr::value(&ending.about))
            .col_expr(row::Column::Story, Expr::value(ending.story));
    }
    let done = update
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.state.eq(from.as_str()))
        .exec(tx.reader())
        .await
        .doing("moving a listing")?;
    Ok(done.rows_affected == 1)
}

pub(super) async fn insert_review(tx: &Tx, listing: ListingId, made: &Review) -> Result<(), Fault> {
    let row = review::ActiveModel {
        id: NotSet,
        listing_id: Set(listing.0),
        reviewer_id: Set(made.reviewer.map(|member| member.0)),
        verdict: Set(made.verdict.as_str().to_owned()),
        clarity: Set(i64::from(made.scores.clarity)),
        measurability: Set(i64::from(made.scores.measurability)),
        feasibility: Set(i64::from(made.scores.feasibility)),
        completeness: Set(i64::from(made.scores.completeness)),
        reason: Set(made.reason.clone()),
        made_at: Set(made.made_at),
    };
    review::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing a review")?;
    Ok(())
}
