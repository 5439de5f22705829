//! A question answered: which things, in which order, with which words marked, and how many of each kind and zone.
//!
//! One pass over the things that have the words counts the facets and collects the hits. The counts of a facet ignore that facet's
//! own filter, so that a page can offer the other choices; the total does not. Equal hits come in the order of their keys.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector, TopDocs};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument};

use crate::correct;
use crate::document::{Key, Kind};
use crate::passage::{Needles, Passage};
use crate::query::{Asked, Query, Sort};
use crate::schema::{EXPIRES, Fields, POSTED, ZONE};
use crate::synonyms::Synonyms;
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
    /// How these things answer the question.
    pub by: By,
    /// Synonyms that were asked for as well.
    pub also: Vec<String>,
}

/// How the things of an answer fit the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// They have all its words, or there is nothing.
    Words,
    /// No thing has its words, but these are named by what sounds so.
    Sound,
    /// No thing has its words, but these have the words of this question, which is nearly the same.
    Correction(String),
    /// No thing has all the words, but these have at least half of them.
    Half,
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
pub(crate) fn search(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    query: &Query,
) -> tantivy::Result<Page> {
    let mut asked = Asked::parse(&query.text, synonyms);
    let sort = if query.sort == Sort::Relevance && asked.is_empty() { Sort::Newest } else { query.sort };
    let per_page = query.per_page.clamp(1, LONGEST_PAGE);
    let before = query.page.saturating_sub(1).saturating_mul(per_page);
    let best = before.saturating_add(per_page).min(usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX));
    let sieve = Sieve { kinds: query.kinds.clone(), zone: query.zone.clone(), sort, best };
    let mut found = searcher.search(&*asked.strict(fields), &sieve)?;
    let mut by = By::Words;
    if found.is_empty() && !asked.is_empty() {
        (found, by) = less_strictly(searcher, fields, synonyms, query, &mut asked, &sieve)?;
    }
    let total = found.total;
    let from = before.min(total);
    found.hits.sort_unstable_by(|a, b| a.compare(b, sort));
    found.hits.truncate(from.saturating_add(per_page));
    let needles = Needles::of(&asked.needles(by == By::Half));
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
        by,
        also: asked.also,
    })
}

/// These things as hits of a question, in the order given; those that are not in the index are left out.
pub(crate) fn shown(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    text: &str,
    keys: &[Key],
) -> tantivy::Result<Vec<Hit>> {
    let asked = Asked::parse(text, synonyms);
    let needles = Needles::of(&asked.needles(true));
    let mut hits = Vec::new();
    for key in keys {
        let named = TermQuery::new(fields.key_term(*key), IndexRecordOption::Basic);
        let found = searcher.search(&named, &TopDocs::with_limit(1).order_by_score())?;
        if let Some((_, at)) = found.into_iter().next() {
            hits.push(show(searcher, fields, &needles, &Found { key: *key, at, score: 0.0, time: 0 })?);
        }
    }
    Ok(hits)
}

/// How many things have every word of a question and pass its filters.
pub(crate) fn total(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    query: &Query,
) -> tantivy::Result<usize> {
    let asked = Asked::parse(&query.text, synonyms);
    // Sorted by time nothing needs to be scored.
    let sieve = Sieve { kinds: query.kinds.clone(), zone: query.zone.clone(), sort: Sort::Newest, best: 0 };
    Ok(searcher.search(&*asked.strict(fields), &sieve)?.total)
}

/// What is nearest when no thing has all the words: a name that sounds so, the question without its likely mistake, or half.
fn less_strictly(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    query: &Query,
    asked: &mut Asked,
    sieve: &Sieve,
) -> tantivy::Result<(Sifted, By)> {
    if let Some(names) = asked.sounding(fields) {
        let found = searcher.search(&*names, sieve)?;
        if found.total > 0 {
            return Ok((found, By::Sound));
        }
    }
    for text in correct::corrections(searcher, fields, &query.text, asked)? {
        let mut better = Asked::parse(&text, synonyms);
        let found = searcher.search(&*better.strict(fields), sieve)?;
        if found.total > 0 {
            better.ignored = std::mem::take(&mut asked.ignored);
            *asked = better;
            return Ok((found, By::Correction(text)));
        }
    }
    let Some(less) = asked.relaxed(fields) else { return Ok((Sifted::default(), By::Words)) };
    let found = searcher.search(&*less, sieve)?;
    let by = if found.total == 0 { By::Words } else { By::Half };
    Ok((found, by))
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

/// Everything found in one pass: how many, and the best of them.
#[derive(Debug, Default)]
struct Sifted {
    total: usize,
    hits: Vec<Found>,
    kinds: BTreeMap<Kind, usize>,
    zones: BTreeMap<String, usize>,
}

impl Sifted {
    fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.zones.is_empty() && self.total == 0
    }
}

/// The filters and the order of a question, and how many of the best are wanted.
struct Sieve {
    kinds: Vec<Kind>,
    zone: Option<String>,
    sort: Sort,
    best: usize,
}

/// The sieve over one segment.
struct SegmentSieve {
    ordinal: SegmentOrdinal,
    /// Which kinds are asked for, by number.
    kinds: [bool; Kind::ALL.len()],
    /// `None`: any zone. `Some(None)`: a zone that nothing here is in.
    zone: Option<Option<u64>>,
    sort: Sort,
    best: usize,
    names: Columns,
    zones: Option<StrColumn>,
    times: Option<Column<i64>>,
    total: usize,
    hits: Vec<Found>,
    /// As soon as there are enough: the last one that is good enough.
    worst: Option<Found>,
    by_kind: [usize; Kind::ALL.len()],
    by_zone: Vec<usize>,
}

impl SegmentSieve {
    /// Keeps a hit if it can be among the best. Most cannot, and their names are not even read.
    fn keep(&mut self, doc: DocId, score: Score) {
        let time = self.times.as_ref().and_then(|times| times.first(doc));
        let time = match self.sort {
            Sort::Relevance => 0,
            Sort::Newest => time.map_or(i64::MAX, i64::saturating_neg),
            Sort::Expiring => time.unwrap_or(i64::MAX),
        };
        let worse = self.worst.is_some_and(|worst| match self.sort {
            Sort::Relevance => score < worst.score,
            Sort::Newest | Sort::Expiring => time > worst.time,
        });
        if worse || self.best == 0 {
            return;
        }
        let Some(key) = self.names.key(doc) else { return };
        self.hits.push(Found { key, at: DocAddress::new(self.ordinal, doc), score, time });
        if self.hits.len() >= 2 * self.best + 64 {
            let sort = self.sort;
            let (_, worst, _) = self.hits.select_nth_unstable_by(self.best - 1, |a, b| a.compare(b, sort));
            self.worst = Some(*worst);
            self.hits.truncate(self.best);
        }
    }
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
        let by_zone = vec![0; zones.as_ref().map_or(0, |zones| zones.dictionary().num_terms())];
        Ok(SegmentSieve {
            ordinal,
            kinds: Kind::ALL.map(|kind| self.kinds.is_empty() || self.kinds.contains(&kind)),
            zone,
            sort: self.sort,
            best: self.best,
            names: Columns::of(segment)?,
            zones,
            times,
            total: 0,
            hits: Vec::new(),
            worst: None,
            by_kind: [0; Kind::ALL.len()],
            by_zone,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<Sifted>>) -> tantivy::Result<Sifted> {
        let mut all = Sifted::default();
        for segment in segments {
            let segment = segment?;
            all.total += segment.total;
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
        let kind = self.names.kind_number(doc).and_then(|kind| usize::try_from(kind).ok()).unwrap_or(usize::MAX);
        let Some(kind_fits) = self.kinds.get(kind).copied() else { return };
        let zone = self.zones.as_ref().and_then(|zones| zones.ords().first(doc));
        let zone_fits = self.zone.is_none_or(|wanted| wanted.is_some() && wanted == zone);
        if let (true, Some(count)) = (zone_fits, self.by_kind.get_mut(kind)) {
            *count += 1;
        }
        if let (true, Some(zone)) = (kind_fits, zone)
            && let Some(count) = usize::try_from(zone).ok().and_then(|zone| self.by_zone.get_mut(zone))
        {
            *count += 1;
        }
        if kind_fits && zone_fits {
            self.total += 1;
            self.keep(doc, score);
        }
    }

    fn harvest(self) -> tantivy::Result<Sifted> {
        let mut zones = BTreeMap::new();
        for (ordinal, count) in (0..).zip(self.by_zone).filter(|(_, count)| *count > 0) {
            let mut slug = String::new();
            if let Some(column) = &self.zones {
                column.ord_to_str(ordinal, &mut slug)?;
            }
            zones.insert(slug, count);
        }
        let kinds = (0..).zip(self.by_kind).filter(|(_, count)| *count > 0);
        let kinds = kinds.filter_map(|(number, count)| Some((Kind::of_number(number)?, count))).collect();
        Ok(Sifted { total: self.total, hits: self.hits, kinds, zones })
    }
}
