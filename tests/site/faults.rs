//! What visitors are told when something that we need is away, and how the index comes back by itself.

use std::{fs, path::PathBuf};

use actix_web::middleware::from_fn;
use sea_orm::ConnectionTrait as _;
use yonglianhui::{db::Read as _, search, web, worker};

use crate::support::TestApp;

#[actix_web::test]
async fn without_its_database_the_site_says_when_to_come_back() {
    let app = TestApp::start().await;
    app.leave_rest();
    let visitor = app.visitor();
    let fit = visitor.get("/readyz").await;
    assert_eq!((fit.status, fit.html.as_str()), (200, "ok\ndatabase: ok\nindex: ok, 0 changes to work off\n"));

    app.app.db.clone().close().await.unwrap();
    for (language, title) in [("zh-CN", "服务正在恢复"), ("en", "The service is coming back")] {
        visitor.reads(language);
        for path in ["/", "/needs", "/search?q=x", "/enterprises/1"] {
            let page = visitor.get(path).await;
            assert_eq!((page.status, page.text("h1").as_str()), (503, title), "{path}");
            assert_eq!(page.headers["retry-after"], "15", "{path}");
        }
    }
    let answer = visitor.get("/api/v1/needs").await;
    assert_eq!((answer.status, answer.headers["retry-after"].as_str()), (503, "15"));
    let unfit = visitor.get("/readyz").await;
    assert_eq!(unfit.status, 503);
    assert_eq!(unfit.html, "degraded\ndatabase: does not answer\nindex: cannot be compared with the database\n");
    assert_eq!(visitor.get("/healthz").await.status, 200);
    assert_eq!(visitor.get("/static/site.css").await.status, 200);
}

#[actix_web::test]
async fn a_panic_in_a_handler_hurts_nobody_else() {
    let app = TestApp::start().await;
    // The same guard and the same bound as every route of the site, around two handlers of this test's own.
    let site = actix_web::App::new()
        .app_data(actix_web::web::Data::new(app.app.clone()))
        .wrap(from_fn(web::guard))
        .route("/panic", actix_web::web::get().to(panicking).wrap(from_fn(web::bound)))
        .route("/patient", actix_web::web::get().to(patient).wrap(from_fn(web::bound)))
        .configure(web::routes::configure);
    let site = actix_web::test::init_service(site).await;
    let get = |path: &str| actix_web::test::TestRequest::get().uri(path).to_request();
    let waiting = actix_web::test::call_service(&site, get("/patient"));
    let crashing = async {
        for _ in 0..20 {
            let answer = actix_web::test::call_service(&site, get("/panic")).await;
            assert_eq!(answer.status(), 500);
            let page = actix_web::test::read_body(answer).await;
            let page = String::from_utf8(page.to_vec()).unwrap();
            assert!(page.contains("服务出了故障") && !page.contains("of the test's own making"), "{page}");
        }
        assert_eq!(actix_web::test::call_service(&site, get("/")).await.status(), 200);
        DONE.notify_one();
    };
    let (answer, ()) = tokio::join!(waiting, crashing);
    assert_eq!(answer.status(), 200, "the request that was under way all the time is answered");
}

static DONE: tokio::sync::Notify = tokio::sync::Notify::const_new();

async fn panicking() -> web::Answer {
    panic!("of the test's own making")
}

async fn patient() -> web::Answer {
    DONE.notified().await;
    Ok(actix_web::HttpResponse::Ok().finish())
}

#[actix_web::test]
async fn an_older_release_refuses_a_newer_database_unless_it_was_only_expanded() {
    let app = TestApp::start().await;
    let db = &app.app.db;
    let says_it_ran = async |name: &str| {
        let row = format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{name}', 0)");
        db.reader().execute_unprepared(&row).await.unwrap();
    };
    // What a newer release added, and what this one need not know of.
    says_it_ran("m20990101_000001_expand_visits").await;
    assert_eq!(db.pending().await.unwrap(), 0);
    assert_eq!(db.migrate().await.unwrap(), 0);
    says_it_ran("m20990102_000001_split_names").await;
    for fault in [db.migrate().await.unwrap_err(), db.pending().await.unwrap_err()] {
        let said = fault.to_string();
        assert!(
            said.contains("newer release of yonglianhui (m20990102_000001_split_names)")
                && said.contains("run that release, or restore a backup"),
            "{said}"
        );
    }
}

/// The files of the index with this ending, largest first.
fn files(app: &TestApp, ending: &str) -> Vec<PathBuf> {
    let folder = app.folder().join("index").join(format!("v{}", index::SCHEMA_VERSION));
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(ending));
    files.sort_by_key(|file| std::cmp::Reverse(fs::metadata(file).unwrap().len()));
    files
}

async fn found(app: &TestApp, words: &str) -> (u16, String) {
    let page = app.visitor().get(&format!("/search?q={words}")).await;
    (page.status, page.texts("#found").concat())
}

#[actix_web::test]
async fn a_damaged_index_is_put_aside_and_built_again_while_it_serves() {
    let app = TestApp::start().await;
    let firm = app.enterprise("a").await;
    for number in 0..10 {
        app.live_need(&firm, &format!("柚皮果胶提取{number}")).await;
    }
    app.run_until_idle().await;
    let whole = found(&app, "果胶").await;
    assert_eq!(whole, (200, "共 10 条".to_owned()));
    let aside = app.folder().join("index").join(format!("v{}.damaged", index::SCHEMA_VERSION));

    // The list of segments is gone: the next look of the refresher notices.
    fs::remove_file(&files(&app, "meta.json")[0]).unwrap();
    assert_eq!(found(&app, "果胶").await, whole, "what is open goes on being found");
    worker::run_until_idle(&app.app).await.unwrap();
    assert!(aside.is_dir(), "it is kept for whoever wants to know why");
    assert_eq!(found(&app, "果胶").await, whole);

    // Every byte of what hits show is turned over: asking is answered with "later", and leads to a cure.
    fs::remove_dir_all(&aside).unwrap();
    for store in files(&app, ".store") {
        turn_over(&store);
    }
    let (status, _) = found(&app, "果胶").await;
    assert!(matches!(status, 200 | 503), "{status}");
    assert!(app.app.index.is_suspect() || status == 200);
    if !app.app.index.is_suspect() {
        // The engine made something of it; the comparison of now and then does not.
        let fault = search::refresh::reconcile(&app.app).await.unwrap_err();
        assert!(fault.is_damage(), "{fault}");
        app.app.index.suspect();
    }
    worker::run_until_idle(&app.app).await.unwrap();
    assert!(aside.is_dir());
    assert_eq!(found(&app, "果胶").await, whole);
    assert_eq!(app.app.index.trouble(), None);
    assert_eq!(app.visitor().get("/readyz").await.status, 200);

    // One byte of the words: nothing need be noticed by asking, and the checksums tell.
    fs::remove_dir_all(&aside).unwrap();
    let file = &files(&app, ".term")[0];
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    in_place(file, &bytes);
    let fault = search::refresh::reconcile(&app.app).await.unwrap_err();
    assert!(fault.is_damage(), "{fault}");
    app.app.index.suspect();
    worker::run_until_idle(&app.app).await.unwrap();
    assert!(aside.is_dir());
    assert_eq!(found(&app, "果胶").await, whole);
    search::refresh::reconcile(&app.app).await.unwrap();
}

fn turn_over(file: &PathBuf) {
    let bytes: Vec<u8> = fs::read(file).unwrap().iter().map(|byte| !byte).collect();
    in_place(file, &bytes);
}

/// Writes over what is there, as a failing disk does: whoever has the file mapped sees it.
fn in_place(file: &PathBuf, bytes: &[u8]) {
    use std::io::Write as _;
    fs::OpenOptions::new().write(true).open(file).unwrap().write_all(bytes).unwrap();
}
