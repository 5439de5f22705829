//! What the owner does with a listing that staff have seen, and with one that he gives up: pause,
//! resume, renew, resolve, withdraw, archive. He does it signed in, or by the link of a letter
//! ([`by_letter`]), which acts once.

use chrono::TimeDelta;

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Actor, Ending, Happened, Listing, Outcome, State, Step, ask, draft, link, step, store},
    member, organisation,
};

/// Why nothing happened.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing, or it is not this member's.
    NotYours,
    /// Where it stands now, this cannot happen.
    NotNow(State),
    /// Its end is not near yet, or it was renewed a moment ago.
    NotYet,
    /// The link of the letter has acted, or the question is answered.
    LinkUsed,
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
    take_in(tx, app, id, Step::Pause, None, BY_OWNER).await
}

/// Shows a paused listing again.
pub async fn resume(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Resume, None).await
}

/// [`resume`] in a transaction.
pub async fn resume_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Resume, None, BY_OWNER).await
}

/// Takes back what was sent in a moment ago; staff have not looked at it.
pub async fn undo(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Undo, None).await
}

/// Says that a listing still holds; it is good for another full time from now.
pub async fn renew(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Renew, None).await
}

/// [`renew`] in a transaction.
pub async fn renew_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Renew, None, BY_OWNER).await
}

/// Says how it was solved.
pub async fn resolve(app: &App, member: MemberId, id: ListingId, outcome: Outcome, note: &str) -> Result<(), Error> {
    resolve_as(app, member, id, &Ending::plain(outcome, note)).await
}

/// [`resolve`], with what solved it.
pub async fn resolve_as(app: &App, member: MemberId, id: ListingId, ending: &Ending) -> Result<(), Error> {
    by_member(app, member, id, Step::Resolve, Some(ending)).await
}

/// [`resolve`] in a transaction.
pub async fn resolve_in(tx: &Tx, app: &App, id: ListingId, outcome: Outcome, note: &str) -> Result<(), Error> {
    take_in(tx, app, id, Step::Resolve, Some(&Ending::plain(outcome, note)), BY_OWNER).await
}

/// Gives it up.
pub async fn withdraw(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Withdraw, None).await
}

/// [`withdraw`] in a transaction.
pub async fn withdraw_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Withdraw, None, BY_OWNER).await
}

/// Puts away what has ended.
pub async fn archive(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    by_member(app, member, id, Step::Archive, None).await
}

/// [`archive`] in a transaction.
pub async fn archive_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    take_in(tx, app, id, Step::Archive, None, BY_OWNER).await
}

/// What the owner answers to the letter that asks whether a listing still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It does.
    Renew,
    /// It is solved.
    Resolved(Ending),
    /// He gives it up, in these words.
    GaveUp(String),
}

/// The owner answers by the link of a letter, without signing in. The link is used up by it, and
/// every other link of the listing is worthless from then on.
pub async fn by_letter(app: &App, found: &link::Link, said: &Said) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let now = app.clock.now();
            if !store::use_link(tx, found.id, now).await? {
                return Err(Error::LinkUsed);
            }
            let listing = store::by_id(tx, found.listing).await?.ok_or(Error::NotYours)?;
            // Whoever has left the organisation since the letter was written answers for it no more.
            if !organisation::store::speaks_for(tx, found.member, listing.owner).await? {
                return Err(Error::NotYours);
            }
            let by = By { actor: Actor::Letter, member: Some(found.member) };
            let given_up;
            let (step, ending) = match said {
                Said::Renew => (Step::Renew, None),
                Said::Resolved(ending) => (Step::Resolve, Some(ending)),
                Said::GaveUp(note) => {
                    given_up = Ending::plain(Outcome::GaveUp, note);
                    (Step::Withdraw, Some(&given_up))
                }
            };
            take_in(tx, app, found.listing, step, ending, by).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// Who takes a step.
#[derive(Debug, Clone, Copy)]
struct By {
    actor: Actor,
    member: Option<MemberId>,
}

/// Imports and the demo act for the owner.
const BY_OWNER: By = By { actor: Actor::Owner, member: None };

async fn by_member(app: &App, member: MemberId, id: ListingId, by: Step, ending: Option<&Ending>) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            draft::writable_in(tx, member, id).await?.ok_or(Error::NotYours)?;
            let is_staff = member::store::by_id(tx, member).await?.is_some_and(|member| member.role.is_staff());
            let actor = if is_staff { Actor::Staff } else { Actor::Owner };
            take_in(tx, app, id, by, ending, By { actor, member: Some(member) }).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// Takes one step of the graph.
async fn take_in(tx: &Tx, app: &App, id: ListingId, by: Step, ending: Option<&Ending>, who: By) -> Result<(), Error> {
    let now = app.clock.now();
    // Whoever renews or ends it at the same moment waits here, and finds it moved.
    store::hold(tx, id).await?;
    let listing = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    let to = step(listing.state, by).ok_or(Error::NotNow(listing.state))?;
    if by == Step::Renew && !listing.is_renewable(now) {
        return Err(Error::NotYet);
    }
    if by == Step::Undo && !listing.can_be_undone(now) {
        return Err(Error::NotNow(listing.state));
    }
    if to == State::Live && !owner_is_verified(tx, &listing).await? {
        return Err(Error::OwnerNotVerified);
    }
    let days = app.config.listing_days;
    let term =
        (by == Step::Renew).then(|| store::Term { until: now + TimeDelta::days(days.into()), days, renewed: true });
    if !store::move_state(tx, id, listing.state, to, now, term, ending).await? {
        return Err(Error::NotNow(listing.state));
    }
    let note = ending.map(|ending| ending.note.clone()).unwrap_or_default();
    let line = Happened { step: by.as_str().to_owned(), actor: who.actor, note, changes: Vec::new(), made_at: now };
    store::note(tx, id, &line, who.member).await?;
    changes::mark(tx, listing.kind.indexed(), id.0);
    if matches!(by, Step::Renew | Step::Resolve | Step::Withdraw | Step::Archive) {
        link::revoke_in(tx, app, id).await?;
        ask::answered_in(tx, app, &listing, by).await?;
    }
    Ok(())
}

/// Whether staff found the owner to be what it says.
pub(super) async fn owner_is_verified(tx: &Tx, listing: &Listing) -> Result<bool, Fault> {
    Ok(organisation::store::by_id(tx, listing.owner).await?.is_some_and(|owner| owner.is_verified()))
}
