//! Exhibits in the back office: curators write, preview, order, publish and withdraw them.

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    exhibit::{
        Exhibit, State, arrange, form,
        pages::{number, view as page_of},
        publish, store,
        view::{exhibit_row, owners, today},
        write,
    },
    id::OrganisationId,
    organisation,
    web::{Answer, Curator, FieldErrors, Fields, FormView, Page, Posted, WebError, form::Choice, list::Row},
    zone::{self, Zone},
};

#[derive(Serialize)]
struct IndexView {
    zones: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    slug: String,
    name: String,
    rows: Vec<DeskRow>,
}

#[derive(Serialize)]
struct DeskRow {
    row: Row,
    forward: String,
    back: String,
    label: String,
}

fn state_of(page: &Page, exhibit: &Exhibit) -> (String, &'static str) {
    let tone = match exhibit.state {
        State::Draft => "plain",
        State::Published => "good",
        State::Withdrawn => "bad",
    };
    (page.word(&format!("exhibit-desk-{}", exhibit.state.as_str())), tone)
}

/// `GET /desk/exhibits`.
pub async fn index(page: Page, _: Curator) -> Answer {
    let zones = zone::store::all(&page.app.db).await?;
    let all = store::all(&page.app.db).await?;
    let owners = owners(&page, &all).await?;
    let part = |zone: &Zone| {
        let here: Vec<&Exhibit> = all.iter().filter(|each| each.content.zone == zone.id).collect();
        let last = here.len().saturating_sub(1);
        let rows = here.iter().enumerate().map(|(at, exhibit)| {
            let mut row = exhibit_row(&page, exhibit, &[], &owners);
            (row.state_label, row.state_tone) = state_of(&page, exhibit);
            row.url = format!("/desk/exhibits/{}", exhibit.id);
            let shift = format!("/desk/exhibits/{}/position", exhibit.id);
            DeskRow {
                label: row.title.clone(),
                row,
                forward: if at > 0 { shift.clone() } else { String::new() },
                back: if at < last { shift } else { String::new() },
            }
        });
        Part { slug: zone.slug.clone(), name: zone.name_in(page.language()).to_owned(), rows: rows.collect() }
    };
    page.show("exhibit/desk_index.html", &IndexView { zones: zones.iter().map(part).collect() })
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    action: String,
    form: FormView,
    zones: Vec<Choice>,
    organisations: Vec<Choice>,
    state_label: String,
    state_tone: &'static str,
    publish: String,
    withdraw: String,
    preview: String,
    poster: String,
    public: String,
}

/// What a form of an exhibit offers: the zones, and whose it may be.
struct Offered {
    zones: Vec<Zone>,
    organisations: Vec<OrganisationId>,
    choices: Vec<Choice>,
}

async fn offered(page: &Page) -> Result<Offered, WebError> {
    let db = &page.app.db;
    let organisations: Vec<OrganisationId> =
        organisation::store::every_verified(db).await?.into_iter().map(|(id, _)| id).collect();
    let mut named = organisation::store::by_ids(db, &organisations).await?;
    named.sort_by(|one, other| one.name.cmp(&other.name));
    let choices = named.into_iter().map(|each| Choice::new(each.id, each.name)).collect();
    Ok(Offered { zones: zone::store::all(db).await?, organisations, choices })
}

fn form_page(
    page: &Page,
    offered: &Offered,
    known: Option<&Exhibit>,
    fields: &Fields,
    errors: &FieldErrors,
) -> FormPage {
    let at = |rest: &str| known.map(|known| format!("/desk/exhibits/{}{rest}", known.id)).unwrap_or_default();
    let if_state = |states: &[State], rest: &str| {
        if known.is_some_and(|known| states.contains(&known.state)) { at(rest) } else { String::new() }
    };
    let (state_label, state_tone) = known.map(|known| state_of(page, known)).unwrap_or_default();
    FormPage {
        title: known
            .map_or_else(|| page.word("exhibit-new"), |known| known.content.name_in(page.language()).to_owned()),
        action: known.map_or_else(|| "/desk/exhibits".to_owned(), |_| at("")),
        form: page.form(fields, errors),
        zones: offered.zones.iter().map(|zone| Choice::new(&zone.slug, zone.name_in(page.language()))).collect(),
        organisations: offered.choices.clone(),
        state_label,
        state_tone,
        publish: if_state(&[State::Draft, State::Withdrawn], "/publication"),
        withdraw: if_state(&[State::Published], "/withdrawal"),
        preview: at("/preview"),
        poster: at("/poster"),
        public: known.filter(|known| known.state != State::Draft).map(Exhibit::url).unwrap_or_default(),
    }
}

/// `GET /desk/exhibits/new`.
pub async fn new(page: Page, _: Curator) -> Answer {
    let offered = offered(&page).await?;
    let view = form_page(&page, &offered, None, &Fields::blank(), &FieldErrors::default());
    page.show("exhibit/form.html", &view)
}

/// `POST /desk/exhibits`.
pub async fn create(page: Page, Curator(me): Curator, Posted(fields): Posted) -> Answer {
    let offered = offered(&page).await?;
    match form::exhibit(&fields, &offered.zones, &offered.organisations) {
        Ok(new) => {
            let id = write::create(&page.app, me.id, &new, fields.key()).await?;
            page.go_saying(format!("/desk/exhibits/{id}"), "exhibit-saved")
        }
        Err(errors) => {
            let view = form_page(&page, &offered, None, &fields, &errors);
            page.refuse("exhibit/form.html", &view)
        }
    }
}

async fn known(page: &Page, id: &str) -> Result<Exhibit, WebError> {
    store::by_id(&page.app.db, number(id)?).await?.ok_or(WebError::NotFound)
}

/// `GET /desk/exhibits/{id}`.
pub async fn edit(page: Page, _: Curator, id: Path<String>) -> Answer {
    let exhibit = known(&page, &id).await?;
    let offered = offered(&page).await?;
    let fields = form::filled(&exhibit.content, &offered.zones);
    let view = form_page(&page, &offered, Some(&exhibit), &fields, &FieldErrors::default());
    page.show("exhibit/form.html", &view)
}

/// `POST /desk/exhibits/{id}`.
pub async fn update(page: Page, _: Curator, id: Path<String>, Posted(fields): Posted) -> Answer {
    let exhibit = known(&page, &id).await?;
    let offered = offered(&page).await?;
    match form::exhibit(&fields, &offered.zones, &offered.organisations) {
        Ok(new) => {
            write::revise(&page.app, exhibit.id, &new).await?;
            page.go_saying(format!("/desk/exhibits/{}", exhibit.id), "exhibit-saved")
        }
        Err(errors) => {
            let view = form_page(&page, &offered, Some(&exhibit), &fields, &errors);
            page.refuse("exhibit/form.html", &view)
        }
    }
}

/// `GET /desk/exhibits/{id}/preview`: the page as visitors will see it.
pub async fn preview(page: Page, _: Curator, id: Path<String>) -> Answer {
    let exhibit = known(&page, &id).await?;
    let view = page_of(&page, &exhibit).await?;
    page.show("exhibit/show.html", &view)
}

/// `POST /desk/exhibits/{id}/publication`.
pub async fn publish(page: Page, _: Curator, id: Path<String>, Posted(_): Posted) -> Answer {
    let id = known(&page, &id).await?.id;
    publish::publish(&page.app, id).await?;
    page.go_saying(format!("/desk/exhibits/{id}"), "exhibit-published")
}

/// `POST /desk/exhibits/{id}/withdrawal`.
pub async fn withdraw(page: Page, _: Curator, id: Path<String>, Posted(_): Posted) -> Answer {
    let id = known(&page, &id).await?.id;
    publish::withdraw(&page.app, id, today(&page)).await?;
    page.go_saying(format!("/desk/exhibits/{id}"), "exhibit-withdrawn")
}

/// `POST /desk/exhibits/{id}/position`.
pub async fn shift(page: Page, _: Curator, id: Path<String>, Posted(fields): Posted) -> Answer {
    let id = known(&page, &id).await?.id;
    let direction =
        if fields.raw("direction") == "back" { arrange::Direction::Back } else { arrange::Direction::Forward };
    arrange::shift(&page.app, id, direction).await?;
    page.go_saying("/desk/exhibits", "exhibit-ordered")
}
