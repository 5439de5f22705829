//! Introductions: asked, passed, answered, chosen; silence, refusals, and what nobody may see.

use actix_web::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use yonglianhui::{
    id::{IntroductionId, ListingId, OrganisationId},
    introduction::{
        self, Introduction, MOVES, State, Step,
        answer::{self, Answer, Door, Phone},
        choose::{self, Choice},
        link::Answerer,
        pass, propose, resend, step, store, withdraw,
    },
    listing::{Content, Kind},
    mail::{self, Status},
    member::{self, Role},
    organisation,
    words::Language,
};

use crate::support::{
    Page, Party, TestApp, Visitor,
    scene::{need_content, result_content},
    sink::Rule,
};

const REASON: &str = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";
const TIMES: [&str; 3] = ["2026-11-20T10:00", "2026-11-23T15:00", "2026-11-25T09:30"];

/// A firm with a live need, and a team with a live result that fits it.
struct Scene {
    firm: Party,
    team: Party,
    need: ListingId,
}

async fn scene(app: &TestApp) -> Scene {
    let content = need_content("柚皮提取果胶得率低");
    scene_with(app, content, 3).await
}

async fn scene_with(app: &TestApp, need: Content, capacity: u32) -> Scene {
    let (firm, team) = (app.enterprise("firm").await, app.team_with("team", capacity).await);
    app.live(&team, Kind::Result, result_content("柚皮果胶提取")).await;
    let need = app.live(&firm, Kind::Need, need).await;
    app.run_until_idle().await;
    Scene { firm, team, need }
}

impl Scene {
    fn ask_url(&self) -> String {
        format!("/introductions/new?need={}&team={}", self.need, self.team.id)
    }
}

fn number(page: &Page) -> IntroductionId {
    let location =
        page.location().unwrap_or_else(|| panic!("{} answered {}:\n{}", page.path, page.status, page.main()));
    location.rsplit('/').next().unwrap().parse().unwrap()
}

async fn read(app: &TestApp, id: IntroductionId) -> Introduction {
    store::by_id(&app.app.db, id).await.unwrap().unwrap()
}

async fn state(app: &TestApp, id: IntroductionId) -> State {
    read(app, id).await.state
}

/// The firm asks by the form.
async fn ask(app: &TestApp, scene: &Scene) -> IntroductionId {
    let firm = app.signed_in(&scene.firm.email).await;
    let form = firm.get(&scene.ask_url()).await;
    assert_eq!(form.status, 200);
    let sent = firm.submit(&form, "main form", &[("reason", REASON)]).await;
    assert_eq!(sent.status, 303, "{}", sent.main());
    number(&sent)
}

/// Staff pass it by the button, and the mail goes out.
async fn passed(app: &TestApp, scene: &Scene) -> IntroductionId {
    let id = ask(app, scene).await;
    pass_on(app, id).await;
    id
}

async fn pass_on(app: &TestApp, id: IntroductionId) {
    let broker = app.staff(Role::Broker).await;
    let desk = broker.get(&format!("/desk/introductions/{id}")).await;
    let done = broker.submit(&desk, "form[action$='/passage']", &[]).await;
    assert_eq!(done.status, 303, "{}", done.main());
    app.run_until_idle().await;
}

/// The path of the answer link in the newest letter to `email`.
fn link_to(app: &TestApp, email: &str) -> String {
    let mails = app.mails_to(email);
    let acts = |mail: &&crate::support::sink::Parsed| mail.text.contains("example/introductions/");
    let mail = mails.iter().rev().find(acts).expect("a letter with a link");
    let link = mail.link("example/introductions/");
    let link = link.strip_prefix("http://hall.example").unwrap();
    link.split('#').next().unwrap().to_owned()
}

/// The team says yes on the page of its link.
async fn accept(app: &TestApp, scene: &Scene) -> Page {
    let path = link_to(app, &scene.team.email);
    let lead = app.visitor();
    let page = lead.get(&path).await;
    let answer = post_accept(&lead, &page).await;
    app.run_until_idle().await;
    answer
}

async fn post_accept(lead: &Visitor<'_>, page: &Page) -> Page {
    let (action, mut fields) = page.form("#accept form");
    fields.retain(|(name, _)| name != "times");
    for time in TIMES {
        fields.push(("times".to_owned(), time.to_owned()));
    }
    fields.push(("consent".to_owned(), "yes".to_owned()));
    lead.post_fields(&action, &fields).await
}

async fn accepted(app: &TestApp, scene: &Scene) -> IntroductionId {
    let id = passed(app, scene).await;
    assert_eq!(accept(app, scene).await.status, 303);
    assert_eq!(state(app, id).await, State::Accepted);
    id
}

async fn choose(app: &TestApp, scene: &Scene, values: &[(&str, &str)]) -> Page {
    let path = link_to(app, &scene.firm.email);
    let firm = app.visitor();
    let page = firm.get(&path).await;
    let time = page.attributes("#accept input[name=times]", "value").first().cloned().unwrap();
    let values: Vec<(&str, &str)> =
        [("times", time.as_str()), ("consent", "yes")].into_iter().chain(values.iter().copied()).collect();
    let done = firm.submit(&page, "#accept form", &values).await;
    app.run_until_idle().await;
    done
}

/// The letters that were written about an introduction, oldest first.
async fn letters(app: &TestApp, id: IntroductionId) -> Vec<String> {
    let mut mails = mail::store::about(&app.app.db, &introduction::about(id)).await.unwrap();
    mails.reverse();
    mails.into_iter().map(|mail| mail.letter.trim_start_matches("introduction/").to_owned()).collect()
}

async fn steps(app: &TestApp, id: IntroductionId) -> Vec<Step> {
    store::history(&app.app.db, id).await.unwrap().into_iter().map(|line| line.step).collect()
}

async fn places_taken(app: &TestApp, team: OrganisationId) -> u32 {
    let since = yonglianhui::team::month_start(app.app.clock.now(), app.app.config.time_zone);
    yonglianhui::team::store::engaged_since(&app.app.db, &[team], since).await.unwrap().get(&team).copied().unwrap_or(0)
}

fn at(local: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M").unwrap();
    (local - TimeDelta::hours(8)).and_utc()
}

// ── The story ────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_need_finds_a_team_and_both_agree_to_meet() {
    let app = TestApp::start_with(|config| config.desk_email = "desk@park.example".to_owned()).await;
    let scene = scene(&app).await;
    let firm = app.signed_in(&scene.firm.email).await;

    // The firm asks.
    let form = firm.get(&scene.ask_url()).await;
    assert!(form.main().contains("本月还可以发 5 次") && form.main().contains("还可以接待 3 项"), "{}", form.main());
    let sent = firm.submit(&form, "main form", &[("reason", REASON)]).await;
    let id = number(&sent);
    let page = firm.follow(sent).await;
    assert_eq!(page.text("#flash"), "已发送，园区会在一个工作日内查看");
    assert_eq!(page.text(".head .state"), "等园区查看");
    assert!(page.main().contains("2026年11月3日 18:00"), "{}", page.main());
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, [""; 0], "no mail before staff have looked");
    let team = app.signed_in(&scene.team.email).await;
    assert_eq!(team.get(&format!("/my/introductions/{id}")).await.status, 404, "the team does not know of it yet");

    // Staff pass it.
    let broker = app.staff(Role::Broker).await;
    let list = broker.get("/desk/introductions").await;
    assert_eq!(list.texts("tbody tr td:first-child a"), ["柚皮提取果胶得率低"]);
    let desk = broker.get(&format!("/desk/introductions/{id}")).await;
    assert!(desk.main().contains(REASON) && desk.main().contains(&scene.firm.name));
    let done = broker.submit(&desk, "form[action$='/passage']", &[]).await;
    assert_eq!(broker.follow(done).await.text("#flash"), "已转给团队");
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, ["office", "ask"]);
    assert_eq!(places_taken(&app, scene.team.id).await, 1);

    // The team's letter, and its answer.
    let mails = app.mails_to(&scene.team.email);
    let asked = mails.last().unwrap();
    assert_eq!(asked.subject, "有企业想就「柚皮提取果胶得率低」请教您");
    for said in [REASON, "合格率现为 82%，要达到 95%", "20 至 50 万元", scene.firm.name.as_str(), "负责人team老师"]
    {
        assert!(asked.text.contains(said), "{said} is not in:\n{}", asked.text);
        assert!(asked.html.contains(said), "{said} is not in:\n{}", asked.html);
    }
    let office = app.mails_to("office-team@lab.example");
    assert!(
        office.last().unwrap().text.contains("只是告知") && !office.last().unwrap().text.contains("/introductions/")
    );
    assert_eq!(read(&app, id).await.due_at.unwrap().to_rfc3339(), "2026-11-11T10:00:00+00:00", "seven working days");
    let path = link_to(&app, &scene.team.email);
    let lead = app.visitor();
    let page = lead.get(&path).await;
    assert_eq!((page.status, page.headers["cache-control"].as_str()), (200, "no-store"));
    assert!(page.main().contains(REASON), "{}", page.main());
    let answer = post_accept(&lead, &page).await;
    let thanks = lead.follow(answer).await;
    assert_eq!(thanks.text("h1"), "谢谢，已经收到您的答复");
    app.run_until_idle().await;

    // The enterprise's letter, and its choice.
    let mails = app.mails_to(&scene.firm.email);
    let offered = mails.last().unwrap();
    assert_eq!(offered.subject, "示例团队team愿意就「柚皮提取果胶得率低」和你们谈一次");
    assert!(offered.text.contains("2026年11月23日 15:00"), "{}", offered.text);
    assert_eq!(read(&app, id).await.due_at.unwrap().to_rfc3339(), "2026-11-09T10:00:00+00:00", "five working days");
    let done = choose(&app, &scene, &[("show_phone", "yes")]).await;
    assert_eq!(done.status, 303, "{}", done.main());

    // Both have each other's contact, as far as it was agreed, and a calendar file.
    let introduction = read(&app, id).await;
    assert_eq!((introduction.state, introduction.meeting_at), (State::Exchanged, Some(at(TIMES[0]))));
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted", "exchanged", "exchanged", "copy"]);
    let to_team = app.mails_to(&scene.team.email).pop().unwrap();
    let to_firm = app.mails_to(&scene.firm.email).pop().unwrap();
    let copy = app.mails_to("desk@park.example").pop().unwrap();
    // What the desk reads of them holds no link that still acts, nor one that has.
    let tokens =
        [&scene.team.email, &scene.firm.email].map(|email| link_to(&app, email).replace("/introductions/", ""));
    for mail in mail::store::about(&app.app.db, &introduction::about(id)).await.unwrap() {
        assert!(tokens.iter().all(|token| !mail.text.contains(token.as_str())), "{}", mail.text);
    }
    assert!(to_team.text.contains(&scene.firm.email) && to_team.text.contains(&scene.firm.phone), "{}", to_team.text);
    assert!(to_firm.text.contains(&scene.team.email) && !to_firm.text.contains(&scene.team.phone), "{}", to_firm.text);
    for contact in [&scene.firm.email, &scene.firm.phone, &scene.team.email, &scene.team.phone] {
        assert!(
            !copy.text.contains(contact.as_str()) && !copy.html.contains(contact.as_str()),
            "the park's copy holds {contact}"
        );
    }
    for mail in [&to_team, &to_firm] {
        let file = mail.calendar.clone().or_else(|| mail.files.first().map(|(_, content)| content.clone()));
        calendar_is_good(&file.expect("a calendar file"), id);
    }

    // And each reads it again on his own page.
    let page = firm.get(&format!("/my/introductions/{id}")).await;
    assert!(page.text("#contact").contains(&scene.team.email) && !page.html.contains(&scene.team.phone));
    let page = team.get(&format!("/my/introductions/{id}")).await;
    assert!(page.text("#contact").contains(&scene.firm.phone), "{}", page.main());
    let steps = steps(&app, id).await;
    assert_eq!(steps, [Step::Propose, Step::Pass, Step::Accept, Step::Choose]);
}

fn calendar_is_good(file: &str, id: IntroductionId) {
    let unfolded = file.replace("\r\n ", "").replace("\r\n\t", "");
    let lines: Vec<&str> = unfolded.split("\r\n").collect();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "DTSTART:20261120T020000Z",
        "DTEND:20261120T030000Z",
        "DTSTAMP:20261102T010000Z",
        &format!("UID:introduction-{id}@yonglianhui.example"),
        "SUMMARY:对接：示例企业firm与示例团队team",
        "END:VEVENT",
        "END:VCALENDAR",
    ] {
        assert!(lines.contains(&line), "{line} is not in:\n{file}");
    }
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("ORGANIZER;CN=") && line.ends_with(":mailto:noreply@yonglianhui.example")),
        "{file}"
    );
    assert!(!file.contains("METHOD") && !file.contains("ATTENDEE"), "{file}");
    assert!(file.split("\r\n").all(|line| line.len() <= 75), "a line is longer than 75 octets:\n{file}");
}

// ── Nothing by looking, everything once ──────────────────────────────────────────────────────────

#[actix_web::test]
async fn opening_the_link_changes_nothing() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    let before = app.rows().await;
    let scanner = app.visitor();
    let mut opened = 0;
    for mail in app.mails() {
        let mail = mail.parsed();
        let words = mail.text.split_whitespace().chain(mail.html.split('"'));
        for link in words.filter(|word| word.starts_with("http://hall.example/")) {
            let path = link.strip_prefix("http://hall.example").unwrap().split('#').next().unwrap();
            for method in [Method::GET, Method::HEAD] {
                let page = scanner.send(method, path, None, &[("sec-purpose", "prefetch")]).await;
                assert!(page.status < 500, "{path}: {}", page.status);
            }
            opened += usize::from(path.starts_with("/introductions/"));
        }
    }
    assert!(opened >= 5, "the letters of the story hold links: {opened}");
    assert_eq!(app.rows().await, before);
    assert_eq!(state(&app, id).await, State::Accepted);
}

#[actix_web::test]
async fn a_link_answers_once() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let path = link_to(&app, &scene.team.email);
    let lead = app.visitor();
    let page = lead.get(&path).await;
    assert_eq!(post_accept(&lead, &page).await.status, 303);
    app.run_until_idle().await;
    let written = letters(&app, id).await;

    let again = post_accept(&lead, &page).await;
    assert_eq!(again.location(), Some(path.clone()), "the same answer gets the same outcome");
    let other = lead.submit(&page, "#later form", &[]).await;
    assert_eq!(other.status, 409);
    assert_eq!(other.text("h1"), "这个问题已经答复过了");
    let looked = lead.get(&path).await;
    assert_eq!((looked.status, looked.text("h1")), (200, "谢谢，已经收到您的答复".to_owned()));
    assert!(!looked.has("main form"));
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, written);
    assert_eq!(state(&app, id).await, State::Accepted);

    assert_eq!(lead.get("/introductions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
    let (action, fields) = page.form("#accept form");
    let token = action.rsplit('/').next().unwrap();
    let wrong = format!("/introductions/{}", token.chars().rev().collect::<String>());
    assert_eq!(lead.post_fields(&wrong, &fields).await.status, 404);
}

#[actix_web::test]
async fn a_link_of_one_side_does_not_answer_for_the_other() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let of_team = link_to(&app, &scene.team.email);
    let lead = app.visitor();
    let page = lead.get(&of_team).await;
    post_accept(&lead, &page).await;
    app.run_until_idle().await;
    let page = lead.get(&link_to(&app, &scene.firm.email)).await;
    let (_, mut fields) = page.form("#accept form");
    fields.push(("times".to_owned(), page.attributes("#accept input[name=times]", "value")[0].clone()));
    fields.push(("consent".to_owned(), "yes".to_owned()));
    let done = lead.post_fields(&of_team, &fields).await;
    assert_eq!(done.status, 303, "as the answer it has given already");
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Accepted);
}

#[actix_web::test]
async fn proposing_twice_writes_one_introduction() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let form = firm.get(&scene.ask_url()).await;
    let send = || firm.submit(&form, "main form", &[("reason", REASON)]);
    let (one, two) = futures_util::join!(send(), send());
    assert_eq!((one.status, two.status), (303, 303), "{}\n{}", one.main(), two.main());
    assert_eq!(one.location(), two.location());
    app.forward(TimeDelta::hours(1));
    assert_eq!(send().await.location(), one.location(), "and an hour later");
    let found = store::of_pair(&app.app.db, scene.need, scene.team.id).await.unwrap();
    assert_eq!(found.len(), 1);

    // Another form, opened before: it is told, with the way to the first.
    let other = firm.get(&scene.ask_url()).await;
    assert!(!other.has("main form") && other.main().contains("已经在对接中"), "{}", other.main());
    assert_eq!(other.attributes(".notice a.button", "href")[0], format!("/my/introductions/{}", found[0].id));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn two_forms_at_the_same_moment_ask_once() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let url = scene.ask_url();
    let (one, two) = futures_util::join!(firm.get(&url), firm.get(&url));
    let send = |form| {
        let firm = &firm;
        async move { firm.submit(form, "main form", &[("reason", REASON)]).await }
    };
    let (one, two) = futures_util::join!(send(&one), send(&two));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    let told = if one.status == 422 { one } else { two };
    assert!(told.main().contains("已经在对接中") && told.value("reason") == REASON, "{}", told.main());
    assert_eq!(store::of_pair(&app.app.db, scene.need, scene.team.id).await.unwrap().len(), 1);
}

#[actix_web::test]
async fn two_answers_at_the_same_moment_introduce_once() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;

    // The lead presses twice, and answers on his own page at the same moment.
    let (linked, signed) = (app.visitor(), app.signed_in(&scene.team.email).await);
    let page = linked.get(&link_to(&app, &scene.team.email)).await;
    let own = signed.get(&format!("/my/introductions/{id}")).await;
    let answers =
        futures_util::join!(post_accept(&linked, &page), post_accept(&linked, &page), post_accept(&signed, &own));
    assert_eq!((answers.0.status, answers.1.status, answers.2.status), (303, 303, 303));
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted"]);

    // So does the enterprise.
    let (linked, signed) = (app.visitor(), app.signed_in(&scene.firm.email).await);
    let page = linked.get(&link_to(&app, &scene.firm.email)).await;
    let own = signed.get(&format!("/my/introductions/{id}")).await;
    let take = async |visitor: &Visitor<'_>, page: &Page| {
        let time = page.attributes("#accept input[name=times]", "value")[1].clone();
        visitor.submit(page, "#accept form", &[("times", &time), ("consent", "yes")]).await
    };
    let choices = futures_util::join!(take(&linked, &page), take(&linked, &page), take(&signed, &own));
    assert_eq!((choices.0.status, choices.1.status, choices.2.status), (303, 303, 303));
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted", "exchanged", "exchanged"]);
    assert_eq!(steps(&app, id).await, [Step::Propose, Step::Pass, Step::Accept, Step::Choose]);
    for party in [&scene.firm, &scene.team] {
        assert_eq!(member::store::disclosures(&app.app.db, party.member).await.unwrap().len(), 1, "{}", party.name);
    }
}

#[actix_web::test]
async fn a_yes_and_a_withdrawal_at_the_same_moment_end_in_one_of_them() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/my/introductions/{id}")).await;
    let time = page.attributes("#accept input[name=times]", "value")[0].clone();
    let values = [("times", time.as_str()), ("consent", "yes")];
    futures_util::join!(
        firm.submit(&page, "#accept form", &values),
        firm.submit(&page, "form[action$='/withdrawal']", &[])
    );
    app.run_until_idle().await;
    let exchanged = letters(&app, id).await.iter().filter(|letter| *letter == "exchanged").count();
    match state(&app, id).await {
        State::Exchanged => assert_eq!(exchanged, 2),
        State::Withdrawn => assert_eq!(exchanged, 0),
        other => panic!("{other:?}"),
    }
}

// ── Saying no, later, nothing ────────────────────────────────────────────────────────────────────

async fn decline(app: &TestApp, scene: &Scene, values: &[(&str, &str)]) -> Page {
    let lead = app.visitor();
    let page = lead.get(&link_to(app, &scene.team.email)).await;
    let values: Vec<(&str, &str)> = [("decline_reason", "too_little"), ("may_ask_again", "yes")]
        .into_iter()
        .filter(|(name, _)| !values.iter().any(|(each, _)| each == name))
        .chain(values.iter().copied())
        .collect();
    let done = lead.submit(&page, "#decline form", &values).await;
    app.run_until_idle().await;
    done
}

#[actix_web::test]
async fn one_refusal_sends_nothing_more() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    assert_eq!(decline(&app, &scene, &[("decline_note", "还缺处理量与水质指标，补上就能判断。")]).await.status, 303);
    assert_eq!(state(&app, id).await, State::Declined);
    assert_eq!(letters(&app, id).await, ["office", "ask", "declined"]);
    let told = app.mails_to(&scene.firm.email).pop().unwrap();
    assert!(
        told.text.contains("还缺处理量与水质指标") && told.text.contains(&format!("/needs/{}/edit", scene.need)),
        "{}",
        told.text
    );
    assert!(told.text.contains(&format!("/needs/{}/matches", scene.need)));
    for never in ["拒绝", "谢绝", scene.team.email.as_str(), scene.team.phone.as_str()] {
        assert!(
            !told.text.contains(never) && !told.html.contains(never) && !told.subject.contains(never),
            "the letter says {never}"
        );
    }
    app.forward(TimeDelta::days(60));
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, ["office", "ask", "declined"]);
    assert_eq!(places_taken(&app, scene.team.id).await, 0, "another month");
    for party in [&scene.firm, &scene.team] {
        assert!(member::store::disclosures(&app.app.db, party.member).await.unwrap().is_empty());
    }
}

#[actix_web::test]
async fn the_words_of_a_reason_are_sent_when_nothing_else_is_written() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    passed(&app, &scene).await;
    decline(&app, &scene, &[("decline_reason", "full")]).await;
    let told = app.mails_to(&scene.firm.email).pop().unwrap();
    assert!(told.text.contains("我们近期的安排已经排满"), "{}", told.text);
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.visit("/my").await;
    assert_eq!(page.status, 200);
}

#[actix_web::test]
async fn a_team_that_has_answered_is_asked_again_only_when_the_need_has_changed() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    passed(&app, &scene).await;
    app.forward(TimeDelta::minutes(5));
    decline(&app, &scene, &[]).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&scene.ask_url()).await;
    assert!(!page.has("main form") && page.main().contains("对方已答复，请先补充"), "{}", page.main());

    app.forward(TimeDelta::minutes(5));
    let need = yonglianhui::listing::store::by_id(&app.app.db, scene.need).await.unwrap().unwrap();
    let content = Content { use_case: "每天处理十吨柚皮，水温六十度".to_owned(), ..need.content };
    let changed = app
        .app
        .db
        .write(async |tx| {
            yonglianhui::listing::draft::rewrite_in(tx, &app.app, scene.need, need.version, &content).await
        })
        .await;
    assert!(changed.unwrap());
    app.run_until_idle().await;
    assert!(firm.get(&scene.ask_url()).await.has("main form"));
}

#[actix_web::test]
async fn a_pair_that_was_shut_stays_shut() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    passed(&app, &scene).await;
    decline(&app, &scene, &[("may_ask_again", "no")]).await;
    assert!(organisation::store::blocked_with(&app.app.db, scene.firm.id).await.unwrap().contains(&scene.team.id));
    let other = app.live_need(&scene.firm, "柚皮果胶干燥结块").await;
    app.run_until_idle().await;
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/introductions/new?need={other}&team={}", scene.team.id)).await;
    assert!(!page.has("main form") && page.main().contains("暂不推荐"), "{}", page.main());
    assert!(!page.main().contains("以后不再"), "why is not for the asker");
}

#[actix_web::test]
async fn a_colleague_is_asked_and_not_shown_before_he_agrees() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let colleague = app.team("colleague").await;
    let id = passed(&app, &scene).await;
    let missing = decline(&app, &scene, &[("decline_reason", "referral")]).await;
    assert_eq!((missing.status, missing.errors()), (422, vec!["请选择要推荐的团队，或者换一个原因".to_owned()]));
    let named = colleague.id.to_string();
    let done = decline(&app, &scene, &[("decline_reason", "referral"), ("colleague", &named)]).await;
    assert_eq!(done.status, 303, "{}", done.main());
    assert_eq!(letters(&app, id).await, ["office", "ask", "referred"]);
    let told = app.mails_to(&scene.firm.email).pop().unwrap();
    assert!(told.subject.contains("已转荐，等待同意") && !told.text.contains(&colleague.name), "{}", told.text);

    let question = store::of_pair(&app.app.db, scene.need, colleague.id).await.unwrap().remove(0);
    assert_eq!(
        (question.state, question.referred_from, question.reason.as_str()),
        (State::AwaitingPark, Some(id), REASON)
    );
    let firm = app.signed_in(&scene.firm.email).await;
    for page in [format!("/my/introductions/{}", question.id), "/my".to_owned()] {
        let page = firm.get(&page).await;
        assert_eq!(page.status, 200);
        assert!(!page.html.contains(&colleague.name), "{} names the colleague", page.path);
    }
    let asks = format!("/introductions/new?need={}&team={}", scene.need, colleague.id);
    assert!(firm.get(&asks).await.main().contains("暂不推荐"));

    pass_on(&app, question.id).await;
    let lead = app.visitor();
    let page = lead.get(&link_to(&app, &colleague.email)).await;
    post_accept(&lead, &page).await;
    app.run_until_idle().await;
    assert!(firm.get(&format!("/my/introductions/{}", question.id)).await.html.contains(&colleague.name));
    let left = propose::asks_left(&app.app.db, &app.app, scene.firm.id, app.app.clock.now()).await.unwrap();
    assert_eq!(left, 4, "a referral is not the firm's request");
}

#[actix_web::test]
async fn later_is_once() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let lead = app.visitor();
    let first = link_to(&app, &scene.team.email);
    let page = lead.get(&first).await;
    let later = lead.submit(&page, "#later form", &[]).await;
    assert_eq!(later.status, 303);
    assert_eq!(lead.submit(&page, "#later form", &[]).await.status, 303, "the same once more");
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Later);
    assert_eq!(letters(&app, id).await, ["office", "ask", "postponed"]);
    assert!(app.mails_to(&scene.firm.email).pop().unwrap().text.contains("2026年11月16日"));

    app.forward(TimeDelta::days(14));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::AwaitingTeam);
    assert_eq!(letters(&app, id).await, ["office", "ask", "postponed", "ask"]);
    let second = link_to(&app, &scene.team.email);
    assert_ne!(first, second);
    assert_eq!(lead.get(&first).await.status, 200, "the first link tells how it stands");
    let page = lead.get(&second).await;
    assert!(!page.has("#later form"));
    let (action, mut fields) = page.form("#accept form");
    fields.retain(|(name, _)| name != "answer");
    fields.push(("answer".to_owned(), "later".to_owned()));
    let refused = lead.post_fields(&action, &fields).await;
    assert_eq!((refused.status, refused.errors()), (422, vec!["已经推迟过一次，这次请选择接受或谢绝。".to_owned()]));
    assert_eq!(places_taken(&app, scene.team.id).await, 1, "one place for one introduction");
}

#[actix_web::test]
async fn silence_of_staff_passes_after_a_working_day_and_holidays_do_not_count() {
    let app = TestApp::start().await;
    let admin = app.staff(Role::Administrator).await;
    let page = admin.get("/desk/holidays").await;
    let saved =
        admin.submit(&page, "main form.form", &[("day", "2026-11-03"), ("kind", "rest"), ("name", "建馆日")]).await;
    assert_eq!(saved.status, 303, "{}", saved.main());
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    assert_eq!(read(&app, id).await.due_at.unwrap(), at("2026-11-04T18:00"));
    app.forward(TimeDelta::days(2) + TimeDelta::hours(8));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::AwaitingPark, "Wednesday 17:00");
    app.forward(TimeDelta::hours(1));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::AwaitingTeam);
    assert_eq!(letters(&app, id).await, ["office", "ask"]);
    let history = store::history(&app.app.db, id).await.unwrap();
    assert_eq!(history.last().unwrap().actor, introduction::Actor::Clock);
}

#[actix_web::test]
async fn silence_of_the_team_closes_in_kind_words_and_frees_its_place() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    assert_eq!(places_taken(&app, scene.team.id).await, 1);
    let path = link_to(&app, &scene.team.email);
    app.forward(TimeDelta::days(9) + TimeDelta::hours(8));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::AwaitingTeam, "the seventh working day, 17:00");
    app.forward(TimeDelta::hours(1));
    app.run_until_idle().await;
    let introduction = read(&app, id).await;
    assert_eq!((introduction.state, introduction.team_answer), (State::TimedOut, None));
    assert_eq!(letters(&app, id).await, ["office", "ask", "timed_out"]);
    let told = app.mails_to(&scene.firm.email).pop().unwrap();
    assert!(told.text.contains("对方未在期限内回复，已自动关闭，不计为谢绝"), "{}", told.text);
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
    let page = app.visitor().get(&path).await;
    assert_eq!((page.status, page.text("h1")), (410, "这个链接已经过期".to_owned()));
    // It counts as no refusal: the firm may ask again.
    let firm = app.signed_in(&scene.firm.email).await;
    assert!(firm.get(&scene.ask_url()).await.has("main form"));
}

#[actix_web::test]
async fn silence_of_the_enterprise_closes_as_well_and_the_team_is_told() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    app.forward(TimeDelta::days(7) + TimeDelta::hours(9));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::TimedOut);
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted", "over", "timed_out"]);
    let told = app.mails_to(&scene.team.email).pop().unwrap();
    assert!(told.text.contains("没有在期限内选定时间") && !told.text.contains(&scene.firm.email), "{}", told.text);
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
}

#[actix_web::test]
async fn the_clock_starts_when_the_letter_was_sent() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    app.sink.rule(Rule::to(&scene.team.email).says("450 4.7.1 greylisted").times(1));
    pass_on(&app, id).await;
    assert_eq!((state(&app, id).await, read(&app, id).await.due_at), (State::AwaitingTeam, None));
    app.forward(TimeDelta::days(1));
    app.run_until_idle().await;
    assert_eq!(read(&app, id).await.due_at, Some(at("2026-11-12T18:00")), "seven working days from Tuesday");
}

#[actix_web::test]
async fn the_enterprise_may_say_no_to_the_times() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    let firm = app.visitor();
    let page = firm.get(&link_to(&app, &scene.firm.email)).await;
    let done = firm.submit(&page, "#decline form", &[("refuse_note", "这几天都在试产，抽不出人，抱歉。")]).await;
    assert_eq!(done.status, 303);
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Declined);
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted", "over"]);
    let told = app.mails_to(&scene.team.email).pop().unwrap();
    assert!(told.text.contains("这几天都在试产") && !told.text.contains(&scene.firm.email));
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
    let signed = app.signed_in(&scene.firm.email).await;
    let page = signed.get(&format!("/my/introductions/{id}")).await;
    assert!(!page.html.contains(&scene.team.email) && !page.has("#contact"));
}

// ── The park ─────────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn staff_make_the_reason_better_or_stop_the_request_and_say_why() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    let broker = app.staff(Role::Broker).await;
    let path = format!("/desk/introductions/{id}");
    let page = broker.get(&path).await;
    let short = broker.submit(&page, "form[action$='/reason']", &[("reason", "太短")]).await;
    assert_eq!((short.status, short.value("reason")), (422, "太短".to_owned()));
    let contact =
        broker.submit(&page, "form[action$='/reason']", &[("reason", &format!("{REASON} 电话 0746-5551234"))]).await;
    assert_eq!(contact.errors(), ["这里先不要写电话或邮箱；双方同意后系统会交换"]);
    let better = format!("{REASON}我们有一条中试线。");
    let saved = broker.submit(&page, "form[action$='/reason']", &[("reason", &better)]).await;
    assert_eq!(saved.status, 303);
    assert_eq!(read(&app, id).await.reason, better);

    let silent = broker.submit(&page, "form[action$='/stop']", &[]).await;
    assert_eq!((silent.status, silent.errors()), (422, vec!["请写明原因，企业会读到".to_owned()]));
    let stopped =
        broker.submit(&page, "form[action$='/stop']", &[("words", "这支团队只做装备，建议找食品方向的团队。")]).await;
    assert_eq!(stopped.status, 303);
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Stopped);
    assert_eq!(letters(&app, id).await, ["stopped"]);
    assert!(app.mails_to(&scene.firm.email).pop().unwrap().text.contains("建议找食品方向的团队"));
    assert!(
        app.mails_to(&scene.team.email).iter().all(|mail| !mail.text.contains("柚皮提取果胶得率低")),
        "the team hears nothing"
    );
    let late = broker.submit(&page, "form[action$='/passage']", &[]).await;
    assert_eq!(broker.follow(late).await.text("#flash"), "这次对接已经不在原来的状态，页面已更新");
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/my/introductions/{id}")).await;
    assert!(page.main().contains("建议找食品方向的团队"), "{}", page.main());
    assert!(broker.get("/desk/introductions?show=ended").await.main().contains("园区未转送"));
}

#[actix_web::test]
async fn what_is_due_first_is_on_top_of_the_desk() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let first = passed(&app, &scene).await;
    app.forward(TimeDelta::days(1));
    let other = app.live_need(&scene.firm, "柚皮果胶干燥结块").await;
    app.run_until_idle().await;
    let second = Scene { need: other, firm: scene.firm.clone(), team: scene.team.clone() };
    let second = ask(&app, &second).await;
    let broker = app.staff(Role::Broker).await;
    let links = broker.get("/desk/introductions").await.attributes("tbody a", "href");
    assert_eq!(links, [format!("/desk/introductions/{second}"), format!("/desk/introductions/{first}")]);
    for role in [Role::Curator] {
        assert_eq!(app.staff(role).await.get("/desk/introductions").await.status, 403);
    }
    assert_eq!(app.signed_in(&scene.firm.email).await.get("/desk/introductions").await.status, 404);
}

#[actix_web::test]
async fn the_desk_asks_the_database_no_more_for_many_than_for_one() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let broker = app.staff(Role::Broker).await;
    ask(&app, &scene).await;
    let (one, _) = app.statements(broker.get("/desk/introductions")).await;
    for title in ["柚皮果胶干燥结块", "果胶胶凝度不稳"] {
        let need = app.live_need(&scene.firm, title).await;
        app.run_until_idle().await;
        ask(&app, &Scene { need, firm: scene.firm.clone(), team: scene.team.clone() }).await;
    }
    let (three, page) = app.statements(broker.get("/desk/introductions")).await;
    assert_eq!(page.texts("tbody tr").len(), 3);
    assert_eq!(one, three);
}

#[actix_web::test]
async fn a_letter_that_cannot_be_delivered_waits_for_staff_who_send_it_again() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    app.sink.rule(Rule::to(&scene.team.email).says("550 5.1.1 no such user").times(1));
    pass_on(&app, id).await;
    assert_eq!(state(&app, id).await, State::ChannelFailed);
    let broker = app.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/introductions/{id}")).await;
    assert!(page.main().contains("永久失败"), "{}", page.main());
    let firm = app.signed_in(&scene.firm.email).await;
    assert!(firm.get(&format!("/my/introductions/{id}")).await.main().contains("信件没有送到"));

    let sent = broker.submit(&page, "form[action$='/letter']", &[]).await;
    assert_eq!(broker.follow(sent).await.text("#flash"), "已重新发信");
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::AwaitingTeam);
    assert_eq!(letters(&app, id).await, ["office", "ask", "ask"]);
    assert_eq!(accept(&app, &scene).await.status, 303);
    assert_eq!(steps(&app, id).await, [Step::Propose, Step::Pass, Step::LoseChannel, Step::AskAgain, Step::Accept]);
}

#[actix_web::test]
async fn a_lost_letter_that_nobody_sees_to_closes_without_blame() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    app.sink.rule(Rule::to(&scene.team.email).says("550 5.1.1 no such user"));
    pass_on(&app, id).await;
    app.forward(TimeDelta::days(14));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::TimedOut);
    assert_eq!(letters(&app, id).await, ["office", "ask", "timed_out"]);
    assert!(app.mails_to(&scene.firm.email).pop().unwrap().text.contains("信没有送到"));
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
}

#[actix_web::test]
async fn the_enterprises_lost_letter_waits_for_staff_as_well() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    app.sink.rule(Rule::to(&scene.firm.email).says("550 5.1.1 no such user").times(2));
    assert_eq!(accept(&app, &scene).await.status, 303);
    assert_eq!(state(&app, id).await, State::ChannelFailed);
    let sent = resend::resend(&app.app, id).await;
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(state(&app, id).await, State::Accepted, "the team's yes stands");
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::ChannelFailed, "lost again");
    app.forward(TimeDelta::days(14));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::TimedOut);
    assert_eq!(letters(&app, id).await, ["office", "ask", "accepted", "accepted", "over"], "the team is told");
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
    let lost =
        [Step::Propose, Step::Pass, Step::Accept, Step::LoseChannel, Step::OfferAgain, Step::LoseChannel, Step::RunOut];
    assert_eq!(steps(&app, id).await, lost);
}

#[actix_web::test]
async fn a_letter_sent_again_makes_the_old_link_worthless() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    let old = link_to(&app, &scene.firm.email);
    let broker = app.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/introductions/{id}")).await;
    // Twice before anything leaves: only the last letter is sent.
    broker.submit(&page, "form[action$='/letter']", &[]).await;
    broker.submit(&page, "form[action$='/letter']", &[]).await;
    app.run_until_idle().await;
    let mails = mail::store::about(&app.app.db, &introduction::about(id)).await.unwrap();
    let statuses: Vec<Status> =
        mails.iter().filter(|mail| mail.letter == "introduction/accepted").map(|mail| mail.status).collect();
    assert_eq!(statuses, [Status::Sent, Status::Replaced, Status::Sent]);
    let firm = app.visitor();
    let page = firm.get(&old).await;
    assert_eq!((page.status, page.text("h1")), (410, "这个链接已经停用".to_owned()));
    let new = firm.get(&link_to(&app, &scene.firm.email)).await;
    let (_, fields) = new.form("#accept form");
    assert_eq!(firm.post_fields(&old, &fields).await.status, 410);
    assert_eq!(choose(&app, &scene, &[]).await.status, 303);
    assert_eq!(state(&app, id).await, State::Exchanged);
}

#[actix_web::test]
async fn a_question_that_is_taken_back_is_not_sent() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, id).await.unwrap();
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/my/introductions/{id}")).await;
    let done = firm.submit(&page, "form[action$='/withdrawal']", &[]).await;
    assert_eq!(firm.follow(done).await.text("#flash"), "已撤回");
    app.run_until_idle().await;
    assert!(app.mails_to(&scene.team.email).iter().all(|mail| !mail.text.contains("柚皮提取果胶得率低")));
    assert_eq!((state(&app, id).await, places_taken(&app, scene.team.id).await), (State::Withdrawn, 0));
}

#[actix_web::test]
async fn a_team_that_was_asked_is_told_when_the_question_is_taken_back() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let path = link_to(&app, &scene.team.email);
    withdraw::withdraw(&app.app, scene.firm.member, id).await.unwrap();
    app.run_until_idle().await;
    assert_eq!(letters(&app, id).await, ["office", "ask", "over"]);
    let page = app.visitor().get(&path).await;
    assert_eq!(page.status, 410);
}

#[actix_web::test]
async fn what_has_lost_its_sense_is_not_passed_on() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = ask(&app, &scene).await;
    yonglianhui::listing::close::withdraw(&app.app, scene.firm.member, scene.need).await.unwrap();
    let broker = app.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/introductions/{id}")).await;
    let refused = broker.submit(&page, "form[action$='/passage']", &[]).await;
    assert!(broker.follow(refused).await.text("#flash").starts_with("需求已经结束"));
    assert_eq!(state(&app, id).await, State::AwaitingPark);
    app.forward(TimeDelta::days(2));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Stopped);
    assert_eq!(letters(&app, id).await, ["stopped"]);
    assert_eq!(places_taken(&app, scene.team.id).await, 0);
}

#[actix_web::test]
async fn what_was_put_off_is_not_asked_again_when_the_need_has_ended() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    answer::answer(&app.app, Answerer::signed_in(scene.team.member), id, &Answer::Later).await.unwrap();
    yonglianhui::listing::close::withdraw(&app.app, scene.firm.member, scene.need).await.unwrap();
    app.forward(TimeDelta::days(15));
    app.run_until_idle().await;
    assert_eq!(state(&app, id).await, State::Stopped);
    assert_eq!(letters(&app, id).await, ["office", "ask", "postponed", "over", "stopped"]);
}

// ── What may not be asked ────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn what_the_rules_refuse_is_said_before_anything_is_written() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let form = firm.get(&scene.ask_url()).await;
    let short = firm.submit(&form, "main form", &[("reason", "想认识一下")]).await;
    assert_eq!((short.status, short.errors()), (422, vec!["再写几句，至少 20 个字，现在有 5 个".to_owned()]));
    assert_eq!(short.value("reason"), "想认识一下");
    let contact = firm.submit(&form, "main form", &[("reason", &format!("{REASON}请联系 boss@firm.example"))]).await;
    assert_eq!(contact.errors(), ["这里先不要写电话或邮箱；双方同意后系统会交换"]);

    // Others' needs, and things that are not there, do not exist.
    let stranger = app.enterprise("stranger").await;
    let stranger = app.signed_in(&stranger.email).await;
    assert_eq!(stranger.get(&scene.ask_url()).await.status, 404);
    let (_, fields) = form.form("main form");
    let mut fields = fields;
    fields.retain(|(name, _)| name != "csrf" && name != "reason");
    fields.push(("reason".to_owned(), REASON.to_owned()));
    let own = stranger.get("/my/particulars").await;
    fields.push(("csrf".to_owned(), own.value("csrf")));
    assert_eq!(stranger.post_fields("/introductions", &fields).await.status, 404);
    for path in [
        format!("/introductions/new?need={}&team=999", scene.need),
        "/introductions/new?need=x".to_owned(),
        "/introductions/new".to_owned(),
    ] {
        assert_eq!(firm.get(&path).await.status, 404, "{path}");
    }

    // A need that is not live.
    let draft = app.draft(&scene.firm, Kind::Need, need_content("还没写好的需求")).await;
    let page = firm.get(&format!("/introductions/new?need={draft}&team={}", scene.team.id)).await;
    assert!(page.main().contains("没有公开"), "{}", page.main());
    assert!(store::of_need(&app.app.db, scene.need).await.unwrap().is_empty());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_enterprise_that_is_not_verified_cannot_ask() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    organisation::verify::refuse(&app.app, scene.firm.id, "请补营业执照").await.unwrap();
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&scene.ask_url()).await;
    assert!(!page.has("main form"), "{}", page.main());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_full_team_is_said_to_be_full_at_once() {
    let app = TestApp::start().await;
    let scene = scene_with(&app, need_content("柚皮提取果胶得率低"), 1).await;
    let other = app.enterprise("other").await;
    let need = app.live_need(&other, "果胶胶凝度不稳").await;
    app.run_until_idle().await;
    let form_of_other = Scene { firm: other.clone(), team: scene.team.clone(), need };
    let visitor = app.signed_in(&other.email).await;
    let form = visitor.get(&form_of_other.ask_url()).await;
    ask(&app, &scene).await;
    // The last place is spoken for while the question waits with staff.
    let late = visitor.submit(&form, "main form", &[("reason", REASON)]).await;
    assert_eq!(late.status, 422);
    assert!(late.main().contains("本月的接待名额已满") && late.value("reason") == REASON, "{}", late.main());
    assert!(late.attributes("a", "href").contains(&format!("/needs/{need}/matches")));
    app.forward(TimeDelta::days(2));
    app.run_until_idle().await;
    app.forward(TimeDelta::days(28));
    app.run_until_idle().await;
    let visitor = app.signed_in(&other.email).await;
    assert!(visitor.get(&form_of_other.ask_url()).await.has("main form"), "the month has turned");
}

#[actix_web::test]
async fn an_enterprise_asks_so_many_times_a_month() {
    let app = TestApp::start_with(|config| config.requests_per_month = 1).await;
    let scene = scene(&app).await;
    let other = app.team("other").await;
    app.run_until_idle().await;
    ask(&app, &scene).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/introductions/new?need={}&team={}", scene.need, other.id)).await;
    assert!(!page.has("main form") && page.main().contains("本月已经发出 1 次请求"), "{}", page.main());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_form_that_is_not_good_yet_keeps_every_answer() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let lead = app.visitor();
    let page = lead.get(&link_to(&app, &scene.team.email)).await;
    let (action, mut fields) = page.form("#accept form");
    fields.retain(|(name, _)| !name.starts_with("times"));
    let typed = [("times", "2026-11-20T10:00"), ("times_2", "2026-01-01T10:00"), ("times_3", "")];
    fields.extend(typed.map(|(name, time)| (name.to_owned(), time.to_owned())));
    fields.push(("show_phone".to_owned(), "yes".to_owned()));
    let wrong = lead.post_fields(&action, &fields).await;
    assert_eq!(
        (wrong.status, wrong.errors()),
        (422, vec!["有一个时间已经过去了，请换一个".to_owned(), "请勾选同意，双方才能交换联系方式".to_owned()])
    );
    for (name, time) in typed {
        assert_eq!(wrong.attributes(&format!("#accept input[name={name}]"), "value"), [time]);
    }
    assert!(wrong.has("#accept input[name=show_phone][checked]"));
    let none = lead.submit(&page, "#decline form", &[("decline_note", "容我想想怎么说")]).await;
    assert_eq!(none.errors(), ["请选择一个原因", "请选择可以还是不可以"]);
    assert_eq!(none.value("decline_note"), "容我想想怎么说");
    assert_eq!(state(&app, id).await, State::AwaitingTeam);

    post_accept(&lead, &page).await;
    app.run_until_idle().await;
    let page = lead.get(&link_to(&app, &scene.firm.email)).await;
    let none = lead.submit(&page, "#accept form", &[]).await;
    assert_eq!(none.errors(), ["请选一个时间", "请勾选同意，双方才能交换联系方式"]);
    let invented =
        lead.submit(&page, "#accept form", &[("times", "2026-11-21T02:00:00+00:00"), ("consent", "yes")]).await;
    assert_eq!(invented.errors(), ["这个时间已经不能选了，请选另一个"]);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_introduction_belongs_to_its_two_sides() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = passed(&app, &scene).await;
    let stranger = app.enterprise("stranger").await;
    let stranger = app.signed_in(&stranger.email).await;
    let path = format!("/my/introductions/{id}");
    let csrf = stranger.get("/my/particulars").await.value("csrf");
    for answer in ["accept", "decline", "later"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("answer", answer),
            ("times", TIMES[0]),
            ("consent", "yes"),
            ("decline_reason", "full"),
            ("may_ask_again", "no"),
        ];
        assert_eq!(stranger.post(&path, &fields).await.status, 404);
    }
    assert_eq!(stranger.get(&path).await.status, 404);
    assert_eq!(stranger.post(&format!("{path}/withdrawal"), &[("csrf", &csrf)]).await.status, 404);
    // The asker cannot answer for the team, nor the team take the question back.
    let firm = app.signed_in(&scene.firm.email).await;
    let csrf = firm.get("/my/particulars").await.value("csrf");
    firm.post(&path, &[("csrf", &csrf), ("answer", "accept"), ("times", TIMES[0]), ("consent", "yes")]).await;
    let team = app.signed_in(&scene.team.email).await;
    let csrf = team.get("/my/particulars").await.value("csrf");
    assert_eq!(team.post(&format!("{path}/withdrawal"), &[("csrf", &csrf)]).await.status, 404);
    assert_eq!(state(&app, id).await, State::AwaitingTeam);
    let staff = app.staff(Role::Administrator).await;
    assert_eq!(staff.get(&path).await.location(), Some(format!("/desk/introductions/{id}")));
    app.run_until_idle().await;
}

// ── What nobody may see ──────────────────────────────────────────────────────────────────────────

/// Every page of both sides, of staff and of a link's holder.
async fn pages_about(app: &TestApp, scene: &Scene, id: IntroductionId) -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    let firm = app.signed_in(&scene.firm.email).await;
    let team = app.signed_in(&scene.team.email).await;
    let broker = app.staff(Role::Broker).await;
    let visitor = app.visitor();
    let needs = format!("/needs/{}", scene.need);
    for (who, visitor, paths) in [
        (
            "firm",
            &firm,
            vec![
                format!("/my/introductions/{id}"),
                needs.clone(),
                format!("{needs}/matches"),
                format!("/teams/{}", scene.team.id),
            ],
        ),
        (
            "team",
            &team,
            vec![
                format!("/my/introductions/{id}"),
                needs.clone(),
                format!("/teams/{}/matches", scene.team.id),
                format!("/enterprises/{}", scene.firm.id),
            ],
        ),
        ("broker", &broker, vec![format!("/desk/introductions/{id}"), "/desk/introductions".to_owned()]),
        (
            "visitor",
            &visitor,
            vec![needs.clone(), format!("/my/introductions/{id}"), format!("/desk/introductions/{id}")],
        ),
    ] {
        for path in paths {
            pages.push((who.to_owned(), visitor.get(&path).await));
        }
    }
    for email in [&scene.team.email, &scene.firm.email] {
        if app.mails_to(email).iter().any(|mail| mail.text.contains("example/introductions/")) {
            pages.push(("holder".to_owned(), visitor.get(&link_to(app, email)).await));
        }
    }
    pages
}

#[actix_web::test]
async fn contacts_leave_only_through_a_recorded_disclosure() {
    let app = TestApp::start_with(|config| config.desk_email = "desk@park.example".to_owned()).await;
    let scene = scene(&app).await;
    let contacts = [&scene.firm.email, &scene.firm.phone, &scene.team.email, &scene.team.phone];
    let nothing_leaks = async |id: IntroductionId| {
        for (who, page) in pages_about(&app, &scene, id).await {
            for contact in contacts {
                assert!(
                    !page.html.contains(contact.as_str()),
                    "{who} reads {contact} on {} in state {:?}",
                    page.path,
                    state(&app, id).await
                );
            }
        }
        for mail in app.mails() {
            let parsed = mail.parsed();
            for contact in contacts.iter().filter(|contact| !mail.recipients.contains(contact)) {
                for part in [&parsed.subject, &parsed.text, &parsed.html] {
                    assert!(!part.contains(contact.as_str()), "{contact} is in a letter to {:?}", mail.recipients);
                }
            }
            for phone in [&scene.firm.phone, &scene.team.phone] {
                assert!(!parsed.text.contains(phone.as_str()) && !parsed.html.contains(phone.as_str()));
            }
        }
    };
    let id = ask(&app, &scene).await;
    nothing_leaks(id).await;
    pass_on(&app, id).await;
    nothing_leaks(id).await;
    accept(&app, &scene).await;
    nothing_leaks(id).await;
    for party in [&scene.firm, &scene.team] {
        assert!(
            member::store::disclosures(&app.app.db, party.member).await.unwrap().is_empty(),
            "nothing is disclosed before the second yes"
        );
    }
    choose(&app, &scene, &[]).await;
    for (party, other) in [(&scene.firm, &scene.team), (&scene.team, &scene.firm)] {
        let disclosed = member::store::disclosures(&app.app.db, party.member).await.unwrap();
        let [disclosed] = disclosed.as_slice() else { panic!("{disclosed:?}") };
        assert_eq!((disclosed.recipient, disclosed.about.clone()), (other.id, introduction::about(id)));
        assert_eq!(disclosed.fields, [member::Field::Name, member::Field::Email]);
    }
    // Only the recipient reads it: not staff, not a visitor, and no link.
    for (who, page) in pages_about(&app, &scene, id).await {
        let own = page.path == format!("/my/introductions/{id}");
        assert_eq!(page.html.contains(&scene.team.email), who == "firm" && own, "{who} {}", page.path);
        assert_eq!(page.html.contains(&scene.firm.email), who == "team" && own, "{who} {}", page.path);
        for phone in [&scene.firm.phone, &scene.team.phone] {
            assert!(!page.html.contains(phone.as_str()), "a telephone that was not ticked");
        }
    }
}

#[actix_web::test]
async fn an_anonymous_enterprise_is_named_to_the_team_only_at_the_exchange() {
    let app = TestApp::start().await;
    let content = Content { anonymous: true, ..need_content("柚皮提取果胶得率低") };
    let scene = scene_with(&app, content, 3).await;
    let firm = app.signed_in(&scene.firm.email).await;
    let form = firm.get(&scene.ask_url()).await;
    let named = firm.submit(&form, "main form", &[("reason", &format!("{REASON}我们是{}。", scene.firm.name))]).await;
    assert_eq!(named.errors(), ["这条需求是匿名的，这里却写出了你们单位的名称；请改掉再发送"]);
    let id = passed(&app, &scene).await;
    let team = app.signed_in(&scene.team.email).await;
    let names_nobody = async || {
        for path in [
            format!("/my/introductions/{id}"),
            link_to(&app, &scene.team.email),
            format!("/needs/{}", scene.need),
            "/my".to_owned(),
        ] {
            let page = team.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.html.contains(&scene.firm.name), "{path} names the firm");
        }
        for email in [scene.team.email.as_str(), "office-team@lab.example"] {
            for mail in app.mails_to(email) {
                assert!(
                    !mail.text.contains(&scene.firm.name)
                        && !mail.html.contains(&scene.firm.name)
                        && !mail.subject.contains(&scene.firm.name)
                );
            }
        }
    };
    names_nobody().await;
    accept(&app, &scene).await;
    names_nobody().await;
    choose(&app, &scene, &[]).await;
    assert!(app.mails_to(&scene.team.email).pop().unwrap().text.contains(&scene.firm.name));
    assert!(team.get(&format!("/my/introductions/{id}")).await.html.contains(&scene.firm.name));
}

#[actix_web::test]
async fn everything_reads_in_english_as_well() {
    let app = TestApp::start().await;
    let scene = scene(&app).await;
    let id = accepted(&app, &scene).await;
    let (firm, broker) = (app.signed_in(&scene.firm.email).await, app.staff(Role::Broker).await);
    for (visitor, path) in [
        (&firm, format!("/my/introductions/{id}?lang=en")),
        (&firm, format!("{}&lang=en", scene.ask_url())),
        (&broker, format!("/desk/introductions/{id}?lang=en")),
        (&broker, "/desk/introductions?lang=en".to_owned()),
        (&broker, "/desk/introductions?show=ended&lang=en".to_owned()),
        (&firm, format!("{}?lang=en", link_to(&app, &scene.firm.email))),
        (&firm, format!("{}?lang=en", link_to(&app, &scene.team.email))),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.main().contains("introduction-"), "{path} shows a key:\n{}", page.main());
    }
}

// ── The graph ────────────────────────────────────────────────────────────────────────────────────

fn yes() -> Answer {
    Answer::Accept { times: TIMES.map(at).to_vec(), phone: Phone::Kept, language: Language::Chinese }
}

/// An introduction that stands at `goal`.
async fn standing_at(app: &TestApp, scene: &Scene, goal: State) -> IntroductionId {
    let broker = app.appointed(Role::Broker).await;
    let team = Answerer::signed_in(scene.team.member);
    let firm = Answerer::signed_in(scene.firm.member);
    let id = propose::propose(&app.app, scene.firm.member, scene.need, scene.team.id, REASON, "").await.unwrap();
    if goal == State::ChannelFailed {
        app.sink.rule(Rule::to(&scene.team.email).says("550 5.1.1 no such user").times(1));
    }
    if !matches!(goal, State::AwaitingPark | State::Stopped | State::Withdrawn) {
        pass::pass(&app.app, broker, id).await.unwrap();
        app.run_until_idle().await;
    }
    match goal {
        State::AwaitingPark | State::AwaitingTeam | State::ChannelFailed => {}
        State::Later => answer::answer(&app.app, team, id, &Answer::Later).await.unwrap(),
        State::Accepted => answer::answer(&app.app, team, id, &yes()).await.unwrap(),
        State::Exchanged => {
            answer::answer(&app.app, team, id, &yes()).await.unwrap();
            let take = Choice::Take { time: at(TIMES[0]), phone: Phone::Kept, language: Language::Chinese };
            choose::choose(&app.app, firm, id, &take).await.unwrap();
        }
        State::Declined => {
            let no = Answer::Decline {
                reason: introduction::DeclineReason::Full,
                words: String::new(),
                door: Door::Open,
                colleague: None,
            };
            answer::answer(&app.app, team, id, &no).await.unwrap();
        }
        State::TimedOut => app.forward(TimeDelta::days(30)),
        State::Withdrawn => withdraw::withdraw(&app.app, scene.firm.member, id).await.unwrap(),
        State::Stopped => pass::stop(&app.app, id, "不合适").await.unwrap(),
        State::Met | State::NotHeld => unreachable!("nothing leads there yet"),
    }
    app.run_until_idle().await;
    assert_eq!(state(app, id).await, goal);
    id
}

/// Tries a step by its verb; the verb says whether it was done.
async fn try_step(app: &TestApp, scene: &Scene, id: IntroductionId, tried: Step) -> bool {
    let team = Answerer::signed_in(scene.team.member);
    let firm = Answerer::signed_in(scene.firm.member);
    let no = || Answer::Decline {
        reason: introduction::DeclineReason::Full,
        words: String::new(),
        door: Door::Open,
        colleague: None,
    };
    let take = Choice::Take { time: at(TIMES[0]), phone: Phone::Kept, language: Language::Chinese };
    let broker = app.appointed(Role::Broker).await;
    match tried {
        Step::Improve => pass::improve(&app.app, id, REASON).await.is_ok(),
        Step::Pass => pass::pass(&app.app, broker, id).await.is_ok(),
        Step::Stop => pass::stop(&app.app, id, "不合适").await.is_ok(),
        Step::AskAgain | Step::OfferAgain => resend::resend(&app.app, id).await.is_ok(),
        Step::Accept => answer::answer(&app.app, team, id, &yes()).await.is_ok(),
        Step::Decline => answer::answer(&app.app, team, id, &no()).await.is_ok(),
        Step::Postpone => answer::answer(&app.app, team, id, &Answer::Later).await.is_ok(),
        Step::Choose => choose::choose(&app.app, firm, id, &take).await.is_ok(),
        Step::Refuse => choose::choose(&app.app, firm, id, &Choice::Refuse { words: String::new() }).await.is_ok(),
        Step::Withdraw => withdraw::withdraw(&app.app, scene.firm.member, id).await.is_ok(),
        Step::RunOut => {
            // Long enough for every clock there is, and for a letter to be sent before.
            app.run_until_idle().await;
            app.forward(TimeDelta::days(40));
            app.run_until_idle().await;
            state(app, id).await == State::TimedOut
        }
        Step::LoseChannel | Step::Propose | Step::Refer => unreachable!("not a verb of somebody"),
    }
}

#[actix_web::test]
async fn every_move_of_an_introduction_is_as_the_graph_says() {
    const TRIED: [Step; 11] = [
        Step::Improve,
        Step::Pass,
        Step::Stop,
        Step::AskAgain,
        Step::Accept,
        Step::Decline,
        Step::Postpone,
        Step::Choose,
        Step::Refuse,
        Step::Withdraw,
        Step::RunOut,
    ];
    let states = State::ALL.iter().copied().filter(|state| !matches!(state, State::Met | State::NotHeld));
    let leads = |from, tried| {
        step(from, tried).or_else(|| if tried == Step::AskAgain { step(from, Step::OfferAgain) } else { None })
    };
    let mut made = 0;
    for from in states {
        let app = TestApp::start().await;
        let scene = scene(&app).await;
        let id = standing_at(&app, &scene, from).await;
        let before = read(&app, id).await;
        for tried in TRIED.into_iter().filter(|tried| *tried != Step::RunOut && leads(from, *tried).is_none()) {
            assert!(!try_step(&app, &scene, id, tried).await, "{tried:?} from {from:?}");
            assert_eq!(read(&app, id).await, before, "{tried:?} from {from:?} was refused and changed something");
        }
        app.run_until_idle().await;
        for tried in TRIED {
            let Some(to) = leads(from, tried) else { continue };
            let app = TestApp::start().await;
            let scene = self::scene(&app).await;
            let id = standing_at(&app, &scene, from).await;
            assert!(try_step(&app, &scene, id, tried).await, "{tried:?} from {from:?}");
            assert_eq!(state(&app, id).await, to, "{tried:?} from {from:?}");
            made += 1;
            app.run_until_idle().await;
        }
    }
    let elsewhere = MOVES.iter().filter(|(from, by, _)| {
        // Both kinds of asking again are one verb; the letters of a lost channel have tests of their own.
        *by == Step::LoseChannel || (*by == Step::OfferAgain && *from == State::ChannelFailed)
    });
    assert_eq!(made + elsewhere.count(), MOVES.len());
}
