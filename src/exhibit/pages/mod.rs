//! What visitors see: the list, the page of an exhibit, what its QR code opens, and their tour.

pub mod desk;
pub mod enquiries;
pub mod posters;

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time},
    http::header,
    web::{Path, Query},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    exhibit::{
        Enquiry, Exhibit, Standing, Wish, enquire, form, qr, store, tour, tour_code,
        view::{exhibit_row, owners, today},
    },
    fault::Fault,
    id::ExhibitId,
    organisation::{self, Organisation},
    web::{
        Answer, FieldErrors, Fields, FormView, Page, Posted, WebError,
        form::Choice,
        limit,
        list::{Pager, Row, address, page_number},
    },
    words::Say,
    zone::{self, Zone, pages::tag},
};

const PER_PAGE: u64 = 20;
/// How many live neighbours a page that is gone leads to.
const NEIGHBOURS: usize = 3;
/// The cookie that holds the exhibits that a visitor looked at.
const SEEN: &str = "ylh-seen";
/// The cookie that holds the code of his tour.
const TOUR: &str = "ylh-tour";

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

/// `GET /exhibits`.
pub async fn index(page: Page, asked: Query<Listed>) -> Answer {
    let db = &page.app.db;
    let zones = zone::store::all(db).await?;
    let zone = match asked.zone.as_str() {
        "" => None,
        slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::NotFound)?),
    };
    let (number, today) = (page_number(&asked.page)?, today(&page));
    let (total, found) = store::shown(db, zone.map(|zone| zone.id), today, number - 1, PER_PAGE).await?;
    let owners = owners(&page, &found).await?;
    let counts = store::shown_counts(db, today).await?;
    let facet = |label: String, slug: &str, count: u64| FacetRow {
        label,
        url: address("/exhibits", &[("zone", slug)]),
        count,
        current: asked.zone == slug,
    };
    let mut facets = vec![facet(page.word("exhibit-all-zones"), "", counts.values().sum())];
    facets.extend(zones.iter().map(|zone| {
        let count = counts.get(&zone.id).copied().unwrap_or(0);
        facet(zone.name_in(page.language()).to_owned(), &zone.slug, count)
    }));
    let view = IndexView {
        total,
        zones: facets,
        rows: found.iter().map(|each| exhibit_row(&page, each, &zones, &owners)).collect(),
        pager: Pager::new(number, PER_PAGE, total, |page| {
            address("/exhibits", &[("zone", &asked.zone), ("page", &page.to_string())])
        })?,
    };
    page.show("exhibit/index.html", &view)
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    url: String,
}

#[derive(Serialize)]
pub(super) struct ShowView {
    pub(super) name: String,
    about: String,
    zone: Option<crate::web::list::ZoneTag>,
    state_label: String,
    state_tone: &'static str,
    /// What is to be said before everything else: it is gone, it is not open yet, it is a preview.
    notice: String,
    said: Vec<String>,
    facts: Vec<Fact>,
    neighbours: Vec<Row>,
    entry: String,
    qr: String,
    edit_url: String,
    /// The form of an enquiry; only behind the QR code, and while the exhibit is shown.
    form: Option<FormView>,
    wishes: Vec<Choice>,
}

/// The page of an exhibit, without a form.
pub(super) async fn view(page: &Page, exhibit: &Exhibit) -> Result<ShowView, WebError> {
    let db = &page.app.db;
    let (language, today, content) = (page.language(), today(page), &exhibit.content);
    let zones = zone::store::all(db).await?;
    let standing = exhibit.standing(today);
    let (key, tone) = match standing {
        Standing::Draft => ("exhibit-state-draft", "plain"),
        Standing::Coming(_) => ("exhibit-state-coming", "wait"),
        Standing::Shown => ("exhibit-state-shown", "good"),
        Standing::Gone(_) => ("exhibit-state-gone", "plain"),
    };
    let notice = match standing {
        Standing::Draft => page.word("exhibit-draft-notice"),
        Standing::Coming(day) => page.tell(&Say::new("exhibit-coming-notice").with("day", page.date(day))),
        Standing::Shown => String::new(),
        Standing::Gone(day) => page.tell(&Say::new("exhibit-gone-notice").with("day", page.date(day))),
    };
    let mut neighbours = Vec::new();
    if matches!(standing, Standing::Gone(_) | Standing::Coming(_)) {
        neighbours = neighbours_of(page, exhibit, &zones, today).await?;
    }
    let owner = organisation::store::by_id(db, content.organisation).await?.filter(Organisation::is_verified);
    let fact = |key: &str, value: String, url: String| Fact { label: page.word(key), value, url };
    let day = |day: Option<NaiveDate>| day.map(|day| page.date(day)).unwrap_or_default();
    let is_curator = page.visit.member.as_ref().is_some_and(|member| member.role.curates());
    Ok(ShowView {
        name: content.name_in(language).to_owned(),
        about: content.about_in(language).to_owned(),
        zone: tag(page, &zones, content.zone),
        state_label: page.word(key),
        state_tone: tone,
        notice,
        said: content.facts_in(language),
        facts: vec![
            fact("exhibit-stand", content.stand.clone(), String::new()),
            fact(
                "exhibit-owner",
                owner.as_ref().map(|owner| owner.name.clone()).unwrap_or_default(),
                owner.as_ref().map(Organisation::url).unwrap_or_default(),
            ),
            fact("exhibit-opens", day(content.opens_on), String::new()),
            fact("exhibit-closes", day(content.closes_on), String::new()),
        ],
        neighbours,
        entry: if standing == Standing::Shown { exhibit.entry() } else { String::new() },
        qr: format!("{}/qr.svg", exhibit.entry()),
        edit_url: if is_curator { format!("/desk/exhibits/{}", exhibit.id) } else { String::new() },
        form: None,
        wishes: Vec::new(),
    })
}

/// Three that can be seen: the nearest of the same zone, then whatever comes first.
async fn neighbours_of(page: &Page, exhibit: &Exhibit, zones: &[Zone], today: NaiveDate) -> Result<Vec<Row>, Fault> {
    let (_, mut found) = store::shown(&page.app.db, None, today, 0, 500).await?;
    found.retain(|each| each.id != exhibit.id);
    found.sort_by_key(|each| {
        let is_far = each.content.zone != exhibit.content.zone;
        (is_far, each.position.abs_diff(exhibit.position))
    });
    found.truncate(NEIGHBOURS);
    let owners = owners(page, &found).await?;
    Ok(found.iter().map(|each| exhibit_row(page, each, zones, &owners)).collect())
}

/// The exhibit of a page that everybody may read: a draft does not exist.
fn public(exhibit: Option<Exhibit>, today: NaiveDate) -> Result<Exhibit, WebError> {
    exhibit.filter(|each| each.standing(today) != Standing::Draft).ok_or(WebError::NotFound)
}

pub(super) fn number(path: &str) -> Result<ExhibitId, WebError> {
    path.parse().ok().ok_or(WebError::NotFound)
}

/// `GET /exhibits/{id}`.
pub async fn show(page: Page, id: Path<String>) -> Answer {
    let exhibit = public(store::by_id(&page.app.db, number(&id)?).await?, today(&page))?;
    let view = view(&page, &exhibit).await?;
    page.show("exhibit/show.html", &view)
}

async fn by_code(page: &Page, code: &str) -> Result<Exhibit, WebError> {
    let code = code.to_ascii_lowercase();
    public(store::by_code(&page.app.db, &code).await?, today(page))
}

async fn entry_view(
    page: &Page,
    exhibit: &Exhibit,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<ShowView, WebError> {
    // The form is for visitors without a cookie as well; they get one with its token.
    page.csrf();
    let mut view = view(page, exhibit).await?;
    let wish = |wish: Wish| Choice::new(wish.as_str(), page.word(&format!("exhibit-wish-{}", wish.as_str())));
    view.wishes = Wish::ALL.map(wish).into();
    view.form = Some(page.form(fields, errors));
    Ok(view)
}

/// `GET /e/{code}`: the page of the exhibit, with the ways to write to the exhibitor. What was
/// looked at is remembered in the visitor's own browser; nothing is written here.
pub async fn entry(page: Page, request: HttpRequest, code: Path<String>) -> Answer {
    let exhibit = by_code(&page, &code).await?;
    let is_shown = exhibit.standing(today(&page)) == Standing::Shown;
    let view = if is_shown {
        let fields = Fields::blank().with("wish", Wish::Message.as_str());
        entry_view(&page, &exhibit, &fields, &FieldErrors::default()).await?
    } else {
        view(&page, &exhibit).await?
    };
    let mut answer = page.show("exhibit/show.html", &view)?;
    let mut seen = seen(&request);
    if is_shown && !seen.contains(&exhibit.id) {
        seen.push(exhibit.id);
        remember(&page, &mut answer, SEEN, &written(&seen));
    }
    Ok(answer)
}

/// `POST /e/{code}`.
pub async fn ask(page: Page, request: HttpRequest, code: Path<String>, Posted(fields): Posted) -> Answer {
    let exhibit = by_code(&page, &code).await?;
    let new = match form::enquiry(&fields) {
        Ok(new) => new,
        Err(errors) => {
            let view = entry_view(&page, &exhibit, &fields, &errors).await?;
            return page.refuse("exhibit/show.html", &view);
        }
    };
    page.app.limits.enquiry(limit::address_of(&request, &page.app.config.proxies))?;
    let mut seen = seen(&request);
    if !seen.contains(&exhibit.id) {
        seen.push(exhibit.id);
    }
    match enquire::enquire(&page.app, &exhibit, &new, &kept_code(&request), &seen, fields.key()).await {
        Ok(code) => {
            let mut answer = page.go_saying(format!("/tour?code={code}"), "exhibit-asked")?;
            remember(&page, &mut answer, TOUR, &code);
            Ok(answer)
        }
        Err(enquire::Error::NotShown) => {
            let errors = FieldErrors::one("text", "exhibit-gone-meanwhile");
            let view = entry_view(&page, &exhibit, &fields, &errors).await?;
            page.refuse("exhibit/show.html", &view)
        }
        Err(enquire::Error::Fault(fault)) => Err(fault.into()),
    }
}

/// `GET /e/{code}/qr.svg`.
pub async fn qr(page: Page, code: Path<String>) -> Answer {
    let code = code.to_ascii_lowercase();
    let exhibit = store::by_code(&page.app.db, &code).await?.ok_or(WebError::NotFound)?;
    let drawn = qr::svg(&page.app.config.link(&exhibit.entry()))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "image/svg+xml")).body(drawn))
}

/// The exhibits that this browser remembers.
fn seen(request: &HttpRequest) -> Vec<ExhibitId> {
    let Some(cookie) = request.cookie(SEEN) else { return Vec::new() };
    cookie.value().split('.').filter_map(|each| each.parse().ok()).take(tour::MOST).collect()
}

fn kept_code(request: &HttpRequest) -> String {
    request.cookie(TOUR).map(|cookie| tour_code(cookie.value())).unwrap_or_default()
}

fn written(seen: &[ExhibitId]) -> String {
    seen.iter().rev().take(tour::MOST).rev().map(ToString::to_string).collect::<Vec<_>>().join(".")
}

/// Sets a cookie that lasts a month; without it the page is as good, only the list is lost.
fn remember(page: &Page, answer: &mut HttpResponse, name: &'static str, value: &str) {
    let cookie = Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax);
    let cookie = cookie.secure(page.app.config.is_https()).max_age(time::Duration::days(30)).finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::warn!(%error, "a tour could not be remembered");
    }
}

/// The code that was typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

#[derive(Serialize)]
struct TourView {
    code: String,
    unknown: bool,
    rows: Vec<Row>,
    enquiries: Vec<AskedRow>,
    form: FormView,
}

#[derive(Serialize)]
struct AskedRow {
    number: String,
    exhibit: String,
    url: String,
    wish: String,
    text: String,
    at: String,
    answer: String,
    answered_at: String,
}

/// `GET /tour`: the exhibits that this browser remembers, or those that are kept under a code,
/// with what was asked and answered. No contact is shown here, since a code may be read over a shoulder.
pub async fn tour(page: Page, request: HttpRequest, typed: Query<Typed>) -> Answer {
    let db = &page.app.db;
    let typed = tour_code(&typed.code);
    let code = if typed.is_empty() { kept_code(&request) } else { typed.clone() };
    let kept = if code.is_empty() { None } else { store::tour(db, &code).await? };
    let unknown = kept.is_none() && !typed.is_empty();
    let mut ids = kept.clone().unwrap_or_default();
    if typed.is_empty() {
        ids.extend(seen(&request).into_iter().filter(|each| !kept.iter().flatten().any(|known| known == each)));
    }
    let enquiries = if kept.is_some() { store::enquiries_of_tour(db, &code).await? } else { Vec::new() };
    let wanted: Vec<ExhibitId> = ids.iter().copied().chain(enquiries.iter().map(|each| each.exhibit)).collect();
    let found = if wanted.is_empty() { Vec::new() } else { store::by_ids(db, &wanted).await? };
    let (zones, owners, today) = (zone::store::all(db).await?, owners(&page, &found).await?, today(&page));
    let by_id = |id: ExhibitId| found.iter().find(|each| each.id == id && each.standing(today) != Standing::Draft);
    let view = TourView {
        unknown,
        rows: ids
            .iter()
            .filter_map(|id| by_id(*id))
            .map(|each| {
                let mut row = exhibit_row(&page, each, &zones, &owners);
                if matches!(each.standing(today), Standing::Gone(_)) {
                    row.state_label = page.word("exhibit-state-gone");
                }
                row
            })
            .collect(),
        enquiries: enquiries.iter().map(|each| asked_row(&page, each, by_id(each.exhibit))).collect(),
        form: page.form(&Fields::blank().with("code", &typed), &FieldErrors::default()),
        code: if kept.is_some() { code } else { String::new() },
    };
    // A link with a code is for its owner; no cache keeps it.
    page.csrf();
    page.show("exhibit/tour.html", &view)
}

fn asked_row(page: &Page, enquiry: &Enquiry, exhibit: Option<&Exhibit>) -> AskedRow {
    AskedRow {
        number: enquiry.number.clone(),
        exhibit: exhibit.map(|each| each.content.name_in(page.language()).to_owned()).unwrap_or_default(),
        url: exhibit.map(Exhibit::url).unwrap_or_default(),
        wish: page.word(&format!("exhibit-wish-{}", enquiry.content.wish.as_str())),
        text: enquiry.content.text.clone(),
        at: page.moment(enquiry.made_at),
        answer: enquiry.answer.clone(),
        answered_at: enquiry.answered_at.map(|at| page.moment(at)).unwrap_or_default(),
    }
}

/// `POST /tour`: keeps what this browser remembers under a code.
pub async fn keep(page: Page, request: HttpRequest, Posted(_): Posted) -> Answer {
    let seen = seen(&request);
    if seen.is_empty() {
        return page.go("/tour");
    }
    page.app.limits.enquiry(limit::address_of(&request, &page.app.config.proxies))?;
    let code = tour::keep(&page.app, &kept_code(&request), &seen).await?;
    let mut answer = page.go_saying(format!("/tour?code={code}"), "exhibit-tour-kept")?;
    remember(&page, &mut answer, TOUR, &code);
    Ok(answer)
}
