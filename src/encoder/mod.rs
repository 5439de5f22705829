//! What texts mean: the half of matching that looks past the words.
//!
//! A text is read twice, its title alone and its title with the beginning of what follows, and what it means is the mean of both
//! readings: the title says what it is about, the rest what about it. (On two graded collections the title alone ranks worse,
//! sentences one by one worse still, and both readings as well as the longer one.) A need asks, everything else answers; the model was taught to bring
//! the two together.
//!
//! - [`Provider`]: nobody, the encoder inside the program, or an [`endpoint`]. An endpoint is sent what
//!   everybody may read, and nothing else: live listings, and what visitors ask.
//! - [`question`]: what a visitor's question means, in time or not at all.
//! - [`store`]: meanings as rows, so that no text is encoded twice; [`held`]: those of this process.
//!
//! **Invariant:** the same text gives the same meaning (`the_same_text_means_the_same`).

pub mod endpoint;
pub mod held;
pub mod question;
pub mod store;

use endpoint::Endpoint;
use sentences::{Encoder, Vector};
pub use sentences::{Meaning, Side};

/// How many characters beside the title of a text are read; the rest of a long text is about other things.
const BESIDE_THE_TITLE: usize = 160;

/// The model that an endpoint is asked for when none is named.
pub const MODEL: &str = "multilingual-e5-small";

/// Why there is no meaning.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The weights inside the program cannot be used.
    #[error("{0}; install the program again")]
    Weights(#[from] sentences::Error),
    /// The endpoint is away or does not do what it should.
    #[error("the embeddings endpoint does not answer as it should ({0})")]
    Endpoint(String),
    /// What is asked for is neither `none` nor `local` nor an address.
    #[error("{0:?} is not a way of comparing meaning; write none, local or the address of an embeddings endpoint")]
    Unknown(String),
}

/// A text as it is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// Its title.
    pub title: &'a str,
    /// What follows.
    pub rest: &'a str,
}

impl Text<'_> {
    /// The readings of a text; one when there is nothing beside its title.
    pub fn readings(&self, side: Side) -> Vec<String> {
        let title = self.title.trim();
        let rest: String = self.rest.trim().chars().take(BESIDE_THE_TITLE).collect();
        if rest.is_empty() {
            return vec![title.to_owned()];
        }
        // A need is told at length and its title says best what it is about, so the title counts twice.
        let whole = match side {
            Side::Query => format!("{title}。{title}。{rest}"),
            Side::Passage => format!("{title}。{rest}"),
        };
        vec![title.to_owned(), whole]
    }
}

/// Who says what texts mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// Nobody; texts are compared by their words alone.
    Nobody,
    /// The encoder inside the program.
    Local,
    /// A server elsewhere.
    Endpoint(Endpoint),
}

impl Provider {
    /// The provider that a setting or an option asks for.
    pub fn asked(word: &str) -> Result<Self, Error> {
        match word {
            "none" => Ok(Self::Nobody),
            "local" => Ok(Self::Local),
            _ => Self::at(word, MODEL),
        }
    }

    /// The endpoint at an address, asked for a model.
    pub fn at(address: &str, model: &str) -> Result<Self, Error> {
        let endpoint = Endpoint::at(address, model).ok_or_else(|| Error::Unknown(address.to_owned()))?;
        Ok(Self::Endpoint(endpoint))
    }

    /// How near two meanings are whose product is known, on the scale of the encoder inside the
    /// program; nothing before an endpoint has answered once.
    pub fn near(&self, one: &Meaning, other: &Meaning) -> Option<f64> {
        let product = one.dot(other)?;
        match self {
            Self::Nobody => None,
            Self::Local => Some(product),
            Self::Endpoint(endpoint) => endpoint.near(product),
        }
    }

    /// What is wrong with it, for staff.
    pub fn trouble(&self) -> Option<String> {
        match self {
            Self::Nobody | Self::Local => None,
            Self::Endpoint(endpoint) => endpoint.trouble(),
        }
    }

    /// Whether it failed a moment ago and need not be asked.
    pub fn rests(&self) -> bool {
        matches!(self, Self::Endpoint(endpoint) if endpoint.rests())
    }

    /// The name of the model; meanings under another name are not compared with those of this one. `None` for nobody.
    pub fn model(&self) -> Option<String> {
        match self {
            Self::Nobody => None,
            Self::Local => Some(sentences::MODEL.to_owned()),
            Self::Endpoint(endpoint) => Some(endpoint.name()),
        }
    }

    /// What texts mean, in their order; a text that says nothing means nothing. This takes its time and blocks the thread.
    pub fn meanings(&self, side: Side, texts: &[Text<'_>]) -> Result<Vec<Option<Meaning>>, Error> {
        let readings: Vec<Vec<String>> = texts.iter().map(|text| text.readings(side)).collect();
        let all: Vec<&str> = readings.iter().flatten().map(String::as_str).collect();
        let vectors = self.vectors(side, &all)?;
        let mut vectors = vectors.as_slice();
        let meaning = |readings: &Vec<String>| {
            let (own, rest) = vectors.split_at_checked(readings.len())?;
            vectors = rest;
            Meaning::of(own)
        };
        Ok(readings.iter().map(meaning).collect())
    }

    fn vectors(&self, side: Side, texts: &[&str]) -> Result<Vec<Vector>, Error> {
        match self {
            Self::Nobody => Ok(Vec::new()),
            Self::Local => Ok(Encoder::shipped()?.encode(side, texts)),
            Self::Endpoint(endpoint) => endpoint.encode(side, texts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_says_its_title_twice() {
        let text = Text { title: "竹材防霉", rest: " 竹集成材在梅雨季节发霉 " };
        assert_eq!(text.readings(Side::Query), ["竹材防霉", "竹材防霉。竹材防霉。竹集成材在梅雨季节发霉"]);
        assert_eq!(text.readings(Side::Passage), ["竹材防霉", "竹材防霉。竹集成材在梅雨季节发霉"]);
        assert_eq!(Text { title: "竹材防霉", rest: "\n" }.readings(Side::Query), ["竹材防霉"]);
    }

    #[test]
    fn the_same_text_means_the_same() {
        let provider = Provider::asked("local").unwrap();
        let text = Text { title: "竹材防霉", rest: "竹集成材在梅雨季节发霉" };
        let alone = provider.meanings(Side::Query, &[text]).unwrap();
        let beside = provider.meanings(Side::Query, &[Text { title: "锂电池回收", rest: "" }, text]).unwrap();
        assert_eq!(alone.first(), beside.get(1));
    }

    #[test]
    fn nobody_says_nothing() {
        let meanings =
            Provider::asked("none").unwrap().meanings(Side::Query, &[Text { title: "题", rest: "" }]).unwrap();
        assert_eq!(meanings, [None]);
        assert!(Provider::asked("everything").is_err());
    }
}
