//! The sentence encoder: what a text means, as a direction in 384 dimensions.
//!
//! It is `intfloat/multilingual-e5-small` (MIT), a BERT of twelve layers, with the pieces of its vocabulary that Chinese and English
//! are made of, in blocks of four bits. The weights lie in `index/data` beside the script that makes them, and are part of the
//! program: nothing is fetched, and what is not touched is not in memory.
//!
//! ```text
//! text ─► pieces      one way of writing, then the likeliest cut into pieces of the vocabulary
//!      ─► network     twelve layers over the pieces, their mean, length 1
//! weights             the file, checked before it is used
//! kernel              four-bit weights times sixteen-bit activations
//! ```
//!
//! The model was taught to put a question (`query: `) beside the texts that answer it (`passage: `). Two vectors are compared by
//! their [dot product](Vector::dot). For this model the product of unrelated texts is about 0.8 and that of a text and its question
//! about 0.9: the order means something, the number alone does not.
//!
//! - **Invariant:** the same text gives the same bits, alone or beside others
//!   (`tests/encoder.rs::a_text_is_encoded_the_same_alone_and_beside_others`).
//! - **Invariant:** vectors are those of the unpruned model (`tests/encoder.rs::vectors_are_those_of_the_whole_model`).
//! - **Invariant:** no text panics (`tests/encoder.rs::no_text_panics`).

mod kernel;
mod meaning;
mod network;
mod pieces;
mod weights;

use std::sync::OnceLock;

pub use meaning::Meaning;
use weights::Weights;

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 384;
/// Names the model and its weights; vectors under another name are not compared with these.
pub const MODEL: &str = "multilingual-e5-small-q4/1";
/// How many pieces of a text are read; the rest is left out. The model knows 512 places, three of which are not the text's.
pub const MOST_PIECES: usize = 256;
/// About how many pieces are worked on at once, so that a row of weights that was unpacked serves many.
const PIECES_AT_ONCE: usize = 192;

static SHIPPED: &[u8] = include_bytes!("../../data/e5-small-zh-en.bin");

/// Why the weights cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// They are not what was written.
    #[error("the weights of the sentence encoder are damaged: their checksum is wrong")]
    Checksum,
    /// They are of another form.
    #[error("the weights of the sentence encoder are not in the form that this version reads")]
    Form,
}

/// On which side of a comparison a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// It asks.
    Query,
    /// It answers.
    Passage,
}

/// What a text means: a vector of length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector(pub Vec<f32>);

impl Vector {
    /// How near two meanings are: the cosine of their angle.
    #[must_use]
    pub fn dot(&self, other: &Self) -> f32 {
        kernel::dot(&self.0, &other.0)
    }
}

/// The network with its weights.
pub struct Encoder {
    weights: Weights,
}

impl Encoder {
    /// The encoder that ships with the program; its weights are checked when it is first asked for.
    pub fn shipped() -> Result<&'static Self, Error> {
        static ENCODER: OnceLock<Result<Encoder, Error>> = OnceLock::new();
        ENCODER.get_or_init(|| Self::new(SHIPPED)).as_ref().map_err(|error| *error)
    }

    /// An encoder with these weights.
    pub fn new(file: &'static [u8]) -> Result<Self, Error> {
        Ok(Self { weights: Weights::read(file)? })
    }

    /// What texts mean, in their order.
    #[must_use]
    pub fn encode<T: AsRef<str>>(&self, side: Side, texts: &[T]) -> Vec<Vector> {
        let cut: Vec<Vec<u32>> = texts.iter().map(|text| self.pieces(side, text.as_ref())).collect();
        let mut vectors = Vec::with_capacity(texts.len());
        let mut batch: Vec<&[u32]> = Vec::new();
        let mut size = 0;
        for pieces in &cut {
            if size > 0 && size + pieces.len() > PIECES_AT_ONCE {
                vectors.extend(network::run(&self.weights, &batch));
                batch.clear();
                size = 0;
            }
            size += pieces.len();
            batch.push(pieces);
        }
        if !batch.is_empty() {
            vectors.extend(network::run(&self.weights, &batch));
        }
        vectors
    }

    /// The rows of the pieces of a text, with what the model wants around it.
    fn pieces(&self, side: Side, text: &str) -> Vec<u32> {
        let asked = match side {
            Side::Query => "query: ",
            Side::Passage => "passage: ",
        };
        // No piece is shorter than a character, but blanks melt together; so more is read than can be needed.
        let text: String = asked.chars().chain(text.chars().take(8 * MOST_PIECES)).collect();
        let mut rows = vec![weights::BEGIN];
        rows.extend(pieces::cut(&self.weights, &text).into_iter().take(MOST_PIECES));
        rows.push(weights::END);
        rows
    }
}
