//! The fields of the index, and the version of their meaning.
//!
//! Each searchable part of a document is indexed three times: cut into words, pairs and characters (see [`crate::analyzers`]).
//! What a hit shows is stored; what sorts, filters and counts is a fast column.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::analyzers::{CHARACTERS, PAIRS, SOUNDS, WORDS};
use crate::document::{Document, Key};

/// Grows whenever a field, its meaning or the cutting of text changes: a folder of another version is not read but built anew.
pub const SCHEMA_VERSION: u32 = 2;

/// Columns, by name, because that is how tantivy opens them.
pub(crate) const KIND: &str = "kind";
/// The number of the thing.
pub(crate) const ID: &str = "id";
/// The slug of the zone.
pub(crate) const ZONE: &str = "zone";
/// Microseconds since 1970.
pub(crate) const POSTED: &str = "posted";
/// Microseconds since 1970; absent when it never runs out.
pub(crate) const EXPIRES: &str = "expires";

/// One part of a document as it is searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Cut into words; word frequencies, no positions.
    pub(crate) words: Field,
    /// Cut into pairs; with positions, so that a phrase is a chain of pairs.
    pub(crate) pairs: Field,
    /// Cut into characters; frequencies, no positions.
    pub(crate) characters: Field,
    /// What a hit here is worth in a search.
    pub(crate) boost: f32,
    /// What a shared word here is worth when two texts are compared; 0 where it is not compared.
    pub(crate) weight: u32,
}

/// All fields.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) key: Field,
    pub(crate) kind: Field,
    pub(crate) id: Field,
    pub(crate) zone: Field,
    pub(crate) posted: Field,
    pub(crate) expires: Field,
    pub(crate) title: Field,
    pub(crate) problem: Field,
    pub(crate) body: Field,
    pub(crate) owner: Field,
    pub(crate) url: Field,
    /// How title and owner sound; with positions, so that a spelling is a chain of syllables or letters.
    pub(crate) sounds: Field,
    /// title, keywords, problem, body, owner.
    pub(crate) parts: [Part; 5],
}

impl Fields {
    pub(crate) fn new() -> Self {
        let mut builder = Schema::builder();
        let parts = [
            part(&mut builder, "title", 5.0, 3),
            part(&mut builder, "keywords", 4.0, 3),
            part(&mut builder, "problem", 2.0, 2),
            part(&mut builder, "body", 1.0, 1),
            part(&mut builder, "owner", 0.5, 0),
        ];
        Self {
            key: builder.add_text_field("key", STRING),
            kind: builder.add_u64_field(KIND, FAST),
            id: builder.add_i64_field(ID, FAST),
            zone: builder.add_text_field(ZONE, TextOptions::default().set_stored().set_fast("raw")),
            posted: builder.add_i64_field(POSTED, FAST),
            expires: builder.add_i64_field(EXPIRES, FAST),
            title: builder.add_text_field("title", STORED),
            problem: builder.add_text_field("problem", STORED),
            body: builder.add_text_field("body", STORED),
            owner: builder.add_text_field("owner", STORED),
            url: builder.add_text_field("url", STORED),
            sounds: builder.add_text_field("sounds", indexed(SOUNDS, IndexRecordOption::WithFreqsAndPositions)),
            parts,
            schema: builder.build(),
        }
    }

    /// The document as the index holds it.
    pub(crate) fn document(&self, thing: &Document) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.key, thing.key.to_string());
        document.add_u64(self.kind, thing.key.kind.number());
        document.add_i64(self.id, thing.key.id);
        if let Some(zone) = &thing.zone {
            document.add_text(self.zone, zone);
        }
        document.add_i64(self.posted, thing.posted_at.timestamp_micros());
        if let Some(at) = thing.expires_at {
            document.add_i64(self.expires, at.timestamp_micros());
        }
        document.add_text(self.title, &thing.title);
        document.add_text(self.problem, &thing.problem);
        document.add_text(self.body, &thing.body);
        document.add_text(self.owner, &thing.owner);
        document.add_text(self.url, &thing.url);
        // A line break separates keywords, so that no phrase reaches from one into the next.
        let keywords = thing.keywords.join("\n");
        let texts = [&thing.title, &keywords, &thing.problem, &thing.body, &thing.owner];
        for (part, text) in self.parts.iter().zip(texts) {
            document.add_text(part.words, text);
            document.add_text(part.pairs, text);
            document.add_text(part.characters, text);
        }
        document.add_text(self.sounds, &thing.title);
        document.add_text(self.sounds, &thing.owner);
        document
    }

    /// The term that names a thing.
    pub(crate) fn key_term(&self, key: Key) -> tantivy::Term {
        tantivy::Term::from_field_text(self.key, &key.to_string())
    }
}

fn indexed(tokenizer: &str, record: IndexRecordOption) -> TextOptions {
    TextOptions::default()
        .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record))
}

fn part(builder: &mut SchemaBuilder, name: &str, boost: f32, weight: u32) -> Part {
    Part {
        words: builder.add_text_field(&format!("{name}_words"), indexed(WORDS, IndexRecordOption::WithFreqs)),
        pairs: builder
            .add_text_field(&format!("{name}_pairs"), indexed(PAIRS, IndexRecordOption::WithFreqsAndPositions)),
        characters: builder
            .add_text_field(&format!("{name}_characters"), indexed(CHARACTERS, IndexRecordOption::WithFreqs)),
        boost,
        weight,
    }
}
