//! What the owner does with a listing that staff have seen, and with one that he gives up: pause,
//! resume, renew, resolve, withdraw, archive.

use chrono::TimeDelta;

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Listing, Outcome, State, Step, draft, step, store},
    organisation,
};

/// Why nothing happened.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing, or it is not this member's.
    NotYours,
    /// Where it stands now, this cannot happen.
    NotNow(State),
    /// Staff have not compared the owner with its papers, or found it otherwise.
    OwnerNotVerified,
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

/// Takes a live listing out of sight for a while.
pub async fn pause(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Pause, None).await
}

/// [`pause`] in a transaction.
pub async fn pause_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Pause, None).await
}

/// Shows a paused listing again.
pub async fn resume(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Resume, None).await
}

/// [`resume`] in a transaction.
pub async fn resume_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Resume, None).await
}

/// Says that an expired listing still holds; it is live for another full time.
pub async fn renew(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Renew, None).await
}

/// [`renew`] in a transaction.
pub async fn renew_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Renew, None).await
}

/// Says how it was solved.
pub async fn resolve(app: &App, member: MemberId, id: ListingId, outcome: Outcome, note: &str) -> Result<(), Error> {
    by_member(app, member, id, Step::Resolve, Some((outcome, note))).await
}

/// [`resolve`] in a transaction.
pub async fn resolve_in(tx: &Tx, app: &App, id: ListingId, outcome: Outcome, note: &str) -> Result<(), Error> {
    take_in(tx, app, id, Step::Resolve, Some((outcome, note))).await
}

/// Gives it up.
pub async fn withdraw(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Withdraw, None).await
}

/// [`withdraw`] in a transaction.
pub async fn withdraw_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Withdraw, None).await
}

/// Puts away what has ended.
pub async fn archive(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Archive, None).await
}

/// [`archive`] in a transaction.
pub async fn archive_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Archive, None).await
}

async fn by_member(
    app: &App,
    member: MemberId,
    id: ListingId,
    by: Step,
    outcome: Option<(Outcome, &str)>,
) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            draft::writable_in(tx, member, id).await?.ok_or(Error::NotYours)?;
            take_in(tx, app, id, by, outcome).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// Takes one step of the graph.
async fn take_in(tx: &Tx, app: &App, id: ListingId, by: Step, outcome: Option<(Outcome, &str)>) -> Result<(), Error> {
    let listing = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    let to = step(listing.state, by).ok_or(Error::NotNow(listing.state))?;
    if to == State::Live && !owner_is_verified(tx, &listing).await? {
        return Err(Error::OwnerNotVerified);
    }
    let now = app.clock.now();
    let live_until = (by == Step::Renew).then(|| now + TimeDelta::days(app.config.listing_days.into()));
    if !store::move_state(tx, id, listing.state, to, now, live_until, outcome).await? {
        return Err(Error::NotNow(listing.state));
    }
    changes::mark(tx, listing.kind.indexed(), id.0);
    Ok(())
}

/// Whether staff found the owner to be what it says.
pub(super) async fn owner_is_verified(tx: &Tx, listing: &Listing) -> Result<bool, Fault> {
    Ok(organisation::store::by_id(tx, listing.owner).await?.is_some_and(|owner| owner.is_verified()))
}
