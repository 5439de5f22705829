//! Suggestions: which teams a need should meet, and why.
//!
//! A technical or joint need is compared with every live result. A hard filter sets a pair aside
//! ([`Exclusion`], the "why not"); what passes gets a score of 0 to 100 that is the sum of its
//! [`Part`]s; a team is shown once, by its best result; the ten best are kept, with up to twenty
//! that were set aside. Nobody has agreed to anything by being suggested.
//!
//! - [`score`]: filters, parts, order; pure. [`compute`]: which needs must be computed again, and
//!   computing them. [`meaning`]: what listings mean, encoded once. Suggestions are derived: they may be deleted and are made again (`rematch`).
//!
//! **Invariant:** the parts that are shown add up to the score that is shown
//! (`the_parts_add_up_to_the_score`).
//! **Invariant:** the same input gives the same answer (`the_same_input_gives_the_same_answer`).
//! **Invariant:** why a team was set aside is read by staff alone; the parties read 暂不推荐
//! (`reasons_for_setting_aside_are_for_staff`).

pub mod compute;
pub mod meaning;
pub mod pages;
pub mod score;
pub mod store;

use chrono::{DateTime, Utc};

use crate::{
    id::{ListingId, OrganisationId},
    listing::Content,
};

/// Why a team is not suggested for a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// The result is not live any more.
    NotLive,
    /// Staff have not verified the team.
    Unverified,
    /// The same people stand behind both.
    OwnOrganisation,
    /// One of the two closed the pair for good.
    Blocked,
    /// The need's 排除名单 names the team or its university.
    Excluded,
    /// The team has taken as many introductions this month as it has time for.
    Capacity,
    /// They share fewer than two distinctive words, or their texts have next to nothing in common,
    /// and what they mean is not near either.
    TooLittleInCommon,
}

impl Exclusion {
    /// All of them, in the order in which they are looked for.
    pub const ALL: [Self; 7] = [
        Self::NotLive,
        Self::Unverified,
        Self::OwnOrganisation,
        Self::Blocked,
        Self::Excluded,
        Self::Capacity,
        Self::TooLittleInCommon,
    ];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotLive => "not_live",
            Self::Unverified => "unverified",
            Self::OwnOrganisation => "own_organisation",
            Self::Blocked => "blocked",
            Self::Excluded => "excluded",
            Self::Capacity => "capacity",
            Self::TooLittleInCommon => "too_little_in_common",
        }
    }

    /// The reason of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == word)
    }

    /// Whether the parties are told that the team is there and is not suggested for now. A team
    /// that has next to nothing in common with the need is no news to them.
    pub fn is_told(self) -> bool {
        self != Self::TooLittleInCommon
    }
}

/// What a part of a score is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// How much the texts say the same in the same words.
    Text,
    /// How near what they mean is.
    Meaning,
    /// How near the classes of GB/T 4754 are.
    Industry,
    /// Whether the result is as ripe as wanted.
    Trl,
    /// Which of the wanted kinds of contract are offered.
    Cooperation,
    /// Neighbours in an industry chain.
    Chain,
    /// How near the two are registered.
    Region,
    /// How new the result is, and how lately it was confirmed.
    Freshness,
}

impl Aspect {
    /// All of them, the weightiest first.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Meaning,
        Self::Industry,
        Self::Trl,
        Self::Cooperation,
        Self::Chain,
        Self::Region,
        Self::Freshness,
    ];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Meaning => "meaning",
            Self::Industry => "industry",
            Self::Trl => "trl",
            Self::Cooperation => "cooperation",
            Self::Chain => "chain",
            Self::Region => "region",
            Self::Freshness => "freshness",
        }
    }

    /// The aspect of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == word)
    }
}

/// One part of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// What it is about.
    pub key: Aspect,
    /// The points, to the tenth.
    pub points: f64,
    /// The most there are for it here.
    pub of: f64,
}

/// How much the texts of a pair have to do with each other, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// 强相关.
    Strong,
    /// 较强相关.
    Fair,
    /// 弱相关.
    Weak,
}

impl Grade {
    /// The word in keys of the word files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Fair => "fair",
            Self::Weak => "weak",
        }
    }
}

/// One team for one need: suggested, or set aside with a reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The need.
    pub need: ListingId,
    /// The team.
    pub team: OrganisationId,
    /// Its best result for this need.
    pub result: ListingId,
    /// 1 for the best; `None` when set aside.
    pub place: Option<u32>,
    /// 0 to 100, to the tenth.
    pub score: f64,
    /// What the score is made of; what has no data is not there.
    pub parts: Vec<Part>,
    /// Distinctive words that both use, the strongest first.
    pub words: Vec<String>,
    /// Why it was set aside.
    pub excluded: Option<Exclusion>,
    /// Which weights it was computed with.
    pub weights_version: i64,
    /// When.
    pub computed_at: DateTime<Utc>,
}

impl Match {
    /// How much the texts have to do with each other.
    pub fn grade(&self) -> Grade {
        score::grade(&self.parts)
    }
}

/// The parts of a listing's text as they are compared and found; nothing else of it is. The one
/// sentence for everybody is its summary; what is told at length counts as the text (on the graded
/// collections nDCG@10 is 0.61 so, and 0.56 with the long text as the summary).
pub fn text_of(content: &Content) -> index::Text {
    let mut body: Vec<&str> = [
        &content.problem,
        &content.use_case,
        &content.partner,
        &content.advantage,
        &content.economics,
        &content.evidence,
        &content.ip_note,
    ]
    .into_iter()
    .map(String::as_str)
    .collect();
    let targets: Vec<String> = content
        .targets
        .iter()
        .map(|row| [&row.name, &row.now, &row.target, &row.unit].map(String::as_str).join(" "))
        .collect();
    body.extend(targets.iter().map(String::as_str));
    body.retain(|text| !text.trim().is_empty());
    index::Text {
        title: content.title.clone(),
        keywords: content.keywords.clone(),
        problem: content.teaser.clone(),
        body: body.join("\n"),
    }
}
