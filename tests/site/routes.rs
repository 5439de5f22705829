//! Every route, tried as every kind of visitor.

use yonglianhui::{listing::Kind, member::Role};

use crate::support::TestApp;

#[actix_web::test]
async fn the_scene_stands() {
    let app = TestApp::start().await;
    let firm = app.enterprise("zhuyu").await;
    let team = app.team("guojiao").await;
    app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.live_result(&team, "柚皮果胶绿色提取").await;
    app.draft(&firm, Kind::Need, Default::default()).await;
    let staff = app.staff(Role::Broker).await;
    assert_eq!(staff.get("/my/particulars").await.status, 200);
    assert_eq!(app.visitor().get("/my/particulars").await.status, 303);
    app.run_until_idle().await;
    app.leave_rest();
}
