//! Every page of the demo park, as every role reads it, judged by two strangers: html-validate reads
//! what the server sent, axe-core looks at what the browser made of it. Each is weighed as well.
//!
//! A walk follows the links of the site from its front page, as a visitor and as each of those who
//! can sign in to the demo, and takes one page of every route. It is done in Chinese on light
//! pages and in English on dark ones, so that each template, each language and each palette is seen.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
    process::Command,
};

use actix_web::http::Method;
use serde_json::Value;
use yonglianhui::web::routes;

use crate::support::{Driver, Look, Person, Site};

/// Routes that the walk cannot reach by links alone, or that are no pages, and why.
const NOT_WALKED: &[(&str, &str)] = &[
    ("/healthz", "no page"),
    ("/readyz", "no page"),
    ("/metrics", "no page"),
    ("/static/", "no page"),
    ("/needs.atom", "no page"),
    ("/results.atom", "no page"),
    ("/sitemap.xml", "no page"),
    ("/robots.txt", "no page"),
    ("/e/{code}/qr.svg", "a drawing"),
    ("/api/", "no page"),
    ("/enterprises/code", "a fragment of a form"),
    ("/my/export", "a file"),
    ("/introductions/{token}", "a link from a letter; the story of the line opens it"),
    ("/sign-in/{token}", "a link from a letter; the story of the line opens it"),
    ("/queue/{token}", "a link from a letter; the site's own tests open it"),
    ("/renewals/{token}", "a link from a letter; the site's own tests open it"),
];

/// Routes that no link of the demo need lead to, and why; where one does, the page is judged.
const MAY_BE_MISSED: &[(&str, &str)] = &[
    ("/sign-in/code", "stands behind a form, which every guest here passes"),
    ("/needs/{id}/preview", "stands behind the form of a draft"),
    ("/results/{id}/preview", "as with needs"),
    ("/my/queue/{id}", "no team of the demo need be full"),
    ("/offers/{id}", "the templates are those of needs, and the demo may hold no offer"),
];

/// The guests of the demo, and what each begins with besides the front page.
const GUESTS: &[(&str, &[&str])] = &[
    ("", &["/", "/offers", "/sign-in"]),
    ("suyihe@zhuyu.example", &["/my", "/offers/new"]),
    ("linzhaowan@yunze.example", &["/my"]),
    ("broker@park.example", &["/desk"]),
    ("curator@park.example", &["/desk"]),
    ("admin@park.example", &["/desk"]),
];

/// The first violations of a page, each with its rule, its place and what is wrong.
const AXE: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
        .then(found => done(found.violations.flatMap(each => each.nodes.slice(0, 3).map(node =>
            `${each.id} at ${node.target.join(' ')}: ${(node.failureSummary || each.help).replace(/\s+/g, ' ')}`))))
        .catch(error => done([String(error)]));
";

/// The most that a page may weigh on a first visit, without its pictures, and the scripts of it.
const MOST_BYTES: u64 = 100 * 1024;
const MOST_SCRIPT_BYTES: u64 = 20 * 1024;

/// What the server sends for this page, the links on it, and what it weighs: bodies as they came over the wire,
/// whether the browser had them already or not.
const READ: &str = r"
    const done = arguments[arguments.length - 1];
    const links = [...document.querySelectorAll('a[href]')].map(each => new URL(each.getAttribute('href'), location.href).href)
        .filter(each => each.startsWith(location.origin + '/')).map(each => each.slice(location.origin.length).split('#')[0]);
    const parts = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const sum = wanted => parts.filter(wanted).reduce((bytes, each) => bytes + each.encodedBodySize, 0);
    const weight = sum(each => each.initiatorType !== 'img');
    const scripts = sum(each => new URL(each.name).pathname.endsWith('.js'));
    const foreign = parts.map(each => each.name).filter(each => !each.startsWith(location.origin + '/'));
    fetch(location.href).then(answer => answer.text().then(html => done({html, links, weight, scripts, foreign, type: answer.headers.get('content-type')})));
";

/// The route of a path: the pattern that fits with the fewest holes.
fn route_of(path: &str, patterns: &BTreeSet<&'static str>) -> Option<&'static str> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |pattern: &&&str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len()
            && pattern
                .iter()
                .zip(&path)
                .all(|(part, given)| part == given || (part.starts_with('{') && !given.is_empty()))
    };
    patterns.iter().filter(fits).min_by_key(|pattern| pattern.matches('{').count()).copied()
}

struct Walk<'a> {
    patterns: &'a BTreeSet<&'static str>,
    axe: &'a str,
    kept: PathBuf,
    /// The page that was taken of each route.
    seen: BTreeMap<&'static str, String>,
    /// What axe found.
    found: Vec<String>,
    pages: usize,
    /// The page that weighs most, and how much.
    heaviest: (u64, String),
}

impl Walk<'_> {
    /// Follows the links from `begin`, taking pages of routes that this guest has not seen.
    async fn walk(&mut self, person: &Person, begin: &[&str]) {
        let mut ahead: VecDeque<String> = begin.iter().map(|each| (*each).to_owned()).collect();
        let mut been: BTreeSet<&'static str> = BTreeSet::new();
        while let Some(path) = ahead.pop_front() {
            let Some(route) = route_of(&path, self.patterns) else { continue };
            let is_page = !NOT_WALKED.iter().any(|(start, _)| route.starts_with(start));
            if !is_page || !been.insert(route) {
                continue;
            }
            person.open(&path).await;
            let page = person.runs(READ).await;
            if !page["type"].as_str().is_some_and(|kind| kind.starts_with("text/html")) {
                continue;
            }
            // A list is read for its links by every guest; a page is judged once.
            if self.seen.insert(route, path.clone()).is_none() {
                self.weigh(&path, &page);
                self.judge(person, &path, page["html"].as_str().unwrap()).await;
            }
            let links = page["links"].as_array().unwrap().iter().filter_map(Value::as_str);
            // What was posted last may be nobody's any more; the first of a list is as good.
            ahead.extend(links.filter(|link| !link.contains("lang=")).map(str::to_owned));
        }
    }

    fn weigh(&mut self, path: &str, page: &Value) {
        let (weight, scripts) = (page["weight"].as_u64().unwrap(), page["scripts"].as_u64().unwrap());
        self.heaviest = self.heaviest.clone().max((weight, path.to_owned()));
        if weight > MOST_BYTES || scripts > MOST_SCRIPT_BYTES {
            self.found.push(format!("{path}: weighs {weight} bytes, {scripts} of them scripts"));
        }
        let foreign = page["foreign"].as_array().unwrap();
        self.found.extend(foreign.iter().map(|each| format!("{path}: asks elsewhere for {each}")));
    }

    async fn judge(&mut self, person: &Person, path: &str, html: &str) {
        self.pages += 1;
        let name: String = path.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '_' }).collect();
        std::fs::write(self.kept.join(format!("{name}.html")), html).unwrap();
        person.runs(&format!("{}; arguments[arguments.length - 1](0)", self.axe)).await;
        let found = person.runs(AXE).await;
        self.found.extend(found.as_array().unwrap().iter().map(|each| format!("{path}: {}", each.as_str().unwrap())));
        let (wide, inner) = person.width().await;
        assert!(wide <= inner, "{path} is {wide} pixels wide on a screen of {inner}");
    }
}

fn validate(tools: &Path, folder: &Path) -> Result<(), String> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/.htmlvalidate.json");
    let ended = Command::new(tools.join(".bin/html-validate"))
        .arg("--config")
        .arg(ours)
        .args(["--formatter", "text", "--max-warnings", "0"])
        .arg(folder.join("*.html"))
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    if ended.status.success() { Ok(()) } else { Err(said) }
}

#[tokio::test]
async fn every_page_is_valid_and_accessible_in_both_languages_light_and_dark() {
    let (Some(driver), Ok(tools)) = (Driver::start(), std::env::var("YLH_TEST_PAGES")) else {
        eprintln!("skipped: YLH_TEST_BROWSER, YLH_TEST_DRIVER and YLH_TEST_PAGES are not set");
        return;
    };
    let tools = PathBuf::from(tools);
    let axe = std::fs::read_to_string(tools.join("axe-core/axe.min.js")).unwrap();
    let patterns: BTreeSet<&'static str> =
        routes::table().into_iter().filter(|route| route.method == Method::GET).map(|route| route.path).collect();
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(folder.path(), "");
    let _running = site.demo();
    let mut wrong = Vec::new();
    for (name, look) in [("light", Look::ChineseLight), ("dark", Look::EnglishDark)] {
        let kept = folder.path().join(name);
        std::fs::create_dir(&kept).unwrap();
        let mut walk = Walk {
            patterns: &patterns,
            axe: &axe,
            kept,
            seen: BTreeMap::new(),
            found: Vec::new(),
            pages: 0,
            heaviest: Default::default(),
        };
        for (number, (guest, begin)) in GUESTS.iter().enumerate() {
            let person = driver.guest(folder.path(), format!("{name}-{number}"), &site, look).await;
            if !guest.is_empty() {
                person.signs_in_to_demo(guest).await;
            }
            walk.walk(&person, begin).await;
            person.leaves().await;
        }
        let exempt = |route: &&&str| NOT_WALKED.iter().chain(MAY_BE_MISSED).any(|(start, _)| route.starts_with(start));
        let missed: Vec<_> =
            patterns.iter().filter(|route| !exempt(route) && !walk.seen.contains_key(*route)).collect();
        wrong.extend(missed.iter().map(|route| format!("{name}: no link leads to {route}")));
        wrong.extend(walk.found.iter().map(|each| format!("{name}: {each}")));
        if let Err(said) = validate(&tools, &walk.kept) {
            wrong.push(said);
        }
        println!("{name}: {} pages judged, the heaviest {:?}", walk.pages, walk.heaviest);
    }
    assert!(wrong.is_empty(), "{} things are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
