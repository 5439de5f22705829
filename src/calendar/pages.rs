//! The administrators' page of the calendar.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web::{Path, Query};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{self, DayKind, Holiday, PROVISIONAL_FROM, declare, form, store},
    web::{Administrator, Answer, FieldErrors, Fields, FormView, Page, Posted, WebError, form::Choice},
    words::Say,
};

#[derive(Serialize)]
struct Row {
    day: String,
    weekday: String,
    name: String,
    kind: DayKind,
    kind_label: String,
    source: String,
    removal: Option<String>,
}

#[derive(Serialize)]
struct YearLink {
    label: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct View {
    title: String,
    form: FormView,
    kinds: Vec<Choice>,
    years: Vec<YearLink>,
    provisional: bool,
    rows: Vec<Row>,
}

/// Which year to show.
#[derive(Deserialize)]
pub struct Asked {
    year: Option<i32>,
}

/// `GET /desk/holidays`.
pub async fn index(page: Page, _: Administrator, asked: Query<Asked>) -> Answer {
    let year = asked.year.unwrap_or_else(|| calendar::year_of(page.app.clock.now(), page.app.config.time_zone));
    let view = view(&page, year, &Fields::default(), &FieldErrors::default()).await?;
    page.show("calendar/index.html", &view)
}

/// `POST /desk/holidays`: one day, new or anew.
pub async fn create(page: Page, _: Administrator, Posted(fields): Posted) -> Answer {
    match form::holiday(&fields) {
        Ok(holiday) => {
            declare::declare(&page.app, &holiday).await?;
            page.go_saying(format!("/desk/holidays?year={}", holiday.day.year()), "calendar-saved")
        }
        Err(errors) => {
            let year = calendar::year_of(page.app.clock.now(), page.app.config.time_zone);
            let view = view(&page, year, &fields, &errors).await?;
            page.refuse("calendar/index.html", &view)
        }
    }
}

/// `POST /desk/holidays/{day}/removal`.
pub async fn remove(page: Page, _: Administrator, day: Path<String>, _: Posted) -> Answer {
    let day = day.parse::<NaiveDate>().ok().ok_or(WebError::NotFound)?;
    if !store::entered(&page.app.db).await?.iter().any(|each| each.day == day) {
        return Err(WebError::NotFound);
    }
    declare::take_back(&page.app, day).await?;
    page.go_saying(format!("/desk/holidays?year={}", day.year()), "calendar-taken-back")
}

async fn view(page: &Page, year: i32, fields: &Fields, errors: &FieldErrors) -> Result<View, WebError> {
    let entered = store::entered(&page.app.db).await?;
    let this_year = calendar::year_of(page.app.clock.now(), page.app.config.time_zone);
    let mut years: BTreeSet<i32> =
        calendar::published().chain(entered.iter().cloned()).map(|each| each.day.year()).collect();
    years.extend([this_year, this_year + 1]);
    // Entered days go first; a published day that was entered anew is shown once.
    let mut days: BTreeMap<NaiveDate, (Holiday, bool)> = BTreeMap::new();
    days.extend(calendar::published().map(|each| (each.day, (each, false))));
    days.extend(entered.into_iter().map(|each| (each.day, (each, true))));
    let rows = days.into_values().filter(|(each, _)| each.day.year() == year);
    Ok(View {
        title: page.tell(&Say::new("calendar-title").with("year", year)),
        form: page.form(fields, errors),
        kinds: DayKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_label(page, kind))).into(),
        years: years
            .into_iter()
            .map(|each| YearLink {
                label: each.to_string(),
                url: format!("/desk/holidays?year={each}"),
                current: each == year,
            })
            .collect(),
        provisional: year >= PROVISIONAL_FROM,
        rows: rows.map(|(each, entered)| row(page, each, entered)).collect(),
    })
}

fn kind_label(page: &Page, kind: DayKind) -> String {
    page.word(&format!("calendar-kind-{}", kind.as_str()))
}

fn row(page: &Page, each: Holiday, entered: bool) -> Row {
    let source = match (entered, each.day.year() >= PROVISIONAL_FROM) {
        (true, _) => "calendar-source-staff",
        (false, true) => "calendar-source-statutory",
        (false, false) => "calendar-source-notice",
    };
    Row {
        weekday: page.word(&format!("calendar-weekday-{}", each.day.weekday().num_days_from_monday())),
        removal: entered.then(|| format!("/desk/holidays/{}/removal", each.day)),
        day: page.date(each.day),
        name: each.name,
        kind: each.kind,
        kind_label: kind_label(page, each.kind),
        source: page.word(source),
    }
}
