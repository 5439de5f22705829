//! What the program writes about itself: enough to find out what happened, and nothing about people.

use std::{fs::File, path::Path, time::Duration};

use scraper::{Html, Selector};
use sea_orm::ConnectionTrait as _;
use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    db::Read as _,
    enterprise::{self, NewEnterprise, Person, Size, uscc::Uscc},
    fault::Fault,
    id::{ListingId, MemberId, OrganisationId},
    listing::{self, Budget, Content, Cooperation, Kind, NeedType, Scores, Verdict},
    mail::Address,
    member::{self, Role},
    organisation,
    team::{self, Lead, NewTeam, NewUniversity},
    words::Language,
    zone::{self, NewZone},
};

use crate::{
    database,
    report::Line,
    server::{Answer, Browser, Server, wait_until},
    sink::{Parsed, Rule, Sink},
};

const OWNER: &str = "planted-owner@jinfeng.example";
const LEAD: &str = "planted-lead@lab.example";
const BROKER: &str = "planted-broker@park.example";
const LOST: &str = "planted-lost@nowhere.example";
const OWNER_NAME: &str = "诸葛植甲";
const LEAD_NAME: &str = "欧阳植乙";
const OWNER_PHONE: &str = "0746-5559173";
const LEAD_PHONE: &str = "13955501888";
const REASON: &str = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次植丙放大试验。";

struct Scene {
    app: App,
    need: ListingId,
    team: OrganisationId,
}

async fn person(app: &App, email: &str, name: &str, phone: &str) -> MemberId {
    let email = Address::parse(email).unwrap();
    app.db
        .write(async |tx| {
            let member = member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?;
            member::store::describe(tx, member.id, name, "", phone).await?;
            Ok::<_, Fault>(member.id)
        })
        .await
        .unwrap()
}

async fn scene(folder: &Path, database: &str) -> Scene {
    let mut config = Config::plain(folder.to_owned()).unwrap();
    database.clone_into(&mut config.database_url);
    let app = App::beside(config, Clock::Machine).await.unwrap();
    let new = NewZone {
        slug: "food".to_owned(),
        name: ["食品展区".to_owned(), "Food".to_owned()],
        about: [String::new(), String::new()],
        colour: "#335544".to_owned(),
    };
    let zone = zone::create::create(&app, &new).await.unwrap();
    let owner = person(&app, OWNER, OWNER_NAME, OWNER_PHONE).await;
    let new = NewEnterprise {
        uscc: Some(Uscc::parse("91431103MA4Q00008A").unwrap()),
        name: "示例果业".to_owned(),
        zone,
        region: "431103".to_owned(),
        industry: "1453".to_owned(),
        industry_name: String::new(),
        size: Size::Small,
        about: "水果加工。".to_owned(),
        products: Vec::new(),
        contact: Person { name: OWNER_NAME.to_owned(), title: String::new(), phone: OWNER_PHONE.to_owned() },
        import_key: None,
    };
    let firm = enterprise::register::register(&app, owner, new, "").await.unwrap();
    organisation::verify::verify(&app, firm).await.unwrap();
    let new = NewTeam {
        university: NewUniversity {
            name: "示例大学".to_owned(),
            region: "430100".to_owned(),
            office_name: "科研院".to_owned(),
            office_email: None,
        },
        name: "示例团队".to_owned(),
        zone,
        lead: Some(Lead {
            name: LEAD_NAME.to_owned(),
            title: "教授".to_owned(),
            email: Address::parse(LEAD).unwrap(),
            phone: LEAD_PHONE.to_owned(),
        }),
        office_email: None,
        capacity: 3,
        about: "食品工程。".to_owned(),
        fields: vec!["果胶".to_owned()],
        import_key: None,
    };
    let team = app.db.write(async |tx| team::enter::enter_in(tx, &app, &new).await).await.unwrap();
    let lead = person(&app, LEAD, LEAD_NAME, LEAD_PHONE).await;
    let staff = Address::parse(BROKER).unwrap();
    let staff = member::appoint::appoint(&app, &staff, "司马植丁", Role::Broker).await.unwrap();
    let content = Content {
        zone: Some(zone),
        need_type: Some(NeedType::Technical),
        title: "柚皮提取果胶得率低".to_owned(),
        teaser: "求可行的工艺办法。".to_owned(),
        problem: "现用盐酸提取，废水多。".to_owned(),
        budget: Some(Budget::From20To50),
        cooperation: vec![Cooperation::Development],
        trl: Some((6, 6)),
        industry: "1453".to_owned(),
        ..Content::default()
    };
    let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
    let mut ids = Vec::new();
    for (by, whose, kind) in [(owner, firm, Kind::Need), (lead, team, Kind::Result)] {
        let content = Content { need_type: content.need_type.filter(|_| kind == Kind::Need), ..content.clone() };
        let id = listing::draft::create(&app, by, whose, kind, &content, "").await.unwrap();
        listing::submit::submit(&app, by, id).await.unwrap();
        listing::review::review(&app, staff, id, Verdict::Publish, scores, "").await.unwrap();
        ids.push(id);
    }
    Scene { app, need: ids[0], team }
}

/// The form that `selector` finds, with everything that it holds; `values` in place of what has their names.
fn fields_of(page: &Answer, selector: &str, values: &[(&str, &str)]) -> (String, String) {
    let document = Html::parse_document(&page.body);
    let form = document.select(&Selector::parse(selector).unwrap()).next();
    let form = form.unwrap_or_else(|| panic!("no form {selector} in ({}):\n{}", page.status, page.body));
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for field in form.select(&Selector::parse("input, textarea").unwrap()) {
        let name = field.attr("name").unwrap_or_default();
        let is_box = matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none();
        if !is_box && !name.is_empty() && values.iter().all(|(each, _)| *each != name) {
            body.append_pair(name, field.attr("value").unwrap_or_default());
        }
    }
    body.extend_pairs(values);
    (form.attr("action").unwrap().to_owned(), body.finish())
}

fn letter(sink: &Sink, email: &str, holds: &str) -> Parsed {
    let find = || sink.mails_to(email).iter().map(|mail| mail.parsed()).rev().find(|mail| mail.text.contains(holds));
    wait_until(Duration::from_secs(30), "a letter has not come", || find().is_some());
    find().unwrap()
}

fn path(link: &str) -> String {
    let at = link.find("://").unwrap() + 3;
    let path = &link[at + link[at..].find('/').unwrap()..];
    path.split('#').next().unwrap().to_owned()
}

fn digits(text: &str) -> String {
    text.lines().find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit())).unwrap().to_owned()
}

/// The people, the server, and every value that must not be written.
struct Walk<'a> {
    server: &'a Server,
    sink: &'a Sink,
    planted: Vec<String>,
    owner: Browser,
    broker: Browser,
}

impl Walk<'_> {
    fn plant(&mut self, value: impl Into<String>) {
        self.planted.push(value.into());
    }

    /// The owner signs in with digits, after wrong ones; somebody asks for an address that refuses.
    fn signs_in(&mut self) {
        let page = self.owner.get(self.server, "/sign-in?next=/my");
        let sent = self.owner.submit(self.server, &page, &[("email", OWNER)]);
        assert_eq!(sent.status, 303, "{}", sent.body);
        self.plant(sent.location.split("ticket=").nth(1).unwrap());
        let mail = letter(self.sink, OWNER, "/sign-in/");
        let code = digits(&mail.text);
        self.plant(&code);
        self.plant(last(&mail.link("/sign-in/")));
        let page = self.owner.get(self.server, &sent.location);
        let wrong = if code == "111111" { "222222" } else { "111111" };
        assert_eq!(self.owner.submit(self.server, &page, &[("code", wrong)]).status, 422);
        assert_eq!(self.owner.submit(self.server, &page, &[("code", &code)]).status, 303);
        let mut lost = Browser::default();
        let page = lost.get(self.server, "/sign-in");
        assert_eq!(lost.submit(self.server, &page, &[("email", LOST)]).status, 303);
        wait_until(Duration::from_secs(30), "the refused letter was not tried", || self.sink.tries_of(LOST) > 0);
    }

    /// He writes who he is, posts, and asks for an introduction; returns its number.
    fn asks(&mut self, scene: &Scene) -> String {
        let page = self.owner.get(self.server, "/my/particulars");
        let name = format!("{OWNER_NAME}新");
        let saved = self.owner.submit(self.server, &page, &[("name", &name), ("phone", OWNER_PHONE)]);
        assert_eq!(saved.status, 303, "{}", saved.body);
        let page = self.owner.get(self.server, "/needs/new");
        let said = [("title", "植戊的题目"), ("teaser", "植戊"), ("problem", "植戊"), ("zone", "food")];
        let posted = self.owner.submit(self.server, &page, &said);
        assert_eq!(posted.status, 303, "{}", posted.body);
        let url = format!("/introductions/new?need={}&team={}", scene.need, scene.team);
        let page = self.owner.get(self.server, &url);
        let asked = self.owner.submit(self.server, &page, &[("reason", REASON)]);
        assert_eq!(asked.status, 303, "{}", asked.body);
        asked.location.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned()
    }

    /// A broker signs in by a link and passes it on; the team answers by its link, the owner by his.
    async fn is_introduced(&mut self, scene: &Scene, number: &str) {
        let link = member::sign_in::link_for(&scene.app, &Address::parse(BROKER).unwrap()).await.unwrap();
        self.plant(last(&link));
        let page = self.broker.get(self.server, &path(&link));
        assert_eq!(self.broker.submit(self.server, &page, &[]).status, 303);
        let page = self.broker.get(self.server, &format!("/desk/introductions/{number}"));
        let (action, body) = fields_of(&page, "form[action$='/passage']", &[]);
        assert_eq!(self.broker.request(self.server, "POST", &action, &body).status, 303);
        let mut lead = Browser::default();
        let link = path(&letter(self.sink, LEAD, "/introductions/").link("/introductions/"));
        self.plant(last(&link));
        let page = lead.get(self.server, &link);
        let time = (chrono::Utc::now() + chrono::TimeDelta::days(10)).format("%Y-%m-%dT10:00").to_string();
        let (action, body) = fields_of(&page, "#accept form", &[("times", &time), ("consent", "yes")]);
        assert_eq!(lead.request(self.server, "POST", &action, &body).status, 303);
        let link = path(&letter(self.sink, OWNER, "/introductions/").link("/introductions/"));
        self.plant(last(&link));
        let page = self.owner.get(self.server, &link);
        let document = Html::parse_document(&page.body);
        let choice = document.select(&Selector::parse("input[type=radio][name=times]").unwrap()).next();
        let choice = choice.map_or(String::new(), |choice| choice.attr("value").unwrap().to_owned());
        let taken = [("times", choice.as_str()), ("consent", "yes"), ("answer", "accept")];
        let (action, body) = fields_of(&page, "form:has([name=times])", &taken);
        let chosen = self.owner.request(self.server, "POST", &action, &body);
        assert_eq!(chosen.status, 303, "{}", chosen.body);
        letter(self.sink, OWNER, LEAD);
    }

    /// Requests that are refused, and requests whose addresses speak of people.
    fn strays(&mut self) {
        let cookies = [&self.owner, &self.broker].map(|browser| browser.cookies["ylh"].clone());
        self.planted.extend(cookies);
        assert_eq!(self.owner.request(self.server, "POST", "/needs", "title=planted").status, 403);
        for path in [
            format!("/search?q={OWNER}"),
            format!("/api/v1/search?q={OWNER_PHONE}"),
            format!("/planted/{OWNER}"),
            format!("/sign-in/{OWNER}"),
            format!("/enterprises/code?code={LEAD}"),
        ] {
            assert!(self.owner.get(self.server, &path).status < 500, "{path}");
        }
    }
}

fn last(link: &str) -> String {
    link.split('#').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[actix_web::test]
async fn the_logs_and_the_metrics_hold_nothing_personal() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    sink.rule(Rule::to(LOST).says(&format!("550 5.1.1 <{LOST}>: Recipient address rejected: ask {OWNER_PHONE}")));
    let scene = scene(folder.path(), &database.url).await;
    let log = folder.path().join("log");
    let server = Server::run(
        Server::command(folder.path(), &database.url, &sink)
            .arg("serve")
            .env("YLH_LOG", "debug")
            .env("YLH_LOG_FORMAT", "json")
            .env("YLH_DESK_EMAIL", "planted-desk@park.example")
            .stderr(File::create(&log).unwrap()),
    );
    let planted = [OWNER, LEAD, BROKER, LOST, OWNER_NAME, LEAD_NAME, OWNER_PHONE, LEAD_PHONE, REASON, "planted", "植"];
    let mut walk = Walk {
        server: &server,
        sink: &sink,
        planted: planted.map(str::to_owned).into(),
        owner: Browser::default(),
        broker: Browser::default(),
    };
    walk.signs_in();
    let number = walk.asks(&scene);
    walk.is_introduced(&scene, &number).await;
    walk.strays();
    // A query that breaks: the page shows a number, and the log has it.
    let engine = scene.app.db.reader();
    engine.execute_unprepared("ALTER TABLE disclosures RENAME TO disclosures_gone").await.unwrap();
    let broken = walk.owner.get(&server, "/my");
    assert_eq!(broken.status, 500, "{}", broken.body);
    engine.execute_unprepared("ALTER TABLE disclosures_gone RENAME TO disclosures").await.unwrap();
    let metrics = walk.owner.get(&server, "/metrics");
    assert_eq!(metrics.status, 200, "{}", metrics.body);
    let planted = walk.planted;
    server.kill();

    let text = std::fs::read_to_string(&log).unwrap();
    for value in &planted {
        assert!(value.len() >= 3);
        for (what, text) in [("log", &text), ("metrics", &metrics.body)] {
            let line = text.lines().find(|line| line.contains(value.as_str()));
            assert!(line.is_none(), "the {what} holds {value:?}: {}", line.unwrap_or_default());
        }
    }
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    tells_what_happened(&lines, &broken);
    let seen = format!("{} lines, {} planted values, none found", lines.len(), planted.len());
    let test = "the_logs_and_the_metrics_hold_nothing_personal";
    Line { test, rounds: 1, must_hold: "no name, address, telephone, token or text in logs and metrics", seen }.write();
}

/// The log is no empty file: each request, sign-in, refusal, delivery and failure is in it.
fn tells_what_happened(lines: &[serde_json::Value], broken: &Answer) {
    let said = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    let answered = said("answered");
    assert!(answered.len() > 25, "{} requests in the log", answered.len());
    for line in &answered {
        for field in ["timestamp", "level", "request.id", "method", "route", "status", "took_ms"] {
            assert!(!line[field].is_null(), "a request without its {field}: {line}");
        }
    }
    assert!(answered.iter().any(|line| line["route"] == "/introductions/{token}" && line["method"] == "POST"));
    let outcomes: Vec<&str> = said("sign-in").iter().filter_map(|line| line["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["letter", "wrong", "in", "letter", "in"]);
    assert!(said("sign-in").iter().any(|line| line["member.id"].is_i64()));
    assert_eq!(said("not allowed").len(), 1);
    assert_eq!(said("not allowed")[0]["why"], "forbidden");
    let failed = said("a request failed");
    assert_eq!(failed.len(), 1);
    assert!(failed[0]["fault"].as_str().unwrap().contains("disclosures"), "{}", failed[0]);
    assert!(broken.body.contains(failed[0]["request.id"].as_str().unwrap()), "the page shows another number");
    assert!(!broken.body.contains("disclosures"), "the page tells what only the log may");
    assert!(said("mail was tried").len() > 5, "deliveries are not in the log");
}
