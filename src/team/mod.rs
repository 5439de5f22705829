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
pub mod pause;
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
    /// Until when it takes nothing new; on that day it does again.
    pub paused_until: Option<NaiveDate>,
    /// The weeks of every year in which it takes nothing new.
    pub breaks: Vec<Break>,
    /// Whether it takes nothing new today, as the clock last saw it: suggestions and requests read this.
    pub away: bool,
}

/// 寒暑假 and the like: the same days of every year, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// The first day, as month and day.
    pub from: (u32, u32),
    /// The last day; before the first when it goes over the new year.
    pub to: (u32, u32),
}

impl Break {
    fn holds(self, day: NaiveDate) -> bool {
        let day = (day.month(), day.day());
        if self.from <= self.to { (self.from..=self.to).contains(&day) } else { day >= self.from || day <= self.to }
    }
}

impl Team {
    /// The next day on which it takes something new, when today it does not.
    pub fn resumes_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        // Breaks that fill the whole year would never end.
        let free = |day: &NaiveDate| {
            self.paused_until.is_none_or(|until| *day >= until) && !self.breaks.iter().any(|each| each.holds(*day))
        };
        let from = self.paused_until.map_or(today, |until| until.max(today));
        let next = from.iter_days().take(800).find(free)?;
        (next > today).then_some(next)
    }

    /// Whether it takes nothing new on `today`.
    pub fn is_away(&self, today: NaiveDate) -> bool {
        self.paused_until.is_some_and(|until| today < until) || self.breaks.iter().any(|each| each.holds(today))
    }
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

    /// A month and a day.
    type Day = (u32, u32);

    fn team(paused_until: Option<&str>, breaks: &[(Day, Day)]) -> Team {
        let now = at("2026-11-02T01:00:00Z");
        Team {
            organisation: Organisation {
                id: crate::id::OrganisationId(1),
                kind: crate::organisation::OrganisationKind::Team,
                name: String::new(),
                zone: ZoneId(1),
                region: String::new(),
                about: String::new(),
                verification: crate::organisation::Verification::Verified,
                verification_note: String::new(),
                verified_at: None,
                created_at: now,
            },
            university: UniversityId(1),
            university_name: String::new(),
            lead: None,
            lead_name: String::new(),
            lead_title: String::new(),
            office_email: None,
            capacity: 1,
            fields: Vec::new(),
            paused_until: paused_until.map(|day| day.parse().unwrap()),
            breaks: breaks.iter().map(|(from, to)| Break { from: *from, to: *to }).collect(),
            away: false,
        }
    }

    #[test]
    fn a_pause_runs_into_the_holidays_that_follow_it() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let winter = [((1, 15), (2, 25))];
        assert_eq!(team(None, &[]).resumes_on(day("2026-11-02")), None);
        assert_eq!(team(Some("2026-11-10"), &[]).resumes_on(day("2026-11-02")), Some(day("2026-11-10")));
        assert_eq!(team(Some("2026-11-10"), &[]).resumes_on(day("2026-11-10")), None);
        assert_eq!(team(Some("2027-01-20"), &winter).resumes_on(day("2026-12-20")), Some(day("2027-02-26")));
        assert_eq!(team(None, &winter).resumes_on(day("2027-01-15")), Some(day("2027-02-26")));
        assert!(!team(None, &winter).is_away(day("2027-02-26")) && team(None, &winter).is_away(day("2027-02-25")));
        let over_new_year = [((12, 20), (1, 5))];
        assert_eq!(team(None, &over_new_year).resumes_on(day("2026-12-31")), Some(day("2027-01-06")));
        let always = [((1, 1), (12, 31))];
        assert_eq!(team(None, &always).resumes_on(day("2026-12-31")), None, "no day can be promised");
        assert!(team(None, &always).is_away(day("2026-12-31")));
    }

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
