//! The public lists as JSON.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    enterprise,
    exhibit::{self, Exhibit},
    fault::Fault,
    id::{ExhibitId, ListingId, OrganisationId, ZoneId},
    listing::{self, Budget, Cooperation, Kind, Listing, NeedType, Target},
    organisation::{self, Organisation, OrganisationKind},
    team,
    web::{Answer, Fields, Page, WebError, list::page_number},
    zone::{self, Zone},
};

/// How many rows a page has unless told.
const PER_PAGE: u64 = 20;
/// The most that may be asked for.
const MOST: u64 = 100;

#[derive(Serialize)]
struct List<T> {
    total: u64,
    page: u64,
    size: u64,
    items: Vec<T>,
}

#[derive(Serialize)]
struct ZoneItem {
    slug: String,
    name_zh: String,
    name_en: String,
    about_zh: String,
    about_en: String,
    url: String,
}

#[derive(Serialize)]
struct ListingItem {
    id: ListingId,
    kind: Kind,
    need_type: Option<NeedType>,
    title: String,
    teaser: String,
    problem: String,
    targets: Vec<Target>,
    deadline: Option<NaiveDate>,
    budget: Option<Budget>,
    cooperation: Vec<Cooperation>,
    trl: Option<(u8, u8)>,
    industry: String,
    keywords: Vec<String>,
    zone: Option<String>,
    /// Who posted it; nobody when it is anonymous.
    owner: Option<Owner>,
    url: String,
    published_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Owner {
    id: OrganisationId,
    name: String,
    url: String,
}

#[derive(Serialize)]
struct EnterpriseItem {
    id: OrganisationId,
    name: String,
    zone: Option<String>,
    region: String,
    industry: String,
    industry_name: String,
    size: &'static str,
    about: String,
    products: Vec<String>,
    url: String,
    verified_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct TeamItem {
    id: OrganisationId,
    name: String,
    university: String,
    lead_name: String,
    lead_title: String,
    zone: Option<String>,
    region: String,
    about: String,
    fields: Vec<String>,
    url: String,
    verified_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct ExhibitItem {
    id: ExhibitId,
    name_zh: String,
    name_en: String,
    about_zh: String,
    about_en: String,
    facts: Vec<[String; 2]>,
    stand: String,
    zone: Option<String>,
    owner: Option<Owner>,
    opens_on: Option<NaiveDate>,
    closes_on: Option<NaiveDate>,
    url: String,
}

/// Which part of a list is asked for.
struct Part {
    zones: HashMap<ZoneId, String>,
    zone: Option<ZoneId>,
    page: u64,
    size: u64,
}

impl Part {
    async fn read(page: &Page, request: &HttpRequest) -> Result<Self, WebError> {
        let fields = Fields::parse(request.query_string().as_bytes());
        let zones = zone::store::all(&page.app.db).await?;
        let zone = match fields.raw("zone") {
            "" => None,
            slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::BadRequest)?.id),
        };
        let size = match fields.raw("size") {
            "" => PER_PAGE,
            digits => digits.parse().ok().filter(|size| (1..=MOST).contains(size)).ok_or(WebError::BadRequest)?,
        };
        let slugs = zones.into_iter().map(|zone| (zone.id, zone.slug)).collect();
        Ok(Self { zones: slugs, zone, page: page_number(fields.raw("page"))?, size })
    }

    fn list<T: Serialize>(&self, total: u64, items: Vec<T>) -> Answer {
        Ok(HttpResponse::Ok().json(List { total, page: self.page, size: self.size, items }))
    }
}

/// `GET /api/v1/zones`.
pub async fn zones(page: Page) -> Answer {
    let item = |zone: Zone| {
        let url = format!("/zones/{}", zone.slug);
        let ([name_zh, name_en], [about_zh, about_en]) = (zone.name, zone.about);
        ZoneItem { slug: zone.slug, name_zh, name_en, about_zh, about_en, url }
    };
    let items: Vec<ZoneItem> = zone::store::all(&page.app.db).await?.into_iter().map(item).collect();
    let total = u64::try_from(items.len()).unwrap_or(u64::MAX);
    Ok(HttpResponse::Ok().json(List { total, page: 1, size: total, items }))
}

/// `GET /api/v1/needs`.
pub async fn needs(page: Page, request: HttpRequest) -> Answer {
    listings(&page, &request, Kind::Need).await
}

/// `GET /api/v1/offers`.
pub async fn offers(page: Page, request: HttpRequest) -> Answer {
    listings(&page, &request, Kind::Offer).await
}

/// `GET /api/v1/results`.
pub async fn results(page: Page, request: HttpRequest) -> Answer {
    listings(&page, &request, Kind::Result).await
}

async fn listings(page: &Page, request: &HttpRequest, kind: Kind) -> Answer {
    let part = Part::read(page, request).await?;
    let (db, now) = (&page.app.db, page.app.clock.now());
    let (total, rows) = listing::store::live(db, kind, part.zone, now, part.page - 1, part.size).await?;
    let owners: Vec<OrganisationId> = rows.iter().map(|row| row.owner).collect();
    let owners = organisation::store::by_ids(db, &owners).await?;
    let owners: HashMap<OrganisationId, Organisation> = owners.into_iter().map(|each| (each.id, each)).collect();
    let item = |row: Listing| {
        let url = row.url();
        let owner = owners.get(&row.owner).filter(|owner| !row.content.anonymous && owner.is_verified());
        ListingItem {
            id: row.id,
            kind: row.kind,
            need_type: row.content.need_type,
            title: row.content.title,
            teaser: row.content.teaser,
            problem: row.content.problem,
            targets: row.content.targets,
            deadline: row.content.deadline,
            budget: row.content.budget,
            cooperation: row.content.cooperation,
            trl: row.content.trl,
            industry: row.content.industry,
            keywords: row.content.keywords,
            zone: row.content.zone.and_then(|zone| part.zones.get(&zone).cloned()),
            owner: owner.map(|owner| Owner { id: owner.id, name: owner.name.clone(), url: owner.url() }),
            url,
            published_at: row.published_at,
            expires_at: row.expires_at,
        }
    };
    part.list(total, rows.into_iter().map(item).collect())
}

/// The numbers of one page of organisations, in order, and how many there are.
async fn organisations(page: &Page, part: &Part, kind: OrganisationKind) -> Result<(u64, Vec<OrganisationId>), Fault> {
    let (total, rows) = organisation::store::listed(&page.app.db, kind, part.zone, part.page - 1, part.size).await?;
    Ok((total, rows.into_iter().map(|row| row.id).collect()))
}

/// `GET /api/v1/enterprises`.
pub async fn enterprises(page: Page, request: HttpRequest) -> Answer {
    let part = Part::read(&page, &request).await?;
    let (total, ids) = organisations(&page, &part, OrganisationKind::Enterprise).await?;
    let rows = enterprise::store::by_ids(&page.app.db, &ids).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.organisation.id, row)).collect();
    let item = |row: enterprise::Enterprise| EnterpriseItem {
        url: row.organisation.url(),
        id: row.organisation.id,
        name: row.organisation.name,
        zone: part.zones.get(&row.organisation.zone).cloned(),
        region: row.organisation.region,
        industry: row.industry,
        industry_name: row.industry_name,
        size: row.size.as_str(),
        about: row.organisation.about,
        products: row.products,
        verified_at: row.organisation.verified_at,
    };
    let items = ids.iter().filter_map(|id| rows.remove(id)).map(item).collect();
    part.list(total, items)
}

/// `GET /api/v1/teams`.
pub async fn teams(page: Page, request: HttpRequest) -> Answer {
    let part = Part::read(&page, &request).await?;
    let (total, ids) = organisations(&page, &part, OrganisationKind::Team).await?;
    let rows = team::store::by_ids(&page.app.db, &ids).await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.organisation.id, row)).collect();
    let item = |row: team::Team| TeamItem {
        url: row.organisation.url(),
        id: row.organisation.id,
        name: row.organisation.name,
        university: row.university_name,
        lead_name: row.lead_name,
        lead_title: row.lead_title,
        zone: part.zones.get(&row.organisation.zone).cloned(),
        region: row.organisation.region,
        about: row.organisation.about,
        fields: row.fields,
        verified_at: row.organisation.verified_at,
    };
    let items = ids.iter().filter_map(|id| rows.remove(id)).map(item).collect();
    part.list(total, items)
}

/// `GET /api/v1/exhibits`.
pub async fn exhibits(page: Page, request: HttpRequest) -> Answer {
    let part = Part::read(&page, &request).await?;
    let today = exhibit::view::today(&page);
    let (total, rows) = exhibit::store::shown(&page.app.db, part.zone, today, part.page - 1, part.size).await?;
    let owners = exhibit::view::owners(&page, &rows).await?;
    let item = |row: Exhibit| {
        let owner = owners.get(&row.content.organisation).filter(|owner| owner.is_verified());
        let (url, content) = (row.url(), row.content);
        let ([name_zh, name_en], [about_zh, about_en]) = (content.name, content.about);
        ExhibitItem {
            id: row.id,
            name_zh,
            name_en,
            about_zh,
            about_en,
            facts: content.facts,
            stand: content.stand,
            zone: part.zones.get(&content.zone).cloned(),
            owner: owner.map(|owner| Owner { id: owner.id, name: owner.name.clone(), url: owner.url() }),
            opens_on: content.opens_on,
            closes_on: content.closes_on,
            url,
        }
    };
    part.list(total, rows.into_iter().map(item).collect())
}
