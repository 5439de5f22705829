//! Several processes on one database: each finds what any of them saved, and nothing happens twice.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use chrono::{TimeDelta, Utc};
use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    db::Db,
    id::{MemberId, OrganisationId},
    introduction,
    listing::{self, Budget, Content, Cooperation, Kind, NeedType, Scores, Target, Verdict},
    mail::Address,
    member,
    secret::Secret,
    team::{self, Lead, NewTeam, NewUniversity},
    words::Language,
    zone,
};

use crate::{
    client::{Client, Posters, saved},
    database,
    report::{Line, is_full, rounds},
    scene,
    server::{Server, wait_until},
    sink::Sink,
    truth,
};

/// What the nodes of one site share besides the database.
const SECRET: &str = "a secret of this test's nodes, long enough";

/// A node with a folder of its own.
fn node(folder: &Path, name: &str, database: &str, sink: &Sink, command: &[&str]) -> Server {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    Server::run(Server::command(&folder, database, sink).env("YLH_SECRET", SECRET).args(command))
}

#[actix_web::test]
async fn what_one_node_saves_every_node_finds() {
    if std::env::var_os("YLH_TEST_POSTGRES").is_none() {
        return println!("several serving nodes want PostgreSQL (YLH_TEST_POSTGRES); nothing was shown");
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (enterprise, link) = scene::enterprise(folder.path(), &database.url).await;
    let one = node(folder.path(), "one", &database.url, &sink, &["serve"]);
    let other = node(folder.path(), "other", &database.url, &sink, &["serve", "--no-worker"]);
    let mut browser = crate::server::Browser::default();
    let page = browser.get(&one, &link);
    assert_eq!(browser.submit(&one, &page, &[]).status, 303);
    let rounds = rounds(10, 100);
    let mut times = Vec::new();
    for round in 0..rounds {
        let word = format!("nodeword{round}x");
        // Form on one node, sent to the other: they share sessions and tokens.
        let page = browser.get(&other, &format!("/enterprises/{enterprise}/edit"));
        let (from, to) = if round % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let answer = browser.submit(from, &page, &[("about", &format!("水果加工,{word}。"))]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        let committed = Instant::now();
        let found = || Client::in_english().get(to, &format!("/api/v1/search?q={word}")).unwrap().body;
        wait_until(Duration::from_secs(20), "the other node does not find it", || found().contains("\"total\":1"));
        times.push(committed.elapsed());
        let same = |server: &Server| {
            let body = Client::in_english().get(server, "/api/v1/search?q=水果").unwrap().body;
            let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
            (answer["total"].clone(), answer["hits"].clone())
        };
        wait_until(Duration::from_secs(20), "the nodes do not answer alike", || same(&one) == same(&other));
    }
    times.sort();
    let within = times.iter().filter(|time| **time < Duration::from_secs(1)).count();
    let seen = format!(
        "found on the other node after {} ms (median), {} ms (worst); {within} of {rounds} within a second; then the same hits",
        times[times.len() / 2].as_millis(),
        times[times.len() - 1].as_millis()
    );
    let must_hold = "found on every node within a second";
    Line { test: "what_one_node_saves_every_node_finds", rounds, must_hold, seen }.write();
}

fn content(title: &str, zone: zone::Zone) -> Content {
    Content {
        need_type: Some(NeedType::Technical),
        title: title.to_owned(),
        teaser: format!("{title},求可行的工艺办法。"),
        problem: format!("现用工艺做不好:{title}。"),
        targets: vec![Target { name: "合格率".into(), now: "82".into(), target: "95".into(), unit: "%".into() }],
        budget: Some(Budget::From20To50),
        cooperation: vec![Cooperation::Development],
        industry: "1453".to_owned(),
        zone: Some(zone.id),
        ..Content::default()
    }
}

/// A site as it was left: `many` live needs whose time has run out since, and as many requests that staff did not look at in time.
async fn a_site_left_alone(folder: &Path, database: &str, many: usize) {
    let (enterprise, _) = scene::enterprise(folder, database).await;
    let mut config = Config::plain(folder.to_owned()).unwrap();
    database.clone_into(&mut config.database_url);
    config.secret = Secret::new(SECRET.to_owned());
    config.requests_per_month = 10_000;
    config.open_requests = 10_000;
    let clock = Clock::standing_at(Utc::now() - TimeDelta::days(100));
    let db = Db::open(database).await.unwrap();
    let app = App::with(config, clock, db, index::Index::in_memory().unwrap()).unwrap();
    let owner = person(&app, "zhao@jinfeng.example").await;
    let food = zone::store::all(&app.db).await.unwrap().remove(0);
    for number in 0..many {
        live(&app, owner, enterprise, content(&format!("到期的需求{number}"), food.clone())).await;
    }
    // Ten days ago, so that the park's working day is over whatever day it is, and the needs still live.
    app.clock.forward(TimeDelta::days(90));
    let new = NewTeam {
        university: NewUniversity {
            name: "示例大学".to_owned(),
            region: "430100".to_owned(),
            office_name: "科研院".to_owned(),
            office_email: Address::parse("office@lab.example"),
        },
        name: "示例团队".to_owned(),
        zone: food.id,
        lead: Some(Lead {
            name: "负责人".to_owned(),
            title: "教授".to_owned(),
            email: Address::parse("lead@lab.example").unwrap(),
            phone: "0746-5552001".to_owned(),
        }),
        office_email: None,
        capacity: 100,
        about: "做食品工程。".to_owned(),
        fields: vec!["果胶".to_owned()],
        import_key: None,
    };
    let team = app.db.write(async |tx| team::enter::enter_in(tx, &app, &new).await).await.unwrap();
    let reason = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";
    for number in 0..many.min(90) {
        let need = live(&app, owner, enterprise, content(&format!("等候的需求{number}"), food.clone())).await;
        introduction::propose::propose(&app, owner, need, team, reason, "").await.unwrap();
    }
    app.db.close().await.unwrap();
}

async fn person(app: &App, email: &str) -> MemberId {
    let email = Address::parse(email).unwrap();
    let meet = async |tx: &_| {
        Ok::<_, yonglianhui::fault::Fault>(
            member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?.id,
        )
    };
    app.db.write(meet).await.unwrap()
}

async fn live(app: &App, owner: MemberId, enterprise: OrganisationId, content: Content) -> yonglianhui::id::ListingId {
    let id = listing::draft::create(app, owner, enterprise, Kind::Need, &content, "").await.unwrap();
    listing::submit::submit(app, owner, id).await.unwrap();
    let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
    let staff = person(app, "staff@park.example").await;
    listing::review::review(app, staff, id, Verdict::Publish, scores, "").await.unwrap();
    id
}

#[actix_web::test]
async fn clocks_run_once_however_often_nodes_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let many = if is_full() { 90 } else { 60 };
    a_site_left_alone(folder.path(), &database.url, many).await;
    let due = i64::try_from(many).unwrap();
    let expired = "SELECT count(*) FROM listings WHERE state = 'expired'";
    let asked = "SELECT count(*) FROM introductions WHERE state = 'awaiting_team'";
    assert_eq!(truth::count(&database.url, expired).await, 0);
    let begun = Instant::now();
    let (mut kills, mut nodes) = (0_u64, BTreeMap::new());
    loop {
        for name in ["a", "b"] {
            nodes.entry(name).or_insert_with(|| node(folder.path(), name, &database.url, &sink, &["work"]));
        }
        std::thread::sleep(Duration::from_millis(kills * 61 % 400));
        let name = if kills % 2 == 0 { "a" } else { "b" };
        nodes.remove(name).unwrap().kill();
        kills += 1;
        let done = truth::count(&database.url, expired).await == due && truth::count(&database.url, asked).await == due;
        if done && kills >= rounds(12, 100) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "some clocks never ran");
    }
    nodes.clear();
    let last = node(folder.path(), "a", &database.url, &sink, &["work"]);
    let waiting = "SELECT count(*) FROM mails WHERE state IN ('queued', 'sending')";
    let until = Instant::now() + Duration::from_secs(120);
    while truth::count(&database.url, waiting).await > 0 {
        assert!(Instant::now() < until, "some letters never left");
        std::thread::sleep(Duration::from_millis(200));
    }
    last.kill();
    // Once each: the state, the step in the history, and the letter.
    assert_eq!(truth::count(&database.url, expired).await, due);
    assert_eq!(truth::count(&database.url, asked).await, due);
    let steps = "SELECT count(*) FROM introduction_steps WHERE actor = 'clock'";
    assert_eq!(truth::count(&database.url, steps).await, due, "a request was passed twice, or not at all");
    for letter in ["listing/expired", "introduction/ask"] {
        let all = format!("SELECT count(*) FROM mails WHERE letter = '{letter}'");
        assert_eq!(truth::count(&database.url, &all).await, due, "{letter}");
    }
    let taken = sink.mails();
    let mut ids: Vec<String> = taken.iter().map(|mail| mail.parsed().message_id).collect();
    ids.sort();
    ids.dedup();
    let written = truth::count(&database.url, "SELECT count(*) FROM mails").await;
    assert_eq!(i64::try_from(ids.len()).unwrap(), written, "each letter under one Message-ID, none left out");
    let copies = taken.len() - ids.len();
    // Each kill leaves at most the few that were under way without an answer.
    assert!(copies <= usize::try_from(kills).unwrap() * 4, "{copies} copies of {kills} kills");
    let seen =
        format!("{due} listings and {due} requests moved once each, one letter each, {copies} copies of {kills} kills");
    let must_hold = "no clock lost or doubled";
    Line { test: "clocks_run_once_however_often_nodes_are_killed", rounds: kills, must_hold, seen }.write();
}

#[actix_web::test]
async fn two_nodes_carry_more_than_one() {
    if std::env::var_os("YLH_TEST_POSTGRES").is_none() {
        return println!("several serving nodes want PostgreSQL (YLH_TEST_POSTGRES); nothing was shown");
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (_, link) = scene::enterprise(folder.path(), &database.url).await;
    let one = node(folder.path(), "one", &database.url, &sink, &["serve", "--no-worker"]);
    let other = node(folder.path(), "other", &database.url, &sink, &["serve", "--no-worker"]);
    let client = Client::signed_in(&one, &link);
    let time = Duration::from_secs(if is_full() { 10 } else { 2 });
    let mut figures = Vec::new();
    let mut all = Vec::new();
    for (name, addresses) in [("one", vec![&one.address]), ("two", vec![&one.address, &other.address])] {
        // Eight who search, half of them on each node.
        let begun = Instant::now();
        let readers: Vec<_> = (0..8)
            .map(|reader| {
                let address = addresses[reader % addresses.len()].clone();
                std::thread::spawn(move || {
                    let mut pages = 0_u32;
                    while begun.elapsed() < time {
                        let page = Client::in_english().send(&address, "GET", "/search?q=水果", "").unwrap();
                        assert_eq!(page.status, 200);
                        pages += 1;
                    }
                    pages
                })
            })
            .collect();
        let pages: u32 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        let searching = f64::from(pages) / begun.elapsed().as_secs_f64();
        // Then eight who post.
        let begun = Instant::now();
        let posters: Vec<Posters> = addresses
            .iter()
            .enumerate()
            .map(|(number, address)| Posters::start(address, &client, 8 / addresses.len(), &format!("{name}{number}")))
            .collect();
        std::thread::sleep(time);
        let posts: Vec<_> = posters.into_iter().flat_map(Posters::stop).collect();
        let posting = f64::from(u32::try_from(saved(&posts).len()).unwrap()) / begun.elapsed().as_secs_f64();
        assert_eq!(saved(&posts).len(), posts.len(), "every post is saved");
        all.extend(posts);
        figures.push((searching, posting));
    }
    truth::nothing_lost(&database.url, &saved(&all)).await;
    let [(search_one, post_one), (search_two, post_two)] = figures[..] else { unreachable!() };
    let seen = format!(
        "searches {search_one:.0}/s and {search_two:.0}/s (x {:.2}), posts {post_one:.0}/s and {post_two:.0}/s (x {:.2}); {} cores carry nodes, database and client{}",
        search_two / search_one,
        post_two / post_one,
        std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        if cfg!(debug_assertions) { ", debug build" } else { "" }
    );
    let must_hold = "no error; measured, no bound";
    Line { test: "two_nodes_carry_more_than_one", rounds: 2, must_hold, seen }.write();
}
