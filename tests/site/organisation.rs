//! The desk where staff verify organisations, and the letters that tell the outcome.

use yonglianhui::{
    member::Role,
    organisation::{self, Verification},
};

use crate::support::TestApp;

#[actix_web::test]
async fn staff_refuse_with_a_reason_and_the_firm_mends_it() {
    let app = TestApp::start_with(|config| config.complaint_contact = "0746-5550000".to_owned()).await;
    let firm = app.pending_enterprise("a").await;
    let staff = app.staff(Role::Broker).await;
    let path = format!("/desk/organisations/{}", firm.id);
    let list = staff.get("/desk/organisations").await;
    assert_eq!(list.attributes("tbody a", "href"), [path.as_str()]);
    assert_eq!(list.text(".toolbar p"), "待核验 1 家");

    let desk = staff.get(&path).await;
    assert!(desk.main().contains(&firm.phone) && desk.main().contains(&firm.email));
    let short = staff.submit(&desk, "form#refuse", &[("reason", "不对")]).await;
    assert_eq!((short.status, short.errors()), (422, vec!["写清哪里不一致、要补什么材料".to_owned()]));
    assert_eq!(short.value("reason"), "不对");
    let reason = "名称与执照不一致，请补一张执照照片";
    let done = staff.submit(&desk, "form#refuse", &[("reason", reason)]).await;
    assert_eq!(done.location().as_deref(), Some("/desk/organisations"));
    app.run_until_idle().await;
    let letters = app.mails_to(&firm.email);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject, "示例企业a的核验还差一步");
    for part in [reason, "0746-5550000", &format!("http://hall.example/enterprises/{}/edit", firm.id)] {
        assert!(letters[0].text.contains(part) && letters[0].html.contains(part), "{part}\n{}", letters[0].text);
    }

    assert_eq!(app.visitor().get(&format!("/enterprises/{}", firm.id)).await.status, 404);
    let speaker = app.signed_in(&firm.email).await;
    let page = speaker.get(&format!("/enterprises/{}", firm.id)).await;
    assert_eq!(page.text(".notice-title"), "核验没有通过");
    assert!(page.text(".notice").contains(reason) && page.text(".notice").contains("0746-5550000"));
    let form = speaker.get(&format!("/enterprises/{}/edit", firm.id)).await;
    let saved = speaker.submit(&form, "form#enterprise", &[("name", "示例企业甲有限公司")]).await;
    assert_eq!(saved.status, 303);
    let now = organisation::store::by_id(&app.app.db, firm.id).await.unwrap().unwrap();
    assert_eq!((now.verification, now.name.as_str()), (Verification::Pending, "示例企业甲有限公司"));
    assert_eq!(staff.get("/desk/organisations").await.text(".toolbar p"), "待核验 1 家");
    app.run_until_idle().await;
}

#[actix_web::test]
async fn verifying_twice_writes_one_letter() {
    let app = TestApp::start().await;
    let firm = app.pending_enterprise("a").await;
    let staff = app.staff(Role::Administrator).await;
    let desk = staff.get(&format!("/desk/organisations/{}", firm.id)).await;
    for _ in 0..2 {
        assert_eq!(staff.submit(&desk, "form#verify", &[]).await.status, 303);
    }
    app.run_until_idle().await;
    assert_eq!(app.mails_to(&firm.email).len(), 1);
    assert_eq!(staff.get("/desk/organisations").await.text(".empty-title"), "没有等待核验的单位");
    assert!(!staff.get(&format!("/desk/organisations/{}", firm.id)).await.has("form#verify"));
}

#[actix_web::test]
async fn a_verified_organisation_can_be_refused_later() {
    let app = TestApp::start().await;
    let team = app.team("t").await;
    let staff = app.staff(Role::Curator).await;
    let desk = staff.get(&format!("/desk/organisations/{}", team.id)).await;
    staff.submit(&desk, "form#refuse", &[("reason", "该团队已经解散")]).await;
    app.run_until_idle().await;
    assert_eq!(app.visitor().get(&format!("/teams/{}", team.id)).await.status, 404);
    let lead = app.signed_in(&team.email).await;
    assert!(lead.get(&format!("/teams/{}", team.id)).await.text(".notice").contains("该团队已经解散"));
    assert_eq!(app.mails_to(&team.email).len(), 1);
}

#[actix_web::test]
async fn the_desk_of_organisations_is_for_staff() {
    let app = TestApp::start().await;
    let firm = app.pending_enterprise("a").await;
    let member = app.signed_in(&firm.email).await;
    let csrf = member.get("/enterprises/new").await.value("csrf");
    let show = format!("/desk/organisations/{}", firm.id);
    let settle = format!("{show}/verification");
    for path in ["/desk/organisations", &show] {
        assert_eq!(member.get(path).await.status, 404, "{path}");
        assert_eq!(app.visitor().get(path).await.status, 303, "{path}");
    }
    assert_eq!(member.post(&settle, &[("csrf", &csrf), ("verdict", "verify")]).await.status, 404);
    let staff = app.staff(Role::Curator).await;
    let csrf = staff.get(&show).await.attributes("form#verify [name=csrf]", "value").remove(0);
    for (path, fields, status) in [
        (settle.as_str(), [("csrf", csrf.as_str()), ("verdict", "maybe")], 400),
        (settle.as_str(), [("csrf", "wrong"), ("verdict", "verify")], 403),
        ("/desk/organisations/999999/verification", [("csrf", csrf.as_str()), ("verdict", "verify")], 404),
    ] {
        assert_eq!(staff.post(path, &fields).await.status, status, "{path}");
    }
    assert_eq!(staff.get("/desk/organisations/999999").await.status, 404);
    assert_eq!(staff.get("/desk/organisations/x").await.status, 404);
    let known = organisation::store::by_id(&app.app.db, firm.id).await.unwrap().unwrap();
    assert_eq!(known.verification, Verification::Pending);
    app.run_until_idle().await;
}

#[actix_web::test]
async fn the_desk_reads_as_many_rows_in_as_few_queries() {
    let app = TestApp::start().await;
    app.pending_enterprise("one").await;
    let staff = app.staff(Role::Curator).await;
    let (one, _) = app.statements(staff.get("/desk/organisations")).await;
    app.pending_enterprise("two").await;
    app.pending_enterprise("three").await;
    let (three, page) = app.statements(staff.get("/desk/organisations?lang=en")).await;
    assert_eq!(page.texts("tbody tr").len(), 3);
    assert_eq!(page.text("h1"), "Organisations");
    assert_eq!(one, three);
    app.run_until_idle().await;
}
