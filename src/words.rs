//! The words of the site, in Simplified Chinese and English, from `templates/words`.
//!
//! Code holds keys; Fluent files hold the words. **Invariant:** both languages have the same keys
//! and every key in use exists (`tests/architecture.rs`); a key that is missing all the same is
//! shown as itself, so that a page never fails for want of a word.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// A language that pages and letters are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese, the first language of the park.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// Both, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The language tag of RFC 5646, as in `lang="…"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language of a tag: `zh-TW` and `zh` are Chinese, `en-GB` is English.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we write, else Chinese.
    pub fn accepted(header: &str) -> Self {
        header.split(',').find_map(|part| Self::parse(part.split(';').next()?.trim())).unwrap_or_default()
    }
}

/// A message that is still a key, with what is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The key of the words.
    pub key: Cow<'static, str>,
    /// What is filled in.
    pub with: Vec<(&'static str, String)>,
}

impl Say {
    /// The words of `key`, with nothing to fill in.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), with: Vec::new() }
    }

    /// Fills in one value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.with.push((name, value.to_string()));
        self
    }
}

impl From<&'static str> for Say {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// Every word of the site.
#[derive(Clone)]
pub struct Words {
    bundles: Arc<[(Language, FluentBundle<FluentResource>); 2]>,
}

impl Words {
    /// Reads the word files; `files` are pairs of path (`zh-CN/listing.ftl`) and text.
    pub fn read(files: &[(String, String)]) -> Result<Self, Fault> {
        let bundle = |language: Language| -> Result<(Language, FluentBundle<FluentResource>), Fault> {
            let tag = language.as_str().parse().map_err(|error| Fault::other(format!("language tag: {error}")))?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // Isolation marks are invisible characters that mails and form fields would carry along.
            bundle.set_use_isolating(false);
            for (path, text) in files.iter().filter(|(path, _)| path.starts_with(&format!("{}/", language.as_str()))) {
                let resource = FluentResource::try_new(text.clone())
                    .map_err(|(_, errors)| Fault::other(format!("words in {path}: {errors:?}")))?;
                bundle
                    .add_resource(resource)
                    .map_err(|errors| Fault::other(format!("words in {path} are said twice: {errors:?}")))?;
            }
            Ok((language, bundle))
        };
        Ok(Self { bundles: Arc::new([bundle(Language::Chinese)?, bundle(Language::English)?]) })
    }

    /// The words of `key` in `language`, with `with` filled in.
    pub fn say<'a>(
        &self,
        language: Language,
        key: &str,
        with: impl IntoIterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> String {
        let found = self.bundles.iter().find(|(each, _)| *each == language);
        let pattern = found.and_then(|(_, bundle)| Some((bundle, bundle.get_message(key)?.value()?)));
        let Some((bundle, pattern)) = pattern else {
            tracing::warn!(key, language = language.as_str(), "a word is missing");
            return key.to_owned();
        };
        let args: FluentArgs<'_> = with.into_iter().collect();
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
    }

    /// Whether there are words for `key`.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.iter().all(|(_, bundle)| bundle.has_message(key))
    }

    /// The words of a message that is still a key.
    pub fn tell(&self, language: Language, say: &Say) -> String {
        self.say(language, &say.key, say.with.iter().map(|(name, value)| (*name, value_of(value))))
    }

    /// The words of a plain key.
    pub fn word(&self, language: Language, key: &str) -> String {
        self.say(language, key, BTreeMap::new())
    }
}

/// Whole numbers stay numbers, so that plurals work; everything else is text.
fn value_of(text: &str) -> FluentValue<'_> {
    match text.parse::<i32>() {
        Ok(number) if number.to_string() == text => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_first_language_that_we_write() {
        assert_eq!(Language::accepted("fr-FR,en;q=0.8,zh;q=0.5"), Language::English);
        assert_eq!(Language::accepted("zh-TW"), Language::Chinese);
        assert_eq!(Language::accepted(""), Language::Chinese);
    }

    #[test]
    fn words_are_filled_in_and_counted() {
        let files = [
            ("zh-CN/a.ftl".to_owned(), "n = { $count } 条".to_owned()),
            ("en/a.ftl".to_owned(), "n = { $count ->\n    [one] one need\n   *[other] { $count } needs\n}".to_owned()),
        ];
        let words = Words::read(&files).unwrap();
        assert_eq!(words.tell(Language::Chinese, &Say::new("n").with("count", 3)), "3 条");
        assert_eq!(words.tell(Language::English, &Say::new("n").with("count", 1)), "one need");
        assert_eq!(words.word(Language::English, "absent"), "absent");
    }
}
