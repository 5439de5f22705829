//! Which old backups go: every one of the last days is kept, and one of each week for some weeks.
//!
//! Ages are counted from the newest backup, so that nothing goes while no new ones come. With four
//! weeks, what was deleted from the site is in no backup after 28 days.

use std::{collections::BTreeSet, path::Path};

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

/// How a scheduled backup is named.
const NAME: &str = "park-%Y%m%dT%H%M%SZ.db";

/// The name of the scheduled backup of this moment.
pub fn name(at: DateTime<Utc>) -> String {
    at.format(NAME).to_string()
}

/// The moment of a scheduled backup; `None` for every other file.
pub fn moment(name: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(name, NAME).ok().map(|at| at.and_utc())
}

/// Those of `backups` that go.
pub fn spare(backups: &[DateTime<Utc>], days: u32, weeks: u32) -> BTreeSet<DateTime<Utc>> {
    let mut newest_first = backups.to_vec();
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    let Some(newest) = newest_first.first().copied() else { return BTreeSet::new() };
    let mut weeks_seen = BTreeSet::new();
    let goes = |at: &DateTime<Utc>| {
        let age = newest - *at;
        let is_first_of_week = weeks_seen.insert((at.iso_week().year(), at.iso_week().week()));
        let is_recent = age < TimeDelta::days(days.into());
        let is_weekly = is_first_of_week && age < TimeDelta::weeks(weeks.into());
        *at != newest && !is_recent && !is_weekly
    };
    let mut goes = goes;
    newest_first.into_iter().filter(|at| goes(at)).collect()
}

/// Removes what goes from a folder, and what a killed backup left there; returns how many.
pub(super) fn prune(folder: &Path, days: u32, weeks: u32) -> std::io::Result<usize> {
    let names: Vec<String> =
        std::fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let backups: Vec<DateTime<Utc>> = names.iter().filter_map(|name| moment(name)).collect();
    let spare = spare(&backups, days, weeks);
    let mut gone = 0;
    for at in &spare {
        std::fs::remove_file(folder.join(name(*at)))?;
        gone += 1;
    }
    let is_left_over = |name: &&String| name.starts_with(".park-") && name.ends_with(".part");
    for name in names.iter().filter(is_left_over) {
        let path = folder.join(name);
        let age = path.metadata().and_then(|about| about.modified())?.elapsed().unwrap_or_default();
        if age > super::schedule::LONGEST.to_std().unwrap_or_default() {
            std::fs::remove_file(path)?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> DateTime<Utc> {
        // A Monday.
        "2026-11-02T19:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(number)
    }

    /// One backup a day from day 0 to `last`, pruned after each.
    fn after(last: i64) -> Vec<i64> {
        let mut held = Vec::new();
        for number in 0..=last {
            held.push(day(number));
            let spare = spare(&held, 7, 4);
            held.retain(|at| !spare.contains(at));
        }
        held.into_iter().map(|at| (at - day(0)).num_days()).collect()
    }

    #[test]
    fn seven_days_and_four_weeks_are_kept() {
        assert_eq!(after(6), [0, 1, 2, 3, 4, 5, 6]);
        // Day 6, 13 and 20 are Sundays, the last of their weeks.
        assert_eq!(after(41), [20, 27, 34, 35, 36, 37, 38, 39, 40, 41]);
        for last in 30..60 {
            let held = after(last);
            assert!(held.iter().all(|number| last - number < 28), "{held:?}");
            assert!(held.len() >= 9 && (last - 6..=last).all(|number| held.contains(&number)), "{held:?}");
        }
    }

    #[test]
    fn nothing_goes_while_no_new_ones_come() {
        let old = [day(0), day(1)];
        assert!(spare(&old, 7, 4).is_empty());
        assert!(spare(&[], 7, 4).is_empty());
        assert!(spare(&[day(3)], 0, 0).is_empty(), "the newest is always kept");
    }

    #[test]
    fn two_of_one_day_are_both_of_the_last_days() {
        let twice = [day(0), day(0) + TimeDelta::hours(1), day(20)];
        assert_eq!(spare(&twice, 7, 4), BTreeSet::from([day(0)]));
    }

    #[test]
    fn only_our_own_files_are_known() {
        assert_eq!(moment(&name(day(0))), Some(day(0)));
        for other in ["park.db", "park-20261102T190000Z.db.gz", ".park-20261102T190000Z.db.1.part", "before-upgrade.db"]
        {
            assert_eq!(moment(other), None, "{other}");
        }
    }
}
