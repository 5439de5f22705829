//! Working days of the park: the Chinese holiday calendar, which staff can edit.
//!
//! Saturday and Sunday are rest days; the State Council's yearly notice makes some working days
//! rest days and, to make up for them, some days of a weekend working days. [`PUBLISHED`] is what
//! has been published, and for the year after that the statutory days of 全国年节及纪念日放假办法,
//! which stand until the notice is out. What staff enter ([`declare`]) goes before both. Every
//! clock of the service that counts working days counts them here; a day that is entered later
//! does not move what is due already.
//!
//! **Invariant:** what is due is due at the end of a working day, with exactly as many working
//! days between as were asked for (`the_due_day_is_a_working_day_and_the_count_is_right`).

pub mod declare;
mod form;
pub mod pages;
pub mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// The end of a working day, as the park keeps it.
pub const DAY_ENDS: NaiveTime = match NaiveTime::from_hms_opt(18, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// No clock runs longer than this many working days.
const LONGEST: u32 = 1000;

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// 放假.
    Rest,
    /// 上班, though it is a weekend or would be a holiday.
    Work,
}

impl DayKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rest, Self::Work];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Work => "work",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A day that is not what its day of the week says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub day: NaiveDate,
    /// What it is.
    pub kind: DayKind,
    /// What it is called.
    pub name: String,
}

/// A run of days of one kind: year, month, first day, last day, kind, name.
type Run = (i32, u32, u32, u32, DayKind, &'static str);

/// 国务院办公厅关于 2026 年部分节假日安排的通知, of 4 November 2025; then the statutory days of 2027.
pub const PUBLISHED: &[Run] = &[
    (2026, 1, 1, 3, DayKind::Rest, "元旦"),
    (2026, 1, 4, 4, DayKind::Work, "元旦"),
    (2026, 2, 14, 14, DayKind::Work, "春节"),
    (2026, 2, 15, 23, DayKind::Rest, "春节"),
    (2026, 2, 28, 28, DayKind::Work, "春节"),
    (2026, 4, 4, 6, DayKind::Rest, "清明节"),
    (2026, 5, 1, 5, DayKind::Rest, "劳动节"),
    (2026, 5, 9, 9, DayKind::Work, "劳动节"),
    (2026, 6, 19, 21, DayKind::Rest, "端午节"),
    (2026, 9, 20, 20, DayKind::Work, "国庆节"),
    (2026, 9, 25, 27, DayKind::Rest, "中秋节"),
    (2026, 10, 1, 7, DayKind::Rest, "国庆节"),
    (2026, 10, 10, 10, DayKind::Work, "国庆节"),
    (2027, 1, 1, 1, DayKind::Rest, "元旦"),
    (2027, 2, 5, 8, DayKind::Rest, "春节"),
    (2027, 4, 5, 5, DayKind::Rest, "清明节"),
    (2027, 5, 1, 2, DayKind::Rest, "劳动节"),
    (2027, 6, 9, 9, DayKind::Rest, "端午节"),
    (2027, 9, 15, 15, DayKind::Rest, "中秋节"),
    (2027, 10, 1, 3, DayKind::Rest, "国庆节"),
];

/// The first year for which no notice was published when this was written.
pub const PROVISIONAL_FROM: i32 = 2027;

/// The days of [`PUBLISHED`], one by one.
pub fn published() -> impl Iterator<Item = Holiday> {
    PUBLISHED.iter().flat_map(|&(year, month, first, last, kind, name)| {
        (first..=last).filter_map(move |day| {
            let day = NaiveDate::from_ymd_opt(year, month, day)?;
            Some(Holiday { day, kind, name: name.to_owned() })
        })
    })
}

/// Which days are working days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, DayKind>,
}

impl Calendar {
    /// What was published, and what staff entered, which goes first.
    pub fn new(entered: impl IntoIterator<Item = Holiday>) -> Self {
        let days = published().chain(entered).map(|holiday| (holiday.day, holiday.kind)).collect();
        Self { days }
    }

    /// Whether people work on `day`.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(kind) => *kind == DayKind::Work,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The end of the `days`th working day after the day of `from`, as days are counted in `zone`.
    /// The day of `from` itself does not count, whatever the hour, so that "one working day" is
    /// never less than a whole one. No days at all are the end of the same day, or of the next
    /// working day when that is over or is a rest day.
    pub fn add_working_days(&self, from: DateTime<Utc>, days: u32, zone: Tz) -> DateTime<Utc> {
        let begun = from.with_timezone(&zone).date_naive();
        let days = days.min(LONGEST);
        if days == 0 && self.is_working_day(begun) {
            let end = end_of(begun, zone);
            if from <= end {
                return end;
            }
        }
        let mut left = days.max(1);
        let mut day = begun;
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { break };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        end_of(day, zone)
    }

    /// How many working days lie after the day of `from`, up to and with the day of `to`.
    pub fn working_days_between(&self, from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> usize {
        let (from, to) = (from.with_timezone(&zone).date_naive(), to.with_timezone(&zone).date_naive());
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| self.is_working_day(*day)).count()
    }
}

/// The end of a working day in `zone`; an hour later where clocks are put forward over it.
fn end_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(DAY_ENDS);
    let end = zone.from_local_datetime(&local).latest();
    let end = end.or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).latest());
    end.map_or_else(|| local.and_utc(), |end| end.to_utc())
}

/// The year of a moment in `zone`.
pub fn year_of(at: DateTime<Utc>, zone: Tz) -> i32 {
    at.with_timezone(&zone).year()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Shanghai.from_local_datetime(&local).unwrap().to_utc()
    }

    fn due(from: &str, days: u32) -> String {
        let due = Calendar::new([]).add_working_days(at(from), days, Shanghai);
        due.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M").to_string()
    }

    #[test]
    fn one_working_day_is_never_less_than_a_whole_one() {
        assert_eq!(due("2026-11-02 09:00", 1), "2026-11-03 18:00");
        assert_eq!(due("2026-11-02 23:59", 1), "2026-11-03 18:00");
        assert_eq!(due("2026-11-06 17:00", 1), "2026-11-09 18:00", "over a weekend");
        assert_eq!(due("2026-11-07 12:00", 1), "2026-11-09 18:00", "from a Saturday");
    }

    #[test]
    fn no_days_are_the_end_of_a_day_that_has_not_ended() {
        assert_eq!(due("2026-11-02 09:00", 0), "2026-11-02 18:00");
        assert_eq!(due("2026-11-02 18:01", 0), "2026-11-03 18:00");
        assert_eq!(due("2026-11-07 09:00", 0), "2026-11-09 18:00");
    }

    #[test]
    fn holidays_rest_and_made_up_weekends_work() {
        assert_eq!(due("2026-09-30 10:00", 1), "2026-10-08 18:00", "over the national holiday");
        assert_eq!(due("2026-10-09 10:00", 1), "2026-10-10 18:00", "a Saturday that makes up");
        assert_eq!(due("2026-02-13 10:00", 2), "2026-02-24 18:00", "over the spring festival, with its Saturday");
        assert_eq!(due("2026-12-31 10:00", 1), "2027-01-04 18:00", "a statutory day of the next year");
    }

    #[test]
    fn what_staff_enter_goes_first() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let entered = |day, kind| Holiday { day, kind, name: String::new() };
        let calendar =
            Calendar::new([entered(day("2026-11-03"), DayKind::Rest), entered(day("2026-10-01"), DayKind::Work)]);
        assert!(!calendar.is_working_day(day("2026-11-03")));
        assert!(calendar.is_working_day(day("2026-10-01")));
        assert!(!calendar.is_working_day(day("2026-10-02")));
    }

    #[test]
    fn the_published_year_has_the_days_of_the_notice() {
        let days = |kind| published().filter(|each| each.kind == kind && each.day.year() == 2026).count();
        assert_eq!((days(DayKind::Rest), days(DayKind::Work)), (33, 6));
        for made_up in published().filter(|each| each.kind == DayKind::Work) {
            assert!(matches!(made_up.day.weekday(), Weekday::Sat | Weekday::Sun), "{made_up:?}");
        }
        assert_eq!(
            published().map(|each| each.day).collect::<std::collections::BTreeSet<_>>().len(),
            published().count()
        );
    }

    fn zone() -> impl Strategy<Value = Tz> {
        prop::sample::select(vec![
            Shanghai,
            Tz::UTC,
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Pacific__Apia,
        ])
    }

    fn moment() -> impl Strategy<Value = DateTime<Utc>> {
        (1_735_689_600_i64..1_893_456_000).prop_map(|second| DateTime::from_timestamp(second, 0).unwrap())
    }

    fn entered() -> impl Strategy<Value = Vec<Holiday>> {
        let day =
            (2025_i32..2030, 1_u32..=366, any::<bool>()).prop_filter_map("a day of the year", |(year, day, rest)| {
                let kind = if rest { DayKind::Rest } else { DayKind::Work };
                Some(Holiday { day: NaiveDate::from_yo_opt(year, day)?, kind, name: String::new() })
            });
        prop::collection::vec(day, 0..40)
    }

    proptest! {
        #[test]
        fn the_due_day_is_a_working_day_and_the_count_is_right(
            from in moment(), days in 1_u32..40, zone in zone(), entered in entered(),
        ) {
            let calendar = Calendar::new(entered);
            let due = calendar.add_working_days(from, days, zone);
            prop_assert!(calendar.is_working_day(due.with_timezone(&zone).date_naive()));
            prop_assert_eq!(calendar.working_days_between(from, due, zone), usize::try_from(days).unwrap());
            prop_assert!(due > from);
        }

        #[test]
        fn more_days_and_later_starts_are_never_due_earlier(
            from in moment(), later in 0_i64..2_000_000, days in 0_u32..40, more in 0_u32..10, zone in zone(),
        ) {
            let calendar = Calendar::new([]);
            let due = calendar.add_working_days(from, days, zone);
            prop_assert!(calendar.add_working_days(from, days + more, zone) >= due);
            prop_assert!(calendar.add_working_days(from + TimeDelta::seconds(later), days, zone) >= due);
            prop_assert!(due >= from);
        }
    }
}
