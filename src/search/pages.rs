//! The search page, and the same answer as JSON.
//!
//! The page never fails for what was typed: what means nothing is left out, and said. The JSON
//! refuses what it does not know, since a program that asks wrongly wants to hear it.

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse};
use index::{Kind, Passage, Query, Sort};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    web::{
        Answer, FieldErrors, Fields, FormView, Page, WebError,
        list::{Pager, ZoneTag, address, page_number},
    },
    words::{Language, Say},
    zone::{self, Zone},
};

/// How many characters of a question are read.
const LONGEST: usize = 200;
/// How many hits a page has.
const PER_PAGE: usize = 20;
/// The most that a program may ask for at once.
const MOST_AT_ONCE: usize = 100;
/// How many shorter questions are offered when nothing was found.
const MOST_SHORTER: usize = 6;
/// The kinds of things that there are so far, in the order in which they are offered.
const KINDS: [Kind; 6] = [Kind::Need, Kind::Result, Kind::Offer, Kind::Enterprise, Kind::Team, Kind::Exhibit];

/// What is asked for.
#[derive(Debug, Clone, Default)]
struct Asked {
    text: String,
    kinds: Vec<Kind>,
    zone: Option<String>,
    sort: Option<Sort>,
    /// Values that there are none of, and what stands behind the longest question.
    unknown: Vec<String>,
}

impl Asked {
    fn read(fields: &Fields, zones: &[Zone]) -> Self {
        let line = fields.line("q");
        let (text, rest) = match line.char_indices().nth(LONGEST) {
            Some((at, _)) => line.split_at(at),
            None => (line.as_str(), ""),
        };
        let mut asked = Self { text: text.trim().to_owned(), ..Self::default() };
        if !rest.is_empty() {
            asked.unknown.push(short(rest));
        }
        for word in fields.all("kind").filter(|word| !word.is_empty()) {
            match Kind::parse(word) {
                Some(kind) if asked.kinds.contains(&kind) => {}
                Some(kind) => asked.kinds.push(kind),
                None => asked.unknown.push(short(word)),
            }
        }
        let zone = fields.raw("zone");
        if zones.iter().any(|each| each.slug == zone) {
            asked.zone = Some(zone.to_owned());
        } else if !zone.is_empty() {
            asked.unknown.push(short(zone));
        }
        let sort = fields.raw("sort");
        asked.sort = Sort::parse(sort);
        if asked.sort.is_none() && !sort.is_empty() {
            asked.unknown.push(short(sort));
        }
        asked.unknown.truncate(10);
        asked
    }

    fn query(&self, page: u64, per_page: usize) -> Query {
        Query {
            text: self.text.clone(),
            kinds: self.kinds.clone(),
            zone: self.zone.clone(),
            sort: self.sort.unwrap_or_default(),
            page: usize::try_from(page).unwrap_or(usize::MAX),
            per_page,
        }
    }

    fn url(&self, page: u64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let mut pairs = vec![("q", self.text.as_str())];
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.as_str())));
        pairs.push(("zone", self.zone.as_deref().unwrap_or_default()));
        pairs.push(("sort", self.sort.map_or("", Sort::as_str)));
        pairs.push(("page", &page));
        address("/search", &pairs)
    }

    /// The same question with this kind ticked, or not any more.
    fn toggled(&self, kind: Kind) -> Self {
        let mut other = self.clone();
        match other.kinds.iter().position(|each| *each == kind) {
            Some(at) => drop(other.kinds.remove(at)),
            None => other.kinds.push(kind),
        }
        other
    }

    fn in_zone(&self, zone: Option<&str>) -> Self {
        Self { zone: zone.map(str::to_owned), ..self.clone() }
    }

    fn without_filters(&self) -> Self {
        Self { kinds: Vec::new(), zone: None, ..self.clone() }
    }

    fn has_filters(&self) -> bool {
        !self.kinds.is_empty() || self.zone.is_some()
    }
}

/// So much of something odd as is worth repeating.
fn short(text: &str) -> String {
    crate::web::list::opening(text, 40)
}

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

/// What helps on when nothing was found.
#[derive(Serialize)]
struct Help {
    shorter: Vec<Choice>,
    zones: Vec<Choice>,
    everywhere: Option<Choice>,
    post_url: String,
}

#[derive(Serialize)]
struct SearchView {
    title: String,
    text: String,
    form: FormView,
    hidden: Vec<Hidden>,
    found: String,
    relaxed: bool,
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
        relaxed: found.relaxed,
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

fn help(page: &Page, asked: &Asked, zones: &[Zone], found: &index::Page) -> Result<Help, Fault> {
    let all = asked.without_filters();
    let total = |asked: &Asked| Ok::<_, Fault>(page.app.index.search(&asked.query(1, 1))?.total);
    let mut shorter = Vec::new();
    for word in shorter_words(&asked.text) {
        let asked = Asked { text: word.clone(), ..all.clone() };
        let count = total(&asked)?;
        if count > 0 && shorter.len() < MOST_SHORTER {
            shorter.push(Choice { label: word, url: asked.url(1), count, current: false });
        }
    }
    let everywhere = if asked.has_filters() { total(&all)? } else { 0 };
    let title = if asked.text.chars().count() <= 40 { asked.text.as_str() } else { "" };
    Ok(Help {
        shorter,
        zones: zone_choices(page.language(), asked, zones, found)
            .into_iter()
            .filter(|choice| choice.count > 0)
            .collect(),
        everywhere: (everywhere > 0).then(|| Choice {
            label: page.word("search-everywhere"),
            url: all.url(1),
            count: everywhere,
            current: false,
        }),
        post_url: address("/needs/new", &[("title", title)]),
    })
}

/// The words of a question, and the pairs of characters when the dictionary knows no shorter word.
fn shorter_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let tokens = index::analyzers::words(text).into_iter().chain(index::analyzers::pairs(text));
    for token in tokens {
        if token.text.chars().count() > 1 && token.text != text && !found.contains(&token.text) {
            found.push(token.text);
        }
    }
    found.truncate(2 * MOST_SHORTER);
    found
}

#[derive(Serialize)]
struct Found {
    total: usize,
    took_ms: f64,
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
pub async fn json(page: Page, request: HttpRequest) -> Answer {
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
    Ok(Found {
        total: found.total,
        hits: hits.collect(),
        facets: Facets { kind: found.kinds, zone: found.zones },
        took_ms: (started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0,
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
