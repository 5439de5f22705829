//! The list of teams, the page of one, and the forms that enter or rewrite it.

use std::collections::HashMap;

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};

use crate::{
    id::OrganisationId,
    listing::{self, Kind},
    organisation::{
        self, OrganisationKind,
        pages::{Fact, Sight, Standing, listed, number, region_name, sight, standing},
    },
    team::{
        Team, University, enter,
        form::{self, Reviser},
        month_start, next_month_start, pause, revise, store,
    },
    web::{
        Answer, FieldErrors, Fields, FormView, Member, Page, Posted, Staff, WebError,
        form::Choice,
        list::{Pager, Row, ZoneTag, address, page_number},
    },
    words::Say,
    zone::{
        self, Zone,
        pages::{listing_row, organisation_row, tag},
    },
};

const PER_PAGE: u64 = 20;

/// Which part of the list.
#[derive(Deserialize)]
pub struct Listed {
    #[serde(default)]
    page: String,
    #[serde(default)]
    zone: String,
}

#[derive(Serialize)]
struct IndexView {
    total: u64,
    zones: Vec<FacetRow>,
    rows: Vec<Row>,
    pager: Pager,
}

#[derive(Serialize)]
struct FacetRow {
    label: String,
    url: String,
    count: u64,
    current: bool,
}

/// `GET /teams`.
pub async fn index(page: Page, asked: Query<Listed>) -> Answer {
    let db = &page.app.db;
    let zones = zone::store::all(db).await?;
    let zone = match asked.zone.as_str() {
        "" => None,
        slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::NotFound)?),
    };
    let number = page_number(&asked.page)?;
    let here = zone.map(|zone| zone.id);
    let (total, found) = organisation::store::listed(db, OrganisationKind::Team, here, number - 1, PER_PAGE).await?;
    let ids: Vec<OrganisationId> = found.iter().map(|each| each.id).collect();
    let teams: HashMap<OrganisationId, Team> =
        store::by_ids(db, &ids).await?.into_iter().map(|each| (each.organisation.id, each)).collect();
    let rows = found.iter().map(|each| {
        let mut row = organisation_row(each, tag(&page, &zones, each.zone));
        if let Some(team) = teams.get(&each.id) {
            row.owner.clone_from(&team.university_name);
            row.meta = listed(&page, &team.fields);
        }
        row
    });
    let counts = organisation::store::counts(db).await?;
    let count = |zone: &Zone| counts.get(&(zone.id, OrganisationKind::Team)).copied().unwrap_or(0);
    let facet = |label: String, slug: &str, count: u64| FacetRow {
        label,
        url: address("/teams", &[("zone", slug)]),
        count,
        current: asked.zone == slug,
    };
    let mut facets = vec![facet(page.word("team-all-zones"), "", zones.iter().map(&count).sum())];
    facets.extend(zones.iter().map(|zone| facet(zone.name_in(page.language()).to_owned(), &zone.slug, count(zone))));
    let view = IndexView {
        total,
        zones: facets,
        rows: rows.collect(),
        pager: Pager::new(number, PER_PAGE, total, |page| {
            address("/teams", &[("zone", &asked.zone), ("page", &page.to_string())])
        })?,
    };
    page.show("team/index.html", &view)
}

#[derive(Serialize)]
struct ShowView {
    name: String,
    about: String,
    zone: Option<ZoneTag>,
    standing: Standing,
    contact: String,
    facts: Vec<Fact>,
    capacity: String,
    results: Vec<Row>,
    inside: bool,
    edit_url: String,
    matches_url: String,
    desk_url: String,
}

/// `GET /teams/{id}`.
pub async fn show(page: Page, id: Path<String>) -> Answer {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let team = store::by_id(db, number(&id)?).await?.ok_or(WebError::NotFound)?;
    let organisation = &team.organisation;
    let sight = sight(&page, organisation).await?;
    let zones = zone::store::all(db).await?;
    let posted = listing::store::live_of(db, organisation.id, now).await?;
    let results = posted.iter().filter(|each| each.kind == Kind::Result);
    let fact = |key: &str, value: String| Fact { label: page.word(key), value };
    let lead = [team.lead_name.as_str(), team.lead_title.as_str()];
    let desk = format!("/desk/organisations/{}", organisation.id);
    let view = ShowView {
        name: organisation.name.clone(),
        about: organisation.about.clone(),
        zone: tag(&page, &zones, organisation.zone),
        standing: standing(&page, organisation),
        contact: page.app.config.complaint_contact.clone(),
        facts: vec![
            fact("team-university", team.university_name.clone()),
            fact("team-lead", lead.join(" ").trim().to_owned()),
            fact("team-fields", listed(&page, &team.fields)),
            fact("team-region", region_name(&page, &organisation.region)),
        ],
        capacity: capacity(&page, &team).await?,
        results: results.map(|each| listing_row(&page, each, &zones, None)).collect(),
        inside: sight.is_inside(),
        edit_url: format!("{}/edit", organisation.url()),
        matches_url: format!("{}/matches", organisation.url()),
        desk_url: if matches!(sight, Sight::Staff(_)) { desk } else { String::new() },
    };
    page.show("team/show.html", &view)
}

/// How many new introductions the team has time for this month, in words.
async fn capacity(page: &Page, team: &Team) -> Result<String, WebError> {
    let (now, zone) = (page.app.clock.now(), page.app.config.time_zone);
    let id = team.organisation.id;
    let engaged = store::engaged_since(&page.app.db, &[id], month_start(now, zone)).await?;
    let left = team.capacity.saturating_sub(engaged.get(&id).copied().unwrap_or(0));
    let today = now.with_timezone(&zone).date_naive();
    if team.is_away(today) {
        return Ok(match team.resumes_on(today) {
            Some(day) => page.tell(&Say::new("team-capacity-paused").with("day", page.date(day))),
            None => page.word("team-capacity-none"),
        });
    }
    let say = match (team.capacity, left) {
        (0, _) => Say::new("team-capacity-none"),
        (_, 0) => Say::new("team-capacity-full").with("day", page.day(next_month_start(now, zone))),
        (most, left) => Say::new("team-capacity-left").with("left", left).with("most", most),
    };
    Ok(page.tell(&say))
}

#[derive(Serialize)]
struct NewView {
    form: FormView,
    zones: Vec<Choice>,
    universities: Vec<Choice>,
}

/// `GET /desk/teams/new`.
pub async fn new(page: Page, _: Staff) -> Answer {
    let (zones, universities) = choices(&page).await?;
    let fields = Fields::blank().with("capacity", 3);
    page.show("team/new.html", &new_view(&page, &zones, &universities, &fields, &FieldErrors::default()))
}

/// `POST /desk/teams`.
pub async fn create(page: Page, Staff(staff): Staff, Posted(fields): Posted) -> Answer {
    let (zones, universities) = choices(&page).await?;
    let refuse = |page: Page, errors: FieldErrors| {
        let view = new_view(&page, &zones, &universities, &fields, &errors);
        page.refuse("team/new.html", &view)
    };
    let new = match form::new(&fields, &zones, &universities) {
        Ok(new) => new,
        Err(errors) => return refuse(page, errors),
    };
    match enter::enter(&page.app, staff.id, new, fields.key()).await {
        Ok(id) => page.go_saying(format!("/teams/{id}"), "team-entered"),
        Err(enter::Error::Known(_)) => refuse(page, FieldErrors::one("name", "team-name-known")),
        Err(enter::Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn choices(page: &Page) -> Result<(Vec<Zone>, Vec<University>), WebError> {
    Ok((zone::store::all(&page.app.db).await?, store::universities(&page.app.db).await?))
}

fn new_view(
    page: &Page,
    zones: &[Zone],
    universities: &[University],
    fields: &Fields,
    errors: &FieldErrors,
) -> NewView {
    NewView {
        form: page.form(fields, errors),
        zones: zone_choices(page, zones),
        universities: universities.iter().map(|each| Choice::new(each.id, &each.name)).collect(),
    }
}

fn zone_choices(page: &Page, zones: &[Zone]) -> Vec<Choice> {
    zones.iter().map(|zone| Choice::new(&zone.slug, zone.name_in(page.language()))).collect()
}

#[derive(Serialize)]
struct EditView {
    form: FormView,
    pause: FormView,
    pause_url: String,
    name: String,
    action: String,
    asks_name: bool,
    fixed: Vec<Fact>,
    zones: Vec<Choice>,
}

/// `GET /teams/{id}/edit`.
pub async fn edit(page: Page, _: Member, id: Path<String>) -> Answer {
    let (team, reviser) = to_rewrite(&page, &id).await?;
    let zones = zone::store::all(&page.app.db).await?;
    let fields = form::filled(&team, &zones);
    let none = FieldErrors::default();
    let paused = form::filled_pause(&team);
    page.show("team/edit.html", &edit_view(&page, &team, reviser, &zones, (&fields, &none), (&paused, &none)))
}

/// `POST /teams/{id}`.
pub async fn update(page: Page, _: Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    let (team, reviser) = to_rewrite(&page, &id).await?;
    let zones = zone::store::all(&page.app.db).await?;
    match form::revision(&fields, &zones, reviser) {
        Ok(revision) => {
            if !revise::revise(&page.app, team.organisation.id, revision).await? {
                return Err(WebError::NotFound);
            }
            page.go_saying(team.organisation.url(), "team-saved")
        }
        Err(errors) => {
            let paused = form::filled_pause(&team);
            let none = FieldErrors::default();
            let view = edit_view(&page, &team, reviser, &zones, (&fields, &errors), (&paused, &none));
            page.refuse("team/edit.html", &view)
        }
    }
}

/// `POST /teams/{id}/pause`: until when, and in which weeks, the team takes nothing new.
pub async fn rest(page: Page, _: Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    let (team, reviser) = to_rewrite(&page, &id).await?;
    let today = page.app.clock.now().with_timezone(&page.app.config.time_zone).date_naive();
    match form::pause(&fields, today) {
        Ok(to) => {
            if !pause::pause(&page.app, team.organisation.id, &to).await? {
                return Err(WebError::NotFound);
            }
            page.go_saying(team.organisation.url(), "team-saved")
        }
        Err(errors) => {
            let zones = zone::store::all(&page.app.db).await?;
            let filled = form::filled(&team, &zones);
            let none = FieldErrors::default();
            let view = edit_view(&page, &team, reviser, &zones, (&filled, &none), (&fields, &errors));
            page.refuse("team/edit.html", &view)
        }
    }
}

async fn to_rewrite(page: &Page, id: &str) -> Result<(Team, Reviser), WebError> {
    let team = store::by_id(&page.app.db, number(id)?).await?.ok_or(WebError::NotFound)?;
    match sight(page, &team.organisation).await? {
        Sight::Public => Err(WebError::NotFound),
        Sight::Staff(_) => Ok((team, Reviser::Staff)),
        Sight::Speaker(_) => Ok((team, Reviser::Speaker)),
    }
}

fn edit_view(
    page: &Page,
    team: &Team,
    reviser: Reviser,
    zones: &[Zone],
    (fields, errors): (&Fields, &FieldErrors),
    pause: (&Fields, &FieldErrors),
) -> EditView {
    let fact = |key: &str, value: &str| Fact { label: page.word(key), value: value.to_owned() };
    let mut fixed = vec![fact("team-university", &team.university_name), fact("team-lead-name", &team.lead_name)];
    if reviser == Reviser::Speaker {
        fixed.insert(0, fact("team-name", &team.organisation.name));
    }
    EditView {
        form: page.form(fields, errors),
        pause: page.form(pause.0, pause.1),
        pause_url: format!("{}/pause", team.organisation.url()),
        name: team.organisation.name.clone(),
        action: team.organisation.url(),
        asks_name: reviser == Reviser::Staff,
        fixed,
        zones: zone_choices(page, zones),
    }
}
