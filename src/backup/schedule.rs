//! A backup a day, taken by the worker of one node.
//!
//! The row of the day it is due says who takes it: of several nodes with a folder for backups one
//! writes the row and takes the backup, and the others see that it is taken. One that was not
//! finished (its node was killed) or failed is tried again. Failures are in the log, on the desk and in
//! `check`; `/metrics` says when [`last_good`] was.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    app::App,
    backup::{keep, store, write},
    db::Read,
    fault::Fault,
};

/// After this long a backup that has not ended is taken to be dead.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(2);
/// How long after a failure it is tried again.
const AGAIN: TimeDelta = TimeDelta::minutes(15);
/// The age at which the last good backup is too old: a day, and time for a retry or two.
const TOO_OLD: TimeDelta = TimeDelta::hours(26);

/// What the ledger says of one backup that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// When it was begun, last.
    pub begun_at: DateTime<Utc>,
    /// When it ended, well or not.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it failed, empty when it did not.
    pub fault: String,
}

/// Takes the backup that is due, if one is and no other node does; returns how many were taken.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let Some(folder) = &app.config.backup_dir else { return Ok(0) };
    let now = app.clock.now();
    let due_at = due(now, app.config.backup_hour, app.config.time_zone);
    if store::taken(&app.db, due_at).await?.is_some_and(|taken| !is_open(&taken, now)) {
        return Ok(0);
    }
    let ours = app
        .db
        .write(async |tx| match store::taken(tx, due_at).await? {
            None => store::begin(tx, due_at, now).await,
            Some(taken) if is_open(&taken, now) => store::begin_again(tx, due_at, taken.begun_at, now).await,
            Some(_) => Ok::<_, Fault>(false),
        })
        .await?;
    if !ours {
        return Ok(0);
    }
    let name = keep::name(now);
    let written = match std::fs::create_dir_all(folder) {
        Ok(()) => write::write(&app.db, &folder.join(&name), now).await,
        Err(error) => Err(error.into()),
    };
    let ended_at = app.clock.now();
    match written {
        Ok(about) => {
            let bytes = folder.join(&name).metadata().map_or(0, |about| about.len());
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            tracing::info!(file = name, rows = about.rows(), bytes, "a backup was taken and verified");
            app.db.write(async |tx| store::end(tx, due_at, now, ended_at, &name, about.rows(), bytes).await).await?;
            match keep::prune(folder, app.config.backup_days, app.config.backup_weeks) {
                Ok(0) => {}
                Ok(gone) => tracing::info!(files = gone, "old backups were removed"),
                Err(error) => tracing::error!(%error, "old backups cannot be removed"),
            }
            Ok(1)
        }
        Err(error) => {
            let fault = error.to_string();
            tracing::error!(fault, "the backup failed; it is tried again in a quarter of an hour");
            app.db.write(async |tx| store::fail(tx, due_at, now, ended_at, &fault).await).await?;
            Ok(0)
        }
    }
}

/// The last moment at which a backup became due.
fn due(now: DateTime<Utc>, hour: u32, zone: Tz) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let of = |day: chrono::NaiveDate| {
        let at = day.and_hms_opt(hour, 0, 0).and_then(|at| zone.from_local_datetime(&at).earliest());
        // An hour that a change of the clocks leaves out: an hour of UTC will do.
        at.map_or_else(|| day.and_hms_opt(hour, 0, 0).unwrap_or_default().and_utc(), |at| at.to_utc())
    };
    [Some(today), today.pred_opt()].into_iter().flatten().map(of).find(|at| *at <= now).unwrap_or(now)
}

/// Whether somebody has to take it (again).
fn is_open(taken: &Taken, now: DateTime<Utc>) -> bool {
    match taken.ended_at {
        None => taken.begun_at + LONGEST < now,
        Some(ended_at) => !taken.fault.is_empty() && ended_at + AGAIN <= now,
    }
}

/// When the last good backup was begun: it holds everything that was confirmed before.
pub async fn last_good(db: &impl Read) -> Result<Option<DateTime<Utc>>, Fault> {
    store::last_good(db).await
}

/// How the scheduled backups stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// No folder is named.
    Off,
    /// The last good one, young enough.
    Good(DateTime<Utc>),
    /// There is none yet, and none has failed.
    None,
    /// The last good one is too old, or there is none and one has failed; why the last one failed.
    Bad(Option<DateTime<Utc>>, String),
}

/// How the scheduled backups stand.
pub async fn standing(db: &impl Read, is_on: bool, now: DateTime<Utc>) -> Result<Standing, Fault> {
    if !is_on {
        return Ok(Standing::Off);
    }
    let good = last_good(db).await?;
    let fault = store::last(db).await?.map(|taken| taken.fault).unwrap_or_default();
    Ok(match good {
        Some(at) if now - at <= TOO_OLD => Standing::Good(at),
        None if fault.is_empty() => Standing::None,
        good => Standing::Bad(good, fault),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_from_its_hour_in_the_zone_of_the_site() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let zone = Tz::Asia__Shanghai;
        assert_eq!(due(at("2026-11-02T18:59:59Z"), 3, zone), at("2026-11-01T19:00:00Z"));
        assert_eq!(due(at("2026-11-02T19:00:00Z"), 3, zone), at("2026-11-02T19:00:00Z"));
        assert_eq!(due(at("2026-11-03T15:59:59Z"), 23, zone), at("2026-11-03T15:00:00Z"));
    }

    #[test]
    fn what_failed_or_died_is_tried_again() {
        let now = "2026-11-02T19:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let taken = |ended: Option<TimeDelta>, fault: &str| Taken {
            begun_at: now,
            ended_at: ended.map(|after| now + after),
            fault: fault.to_owned(),
        };
        let minutes = TimeDelta::minutes;
        assert!(!is_open(&taken(None, ""), now + minutes(119)));
        assert!(is_open(&taken(None, ""), now + minutes(121)));
        assert!(!is_open(&taken(Some(minutes(1)), ""), now + TimeDelta::days(1)));
        assert!(!is_open(&taken(Some(minutes(1)), "disk full"), now + minutes(10)));
        assert!(is_open(&taken(Some(minutes(1)), "disk full"), now + minutes(16)));
    }
}
