//! The enterprise chooses: it takes one of the offered times, which is the second yes, or says no.
//!
//! **Invariant:** everything that the second yes brings about (its consent, both disclosures, both
//! letters and the park's copy) is committed together or not at all
//! (`contacts_leave_only_through_a_recorded_disclosure`).

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::IntroductionId,
    introduction::{
        Actor, Introduction, Reply, Side, State, Step,
        answer::{self, Phone},
        case::Case,
        letters::{self, Over},
        link::Answerer,
        pass,
        store::{self, Facts, Shown, Turn},
    },
    mail::{self, Address},
    member::{self, consent},
    words::Language,
};

/// What an enterprise says to the offered times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Yes, at this time.
    Take {
        /// One of those that the team offered.
        time: DateTime<Utc>,
        /// Whether the telephone is shown besides name and address.
        phone: Phone,
        /// In which language the words of consent were read.
        language: Language,
    },
    /// None of them fits, or it has found another way.
    Refuse {
        /// What the team reads; may be empty.
        words: String,
    },
}

/// Why a choice was not taken.
#[derive(Debug)]
pub enum Error {
    /// There is no such introduction, or it is not this member's.
    NotYours,
    /// There is nothing to choose any more, or the link is not good any more.
    Answered,
    /// The team did not offer this time, or it is over.
    Time,
    /// The team has taken its consent back.
    ConsentWithdrawn,
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

/// The enterprise chooses. The second of two choices finds the first.
pub async fn choose(app: &App, by: Answerer, id: IntroductionId, choice: &Choice) -> Result<(), Error> {
    app.db.write(async |tx| choose_in(tx, app, by, id, choice).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`choose`] in a transaction.
pub async fn choose_in(tx: &Tx, app: &App, by: Answerer, id: IntroductionId, choice: &Choice) -> Result<(), Error> {
    match choice {
        Choice::Take { time, phone, language } => take_in(tx, app, by, id, *time, *phone, *language).await,
        Choice::Refuse { words } => refuse_in(tx, app, by, id, words).await,
    }
}

async fn move_in(tx: &Tx, by: Answerer, turn: &Turn<'_>, facts: Facts) -> Result<Introduction, Error> {
    let Some(introduction) = store::advance(tx, turn, facts).await? else {
        store::by_id(tx, turn.id).await?.ok_or(Error::NotYours)?;
        return Err(Error::Answered);
    };
    if by.answers_in(tx, &introduction, Side::Enterprise, turn.now).await? {
        return Ok(introduction);
    }
    if by.is_signed_in() { Err(Error::NotYours) } else { Err(Error::Answered) }
}

async fn take_in(
    tx: &Tx,
    app: &App,
    by: Answerer,
    id: IntroductionId,
    time: DateTime<Utc>,
    phone: Phone,
    language: Language,
) -> Result<(), Error> {
    let now = app.clock.now();
    let before = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    if before.state != State::Accepted {
        return Err(Error::Answered);
    }
    if !before.times_left(now).any(|each| each == time) {
        return Err(Error::Time);
    }
    let Some(of_team) = before.team_consent else { return Err(Fault::corrupt("a yes without a consent").into()) };
    let case = Case::load(tx, before).await?;
    let of_enterprise = answer::give_in(tx, app, &case, Side::Enterprise, by, phone, language).await?;
    let turn = Turn { id, from: State::Accepted, step: Step::Choose, actor: Actor::Enterprise, note: "", now };
    let facts = Facts::none().enterprise_says(Reply::Accept, "", now).exchanged(time, of_enterprise, now);
    let introduction = move_in(tx, by, &turn, facts).await?;

    let team = consent::disclose(tx, of_team, now).await?.ok_or(Error::ConsentWithdrawn)?;
    let enterprise = consent::disclose(tx, of_enterprise, now).await?.ok_or(Error::ConsentWithdrawn)?;
    let (team, enterprise) = (Shown::of(&team)?, Shown::of(&enterprise)?);
    store::keep_contacts(tx, id, &team, &enterprise).await?;

    let answered_by = introduction.team_answered_by;
    let case = Case { introduction, ..case };
    // Whoever gave his own contact gets the other's.
    let chooser = member::store::by_id(tx, by.member).await?.ok_or_else(|| Fault::corrupt("a choice by nobody"))?;
    let answerer = match answered_by {
        Some(member) => member::store::by_id(tx, member).await?,
        None => None,
    };
    let answerer = answerer.ok_or_else(|| Fault::corrupt("a yes by nobody"))?;
    // The question has its answer: a copy of it that still waits must not come after the contacts.
    mail::replace::replace_in(tx, &case.introduction.about(), "introduction/accepted").await?;
    let to_team = letters::exchanged(app, &case, &answerer, Side::Team, &enterprise, time)?.discloses(of_enterprise);
    let to_enterprise = letters::exchanged(app, &case, &chooser, Side::Enterprise, &team, time)?.discloses(of_team);
    mail::enqueue(tx, app, to_team).await?;
    mail::enqueue(tx, app, to_enterprise).await?;
    if let Some(desk) = Address::parse(&app.config.desk_email) {
        mail::enqueue(tx, app, letters::copy(app, &case, &desk, time)?).await?;
    }
    Ok(())
}

async fn refuse_in(tx: &Tx, app: &App, by: Answerer, id: IntroductionId, words: &str) -> Result<(), Error> {
    let now = app.clock.now();
    let turn = Turn { id, from: State::Accepted, step: Step::Refuse, actor: Actor::Enterprise, note: "", now };
    let introduction = move_in(tx, by, &turn, Facts::none().enterprise_says(Reply::Decline, words, now)).await?;
    pass::end_in(tx, app, introduction, State::Accepted, Over::Refused).await?;
    Ok(())
}
