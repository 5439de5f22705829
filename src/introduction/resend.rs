//! Staff send a question again: a new letter with a new link, and the old ones are worthless. For
//! a letter that was lost on its way, and for somebody who cannot find it any more.

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::IntroductionId,
    introduction::{
        Actor, State, Step, answer,
        case::Case,
        pass,
        store::{self, Facts, Turn},
    },
    mail,
};

/// Why nothing was sent.
#[derive(Debug)]
pub enum Error {
    /// There is no such introduction.
    NoSuch,
    /// There is no question out.
    NothingToSend(State),
    /// The need has ended, or the pair was closed for good.
    Unwanted,
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

/// Sends the question that is open again, to whoever has to answer it.
pub async fn resend(app: &App, id: IntroductionId) -> Result<(), Error> {
    app.db.write(async |tx| resend_in(tx, app, id, Actor::Staff).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`resend`] in a transaction; the clock asks again this way what was put off.
pub(super) async fn resend_in(tx: &Tx, app: &App, id: IntroductionId, actor: Actor) -> Result<(), Error> {
    let now = app.clock.now();
    let before = store::by_id(tx, id).await?.ok_or(Error::NoSuch)?;
    let step = match (before.state, before.team_answer) {
        (State::AwaitingTeam | State::Later | State::ChannelFailed, None) => Step::AskAgain,
        (State::Accepted | State::ChannelFailed, Some(_)) => Step::OfferAgain,
        (state, _) => return Err(Error::NothingToSend(state)),
    };
    let turn = Turn { id, from: before.state, step, actor, note: "", now };
    let Some(introduction) = store::advance(tx, &turn, Facts::none().asked()).await? else {
        let stands = store::by_id(tx, id).await?.ok_or(Error::NoSuch)?;
        return Err(Error::NothingToSend(stands.state));
    };
    if pass::is_unwanted(tx, &introduction).await? {
        return Err(Error::Unwanted);
    }
    let about = introduction.about();
    mail::replace::replace_in(tx, &about, "introduction/ask").await?;
    mail::replace::replace_in(tx, &about, "introduction/accepted").await?;
    let case = Case::load(tx, introduction).await?;
    let reader = if step == Step::OfferAgain { Some(&case.asker) } else { case.lead.as_ref() };
    if let Some(reader) = reader.filter(|_| actor == Actor::Staff) {
        // They have looked at the address; a refusal before does not stand in the way.
        mail::again::lift_in(tx, app, &reader.email).await?;
    }
    match step {
        Step::OfferAgain => answer::offer_in(tx, app, &case).await?,
        _ => pass::ask_in(tx, app, &case).await?,
    }
    Ok(())
}
