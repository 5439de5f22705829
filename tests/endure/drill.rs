//! The restore drill: the night's backup, taken while people write and mails flow, on a clean machine.

use std::{
    path::Path,
    process::Output,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, Statement};
use yonglianhui::db::{Db, Read as _};

use crate::{
    database,
    report::{Line, rounds},
    scene,
    server::{Browser, Server, wait_until},
    sink::Sink,
};

const SECRET: &str = "one secret for the old machine and the new one";

/// The program with a secret that both machines share.
fn command(folder: &Path, database: &str, sink: &Sink) -> std::process::Command {
    let mut command = Server::command(folder, database, sink);
    command.env("YLH_SECRET", SECRET);
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The first column of every row that `sql` finds.
async fn column(database: &str, sql: &str) -> Vec<String> {
    let db = Db::open(database).await.unwrap();
    let statement = Statement::from_string(db.reader().get_database_backend(), sql);
    let rows = db.reader().query_all_raw(statement).await.unwrap();
    let found = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    db.close().await.unwrap();
    found
}

/// How many letters are on their way.
async fn on_their_way(database: &str) -> usize {
    column(database, "SELECT recipient FROM mails WHERE due_at IS NOT NULL").await.len()
}

async fn wait_for_the_outbox(database: &str) {
    for _ in 0..600 {
        if on_their_way(database).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("letters are on their way for a minute");
}

#[actix_web::test]
async fn a_drill_restores_everything_that_was_confirmed_and_sends_nothing_twice() {
    let rounds = rounds(1, 5);
    let (mut wrote, mut asked, mut waited) = (0, 0, 0);
    for _ in 0..rounds {
        let old = tempfile::tempdir().unwrap();
        let database = database::fresh(old.path()).await;
        let sink = Sink::start().await;
        // Every letter takes a moment, so that some wait while the backup is taken.
        sink.answer_after(Duration::from_millis(150));
        let (_, link) = scene::enterprise_with(old.path(), &database.url, Some(SECRET)).await;
        let server = Server::run(command(old.path(), &database.url, &sink).arg("serve"));
        let mut owner = Browser::default();
        let page = owner.get(&server, &link);
        assert_eq!(owner.submit(&server, &page, &[]).status, 303);

        let stop = AtomicBool::new(false);
        let (titles, emails) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
        let file = old.path().join("night.db");
        let (before, output) = std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let title = format!("drillneed{number}x");
                    let page = owner.get(&server, "/needs/new");
                    let answer = owner.submit(&server, &page, &[("title", &title), ("do", "save")]);
                    assert_eq!(answer.status, 303, "{}", answer.body);
                    titles.lock().unwrap().push(title);
                }
            });
            scope.spawn(|| {
                for number in 0..40 {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let email = format!("drill{number}@jinfeng.example");
                    let mut browser = Browser::default();
                    let page = browser.get(&server, "/sign-in");
                    let answer = browser.submit(&server, &page, &[("email", &email)]);
                    if answer.status == 429 {
                        break;
                    }
                    assert_eq!(answer.status, 303, "{}", answer.body);
                    emails.lock().unwrap().push(email);
                }
            });
            wait_until(Duration::from_secs(60), "nobody writes", || {
                titles.lock().unwrap().len() >= 5 && emails.lock().unwrap().len() >= 5
            });
            let before = (titles.lock().unwrap().clone(), emails.lock().unwrap().clone());
            let output = command(old.path(), &database.url, &sink).arg("backup").arg(&file).output().unwrap();
            let enough = before.0.len() + 3;
            wait_until(Duration::from_secs(60), "nobody writes any more", || titles.lock().unwrap().len() >= enough);
            stop.store(true, Ordering::Relaxed);
            (before, output)
        });
        assert!(output.status.success(), "{}", said(&output));
        sink.answer_after(Duration::ZERO);
        wait_for_the_outbox(&database.url).await;
        server.kill();
        let sent = sink.mails().len();
        assert_eq!(sent, emails.lock().unwrap().len() + 1, "one letter to the enterprise, one for each sign-in");

        // The clean machine.
        let new = tempfile::tempdir().unwrap();
        let restored = database::fresh(new.path()).await;
        let output = command(new.path(), &restored.url, &sink).arg("restore").arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        let held = column(&restored.url, "SELECT recipient FROM mails WHERE state = 'expired'").await;
        assert!(!held.is_empty(), "no letter waited when the backup was taken; the drill shows nothing");
        waited += held.len();
        let there = column(&restored.url, "SELECT title FROM listings").await;
        for title in &before.0 {
            assert!(there.contains(title), "{title} was confirmed before the backup and is not in it");
        }
        let there = column(&restored.url, "SELECT recipient FROM mails").await;
        for email in &before.1 {
            assert!(there.contains(email), "the letter to {email} was confirmed before the backup and is not in it");
        }
        (wrote, asked) = (wrote + before.0.len(), asked + before.1.len());

        // Signing in, finding and the outbox work; what had been sent is not sent again.
        let server = Server::run(command(new.path(), &restored.url, &sink).arg("serve"));
        let mut browser = Browser::default();
        let page = browser.get(&server, "/sign-in");
        assert_eq!(browser.submit(&server, &page, &[("email", "zhao@jinfeng.example")]).status, 303);
        wait_until(Duration::from_secs(20), "the sign-in letter does not come", || sink.mails().len() > sent);
        let letter = sink.last_to("zhao@jinfeng.example");
        let path = letter.link("/sign-in/").splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap();
        let page = browser.get(&server, &path);
        assert_eq!(browser.submit(&server, &page, &[]).status, 303);
        let page = browser.get(&server, "/my");
        assert!(page.status == 200 && page.body.contains("drillneed0x"), "{}", page.body);
        let words: String = url::form_urlencoded::byte_serialize("示例果业".as_bytes()).collect();
        let search = format!("/api/v1/search?q={words}");
        let found = || Browser::default().get(&server, &search).body.contains("\"total\":1");
        wait_until(Duration::from_secs(20), "the enterprise is not found", found);
        wait_for_the_outbox(&restored.url).await;
        assert_eq!(sink.mails().len(), sent + 1, "a letter was sent twice");
        server.kill();
    }
    let seen = format!(
        "{wrote} drafts and {asked} letters confirmed before, all there; {waited} letters waited at the backup, 0 sent twice"
    );
    let test = "a_drill_restores_everything_that_was_confirmed_and_sends_nothing_twice";
    Line { test, rounds, must_hold: "what was confirmed before the backup is restored; no letter twice", seen }.write();
}

#[actix_web::test]
async fn killing_a_restore_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (database::fresh(folder.path()).await, tempfile::tempdir().unwrap());
    let sink = Sink::start().await;
    let fill = async |database: &str, word: &str, rows: usize| {
        let db = Db::open(database).await.unwrap();
        for start in (0..rows).step_by(500) {
            let values: Vec<String> = (start..start + 500)
                .map(|number| format!("('{word}{number}', 'rest', '{}')", "一天假期".repeat(40)))
                .collect();
            let sql = format!("INSERT INTO holidays (day, kind, name) VALUES {}", values.join(", "));
            db.reader().execute_unprepared(&sql).await.unwrap();
        }
        db.close().await.unwrap();
    };
    const ROWS: usize = 20_000;
    fill(&from.url, "new", ROWS).await;
    let file = folder.path().join("backup.db");
    let output = command(folder.path(), &from.url, &sink).arg("backup").arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let target = database::fresh(to.path()).await;
    fill(&target.url, "old", 500).await;
    let db = Db::open(&target.url).await.unwrap();
    for slug in ["one", "two", "three"] {
        let zone = format!("INSERT INTO zones (slug, name_zh, name_en, position) VALUES ('{slug}', '展区', 'Zone', 1)");
        db.reader().execute_unprepared(&zone).await.unwrap();
    }
    db.close().await.unwrap();
    let days = async || {
        let of = async |word: &str| {
            column(&target.url, &format!("SELECT day FROM holidays WHERE day LIKE '{word}%'")).await.len()
        };
        (of("old").await, of("new").await)
    };
    let started = std::time::Instant::now();
    let restore = || {
        let mut command = command(to.path(), &target.url, &sink);
        command.args(["restore", "--overwrite"]).arg(&file).stdout(std::process::Stdio::null());
        command
    };
    let rounds = rounds(6, 30);
    let mut killed = 0;
    for round in 0..rounds {
        let mut process = restore().spawn().unwrap();
        // From a start that has done nothing to one that is nearly done.
        std::thread::sleep(Duration::from_millis(40 + round * 1200 / rounds));
        if process.try_wait().unwrap().is_some() {
            break;
        }
        process.kill().unwrap();
        process.wait().unwrap();
        match days().await {
            (500, 0) => killed += 1,
            // The kill came right after the commit.
            (0, ROWS) => break,
            left => panic!("a restore that was killed has left {left:?}"),
        }
    }
    // What was there goes on: numbers are given as before.
    let db = Db::open(&target.url).await.unwrap();
    let zone = "INSERT INTO zones (slug, name_zh, name_en, position) VALUES ('after', '展区', 'Zone', 1)";
    db.reader().execute_unprepared(zone).await.unwrap();
    db.close().await.unwrap();
    assert!(killed > 1, "every restore was faster than its kill; the test shows nothing");
    let output = restore().output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(days().await, (0, ROWS));
    let seen = format!("{killed} kills, the old state whole each time; {} ms in all", started.elapsed().as_millis());
    let test = "killing_a_restore_leaves_what_was_there";
    Line { test, rounds, must_hold: "a restore is whole or has not happened", seen }.write();
}
