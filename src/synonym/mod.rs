//! Words that mean the same, kept by staff: 果胶 and pectin, BMS and 电池管理系统.
//!
//! A group counts both ways, or one way: who asks for 果胶酶 also gets 酶制剂, and not the other
//! way round. Searching asks for them, from the next question on and on every node ([`tell`]);
//! nothing is indexed anew. Every change is kept with who made it.
//!
//! **Invariant:** one-way groups never lead in a circle, and no word is in two both-way groups
//! (`synonyms_that_make_no_sense_are_refused`).

pub mod form;
pub mod keep;
pub mod pages;
pub mod store;
pub mod tell;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::id::{MemberId, SynonymId};

/// The shortest word, in characters: a shorter one would find everything.
pub const SHORTEST: usize = 2;
/// The longest.
pub const LONGEST: usize = 40;
/// The most words on one side of a group.
pub const MOST: usize = 20;

/// A group as staff write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSynonym {
    /// Words that mean the same; with `towards`, words from which one is led on.
    pub words: Vec<String>,
    /// Where they lead, one way; empty for a group that counts both ways.
    pub towards: Vec<String>,
}

/// A group that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synonym {
    /// The number.
    pub id: SynonymId,
    /// What it says.
    pub group: NewSynonym,
}

/// What was done to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It was entered.
    Added,
    /// It was rewritten.
    Changed,
    /// It was taken away.
    Removed,
}

impl Deed {
    /// Every deed.
    pub const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    /// The deed of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == word)
    }
}

/// One change of a group, as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which group.
    pub id: SynonymId,
    /// What it said after the change; before, when it was removed.
    pub group: NewSynonym,
    /// What was done.
    pub deed: Deed,
    /// By whom.
    pub by: MemberId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a group makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Two words at least, or one that leads to another.
    TooFew,
    /// More words than anybody means.
    TooMany,
    /// One character stands in everything.
    TooShort(String),
    /// Longer than a word is.
    TooLong(String),
    /// The word stands twice in the group.
    Twice(String),
    /// Another both-way group has the word; it should have the others, too.
    Elsewhere(String, NewSynonym),
    /// The word would lead back to itself.
    Circle(String),
}

impl NewSynonym {
    /// The group as the index asks for it.
    pub fn asked(&self) -> index::Group {
        if self.towards.is_empty() {
            index::Group::Same(self.words.clone())
        } else {
            index::Group::Towards(self.words.clone(), self.towards.clone())
        }
    }

    /// What is wrong with the group beside these `others`; `None` if it makes sense.
    pub fn flaw(&self, others: &[Self]) -> Option<Flaw> {
        let all = || self.words.iter().chain(&self.towards);
        let few = if self.towards.is_empty() { self.words.len() < 2 } else { self.words.is_empty() };
        if few {
            return Some(Flaw::TooFew);
        }
        if self.words.len() > MOST || self.towards.len() > MOST {
            return Some(Flaw::TooMany);
        }
        let mut seen = BTreeSet::new();
        for word in all() {
            let normal = index::normal_form(word);
            match normal.chars().filter(|each| each.is_alphanumeric()).count() {
                0..SHORTEST => return Some(Flaw::TooShort(word.clone())),
                _ if normal.chars().count() > LONGEST => return Some(Flaw::TooLong(word.clone())),
                _ if !seen.insert(normal) => return Some(Flaw::Twice(word.clone())),
                _ => {}
            }
        }
        if self.towards.is_empty() {
            for other in others.iter().filter(|other| other.towards.is_empty()) {
                let known: BTreeSet<String> = other.words.iter().map(|word| index::normal_form(word)).collect();
                if let Some(word) = self.words.iter().find(|word| known.contains(&index::normal_form(word))) {
                    return Some(Flaw::Elsewhere(word.clone(), other.clone()));
                }
            }
        }
        self.circle(others).map(Flaw::Circle)
    }

    /// A word of the group from which the one-way groups lead back to the group itself. Words of a
    /// both-way group stand for one another on the way.
    fn circle(&self, others: &[Self]) -> Option<String> {
        let mut place: BTreeMap<String, usize> = BTreeMap::new();
        let mut next: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let groups: Vec<&Self> = others.iter().chain([self]).collect();
        for (number, group) in groups.iter().enumerate().filter(|(_, group)| group.towards.is_empty()) {
            for word in &group.words {
                place.entry(index::normal_form(word)).or_insert(number);
            }
        }
        let mut place_of = |word: &str| {
            let free = groups.len() + place.len();
            *place.entry(index::normal_form(word)).or_insert(free)
        };
        for group in groups.iter().filter(|group| !group.towards.is_empty()) {
            let to: Vec<usize> = group.towards.iter().map(|word| place_of(word)).collect();
            for word in &group.words {
                next.entry(place_of(word)).or_default().extend(&to);
            }
        }
        self.words.iter().find(|word| leads_back(place_of(word), &next)).cloned()
    }
}

fn leads_back(start: usize, next: &BTreeMap<usize, BTreeSet<usize>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut ahead: Vec<usize> = next.get(&start).into_iter().flatten().copied().collect();
    while let Some(here) = ahead.pop() {
        if here == start {
            return true;
        }
        if seen.insert(here) {
            ahead.extend(next.get(&here).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn same(text: &str) -> NewSynonym {
        NewSynonym { words: words(text), towards: Vec::new() }
    }

    fn towards(from: &str, to: &str) -> NewSynonym {
        NewSynonym { words: words(from), towards: words(to) }
    }

    #[test]
    fn a_group_has_two_words_of_two_characters() {
        assert_eq!(same("果胶 pectin").flaw(&[]), None);
        assert_eq!(towards("果胶酶", "酶制剂").flaw(&[]), None);
        assert_eq!(same("果胶").flaw(&[]), Some(Flaw::TooFew));
        assert_eq!(same("果胶 胶").flaw(&[]), Some(Flaw::TooShort("胶".to_owned())));
        assert_eq!(same("果胶 …a…").flaw(&[]), Some(Flaw::TooShort("…a…".to_owned())));
        assert_eq!(same("BMS ｂｍｓ").flaw(&[]), Some(Flaw::Twice("ｂｍｓ".to_owned())));
        assert_eq!(same(&format!("果胶 {}", "长".repeat(41))).flaw(&[]), Some(Flaw::TooLong("长".repeat(41))));
        let many: String = (10..40).map(|number| format!("词{number} ")).collect();
        assert_eq!(same(&many).flaw(&[]), Some(Flaw::TooMany));
    }

    #[test]
    fn a_word_is_in_one_both_way_group_only() {
        let others = [same("果胶 pectin")];
        assert_eq!(same("Pectin 胶质").flaw(&others), Some(Flaw::Elsewhere("Pectin".to_owned(), others[0].clone())));
        assert_eq!(towards("果胶", "多糖").flaw(&others), None);
    }

    #[test]
    fn one_way_groups_never_lead_in_a_circle() {
        let circle = |word: &str| Some(Flaw::Circle(word.to_owned()));
        assert_eq!(towards("酶制剂", "果胶酶").flaw(&[towards("果胶酶", "酶制剂")]), circle("酶制剂"));
        let chain = [towards("甲级 甲等", "乙级"), towards("乙级", "丙级")];
        assert_eq!(towards("丙级", "丁级").flaw(&chain), None);
        assert_eq!(towards("丙级", "甲等").flaw(&chain), circle("丙级"), "甲等 leads to 乙级, and that to 丙级");
        assert_eq!(towards("丁级", "甲等").flaw(&chain), None, "nothing leads to 丁级");
        let joined = [same("果胶 pectin"), towards("多糖", "果胶")];
        assert_eq!(towards("pectin", "多糖").flaw(&joined), circle("pectin"));
    }
}
