//! What people try who mean harm: texts that want to be markup, sessions that want to live on,
//! links, headers, and reading everything.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Instant,
};

use actix_web::http::Method;
use scraper::{Html, Selector};
use sea_orm::{ConnectionTrait as _, Statement};
use yonglianhui::{
    calendar::{self, DayKind, Holiday},
    db::Read as _,
    enterprise::{self, NewEnterprise, Person, Size},
    id::{MemberId, OrganisationId, ZoneId},
    introduction::{
        self,
        answer::{self, Answer, Door},
        link::Answerer,
        pass, propose,
    },
    listing::{self, Content, Kind, Scores, Target, Verdict},
    mail::Address,
    member::{self, Role},
    organisation,
    table::{ExportArgs, ImportArgs, RowKind, export, import},
    team::{self, Lead, NewTeam, NewUniversity},
    zone::{self, NewZone},
};

use crate::support::{
    Page, TestApp, Visitor, corpus,
    scene::{need_content, result_content},
};

const ZHAO: &str = "zhao@jinfeng.example";

async fn asks(visitor: &Visitor<'_>, email: &str, headers: &[(&str, &str)]) -> Page {
    let page = visitor.get("/sign-in").await;
    let (action, fields) = page.form("main form");
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields.iter().filter(|(name, _)| name != "email")).append_pair("email", email);
    visitor.send(Method::POST, &action, Some(body.finish()), headers).await
}

async fn is_signed_in(visitor: &Visitor<'_>) -> bool {
    visitor.get("/my").await.status == 200
}

fn digits(text: &str) -> String {
    let line = text.lines().find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
    line.expect("a letter with six digits").to_owned()
}

// ── Who is known ─────────────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn known_and_unknown_addresses_take_the_same_work() {
    let app = TestApp::start().await;
    app.leave_rest();
    let firm = app.enterprise("known").await;
    app.staff(Role::Broker).await;
    let unknown = "unknown@firm.example";
    let mut seen = BTreeMap::<&str, Vec<_>>::new();
    for (who, email) in [("member", firm.email.as_str()), ("staff", "broker@park.example"), ("nobody", unknown)] {
        let visitor = app.visitor();
        let page = visitor.get("/sign-in").await;
        let (asked, sent) = app.statements(visitor.submit(&page, "main form", &[("email", email)])).await;
        let path = sent.location().unwrap();
        let (looked, page) = app.statements(visitor.get(&path)).await;
        let (tried, wrong) = app.statements(visitor.submit(&page, "main form", &[("code", "000000")])).await;
        // The page shows the address as it was typed, two letters of it; nothing else may differ.
        let same = |page: &Page| page.html.replace(&visitor_token(&page.html), "").len();
        let masked = Address::parse(email).unwrap().masked().len();
        seen.insert(
            who,
            vec![
                asked,
                looked,
                tried,
                u64::from(sent.status),
                u64::from(page.status),
                u64::from(wrong.status),
                u64::try_from(same(&page) - masked).unwrap(),
                u64::try_from(sent.headers.len()).unwrap(),
            ],
        );
    }
    // The sealed ticket holds the address, so that its length tells only what the asker typed.
    let ticket = |email: &str| email.len();
    assert_eq!(ticket(unknown), ticket("unknown@firm.example"));
    let lengths: BTreeSet<u64> = seen.values().map(|each| each[0]).collect();
    assert_eq!(lengths.len(), 1, "the number of statements tells who is known: {seen:?}");
    for at in [1, 2, 3, 4, 5, 7] {
        let values: BTreeSet<u64> = seen.values().map(|each| each[at]).collect();
        assert_eq!(values.len(), 1, "{at} tells who is known: {seen:?}");
    }
}

/// The hidden values of a page, which are long or short by the address that was typed.
fn visitor_token(html: &str) -> String {
    let page = Html::parse_document(html);
    let ticket = Selector::parse("input[name=ticket]").unwrap();
    page.select(&ticket).next().and_then(|field| field.attr("value")).unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn letters_are_limited_by_account_and_by_network_address() {
    let app = TestApp::start_with(|config| config.proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    app.leave_rest();
    let thief = app.visitor();
    let from = |number: u32| format!("198.51.{}.{}", number / 250, number % 250 + 1);
    // One account, one network address: first the account says stop, then the network address.
    let mut statuses = BTreeMap::<u16, u32>::new();
    for _ in 0..1_000 {
        let page = asks(&thief, ZHAO, &[("x-forwarded-for", "198.51.100.7")]).await;
        *statuses.entry(page.status).or_default() += 1;
        assert!(page.status != 429 || page.headers.contains_key("retry-after"));
    }
    assert_eq!(statuses[&303], 5);
    let refused_by_account = statuses[&422];
    // The bucket of a network address fills again while the test runs.
    assert!((55..=120).contains(&refused_by_account) && statuses[&429] >= 870, "{statuses:?}");
    // One account, two hundred network addresses: the account still says stop.
    for number in 0..200 {
        let page = asks(&thief, ZHAO, &[("x-forwarded-for", &from(number))]).await;
        assert_eq!(page.status, 422);
    }
    // One network address, many accounts.
    let mut taken = 0;
    for number in 0..100 {
        let email = format!("a{number}@jinfeng.example");
        let page = asks(&thief, &email, &[("x-forwarded-for", "203.0.113.8")]).await;
        taken += u32::from(page.status == 303);
    }
    assert!((60..=65).contains(&taken), "{taken} letters for one network address");
    app.run_until_idle().await;
    assert_eq!(app.mails_to(ZHAO).len(), 5);
}

#[actix_web::test]
async fn the_owner_of_an_attacked_account_is_told_and_comes_in() {
    let app = TestApp::start().await;
    let (owner, thief) = (app.visitor(), app.visitor());
    let mut guesses = 0;
    // A day of guessing: every hour, every letter that the account allows, every try that a letter allows.
    for _ in 0..3 {
        for _ in 0..5 {
            let page = asks(&thief, ZHAO, &[]).await;
            assert_eq!(page.status, 303);
            let page = thief.follow(page).await;
            app.run_until_idle().await;
            let sent = app.mails_to(ZHAO);
            let letter = sent.iter().rev().find(|mail| mail.text.contains("/sign-in/")).unwrap();
            let right = digits(&letter.text);
            for guess in 0..6 {
                let typed = format!("{:06}", (right.parse::<u32>().unwrap() + guess + 1) % 1_000_000);
                let answer = thief.submit(&page, "main form", &[("code", &typed)]).await;
                assert_eq!(answer.status, 422);
                guesses += u32::from(answer.main().contains("还可以试"));
            }
        }
        app.forward(chrono::TimeDelta::minutes(61));
    }
    assert!(guesses <= 10, "{guesses} guesses were taken");
    // Even the right digits are not taken any more: whoever knows them may have guessed them.
    let page = asks(&thief, ZHAO, &[]).await;
    let page = thief.follow(page).await;
    app.run_until_idle().await;
    let letters = app.mails_to(ZHAO);
    let letter = letters.iter().rev().find(|mail| mail.text.contains("/sign-in/")).unwrap();
    let closed = thief.submit(&page, "main form", &[("code", &digits(&letter.text))]).await;
    assert!(closed.errors()[0].contains("用信里的链接登录"), "{:?}", closed.errors());
    assert!(!is_signed_in(&thief).await);
    // The owner has been told, once, and comes in by the link of any letter that he has.
    let told = letters.iter().filter(|mail| mail.subject.starts_with("有人在试你的验证码")).count();
    assert_eq!(told, 1);
    let link = owner.path_of(&letter.link("/sign-in/"));
    let page = owner.get(&link).await;
    assert_eq!(owner.submit(&page, "main form", &[]).await.status, 303);
    assert!(is_signed_in(&owner).await);
    // After a day the digits are taken again.
    app.forward(chrono::TimeDelta::hours(25));
    let page = owner.follow(asks(&owner, ZHAO, &[]).await).await;
    app.run_until_idle().await;
    let code = digits(&app.sink.last_to(ZHAO).text);
    assert_eq!(owner.submit(&page, "main form", &[("code", &code)]).await.status, 303);
}

// ── Sessions and links ───────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn signing_out_everywhere_ends_every_session_at_once() {
    let app = TestApp::start().await;
    let (office, phone, thief) = (app.signed_in(ZHAO).await, app.signed_in(ZHAO).await, app.signed_in(ZHAO).await);
    let other = app.signed_in("li@jinfeng.example").await;
    let page = phone.get("/my/particulars").await;
    assert!(page.main().contains("共有 3 处登录着"), "{}", page.main());
    let done = phone.submit(&page, "form[action='/my/sessions/closure']", &[]).await;
    assert_eq!(done.location().as_deref(), Some("/"));
    for visitor in [&office, &phone, &thief] {
        assert!(!is_signed_in(visitor).await, "a session outlived its end");
    }
    assert!(is_signed_in(&other).await);
    let again = app.signed_in(ZHAO).await;
    assert!(again.get("/my/particulars").await.main().contains("只在这一处登录"));
}

#[actix_web::test]
async fn what_is_over_is_forgotten() {
    let app = TestApp::start().await;
    let (idle, busy) = (app.signed_in(ZHAO).await, app.signed_in("li@jinfeng.example").await);
    asks(&app.visitor(), ZHAO, &[]).await;
    app.run_until_idle().await;
    let kept = async || {
        let rows = app.rows().await;
        (rows["sign_in_codes"].len(), rows["sessions"].len())
    };
    assert_eq!(kept().await, (3, 2));
    app.forward(chrono::TimeDelta::days(3));
    assert!(is_signed_in(&busy).await);
    app.run_until_idle().await;
    assert_eq!(kept().await, (0, 2));
    app.forward(chrono::TimeDelta::days(5));
    app.run_until_idle().await;
    assert_eq!(kept().await, (0, 1));
    assert!(is_signed_in(&busy).await && !is_signed_in(&idle).await);
}

#[actix_web::test]
async fn a_barred_member_is_out_at_once_and_stays_out() {
    let app = TestApp::start().await;
    app.leave_rest();
    let administrator = app.staff(Role::Administrator).await;
    let curator = app.staff(Role::Curator).await;
    assert_eq!(curator.get("/desk").await.status, 200);
    let email = "curator@park.example";
    let open = app.visitor();
    let code_page = open.follow(asks(&open, email, &[]).await).await;
    app.run_until_idle().await;
    let letter = app.sink.last_to(email);
    let page = administrator.get("/desk/staff").await;
    let done = administrator.submit(&page, "main form", &[("email", email), ("role", "barred")]).await;
    assert_eq!(done.status, 303, "{}", done.main());
    // The session, the letter that had left, and letters that are asked for now.
    assert_eq!(curator.get("/desk").await.location().as_deref(), Some("/sign-in?next=%2Fdesk"));
    let late = open.submit(&code_page, "main form", &[("code", &digits(&letter.text))]).await;
    assert_eq!(late.status, 422);
    let page = open.get(&open.path_of(&letter.link("/sign-in/"))).await;
    assert!(!page.has("main form"), "a letter that was sent before still signs in");
    let code_page = open.follow(asks(&open, email, &[]).await).await;
    app.run_until_idle().await;
    let letter = app.sink.last_to(email);
    let link = open.get(&open.path_of(&letter.link("/sign-in/"))).await;
    let late = open.submit(&code_page, "main form", &[("code", &digits(&letter.text))]).await;
    assert!(late.errors()[0].contains("已被园区停用"), "{:?}", late.errors());
    assert_eq!(open.submit(&link, "main form", &[]).await.status, 410);
    assert!(!is_signed_in(&open).await);
    // Nobody keeps himself out, and a role lets in again.
    let page = administrator.get("/desk/staff").await;
    let own = [("email", "administrator@park.example"), ("role", "barred")];
    assert_eq!(administrator.submit(&page, "main form", &own).await.status, 422);
    administrator.submit(&page, "main form", &[("email", email), ("role", "curator")]).await;
    assert_eq!(app.signed_in(email).await.get("/desk").await.status, 200);
}

#[actix_web::test]
async fn a_barred_members_answer_link_is_worth_nothing() {
    let app = TestApp::start().await;
    app.leave_rest();
    let (firm, team) = (app.enterprise("firm").await, app.team("team").await);
    let need = app.live_need(&firm, "柚皮提取果胶得率低").await;
    let reason = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";
    let id = propose::propose(&app.app, firm.member, need, team.id, reason, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, id).await.unwrap();
    app.run_until_idle().await;
    let link = app.mails_to(&team.email).iter().rev().find_map(|mail| {
        let line = mail.text.lines().find(|line| line.contains("hall.example/introductions/"))?;
        Some(line[line.find("/introductions/").unwrap()..].split('#').next().unwrap().to_owned())
    });
    let lead = app.visitor();
    let page = lead.get(&link.unwrap()).await;
    member::bar::bar(&app.app, &Address::parse(&team.email).unwrap()).await.unwrap();
    let (action, mut fields) = page.form("#accept form");
    fields.retain(|(name, _)| name != "times");
    fields.push(("times".to_owned(), "2026-11-20T10:00".to_owned()));
    fields.push(("consent".to_owned(), "yes".to_owned()));
    lead.post_fields(&action, &fields).await;
    let after = introduction::store::by_id(&app.app.db, id).await.unwrap().unwrap();
    assert_eq!(after.state, introduction::State::AwaitingTeam);
}

#[actix_web::test]
async fn a_link_sent_twice_at_the_same_moment_signs_in_once() {
    let app = TestApp::start().await;
    let (one, other) = (app.visitor(), app.visitor());
    asks(&one, ZHAO, &[]).await;
    app.run_until_idle().await;
    let link = one.path_of(&app.sink.last_to(ZHAO).link("/sign-in/"));
    let (page_one, page_other) = (one.get(&link).await, other.get(&link).await);
    let (first, second) = futures_util::future::join(
        one.submit(&page_one, "main form", &[]),
        other.submit(&page_other, "main form", &[]),
    )
    .await;
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    assert_ne!(is_signed_in(&one).await, is_signed_in(&other).await);
}

#[actix_web::test]
async fn letters_lead_to_the_configured_site_whatever_the_request_says() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let evil = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
    let page = visitor.send(Method::GET, "/sign-in", None, &evil).await;
    let (action, mut fields) = page.form("main form");
    fields.retain(|(name, _)| name != "email");
    fields.push(("email".to_owned(), ZHAO.to_owned()));
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let page = visitor.send(Method::POST, &action, Some(body), &evil).await;
    app.run_until_idle().await;
    let letter = app.sink.last_to(ZHAO);
    assert!(letter.link("/sign-in/").starts_with("http://hall.example/sign-in/"));
    for text in [&letter.text, &letter.html, &page.html] {
        assert!(!text.contains("evil.example"), "{text}");
    }
}

// ── Headers that say who stands before us ────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn forwarded_headers_are_believed_from_our_proxies_alone() {
    let limits = |proxies: &'static [&'static str]| {
        move |config: &mut yonglianhui::config::Config| {
            config.reads_per_minute = 3;
            config.proxies = proxies.iter().map(|each| each.parse().unwrap()).collect();
        }
    };
    let reads = async |app: &TestApp| {
        let mut taken = 0;
        for number in 0..8 {
            let from = format!("198.51.100.{number}");
            let headers =
                [("x-forwarded-for", from.as_str()), ("forwarded", &format!("for={from}")), ("x-real-ip", &from)];
            taken += u32::from(app.visitor().send(Method::GET, "/", None, &headers).await.status == 200);
        }
        taken
    };
    let app = TestApp::start_with(limits(&[])).await;
    assert_eq!(reads(&app).await, 3, "somebody who invents addresses reads as one");
    let app = TestApp::start_with(limits(&["127.0.0.1"])).await;
    assert_eq!(reads(&app).await, 8, "who comes by our proxy is told apart");
    // Scheme and host come from the settings: a plain site stays plain, a secure one secure.
    let app = TestApp::start().await;
    let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")];
    let page = app.visitor().send(Method::GET, "/sign-in", None, &headers).await;
    assert!(!page.headers["set-cookie"].contains("Secure") && !page.headers.contains_key("strict-transport-security"));
    let app = TestApp::start_with(|config| config.base_url = Some("https://hall.example".parse().unwrap())).await;
    let page = app.visitor().send(Method::GET, "/sign-in", None, &[("x-forwarded-proto", "http")]).await;
    assert!(page.headers["set-cookie"].contains("Secure") && page.headers.contains_key("strict-transport-security"));
}

// ── Reading everything ───────────────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn who_reads_everything_at_once_is_slowed_down() {
    let app = TestApp::start_with(|config| config.reads_per_minute = 100).await;
    let crawler = app.visitor();
    let started = Instant::now();
    let mut taken = 0_u32;
    for number in 0..1_000 {
        let page = crawler.get(&format!("/needs/{number}")).await;
        taken += u32::from(page.status == 404);
        if page.status == 429 {
            assert!(page.headers["retry-after"].parse::<u32>().unwrap() >= 1);
        }
    }
    let most = 101.0 + started.elapsed().as_secs_f64() * 100.0 / 60.0;
    assert!(taken >= 100 && f64::from(taken) <= most, "{taken} pages were read");
    // What pages are drawn with, and what monitors ask, is not counted.
    assert_eq!(crawler.get("/static/site.css").await.status, 200);
    assert_eq!(crawler.get("/healthz").await.status, 200);
}

/// Every page that can be reached from the front page, with what it says.
async fn crawl(visitor: &Visitor<'_>, seeds: &[&str], most: usize) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut ahead: VecDeque<String> = seeds.iter().map(|seed| (*seed).to_owned()).collect();
    let mut known: BTreeSet<String> = ahead.iter().cloned().collect();
    while let Some(path) = ahead.pop_front() {
        let page = visitor.get(&path).await;
        assert!(page.status < 500, "{path}: {}", page.status);
        let mut links = page.attributes("a", "href");
        links.extend(page.location());
        for link in links {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            // One page in two languages is one page; a search is looked at in its first form.
            let again = link.contains("lang=") || link.starts_with("/search") && link.contains('&');
            if link.starts_with('/') && !link.starts_with("//") && !again && known.insert(link.clone()) {
                ahead.push_back(link);
            }
        }
        pages.insert(path, page);
        assert!(pages.len() <= most, "there are more than {most} pages: {:?}", ahead.back());
    }
    pages
}

#[actix_web::test]
async fn no_contact_is_on_any_public_page() {
    let app = TestApp::start().await;
    app.leave_rest();
    let (firm, team) = (app.enterprise("quiet").await, app.team("silent").await);
    for number in 0..3 {
        app.live_need(&firm, &format!("柚皮提取果胶得率低之{number}")).await;
        app.live_result(&team, &format!("柚皮果胶绿色提取之{number}")).await;
    }
    let anonymous = Content { anonymous: true, ..need_content("竹条分选速度慢") };
    app.live(&firm, Kind::Need, anonymous).await;
    let mut offer = result_content("柚子罐头代工");
    offer.trl = None;
    app.live(&firm, Kind::Offer, offer).await;
    app.run_until_idle().await;
    let visitor = app.visitor();
    let seeds = ["/", "/needs", "/offers", "/results", "/teams", "/enterprises", "/search?q=果胶", "/sign-in"];
    let api = ["zones", "needs", "offers", "results", "enterprises", "teams", "openapi.json"]
        .map(|list| format!("/api/v1/{list}"));
    let mut seeds: Vec<&str> = seeds.into_iter().chain(api.iter().map(String::as_str)).collect();
    seeds.extend([
        "/api/v1/search?q=quiet",
        "/api/v1/search?q=果胶",
        "/search?q=quiet@firm.example",
        "/metrics",
        "/readyz",
    ]);
    let pages = crawl(&visitor, &seeds, 400).await;
    assert!(pages.len() > 30, "the crawl found {} pages only", pages.len());
    let planted = [
        firm.email.as_str(),
        &firm.phone,
        "企业联系人quiet",
        &team.email,
        &team.phone,
        "office-silent@lab.example",
        "office@lab.example",
        "scene@park.example",
    ];
    for (path, page) in &pages {
        let path_shows = |value: &str| path.contains(value);
        for value in planted.iter().filter(|value| !path_shows(value)) {
            assert!(!page.html.contains(*value), "{path} shows {value}");
        }
        let digits: String = page.html.chars().filter(char::is_ascii_digit).collect();
        let phone: String = firm.phone.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains(&phone), "{path} shows the telephone in another form");
    }
    assert!(!pages["/search?q=quiet@firm.example"].has(".rows li"), "an address finds its owner");
}

// ── Texts that want to be markup ─────────────────────────────────────────────────────────────────────────────────────

/// An enterprise and a team of `zone` whose every word is `text`; returns both, and who speaks for the team.
async fn parties_of(
    app: &TestApp,
    zone: ZoneId,
    member: MemberId,
    text: &str,
    number: usize,
) -> (OrganisationId, OrganisationId, MemberId) {
    let named = |word: &str| format!("{text}{word}{number}");
    let text = text.to_owned();
    let new = NewEnterprise {
        uscc: None,
        name: named("厂"),
        zone,
        region: "431103".to_owned(),
        industry: "1453".to_owned(),
        industry_name: text.clone(),
        size: Size::Small,
        about: text.clone(),
        products: vec![text.clone()],
        contact: Person { name: text.clone(), title: text.clone(), phone: text.clone() },
        import_key: None,
    };
    let firm = enterprise::register::register(&app.app, member, new, "").await.unwrap();
    organisation::verify::verify(&app.app, firm).await.unwrap();
    let new = NewTeam {
        university: NewUniversity {
            name: named("大学"),
            region: "430100".to_owned(),
            office_name: text.clone(),
            office_email: Address::parse("office@lab.example"),
        },
        name: named("组"),
        zone,
        lead: Some(Lead {
            name: text.clone(),
            title: text.clone(),
            email: Address::parse(&format!("t{number}@lab.example")).unwrap(),
            phone: text.clone(),
        }),
        office_email: None,
        capacity: 3,
        about: text.clone(),
        fields: vec![text.clone()],
        import_key: None,
    };
    let team = app.app.db.write(async |tx| team::enter::enter_in(tx, &app.app, &new).await).await.unwrap();
    let lead = app.member(&format!("t{number}@lab.example"), &text, &text).await;
    (firm, team, lead)
}

/// A park in which every text that anybody can write is `texts[n]`, for the n-th of everything.
/// The verbs are used, which ask less of a text than the forms do: what is shown is the templates' work.
async fn park_of(app: &TestApp, texts: &[String]) -> Vec<String> {
    let broker = app.appointed(Role::Broker).await;
    let staff = app.appointed(Role::Curator).await;
    let mut people = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let named = |word: &str| format!("{text}{word}{number}");
        let zone = NewZone {
            slug: format!("zone-{number}"),
            name: [named("区"), named("zone")],
            about: [text.clone(), text.clone()],
            colour: "#335544".to_owned(),
        };
        let zone = zone::create::create(&app.app, &zone).await.unwrap();
        let email = format!("p{number}@firm.example");
        let member = app.member(&email, text, text).await;
        app.app.db.write(async |tx| member::store::describe(tx, member, text, text, text).await).await.unwrap();
        let (firm, team, lead) = parties_of(app, zone, member, text, number).await;
        let content = |base: Content| Content {
            title: named(""),
            teaser: text.clone(),
            problem: text.clone(),
            targets: vec![Target { name: text.clone(), now: text.clone(), target: text.clone(), unit: text.clone() }],
            use_case: text.clone(),
            ip_note: text.clone(),
            partner: text.clone(),
            excluded: vec![text.clone()],
            advantage: text.clone(),
            economics: text.clone(),
            evidence: text.clone(),
            keywords: vec![text.clone()],
            zone: Some(zone),
            ..base
        };
        let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
        let mut live = Vec::new();
        for (owner, by, kind, verdict) in [
            (firm, member, Kind::Need, Verdict::Publish),
            (firm, member, Kind::Offer, Verdict::Publish),
            (firm, member, Kind::Need, Verdict::Return),
            (team, lead, Kind::Result, Verdict::Publish),
        ] {
            let base = if kind == Kind::Need { need_content("") } else { result_content("") };
            let id = listing::draft::create(&app.app, by, owner, kind, &content(base), "").await.unwrap();
            listing::submit::submit(&app.app, by, id).await.unwrap();
            listing::review::review(&app.app, staff, id, verdict, scores, text).await.unwrap();
            live.push(id);
        }
        let reason = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";
        let id = propose::propose(&app.app, member, live[0], team, reason, "").await.unwrap();
        // The verb takes no reason of this length; the page must not rely on it.
        let engine = app.app.db.reader().get_database_backend();
        let write = "UPDATE introductions SET reason = $1 WHERE id = $2";
        let write = Statement::from_sql_and_values(engine, write, [text.as_str().into(), id.0.into()]);
        app.app.db.reader().execute_raw(write).await.unwrap();
        if number % 3 != 0 {
            pass::pass(&app.app, broker, id).await.unwrap();
        }
        if number % 3 == 2 {
            let no = Answer::Decline {
                reason: introduction::DeclineReason::Full,
                words: text.clone(),
                door: Door::Open,
                colleague: None,
            };
            answer::answer(&app.app, Answerer::signed_in(lead), id, &no).await.unwrap();
        }
        let day =
            "2027-03-01".parse::<chrono::NaiveDate>().unwrap() + chrono::Days::new(u64::try_from(number).unwrap());
        calendar::declare::declare(&app.app, &Holiday { day, kind: DayKind::Rest, name: text.clone() }).await.unwrap();
        people.push(email);
        people.push(format!("t{number}@lab.example"));
    }
    app.run_until_idle().await;
    people
}

/// The elements and the attributes that the templates write.
struct Written {
    elements: BTreeSet<String>,
    attributes: BTreeSet<String>,
}

impl Written {
    fn read() -> Self {
        let mut written = Self { elements: BTreeSet::new(), attributes: BTreeSet::new() };
        // What the parser adds to a page that leaves it out.
        written.elements.insert("tbody".to_owned());
        for file in yonglianhui::templates::Files::iter().filter(|file| file.ends_with(".html")) {
            let bytes = yonglianhui::templates::Files::get(&file).unwrap().data.into_owned();
            let text = String::from_utf8(bytes).unwrap();
            let name = |text: &str| -> String {
                text.chars().take_while(|each| each.is_ascii_alphanumeric() || *each == '-').collect()
            };
            for (at, _) in text.match_indices('<') {
                let element = name(&text[at + 1..]);
                let is_component = text[at + 1 + element.len()..].starts_with('.');
                if !element.is_empty() && !is_component {
                    written.elements.insert(element);
                }
            }
            for word in text.split(|each: char| each.is_whitespace() || matches!(each, '<' | '>' | '}' | '{' | '/')) {
                let attribute = name(word);
                if !attribute.is_empty() {
                    written.attributes.insert(attribute);
                }
            }
        }
        assert!(
            !written.attributes.iter().any(|each| each.starts_with("on") && each.len() > 5),
            "{:?}",
            written.attributes
        );
        written
    }
}

/// What is wrong with the pages that were read.
struct Markup {
    written: Written,
    wrong: Vec<String>,
    pages: usize,
    words: BTreeSet<&'static str>,
}

/// Words of the template language, as a page shows them.
const TEMPLATE_WORDS: [&str; 3] =
    ["{{ 7 * 7 }}", "{% for x in page %}{{ x }}{% endfor %}", "{{ site.base_url }}{# gone #}"];

impl Markup {
    fn new() -> Self {
        Self { written: Written::read(), wrong: Vec::new(), pages: 0, words: BTreeSet::new() }
    }

    fn read(&mut self, page: &Page) {
        self.pages += 1;
        if !page.headers.get("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            return;
        }
        let document = Html::parse_document(&page.html);
        for node in document.tree.nodes() {
            let Some(element) = node.value().as_element() else { continue };
            let name = element.name();
            let mut wrong = |why: String| self.wrong.push(format!("{}: <{name}> {why}", page.path));
            if !self.written.elements.contains(name) {
                wrong("is in no template".to_owned());
            }
            for (attribute, value) in element.attrs() {
                if !self.written.attributes.contains(attribute) || attribute.starts_with("on") || attribute == "style" {
                    wrong(format!("has {attribute}={value:?}"));
                }
                let leads = ["href", "src", "action", "formaction", "poster", "data", "srcset"].contains(&attribute);
                let bare: String = value.chars().filter(|each| !each.is_whitespace() && !each.is_control()).collect();
                let stays = bare.starts_with(['/', '#', '?']) && !bare.starts_with("//")
                    || bare == "https://beian.miit.gov.cn/"
                    || bare.starts_with("mailto:")
                    || bare.starts_with("http://hall.example/");
                if leads && !stays && !bare.is_empty() {
                    wrong(format!("leads to {attribute}={value:?}"));
                }
            }
            let speaks =
                node.children().any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()));
            let is_own_script = name == "script" && element.attr("src").is_some_and(|src| src.starts_with("/static/"));
            if name == "style" || name == "script" && (speaks || !is_own_script) || element.attr("http-equiv").is_some()
            {
                wrong("is not ours".to_owned());
            }
        }
        let plain = page.html.replace("&#x2F;", "/");
        self.words.extend(TEMPLATE_WORDS.into_iter().filter(|words| plain.contains(words)));
    }
}

/// Every page of a park that is made of `texts`: as nobody, as its people and as staff; and every
/// form, sent back with its fields full of them.
async fn markup_of(texts: &[String]) -> Markup {
    let text = texts[0].clone();
    let app = TestApp::start_with(move |config| {
        config.site_name.clone_from(&text);
        config.operator.clone_from(&text);
        config.icp.clone_from(&text);
        config.complaint_contact.clone_from(&text);
    })
    .await;
    app.leave_rest();
    let people = park_of(&app, texts).await;
    let mut markup = Markup::new();
    let administrator = app.staff(Role::Administrator).await;
    let most = 200 + texts.len() * 40;
    let seeds = [
        "/",
        "/my",
        "/desk",
        "/desk/holidays",
        "/desk/staff",
        "/desk/zones",
        "/desk/mails",
        "/offers",
        "/results",
        "/search",
    ];
    for page in crawl(&administrator, &seeds, most).await.values() {
        markup.read(page);
    }
    for (number, email) in people.iter().enumerate() {
        let visitor = app.signed_in(email).await;
        let own = visitor.get("/my").await;
        markup.read(&own);
        for link in own.attributes("main a", "href").iter().filter(|link| link.starts_with('/')) {
            let page = visitor.get(link).await;
            markup.read(&page);
            for next in page.attributes("main a", "href") {
                if next.ends_with("/edit") || next.ends_with("/matches") || next.ends_with("/preview") {
                    markup.read(&visitor.get(&next).await);
                }
            }
        }
        markup.read(&visitor.get("/my/particulars").await);
        // The page of the mailed link.
        for mail in app.mails_to(email) {
            for line in mail.text.lines().filter(|line| line.starts_with("http://hall.example/introductions/")) {
                markup.read(&app.visitor().get(&app.visitor().path_of(line)).await);
            }
        }
        // Once for each text; the other half of the people are the leads of teams.
        if number % 2 == 1 {
            continue;
        }
        let text = &texts[number / 2];
        for path in ["/sign-in", "/enterprises/new", "/needs/new", "/offers/new", "/results/new", "/my/particulars"] {
            full_of(&visitor, path, text, &mut markup).await;
        }
        for path in ["/desk/staff", "/desk/zones", "/desk/teams/new", "/desk/holidays"] {
            full_of(&administrator, path, text, &mut markup).await;
        }
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/search?q={query}"),
            format!("/search?q=a&zone={query}&kind={query}&sort={query}&page={query}"),
            format!("/needs?zone={query}"),
            format!("/sign-in?next={query}"),
            format!("/sign-in/code?ticket={query}"),
            format!("/sign-in/{query}"),
            format!("/introductions/{query}"),
            format!("/introductions/new?need={query}&team={query}"),
            format!("/{query}"),
            format!("/needs/{query}"),
            format!("/?lang={query}"),
        ] {
            markup.read(&visitor.get(&path).await);
        }
    }
    markup
}

/// Sends the form of a page with `text` in all its fields, and reads what comes back.
async fn full_of(visitor: &Visitor<'_>, path: &str, text: &str, markup: &mut Markup) {
    let page = visitor.get(path).await;
    if !page.has("main form:has(input[name=csrf])") {
        return;
    }
    let (action, fields) = page.form("main form:has(input[name=csrf])");
    let kept = |name: &str| ["csrf", "key", "version"].contains(&name);
    let fields: Vec<(String, String)> = fields
        .into_iter()
        .map(|(name, value)| if kept(&name) { (name, value) } else { (name, text.to_owned()) })
        .collect();
    let answer = visitor.post_fields(&action, &fields).await;
    assert!(answer.status < 500, "{path}: {} with {text}", answer.status);
    markup.read(&answer);
}

#[test]
fn markup_that_is_not_ours_is_seen() {
    for (bad, html) in [
        ("an element", "<main><blink>x</blink></main>"),
        ("a handler", "<main><img src=/x onerror=alert(1)></main>"),
        ("an attribute", "<main><a href=/ ping=/x>x</a></main>"),
        ("a style", "<main style=color:red></main>"),
        ("a link", "<main><a href=' java\nscript:alert(1)'>x</a></main>"),
        ("another site", "<main><form action=//evil.example></form></main>"),
        ("a script", "<main><script>alert(1)</script></main>"),
        ("another's script", "<main><script src=https://evil.example/x.js></script></main>"),
        ("a refresh", "<meta http-equiv=refresh content=0>"),
        ("a base", "<base href=/>"),
    ] {
        let mut markup = Markup::new();
        let headers = BTreeMap::from([("content-type".to_owned(), "text/html; charset=utf-8".to_owned())]);
        markup.read(&Page { path: String::new(), status: 200, headers: headers.clone(), html: html.to_owned() });
        assert!(!markup.wrong.is_empty(), "{bad} is not seen");
    }
}

#[actix_web::test]
async fn what_people_write_is_never_markup() {
    let strings = corpus::strings();
    assert!(strings.len() >= 200);
    // Each text is many strings; every string stands in every field. The long form gives each more room.
    let together = if std::env::var_os("YLH_TEST_ENDURE").is_some() { 6 } else { 46 };
    let texts: Vec<String> = strings.chunks(together).map(|chunk| chunk.join(" ")).collect();
    let seen = markup_of(&texts).await;
    assert!(seen.wrong.is_empty(), "{} of them: {:#?}", seen.wrong.len(), &seen.wrong[..seen.wrong.len().min(9)]);
    assert!(seen.pages > 200, "{} pages", seen.pages);
    assert_eq!(
        seen.words.len(),
        TEMPLATE_WORDS.len(),
        "words of the template language are not printed: {:?}",
        seen.words
    );
}

// ── Sheets that want to be formulas ──────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn no_cell_of_an_export_is_a_formula_and_it_comes_back_as_it_was() {
    let app = TestApp::start().await;
    app.leave_rest();
    let (firm, team) = (app.enterprise("one").await, app.team("two").await);
    let formulas = [
        "=HYPERLINK(\"http://canary.example/\",\"点我\")",
        "+1+cmd|'/C calc'!A0",
        "-2+3",
        "@SUM(1+9)*cmd|'/C calc'!A0",
        "'=1+1",
        "''",
        "=1,=2\n=3;=4",
        "\"=1\"",
        "＝1＋1",
    ];
    for formula in formulas {
        // A line is kept with narrow marks, however it was typed.
        let line = formula.replace('＝', "=").replace('＋', "+").replace('\n', " ");
        let said = |base: Content| Content {
            title: line.clone(),
            teaser: line.clone(),
            problem: formula.to_owned(),
            partner: formula.to_owned(),
            ..base
        };
        app.live(&firm, Kind::Need, said(need_content(""))).await;
        app.live(&team, Kind::Result, said(result_content(""))).await;
    }
    app.run_until_idle().await;
    for kind in [RowKind::Need, RowKind::Result, RowKind::Enterprise, RowKind::Team] {
        for end in ["csv", "jsonl"] {
            let file = app.folder().join(format!("rows.{end}"));
            export::command(&app.app, &ExportArgs { kind, file: file.clone() }).await.unwrap();
            if end == "csv" {
                let text = std::fs::read(&file).unwrap();
                let mut sheet = csv::Reader::from_reader(text.strip_prefix("\u{feff}".as_bytes()).unwrap());
                for cell in
                    sheet.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
                {
                    assert!(
                        !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']),
                        "{cell:?} is a formula"
                    );
                }
            }
            let before = app.rows().await["listings"].len();
            let said = contents(&app).await;
            let args = ImportArgs { kind, file, dry_run: false, errors: None, publish: false, owner: None };
            let done = import::import(&app.app, &args, |_| {}).await.unwrap();
            assert_eq!((done.made, done.refused), (0, 0), "{kind:?} {end}");
            assert_eq!(app.rows().await["listings"].len(), before);
            for (now, before) in contents(&app).await.into_iter().zip(said) {
                assert_eq!(now, before, "{kind:?} {end}");
            }
        }
    }
}

async fn contents(app: &TestApp) -> Vec<(i64, Content)> {
    let mut all = Vec::new();
    for kind in [Kind::Need, Kind::Result] {
        let ids = listing::store::of_kind(&app.app.db, kind).await.unwrap();
        let found = listing::store::by_ids(&app.app.db, &ids).await.unwrap();
        all.extend(found.into_iter().map(|listing| (listing.id.0, listing.content)));
    }
    all.sort_by_key(|(id, _)| *id);
    all
}
