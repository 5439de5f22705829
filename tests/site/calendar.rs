//! The calendar of working days, kept by administrators.

use yonglianhui::{calendar, member::Role};

use crate::support::TestApp;

#[actix_web::test]
async fn an_administrator_enters_changes_and_takes_back_a_day() {
    let app = TestApp::start().await;
    let admin = app.staff(Role::Administrator).await;
    let page = admin.get("/desk/holidays?year=2027").await;
    assert_eq!(page.text("h1"), "2027年节假日");
    assert!(page.main().contains("放假通知当时还没有公布"), "{}", page.main());
    let rows = page.texts("tbody tr").len();
    let day = "2027-02-09".parse().unwrap();
    let rests = async || !calendar::store::load(&app.app.db).await.unwrap().is_working_day(day);
    assert!(!rests().await);

    let saved =
        admin.submit(&page, "main form.form", &[("day", "2027-02-09"), ("kind", "rest"), ("name", "春节")]).await;
    assert_eq!(saved.location().as_deref(), Some("/desk/holidays?year=2027"));
    let page = admin.follow(saved).await;
    assert_eq!((page.text("#flash"), page.texts("tbody tr").len()), ("已保存".to_owned(), rows + 1));
    assert!(rests().await);

    let changed = admin.submit(&page, "main form.form", &[("day", "2027-02-09"), ("kind", "work"), ("name", "")]).await;
    assert_eq!(changed.status, 303);
    assert!(!rests().await);
    let page = admin.follow(changed).await;
    assert_eq!(page.texts("tbody tr").len(), rows + 1, "one row for one day");

    let gone = admin.submit(&page, "form[action='/desk/holidays/2027-02-09/removal']", &[]).await;
    assert_eq!(admin.follow(gone).await.texts("tbody tr").len(), rows);
    let again = admin.submit(&page, "form[action='/desk/holidays/2027-02-09/removal']", &[]).await;
    assert_eq!(again.status, 404);
}

#[actix_web::test]
async fn a_day_that_is_no_day_is_told_and_kept() {
    let app = TestApp::start().await;
    let admin = app.staff(Role::Administrator).await;
    let page = admin.get("/desk/holidays").await;
    let wrong = admin.submit(&page, "main form.form", &[("day", "2027-02-30"), ("name", "春节")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.errors(), ["请写成 2027-02-09 这样的日期，年份在 2020 到 2099 之间", "请选择这一天放假还是上班"]);
    assert_eq!(wrong.value("name"), "春节");
    assert!(wrong.text("title").starts_with("错误："));
}

#[actix_web::test]
async fn the_calendar_is_the_administrators() {
    let app = TestApp::start().await;
    for role in [Role::Curator, Role::Broker] {
        assert_eq!(app.staff(role).await.get("/desk/holidays").await.status, 403);
    }
    let admin = app.staff(Role::Administrator).await;
    let english = admin.get("/desk/holidays?year=2026&lang=en").await;
    assert!(
        english.main().contains("State Council notice") && !english.main().contains("calendar-"),
        "{}",
        english.main()
    );
}
