//! Chains: staff draw them, gaps are computed, everybody sees them as a drawing and as a table.

use yonglianhui::{
    chain::{self, Chain, Supply},
    member::Role,
};

use crate::support::{Page, Party, TestApp, Visitor};

/// Opens the chain `citrus` as a curator does.
async fn open(curator: &Visitor<'_>) -> Page {
    let page = curator.get("/desk/chains").await;
    let values = [("slug", "citrus"), ("zone", "food"), ("name_zh", "柑橘"), ("name_en", "Citrus")];
    let opened = curator.submit(&page, "main form", &values).await;
    assert_eq!(opened.location().as_deref(), Some("/desk/chains/citrus"), "{}", opened.main());
    curator.follow(opened).await
}

async fn add(curator: &Visitor<'_>, name: &str, stage: &str) {
    let page = curator.get("/desk/chains/citrus").await;
    let added = curator.submit(&page, "#add-node", &[("node_zh", name), ("stage", stage)]).await;
    assert_eq!(added.status, 303, "{}", added.main());
}

async fn known(app: &TestApp) -> Chain {
    chain::store::by_slug(&app.app.db, "citrus").await.unwrap().unwrap()
}

fn number(chain: &Chain, name: &str) -> String {
    chain.nodes.iter().find(|node| node.content.name[0] == name).unwrap().id.to_string()
}

async fn join(app: &TestApp, curator: &Visitor<'_>, from: &str, to: &str) -> Page {
    let chain = known(app).await;
    let page = curator.get("/desk/chains/citrus").await;
    let (from, to) = (number(&chain, from), number(&chain, to));
    curator.submit(&page, "#add-edge", &[("from", &from), ("to", &to)]).await
}

async fn name(app: &TestApp, curator: &Visitor<'_>, node: &str, party: &Party, role: &str) {
    let chain = known(app).await;
    let page = curator.get("/desk/chains/citrus").await;
    let (node, party) = (number(&chain, node), party.id.to_string());
    let values = [("node", node.as_str()), ("organisation", &party), ("role", role)];
    assert_eq!(curator.submit(&page, "#add-member", &values).await.status, 303);
}

#[actix_web::test]
async fn a_chain_is_drawn_as_it_is_entered_and_read_as_a_table() {
    let app = TestApp::start().await;
    let [grower, maker, third] = [app.enterprise("a").await, app.enterprise("b").await, app.enterprise("c").await];
    let team = app.team("t").await;
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    open(&curator).await;
    for (node, stage) in
        [("鲜橘", "upstream"), ("皮渣", "midstream"), ("果胶提取", "midstream"), ("饮品", "downstream")]
    {
        add(&curator, node, stage).await;
    }
    for (from, to) in [("鲜橘", "皮渣"), ("皮渣", "果胶提取"), ("果胶提取", "饮品")] {
        assert_eq!(join(&app, &curator, from, to).await.status, 303);
    }
    name(&app, &curator, "皮渣", &grower, "make").await;
    name(&app, &curator, "果胶提取", &maker, "use").await;
    name(&app, &curator, "果胶提取", &third, "use").await;
    name(&app, &curator, "果胶提取", &team, "research").await;
    for party in [&grower, &maker] {
        name(&app, &curator, "饮品", party, "make").await;
    }

    let visitor = app.visitor();
    let list = visitor.get("/chains").await;
    assert_eq!(list.text(".row-meta"), "4 个环节 · 断点 1 · 单点 1");
    let page = visitor.get("/chains/citrus").await;
    assert_eq!(page.texts(".figure"), ["4", "4", "1", "1"]);
    for drawing in [".across", ".down"] {
        let drawn = |part: &str| page.texts(&format!("{drawing} {part}"));
        assert_eq!(drawn("text:not(.chain-note)"), ["鲜橘", "皮渣", "果胶提取", "饮品"]);
        assert_eq!(drawn(".chain-note"), ["未登记", "1 家在做", "缺", "2 家在做"]);
        assert_eq!(drawn("path").len(), 3);
        assert_eq!(drawn("path.broken").len(), 1, "what comes from a gap is drawn broken");
    }
    // The table says the same in words, and each box leads to its line.
    let targets = page.attributes(".across a", "href");
    for target in &targets {
        assert!(page.has(&format!("tr{target}")), "{target}");
    }
    assert_eq!(
        page.texts("#table .state"),
        ["未登记", "单点：本地只有一家做", "断点：有人用，本地没人做", "本地有多家做"]
    );
    let gap = page.texts("#table tr:has(.state.bad) td");
    assert_eq!(gap[3..5], ["不足 3 家", "示例团队t"], "in a small park a number is a name");
    assert!(!gap.join("").contains("示例企业"), "{gap:?}");
    assert_eq!(curator.get("/chains/citrus").await.texts("#table tr:has(.state.bad) td")[3], "2 家");
    assert_eq!(page.text("#gaps .now"), "空白");
    assert!(page.attributes("#gaps a", "href")[0].starts_with("/offers/new?title="));
    visitor.reads("en");
    assert_eq!(visitor.get("/chains/citrus").await.text("h1"), "Citrus");
    assert_eq!(visitor.get("/chains/nowhere").await.status, 404);
}

#[actix_web::test]
async fn an_edge_that_closes_a_circle_is_refused_and_the_circle_named() {
    let app = TestApp::start().await;
    app.zone("food").await;
    let curator = app.staff(Role::Curator).await;
    open(&curator).await;
    for node in ["甲", "乙", "丙", "丁"] {
        add(&curator, node, "midstream").await;
    }
    join(&app, &curator, "甲", "乙").await;
    join(&app, &curator, "乙", "丙").await;
    let refused = join(&app, &curator, "丙", "甲").await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.errors(),
        ["这条线会绕成一圈：甲 → 乙 → 丙 → 甲。链条只能往前走，请去掉其中一条，或把环节拆成两个。"]
    );
    assert_eq!(join(&app, &curator, "甲", "甲").await.errors().len(), 1);
    assert_eq!(known(&app).await.edges.len(), 2);
    // What is joined to nothing is told, not hidden.
    let page = curator.get("/desk/chains/citrus").await;
    assert_eq!(page.texts(".notice").len(), 1);
    assert!(page.text(".notice").starts_with("“丁”没有连到任何环节"));

    // A node goes with its edges; then the circle can no longer be closed.
    let chain = known(&app).await;
    let path = format!("/desk/chains/citrus/nodes/{}", number(&chain, "乙"));
    let page = curator.get(&path).await;
    curator.submit(&page, "form[action$='/removal']", &[]).await;
    assert!(known(&app).await.edges.is_empty());
    assert_eq!(join(&app, &curator, "丙", "甲").await.status, 303);
    let page = curator.get("/desk/chains/citrus").await;
    curator.submit(&page, "#edges form", &[]).await;
    assert!(known(&app).await.edges.is_empty());
    let again = curator.get("/desk/chains").await;
    let taken =
        curator.submit(&again, "main form", &[("slug", "citrus"), ("zone", "food"), ("name_zh", "又一条")]).await;
    assert_eq!(taken.errors(), ["这个网址用词已有产业链在用，请换一个"]);
}

#[actix_web::test]
async fn a_gap_lives_from_blank_to_made_here() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = app.live_need(&firm, "柚皮果胶提取").await;
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    open(&curator).await;
    add(&curator, "果胶提取", "midstream").await;
    name(&app, &curator, "果胶提取", &firm, "use").await;
    let visitor = app.visitor();
    let stage = async || visitor.get("/chains/citrus").await.text("#gaps .now");
    assert_eq!(stage().await, "空白");

    let chain = known(&app).await;
    let path = format!("/desk/chains/citrus/nodes/{}", number(&chain, "果胶提取"));
    let page = curator.get(&path).await;
    let saved = curator.submit(&page, "#node", &[("need", &need.to_string())]).await;
    assert_eq!(saved.status, 303, "{}", saved.main());
    assert_eq!(stage().await, "已发榜");
    assert_eq!(visitor.get("/chains/citrus").await.attributes("#gaps a", "href"), [format!("/needs/{need}")]);

    name(&app, &curator, "果胶提取", &team, "make").await;
    assert_eq!(stage().await, "已落地");
    assert_eq!(known(&app).await.nodes[0].supply(), Supply::Single);

    // Taken out again, and the need closed: it is blank once more.
    let page = curator.get("/desk/chains/citrus").await;
    curator.submit(&page, "#nodes form:has([value=make])", &[]).await;
    yonglianhui::listing::close::withdraw(&app.app, firm.member, need).await.unwrap();
    app.run_until_idle().await;
    assert_eq!(stage().await, "空白");
}

#[actix_web::test]
async fn staff_see_what_would_happen_without_a_firm() {
    let app = TestApp::start().await;
    let (one, other) = (app.enterprise("a").await, app.enterprise("b").await);
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    open(&curator).await;
    add(&curator, "板材", "upstream").await;
    add(&curator, "橱柜", "downstream").await;
    join(&app, &curator, "板材", "橱柜").await;
    name(&app, &curator, "板材", &one, "make").await;
    name(&app, &curator, "板材", &other, "use").await;
    name(&app, &curator, "橱柜", &one, "make").await;
    name(&app, &curator, "橱柜", &other, "make").await;
    let broker = app.staff(Role::Broker).await;
    let page = broker.get("/desk/chains/citrus/what-if").await;
    let (action, _) = page.form("main form");
    let seen = broker.get(&format!("{action}?organisation={}", one.id)).await;
    let told = seen.text("#loss");
    for words in ["“板材”没人做了", "示例企业b", "“橱柜”只剩示例企业b一家在做"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(app.signed_in(&one.email).await.get("/desk/chains/citrus/what-if").await.status, 404);
}

#[actix_web::test]
async fn who_is_not_verified_is_in_no_chain() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    open(&curator).await;
    add(&curator, "板材", "upstream").await;
    name(&app, &curator, "板材", &firm, "make").await;
    let visitor = app.visitor();
    assert!(visitor.get("/chains/citrus").await.main().contains("示例企业a"));
    yonglianhui::organisation::verify::refuse(&app.app, firm.id, "请补执照").await.unwrap();
    app.run_until_idle().await;
    let page = visitor.get("/chains/citrus").await;
    assert!(!page.main().contains("示例企业a"), "{}", page.main());
    assert_eq!(page.text("#table .state"), "未登记");
}
