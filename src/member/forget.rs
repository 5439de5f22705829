//! Forgetting what has lost its use: codes of letters to sign in, and sessions that have ended.

use chrono::TimeDelta;

use crate::{app::App, fault::Fault, member::store};

/// Codes are kept for as long as wrong tries are counted, and a day more.
const CODES_KEPT: TimeDelta = TimeDelta::days(2);

/// Forgets what is over; returns how many rows went.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let (idle, _) = app.config.session_lasts();
    let gone = store::Over { asked_before: now - CODES_KEPT, seen_before: now - idle, now };
    // Looking first, so that a quiet site does not write.
    if !store::is_over(&app.db, gone).await? {
        return Ok(0);
    }
    app.db.write(async |tx| store::forget(tx, gone).await).await
}
