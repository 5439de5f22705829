//! Professors' time: the queue of a full team, pauses and holidays, limits, and taking back in time.

use actix_web::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use yonglianhui::{
    id::{IntroductionId, ListingId, OrganisationId, QueuedId},
    introduction::{
        self, DeclineReason,
        answer::{self, Answer, Door},
        link::Answerer,
        pass, propose,
        queue::{self, MOVES, State, Step, step},
        store,
    },
    listing::{self, Kind},
    matching,
    member::Role,
    team::{Break, next_month_start, pause},
};

use crate::support::{
    Page, Party, TestApp, Visitor,
    scene::{need_content, result_content},
};

const REASON: &str = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";

/// A team with time for one introduction a month, whose place is taken.
async fn full_team(app: &TestApp) -> Party {
    let team = app.team_with("team", 1).await;
    app.live(&team, Kind::Result, result_content("柚皮果胶提取")).await;
    let first = app.enterprise("first").await;
    let need = app.live_need(&first, "柚皮提取果胶得率低").await;
    app.run_until_idle().await;
    let id = propose::propose(&app.app, first.member, need, team.id, REASON, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, id).await.unwrap();
    app.run_until_idle().await;
    team
}

/// A firm with a need that fits.
async fn firm(app: &TestApp, key: &str) -> (Party, ListingId) {
    let firm = app.enterprise(key).await;
    let need = app.live_need(&firm, &format!("柚皮提取果胶得率低{key}")).await;
    app.run_until_idle().await;
    (firm, need)
}

fn ask_url(need: ListingId, team: OrganisationId) -> String {
    format!("/introductions/new?need={need}&team={team}")
}

/// The firm joins the queue by the form of the page that says that the team is full.
async fn joins(app: &TestApp, firm: &Party, need: ListingId, team: &Party) -> QueuedId {
    let visitor = app.signed_in(&firm.email).await;
    let page = visitor.get(&ask_url(need, team.id)).await;
    let sent = visitor.submit(&page, "main form[action='/queue']", &[("reason", REASON)]).await;
    assert_eq!(sent.status, 303, "{}", sent.main());
    sent.location().unwrap().rsplit('/').next().unwrap().parse().unwrap()
}

async fn place(app: &TestApp, firm: &Party, id: QueuedId) -> String {
    app.signed_in(&firm.email).await.get(&format!("/my/queue/{id}")).await.text("#place")
}

async fn state(app: &TestApp, id: QueuedId) -> State {
    store::queue::by_id(&app.app.db, id).await.unwrap().unwrap().state
}

async fn next_month(app: &TestApp) {
    let now = app.app.clock.now();
    app.forward(next_month_start(now, app.app.config.time_zone) - now + TimeDelta::hours(1));
    app.run_until_idle().await;
}

/// The path of the link in the newest letter to `email` that asks whether it is still needed.
fn link_to(app: &TestApp, email: &str) -> Option<String> {
    let mails = app.mails_to(email);
    let mail = mails.iter().rev().find(|mail| mail.text.contains("example/queue/"))?;
    Some(mail.link("example/queue/").strip_prefix("http://hall.example").unwrap().to_owned())
}

async fn says(visitor: &Visitor<'_>, path: &str, answer: &str) -> Page {
    let page = visitor.get(path).await;
    visitor.submit(&page, &format!("form#{answer}"), &[("answer", answer)]).await
}

#[actix_web::test]
async fn a_full_team_has_a_queue_with_an_honest_place() {
    let app = TestApp::start().await;
    let team = full_team(&app).await;
    let ((one, need), (two, other)) = (firm(&app, "one").await, firm(&app, "two").await);
    let letters = app.mails_to(&team.email).len();
    let visitor = app.signed_in(&one.email).await;
    let page = visitor.get(&ask_url(need, team.id)).await;
    assert!(page.main().contains("本月的接待名额已满"), "{}", page.main());
    assert_eq!(page.text("#queue"), "排在第 1 位，预计 2026年12月1日 起可受理。轮到时会先问你是否仍然需要。");
    let short = visitor.submit(&page, "main form[action='/queue']", &[("reason", "想谈谈")]).await;
    assert_eq!((short.status, short.value("reason").as_str()), (422, "想谈谈"));
    let sent = visitor.submit(&page, "main form[action='/queue']", &[("reason", REASON)]).await;
    let again = visitor.submit(&page, "main form[action='/queue']", &[("reason", REASON)]).await;
    assert_eq!(sent.location(), again.location(), "the same form sent twice waits once");
    assert_eq!(visitor.follow(sent).await.text("#flash"), "已排上队，轮到时会写信问你");
    // Another form for the same pair leads to the place that there is.
    let page = visitor.get(&ask_url(need, team.id)).await;
    let another = visitor.submit(&page, "main form[action='/queue']", &[("reason", REASON)]).await;
    assert_eq!(another.location(), again.location());

    let second = joins(&app, &two, other, &team).await;
    assert_eq!(
        place(&app, &two, second).await,
        "排在第 2 位，预计 2027年1月1日 起可受理。轮到时会先问你是否仍然需要。"
    );
    let own = app.signed_in(&two.email).await.get("/my").await;
    assert!(own.main().contains("排队中") && own.main().contains("排在第 2 位"), "{}", own.main());
    app.run_until_idle().await;
    assert_eq!(app.mails_to(&team.email).len(), letters, "the professor hears nothing of it");
    assert!(app.mails_to(&one.email).iter().all(|mail| !mail.subject.starts_with("轮到你了")));

    // Nobody else's place is anybody's business.
    let stranger = app.signed_in(&one.email).await;
    let csrf = stranger.get("/my/particulars").await.value("csrf");
    assert_eq!(stranger.get(&format!("/my/queue/{second}")).await.status, 404);
    let left = stranger.post(&format!("/my/queue/{second}"), &[("csrf", &csrf), ("answer", "leave")]).await;
    assert_eq!((left.status, state(&app, second).await), (404, State::Waiting));
    assert_eq!(app.visitor().get("/queue/0123456789abcdefghijklmnopqrstuv").await.status, 404);
}

#[actix_web::test]
async fn when_the_month_turns_those_who_wait_are_asked_in_order() {
    let app = TestApp::start().await;
    let team = full_team(&app).await;
    let ((one, need), (two, other)) = (firm(&app, "one").await, firm(&app, "two").await);
    let (first, second) = (joins(&app, &one, need, &team).await, joins(&app, &two, other, &team).await);
    let letters = app.mails_to(&team.email).len();
    next_month(&app).await;
    assert_eq!((state(&app, first).await, state(&app, second).await), (State::Asked, State::Waiting));
    assert_eq!(link_to(&app, &two.email), None);
    assert_eq!(app.mails_to(&team.email).len(), letters, "the firm is asked first");
    // The place is kept: nobody who asks now is let in before.
    let (three, third) = firm(&app, "three").await;
    let page = app.signed_in(&three.email).await.get(&ask_url(third, team.id)).await;
    assert!(page.text("#queue").starts_with("排在第 3 位"), "{}", page.main());

    let path = link_to(&app, &one.email).expect("a letter");
    let before = app.rows().await;
    let holder = app.visitor();
    let page = holder.get(&path).await;
    assert!(page.text("#place").contains("名额先为你留着"), "{}", page.main());
    holder.send(Method::HEAD, &path, None, &[("sec-purpose", "prefetch")]).await;
    assert_eq!(app.rows().await, before, "looking changes nothing");
    for secret in [&team.email, &team.phone, &one.email] {
        assert!(!page.html.contains(secret.as_str()), "{secret}");
    }
    assert_eq!(app.visitor().post(&path, &[("answer", "confirm")]).await.status, 403);
    let done = says(&holder, &path, "confirm").await;
    assert_eq!(holder.follow(done).await.text("#flash"), "已发出请求，园区会先查看");
    let queued = store::queue::by_id(&app.app.db, first).await.unwrap().unwrap();
    let made = store::by_id(&app.app.db, queued.introduction.unwrap()).await.unwrap().unwrap();
    assert_eq!(
        (made.state, made.reason.as_str(), made.need, made.team),
        (introduction::State::AwaitingPark, REASON, need, team.id)
    );
    // Once: the link and a second press find it done.
    let late = holder.post(&path, &[("csrf", &page.value("csrf")), ("answer", "leave")]).await;
    assert_eq!((late.status, state(&app, first).await), (303, State::Released));
    assert_eq!(
        place(&app, &two, second).await,
        "排在第 1 位，预计 2027年1月1日 起可受理。轮到时会先问你是否仍然需要。"
    );
    app.run_until_idle().await;
    assert_eq!(state(&app, second).await, State::Waiting, "the month has one place");
}

#[actix_web::test]
async fn who_does_not_answer_or_leaves_makes_room_for_the_next() {
    let app = TestApp::start().await;
    let team = full_team(&app).await;
    let ((one, need), (two, other), (three, third)) =
        (firm(&app, "one").await, firm(&app, "two").await, firm(&app, "three").await);
    let first = joins(&app, &one, need, &team).await;
    let second = joins(&app, &two, other, &team).await;
    let last = joins(&app, &three, third, &team).await;
    next_month(&app).await;
    assert_eq!(state(&app, first).await, State::Asked);
    app.forward(TimeDelta::days(8));
    app.run_until_idle().await;
    assert_eq!((state(&app, first).await, state(&app, second).await), (State::Left, State::Asked));
    let told = app.mails_to(&one.email).pop().unwrap();
    assert!(told.subject.starts_with("已退出排队："), "{}", told.subject);
    let gone = app.visitor().get(&link_to(&app, &one.email).unwrap()).await;
    assert_eq!((gone.status, gone.has("form#confirm")), (410, false));

    let path = link_to(&app, &two.email).unwrap();
    let holder = app.visitor();
    let left = says(&holder, &path, "leave").await;
    assert_eq!(holder.follow(left).await.text("#flash"), "已退出排队");
    app.run_until_idle().await;
    assert_eq!((state(&app, second).await, state(&app, last).await), (State::Left, State::Asked));

    // A need that has ended is asked about no more.
    listing::close::withdraw(&app.app, three.member, third).await.unwrap();
    let stale = queue::confirm(&app.app, &queue::Answerer::Member(three.member), last).await;
    assert!(matches!(stale, Err(queue::Error::Cannot(_))), "{stale:?}");
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_place_that_is_given_back_goes_to_the_queue() {
    let app = TestApp::start().await;
    let team = full_team(&app).await;
    let (one, need) = firm(&app, "one").await;
    let waiting = joins(&app, &one, need, &team).await;
    let taken = store::of_organisations(&app.app.db, &[team.id], 1).await.unwrap().remove(0);
    introduction::withdraw::withdraw(&app.app, taken.asked_by, taken.id).await.unwrap();
    app.run_until_idle().await;
    assert_eq!(state(&app, waiting).await, State::Asked, "in the same month");
}

#[actix_web::test]
async fn every_move_of_a_queued_request_is_as_the_graph_says() {
    let mut made = 0;
    for from in State::ALL.iter().copied() {
        for tried in Step::ALL.iter().copied() {
            let app = TestApp::start().await;
            let team = full_team(&app).await;
            let (one, need) = firm(&app, "one").await;
            let id = joins(&app, &one, need, &team).await;
            let by = queue::Answerer::Member(one.member);
            if from != State::Waiting {
                next_month(&app).await;
            }
            match from {
                State::Waiting | State::Asked => {}
                State::Released => drop(queue::confirm(&app.app, &by, id).await.unwrap()),
                State::Left => queue::leave(&app.app, &by, id).await.unwrap(),
            }
            assert_eq!(state(&app, id).await, from);
            match tried {
                // Asking is the clock's: it asks when there is a place, and nobody who waits no more.
                Step::Ask => next_month(&app).await,
                Step::Confirm => drop(queue::confirm(&app.app, &by, id).await),
                Step::Leave => drop(queue::leave(&app.app, &by, id).await),
            }
            let to = step(from, tried);
            // A month later a question that nobody answered has run out as well.
            let expected = if (from, tried) == (State::Asked, Step::Ask) { State::Left } else { to.unwrap_or(from) };
            assert_eq!(state(&app, id).await, expected, "{tried:?} from {from:?}");
            made += usize::from(to.is_some());
            app.run_until_idle().await;
        }
    }
    assert_eq!(made, MOVES.len());
}

#[actix_web::test]
async fn a_team_that_pauses_is_waited_for_and_comes_back_by_itself() {
    let app = TestApp::start().await;
    let team = app.team_with("team", 2).await;
    app.live(&team, Kind::Result, result_content("柚皮果胶提取")).await;
    let (one, need) = firm(&app, "one").await;
    let suggested = async || {
        let found = matching::store::one(&app.app.db, need, team.id).await.unwrap();
        found.is_some_and(|found| found.place.is_some())
    };
    assert!(suggested().await);

    let lead = app.signed_in(&team.email).await;
    let path = format!("/teams/{}", team.id);
    let form = lead.get(&format!("{path}/edit")).await;
    let typed = [("paused_until", "2026-11-01"), ("breaks", "寒假")];
    let refused = lead.submit(&form, "form#pause", &typed).await;
    assert_eq!(
        (refused.status, refused.errors()),
        (422, vec!["选今天以后的日子".to_owned(), "每行写一段起止日期，例如 01-15 至 02-25".to_owned()])
    );
    assert_eq!(refused.value("breaks"), "寒假");
    let typed = [("paused_until", "2026-11-20"), ("breaks", "1月15日—2月25日")];
    let saved = lead.submit(&form, "form#pause", &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.main());
    app.run_until_idle().await;
    assert_eq!(app.visitor().get(&path).await.text("#capacity"), "暂停接待，预计 2026年11月20日 起可受理");
    assert!(!suggested().await, "nobody is led to a team that is away");
    let form = lead.get(&format!("{path}/edit")).await;
    assert_eq!((form.value("paused_until"), form.value("breaks")), ("2026-11-20".into(), "01-15 ~ 02-25".into()));

    let waiting = joins(&app, &one, need, &team).await;
    app.forward("2026-11-19T15:00:00Z".parse::<DateTime<Utc>>().unwrap() - app.app.clock.now());
    app.run_until_idle().await;
    assert_eq!(state(&app, waiting).await, State::Waiting);
    app.forward(TimeDelta::hours(2));
    app.run_until_idle().await;
    assert_eq!(state(&app, waiting).await, State::Asked, "in the park it is the twentieth");
    assert!(suggested().await);
    assert_eq!(app.visitor().get(&path).await.text("#capacity"), "本月还可受理 2 项（每月最多 2 项）");

    // The holidays of every year need nobody's hand.
    app.forward("2027-01-20T02:00:00Z".parse::<DateTime<Utc>>().unwrap() - app.app.clock.now());
    app.run_until_idle().await;
    assert_eq!(app.visitor().get(&path).await.text("#capacity"), "暂停接待，预计 2027年2月26日 起可受理");
    let kept = yonglianhui::team::store::by_id(&app.app.db, team.id).await.unwrap().unwrap();
    assert!(kept.away);
    assert_eq!(kept.breaks, [Break { from: (1, 15), to: (2, 25) }]);
}

#[actix_web::test]
async fn only_its_people_and_staff_pause_a_team() {
    let app = TestApp::start().await;
    let (team, other) = (app.team("mine").await, app.team("other").await);
    let stranger = app.signed_in(&other.email).await;
    let csrf = stranger.get("/my/particulars").await.value("csrf");
    let fields = [("csrf", csrf.as_str()), ("paused_until", "2026-11-20")];
    assert_eq!(stranger.post(&format!("/teams/{}/pause", team.id), &fields).await.status, 404);
    assert!(!pause::pause(&app.app, OrganisationId(999_999), &pause::Pause::default()).await.unwrap());
    let kept = yonglianhui::team::store::by_id(&app.app.db, team.id).await.unwrap().unwrap();
    assert_eq!(kept.paused_until, None);
    // What else is rewritten leaves the pause alone.
    let lead = app.signed_in(&team.email).await;
    let form = lead.get(&format!("/teams/{}/edit", team.id)).await;
    lead.submit(&form, "form#pause", &[("paused_until", "2026-12-24")]).await;
    let form = lead.get(&format!("/teams/{}/edit", team.id)).await;
    assert_eq!(lead.submit(&form, "form#team", &[("capacity", "5")]).await.status, 303);
    let kept = yonglianhui::team::store::by_id(&app.app.db, team.id).await.unwrap().unwrap();
    assert_eq!((kept.capacity, kept.paused_until), (5, Some("2026-12-24".parse().unwrap())));
    app.run_until_idle().await;
}

/// A request of `firm` that `team` declines for want of information.
async fn declined(app: &TestApp, firm: &Party, need: ListingId, team: &Party) -> IntroductionId {
    let id = propose::propose(&app.app, firm.member, need, team.id, REASON, "").await.unwrap();
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, id).await.unwrap();
    let no =
        Answer::Decline { reason: DeclineReason::TooLittle, words: String::new(), door: Door::Open, colleague: None };
    answer::answer(&app.app, Answerer::signed_in(team.member), id, &no).await.unwrap();
    app.run_until_idle().await;
    id
}

#[actix_web::test]
async fn a_need_of_which_three_teams_say_too_little_is_a_task_and_its_owner_is_told() {
    let app = TestApp::start().await;
    let (one, need) = firm(&app, "one").await;
    app.forward(TimeDelta::hours(1));
    let staff = app.staff(Role::Broker).await;
    let owner = app.signed_in(&one.email).await;
    let path = format!("/needs/{need}");
    for key in ["a", "b", "c"] {
        assert!(!staff.get("/desk").await.main().contains("多支团队说信息太少"), "before {key}");
        assert!(!owner.get(&path).await.has("#advice"));
        let team = app.team(key).await;
        declined(&app, &one, need, &team).await;
    }
    let desk = staff.get("/desk").await;
    assert_eq!(desk.main().matches("多支团队说信息太少").count(), 1);
    assert!(owner.get(&path).await.text("#advice").starts_with("建议修改："));
    assert!(!app.visitor().get(&path).await.has("#advice"), "it is between the owner and the park");
    let page = staff.get(&format!("/desk/listings/{need}")).await;
    assert!(page.text("#checkup > p").starts_with("3 支团队都说信息太少"), "{}", page.main());
    app.forward(TimeDelta::hours(1));
    staff.submit(&page, "#checkup form", &[("checkup", "请补充处理量，园区周三下午可以一起改。")]).await;
    assert!(!staff.get("/desk").await.main().contains("多支团队说信息太少"));
    assert!(!owner.get(&path).await.has("#advice"));
    app.run_until_idle().await;
    assert!(app.mails_to(&one.email).iter().any(|mail| mail.text.contains("园区周三下午")));
}

#[actix_web::test]
async fn so_many_introductions_are_open_or_waiting_at_once() {
    let app = TestApp::start_with(|config| config.open_requests = 2).await;
    let team = full_team(&app).await;
    let (one, need) = firm(&app, "one").await;
    joins(&app, &one, need, &team).await;
    let (a, b) = (app.team("a").await, app.team("b").await);
    let asked = propose::propose(&app.app, one.member, need, a.id, REASON, "").await.unwrap();
    let visitor = app.signed_in(&one.email).await;
    let page = visitor.get(&ask_url(need, b.id)).await;
    assert!(page.main().contains("已有 2 项对接在进行或排队") && !page.has("main form"), "{}", page.main());
    assert!(matches!(
        propose::propose(&app.app, one.member, need, b.id, REASON, "").await,
        Err(propose::Error::TooManyOpen(2))
    ));
    introduction::withdraw::withdraw(&app.app, one.member, asked).await.unwrap();
    assert!(visitor.get(&ask_url(need, b.id)).await.has("main form"));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn what_was_sent_to_staff_alone_can_be_taken_back_within_ten_minutes() {
    let app = TestApp::start().await;
    let (team, (one, need)) = (app.team("team").await, firm(&app, "one").await);
    let left = async || propose::asks_left(&app.app.db, &app.app, one.id, app.app.clock.now()).await.unwrap();
    let ask = async || propose::propose(&app.app, one.member, need, team.id, REASON, "").await.unwrap();
    let id = ask().await;
    assert_eq!(left().await, 4);
    app.forward(TimeDelta::minutes(10));
    introduction::withdraw::withdraw(&app.app, one.member, id).await.unwrap();
    assert_eq!(left().await, 5, "as if it had not been sent");
    let id = ask().await;
    app.forward(TimeDelta::minutes(11));
    introduction::withdraw::withdraw(&app.app, one.member, id).await.unwrap();
    assert_eq!(left().await, 4);
    let id = ask().await;
    let broker = app.appointed(Role::Broker).await;
    pass::pass(&app.app, broker, id).await.unwrap();
    introduction::withdraw::withdraw(&app.app, one.member, id).await.unwrap();
    assert_eq!(left().await, 3, "staff have let it go to the team");

    let listing = app.submitted(&one, Kind::Need, need_content("罐头胀罐")).await;
    let author = app.signed_in(&one.email).await;
    let page = author.get(&format!("/needs/{listing}")).await;
    let undone = author.submit(&page, "form[action$='/undo']", &[]).await;
    let page = author.follow(undone).await;
    assert_eq!((page.text("#flash").as_str(), page.text(".head .state").as_str()), ("已撤回提交，还是草稿", "草稿"));
    listing::submit::submit(&app.app, one.member, listing).await.unwrap();
    app.forward(TimeDelta::minutes(11));
    let page = author.get(&format!("/needs/{listing}")).await;
    assert!(!page.has("form[action$='/undo']"));
    assert!(matches!(
        listing::close::undo(&app.app, one.member, listing).await,
        Err(listing::close::Error::NotNow(listing::State::InReview))
    ));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn the_queue_reads_in_english_as_well() {
    let app = TestApp::start().await;
    let team = full_team(&app).await;
    let (one, need) = firm(&app, "one").await;
    let id = joins(&app, &one, need, &team).await;
    let (visitor, lead) = (app.signed_in(&one.email).await, app.signed_in(&team.email).await);
    for (who, path) in [
        (&visitor, format!("{}&lang=en", ask_url(need, team.id))),
        (&visitor, format!("/my/queue/{id}?lang=en")),
        (&visitor, "/my?lang=en".to_owned()),
        (&lead, format!("/teams/{}/edit?lang=en", team.id)),
    ] {
        let page = who.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.main().contains("introduction-") && !page.main().contains("team-"), "{path}: {}", page.main());
    }
    assert!(visitor.get(&format!("/my/queue/{id}")).await.text("#place").starts_with("Place 1, probably from"));
}
