//! Backup and restore: everything comes back, on either engine, and nothing is sent twice.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{TimeDelta, Utc};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use yonglianhui::{
    backup::{
        Error, keep,
        restore::{self, Since, Target},
        schedule, verify, write,
    },
    check,
    config::Config,
    db::{Alone, Db, Read as _},
    introduction::{pass, propose},
    mail::Status,
    member::Role,
};

use crate::support::{Party, TestApp};

async fn backed_up(site: &TestApp, name: &str) -> PathBuf {
    let file = site.folder().join(name);
    write::write(&site.app.db, &file, site.app.clock.now()).await.unwrap();
    file
}

/// What a backup says that each table holds: rows and a digest of them.
async fn digests(file: &Path) -> BTreeMap<String, (i64, String)> {
    let db = Db::alone(file, Alone::Reading).await.unwrap();
    // Marks are numbered anew, and the ledger of backups belongs to one machine.
    let sql = "SELECT name, rows, digest FROM backup_tables WHERE name NOT IN ('marks', 'backups')";
    let rows = db.reader().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    let found = rows.iter().map(|row| {
        (row.try_get_by_index(0).unwrap(), (row.try_get_by_index(1).unwrap(), row.try_get_by_index(2).unwrap()))
    });
    let found = found.collect();
    db.close().await.unwrap();
    found
}

async fn total(site: &TestApp, words: &str) -> serde_json::Value {
    let page = site.visitor().get(&format!("/api/v1/search?q={words}")).await;
    serde_json::from_str::<serde_json::Value>(&page.html).unwrap()["total"].clone()
}

/// A site in the middle of its work: an introduction whose question is with the team.
async fn at_work(site: &TestApp) -> (Party, Party) {
    let (firm, team) = (site.enterprise("one").await, site.team("two").await);
    let need = site.live_need(&firm, "柚皮提取果胶得率低").await;
    site.live_result(&team, "柚皮果胶绿色提取").await;
    site.run_until_idle().await;
    let reason = "您的成果正是柚皮果胶提取，我们有原料和场地，想请您来厂里看看。";
    let id = propose::propose(&site.app, firm.member, need, team.id, reason, "").await.unwrap();
    let broker = site.appointed(Role::Broker).await;
    pass::pass(&site.app, broker, id).await.unwrap();
    (firm, team)
}

#[actix_web::test]
async fn a_site_moves_to_another_database_whole() {
    let site = TestApp::start().await;
    let (firm, team) = at_work(&site).await;
    let member = site.signed_in(&firm.email).await;
    let file = backed_up(&site, "first.db").await;
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&file.metadata().unwrap()) & 0o777, 0o600);
    // The other engine on the way: SQLite between two PostgreSQL, or between two SQLite.
    let between = tempfile::tempdir().unwrap();
    let mut config = (*site.app.config).clone();
    config.database_url = format!("sqlite://{}", between.path().join("park.db").display());
    config.data_dir = between.path().to_owned();
    restore::restore(&config, &file, Target::Empty, Since::Nothing).await.unwrap();
    let db = Db::open(&config.database_url).await.unwrap();
    let second = between.path().join("second.db");
    write::write(&db, &second, site.app.clock.now()).await.unwrap();
    db.close().await.unwrap();
    assert_eq!(digests(&file).await, digests(&second).await);

    let moved = site.restored(&second, Since::Nothing).await;
    let third = backed_up(&moved, "third.db").await;
    assert_eq!(digests(&file).await, digests(&third).await);
    site.leave_rest();
    // It goes on where it was: who was signed in is, what waited is sent, and the question is answered.
    let same = moved.visitor();
    for (name, value) in member.cookies() {
        same.set_cookie(&name, &value);
    }
    assert_eq!(same.get("/my").await.status, 200);
    moved.run_until_idle().await;
    let question = moved.sink.last_to(&team.email);
    let page = moved.visitor().get(&same.path_of(&question.link("/introductions/"))).await;
    assert!(page.main().contains("柚皮提取果胶得率低"), "{}", page.main());
    assert_eq!(total(&moved, "果胶").await, total(&site, "果胶").await);
}

#[actix_web::test]
async fn letters_that_waited_are_held_after_a_restore() {
    let site = TestApp::start().await;
    let (_, team) = at_work(&site).await;
    let visitor = site.visitor();
    let page = visitor.get("/sign-in").await;
    visitor.submit(&page, "main form", &[("email", "zhao@jinfeng.example")]).await;
    let before = site.mails().len();
    let file = backed_up(&site, "backup.db").await;
    site.run_until_idle().await;
    let sent = site.mails().len();
    assert!(sent > before, "letters waited when the backup was made");
    let question = site.sink.last_to(&team.email);
    let token = question.link("/introductions/").rsplit('/').next().unwrap().split('#').next().unwrap().to_owned();

    let restored = site.restored(&file, Since::Unknown).await;
    restored.run_until_idle().await;
    assert_eq!(restored.mails().len(), sent, "a letter was sent twice");
    let trouble = yonglianhui::mail::store::trouble(&restored.app.db, 100).await.unwrap();
    assert!(trouble.iter().all(|mail| mail.status == Status::Uncertain), "{trouble:?}");
    let held: Vec<&str> = trouble.iter().map(|mail| mail.letter.as_str()).collect();
    assert!(held.contains(&"introduction/ask") && !held.contains(&"member/sign_in"), "{held:?}");
    assert!(!restored.rows().await["mails"].join("\n").contains(&token), "a link is kept");
    let desk = restored.staff(Role::Broker).await.get("/desk/mails").await;
    assert!(desk.main().contains(&trouble[0].subject), "{}", desk.main());
    // The link that did arrive still answers, and whoever was signed in signs in again.
    let page = restored.visitor().get(&format!("/introductions/{token}")).await;
    assert!(page.has("main form"), "{}", page.main());
    assert!(restored.rows().await["sessions"].len() <= 1, "only the broker has signed in since");
}

#[actix_web::test]
async fn an_index_that_is_ahead_of_a_restored_database_is_built_again() {
    let site = TestApp::start().await;
    let (firm, _) = at_work(&site).await;
    let file = backed_up(&site, "backup.db").await;
    site.live_need(&firm, "竹条分选速度慢").await;
    site.run_until_idle().await;
    assert_eq!(total(&site, "竹条").await, 1);
    let before = total(&site, "果胶").await;
    let done = restore::restore(&site.app.config, &file, Target::Overwritten, Since::Unknown).await.unwrap();
    assert!(done.held > 0 && done.about.rows() > 0);
    site.run_until_idle().await;
    assert_eq!((total(&site, "竹条").await, total(&site, "果胶").await), (0.into(), before));
    // What comes afterwards is found like ever.
    site.live_need(&firm, "油茶籽粕怎么用").await;
    site.run_until_idle().await;
    assert_eq!(total(&site, "油茶籽粕").await, 1);
}

#[actix_web::test]
async fn a_restore_replaces_data_only_when_told() {
    let site = TestApp::start().await;
    at_work(&site).await;
    site.run_until_idle().await;
    let file = backed_up(&site, "backup.db").await;
    let again = write::write(&site.app.db, &file, site.app.clock.now()).await;
    assert!(matches!(again, Err(Error::Exists(_))), "a backup has overwritten a file");
    let before = site.rows().await;
    let refused = restore::restore(&site.app.config, &file, Target::Empty, Since::Nothing).await;
    assert!(matches!(refused, Err(Error::HasData)), "{refused:?}");
    assert_eq!(before, site.rows().await);
}

#[actix_web::test]
async fn a_damaged_backup_is_refused_and_nothing_is_touched() {
    let site = TestApp::start().await;
    at_work(&site).await;
    site.run_until_idle().await;
    let file = backed_up(&site, "backup.db").await;
    let before = site.rows().await;
    let whole = std::fs::read(&file).unwrap();
    let at = |text: &str| {
        let found = whole.windows(text.len()).position(|each| each == text.as_bytes());
        found.unwrap_or_else(|| panic!("{text} is not in the backup"))
    };
    let bad = site.folder().join("bad.db");
    let refused = async |bytes: &[u8], what: &str| {
        std::fs::write(&bad, bytes).unwrap();
        let answer = restore::restore(&site.app.config, &bad, Target::Overwritten, Since::Nothing).await;
        assert!(matches!(answer, Err(Error::Damaged(..) | Error::Foreign(_))), "{what}: {answer:?}");
    };
    for text in ["柚皮提取果胶得率低", "one@firm.example", "introduction/ask", "yonglianhui-backup/1"] {
        let mut flipped = whole.clone();
        flipped[at(text) + 1] ^= 1;
        refused(&flipped, text).await;
    }
    refused(&whole[..whole.len() / 2], "half of it").await;
    refused(&whole[..whole.len() - 4096], "a page less").await;
    refused(b"", "nothing").await;
    refused("id,title\n1,柚子\n".repeat(500).as_bytes(), "something else").await;
    assert_eq!(before, site.rows().await);
    assert!(verify::verify(&file).await.is_ok(), "the whole one is whole");
}

#[actix_web::test]
async fn an_older_backup_is_brought_up_to_date_and_a_newer_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let known = Db::known_migrations();
    let old = folder.path().join("old.db");
    std::fs::write(&old, b"").unwrap();
    let db = Db::alone(&old, Alone::Writing).await.unwrap();
    // As the first release left it.
    db.migrate_to(8).await.unwrap();
    let zone = "INSERT INTO zones (slug, name_zh, name_en, position) VALUES ('food', '食品展区', 'Food', 1)";
    db.reader().execute_unprepared(zone).await.unwrap();
    let file = folder.path().join("backup.db");
    write::write(&db, &file, Utc::now()).await.unwrap();
    db.close().await.unwrap();

    let site = TestApp::start().await;
    let done = restore::restore(&site.app.config, &file, Target::Empty, Since::Unknown).await.unwrap();
    assert_eq!(done.about.rows(), 1);
    assert_eq!(site.app.db.pending().await.unwrap(), 0);
    assert!(site.visitor().get("/zones/food").await.main().contains("食品展区"));
    let left: Vec<_> = std::fs::read_dir(site.folder()).unwrap().map(|each| each.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("restoring")), "{left:?}");

    let db = Db::alone(&file, Alone::Writing).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_later', 0)";
    db.reader().execute_unprepared(newer).await.unwrap();
    db.close().await.unwrap();
    let refused = restore::restore(&site.app.config, &file, Target::Overwritten, Since::Unknown).await.unwrap_err();
    assert!(refused.to_string().contains("m20990101_000001_later"), "{refused}");
    assert!(refused.to_string().contains("newer program"), "{refused}");
    assert!(known.len() >= 8 && site.visitor().get("/zones/food").await.status == 200);
}

#[actix_web::test]
async fn a_backup_while_writers_write_holds_one_moment() {
    let site = TestApp::start().await;
    let zone = site.zone("food").await;
    let firm = site.enterprise("one").await;
    site.run_until_idle().await;
    // Each transaction writes two rows; a view that is not one moment would hold half a pair.
    let config: Config = (*site.app.config).clone();
    let writer = Db::open(&config.database_url).await.unwrap();
    let write_pairs = async {
        for number in 0..60 {
            writer
                .write(async |tx| {
                    for part in ["a", "b"] {
                        let sql = format!(
                            "INSERT INTO form_keys (form_key, answer, spent_at) VALUES ('{part}{number}', '', '2026-11-02 01:00:00+00:00')"
                        );
                        tx.reader().execute_unprepared(&sql).await?;
                        tokio::task::yield_now().await;
                    }
                    Ok::<_, yonglianhui::fault::Fault>(())
                })
                .await
                .unwrap();
        }
    };
    let take = async {
        let mut files = Vec::new();
        for number in 0..4 {
            files.push(backed_up(&site, &format!("{number}.db")).await);
        }
        files
    };
    let ((), files) = futures_util::future::join(write_pairs, take).await;
    writer.close().await.unwrap();
    let mut seen = Vec::new();
    for file in files {
        let db = Db::alone(&file, Alone::Reading).await.unwrap();
        let sql = "SELECT (SELECT count(*) FROM form_keys WHERE form_key LIKE 'a%'), (SELECT count(*) FROM form_keys WHERE form_key LIKE 'b%')";
        let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
        let (a, b): (i64, i64) = (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
        assert_eq!(a, b, "a backup holds half a transaction");
        seen.push(a);
        db.close().await.unwrap();
    }
    assert!(seen.is_sorted(), "{seen:?}");
    assert!(zone.0 > 0 && firm.id.0 > 0);
}

fn files(folder: &Path) -> Vec<String> {
    let found = std::fs::read_dir(folder).unwrap().map(|each| each.unwrap().file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = found.collect();
    found.sort();
    found
}

#[actix_web::test]
async fn one_node_takes_a_backup_a_day_and_old_ones_go() {
    let site = TestApp::start_with(|config| {
        config.backup_dir = Some(config.data_dir.join("backups"));
        config.backup_days = 2;
        config.backup_weeks = 1;
    })
    .await;
    site.zone("food").await;
    let folder = site.folder().join("backups");
    let mut other = site.app.clone();
    other.db = Db::open(&site.app.config.database_url).await.unwrap();
    let (one, two) = (Box::pin(schedule::run_once(&site.app)), Box::pin(schedule::run_once(&other)));
    let (one, two) = futures_util::future::join(one, two).await;
    assert_eq!(one.unwrap() + two.unwrap(), 1, "two nodes have taken the same backup, or none");
    assert_eq!(schedule::run_once(&site.app).await.unwrap() + schedule::run_once(&other).await.unwrap(), 0);
    assert_eq!(schedule::last_good(&site.app.db).await.unwrap(), Some(site.app.clock.now()));
    // What a killed backup and other people left there stays or goes as it should.
    std::fs::write(folder.join("before-upgrade.db"), "x").unwrap();
    let left = folder.join(".park-20261101T190000Z.db.1.part");
    std::fs::write(&left, "x").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3 * 3600);
    std::fs::File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
    for _ in 0..9 {
        site.forward(TimeDelta::days(1));
        assert_eq!(schedule::run_once(&other).await.unwrap(), 1);
    }
    let now = site.app.clock.now();
    let kept = [now, now - TimeDelta::days(1), now - TimeDelta::days(3)];
    // The Sunday of the week before is of the last seven days; what is older is not.
    let mut expected: Vec<String> = kept.map(keep::name).into();
    expected.push("before-upgrade.db".to_owned());
    expected.sort();
    assert_eq!(files(&folder), expected);
    assert!(verify::verify(&folder.join(keep::name(now))).await.is_ok());
    other.db.close().await.unwrap();
}

#[actix_web::test]
async fn a_backup_that_fails_is_seen_and_tried_again() {
    let site = TestApp::start_with(|config| config.backup_dir = Some(config.data_dir.join("backups"))).await;
    site.zone("food").await;
    site.forward(Utc::now() - site.app.clock.now());
    let folder = site.folder().join("backups");
    std::fs::write(&folder, "a file where the folder should be").unwrap();
    let staff = site.staff(Role::Broker).await;
    assert!(!staff.get("/desk").await.has("#backup"), "nothing has failed yet");
    assert_eq!(schedule::run_once(&site.app).await.unwrap(), 0);
    assert_eq!(staff.get("/desk").await.texts("#backup").len(), 1);
    let (lines, well) = check::check(&site.app.config).await;
    let of_backup = |lines: &[String]| lines.iter().find(|line| line.starts_with("backup: ")).unwrap().clone();
    assert!(!well && of_backup(&lines).contains("YLH_BACKUP_DIR"), "{lines:?}");
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(schedule::run_once(&site.app).await.unwrap(), 0, "not before a quarter of an hour");
    let (lines, _) = check::check(&site.app.config).await;
    assert!(of_backup(&lines).contains("the last try failed"), "{lines:?}");
    site.forward(TimeDelta::minutes(16));
    assert_eq!(schedule::run_once(&site.app).await.unwrap(), 1);
    assert!(!staff.get("/desk").await.has("#backup"));
    let (lines, _) = check::check(&site.app.config).await;
    assert!(of_backup(&lines).starts_with("backup: ok"), "{lines:?}");
    // Two days without one are seen as well.
    site.forward(TimeDelta::days(2));
    let staff = site.staff(Role::Broker).await;
    assert_eq!(staff.get("/desk").await.texts("#backup").len(), 1);
}

#[actix_web::test]
async fn a_damaged_database_file_is_found_by_check() {
    let site = TestApp::start().await;
    at_work(&site).await;
    site.run_until_idle().await;
    if site.app.db.is_postgres() {
        println!("PostgreSQL looks after its own files; its checksums and pg_amcheck are its tools");
        return;
    }
    let copy = tempfile::tempdir().unwrap();
    let path = copy.path().join("park.db");
    let file = backed_up(&site, "backup.db").await;
    let mut bytes = std::fs::read(&file).unwrap();
    let config = Config::plain(copy.path().to_owned()).unwrap();
    std::fs::write(&path, &bytes).unwrap();
    let of_database = |lines: Vec<String>| lines.into_iter().find(|line| line.starts_with("database: ")).unwrap();
    let (lines, _) = check::check(&config).await;
    assert!(of_database(lines).starts_with("database: ok"));
    let at = bytes.len() / 4096 / 2 * 4096;
    bytes[at..at + 64].fill(0xff);
    std::fs::write(&path, &bytes).unwrap();
    for beside in ["park.db-wal", "park.db-shm"] {
        std::fs::remove_file(copy.path().join(beside)).ok();
    }
    let (lines, well) = check::check(&config).await;
    let line = of_database(lines);
    assert!(!well && line.starts_with("database: WRONG"), "{line}");
}
