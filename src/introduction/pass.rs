//! Staff look at a request for a working day: they may make its reason better, let it pass, or
//! stop it and say why. When their time runs out it passes by itself ([`crate::introduction::clock`]).

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::{IntroductionId, MemberId},
    introduction::{
        Actor, Introduction, REASON_LEAST, REASON_MOST, Side, State, Step,
        case::Case,
        letters::{self, Over},
        link, step,
        store::{self, Facts, Turn},
    },
    listing::{self, State as Listed},
    mail, organisation, team,
};

/// Why nothing was done.
#[derive(Debug)]
pub enum Error {
    /// There is no such introduction.
    NoSuch,
    /// It stands somewhere else now.
    Moved(State),
    /// The need has ended, or the pair was closed for good: it may only be stopped.
    Unwanted,
    /// The reason, or the words to the asker, are missing or too long.
    Words,
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

/// Staff let a request go to the team.
pub async fn pass(app: &App, staff: MemberId, id: IntroductionId) -> Result<(), Error> {
    app.db.write(async |tx| pass_in(tx, app, Some(staff), id).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`pass`] in a transaction; without a member of staff it was their time that ran out.
pub async fn pass_in(tx: &Tx, app: &App, staff: Option<MemberId>, id: IntroductionId) -> Result<(), Error> {
    let now = app.clock.now();
    let actor = if staff.is_some() { Actor::Staff } else { Actor::Clock };
    let turn = Turn { id, from: State::AwaitingPark, step: Step::Pass, actor, note: "", now };
    let Some(introduction) = store::advance(tx, &turn, Facts::none().asked().passed(now, staff)).await? else {
        return Err(elsewhere(tx, id).await?);
    };
    if is_unwanted(tx, &introduction).await? {
        return Err(Error::Unwanted);
    }
    team::engage::engage_in(tx, introduction.team, &introduction.about(), now).await?;
    let case = Case::load(tx, introduction).await?;
    if let Some(office) = &case.team.office_email {
        mail::enqueue(tx, app, letters::office(app, &case, office)?).await?;
    }
    ask_in(tx, app, &case).await?;
    Ok(())
}

/// Whether the question has lost its sense since it was asked: the need has ended otherwise than by
/// running out, or one side has closed the pair for good.
pub(super) async fn is_unwanted(tx: &Tx, introduction: &Introduction) -> Result<bool, Fault> {
    let need = listing::store::by_id(tx, introduction.need).await?;
    let has_ended = need.is_none_or(|need| {
        matches!(need.state, Listed::Resolved | Listed::Withdrawn | Listed::Rejected | Listed::Archived)
    });
    let shut = organisation::store::blocked_with(tx, introduction.enterprise).await?;
    Ok(has_ended || shut.contains(&introduction.team))
}

/// Sends the question to the team's lead under a fresh link. A team that nobody can be asked for
/// waits for staff.
pub(super) async fn ask_in(tx: &Tx, app: &App, case: &Case) -> Result<(), Fault> {
    let now = app.clock.now();
    let Some(lead) = &case.lead else {
        return lose_in(tx, app, &case.introduction, "").await.map(|_| ());
    };
    let token = link::make_in(tx, &case.introduction, Side::Team, lead.id, now).await?;
    let letter = mail::enqueue(tx, app, letters::ask(app, case, lead, &token)?).await?;
    store::set_letter(tx, case.introduction.id, letter).await
}

/// A letter did not arrive, or there is nobody to write to: staff must act, and have as long for
/// it as the team has to answer.
pub(super) async fn lose_in(tx: &Tx, app: &App, introduction: &Introduction, note: &str) -> Result<bool, Fault> {
    let now = app.clock.now();
    let calendar = crate::calendar::store::load(tx).await?;
    let due = calendar.add_working_days(now, app.config.answer_days, app.config.time_zone);
    let turn =
        Turn { id: introduction.id, from: introduction.state, step: Step::LoseChannel, actor: Actor::Mail, note, now };
    Ok(store::advance(tx, &turn, Facts::none().due(Some(due))).await?.is_some())
}

/// Staff make the reason better before it goes out.
pub async fn improve(app: &App, id: IntroductionId, reason: &str) -> Result<(), Error> {
    if !(REASON_LEAST..=REASON_MOST).contains(&reason.chars().count()) {
        return Err(Error::Words);
    }
    app.db
        .write(async |tx| {
            let now = app.clock.now();
            let turn = Turn { id, from: State::AwaitingPark, step: Step::Improve, actor: Actor::Staff, note: "", now };
            match store::advance(tx, &turn, Facts::none().reason(reason)).await? {
                Some(_) => Ok(()),
                None => Err(elsewhere(tx, id).await?),
            }
        })
        .await
}

/// Staff end a request that waits for them, and say why.
pub async fn stop(app: &App, id: IntroductionId, words: &str) -> Result<(), Error> {
    app.db.write(async |tx| stop_in(tx, app, id, words, Actor::Staff).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`stop`] in a transaction; the clock stops this way what has lost its sense.
pub(super) async fn stop_in(tx: &Tx, app: &App, id: IntroductionId, words: &str, actor: Actor) -> Result<(), Error> {
    if words.is_empty() || words.chars().count() > REASON_MOST {
        return Err(Error::Words);
    }
    let now = app.clock.now();
    let before = store::by_id(tx, id).await?.ok_or(Error::NoSuch)?;
    if step(before.state, Step::Stop).is_none() {
        return Err(Error::Moved(before.state));
    }
    let turn = Turn { id, from: before.state, step: Step::Stop, actor, note: words, now };
    let Some(introduction) = store::advance(tx, &turn, Facts::none().closed(words)).await? else {
        return Err(elsewhere(tx, id).await?);
    };
    let case = end_in(tx, app, introduction, before.state, Over::Stopped).await?;
    mail::enqueue(tx, app, letters::stopped(app, &case, &case.asker)?).await?;
    Ok(())
}

/// Clears up behind an introduction that ended before contacts were exchanged: its links are
/// worthless, letters that still wait are not sent, the team's place is free again, and a team
/// that knows of it and does not know the end is told.
pub(super) async fn end_in(
    tx: &Tx,
    app: &App,
    introduction: Introduction,
    before: State,
    why: Over,
) -> Result<Case, Fault> {
    let about = introduction.about();
    store::revoke_links(tx, introduction.id, app.clock.now()).await?;
    let unasked = mail::replace::replace_in(tx, &about, "introduction/ask").await?;
    mail::replace::replace_in(tx, &about, "introduction/accepted").await?;
    team::engage::release_in(tx, introduction.team, &about).await?;
    let case = Case::load(tx, introduction).await?;
    let answered = case.introduction.team_answer.is_some();
    let was_asked = match before {
        State::AwaitingTeam => unasked == 0,
        State::Later | State::Accepted => true,
        // What was lost on the way to the team is no news to it; what was lost on the way back is.
        _ => answered,
    };
    let is_silent_itself = matches!(why, Over::Silent) && !answered;
    if let Some(lead) = &case.lead
        && was_asked
        && !is_silent_itself
    {
        mail::enqueue(tx, app, letters::over(app, &case, lead, why)?).await?;
    }
    Ok(case)
}

pub(super) async fn elsewhere(tx: &Tx, id: IntroductionId) -> Result<Error, Fault> {
    Ok(store::by_id(tx, id).await?.map_or(Error::NoSuch, |introduction| Error::Moved(introduction.state)))
}
