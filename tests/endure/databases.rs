//! Databases that crash, freeze, are crowded, or are changed by half.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use yonglianhui::db::{Db, Read as _};

use crate::{
    client::{Client, Posters, by_status, saved},
    database,
    postgres::Postgres,
    report::{Line, is_full, rounds},
    scene,
    server::{Server, wait_until},
    sink::Sink,
    tools, truth,
};

/// No request may take longer than this.
const LONGEST: Duration = Duration::from_secs(10);

#[actix_web::test]
async fn a_database_that_crashes_is_found_again() {
    let Some(mut postgres) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start().await;
    let url = postgres.url();
    let (_, link) = scene::enterprise(folder.path(), &url).await;
    let server = Server::start(folder.path(), &url, &sink);
    let client = Client::signed_in(&server, &link);
    let mut monitor = Client::in_english();
    let rounds = rounds(2, 5);
    let away = Duration::from_secs(if is_full() { 20 } else { 3 });
    let mut all = Vec::new();
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let posters = Posters::start(&server.address, &client, 5, &format!("c{round}"));
        wait_until(Duration::from_secs(30), "too few posts were saved", || posters.saved() > 20);
        postgres.stop_at_once();
        wait_until(Duration::from_secs(15), "nobody says that the database is away", || {
            let said = monitor.get(&server, "/readyz").unwrap();
            said.status == 503 && said.body.starts_with("degraded\ndatabase: does not answer")
        });
        for (mut visitor, heading) in
            [(client.clone(), "服务正在恢复"), (Client::in_english(), "The service is coming back")]
        {
            let page = visitor.get(&server, "/needs").unwrap();
            assert_eq!((page.status, page.heading().as_str()), (503, heading));
            assert!(page.header("retry-after").is_some());
        }
        std::thread::sleep(away);
        let before = posters.saved();
        postgres.go_on();
        let begun = Instant::now();
        wait_until(Duration::from_secs(30), "no post is saved again", || posters.saved() > before + 5);
        slowest = slowest.max(begun.elapsed());
        wait_until(Duration::from_secs(30), "the site does not say that it is well again", || {
            monitor.get(&server, "/readyz").unwrap().status == 200
        });
        all.extend(posters.stop());
    }
    server.kill();
    let odd: Vec<_> = all.iter().filter(|post| !matches!(post.status, Some(303 | 503))).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let longest = all.iter().map(|post| post.took).max().unwrap();
    assert!(longest < LONGEST, "somebody waited {longest:?}");
    truth::nothing_lost(&url, &saved(&all)).await;
    let seen = format!(
        "posts {:?}, 0 saved ones lost; longest wait {} ms; posting again {} ms after it was back",
        by_status(&all),
        longest.as_millis(),
        slowest.as_millis()
    );
    let must_hold = "nothing saved is lost; said; reconnects";
    Line { test: "a_database_that_crashes_is_found_again", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn a_database_that_hangs_keeps_nobody_waiting() {
    let Some(postgres) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start().await;
    let url = postgres.url();
    let (_, link) = scene::enterprise(folder.path(), &url).await;
    let server = Server::start(folder.path(), &url, &sink);
    let client = Client::signed_in(&server, &link);
    let rounds = rounds(1, 3);
    let frozen = Duration::from_secs(if is_full() { 30 } else { 14 });
    let mut all = Vec::new();
    let (mut readers_waited, mut threads, mut back) = (Duration::ZERO, 0, Duration::ZERO);
    for round in 0..rounds {
        let posters = Posters::start(&server.address, &client, 8, &format!("h{round}"));
        wait_until(Duration::from_secs(30), "too few posts were saved", || posters.saved() > 20);
        let before = tools::status_of(server.process.id(), "Threads");
        postgres.signal_all("STOP");
        let begun = Instant::now();
        while begun.elapsed() < frozen {
            let page = Client::in_english().get(&server, "/enterprises").unwrap();
            assert_eq!(page.status, 503, "{}", page.heading());
            readers_waited = readers_waited.max(page.took);
            let said = Client::in_english().get(&server, "/readyz").unwrap();
            assert!(said.body.contains("database: does not answer"), "{}", said.body);
            assert_eq!(Client::in_english().get(&server, "/healthz").unwrap().status, 200);
            threads = threads.max(tools::status_of(server.process.id(), "Threads").saturating_sub(before));
        }
        let so_far = posters.saved();
        postgres.signal_all("CONT");
        let begun = Instant::now();
        wait_until(Duration::from_secs(30), "no post is saved again", || posters.saved() > so_far + 10);
        back = back.max(begun.elapsed());
        all.extend(posters.stop());
    }
    server.kill();
    let odd: Vec<_> = all.iter().filter(|post| !matches!(post.status, Some(303 | 503))).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let longest = all.iter().map(|post| post.took).max().unwrap().max(readers_waited);
    assert!(longest < LONGEST, "somebody waited {longest:?}");
    assert!(threads < 20, "{threads} threads more than before: they pile up");
    truth::nothing_lost(&url, &saved(&all)).await;
    let seen = format!(
        "posts {:?}, 0 saved ones lost; longest wait {} ms, {threads} threads more; posting again after {} ms",
        by_status(&all),
        longest.as_millis(),
        back.as_millis()
    );
    let must_hold = "503 in less than 10 s, no pile-up, goes on";
    Line { test: "a_database_that_hangs_keeps_nobody_waiting", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn thirty_two_writers_and_a_long_reader_never_meet_a_lock() {
    if std::env::var_os("YLH_TEST_POSTGRES").is_some() {
        return println!("PostgreSQL's readers keep no writer waiting; this is about SQLite");
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (_, link) = scene::enterprise(folder.path(), &database.url).await;
    let server = Server::start(folder.path(), &database.url, &sink);
    let client = Client::signed_in(&server, &link);
    let wal = folder.path().join("park.db-wal");
    let size = || std::fs::metadata(&wal).map_or(0, |file| file.len());
    let rounds = rounds(1, 5);
    let read_for = Duration::from_secs(if is_full() { 20 } else { 6 });
    let mut all = Vec::new();
    let mut largest = 0;
    for round in 0..rounds {
        let posters = Posters::start(&server.address, &client, 32, &format!("w{round}"));
        wait_until(Duration::from_secs(30), "too few posts were saved", || posters.saved() > 32);
        // Another process reads one snapshot for long, as a backup does.
        let reader = Db::open(&database.url).await.unwrap();
        let snapshot = reader.reader().begin().await.unwrap();
        snapshot
            .query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT id FROM listings"))
            .await
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < read_for {
            largest = largest.max(size());
            std::thread::sleep(Duration::from_millis(50));
        }
        snapshot.rollback().await.unwrap();
        reader.close().await.unwrap();
        all.extend(posters.stop());
    }
    let odd: Vec<_> = all.iter().filter(|post| post.status != Some(303)).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let megabytes = largest / 1024 / 1024;
    assert!(megabytes < 64, "the write-ahead file grew to {megabytes} MB");
    server.kill();
    truth::nothing_lost(&database.url, &saved(&all)).await;
    let longest = all.iter().map(|post| post.took).max().unwrap();
    let seen = format!(
        "{} posts, all saved; longest wait {} ms; write-ahead file at most {megabytes} MB with a reader of {} s",
        all.len(),
        longest.as_millis(),
        read_for.as_secs()
    );
    let must_hold = "all saved, write-ahead file under 64 MB";
    Line { test: "thirty_two_writers_and_a_long_reader_never_meet_a_lock", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn a_kill_during_the_migration_leaves_all_or_nothing() {
    if !tools::may_trace() {
        return println!("no ptrace here: the moment of the kill cannot be chosen; nothing was shown");
    }
    let server = std::env::var("YLH_TEST_POSTGRES").ok();
    // A statement is a message to PostgreSQL; to SQLite a migration is writes to its files, most of them at the commit.
    let call = if server.is_some() { "sendto" } else { "pwrite64" };
    let tables = if server.is_some() {
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start().await;
    let whole = {
        let database = database::fresh(folder.path()).await;
        truth::count(&database.url, tables).await
    };
    let (mut killed, mut none, mut done) = (0, 0, 0);
    let mut at = 1;
    while done == 0 && at < 2_000 {
        let empty = Empty::make(server.as_deref(), folder.path(), at).await;
        let mut program = Server::command(folder.path(), &empty.url, &sink);
        program.arg("migrate");
        let inject = format!("{call}:signal=KILL:when={at}");
        let ended = tools::traced(&inject, call, &program).output().unwrap();
        let there = truth::count(&empty.url, tables).await;
        assert!(there == 0 || there == whole, "killed at {call} number {at}, it left {there} of {whole} tables");
        if ended.status.success() {
            done += 1;
        } else {
            killed += 1;
            none += u64::from(there == 0);
            // The next start does what is left to do.
            let again = program.output().unwrap();
            assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
        }
        assert_eq!(truth::count(&empty.url, tables).await, whole);
        empty.drop().await;
        at += if is_full() { 1 } else { 1 + at / 3 };
    }
    assert!(killed > 3 && done == 1, "{killed} kills, {done} came to the end");
    let seen = format!("{killed} kills at the n-th {call}: {none} left no table, {} all {whole}", killed - none);
    let must_hold = "all tables or none, the next start finishes";
    Line { test: "a_kill_during_the_migration_leaves_all_or_nothing", rounds: killed, must_hold, seen }.write();
}

/// A database without tables.
struct Empty {
    url: String,
    server: Option<(String, String)>,
}

impl Empty {
    async fn make(server: Option<&str>, folder: &std::path::Path, number: u64) -> Self {
        let Some(server) = server else {
            let url = format!("sqlite://{}", folder.join(format!("empty{number}.db")).display());
            Db::open(&url).await.unwrap().close().await.unwrap();
            return Self { url, server: None };
        };
        let name = format!("ylh_empty_{}_{number}", std::process::id());
        command(server, &format!("CREATE DATABASE {name}")).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), server: Some((server.to_owned(), name)) }
    }

    async fn drop(self) {
        if let Some((server, name)) = self.server {
            command(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn command(server: &str, statement: &str) {
    let db = Db::open(server).await.unwrap();
    db.reader().execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}
