//! Staff look at a listing: publish it, send it back with reasons, or say that it will not be
//! published. The author reads what they wrote, by letter and on the page.
//!
//! **Invariant:** only what a verified organisation posted, and what the scores allow, goes live
//! (`a_listing_of_an_organisation_that_is_not_verified_stays_in_review`,
//! `scores_that_call_for_more_do_not_publish`).

use chrono::TimeDelta;

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Listing, Review, Scores, State, Step, Verdict, close::owner_is_verified, letters, step, store},
};

/// Why nothing was decided.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing.
    Gone,
    /// It does not wait for staff: somebody else was first, or the owner took it back.
    NotNow(State),
    /// Its owner has sent it again since the page was opened.
    ChangedMeanwhile,
    /// Staff have not compared the owner with its papers, or found it otherwise.
    OwnerNotVerified,
    /// The scores call for something else than publishing.
    ScoresSay(Verdict),
    /// Whoever does not publish says why.
    ReasonMissing,
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

/// Decides about a listing, as `staff` see it now.
pub async fn review(
    app: &App,
    staff: MemberId,
    id: ListingId,
    verdict: Verdict,
    scores: Scores,
    reason: &str,
) -> Result<(), Error> {
    app.db.write(async |tx| review_in(tx, app, Some(staff), id, verdict, scores, reason).await).await?;
    app.wake.notify_waiters();
    Ok(())
}

/// What staff decided, and which version of the listing they had before them.
#[derive(Debug, Clone)]
pub struct Found {
    /// The verdict.
    pub verdict: Verdict,
    /// The scores.
    pub scores: Scores,
    /// What the author reads.
    pub reason: String,
    /// The version that was read.
    pub version: i64,
}

/// [`review`], of a page that was opened some time ago.
pub async fn review_as_read(app: &App, staff: MemberId, id: ListingId, found: &Found) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let listing = store::by_id(tx, id).await?.ok_or(Error::Gone)?;
            if listing.state == State::InReview && listing.version != found.version {
                return Err(Error::ChangedMeanwhile);
            }
            review_in(tx, app, Some(staff), id, found.verdict, found.scores, &found.reason).await
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}

/// [`review`] in a transaction; nobody reviews an import that is published at once.
pub async fn review_in(
    tx: &Tx,
    app: &App,
    reviewer: Option<MemberId>,
    id: ListingId,
    verdict: Verdict,
    scores: Scores,
    reason: &str,
) -> Result<(), Error> {
    let listing = store::by_id(tx, id).await?.ok_or(Error::Gone)?;
    let by = match verdict {
        Verdict::Publish => Step::Publish,
        Verdict::Return => Step::Return,
        Verdict::Reject => Step::Reject,
    };
    let to = step(listing.state, by).ok_or(Error::NotNow(listing.state))?;
    allowed(tx, &listing, verdict, scores, reason).await?;
    let now = app.clock.now();
    let days = app.config.listing_days;
    let until = now + TimeDelta::days(days.into());
    let term = (verdict == Verdict::Publish).then_some(store::Term { until, days, renewed: false });
    if !store::move_state(tx, id, listing.state, to, now, term, None).await? {
        return Err(Error::NotNow(listing.state));
    }
    let made = Review { reviewer, verdict, scores, reason: reason.to_owned(), made_at: now };
    store::insert_review(tx, id, &made).await?;
    changes::mark(tx, listing.kind.indexed(), id.0);
    letters::reviewed(tx, app, &listing, &made).await?;
    Ok(())
}

async fn allowed(tx: &Tx, listing: &Listing, verdict: Verdict, scores: Scores, reason: &str) -> Result<(), Error> {
    match (verdict, scores.advice()) {
        (Verdict::Publish, Verdict::Publish) if owner_is_verified(tx, listing).await? => Ok(()),
        (Verdict::Publish, Verdict::Publish) => Err(Error::OwnerNotVerified),
        (Verdict::Publish, other) => Err(Error::ScoresSay(other)),
        (Verdict::Return | Verdict::Reject, _) if reason.trim().is_empty() => Err(Error::ReasonMissing),
        (Verdict::Return | Verdict::Reject, _) => Ok(()),
    }
}
