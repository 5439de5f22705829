//! Teams: entered by staff, rewritten by their leads, and the places of a month.

use yonglianhui::{
    fault::Fault,
    id::OrganisationId,
    member::Role,
    organisation,
    team::{self, engage, month_start, store},
};

use crate::support::{TestApp, Visitor};

fn answers() -> Vec<(&'static str, &'static str)> {
    vec![
        ("new_university", "云泽理工学院"),
        ("name", "智能照明团队"),
        ("zone", "food"),
        ("lead_name", "林照晚"),
        ("lead_title", "教授"),
        ("lead_email", "linzhaowan@yunze.example"),
        ("lead_phone", "0746-5550141"),
        ("office_email", "office-light@yunze.example"),
        ("capacity", "2"),
        ("about", "研究调光驱动。"),
        ("fields", "调光驱动、频闪抑制"),
    ]
}

async fn enters(staff: &Visitor<'_>, answers: &[(&str, &str)]) -> OrganisationId {
    let form = staff.get("/desk/teams/new").await;
    let page = staff.submit(&form, "form#team", answers).await;
    assert_eq!(page.status, 303, "{}", page.main());
    page.location().unwrap().strip_prefix("/teams/").unwrap().parse().unwrap()
}

#[actix_web::test]
async fn staff_enter_a_team_and_its_lead_rewrites_it() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let staff = app.staff(Role::Curator).await;
    let id = enters(&staff, &answers()).await;
    app.run_until_idle().await;

    let page = app.visitor().get(&format!("/teams/{id}")).await;
    assert_eq!(page.text("h1"), "智能照明团队");
    assert_eq!(page.text("header.head .state"), "已核验 · 2026年11月2日");
    assert_eq!(page.texts(".facts dd"), ["云泽理工学院", "林照晚 教授", "调光驱动、频闪抑制"]);
    assert_eq!(page.text("#capacity"), "本月还可受理 2 项（每月最多 2 项）");
    for secret in ["linzhaowan@", "0746-5550141", "office-light@"] {
        assert!(!page.html.contains(secret), "{secret}");
    }
    let letters = app.mails_to("linzhaowan@yunze.example");
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "智能照明团队已在园区录入");
    assert!(letters[0].text.contains(&format!("http://hall.example/teams/{id}/edit")), "{}", letters[0].text);

    let lead = app.signed_in("linzhaowan@yunze.example").await;
    let form = lead.get(&format!("/teams/{id}/edit")).await;
    assert!(!form.has("[name=name]"));
    let extra = [
        ("capacity", "5"),
        ("lead_title", "二级教授"),
        ("name", "另一支团队"),
        ("verification", "refused"),
        ("owner_id", "1"),
        ("university", "1"),
        ("lead_id", "1"),
    ];
    assert_eq!(lead.submit(&form, "form#team", &extra).await.location(), Some(format!("/teams/{id}")));
    let team = store::by_id(&app.app.db, id).await.unwrap().unwrap();
    assert_eq!(
        (team.capacity, team.lead_title.as_str(), team.organisation.name.as_str()),
        (5, "二级教授", "智能照明团队")
    );
    assert!(team.organisation.is_verified());
    assert_eq!(team.lead, organisation::store::speakers(&app.app.db, id).await.unwrap().first().copied());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn what_is_wrong_in_the_form_of_a_team_is_said_at_once() {
    let app = TestApp::start().await;
    app.team("known").await;
    let staff = app.staff(Role::Curator).await;
    let form = staff.get("/desk/teams/new").await;
    let typed = [("capacity", "many"), ("lead_email", "nobody"), ("lead_phone", "call me"), ("about", "留着")];
    let page = staff.submit(&form, "form#team", &typed).await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "选择高校，或者写下新的高校名称",
            "填写团队名称",
            "选择所在的展区",
            "填写负责人姓名",
            "邮箱写成 name@example.com 的样子",
            "电话写成数字，例如 0746-5550123",
            "填一个 0 到 50 之间的整数",
        ]
    );
    for (name, value) in typed {
        assert_eq!(page.value(name), value, "{name}");
    }
    let university = store::universities(&app.app.db).await.unwrap()[0].id.to_string();
    let mut typed = answers();
    typed.push(("university", &university));
    let page = staff.submit(&form, "form#team", &typed).await;
    assert_eq!(page.errors(), ["已经选了一所高校，又写了另一个名称；只留一个"]);
    let mut typed = answers();
    typed.retain(|(name, _)| !["new_university", "name"].contains(name));
    typed.extend([("university", university.as_str()), ("name", "示例团队known")]);
    let page = staff.submit(&form, "form#team", &typed).await;
    assert_eq!(page.errors(), ["这所高校已经有同名的团队"]);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn the_same_form_sent_twice_makes_one_team() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let staff = app.staff(Role::Broker).await;
    let form = staff.get("/desk/teams/new").await;
    let (first, second) =
        (staff.submit(&form, "form#team", &answers()).await, staff.submit(&form, "form#team", &answers()).await);
    assert_eq!((first.status, first.location()), (303, second.location()));
    app.run_until_idle().await;
    assert_eq!(app.mails_to("linzhaowan@yunze.example").len(), 1);
    assert_eq!(app.visitor().get("/teams").await.text(".toolbar p"), "共 1 支团队");
}

#[actix_web::test]
async fn only_its_people_and_staff_rewrite_a_team_and_only_staff_enter_one() {
    let app = TestApp::start().await;
    let (mine, theirs) = (app.team("mine").await, app.team("theirs").await);
    let me = app.signed_in(&mine.email).await;
    let csrf = me.get(&format!("/teams/{}/edit", mine.id)).await.value("csrf");
    for id in [theirs.id.to_string(), "999999".to_owned(), "x".to_owned()] {
        assert_eq!(me.get(&format!("/teams/{id}/edit")).await.status, 404);
        assert_eq!(me.post(&format!("/teams/{id}"), &[("csrf", &csrf), ("capacity", "9")]).await.status, 404);
    }
    assert_eq!(me.get("/desk/teams/new").await.status, 404);
    assert_eq!(me.post("/desk/teams", &[("csrf", &csrf)]).await.status, 404);
    assert_eq!(app.visitor().get("/desk/teams/new").await.status, 303);
    // An enterprise's number names no team.
    let firm = app.enterprise("firm").await;
    assert_eq!(me.get(&format!("/teams/{}", firm.id)).await.status, 404);
    assert_eq!(me.get(&format!("/enterprises/{}", mine.id)).await.status, 404);

    let staff = app.staff(Role::Broker).await;
    let form = staff.get(&format!("/teams/{}/edit", mine.id)).await;
    let page = staff.submit(&form, "form#team", &[("name", "改名后的团队"), ("capacity", "-1")]).await;
    assert_eq!((page.status, page.errors()), (422, vec!["填一个 0 到 50 之间的整数".to_owned()]));
    assert_eq!(page.value("name"), "改名后的团队");
    assert_eq!(staff.submit(&page, "form#team", &[("capacity", "0")]).await.status, 303);
    let page = app.visitor().get(&format!("/teams/{}", mine.id)).await;
    assert_eq!((page.text("h1").as_str(), page.text("#capacity").as_str()), ("改名后的团队", "目前不接新的对接"));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_place_of_the_month_is_taken_once() {
    let app = TestApp::start().await;
    let team = app.team_with("t", 1).await;
    let (now, zone) = (app.app.clock.now(), app.app.config.time_zone);
    let engage = async |about: &str| {
        let done = app.app.db.write(async |tx| engage::engage_in(tx, team.id, about, app.app.clock.now()).await).await;
        done.unwrap();
    };
    let taken = async || {
        let since = month_start(app.app.clock.now(), zone);
        store::engaged_since(&app.app.db, &[team.id], since).await.unwrap().get(&team.id).copied().unwrap_or(0)
    };
    let path = format!("/teams/{}", team.id);
    assert_eq!(taken().await, 0);
    engage("introduction:1").await;
    engage("introduction:1").await;
    assert_eq!(taken().await, 1);
    assert_eq!(app.visitor().get(&path).await.text("#capacity"), "本月已满，预计 2026年12月1日 起可受理");
    app.app.db.write(async |tx| engage::release_in(tx, team.id, "introduction:1").await).await.unwrap();
    assert_eq!(taken().await, 0);
    engage("introduction:2").await;
    app.forward(team::next_month_start(now, zone) - now);
    assert_eq!(taken().await, 0, "a new month begins with every place free");
    assert_eq!(app.visitor().get(&path).await.text("#capacity"), "本月还可受理 1 项（每月最多 1 项）");
    app.leave_rest();
}

#[actix_web::test]
async fn the_list_of_teams_reads_as_many_rows_in_as_few_queries() {
    let app = TestApp::start().await;
    let first = app.team("one").await;
    let visitor = app.visitor();
    let (one, page) = app.statements(visitor.get("/teams")).await;
    assert_eq!(page.texts(".rows h3"), ["示例团队one"]);
    assert_eq!(page.texts(".row-meta span"), ["示例大学", "果胶"]);
    app.team("two").await;
    app.team("three").await;
    let (three, page) = app.statements(visitor.get("/teams?zone=food")).await;
    assert_eq!(page.texts(".rows h3").len(), 3);
    assert_eq!(one, three);
    let path = format!("/teams/{}", first.id);
    app.live_result(&first, "一").await;
    let (one, _) = app.statements(visitor.get(&path)).await;
    app.live_result(&first, "二").await;
    app.live_result(&first, "三").await;
    let (three, page) = app.statements(visitor.get(&path)).await;
    assert_eq!(page.texts(".rows h3").len(), 3);
    assert_eq!(one, three);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn two_entries_of_one_university_make_one() {
    let app = TestApp::start().await;
    app.team("one").await;
    app.team("two").await;
    let known = store::universities(&app.app.db).await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].office_name, "科研院");
    let found = store::university_by_name(&app.app.db, "示例大学").await.unwrap().unwrap();
    assert_eq!(store::university_by_id(&app.app.db, found.id).await.unwrap(), Some(found));
    let none: Result<_, Fault> = store::by_ids(&app.app.db, &[]).await;
    assert!(none.unwrap().is_empty());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn every_page_of_a_team_is_there_in_english() {
    let app = TestApp::start().await;
    let team = app.team("a").await;
    let staff = app.staff(Role::Curator).await;
    for (path, title) in [
        ("/teams".to_owned(), "Research teams"),
        (format!("/teams/{}", team.id), "示例团队a"),
        (format!("/teams/{}/edit", team.id), "Edit the team"),
        ("/desk/teams/new".to_owned(), "Enter a team"),
    ] {
        let page = staff.get(&format!("{path}?lang=en")).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, title), "{path}");
    }
    app.run_until_idle().await;
}
