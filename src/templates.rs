//! Pages and letters: tera, once for each language, with the words of that language built in.
//!
//! Templates call `t(k="key", …)` for words. A name that a template uses and a view does not have
//! is an error when it is rendered, so every page has a test that renders it.

use std::sync::{Arc, OnceLock};

use fluent_bundle::FluentValue;
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::{
    fault::{Context as _, Fault},
    words::{Language, Say, Words},
};

/// The files under `templates/`, built into the binary.
#[derive(RustEmbed)]
#[folder = "templates/"]
pub struct Files;

/// Renders pages and letters.
#[derive(Clone)]
pub struct Templates {
    words: Words,
    chinese: Arc<Tera>,
    english: Arc<Tera>,
}

impl Templates {
    /// Every template and word file, read once in the life of the process.
    pub fn load() -> Result<Self, Fault> {
        static READ: OnceLock<Templates> = OnceLock::new();
        if let Some(templates) = READ.get() {
            return Ok(templates.clone());
        }
        let templates = Self::read()?;
        Ok(READ.get_or_init(|| templates).clone())
    }

    fn read() -> Result<Self, Fault> {
        let (mut templates, mut words) = (Vec::new(), Vec::new());
        for path in Files::iter() {
            let is_template = [".html", ".txt", ".xml"].iter().any(|end| path.ends_with(end));
            if !is_template && !path.ends_with(".ftl") {
                continue;
            }
            let file = Files::get(&path).ok_or_else(|| Fault::other(format!("{path} is gone")))?;
            let text = String::from_utf8(file.data.into_owned())
                .map_err(|error| Fault::other(format!("{path} is not UTF-8: {error}")))?;
            match path.strip_prefix("words/") {
                Some(path) => words.push((path.to_owned(), text)),
                None => templates.push((path.into_owned(), text)),
            }
        }
        let words = Words::read(&words)?;
        let engine = |language| engine(language, &words, &templates).map(Arc::new);
        Ok(Self { chinese: engine(Language::Chinese)?, english: engine(Language::English)?, words })
    }

    /// Renders `name` with `view`. Names that end in `.html` or `.xml` are escaped, others are not.
    pub fn render(&self, language: Language, name: &str, view: &impl Serialize) -> Result<String, Fault> {
        let tera = match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        };
        let context = Context::from_serialize(view).doing("reading a view")?;
        tera.render(name, &context).doing("rendering a template")
    }

    /// Every word of the site.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The words of a message.
    pub fn tell(&self, language: Language, say: &Say) -> String {
        self.words.tell(language, say)
    }
}

fn engine(language: Language, words: &Words, templates: &[(String, String)]) -> Result<Tera, Fault> {
    let mut tera = Tera::new();
    tera.autoescape_on(vec![".html", ".xml"]);
    let words = words.clone();
    tera.register_function("t", move |given: Kwargs, _: &State<'_>| -> tera::TeraResult<String> {
        let key = given.must_get::<&str>("k")?;
        let with = given.iter().filter(|(name, _)| name.as_str() != Some("k"));
        Ok(words.say(language, key, with.filter_map(|(name, value)| Some((name.as_str()?, filling(value))))))
    });
    tera.add_raw_templates(templates.iter().map(|(name, text)| (name.as_str(), text.as_str())))
        .doing("reading templates")?;
    Ok(tera)
}

/// What is filled in: whole numbers stay numbers, so that plurals work.
fn filling(value: &Value) -> FluentValue<'static> {
    let number = value.as_i128().and_then(|number| i64::try_from(number).ok());
    match (value.as_str(), number) {
        (Some(text), _) => FluentValue::from(text.to_owned()),
        (None, Some(number)) => FluentValue::from(number),
        (None, None) => FluentValue::from(value.to_string()),
    }
}
