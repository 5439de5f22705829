//! Two texts compared: the lexical half of matching.
//!
//! A need is compared with every document of a kind through two lenses, words and pairs of characters. Each lens is BM25F: the
//! parts of a text weigh 3 (title, keywords), 2 (summary) and 1 (text) on both sides, how rare a word is is counted among the
//! documents of that kind, and the sum is divided by what a document equal to the need would score. So each lens gives 0..=1, the
//! result is their mean, and it means the same for a long need and for a short one.

use std::collections::HashMap;

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::analyzers;
use crate::document::{Key, Kind};
use crate::schema::Fields;
use crate::writer::Columns;

/// How soon more of the same word stops counting.
const K1: f64 = 1.2;
/// How much a long text is held against a word.
const B: f64 = 0.75;
/// How many characters of summary and text of a need are compared; the rest of a long text is about other things.
const LONGEST_NEED: usize = 400;
/// The most shared words that are named.
const MOST_WORDS: usize = 8;
/// A word that more than one in this many documents has says little.
const COMMON: u32 = 10;

/// A text to compare, in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Its title.
    pub title: String,
    /// Its keywords.
    pub keywords: Vec<String>,
    /// Its summary.
    pub problem: String,
    /// Everything else.
    pub body: String,
}

/// A thing that resembles a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// Which.
    pub key: Key,
    /// How much, from 0 to 1; comparable between texts.
    pub score: f64,
    /// Distinctive words that both have, the strongest first, at most eight.
    pub words: Vec<String>,
    /// How many such words there are.
    pub distinctive: usize,
}

/// One of the two ways of cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lens {
    Words,
    Pairs,
}

/// Every candidate of a kind, numbered.
struct Candidates {
    keys: Vec<Key>,
    /// Per segment, per document: its number.
    numbers: Vec<Vec<Option<usize>>>,
}

impl Candidates {
    fn of(searcher: &Searcher, kind: Kind) -> tantivy::Result<Self> {
        let mut keys = Vec::new();
        let mut numbers = Vec::new();
        for segment in searcher.segment_readers() {
            let columns = Columns::of(segment)?;
            let mut here = Vec::new();
            for doc in 0..segment.max_doc() {
                let fits = !segment.is_deleted(doc) && columns.kind_number(doc) == Some(kind.number());
                here.push(if fits { columns.key(doc) } else { None }.map(|key| {
                    keys.push(key);
                    keys.len() - 1
                }));
            }
            numbers.push(here);
        }
        Ok(Self { keys, numbers })
    }
}

/// What one lens sees.
struct View {
    /// Per candidate, 0..=1.
    scores: Vec<f64>,
    /// Per term of the need: its text, in how many candidates it stands, and its part of each candidate's score.
    terms: Vec<(String, u32, Vec<(usize, f64)>)>,
}

/// The things of one kind that resemble a text.
pub(crate) fn similar(
    searcher: &Searcher,
    fields: &Fields,
    text: &Text,
    kind: Kind,
    limit: usize,
) -> tantivy::Result<Vec<Similar>> {
    let candidates = Candidates::of(searcher, kind)?;
    let words = view(searcher, fields, text, Lens::Words, &candidates)?;
    let pairs = view(searcher, fields, text, Lens::Pairs, &candidates)?;
    let mut ranked: Vec<(usize, f64)> = words
        .scores
        .iter()
        .zip(&pairs.scores)
        .map(|(a, b)| f64::midpoint(*a, *b))
        .enumerate()
        .filter(|(_, score)| *score > 0.0)
        .collect();
    let key = |number: usize| candidates.keys.get(number).copied();
    ranked.sort_unstable_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| key(*a).cmp(&key(*b))));
    ranked.truncate(limit);
    let mut shared = shared_words(&words, &ranked, count(candidates.keys.len()));
    Ok(ranked
        .into_iter()
        .filter_map(|(number, score)| {
            let mut words = shared.remove(&number).unwrap_or_default();
            let distinctive = words.len();
            words.truncate(MOST_WORDS);
            Some(Similar { key: key(number)?, score: score.clamp(0.0, 1.0), words, distinctive })
        })
        .collect())
}

fn view(
    searcher: &Searcher,
    fields: &Fields,
    text: &Text,
    lens: Lens,
    candidates: &Candidates,
) -> tantivy::Result<View> {
    let need = need_terms(fields, text, lens);
    let need_length: f64 = need.values().sum();
    let parts: Vec<(Field, u32)> = fields
        .parts
        .iter()
        .filter(|part| part.weight > 0)
        .map(|part| (if lens == Lens::Words { part.words } else { part.pairs }, part.weight))
        .collect();
    let lengths = lengths(searcher, &parts, candidates)?;
    let total = count(candidates.keys.len());
    let average = (lengths.iter().sum::<f64>() / total.max(1.0)).max(1.0);
    let mut scores = vec![0.0; candidates.keys.len()];
    let mut own = 0.0;
    let mut terms = Vec::new();
    let saturated = |tf: f64, length: f64| tf * (K1 + 1.0) / (tf + K1 * (1.0 - B + B * length / average));
    let mut sorted: Vec<(String, f64)> = need.into_iter().collect();
    sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (term, asked) in sorted {
        let found = frequencies(searcher, &parts, &term, candidates)?;
        let having = count(found.len());
        let rarity = (1.0 + (total - having + 0.5) / (having + 0.5)).ln();
        own += asked * rarity * saturated(asked, need_length);
        let mut shares = Vec::with_capacity(found.len());
        for (number, tf) in found {
            let share = asked * rarity * saturated(tf, lengths.get(number).copied().unwrap_or(average));
            if let Some(score) = scores.get_mut(number) {
                *score += share;
            }
            shares.push((number, share));
        }
        terms.push((term, u32::try_from(shares.len()).unwrap_or(u32::MAX), shares));
    }
    if own > 0.0 {
        for score in &mut scores {
            *score = (*score / own).min(1.0);
        }
    }
    Ok(View { scores, terms })
}

/// The terms of a need, with their weight.
fn need_terms(fields: &Fields, text: &Text, lens: Lens) -> HashMap<String, f64> {
    let problem: String = text.problem.chars().take(LONGEST_NEED).collect();
    let body: String = text.body.chars().take(LONGEST_NEED.saturating_sub(problem.chars().count())).collect();
    let keywords = text.keywords.join("\n");
    let mut terms: HashMap<String, f64> = HashMap::new();
    for (part, text) in fields.parts.iter().zip([&text.title, &keywords, &problem, &body]) {
        let tokens = if lens == Lens::Words { analyzers::words(text) } else { analyzers::pairs(text) };
        for token in tokens {
            if says_something(&token.text) {
                *terms.entry(token.text).or_default() += f64::from(part.weight);
            }
        }
    }
    terms
}

fn says_something(term: &str) -> bool {
    term.chars().nth(1).is_some() && !analyzers::is_stop(term) && !term.chars().all(|c| c.is_ascii_digit())
}

/// The weighted length of each candidate.
fn lengths(searcher: &Searcher, parts: &[(Field, u32)], candidates: &Candidates) -> tantivy::Result<Vec<f64>> {
    let mut lengths = vec![0.0; candidates.keys.len()];
    for (segment, numbers) in searcher.segment_readers().iter().zip(&candidates.numbers) {
        for (field, weight) in parts {
            let norms = segment.get_fieldnorms_reader(*field)?;
            for (doc, number) in (0..segment.max_doc()).zip(numbers) {
                if let Some(length) = number.and_then(|number| lengths.get_mut(number)) {
                    *length += f64::from(*weight) * f64::from(norms.fieldnorm(doc));
                }
            }
        }
    }
    Ok(lengths)
}

/// How often, by weight, each candidate has a term; only those that have it.
fn frequencies(
    searcher: &Searcher,
    parts: &[(Field, u32)],
    term: &str,
    candidates: &Candidates,
) -> tantivy::Result<Vec<(usize, f64)>> {
    let mut found: Vec<(usize, f64)> = Vec::new();
    for (segment, numbers) in searcher.segment_readers().iter().zip(&candidates.numbers) {
        for (field, weight) in parts {
            let index = segment.inverted_index(*field)?;
            let term = Term::from_field_text(*field, term);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::WithFreqs)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let number = usize::try_from(doc).ok().and_then(|doc| numbers.get(doc).copied().flatten());
                found.extend(number.map(|number| (number, f64::from(*weight) * f64::from(postings.term_freq()))));
                doc = postings.advance();
            }
        }
    }
    found.sort_unstable_by_key(|(number, _)| *number);
    found.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    Ok(found)
}

/// The distinctive words of each ranked candidate, the strongest first.
fn shared_words(words: &View, ranked: &[(usize, f64)], total: f64) -> HashMap<usize, Vec<String>> {
    let mut shared: HashMap<usize, Vec<(f64, &str)>> = ranked.iter().map(|(number, _)| (*number, Vec::new())).collect();
    for (word, having, shares) in &words.terms {
        if f64::from(*having) > (total / f64::from(COMMON)).max(3.0) {
            continue;
        }
        for (number, share) in shares {
            if let Some(list) = shared.get_mut(number) {
                list.push((*share, word));
            }
        }
    }
    shared
        .into_iter()
        .map(|(number, mut list)| {
            list.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
            let all: Vec<&str> = list.iter().map(|(_, word)| *word).collect();
            // 电池 adds nothing to 锂电池.
            let kept = |word: &&&str| !all.iter().any(|other| other.len() > word.len() && other.contains(**word));
            (number, all.iter().filter(kept).map(|word| (*word).to_string()).collect())
        })
        .collect()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
