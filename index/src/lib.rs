//! The search index of the park: what can be found, how it is kept, and which needs and supplies speak of the same thing.
//!
//! **What can be found.** Enterprises, teams, needs, offers, results, exhibits and events: one index, one [`Document`] per thing,
//! filled with what everybody may read. Nothing else goes in, because nothing that is in can be kept from anybody.
//!
//! **Why it is found.** Every text is brought to one way of writing (full width, capitals and traditional characters do not matter)
//! and cut three ways ([`analyzers`]): into dictionary words, pairs of neighbouring characters, and characters. A thing is found when each word
//! of the question stands in it somewhere, as a dictionary word or as the same characters in a row; so a two-character word inside
//! a longer one is found, and so is a name that no dictionary has. A hit in the title counts most, then keywords, summary, text
//! and owner.
//!
//! **How it is kept.** The index is derived: the database is the truth, and the folder may be deleted at any time. [`Index::apply`]
//! brings it up to a mark of the database's list of changes; the mark is stored in the same commit, so a crash repeats work and
//! loses none. One process writes a folder; a second one is told so.
//!
//! ```text
//! document ─► schema ─► analyzers        what a thing becomes
//! writer                                 changes in, marks, damage
//! query ─► searcher ─► passage           a question, the hits, the marked words
//! synonyms, sound, correct               what else may stand for a word
//! suggest                                titles and names for what is typed so far
//! similar                                two texts compared: the lexical half of matching
//! ```
//!
//! Invariants, each with the test that holds it:
//! - **Invariant:** what was applied is visible on return, and repeating it changes nothing
//!   (`tests/relevance.rs::applying_the_same_changes_twice_changes_nothing`).
//! - **Invariant:** a replaced or removed thing is not found by what it said before
//!   (`tests/relevance.rs::a_replaced_thing_is_not_found_by_its_old_words`).
//! - **Invariant:** the last mark survives a reopening (`tests/relevance.rs::reopening_keeps_things_and_the_last_mark`).
//! - **Invariant:** no question fails and no text panics (`tests/properties.rs::no_question_fails`).
//! - **Invariant:** facet counts are what a recount finds (`tests/relevance.rs::facets_equal_a_recount`).
//! - **Invariant:** a damaged folder is named as damaged, not searched (`tests/relevance.rs::a_truncated_file_is_damage`).
//! - **Invariant:** a similarity lies in 0..=1, and 1 is a text's likeness to itself
//!   (`tests/relevance.rs::a_text_is_most_similar_to_itself`).

pub mod analyzers;
mod correct;
mod document;
mod passage;
mod query;
mod schema;
mod searcher;
mod similar;
mod sound;
mod suggest;
mod synonyms;
mod writer;

use std::path::PathBuf;

pub use document::{Change, Document, Key, Kind};
pub use passage::Passage;
pub use query::{Query, Sort};
pub use schema::SCHEMA_VERSION;
pub use searcher::{By, Facet, Hit, Page};
pub use similar::{Similar, Text};
pub use sound::name_sounds_like;
pub use suggest::Suggestion;
pub use synonyms::{Group, Place, Synonyms, normal_form};
pub use writer::Index;

/// Why the index could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process, or another part of this one, has the folder open.
    #[error("the search index in {} is in use by another process; one folder belongs to one process", .dir.display())]
    Locked {
        /// The folder.
        dir: PathBuf,
    },
    /// The files of the index are not what was written. It is derived data: rebuild it.
    #[error("the search index in {} is damaged ({what}); it can be rebuilt from the database", .dir.display())]
    Damaged {
        /// The folder; empty for an index in memory.
        dir: PathBuf,
        /// What was found.
        what: String,
    },
    /// The disk or its permissions refused.
    #[error("could not {doing} in {}", .dir.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// Where.
        dir: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The search engine failed in a way that is neither damage nor the disk's: a mistake of ours.
    #[error("the search engine could not {doing}")]
    Engine {
        /// What was attempted.
        doing: &'static str,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
