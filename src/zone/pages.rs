//! The front page of the hall, and the page of a zone.

pub mod desk;

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, http::header, web::Path};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    chain, exhibit,
    fault::Fault,
    id::{OrganisationId, ZoneId},
    listing::{self, Kind, Listing},
    organisation::{self, Organisation, OrganisationKind},
    web::{
        Answer, Page, WebError,
        list::{Row, ZoneTag, opening},
    },
    words::Say,
    zone::{Zone, colour, store},
};

/// How many exhibits, and how many of the newest needs and results, the front page shows.
const NEWEST: u64 = 5;
/// How many of each kind a zone's page shows before it leads to the whole list.
const SHOWN: u64 = 12;

#[derive(Serialize)]
struct HomeView {
    figures: Vec<Figure>,
    zones: Vec<Card>,
    exhibits: Vec<Row>,
    needs: Vec<Row>,
    results: Vec<Row>,
}

#[derive(Serialize)]
struct Figure {
    value: u64,
    label: String,
    url: &'static str,
}

#[derive(Serialize)]
struct Card {
    slug: String,
    name: String,
    about: String,
    counts: Vec<String>,
}

/// `GET /`.
pub async fn home(page: Page) -> Answer {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let zones = store::all(db).await?;
    let organisations = organisation::store::counts(db).await?;
    let live = listing::store::live_counts(db, now).await?;
    let (_, needs) = listing::store::live(db, Kind::Need, None, now, 0, NEWEST).await?;
    let (_, results) = listing::store::live(db, Kind::Result, None, now, 0, NEWEST).await?;
    let (_, shown) = exhibit::store::shown(db, None, exhibit::view::today(&page), 0, NEWEST).await?;
    let exhibitors = exhibit::view::owners(&page, &shown).await?;
    let exhibits = shown.iter().map(|each| exhibit::view::exhibit_row(&page, each, &zones, &exhibitors)).collect();
    let owners = owners(&page, needs.iter().chain(&results)).await?;
    let rows = |found: &[Listing]| found.iter().map(|each| listing_row(&page, each, &zones, Some(&owners))).collect();
    let sum = |kind| live.iter().filter(|((_, each), _)| *each == kind).map(|(_, number)| number).sum::<u64>();
    let all = |kind| organisations.iter().filter(|((_, each), _)| *each == kind).map(|(_, number)| number).sum::<u64>();
    let figure = |value, key, url| Figure { value, label: page.word(key), url };
    let view = HomeView {
        figures: vec![
            figure(sum(Kind::Need), "zone-live-needs", "/needs"),
            figure(sum(Kind::Result), "zone-live-results", "/results"),
            figure(all(OrganisationKind::Enterprise), "zone-enterprises", "/enterprises"),
            figure(all(OrganisationKind::Team), "zone-teams", "/teams"),
        ],
        exhibits,
        needs: rows(&needs),
        results: rows(&results),
        zones: zones.iter().map(|zone| card(&page, zone, &organisations, &live)).collect(),
    };
    page.show("zone/home.html", &view)
}

fn card(
    page: &Page,
    zone: &Zone,
    organisations: &HashMap<(ZoneId, OrganisationKind), u64>,
    live: &HashMap<(ZoneId, Kind), u64>,
) -> Card {
    let firms = |kind| organisations.get(&(zone.id, kind)).copied().unwrap_or(0);
    let posted = |kind| live.get(&(zone.id, kind)).copied().unwrap_or(0);
    let count = |key: &'static str, number: u64| page.tell(&Say::new(key).with("n", number));
    Card {
        slug: zone.slug.clone(),
        name: zone.name_in(page.language()).to_owned(),
        about: zone.about_in(page.language()).to_owned(),
        counts: vec![
            count("zone-count-enterprises", firms(OrganisationKind::Enterprise)),
            count("zone-count-teams", firms(OrganisationKind::Team)),
            count("zone-count-needs", posted(Kind::Need)),
            count("zone-count-results", posted(Kind::Result)),
        ],
    }
}

/// `GET /static/zones.css`: the colours of the zones, as curators picked them.
pub async fn colours(page: Page, request: HttpRequest) -> Answer {
    let sheet = colour::sheet(&store::all(&page.app.db).await?);
    let tag = header::EntityTag::new_strong(URL_SAFE_NO_PAD.encode(&Sha256::digest(&sheet)[..12]));
    let asked = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = asked.is_some_and(|asked| asked.contains(tag.tag()));
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header(header::ETag(tag)).insert_header((header::CACHE_CONTROL, "public, max-age=600"));
    Ok(if is_known { answer.finish() } else { answer.content_type("text/css; charset=utf-8").body(sheet) })
}

#[derive(Serialize)]
struct ZoneView {
    slug: String,
    name: String,
    about: String,
    chains: Vec<ChainLink>,
    parts: Vec<Part>,
}

/// The way to a chain of the zone.
#[derive(Serialize)]
struct ChainLink {
    name: String,
    url: String,
}

/// One kind of thing of the zone: as many as fit, and the way to all of them.
#[derive(Serialize)]
struct Part {
    title: String,
    rows: Vec<Row>,
    all_url: String,
    all_label: String,
    none: String,
}

/// `GET /zones/{slug}`.
pub async fn show(page: Page, slug: Path<String>) -> Answer {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let zones = store::all(db).await?;
    let zone = zones.iter().find(|zone| zone.slug == *slug).ok_or(WebError::NotFound)?;
    let here = Some(zone.id);
    let needs = listing::store::live(db, Kind::Need, here, now, 0, SHOWN).await?;
    let results = listing::store::live(db, Kind::Result, here, now, 0, SHOWN).await?;
    let enterprises = organisation::store::listed(db, OrganisationKind::Enterprise, here, 0, SHOWN).await?;
    let teams = organisation::store::listed(db, OrganisationKind::Team, here, 0, SHOWN).await?;
    let shown = exhibit::store::shown(db, here, exhibit::view::today(&page), 0, SHOWN).await?;
    let exhibitors = exhibit::view::owners(&page, &shown.1).await?;
    let exhibits = shown.1.iter().map(|each| exhibit::view::exhibit_row(&page, each, &[], &exhibitors)).collect();
    let owners = owners(&page, needs.1.iter().chain(&results.1)).await?;
    let posted = |found: &[Listing]| found.iter().map(|each| listing_row(&page, each, &[], Some(&owners))).collect();
    let firms = |found: &[Organisation]| found.iter().map(|each| organisation_row(each, None)).collect();
    let part = |key: [&'static str; 2], path: &str, rows: Vec<Row>, total: u64| Part {
        title: page.word(key[0]),
        all_url: if total > SHOWN { format!("{path}?zone={}", zone.slug) } else { String::new() },
        all_label: page.tell(&Say::new("zone-all").with("n", total)),
        none: page.word(key[1]),
        rows,
    };
    let chains = chain::store::all(db).await?.into_iter().filter(|chain| chain.content.zone == zone.id);
    let chains = chains
        .map(|chain| ChainLink { name: chain.content.name_in(page.language()).to_owned(), url: chain.content.url() });
    let view = ZoneView {
        chains: chains.collect(),
        slug: zone.slug.clone(),
        name: zone.name_in(page.language()).to_owned(),
        about: zone.about_in(page.language()).to_owned(),
        parts: vec![
            part(["exhibit-index", "exhibit-none"], "/exhibits", exhibits, shown.0),
            part(["zone-needs", "zone-needs-none"], "/needs", posted(&needs.1), needs.0),
            part(["zone-results", "zone-results-none"], "/results", posted(&results.1), results.0),
            part(["zone-enterprises", "zone-enterprises-none"], "/enterprises", firms(&enterprises.1), enterprises.0),
            part(["zone-teams", "zone-teams-none"], "/teams", firms(&teams.1), teams.0),
        ],
    };
    page.show("zone/show.html", &view)
}

/// The names of those who posted, without those who do not want to be named.
async fn owners(page: &Page, posted: impl Iterator<Item = &Listing>) -> Result<HashMap<OrganisationId, String>, Fault> {
    let ids: Vec<OrganisationId> = posted.filter(|each| !each.content.anonymous).map(|each| each.owner).collect();
    let found = organisation::store::by_ids(&page.app.db, &ids).await?;
    Ok(found.into_iter().map(|each| (each.id, each.name)).collect())
}

/// A listing as a row. `owners` names who posted it, `None` where all are of one owner; the zone is
/// shown where `zones` holds it.
pub(crate) fn listing_row(
    page: &Page,
    listing: &Listing,
    zones: &[Zone],
    owners: Option<&HashMap<OrganisationId, String>>,
) -> Row {
    let day = |key: &'static str, day| page.tell(&Say::new(key).with("day", page.day(day)));
    let posted = listing.published_at.map(|at| day("zone-posted", at));
    let until = listing.expires_at.map(|at| day("zone-until", at));
    let owner = match owners {
        None => String::new(),
        // Also where the map holds the name, since another listing of the same owner may be open.
        Some(_) if listing.content.anonymous => page.word("zone-anonymous"),
        Some(owners) => owners.get(&listing.owner).cloned().unwrap_or_default(),
    };
    Row {
        url: listing.url(),
        title: listing.content.title.clone(),
        teaser: listing.content.teaser.clone(),
        zone: listing.content.zone.and_then(|zone| tag(page, zones, zone)),
        owner,
        meta: posted.into_iter().chain(until).collect::<Vec<_>>().join(" · "),
        ..Row::default()
    }
}

/// An organisation as a row.
pub(crate) fn organisation_row(organisation: &Organisation, zone: Option<ZoneTag>) -> Row {
    Row {
        url: organisation.url(),
        title: organisation.name.clone(),
        teaser: opening(&organisation.about, 90),
        zone,
        ..Row::default()
    }
}

/// The tag of a zone, where `zones` holds it.
pub(crate) fn tag(page: &Page, zones: &[Zone], id: ZoneId) -> Option<ZoneTag> {
    let zone = zones.iter().find(|zone| zone.id == id)?;
    Some(ZoneTag { slug: zone.slug.clone(), name: zone.name_in(page.language()).to_owned() })
}
