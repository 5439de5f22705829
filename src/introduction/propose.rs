//! An enterprise asks to be introduced to a team.
//!
//! The request waits for staff; no mail goes out yet. It is refused at once, with the truth, when
//! the team's month is full, the enterprise's own month is used up, or the two are in touch about
//! this need already.

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    calendar,
    db::{Read, Tx},
    fault::{Cause, Fault},
    id::{IntroductionId, ListingId, MemberId, OrganisationId},
    introduction::{Introduction, REASON_LEAST, REASON_MOST, Reply, State, queue, store},
    listing::{self, Listing},
    matching, once, organisation,
    organisation::{Organisation, OrganisationKind},
    team,
};

/// Why nothing was asked.
#[derive(Debug)]
pub enum Error {
    /// There is no such need, or it is not this member's.
    NotYours,
    /// There is no such team, or staff have not verified it.
    NoSuchTeam,
    /// The need is not live, or not of a kind for which teams are asked.
    NotOpen,
    /// Staff have not verified the enterprise yet.
    NotVerified,
    /// 为什么找您 is shorter or longer than it may be.
    Reason,
    /// The need is anonymous, and 为什么找您 names its owner.
    NamesItself,
    /// 暂不推荐: why is not for the asker.
    NotNow,
    /// The enterprise has asked as often this month as it may.
    TooMany(u32),
    /// The team's month is full, it is away, or others wait for it.
    Full,
    /// So many introductions of the enterprise are open or waiting as may be at once.
    TooManyOpen(u32),
    /// They are being introduced already.
    AlreadyOpen(IntroductionId),
    /// 对方已答复,请先补充: the need has not changed since the team said no.
    AlreadyAnswered(IntroductionId),
    /// They have each other's contact already.
    AlreadyExchanged(IntroductionId),
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

/// Asks. The same form sent again gets the first answer.
pub async fn propose(
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
    reason: &str,
    key: &str,
) -> Result<IntroductionId, Error> {
    let asked = app.db.write(async |tx| propose_in(tx, app, member, need, team, reason, key).await).await;
    match asked {
        // On PostgreSQL two forms at the same moment are parted by the unique index alone.
        Err(Error::Fault(fault)) if fault.is_duplicate() => match open_between(&app.db, need, team).await? {
            Some(open) => Err(Error::AlreadyOpen(open)),
            None => Err(Error::Fault(fault)),
        },
        asked => asked,
    }
}

/// [`propose`] in a transaction.
pub async fn propose_in(
    tx: &Tx,
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
    reason: &str,
    key: &str,
) -> Result<IntroductionId, Error> {
    let now = app.clock.now();
    if let once::Spent::Before(answer) = once::spend(tx, Some(member), key, now).await? {
        return answer.parse().ok().ok_or_else(|| Fault::corrupt("the answer to a form key").into());
    }
    let pair = pair(tx, app, member, need, team).await?;
    check_reason(&pair, reason)?;
    let result = matching::store::one(tx, need, team).await?.map(|found| found.result);
    let due_at = calendar::store::load(tx).await?.add_working_days(now, app.config.park_days, app.config.time_zone);
    let new = store::New {
        need,
        result,
        enterprise: pair.enterprise.id,
        team,
        asked_by: member,
        reason,
        due_at,
        referred_from: None,
    };
    let id = store::insert(tx, &new, now).await?;
    once::answer(tx, Some(member), key, &id.to_string()).await?;
    Ok(id)
}

/// Whether 为什么找您 is as it should be.
pub(super) fn check_reason(pair: &Pair, reason: &str) -> Result<(), Error> {
    if !(REASON_LEAST..=REASON_MOST).contains(&reason.chars().count()) {
        return Err(Error::Reason);
    }
    if pair.need.content.anonymous && reason.contains(&pair.enterprise.name) {
        return Err(Error::NamesItself);
    }
    Ok(())
}

/// What an enterprise may ask for: a need of its own and a team that can be asked.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The need.
    pub need: Listing,
    /// Whose need it is.
    pub enterprise: Organisation,
    /// The team.
    pub team: team::Team,
    /// How many more times the enterprise may ask this month, this one among them.
    pub asks_left: u32,
    /// How many places the team has left this month, this one among them.
    pub places_left: u32,
}

/// The pair, if `member` may ask for it now. The page asks this before it shows a form, and the
/// verb asks it again.
pub async fn pair(
    db: &impl Read,
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
) -> Result<Pair, Error> {
    let pair = askable(db, app, member, need, team).await?;
    let places_left = places_left(db, app, &pair.team, app.clock.now()).await?;
    if places_left == 0 {
        return Err(Error::Full);
    }
    Ok(Pair { places_left, ..pair })
}

/// [`pair`], whether or not the team has a place: it may be waited for.
pub(super) async fn askable(
    db: &impl Read,
    app: &App,
    member: MemberId,
    need: ListingId,
    team: OrganisationId,
) -> Result<Pair, Error> {
    let now = app.clock.now();
    let (need, enterprise) = own_need(db, member, need).await?;
    let team =
        team::store::by_id(db, team).await?.filter(|team| team.organisation.is_verified()).ok_or(Error::NoSuchTeam)?;
    if !need.is_live(now) || !need.wants_teams() {
        return Err(Error::NotOpen);
    }
    if !enterprise.is_verified() {
        return Err(Error::NotVerified);
    }
    between(db, &need, &team).await?;
    if organisation::store::blocked_with(db, enterprise.id).await?.contains(&team.organisation.id) {
        return Err(Error::NotNow);
    }
    let asks_left = asks_left(db, app, enterprise.id, now).await?;
    if asks_left == 0 {
        return Err(Error::TooMany(app.config.requests_per_month));
    }
    let open = store::count_open(db, enterprise.id).await? + store::queue::count_open(db, enterprise.id).await?;
    // A request that waits already is not in the way of itself becoming one.
    let own = u64::from(store::queue::open_between(db, need.id, team.organisation.id).await?.is_some());
    if open - own.min(open) >= u64::from(app.config.open_requests) {
        return Err(Error::TooManyOpen(app.config.open_requests));
    }
    Ok(Pair { need, enterprise, team, asks_left, places_left: 0 })
}

/// A need and its owner, if `member` speaks for it.
pub async fn own_need(db: &impl Read, member: MemberId, need: ListingId) -> Result<(Listing, Organisation), Error> {
    let need = listing::store::by_id(db, need).await?.ok_or(Error::NotYours)?;
    if !organisation::store::speaks_for(db, member, need.owner).await? {
        return Err(Error::NotYours);
    }
    let owner = organisation::store::by_id(db, need.owner).await?;
    let owner = owner.filter(|owner| owner.kind == OrganisationKind::Enterprise).ok_or(Error::NotYours)?;
    Ok((need, owner))
}

/// How many more introductions an enterprise may ask for this month.
pub async fn asks_left(
    db: &impl Read,
    app: &App,
    enterprise: OrganisationId,
    now: DateTime<Utc>,
) -> Result<u32, Fault> {
    let asked = store::asked_since(db, enterprise, team::month_start(now, app.config.time_zone)).await?;
    Ok(app.config.requests_per_month.saturating_sub(u32::try_from(asked).unwrap_or(u32::MAX)))
}

/// How many places of its month a team has left for somebody who asks now: none while others wait for
/// it, since they come first.
pub async fn places_left(db: &impl Read, app: &App, team: &team::Team, now: DateTime<Utc>) -> Result<u32, Fault> {
    let waiting = store::queue::open_of_team(db, team.organisation.id).await?;
    if waiting.iter().any(|each| each.state == queue::State::Waiting) {
        return Ok(0);
    }
    free_places(db, app, team, now).await
}

/// How many places of its month nobody has and none is kept for. A question that waits with staff is
/// counted as one, so that what is passed on later still finds room; a team that is away has none.
pub(super) async fn free_places(
    db: &impl Read,
    app: &App,
    team: &team::Team,
    now: DateTime<Utc>,
) -> Result<u32, Fault> {
    if team.is_away(now.with_timezone(&app.config.time_zone).date_naive()) {
        return Ok(0);
    }
    let id = team.organisation.id;
    let asked = store::queue::open_of_team(db, id).await?;
    let asked = asked.iter().filter(|each| each.state == queue::State::Asked).count();
    let asked = u32::try_from(asked).unwrap_or(u32::MAX);
    let since = team::month_start(now, app.config.time_zone);
    let engaged = team::store::engaged_since(db, &[id], since).await?.get(&id).copied().unwrap_or(0);
    let waiting = store::with_park(db, &[id]).await?.get(&id).copied().unwrap_or(0);
    Ok(team.capacity.saturating_sub(engaged).saturating_sub(waiting).saturating_sub(asked))
}

/// Refuses a pair that is in touch about this need already.
async fn between(db: &impl Read, need: &Listing, team: &team::Team) -> Result<(), Error> {
    let before = store::of_pair(db, need.id, team.organisation.id).await?;
    if let Some(open) = before.iter().find(|each| each.state.is_open()) {
        return Err(if open.names_its_team() { Error::AlreadyOpen(open.id) } else { Error::NotNow });
    }
    if let Some(met) = before.iter().find(|each| each.exchanged_at.is_some()) {
        return Err(Error::AlreadyExchanged(met.id));
    }
    match before.iter().find(|each| each.team_answer == Some(Reply::Decline)) {
        Some(said) if !changed_since(need, said) => Err(Error::AlreadyAnswered(said.id)),
        _ => Ok(()),
    }
}

fn changed_since(need: &Listing, said: &Introduction) -> bool {
    said.team_answered_at.is_none_or(|at| need.updated_at > at)
}

/// The open introduction of a need with a team.
pub async fn open_between(
    db: &impl Read,
    need: ListingId,
    team: OrganisationId,
) -> Result<Option<IntroductionId>, Fault> {
    let before = store::of_pair(db, need, team).await?;
    Ok(before.into_iter().find(|each| State::OPEN.contains(&each.state)).map(|each| each.id))
}
