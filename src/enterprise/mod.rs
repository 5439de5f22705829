//! Enterprises: the firms of the park.
//!
//! An enterprise is entered with its 统一社会信用代码, which names it once and for all: a second
//! entry with the same code is refused and the person is told how to join.

pub mod pages;
pub mod store;
pub mod uscc;

use crate::organisation::Organisation;

/// 规模 of a firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Size {
    /// Not said.
    #[default]
    Unsaid,
    /// 微型.
    Micro,
    /// 小型.
    Small,
    /// 中型.
    Medium,
    /// 大型.
    Large,
}

impl Size {
    /// All that can be said.
    pub const ALL: [Self; 4] = [Self::Micro, Self::Small, Self::Medium, Self::Large];

    /// The word that is stored; empty when not said.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsaid => "",
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The size of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Unsaid].into_iter().chain(Self::ALL).find(|size| size.as_str() == word)
    }
}

/// An enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// What it has in common with teams.
    pub organisation: Organisation,
    /// 统一社会信用代码; `None` while it is being founded, and for imports.
    pub uscc: Option<uscc::Uscc>,
    /// GB/T 4754 小类, as text; empty when not said.
    pub industry: String,
    /// What that class is called.
    pub industry_name: String,
    /// 规模.
    pub size: Size,
    /// What it makes.
    pub products: Vec<String>,
}
