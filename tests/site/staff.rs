//! The desk: its queue, who is staff, and the zones.

use yonglianhui::{listing::Kind, member::Role};

use crate::support::{TestApp, scene::need_content};

#[actix_web::test]
async fn what_spoils_first_is_on_top() {
    let app = TestApp::start().await;
    let broker = app.staff(Role::Broker).await;
    assert!(broker.get("/desk").await.main().contains("没有等着园区处理的事"));
    let (firm, team) = (app.enterprise("one").await, app.team("two").await);
    let need = app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.run_until_idle().await;
    app.pending_enterprise("new").await;
    app.forward(chrono::TimeDelta::hours(1));
    app.submitted(&firm, Kind::Need, need_content("竹条分选速度慢")).await;
    let reason = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";
    yonglianhui::introduction::propose::propose(&app.app, firm.member, need, team.id, reason, "").await.unwrap();
    app.run_until_idle().await;
    let page = broker.get("/desk").await;
    // A request is due after one working day, the others after two.
    let rows = page.texts(".rows h3");
    assert_eq!(rows[0], "柚皮提取果胶得率低");
    assert_eq!(rows.len(), 3);
    assert!(page.texts(".rows li")[0].contains("对接申请待看"));
    for link in page.attributes(".rows h3 a", "href") {
        assert_eq!(broker.get(&link).await.status, 200, "{link}");
    }
    app.forward(chrono::TimeDelta::days(5));
    assert!(broker.get("/desk").await.main().contains("已经逾期"));
    app.leave_rest();
}

#[actix_web::test]
async fn administrators_appoint_staff_and_cannot_lock_themselves_out() {
    let app = TestApp::start().await;
    let administrator = app.staff(Role::Administrator).await;
    let page = administrator.get("/desk/staff").await;
    let page =
        administrator.submit(&page, "main form", &[("email", "x@park"), ("name", "某"), ("role", "broker")]).await;
    assert_eq!((page.status, page.value("email")), (422, "x@park".to_owned()));
    let page = administrator
        .submit(&page, "main form", &[("email", "x@park.example"), ("name", "某人"), ("role", "curator")])
        .await;
    assert!(administrator.follow(page).await.main().contains("某人"));
    let curator = app.signed_in("x@park.example").await;
    assert_eq!(curator.get("/desk").await.status, 200);
    assert_eq!(curator.get("/desk/staff").await.status, 403);

    let page = administrator.get("/desk/staff").await;
    let page =
        administrator.submit(&page, "main form", &[("email", "administrator@park.example"), ("role", "member")]).await;
    assert_eq!(page.status, 422);

    // A role that is taken back is gone at the next request.
    let page = administrator.submit(&page, "main form", &[("email", "x@park.example"), ("role", "member")]).await;
    assert_eq!(page.status, 303);
    assert_eq!(curator.get("/desk").await.status, 404);
}

#[actix_web::test]
async fn curators_open_zones_and_say_what_they_show() {
    let app = TestApp::start().await;
    let curator = app.staff(Role::Curator).await;
    let page = curator.get("/desk/zones").await;
    let page = curator.submit(&page, "main form", &[("slug", "竹木"), ("name_zh", ""), ("colour", "green")]).await;
    assert_eq!((page.status, page.errors().len(), page.value("slug")), (422, 3, "竹木".to_owned()));
    let good = [("slug", "bamboo"), ("name_zh", "竹木"), ("name_en", "Bamboo"), ("colour", "#2f6b4f")];
    let page = curator.submit(&page, "main form", &good).await;
    assert_eq!(page.status, 303, "{}", page.main());
    let page = curator.get("/desk/zones").await;
    assert_eq!(curator.submit(&page, "main form", &good).await.status, 422, "the word is taken");
    let page = curator.get("/desk/zones/bamboo").await;
    let page = curator.submit(&page, "main form", &[("name_zh", "竹木家居"), ("slug", "other")]).await;
    assert_eq!(page.status, 303);
    assert!(curator.get("/zones/bamboo").await.main().contains("竹木家居"));
    assert_eq!(curator.get("/zones/other").await.status, 404);
}
