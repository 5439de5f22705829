//! The team answers: yes with times and the contact it will show, no with a reason, or later.
//!
//! A yes is a consent, recorded with the words that were ticked; the contact itself goes nowhere
//! until the enterprise has said yes as well. A no may close the pair for good, or name a
//! colleague, who is asked in turn and is not shown to the enterprise before he agrees.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::App,
    calendar,
    db::Tx,
    fault::{Cause, Fault},
    id::{IntroductionId, MemberId, OrganisationId},
    introduction::{
        Actor, DeclineReason, Introduction, MOST_TIMES, Reply, Side, State, Step, TIMES_WITHIN_DAYS,
        case::Case,
        letters,
        link::{self, Answerer},
        propose,
        store::{self, Facts, Turn},
    },
    mail,
    member::{
        Field,
        consent::{self, Consent},
    },
    organisation, team,
    words::{Language, Say},
};

/// The version of the words of consent; a change of the words is a new version.
pub const CONSENT_VERSION: &str = "introduction/1";

/// What a team says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Accept {
        /// One to three times, of which the enterprise takes one.
        times: Vec<DateTime<Utc>>,
        /// Whether the telephone is shown besides name and address.
        phone: Phone,
        /// In which language the words of consent were read.
        language: Language,
    },
    /// No.
    Decline {
        /// Why.
        reason: DeclineReason,
        /// What the enterprise reads; empty for the words that stand for the reason.
        words: String,
        /// Whether the enterprise may ask again.
        door: Door,
        /// The colleague who is asked instead.
        colleague: Option<OrganisationId>,
    },
    /// 以后再说.
    Later,
}

/// Whether a telephone is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phone {
    /// It is.
    Shown,
    /// It is not.
    Kept,
}

/// Whether the other side may ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// 可再联系.
    Open,
    /// The pair is closed for good.
    Shut,
}

/// Why an answer was not taken.
#[derive(Debug)]
pub enum Error {
    /// There is no such introduction, or it is not this member's to answer.
    NotYours,
    /// There is nothing to answer any more, or the link is not good any more.
    Answered,
    /// The team has said later before.
    LaterTwice,
    /// No times, too many, or one that is over or too far ahead.
    Times,
    /// The colleague cannot be asked: not a verified team, busy with this need, or full.
    Colleague,
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

/// The team answers. The second of two answers finds the first.
pub async fn answer(app: &App, by: Answerer, id: IntroductionId, answer: &Answer) -> Result<(), Error> {
    app.db.write(async |tx| answer_in(tx, app, by, id, answer).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`answer`] in a transaction.
pub async fn answer_in(tx: &Tx, app: &App, by: Answerer, id: IntroductionId, answer: &Answer) -> Result<(), Error> {
    match answer {
        Answer::Accept { times, phone, language } => accept_in(tx, app, by, id, times, *phone, *language).await,
        Answer::Decline { reason, words, door, colleague } => {
            let said = Said { reason: *reason, words, door: *door, colleague: *colleague };
            decline_in(tx, app, by, id, said).await
        }
        Answer::Later => postpone_in(tx, app, by, id).await,
    }
}

/// Moves the row before anything else is looked at, then asks whether this answerer may.
async fn move_in(tx: &Tx, by: Answerer, turn: &Turn<'_>, facts: Facts) -> Result<Introduction, Error> {
    let Some(introduction) = store::advance(tx, turn, facts).await? else {
        store::by_id(tx, turn.id).await?.ok_or(Error::NotYours)?;
        return Err(Error::Answered);
    };
    if by.answers_in(tx, &introduction, Side::Team, turn.now).await? {
        // The question has its answer, perhaps on the page: if its letter still waits, it is not sent
        // behind the answer.
        mail::replace::replace_in(tx, &introduction.about(), "introduction/ask").await?;
        return Ok(introduction);
    }
    // Somebody who does not speak for the team hears nothing. Either way all of this is rolled back.
    if by.is_signed_in() { Err(Error::NotYours) } else { Err(Error::Answered) }
}

async fn accept_in(
    tx: &Tx,
    app: &App,
    by: Answerer,
    id: IntroductionId,
    times: &[DateTime<Utc>],
    phone: Phone,
    language: Language,
) -> Result<(), Error> {
    let now = app.clock.now();
    let mut times = times.to_vec();
    times.sort_unstable();
    times.dedup();
    let last = now + TimeDelta::days(TIMES_WITHIN_DAYS);
    if times.is_empty() || times.len() > MOST_TIMES || times.iter().any(|time| *time <= now || *time > last) {
        return Err(Error::Times);
    }
    let before = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    let case = Case::load(tx, before).await?;
    let consent = give_in(tx, app, &case, Side::Team, by, phone, language).await?;
    let turn = Turn { id, from: State::AwaitingTeam, step: Step::Accept, actor: Actor::Team, note: "", now };
    let facts = Facts::none().asked().team_says(Reply::Accept, by.member, now).offered(&times, consent)?;
    let introduction = move_in(tx, by, &turn, facts).await?;
    offer_in(tx, app, &Case { introduction, ..case }).await?;
    Ok(())
}

/// Sends the offered times to the enterprise under a fresh link.
pub(super) async fn offer_in(tx: &Tx, app: &App, case: &Case) -> Result<(), Fault> {
    let token = link::make_in(tx, &case.introduction, Side::Enterprise, case.asker.id, app.clock.now()).await?;
    let letter = mail::enqueue(tx, app, letters::accepted(app, case, &case.asker, &token)?).await?;
    store::set_letter(tx, case.introduction.id, letter).await
}

/// The words that are ticked for a consent, as `side` reads them.
pub fn consent_words(app: &App, side: Side, language: Language) -> String {
    let key = match side {
        Side::Enterprise => "introduction-consent-enterprise",
        Side::Team => "introduction-consent-team",
    };
    app.templates.words().word(language, key)
}

/// Records that one side agrees to show its contact to the other, in the words that were ticked.
pub(super) async fn give_in(
    tx: &Tx,
    app: &App,
    case: &Case,
    side: Side,
    by: Answerer,
    phone: Phone,
    language: Language,
) -> Result<crate::id::ConsentId, Fault> {
    let recipient = match side {
        Side::Enterprise => case.introduction.team,
        Side::Team => case.introduction.enterprise,
    };
    let mut fields = vec![Field::Name, Field::Email];
    if phone == Phone::Shown {
        fields.push(Field::Phone);
    }
    let named = match side {
        Side::Enterprise => case.team.organisation.name.clone(),
        Side::Team => case.enterprise_for(app, Side::Team, language),
    };
    let words = Say::new("introduction-consent-record")
        .with("words", consent_words(app, side, language))
        .with("recipient", named)
        .with("need", &case.need.content.title);
    let consent = Consent {
        member: by.member,
        recipient,
        about: case.introduction.about(),
        text_version: CONSENT_VERSION.to_owned(),
        text: app.templates.tell(language, &words),
        fields,
        channel: by.channel(),
    };
    consent::give(tx, &consent, app.clock.now()).await
}

#[derive(Clone, Copy)]
struct Said<'a> {
    reason: DeclineReason,
    words: &'a str,
    door: Door,
    colleague: Option<OrganisationId>,
}

async fn decline_in(tx: &Tx, app: &App, by: Answerer, id: IntroductionId, said: Said<'_>) -> Result<(), Error> {
    let now = app.clock.now();
    let note = said.reason.as_str();
    let turn = Turn { id, from: State::AwaitingTeam, step: Step::Decline, actor: Actor::Team, note, now };
    let facts = Facts::none().team_says(Reply::Decline, by.member, now).declined(said.reason, said.words);
    let introduction = move_in(tx, by, &turn, facts).await?;
    if said.door == Door::Shut {
        organisation::block::block_in(tx, introduction.team, introduction.enterprise, note, now).await?;
        // Both sides' suggestions must drop the pair.
        crate::changes::mark(tx, index::Kind::Team, introduction.team.0);
        crate::changes::mark(tx, index::Kind::Need, introduction.need.0);
    }
    let case = Case::load(tx, introduction).await?;
    let letter = match said.colleague {
        Some(colleague) => {
            refer_in(tx, app, &case, by.member, colleague).await?;
            letters::referred(app, &case, &case.asker)?
        }
        None => letters::declined(app, &case, &case.asker)?,
    };
    mail::enqueue(tx, app, letter).await?;
    Ok(())
}

/// Makes the colleague a question of his own, which staff look at like any other.
async fn refer_in(tx: &Tx, app: &App, case: &Case, referrer: MemberId, colleague: OrganisationId) -> Result<(), Error> {
    let now = app.clock.now();
    let from = &case.introduction;
    let team = team::store::by_id(tx, colleague).await?.filter(|team| team.organisation.is_verified());
    let Some(team) = team.filter(|team| team.organisation.id != from.team) else { return Err(Error::Colleague) };
    let is_blocked = organisation::store::blocked_with(tx, from.enterprise).await?.contains(&colleague);
    let is_busy = !store::of_pair(tx, from.need, colleague).await?.is_empty();
    if is_blocked || is_busy || propose::places_left(tx, app, &team, now).await? == 0 {
        return Err(Error::Colleague);
    }
    tracing::debug!(introduction.id = %from.id, member.id = %referrer, "a colleague was named");
    let result = crate::matching::store::one(tx, from.need, colleague).await?.map(|found| found.result);
    let due_at = calendar::store::load(tx).await?.add_working_days(now, app.config.park_days, app.config.time_zone);
    let new = store::New {
        need: from.need,
        result,
        enterprise: from.enterprise,
        team: colleague,
        asked_by: from.asked_by,
        reason: &from.reason,
        due_at,
        referred_from: Some(from.id),
    };
    store::insert(tx, &new, now).await?;
    Ok(())
}

async fn postpone_in(tx: &Tx, app: &App, by: Answerer, id: IntroductionId) -> Result<(), Error> {
    let now = app.clock.now();
    let due = now + TimeDelta::days(i64::from(app.config.later_days));
    let before = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    if before.state == State::AwaitingTeam && before.postponed {
        return Err(Error::LaterTwice);
    }
    let turn = Turn { id, from: State::AwaitingTeam, step: Step::Postpone, actor: Actor::Team, note: "", now };
    let introduction = move_in(tx, by, &turn, Facts::none().postponed().due(Some(due))).await?;
    let case = Case::load(tx, introduction).await?;
    mail::enqueue(tx, app, letters::postponed(app, &case, &case.asker)?).await?;
    Ok(())
}
