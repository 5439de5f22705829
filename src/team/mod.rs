//! Teams: research teams of universities, with a lead, a home office and a capacity.
//!
//! A team's home office (科研院) is told of every introduction. Its capacity is how many new
//! introductions it has time for in a calendar month; when that is used up, firms are told at once.
//! A place of the month is taken when a request is passed on to the team ([`engage`]) and is free
//! again when the request goes back.
//!
//! Staff enter teams ([`enter`]), so a team is verified from its first day; its lead is told by
//! letter, speaks for it and rewrites what it says ([`revise`]).
//!
//! **Invariant:** an introduction takes one place of its team's month, however often it is passed
//! (`a_place_of_the_month_is_taken_once`).

pub mod engage;
pub mod enter;
mod form;
pub(crate) mod leave;
mod letters;
pub mod pages;
pub mod revise;
pub mod store;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    id::{MemberId, UniversityId, ZoneId},
    mail::Address,
    organisation::Organisation,
};

/// A university.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct University {
    /// The number.
    pub id: UniversityId,
    /// The name.
    pub name: String,
    /// GB/T 2260 code, or empty.
    pub region: String,
    /// What its research office is called.
    pub office_name: String,
    /// The mailbox of that office.
    pub office_email: Option<Address>,
}

/// A research team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// What it has in common with enterprises.
    pub organisation: Organisation,
    /// The university.
    pub university: UniversityId,
    /// The university's name.
    pub university_name: String,
    /// Who leads it.
    pub lead: Option<MemberId>,
    /// The lead's name, public.
    pub lead_name: String,
    /// 教授, 副教授 …
    pub lead_title: String,
    /// The mailbox of the team's home office.
    pub office_email: Option<Address>,
    /// How many new introductions it has time for in a calendar month.
    pub capacity: u32,
    /// What it works on.
    pub fields: Vec<String>,
}

/// A university that a team belongs to; one of the same name is taken as it is.
#[derive(Debug, Clone, Default)]
pub struct NewUniversity {
    /// The name.
    pub name: String,
    /// GB/T 2260 code, or empty.
    pub region: String,
    /// What its research office is called.
    pub office_name: String,
    /// The mailbox of that office.
    pub office_email: Option<Address>,
}

/// The professor who leads a team and speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The name, public.
    pub name: String,
    /// 教授, 副教授 …; public.
    pub title: String,
    /// His address; on no page.
    pub email: Address,
    /// His telephone; on no page, empty when there is none.
    pub phone: String,
}

/// A team that is about to be entered.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// Where it works.
    pub university: NewUniversity,
    /// The name.
    pub name: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// Who leads it; `None` for imports, whose lead is not known.
    pub lead: Option<Lead>,
    /// The mailbox of the team's home office.
    pub office_email: Option<Address>,
    /// How many new introductions it has time for in a month.
    pub capacity: u32,
    /// What it does.
    pub about: String,
    /// What it works on.
    pub fields: Vec<String>,
    /// The key of the row that it was imported from.
    pub import_key: Option<String>,
}

/// The beginning of the calendar month of `now`, by the clocks of `zone`.
pub fn month_start(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    first_of(today.year(), today.month(), zone).unwrap_or(now)
}

/// The beginning of the next calendar month, when the places are free again.
pub fn next_month_start(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let next = match today.month() {
        12 => first_of(today.year() + 1, 1, zone),
        month => first_of(today.year(), month + 1, zone),
    };
    next.unwrap_or(now)
}

fn first_of(year: i32, month: u32, zone: Tz) -> Option<DateTime<Utc>> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    // Where a clock jumps over midnight, the month begins with the first hour that there is.
    let hours = (0..3).filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
    hours.filter_map(|hour| zone.from_local_datetime(&first.and_time(hour)).earliest()).next().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_begins_by_the_clocks_of_the_park() {
        let shanghai = Tz::Asia__Shanghai;
        assert_eq!(month_start(at("2026-11-23T14:00:00Z"), shanghai), at("2026-10-31T16:00:00Z"));
        // In the park it is December already.
        assert_eq!(month_start(at("2026-11-30T16:00:00Z"), shanghai), at("2026-11-30T16:00:00Z"));
        assert_eq!(month_start(at("2026-11-30T15:59:59Z"), shanghai), at("2026-10-31T16:00:00Z"));
        assert_eq!(next_month_start(at("2026-12-15T00:00:00Z"), shanghai), at("2026-12-31T16:00:00Z"));
    }
}
