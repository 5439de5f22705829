//! Words that mean the same, as staff keep them: 果胶 and pectin, BMS and 电池管理系统.
//!
//! They are used when a question is asked and are no part of the index, so a change counts at once and nothing is indexed anew. One
//! step only: a synonym of a synonym is not asked for. Within a text the longest word wins, letters match whole words only, and
//! a word of two characters only where the dictionary cuts, so that 合金 is not seen in 组合金额.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::analyzers::{self, Normal, Script};

/// A group of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Each stands for every other.
    Same(Vec<String>),
    /// Who asks for one of the first also gets the second, and not the other way round.
    Towards(Vec<String>, Vec<String>),
}

/// All groups, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    by_first: HashMap<char, Vec<Word>>,
    as_of: u64,
}

#[derive(Clone, Debug)]
struct Word {
    /// As staff wrote it.
    written: String,
    normal: Vec<char>,
    others: Vec<String>,
}

/// A word of a text that has synonyms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Which characters of the normalised text.
    pub(crate) chars: Range<usize>,
    /// What means the same.
    pub others: &'a [String],
}

impl Synonyms {
    /// Makes groups ready; a word that is in several has the synonyms of all. `as_of` is for whoever keeps them, to know later which
    /// ones these are.
    #[must_use]
    pub fn of(groups: &[Group], as_of: u64) -> Self {
        let mut all = Self { as_of, ..Self::default() };
        for group in groups {
            match group {
                Group::Same(words) => {
                    for word in words {
                        all.add(word, words);
                    }
                }
                Group::Towards(from, to) => {
                    for word in from {
                        all.add(word, to);
                    }
                }
            }
        }
        for words in all.by_first.values_mut() {
            words.sort_by_key(|word| std::cmp::Reverse(word.normal.len()));
        }
        all
    }

    /// The number that came with the groups; 0 for none.
    #[must_use]
    pub fn as_of(&self) -> u64 {
        self.as_of
    }

    fn add(&mut self, written: &str, others: &[String]) {
        let normal: Vec<char> = normal_form(written).chars().collect();
        let Some(first) = normal.first() else { return };
        let words = self.by_first.entry(*first).or_default();
        let at = words.iter().position(|word| word.normal == normal).unwrap_or_else(|| {
            words.push(Word { written: written.trim().to_string(), normal: normal.clone(), others: Vec::new() });
            words.len() - 1
        });
        let Some(word) = words.get_mut(at) else { return };
        for other in others {
            if normal_form(other) != normal.iter().collect::<String>() && !word.others.contains(other) {
                word.others.push(other.clone());
            }
        }
    }

    /// The words of a text that have synonyms, in order; they do not overlap.
    #[must_use]
    pub fn places(&self, text: &str) -> Vec<Place<'_>> {
        if self.by_first.is_empty() { Vec::new() } else { self.in_normal(&Normal::of(text)) }
    }

    pub(crate) fn in_normal(&self, normal: &Normal) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        if self.by_first.is_empty() {
            return places;
        }
        let borders = analyzers::borders(normal);
        let mut at = 0;
        while let Some((c, _)) = normal.chars.get(at) {
            let candidates = self.by_first.get(c).into_iter().flatten();
            let mut fitting = candidates.filter(|word| word.stands_at(normal, at, &borders));
            let Some(word) = fitting.next() else {
                at += 1;
                continue;
            };
            let end = at + word.normal.len();
            if !word.others.is_empty() {
                places.push(Place { chars: at..end, others: &word.others });
            }
            at = end;
        }
        places
    }

    /// The words that begin with what was typed, as staff wrote them, with what means the same; the shortest first.
    #[must_use]
    pub fn beginning_with(&self, typed: &str, most: usize) -> Vec<(&str, &[String])> {
        let typed: Vec<char> = normal_form(typed).chars().collect();
        let candidates = typed.first().and_then(|first| self.by_first.get(first)).into_iter().flatten();
        let mut found: Vec<&Word> = candidates.filter(|word| word.normal.starts_with(&typed)).collect();
        found.sort_by(|a, b| a.normal.len().cmp(&b.normal.len()).then_with(|| a.normal.cmp(&b.normal)));
        found.into_iter().take(most).map(|word| (word.written.as_str(), word.others.as_slice())).collect()
    }
}

impl Word {
    fn stands_at(&self, normal: &Normal, at: usize, borders: &HashSet<usize>) -> bool {
        let end = at + self.normal.len();
        let same = normal.chars.get(at..end).is_some_and(|here| here.iter().map(|(c, _)| c).eq(self.normal.iter()));
        if !same {
            return false;
        }
        let latin = |place: Option<usize>| {
            let c = place.and_then(|place| normal.chars.get(place));
            c.is_some_and(|(c, _)| analyzers::script_of(*c) == Some(Script::Latin))
        };
        let inside_a_run =
            (latin(at.checked_sub(1)) && latin(Some(at))) || (latin(end.checked_sub(1)) && latin(Some(end)));
        let on_borders = borders.contains(&at) && borders.contains(&end);
        !inside_a_run && (self.normal.len() > 2 || on_borders)
    }
}

/// A word in the one way of writing in which words are compared.
#[must_use]
pub fn normal_form(word: &str) -> String {
    let normal = Normal::of(word.trim());
    normal.text_of(&(0..normal.chars.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_string()).collect()
    }

    fn others(synonyms: &Synonyms, text: &str) -> Vec<Vec<String>> {
        synonyms.places(text).into_iter().map(|place| place.others.to_vec()).collect()
    }

    #[test]
    fn a_group_counts_both_ways_or_one_way() {
        let both = Synonyms::of(&[Group::Same(words(&["果胶", "pectin"]))], 1);
        assert_eq!(others(&both, "提取果胶"), [words(&["pectin"])]);
        assert_eq!(others(&both, "PECTIN yield"), [words(&["果胶"])]);
        let one = Synonyms::of(&[Group::Towards(words(&["果胶酶"]), words(&["酶制剂"]))], 1);
        assert_eq!(others(&one, "果胶酶"), [words(&["酶制剂"])]);
        assert_eq!(others(&one, "酶制剂"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn the_longest_word_wins_and_letters_match_whole_words() {
        let groups = [Group::Same(words(&["BMS", "电池管理系统"])), Group::Same(words(&["电池", "battery"]))];
        let synonyms = Synonyms::of(&groups, 1);
        assert_eq!(others(&synonyms, "电池管理系统"), [words(&["BMS"])]);
        assert_eq!(others(&synonyms, "bms2"), Vec::<Vec<String>>::new());
        assert_eq!(others(&synonyms, "新bms"), [words(&["电池管理系统"])]);
        assert_eq!(others(&synonyms, ""), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_short_word_counts_where_the_dictionary_cuts() {
        let synonyms = Synonyms::of(&[Group::Same(words(&["合金", "alloy"]))], 1);
        assert_eq!(others(&synonyms, "铝 合金"), [words(&["alloy"])]);
        assert_eq!(others(&synonyms, "组合金额"), Vec::<Vec<String>>::new());
    }

    #[test]
    fn what_is_typed_finds_the_words_that_begin_so() {
        let synonyms =
            Synonyms::of(&[Group::Same(words(&["果胶", "pectin"])), Group::Same(words(&["果胶酶", "Pectinase"]))], 1);
        let found: Vec<&str> = synonyms.beginning_with("PEC", 5).into_iter().map(|(word, _)| word).collect();
        assert_eq!(found, ["pectin", "Pectinase"]);
        assert_eq!(synonyms.beginning_with("果", 1).len(), 1);
        assert!(synonyms.beginning_with("", 5).is_empty());
    }
}
