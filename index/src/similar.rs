//! Two texts compared: the lexical half of matching.
//!
//! A need is compared with every document of a kind through three lenses: words, pairs of characters, and single characters. Each
//! lens is BM25F: the parts of a text weigh 3 (title, keywords), 2 (summary) and 1 (text) on both sides, how rare a term is is
//! counted among the documents of that kind, and the sum is divided by what a document equal to the need would score. So each
//! lens gives 0..=1, and so does their weighted mean, which means the same for a long need and for a short one.
//!
//! What every need says (需求内容, 预期目标, 公司) says nothing: a term counts less the more of the needs in the index have it.
//!
//! Pairs count twice because they were the best single lens on two graded collections of real needs; words add what is named the
//! same, characters what is named nearly the same (锂电 and 锂离子). Expanding a need by its own best hits, comparing titles apart, triples
//! of characters and damped counts were tried on both and lost or gave nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::analyzers::{self, Token};
use crate::document::{Key, Kind};
use crate::schema::{Fields, Part};
use crate::writer::Columns;

/// How soon more of the same word stops counting.
const K1: f64 = 3.0;
/// How much a long text is held against a word.
const B: f64 = 0.75;
/// How many characters of summary and text of a need are compared; the rest of a long text is about other things.
const LONGEST_NEED: usize = 200;
/// The most shared words that are named.
const MOST_WORDS: usize = 8;
/// A word that more than one in this many candidates has is not distinctive…
const COMMON: f64 = 50.0;
/// …unless these few are all that have it.
const FEW: f64 = 6.0;

/// How many candidates there are taken to be at least: in a handful that all speak of one thing, its name is no common word.
const FEWEST: f64 = 50.0;

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
    /// What it was ordered by: the score, or what the asker made of it.
    pub rank: f64,
    /// Distinctive words that both have, the strongest first, at most eight.
    pub words: Vec<String>,
    /// How many such words there are.
    pub distinctive: usize,
}

/// One of the ways of cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lens {
    Words,
    Pairs,
    Characters,
}

impl Lens {
    /// Each with its part of the score; the parts sum to 1.
    const ALL: [(Self, f64); 3] = [(Self::Words, 0.25), (Self::Pairs, 0.5), (Self::Characters, 0.25)];

    fn field(self, part: &Part) -> Field {
        match self {
            Self::Words => part.words,
            Self::Pairs => part.pairs,
            Self::Characters => part.characters,
        }
    }

    fn cut(self, text: &str) -> Vec<Token> {
        match self {
            Self::Words => analyzers::words(text),
            Self::Pairs => analyzers::pairs(text),
            Self::Characters => analyzers::characters(text),
        }
    }

    /// Whether a term of this lens can tell one text from another. Common words need no list: their rarity is near nothing.
    fn tells(self, term: &str) -> bool {
        let lone_end_of_a_run = self == Self::Pairs && term.chars().nth(1).is_none();
        !lone_end_of_a_run && !term.chars().all(|c| c.is_ascii_digit())
    }
}

/// Every candidate of a kind, numbered.
struct Candidates {
    keys: Vec<Key>,
    /// Per segment, per document: its number.
    numbers: Vec<Vec<Option<usize>>>,
    /// How many needs there are.
    needs: usize,
    /// Per segment, per document: whether it is a need.
    is_need: Vec<Vec<bool>>,
}

impl Candidates {
    fn of(searcher: &Searcher, kind: Kind) -> tantivy::Result<Self> {
        let mut keys = Vec::new();
        let mut numbers = Vec::new();
        let mut is_need = Vec::new();
        for segment in searcher.segment_readers() {
            let columns = Columns::of(segment)?;
            let mut here = Vec::new();
            let mut needs = Vec::new();
            for doc in 0..segment.max_doc() {
                needs.push(!segment.is_deleted(doc) && columns.kind_number(doc) == Some(Kind::Need.number()));
                let fits = !segment.is_deleted(doc) && columns.kind_number(doc) == Some(kind.number());
                here.push(if fits { columns.key(doc) } else { None }.map(|key| {
                    keys.push(key);
                    keys.len() - 1
                }));
            }
            numbers.push(here);
            is_need.push(needs);
        }
        let needs = is_need.iter().flatten().filter(|is_need| **is_need).count();
        Ok(Self { keys, numbers, needs, is_need })
    }
}

/// A term of the need: its text, in how many candidates it stands, and its part of each one's score.
type Shares = (String, f64, Vec<(usize, f64)>);

/// The things of one kind that resemble a text.
pub(crate) fn similar(
    searcher: &Searcher,
    fields: &Fields,
    text: &Text,
    kind: Kind,
    limit: usize,
    rank: &dyn Fn(Key, f64) -> Option<f64>,
) -> tantivy::Result<Vec<Similar>> {
    let candidates = Candidates::of(searcher, kind)?;
    let mut scores = vec![0.0; candidates.keys.len()];
    let mut words = Vec::new();
    for (lens, weight) in Lens::ALL {
        let (seen, shares) = look(searcher, fields, text, lens, kind, &candidates)?;
        for (score, seen) in scores.iter_mut().zip(seen) {
            *score += weight * seen;
        }
        if lens == Lens::Words {
            words = shares;
        }
    }
    let key = |number: usize| candidates.keys.get(number).copied();
    let ranks = scores.iter().enumerate().map(|(number, score)| Some((number, rank(key(number)?, *score)?)));
    let mut ranked: Vec<(usize, f64)> = ranks.flatten().collect();
    ranked.sort_unstable_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| key(*a).cmp(&key(*b))));
    ranked.truncate(limit);
    let mut shared = shared_words(&words, &ranked, count(candidates.keys.len()));
    Ok(ranked
        .into_iter()
        .filter_map(|(number, rank)| {
            let score = scores.get(number).copied()?;
            let mut words = shared.remove(&number).unwrap_or_default();
            let distinctive = words.len();
            words.truncate(MOST_WORDS);
            Some(Similar { key: key(number)?, rank, score: score.clamp(0.0, 1.0), words, distinctive })
        })
        .collect())
}

/// The score of each candidate through one lens, 0..=1, and for words which of them made it.
fn look(
    searcher: &Searcher,
    fields: &Fields,
    text: &Text,
    lens: Lens,
    kind: Kind,
    candidates: &Candidates,
) -> tantivy::Result<(Vec<f64>, Vec<Shares>)> {
    let parts: Vec<(Field, u32)> =
        fields.parts.iter().filter(|part| part.weight > 0).map(|part| (lens.field(part), part.weight)).collect();
    let (need, need_length) = need_terms(fields, text, lens);
    let lengths = lengths(searcher, &parts, candidates)?;
    let total = count(candidates.keys.len());
    let average = (lengths.iter().sum::<f64>() / total.max(1.0)).max(1.0);
    let saturated = |tf: f64, length: f64| tf * (K1 + 1.0) / (tf + K1 * (1.0 - B + B * length / average));
    let mut scores = vec![0.0; candidates.keys.len()];
    let mut own = 0.0;
    let mut terms = Vec::new();
    for (term, asked) in need {
        let mut found = frequencies(searcher, &parts, &term, candidates)?;
        let having = count(found.len());
        let mut rarity = rarity(having, total);
        if kind != Kind::Need {
            let needs = count(candidates.needs).max(FEWEST);
            let asking = count(needs_having(searcher, &parts, &term, candidates)?);
            // Of the square root, so that a common subject of needs still counts.
            rarity *= (self::rarity(asking, needs) / self::rarity(0.0, needs)).sqrt();
        }
        own += asked * rarity * saturated(asked, need_length);
        for (number, share) in &mut found {
            *share = asked * rarity * saturated(*share, lengths.get(*number).copied().unwrap_or(average));
            if let Some(score) = scores.get_mut(*number) {
                *score += *share;
            }
        }
        if lens == Lens::Words {
            terms.push((term, having, found));
        }
    }
    if own > 0.0 {
        for score in &mut scores {
            *score = (*score / own).min(1.0);
        }
    }
    Ok((scores, terms))
}

/// How much it tells that a text has a term which `having` of `total` texts have.
fn rarity(having: f64, total: f64) -> f64 {
    (1.0 + (total.max(FEWEST) - having + 0.5) / (having + 0.5)).ln()
}

/// How many needs have a term.
fn needs_having(
    searcher: &Searcher,
    parts: &[(Field, u32)],
    term: &str,
    candidates: &Candidates,
) -> tantivy::Result<usize> {
    let mut having = 0;
    for (segment, is_need) in searcher.segment_readers().iter().zip(&candidates.is_need) {
        let mut found: HashSet<u32> = HashSet::new();
        for (field, _) in parts {
            let index = segment.inverted_index(*field)?;
            let term = Term::from_field_text(*field, term);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if usize::try_from(doc).ok().and_then(|doc| is_need.get(doc)).is_some_and(|is_need| *is_need) {
                    found.insert(doc);
                }
                doc = postings.advance();
            }
        }
        having += found.len();
    }
    Ok(having)
}

/// The terms of a need that tell something, each with its weight, and the weighted length of the whole; always in the same order,
/// so that the same sums come out to the last bit.
fn need_terms(fields: &Fields, text: &Text, lens: Lens) -> (BTreeMap<String, f64>, f64) {
    let problem: String = text.problem.chars().take(LONGEST_NEED).collect();
    let body: String = text.body.chars().take(LONGEST_NEED.saturating_sub(problem.chars().count())).collect();
    let keywords = text.keywords.join("\n");
    let mut terms: BTreeMap<String, f64> = BTreeMap::new();
    let mut length = 0.0;
    for (part, text) in fields.parts.iter().zip([&text.title, &keywords, &problem, &body]) {
        for token in lens.cut(text) {
            length += f64::from(part.weight);
            if lens.tells(&token.text) {
                *terms.entry(token.text).or_default() += f64::from(part.weight);
            }
        }
    }
    (terms, length)
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
fn shared_words(words: &[Shares], ranked: &[(usize, f64)], total: f64) -> HashMap<usize, Vec<String>> {
    let mut shared: HashMap<usize, Vec<(f64, &str)>> = ranked.iter().map(|(number, _)| (*number, Vec::new())).collect();
    for (word, having, shares) in words {
        if *having > (total / COMMON).max(FEW) || word.chars().nth(1).is_none() {
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
            let distinctive = |word: &&&str| {
                let says_nothing =
                    analyzers::is_stop(word) || analyzers::is_generic(word) || analyzers::is_number(word);
                // 电池 adds nothing to 锂电池.
                !says_nothing && !all.iter().any(|other| other.len() > word.len() && other.contains(**word))
            };
            (number, all.iter().filter(distinctive).map(|word| (*word).to_string()).collect())
        })
        .collect()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
