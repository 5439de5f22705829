//! Finding: what is found, what must not be, and what happens when the index is lost.

use std::collections::BTreeSet;

use serde_json::Value;
use yonglianhui::{
    id::ListingId,
    listing::{self, Content, Kind},
    organisation, search,
};

use crate::support::{
    Page, TestApp, Visitor,
    scene::{need_content, result_content},
};

fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}

async fn ask(visitor: &Visitor<'_>, pairs: &[(&str, &str)]) -> Value {
    let page = visitor.get(&address("/api/v1/search", pairs)).await;
    assert_eq!(page.status, 200, "{}", page.html);
    serde_json::from_str(&page.html).unwrap()
}

/// The addresses of the things that a question finds.
async fn found(visitor: &Visitor<'_>, words: &str) -> BTreeSet<String> {
    let answer = ask(visitor, &[("q", words), ("size", "100")]).await;
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["url"].as_str().unwrap().to_owned()).collect()
}

async fn search_page(visitor: &Visitor<'_>, pairs: &[(&str, &str)]) -> Page {
    let page = visitor.get(&address("/search", pairs)).await;
    assert_eq!(page.status, 200, "{}", page.html);
    page
}

fn urls<const N: usize>(all: [String; N]) -> BTreeSet<String> {
    all.into_iter().collect()
}

fn need(id: ListingId) -> String {
    format!("/needs/{id}")
}

fn result(id: ListingId) -> String {
    format!("/results/{id}")
}

#[actix_web::test]
async fn a_change_is_found_after_one_refresh() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("zhu").await;
    let id = app.live_need(&firm, "竹篾染色不匀").await;
    assert_eq!(found(&visitor, "竹篾").await, urls([]));
    search::refresh::run_once(&app.app).await.unwrap();
    assert_eq!(found(&visitor, "竹篾染色").await, urls([need(id)]));
    listing::close::withdraw(&app.app, firm.member, id).await.unwrap();
    search::refresh::run_once(&app.app).await.unwrap();
    assert_eq!(found(&visitor, "竹篾染色").await, urls([]));
    app.run_until_idle().await;
}

#[actix_web::test]
async fn two_characters_inside_a_longer_word_are_found() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    let one = app.live_need(&firm, "退役锂电池包拆解").await;
    let other = app.live_result(&team, "柚皮果胶提取").await;
    app.run_until_idle().await;
    assert_eq!(found(&visitor, "电池").await, urls([need(one)]));
    assert_eq!(found(&visitor, "锂电").await, urls([need(one)]));
    assert_eq!(found(&visitor, "柚皮").await, urls([result(other)]));
    assert_eq!(
        found(&visitor, "示例大学").await,
        urls([result(other), organisation::url(organisation::OrganisationKind::Team, team.id)])
    );
}

#[actix_web::test]
async fn a_search_page_marks_narrows_and_sorts() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    let (energy, food) = (app.zone("energy").await, app.zone("food").await);
    let first = app.live(&firm, Kind::Need, Content { zone: Some(food), ..need_content("果胶提取得率低") }).await;
    app.forward(chrono::TimeDelta::hours(1));
    let second = app.live(&firm, Kind::Need, Content { zone: Some(energy), ..need_content("果胶膜做电池隔膜") }).await;
    app.forward(chrono::TimeDelta::hours(1));
    let third = app.live(&team, Kind::Result, Content { zone: Some(food), ..result_content("果胶酶解") }).await;
    app.run_until_idle().await;

    let page = search_page(&visitor, &[("q", "果胶")]).await;
    assert_eq!(page.text("h1"), "搜索");
    assert_eq!(page.text("#found"), "共 4 条", "the team works on it as well");
    assert!(page.texts("ol.rows h3 mark").iter().all(|mark| mark == "果胶"));
    assert!(page.texts("ol.rows h3").contains(&"果胶提取得率低".to_owned()));
    assert_eq!(page.value("q"), "果胶");

    // Narrowed to needs by the facet's own link, then to a zone, and back by removing a filter.
    let links = page.attributes(".facet a", "href");
    let needs = links.iter().find(|link| link.contains("kind=need")).unwrap();
    let page = visitor.get(needs).await;
    assert_eq!(page.text("#found"), "共 2 条");
    let in_energy = page.attributes(".facet a", "href").into_iter().find(|link| link.contains("zone=energy")).unwrap();
    let page = visitor.get(&in_energy).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(second)]);
    assert_eq!(page.texts(".facet a[aria-current]").len(), 2);
    let applied = page.attributes(".applied a", "href");
    assert_eq!(applied.len(), 3, "two filters and all of them");
    let page = visitor.get(&applied[0]).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(second)], "the zone stays");
    let page = visitor.get(&applied[2]).await;
    assert_eq!(page.text("#found"), "共 4 条");

    let newest = page.attributes(".toolbar a", "href").into_iter().find(|link| link.contains("sort=newest")).unwrap();
    let page = visitor.get(&format!("{newest}&kind=need&kind=result")).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [result(third), need(second), need(first)]);
    let page = search_page(&visitor, &[("q", "果胶"), ("sort", "expiring"), ("kind", "need")]).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(first), need(second)]);

    visitor.reads("en");
    let page = search_page(&visitor, &[("q", "果胶")]).await;
    assert_eq!(page.text("#found"), "4 results");
}

#[actix_web::test]
async fn the_kept_filters_go_along_with_a_new_question() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "果胶提取").await;
    app.run_until_idle().await;
    let page = search_page(&visitor, &[("q", "果胶"), ("kind", "need"), ("zone", "food"), ("sort", "newest")]).await;
    let (action, fields) = page.form("main form");
    assert_eq!(action, "/search");
    let expected = [("q", "果胶"), ("kind", "need"), ("zone", "food"), ("sort", "newest")];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[actix_web::test]
async fn nothing_found_is_no_dead_end() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    app.zone("energy").await;
    app.live_need(&firm, "果胶提取得率低").await;
    app.run_until_idle().await;

    let page = search_page(&visitor, &[("q", "果胶硬脂酸镁")]).await;
    let shorter = page.attributes("#shorter a", "href");
    assert_eq!(page.texts("#shorter a"), ["果胶"]);
    let found = visitor.get(&shorter[0]).await;
    assert!(found.texts("ol.rows h3").contains(&"果胶提取得率低".to_owned()));
    let post = page.attributes(".empty a.button", "href");
    assert_eq!(post, [address("/needs/new", &[("title", "果胶硬脂酸镁")])]);

    let page = search_page(&visitor, &[("q", "得率"), ("zone", "energy")]).await;
    assert_eq!(page.texts("#other-zones a"), ["food展区"]);
    assert_eq!(page.texts(".empty a").first().unwrap(), "去掉全部筛选条件再看");
}

#[actix_web::test]
async fn what_is_not_understood_is_said() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "果胶提取").await;
    app.run_until_idle().await;
    let page =
        search_page(&visitor, &[("q", "果胶 !!!"), ("kind", "spaceship"), ("zone", "moon"), ("sort", "odd")]).await;
    assert_eq!(page.text("#ignored"), "这些没有用上：spaceship、moon、odd、!!!");
    assert_eq!(page.attributes("ol.rows h3 a", "href").len(), 1);
}

#[actix_web::test]
async fn no_question_is_too_much() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "果胶提取").await;
    app.run_until_idle().await;
    let long = "果胶 ".repeat(3_000);
    let ors = ["果胶"; 500].join(" OR ");
    let nested = format!("{}果胶{}", "(".repeat(40), ")".repeat(40));
    for words in [
        long.as_str(),
        &ors,
        &nested,
        "*",
        "*胶",
        "(a+)+$",
        "\"",
        "\"\"",
        "-",
        "-果胶",
        "AND OR NOT",
        "q:[* TO *]",
        "\u{0}\u{202e}",
        "'; DROP TABLE listings; --",
        "<script>alert(1)</script>",
    ] {
        for path in ["/search", "/api/v1/search"] {
            let started = std::time::Instant::now();
            let page = visitor.get(&address(path, &[("q", words)])).await;
            assert_eq!(page.status, 200, "{path} {words:?}");
            assert!(!page.html.contains("<script>alert"), "{words:?}");
            assert!(started.elapsed() < std::time::Duration::from_secs(2), "{words:.40} took {:?}", started.elapsed());
        }
    }
    for (pairs, status) in [
        ([("page", "1000000000")], 400),
        ([("page", "0")], 400),
        ([("page", "-1")], 400),
        ([("page", "two")], 400),
        ([("page", "1000000")], 404),
    ] {
        assert_eq!(visitor.get(&address("/search", &pairs)).await.status, status, "{pairs:?}");
    }
    for pairs in [
        [("page", "1000000000")],
        [("size", "1000000000")],
        [("size", "0")],
        [("size", "x")],
        [("kind", "spaceship")],
        [("zone", "moon")],
        [("sort", "odd")],
    ] {
        assert_eq!(visitor.get(&address("/api/v1/search", &pairs)).await.status, 400, "{pairs:?}");
    }
    let answer = ask(&visitor, &[("page", "1000000")]).await;
    assert_eq!(answer["hits"].as_array().unwrap().len(), 0);
}

#[actix_web::test]
async fn the_answer_as_json_has_the_shape_that_was_promised() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let id = app.live_need(&firm, "果胶提取得率低").await;
    app.run_until_idle().await;
    let answer = ask(&visitor, &[("q", "得率"), ("kind", ""), ("zone", ""), ("sort", ""), ("page", "")]).await;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&answer), ["total", "took_ms", "by", "corrected", "also", "ignored", "hits", "facets"]);
    assert_eq!((&answer["by"], &answer["corrected"]), (&Value::from("words"), &Value::Null));
    assert_eq!(answer["total"], 1);
    assert!(answer["took_ms"].is_number());
    let hit = &answer["hits"][0];
    assert_eq!(keys(hit), ["kind", "id", "title", "url", "zone", "snippet", "score"]);
    assert_eq!(hit["kind"], "need");
    assert_eq!(hit["id"], id.0);
    assert_eq!(hit["title"], "果胶提取得率低");
    assert_eq!(hit["url"], need(id));
    assert_eq!(hit["zone"], "food");
    assert!(hit["snippet"].as_str().unwrap().contains("得率"));
    assert!(hit["score"].is_number());
    assert_eq!(
        answer["facets"],
        serde_json::json!({
            "kind": [{"value": "need", "count": 1}],
            "zone": [{"value": "food", "count": 1}],
        })
    );
}

#[actix_web::test]
async fn facets_equal_a_recount_and_pages_hold_everything_once() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    let zones = [app.zone("food").await, app.zone("energy").await];
    for (number, zone) in (0..15).zip(zones.into_iter().cycle()) {
        app.live(&firm, Kind::Need, Content { zone: Some(zone), ..need_content(&format!("提取{number}")) }).await;
        app.live(&team, Kind::Result, Content { zone: Some(zone), ..result_content(&format!("提取办法{number}")) })
            .await;
    }
    app.run_until_idle().await;
    let answer = ask(&visitor, &[("q", "提取"), ("size", "100")]).await;
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 30);
    for facet in ["kind", "zone"] {
        for each in answer["facets"][facet].as_array().unwrap() {
            let recount = hits.iter().filter(|hit| hit[facet] == each["value"]).count();
            assert_eq!(each["count"], recount, "{facet} {each}");
            let narrowed = ask(&visitor, &[("q", "提取"), (facet, each["value"].as_str().unwrap())]).await;
            assert_eq!(narrowed["total"], recount);
            assert_eq!(narrowed["facets"][facet], answer["facets"][facet], "a facet ignores its own filter");
        }
    }
    let mut paged = Vec::new();
    let mut page = search_page(&visitor, &[("q", "提取")]).await;
    loop {
        paged.extend(page.attributes("ol.rows h3 a", "href"));
        let Some(next) = page.attributes("a[rel=next]", "href").into_iter().next() else { break };
        page = visitor.get(&next).await;
    }
    assert_eq!(paged.len(), 30);
    assert_eq!(paged.into_iter().collect::<BTreeSet<_>>(), found(&visitor, "提取").await);
}

#[actix_web::test]
async fn what_is_not_public_is_not_found() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    let pending = app.pending_enterprise("hidden").await;
    app.draft(&firm, Kind::Need, need_content("氧化石墨烯草稿")).await;
    app.submitted(&firm, Kind::Need, need_content("氧化石墨烯待审")).await;
    let paused = app.live_need(&firm, "氧化石墨烯暂停").await;
    listing::close::pause(&app.app, firm.member, paused).await.unwrap();
    let expired = app.live_result(&team, "氧化石墨烯过期").await;
    app.forward(chrono::TimeDelta::days(91));
    let refused = app.enterprise("later").await;
    let unverified = app.live_need(&refused, "氧化石墨烯未核验").await;
    let kept = app
        .live(
            &firm,
            Kind::Need,
            Content { excluded: vec!["氧化石墨烯竞争者".to_owned()], ..need_content("石墨烯导热膜") },
        )
        .await;
    app.run_until_idle().await;
    assert_eq!(found(&visitor, "氧化石墨烯").await, urls([need(unverified)]));
    organisation::verify::refuse(&app.app, refused.id, "名称不符").await.unwrap();
    app.run_until_idle().await;
    assert_eq!(found(&visitor, "氧化石墨烯").await, urls([]), "what it posted goes with the organisation");
    assert_eq!(found(&visitor, "竞争者").await, urls([]), "whom a need leaves out is nobody's business");
    assert_eq!(found(&visitor, "导热膜").await, urls([need(kept)]));
    let secrets =
        [&pending.name, &refused.name, &firm.email, &firm.phone, &team.email, &team.phone, "office-t", "企业联系人"];
    for secret in secrets {
        assert_eq!(found(&visitor, &format!("\"{secret}\"")).await, urls([]), "{secret}");
    }
    assert_eq!(listing::store::by_id(&app.app.db, expired).await.unwrap().unwrap().state, listing::State::Expired);
}

#[actix_web::test]
async fn an_anonymous_need_names_nobody_in_a_hit() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("secret").await;
    let id = app.live(&firm, Kind::Need, Content { anonymous: true, ..need_content("蒸煮液回用") }).await;
    app.run_until_idle().await;
    let enterprise = organisation::url(organisation::OrganisationKind::Enterprise, firm.id);
    assert_eq!(found(&visitor, &firm.name).await, urls([enterprise]), "the firm itself, not its need");
    let page = search_page(&visitor, &[("q", "蒸煮液")]).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(id)]);
    assert!(!page.html.contains(&firm.name));
    let json = visitor.get(&address("/api/v1/search", &[("q", "蒸煮液")])).await;
    assert!(!json.html.contains(&firm.name));
}

#[actix_web::test]
async fn an_organisation_that_changes_its_name_changes_it_everywhere() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.pending_enterprise("x").await;
    app.run_until_idle().await;
    assert_eq!(found(&visitor, &firm.name).await, urls([]));
    organisation::verify::verify(&app.app, firm.id).await.unwrap();
    let id = app.live_need(&firm, "烘干能耗高").await;
    app.run_until_idle().await;
    let own = organisation::url(organisation::OrganisationKind::Enterprise, firm.id);
    assert_eq!(found(&visitor, &firm.name).await, urls([own, need(id)]));
}

async fn everything(app: &TestApp) -> BTreeSet<String> {
    found(&app.visitor(), "").await
}

async fn a_small_park(app: &TestApp) {
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    for number in 0..5 {
        app.live_need(&firm, &format!("需求{number}")).await;
        app.live_result(&team, &format!("成果{number}")).await;
    }
    app.draft(&firm, Kind::Need, need_content("草稿")).await;
}

#[actix_web::test]
async fn deleting_the_index_loses_nothing() {
    let app = TestApp::start().await;
    a_small_park(&app).await;
    app.run_until_idle().await;
    let before = everything(&app).await;
    assert_eq!(before.len(), 12);
    let folder = app.folder().join("index");
    std::fs::remove_dir_all(&folder).unwrap();
    let app = app.crash_and_restart().await;
    assert_eq!(everything(&app).await.len(), 0);
    app.run_until_idle().await;
    assert_eq!(everything(&app).await, before);
}

#[actix_web::test]
async fn killing_between_commit_and_indexing_loses_nothing() {
    let rounds = std::env::var("YLH_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    let mut app = TestApp::start().await;
    a_small_park(&app).await;
    let firm = app.enterprise("k").await;
    for round in 0..rounds {
        let kept = app.live_need(&firm, &format!("杀前提交{round}")).await;
        let gone = app.live_need(&firm, &format!("杀前撤回{round}")).await;
        app.run_until_idle().await;
        listing::close::withdraw(&app.app, firm.member, gone).await.unwrap();
        let late = app.live_need(&firm, &format!("杀前新增{round}")).await;
        app = app.crash_and_restart().await;
        app.run_until_idle().await;
        let all = everything(&app).await;
        assert!(all.contains(&need(kept)) && all.contains(&need(late)) && !all.contains(&need(gone)));
        let wanted: BTreeSet<String> = search::documents::every_key(&app.app.db, app.app.clock.now())
            .await
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        let indexed: BTreeSet<String> = app.app.index.keys().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(indexed, wanted);
    }
}

#[actix_web::test]
async fn an_index_that_does_not_fit_the_database_is_built_again() {
    let app = TestApp::start().await;
    a_small_park(&app).await;
    app.run_until_idle().await;
    let before = everything(&app).await;
    let newest = yonglianhui::changes::newest(&app.app.db).await.unwrap();

    // Ahead of the database, as after restoring an older copy; one thing too many, one missing.
    let keys = app.app.index.keys().unwrap();
    let (first, rest) = keys.split_first().unwrap();
    assert!(!rest.is_empty());
    app.app.index.apply(vec![index::Change::Remove(*first)], newest + 50).unwrap();
    app.run_until_idle().await;
    assert_eq!(everything(&app).await, before);
    assert_eq!(app.app.index.last_mark().unwrap(), newest);

    // Behind the marks that are kept.
    app.app.index.clear().unwrap();
    app.forward(chrono::TimeDelta::days(1));
    let kept = -chrono::TimeDelta::days(1);
    app.app.db.write(async |tx| yonglianhui::changes::prune(tx, kept).await).await.unwrap();
    assert_eq!(yonglianhui::changes::oldest(&app.app.db).await.unwrap(), newest);
    app.run_until_idle().await;
    assert_eq!(everything(&app).await, before);
}

#[actix_web::test]
async fn building_again_and_comparing_find_what_no_mark_tells() {
    let app = TestApp::start().await;
    a_small_park(&app).await;
    app.run_until_idle().await;
    let before = everything(&app).await;
    let keys = app.app.index.keys().unwrap();
    let mark = app.app.index.last_mark().unwrap();
    app.app.index.apply(vec![index::Change::Remove(keys[0])], mark).unwrap();
    assert_eq!(search::refresh::reconcile(&app.app).await.unwrap(), 1);
    assert_eq!(everything(&app).await, before);
    assert_eq!(search::refresh::reconcile(&app.app).await.unwrap(), 0);

    app.app.index.clear().unwrap();
    let mut told = Vec::new();
    search::refresh::reindex(&app.app, |done, of| told.push((done, of))).await.unwrap();
    assert_eq!((told.first(), told.last()), (Some(&(0, 12)), Some(&(12, 12))));
    assert_eq!(everything(&app).await, before);
    assert_eq!(app.app.index.last_mark().unwrap(), mark);

    // What has run out is out of sight even before the clock has been worked off.
    app.forward(chrono::TimeDelta::days(91));
    assert_eq!(search::refresh::reconcile(&app.app).await.unwrap(), 10);
    assert_eq!(everything(&app).await.len(), 2);
    app.leave_rest();
}

#[actix_web::test]
async fn one_and_three_changes_take_the_same_number_of_queries() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let team = app.team("t").await;
    app.run_until_idle().await;
    let mut counted = Vec::new();
    for many in [1, 3] {
        for number in 0..many {
            app.live_need(&firm, &format!("需求{many}{number}")).await;
            app.live_result(&team, &format!("成果{many}{number}")).await;
        }
        let (statements, done) = app.statements(search::refresh::run_once(&app.app)).await;
        assert_eq!(done.unwrap(), 2 * many);
        counted.push(statements);
    }
    assert_eq!(counted[0], counted[1]);
    let visitor = app.visitor();
    let (one, _) = app.statements(search_page(&visitor, &[("q", "需求1")])).await;
    let (three, _) = app.statements(search_page(&visitor, &[("q", "需求3")])).await;
    assert_eq!(one, three);
    app.run_until_idle().await;
}

async fn suggested(visitor: &Visitor<'_>, typed: &str) -> Vec<(String, String, String)> {
    let page = visitor.get(&address("/api/v1/suggest", &[("q", typed)])).await;
    assert_eq!(page.status, 200, "{}", page.html);
    let answer: Value = serde_json::from_str(&page.html).unwrap();
    let field = |each: &Value, name: &str| each[name].as_str().unwrap().to_owned();
    let all = answer["suggestions"].as_array().unwrap().iter();
    all.map(|each| (field(each, "text"), field(each, "kind"), field(each, "url"))).collect()
}

fn line(text: &str, kind: &str, url: &str) -> (String, String, String) {
    (text.to_owned(), kind.to_owned(), url.to_owned())
}

#[actix_web::test]
async fn suggestions_name_words_zones_and_things() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let secret = app.draft(&firm, Kind::Need, need_content("果胶草稿")).await;
    let id = app.live_need(&firm, "果胶提取得率低").await;
    let staff = app.appointed(yonglianhui::member::Role::Broker).await;
    let words = ["果胶", "pectin"].map(str::to_owned).to_vec();
    let group = yonglianhui::synonym::NewSynonym { words, towards: Vec::new() };
    yonglianhui::synonym::keep::add(&app.app, staff, &group).await.unwrap();
    app.run_until_idle().await;
    let word = line("果胶", "word", &address("/search", &[("q", "果胶")]));
    let thing = line("果胶提取得率低", "need", &need(id));
    assert_eq!(suggested(&visitor, "果胶").await, [word.clone(), thing.clone()]);
    assert_eq!(suggested(&visitor, "果胶提").await, std::slice::from_ref(&thing));
    assert_eq!(suggested(&visitor, "guojiao").await, std::slice::from_ref(&thing));
    assert_eq!(suggested(&visitor, "gjtq").await, [thing]);
    assert_eq!(suggested(&visitor, "PEC").await, [line("pectin", "word", "/search?q=pectin")]);
    assert_eq!(suggested(&visitor, "foodz").await, [line("food展区", "zone", "/zones/food")]);
    for nothing in ["", " ", "\"", "!!!", "没有这样的东西", &"长".repeat(5_000)] {
        assert_eq!(suggested(&visitor, nothing).await, [], "{nothing:.20}");
    }
    assert!(!suggested(&visitor, "果胶草").await.iter().any(|(_, _, url)| *url == need(secret)));
    visitor.reads("en");
    let page = visitor.get("/api/v1/suggest?q=pec").await;
    assert!(page.html.contains("same as 果胶"), "{}", page.html);
}

#[actix_web::test]
async fn a_name_is_found_by_its_pinyin_and_the_page_says_so() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let id = app.live_need(&firm, "绿硕果渣烘干").await;
    app.run_until_idle().await;
    assert_eq!(found(&visitor, "lvshuo").await, urls([need(id)]));
    let page = search_page(&visitor, &[("q", "lsgz")]).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(id)]);
    assert_eq!(page.text("#nearest"), "没有一条写着“lsgz”，以下名称的拼音与它相同。");
    visitor.reads("en");
    let page = search_page(&visitor, &[("q", "lsgz")]).await;
    assert_eq!(page.text("#nearest"), "Nothing says “lsgz”; these names sound like it in pinyin.");
}

#[actix_web::test]
async fn a_likely_mistake_is_put_right_and_said() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let firm = app.enterprise("a").await;
    let id = app.live_need(&firm, "紫薯花青素提纯").await;
    app.run_until_idle().await;
    let page = search_page(&visitor, &[("q", "紫薯花清素"), ("kind", "need")]).await;
    assert_eq!(page.attributes("ol.rows h3 a", "href"), [need(id)]);
    assert_eq!(page.text("#nearest"), "没有找到“紫薯花清素”，以下是“紫薯花青素”的结果。");
    assert_eq!(
        page.attributes("#nearest a", "href"),
        [address("/search", &[("q", "紫薯花青素"), ("kind", "need")])],
        "the link asks the corrected question and keeps the filter"
    );
    let answer = ask(&visitor, &[("q", "紫薯花清素")]).await;
    assert_eq!((answer["by"].as_str(), answer["corrected"].as_str()), (Some("correction"), Some("紫薯花青素")));
    assert_eq!(page.value("q"), "紫薯花清素", "what was typed stays in the box");
}
