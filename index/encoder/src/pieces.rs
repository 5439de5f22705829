//! Text → pieces of the vocabulary: the cut whose pieces are likeliest together.
//!
//! As SentencePiece's unigram model does it: characters are brought to the writing that the vocabulary was made of, runs of blanks
//! become one mark that belongs to what follows, and of all ways to cut the best is found from left to right. Pieces lie sorted in
//! the file, so those that go on from a place are one range that every further character narrows.

use crate::weights::{FIRST, UNKNOWN, Weights};

/// Stands for a blank.
const BLANK: char = '\u{2581}';

/// The best way to a place in the text: its score, the row of its last piece and where that begins.
type Way = (f32, u32, usize);

/// The rows of the pieces of a text.
pub(crate) fn cut(weights: &Weights, text: &str) -> Vec<u32> {
    let text = written(weights, text);
    let mut borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    borders.push(text.len());
    let mut ways: Vec<Way> = vec![(f32::NEG_INFINITY, UNKNOWN, 0); borders.len()];
    if let Some(start) = ways.first_mut() {
        start.0 = 0.0;
    }
    for from in 0..borders.len() - 1 {
        let here = ways.get(from).map_or(0.0, |way| way.0);
        // A character that is no piece of its own is unknown.
        let unknown = (from + 1, UNKNOWN, weights.unknown_score);
        for (to, row, score) in going_on(weights, &text, &borders, from).into_iter().chain([unknown]) {
            if let Some(best) = ways.get_mut(to)
                && here + score > best.0
            {
                *best = (here + score, row, from);
            }
        }
    }
    let mut rows = Vec::new();
    let mut at = borders.len() - 1;
    while at > 0 {
        let Some((_, row, from)) = ways.get(at) else { break };
        rows.push(*row);
        at = *from;
    }
    rows.reverse();
    rows
}

/// The pieces that go on from a place: where each ends, its row and its score.
fn going_on(weights: &Weights, text: &str, borders: &[usize], from: usize) -> Vec<(usize, u32, f32)> {
    let mut found = Vec::new();
    let (mut low, mut high) = (0, weights.scores.len());
    let start = borders.get(from).copied().unwrap_or(text.len());
    for (to, end) in borders.iter().enumerate().skip(from + 1) {
        let Some(wanted) = text.as_bytes().get(start..*end) else { break };
        let head = |at: usize| {
            let piece = weights.piece(at);
            piece.get(..wanted.len()).unwrap_or(piece)
        };
        low = first(low, high, |at| head(at) >= wanted);
        high = first(low, high, |at| head(at) > wanted);
        if low == high {
            break;
        }
        if weights.piece(low) == wanted
            && let (Some(score), Ok(row)) = (weights.scores.get(low), u32::try_from(low))
        {
            found.push((to, row + FIRST, *score));
        }
    }
    found
}

/// The first place in a range for which something holds that holds for all after it.
fn first(mut low: usize, mut high: usize, holds: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// A text in the writing of the vocabulary.
fn written(weights: &Weights, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 3);
    let mut last = None;
    let mut push = |c: char| {
        let c = if c == ' ' { BLANK } else { c };
        if last.is_none() && c != BLANK {
            out.push(BLANK);
        }
        if !(c == BLANK && last == Some(BLANK)) {
            out.push(c);
        }
        last = Some(c);
    };
    for c in text.chars() {
        let point = u32::from(c);
        let at = weights.mapped.below(point);
        if weights.mapped.get(at) != Some(point) {
            push(c);
            continue;
        }
        let (from, to) = weights.mapped_ends.part(at).unwrap_or_default();
        (from..to).filter_map(|at| weights.mapped_to.get(at).and_then(char::from_u32)).for_each(&mut push);
    }
    out
}
