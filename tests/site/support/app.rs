//! One running app for one test.

use std::{
    cell::Cell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    body::MessageBody,
    dev::{Service as _, ServiceResponse},
    middleware::from_fn,
    web::{Bytes, Data},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::LocalBoxFuture;
use yonglianhui::{
    app::App,
    backup::restore::{self, Since, Target},
    clock::Clock,
    config::Config,
    db::{Db, Read as _},
    mail::Address,
    member::Role,
    search, web,
    words::Language,
    worker,
};

use super::{
    Visitor,
    database::{self, Database},
    sink::{Parsed, Received, Sink},
};

/// What a request came to.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: actix_web::http::header::HeaderMap,
    pub(crate) body: Bytes,
}

type Serve = Rc<dyn Fn(actix_http::Request) -> LocalBoxFuture<'static, Answered>>;

/// An app on its own database, index folder, mail server and clock.
///
/// **When it is dropped** it fails the test if mail is queued or changes are not indexed and the
/// test did not say so with [`TestApp::leave_rest`].
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) sink: Rc<Sink>,
    serve: Serve,
    statements: Arc<AtomicU64>,
    rest: Cell<bool>,
    number: Cell<u32>,
    database: Rc<Database>,
    folder: Rc<tempfile::TempDir>,
}

/// Monday 2 November 2026, 09:00 in Yongzhou: a working day far from any holiday.
pub(crate) fn monday_morning() -> DateTime<Utc> {
    "2026-11-02T01:00:00Z".parse().unwrap()
}

impl TestApp {
    /// An app with nothing in it.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// An app whose settings `change` has changed.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = Rc::new(tempfile::Builder::new().prefix("ylh-test").tempdir().unwrap());
        let database = Rc::new(database::fresh(folder.path()).await);
        let sink = Rc::new(Sink::start().await);
        let mut config = Config::plain(folder.path().to_owned()).unwrap();
        config.database_url.clone_from(&database.url);
        config.base_url = Some("http://hall.example".parse().unwrap());
        config.smtp_url = Some(sink.url());
        config.reads_per_minute = 0;
        change(&mut config);
        Self::open(folder, database, sink, config, Clock::standing_at(monday_morning())).await
    }

    async fn open(
        folder: Rc<tempfile::TempDir>,
        database: Rc<Database>,
        sink: Rc<Sink>,
        config: Config,
        clock: Clock,
    ) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let mut db = Db::open(&config.database_url).await.unwrap();
        let counter = Arc::clone(&statements);
        db.watch(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let index = search::refresh::open_index(&config.data_dir.join("index")).unwrap();
        let app = App::with(config, clock, db, index).unwrap();
        let service = actix_web::test::init_service(
            actix_web::App::new()
                .app_data(Data::new(app.clone()))
                .wrap(from_fn(web::guard))
                .configure(web::routes::configure),
        )
        .await;
        let service = Rc::new(service);
        let serve: Serve = Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                let answer: ServiceResponse<_> =
                    service.call(request).await.expect("the guard turns every error into a page");
                let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
                let body = answer.into_body().try_into_bytes();
                let body = body.unwrap_or_else(|_| panic!("a page is sent whole"));
                Answered { status, headers, body }
            })
        });
        Self { app, sink, serve, statements, rest: Cell::new(false), number: Cell::new(0), database, folder }
    }

    /// Ends this process's part and opens the same files again, as after a crash: nothing is
    /// finished, nothing is flushed that was not committed.
    pub(crate) async fn crash_and_restart(self) -> Self {
        self.leave_rest();
        let (config, clock) = ((*self.app.config).clone(), self.app.clock.clone());
        let (folder, database, sink) = (Rc::clone(&self.folder), Rc::clone(&self.database), Rc::clone(&self.sink));
        drop(self);
        Self::open(folder, database, sink, config, clock).await
    }

    /// Restores a backup of this site on a clean machine: another database and folder, the same
    /// secret, mail server and time.
    pub(crate) async fn restored(&self, file: &std::path::Path, since: Since) -> Self {
        let folder = Rc::new(tempfile::Builder::new().prefix("ylh-test").tempdir().unwrap());
        let database = Rc::new(database::fresh(folder.path()).await);
        let config = Config {
            database_url: database.url.clone(),
            data_dir: folder.path().to_owned(),
            ..(*self.app.config).clone()
        };
        restore::restore(&config, file, Target::Empty, since).await.unwrap();
        Self::open(folder, database, Rc::clone(&self.sink), config, self.app.clock.clone()).await
    }

    /// The folder of the index, mails and (on SQLite) the database.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Says that mail or changes may be left undone at the end of this test.
    pub(crate) fn leave_rest(&self) {
        self.rest.set(true);
    }

    /// Answers one raw request.
    pub(crate) async fn answer(&self, request: actix_http::Request) -> Answered {
        (self.serve)(request).await
    }

    /// Somebody with a browser of his own.
    pub(crate) fn visitor(&self) -> Visitor<'_> {
        Visitor::new(self)
    }

    /// Somebody who is signed in as `email`; a new address becomes a member by it.
    pub(crate) async fn signed_in(&self, email: &str) -> Visitor<'_> {
        let address = Address::parse(email).expect("a test address is one");
        let link = yonglianhui::member::sign_in::link_for(&self.app, &address).await.unwrap();
        let visitor = self.visitor();
        let page = visitor.get(&visitor.path_of(&link)).await;
        let page = visitor.submit(&page, "main form", &[]).await;
        assert_eq!(page.status, 303, "signing in as {email}: {}", page.html);
        visitor
    }

    /// Staff with `role`, signed in as `<role>@park.example`.
    pub(crate) async fn staff(&self, role: Role) -> Visitor<'_> {
        let email = format!("{}@park.example", role.as_str());
        let address = Address::parse(&email).unwrap();
        yonglianhui::member::appoint::appoint(&self.app, &address, role.as_str(), role).await.unwrap();
        self.signed_in(&email).await
    }

    /// The number of the member with this address, made if need be.
    pub(crate) async fn member(&self, email: &str, name: &str, phone: &str) -> yonglianhui::id::MemberId {
        let address = Address::parse(email).unwrap();
        let now = self.app.clock.now();
        self.app
            .db
            .write(async |tx| {
                let member = yonglianhui::member::store::meet(tx, &address, Language::Chinese, now).await?;
                yonglianhui::member::store::describe(tx, member.id, name, "", phone).await?;
                Ok::<_, yonglianhui::fault::Fault>(member.id)
            })
            .await
            .unwrap()
    }

    /// A number that no other part of this test has been given.
    pub(crate) fn next_number(&self) -> u32 {
        self.number.set(self.number.get() + 1);
        self.number.get()
    }

    /// Runs the worker until nothing is left to do at this moment of the clock.
    pub(crate) async fn run_until_idle(&self) {
        worker::run_until_idle(&self.app).await.unwrap();
    }

    /// Moves the clock.
    pub(crate) fn forward(&self, by: TimeDelta) {
        self.app.clock.forward(by);
    }

    /// Every mail that the mail server has taken, oldest first.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.sink.mails()
    }

    /// The mails taken for one address, oldest first.
    pub(crate) fn mails_to(&self, address: &str) -> Vec<Parsed> {
        self.sink.mails_to(address).iter().map(Received::parsed).collect()
    }

    /// Every row of every table, except when sessions were last seen: to show that nothing changed.
    pub(crate) async fn rows(&self) -> std::collections::BTreeMap<String, Vec<String>> {
        use sea_orm::{ConnectionTrait as _, FromQueryResult as _, JsonValue, Statement};
        let reader = self.app.db.reader();
        let engine = reader.get_database_backend();
        let names = if self.app.db.is_postgres() {
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        };
        let tables = reader.query_all_raw(Statement::from_string(engine, names)).await.unwrap();
        let mut all = std::collections::BTreeMap::new();
        for table in tables {
            let name: String = table.try_get("", "name").unwrap();
            let rows = Statement::from_string(engine, format!("SELECT * FROM {name}"));
            let rows = JsonValue::find_by_statement(rows).all(reader).await.unwrap();
            let mut rows: Vec<String> = rows
                .into_iter()
                .map(|mut row| {
                    row.as_object_mut().unwrap().remove("seen_at");
                    row.to_string()
                })
                .collect();
            rows.sort();
            all.insert(name, rows);
        }
        all
    }

    /// How many statements `work` sends to the database.
    pub(crate) async fn statements<T>(&self, work: impl Future<Output = T>) -> (u64, T) {
        let before = self.statements.load(Ordering::Relaxed);
        let value = work.await;
        (self.statements.load(Ordering::Relaxed) - before, value)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if self.rest.get() || std::thread::panicking() {
            return;
        }
        let (url, applied) = (self.database.url.clone(), self.app.index.last_mark().unwrap());
        let left = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let db = Db::open(&url).await.unwrap();
                let newest = yonglianhui::changes::newest(&db).await.unwrap();
                let statement = "SELECT count(*) AS n FROM mails WHERE state IN ('queued', 'sending')";
                let row = sea_orm::Statement::from_string(db.reader().get_database_backend(), statement);
                let row = sea_orm::ConnectionTrait::query_one_raw(db.reader(), row).await.unwrap().unwrap();
                let queued: i64 = row.try_get("", "n").unwrap();
                db.close().await.unwrap();
                (newest - applied, queued)
            })
        });
        let (marks, mails) = left.join().unwrap();
        assert!(
            marks <= 0 && mails == 0,
            "the test left {mails} mails queued and {marks} changes unindexed and did not say so"
        );
    }
}
