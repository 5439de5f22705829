//! A question answered: which things, in which order, with which words marked, and how many of each kind and zone.
//!
//! One pass over the things that have the words counts the facets and collects the hits. The counts of a facet ignore that facet's
//! own filter, so that a page can offer the other choices; the total does not. Equal hits come in the order of their keys.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument};

use crate::document::{Key, Kind};
use crate::passage::{Needles, Passage};
use crate::query::{Asked, Query, Sort};
use crate::schema::{EXPIRES, Fields, POSTED, ZONE};
use crate::writer::Columns;

/// The most hits that a page may have.
const LONGEST_PAGE: usize = 100;

/// One page of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many things were found, on all pages.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<Hit>,
    /// How many of each kind, the most first, whatever kinds were asked for.
    pub kinds: Vec<Facet>,
    /// How many in each zone, the most first, whatever zone was asked for.
    pub zones: Vec<Facet>,
    /// Pieces of the question that meant nothing.
    pub ignored: Vec<String>,
    /// Nothing has all the words, so these are the things that have at least half of them.
    pub relaxed: bool,
}

/// One choice of a filter, and how many things it would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// A kind's word or a zone's slug.
    pub value: String,
    /// How many.
    pub count: usize,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Which.
    pub key: Key,
    /// Its title, marked.
    pub title: Vec<Passage>,
    /// The passage of its text that has most of the words, marked; about 120 characters.
    pub snippet: Vec<Passage>,
    /// Who posted it.
    pub owner: String,
    /// The slug of its zone.
    pub zone: Option<String>,
    /// Where it is read.
    pub url: String,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
}

/// Answers a question.
pub(crate) fn search(searcher: &Searcher, fields: &Fields, query: &Query) -> tantivy::Result<Page> {
    let asked = Asked::parse(&query.text);
    let sort = if query.sort == Sort::Relevance && asked.is_empty() { Sort::Newest } else { query.sort };
    let sieve = Sieve { kinds: query.kinds.clone(), zone: query.zone.clone(), sort };
    let mut found = searcher.search(&*asked.strict(fields), &sieve)?;
    let mut relaxed = false;
    let nothing = found.kinds.is_empty() && found.zones.is_empty() && found.hits.is_empty();
    if nothing && let Some(less) = asked.relaxed(fields) {
        found = searcher.search(&*less, &sieve)?;
        relaxed = !found.hits.is_empty();
    }
    let total = found.hits.len();
    let per_page = query.per_page.clamp(1, LONGEST_PAGE);
    let from = query.page.saturating_sub(1).saturating_mul(per_page).min(total);
    let to = from.saturating_add(per_page).min(total);
    let order = |a: &Found, b: &Found| a.compare(b, sort);
    if to < total {
        found.hits.select_nth_unstable_by(to, order);
        found.hits.truncate(to);
    }
    found.hits.sort_unstable_by(order);
    let needles = Needles::of(&asked.needles(relaxed));
    let hits = found
        .hits
        .iter()
        .skip(from)
        .map(|hit| show(searcher, fields, &needles, hit))
        .collect::<tantivy::Result<_>>()?;
    Ok(Page {
        total,
        hits,
        kinds: facets(found.kinds.into_iter().map(|(kind, count)| (kind.as_str().to_string(), count))),
        zones: facets(found.zones.into_iter()),
        ignored: asked.ignored,
        relaxed,
    })
}

fn show(searcher: &Searcher, fields: &Fields, needles: &Needles, hit: &Found) -> tantivy::Result<Hit> {
    let document: TantivyDocument = searcher.doc(hit.at)?;
    let text = |field: Field| document.get_first(field).and_then(|value| value.as_str().map(str::to_string));
    let shown = |field: Field| text(field).unwrap_or_default();
    Ok(Hit {
        key: hit.key,
        title: needles.mark(&shown(fields.title)),
        snippet: needles.snippet(&shown(fields.problem), &shown(fields.body)),
        owner: shown(fields.owner),
        zone: text(fields.zone),
        url: shown(fields.url),
        score: hit.score,
    })
}

fn facets(counts: impl Iterator<Item = (String, usize)>) -> Vec<Facet> {
    let mut facets: Vec<Facet> = counts.map(|(value, count)| Facet { value, count }).collect();
    facets.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    facets
}

/// A thing that has the words and passes the filters.
#[derive(Clone, Copy, Debug)]
struct Found {
    key: Key,
    at: DocAddress,
    score: Score,
    /// Smaller comes first, when time decides.
    time: i64,
}

impl Found {
    fn compare(&self, other: &Self, sort: Sort) -> Ordering {
        let first = match sort {
            Sort::Relevance => other.score.total_cmp(&self.score),
            Sort::Newest | Sort::Expiring => self.time.cmp(&other.time),
        };
        first.then_with(|| self.key.cmp(&other.key))
    }
}

/// Everything found in one pass.
#[derive(Debug, Default)]
struct Sifted {
    hits: Vec<Found>,
    kinds: BTreeMap<Kind, usize>,
    zones: BTreeMap<String, usize>,
}

/// The filters and the order of a question.
struct Sieve {
    kinds: Vec<Kind>,
    zone: Option<String>,
    sort: Sort,
}

/// The sieve over one segment.
struct SegmentSieve {
    ordinal: SegmentOrdinal,
    kinds: Vec<Kind>,
    /// `None`: any zone. `Some(None)`: a zone that nothing here is in.
    zone: Option<Option<u64>>,
    sort: Sort,
    names: Columns,
    zones: Option<StrColumn>,
    times: Option<Column<i64>>,
    hits: Vec<Found>,
    by_kind: BTreeMap<Kind, usize>,
    by_zone: HashMap<u64, usize>,
}

impl Collector for Sieve {
    type Fruit = Sifted;
    type Child = SegmentSieve;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentSieve> {
        let columns = segment.fast_fields();
        let zones = columns.str(ZONE)?;
        let zone = match &self.zone {
            None => None,
            Some(slug) => Some(match &zones {
                None => None,
                Some(column) => column.dictionary().term_ord(slug.as_bytes())?,
            }),
        };
        let times = match self.sort {
            Sort::Relevance => None,
            Sort::Newest => columns.column_opt::<i64>(POSTED)?,
            Sort::Expiring => columns.column_opt::<i64>(EXPIRES)?,
        };
        Ok(SegmentSieve {
            ordinal,
            kinds: self.kinds.clone(),
            zone,
            sort: self.sort,
            names: Columns::of(segment)?,
            zones,
            times,
            hits: Vec::new(),
            by_kind: BTreeMap::new(),
            by_zone: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Sifted>>) -> tantivy::Result<Sifted> {
        let mut all = Sifted::default();
        for segment in segments {
            let segment = segment?;
            all.hits.extend(segment.hits);
            for (kind, count) in segment.kinds {
                *all.kinds.entry(kind).or_default() += count;
            }
            for (zone, count) in segment.zones {
                *all.zones.entry(zone).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentSieve {
    type Fruit = tantivy::Result<Sifted>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(key) = self.names.key(doc) else { return };
        let zone = self.zones.as_ref().and_then(|zones| zones.ords().first(doc));
        let kind_fits = self.kinds.is_empty() || self.kinds.contains(&key.kind);
        let zone_fits = self.zone.is_none_or(|wanted| wanted.is_some() && wanted == zone);
        if zone_fits {
            *self.by_kind.entry(key.kind).or_default() += 1;
        }
        if let (true, Some(zone)) = (kind_fits, zone) {
            *self.by_zone.entry(zone).or_default() += 1;
        }
        if kind_fits && zone_fits {
            let time = self.times.as_ref().and_then(|times| times.first(doc));
            let time = match self.sort {
                Sort::Relevance => 0,
                Sort::Newest => time.map_or(i64::MAX, i64::saturating_neg),
                Sort::Expiring => time.unwrap_or(i64::MAX),
            };
            self.hits.push(Found { key, at: DocAddress::new(self.ordinal, doc), score, time });
        }
    }

    fn harvest(self) -> tantivy::Result<Sifted> {
        let mut zones = BTreeMap::new();
        for (ordinal, count) in self.by_zone {
            let mut slug = String::new();
            if let Some(column) = &self.zones {
                column.ord_to_str(ordinal, &mut slug)?;
            }
            zones.insert(slug, count);
        }
        Ok(Sifted { hits: self.hits, kinds: self.by_kind, zones })
    }
}
