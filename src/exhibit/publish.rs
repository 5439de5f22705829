//! Publishing an exhibit and withdrawing it.

use chrono::NaiveDate;
use index::Kind;

use crate::{
    app::App,
    changes,
    exhibit::{State, store},
    fault::Fault,
    id::ExhibitId,
};

/// Publishes a draft, or one that was withdrawn. `false` when there is none.
pub async fn publish(app: &App, id: ExhibitId) -> Result<bool, Fault> {
    settle(app, id, State::Published, None).await
}

/// Withdraws a published exhibit on `today`. Its page stays.
pub async fn withdraw(app: &App, id: ExhibitId, today: NaiveDate) -> Result<bool, Fault> {
    settle(app, id, State::Withdrawn, Some(today)).await
}

async fn settle(app: &App, id: ExhibitId, state: State, on: Option<NaiveDate>) -> Result<bool, Fault> {
    let done = app
        .db
        .write(async |tx| {
            let Some(exhibit) = store::by_id(tx, id).await? else { return Ok(false) };
            // Nobody has seen a draft, so it cannot be withdrawn; a second press changes no day.
            let is_idle = exhibit.state == state || (exhibit.state, state) == (State::Draft, State::Withdrawn);
            if !is_idle {
                store::set_state(tx, id, state, on, app.clock.now()).await?;
                changes::mark(tx, Kind::Exhibit, id.0);
            }
            Ok(true)
        })
        .await;
    app.wake.notify_waiters();
    done
}
