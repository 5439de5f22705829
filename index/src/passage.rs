//! The words of a question marked in the text of a hit.
//!
//! Marking follows the rule of finding: the same normalised characters in a row. Offsets go back to the text as it was written, so
//! what is shown is the owner's own text. The caller escapes it.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use crate::analyzers::{Normal, Script};

/// How many characters of a text a hit shows.
const SNIPPET: usize = 120;
/// How far before the first marked word a snippet may begin.
const LEAD: usize = 30;
/// How much of a text is looked at.
const LONGEST_TEXT: usize = 20_000;
/// How many marks are weighed when the best passage is chosen.
const MOST_MARKS: usize = 500;

/// A stretch of text, marked or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The text, not escaped.
    pub text: String,
    /// Whether it is what was asked for.
    pub marked: bool,
}

/// One Chinese character, or one run of letters and digits.
#[derive(Clone, Debug)]
struct Atom {
    chars: Range<usize>,
    kind: Script,
    run: usize,
}

/// A text cut into what can be compared.
struct Atoms {
    normal: Normal,
    atoms: Vec<Atom>,
}

impl Atoms {
    fn of(text: &str) -> Self {
        let normal = Normal::of(text);
        let mut atoms = Vec::new();
        for (number, run) in normal.runs().into_iter().enumerate() {
            if run.kind == Script::Latin {
                atoms.push(Atom { chars: run.chars, kind: run.kind, run: number });
            } else {
                atoms.extend(run.chars.map(|at| Atom { chars: at..at + 1, kind: run.kind, run: number }));
            }
        }
        Self { normal, atoms }
    }

    fn letters(&self, atom: &Atom) -> impl Iterator<Item = char> + '_ {
        self.normal.chars.get(atom.chars.clone()).unwrap_or_default().iter().map(|(c, _)| *c)
    }

    /// Whether a phrase stands here, and where it ends.
    fn at(&self, from: usize, phrase: &Self) -> Option<Range<usize>> {
        let here = self.atoms.get(from..from + phrase.atoms.len())?;
        let same = here.iter().zip(&phrase.atoms).all(|(mine, asked)| self.letters(mine).eq(phrase.letters(asked)));
        // A pair never reaches over a sign or a space, so a phrase does not either, unless it has one there too.
        let joints = here.windows(2).zip(phrase.atoms.windows(2)).all(|(mine, asked)| match (mine, asked) {
            ([a, b], [c, d]) if a.kind == Script::Chinese && b.kind == Script::Chinese => {
                (a.run == b.run) == (c.run == d.run)
            }
            _ => true,
        });
        let (first, last) = (here.first()?, here.last()?);
        (same && joints).then_some(first.chars.start..last.chars.end)
    }
}

/// What is to be marked.
pub(crate) struct Needles {
    phrases: Vec<Atoms>,
    by_first: HashMap<char, Vec<usize>>,
}

impl Needles {
    pub(crate) fn of(texts: &[&str]) -> Self {
        let phrases: Vec<Atoms> = texts.iter().map(|text| Atoms::of(text)).collect();
        let mut by_first: HashMap<char, Vec<usize>> = HashMap::new();
        for (number, phrase) in phrases.iter().enumerate() {
            if let Some(first) = phrase.atoms.first().and_then(|atom| phrase.letters(atom).next()) {
                by_first.entry(first).or_default().push(number);
            }
        }
        Self { phrases, by_first }
    }

    /// Every place where a phrase stands: which characters, which phrase.
    fn find(&self, text: &Atoms) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        for (from, atom) in text.atoms.iter().enumerate() {
            let first = text.letters(atom).next();
            for number in first.and_then(|c| self.by_first.get(&c)).into_iter().flatten() {
                let range = self.phrases.get(*number).and_then(|phrase| text.at(from, phrase));
                found.extend(range.map(|range| (range, *number)));
            }
            if found.len() >= MOST_MARKS {
                break;
            }
        }
        found
    }

    /// A whole text with its words marked.
    pub(crate) fn mark(&self, text: &str) -> Vec<Passage> {
        let atoms = Atoms::of(text);
        let found = self.find(&atoms);
        passages(text, 0..text.len(), &atoms.normal, &found)
    }

    /// The best passage of the summary or, if it has more of the words, of the text.
    pub(crate) fn snippet(&self, problem: &str, body: &str) -> Vec<Passage> {
        let (problem, body) = (Candidate::of(self, problem), Candidate::of(self, body));
        let better = body.worth > problem.worth || problem.text.trim().is_empty();
        if better { body.passages() } else { problem.passages() }
    }
}

/// A text with its best passage.
struct Candidate<'a> {
    text: &'a str,
    normal: Normal,
    found: Vec<(Range<usize>, usize)>,
    /// The characters to show.
    window: Range<usize>,
    /// How many different words, and how many characters of them, it shows.
    worth: (usize, usize),
}

impl<'a> Candidate<'a> {
    fn of(needles: &Needles, text: &'a str) -> Self {
        let text = text.char_indices().nth(LONGEST_TEXT).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
        let atoms = Atoms::of(text);
        let found = needles.find(&atoms);
        let normal = atoms.normal;
        let mut best = (0..SNIPPET.min(normal.chars.len()), (0, 0));
        for (first, _) in &found {
            let window = window_at(&normal, first.start);
            let inside = || found.iter().filter(|(range, _)| range.start >= window.start && range.end <= window.end);
            let mut kinds: Vec<usize> = inside().map(|(_, number)| *number).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let worth = (kinds.len(), inside().map(|(range, _)| range.len()).sum());
            if worth > best.1 {
                best = (window, worth);
            }
        }
        Self { text, normal, found, window: best.0, worth: best.1 }
    }

    fn passages(&self) -> Vec<Passage> {
        let whole = self.normal.chars.len();
        if self.window.is_empty() {
            return Vec::new();
        }
        let mut bytes = self.normal.bytes_of(&self.window);
        if self.window.start == 0 {
            bytes.start = 0;
        }
        if self.window.end == whole {
            bytes.end = self.text.len();
        }
        let mut shown = passages(self.text, bytes, &self.normal, &self.found);
        let dots = || Passage { text: "…".to_string(), marked: false };
        if self.window.start > 0 {
            shown.insert(0, dots());
        }
        if self.window.end < whole {
            shown.push(dots());
        }
        shown
    }
}

/// The characters to show around a word: from the beginning of its sentence if that is near.
fn window_at(normal: &Normal, word: usize) -> Range<usize> {
    let is_end = |at: usize| {
        normal.chars.get(at).is_some_and(|(c, _)| matches!(c, '。' | '!' | '?' | ';' | '\n' | ',' | '、' | ':'))
    };
    let near = word.saturating_sub(LEAD);
    let mut from = (near..word).find(|at| is_end(*at)).map_or(near, |at| at + 1);
    let end = (from + SNIPPET).min(normal.chars.len());
    // Near the end of a text, show more of what comes before instead of less.
    if end - from < SNIPPET {
        from = end.saturating_sub(SNIPPET);
    }
    from..end
}

/// Cuts a stretch of the text at the borders of what is marked.
fn passages(text: &str, shown: Range<usize>, normal: &Normal, found: &[(Range<usize>, usize)]) -> Vec<Passage> {
    let mut marks: Vec<Range<usize>> = found.iter().map(|(range, _)| normal.bytes_of(range)).collect();
    marks.sort_unstable_by_key(|range| (range.start, range.end));
    let mut out: Vec<Passage> = Vec::new();
    let mut push = |range: Range<usize>, marked: bool| {
        let text = tidy(text.get(range).unwrap_or_default());
        match out.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.marked == marked => last.text.push_str(&text),
            _ => out.push(Passage { text, marked }),
        }
    };
    let mut at = shown.start;
    for mark in marks {
        let (from, to) = (mark.start.max(at), mark.end.min(shown.end));
        if from >= to {
            continue;
        }
        push(at..from, false);
        push(from..to, true);
        at = to;
    }
    push(at..shown.end, false);
    out
}

/// Line breaks and their like become one space.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out
}
