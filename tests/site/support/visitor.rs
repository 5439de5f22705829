//! A visitor with a browser's manners: keeps cookies, follows links and fills in the forms that
//! a page shows, with everything that the form already holds.

use std::{cell::RefCell, collections::BTreeMap};

use actix_web::{http::Method, test::TestRequest};
use scraper::{ElementRef, Html, Selector};

use super::TestApp;

/// Somebody with a cookie jar.
pub(crate) struct Visitor<'a> {
    app: &'a TestApp,
    cookies: RefCell<BTreeMap<String, String>>,
    language: RefCell<String>,
}

/// An answer, read as a page.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) html: String,
}

impl<'a> Visitor<'a> {
    pub(crate) fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: RefCell::default(), language: RefCell::new("zh-CN".to_owned()) }
    }

    /// Reads pages in this language from now on.
    pub(crate) fn reads(&self, language: &str) {
        *self.language.borrow_mut() = language.to_owned();
    }

    /// The path of a link in a mail, without the site's address.
    pub(crate) fn path_of(&self, link: &str) -> String {
        let path = link.strip_prefix("http://hall.example").unwrap_or(link);
        path.to_owned()
    }

    /// The cookies, as the browser would send them.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    /// Sets a cookie, as somebody who plants one would.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    /// GET without following redirects.
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// GET, and on through redirects.
    pub(crate) async fn visit(&self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// On through redirects to the page they lead to.
    pub(crate) async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..5 {
            let Some(location) = page.location() else { return page };
            page = self.get(&location).await;
        }
        panic!("{} leads in a circle", page.path);
    }

    /// Fills in the form that `selector` finds on `page` and sends it: everything that the form
    /// holds already goes along, and `values` take the place of fields with the same name.
    pub(crate) async fn submit(&self, page: &Page, selector: &str, values: &[(&str, &str)]) -> Page {
        let (action, mut fields) = page.form(selector);
        for (name, _) in values {
            fields.retain(|(each, _)| each != name);
        }
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post_fields(&action, &fields).await
    }

    /// POST of exactly these fields.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.post_fields(path, &fields).await
    }

    /// POST of exactly these fields, with owned strings.
    pub(crate) async fn post_fields(&self, path: &str, fields: &[(String, String)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Any request, with headers of its own.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Page {
        // A browser sends what is not ASCII in an address as percent signs.
        let encoded: String = path
            .bytes()
            .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let mut request = TestRequest::with_uri(&encoded)
            .method(method)
            .peer_addr("127.0.0.1:40000".parse().unwrap())
            .insert_header(("host", "hall.example"))
            .insert_header(("accept-language", self.language.borrow().as_str()));
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.insert_header(("cookie", cookies.join("; ")));
        }
        if let Some(body) = body {
            request = request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body);
        }
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        let answer = self.app.answer(request.to_request()).await;
        let mut kept = BTreeMap::new();
        for (name, value) in &answer.headers {
            let value = value.to_str().unwrap_or_default();
            if name == "set-cookie" {
                self.keep(value);
            }
            kept.entry(name.to_string())
                .and_modify(|all: &mut String| {
                    all.push('\n');
                    all.push_str(value);
                })
                .or_insert_with(|| value.to_owned());
        }
        Page {
            path: path.to_owned(),
            status: answer.status,
            headers: kept,
            html: String::from_utf8_lossy(&answer.body).into_owned(),
        }
    }

    fn keep(&self, set_cookie: &str) {
        let Some((name, value)) = set_cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { return };
        let mut cookies = self.cookies.borrow_mut();
        if value.is_empty() || set_cookie.to_ascii_lowercase().contains("max-age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Page {
    /// Where a redirect leads.
    pub(crate) fn location(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.headers.get("location").cloned()).flatten()
    }

    fn document(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// The text of every element that `selector` finds, with runs of blanks made one.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let document = self.document();
        document.select(&css(selector)).map(text_of).collect()
    }

    /// The text of the only element that `selector` finds.
    #[track_caller]
    pub(crate) fn text(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} finds {texts:?} on {} ({}):\n{}", self.path, self.status, self.main());
        texts.into_iter().next().unwrap()
    }

    /// Whether anything is found.
    pub(crate) fn has(&self, selector: &str) -> bool {
        self.document().select(&css(selector)).next().is_some()
    }

    /// The attribute of every element that `selector` finds.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.document().select(&css(selector)).filter_map(|each| each.attr(name).map(str::to_owned)).collect()
    }

    /// The text of `<main>`.
    pub(crate) fn main(&self) -> String {
        self.texts("main").join("\n")
    }

    /// The messages of the error summary, and `field: message` beside the fields must agree with it.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.texts("[role=alert] li")
    }

    /// What the field `name` holds.
    #[track_caller]
    pub(crate) fn value(&self, name: &str) -> String {
        let (_, fields) = self.form(&format!("form:has([name='{name}'])"));
        fields.into_iter().find(|(each, _)| each == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// The action of a form and everything it would send if it were sent as it is.
    #[track_caller]
    pub(crate) fn form(&self, selector: &str) -> (String, Vec<(String, String)>) {
        let document = self.document();
        let form = document.select(&css(selector)).next();
        let form =
            form.unwrap_or_else(|| panic!("no form {selector} on {} ({}):\n{}", self.path, self.status, self.main()));
        let action = form.attr("action").filter(|action| !action.is_empty()).unwrap_or(&self.path).to_owned();
        let mut fields = Vec::new();
        for field in form.select(&css("input, textarea, select")) {
            let Some(name) = field.attr("name") else { continue };
            let value = match field.value().name() {
                "textarea" => Some(field.text().collect::<String>().trim_start_matches('\n').to_owned()),
                "select" => {
                    let chosen =
                        field.select(&css("option[selected]")).next().or_else(|| field.select(&css("option")).next());
                    chosen.map(|option| option.attr("value").map_or_else(|| text_of(option), str::to_owned))
                }
                _ => match field.attr("type").unwrap_or("text") {
                    "checkbox" | "radio" => {
                        field.attr("checked").map(|_| field.attr("value").unwrap_or("on").to_owned())
                    }
                    "submit" | "button" => None,
                    _ => Some(field.attr("value").unwrap_or_default().to_owned()),
                },
            };
            fields.extend(value.map(|value| (name.to_owned(), value)));
        }
        (action, fields)
    }
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("selector {selector}: {error}"))
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
