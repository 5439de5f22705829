//! Enterprises: the firms of the park.
//!
//! An enterprise is entered with its 统一社会信用代码 ([`uscc`]), which names it once and for all: a
//! second entry with the same code is refused and the person is told how to join. Staff then
//! compare name and code with the licence ([`crate::organisation::verify`]); from that day on only
//! staff change these two, while its speakers go on writing the rest. A refused enterprise that is
//! written anew waits for staff again.
//!
//! **Invariant:** there is one enterprise for a code, whoever is first
//! (`a_second_entry_with_the_same_code_makes_no_second_enterprise`).
//! **Invariant:** what has not been verified is seen by its speakers and staff alone
//! (`an_enterprise_is_public_when_it_is_verified`).

mod form;
pub mod pages;
pub mod register;
pub mod revise;
pub mod store;
pub mod uscc;

use crate::{id::ZoneId, organisation::Organisation};

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

/// An enterprise that is about to be entered, or rewritten.
#[derive(Debug, Clone)]
pub struct NewEnterprise {
    /// 统一社会信用代码; `None` for imports.
    pub uscc: Option<uscc::Uscc>,
    /// The name on its licence.
    pub name: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// GB/T 2260 code; what the code says is taken when this is empty.
    pub region: String,
    /// GB/T 4754 小类, as text, or empty.
    pub industry: String,
    /// What that class is called.
    pub industry_name: String,
    /// 规模.
    pub size: Size,
    /// What it does.
    pub about: String,
    /// What it makes.
    pub products: Vec<String>,
    /// Who speaks for it; goes to that member's particulars, and is on no public page.
    pub contact: Person,
    /// The key of the row that it was imported from.
    pub import_key: Option<String>,
}

/// A person of an enterprise; what is empty was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// 职务.
    pub title: String,
    /// A telephone number.
    pub phone: String,
}

impl NewEnterprise {
    /// Where it is registered.
    pub fn region(&self) -> &str {
        match &self.uscc {
            Some(uscc) if self.region.is_empty() => uscc.region(),
            _ => &self.region,
        }
    }
}
