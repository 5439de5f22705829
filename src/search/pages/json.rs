//! Answers of the search as JSON, for programs and for the list of suggestions under the search box.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse};
use index::By;
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    search::pages::{
        asked::{Asked, LONGEST, PER_PAGE},
        plain,
    },
    web::{
        Answer, Fields, Page, WebError,
        list::{address, page_number},
    },
    zone,
};

/// The most that a program may ask for at once.
const MOST_AT_ONCE: usize = 100;
/// How many suggestions there are at most, and how many of them are synonyms and zones.
const SUGGESTIONS: usize = 8;
const SYNONYMS: usize = 3;
const ZONES: usize = 2;

#[derive(Serialize)]
struct Found {
    total: usize,
    took_ms: f64,
    by: &'static str,
    corrected: Option<String>,
    also: Vec<String>,
    ignored: Vec<String>,
    hits: Vec<FoundHit>,
    facets: Facets,
}

#[derive(Serialize)]
struct FoundHit {
    kind: &'static str,
    id: i64,
    title: String,
    url: String,
    zone: Option<String>,
    snippet: String,
    score: f32,
}

#[derive(Serialize)]
struct Facets {
    kind: Vec<index::Facet>,
    zone: Vec<index::Facet>,
}

/// `GET /api/v1/search`.
pub async fn search(page: Page, request: HttpRequest) -> Answer {
    let fields = Fields::parse(request.query_string().as_bytes());
    let number = page_number(fields.raw("page"))?;
    let size = size(fields.raw("size"))?;
    let found = answer(&page.app, &fields, number, size).await?;
    Ok(HttpResponse::Ok().json(found))
}

/// The number in `?size=`; a usual page when it is not given.
fn size(asked: &str) -> Result<usize, WebError> {
    match asked {
        "" => Ok(PER_PAGE),
        digits => digits.parse().ok().filter(|size| (1..=MOST_AT_ONCE).contains(size)).ok_or(WebError::BadRequest),
    }
}

async fn answer(app: &App, fields: &Fields, number: u64, size: usize) -> Result<Found, WebError> {
    let started = Instant::now();
    let zones = zone::store::all(&app.db).await?;
    let asked = Asked::read(fields, &zones);
    let too_long = fields.line("q").chars().count() > LONGEST;
    if asked.unknown.len() > usize::from(too_long) {
        return Err(WebError::BadRequest);
    }
    let found = app.index.search(&asked.query(number, size)).map_err(Fault::from)?;
    let hits = found.hits.into_iter().map(|hit| FoundHit {
        kind: hit.key.kind.as_str(),
        id: hit.key.id,
        title: plain(&hit.title),
        url: hit.url,
        zone: hit.zone,
        snippet: plain(&hit.snippet),
        score: hit.score,
    });
    let corrected = if let By::Correction(text) = &found.by { Some(text.clone()) } else { None };
    Ok(Found {
        total: found.total,
        by: match found.by {
            By::Words => "words",
            By::Sound => "sound",
            By::Correction(_) => "correction",
            By::Half => "half",
        },
        corrected,
        also: found.also,
        ignored: found.ignored,
        hits: hits.collect(),
        facets: Facets { kind: found.kinds, zone: found.zones },
        took_ms: (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
    })
}

#[derive(Serialize)]
struct Suggestions {
    suggestions: Vec<Suggested>,
}

/// One line under the search box.
#[derive(Serialize)]
struct Suggested {
    /// What it says.
    text: String,
    /// `word`, `zone`, or the kind of a thing.
    kind: &'static str,
    /// The kind in words.
    label: String,
    /// Where it leads.
    url: String,
}

/// `GET /api/v1/suggest`: for what is typed so far, words with synonyms, zones, titles and names.
pub async fn suggest(page: Page, request: HttpRequest) -> Answer {
    let fields = Fields::parse(request.query_string().as_bytes());
    let typed: String = fields.line("q").chars().take(LONGEST).collect();
    let mut suggestions = words(&page, &typed);
    if !typed.is_empty() {
        suggestions.extend(zones(&page, &typed).await?);
    }
    let rest = SUGGESTIONS.saturating_sub(suggestions.len());
    let things = page.app.index.suggest(&typed, rest).map_err(Fault::from)?;
    suggestions.extend(things.into_iter().map(|thing| Suggested {
        text: plain(&thing.title),
        kind: thing.key.kind.as_str(),
        label: super::kind_label(&page, thing.key.kind),
        url: thing.url,
    }));
    Ok(HttpResponse::Ok().json(Suggestions { suggestions }))
}

fn words(page: &Page, typed: &str) -> Vec<Suggested> {
    let synonyms = page.app.index.synonyms();
    let found = synonyms.beginning_with(typed, SYNONYMS).into_iter();
    found
        .map(|(word, others)| Suggested {
            text: word.to_owned(),
            kind: "word",
            label: page.tell(&crate::words::Say::new("search-suggest-word").with("others", others.join(" / "))),
            url: address("/search", &[("q", word)]),
        })
        .collect()
}

async fn zones(page: &Page, typed: &str) -> Result<Vec<Suggested>, Fault> {
    let begun = index::normal_form(typed);
    let named = |name: &String| index::normal_form(name).contains(&begun) || index::name_sounds_like(name, typed);
    let all = zone::store::all(&page.app.db).await?.into_iter();
    Ok(all
        .filter(|zone| zone.name.iter().any(named))
        .take(ZONES)
        .map(|zone| Suggested {
            text: zone.name_in(page.language()).to_owned(),
            kind: "zone",
            label: page.word("search-zone"),
            url: format!("/zones/{}", zone.slug),
        })
        .collect())
}
