//! Titles and names for what is typed so far.
//!
//! What was typed stands in the title as typed, its last word perhaps unfinished, or the title sounds like it. Titles that begin with
//! it come first. Only the few best are read, so the time does not grow with the number of things.

use std::collections::HashSet;

use tantivy::collector::TopDocs;
use tantivy::query::{
    BooleanQuery, BoostQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as EngineQuery, TermQuery,
};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument, Term};

use crate::analyzers::{self, Normal, Script};
use crate::document::Key;
use crate::passage::{Needles, Passage};
use crate::schema::Fields;
use crate::sound;
use crate::writer::Columns;

/// The most that is ever suggested.
const MOST: usize = 10;
/// How many characters of what is typed are looked at.
const LONGEST: usize = 40;
/// How many endings of an unfinished word are looked at.
const MOST_ENDINGS: u32 = 50;
/// What a title that only sounds like it is worth.
const SOUND: f32 = 0.5;

/// A thing that somebody may be about to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Which.
    pub key: Key,
    /// Its title, what was typed marked.
    pub title: Vec<Passage>,
    /// Where it is read.
    pub url: String,
}

/// The best few titles for what was typed.
pub(crate) fn suggest(
    searcher: &Searcher,
    fields: &Fields,
    typed: &str,
    most: usize,
) -> tantivy::Result<Vec<Suggestion>> {
    let typed: String = typed.trim().chars().take(LONGEST).collect();
    let mut ways: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
    ways.extend(written(fields, &typed).map(|query| (Occur::Should, query)));
    ways.extend(sound::begun(fields.sounds, &typed).map(|query| {
        let query: Box<dyn EngineQuery> = Box::new(BoostQuery::new(query, SOUND));
        (Occur::Should, query)
    }));
    let most = most.min(MOST);
    if ways.is_empty() || most == 0 {
        return Ok(Vec::new());
    }
    // Equal titles are shown once, so a few more are read.
    let best = TopDocs::with_limit(3 * most).order_by_score();
    let best = searcher.search(&BooleanQuery::new(ways), &best)?;
    let needles = Needles::of(&[typed.as_str()]);
    let begin = crate::synonyms::normal_form(&typed);
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (_, at) in best {
        let document: TantivyDocument = searcher.doc(at)?;
        let text = |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let title = text(fields.title);
        let normal = crate::synonyms::normal_form(title);
        let key = Columns::of(searcher.segment_reader(at.segment_ord))?.key(at.doc_id);
        if let (Some(key), true) = (key, seen.insert(normal.clone())) {
            let suggestion = Suggestion { key, title: needles.mark(title), url: text(fields.url).to_string() };
            found.push((!normal.starts_with(&begin), !normal.contains(&begin), suggestion));
        }
    }
    // The order of equals is that of the engine, the best first.
    found.sort_by_key(|(later, last, _)| (*last, *later));
    Ok(found.into_iter().take(most).map(|(_, _, suggestion)| suggestion).collect())
}

/// Titles in which this stands as typed; a run of letters at its end may go on.
fn written(fields: &Fields, typed: &str) -> Option<Box<dyn EngineQuery>> {
    let [title, ..] = &fields.parts;
    let normal = Normal::of(typed);
    let mut chain = analyzers::pairs_of(&normal);
    let last_run = normal.runs().pop()?;
    let term = |text: &str| Term::from_field_text(title.pairs, text);
    if last_run.kind == Script::Latin && last_run.chars.end == normal.chars.len() {
        let terms = chain.iter().map(|token| (token.position, term(&token.text))).collect();
        let mut query = PhrasePrefixQuery::new_with_offset(terms);
        query.set_max_expansions(MOST_ENDINGS);
        return Some(Box::new(query));
    }
    let mut last = None;
    if last_run.kind == Script::Chinese {
        // The character that was typed last may begin any pair.
        let single = chain.pop();
        if last_run.chars.len() == 1 {
            last = single.map(|single| single.text);
        }
    }
    let phrase: Option<Box<dyn EngineQuery>> = match chain.as_slice() {
        [] => None,
        [only] => Some(Box::new(TermQuery::new(term(&only.text), IndexRecordOption::WithFreqs))),
        many => {
            let terms = many.iter().map(|token| (token.position, term(&token.text))).collect();
            Some(Box::new(PhraseQuery::new_with_offset(terms)))
        }
    };
    let last = last.map(|last| -> Box<dyn EngineQuery> {
        let term = Term::from_field_text(title.characters, &last);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    });
    match (phrase, last) {
        (Some(phrase), Some(last)) => Some(Box::new(BooleanQuery::intersection(vec![phrase, last]))),
        (phrase, last) => phrase.or(last),
    }
}
