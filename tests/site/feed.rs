//! What other machines read: feeds, the map of the site, what they may not look at.

use yonglianhui::listing::{Content, Kind};

use crate::support::{TestApp, scene::need_content};

#[actix_web::test]
async fn feeds_and_the_map_hold_what_is_public() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    app.pending_enterprise("p").await;
    let need = app.live_need(&firm, "柚皮 <果胶> & 提取").await;
    app.forward(chrono::TimeDelta::minutes(1));
    app.live(&firm, Kind::Need, Content { anonymous: true, ..need_content("匿名的难题") }).await;
    let draft = app.draft(&firm, Kind::Need, need_content("草稿")).await;
    let result = app.live_result(&team, "果胶清洁提取").await;
    let exhibit = app.exhibit(&firm, "竹橱柜").await;
    app.exhibit_draft(&firm, "没发布的").await;
    app.run_until_idle().await;
    let visitor = app.visitor();

    let feed = visitor.get("/needs.atom").await;
    assert_eq!(feed.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert!(feed.html.starts_with("<?xml"));
    assert_eq!(feed.texts("entry > title"), ["匿名的难题", "柚皮 <果胶> & 提取"], "the newest first, escaped once");
    assert_eq!(feed.texts("entry name"), ["匿名企业", "示例企业a"]);
    assert_eq!(feed.texts("entry > id")[1], format!("http://hall.example/needs/{need}"));
    assert_eq!(feed.text("feed > updated"), "2026-11-02T01:01:00Z");
    let feed = visitor.get("/results.atom").await;
    assert_eq!(feed.texts("entry > id"), [format!("http://hall.example/results/{result}")]);

    let map = visitor.get("/sitemap.xml").await;
    assert_eq!(map.headers["content-type"], "application/xml; charset=utf-8");
    let urls = map.texts("loc");
    for path in [
        "/".to_owned(),
        "/zones/food".to_owned(),
        format!("/needs/{need}"),
        format!("/results/{result}"),
        format!("/enterprises/{}", firm.id),
        format!("/teams/{}", team.id),
        exhibit.url(),
    ] {
        assert!(urls.contains(&format!("http://hall.example{path}")), "{path} is not in {urls:?}");
    }
    assert!(!urls.contains(&format!("http://hall.example/needs/{draft}")));
    // Every page that it names is there for everybody.
    for url in &urls {
        assert_eq!(visitor.get(&visitor.path_of(url)).await.status, 200, "{url}");
    }
    let robots = visitor.get("/robots.txt").await;
    assert!(robots.html.ends_with("\nSitemap: http://hall.example/sitemap.xml\n"), "{}", robots.html);
    assert!(robots.html.contains("Disallow: /desk\n"));
    let home = visitor.get("/").await;
    assert_eq!(
        home.attributes("link[rel=alternate][type='application/atom+xml']", "href"),
        ["/needs.atom", "/results.atom"]
    );
}
