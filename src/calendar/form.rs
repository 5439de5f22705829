//! The form for one day of the calendar.

use chrono::{Datelike, NaiveDate};

use crate::{
    calendar::{DayKind, Holiday},
    web::{FieldErrors, Fields},
    words::Say,
};

/// The years that make sense.
const YEARS: std::ops::RangeInclusive<i32> = 2020..=2099;

/// A day, what it is and what it is called.
pub(super) fn holiday(fields: &Fields) -> Result<Holiday, FieldErrors> {
    let mut errors = FieldErrors::default();
    let typed = fields.line("day");
    let day = typed.replace(['/', '.'], "-").parse::<NaiveDate>().ok().filter(|day| YEARS.contains(&day.year()));
    if typed.is_empty() {
        errors.add("day", "calendar-day-missing");
    } else if day.is_none() {
        errors.add("day", "calendar-day-form");
    }
    let kind = DayKind::parse(fields.raw("kind"));
    if kind.is_none() {
        errors.add("kind", "calendar-kind-missing");
    }
    let name = fields.line("name");
    if name.chars().count() > 20 {
        errors.add("name", Say::new("form-too-long").with("most", 20));
    }
    errors.or(day.zip(kind).map(|(day, kind)| Holiday { day, kind, name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_taken_as_people_write_it() {
        let typed = |day: &str| Fields::default().with("day", day).with("kind", "rest").with("name", "春节");
        for good in ["2027-02-09", "2027/2/9", " 2027.02.09 "] {
            assert_eq!(holiday(&typed(good)).unwrap().day.to_string(), "2027-02-09", "{good}");
        }
        for bad in ["", "2027-02-30", "1999-01-01", "tomorrow"] {
            assert!(holiday(&typed(bad)).is_err(), "{bad}");
        }
        assert!(holiday(&Fields::default().with("day", "2027-02-09")).is_err());
    }
}
