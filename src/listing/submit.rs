//! Sending a listing to staff: a draft, one that came back, or a change to one that is live.
//!
//! A change to what is live is looked at like a new listing, and meanwhile the page is not public:
//! the graph has one state for "staff look at it", and nobody reads what no staff has seen.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Listing, State, Step, draft, form, step, store},
};

/// Why it was not sent.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing, or it is not this member's.
    NotYours,
    /// Where it stands now, it is not sent to staff.
    NotNow(State),
    /// Something is still missing.
    Incomplete,
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

/// Sends what is saved of a listing to staff.
pub async fn submit(app: &App, member: MemberId, id: ListingId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let listing = draft::writable_in(tx, member, id).await?.ok_or(Error::NotYours)?;
            if !form::missing(listing.kind, &listing.content).is_empty() {
                return Err(Error::Incomplete);
            }
            submit_in(tx, app, id).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`submit`] in a transaction, for callers that have checked what is missing or, like an import,
/// take it as it is. A title and a zone there must be.
pub async fn submit_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Error> {
    let listing = store::by_id(tx, id).await?.ok_or(Error::NotYours)?;
    if listing.content.title.is_empty() || listing.content.zone.is_none() {
        return Err(Error::Incomplete);
    }
    let to = step(listing.state, Step::Submit).ok_or(Error::NotNow(listing.state))?;
    move_in(tx, app, &listing, to).await
}

/// What the form of a listing that was just rewritten does: a draft is sent, what is live is
/// revised.
pub(super) async fn send_in(tx: &Tx, app: &App, listing: &Listing) -> Result<(), draft::Error> {
    let by = if listing.state == State::Live { Step::Revise } else { Step::Submit };
    let to = step(listing.state, by).ok_or(draft::Error::NotNow(listing.state))?;
    move_in(tx, app, listing, to).await.map_err(|error| match error {
        Error::NotYours => draft::Error::NotYours,
        Error::NotNow(state) => draft::Error::NotNow(state),
        Error::Incomplete => draft::Error::Fault(Fault::corrupt("a listing without title or zone")),
        Error::Fault(fault) => draft::Error::Fault(fault),
    })
}

async fn move_in(tx: &Tx, app: &App, listing: &Listing, to: State) -> Result<(), Error> {
    if !store::move_state(tx, listing.id, listing.state, to, app.clock.now(), None, None).await? {
        return Err(Error::NotNow(listing.state));
    }
    if listing.state == State::Live {
        changes::mark(tx, listing.kind.indexed(), listing.id.0);
    }
    Ok(())
}
