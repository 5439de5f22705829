//! The clock before the end: fourteen days, seven days and one day before a listing expires its
//! owner is asked whether it still holds.
//!
//! After a standstill only the nearest of the letters that are due is written. A listing that nobody
//! can be written to is noted all the same, so that it is not looked at again and again.

use chrono::TimeDelta;

use crate::{
    app::App,
    fault::Fault,
    id::ListingId,
    listing::{REMINDERS, RENEWABLE_DAYS, State, letters, store, view},
    mail,
};

/// How many are written to in one transaction.
const AT_ONCE: u64 = 50;

/// Writes the reminders that are due; returns how many listings were seen to.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let ids = store::to_remind(&app.db, now, AT_ONCE).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    app.db
        .write(async |tx| {
            let mut done = 0;
            for id in ids {
                let Some(listing) = store::by_id(tx, id).await? else { continue };
                let Some(end) = listing.expires_at.filter(|end| now < *end) else { continue };
                let due = REMINDERS.into_iter().filter(|days| end <= now + TimeDelta::days((*days).into())).min();
                let Some(days) = due else { continue };
                // Ended, renewed or written to between the look and this transaction.
                let is_open = matches!(listing.state, State::Live | State::Paused);
                if !is_open || !store::set_reminded(tx, id, days).await? {
                    continue;
                }
                letters::expiring(tx, app, &listing, days).await?;
                done += 1;
            }
            Ok(done)
        })
        .await
}

/// Staff have the question sent once more under a fresh link; `false` when there is nothing to ask.
pub async fn again(app: &App, id: ListingId) -> Result<bool, Fault> {
    let now = app.clock.now();
    let sent = app
        .db
        .write(async |tx| {
            let Some(listing) = store::by_id(tx, id).await? else { return Ok(false) };
            let Some(end) = listing.expires_at else { return Ok(false) };
            let left = (end - now).num_days();
            for name in ["listing/expiring", "listing/expired", "listing/asked"] {
                mail::replace::replace_in(tx, &letters::about(id), name).await?;
            }
            match view::shown_state(&listing, now) {
                State::Live | State::Paused if left <= RENEWABLE_DAYS => {
                    letters::expiring(tx, app, &listing, u32::try_from(left).unwrap_or(0).max(1)).await?;
                }
                State::Expired => letters::expired(tx, app, &listing).await?,
                _ => return Ok(false),
            }
            Ok::<_, Fault>(true)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(sent)
}
