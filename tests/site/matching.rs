//! Suggestions: who is suggested and why, who sees it, and that they keep up with what changes.

use index::{Change, Document, Key};
use serde_json::Value;
use yonglianhui::{
    fault::Fault,
    id::{ListingId, OrganisationId},
    listing::{self, Content, Kind, NeedType, Outcome},
    mail::Address,
    matching::{self, Exclusion, Match},
    organisation,
    team::{self, Lead, NewTeam, NewUniversity},
};

use crate::support::{
    Party, TestApp,
    scene::{need_content, result_content},
};

async fn of_need(app: &TestApp, need: ListingId) -> Vec<Match> {
    matching::store::of_need(&app.app.db, need).await.unwrap()
}

/// The teams suggested for a need, the best first.
async fn suggested(app: &TestApp, need: ListingId) -> Vec<OrganisationId> {
    of_need(app, need).await.iter().filter(|each| each.place.is_some()).map(|each| each.team).collect()
}

/// The teams set aside, with the reason, by number.
async fn aside(app: &TestApp, need: ListingId) -> Vec<(OrganisationId, Exclusion)> {
    let mut found: Vec<_> =
        of_need(app, need).await.iter().filter_map(|each| Some((each.team, each.excluded?))).collect();
    found.sort_unstable();
    found
}

/// Puts `many` results about something else into the index alone, so that words which a dozen
/// teams of one test share are still rare, as they are in a park of some size.
fn beside_others(app: &TestApp, many: i64) {
    let others = (1..=many).map(|number| {
        Change::Replace(Document {
            key: Key { kind: index::Kind::Result, id: 1_000_000 + number },
            title: "矿井".to_owned(),
            keywords: Vec::new(),
            problem: String::new(),
            body: String::new(),
            owner: String::new(),
            zone: None,
            url: String::new(),
            posted_at: app.app.clock.now(),
            expires_at: None,
        })
    });
    app.app.index.apply(others.collect(), app.app.index.last_mark().unwrap()).unwrap();
}

const PECTIN: &str = "柚皮果胶提取得率低";

async fn pectin_need(app: &TestApp, owner: &Party) -> ListingId {
    app.live_need(owner, PECTIN).await
}

async fn pectin_result(app: &TestApp, owner: &Party) -> ListingId {
    app.live_result(owner, "柚皮果胶酶法提取").await
}

#[actix_web::test]
async fn a_new_result_is_suggested_for_an_old_need() {
    let app = TestApp::start().await;
    let (firm, team, other) = (app.enterprise("a").await, app.team("t").await, app.team("u").await);
    let need = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await, []);

    let result = pectin_result(&app, &team).await;
    app.live_result(&other, "竹篾染色机").await;
    app.run_until_idle().await;
    let found = of_need(&app, need).await;
    assert_eq!(found[0].team, team.id);
    assert_eq!((found[0].result, found[0].place, found[0].excluded), (result, Some(1), None));
    assert!(found[0].words.iter().any(|word| word.contains("果胶")), "{:?}", found[0].words);
    assert_eq!(suggested(&app, need).await.first(), Some(&team.id));

    // The other side changes: paused, shown again, withdrawn.
    listing::close::pause(&app.app, team.member, result).await.unwrap();
    app.run_until_idle().await;
    assert!(!suggested(&app, need).await.contains(&team.id));
    listing::close::resume(&app.app, team.member, result).await.unwrap();
    app.run_until_idle().await;
    assert!(suggested(&app, need).await.contains(&team.id));
    organisation::verify::refuse(&app.app, team.id, "名称不符").await.unwrap();
    app.run_until_idle().await;
    assert!(!suggested(&app, need).await.contains(&team.id));
    organisation::verify::verify(&app.app, team.id).await.unwrap();
    app.run_until_idle().await;
    assert!(suggested(&app, need).await.contains(&team.id));

    // This side changes.
    listing::close::resolve(&app.app, firm.member, need, Outcome::Own, "").await.unwrap();
    app.run_until_idle().await;
    assert_eq!(of_need(&app, need).await, []);
}

#[actix_web::test]
async fn a_need_that_says_something_else_gets_other_suggestions() {
    let app = TestApp::start().await;
    let (firm, pectin, bamboo) = (app.enterprise("a").await, app.team("t").await, app.team("u").await);
    pectin_result(&app, &pectin).await;
    app.live(
        &bamboo,
        Kind::Result,
        Content { problem: "竹篾染色不匀".to_owned(), ..result_content("竹篾均匀染色设备") },
    )
    .await;
    let need = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await.first(), Some(&pectin.id));
    let before = listing::store::by_id(&app.app.db, need).await.unwrap().unwrap();
    let content = Content {
        problem: "竹篾染色深浅不一,设备老".to_owned(),
        zone: before.content.zone,
        ..need_content("竹篾染色设备改造")
    };
    app.app
        .db
        .write(async |tx| {
            listing::draft::rewrite_in(tx, &app.app, need, before.version, &content).await?;
            yonglianhui::changes::mark(tx, index::Kind::Need, need.0);
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await.first(), Some(&bamboo.id));
}

#[actix_web::test]
async fn only_technical_and_joint_needs_get_suggestions() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    pectin_result(&app, &team).await;
    let with = |need_type| Content { need_type: Some(need_type), ..need_content(PECTIN) };
    let joint = app.live(&firm, Kind::Need, with(NeedType::Joint)).await;
    let purchase = app.live(&firm, Kind::Need, with(NeedType::Purchase)).await;
    let draft = app.draft(&firm, Kind::Need, need_content(PECTIN)).await;
    app.run_until_idle().await;
    assert_eq!(suggested(&app, joint).await, [team.id]);
    assert_eq!(of_need(&app, purchase).await, []);
    assert_eq!(of_need(&app, draft).await, []);
    let owner = app.signed_in(&firm.email).await;
    let page = owner.get(&format!("/needs/{purchase}/matches")).await;
    assert!(page.main().contains("这条需求没有在征集团队"));
}

#[actix_web::test]
async fn the_parts_that_are_shown_add_up_to_the_score() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = pectin_need(&app, &firm).await;
    let result = pectin_result(&app, &team).await;
    app.run_until_idle().await;
    let owner = app.signed_in(&firm.email).await;
    let page = owner.get(&format!("/needs/{need}/matches")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.text("h1"), format!("为“{PECTIN}”推荐的团队"));
    assert_eq!(page.text("#matches h3"), team.name);
    assert_eq!(
        page.attributes("#matches a", "href"),
        [
            format!("/teams/{}", team.id),
            format!("/results/{result}"),
            format!("/introductions/new?need={need}&team={}", team.id),
        ]
    );
    let tenths = |text: &str| text.replace('.', "").parse::<u32>().unwrap();
    let shown: u32 = page.texts(".part-points b").iter().map(|points| tenths(points)).sum();
    assert_eq!(format!("{} 分", f64::from(shown) / 10.0), page.text(".score").replace(".0 分", " 分"));
    let labels = page.texts(".part-label");
    assert_eq!(labels, ["文本", "行业", "成熟度", "合作方式", "地区", "时效"], "no chain has nodes yet");
    let of: u32 = page.texts(".part-points").iter().map(|part| tenths(part.rsplit(' ').next().unwrap())).sum();
    assert_eq!(of, 1000);
    assert!(page.text(".part-note").contains("果胶"));

    let json = owner.get(&format!("/api/v1/needs/{need}/matches")).await;
    let answer: Value = serde_json::from_str(&json.html).unwrap();
    let found = &answer["matches"][0];
    assert_eq!(found["team"]["id"], team.id.0);
    assert_eq!(found["result"]["id"], result.0);
    let parts: f64 = found["parts"].as_array().unwrap().iter().map(|part| part["points"].as_f64().unwrap()).sum();
    assert!((parts - found["score"].as_f64().unwrap()).abs() < 1e-9);
    assert!(answer.get("excluded").is_none());
    assert_eq!(tenths(&format!("{:.1}", found["score"].as_f64().unwrap())), shown);
}

#[actix_web::test]
async fn suggestions_are_seen_by_those_they_concern() {
    let app = TestApp::start().await;
    let (firm, rival) = (app.enterprise("a").await, app.enterprise("b").await);
    let (team, other, stranger) = (app.team("t").await, app.team("u").await, app.team("v").await);
    let need = app.live(&firm, Kind::Need, Content { anonymous: true, ..need_content(PECTIN) }).await;
    pectin_result(&app, &team).await;
    pectin_result(&app, &other).await;
    app.live(
        &stranger,
        Kind::Result,
        Content {
            title: "矿井通风".to_owned(),
            teaser: "瓦斯".to_owned(),
            problem: "瓦斯".to_owned(),
            ..result_content("")
        },
    )
    .await;
    app.run_until_idle().await;
    let pages = [format!("/needs/{need}/matches"), format!("/api/v1/needs/{need}/matches")];
    let teams_page = format!("/teams/{}/matches", team.id);

    let owner = app.signed_in(&firm.email).await;
    assert_eq!(owner.get(&pages[0]).await.texts("#matches h3"), [team.name.as_str(), other.name.as_str()]);
    assert_eq!(owner.get(&teams_page).await.status, 404);

    let lead = app.signed_in(&team.email).await;
    let page = lead.get(&pages[0]).await;
    assert_eq!(page.texts("#matches h3"), [team.name.as_str()]);
    assert!(!page.html.contains(&other.name) && !page.html.contains(&firm.name) && !page.has("#excluded"));
    let json = lead.get(&pages[1]).await.html;
    assert!(json.contains(&team.name) && !json.contains(&other.name) && !json.contains(&firm.name));
    let page = lead.get(&teams_page).await;
    assert_eq!(page.texts("#matches h3"), [PECTIN]);
    assert!(page.html.contains("匿名企业") && !page.html.contains(&firm.name));

    for email in [&rival.email, &stranger.email] {
        let visitor = app.signed_in(email).await;
        for path in pages.iter().chain([&teams_page]) {
            assert_eq!(visitor.get(path).await.status, 404, "{email} {path}");
        }
    }
    for path in ["/needs/999999/matches", "/needs/x/matches", "/teams/999999/matches", "/api/v1/needs/999999/matches"] {
        assert_eq!(owner.get(path).await.status, 404, "{path}");
    }
    for path in pages.iter().chain([&teams_page]) {
        assert_eq!(app.visitor().get(path).await.status, 303, "{path}");
    }
    let staff = app.staff(yonglianhui::member::Role::Curator).await;
    assert_eq!(staff.get(&pages[0]).await.texts("#matches h3").len(), 2);
    assert_eq!(staff.get(&teams_page).await.status, 200);
    let english = owner.get(&format!("{}?lang=en", pages[0])).await;
    assert!(english.text("h1").starts_with("Teams suggested for"), "{}", english.main());
    app.run_until_idle().await;
}

/// A team whose professor runs the firm as well.
async fn team_led_by(app: &TestApp, firm: &Party) -> Party {
    let new = NewTeam {
        university: NewUniversity { name: "示例大学".to_owned(), ..NewUniversity::default() },
        name: "企业自家团队".to_owned(),
        zone: app.zone("food").await,
        lead: Some(Lead {
            name: "双聘教授".to_owned(),
            title: "教授".to_owned(),
            email: Address::parse(&firm.email).unwrap(),
            phone: String::new(),
        }),
        office_email: None,
        capacity: 3,
        about: String::new(),
        fields: Vec::new(),
        import_key: None,
    };
    let id = app.app.db.write(async |tx| team::enter::enter_in(tx, &app.app, &new).await).await.unwrap();
    Party { id, name: new.name, ..firm.clone() }
}

#[actix_web::test]
async fn reasons_for_setting_aside_are_for_staff() {
    let app = TestApp::start().await;
    beside_others(&app, 500);
    let firm = app.enterprise("a").await;
    let (good, blocked, full, named) =
        (app.team("good").await, app.team("blocked").await, app.team_with("full", 1).await, app.team("named").await);
    let (own, unlike) = (team_led_by(&app, &firm).await, app.team("unlike").await);
    for team in [&good, &blocked, &full, &named, &own] {
        pectin_result(&app, team).await;
    }
    app.live(
        &unlike,
        Kind::Result,
        Content {
            title: "矿井通风监测".to_owned(),
            teaser: "瓦斯".to_owned(),
            problem: "瓦斯超限时提取不到数据".to_owned(),
            advantage: "快".to_owned(),
            ..result_content("")
        },
    )
    .await;
    let need =
        app.live(&firm, Kind::Need, Content { excluded: vec![named.name.clone()], ..need_content(PECTIN) }).await;
    let now = app.app.clock.now();
    app.app
        .db
        .write(async |tx| {
            organisation::block::block_in(tx, blocked.id, firm.id, "不再联系", now).await?;
            team::engage::engage_in(tx, full.id, "introduction:1", now).await?;
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await, [good.id]);
    let mut expected = vec![
        (blocked.id, Exclusion::Blocked),
        (full.id, Exclusion::Capacity),
        (named.id, Exclusion::Excluded),
        (own.id, Exclusion::OwnOrganisation),
        (unlike.id, Exclusion::TooLittleInCommon),
    ];
    expected.sort_unstable();
    assert_eq!(aside(&app, need).await, expected);

    let path = format!("/needs/{need}/matches");
    let owner = app.signed_in(&firm.email).await;
    let page = owner.get(&path).await;
    assert_eq!(page.texts("#matches h3"), [good.name.as_str()]);
    assert_eq!(page.text("#excluded h2"), "暂不推荐");
    let names = page.texts("#excluded li a");
    assert_eq!(names.len(), 4, "nothing in common is no news: {names:?}");
    for reason in ["满额", "不再联系", "排除名单", "同一批人", "文本相近之处太少"] {
        assert!(!page.main().contains(reason), "{reason}");
    }
    let json = owner.get(&format!("/api{}", path.replace("/needs", "/v1/needs"))).await;
    assert!(!json.html.contains("capacity") && !json.html.contains("blocked"));
    for team in [&blocked, &full, &named] {
        assert_eq!(app.signed_in(&team.email).await.get(&path).await.status, 404, "{}", team.name);
    }

    let staff = app.staff(yonglianhui::member::Role::Broker).await;
    let reasons = staff.get(&path).await.texts("#excluded td[data-label='原因']");
    let mut told: Vec<&str> = reasons.iter().map(String::as_str).collect();
    told.sort_unstable();
    let mut expected = ["有一方不再联系另一方", "团队本月已满额", "在需求的排除名单里", "同一批人", "文本相近之处太少"];
    expected.sort_unstable();
    assert_eq!(told, expected);
    let json: Value = serde_json::from_str(&staff.get(&format!("/api/v1/needs/{need}/matches")).await.html).unwrap();
    assert_eq!(json["excluded"].as_array().unwrap().len(), 5);

    // A new month gives the full team new time.
    app.forward(chrono::TimeDelta::days(30));
    app.run_until_idle().await;
    assert!(suggested(&app, need).await.contains(&full.id));
}

#[actix_web::test]
async fn the_same_input_gives_the_same_answer() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let mut needs = Vec::new();
    for number in 0..4 {
        let team = app.team(&format!("t{number}")).await;
        app.live_result(&team, &format!("柚皮果胶提取第{number}法")).await;
        app.live_result(&team, "柚皮精油冷榨").await;
        needs.push(app.live_need(&firm, &format!("柚皮果胶提取难题{number}")).await);
    }
    app.run_until_idle().await;
    let mut before = Vec::new();
    for need in &needs {
        before.push(of_need(&app, *need).await);
        assert_eq!(before.last().unwrap().len(), 4, "one row for each team");
    }
    let mut told = Vec::new();
    let done = matching::compute::rematch(&app.app, |done, of| told.push((done, of))).await.unwrap();
    assert_eq!(done, 4);
    assert_eq!((told.first(), told.last()), (Some(&(0, 4)), Some(&(4, 4))));
    for (need, before) in needs.iter().zip(before) {
        assert_eq!(of_need(&app, *need).await, before);
    }
}

#[actix_web::test]
async fn equal_teams_take_turns() {
    let app = TestApp::start().await;
    beside_others(&app, 500);
    let firm = app.enterprise("a").await;
    let mut teams = Vec::new();
    for number in 0..7 {
        let team = app.team(&format!("t{number}")).await;
        pectin_result(&app, &team).await;
        teams.push(team.id);
    }
    let first = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    let second = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    assert_eq!(suggested(&app, first).await[..5], teams[..5]);
    assert_eq!(suggested(&app, second).await[..2], teams[5..], "those who stood behind come first now");
}

#[actix_web::test]
async fn ten_are_kept_and_the_reasons_of_twenty() {
    let app = TestApp::start().await;
    beside_others(&app, 2_000);
    let firm = app.enterprise("a").await;
    for number in 0..34 {
        let team = app.team_with(&format!("t{number}"), u32::from(number < 12)).await;
        pectin_result(&app, &team).await;
    }
    let need = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    let found = of_need(&app, need).await;
    assert_eq!(found.iter().filter_map(|each| each.place).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert_eq!(found.iter().filter(|each| each.excluded == Some(Exclusion::Capacity)).count(), 20);
}

#[actix_web::test]
async fn suggestions_wait_for_the_index() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    app.run_until_idle().await;
    let need = pectin_need(&app, &firm).await;
    pectin_result(&app, &team).await;
    assert_eq!(matching::compute::run_once(&app.app).await.unwrap(), 0, "the index has not seen them");
    assert!(matching::compute::rematch(&app.app, |_, _| {}).await.is_err());
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await, [team.id]);
    assert_eq!(matching::store::count_stale(&app.app.db).await.unwrap(), 0);
}

#[actix_web::test]
async fn a_crash_before_matching_loses_no_suggestion() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = pectin_need(&app, &firm).await;
    pectin_result(&app, &team).await;
    yonglianhui::search::refresh::run_once(&app.app).await.unwrap();
    let app = app.crash_and_restart().await;
    app.run_until_idle().await;
    assert_eq!(suggested(&app, need).await, [team.id]);
}

#[actix_web::test]
async fn one_and_three_suggestions_take_the_same_number_of_queries() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let need = pectin_need(&app, &firm).await;
    let owner = app.signed_in(&firm.email).await;
    let mut counted = Vec::new();
    for many in ["one", "three"] {
        for number in 0..(if many == "one" { 1 } else { 2 }) {
            let team = app.team(&format!("{many}{number}")).await;
            pectin_result(&app, &team).await;
        }
        app.run_until_idle().await;
        let (statements, page) = app.statements(owner.get(&format!("/needs/{need}/matches"))).await;
        counted.push((statements, page.texts("#matches h3").len()));
    }
    assert_eq!((counted[0].1, counted[1].1), (1, 3));
    assert_eq!(counted[0].0, counted[1].0);
}

/// Finds what live listings mean and computes with it.
async fn encode(app: &TestApp) -> usize {
    let encoded = matching::meaning::run_once(&app.app).await.unwrap();
    app.run_until_idle().await;
    encoded
}

#[actix_web::test]
async fn meaning_finds_a_team_that_uses_other_words() {
    let app = TestApp::start().await;
    let (firm, team, other) = (app.enterprise("a").await, app.team("t").await, app.team("u").await);
    let need = app.live_need(&firm, "蔬菜水果运输途中容易腐烂").await;
    let result = app.live_result(&team, "生鲜农产品保鲜膜延长货架期").await;
    app.live_result(&other, "竹篾染色机").await;
    app.run_until_idle().await;
    let before = of_need(&app, need).await;
    assert!(before.iter().all(|each| each.parts.iter().all(|part| part.key != matching::Aspect::Meaning)));

    assert_eq!(encode(&app).await, 3);
    let found = of_need(&app, need).await;
    let points = |team: &Party| {
        let found = found.iter().find(|each| each.team == team.id).unwrap();
        found.parts.iter().find(|part| part.key == matching::Aspect::Meaning).unwrap().points
    };
    assert!(points(&team) > points(&other), "{} {}", points(&team), points(&other));
    assert_eq!(found.iter().find(|each| each.team == team.id).unwrap().result, result);
}

#[actix_web::test]
async fn an_unchanged_text_is_not_encoded_again() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = pectin_need(&app, &firm).await;
    pectin_result(&app, &team).await;
    app.run_until_idle().await;
    assert_eq!(encode(&app).await, 2);
    // Its own marks, and every mark that changes no text, are looked at and cost nothing.
    assert_eq!(encode(&app).await, 0);
    matching::compute::stale_all(&app.app).await.unwrap();
    app.run_until_idle().await;
    assert_eq!(encode(&app).await, 0);
    let first = of_need(&app, need).await;

    // A process that starts afterwards reads what is known.
    let key = Key { kind: index::Kind::Need, id: need.0 };
    let meanings = yonglianhui::encoder::held::Meanings::of(app.app.meanings.provider().clone());
    meanings.refresh(&app.app.db, &[]).await.unwrap();
    assert_eq!(meanings.held().get(key), app.app.meanings.held().get(key));
    assert!(meanings.held().get(key).is_some());
    assert_eq!(matching::meaning::encode_all(&app.app, |_, _| {}).await.unwrap(), 0);
    matching::compute::rematch(&app.app, |_, _| {}).await.unwrap();
    assert_eq!(first, of_need(&app, need).await);
}

#[actix_web::test]
async fn a_withdrawn_listing_means_nothing() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let need = pectin_need(&app, &firm).await;
    app.run_until_idle().await;
    assert_eq!(encode(&app).await, 1);
    let model = app.app.meanings.provider().model().unwrap();
    assert_eq!(yonglianhui::encoder::store::count(&app.app.db, &model).await.unwrap(), 1);
    listing::close::withdraw(&app.app, firm.member, need).await.unwrap();
    app.run_until_idle().await;
    encode(&app).await;
    assert_eq!(yonglianhui::encoder::store::count(&app.app.db, &model).await.unwrap(), 0);
    assert!(app.app.meanings.held().get(Key { kind: index::Kind::Need, id: need.0 }).is_none());
}

/// A server of embeddings on loopback, that can be switched off; it has the encoder of the program
/// behind it, and spreads its products more widely, as other models do.
struct Server {
    address: String,
    up: std::sync::Arc<std::sync::atomic::AtomicBool>,
    asked: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

fn serve_embeddings() -> Server {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server {
        address: format!("http://{}/v1", listener.local_addr().unwrap()),
        up: std::sync::Arc::default(),
        asked: std::sync::Arc::default(),
    };
    let (up, asked) = (server.up.clone(), server.asked.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(&mut stream.unwrap(), up.load(std::sync::atomic::Ordering::SeqCst), &asked);
        }
    });
    server
}

fn answer(stream: &mut std::net::TcpStream, up: bool, asked: &std::sync::Mutex<Vec<String>>) {
    use std::io::{BufRead, BufReader, Read, Write};
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(number) = line.to_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let question: Value = serde_json::from_slice(&body).unwrap();
    let texts: Vec<String> = serde_json::from_value(question["input"].clone()).unwrap();
    let side = if question["input_type"] == "query" { sentences::Side::Query } else { sentences::Side::Passage };
    let vectors = sentences::Encoder::shipped().unwrap().encode(side, &texts);
    let data: Vec<Value> = vectors
        .iter()
        .enumerate()
        .map(|(index, vector)| serde_json::json!({"object": "embedding", "index": index, "embedding": vector.0}))
        .collect();
    asked.lock().unwrap().extend(texts);
    let (status, body) = if up {
        ("200 OK", serde_json::json!({"object": "list", "data": data}).to_string())
    } else {
        ("503 Service Unavailable", "{}".to_owned())
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).unwrap();
}

#[actix_web::test]
async fn an_endpoint_that_fails_leaves_words_and_comes_back() {
    let server = serve_embeddings();
    let app = TestApp::start_with(|config| config.embeddings_url.clone_from(&server.address)).await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = pectin_need(&app, &firm).await;
    pectin_result(&app, &team).await;
    app.run_until_idle().await;
    assert_eq!(encode(&app).await, 0, "it is away, and nothing fails");
    let trouble = app.app.meanings.provider().trouble().unwrap();
    assert!(trouble.contains("503"), "{trouble}");
    assert!(app.app.meanings.question("果胶").await.is_none());
    let by_words = of_need(&app, need).await;
    assert_eq!(by_words.len(), 1);
    assert!(by_words[0].parts.iter().all(|part| part.key != matching::Aspect::Meaning));

    server.up.store(true, std::sync::atomic::Ordering::SeqCst);
    // It is left alone for a moment, then asked again without anybody doing anything.
    let mut encoded = 0;
    while encoded == 0 {
        encoded = encode(&app).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(encoded, 2);
    assert_eq!(app.app.meanings.provider().trouble(), None);
    let with_meaning = of_need(&app, need).await;
    assert!(with_meaning[0].parts.iter().any(|part| part.key == matching::Aspect::Meaning));
    // What nobody but staff may read is not sent.
    let asked = server.asked.lock().unwrap().join("\n");
    assert!(asked.contains(PECTIN) && !asked.contains("example"), "{asked}");
}
