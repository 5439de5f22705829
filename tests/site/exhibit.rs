//! Exhibits: from a curator's draft to a withdrawn page, and what visitors write after scanning a code.

use actix_web::http::Method;
use chrono::TimeDelta;
use yonglianhui::{
    exhibit::{self, Exhibit},
    member::Role,
};

use crate::support::{Page, TestApp, Visitor};

/// What a curator types, besides the exhibitor.
const TYPED: &[(&str, &str)] = &[
    ("zone", "food"),
    ("name_zh", "柚皮果胶"),
    ("name_en", "Pomelo pectin"),
    ("about_zh", "把柚皮里的好东西拿出来。"),
    ("facts_zh", "酯化度可调\n每吨鲜皮得果胶 31 公斤\n用水循环三次"),
    ("stand", "B-02"),
];

async fn known(app: &TestApp, exhibit: &Exhibit) -> Exhibit {
    exhibit::store::by_id(&app.app.db, exhibit.id).await.unwrap().unwrap()
}

/// Asks on the page that the code opens.
async fn ask(visitor: &Visitor<'_>, exhibit: &Exhibit, values: &[(&str, &str)]) -> Page {
    let page = visitor.get(&exhibit.entry()).await;
    visitor.submit(&page, "#enquiry form", values).await
}

#[actix_web::test]
async fn a_curator_writes_previews_publishes_and_withdraws_an_exhibit() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    app.enterprise("b").await;
    let curator = app.staff(Role::Curator).await;
    let page = curator.get("/desk/exhibits/new").await;
    let empty = curator.submit(&page, "form#exhibit", &[]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(empty.errors(), ["请选择展区", "请选择参展单位", "请填写展品的中文名", "请写满三个事实，一行一个"]);
    let owner = firm.id.to_string();
    let mut typed = TYPED.to_vec();
    typed.push(("organisation", &owner));
    let saved = curator.submit(&page, "form#exhibit", &typed).await;
    let again = curator.submit(&page, "form#exhibit", &typed).await;
    let desk = saved.location().unwrap();
    assert_eq!(again.location().as_deref(), Some(desk.as_str()), "the same form twice makes one exhibit");
    let all = exhibit::store::all(&app.app.db).await.unwrap();
    assert_eq!(all.len(), 1);
    let exhibit = &all[0];

    // Before it is published only curators know of it.
    let visitor = app.visitor();
    for path in [exhibit.url(), exhibit.entry()] {
        assert_eq!(visitor.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(curator.get(&format!("{desk}/preview")).await.text("h1"), "柚皮果胶");

    let page = curator.get(&desk).await;
    curator.submit(&page, "form[action$='/publication']", &[]).await;
    app.run_until_idle().await;
    let shown = visitor.get(&exhibit.url()).await;
    assert_eq!(shown.texts("#facts li"), ["酯化度可调", "每吨鲜皮得果胶 31 公斤", "用水循环三次"]);
    assert_eq!(shown.text(".state"), "正在展出");
    assert!(shown.main().contains("B-02") && shown.main().contains("示例企业a"), "{}", shown.main());
    for (path, selector) in [
        ("/exhibits", ".row h3"),
        ("/exhibits?zone=food", ".row h3"),
        ("/zones/food", ".section:first-of-type .row h3"),
        ("/search?q=果胶", ".row h3"),
        (&*format!("/enterprises/{}", firm.id), "#exhibits h3"),
    ] {
        assert_eq!(visitor.get(path).await.texts(selector), ["柚皮果胶"], "{path}");
    }
    visitor.reads("en");
    assert_eq!(visitor.get(&exhibit.url()).await.text("h1"), "Pomelo pectin");
    visitor.reads("zh-CN");

    let page = curator.get(&desk).await;
    curator.submit(&page, "form[action$='/withdrawal']", &[]).await;
    app.run_until_idle().await;
    assert_eq!(visitor.get("/exhibits").await.texts(".row h3"), [""; 0]);
    assert_eq!(visitor.get("/search?q=果胶").await.texts(".row h3"), [""; 0]);
    assert_eq!(known(&app, exhibit).await.state, exhibit::State::Withdrawn);
}

#[actix_web::test]
async fn a_withdrawn_exhibit_keeps_its_page_and_leads_to_neighbours() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let mut all = Vec::new();
    for name in ["甲", "乙", "丙", "丁", "戊"] {
        all.push(app.exhibit(&firm, name).await);
    }
    let gone = &all[1];
    exhibit::publish::withdraw(&app.app, gone.id, "2026-11-02".parse().unwrap()).await.unwrap();
    app.run_until_idle().await;
    let visitor = app.visitor();
    for path in [gone.url(), gone.entry()] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text(".notice").contains("该展品已撤展（2026年11月2日 起）"), "{}", page.text(".notice"));
        assert_eq!(page.texts("#neighbours h3").len(), 3);
        assert_eq!(&page.texts("#neighbours h3")[..2], ["甲", "丙"], "the nearest come first");
        assert!(!page.has("#enquiry"));
    }
    // A form that was open when it was withdrawn is refused, and keeps what was typed.
    let open = visitor.get(&all[0].entry()).await;
    exhibit::publish::withdraw(&app.app, all[0].id, "2026-11-02".parse().unwrap()).await.unwrap();
    let late = visitor.submit(&open, "#enquiry form", &[("text", "还想问一句")]).await;
    assert_eq!(late.status, 422);
    assert_eq!(late.errors(), ["这件展品刚刚撤展，没有送出；您写的话还在下面"]);
    assert_eq!(late.value("text"), "还想问一句");
    assert!(exhibit::store::newest_enquiries(&app.app.db, 9).await.unwrap().is_empty());
    app.run_until_idle().await;
}

#[actix_web::test]
async fn an_exhibit_opens_and_closes_on_its_days() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let exhibit = app.exhibit(&firm, "鲜湿米粉").await;
    let curator = app.staff(Role::Curator).await;
    let page = curator.get(&format!("/desk/exhibits/{}", exhibit.id)).await;
    let saved = curator.submit(&page, "form#exhibit", &[("opens_on", "2026-11-04"), ("closes_on", "2026-11-05")]).await;
    assert_eq!(saved.status, 303, "{}", saved.main());
    let visitor = app.visitor();
    for (state, total) in [("即将上展", 0), ("即将上展", 0), ("正在展出", 1), ("正在展出", 1), ("已撤展", 0)]
    {
        app.run_until_idle().await;
        assert_eq!(visitor.get(&exhibit.url()).await.text(".state"), state, "{}", app.app.clock.now());
        assert_eq!(visitor.get("/exhibits").await.texts(".row h3").len(), total, "{}", app.app.clock.now());
        app.forward(TimeDelta::days(1));
    }
}

#[actix_web::test]
async fn a_visitor_asks_without_an_account_and_reads_the_answer_on_his_tour() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let (one, other) = (app.exhibit(&firm, "竹橱柜").await, app.exhibit(&firm, "竹砧板").await);
    app.run_until_idle().await;
    let visitor = app.visitor();
    visitor.get(&other.entry()).await;

    // Neither telephone nor mail: told, and every word is kept.
    let page = ask(&visitor, &one, &[("wish", "cooperate"), ("text", "想谈整装"), ("name", "周女士")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["请至少留一种联系方式，电话或邮箱都行"]);
    assert_eq!((page.value("text").as_str(), page.value("name").as_str()), ("想谈整装", "周女士"));
    assert!(!page.has("[name=consent][checked]"), "consent is never ticked beforehand");

    let sent = visitor.submit(&page, "#enquiry form", &[("phone", "0746-5550901"), ("consent", "yes")]).await;
    let tour = visitor.follow(sent).await;
    let enquiry = exhibit::store::newest_enquiries(&app.app.db, 9).await.unwrap().remove(0);
    assert!(enquiry.number.starts_with("YZ-"), "{}", enquiry.number);
    assert!(tour.main().contains(&format!("已送达园区，编号 {}", enquiry.number)), "{}", tour.main());
    assert_eq!(tour.texts(".rows h3"), ["竹砧板", "竹橱柜"], "what was looked at before is on it");
    assert!(!tour.main().contains("5550901"), "a tour shows no contact");

    // The same form again makes no second one.
    let again = visitor.submit(&page, "#enquiry form", &[("phone", "0746-5550901"), ("consent", "yes")]).await;
    assert_eq!(again.status, 303);
    assert_eq!(exhibit::store::newest_enquiries(&app.app.db, 9).await.unwrap().len(), 1);

    app.run_until_idle().await;
    let letters = app.mails_to(&firm.email);
    let letter = letters.last().unwrap();
    assert_eq!(letter.subject, "「竹橱柜」收到一条询问：想合作");
    assert!(!letter.text.contains("5550901") && !letter.html.contains("5550901"), "no contact leaves by mail");
    let speaker = app.signed_in(&firm.email).await;
    let list = speaker.get("/my/enquiries").await;
    assert_eq!(list.texts(".row .state"), ["待答复"]);
    let page = speaker.get(&format!("/my/enquiries/{}", enquiry.id)).await;
    assert_eq!(page.text("#contact"), "周女士 · 0746-5550901");
    assert_eq!(speaker.submit(&page, "main form", &[("answer", " ")]).await.errors(), ["请写下答复"]);
    speaker.submit(&page, "main form", &[("answer", "周三下午欢迎来厂")]).await;

    // On another telephone the code opens it; a wrong one says so.
    let code = tour.text("#tour-code");
    let elsewhere = app.visitor();
    let page = elsewhere.get(&format!("/tour?code={}-{}", &code[..4].to_lowercase(), &code[4..])).await;
    assert!(page.main().contains("周三下午欢迎来厂"), "{}", page.main());
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(elsewhere.get("/tour?code=AAAAAAAA").await.main().contains("没有这个号码的参观单"));
}

#[actix_web::test]
async fn contact_reaches_the_exhibitor_only_with_consent() {
    let app = TestApp::start().await;
    let (firm, stranger) = (app.enterprise("a").await, app.enterprise("b").await);
    let exhibit = app.exhibit(&firm, "竹橱柜").await;
    let visitor = app.visitor();
    let given = [("wish", "make"), ("text", "我们也做"), ("name", "冯先生"), ("email", "feng@visitor.example")];
    ask(&visitor, &exhibit, &given).await;
    app.run_until_idle().await;
    let enquiry = exhibit::store::newest_enquiries(&app.app.db, 9).await.unwrap().remove(0);
    let path = format!("/my/enquiries/{}", enquiry.id);
    let speaker = app.signed_in(&firm.email).await;
    for path in [path.as_str(), "/my/enquiries", "/my"] {
        let page = speaker.get(path).await;
        assert!(!page.html.contains("feng@") && !page.html.contains("冯先生"), "{path}");
    }
    assert!(speaker.get(&path).await.main().contains("对方没有同意提供联系方式"));
    assert_eq!(app.signed_in(&stranger.email).await.get(&path).await.status, 404);
    let broker = app.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/enquiries/{}", enquiry.id)).await;
    assert_eq!(page.text("#contact"), "冯先生 · feng@visitor.example");
    for mail in app.mails() {
        assert!(!String::from_utf8_lossy(&mail.raw).contains("feng@visitor"), "nothing is sent to or about him");
    }
}

#[actix_web::test]
async fn a_tour_is_kept_when_asked_and_looking_writes_nothing() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let exhibits = [app.exhibit(&firm, "甲").await, app.exhibit(&firm, "乙").await];
    app.run_until_idle().await;
    let visitor = app.visitor();
    let before = app.rows().await;
    for exhibit in &exhibits {
        visitor.get(&exhibit.entry()).await;
    }
    let page = visitor.get("/tour").await;
    assert_eq!(page.texts(".rows h3"), ["甲", "乙"]);
    assert_eq!(app.rows().await, before);
    let kept = visitor.submit(&page, "form[action='/tour'][method=post]", &[]).await;
    let code = visitor.follow(kept).await.text("#tour-code");
    assert_eq!(app.visitor().get(&format!("/tour?code={code}")).await.texts(".rows h3"), ["甲", "乙"]);
}

#[actix_web::test]
async fn exhibits_stand_in_the_order_that_curators_give_them() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let mut all = Vec::new();
    for name in ["甲", "乙", "丙"] {
        all.push(app.exhibit(&firm, name).await);
    }
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    let shift = async |exhibit: &Exhibit, direction: &str| {
        let page = curator.get("/desk/exhibits").await;
        let form = format!("form[action='/desk/exhibits/{}/position']:has([value={direction}])", exhibit.id);
        curator.submit(&page, &form, &[]).await;
        app.visitor().get("/exhibits").await.texts(".row h3")
    };
    assert_eq!(shift(&all[2], "forward").await, ["甲", "丙", "乙"]);
    assert_eq!(shift(&all[0], "back").await, ["丙", "甲", "乙"]);
    let (one, _) = app.statements(app.visitor().get("/exhibits")).await;
    for name in ["丁", "戊", "己"] {
        app.exhibit(&firm, name).await;
    }
    app.run_until_idle().await;
    let (more, _) = app.statements(app.visitor().get("/exhibits")).await;
    assert_eq!(one, more, "six exhibits are read in as many queries as three");
}

/// The modules of the QR code that the site draws: true is dark.
fn modules(svg: &str) -> Vec<Vec<bool>> {
    let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut grid = vec![vec![false; side]; side];
    let path = svg.rsplit("d=\"").next().unwrap().split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let (at, rest) = run.split_once('h').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = rest.split('v').next().unwrap().parse().unwrap();
        grid[y][x..x + length].fill(true);
    }
    grid
}

#[actix_web::test]
async fn the_code_on_a_poster_opens_the_exhibit() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let exhibit = app.exhibit(&firm, "竹橱柜").await;
    app.exhibit_draft(&firm, "草稿").await;
    app.run_until_idle().await;
    let curator = app.staff(Role::Curator).await;
    for path in [
        format!("/desk/exhibits/{}/poster", exhibit.id),
        "/desk/posters".to_owned(),
        "/desk/posters?zone=food&size=a3".to_owned(),
    ] {
        let page = curator.get(&path).await;
        assert_eq!(page.texts(".poster h2"), ["竹橱柜"], "{path}");
        assert_eq!(page.texts(".poster-facts li"), ["事实一", "事实二", "事实三"]);
        let size = if path.ends_with("a3") { "/static/poster-a3.css" } else { "/static/poster-a4.css" };
        assert!(page.has(&format!("link[href='{size}'][media=print]")), "{path}");
        let drawing = curator.get(&page.attributes(".poster img", "src")[0]).await;
        assert_eq!(drawing.headers["content-type"], "image/svg+xml");
        // Read by a decoder that knows nothing of who drew it, from eight pixels a module.
        let grid = modules(&drawing.html);
        let side = grid.len() * 8;
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if grid[y / 8][x / 8] { 0 } else { 255 });
        let found = image.detect_grids();
        assert_eq!(found.len(), 1);
        let (_, text) = found[0].decode().unwrap();
        assert_eq!(text, format!("http://hall.example{}", exhibit.entry()));
        let opened = app.visitor().get(&exhibit.entry()).await;
        assert_eq!((opened.status, opened.text("h1").as_str()), (200, "竹橱柜"));
    }
}

#[actix_web::test]
async fn one_address_asks_so_often_and_no_more() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    let exhibit = app.exhibit(&firm, "竹橱柜").await;
    app.leave_rest();
    let visitor = app.visitor();
    let page = visitor.get(&exhibit.entry()).await;
    let (_, fields) = page.form("#enquiry form");
    let mut fields: Vec<(String, String)> = fields.into_iter().filter(|(name, _)| name != "key").collect();
    fields.retain(|(name, _)| name != "text");
    fields.push(("text".to_owned(), "你好".to_owned()));
    let mut refused = None;
    for number in 0..130 {
        let answer = visitor.post_fields(&exhibit.entry(), &fields).await;
        if answer.status == 429 {
            refused = Some(number);
            break;
        }
        assert_eq!(answer.status, 303);
    }
    assert_eq!(refused, Some(120));
    let still = visitor.send(Method::GET, &exhibit.entry(), None, &[]).await;
    assert_eq!(still.status, 200, "reading goes on");
}
