//! Rows of requests that wait for a full team.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{IntroductionId, ListingId, MemberId, OrganisationId, QueuedId},
    introduction::queue::{Queued, State},
};

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "queued_requests")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) need_id: i64,
        pub(crate) team_id: i64,
        pub(crate) enterprise_id: i64,
        pub(crate) asked_by: i64,
        pub(crate) reason: String,
        pub(crate) state: String,
        pub(crate) token_hash: Option<String>,
        pub(crate) due_at: Option<DateTimeUtc>,
        pub(crate) introduction_id: Option<i64>,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) closed_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

const OPEN: [State; 2] = [State::Waiting, State::Asked];

fn queued_of(row: row::Model) -> Result<Queued, Fault> {
    Ok(Queued {
        id: QueuedId(row.id),
        need: ListingId(row.need_id),
        team: OrganisationId(row.team_id),
        enterprise: OrganisationId(row.enterprise_id),
        asked_by: MemberId(row.asked_by),
        reason: row.reason,
        state: State::parse(&row.state).ok_or_else(|| Fault::corrupt("the state of a queued request"))?,
        due_at: row.due_at,
        introduction: row.introduction_id.map(IntroductionId),
        created_at: row.created_at,
    })
}

/// The queued request with this number.
pub async fn by_id(db: &impl Read, id: QueuedId) -> Result<Option<Queued>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading a queued request")?;
    row.map(queued_of).transpose()
}

/// The queued request whose question carries this token.
pub async fn by_token(db: &impl Read, token_hash: &str) -> Result<Option<Queued>, Fault> {
    let row = row::Entity::find()
        .filter(row::COLUMN.token_hash.eq(token_hash))
        .one(db.reader())
        .await
        .doing("reading a queued request")?;
    row.map(queued_of).transpose()
}

/// Those who wait for a team, in order; those that are asked among them.
pub async fn open_of_team(db: &impl Read, team: OrganisationId) -> Result<Vec<Queued>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.team_id.eq(team.0))
        .filter(row::COLUMN.state.is_in(OPEN.map(State::as_str)))
        .order_by_asc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading a queue")?;
    rows.into_iter().map(queued_of).collect()
}

/// What some enterprises wait for, in order.
pub async fn open_of_enterprises(db: &impl Read, enterprises: &[OrganisationId]) -> Result<Vec<Queued>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.enterprise_id.is_in(enterprises.iter().map(|id| id.0)))
        .filter(row::COLUMN.state.is_in(OPEN.map(State::as_str)))
        .order_by_asc(row::Column::Id)
        .limit(100)
        .all(db.reader())
        .await
        .doing("reading what an enterprise waits for")?;
    rows.into_iter().map(queued_of).collect()
}

/// How many requests of an enterprise wait.
pub async fn count_open(db: &impl Read, enterprise: OrganisationId) -> Result<u64, Fault> {
    row::Entity::find()
        .filter(row::COLUMN.enterprise_id.eq(enterprise.0))
        .filter(row::COLUMN.state.is_in(OPEN.map(State::as_str)))
        .count(db.reader())
        .await
        .doing("counting what an enterprise waits for")
}

/// The request of a need that waits for a team.
pub async fn open_between(db: &impl Read, need: ListingId, team: OrganisationId) -> Result<Option<QueuedId>, Fault> {
    let row = row::Entity::find()
        .filter(row::COLUMN.need_id.eq(need.0))
        .filter(row::COLUMN.team_id.eq(team.0))
        .filter(row::COLUMN.state.is_in(OPEN.map(State::as_str)))
        .one(db.reader())
        .await
        .doing("reading a queued request")?;
    Ok(row.map(|row| QueuedId(row.id)))
}

/// The teams that somebody waits for.
pub(in crate::introduction) async fn teams_waited_for(db: &impl Read) -> Result<Vec<OrganisationId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::TeamId)
        .filter(row::COLUMN.state.eq(State::Waiting.as_str()))
        .distinct()
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading who is waited for")?;
    Ok(ids.into_iter().map(OrganisationId).collect())
}

/// Questions whose time has run out.
pub(in crate::introduction) async fn due(db: &impl Read, now: DateTime<Utc>) -> Result<Vec<Queued>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.eq(State::Asked.as_str()))
        .filter(row::COLUMN.due_at.lte(now))
        .order_by_asc(row::Column::Id)
        .limit(200)
        .all(db.reader())
        .await
        .doing("reading questions that nobody answered")?;
    rows.into_iter().map(queued_of).collect()
}

/// What is written of a request that begins to wait.
pub(in crate::introduction) struct New<'a> {
    pub(in crate::introduction) need: ListingId,
    pub(in crate::introduction) team: OrganisationId,
    pub(in crate::introduction) enterprise: OrganisationId,
    pub(in crate::introduction) asked_by: MemberId,
    pub(in crate::introduction) reason: &'a str,
}

pub(in crate::introduction) async fn insert(tx: &Tx, new: &New<'_>, now: DateTime<Utc>) -> Result<QueuedId, Fault> {
    let row = row::ActiveModel {
        id: NotSet,
        need_id: Set(new.need.0),
        team_id: Set(new.team.0),
        enterprise_id: Set(new.enterprise.0),
        asked_by: Set(new.asked_by.0),
        reason: Set(new.reason.to_owned()),
        state: Set(State::Waiting.as_str().to_owned()),
        token_hash: Set(None),
        due_at: Set(None),
        introduction_id: Set(None),
        created_at: Set(now),
        closed_at: Set(None),
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("joining a queue")?;
    Ok(QueuedId(row.id))
}

/// Keeps a place for it and notes the question; `false` when it waits no more.
pub(in crate::introduction) async fn ask(
    tx: &Tx,
    id: QueuedId,
    token_hash: &str,
    due_at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(State::Asked.as_str()))
        .col_expr(row::Column::TokenHash, Expr::value(token_hash))
        .col_expr(row::Column::DueAt, Expr::value(due_at))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.state.eq(State::Waiting.as_str()))
        .exec(tx.reader())
        .await
        .doing("asking whether a request is still needed")?;
    Ok(done.rows_affected == 1)
}

/// It became a request; `false` when it was not asked any more.
pub(in crate::introduction) async fn release(
    tx: &Tx,
    id: QueuedId,
    introduction: IntroductionId,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(State::Released.as_str()))
        .col_expr(row::Column::IntroductionId, Expr::value(introduction.0))
        .col_expr(row::Column::ClosedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.state.eq(State::Asked.as_str()))
        .exec(tx.reader())
        .await
        .doing("releasing a queued request")?;
    Ok(done.rows_affected == 1)
}

/// It waits no more; `false` when it has moved.
pub(in crate::introduction) async fn leave(
    tx: &Tx,
    id: QueuedId,
    from: State,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value(State::Left.as_str()))
        .col_expr(row::Column::ClosedAt, Expr::value(now))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.state.eq(from.as_str()))
        .exec(tx.reader())
        .await
        .doing("leaving a queue")?;
    Ok(done.rows_affected == 1)
}
