//! The queue of a full team: requests that wait for a place, in order.
//!
//! 排队 → 问企业 → 转为请求 | 离开. A firm that finds a team full may wait; it is told its place and from
//! when on it may come up. When the month turns, a place is given back or the team is back, those who
//! wait longest are asked first whether they still need it, as many as there are places; only a yes
//! makes a request, so no stale one is ever delivered. Nobody who asks later gets a place before them.
//!
//! **Invariant:** every move that the graph has is possible and every other is refused
//! (`every_move_of_a_queued_request_is_as_the_graph_says`).
//! **Invariant:** looking at the link of the question changes nothing, and it answers once
//! (`when_the_month_turns_those_who_wait_are_asked_in_order`).

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    app::App,
    calendar,
    db::{Read, Tx},
    fault::{Cause, Fault},
    id::{IntroductionId, ListingId, MemberId, OrganisationId, QueuedId},
    introduction::{letters, propose, store},
    listing, mail, matching, member, once, organisation, secret,
    team::{self, Team},
};

crate::listing::words! {
    /// Where a queued request stands.
    State {
        /// It waits for a place.
        Waiting = "waiting",
        /// A place is kept for it, and the firm is asked whether it still needs it.
        Asked = "asked",
        /// It became a request.
        Released = "released",
        /// The firm left, did not answer, or the need ended.
        Left = "left",
    }
}

crate::listing::words! {
    /// What happens to a queued request.
    Step {
        /// Its turn has come.
        Ask = "ask",
        /// The firm still needs it.
        Confirm = "confirm",
        /// The firm leaves, or time runs out.
        Leave = "leave",
    }
}

/// Every move there is: from, step, to.
pub const MOVES: &[(State, Step, State)] = &[
    (State::Waiting, Step::Ask, State::Asked),
    (State::Waiting, Step::Leave, State::Left),
    (State::Asked, Step::Confirm, State::Released),
    (State::Asked, Step::Leave, State::Left),
];

/// Where `step` leads from `state`; `None` when it may not happen.
pub fn step(state: State, step: Step) -> Option<State> {
    MOVES.iter().find(|(from, by, _)| *from == state && *by == step).map(|(_, _, to)| *to)
}

/// A request that waits for a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// The number, which is also the order.
    pub id: QueuedId,
    /// The need.
    pub need: ListingId,
    /// The team.
    pub team: OrganisationId,
    /// Whose need it is.
    pub enterprise: OrganisationId,
    /// Who asked.
    pub asked_by: MemberId,
    /// 为什么找您.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// Until when the firm may answer.
    pub due_at: Option<DateTime<Utc>>,
    /// The request that it became.
    pub introduction: Option<IntroductionId>,
    /// Since when it waits.
    pub created_at: DateTime<Utc>,
}

impl Queued {
    /// How mails name it.
    pub fn about(&self) -> String {
        format!("queued:{}", self.id)
    }
}

/// Why nothing was done.
#[derive(Debug)]
pub enum Error {
    /// There is no such queued request, or it is not this member's.
    NotYours,
    /// The team cannot be asked at all, or has a place and can be asked at once.
    Cannot(propose::Error),
    /// The team has a place: ask it.
    HasPlace,
    /// The team takes nothing at all, so that waiting would lead nowhere.
    NeverFree,
    /// It waits already.
    Before(QueuedId),
    /// Where it stands now, this cannot happen.
    NotNow(State),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<propose::Error> for Error {
    fn from(error: propose::Error) -> Self {
        match error {
            propose::Error::Fault(fault) => Self::Fault(fault),
            other => Self::Cannot(other),
        }
    }
}

/// Joins the queue of a full team. The same form sent again gets the first answer.
pub async fn join(
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
    reason: &str,
    key: &str,
) -> Result<QueuedId, Error> {
    let joined = app.db.write(async |tx| join_in(tx, app, member, need, team, reason, key).await).await;
    match joined {
        // On PostgreSQL two forms at the same moment are parted by the unique index alone.
        Err(Error::Fault(fault)) if fault.is_duplicate() => {
            match store::queue::open_between(&app.db, need, team).await? {
                Some(before) => Err(Error::Before(before)),
                None => Err(Error::Fault(fault)),
            }
        }
        joined => joined,
    }
}

async fn join_in(
    tx: &Tx,
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
    reason: &str,
    key: &str,
) -> Result<QueuedId, Error> {
    let now = app.clock.now();
    if let once::Spent::Before(answer) = once::spend(tx, Some(member), key, now).await? {
        return answer.parse().ok().ok_or_else(|| Fault::corrupt("the answer to a form key").into());
    }
    let pair = propose::askable(tx, app, member, need, team).await?;
    propose::check_reason(&pair, reason)?;
    if let Some(before) = store::queue::open_between(tx, need, team).await? {
        return Err(Error::Before(before));
    }
    if pair.team.capacity == 0 {
        return Err(Error::NeverFree);
    }
    if propose::places_left(tx, app, &pair.team, now).await? > 0 {
        return Err(Error::HasPlace);
    }
    let new = store::queue::New { need, team, enterprise: pair.enterprise.id, asked_by: member, reason };
    let id = store::queue::insert(tx, &new, now).await?;
    once::answer(tx, Some(member), key, &id.to_string()).await?;
    Ok(id)
}

/// Who answers, and how he came to the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answerer {
    /// The holder of the link of a letter.
    Holder(String),
    /// Somebody who is signed in.
    Member(MemberId),
}

/// The firm still needs it: the request is made, and staff look at it like at any other.
pub async fn confirm(app: &App, by: &Answerer, id: QueuedId) -> Result<IntroductionId, Error> {
    let done = app
        .db
        .write(async |tx| {
            let queued = answerable_in(tx, by, id).await?;
            if step(queued.state, Step::Confirm).is_none() {
                return Err(Error::NotNow(queued.state));
            }
            let now = app.clock.now();
            // What has changed since it began to wait is looked at again; the place itself is kept for it.
            propose::askable(tx, app, queued.asked_by, queued.need, queued.team).await?;
            let result = matching::store::one(tx, queued.need, queued.team).await?.map(|found| found.result);
            let calendar = calendar::store::load(tx).await?;
            let new = store::New {
                need: queued.need,
                result,
                enterprise: queued.enterprise,
                team: queued.team,
                asked_by: queued.asked_by,
                reason: &queued.reason,
                due_at: calendar.add_working_days(now, app.config.park_days, app.config.time_zone),
                referred_from: None,
            };
            let introduction = store::insert(tx, &new, now).await?;
            if !store::queue::release(tx, id, introduction, now).await? {
                return Err(Error::NotNow(queued.state));
            }
            Ok(introduction)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(done)
}

/// The firm does not need it any more; whoever waits behind it moves up.
pub async fn leave(app: &App, by: &Answerer, id: QueuedId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let queued = answerable_in(tx, by, id).await?;
            if step(queued.state, Step::Leave).is_none() {
                return Err(Error::NotNow(queued.state));
            }
            mail::replace::replace_in(tx, &queued.about(), "introduction/queue_ask").await?;
            if store::queue::leave(tx, id, queued.state, app.clock.now()).await? {
                Ok(())
            } else {
                Err(Error::NotNow(queued.state))
            }
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

async fn answerable_in(tx: &Tx, by: &Answerer, id: QueuedId) -> Result<Queued, Error> {
    let queued = store::queue::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    let may = match by {
        Answerer::Holder(token) => {
            store::queue::by_token(tx, &secret::hash(token)).await?.is_some_and(|each| each.id == id)
        }
        Answerer::Member(member) => organisation::store::speaks_for(tx, *member, queued.enterprise).await?,
    };
    if may { Ok(queued) } else { Err(Error::NotYours) }
}

/// The queued request of a token. Looking changes nothing.
pub async fn look(app: &App, token: &str) -> Result<Option<Queued>, Fault> {
    store::queue::by_token(&app.db, &secret::hash(token)).await
}

/// Which place a queued request has, from 1; 0 when it waits no more.
pub async fn place(db: &impl Read, queued: &Queued) -> Result<u32, Fault> {
    if !matches!(queued.state, State::Waiting | State::Asked) {
        return Ok(0);
    }
    let ahead = store::queue::open_of_team(db, queued.team).await?;
    let ahead = ahead.iter().filter(|each| each.id < queued.id).count();
    Ok(u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1))
}

/// From when on place `place` of a team's queue may come up: so many months on as the places before it
/// fill, and not before the team is back.
pub fn estimate(now: DateTime<Utc>, zone: Tz, team: &Team, place: u32) -> Option<NaiveDate> {
    let months = place.max(1).saturating_sub(1).checked_div(team.capacity)?;
    let mut month = team::next_month_start(now, zone);
    for _ in 0..months.min(120) {
        month = team::next_month_start(month, zone);
    }
    let month = zone.from_utc_datetime(&month.naive_utc()).date_naive();
    let today = now.with_timezone(&zone).date_naive();
    match team.resumes_on(today) {
        Some(back) if back > month => Some(back),
        _ if team.is_away(month) => team.resumes_on(month),
        _ => Some(month),
    }
}

/// Works off what is due: questions that nobody answered, and places that have become free.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let mut done = 0;
    for queued in store::queue::due(&app.db, now).await? {
        done += usize::from(run_out(app, &queued).await?);
    }
    for team in store::queue::teams_waited_for(&app.db).await? {
        done += app.db.write(async |tx| offer_in(tx, app, team).await).await?;
    }
    Ok(done)
}

async fn run_out(app: &App, queued: &Queued) -> Result<bool, Fault> {
    app.db
        .write(async |tx| {
            let gone = store::queue::leave(tx, queued.id, State::Asked, app.clock.now()).await?;
            if gone {
                write(tx, app, queued, None).await?;
            }
            Ok(gone)
        })
        .await
}

/// Asks as many of those who wait as there are places.
async fn offer_in(tx: &Tx, app: &App, id: OrganisationId) -> Result<usize, Fault> {
    let now = app.clock.now();
    let Some(team) = team::store::by_id(tx, id).await? else { return Ok(0) };
    let waiting = store::queue::open_of_team(tx, id).await?;
    let mut free = propose::free_places(tx, app, &team, now).await?;
    let blocked = organisation::store::blocked_with(tx, id).await?;
    let mut done = 0;
    for queued in waiting.into_iter().filter(|each| each.state == State::Waiting) {
        let need = listing::store::by_id(tx, queued.need).await?;
        let is_open = need.is_some_and(|need| need.is_live(now)) && !blocked.contains(&queued.enterprise);
        if !is_open {
            done += usize::from(store::queue::leave(tx, queued.id, State::Waiting, now).await?);
            continue;
        }
        if free == 0 {
            continue;
        }
        let token = secret::token();
        let calendar = calendar::store::load(tx).await?;
        let due = calendar.add_working_days(now, app.config.choice_days, app.config.time_zone);
        if store::queue::ask(tx, queued.id, &secret::hash(&token), due).await? {
            let asked = Queued { due_at: Some(due), ..queued };
            write(tx, app, &asked, Some(&token)).await?;
            free -= 1;
            done += 1;
        }
    }
    Ok(done)
}

/// Writes to the firm: whether it still needs it, or that its time to answer has run out.
async fn write(tx: &Tx, app: &App, queued: &Queued, token: Option<&str>) -> Result<(), Fault> {
    let gone = || Fault::corrupt("a queued request names what is gone");
    let need = listing::store::by_id(tx, queued.need).await?.ok_or_else(gone)?;
    let team = team::store::by_id(tx, queued.team).await?.ok_or_else(gone)?;
    let speakers = organisation::store::speakers(tx, queued.enterprise).await?;
    let reader = Some(queued.asked_by).filter(|asker| speakers.contains(asker)).or_else(|| speakers.first().copied());
    let Some(reader) = reader else { return Ok(()) };
    let reader = member::store::by_id(tx, reader).await?.ok_or_else(gone)?;
    let letter = letters::queue(app, queued, &need.content.title, &team, &reader, token)?;
    mail::enqueue(tx, app, letter).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended_and_what_waits_can_end() {
        for state in State::ALL {
            let moves = MOVES.iter().filter(|(from, ..)| from == state).count();
            assert_eq!(moves == 0, matches!(state, State::Released | State::Left), "{state:?}");
        }
    }
}
