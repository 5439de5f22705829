//! A question as people type it → what must stand in a thing for it to be found.
//!
//! `"…"`, `“…”` and `「…」` ask for exactly these characters; a `-` before a word or a quotation excludes it; everything else is
//! words, cut by the dictionary. Each word must stand somewhere in the thing: in its title, keywords, summary, text or owner.
//! A word for which staff keep synonyms may stand there as one of them, and one that spells Chinese syllables (`lvshuo`) as a name
//! that sounds so. Nothing is an error: what means nothing is reported in [`Asked::ignored`].
//!
//! When no thing has all the words, the searcher asks again: for a name that sounds like the question ([`Asked::sounding`]), for the
//! question with a likely mistake put right ([`crate::correct`]), and for things that have at least half of the words
//! ([`Asked::relaxed`]), which is better than an empty page.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query as EngineQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analyzers::{self, Normal, Run, Script};
use crate::document::Kind;
use crate::schema::{Fields, Part};
use crate::sound;
use crate::synonyms::Synonyms;

/// The most characters of a question that are read.
const LONGEST_QUESTION: usize = 4_000;
/// The most words that must all be there.
const MOST_WORDS: usize = 32;
/// The most words and quotations that are excluded.
const MOST_EXCLUSIONS: usize = 16;
/// The most pairs of a quotation that are compared.
const LONGEST_PHRASE: usize = 64;
/// How many pieces of a question are reported as not understood, and how many characters of each.
const MOST_IGNORED: (usize, usize) = (10, 40);

/// In which order hits come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The best hit first; without words, the newest.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
    /// What runs out first comes first; what never does comes last.
    Expiring,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Newest, Self::Expiring];

    /// The word used in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Expiring => "expiring",
        }
    }

    /// The order of a word, if it is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// A question to the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What the visitor typed; empty lists everything.
    pub text: String,
    /// Only these kinds; empty means all.
    pub kinds: Vec<Kind>,
    /// Only this zone.
    pub zone: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// Which page, from 1.
    pub page: usize,
    /// How many hits a page has, from 1 to 100.
    pub per_page: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self { text: String::new(), kinds: Vec::new(), zone: None, sort: Sort::Relevance, page: 1, per_page: 20 }
    }
}

/// Characters that must stand in a row.
#[derive(Clone, Debug)]
pub(crate) struct Phrase {
    /// As typed, normalised.
    pub(crate) text: String,
    /// The pairs and runs with their places; empty for a single Chinese character.
    chain: Vec<(usize, String)>,
    /// A last Chinese character that stands alone: in the text it may begin any pair.
    last: Option<String>,
}

impl Phrase {
    /// The phrase of these characters; `None` if there is nothing to compare.
    fn of(normal: &Normal, chars: &Range<usize>) -> Option<Self> {
        let text = normal.text_of(chars);
        let part = Normal { chars: normal.chars.get(chars.clone())?.to_vec() };
        let runs = part.runs();
        let mut chain: Vec<(usize, String)> =
            analyzers::pairs_of(&part).into_iter().map(|token| (token.position, token.text)).collect();
        let mut last = None;
        // The end of the question is not the end of a run in the text: its last character may begin any pair.
        if let Some(Run { kind: Script::Chinese, chars }) = runs.last() {
            let dropped = chain.pop();
            if chars.len() == 1 {
                last = dropped.map(|(_, single)| single);
            }
        }
        chain.truncate(LONGEST_PHRASE);
        (!chain.is_empty() || last.is_some()).then_some(Self { text, chain, last })
    }

    /// Things where it stands, in any part.
    fn query(&self, fields: &Fields) -> Box<dyn EngineQuery> {
        let mut places: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
        for part in &fields.parts {
            if let Some(found) = self.in_part(part) {
                places.push((Occur::Should, Box::new(BoostQuery::new(found, part.boost))));
            }
        }
        Box::new(BooleanQuery::new(places))
    }

    fn in_part(&self, part: &Part) -> Option<Box<dyn EngineQuery>> {
        let term = |field: Field, text: &str| -> Box<dyn EngineQuery> {
            Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
        };
        let chain: Option<Box<dyn EngineQuery>> = match self.chain.as_slice() {
            [] => None,
            [(_, only)] => Some(term(part.pairs, only)),
            many => {
                let terms = many.iter().map(|(at, text)| (*at, Term::from_field_text(part.pairs, text))).collect();
                Some(Box::new(PhraseQuery::new_with_offset(terms)))
            }
        };
        let last = self.last.as_deref().map(|last| term(part.characters, last));
        match (chain, last) {
            (Some(chain), Some(last)) => Some(Box::new(BooleanQuery::intersection(vec![chain, last]))),
            (chain, last) => chain.or(last),
        }
    }
}

/// A word of the question with what may stand for it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The word itself; several, when a word with synonyms is several to the dictionary.
    words: Vec<Phrase>,
    /// What means the same.
    synonyms: Vec<Phrase>,
    /// How a name may be spelled.
    spelling: Option<String>,
}

/// What a synonym is worth, beside the word that was typed.
const SYNONYM: f32 = 0.8;
/// What a name that only sounds like a word is worth.
const SOUND: f32 = 0.5;

impl Wanted {
    /// The word as one text, if it is one.
    pub(crate) fn word(&self) -> Option<&str> {
        match self.words.as_slice() {
            [only] if self.synonyms.is_empty() => Some(&only.text),
            _ => None,
        }
    }

    fn key(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }

    /// Things where it stands.
    pub(crate) fn query(&self, fields: &Fields) -> Box<dyn EngineQuery> {
        let mut ways: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
        let mut words: Vec<Box<dyn EngineQuery>> = self.words.iter().map(|word| word.query(fields)).collect();
        if let [_] = words.as_slice() {
            ways.extend(words.pop().map(|only| (Occur::Should, only)));
        } else {
            ways.push((Occur::Should, Box::new(BooleanQuery::intersection(words))));
        }
        for synonym in &self.synonyms {
            ways.push((Occur::Should, Box::new(BoostQuery::new(synonym.query(fields), SYNONYM))));
        }
        let spelled = self.spelling.as_deref().and_then(|spelling| sound::spelled(fields.sounds, spelling));
        if let Some(names) = spelled {
            ways.push((Occur::Should, Box::new(BoostQuery::new(names, SOUND))));
        }
        match ways.len() {
            1 => ways.remove(0).1,
            _ => Box::new(BooleanQuery::new(ways)),
        }
    }
}

/// What a question asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// Each must stand in the thing.
    pub(crate) words: Vec<Wanted>,
    /// Each must stand in the thing, even in a relaxed question.
    quoted: Vec<Phrase>,
    /// None may stand in the thing.
    excluded: Vec<Phrase>,
    /// Whole stretches as typed: good if they stand in the thing.
    whole: Vec<Phrase>,
    /// The shortest words of the question, for asking again with less.
    parts: Vec<Phrase>,
    /// Everything that was typed as words, for reading it as a spelling.
    typed: Vec<String>,
    /// The synonyms that are asked for as well.
    pub(crate) also: Vec<String>,
    /// What meant nothing.
    pub(crate) ignored: Vec<String>,
}

impl Asked {
    /// Reads a question.
    pub(crate) fn parse(text: &str, synonyms: &Synonyms) -> Self {
        let mut asked = Self::default();
        for piece in pieces(text, &mut asked.ignored) {
            asked.take(&piece, synonyms);
        }
        if asked.words.is_empty() && asked.quoted.is_empty() {
            // Only words that everything has: then they are what is asked for.
            let whole = std::mem::take(&mut asked.whole).into_iter();
            asked.words.extend(whole.map(|word| Wanted { words: vec![word], synonyms: Vec::new(), spelling: None }));
        }
        let mut seen = HashSet::new();
        asked.words.retain(|word| seen.insert(word.key()));
        seen.clear();
        asked.parts.retain(|word| seen.insert(word.text.clone()));
        seen.clear();
        asked.also.retain(|word| seen.insert(word.clone()));
        for left_out in asked.words.iter().skip(MOST_WORDS) {
            report(&mut asked.ignored, &left_out.key());
        }
        for left_out in asked.quoted.iter().skip(MOST_WORDS) {
            report(&mut asked.ignored, &left_out.text);
        }
        asked.words.truncate(MOST_WORDS);
        asked.quoted.truncate(MOST_WORDS);
        asked.parts.truncate(MOST_WORDS);
        asked.excluded.truncate(MOST_EXCLUSIONS);
        asked.whole.truncate(MOST_EXCLUSIONS);
        asked
    }

    /// Whether no words are asked for, so that there is nothing to rank by.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.quoted.is_empty()
    }

    /// Everything whose words are worth marking in a hit.
    pub(crate) fn needles(&self, relaxed: bool) -> Vec<&str> {
        let parts = if relaxed { self.parts.as_slice() } else { &[] };
        self.whole
            .iter()
            .chain(&self.quoted)
            .chain(self.words.iter().flat_map(|word| word.words.iter().chain(&word.synonyms)))
            .chain(parts)
            .map(|phrase| phrase.text.as_str())
            .collect()
    }

    /// Things that have every word.
    pub(crate) fn strict(&self, fields: &Fields) -> Box<dyn EngineQuery> {
        self.with(fields, self.words.iter().map(|word| (Occur::Must, word.query(fields))).collect())
    }

    /// Names that sound like the whole question, if it can be a spelling.
    pub(crate) fn sounding(&self, fields: &Fields) -> Option<Box<dyn EngineQuery>> {
        if !self.quoted.is_empty() || self.typed.is_empty() {
            return None;
        }
        let names = sound::loosely_spelled(fields.sounds, &self.typed.join(" "))?;
        let mut clauses: Vec<(Occur, Box<dyn EngineQuery>)> = vec![(Occur::Must, names)];
        clauses.extend(self.excluded.iter().map(|phrase| (Occur::MustNot, phrase.query(fields))));
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    /// Things that have at least half of the words; `None` if the question is too short for that to mean anything.
    pub(crate) fn relaxed(&self, fields: &Fields) -> Option<Box<dyn EngineQuery>> {
        if self.parts.len() < 3 {
            return None;
        }
        let half = self.parts.len().div_ceil(2);
        let words = self.parts.iter().map(|word| (Occur::Should, word.query(fields))).collect();
        let enough = BooleanQuery::with_minimum_required_clauses(words, half);
        Some(self.with(fields, vec![(Occur::Must, Box::new(enough))]))
    }

    fn with(&self, fields: &Fields, mut clauses: Vec<(Occur, Box<dyn EngineQuery>)>) -> Box<dyn EngineQuery> {
        clauses.extend(self.quoted.iter().map(|phrase| (Occur::Must, phrase.query(fields))));
        if clauses.is_empty() {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        clauses.extend(self.whole.iter().map(|phrase| (Occur::Should, phrase.query(fields))));
        clauses.extend(self.excluded.iter().map(|phrase| (Occur::MustNot, phrase.query(fields))));
        Box::new(BooleanQuery::new(clauses))
    }

    fn take(&mut self, piece: &Piece, synonyms: &Synonyms) {
        let normal = Normal::of(&piece.text);
        let all = 0..normal.chars.len();
        let Some(whole) = Phrase::of(&normal, &all) else {
            report(&mut self.ignored, &piece.text);
            return;
        };
        match piece.wish {
            Wish::Exactly => self.quoted.push(whole),
            Wish::Not => self.excluded.push(whole),
            Wish::Words => {
                self.typed.push(piece.text.clone());
                let words = wanted(&normal, synonyms, &mut self.also);
                if words.len() > 1 || words.first().is_none_or(|only| only.word() != Some(whole.text.as_str())) {
                    self.whole.push(whole);
                }
                self.words.extend(words);
                let parts = analyzers::words(&piece.text).into_iter();
                self.parts.extend(parts.filter(|part| !analyzers::is_stop(&part.text)).filter_map(|part| {
                    let normal = Normal::of(&part.text);
                    let long = normal.chars.len() > 1;
                    long.then(|| Phrase::of(&normal, &(0..normal.chars.len())))?
                }));
            }
        }
    }
}

/// The words of a stretch without spaces, those that have synonyms with them.
fn wanted(normal: &Normal, synonyms: &Synonyms, also: &mut Vec<String>) -> Vec<Wanted> {
    let part = |chars: Range<usize>| Normal { chars: normal.chars.get(chars).unwrap_or_default().to_vec() };
    let single = |word: Phrase| {
        let spelling = word.text.is_ascii().then(|| word.text.clone());
        Wanted { words: vec![word], synonyms: Vec::new(), spelling }
    };
    let places = synonyms.in_normal(normal);
    let mut found = Vec::new();
    let mut at = 0;
    for place in places {
        found.extend(words_of(&part(at..place.chars.start)).into_iter().map(single));
        at = place.chars.end;
        let here = part(place.chars);
        let words = words_of(&here);
        let phrases = place.others.iter().filter_map(|other| {
            let normal = Normal::of(other);
            Phrase::of(&normal, &(0..normal.chars.len()))
        });
        if !words.is_empty() {
            also.extend(place.others.iter().cloned());
            found.push(Wanted { words, synonyms: phrases.collect(), spelling: None });
        }
    }
    if at == 0 {
        found.extend(words_of(normal).into_iter().map(single));
    } else {
        found.extend(words_of(&part(at..normal.chars.len())).into_iter().map(single));
    }
    found
}

/// The words of a stretch without spaces: dictionary words, runs of letters and digits, and single characters that belong together.
fn words_of(normal: &Normal) -> Vec<Phrase> {
    let mut found = Vec::new();
    let mut latin: Option<Range<usize>> = None;
    for run in normal.runs() {
        if run.kind == Script::Latin {
            // PM2.5, GB/T, e-mail: one sign between two runs joins them.
            let joined = latin.clone().filter(|before| joins(normal, &(before.end..run.chars.start)));
            let from = joined.map_or(run.chars.start, |before| before.start);
            if from < run.chars.start {
                found.pop();
            }
            latin = Some(from..run.chars.end);
            found.push(from..run.chars.end);
            continue;
        }
        latin = None;
        let mut singles: Option<Range<usize>> = None;
        for cut in analyzers::jieba().cut(&normal.text_of(&run.chars), true) {
            let chars = run.chars.start + cut.start..run.chars.start + cut.end;
            if chars.len() == 1 && !analyzers::is_stop(cut.word) {
                singles = Some(singles.map_or(chars.clone(), |before| before.start..chars.end));
                continue;
            }
            found.extend(singles.take());
            if !analyzers::is_stop(cut.word) {
                found.push(chars);
            }
        }
        found.extend(singles);
    }
    found
        .into_iter()
        .filter(|chars| !analyzers::is_stop(&normal.text_of(chars)))
        .filter_map(|chars| Phrase::of(normal, &chars))
        .collect()
}

fn joins(normal: &Normal, between: &Range<usize>) -> bool {
    let sign = normal.text_of(between);
    matches!(sign.as_str(), "." | "-" | "/" | "_" | "'" | "&" | "+" | "·")
}

/// What is to be done with a piece of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Words,
    Exactly,
    Not,
}

#[derive(Debug)]
struct Piece {
    text: String,
    wish: Wish,
}

/// Cuts a question at its spaces and quotation marks.
fn pieces(text: &str, ignored: &mut Vec<String>) -> Vec<Piece> {
    let all: Vec<char> = text.chars().collect();
    let chars = all.get(..LONGEST_QUESTION).unwrap_or(&all);
    if let Some(rest) = all.get(LONGEST_QUESTION..).filter(|rest| !rest.is_empty()) {
        report(ignored, &rest.iter().collect::<String>());
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() || c.is_control() {
            at += 1;
            continue;
        }
        let mut wish = Wish::Words;
        let mut from = at;
        if is_minus(c) && chars.get(at + 1).is_some_and(|next| !next.is_whitespace() && !is_minus(*next)) {
            wish = Wish::Not;
            from = at + 1;
        }
        let quoted = chars.get(from).and_then(|open| closing(*open)).and_then(|close| {
            let rest = chars.get(from + 1..)?;
            Some(from + 1 + rest.iter().position(|c| close.contains(*c))?)
        });
        if let Some(end) = quoted {
            let inside: String = chars.get(from + 1..end).unwrap_or_default().iter().collect();
            let wish = if wish == Wish::Not { Wish::Not } else { Wish::Exactly };
            found.push(Piece { text: inside, wish });
            at = end + 1;
            continue;
        }
        // An opening mark without its closing one is only a mark.
        let mut end = from + 1;
        while chars.get(end).is_some_and(|c| !c.is_whitespace() && !c.is_control() && closing(*c).is_none()) {
            end += 1;
        }
        let word: String = chars.get(from..end).unwrap_or_default().iter().collect();
        found.push(Piece { text: word, wish });
        at = end;
    }
    found
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{FF0D}' | '\u{2212}' | '\u{2013}')
}

/// What ends a quotation that this mark begins.
fn closing(open: char) -> Option<&'static str> {
    match open {
        '"' | '\u{FF02}' | '\u{201C}' | '\u{201D}' | '\u{201E}' => Some("\"\u{FF02}\u{201C}\u{201D}"),
        '\u{300C}' | '\u{FF62}' => Some("\u{300D}\u{FF63}"),
        '\u{300E}' => Some("\u{300F}"),
        _ => None,
    }
}

fn report(ignored: &mut Vec<String>, piece: &str) {
    let (most, longest) = MOST_IGNORED;
    let piece: String = piece.trim().chars().take(longest).collect();
    if !piece.is_empty() && ignored.len() < most && !ignored.contains(&piece) {
        ignored.push(piece);
    }
}
