//! Keeping listings fresh: letters before the end, answers without signing in, what becomes of a page
//! whose time has run out, check-ups, and forgetting.

use actix_web::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use yonglianhui::{
    id::{IntroductionId, ListingId},
    introduction::{
        self,
        answer::{self, Answer, Phone},
        choose::{self, Choice},
        link::Answerer,
        pass, propose,
    },
    listing::{self, Kind, Outcome, State, store},
    mail::Address,
    member::{self, Role},
    words::Language,
};

use crate::support::{
    Page, Party, TestApp, Visitor,
    scene::{need_content, result_content},
    sink::Rule,
};

const REASON: &str = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";

async fn read(app: &TestApp, id: ListingId) -> listing::Listing {
    store::by_id(&app.app.db, id).await.unwrap().unwrap()
}

async fn end_of(app: &TestApp, id: ListingId) -> DateTime<Utc> {
    read(app, id).await.expires_at.unwrap()
}

/// Moves the clock to so long before the end of a listing, and lets everything happen.
async fn days_before_the_end(app: &TestApp, id: ListingId, days: i64) {
    let to = end_of(app, id).await - TimeDelta::days(days);
    app.forward(to - app.app.clock.now());
    app.run_until_idle().await;
}

/// The subjects of the letters about expiry to `email`.
fn asked(app: &TestApp, email: &str) -> Vec<String> {
    let mails = app.mails_to(email).into_iter().map(|mail| mail.subject);
    mails.filter(|subject| subject.contains("还需要吗")).collect()
}

/// The path of the link in the newest letter to `email` that has one.
fn link_to(app: &TestApp, email: &str) -> String {
    let mails = app.mails_to(email);
    let mail = mails.iter().rev().find(|mail| mail.text.contains("example/renewals/")).expect("a letter with a link");
    let link = mail.link("example/renewals/");
    link.strip_prefix("http://hall.example").unwrap().split('#').next().unwrap().to_owned()
}

/// Presses the button `answer` on the page of a link.
async fn says(visitor: &Visitor<'_>, path: &str, answer: &str, more: &[(&str, &str)]) -> Page {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 200, "{}", page.main());
    let selector = format!("#{} form", answer.replace('_', "-"));
    let values: Vec<(&str, &str)> = [("answer", answer)].into_iter().chain(more.iter().copied()).collect();
    visitor.submit(&page, &selector, &values).await
}

/// An introduction of the need that led to an exchange.
async fn exchanged(app: &TestApp, firm: &Party, team: &Party, need: ListingId) -> IntroductionId {
    let a = &app.app;
    let id = propose::propose(a, firm.member, need, team.id, REASON, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    pass::pass(a, broker, id).await.unwrap();
    let time = a.clock.now() + TimeDelta::days(5);
    let yes = Answer::Accept { times: vec![time], phone: Phone::Shown, language: Language::Chinese };
    answer::answer(a, Answerer::signed_in(team.member), id, &yes).await.unwrap();
    let choice = Choice::Take { time, phone: Phone::Shown, language: Language::Chinese };
    choose::choose(a, Answerer::signed_in(firm.member), id, &choice).await.unwrap();
    app.run_until_idle().await;
    id
}

#[actix_web::test]
async fn the_owner_is_asked_fourteen_days_seven_days_and_one_day_before_the_end() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 15).await;
    assert_eq!(asked(&app, &firm.email), [""; 0]);
    for (days, letters) in [(14, 1), (13, 1), (7, 2), (6, 2), (1, 3)] {
        days_before_the_end(&app, id, days).await;
        app.run_until_idle().await;
        assert_eq!(asked(&app, &firm.email).len(), letters, "{days} days before");
    }
    days_before_the_end(&app, id, 0).await;
    assert_eq!(
        asked(&app, &firm.email),
        [
            "还有 14 天到期，还需要吗：果胶得率低",
            "还有 7 天到期，还需要吗：果胶得率低",
            "还有 1 天到期，还需要吗：果胶得率低",
            "有效期到了，还需要吗：果胶得率低",
        ]
    );
    let letter = app.mails_to(&firm.email).into_iter().rev().find(|mail| mail.subject.contains("还有 1 天")).unwrap();
    let path = link_to(&app, &firm.email);
    for anchor in ["#renew", "#resolve", "#give-up"] {
        assert!(letter.text.contains(anchor) && letter.html.contains(anchor), "{}", letter.text);
    }
    assert!(letter.text.contains(&format!("/needs/{id}/edit")), "{}", letter.text);
    assert!(!letter.text.contains(&path), "every letter has a link of its own");
    assert_eq!(read(&app, id).await.state, State::Expired);
}

#[actix_web::test]
async fn after_a_standstill_only_the_nearest_letter_is_written() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 3).await;
    assert_eq!(asked(&app, &firm.email), ["还有 7 天到期，还需要吗：果胶得率低"]);
}

#[actix_web::test]
async fn a_listing_of_few_days_is_not_asked_about_before_it_has_begun() {
    let app = TestApp::start_with(|config| config.listing_days = 10).await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    app.run_until_idle().await;
    assert_eq!(asked(&app, &firm.email), [""; 0]);
    days_before_the_end(&app, id, 7).await;
    assert_eq!(asked(&app, &firm.email).len(), 1);
}

#[actix_web::test]
async fn a_reminder_is_answered_without_signing_in_and_looking_changes_nothing() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 14).await;
    let first = link_to(&app, &firm.email);
    days_before_the_end(&app, id, 7).await;
    let second = link_to(&app, &firm.email);
    assert_ne!(first, second);

    // Scanners, previews and two readers look; nothing happens.
    let before = app.rows().await;
    for path in [&first, &second] {
        let visitor = app.visitor();
        assert_eq!(visitor.get(path).await.status, 200);
        visitor.send(Method::HEAD, path, None, &[("sec-purpose", "prefetch")]).await;
        visitor.send(Method::GET, path, None, &[("user-agent", "MailScanner/5")]).await;
    }
    assert_eq!(app.rows().await, before);
    let page = app.visitor().get(&first).await;
    assert_eq!(page.text("h1"), "果胶得率低");
    for secret in [&firm.email, &firm.phone, &firm.name] {
        assert!(!page.html.contains(secret.as_str()), "{secret}");
    }

    // A form of another site, or none at all, does not answer.
    let stranger = app.visitor();
    assert_eq!(stranger.post(&first, &[("answer", "renew")]).await.status, 403);

    let done = says(&app.visitor(), &first, "renew", &[]).await;
    assert_eq!(done.location().as_deref(), Some(first.as_str()), "{}", done.main());
    let listing = read(&app, id).await;
    assert_eq!((listing.state, listing.renewals), (State::Live, 1));
    assert_eq!(listing.expires_at, Some(app.app.clock.now() + TimeDelta::days(90)));
    let page = app.visitor().get(&first).await;
    assert_eq!((page.status, page.text("h1").as_str()), (200, "已收到你的答复"));
    let page = app.visitor().get(&second).await;
    assert_eq!((page.status, page.text("h1").as_str()), (410, "这个问题已经有了答复"));
    let mut again = app.visitor().get(&second).await;
    assert!(!again.has("#renew"));
    // Whoever had the page open before is told, and nothing is renewed twice.
    let late = app.visitor();
    again = late.get("/sign-in").await;
    let csrf = again.value("csrf");
    let answered = late.post(&second, &[("csrf", &csrf), ("answer", "give_up")]).await;
    assert_eq!((answered.status, read(&app, id).await), (410, listing));
    assert_eq!(app.visitor().get("/renewals/0123456789abcdefghijklmnopqrstuv").await.status, 404);
    app.run_until_idle().await;
    assert_eq!(asked(&app, &firm.email).len(), 2);
    days_before_the_end(&app, id, 14).await;
    assert_eq!(asked(&app, &firm.email).len(), 3, "a new term is asked about anew");
}

#[actix_web::test]
async fn two_answers_to_one_letter_at_the_same_moment_act_once() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 14).await;
    let path = link_to(&app, &firm.email);
    let (one, other) = (app.visitor(), app.visitor());
    let (renew, give_up) =
        futures_util::join!(says(&one, &path, "renew", &[]), says(&other, &path, "give_up", &[("give_up_note", "")]));
    let mut statuses = [renew.status, give_up.status];
    statuses.sort_unstable();
    let listing = read(&app, id).await;
    assert!(statuses == [200, 303] || statuses == [303, 410], "{statuses:?}");
    assert_eq!(listing.state == State::Live, renew.status == 303, "{:?}", listing.state);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_need_that_was_solved_names_the_introduction_that_solved_it() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    app.live(&team, Kind::Result, result_content("柚皮果胶提取")).await;
    let id = app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.run_until_idle().await;
    let introduction = exchanged(&app, &firm, &team, id).await;
    days_before_the_end(&app, id, 0).await;
    let path = link_to(&app, &firm.email);
    let owner = app.visitor();
    let refused = says(&owner, &path, "resolve", &[("outcome_note", "谈成了")]).await;
    assert_eq!((refused.status, refused.errors()), (422, vec!["请选怎么解决的".to_owned()]));
    assert_eq!(refused.value("outcome_note"), "谈成了");
    let about = introduction::about(introduction);
    assert_eq!(
        refused.attributes("select[name=outcome_about] option", "value"),
        [String::new(), about.clone()],
        "only what led to an exchange can have solved it"
    );
    let values = [("answer", "resolve"), ("outcome", "platform"), ("outcome_about", about.as_str()), ("story", "yes")];
    assert_eq!(owner.submit(&refused, "#resolve form", &values).await.status, 303);
    let listing = read(&app, id).await;
    assert_eq!(
        (listing.state, listing.outcome, listing.outcome_about.as_str(), listing.story),
        (State::Resolved, Some(Outcome::Platform), about.as_str(), true)
    );
    assert!(app.visitor().get(&path).await.main().contains("已标为解决"));
    let author = app.signed_in(&firm.email).await;
    assert!(author.get(&format!("/needs/{id}")).await.main().contains("同意写成案例"));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn what_is_given_up_is_taken_down_and_counts_as_given_up() {
    let app = TestApp::start().await;
    let team = app.team("guojiao").await;
    let id = app.live_result(&team, "柚皮果胶提取").await;
    days_before_the_end(&app, id, 1).await;
    let path = link_to(&app, &team.email);
    assert_eq!(says(&app.visitor(), &path, "give_up", &[("give_up_note", "设备已拆")]).await.status, 303);
    let listing = read(&app, id).await;
    assert_eq!((listing.state, listing.outcome), (State::Withdrawn, Some(Outcome::GaveUp)));
    assert_eq!(listing.outcome_note, "设备已拆");
    assert_eq!(app.visitor().get(&format!("/results/{id}")).await.status, 404);
    assert_eq!(app.visitor().get(&path).await.text("h1"), "已收到你的答复");
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_link_is_worth_nothing_sixty_days_after_the_end() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 0).await;
    let path = link_to(&app, &firm.email);
    app.forward(TimeDelta::days(59));
    assert_eq!(app.visitor().get(&path).await.status, 200);
    app.forward(TimeDelta::days(1));
    let page = app.visitor().get(&path).await;
    assert_eq!((page.status, page.text("h1").as_str()), (410, "这个链接已经过了期限"));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_expired_page_stays_with_its_neighbours_and_its_owner_can_be_asked_once() {
    let app = TestApp::start().await;
    let (firm, other) = (app.enterprise("zhuyu").await, app.enterprise("other").await);
    let (team, second) = (app.team("guojiao").await, app.team("second").await);
    let id = app.live_need(&firm, "柚皮提取果胶得率低").await;
    days_before_the_end(&app, id, 1).await;
    for title in ["柚皮果胶脱色", "油茶籽粕怎么用", "罐头胀罐", "果胶干燥能耗高"] {
        app.live_need(&other, title).await;
    }
    days_before_the_end(&app, id, 0).await;
    let path = format!("/needs/{id}");
    let page = app.visitor().get(&path).await;
    assert_eq!((page.status, page.text(".head .state").as_str()), (200, "已过期"));
    assert!(page.text(".notice").contains("已过期"));
    let neighbours = page.texts("#neighbours h3");
    assert_eq!(neighbours.len(), 3, "{neighbours:?}");
    assert!(!neighbours.contains(&"柚皮提取果胶得率低".to_owned()));
    assert!(!page.has("#freshness") && !page.has("#ask"));
    assert_eq!(page.attributes("#asking a", "href"), [format!("/sign-in?next={path}")]);
    let of_need = app.visitor().get("/needs").await;
    assert_eq!(of_need.texts(".row h3").len(), 4, "it is in no list");

    let lead = app.signed_in(&team.email).await;
    let ask = async |visitor: &Visitor<'_>| {
        let page = visitor.get(&path).await;
        let sent = visitor.submit(&page, "#asking form", &[]).await;
        visitor.follow(sent).await
    };
    let page = ask(&lead).await;
    assert_eq!(page.text("#flash"), "已转给发布方，答复后会写信告诉你");
    assert!(!page.has("#asking form"), "one message");
    let csrf = lead.get("/my/particulars").await.value("csrf");
    lead.post(&format!("{path}/confirmation"), &[("csrf", &csrf)]).await;
    ask(&app.signed_in(&second.email).await).await;
    app.run_until_idle().await;
    let letters: Vec<_> =
        app.mails_to(&firm.email).into_iter().filter(|mail| mail.subject.starts_with("有人想确认")).collect();
    assert_eq!(letters.len(), 1, "the owner is asked once, however many ask");
    for secret in [&team.email, &team.name, &second.name] {
        assert!(!letters[0].text.contains(secret.as_str()), "{secret}");
    }
    assert!(introduction::store::of_need(&app.app.db, id).await.unwrap().is_empty(), "no introduction");

    assert_eq!(says(&app.visitor(), &link_to(&app, &firm.email), "renew", &[]).await.status, 303);
    app.run_until_idle().await;
    for party in [&team, &second] {
        let told: Vec<_> =
            app.mails_to(&party.email).into_iter().filter(|mail| mail.subject.starts_with("发布方已答复")).collect();
        assert_eq!(told.len(), 1, "{}", party.email);
        assert!(told[0].text.contains("仍然需要，已经续期") && told[0].text.contains(&path), "{}", told[0].text);
        assert!(!told[0].text.contains(&firm.email));
    }
    // What is live again is not asked about.
    let page = lead.get(&path).await;
    assert!(!page.has("#asking") && !page.has("#neighbours"));
    let refused = lead.post(&format!("{path}/confirmation"), &[("csrf", &csrf)]).await;
    assert_eq!(lead.follow(refused).await.text("#flash"), "这一条的状态刚刚变了，请看下面的现状");
}

#[actix_web::test]
async fn only_members_of_verified_organisations_have_an_owner_asked() {
    let app = TestApp::start().await;
    let (firm, pending) = (app.enterprise("zhuyu").await, app.pending_enterprise("new").await);
    let id = app.live_need(&firm, "柚皮提取果胶得率低").await;
    let draft = app.draft(&firm, Kind::Need, need_content("草稿")).await;
    days_before_the_end(&app, id, 0).await;
    let path = format!("/needs/{id}");
    let newcomer = app.signed_in(&pending.email).await;
    let page = newcomer.get(&path).await;
    let page = newcomer.submit(&page, "#asking form", &[]).await;
    assert_eq!(newcomer.follow(page).await.text("#flash"), "先由园区核验你的单位，再请发布方确认");
    let csrf = newcomer.get("/my/particulars").await.value("csrf");
    assert_eq!(newcomer.post(&format!("/needs/{draft}/confirmation"), &[("csrf", &csrf)]).await.status, 404);
    let owner = app.signed_in(&firm.email).await;
    assert!(!owner.get(&path).await.has("#asking"));
    app.run_until_idle().await;
    assert!(app.mails_to(&firm.email).iter().all(|mail| !mail.subject.starts_with("有人想确认")));
}

#[actix_web::test]
async fn an_introduction_that_is_open_at_the_end_stays_open_to_its_own_day() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    let id = app.live_need(&firm, "柚皮提取果胶得率低").await;
    days_before_the_end(&app, id, 3).await;
    let asked = propose::propose(&app.app, firm.member, id, team.id, REASON, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, asked).await.unwrap();
    app.run_until_idle().await;
    days_before_the_end(&app, id, 0).await;
    assert_eq!(read(&app, id).await.state, State::Expired);
    let open = introduction::store::by_id(&app.app.db, asked).await.unwrap().unwrap();
    assert_eq!(open.state, introduction::State::AwaitingTeam);
    assert!(open.due_at.unwrap() > app.app.clock.now());
    let yes = Answer::Accept {
        times: vec![app.app.clock.now() + TimeDelta::days(3)],
        phone: Phone::Kept,
        language: Language::Chinese,
    };
    answer::answer(&app.app, Answerer::signed_in(team.member), asked, &yes).await.unwrap();
    app.run_until_idle().await;
}

#[actix_web::test]
async fn what_is_renewed_three_times_without_an_introduction_is_checked_by_staff() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    let (id, met) = (app.live_need(&firm, "果胶得率低").await, app.live_need(&firm, "罐头胀罐").await);
    app.run_until_idle().await;
    propose::propose(&app.app, firm.member, met, team.id, REASON, "").await.unwrap();
    for times in 1..=3 {
        days_before_the_end(&app, id, 1).await;
        let staff = app.staff(Role::Curator).await;
        assert!(!staff.get("/desk").await.main().contains("需要复诊"), "renewed {} times", times - 1);
        for need in [id, met] {
            listing::close::renew(&app.app, firm.member, need).await.unwrap();
        }
        // What was renewed a moment ago cannot be renewed again.
        assert!(matches!(listing::close::renew(&app.app, firm.member, id).await, Err(listing::close::Error::NotYet)));
    }
    app.run_until_idle().await;
    let staff = app.staff(Role::Curator).await;
    let desk = staff.get("/desk").await;
    assert_eq!(desk.main().matches("需要复诊").count(), 1, "{}", desk.main());
    assert!(desk.has(&format!("a[href='/desk/listings/{id}']")));
    let page = staff.get(&format!("/desk/listings/{id}")).await;
    assert!(page.text("#checkup > p").contains("已续期 3 次"), "{}", page.main());
    let refused = staff.submit(&page, "#checkup form", &[("checkup", " ")]).await;
    assert_eq!((refused.status, refused.errors()), (422, vec!["请写下看出了什么、建议怎样改".to_owned()]));
    let sent = staff.submit(&page, "#checkup form", &[("checkup", "补充处理量和水质指标")]).await;
    assert_eq!(staff.follow(sent).await.text("#flash"), "已写信给发布方");
    let again = staff.submit(&page, "#checkup form", &[("checkup", "补充处理量和水质指标")]).await;
    assert_eq!(staff.follow(again).await.text("#flash"), "已经有人看过了");
    app.run_until_idle().await;
    assert!(!staff.get("/desk").await.main().contains("需要复诊"));
    let letters = app.mails_to(&firm.email);
    let letter = letters.iter().find(|mail| mail.subject.starts_with("园区的建议：")).expect("a letter");
    assert!(letter.text.contains("补充处理量和水质指标"));
    let owner = app.signed_in(&firm.email).await;
    let history = owner.get(&format!("/needs/{id}")).await;
    assert!(history.text("#history").contains("园区复诊 补充处理量和水质指标"), "{}", history.text("#history"));
    assert_eq!(history.text("#history").matches("续期").count(), 3);
}

#[actix_web::test]
async fn a_year_after_the_end_contacts_are_erased_and_the_teaser_stays() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    app.live(&team, Kind::Result, result_content("柚皮果胶提取")).await;
    let id = app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.run_until_idle().await;
    let introduction = exchanged(&app, &firm, &team, id).await;
    listing::close::resolve(&app.app, firm.member, id, Outcome::Platform, "找厂长 0746-5559999").await.unwrap();
    app.run_until_idle().await;
    let held = async |secret: &str| {
        let rows = app.rows().await;
        let tables = ["introductions", "mails", "listings", "listing_steps", "listing_links", "listing_askers"];
        tables
            .into_iter()
            .filter(|table| {
                rows[*table].iter().any(|row| {
                    let mut row: serde_json::Value = serde_json::from_str(row).unwrap();
                    // To whom a letter went is kept with the letter, as the log of what was sent.
                    row.as_object_mut().unwrap().retain(|key, _| !key.starts_with("recipient"));
                    (*table != "mails" || row["about"] == introduction::about(introduction))
                        && row.to_string().contains(secret)
                })
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(held(&firm.phone).await, ["introductions", "mails"]);
    app.forward(TimeDelta::days(364));
    app.run_until_idle().await;
    assert_eq!(held(&firm.phone).await, ["introductions", "mails"], "a year has not passed");
    app.forward(TimeDelta::days(1));
    app.run_until_idle().await;
    for secret in [&firm.phone, &firm.email, &team.phone, &team.email, "0746-5559999"] {
        assert_eq!(held(secret).await, [""; 0], "{secret}");
    }
    let listing = read(&app, id).await;
    assert_eq!((listing.state, listing.author, listing.outcome), (State::Archived, None, Some(Outcome::Platform)));
    assert!(!listing.content.teaser.is_empty());
    let page = app.signed_in(&firm.email).await;
    let page = page.get(&format!("/my/introductions/{introduction}")).await;
    assert_eq!(page.status, 200, "the record stays, without contacts");
    assert!(!page.main().contains(&team.phone));
    assert_eq!(
        yonglianhui::member::store::disclosures(&app.app.db, firm.member).await.unwrap().len(),
        1,
        "that it was shown stays on record"
    );
}

#[actix_web::test]
async fn a_page_says_when_its_owner_last_confirmed_it() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    let path = format!("/needs/{id}");
    let fresh = async || app.visitor().get(&path).await.text("#freshness");
    assert_eq!(fresh().await, "今天由发布人确认有效");
    app.forward(TimeDelta::days(3));
    assert_eq!(fresh().await, "3 天前由发布人确认有效");
    assert_eq!(
        app.visitor().get(&format!("{path}?lang=en")).await.text("#freshness"),
        "Confirmed by its owner 3 days ago"
    );
    days_before_the_end(&app, id, 14).await;
    says(&app.visitor(), &link_to(&app, &firm.email), "renew", &[]).await;
    assert_eq!(fresh().await, "今天由发布人确认有效");
    app.run_until_idle().await;
}

#[actix_web::test]
async fn staff_have_a_lost_question_asked_again_under_a_fresh_link() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "果胶得率低").await;
    app.run_until_idle().await;
    app.sink.rule(Rule::to(&firm.email).says("550 5.1.1 no such mailbox"));
    days_before_the_end(&app, id, 14).await;
    app.sink.mend();
    let staff = app.staff(Role::Broker).await;
    let trouble = staff.get("/desk/mails").await;
    let mail = trouble.attributes("a[href^='/desk/mails/']", "href").into_iter().next().expect("a troubled mail");
    let page = staff.get(&mail).await;
    assert_eq!(page.html.matches("/renewals/").count(), page.html.matches("/renewals/[…]").count(), "no link is shown");
    let sent = staff.submit(&page, "form[action$='/resend']", &[]).await;
    assert_eq!(staff.follow(sent).await.text("#flash"), "已重新排队，马上就发");
    app.run_until_idle().await;
    assert_eq!(says(&app.visitor(), &link_to(&app, &firm.email), "renew", &[]).await.status, 303);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn every_page_and_letter_of_renewal_is_there_in_english() {
    let app = TestApp::start().await;
    let address = Address::parse("zhuyu@firm.example").unwrap();
    let now = app.app.clock.now();
    let met =
        app.app.db.write(async |tx| member::store::meet(tx, &address, Language::English, now).await).await.unwrap();
    let firm = app.enterprise("zhuyu").await;
    assert_eq!(met.id, firm.member);
    let id = app.live_need(&firm, "果胶得率低").await;
    days_before_the_end(&app, id, 14).await;
    let letters = app.mails_to(&firm.email);
    assert!(letters.iter().any(|letter| letter.subject == "Live for 14 more days, still needed? 果胶得率低"));
    let path = link_to(&app, &firm.email);
    let visitor = app.visitor();
    visitor.reads("en");
    let page = visitor.get(&path).await;
    assert_eq!(page.texts(".panel h2"), ["It still holds", "It is solved", "Give it up"], "{}", page.main());
    let nothing = visitor.submit(&page, "#renew form", &[("answer", "")]).await;
    assert_eq!((nothing.status, nothing.errors()), (422, vec!["Press one of the buttons below".to_owned()]));
    says(&visitor, &path, "renew", &[]).await;
    assert_eq!(visitor.get(&path).await.text("h1"), "Your answer has been taken");
    app.run_until_idle().await;
}
