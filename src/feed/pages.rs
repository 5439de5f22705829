//! `/needs.atom`, `/results.atom`, `/sitemap.xml`, `/robots.txt`.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, http::header};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    chain, exhibit,
    id::OrganisationId,
    listing::{self, Kind},
    organisation,
    web::{Answer, Page},
    zone,
};

/// How many entries a feed holds.
const ENTRIES: u64 = 50;
/// The most that one map may hold, by its protocol.
const MOST: usize = 50_000;

#[derive(Serialize)]
struct Feed {
    lang: &'static str,
    title: String,
    url: String,
    list_url: String,
    updated: String,
    author: String,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    title: String,
    url: String,
    author: String,
    summary: String,
    published: String,
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `GET /needs.atom`.
pub async fn needs(page: Page) -> Answer {
    feed(&page, Kind::Need, "zone-newest-needs", "/needs").await
}

/// `GET /results.atom`.
pub async fn results(page: Page) -> Answer {
    feed(&page, Kind::Result, "zone-newest-results", "/results").await
}

async fn feed(page: &Page, kind: Kind, title: &str, list: &str) -> Answer {
    let (db, config, now) = (&page.app.db, &page.app.config, page.app.clock.now());
    let (_, found) = listing::store::live(db, kind, None, now, 0, ENTRIES).await?;
    let owners: Vec<OrganisationId> = found.iter().map(|each| each.owner).collect();
    let owners = organisation::store::by_ids(db, &owners).await?;
    let owners: HashMap<OrganisationId, String> = owners.into_iter().map(|each| (each.id, each.name)).collect();
    let entries = found.iter().map(|each| {
        let owner = owners.get(&each.owner).filter(|_| !each.content.anonymous).cloned();
        Entry {
            title: each.content.title.clone(),
            url: config.link(&each.url()),
            author: owner.unwrap_or_else(|| page.word("zone-anonymous")),
            summary: each.content.teaser.clone(),
            published: stamp(each.published_at.unwrap_or(each.created_at)),
        }
    });
    let entries: Vec<Entry> = entries.collect();
    let feed = Feed {
        lang: page.language().as_str(),
        title: format!("{} · {}", page.word(title), config.site_name),
        url: config.link(&format!("{list}.atom")),
        list_url: config.link(list),
        // A feed without entries was last changed when it was opened; any fixed moment serves.
        updated: entries.iter().map(|each| each.published.clone()).max().unwrap_or_else(|| stamp(DateTime::UNIX_EPOCH)),
        author: config.site_name.clone(),
        entries,
    };
    xml(page, "feed/atom.xml", &feed, "application/atom+xml; charset=utf-8")
}

fn xml(page: &Page, template: &str, view: &impl Serialize, kind: &'static str) -> Answer {
    #[derive(Serialize)]
    struct Frame<'a, V> {
        feed: &'a V,
    }
    let text = page.app.templates.render(page.language(), template, &Frame { feed: view })?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(text))
}

#[derive(Serialize)]
struct Map {
    urls: Vec<String>,
}

/// `GET /sitemap.xml`: every public page.
pub async fn map(page: Page) -> Answer {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let mut urls: Vec<String> =
        ["/", "/needs", "/offers", "/results", "/enterprises", "/teams", "/exhibits", "/chains"]
            .map(str::to_owned)
            .into();
    urls.extend(zone::store::all(db).await?.into_iter().map(|zone| format!("/zones/{}", zone.slug)));
    urls.extend(chain::store::all(db).await?.into_iter().map(|chain| chain.content.url()));
    let today = exhibit::view::today(&page);
    urls.extend(exhibit::store::every_shown(db, today).await?.into_iter().map(|id| format!("/exhibits/{id}")));
    let verified = organisation::store::every_verified(db).await?;
    urls.extend(verified.iter().map(|(id, kind)| organisation::url(*kind, *id)));
    let verified: HashSet<OrganisationId> = verified.into_iter().map(|(id, _)| id).collect();
    let live = listing::store::every_live(db, now).await?.into_iter();
    urls.extend(
        live.filter(|(_, _, owner)| verified.contains(owner)).map(|(id, kind, _)| format!("{}/{id}", kind.path())),
    );
    urls.truncate(MOST);
    let urls = urls.iter().map(|path| page.app.config.link(path)).collect();
    xml(&page, "feed/sitemap.xml", &Map { urls }, "application/xml; charset=utf-8")
}

/// `GET /robots.txt`.
pub async fn robots(page: Page) -> Answer {
    let text = format!(
        "User-agent: *\nDisallow: /my\nDisallow: /desk\nDisallow: /introductions\nDisallow: /sign-in\nDisallow: /tour\nDisallow: /search\n\nSitemap: {}\n",
        page.app.config.link("/sitemap.xml")
    );
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8")).body(text))
}
