//! Synonyms: kept by staff, asked for by every search, live at once.

use yonglianhui::{
    member::Role,
    synonym::{self, NewSynonym},
};

use crate::support::TestApp;

#[actix_web::test]
async fn staff_keep_synonyms_and_searches_use_them_at_once() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "电池管理系统均衡慢").await;
    app.run_until_idle().await;
    let visitor = app.visitor();
    let hits = async |words: &str| visitor.get(&format!("/search?q={words}")).await.texts("ol.rows h3");
    assert_eq!(hits("BMS").await, [""; 0]);

    let staff = app.staff(Role::Curator).await;
    let page = staff.get("/desk/synonyms").await;
    assert_eq!(page.text("h1"), "同义词");
    let saved = staff.submit(&page, "main form.form", &[("words", "BMS\n电池管理系统"), ("towards", "")]).await;
    assert_eq!(saved.location().as_deref(), Some("/desk/synonyms"));
    let page = staff.follow(saved).await;
    assert_eq!(page.text("#flash"), "已保存，现在就能用它搜索");
    assert_eq!(page.texts("tbody tr td a"), ["BMS = 电池管理系统"]);
    assert_eq!(page.texts("#changes li").len(), 1);
    assert!(page.text("#changes li").contains("添加：BMS = 电池管理系统"), "{}", page.text("#changes li"));
    let found = visitor.get("/search?q=bms").await;
    assert_eq!(found.texts("ol.rows h3"), ["电池管理系统均衡慢"]);
    assert_eq!(found.text("#also"), "同时找了同义词：电池管理系统");
    assert_eq!(found.texts("ol.rows h3 mark"), ["电池管理系统"]);

    let edit = staff.get(&page.attributes("tbody tr td a", "href")[0]).await;
    assert_eq!(edit.value("words"), "BMS\n电池管理系统");
    let saved = staff.submit(&edit, "main form.form", &[("words", "电池管理系统"), ("towards", "BMS")]).await;
    let page = staff.follow(saved).await;
    assert_eq!(page.texts("tbody tr td a"), ["电池管理系统 → BMS"]);
    assert_eq!(hits("bms").await, [""; 0], "one way only");
    let removal = page.attributes("tbody form", "action")[0].clone();
    let gone = staff.submit(&page, &format!("form[action='{removal}']"), &[]).await;
    let page = staff.follow(gone).await;
    assert_eq!(page.texts("tbody tr").len(), 0);
    let told: Vec<bool> = ["删除", "修改", "添加"]
        .iter()
        .zip(page.texts("#changes li"))
        .map(|(deed, line)| line.contains(deed))
        .collect();
    assert_eq!(told, [true; 3]);
}

#[actix_web::test]
async fn every_node_knows_of_a_synonym_after_its_next_look() {
    let app = TestApp::start().await;
    let by = app.appointed(Role::Broker).await;
    let firm = app.enterprise("a").await;
    app.live_need(&firm, "果胶提取").await;
    app.run_until_idle().await;
    // Another process has its own index: here one in memory over the same database.
    let config = (*app.app.config).clone();
    let other = yonglianhui::app::App::beside(config, app.app.clock.clone()).await.unwrap();
    while yonglianhui::search::refresh::run_once(&other).await.unwrap() > 0 {}
    let finds = |words: &str| {
        let query = index::Query { text: words.to_owned(), ..index::Query::default() };
        other.index.search(&query).unwrap().total
    };
    assert_eq!(finds("pectin"), 0);
    let words = ["果胶", "pectin"].map(str::to_owned).to_vec();
    synonym::keep::add(&app.app, by, &NewSynonym { words, towards: Vec::new() }).await.unwrap();
    yonglianhui::search::refresh::run_once(&other).await.unwrap();
    assert_eq!(finds("pectin"), 1);
    let id = synonym::store::all(&app.app.db).await.unwrap()[0].id;
    synonym::keep::remove(&app.app, by, id).await.unwrap();
    yonglianhui::search::refresh::run_once(&other).await.unwrap();
    assert_eq!(finds("pectin"), 0);
    // A restarted process has forgotten them until its first look.
    let app = app.crash_and_restart().await;
    app.run_until_idle().await;
    assert_eq!(app.app.index.synonyms().as_of(), 2);
}

#[actix_web::test]
async fn synonyms_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    let staff = app.staff(Role::Broker).await;
    let page = staff.get("/desk/synonyms").await;
    for (words, towards) in [("果胶\npectin", ""), ("果胶酶", "酶制剂")] {
        let saved = staff.submit(&page, "main form.form", &[("words", words), ("towards", towards)]).await;
        assert_eq!(saved.status, 303);
        // Sent twice, it is there once.
        let again = staff.submit(&page, "main form.form", &[("words", words), ("towards", towards)]).await;
        assert_eq!(again.status, 303);
    }
    assert_eq!(staff.get("/desk/synonyms").await.texts("tbody tr").len(), 2);
    for (words, towards, error) in [
        ("果胶", "", "请至少写两个词，或者写一个词和它通向的词"),
        ("多糖\n糖", "", "“糖”太短，一个字到处都有；请写至少 2 个字的词"),
        ("Pectin\n胶质", "", "“Pectin”已经在另一组里：果胶 = pectin。请把新的词加到那一组"),
        ("酶制剂", "果胶酶", "“酶制剂”会绕回自己。请把这些词写成双向的一组"),
        ("多糖\n多糖　", "", "请至少写两个词，或者写一个词和它通向的词"),
    ] {
        let wrong = staff.submit(&page, "main form.form", &[("words", words), ("towards", towards)]).await;
        assert_eq!((wrong.status, wrong.errors()), (422, vec![error.to_owned()]), "{words} → {towards}");
        assert_eq!(wrong.value("towards"), towards);
    }
    let english = staff.get("/desk/synonyms?lang=en").await;
    assert!(english.main().contains("Both ways") && !english.main().contains("synonym-"), "{}", english.main());
}
