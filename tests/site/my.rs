//! A member's own page.

use yonglianhui::{listing::Kind, member::Role};

use crate::support::{TestApp, scene::need_content};

#[actix_web::test]
async fn somebody_new_is_told_what_to_do_first() {
    let app = TestApp::start().await;
    let visitor = app.signed_in("new@firm.example").await;
    let page = visitor.get("/my").await;
    assert_eq!(page.texts("#for-me p"), ["没有等您处理的事。"]);
    assert!(page.attributes("main a", "href").contains(&"/enterprises/new".to_owned()), "{}", page.html);
    let page = visitor.get("/my/particulars").await;
    let page = visitor.submit(&page, "main form", &[("name", ""), ("phone", "call me")]).await;
    assert_eq!((page.status, page.errors().len(), page.value("phone")), (422, 2, "call me".to_owned()));
    let page = visitor.submit(&page, "main form", &[("name", "赵一"), ("phone", "0746-5559001")]).await;
    assert!(visitor.follow(page).await.main().contains("赵一"));
}

#[actix_web::test]
async fn the_page_tells_who_waits_for_whom() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("one").await, app.team("two").await);
    let need = app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.live_result(&team, "柚皮果胶绿色提取").await;
    app.draft(&firm, Kind::Need, need_content("油茶籽粕怎么用")).await;
    app.submitted(&firm, Kind::Need, need_content("竹条分选速度慢")).await;
    app.run_until_idle().await;
    let (asker, lead) = (app.signed_in(&firm.email).await, app.signed_in(&team.email).await);
    let page = asker.get("/my").await;
    assert_eq!(page.texts("#for-me h3"), ["油茶籽粕怎么用"]);
    assert_eq!(page.texts("#for-others h3"), ["竹条分选速度慢"]);
    assert_eq!(page.texts("#suggestions h3"), ["柚皮果胶绿色提取"]);
    assert_eq!(page.texts("#listings h3").len(), 3);
    assert_eq!(lead.get("/my").await.texts("#suggestions h3"), ["柚皮提取果胶得率低"]);

    let reason = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";
    let id =
        yonglianhui::introduction::propose::propose(&app.app, firm.member, need, team.id, reason, "").await.unwrap();
    assert_eq!(lead.get("/my").await.texts("#introductions h3").len(), 0, "the team does not know of it yet");
    let broker = app.appointed(Role::Broker).await;
    yonglianhui::introduction::pass::pass(&app.app, broker, id).await.unwrap();
    app.run_until_idle().await;
    assert_eq!(lead.get("/my").await.texts("#for-me h3"), ["柚皮提取果胶得率低"]);
    assert!(asker.get("/my").await.texts("#for-others h3").contains(&"柚皮提取果胶得率低".to_owned()));
    asker.reads("en");
    assert_eq!(asker.get("/my").await.status, 200);
}

#[actix_web::test]
async fn a_member_reads_his_own_mail_and_nobody_elses() {
    let app = TestApp::start().await;
    let (firm, other) = (app.enterprise("one").await, app.enterprise("two").await);
    app.run_until_idle().await;
    let member = app.signed_in(&firm.email).await;
    let page = member.get("/my").await;
    let letter = page.attributes("#mails h3 a", "href").remove(0);
    let page = member.get(&letter).await;
    assert!(page.main().contains(&firm.name), "{}", page.main());
    assert_eq!(app.signed_in(&other.email).await.get(&letter).await.status, 404);
}

#[actix_web::test]
async fn the_page_asks_the_database_as_often_for_three_listings_as_for_one() {
    let app = TestApp::start().await;
    let firm = app.enterprise("one").await;
    app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.run_until_idle().await;
    let member = app.signed_in(&firm.email).await;
    let (one, _) = app.statements(member.get("/my")).await;
    app.live_need(&firm, "竹条分选速度慢").await;
    app.live_need(&firm, "油茶籽粕怎么用").await;
    app.run_until_idle().await;
    let (three, _) = app.statements(member.get("/my")).await;
    assert_eq!(one, three);
}
