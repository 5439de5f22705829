//! Every route, tried as every kind of visitor (the table of `web::routes` is what is tried).

use std::collections::BTreeMap;

use actix_web::http::Method;
use yonglianhui::{
    chain,
    listing::Kind,
    member::Role,
    web::routes::{Route, Who, table},
};

use crate::support::{Page, Party, TestApp, Visitor, scene::need_content};

/// Things of which a route's path may speak, all of one owner, and a stranger who has nothing.
struct Scene {
    firm: Party,
    team: Party,
    need: i64,
    draft: i64,
    result: i64,
    pending: i64,
    introduction: i64,
    mail: i64,
    synonym: i64,
    node: String,
    exhibit: i64,
    exhibit_code: String,
    enquiry: i64,
}

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Nobody,
    Stranger,
    Firm,
    Lead,
    Curator,
    Broker,
    Administrator,
}

const CALLERS: [Caller; 7] = [
    Caller::Nobody,
    Caller::Stranger,
    Caller::Firm,
    Caller::Lead,
    Caller::Curator,
    Caller::Broker,
    Caller::Administrator,
];

/// A number that no row has.
const ABSENT: i64 = 999_999;

async fn scene(app: &TestApp) -> Scene {
    let firm = app.enterprise("own").await;
    let team = app.team("lab").await;
    app.enterprise("stranger").await;
    let pending = app.pending_enterprise("new").await;
    let need = app.live_need(&firm, "柚皮提取果胶得率低").await;
    let result = app.live_result(&team, "柚皮果胶绿色提取").await;
    let draft = app.draft(&firm, Kind::Need, need_content("油茶籽粕怎么用")).await;
    app.run_until_idle().await;
    let reason = "您的成果正是柚皮果胶提取,我们有原料和场地,想请您来厂里看看。";
    let introduction =
        yonglianhui::introduction::propose::propose(&app.app, firm.member, need, team.id, reason, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    yonglianhui::introduction::pass::pass(&app.app, broker, introduction).await.unwrap();
    app.run_until_idle().await;
    let mail = yonglianhui::mail::store::of_member(&app.app.db, firm.member, 1).await.unwrap();
    let mail = mail.first().expect("the firm has been written to").id.0;
    let words = ["果胶", "pectin"].map(str::to_owned).to_vec();
    let group = yonglianhui::synonym::NewSynonym { words, towards: Vec::new() };
    yonglianhui::synonym::keep::add(&app.app, broker, &group).await.unwrap();
    let synonym = yonglianhui::synonym::store::all(&app.app.db).await.unwrap()[0].id.0;
    let exhibit = app.exhibit(&firm, "柚皮果胶").await;
    let asked = yonglianhui::exhibit::NewEnquiry {
        wish: yonglianhui::exhibit::Wish::Cooperate,
        text: "想合作".to_owned(),
        name: "参观者".to_owned(),
        phone: "0746-5550999".to_owned(),
        email: String::new(),
        consented: true,
    };
    yonglianhui::exhibit::enquire::enquire(&app.app, &exhibit, &asked, "", &[exhibit.id], "").await.unwrap();
    let enquiry = yonglianhui::exhibit::store::enquiries_about(&app.app.db, &[exhibit.id]).await.unwrap();
    app.run_until_idle().await;
    let (zone, name) = (app.zone("food").await, ["柑橘".to_owned(), String::new()]);
    let new = chain::NewChain { slug: "food".to_owned(), zone, name: name.clone(), about: Default::default() };
    chain::edit::open(&app.app, &new).await.unwrap();
    let node = chain::NewNode { name, stage: chain::Stage::Upstream, need: None };
    let node = chain::edit::change(&app.app, "food", &chain::edit::Change::AddNode(node)).await.unwrap().unwrap();
    Scene {
        node: node.to_string(),
        exhibit: exhibit.id.0,
        exhibit_code: exhibit.code,
        enquiry: enquiry[0].id.0,
        need: need.0,
        draft: draft.0,
        result: result.0,
        pending: pending.id.0,
        introduction: introduction.0,
        mail,
        synonym,
        firm,
        team,
    }
}

/// The path of a route with a real thing in it, and with one that does not exist; `None` for
/// routes without a thing.
fn paths(route: &Route, scene: &Scene) -> (String, Option<String>) {
    let path = route.path;
    let owned = path.contains("/edit") || path.contains("/preview") || path.contains("/submission");
    let number = if path.starts_with("/my/mails") || path.starts_with("/desk/mails") {
        scene.mail
    } else if path.starts_with("/desk/synonyms/") {
        scene.synonym
    } else if path.contains("introductions/{id}") {
        scene.introduction
    } else if path.starts_with("/needs/") || path.starts_with("/api/v1/needs/") || path.starts_with("/desk/listings/") {
        if owned || route.method == Method::POST { scene.draft } else { scene.need }
    } else if path.starts_with("/results/") || path.starts_with("/offers/") {
        scene.result
    } else if path.starts_with("/enterprises/") {
        scene.firm.id.0
    } else if path.starts_with("/teams/") || path.starts_with("/desk/teams/") {
        scene.team.id.0
    } else if path.contains("exhibits/{id}") {
        scene.exhibit
    } else if path.contains("enquiries/{id}") {
        scene.enquiry
    } else if path.starts_with("/desk/organisations/") {
        scene.pending
    } else {
        0
    };
    let fill = |number: i64, word: &str| {
        path.replace("{id}", &number.to_string())
            .replace("{slug}", word)
            .replace("{token}", "0123456789abcdefghijklmnopqrstuv")
            .replace("{node}", &scene.node)
            .replace("{code}", &scene.exhibit_code)
            .replace("{day}", "2027-02-09")
            .replace("{path:.*}", "site.css")
            .replace("{member}", &number.to_string())
    };
    (fill(number, "food"), path.contains("{id}").then(|| fill(ABSENT, "nowhere")))
}

async fn visitors(app: &TestApp) -> BTreeMap<Caller, Visitor<'_>> {
    let mut all = BTreeMap::from([(Caller::Nobody, app.visitor())]);
    all.insert(Caller::Stranger, app.signed_in("stranger@firm.example").await);
    all.insert(Caller::Firm, app.signed_in("own@firm.example").await);
    all.insert(Caller::Lead, app.signed_in("lab@lab.example").await);
    all.insert(Caller::Curator, app.staff(Role::Curator).await);
    all.insert(Caller::Broker, app.staff(Role::Broker).await);
    all.insert(Caller::Administrator, app.staff(Role::Administrator).await);
    all
}

/// Routes after which a caller is nobody.
fn ends_sessions(route: &Route) -> bool {
    ["/sign-out", "/my/sessions/closure"].contains(&route.path)
}

fn email_of(caller: Caller) -> Option<&'static str> {
    match caller {
        Caller::Nobody => None,
        Caller::Stranger => Some("stranger@firm.example"),
        Caller::Firm => Some("own@firm.example"),
        Caller::Lead => Some("lab@lab.example"),
        Caller::Curator => Some("curator@park.example"),
        Caller::Broker => Some("broker@park.example"),
        Caller::Administrator => Some("administrator@park.example"),
    }
}

/// What the table promises a caller.
#[derive(Debug, PartialEq, Eq)]
enum Promise {
    /// A page, or what comes of the form.
    In,
    /// To the sign-in page first.
    SignIn,
    /// It does not exist for this caller.
    Hidden,
    /// It is not for this role.
    Refused,
    /// Whoever owns the thing is let in; others find nothing.
    IfOwner,
}

fn promise(who: Who, caller: Caller) -> Promise {
    use Caller::{Administrator, Broker, Curator, Firm, Lead, Nobody, Stranger};
    match (who, caller) {
        (Who::Anyone | Who::Holders, _) => Promise::In,
        (_, Nobody) => Promise::SignIn,
        (Who::Members, _) => Promise::In,
        (Who::Owners, Stranger) => Promise::Hidden,
        (Who::Owners, _) => Promise::IfOwner,
        (Who::Staff | Who::Curators | Who::Brokers | Who::Administrators, Stranger | Firm | Lead) => Promise::Hidden,
        (Who::Staff, _) => Promise::In,
        (Who::Curators, Curator | Administrator) | (Who::Brokers, Broker | Administrator) => Promise::In,
        (Who::Administrators, Administrator) => Promise::In,
        (Who::Curators | Who::Brokers | Who::Administrators, _) => Promise::Refused,
    }
}

fn kept(promise: &Promise, page: &Page) -> bool {
    let to_sign_in = page.location().is_some_and(|to| to.starts_with("/sign-in?"));
    match promise {
        Promise::In => !to_sign_in && !matches!(page.status, 403 | 500 | 503),
        Promise::SignIn => to_sign_in,
        Promise::Hidden => page.status == 404,
        Promise::Refused => page.status == 403,
        Promise::IfOwner => !to_sign_in && !matches!(page.status, 403 | 500 | 503),
    }
}

/// The fields of a form that says nothing but carries its token.
async fn token(visitor: &Visitor<'_>) -> String {
    let page = visitor.get("/my/particulars").await;
    let page = if page.status == 200 { page } else { visitor.get("/sign-in").await };
    page.value("csrf")
}

#[actix_web::test]
async fn every_route_answers_each_visitor_as_the_table_says() {
    let app = TestApp::start().await;
    app.leave_rest();
    let scene = scene(&app).await;
    let visitors = visitors(&app).await;
    let mut broken = Vec::new();
    // What is refused comes first, so that what is allowed finds the scene as it was set.
    let mut cells: Vec<(Route, Caller)> =
        table().into_iter().flat_map(|route| CALLERS.map(|caller| (route.clone(), caller))).collect();
    cells.sort_by_key(|(route, caller)| {
        (promise(route.who, *caller) == Promise::In, route.method == Method::POST, ends_sessions(route))
    });
    for (route, caller) in cells {
        // Whoever has signed out tries nothing else; he gets a session for it.
        let fresh = match email_of(caller).filter(|_| ends_sessions(&route)) {
            Some(email) => Some(app.signed_in(email).await),
            None => None,
        };
        let visitor = fresh.as_ref().unwrap_or(&visitors[&caller]);
        let (own, absent) = paths(&route, &scene);
        let promise = promise(route.who, caller);
        for (path, is_there) in [Some((own, true)), absent.map(|path| (path, false))].into_iter().flatten() {
            let page = if route.method == Method::GET {
                visitor.get(&path).await
            } else {
                let csrf = token(visitor).await;
                visitor.post(&path, &[("csrf", csrf.as_str())]).await
            };
            let as_promised = if is_there || promise != Promise::In && promise != Promise::IfOwner {
                kept(&promise, &page)
            } else {
                page.status == 404 || route.path.starts_with("/sign-in") || route.path.starts_with("/introductions")
            };
            if !as_promised {
                broken.push(format!(
                    "{} {path} as {caller:?}: {} ({promise:?}, there: {is_there}) {:?}",
                    route.method,
                    page.status,
                    page.location()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{} cells are not as the table says:\n{}", broken.len(), broken.join("\n"));
}

#[actix_web::test]
async fn what_is_a_strangers_does_not_exist_for_him() {
    let app = TestApp::start().await;
    app.leave_rest();
    let scene = scene(&app).await;
    let stranger = app.signed_in("stranger@firm.example").await;
    let firm = app.signed_in("own@firm.example").await;
    for path in [
        format!("/needs/{}", scene.draft),
        format!("/needs/{}/edit", scene.draft),
        format!("/needs/{}/matches", scene.need),
        format!("/my/introductions/{}", scene.introduction),
        format!("/my/mails/{}", scene.mail),
        format!("/enterprises/{}/edit", scene.firm.id),
    ] {
        let (mine, his) = (firm.get(&path).await, stranger.get(&path).await);
        assert_eq!((mine.status, his.status), (200, 404), "{path}");
        let absent = stranger.get(&path.replace(|each: char| each.is_ascii_digit(), "9")).await;
        // Only the number of the request differs.
        let words = |page: &Page| page.main().rsplit_once("编号").map(|(words, _)| words.to_owned());
        assert_eq!(words(&his), words(&absent), "{path} must look like a thing that does not exist");
    }
}

#[actix_web::test]
async fn a_form_from_elsewhere_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    app.leave_rest();
    let scene = scene(&app).await;
    let visitors = visitors(&app).await;
    let before = app.rows().await;
    for route in table().into_iter().filter(|route| route.method == Method::POST) {
        let (path, _) = paths(&route, &scene);
        let caller = match route.who {
            Who::Anyone | Who::Members | Who::Owners | Who::Holders => Caller::Firm,
            Who::Staff | Who::Brokers => Caller::Broker,
            Who::Curators => Caller::Curator,
            Who::Administrators => Caller::Administrator,
        };
        let visitor = &visitors[&caller];
        let own = token(visitor).await;
        let another = token(&visitors[&Caller::Stranger]).await;
        let body = |csrf: &str| Some(format!("csrf={csrf}"));
        for (what, body, headers) in [
            ("no token", Some(String::new()), vec![]),
            ("another's token", body(&another), vec![]),
            ("another site's origin", body(&own), vec![("origin", "http://evil.example")]),
            ("no origin", body(&own), vec![("origin", "null")]),
            ("a cross-site fetch", body(&own), vec![("sec-fetch-site", "cross-site")]),
        ] {
            let page = visitor.send(Method::POST, &path, body, &headers).await;
            assert_eq!(page.status, 403, "{path} with {what}");
        }
    }
    assert_eq!(app.rows().await, before);
}

#[actix_web::test]
async fn looking_changes_nothing() {
    let app = TestApp::start().await;
    app.leave_rest();
    let scene = scene(&app).await;
    let visitors = visitors(&app).await;
    let before = app.rows().await;
    for route in table().into_iter().filter(|route| route.method == Method::GET) {
        let (path, _) = paths(&route, &scene);
        for visitor in visitors.values() {
            visitor.get(&path).await;
            visitor.send(Method::HEAD, &path, None, &[("sec-purpose", "prefetch")]).await;
        }
    }
    assert_eq!(app.rows().await, before);
}

#[actix_web::test]
async fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let app = TestApp::start_with(|config| {
        config.base_url = Some("https://hall.example".parse().unwrap());
    })
    .await;
    app.leave_rest();
    let scene = scene(&app).await;
    let visitor = app.visitor();
    let mut paths: Vec<String> =
        table().into_iter().filter(|route| route.method == Method::GET).map(|route| paths(&route, &scene).0).collect();
    paths.extend([
        "/nowhere".to_owned(),
        "/static/nowhere".to_owned(),
        "/needs/x".to_owned(),
        "/search?page=x".to_owned(),
    ]);
    for path in paths {
        let page = visitor.get(&path).await;
        let header = |name: &str| page.headers.get(name).map_or("", String::as_str);
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{path}");
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("server"), "", "{path}");
        assert!(page.status >= 300 || !header("content-type").is_empty(), "{path}");
        for cookie in header("set-cookie").lines() {
            assert!(
                cookie.contains("Secure") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{path}: {cookie}"
            );
        }
    }
}

#[actix_web::test]
async fn what_is_private_is_kept_by_no_cache() {
    let app = TestApp::start().await;
    app.leave_rest();
    let scene = scene(&app).await;
    let firm = app.signed_in("own@firm.example").await;
    for path in [
        "/my".to_owned(),
        format!("/needs/{}/edit", scene.draft),
        format!("/my/introductions/{}", scene.introduction),
        "/".to_owned(),
    ] {
        assert_eq!(firm.get(&path).await.headers["cache-control"], "no-store", "{path}");
    }
    assert_eq!(app.visitor().get("/").await.headers["cache-control"], "no-cache");
    assert_eq!(app.visitor().get("/sign-in").await.headers["cache-control"], "no-store");
}

#[actix_web::test]
async fn the_session_cookie_of_a_public_site_belongs_to_its_host_alone() {
    let app = TestApp::start_with(|config| config.base_url = Some("https://hall.example".parse().unwrap())).await;
    let page = app.visitor().get("/sign-in").await;
    let cookie = &page.headers["set-cookie"];
    assert!(cookie.starts_with("__Host-ylh="), "{cookie}");
    assert!(cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
}

#[actix_web::test]
async fn an_unknown_page_says_so_in_both_languages() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let page = visitor.get("/nowhere").await;
    assert_eq!(page.status, 404);
    assert!(page.html.contains("<html lang=\"zh-CN\">"));
    visitor.reads("en");
    assert!(visitor.get("/nowhere").await.html.contains("<html lang=\"en\">"));
    let chosen = visitor.get("/nowhere?lang=zh-CN").await;
    assert!(chosen.html.contains("<html lang=\"zh-CN\">"));
    assert!(visitor.get("/").await.html.contains("<html lang=\"zh-CN\">"), "the switch is remembered");
}
