//! Forms: what was typed, what is wrong with it, and the shape that `components/forms.html` draws.
//!
//! A form comes in as [`Posted`], which exists only if the request carried this visitor's token
//! and did not come from another site. Each feature's `form.rs` reads [`Fields`] into a value of
//! the domain and collects **all** errors; a field that it does not ask for is never seen, so a
//! body cannot set an owner, a state or a role.

use std::{collections::BTreeMap, time::Duration};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header, web::Data};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::{
    app::App,
    secret,
    web::{WebError, visitor::Visit},
    words::Say,
};

/// The most that a form may weigh.
const MOST_BYTES: usize = 256 * 1024;
/// and how long it may take to arrive. A form of ours is some kilobytes; on the slowest of phones that is a second.
const SLOWEST: Duration = Duration::from_secs(8);

/// What was typed, field by field, in order; nothing is lost when the form is shown again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Nothing typed yet, with a fresh key, so that sending it twice makes one thing.
    pub fn blank() -> Self {
        Self(vec![("key".to_owned(), secret::token())])
    }

    /// The fields of a query or of a form body.
    pub fn parse(encoded: &[u8]) -> Self {
        Self(
            url::form_urlencoded::parse(encoded).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        )
    }

    /// What was typed in `name`, as it was typed; empty when the field was not sent.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(each, _)| each == name).map_or("", |(_, value)| value)
    }

    /// One line: NFKC (full-width letters and digits become plain), no control or direction
    /// characters, spaces at the ends gone and runs of them made one.
    pub fn line(&self, name: &str) -> String {
        let clean: String = self.raw(name).nfkc().filter(|each| !is_noise(*each)).collect();
        clean.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Several lines, cleaned like [`Fields::line`] but keeping line breaks and full-width punctuation.
    pub fn text(&self, name: &str) -> String {
        let clean: String = self.raw(name).nfc().filter(|each| *each == '\n' || !is_noise(*each)).collect();
        clean.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// [`Fields::line`], of at most `most` characters.
    pub fn line_within(&self, name: &str, most: usize, errors: &mut FieldErrors) -> String {
        within(self.line(name), name, most, errors)
    }

    /// [`Fields::text`], of at most `most` characters.
    pub fn text_within(&self, name: &str, most: usize, errors: &mut FieldErrors) -> String {
        within(self.text(name), name, most, errors)
    }

    /// Short words, one a line, each once. Commas between them are read as well, since people write them.
    pub fn list(&self, name: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for each in self.text(name).split(['\n', '、', '，', ',', '；', ';']).map(str::trim) {
            if !each.is_empty() && !found.iter().any(|known| known == each) {
                found.push(each.to_owned());
            }
        }
        found
    }

    /// Every value of `name`, for boxes that can be ticked together.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        self.0.iter().filter(move |(each, _)| *each == name).map(|(_, value)| value.as_str())
    }

    /// Whether the single box `name` is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.raw(name) == "yes"
    }

    /// The key of the form.
    pub fn key(&self) -> &str {
        self.raw("key")
    }

    /// Sets `name` to one value, as when an existing thing is shown in its form.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.retain(|(each, _)| each != name);
        self.0.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets `name` to several values.
    #[must_use]
    pub fn with_all<V: ToString>(mut self, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.0.retain(|(each, _)| each != name);
        self.0.extend(values.into_iter().map(|value| (name.to_owned(), value.to_string())));
        self
    }
}

fn within(text: String, name: &str, most: usize, errors: &mut FieldErrors) -> String {
    if text.chars().count() > most {
        errors.add(name, Say::new("form-too-long").with("most", most));
    }
    text
}

/// Characters that nobody types on purpose: controls, and those that turn the direction of text.
fn is_noise(each: char) -> bool {
    (each.is_control() && !each.is_whitespace())
        || matches!(each, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What the person can mend, field by field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(String, Say)>);

impl FieldErrors {
    /// Says what is to be mended in `field`; the first word on a field stands.
    pub fn add(&mut self, field: &str, say: impl Into<Say>) {
        if !self.0.iter().any(|(each, _)| each == field) {
            self.0.push((field.to_owned(), say.into()));
        }
    }

    /// Nothing to mend.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One error alone, as when a rule of the verb speaks of one field.
    pub fn one(field: &str, say: impl Into<Say>) -> Self {
        let mut errors = Self::default();
        errors.add(field, say);
        errors
    }

    /// The fields and what to say of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Say)> {
        self.0.iter().map(|(field, say)| (field.as_str(), say))
    }

    /// `value` when there is nothing to mend, else the errors.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

/// The shape that `components/forms.html` draws.
#[derive(Debug, Serialize)]
pub struct FormView {
    values: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, String>,
    summary: Vec<SummaryLine>,
    key: String,
}

#[derive(Debug, Serialize)]
struct SummaryLine {
    field: String,
    message: String,
}

impl FormView {
    /// Draws `fields` with `errors`, put into words by `tell`.
    pub fn new(fields: &Fields, errors: &FieldErrors, tell: impl Fn(&Say) -> String) -> Self {
        let mut view = Self {
            values: BTreeMap::new(),
            lists: BTreeMap::new(),
            errors: BTreeMap::new(),
            summary: Vec::new(),
            key: fields.key().to_owned(),
        };
        for (name, value) in fields.0.iter().filter(|(name, _)| name != "csrf" && name != "key") {
            view.values.entry(name.clone()).or_insert_with(|| value.clone());
            view.lists.entry(name.clone()).or_default().push(value.clone());
        }
        for (field, say) in errors.iter() {
            let message = tell(say);
            view.errors.insert(field.to_owned(), message.clone());
            view.summary.push(SummaryLine { field: field.to_owned(), message });
        }
        view
    }
}

/// One line of a choice.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line below the label, for long choices.
    pub hint: String,
}

impl Choice {
    /// A choice of `value`, read as `label`.
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into(), hint: String::new() }
    }
}

/// A form that this visitor was shown by this site: the token fits and no other site sent it.
pub struct Posted(pub Fields);

impl FromRequest for Posted {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            if request.content_type() != "application/x-www-form-urlencoded" && request.content_type() != "" {
                return Err(WebError::BadRequest);
            }
            let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
            if announced.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > MOST_BYTES) {
                return Err(WebError::TooLarge);
            }
            let body = tokio::time::timeout(SLOWEST, gather(&mut payload)).await.unwrap_or(Err(WebError::TooSlow))?;
            let fields = Fields::parse(&body);
            came_from_here(&request, &fields)?;
            Ok(Self(fields))
        })
    }
}

/// The whole body, of at most [`MOST_BYTES`]; what comes after that is not kept.
async fn gather(payload: &mut Payload) -> Result<Vec<u8>, WebError> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return Err(WebError::BadRequest) };
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(WebError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Refuses what another site sent, or what does not carry the token of this visitor's own forms.
fn came_from_here(request: &HttpRequest, fields: &Fields) -> Result<(), WebError> {
    let visit = Visit::of(request)?;
    let app = request.app_data::<Data<App>>().ok_or(WebError::Forbidden)?;
    let head = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if matches!(head("sec-fetch-site"), "cross-site" | "same-site") {
        return Err(WebError::Forbidden);
    }
    let origin = head(header::ORIGIN.as_str());
    if !origin.is_empty() && origin != "null" {
        let own = app
            .config
            .base_url
            .as_ref()
            .map_or_else(|| format!("http://{}", app.config.listen), |url| url.origin().ascii_serialization());
        let host = format!("http://{}", head("host"));
        // On plain http (development, behind no proxy) the name that the browser used is our own as well.
        if origin != own && (app.config.is_https() || origin != host) {
            return Err(WebError::Forbidden);
        }
    }
    if origin == "null" || !visit.cookie_known || !secret::same(fields.raw("csrf"), &visit.csrf(app)) {
        return Err(WebError::Forbidden);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_noise_is_stripped() {
        let fields = Fields::parse("code=%EF%BC%91%EF%BC%92%20%203%E2%80%AE&text=a%0D%0Ab%20%20%0A%0A".as_bytes());
        assert_eq!(fields.line("code"), "12 3");
        assert_eq!(fields.text("text"), "a\nb");
    }

    #[test]
    fn a_list_is_read_however_it_is_written() {
        let fields = Fields::default().with("fields", "竹材改性、防霉\n 防霉 ,水性涂饰;\n\n");
        assert_eq!(fields.list("fields"), ["竹材改性", "防霉", "水性涂饰"]);
    }

    #[test]
    fn every_answer_is_kept_for_the_page_that_comes_back() {
        let fields = Fields::parse(b"csrf=x&key=k&a=1&b=2&b=3");
        let view = FormView::new(&fields, &FieldErrors::one("a", "word"), |say| say.key.to_string());
        assert_eq!(view.values["a"], "1");
        assert_eq!(view.lists["b"], ["2", "3"]);
        assert_eq!(view.errors["a"], "word");
        assert_eq!(view.key, "k");
        assert!(!view.values.contains_key("csrf"));
    }
}
