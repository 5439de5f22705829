//! The search page.
//!
//! It never fails for what was typed: what means nothing is left out, and said. The same answer as JSON is in
//! [`json`], which refuses what it does not know, since a program that asks wrongly wants to hear it.

mod asked;
mod help;
pub mod json;

use actix_web::HttpRequest;
use index::{By, Kind, Passage, Sort};
use serde::Serialize;

use crate::{
    fault::Fault,
    search::pages::{
        asked::{Asked, PER_PAGE, short},
        help::{Help, help},
    },
    web::{
        Answer, FieldErrors, Fields, FormView, Page,
        list::{Pager, ZoneTag, page_number},
    },
    words::{Language, Say},
    zone::{self, Zone},
};

/// The kinds of things that there are so far, in the order in which they are offered.
const KINDS: [Kind; 6] = [Kind::Need, Kind::Result, Kind::Offer, Kind::Enterprise, Kind::Team, Kind::Exhibit];

#[derive(Serialize)]
struct Link {
    label: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct Choice {
    label: String,
    url: String,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct Applied {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct Hidden {
    name: &'static str,
    value: String,
}

/// A line of `ui.listing_row` with marks.
#[derive(Serialize)]
struct HitRow {
    url: String,
    title: String,
    title_passages: Vec<Passage>,
    passages: Vec<Passage>,
    kind_label: String,
    zone: Option<ZoneTag>,
    owner: String,
}

#[derive(Serialize)]
struct SearchView {
    title: String,
    text: String,
    form: FormView,
    hidden: Vec<Hidden>,
    found: String,
    nearest: Option<String>,
    also: Option<String>,
    corrected_url: Option<String>,
    ignored: Option<String>,
    sorts: Vec<Link>,
    kinds: Vec<Choice>,
    zones: Vec<Choice>,
    applied: Vec<Applied>,
    clear_url: String,
    rows: Vec<HitRow>,
    pager: Pager,
    help: Option<Help>,
}

/// `GET /search`.
pub async fn index(page: Page, request: HttpRequest) -> Answer {
    let fields = Fields::parse(request.query_string().as_bytes());
    let number = page_number(fields.raw("page"))?;
    let zones = zone::store::all(&page.app.db).await?;
    let asked = Asked::read(&fields, &zones);
    let found = page.app.index.search(&asked.query(number, PER_PAGE)).map_err(Fault::from)?;
    let pager = Pager::new(number, count(PER_PAGE), count(found.total), |number| asked.url(number))?;
    let help = if found.total == 0 { Some(help(&page, &asked, &zones, &found)?) } else { None };
    let mut ignored = asked.unknown.clone();
    ignored.extend(found.ignored.iter().map(|piece| short(piece)));
    ignored.truncate(10);
    let view = SearchView {
        title: if asked.text.is_empty() {
            page.word("search-title")
        } else {
            page.tell(&Say::new("search-title-of").with("words", &asked.text))
        },
        form: page.form(&Fields::default().with("q", &asked.text), &FieldErrors::default()),
        hidden: hidden(&asked),
        found: page.tell(&Say::new("search-found").with("count", found.total)),
        nearest: nearest(&page, &asked, &found.by),
        also: (!found.also.is_empty() && found.total > 0).then(|| found.also.join(page.word("search-comma").as_str())),
        corrected_url: match &found.by {
            By::Correction(text) => Some(Asked { text: text.clone(), ..asked.clone() }.url(1)),
            By::Words | By::Sound | By::Half => None,
        },
        ignored: (!ignored.is_empty()).then(|| ignored.join(page.word("search-comma").as_str())),
        sorts: sorts(&page, &asked),
        kinds: kinds(&page, &asked, &found),
        zones: zone_choices(page.language(), &asked, &zones, &found),
        applied: applied(&page, &asked, &zones),
        clear_url: asked.without_filters().url(1),
        rows: found.hits.into_iter().map(|hit| row(&page, hit, &zones)).collect(),
        pager,
        help,
        text: asked.text,
    };
    page.show("search/index.html", &view)
}

/// How the hits fit, when they do not have all the words.
fn nearest(page: &Page, asked: &Asked, by: &By) -> Option<String> {
    match by {
        By::Words => None,
        By::Sound => Some(page.tell(&Say::new("search-by-sound").with("words", &asked.text))),
        By::Correction(text) => {
            Some(page.tell(&Say::new("search-corrected").with("words", &asked.text).with("meant", text)))
        }
        By::Half => Some(page.word("search-relaxed")),
    }
}

fn row(page: &Page, hit: index::Hit, zones: &[Zone]) -> HitRow {
    HitRow {
        title: plain(&hit.title),
        title_passages: hit.title,
        passages: hit.snippet,
        kind_label: kind_label(page, hit.key.kind),
        zone: hit
            .zone
            .and_then(|slug| zones.iter().find(|zone| zone.slug == slug))
            .map(|zone| ZoneTag { slug: zone.slug.clone(), name: zone.name_in(page.language()).to_owned() }),
        owner: hit.owner,
        url: hit.url,
    }
}

fn plain(passages: &[Passage]) -> String {
    passages.iter().map(|passage| passage.text.as_str()).collect()
}

fn kind_label(page: &Page, kind: Kind) -> String {
    page.word(&format!("search-kind-{}", kind.as_str()))
}

/// What the form of the question carries along.
fn hidden(asked: &Asked) -> Vec<Hidden> {
    let kinds = asked.kinds.iter().map(|kind| Hidden { name: "kind", value: kind.to_string() });
    let zone = asked.zone.iter().map(|zone| Hidden { name: "zone", value: zone.clone() });
    let sort = asked.sort.iter().map(|sort| Hidden { name: "sort", value: sort.as_str().to_owned() });
    kinds.chain(zone).chain(sort).collect()
}

fn sorts(page: &Page, asked: &Asked) -> Vec<Link> {
    let in_force = match asked.sort {
        None | Some(Sort::Relevance) if asked.text.is_empty() => Sort::Newest,
        sort => sort.unwrap_or_default(),
    };
    let offered = Sort::ALL.into_iter().filter(|sort| *sort != Sort::Relevance || !asked.text.is_empty());
    offered
        .map(|sort| Link {
            label: page.word(&format!("search-sort-{}", sort.as_str())),
            url: Asked { sort: Some(sort), ..asked.clone() }.url(1),
            current: sort == in_force,
        })
        .collect()
}

fn kinds(page: &Page, asked: &Asked, found: &index::Page) -> Vec<Choice> {
    let count_of =
        |kind: Kind| found.kinds.iter().find(|each| each.value == kind.as_str()).map_or(0, |each| each.count);
    KINDS
        .into_iter()
        .map(|kind| Choice {
            label: kind_label(page, kind),
            url: asked.toggled(kind).url(1),
            count: count_of(kind),
            current: asked.kinds.contains(&kind),
        })
        .filter(|choice| choice.count > 0 || choice.current)
        .collect()
}

fn zone_choices(language: Language, asked: &Asked, zones: &[Zone], found: &index::Page) -> Vec<Choice> {
    let count_of = |slug: &str| found.zones.iter().find(|each| each.value == slug).map_or(0, |each| each.count);
    zones
        .iter()
        .map(|zone| {
            let current = asked.zone.as_deref() == Some(zone.slug.as_str());
            Choice {
                label: zone.name_in(language).to_owned(),
                url: asked.in_zone(if current { None } else { Some(&zone.slug) }).url(1),
                count: count_of(&zone.slug),
                current,
            }
        })
        .filter(|choice| choice.count > 0 || choice.current)
        .collect()
}

fn applied(page: &Page, asked: &Asked, zones: &[Zone]) -> Vec<Applied> {
    let kinds =
        asked.kinds.iter().map(|kind| Applied { label: kind_label(page, *kind), url: asked.toggled(*kind).url(1) });
    let zone = zones
        .iter()
        .find(|zone| asked.zone.as_deref() == Some(zone.slug.as_str()))
        .map(|zone| Applied { label: zone.name_in(page.language()).to_owned(), url: asked.in_zone(None).url(1) });
    kinds.chain(zone).collect()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
