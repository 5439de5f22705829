//! The form of a group of synonyms.

use crate::{
    synonym::{Flaw, LONGEST, MOST, NewSynonym, SHORTEST},
    web::{FieldErrors, Fields},
    words::Say,
};

/// The group as it was typed; whether it makes sense, the rules say.
pub(super) fn group(fields: &Fields) -> NewSynonym {
    NewSynonym { words: fields.list("words"), towards: fields.list("towards") }
}

/// A group as its form shows it.
pub(super) fn filled(group: &NewSynonym) -> Fields {
    Fields::default().with("words", group.words.join("\n")).with("towards", group.towards.join("\n"))
}

/// What is to be mended, at the field where it stands.
pub(super) fn told(flaw: &Flaw, group: &NewSynonym) -> FieldErrors {
    let field = |word: &str| if group.towards.iter().any(|each| each == word) { "towards" } else { "words" };
    match flaw {
        Flaw::TooFew => FieldErrors::one("words", "synonym-too-few"),
        Flaw::TooMany => FieldErrors::one("words", Say::new("synonym-too-many").with("most", MOST)),
        Flaw::TooShort(word) => {
            FieldErrors::one(field(word), Say::new("synonym-too-short").with("word", word).with("least", SHORTEST))
        }
        Flaw::TooLong(word) => {
            FieldErrors::one(field(word), Say::new("synonym-too-long").with("word", word).with("most", LONGEST))
        }
        Flaw::Twice(word) => FieldErrors::one(field(word), Say::new("synonym-twice").with("word", word)),
        Flaw::Elsewhere(word, other) => {
            let say = Say::new("synonym-elsewhere").with("word", word).with("group", other.words.join(" = "));
            FieldErrors::one(field(word), say)
        }
        Flaw::Circle(word) => FieldErrors::one("towards", Say::new("synonym-circle").with("word", word)),
    }
}
