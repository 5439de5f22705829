//! The enterprise takes its question back, from wherever it stands before contacts are exchanged. Within
//! [`UNDO_MINUTES`], while it waits for staff, it is as if it had not been sent.

use chrono::TimeDelta;

use crate::{
    app::App,
    fault::{Cause, Fault},
    id::{IntroductionId, MemberId},
    introduction::{
        Actor, State, Step, UNDO_MINUTES,
        letters::Over,
        pass,
        store::{self, Facts, Turn},
    },
    organisation,
};

/// Why nothing was taken back.
#[derive(Debug)]
pub enum Error {
    /// There is no such introduction, or it is not this member's.
    NotYours,
    /// It has ended, or contacts are exchanged.
    TooLate(State),
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

/// Takes it back. A letter that has not left is not sent any more.
pub async fn withdraw(app: &App, member: MemberId, id: IntroductionId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let now = app.clock.now();
            let before = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
            if !organisation::store::speaks_for(tx, member, before.enterprise).await? {
                return Err(Error::NotYours);
            }
            if !before.state.is_open() {
                return Err(Error::TooLate(before.state));
            }
            let turn = Turn { id, from: before.state, step: Step::Withdraw, actor: Actor::Enterprise, note: "", now };
            // Nobody but staff can have read it, and hardly they: it does not count against the month.
            let undone =
                before.state == State::AwaitingPark && now - before.created_at <= TimeDelta::minutes(UNDO_MINUTES);
            let facts = if undone { Facts::none().undone() } else { Facts::none() };
            let Some(introduction) = store::advance(tx, &turn, facts).await? else {
                let stands = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
                return Err(Error::TooLate(stands.state));
            };
            pass::end_in(tx, app, introduction, before.state, Over::Withdrawn).await?;
            Ok(())
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}
