//! What is put into the index: one [`Document`] per thing of the park, named by its [`Key`].
//!
//! The caller fills it with what everybody may read, and with nothing else: the index cannot know who is asking.

use std::fmt;

use chrono::{DateTime, Utc};

/// What kind of thing a document shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A firm of the park.
    Enterprise,
    /// A university research team.
    Team,
    /// A need: technical, purchase or joint.
    Need,
    /// A product, capacity or service.
    Offer,
    /// A research result.
    Result,
    /// Something shown in the hall.
    Exhibit,
    /// A meeting, fair or talk.
    Event,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 7] =
        [Self::Enterprise, Self::Team, Self::Need, Self::Offer, Self::Result, Self::Exhibit, Self::Event];

    /// The word used in addresses and in the index.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Team => "team",
            Self::Need => "need",
            Self::Offer => "offer",
            Self::Result => "result",
            Self::Exhibit => "exhibit",
            Self::Event => "event",
        }
    }

    /// The kind of a word, if it is one.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The number that stands for it inside the index.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Enterprise => 0,
            Self::Team => 1,
            Self::Need => 2,
            Self::Offer => 3,
            Self::Result => 4,
            Self::Exhibit => 5,
            Self::Event => 6,
        }
    }

    /// The kind of such a number.
    pub(crate) fn of_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name of one thing: `need:12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Its number in the database.
    pub id: i64,
}

impl Key {
    /// Reads what `Display` wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        Some(Self { kind: Kind::parse(kind)?, id: id.parse().ok()? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

/// One thing as the public may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub key: Key,
    /// The line that people know it by.
    pub title: String,
    /// Words given by its owner.
    pub keywords: Vec<String>,
    /// The summary: what problem it has or solves.
    pub problem: String,
    /// Everything else worth finding.
    pub body: String,
    /// The public name of who posted it.
    pub owner: String,
    /// The slug of its theme zone.
    pub zone: Option<String>,
    /// Where it is read.
    pub url: String,
    /// When it was posted.
    pub posted_at: DateTime<Utc>,
    /// When it runs out, if it does.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One step of keeping the index like the database; repeating it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The thing is now like this, whether it was known or not.
    Replace(Document),
    /// The thing may not be found any more, whether it was known or not.
    Remove(Key),
}
