//! A team takes nothing new until a day, or in its holidays; and the clock that sees it go and come back.
//!
//! Whether a team is away is worked out from its days; what was worked out is kept in its row, so that
//! suggestions change when a team goes or comes back, and not a moment before.

use chrono::NaiveDate;

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::OrganisationId,
    organisation::OrganisationKind,
    team::{Break, store},
};

/// When a team takes nothing new.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pause {
    /// Until this day.
    pub until: Option<NaiveDate>,
    /// And in these weeks of every year.
    pub breaks: Vec<Break>,
}

/// Sets when a team takes nothing new; `false` when there is no such team.
pub async fn pause(app: &App, id: OrganisationId, to: &Pause) -> Result<bool, Fault> {
    let done = app
        .db
        .write(async |tx| {
            let Some(mut team) = store::by_id(tx, id).await? else { return Ok(false) };
            team.paused_until = to.until;
            team.breaks.clone_from(&to.breaks);
            team.away = team.is_away(today(app));
            store::put(tx, &team).await?;
            changes::mark(tx, OrganisationKind::Team.indexed(), id.0);
            Ok::<_, Fault>(true)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(done)
}

/// Sees teams go and come back; returns how many did.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let ids = store::with_pauses(&app.db).await?;
    let teams = store::by_ids(&app.db, &ids).await?;
    let today = today(app);
    let turned: Vec<OrganisationId> =
        teams.iter().filter(|team| team.away != team.is_away(today)).map(|team| team.organisation.id).collect();
    if turned.is_empty() {
        return Ok(0);
    }
    app.db
        .write(async |tx| {
            for id in &turned {
                turn_in(tx, *id, today).await?;
            }
            Ok::<_, Fault>(turned.len())
        })
        .await
}

async fn turn_in(tx: &Tx, id: OrganisationId, today: NaiveDate) -> Result<(), Fault> {
    if let Some(mut team) = store::by_id(tx, id).await? {
        team.away = team.is_away(today);
        store::put(tx, &team).await?;
        changes::mark(tx, OrganisationKind::Team.indexed(), id.0);
    }
    Ok(())
}

/// The day that it is in the park.
fn today(app: &App) -> NaiveDate {
    app.clock.now().with_timezone(&app.config.time_zone).date_naive()
}
