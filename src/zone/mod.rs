//! Zones: the theme halls of the park. Every enterprise, team and listing is in one.

mod colour;
pub mod create;
mod form;
pub mod pages;
pub mod revise;
pub mod store;

use crate::{id::ZoneId, words::Language};

/// A theme hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// The number.
    pub id: ZoneId,
    /// The word in URLs: `smart-home`.
    pub slug: String,
    /// The name in Chinese and in English.
    pub name: [String; 2],
    /// What it shows, in Chinese and in English.
    pub about: [String; 2],
    /// Its colour, as `#rrggbb`.
    pub colour: String,
}

impl Zone {
    /// The name in `language`.
    pub fn name_in(&self, language: Language) -> &str {
        pick(&self.name, language)
    }

    /// What it shows, in `language`.
    pub fn about_in(&self, language: Language) -> &str {
        pick(&self.about, language)
    }
}

fn pick([chinese, english]: &[String; 2], language: Language) -> &str {
    match language {
        Language::English if !english.is_empty() => english,
        Language::English | Language::Chinese => chinese,
    }
}

/// A zone that is about to be made.
#[derive(Debug, Clone)]
pub struct NewZone {
    /// The word in URLs.
    pub slug: String,
    /// The name in Chinese and in English.
    pub name: [String; 2],
    /// What it shows, in Chinese and in English.
    pub about: [String; 2],
    /// Its colour.
    pub colour: String,
}
