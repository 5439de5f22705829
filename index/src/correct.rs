//! A question with its likely mistake put right: `pectn` → pectin, 果交 → 果胶, 智能凉衣机 → 智能晾衣机.
//!
//! Only words that stand nowhere are looked at, and only what stands in the index is offered. Who types Chinese picks a wrong
//! character of the right sound, so a word that sounds the same goes first; then one that differs by one character or letter (two in
//! a long word of letters). A compound that is no word of the dictionary is compared with the titles that share most of its pairs.

use std::collections::HashMap;

use strsim::osa_distance;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query as EngineQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{Searcher, TantivyDocument, Term};

use crate::analyzers::{self, Normal, Script};
use crate::query::Asked;
use crate::schema::Fields;
use crate::sound;
use crate::synonyms::normal_form;

/// The most words that are put right in one question.
const MOST_MISTAKES: usize = 3;
/// The longest word that is looked at, in characters.
const LONGEST_WORD: usize = 32;
/// The most entries of the index's dictionary that are read.
const MOST_ENTRIES: usize = 300_000;
/// The longest stretch around a word that is looked at as well, in characters.
const LONGEST_AROUND: usize = 4;
/// How many titles a compound is compared with.
const MOST_TITLES: usize = 10;
/// The shortest compound that is compared with titles; in a shorter one, one wrong character leaves too little.
const SHORTEST_COMPOUND: usize = 4;

/// The question as it was probably meant, the likeliest first; each is worth asking.
pub(crate) fn corrections(
    searcher: &Searcher,
    fields: &Fields,
    text: &str,
    asked: &Asked,
) -> tantivy::Result<Vec<String>> {
    let typed = normal_form(text);
    let mut missing = Vec::new();
    for word in &asked.words {
        let Some(wrong) = word.word().filter(|wrong| wrong.chars().nth(LONGEST_WORD).is_none()) else { continue };
        if missing.len() < MOST_MISTAKES && searcher.search(&*word.query(fields), &Count)? == 0 {
            missing.push((wrong.to_string(), around(&typed, wrong)));
        }
    }
    let wanted = missing.iter().flat_map(|(wrong, around)| std::iter::once(wrong).chain(around));
    let meant = words_like(searcher, fields, &wanted.cloned().collect::<Vec<_>>())?;
    let mut better = typed.clone();
    for (wrong, around) in &missing {
        // The word itself first; what it may be part of only if nothing is like it.
        let whole = meant.get(wrong).map(|(_, to)| (wrong, to));
        let part = || {
            let found = around.iter().filter_map(|each| meant.get(each).map(|(near, to)| (*near, each, to)));
            // Of equals the first is the longest.
            found.min_by_key(|(near, _, _)| *near).map(|(_, each, to)| (each, to))
        };
        if let Some((from, to)) = whole.or_else(part) {
            better = better.replacen(from.as_str(), to, 1);
        }
    }
    let mut all = vec![better];
    all.extend(compound_like(searcher, fields, &typed)?);
    all.retain(|better| *better != typed);
    all.dedup();
    Ok(all)
}

/// The stretches of Chinese around a word of the question of which it may be a part, the longest first: with a wrong character in
/// it, the dictionary cuts a word in the wrong places.
fn around(typed: &str, wrong: &str) -> Vec<String> {
    let normal = Normal::of(typed);
    let wrong: Vec<char> = wrong.chars().collect();
    let mut found = Vec::new();
    for run in normal.runs().into_iter().filter(|run| run.kind == Script::Chinese) {
        let text: Vec<char> = normal.text_of(&run.chars).chars().collect();
        let Some(at) = text.windows(wrong.len()).position(|window| window == wrong) else { continue };
        for length in (wrong.len() + 1..=LONGEST_AROUND).rev() {
            let first = (at + wrong.len()).saturating_sub(length);
            let windows = (first..=at).filter_map(|from| text.get(from..from + length));
            found.extend(windows.map(|window| window.iter().collect::<String>()));
        }
        break;
    }
    found
}

/// How far a word of the index is from what was typed; smaller is nearer.
fn distance(typed: &str, letters: usize, word: &str) -> Option<usize> {
    if typed.is_ascii() {
        let most = match letters {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        // Another number is another thing, not a slip: ADC13 is not ADC12.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(typed) != digits(word) {
            return None;
        }
        let distance = osa_distance(typed, word);
        return (1..=most).contains(&distance).then_some(distance);
    }
    // One character alone sounds like too many others.
    if letters < 2 {
        return None;
    }
    let same_length = word.chars().count() == letters;
    if same_length && typed.chars().zip(word.chars()).all(|(a, b)| sound::alike(a, b)) {
        return Some(0);
    }
    // Of two characters, one wrong leaves one: too little to go by.
    (letters > 2 && osa_distance(typed, word) == 1).then_some(1)
}

/// For each of these, which stand nowhere, the word of the index that is most like it, and how near that is: the nearest, then the commonest.
fn words_like(
    searcher: &Searcher,
    fields: &Fields,
    wanted: &[String],
) -> tantivy::Result<HashMap<String, (usize, String)>> {
    let letters: Vec<(&String, usize)> = wanted.iter().map(|each| (each, each.chars().count())).collect();
    let mut found: HashMap<(&String, String), (usize, u32)> = HashMap::new();
    // Chinese in one pass; letters by their first one, which is hardly ever wrong.
    let mut ranges: Vec<(String, Option<String>)> = Vec::new();
    if wanted.iter().any(|each| !each.is_ascii()) {
        ranges.push(("\u{2E80}".to_string(), None));
    }
    let firsts = wanted.iter().filter(|each| each.is_ascii()).filter_map(|each| each.get(..1));
    ranges.extend(firsts.map(|first| (first.to_string(), Some(format!("{first}\u{7F}")))));
    let mut read = 0;
    for part in &fields.parts {
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(part.words)?;
            for (from, to) in &ranges {
                let mut range = index.terms().range().ge(from);
                if let Some(to) = to {
                    range = range.lt(to);
                }
                let mut entries = range.into_stream()?;
                while let Some((entry, info)) = entries.next() {
                    read += 1;
                    if read > MOST_ENTRIES {
                        break;
                    }
                    let Ok(word) = std::str::from_utf8(entry) else { continue };
                    let length = word.chars().count();
                    for (typed, letters) in letters.iter().filter(|(_, letters)| letters.abs_diff(length) <= 2) {
                        if let Some(distance) = distance(typed, *letters, word) {
                            let seen = found.entry((typed, word.to_string())).or_insert((distance, 0));
                            seen.1 = seen.1.saturating_add(info.doc_freq);
                        }
                    }
                }
            }
        }
    }
    let mut best: HashMap<String, (usize, u32, String)> = HashMap::new();
    for ((typed, word), (near, many)) in found {
        let nearer = |(other, more, than): &(usize, u32, String)| {
            near.cmp(other).then_with(|| more.cmp(&many)).then_with(|| word.cmp(than)).is_lt()
        };
        if best.get(typed).is_none_or(nearer) {
            best.insert(typed.clone(), (near, many, word));
        }
    }
    Ok(best.into_iter().map(|(typed, (near, _, word))| (typed, (near, word))).collect())
}

/// The question with a long run of Chinese as it stands in a title that shares most of its pairs.
fn compound_like(searcher: &Searcher, fields: &Fields, typed: &str) -> tantivy::Result<Option<String>> {
    let normal = Normal::of(typed);
    let runs = normal.runs().into_iter().filter(|run| run.kind == Script::Chinese);
    for run in runs.filter(|run| (SHORTEST_COMPOUND..=LONGEST_WORD).contains(&run.chars.len())) {
        let wrong = normal.text_of(&run.chars);
        for title in titles_near(searcher, fields, &wrong)? {
            if let Some(meant) = window_like(&wrong, &title) {
                return Ok(Some(typed.replacen(&wrong, &meant, 1)));
            }
        }
    }
    Ok(None)
}

fn titles_near(searcher: &Searcher, fields: &Fields, run: &str) -> tantivy::Result<Vec<String>> {
    let [title, ..] = &fields.parts;
    let pairs = analyzers::pairs(run).into_iter().filter(|pair| pair.text.chars().count() == 2);
    let pairs: Vec<(Occur, Box<dyn EngineQuery>)> = pairs
        .map(|pair| {
            let term = Term::from_field_text(title.pairs, &pair.text);
            let query: Box<dyn EngineQuery> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        })
        .collect();
    let best = searcher.search(&BooleanQuery::new(pairs), &TopDocs::with_limit(MOST_TITLES).order_by_score())?;
    best.into_iter()
        .map(|(_, at)| {
            let document: TantivyDocument = searcher.doc(at)?;
            Ok(first_text(&document, fields.title))
        })
        .collect()
}

fn first_text(document: &TantivyDocument, field: Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_string()
}

/// The stretch of a title that differs from a run by one character: another, one more, one less.
fn window_like(run: &str, title: &str) -> Option<String> {
    let normal = Normal::of(title);
    let length = run.chars().count();
    for size in [length, length + 1, length - 1] {
        for part in normal.runs().into_iter().filter(|part| part.kind == Script::Chinese) {
            for from in part.chars.clone() {
                if from + size > part.chars.end {
                    break;
                }
                let window = normal.text_of(&(from..from + size));
                if osa_distance(run, &window) == 1 {
                    return Some(window);
                }
            }
        }
    }
    None
}
