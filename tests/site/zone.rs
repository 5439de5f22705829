//! The front page of the hall and the pages of its zones.

use actix_web::http::Method;
use yonglianhui::{
    listing::{Content, Kind},
    member::Role,
};

use crate::support::{TestApp, scene};

#[actix_web::test]
async fn an_empty_hall_says_so() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts(".figure"), ["0", "0", "0", "0"]);
    assert_eq!(page.texts(".empty-title"), ["目前没有有效的需求", "目前没有有效的成果"]);
    assert_eq!(page.texts("#how h3").len(), 3);
    assert!(page.has("a[href='/needs/new']"));
}

#[actix_web::test]
async fn the_front_page_counts_what_is_live_and_shows_the_newest() {
    let app = TestApp::start().await;
    app.zone("digital").await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    app.pending_enterprise("p").await;
    app.live_need(&firm, "柚皮果胶提取").await;
    app.draft(&firm, Kind::Need, scene::need_content("还没写完的需求")).await;
    app.live_result(&team, "果胶清洁提取").await;
    app.run_until_idle().await;
    let page = app.visitor().get("/").await;
    assert_eq!(page.texts(".figure"), ["1", "1", "1", "1"]);
    assert_eq!(page.texts("#zones h3"), ["digital展区", "food展区"]);
    assert_eq!(
        page.texts("#zones .small"),
        ["企业 0 家 · 团队 0 支 · 需求 0 条 · 成果 0 项", "企业 1 家 · 团队 1 支 · 需求 1 条 · 成果 1 项"]
    );
    assert_eq!(page.texts(".rows h3"), ["柚皮果胶提取", "果胶清洁提取"]);
    assert!(!page.html.contains("还没写完的需求"));
    let page = app.visitor().get("/?lang=en").await;
    assert_eq!(page.text("h1"), "Workshop problems, meet the teams that can solve them");
    assert_eq!(page.texts("#zones .small")[1], "one enterprise · one team · one need · one result");
}

#[actix_web::test]
async fn a_zone_shows_what_stands_in_it_and_nothing_else() {
    let app = TestApp::start().await;
    let digital = app.zone("digital").await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    app.live_need(&firm, "柚皮果胶提取").await;
    app.live(&firm, Kind::Need, Content { zone: Some(digital), ..scene::need_content("视觉检测") }).await;
    app.live_result(&team, "果胶清洁提取").await;
    app.run_until_idle().await;
    let visitor = app.visitor();
    let page = visitor.get("/zones/food").await;
    assert_eq!(page.texts(".rows h3"), ["柚皮果胶提取", "果胶清洁提取", "示例企业a", "示例团队t"]);
    let page = visitor.get("/zones/digital").await;
    assert_eq!(page.texts(".rows h3"), ["视觉检测"]);
    assert_eq!(page.texts("section > .soft").len(), 4);
    assert_eq!(visitor.get("/zones/digital?lang=en").await.text("h1"), "digital");
    assert_eq!(visitor.get("/zones/none").await.status, 404);
}

#[actix_web::test]
async fn what_a_refused_organisation_posted_is_shown_nowhere() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "柚皮果胶提取").await;
    yonglianhui::organisation::verify::refuse(&app.app, firm.id, "执照已注销").await.unwrap();
    app.run_until_idle().await;
    let visitor = app.visitor();
    for path in ["/", "/zones/food", "/needs", "/search?q=%E6%9E%9C%E8%83%B6"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.html.contains("柚皮果胶提取"), "{path}");
    }
    assert_eq!(visitor.get("/").await.texts(".figure"), ["0", "0", "0", "0"]);
}

#[actix_web::test]
async fn an_anonymous_need_has_no_owner_on_the_front_page() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "公开的需求").await;
    app.forward(chrono::TimeDelta::minutes(1));
    app.live(&firm, Kind::Need, Content { anonymous: true, ..scene::need_content("匿名的需求") }).await;
    app.run_until_idle().await;
    let page = app.visitor().get("/").await;
    assert_eq!(page.texts(".rows h3"), ["匿名的需求", "公开的需求"]);
    let meta = page.texts(".row-meta");
    assert!(meta[0].starts_with("匿名企业") && meta[1].starts_with("示例企业a"), "{meta:?}");
    let alone = app.visitor().get("/zones/food").await;
    assert!(alone.texts(".row-meta")[0].starts_with("匿名企业"));
}

#[actix_web::test]
async fn the_pages_of_the_hall_read_as_many_rows_in_as_few_queries() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    app.live_need(&firm, "一").await;
    app.live_result(&team, "一").await;
    let visitor = app.visitor();
    let (home, _) = app.statements(visitor.get("/")).await;
    let (zone, _) = app.statements(visitor.get("/zones/food")).await;
    for key in ["b", "c"] {
        let (firm, team) = (app.enterprise(key).await, app.team(&format!("team-{key}")).await);
        app.live_need(&firm, key).await;
        app.live_result(&team, key).await;
    }
    assert_eq!(app.statements(visitor.get("/")).await.0, home);
    let (three, page) = app.statements(visitor.get("/zones/food")).await;
    assert_eq!(page.texts(".rows h3").len(), 12);
    assert_eq!(three, zone);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn a_zone_wears_the_colour_that_a_curator_picks_made_legible() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let curator = app.staff(Role::Curator).await;
    let form = curator.visit("/desk/zones/food").await;
    let saved = curator.submit(&form, "form.form", &[("colour", "#ffe14d")]).await;
    assert_eq!(saved.location().as_deref(), Some("/desk/zones"));
    let sheet = app.visitor().get("/static/zones.css").await;
    assert_eq!(sheet.headers["content-type"], "text/css; charset=utf-8");
    let (light, dark) = sheet.html.split_once("@media (prefers-color-scheme: dark)").unwrap();
    assert!(light.contains(".zone-food { --zone: #") && !light.contains("#ffe14d"), "{light}");
    assert!(dark.contains(".zone-food { --zone: #ffe14d }"), "{dark}");
    let tag = sheet.headers["etag"].clone();
    let again = app.visitor().send(Method::GET, "/static/zones.css", None, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.html.as_str()), (304, ""));
    assert_eq!(app.visitor().get("/").await.attributes("link[rel=stylesheet]", "href").len(), 2);
}
