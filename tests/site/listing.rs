//! Needs, offers and results: written, kept, sent, reviewed, read, ended.

use std::collections::VecDeque;

use actix_web::http::Method;
use yonglianhui::{
    id::{ListingId, MemberId},
    listing::{self, Content, Kind, MOVES, Outcome, Scores, State, Step, Verdict, step, store},
    member::Role,
    organisation,
};

use crate::support::{
    Page, Party, TestApp, Visitor,
    scene::{need_content, result_content},
};

const NEED: &[(&str, &str)] = &[
    ("need_type", "technical"),
    ("title", "柚皮提取果胶得率低"),
    ("teaser", "柚皮果胶得率只有百分之八，想提到百分之十四"),
    ("zone", "food"),
    ("problem", "现用酸提法。\n<b>废水</b>多，得率低。"),
    ("targets", "得率 | 8 | 14 | %\n废水，12，5，吨\n不用强酸"),
    ("use_case", "罐头厂的柚皮"),
    ("deadline", "6个月"),
    ("budget", "20_50"),
    ("cooperation", "development"),
    ("cooperation", "service"),
    ("ip", "shared"),
    ("partner", "有中试设备"),
    ("trl_min", "5"),
    ("trl_max", "8"),
    ("industry", "1453"),
    ("keywords", "果胶、柚皮"),
    ("excluded", "甲公司\n乙公司"),
    ("decision_agreed", "yes"),
];

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The form of `page`, filled in with `values`; every other field as the page holds it.
fn filled(page: &Page, values: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let (action, mut fields) = page.form("#listing-form");
    fields.retain(|(name, _)| values.iter().all(|(each, _)| each != name));
    fields.extend(owned(values));
    (action, fields)
}

async fn send(visitor: &Visitor<'_>, page: &Page, values: &[(&str, &str)], pressed: &str) -> Page {
    let (action, mut fields) = filled(page, values);
    fields.push(("do".to_owned(), pressed.to_owned()));
    visitor.post_fields(&action, &fields).await
}

/// The number at the end of the address that an answer leads to.
fn led_to(page: &Page) -> ListingId {
    let location =
        page.location().unwrap_or_else(|| panic!("{} answered {}:\n{}", page.path, page.status, page.main()));
    location.split('/').find_map(|part| part.parse().ok()).unwrap()
}

/// Lets a second person speak for an organisation, as the first one agrees to.
async fn speak_for(app: &TestApp, member: MemberId, party: &Party) {
    organisation::join::ask(&app.app, member, party.id).await.unwrap();
    assert!(
        organisation::join::answer(&app.app, party.member, party.id, member, organisation::join::Asked::Granted)
            .await
            .unwrap()
    );
}

async fn read(app: &TestApp, id: ListingId) -> listing::Listing {
    store::by_id(&app.app.db, id).await.unwrap().unwrap()
}

async fn state(app: &TestApp, id: ListingId) -> State {
    read(app, id).await.state
}

/// Staff give every score and press a button.
async fn decide(staff: &Visitor<'_>, id: ListingId, scores: [&str; 4], verdict: &str, reason: &str) -> Page {
    let page = staff.get(&format!("/desk/listings/{id}")).await;
    decide_on(staff, &page, scores, verdict, reason).await
}

async fn decide_on(staff: &Visitor<'_>, page: &Page, scores: [&str; 4], verdict: &str, reason: &str) -> Page {
    let values = [
        ("clarity", scores[0]),
        ("measurability", scores[1]),
        ("feasibility", scores[2]),
        ("completeness", scores[3]),
        ("verdict", verdict),
        ("reason", reason),
    ];
    staff.submit(page, "#review-form", &values).await
}

const GOOD: [&str; 4] = ["4", "4", "3", "5"];

/// Presses the button of the owner's panel that posts to `noun`.
async fn press(visitor: &Visitor<'_>, page: &Page, noun: &str) -> Page {
    visitor.submit(page, &format!("form[action$='/{noun}']"), &[]).await
}

#[actix_web::test]
async fn a_need_goes_from_the_form_to_everybodys_eyes() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let (author, staff, visitor) = (app.signed_in(&firm.email).await, app.staff(Role::Curator).await, app.visitor());

    let form = author.get("/needs/new").await;
    assert_eq!(form.status, 200);
    let sent = send(&author, &form, NEED, "submit").await;
    assert_eq!(sent.status, 303, "{}", sent.main());
    let id = led_to(&sent);
    let path = format!("/needs/{id}");
    assert_eq!(sent.location(), Some(path.clone()));
    let page = author.follow(sent).await;
    assert_eq!(page.text("#flash"), "已提交，园区会尽快审核");
    assert_eq!(page.text(".head .state"), "待审");
    assert_eq!(visitor.get(&path).await.status, 404, "nobody else sees it yet");

    let queue = staff.get("/desk/listings").await;
    assert_eq!(queue.texts(".row h3"), ["柚皮提取果胶得率低"]);
    let desk = staff.get(&queue.attributes(".row h3 a", "href")[0]).await;
    assert!(desk.main().contains(&firm.name) && desk.main().contains("甲公司"), "staff see what is not public");
    let answer = decide_on(&staff, &desk, GOOD, "publish", "").await;
    assert_eq!(answer.location().as_deref(), Some("/desk/listings"));
    assert_eq!(staff.follow(answer).await.text("#flash"), "已发布，作者会收到信");
    app.run_until_idle().await;

    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.text("h1"), "柚皮提取果胶得率低");
    assert_eq!(page.text(".head .state"), "有效");
    assert_eq!(page.texts("tbody tr"), ["得率 8 14 %", "废水 12 5 吨", "不用强酸 — — —"]);
    assert!(
        page.html.contains("&lt;b&gt;废水&lt;&#x2F;b&gt;") || page.html.contains("&lt;b&gt;废水&lt;/b&gt;"),
        "{}",
        page.html
    );
    for shown in
        ["2027年5月2日", "20 至 50 万元", "技术开发、技术服务", "双方共有", "5 至 8 级", "1453", firm.name.as_str()]
    {
        assert!(page.main().contains(shown), "{shown} is not on the page:\n{}", page.main());
    }
    for hidden in ["甲公司", "决策人"] {
        assert!(!page.html.contains(hidden), "{hidden} is on the public page");
    }
    assert!(!page.has("form[action^='/needs']"), "a visitor has no buttons");
    assert_eq!(visitor.get("/needs").await.texts(".row h3"), ["柚皮提取果胶得率低"]);
    let own = author.get(&path).await;
    assert_eq!(
        own.attributes("#own a.button", "href"),
        [format!("/needs/{id}/matches"), format!("/needs/{id}/edit"), "#resolve".to_owned()]
    );
}

#[actix_web::test]
async fn every_answer_is_kept_and_every_error_named_when_something_is_to_be_mended() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let author = app.signed_in(&firm.email).await;
    let form = author.get("/needs/new").await;
    let bad = [
        ("title", "长".repeat(41)),
        ("teaser", String::new()),
        ("zone", "nowhere".to_owned()),
        ("problem", "<script>alert(1)</script>".to_owned()),
        ("deadline", "2020年1月1日".to_owned()),
        ("budget", "20_50".to_owned()),
        ("industry", "水果".to_owned()),
        ("trl_min", "8".to_owned()),
        ("trl_max", "3".to_owned()),
        ("keywords", "一、二、三、四、五、六、七、八、九、十、十一".to_owned()),
        ("anonymous", "yes".to_owned()),
    ];
    let values: Vec<(&str, &str)> = bad.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = send(&author, &form, &values, "submit").await;
    assert_eq!(page.status, 422);
    assert!(page.text("title").starts_with("错误："));
    assert_eq!(
        page.errors(),
        [
            "标题最多 40 字，现在 41 字",
            "请写公开一句话，列表里靠它让人看懂",
            "请从列表里选展区",
            "时限已经过去了，请写今天以后的日子",
            "最低成熟度比最高的还高，请对调",
            "行业小类是四位数字，例如 1453".replace("1453", "2120").as_str(),
            "关键词最多 10 个，现在 11 个",
        ]
    );
    for target in page.attributes(".error-summary a", "href") {
        assert!(page.has(&format!("[id='{}']", target.trim_start_matches('#'))), "{target} leads nowhere");
    }
    for (name, value) in values.iter().filter(|(name, _)| *name != "zone") {
        assert_eq!(page.value(name), *value, "{name}");
    }
    assert!(!page.html.contains("<script>alert"), "what was typed stays text");
    assert_eq!(store::of_owners(&app.app.db, &[firm.id], 10).await.unwrap(), [], "nothing was written");

    // The same page, mended, is taken; its key was not spent.
    let sent = send(&author, &page, NEED, "submit").await;
    assert_eq!(sent.status, 303, "{}", sent.main());
    app.leave_rest();
}

#[actix_web::test]
async fn a_result_of_level_seven_shows_what_it_has_done() {
    let app = TestApp::start().await;
    let team = app.team("guojiao").await;
    let author = app.signed_in(&team.email).await;
    let form = author.get("/results/new").await;
    let result = [
        ("title", "果胶酶法提取"),
        ("zone", "food"),
        ("problem", "酸提废水多"),
        ("trl", "7"),
        ("advantage", "得率由8%升到14%"),
    ];
    let page = send(&author, &form, &result, "submit").await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["7 级要在实际使用环境里运行过：请写明地点、数量或检测情况，或者改选 4 至 6 级"]);
    assert_eq!(page.attributes(".error-summary a", "href"), ["#evidence"]);
    assert_eq!(page.value("trl"), "7");
    let sent = send(&author, &page, &[("evidence", "在示例罐头厂运行三个月")], "submit").await;
    let id = led_to(&sent);
    let shown = author.follow(sent).await;
    assert!(shown.main().contains("7 级：样机在真实的使用现场运行过"), "{}", shown.main());
    assert_eq!(read(&app, id).await.content.trl, Some((7, 7)));
    app.leave_rest();
}

#[actix_web::test]
async fn a_draft_survives_leaving_the_page() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let author = app.signed_in(&firm.email).await;
    let form = author.get("/needs/new").await;
    assert!(form.has("form[data-autosave] [data-kept]"), "the script finds its form");

    // What the script sends while he types, with an answer that does not fit yet.
    assert_eq!(send(&author, &form, &[("need_type", "joint")], "autosave").await.status, 204);
    assert_eq!(store::of_owners(&app.app.db, &[firm.id], 10).await.unwrap(), [], "an empty form makes no draft");
    let kept = send(
        &author,
        &form,
        &[("title", "柚皮"), ("deadline", "尽快"), ("cooperation", "licence"), ("cooperation", "service")],
        "autosave",
    )
    .await;
    assert_eq!(kept.status, 204, "{}", kept.main());
    let edit = kept.headers["content-location"].clone();
    let more = send(
        &author,
        &form,
        &[("title", "柚皮果胶"), ("deadline", "尽快"), ("cooperation", "licence"), ("cooperation", "service")],
        "autosave",
    )
    .await;
    assert_eq!(more.headers["content-location"], edit, "the same form, the same draft");

    let opened = author.get(&edit).await;
    assert_eq!((opened.value("title"), opened.value("deadline")), ("柚皮果胶".to_owned(), "尽快".to_owned()));
    assert_eq!(opened.attributes("input[name=cooperation][checked]", "value"), ["licence", "service"]);
    let id: ListingId = edit.split('/').nth(2).unwrap().parse().unwrap();
    assert_eq!(state(&app, id).await, State::Draft);
    assert_eq!(app.visitor().get(&format!("/needs/{id}")).await.status, 404);

    // Without scripts the button does it; what does not fit is said, and a saved draft holds everything.
    let refused = send(&author, &opened, &[], "save").await;
    assert_eq!(
        (refused.status, refused.errors()),
        (422, vec!["看不懂这个时限，请写成 2027-06-30、2027年6月 或 6个月".to_owned()])
    );
    let saved = send(&author, &refused, &[("deadline", "2027年6月"), ("targets", "得率，8，14，%")], "save").await;
    assert_eq!(saved.location(), Some(edit.clone()));
    let again = author.follow(saved).await;
    assert_eq!(again.text("#flash"), "草稿已保存");
    assert_eq!(
        (again.value("deadline").as_str(), again.value("targets").as_str()),
        ("2027-06-30", "得率 | 8 | 14 | %")
    );

    // The first page, still open in a tab, is older than what was saved and must not undo it.
    assert_eq!(send(&author, &form, &[("title", "旧的")], "save").await.status, 303);
    assert_eq!(read(&app, id).await.content.title, "柚皮果胶");

    // He sends it: everything that is missing is named, nothing is lost.
    let unfinished = press(&author, &author.get(&format!("/needs/{id}")).await, "submission").await;
    assert_eq!(unfinished.status, 422);
    assert_eq!(unfinished.errors(), ["请写公开一句话，列表里靠它让人看懂", "请从列表里选展区", "请写现状与问题"]);
    assert_eq!(unfinished.value("title"), "柚皮果胶");
    app.leave_rest();
}

#[actix_web::test]
async fn the_same_form_sent_twice_makes_one_listing() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let author = app.signed_in(&firm.email).await;
    let all = async || store::of_owners(&app.app.db, &[firm.id], 10).await.unwrap();

    let form = author.get("/needs/new").await;
    let (first, second) =
        futures_util::join!(send(&author, &form, NEED, "submit"), send(&author, &form, NEED, "submit"));
    assert_eq!(first.location(), second.location(), "two at the same moment");
    app.forward(chrono::TimeDelta::hours(1));
    let third = send(&author, &form, NEED, "submit").await;
    assert_eq!(third.location(), first.location(), "a replay an hour later");
    let late = send(&author, &form, &[("title", "改了")], "save").await;
    assert_eq!(late.status, 303);
    let listings = all().await;
    assert_eq!(listings.len(), 1);
    assert_eq!((listings[0].state, listings[0].content.title.as_str()), (State::InReview, "柚皮提取果胶得率低"));

    // Kept while typing, then sent from the same page: one listing, with the last words.
    let form = author.get("/needs/new").await;
    send(&author, &form, &[("title", "第二条")], "autosave").await;
    let (kept, sent) = futures_util::join!(
        send(&author, &form, &[("title", "第二条")], "autosave"),
        send(&author, &form, NEED, "submit")
    );
    assert!([204, 409].contains(&kept.status) && sent.status == 303, "{} {}", kept.status, sent.status);
    let listings = all().await;
    assert_eq!(listings.len(), 2);
    let second = led_to(&sent);
    assert_eq!(state(&app, second).await, State::InReview);
    assert_eq!(read(&app, second).await.content.title, "柚皮提取果胶得率低");
    app.leave_rest();
}

#[actix_web::test]
async fn fields_that_the_form_does_not_ask_for_change_nothing() {
    let app = TestApp::start().await;
    let (firm, other) = (app.enterprise("zhuyu").await, app.enterprise("other").await);
    let author = app.signed_in(&firm.email).await;
    let form = author.get("/needs/new").await;
    let (owner, now) = (other.id.to_string(), "2020-01-01");
    let tricks = [
        ("id", "77"),
        ("owner", owner.as_str()),
        ("owner_id", owner.as_str()),
        ("organisation_id", owner.as_str()),
        ("author_id", "1"),
        ("state", "live"),
        ("status", "live"),
        ("verified", "yes"),
        ("kind", "result"),
        ("version", "99"),
        ("published_at", now),
        ("expires_at", now),
        ("outcome", "platform"),
        ("import_key", "x"),
    ];
    let values: Vec<(&str, &str)> = NEED.iter().chain(&tricks).copied().collect();
    let sent = send(&author, &form, &values, "submit").await;
    let id = led_to(&sent);
    let listing = read(&app, id).await;
    assert_eq!((listing.owner, listing.kind, listing.state), (firm.id, Kind::Need, State::InReview));
    assert_eq!(
        (listing.author, listing.published_at, listing.expires_at, listing.outcome),
        (Some(firm.member), None, None, None)
    );

    // The same on a form that was opened again, and no version opens another's listing.
    let draft = app.draft(&firm, Kind::Need, need_content("草稿")).await;
    let form = author.get(&format!("/needs/{draft}/edit")).await;
    let sent = send(
        &author,
        &form,
        &values.iter().filter(|(name, _)| *name != "version").copied().collect::<Vec<_>>(),
        "save",
    )
    .await;
    assert_eq!(sent.status, 303, "{}", sent.main());
    let listing = read(&app, draft).await;
    assert_eq!((listing.id, listing.owner, listing.state), (draft, firm.id, State::Draft));
    let stranger = app.signed_in(&other.email).await;
    let page = stranger.get("/needs/new").await;
    let (_, mut fields) = filled(&page, NEED);
    fields.push(("version".to_owned(), listing.version.to_string()));
    assert_eq!(stranger.post_fields(&format!("/needs/{draft}"), &fields).await.status, 404);
    assert_eq!(read(&app, draft).await, listing);
    // A version from the future is no newer than the listing.
    let sent = send(&author, &form, &[("version", "99"), ("key", "fresh")], "save").await;
    assert_eq!(sent.status, 409);
    app.leave_rest();
}

#[actix_web::test]
async fn what_is_not_mine_does_not_exist() {
    let app = TestApp::start().await;
    let (firm, other, team) = (app.enterprise("zhuyu").await, app.enterprise("other").await, app.team("guojiao").await);
    let draft = app.draft(&firm, Kind::Need, need_content("草稿")).await;
    let result = app.live_result(&team, "果胶提取").await;
    let stranger = app.signed_in(&other.email).await;
    let token = stranger.get("/needs/new").await;
    let (_, fields) = filled(&token, NEED);
    for path in [
        format!("/needs/{draft}"),
        format!("/needs/{draft}/edit"),
        format!("/needs/{draft}/preview"),
        format!("/desk/listings/{draft}"),
        "/desk/listings".to_owned(),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    for noun in ["submission", "pause", "resumption", "renewal", "closure", "withdrawal", "archive"] {
        for path in
            [format!("/needs/{draft}/{noun}"), format!("/results/{result}/{noun}"), format!("/needs/999999/{noun}")]
        {
            assert_eq!(stranger.post_fields(&path, &fields).await.status, 404, "{path}");
        }
    }
    // A listing has one address; numbers are digits.
    for path in [
        format!("/offers/{draft}"),
        format!("/needs/{result}"),
        "/needs/0".into(),
        "/needs/abc".into(),
        format!("/needs/0{draft}"),
        "/needs/-1".into(),
        "/needs/99999999999999999999".into(),
    ] {
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    assert_eq!((state(&app, draft).await, state(&app, result).await), (State::Draft, State::Live));
    assert_eq!(
        app.visitor().get(&format!("/needs/{draft}/edit")).await.status,
        303,
        "whoever is not signed in signs in first"
    );
    app.leave_rest();
}

/// The shortest way from a draft to each state.
fn way(to: State) -> Vec<Step> {
    let mut queue = VecDeque::from([(State::Draft, Vec::new())]);
    while let Some((state, way)) = queue.pop_front() {
        if state == to {
            return way;
        }
        for (_, by, next) in MOVES.iter().filter(|(from, ..)| *from == state) {
            queue.push_back((*next, way.iter().copied().chain([*by]).collect()));
        }
    }
    panic!("no way leads to {to:?}");
}

/// Takes a step without a page.
async fn take(app: &TestApp, owner: &Party, id: ListingId, by: Step) {
    let (a, m) = (&app.app, owner.member);
    let scores = Scores { clarity: 4, measurability: 4, feasibility: 4, completeness: 4 };
    let staff = app.member("scene@park.example", "布景", "").await;
    match by {
        Step::Submit => listing::submit::submit(a, m, id).await.unwrap(),
        Step::Publish => listing::review::review(a, staff, id, Verdict::Publish, scores, "").await.unwrap(),
        Step::Return => listing::review::review(a, staff, id, Verdict::Return, scores, "写清用量").await.unwrap(),
        Step::Reject => listing::review::review(a, staff, id, Verdict::Reject, scores, "不属于本园区").await.unwrap(),
        Step::Revise => panic!("a change is sent with its form"),
        Step::Undo => listing::close::undo(a, m, id).await.unwrap(),
        Step::Pause => listing::close::pause(a, m, id).await.unwrap(),
        Step::Resume => listing::close::resume(a, m, id).await.unwrap(),
        Step::Expire => assert_eq!(listing::expire::run_once(a).await.unwrap(), 1),
        Step::Renew => listing::close::renew(a, m, id).await.unwrap(),
        Step::Resolve => listing::close::resolve(a, m, id, Outcome::Own, "").await.unwrap(),
        Step::Withdraw => listing::close::withdraw(a, m, id).await.unwrap(),
        Step::Archive => listing::close::archive(a, m, id).await.unwrap(),
    }
}

#[actix_web::test]
async fn every_move_of_a_listing_is_as_the_graph_says() {
    // Time is up at once, so that the clock's step can be taken without moving the clock.
    let app = TestApp::start_with(|config| config.listing_days = 0).await;
    let firm = app.enterprise("zhuyu").await;
    let (author, staff) = (app.signed_in(&firm.email).await, app.staff(Role::Curator).await);
    let token = author.get("/needs/new").await;
    let desk_token = staff.get("/my/particulars").await;
    let csrf = desk_token.form("main form").1.into_iter().find(|(name, _)| name == "csrf").unwrap();
    let (mut taken, mut refused) = (0, 0);
    for from in State::ALL.iter().copied() {
        for by in Step::ALL.iter().copied() {
            let id = app.draft(&firm, Kind::Need, need_content("果胶得率低")).await;
            for each in way(from) {
                take(&app, &firm, id, each).await;
            }
            let before = read(&app, id).await;
            assert_eq!(before.state, from);
            let (_, mut fields) = filled(&token, NEED);
            fields.retain(|(name, _)| name != "key");
            fields.push(("version".to_owned(), before.version.to_string()));
            let noun = match by {
                Step::Submit => "/submission",
                Step::Revise => "",
                Step::Undo => "/undo",
                Step::Pause => "/pause",
                Step::Resume => "/resumption",
                Step::Renew => "/renewal",
                Step::Resolve => "/closure",
                Step::Withdraw => "/withdrawal",
                Step::Archive => "/archive",
                Step::Publish | Step::Return | Step::Reject => "desk",
                Step::Expire => "clock",
            };
            let status = match noun {
                "clock" => {
                    listing::expire::run_once(&app.app).await.unwrap();
                    303
                }
                "desk" => {
                    let verdict = if by == Step::Publish {
                        "publish"
                    } else if by == Step::Return {
                        "return"
                    } else {
                        "reject"
                    };
                    let version = before.version.to_string();
                    let fields = [
                        ("clarity", "4"),
                        ("measurability", "4"),
                        ("feasibility", "4"),
                        ("completeness", "4"),
                        ("verdict", verdict),
                        ("reason", "请补充"),
                        ("version", &version),
                    ];
                    let fields: Vec<_> = owned(&fields).into_iter().chain([csrf.clone()]).collect();
                    staff.post_fields(&format!("/desk/listings/{id}"), &fields).await.status
                }
                noun => {
                    fields.push(("outcome".to_owned(), "self".to_owned()));
                    author.post_fields(&format!("/needs/{id}{noun}"), &fields).await.status
                }
            };
            // The form sends a draft and revises what is live: the graph knows which of the two it is.
            let expected =
                if by == Step::Revise { step(from, Step::Revise).or(step(from, Step::Submit)) } else { step(from, by) };
            let after = read(&app, id).await;
            assert_eq!(after.state, expected.unwrap_or(from), "{by:?} from {from:?} answered {status}");
            match expected {
                Some(_) => {
                    assert_eq!(status, 303, "{by:?} from {from:?}");
                    assert!(after.version > before.version);
                    taken += 1;
                }
                None => {
                    assert_eq!(after, before, "{by:?} from {from:?} is refused and changes nothing");
                    refused += 1;
                }
            }
            // A listing that is left live would expire with the next one.
            if matches!(after.state, State::Live | State::Paused) {
                take(&app, &firm, id, Step::Withdraw).await;
            }
        }
    }
    let forms = State::ALL.iter().filter(|from| step(**from, Step::Submit).is_some()).count();
    assert_eq!(taken, MOVES.len() + forms);
    assert_eq!(taken + refused, State::ALL.len() * Step::ALL.len());
    app.leave_rest();
}

#[actix_web::test]
async fn a_listing_lives_through_its_buttons() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    let offer = Content {
        title: "阳极氧化代工".into(),
        teaser: "小件铝材阳极氧化".into(),
        problem: "两条线".into(),
        ..Content::default()
    };
    for (kind, owner, content) in [
        (Kind::Need, &firm, need_content("果胶得率低")),
        (Kind::Offer, &firm, offer),
        (Kind::Result, &team, result_content("果胶提取")),
    ] {
        let id = app.live(owner, kind, content).await;
        let (path, author, visitor) =
            (format!("{}/{id}", kind.path()), app.signed_in(&owner.email).await, app.visitor());
        let labels = async || author.get(&path).await.texts("#own button");
        assert_eq!(labels().await, ["暂停展示", "撤回"]);
        assert_eq!(visitor.get(&path).await.status, 200);

        press(&author, &author.get(&path).await, "pause").await;
        assert_eq!(
            (visitor.get(&path).await.status, labels().await),
            (404, vec!["恢复展示".to_owned(), "撤回".to_owned()])
        );
        let page = press(&author, &author.get(&path).await, "resumption").await;
        assert_eq!(author.follow(page).await.text("#flash"), "已恢复展示");

        // Ninety days later the page stays, with a banner, before and after the clock is worked off.
        let end = read(&app, id).await.expires_at.unwrap();
        app.forward(end - app.app.clock.now());
        let author = app.signed_in(&owner.email).await;
        let labels = async || author.get(&path).await.texts("#own button");
        for _ in 0..2 {
            let page = visitor.get(&path).await;
            assert_eq!((page.status, page.text(".head .state").as_str()), (200, "已过期"));
            assert!(
                page.text(".notice").starts_with("这一条已过期（2027年")
                    || page.text(".notice").starts_with("这一条已过期（20"),
                "{}",
                page.text(".notice")
            );
            assert!(!page.has("#ask"));
            assert_eq!(visitor.get(kind.path()).await.texts(".row h3"), [""; 0], "it has left the list");
            app.run_until_idle().await;
        }
        assert_eq!(state(&app, id).await, State::Expired);
        let asked =
            app.mails_to(&owner.email).into_iter().filter(|mail| mail.subject.starts_with("有效期到了，还需要吗："));
        assert_eq!(asked.filter(|mail| mail.text.contains(&path)).count(), 1);
        assert_eq!(labels().await, ["续期 90 天", "归档", "撤回"]);
        press(&author, &author.get(&path).await, "renewal").await;
        assert_eq!(state(&app, id).await, State::Live);
        assert_eq!(read(&app, id).await.expires_at.unwrap(), app.app.clock.now() + chrono::TimeDelta::days(90));

        let page = author.get(&path).await;
        let refused = author.submit(&page, "#resolve form", &[("outcome_note", "谈成了")]).await;
        assert_eq!(
            (refused.status, refused.errors(), refused.value("outcome_note")),
            (422, vec!["请选怎么解决的".to_owned()], "谈成了".to_owned())
        );
        author.submit(&refused, "#resolve form", &[("outcome", "platform")]).await;
        let listing = read(&app, id).await;
        assert_eq!(
            (listing.state, listing.outcome, listing.outcome_note.as_str()),
            (State::Resolved, Some(Outcome::Platform), "谈成了")
        );
        let page = visitor.get(&path).await;
        assert_eq!(
            (page.status, page.text(".head .state").as_str(), page.text(".notice").as_str()),
            (200, "已解决", "这一条已解决。页面留作参考。")
        );
        assert!(!page.html.contains("谈成了"), "how it ended is told to the park");
        assert_eq!(labels().await, ["归档"]);
        press(&author, &author.get(&path).await, "archive").await;
        assert_eq!((state(&app, id).await, visitor.get(&path).await.status), (State::Archived, 404));
        assert_eq!(labels().await, [""; 0]);
    }
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_anonymous_need_names_nobody() {
    let app = TestApp::start().await;
    let (firm, other, team) = (app.enterprise("zhuyu").await, app.enterprise("other").await, app.team("guojiao").await);
    let author = app.signed_in(&firm.email).await;
    let form = author.get("/needs/new").await;
    let values: Vec<(&str, &str)> = NEED.iter().copied().chain([("anonymous", "yes")]).collect();
    let sent = send(&author, &form, &values, "preview").await;
    let id = led_to(&sent);
    let preview = author.follow(sent).await;
    assert!(
        preview.main().contains("匿名企业") && !preview.main().contains(&firm.name),
        "the preview is what everybody will see"
    );
    press(&author, &preview, "submission").await;
    let staff = app.staff(Role::Broker).await;
    decide(&staff, id, GOOD, "publish", "").await;
    app.run_until_idle().await;

    let path = format!("/needs/{id}");
    for reader in [app.visitor(), app.signed_in(&other.email).await, app.signed_in(&team.email).await] {
        for language in ["zh-CN", "en"] {
            reader.reads(language);
            let search = "/search?q=%E6%9E%9C%E8%83%B6";
            for path in [path.as_str(), "/needs", "/needs?zone=food", search] {
                let page = reader.get(path).await;
                assert_eq!(page.status, 200, "{path}");
                assert!(page.main().contains("柚皮提取果胶得率低"), "{path} shows the need");
                for secret in [
                    firm.name.as_str(),
                    "企业联系人zhuyu",
                    &firm.email,
                    &firm.phone,
                    &format!("/enterprises/{}", firm.id),
                ] {
                    assert!(!page.html.contains(secret), "{secret} is on {path}");
                }
                let says_so = page.html.contains("匿名企业") || page.html.contains("Anonymous enterprise");
                assert!(says_so || path == search, "{path}");
            }
            // The zone names the firms that stand in it, but not beside this need.
            let rows = reader.get("/zones/food").await.texts(".row");
            let row = rows.iter().find(|row| row.contains("柚皮提取果胶得率低")).unwrap();
            assert!(!row.contains(&firm.name), "{row}");
            let own = reader.get(&format!("/enterprises/{}", firm.id)).await;
            assert_eq!(own.status, 200);
            assert!(
                !own.html.contains("柚皮提取果胶得率低") && !own.html.contains(&path),
                "its owner's page does not give it away"
            );
            let hits = reader.get("/api/v1/search?q=%E6%9E%9C%E8%83%B6").await;
            assert!(hits.html.contains(&path) && !hits.html.contains(&firm.name), "{}", hits.html);
        }
    }
    for insider in [author, staff] {
        assert!(insider.get(&path).await.main().contains(&firm.name));
    }
}

#[actix_web::test]
async fn a_list_has_pages_zones_and_as_many_questions_for_three_as_for_one() {
    let app = TestApp::start().await;
    let (firm, other) = (app.enterprise("zhuyu").await, app.enterprise("other").await);
    let visitor = app.visitor();
    assert_eq!(visitor.get("/needs").await.text(".empty-title"), "这里还没有有效的需求");
    app.live_need(&firm, "第1条").await;
    visitor.get("/needs").await;
    let (one, _) = app.statements(visitor.get("/needs")).await;
    app.live_need(&other, "第2条").await;
    app.live_need(&firm, "第3条").await;
    let (three, page) = app.statements(visitor.get("/needs")).await;
    assert_eq!(one, three);
    assert_eq!(page.texts(".row h3"), ["第3条", "第2条", "第1条"]);
    assert!(!page.has(".row .state"), "that it is live goes without saying");
    assert!(!page.has(".pager"));

    let energy = app.zone("new-energy").await;
    app.live(&firm, Kind::Need, Content { zone: Some(energy), ..need_content("储能") }).await;
    assert_eq!(visitor.get("/needs?zone=new-energy").await.texts(".row h3"), ["储能"]);
    assert_eq!(visitor.get("/needs?zone=food").await.texts(".row h3").len(), 3);
    for number in 4..=22 {
        app.live_need(&firm, &format!("第{number}条")).await;
    }
    let first = visitor.get("/needs?zone=food").await;
    assert_eq!((first.texts(".row").len(), first.text(".pager p")), (20, "第 1 至 20 条，共 22 条".to_owned()));
    let second = visitor.get(&first.attributes(".pager a[rel=next]", "href")[0]).await;
    assert_eq!(
        (second.path.as_str(), second.texts(".row h3")),
        ("/needs?zone=food&page=2", vec!["第2条".to_owned(), "第1条".to_owned()])
    );
    assert_eq!(second.attributes(".pager a", "href"), ["/needs?zone=food"]);
    for (path, status) in [
        ("/needs?page=x", 400),
        ("/needs?page=0", 400),
        ("/needs?page=9", 404),
        ("/needs?zone=nowhere", 404),
        ("/offers", 200),
        ("/results?zone=food", 200),
    ] {
        assert_eq!(visitor.get(path).await.status, status, "{path}");
    }
    app.leave_rest();
}

#[actix_web::test]
async fn the_second_of_two_editors_is_told_and_keeps_his_answers() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let colleague = app.member("colleague@firm.example", "同事", "").await;
    speak_for(&app, colleague, &firm).await;
    let id = app.draft(&firm, Kind::Need, need_content("原来的标题")).await;
    let (one, two) = (app.signed_in(&firm.email).await, app.signed_in("colleague@firm.example").await);
    let edit = format!("/needs/{id}/edit");
    let (first, second) = (one.get(&edit).await, two.get(&edit).await);

    // The first keeps typing in the same page: he is never in his own way.
    for title in ["甲一", "甲二"] {
        assert_eq!(send(&one, &first, &[("title", title)], "autosave").await.status, 204);
    }
    assert_eq!(send(&one, &first, &[("title", "甲三")], "save").await.status, 303);

    assert_eq!(
        send(&two, &second, &[("title", "乙")], "autosave").await.status,
        409,
        "nothing is kept over the other's words"
    );
    let told = send(&two, &second, &[("title", "乙"), ("partner", "乙的条件")], "save").await;
    assert_eq!(told.status, 409);
    assert_eq!(told.text("#conflict .notice-title"), "别人刚刚改过这一条");
    assert_eq!((told.value("title").as_str(), told.value("partner").as_str()), ("乙", "乙的条件"));
    assert_eq!(read(&app, id).await.content.title, "甲三");

    // Having been told, he decides.
    assert_eq!(send(&two, &told, &[], "save").await.status, 303);
    assert_eq!(read(&app, id).await.content.title, "乙");

    // What was sent to staff meanwhile is not written in; his words are still on the page.
    let open = one.get(&edit).await;
    listing::submit::submit(&app.app, firm.member, id).await.unwrap();
    let late = send(&one, &open, &[("title", "太晚")], "save").await;
    assert_eq!((late.status, late.value("title").as_str()), (409, "太晚"));
    assert!(late.text("#not-now").contains("待审"));
    assert_eq!(one.get(&edit).await.location(), Some(format!("/needs/{id}")), "and it is not opened again");
    app.leave_rest();
}

#[actix_web::test]
async fn what_is_live_changes_only_after_staff_have_seen_it() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let id = app.live_need(&firm, "原来的标题").await;
    let (author, visitor, path) = (app.signed_in(&firm.email).await, app.visitor(), format!("/needs/{id}"));
    app.run_until_idle().await;
    let form = author.get(&format!("{path}/edit")).await;
    assert!(form.main().contains("这一条正在公开展示"));
    for pressed in ["autosave", "save"] {
        let kept = send(&author, &form, &[("title", "新的标题")], pressed).await;
        assert!([204, 303].contains(&kept.status), "{pressed}: {}", kept.main());
        let page = visitor.get(&path).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, "原来的标题"));
    }
    let opened = author.get(&format!("{path}/edit")).await;
    assert_eq!(opened.value("title"), "新的标题", "what he wrote is kept");
    assert!(author.get(&path).await.text("#own").contains("有还没提交的修改"));
    let preview = author.follow(send(&author, &opened, &[], "preview").await).await;
    assert_eq!((preview.status, preview.text("h1").as_str()), (200, "新的标题"));

    let sent = press(&author, &preview, "submission").await;
    assert_eq!(sent.location(), Some(path.clone()));
    assert_eq!((state(&app, id).await, visitor.get(&path).await.status), (State::InReview, 404));
    let staff = app.staff(Role::Curator).await;
    decide(&staff, id, GOOD, "publish", "").await;
    assert_eq!(visitor.get(&path).await.text("h1"), "新的标题");
    assert_eq!(author.get(&path).await.texts("#reviews li").len(), 2, "both reviews are kept");
    app.leave_rest();
}

#[actix_web::test]
async fn the_author_reads_what_staff_wrote() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let (author, staff) = (app.signed_in(&firm.email).await, app.staff(Role::Curator).await);
    let id = app.submitted(&firm, Kind::Need, need_content("果胶得率低")).await;
    let path = format!("/needs/{id}");

    // Neither going back nor a no without reasons.
    for verdict in ["return", "reject"] {
        let page = decide(&staff, id, ["2", "1", "3", "2"], verdict, " ").await;
        assert_eq!((page.status, page.errors()), (422, vec!["请写明原因，作者会按它修改".to_owned()]));
        assert_eq!(page.value("clarity"), "2");
    }
    let page = staff
        .submit(&staff.get(&format!("/desk/listings/{id}")).await, "#review-form", &[("verdict", "publish")])
        .await;
    assert_eq!(
        page.errors(),
        ["请给“表述清楚”打分", "请给“指标可量化”打分", "请给“技术可行”打分", "请给“信息完整”打分"]
    );

    decide(&staff, id, ["2", "1", "3", "2"], "return", "请写清：\n1. 处理量\n2. <水质>指标").await;
    app.run_until_idle().await;
    let letter = |subject: &str| app.mails_to(&firm.email).into_iter().find(|mail| mail.subject == subject).unwrap();
    let mail = letter("请补充后再提交：果胶得率低");
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("处理量") && part.contains(&format!("{path}/edit")), "{part}");
    }
    assert!(
        mail.text.contains("2. <水质>指标") && mail.html.contains("&lt;水质&gt;"),
        "text is text, and HTML is escaped"
    );
    let page = author.get(&format!("{path}/edit")).await;
    assert!(page.main().contains("园区的修改意见") && page.main().contains("处理量"));
    assert_eq!(send(&author, &page, &[("problem", "每天处理两吨")], "submit").await.status, 303);

    decide(&staff, id, GOOD, "publish", "写得很清楚").await;
    app.run_until_idle().await;
    let mail = letter("已发布：果胶得率低");
    assert!(
        mail.text.contains("有效期到 2027年1月31日") && mail.text.contains("写得很清楚") && mail.text.contains(&path),
        "{}",
        mail.text
    );
    let reviews = author.get(&path).await.texts("#reviews li");
    assert_eq!(reviews.len(), 2);
    assert!(
        reviews[0].contains("发布 · 清楚 4 · 可量化 4 · 可行 3 · 完整 5") && reviews[1].contains("退回修改"),
        "{reviews:?}"
    );
    assert!(!app.visitor().get(&path).await.has("#reviews"), "reviews are between the author and the park");

    let id = app.submitted(&firm, Kind::Need, need_content("不该发布的")).await;
    decide(&staff, id, ["0", "1", "1", "1"], "reject", "不属于本园区").await;
    app.run_until_idle().await;
    let mail = letter("没有发布：不该发布的");
    assert!(mail.text.contains("不属于本园区"));
    assert_eq!(state(&app, id).await, State::Rejected);
    let about_listings = app.mails_to(&firm.email).into_iter().filter(|mail| mail.text.contains("/needs/"));
    assert_eq!(about_listings.count(), 3);
}

#[actix_web::test]
async fn scores_that_call_for_more_do_not_publish() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let staff = app.staff(Role::Curator).await;
    let id = app.submitted(&firm, Kind::Need, need_content("果胶得率低")).await;
    for (scores, words, advice) in [
        (["5", "5", "5", "0"], "合计 15 分，或者有一项是 0 分", "退回修改"),
        (["2", "2", "2", "3"], "合计 9 分，或者有一项是 0 分", "退回修改"),
        (["1", "1", "1", "1"], "合计 4 分，不足 5 分", "不予发布"),
    ] {
        let page = decide(&staff, id, scores, "publish", "留着的话").await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].starts_with(words), "{:?}", page.errors());
        assert!(page.text("#advice").ends_with(advice));
        assert_eq!((page.value("reason").as_str(), page.value("completeness").as_str()), ("留着的话", scores[3]));
        assert_eq!(state(&app, id).await, State::InReview);
    }
    assert_eq!(decide(&staff, id, ["3", "3", "3", "1"], "publish", "").await.status, 303);
    assert_eq!(state(&app, id).await, State::Live);
    app.leave_rest();
}

#[actix_web::test]
async fn a_listing_of_an_organisation_that_is_not_verified_stays_in_review() {
    let app = TestApp::start().await;
    let firm = app.pending_enterprise("zhuyu").await;
    let (author, staff) = (app.signed_in(&firm.email).await, app.staff(Role::Curator).await);
    let id = app.submitted(&firm, Kind::Need, need_content("果胶得率低")).await;
    assert!(author.get(&format!("/needs/{id}")).await.text("#own").contains("本单位还没有核验"));
    let page = staff.get(&format!("/desk/listings/{id}")).await;
    assert!(page.main().contains("核验之前不能发布"));
    let page = decide_on(&staff, &page, GOOD, "publish", "").await;
    assert_eq!((page.status, page.errors()), (422, vec!["发布单位还没有核验，先核验单位再发布".to_owned()]));
    assert_eq!(state(&app, id).await, State::InReview);
    organisation::verify::verify(&app.app, firm.id).await.unwrap();
    assert_eq!(decide_on(&staff, &page, GOOD, "publish", "").await.status, 303);

    // Nor does a pause or a renewal bring back what is not verified any more.
    take(&app, &firm, id, Step::Pause).await;
    organisation::verify::refuse(&app.app, firm.id, "执照过期").await.unwrap();
    let answer = press(&author, &author.get(&format!("/needs/{id}")).await, "resumption").await;
    assert_eq!(author.follow(answer).await.text("#flash"), "本单位还没有通过核验，暂时不能公开展示");
    assert_eq!(state(&app, id).await, State::Paused);
    app.leave_rest();
}

#[actix_web::test]
async fn the_second_of_two_staff_is_told() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let (one, two) = (app.staff(Role::Curator).await, app.staff(Role::Broker).await);
    let id = app.submitted(&firm, Kind::Need, need_content("果胶得率低")).await;
    let desk = format!("/desk/listings/{id}");
    let (first, second) = (one.get(&desk).await, two.get(&desk).await);
    assert_eq!(decide_on(&one, &first, GOOD, "publish", "").await.status, 303);
    let told = decide_on(&two, &second, ["1", "1", "1", "2"], "return", "我的意见").await;
    assert_eq!((told.status, told.text("#too-late .notice-title").as_str()), (409, "已经有人处理了"));
    assert!(told.text("#too-late").contains("有效") && told.text("#reviews").contains("发布"));
    assert_eq!((state(&app, id).await, store::reviews(&app.app.db, id).await.unwrap().len()), (State::Live, 1));

    // Taken back, changed and sent again while staff were reading: they read it again.
    let id = app.submitted(&firm, Kind::Need, need_content("第二条")).await;
    let open = two.get(&format!("/desk/listings/{id}")).await;
    decide(&one, id, ["1", "1", "1", "2"], "return", "请补充").await;
    listing::submit::submit(&app.app, firm.member, id).await.unwrap();
    let told = decide_on(&two, &open, GOOD, "publish", "好").await;
    assert_eq!((told.status, told.text("#too-late .notice-title").as_str()), (409, "作者又改过了"));
    assert_eq!((told.value("reason").as_str(), told.value("clarity").as_str()), ("好", "4"));
    assert_eq!(decide_on(&two, &told, GOOD, "publish", "好").await.status, 303);

    // Two at the same moment: one verdict, one letter.
    let id = app.submitted(&firm, Kind::Need, need_content("第三条")).await;
    let desk = format!("/desk/listings/{id}");
    let (first, second) = (one.get(&desk).await, two.get(&desk).await);
    let (a, b) = futures_util::join!(
        decide_on(&one, &first, GOOD, "publish", ""),
        decide_on(&two, &second, GOOD, "reject", "不行")
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(store::reviews(&app.app.db, id).await.unwrap().len(), 1);
    app.leave_rest();
}

#[actix_web::test]
async fn who_speaks_for_several_chooses_and_who_speaks_for_none_registers() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let nobody = app.signed_in("nobody@firm.example").await;
    for path in ["/needs/new", "/offers/new"] {
        assert_eq!(nobody.get(path).await.location().as_deref(), Some("/enterprises/new"), "{path}");
    }
    let page = nobody.get("/results/new").await;
    assert_eq!((page.status, page.text(".empty-title").as_str()), (200, "还没有可以代表的团队"));
    let author = app.signed_in(&firm.email).await;
    assert!(
        !author.get("/needs/new").await.has("select[name=owner]"),
        "with one organisation there is nothing to choose"
    );

    let second = app.enterprise("second").await;
    speak_for(&app, firm.member, &second).await;
    let form = author.get("/needs/new").await;
    assert_eq!(form.texts("select[name=owner] option"), [firm.name.clone(), second.name.clone()]);
    let stranger = app.enterprise("third").await.id.to_string();
    let page = send(&author, &form, &[NEED, &[("owner", stranger.as_str())]].concat(), "submit").await;
    assert_eq!((page.status, page.errors()), (422, vec!["请选代表哪个单位".to_owned()]));
    // Kept for the first, then sent for the second: it is the second's.
    let owner = second.id.to_string();
    assert_eq!(send(&author, &form, NEED, "autosave").await.status, 204);
    let sent = send(&author, &form, &[NEED, &[("owner", owner.as_str())]].concat(), "submit").await;
    assert_eq!(read(&app, led_to(&sent)).await.owner, second.id);
    app.leave_rest();
}

#[actix_web::test]
async fn every_page_is_written_in_english_too() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("zhuyu").await, app.team("guojiao").await);
    let (author, lead, staff) =
        (app.signed_in(&firm.email).await, app.signed_in(&team.email).await, app.staff(Role::Broker).await);
    let waiting = app.submitted(&firm, Kind::Need, need_content("果胶得率低")).await;
    let draft = app.draft(&firm, Kind::Offer, Content { title: "代工".into(), ..Content::default() }).await;
    let live = app.live_result(&team, "果胶提取").await;
    for visitor in [&author, &lead, &staff] {
        visitor.reads("en");
        visitor.get("/?lang=en").await;
    }
    for (visitor, path, title) in [
        (&author, "/needs".to_owned(), "Needs"),
        (&author, "/offers".to_owned(), "Offers"),
        (&author, "/results".to_owned(), "Results"),
        (&author, "/needs/new".to_owned(), "Post a need"),
        (&author, "/offers/new".to_owned(), "Post an offer"),
        (&lead, "/results/new".to_owned(), "Post a result"),
        (&author, "/results/new".to_owned(), "Post a result"),
        (&author, format!("/needs/{waiting}"), "果胶得率低"),
        (&author, format!("/offers/{draft}/edit"), "Edit offer"),
        (&author, format!("/offers/{draft}/preview"), "代工"),
        (&lead, format!("/results/{live}"), "果胶提取"),
        (&lead, format!("/results/{live}/edit"), "Edit result"),
        (&author, format!("/results/{live}"), "果胶提取"),
        (&staff, "/desk/listings".to_owned(), "Listings to review"),
        (&staff, format!("/desk/listings/{waiting}"), "果胶得率低"),
        (&staff, format!("/desk/listings/{live}"), "果胶提取"),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, title), "{path}");
        assert!(!page.main().contains("listing-"), "a word is missing on {path}:\n{}", page.main());
    }
    let page = send(&author, &author.get("/needs/new").await, &[("deadline", "soon")], "submit").await;
    assert_eq!(page.errors()[0], "Enter a title");
    assert_eq!(author.send(Method::HEAD, "/needs", None, &[]).await.status, 200);
    app.leave_rest();
}
