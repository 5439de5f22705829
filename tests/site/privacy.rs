//! What is a person's own: his consents to take back, his data to take along, his account to delete.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait as _, Statement};
use yonglianhui::{
    db::Read as _,
    id::{IntroductionId, MemberId},
    introduction::{
        self, State,
        answer::{self, Answer, Phone},
        choose::{self, Choice},
        link::Answerer,
        pass, propose,
    },
    listing,
    mail::{self, Address, Status},
    member::{self, Role},
    words::Language,
};

use crate::support::{Party, TestApp};

const REASON: &str = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";

struct Scene {
    firm: Party,
    team: Party,
    id: IntroductionId,
}

/// An introduction that the team was asked about.
async fn asked(site: &TestApp) -> Scene {
    let (firm, team) = (site.enterprise("one").await, site.team("two").await);
    let need = site.live_need(&firm, "柚皮提取果胶得率低").await;
    site.live_result(&team, "柚皮果胶绿色提取").await;
    site.run_until_idle().await;
    let id = propose::propose(&site.app, firm.member, need, team.id, REASON, "").await.unwrap();
    let broker = site.appointed(Role::Broker).await;
    pass::pass(&site.app, broker, id).await.unwrap();
    site.run_until_idle().await;
    Scene { firm, team, id }
}

async fn accepted(site: &TestApp) -> Scene {
    let scene = asked(site).await;
    let times = vec![site.app.clock.now() + TimeDelta::days(3)];
    let yes = Answer::Accept { times, phone: Phone::Shown, language: Language::Chinese };
    answer::answer(&site.app, Answerer::signed_in(scene.team.member), scene.id, &yes).await.unwrap();
    scene
}

async fn choose_time(site: &TestApp, scene: &Scene) {
    let time = introduction::store::by_id(&site.app.db, scene.id).await.unwrap().unwrap().times[0];
    let yes = Choice::Take { time, phone: Phone::Shown, language: Language::Chinese };
    choose::choose(&site.app, Answerer::signed_in(scene.firm.member), scene.id, &yes).await.unwrap();
}

async fn state(site: &TestApp, id: IntroductionId) -> State {
    introduction::store::by_id(&site.app.db, id).await.unwrap().unwrap().state
}

/// Presses the button of the first standing consent.
async fn withdraw(site: &TestApp, party: &Party) {
    let visitor = site.signed_in(&party.email).await;
    let page = visitor.get("/my/consents").await;
    let answer = visitor.submit(&page, "#consents form", &[]).await;
    assert_eq!(answer.location().as_deref(), Some("/my/consents"), "{}", answer.main());
    let page = visitor.follow(answer).await;
    assert!(!page.has("#consents form") && page.main().contains("已撤回"), "{}", page.main());
}

#[actix_web::test]
async fn a_consent_that_was_taken_back_ends_what_had_not_led_to_an_exchange() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    // The letter with the times has not left yet.
    let before = site.mails_to(&scene.firm.email).len();
    withdraw(&site, &scene.team).await;
    assert_eq!(state(&site, scene.id).await, State::Withdrawn);
    site.run_until_idle().await;
    let letters = site.mails_to(&scene.firm.email);
    assert_eq!(letters.len(), before + 1, "the offer of times was sent, or the end was not told");
    assert!(letters.last().unwrap().text.contains("不再参与"), "{}", letters.last().unwrap().text);
    let firm = site.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/my/introductions/{}", scene.id)).await;
    assert!(!page.has("main form[action*='introductions']") || !page.main().contains(&scene.team.phone));
    assert!(member::store::disclosures(&site.app.db, scene.team.member).await.unwrap().is_empty());
    // The record stays, and a second press changes nothing.
    let given = member::store::consents(&site.app.db, scene.team.member).await.unwrap();
    let [given] = given.as_slice() else { panic!("{given:?}") };
    let first = given.withdrawn_at.unwrap();
    site.forward(TimeDelta::hours(1));
    introduction::retract::retract(&site.app, scene.team.member, given.id).await.unwrap();
    let again = member::store::consent(&site.app.db, given.id).await.unwrap().unwrap();
    assert_eq!((again.withdrawn_at, again.text.as_str()), (Some(first), given.text.as_str()));
}

#[actix_web::test]
async fn a_consent_that_was_taken_back_discloses_nothing_more() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    site.run_until_idle().await;
    choose_time(&site, &scene).await;
    // Both letters with contacts wait; the team takes its consent back before they leave.
    withdraw(&site, &scene.team).await;
    site.run_until_idle().await;
    let read = |parts: &[&str], mails: &[crate::support::sink::Parsed]| {
        mails.iter().any(|mail| {
            let calendar = mail.calendar.clone().unwrap_or_default();
            parts
                .iter()
                .any(|part| [&mail.subject, &mail.text, &mail.html, &calendar].iter().any(|all| all.contains(part)))
        })
    };
    let to_firm = site.mails_to(&scene.firm.email);
    assert!(
        !read(&[&scene.team.phone, &scene.team.email], &to_firm),
        "the firm was sent a contact that was taken back"
    );
    assert!(read(&[&scene.firm.phone], &site.mails_to(&scene.team.email)), "the firm's own consent stands");
    let about = introduction::about(scene.id);
    let mails = mail::store::about(&site.app.db, &about).await.unwrap();
    let stopped: Vec<_> = mails.iter().filter(|mail| mail.status == Status::Withdrawn).collect();
    assert_eq!(stopped.len(), 1, "the letter that was stopped is kept as evidence");
    assert!(!stopped[0].text.contains(&scene.team.phone));
    // Its page shows it no more; what was disclosed stays recorded.
    let firm = site.signed_in(&scene.firm.email).await;
    let page = firm.get(&format!("/my/introductions/{}", scene.id)).await;
    assert!(page.has("#contact-gone") && !page.html.contains(&scene.team.phone), "{}", page.main());
    assert!(!page.html.contains(&scene.team.email));
    assert_eq!(member::store::disclosures(&site.app.db, scene.team.member).await.unwrap().len(), 1);
    let asked_to_delete = site.mails_to(&scene.firm.email).last().unwrap().text.clone();
    assert!(asked_to_delete.contains("删除"), "{asked_to_delete}");
    assert_eq!(state(&site, scene.id).await, State::Exchanged);
}

#[actix_web::test]
async fn nobody_takes_back_what_another_has_given() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    site.run_until_idle().await;
    let given = member::store::consents(&site.app.db, scene.team.member).await.unwrap()[0].id;
    for email in [&scene.firm.email, "stranger@firm.example"] {
        let visitor = site.signed_in(email).await;
        let csrf = visitor.get("/my/particulars").await.value("csrf");
        let page = visitor.post(&format!("/my/consents/{given}/withdrawal"), &[("csrf", &csrf)]).await;
        assert_eq!(page.status, 404, "{email}");
    }
    assert_eq!(state(&site, scene.id).await, State::Accepted);
    assert!(member::store::consent(&site.app.db, given).await.unwrap().unwrap().withdrawn_at.is_none());
}

#[actix_web::test]
async fn a_member_takes_along_everything_that_is_his_and_nothing_else() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    site.run_until_idle().await;
    choose_time(&site, &scene).await;
    site.run_until_idle().await;
    let stranger = site.enterprise("stranger").await;
    site.live_need(&stranger, "竹条分选速度慢").await;
    site.run_until_idle().await;
    let visitor = site.signed_in(&scene.firm.email).await;
    let page = visitor.get("/my/export").await;
    assert!(page.headers["content-type"].starts_with("application/json"), "{:?}", page.headers);
    assert!(page.headers["content-disposition"].starts_with("attachment"));
    let all: serde_json::Value = serde_json::from_str(&page.html).unwrap();
    let part = |name: &str| all[name].as_array().unwrap_or_else(|| panic!("no {name} in {all:#}")).clone();
    assert_eq!(all["format"], "yonglianhui-member/1");
    let own = &part("member")[0];
    assert_eq!(
        (own["email"].as_str(), own["phone"].as_str()),
        (Some(scene.firm.email.as_str()), Some(scene.firm.phone.as_str()))
    );
    assert_eq!(part("organisations")[0]["name"], scene.firm.name.as_str());
    assert_eq!(part("listings")[0]["title"], "柚皮提取果胶得率低");
    assert!(part("listings")[0]["targets"].is_array(), "{:#}", part("listings")[0]);
    assert_eq!(part("introductions")[0]["reason"], REASON);
    assert_eq!(part("introductions")[0]["my_contact_as_shown"]["phone"], scene.firm.phone.as_str());
    assert_eq!((part("consents").len(), part("disclosures").len()), (1, 1));
    assert_eq!(part("sessions").len(), 1);
    assert!(
        part("mails").iter().any(|mail| mail["letter"] == "introduction/exchanged"
            && mail["text"].as_str().unwrap().contains(&scene.team.phone))
    );
    // Of others there is what was written to him, and nothing else.
    let mut without_mails = all.clone();
    without_mails.as_object_mut().unwrap().remove("mails");
    let text = without_mails.to_string();
    for foreign in [&scene.team.email, &scene.team.phone, &stranger.name, &stranger.email, &"竹条分选速度慢".to_owned()]
    {
        assert!(!text.contains(foreign.as_str()), "{foreign} is in the export of another");
    }
    assert!(!all.to_string().contains(&stranger.email));
    // A team reads nothing of a question that has not been passed on to it.
    let need = site.live_need(&scene.firm, "油茶籽粕怎么用").await;
    site.run_until_idle().await;
    let with_park = propose::propose(&site.app, scene.firm.member, need, scene.team.id, REASON, "").await.unwrap();
    let team = site.signed_in(&scene.team.email).await.get("/my/export").await;
    let team: serde_json::Value = serde_json::from_str(&team.html).unwrap();
    let ids: Vec<i64> =
        team["introductions"].as_array().unwrap().iter().map(|each| each["id"].as_i64().unwrap()).collect();
    site.leave_rest();
    assert_eq!(ids, [scene.id.0], "{with_park} is not known to the team yet");
}

#[actix_web::test]
async fn every_table_that_speaks_of_a_member_is_in_his_export() {
    let site = TestApp::start().await;
    let visitor = site.signed_in("new@firm.example").await;
    let all: serde_json::Value = serde_json::from_str(&visitor.get("/my/export").await.html).unwrap();
    let reader = site.app.db.reader();
    let sql = if site.app.db.is_postgres() {
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name IN ('member_id', 'author_id', 'lead_id', 'asked_by')"
    } else {
        "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name IN ('member_id', 'author_id', 'lead_id', 'asked_by')"
    };
    let rows = reader.query_all_raw(Statement::from_string(reader.get_database_backend(), sql)).await.unwrap();
    for row in rows {
        let table: String = row.try_get_by_index(0).unwrap();
        let part = match table.as_str() {
            // Shown with the organisation.
            "memberships" | "teams" => "organisations",
            // A key of a form that was sent says nothing about anybody.
            "form_keys" => continue,
            other => other,
        };
        assert!(all.get(part).is_some(), "{table} speaks of members and is not in PARTS of src/my/store.rs");
    }
}

/// Everything that visitors, staff and the other party can read, and every row.
async fn everything(site: &TestApp, others: &[&str]) -> String {
    let mut all = String::new();
    for rows in site.rows().await.into_values() {
        all.push_str(&rows.join("\n"));
    }
    let mut visitors = vec![site.visitor(), site.staff(Role::Administrator).await, site.staff(Role::Broker).await];
    for email in others {
        visitors.push(site.signed_in(email).await);
    }
    let mut paths: Vec<String> = yonglianhui::web::routes::table()
        .into_iter()
        .filter(|route| route.method == actix_web::http::Method::GET)
        .map(|route| route.path)
        .filter(|path| !path.contains("{token}") && !path.contains("{path") && *path != "/metrics")
        .flat_map(|path| (1..=3).map(|id| path.replace("{id}", &id.to_string()).replace("{slug}", "food")))
        .collect();
    paths.sort();
    paths.dedup();
    for visitor in &visitors {
        for path in &paths {
            all.push_str(&visitor.get(path).await.html);
        }
    }
    // The office of the team has an address of its own, which holds the lead's.
    all.replace("office-two@lab.example", "")
}

#[actix_web::test]
async fn a_deleted_account_is_gone_everywhere() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    site.run_until_idle().await;
    choose_time(&site, &scene).await;
    site.run_until_idle().await;
    let team = &scene.team;
    let own = member::store::by_id(&site.app.db, team.member).await.unwrap().unwrap();
    assert!(!own.name.is_empty());
    let address = Address::parse(&team.email).unwrap();
    mail::suppress::suppress(&site.app, &address, "550 5.1.1 unknown").await.unwrap();
    let suppressed = site.rows().await["suppressions"].clone();
    let (session, elsewhere) = (site.signed_in(&team.email).await, site.signed_in(&team.email).await);
    let old_link = member::sign_in::link_for(&site.app, &address).await.unwrap();
    let titles = async |words: &str| -> Vec<String> {
        let page = site.visitor().get(&format!("/api/v1/search?q={words}")).await;
        let found = serde_json::from_str::<serde_json::Value>(&page.html).unwrap();
        found["hits"].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
    };
    assert!(titles("柚皮果胶绿色提取").await.contains(&"柚皮果胶绿色提取".to_owned()));
    assert!(titles(&team.name).await.contains(&team.name));
    let everything_before = everything(&site, &[&scene.firm.email]).await;
    for mark in [&team.email, &team.phone, &own.name] {
        assert!(everything_before.contains(mark.as_str()), "{mark} was nowhere; the test shows nothing");
    }

    // Typed wrongly nothing happens.
    let page = session.get("/my/leaving").await;
    let wrong = session.submit(&page, "main form", &[("email", "another@lab.example")]).await;
    assert_eq!((wrong.status, wrong.errors().len()), (422, 1));
    let page = session.submit(&page, "main form", &[("email", &team.email)]).await;
    assert_eq!(page.location().as_deref(), Some("/"), "{}", page.main());

    // Sessions and links are dead, at once.
    assert_eq!(session.get("/my").await.status, 303);
    assert_eq!(elsewhere.get("/my").await.status, 303, "another device is still signed in");
    let old = site.visitor();
    assert!(!old.get(&old.path_of(&old_link)).await.has("main form[action^='/sign-in/']"));
    site.run_until_idle().await;
    let left = everything(&site, &[&scene.firm.email]).await;
    for mark in [&team.email, &team.phone, &own.name] {
        let at = left.find(mark.as_str());
        assert!(
            at.is_none(),
            "{mark} is left: …{}…",
            left[..at.unwrap()].chars().rev().take(300).collect::<Vec<_>>().into_iter().rev().collect::<String>()
        );
    }
    // What its team has posted is withdrawn, not found and not suggested; the team waits for staff.
    assert!(!titles("柚皮果胶绿色提取").await.contains(&"柚皮果胶绿色提取".to_owned()));
    assert!(!titles(&team.name).await.contains(&team.name));
    let posted = listing::store::of_owners(&site.app.db, &[team.id], 10).await.unwrap();
    assert!(posted.iter().all(|each| each.state == listing::State::Withdrawn), "{posted:?}");
    assert_eq!(site.visitor().get(&format!("/teams/{}", team.id)).await.status, 404);
    // The evidence stays: a consent, taken back, and that contacts were disclosed.
    let given = member::store::consents(&site.app.db, team.member).await.unwrap();
    assert!(given.len() == 1 && given[0].withdrawn_at.is_some());
    assert_eq!(member::store::disclosures(&site.app.db, team.member).await.unwrap().len(), 1);
    assert_eq!(site.rows().await["suppressions"], suppressed, "the hash of a dead address stays");
    // The address is free: signing in makes somebody new.
    mail::again::lift(&site.app, &address).await.unwrap();
    let fresh = site.signed_in(&team.email).await;
    assert_eq!(fresh.get("/my").await.texts("#listings h3").len(), 0);
    let fresh = member::store::by_email(&site.app.db, &address).await.unwrap().unwrap();
    assert_ne!(fresh.id, team.member);
}

#[actix_web::test]
async fn what_a_member_who_leaves_had_asked_for_is_carried_on_by_a_colleague() {
    let site = TestApp::start().await;
    let scene = accepted(&site).await;
    site.run_until_idle().await;
    let colleague: MemberId = site.member("colleague@firm.example", "钱二", "0746-5557777").await;
    yonglianhui::organisation::join::ask(&site.app, colleague, scene.firm.id).await.unwrap();
    let granted = yonglianhui::organisation::join::Asked::Granted;
    yonglianhui::organisation::join::answer(&site.app, scene.firm.member, scene.firm.id, colleague, granted)
        .await
        .unwrap();
    site.run_until_idle().await;
    yonglianhui::my::leave::leave(&site.app, scene.firm.member, &scene.firm.email).await.unwrap();
    site.run_until_idle().await;
    assert_eq!(state(&site, scene.id).await, State::Accepted);
    let letter = site.sink.last_to("colleague@firm.example");
    assert!(letter.link("/introductions/").contains("/introductions/"), "{}", letter.text);
    let posted = listing::store::of_owners(&site.app.db, &[scene.firm.id], 10).await.unwrap();
    assert!(posted.iter().all(|each| each.state == listing::State::Live), "the firm's needs stay");
}

#[actix_web::test]
async fn the_last_administrator_does_not_leave() {
    let site = TestApp::start().await;
    let administrator = site.staff(Role::Administrator).await;
    let page = administrator.get("/my/leaving").await;
    let before = site.rows().await;
    let refused = administrator.submit(&page, "main form", &[("email", "administrator@park.example")]).await;
    assert_eq!((refused.status, refused.errors().len()), (422, 1), "{}", refused.main());
    assert_eq!(site.rows().await, before);
}

#[actix_web::test]
async fn the_privacy_page_says_purpose_audience_and_time_of_every_field() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    for language in ["zh-CN", "en"] {
        visitor.reads(language);
        let home = visitor.get("/").await;
        assert!(home.attributes("footer a", "href").contains(&"/privacy".to_owned()), "the footer leads there");
        let page = visitor.get("/privacy").await;
        let rows = page.texts("#fields tbody tr").len();
        assert_eq!((page.status, page.texts("#fields tbody td").len()), (200, rows * 3));
        assert!(page.texts("#fields tbody td").iter().all(|cell| !cell.is_empty() && !cell.starts_with("privacy-")));
        assert!(page.texts("#rights").join("").contains("28"));
    }
}
