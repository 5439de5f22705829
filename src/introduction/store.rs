//! Rows of introductions, their history and their answer links.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    db::{Read, Tx},
    fault::{Context, Fault},
    id::{ConsentId, IntroductionId, ListingId, MailId, MemberId, OrganisationId},
    introduction::{Actor, DeclineReason, Happened, Introduction, Reply, Side, State, Step, step},
    member::Contact,
};

pub mod queue;

mod row {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "introductions")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) need_id: i64,
        pub(crate) result_id: Option<i64>,
        pub(crate) enterprise_id: i64,
        pub(crate) team_id: i64,
        pub(crate) asked_by: i64,
        pub(crate) state: String,
        pub(crate) reason: String,
        pub(crate) due_at: Option<DateTimeUtc>,
        pub(crate) letter_id: Option<i64>,
        pub(crate) passed_at: Option<DateTimeUtc>,
        pub(crate) passed_by: Option<i64>,
        pub(crate) postponed: bool,
        pub(crate) team_answer: Option<String>,
        pub(crate) team_answered_at: Option<DateTimeUtc>,
        pub(crate) team_answered_by: Option<i64>,
        pub(crate) decline_reason: Option<String>,
        pub(crate) decline_note: String,
        pub(crate) times: String,
        pub(crate) team_consent_id: Option<i64>,
        pub(crate) enterprise_answer: Option<String>,
        pub(crate) enterprise_answered_at: Option<DateTimeUtc>,
        pub(crate) enterprise_consent_id: Option<i64>,
        pub(crate) team_contact: String,
        pub(crate) enterprise_contact: String,
        pub(crate) meeting_at: Option<DateTimeUtc>,
        pub(crate) exchanged_at: Option<DateTimeUtc>,
        pub(crate) closed_at: Option<DateTimeUtc>,
        pub(crate) closed_note: String,
        pub(crate) referred_from: Option<i64>,
        pub(crate) version: i64,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) updated_at: DateTimeUtc,
        pub(crate) undone: bool,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod happened {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "introduction_steps")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) introduction_id: i64,
        pub(crate) step: String,
        pub(crate) actor: String,
        pub(crate) note: String,
        pub(crate) made_at: DateTimeUtc,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

mod link {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "answer_links")]
    pub(crate) struct Model {
        #[sea_orm(primary_key)]
        pub(crate) id: i64,
        pub(crate) introduction_id: i64,
        pub(crate) side: String,
        pub(crate) member_id: i64,
        pub(crate) token_hash: String,
        pub(crate) created_at: DateTimeUtc,
        pub(crate) expires_at: DateTimeUtc,
        pub(crate) used_at: Option<DateTimeUtc>,
        pub(crate) revoked_at: Option<DateTimeUtc>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

fn read<T>(parse: fn(&str) -> Option<T>, word: &str) -> Result<T, Fault> {
    parse(word).ok_or_else(|| Fault::corrupt(format!("the word {word:?} in an introduction")))
}

fn introduction_of(row: row::Model) -> Result<Introduction, Fault> {
    Ok(Introduction {
        id: IntroductionId(row.id),
        need: ListingId(row.need_id),
        result: row.result_id.map(ListingId),
        enterprise: OrganisationId(row.enterprise_id),
        team: OrganisationId(row.team_id),
        asked_by: MemberId(row.asked_by),
        state: read(State::parse, &row.state)?,
        reason: row.reason,
        due_at: row.due_at,
        letter: row.letter_id.map(MailId),
        passed_at: row.passed_at,
        passed_by: row.passed_by.map(MemberId),
        postponed: row.postponed,
        team_answer: row.team_answer.as_deref().map(|word| read(Reply::parse, word)).transpose()?,
        team_answered_at: row.team_answered_at,
        team_answered_by: row.team_answered_by.map(MemberId),
        team_consent: row.team_consent_id.map(ConsentId),
        decline_reason: row.decline_reason.as_deref().map(|word| read(DeclineReason::parse, word)).transpose()?,
        decline_note: row.decline_note,
        times: serde_json::from_str(&row.times)?,
        enterprise_answer: row.enterprise_answer.as_deref().map(|word| read(Reply::parse, word)).transpose()?,
        enterprise_answered_at: row.enterprise_answered_at,
        meeting_at: row.meeting_at,
        exchanged_at: row.exchanged_at,
        closed_at: row.closed_at,
        closed_note: row.closed_note,
        referred_from: row.referred_from.map(IntroductionId),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn all_of(rows: Vec<row::Model>) -> Result<Vec<Introduction>, Fault> {
    rows.into_iter().map(introduction_of).collect()
}

/// The introduction with this number.
pub async fn by_id(db: &impl Read, id: IntroductionId) -> Result<Option<Introduction>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading an introduction")?;
    row.map(introduction_of).transpose()
}

/// The introductions of some organisations on either side, the last one that moved first. Those
/// that a team does not know of yet are among them: leave them out for the team.
pub async fn of_organisations(
    db: &impl Read,
    organisations: &[OrganisationId],
    limit: u64,
) -> Result<Vec<Introduction>, Fault> {
    let ids: Vec<i64> = organisations.iter().map(|id| id.0).collect();
    let rows = row::Entity::find()
        .filter(Condition::any().add(row::COLUMN.enterprise_id.is_in(ids.clone())).add(row::COLUMN.team_id.is_in(ids)))
        .order_by_desc(row::Column::UpdatedAt)
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading an organisation's introductions")?;
    all_of(rows)
}

/// Those that wait for staff to pass them, the one that is due first on top.
pub async fn awaiting_park(db: &impl Read) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.eq(State::AwaitingPark.as_str()))
        .order_by_asc(row::Column::DueAt)
        .order_by_asc(row::Column::Id)
        .limit(500)
        .all(db.reader())
        .await
        .doing("reading introductions that wait for staff")?;
    all_of(rows)
}

/// Those of which something may still come, what is due first on top; those whose letter is on
/// its way come last.
pub async fn open(db: &impl Read, limit: u64) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in(State::OPEN.map(State::as_str)))
        .order_by(Expr::col(row::Column::DueAt).is_null(), Order::Asc)
        .order_by_asc(row::Column::DueAt)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading open introductions")?;
    all_of(rows)
}

/// Those that have ended or led to an exchange, the last one first.
pub async fn ended(db: &impl Read, limit: u64) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_not_in(State::OPEN.map(State::as_str)))
        .order_by_desc(row::Column::UpdatedAt)
        .order_by_desc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading ended introductions")?;
    all_of(rows)
}

/// How many introductions an enterprise has asked for since `since`; what a team's referral made, and
/// what was taken back before anybody read it, does not count.
pub async fn asked_since(db: &impl Read, enterprise: OrganisationId, since: DateTime<Utc>) -> Result<u64, Fault> {
    row::Entity::find()
        .filter(row::COLUMN.enterprise_id.eq(enterprise.0))
        .filter(row::COLUMN.created_at.gte(since))
        .filter(row::COLUMN.referred_from.is_null())
        .filter(row::COLUMN.undone.eq(false))
        .count(db.reader())
        .await
        .doing("counting an enterprise's introductions")
}

/// How many questions wait with staff for each of some teams; teams without any are left out.
pub async fn with_park(db: &impl Read, teams: &[OrganisationId]) -> Result<HashMap<OrganisationId, u32>, Fault> {
    let rows: Vec<(i64, i64)> = row::Entity::find()
        .select_only()
        .column(row::Column::TeamId)
        .column_as(row::COLUMN.id.count(), "number")
        .filter(row::COLUMN.state.eq(State::AwaitingPark.as_str()))
        .filter(row::COLUMN.team_id.is_in(teams.iter().map(|id| id.0)))
        .group_by(row::Column::TeamId)
        .into_tuple()
        .all(db.reader())
        .await
        .doing("counting introductions that wait for staff")?;
    Ok(rows
        .into_iter()
        .map(|(team, number)| (OrganisationId(team), u32::try_from(number).unwrap_or(u32::MAX)))
        .collect())
}

/// The introductions of a need with a team, the last one first.
pub async fn of_pair(db: &impl Read, need: ListingId, team: OrganisationId) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.need_id.eq(need.0))
        .filter(row::COLUMN.team_id.eq(team.0))
        .order_by_desc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading the introductions of a pair")?;
    all_of(rows)
}

/// The introductions of a need, the last one first.
pub async fn of_need(db: &impl Read, need: ListingId) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.need_id.eq(need.0))
        .order_by_desc(row::Column::Id)
        .all(db.reader())
        .await
        .doing("reading the introductions of a need")?;
    all_of(rows)
}

/// Open ones whose time has run out at `now`.
pub(super) async fn due(db: &impl Read, now: DateTime<Utc>, limit: u64) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in(State::OPEN.map(State::as_str)))
        .filter(row::COLUMN.due_at.lte(now))
        .order_by_asc(row::Column::DueAt)
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading introductions whose time has run out")?;
    all_of(rows)
}

/// Those whose question is out and whose clock has not started.
pub(super) async fn unclocked(db: &impl Read, limit: u64) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in([State::AwaitingTeam.as_str(), State::Accepted.as_str()]))
        .filter(row::COLUMN.due_at.is_null())
        .filter(row::COLUMN.letter_id.is_not_null())
        .order_by_asc(row::Column::Id)
        .limit(limit)
        .all(db.reader())
        .await
        .doing("reading introductions whose letter is on its way")?;
    all_of(rows)
}

/// The introduction that a consent was given for, and by which side.
pub(super) async fn of_consent(db: &impl Read, consent: ConsentId) -> Result<Option<(Introduction, Side)>, Fault> {
    let of_team = row::COLUMN.team_consent_id.eq(consent.0);
    let row = row::Entity::find()
        .filter(Condition::any().add(of_team).add(row::COLUMN.enterprise_consent_id.eq(consent.0)))
        .one(db.reader())
        .await
        .doing("reading the introduction of a consent")?;
    let Some(row) = row else { return Ok(None) };
    let side = if row.team_consent_id == Some(consent.0) { Side::Team } else { Side::Enterprise };
    Ok(Some((introduction_of(row)?, side)))
}

/// The consents of the team and of the enterprise.
pub(super) async fn consents_of(
    db: &impl Read,
    id: IntroductionId,
) -> Result<(Option<ConsentId>, Option<ConsentId>), Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading an introduction")?;
    Ok(row.map_or((None, None), |row| (row.team_consent_id.map(ConsentId), row.enterprise_consent_id.map(ConsentId))))
}

/// The open introductions of some organisations, on either side.
pub(super) async fn open_of(tx: &Tx, organisations: &[OrganisationId]) -> Result<Vec<Introduction>, Fault> {
    let ids: Vec<i64> = organisations.iter().map(|id| id.0).collect();
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in(State::OPEN.map(State::as_str)))
        .filter(Condition::any().add(row::COLUMN.enterprise_id.is_in(ids.clone())).add(row::COLUMN.team_id.is_in(ids)))
        .order_by_asc(row::Column::Id)
        .all(tx.reader())
        .await
        .doing("reading an organisation's open introductions")?;
    all_of(rows)
}

/// The open introductions that a member asked for.
pub(super) async fn open_asked_by(tx: &Tx, member: MemberId) -> Result<Vec<Introduction>, Fault> {
    let rows = row::Entity::find()
        .filter(row::COLUMN.state.is_in(State::OPEN.map(State::as_str)))
        .filter(row::COLUMN.asked_by.eq(member.0))
        .order_by_asc(row::Column::Id)
        .all(tx.reader())
        .await
        .doing("reading a member's open introductions")?;
    all_of(rows)
}

/// The history of an introduction, oldest first.
pub async fn history(db: &impl Read, id: IntroductionId) -> Result<Vec<Happened>, Fault> {
    let rows = happened::Entity::find()
        .filter(happened::COLUMN.introduction_id.eq(id.0))
        .order_by_asc(happened::Column::Id)
        .all(db.reader())
        .await
        .doing("reading the history of an introduction")?;
    rows.into_iter()
        .map(|row| {
            Ok(Happened {
                step: read(Step::parse, &row.step)?,
                actor: read(Actor::parse, &row.actor)?,
                note: row.note,
                made_at: row.made_at,
            })
        })
        .collect()
}

/// What was disclosed to one side, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shown {
    /// The name.
    pub name: String,
    /// The title.
    pub title: String,
    /// The address.
    pub email: String,
    /// The telephone; empty when it was not agreed to show it.
    pub phone: String,
}

impl Shown {
    /// A copy of what was just disclosed. Nothing else makes one but reading it again.
    pub(super) fn of(contact: &Contact) -> Result<Self, Fault> {
        Ok(serde_json::from_value(serde_json::to_value(contact)?)?)
    }
}

/// The other side's contact that `to` was given; `None` before contacts were exchanged.
pub async fn shown_to(db: &impl Read, id: IntroductionId, to: Side) -> Result<Option<Shown>, Fault> {
    let row = row::Entity::find_by_id(id.0).one(db.reader()).await.doing("reading an introduction")?;
    let kept = row.map(|row| match to {
        Side::Enterprise => row.team_contact,
        Side::Team => row.enterprise_contact,
    });
    kept.filter(|kept| !kept.is_empty()).map(|kept| serde_json::from_str(&kept)).transpose().doing("reading a contact")
}

/// An introduction that is about to begin.
pub(super) struct New<'a> {
    pub(super) need: ListingId,
    pub(super) result: Option<ListingId>,
    pub(super) enterprise: OrganisationId,
    pub(super) team: OrganisationId,
    pub(super) asked_by: MemberId,
    pub(super) reason: &'a str,
    pub(super) due_at: DateTime<Utc>,
    pub(super) referred_from: Option<IntroductionId>,
}

/// Writes an introduction that waits for staff, with the first line of its history.
pub(super) async fn insert(tx: &Tx, new: &New<'_>, now: DateTime<Utc>) -> Result<IntroductionId, Fault> {
    let row = row::ActiveModel {
        need_id: Set(new.need.0),
        result_id: Set(new.result.map(|result| result.0)),
        enterprise_id: Set(new.enterprise.0),
        team_id: Set(new.team.0),
        asked_by: Set(new.asked_by.0),
        state: Set(State::AwaitingPark.as_str().to_owned()),
        reason: Set(new.reason.to_owned()),
        due_at: Set(Some(new.due_at)),
        postponed: Set(false),
        decline_note: Set(String::new()),
        times: Set("[]".to_owned()),
        team_contact: Set(String::new()),
        enterprise_contact: Set(String::new()),
        closed_note: Set(String::new()),
        undone: Set(false),
        referred_from: Set(new.referred_from.map(|from| from.0)),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let row = row::Entity::insert(row).exec_with_returning(tx.reader()).await.doing("writing an introduction")?;
    let id = IntroductionId(row.id);
    let (step, actor) = match new.referred_from {
        None => (Step::Propose, Actor::Enterprise),
        Some(_) => (Step::Refer, Actor::Team),
    };
    note(tx, id, &Happened { step, actor, note: String::new(), made_at: now }).await?;
    Ok(id)
}

async fn note(tx: &Tx, id: IntroductionId, line: &Happened) -> Result<(), Fault> {
    let row = happened::ActiveModel {
        id: NotSet,
        introduction_id: Set(id.0),
        step: Set(line.step.as_str().to_owned()),
        actor: Set(line.actor.as_str().to_owned()),
        note: Set(line.note.clone()),
        made_at: Set(line.made_at),
    };
    happened::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing a step")?;
    Ok(())
}

/// What a step writes besides the state.
#[derive(Default)]
pub(super) struct Facts(row::ActiveModel);

impl Facts {
    /// Nothing else.
    pub(super) fn none() -> Self {
        Self::default()
    }

    pub(super) fn reason(mut self, text: &str) -> Self {
        self.0.reason = Set(text.to_owned());
        self
    }

    pub(super) fn due(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.0.due_at = Set(at);
        self
    }

    /// A question goes out: its clock waits until the letter is known to be sent.
    pub(super) fn asked(mut self) -> Self {
        self.0.due_at = Set(None);
        self.0.letter_id = Set(None);
        self
    }

    pub(super) fn passed(mut self, at: DateTime<Utc>, by: Option<MemberId>) -> Self {
        self.0.passed_at = Set(Some(at));
        self.0.passed_by = Set(by.map(|by| by.0));
        self
    }

    pub(super) fn postponed(mut self) -> Self {
        self.0.postponed = Set(true);
        self
    }

    pub(super) fn team_says(mut self, reply: Reply, by: MemberId, at: DateTime<Utc>) -> Self {
        self.0.team_answer = Set(Some(reply.as_str().to_owned()));
        self.0.team_answered_by = Set(Some(by.0));
        self.0.team_answered_at = Set(Some(at));
        self
    }

    pub(super) fn offered(mut self, times: &[DateTime<Utc>], consent: ConsentId) -> Result<Self, Fault> {
        self.0.times = Set(serde_json::to_string(times)?);
        self.0.team_consent_id = Set(Some(consent.0));
        Ok(self)
    }

    pub(super) fn declined(mut self, reason: DeclineReason, words: &str) -> Self {
        self.0.decline_reason = Set(Some(reason.as_str().to_owned()));
        self.0.decline_note = Set(words.to_owned());
        self
    }

    pub(super) fn enterprise_says(mut self, reply: Reply, words: &str, at: DateTime<Utc>) -> Self {
        self.0.enterprise_answer = Set(Some(reply.as_str().to_owned()));
        self.0.enterprise_answered_at = Set(Some(at));
        self.0.decline_note = Set(words.to_owned());
        self
    }

    pub(super) fn exchanged(mut self, meeting: DateTime<Utc>, consent: ConsentId, at: DateTime<Utc>) -> Self {
        self.0.meeting_at = Set(Some(meeting));
        self.0.enterprise_consent_id = Set(Some(consent.0));
        self.0.exchanged_at = Set(Some(at));
        self
    }

    /// It was taken back before anybody but staff had read it.
    pub(super) fn undone(mut self) -> Self {
        self.0.undone = Set(true);
        self
    }

    pub(super) fn closed(mut self, words: &str) -> Self {
        self.0.closed_note = Set(words.to_owned());
        self
    }
}

/// One step of one introduction.
pub(super) struct Turn<'a> {
    pub(super) id: IntroductionId,
    pub(super) from: State,
    pub(super) step: Step,
    pub(super) actor: Actor,
    pub(super) note: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// Makes a step, if the introduction still stands where the step begins; `None` when it does not,
/// and nothing is written then. The only writer of an introduction's state. The row is moved
/// before anything else is read or written, so the second of two at the same moment waits for the
/// first to commit and then finds it moved.
pub(super) async fn advance(tx: &Tx, turn: &Turn<'_>, facts: Facts) -> Result<Option<Introduction>, Fault> {
    let Some(to) = step(turn.from, turn.step) else {
        return Err(Fault::corrupt(format!("no step {} from {}", turn.step.as_str(), turn.from.as_str())));
    };
    let mut row = facts.0;
    row.state = Set(to.as_str().to_owned());
    row.updated_at = Set(turn.now);
    if !to.is_open() {
        row.due_at = Set(None);
    }
    if to.is_closed() {
        row.closed_at = Set(Some(turn.now));
    }
    let moved = row::Entity::update_many()
        .set(row)
        .col_expr(row::Column::Version, Expr::col(row::Column::Version).add(1))
        .filter(row::COLUMN.id.eq(turn.id.0))
        .filter(row::COLUMN.state.eq(turn.from.as_str()))
        .exec_with_returning(tx.reader())
        .await
        .doing("moving an introduction")?;
    let Some(row) = moved.into_iter().next() else { return Ok(None) };
    let line = Happened { step: turn.step, actor: turn.actor, note: turn.note.to_owned(), made_at: turn.now };
    note(tx, turn.id, &line).await?;
    introduction_of(row).map(Some)
}

/// Notes the letter whose sending starts the clock.
pub(super) async fn set_letter(tx: &Tx, id: IntroductionId, letter: MailId) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::LetterId, Expr::value(letter.0))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("noting an introduction's letter")?;
    Ok(())
}

/// Starts the clock of a question whose letter was sent; `false` when it has started already or
/// another letter took its place.
pub(super) async fn start_clock(
    tx: &Tx,
    id: IntroductionId,
    letter: MailId,
    due: DateTime<Utc>,
) -> Result<bool, Fault> {
    let done = row::Entity::update_many()
        .col_expr(row::Column::DueAt, Expr::value(due))
        .filter(row::COLUMN.id.eq(id.0))
        .filter(row::COLUMN.letter_id.eq(letter.0))
        .filter(row::COLUMN.due_at.is_null())
        .filter(row::COLUMN.state.is_in([State::AwaitingTeam.as_str(), State::Accepted.as_str()]))
        .exec(tx.reader())
        .await
        .doing("starting an introduction's clock")?;
    Ok(done.rows_affected == 1)
}

/// Keeps what was disclosed, for its two recipients.
pub(super) async fn keep_contacts(tx: &Tx, id: IntroductionId, team: &Shown, enterprise: &Shown) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::TeamContact, Expr::value(serde_json::to_string(team)?))
        .col_expr(row::Column::EnterpriseContact, Expr::value(serde_json::to_string(enterprise)?))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("keeping what was disclosed")?;
    Ok(())
}

/// An answer link, as its token's holder meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The row.
    pub(super) id: i64,
    /// Which introduction it answers.
    pub introduction: IntroductionId,
    /// For which side.
    pub side: Side,
    /// Who it was sent to.
    pub member: MemberId,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When another took its place, or there was nothing to answer any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

pub(super) async fn link_by_hash(db: &impl Read, token_hash: &str) -> Result<Option<Link>, Fault> {
    let row = link::Entity::find()
        .filter(link::COLUMN.token_hash.eq(token_hash))
        .one(db.reader())
        .await
        .doing("reading an answer link")?;
    row.map(|row| {
        Ok(Link {
            id: row.id,
            introduction: IntroductionId(row.introduction_id),
            side: read(Side::parse, &row.side)?,
            member: MemberId(row.member_id),
            expires_at: row.expires_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
        })
    })
    .transpose()
}

pub(super) async fn insert_link(
    tx: &Tx,
    introduction: IntroductionId,
    side: Side,
    member: MemberId,
    token_hash: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = link::ActiveModel {
        id: NotSet,
        introduction_id: Set(introduction.0),
        side: Set(side.as_str().to_owned()),
        member_id: Set(member.0),
        token_hash: Set(token_hash.to_owned()),
        created_at: Set(now),
        expires_at: Set(expires_at),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    link::Entity::insert(row).exec_without_returning(tx.reader()).await.doing("writing an answer link")?;
    Ok(())
}

/// Uses a link up; `false` when it was used, revoked or has expired.
pub(super) async fn use_link(tx: &Tx, id: i64, now: DateTime<Utc>) -> Result<bool, Fault> {
    let done = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(now))
        .filter(link::COLUMN.id.eq(id))
        .filter(link::COLUMN.used_at.is_null())
        .filter(link::COLUMN.revoked_at.is_null())
        .filter(link::COLUMN.expires_at.gt(now))
        .exec(tx.reader())
        .await
        .doing("using an answer link")?;
    Ok(done.rows_affected == 1)
}

/// Makes every unused link of an introduction worthless.
pub(super) async fn revoke_links(tx: &Tx, introduction: IntroductionId, now: DateTime<Utc>) -> Result<(), Fault> {
    link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(now))
        .filter(link::COLUMN.introduction_id.eq(introduction.0))
        .filter(link::COLUMN.used_at.is_null())
        .filter(link::COLUMN.revoked_at.is_null())
        .exec(tx.reader())
        .await
        .doing("revoking answer links")?;
    Ok(())
}

/// Makes every unused link of a member worthless.
pub(super) async fn revoke_links_of(tx: &Tx, member: MemberId, now: DateTime<Utc>) -> Result<(), Fault> {
    link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(now))
        .filter(link::COLUMN.member_id.eq(member.0))
        .filter(link::COLUMN.used_at.is_null())
        .filter(link::COLUMN.revoked_at.is_null())
        .exec(tx.reader())
        .await
        .doing("revoking a member's answer links")?;
    Ok(())
}

/// Lets somebody else of the enterprise carry on what a member had asked for.
pub(super) async fn hand_over(tx: &Tx, id: IntroductionId, to: MemberId) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::AskedBy, Expr::value(to.0))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("handing an introduction over")?;
    Ok(())
}

/// Forgets the copy of a contact that was disclosed by this consent; that it was, stays recorded.
pub(super) async fn wipe_contact(tx: &Tx, consent: ConsentId) -> Result<(), Fault> {
    for (column, of) in [
        (row::Column::TeamContact, row::Column::TeamConsentId),
        (row::Column::EnterpriseContact, row::Column::EnterpriseConsentId),
    ] {
        row::Entity::update_many()
            .col_expr(column, Expr::value(""))
            .filter(Expr::col(of).eq(consent.0))
            .exec(tx.reader())
            .await
            .doing("forgetting a contact")?;
    }
    Ok(())
}

/// Forgets what each side was shown of the other.
pub(super) async fn erase_contacts(tx: &Tx, id: IntroductionId) -> Result<(), Fault> {
    row::Entity::update_many()
        .col_expr(row::Column::TeamContact, Expr::value(""))
        .col_expr(row::Column::EnterpriseContact, Expr::value(""))
        .col_expr(row::Column::Reason, Expr::value(""))
        .col_expr(row::Column::DeclineNote, Expr::value(""))
        .filter(row::COLUMN.id.eq(id.0))
        .exec(tx.reader())
        .await
        .doing("erasing contacts")?;
    Ok(())
}

/// Which of some needs a team was ever asked for.
pub async fn asked_for(db: &impl Read, needs: &[ListingId]) -> Result<HashSet<ListingId>, Fault> {
    let ids: Vec<i64> = row::Entity::find()
        .select_only()
        .column(row::Column::NeedId)
        .filter(row::COLUMN.need_id.is_in(needs.iter().map(|id| id.0)))
        .distinct()
        .into_tuple()
        .all(db.reader())
        .await
        .doing("reading which needs were asked for")?;
    Ok(ids.into_iter().map(ListingId).collect())
}

/// How many introductions of an enterprise are open; what a team's referral made does not count.
pub async fn count_open(db: &impl Read, enterprise: OrganisationId) -> Result<u64, Fault> {
    row::Entity::find()
        .filter(row::COLUMN.enterprise_id.eq(enterprise.0))
        .filter(row::COLUMN.state.is_in(State::OPEN.map(State::as_str)))
        .filter(row::COLUMN.referred_from.is_null())
        .count(db.reader())
        .await
        .doing("counting an enterprise's open introductions")
}

/// When teams said 信息太少 of needs: of one, or of all.
pub async fn said_too_little(
    db: &impl Read,
    need: Option<ListingId>,
) -> Result<HashMap<ListingId, Vec<DateTime<Utc>>>, Fault> {
    let mut find = row::Entity::find()
        .select_only()
        .column(row::Column::NeedId)
        .column(row::Column::TeamAnsweredAt)
        .filter(row::COLUMN.decline_reason.eq(DeclineReason::TooLittle.as_str()));
    if let Some(need) = need {
        find = find.filter(row::COLUMN.need_id.eq(need.0));
    }
    let rows: Vec<(i64, Option<DateTime<Utc>>)> =
        find.into_tuple().all(db.reader()).await.doing("reading why teams declined")?;
    let mut said: HashMap<ListingId, Vec<DateTime<Utc>>> = HashMap::new();
    for (need, at) in rows {
        said.entry(ListingId(need)).or_default().extend(at);
    }
    Ok(said)
}
