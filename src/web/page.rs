//! From a view to an answer: 200 with a page, 422 with the same page and its errors, 303 to the
//! next one.

use std::rc::Rc;

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    dev::Payload,
    http::{StatusCode, header},
    web::Data,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    app::App,
    id::MemberId,
    web::{Answer, FieldErrors, Fields, FormView, WebError, visitor::Visit},
    words::{Language, Say},
};

/// The name of the cookie that carries one message to the next page.
pub(crate) const FLASH: &str = "ylh-flash";

/// Everything about the request that drawing a page needs.
pub struct Page {
    /// The running service.
    pub app: Data<App>,
    /// The request's visit.
    pub visit: Rc<Visit>,
    path: String,
    query: String,
    errors: bool,
}

/// The names that every template may use.
#[derive(Serialize)]
struct Frame<'a, V> {
    site: Site<'a>,
    lang: Language,
    path: &'a str,
    lang_links: Vec<LanguageLink>,
    visitor: VisitorView<'a>,
    csrf: String,
    flash: Option<&'a str>,
    request_id: &'a str,
    has_errors: bool,
    page: &'a V,
}

#[derive(Serialize)]
struct Site<'a> {
    name: &'a str,
    operator: &'a str,
    icp: &'a str,
    contact: &'a str,
    demo: bool,
    base_url: String,
}

#[derive(Serialize)]
struct LanguageLink {
    code: &'static str,
    label: &'static str,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct VisitorView<'a> {
    signed_in: bool,
    name: &'a str,
    is_staff: bool,
    role: &'static str,
}

impl FromRequest for Page {
    type Error = WebError;
    type Future = std::future::Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request))
    }
}

impl Page {
    /// The page for `request`.
    pub fn of(request: &HttpRequest) -> Result<Self, WebError> {
        let app = request
            .app_data::<Data<App>>()
            .cloned()
            .ok_or_else(|| WebError::Fault(crate::fault::Fault::other("the app is not wired")))?;
        Ok(Self {
            app,
            visit: Visit::of(request)?,
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            errors: false,
        })
    }

    /// The language of the page.
    pub fn language(&self) -> Language {
        self.visit.language
    }

    /// The member who is signed in.
    pub fn member(&self) -> Option<MemberId> {
        self.visit.member.as_ref().map(|member| member.id)
    }

    /// 200 with the page of `template`.
    pub fn show(&self, template: &str, view: &impl Serialize) -> Answer {
        self.with_status(StatusCode::OK, template, view)
    }

    /// 422 with the same page: the form was not accepted, and holds what was typed and what to mend.
    pub fn refuse(mut self, template: &str, view: &impl Serialize) -> Answer {
        self.errors = true;
        self.with_status(StatusCode::UNPROCESSABLE_ENTITY, template, view)
    }

    /// The page of `template` with another status.
    pub fn with_status(&self, status: StatusCode, template: &str, view: &impl Serialize) -> Answer {
        let html = self.app.templates.render(self.language(), template, &self.frame(view))?;
        Ok(HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_LANGUAGE, self.language().as_str()))
            .body(html))
    }

    /// 303 to `url`, a path of this site.
    pub fn go(&self, url: impl AsRef<str>) -> Answer {
        Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, local(url.as_ref()))).finish())
    }

    /// 303 to `url`, where the words of `key` are shown once.
    pub fn go_saying(&self, url: impl AsRef<str>, key: &'static str) -> Answer {
        let mut answer = self.go(url)?;
        let cookie = Cookie::build(FLASH, key).path("/").http_only(true).same_site(SameSite::Lax);
        let cookie = cookie.secure(self.app.config.is_https()).finish();
        if let Err(error) = answer.add_cookie(&cookie) {
            tracing::warn!(%error, "a message could not be carried to the next page");
        }
        Ok(answer)
    }

    /// A form to draw, with what was typed and what to mend.
    pub fn form(&self, fields: &Fields, errors: &FieldErrors) -> FormView {
        FormView::new(fields, errors, |say| self.tell(say))
    }

    /// The token of this visitor's forms.
    pub fn csrf(&self) -> String {
        self.visit.csrf(&self.app)
    }

    /// The words of a plain key, in the language of the page.
    pub fn word(&self, key: &str) -> String {
        self.app.templates.words().word(self.language(), key)
    }

    /// The words of a message, in the language of the page.
    pub fn tell(&self, say: &Say) -> String {
        self.app.templates.tell(self.language(), say)
    }

    /// A moment as people of the park read it, in the site's time zone.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        moment(at, self.app.config.time_zone, self.language())
    }

    /// The day of a moment, in the site's time zone.
    pub fn day(&self, at: DateTime<Utc>) -> String {
        day(at.with_timezone(&self.app.config.time_zone).date_naive(), self.language())
    }

    /// A day.
    pub fn date(&self, date: NaiveDate) -> String {
        day(date, self.language())
    }

    fn frame<'a, V>(&'a self, view: &'a V) -> Frame<'a, V> {
        let config = &self.app.config;
        let member = self.visit.member.as_ref();
        Frame {
            site: Site {
                name: &config.site_name,
                operator: &config.operator,
                icp: &config.icp,
                contact: &config.complaint_contact,
                demo: config.demo,
                base_url: config.link(""),
            },
            lang: self.language(),
            path: &self.path,
            lang_links: self.language_links(),
            visitor: VisitorView {
                signed_in: member.is_some(),
                name: member.map_or("", |member| member.name.as_str()),
                is_staff: member.is_some_and(|member| member.role.is_staff()),
                role: member.map_or("", |member| member.role.as_str()),
            },
            // Pages without a form carry no token, and so need no cookie.
            csrf: if member.is_some() || self.visit.cookie_needed.get() { self.csrf() } else { String::new() },
            flash: self.visit.flash.as_deref(),
            request_id: &self.visit.request_id,
            has_errors: self.errors,
            page: view,
        }
    }

    fn language_links(&self) -> Vec<LanguageLink> {
        let kept: Vec<(String, String)> = url::form_urlencoded::parse(self.query.as_bytes())
            .filter(|(name, _)| name != "lang")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Language::ALL
            .map(|language| {
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                query.extend_pairs(&kept).append_pair("lang", language.as_str());
                LanguageLink {
                    code: language.as_str(),
                    label: match language {
                        Language::Chinese => "中文",
                        Language::English => "English",
                    },
                    url: format!("{}?{}", self.path, query.finish()),
                    current: language == self.language(),
                }
            })
            .into()
    }
}

/// A moment as people read it: 2026年11月23日 21:48, or 23 November 2026, 21:48.
pub fn moment(at: DateTime<Utc>, zone: chrono_tz::Tz, language: Language) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day(local.date_naive(), language), local.format("%H:%M"))
}

/// A day as people read it.
pub fn day(date: NaiveDate, language: Language) -> String {
    match language {
        Language::Chinese => date.format("%Y年%-m月%-d日").to_string(),
        Language::English => date.format("%-d %B %Y").to_string(),
    }
}

/// `url` if it is a path of this site, else the home page: a `next=` must not lead elsewhere.
pub fn local(url: &str) -> String {
    let is_path = url.starts_with('/')
        && !url.starts_with("//")
        && !url.contains(['\\', '\r', '\n', '\t', '\0'])
        && !url.to_ascii_lowercase().starts_with("/%2f")
        && !url.to_ascii_lowercase().starts_with("/%5c");
    if is_path { url.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_on_this_site() {
        for away in [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://evil.example",
            "%2f%2fevil.example",
            "/%2Fevil.example",
            "/\tevil",
            "",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(away), "/", "{away}");
        }
        assert_eq!(local("/needs/3?page=2"), "/needs/3?page=2");
    }

    #[test]
    fn times_are_shown_in_the_park() {
        let at = DateTime::parse_from_rfc3339("2026-11-23T16:30:00Z").unwrap().to_utc();
        assert_eq!(moment(at, chrono_tz::Asia::Shanghai, Language::Chinese), "2026年11月24日 00:30");
        assert_eq!(moment(at, chrono_tz::Asia::Shanghai, Language::English), "24 November 2026 00:30");
    }
}
