//! 请发布方确认是否仍需要: somebody who finds an expired listing asks its owner whether it still holds.
//!
//! It is one message and no introduction: nobody is named to anybody, and whoever asked is told when
//! the owner has answered. The owner is written to once in `QUIET`, however many ask.

use chrono::TimeDelta;

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Actor, Happened, Listing, State, Step, letters, store, view},
    member, organisation,
};

/// How long the owner hears nothing more after he was asked.
const QUIET: TimeDelta = TimeDelta::days(7);

/// Why nobody was asked.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing, or it never was public.
    NoSuch,
    /// It has not expired: it holds, or its owner has said how it ended.
    NotExpired(State),
    /// It is the member's own.
    Own,
    /// The member speaks for no verified organisation.
    NotVerified,
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

/// Asks the owner; asking again before he has answered changes nothing.
pub async fn ask(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let now = app.clock.now();
            let listing = store::by_id(tx, id).await?.filter(|each| each.state.is_public()).ok_or(Error::NoSuch)?;
            let state = view::shown_state(&listing, now);
            if state != State::Expired {
                return Err(Error::NotExpired(state));
            }
            let speaks_for = organisation::store::of_member(tx, member).await?;
            if speaks_for.iter().any(|each| each.id == listing.owner) {
                return Err(Error::Own);
            }
            if !speaks_for.iter().any(organisation::Organisation::is_verified) {
                return Err(Error::NotVerified);
            }
            let is_first = store::asked_since(tx, id, now - QUIET).await? == 0;
            if !store::insert_asker(tx, id, member, now).await? {
                return Ok(());
            }
            if is_first {
                letters::asked(tx, app, &listing).await?;
                let line = Happened {
                    step: "asked".to_owned(),
                    actor: Actor::Letter,
                    note: String::new(),
                    changes: Vec::new(),
                    made_at: now,
                };
                store::note(tx, id, &line, None).await?;
            }
            Ok(())
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// The owner has answered: those who asked are told.
pub(super) async fn answered_in(tx: &Tx, app: &App, listing: &Listing, by: Step) -> Result<(), Fault> {
    for asker in store::answer_askers(tx, listing.id, app.clock.now()).await? {
        if let Some(asker) = member::store::by_id(tx, asker).await? {
            letters::answered(tx, app, listing, &asker, by).await?;
        }
    }
    Ok(())
}
