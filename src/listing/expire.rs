//! The clock of listings: what is live or paused when its time runs out has expired.
//!
//! A page never waits for this: whether a listing is live is read from its time
//! ([`crate::listing::Listing::is_live`]); working the clock off moves the state, so that the
//! owner is asked whether it still holds.

use crate::{
    app::App,
    changes,
    fault::Fault,
    listing::{Actor, Happened, Step, letters, step, store},
};

/// How many are moved in one transaction.
const AT_ONCE: u64 = 50;

/// Moves listings whose time has run out, and writes to their authors; returns how many.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let ids = store::run_out(&app.db, now, AT_ONCE).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    app.db
        .write(async |tx| {
            let mut moved = 0;
            for id in ids {
                let Some(listing) = store::by_id(tx, id).await? else { continue };
                let Some(to) = step(listing.state, Step::Expire) else { continue };
                // Renewed between the look and this transaction.
                if listing.expires_at.is_none_or(|end| now < end) {
                    continue;
                }
                if store::move_state(tx, id, listing.state, to, now, None, None).await? {
                    changes::mark(tx, listing.kind.indexed(), id.0);
                    let line = Happened {
                        step: Step::Expire.as_str().to_owned(),
                        actor: Actor::Clock,
                        note: String::new(),
                        changes: Vec::new(),
                        made_at: now,
                    };
                    store::note(tx, id, &line, None).await?;
                    letters::expired(tx, app, &listing).await?;
                    moved += 1;
                }
            }
            Ok(moved)
        })
        .await
}
