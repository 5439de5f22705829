//! Disks that fail, fill up, and lose the power: what was answered as saved is there.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    client::{Client, Posters, by_status, saved},
    database,
    report::{Line, rounds},
    scene,
    server::{Server, wait_until},
    sink::Sink,
    tools::{self, SmallDisk},
    truth,
};

fn is_postgres() -> bool {
    std::env::var_os("YLH_TEST_POSTGRES").is_some()
}

/// Starts a command that may be killed before it says READY.
fn start(command: &mut Command) -> Result<Server, Child> {
    use std::io::{BufRead as _, BufReader};
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    while stdout.read_line(&mut line).unwrap() > 0 {
        if let Some(address) = line.trim().strip_prefix("READY http://") {
            return Ok(Server::ready(process, address.to_owned(), stdout));
        }
        line.clear();
    }
    Err(process)
}

#[actix_web::test]
async fn killing_at_every_sync_loses_nothing_that_was_answered() {
    if is_postgres() {
        return println!("SQLite's own syncs; PostgreSQL has a crash test of its own server in `databases.rs`");
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (_, link) = scene::enterprise(folder.path(), &database.url).await;
    let server = Server::start(folder.path(), &database.url, &sink);
    let client = Client::signed_in(&server, &link);
    server.kill();
    let traces = tools::may_trace();
    let counts: Vec<u64> = if crate::report::is_full() { (1..=200).collect() } else { vec![1, 2, 3, 5, 9, 17, 40] };
    let mut all = Vec::new();
    let (mut at_start, mut by_time) = (0, 0);
    for count in &counts {
        let mut program = Server::command(folder.path(), &database.url, &sink);
        program.arg("serve").arg("--no-worker");
        let inject = format!("fsync,fdatasync:signal=KILL:when={count}");
        let mut command = if traces { tools::traced(&inject, "fsync,fdatasync", &program) } else { program };
        let mut server = match start(&mut command) {
            Ok(server) => server,
            Err(mut process) => {
                process.wait().unwrap();
                at_start += 1;
                continue;
            }
        };
        let posters = Posters::start(&server.address, &client, 5, &format!("k{count}"));
        let longest = if traces { Duration::from_secs(30) } else { Duration::from_millis(count * 37 % 2000) };
        if tools::ended(&mut server.process, longest).is_none() {
            by_time += 1;
            server.process.kill().unwrap();
        }
        server.process.wait().unwrap();
        all.extend(posters.stop());
        truth::nothing_lost(&database.url, &saved(&all)).await;
    }
    assert!(saved(&all).len() > counts.len(), "hardly anything was posted; the test shows nothing");
    // And the last crash image is a site that serves.
    let server = Server::start(folder.path(), &database.url, &sink);
    let mut reader = client.clone();
    assert_eq!(reader.get(&server, "/my").unwrap().status, 200);
    let how = if traces { "SIGKILL at the n-th sync of a thread" } else { "no ptrace here: SIGKILL at odd times" };
    let seen = format!(
        "{how}: {} saved, 0 lost, 0 halves, integrity ok; {at_start} died starting, {by_time} never got there",
        saved(&all).len()
    );
    let test = "killing_at_every_sync_loses_nothing_that_was_answered";
    let rounds = u64::try_from(counts.len()).unwrap();
    Line { test, rounds, must_hold: "every 303 is there, none in half", seen }.write();
}

#[actix_web::test]
async fn a_sync_that_fails_claims_nothing() {
    if is_postgres() || !tools::may_trace() {
        return println!("needs SQLite and ptrace: an error cannot be put into fdatasync otherwise");
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (_, link) = scene::enterprise(folder.path(), &database.url).await;
    let server = Server::start(folder.path(), &database.url, &sink);
    let client = Client::signed_in(&server, &link);
    server.kill();
    let mut program = Server::command(folder.path(), &database.url, &sink);
    program.arg("serve").arg("--no-worker");
    let rounds = rounds(3, 20);
    let (mut all, mut refused) = (Vec::new(), 0);
    for round in 0..rounds {
        // One sync of each thread fails, as with a disk that stumbles; the next ones go through again.
        let inject = format!("fsync,fdatasync:error=EIO:when={}", 3 + round * 3);
        let server = Server::run(&mut tools::traced(&inject, "fsync,fdatasync", &program));
        let posters = Posters::start(&server.address, &client, 5, &format!("e{round}"));
        wait_until(Duration::from_secs(60), "too few posts were saved", || posters.saved() > 30 + round * 4);
        let posts = posters.stop();
        refused += posts.iter().filter(|post| post.status == Some(503)).count();
        let odd: Vec<_> = posts.iter().filter(|post| !matches!(post.status, Some(303 | 503))).collect();
        assert!(odd.is_empty(), "{odd:?}");
        all.extend(posts);
        server.kill();
        truth::nothing_lost(&database.url, &saved(&all)).await;
    }
    assert!(refused > 0, "no request met the failed sync; the test shows nothing");
    let seen =
        format!("{} saved and there, {refused} answered 503, the rest of each run saved again", saved(&all).len());
    Line {
        test: "a_sync_that_fails_claims_nothing",
        rounds,
        must_hold: "an fsync with EIO is a 503, never a 303",
        seen,
    }
    .write();
}

#[actix_web::test]
async fn a_full_disk_stops_writing_only() {
    if is_postgres() {
        return println!("the disk of the database is PostgreSQL's own; see the full index folder");
    }
    let Some(disk) = SmallDisk::mount(48) else {
        return println!("needs a file system of its own (root); nothing was shown");
    };
    let folder = disk.path().join("var");
    fs::create_dir(&folder).unwrap();
    let database = format!("sqlite://{}", folder.join("park.db").display());
    let sink = Sink::start().await;
    let (_, link) = scene::enterprise(&folder, &database).await;
    let server = Server::start(&folder, &database, &sink);
    let mut client = Client::signed_in(&server, &link);
    let mut english = Client::in_english();
    let mut all = Vec::new();
    let rounds = rounds(2, 10);
    let mut back = Duration::ZERO;
    for round in 0..rounds {
        let posters = Posters::start(&server.address, &client, 3, &format!("f{round}"));
        wait_until(Duration::from_secs(30), "too few posts were saved", || posters.saved() > 10);
        disk.fill();
        // SQLite goes on for a while in the room that its files have; fill until it is used up.
        let full = |client: &mut Client, number: usize| {
            client.post_need(&server.address, &format!("needofoffull{round}x{number}")).unwrap()
        };
        let refused = (0..).map(|number| full(&mut client, number)).find(|reply| reply.status != 303).unwrap();
        assert_eq!((refused.status, refused.heading().as_str()), (503, "服务正在恢复"), "{}", refused.body);
        assert_eq!(refused.header("retry-after"), Some("15"));
        for path in ["/", "/enterprises", "/search?q=水果", "/my"] {
            let page = client.get(&server, path).unwrap();
            assert_eq!(page.status, 200, "{path} while the disk is full");
        }
        let unfit = english.get(&server, "/readyz").unwrap();
        assert!(unfit.body.starts_with("degraded\n") && unfit.body.contains("is its disk full?"), "{}", unfit.body);
        assert_eq!(unfit.status, 503);
        all.extend(posters.stop());
        disk.free();
        let freed = Instant::now();
        let mut number = 0;
        wait_until(Duration::from_secs(30), "no post is saved though there is room", || {
            number += 1;
            client.post_need(&server.address, &format!("needoffree{round}x{number}")).unwrap().status == 303
        });
        wait_until(Duration::from_secs(60), "the site does not say that it is well again", || {
            english.get(&server, "/readyz").unwrap().status == 200
        });
        back = back.max(freed.elapsed());
    }
    server.kill();
    truth::nothing_lost(&database, &saved(&all)).await;
    let seen = format!(
        "{} saved, 0 lost; posts {:?}; pages 200 all the while; well {} ms after there was room, same process",
        saved(&all).len(),
        by_status(&all),
        back.as_millis()
    );
    let must_hold = "posts 503, pages 200, back without a restart";
    Line { test: "a_full_disk_stops_writing_only", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn a_full_index_folder_is_said_and_repairs_itself() {
    let Some(disk) = SmallDisk::mount(16) else {
        return println!("needs a file system of its own (root); nothing was shown");
    };
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (enterprise, link) = scene::enterprise(folder.path(), &database.url).await;
    // The folder of the index alone is on the small disk.
    fs::remove_dir_all(folder.path().join("index")).ok();
    std::os::unix::fs::symlink(disk.path(), folder.path().join("index")).unwrap();
    let server = Server::start(folder.path(), &database.url, &sink);
    let mut browser = crate::server::Browser::default();
    let page = browser.get(&server, &link);
    assert_eq!(browser.submit(&server, &page, &[]).status, 303);
    let mut describe = |words: &str| {
        let page = browser.get(&server, &format!("/enterprises/{enterprise}/edit"));
        let answer = browser.submit(&server, &page, &[("about", &format!("水果加工,{words}。"))]);
        assert_eq!(answer.status, 303, "{}", answer.body);
    };
    let mut reader = Client::in_english();
    let mut finds = |word: &str| {
        let found = reader.get(&server, &format!("/api/v1/search?q={word}")).unwrap();
        assert_eq!(found.status, 200, "{}", found.body);
        found.body.contains("\"total\":1")
    };
    let mut monitor = Client::in_english();
    let mut ready = || monitor.get(&server, "/readyz").unwrap();
    let rounds = rounds(2, 10);
    let mut back = Duration::ZERO;
    describe("firstword0x");
    wait_until(Duration::from_secs(20), "the first word is not found", || finds("firstword0x"));
    for round in 0..rounds {
        let (old, new) = (format!("firstword{round}x"), format!("firstword{}x", round + 1));
        disk.fill();
        // Words until the engine wants a block more than it has.
        describe(&format!("{old} filler{round}"));
        let mut number = 0;
        wait_until(Duration::from_secs(60), "the index never ran out of room", || {
            number += 1;
            describe(&format!("{old} filler{round}x{number} {}", "柚皮果胶提取工艺 ".repeat(50)));
            disk.fill();
            let said = ready();
            said.status == 503 && said.body.contains("index: what is found may be old")
        });
        describe(&new);
        assert!(finds(&old) && !finds(&new), "what was found before is found on");
        disk.free();
        let freed = Instant::now();
        wait_until(Duration::from_secs(30), "the new word is not found though there is room", || finds(&new));
        assert!(!finds(&old));
        wait_until(Duration::from_secs(10), "the site does not say that it is well again", || ready().status == 200);
        back = back.max(freed.elapsed());
    }
    let seen = format!("saved and said each time; found {} ms after there was room, same process", back.as_millis());
    let must_hold = "saved, old index serves, said, repaired by itself";
    Line { test: "a_full_index_folder_is_said_and_repairs_itself", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn a_damaged_index_is_built_again_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    scene::enterprise(folder.path(), &database.url).await;
    let finds = |server: &Server| {
        Client::in_english().get(server, "/api/v1/search?q=水果").is_ok_and(|found| found.body.contains("\"total\":1"))
    };
    let here = folder.path().join("index").join(format!("v{}", index::SCHEMA_VERSION));
    let aside = here.with_extension("damaged");
    let rounds = rounds(1, 5);
    let mut slowest = Duration::ZERO;
    type Damage = (&'static str, fn(&Path));
    let damages: [Damage; 4] = [
        ("meta.json", |file| fs::remove_file(file).unwrap()),
        (".term", |file| {
            let length = fs::metadata(file).unwrap().len();
            fs::OpenOptions::new().write(true).open(file).unwrap().set_len(length / 2).unwrap();
        }),
        (".store", |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[0] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("meta.json", |file| {
            // What another release would have written: a field of another name.
            let meta = fs::read_to_string(file).unwrap();
            fs::write(file, meta.replacen("\"url\"", "\"address\"", 1)).unwrap();
        }),
    ];
    for _ in 0..rounds {
        for (ending, damage) in &damages {
            let server = Server::start(folder.path(), &database.url, &sink);
            wait_until(Duration::from_secs(20), "it is not found", || finds(&server));
            server.kill();
            fs::remove_dir_all(&aside).ok();
            let file = fs::read_dir(&here).unwrap().map(|entry| entry.unwrap().path());
            damage(&file.into_iter().find(|file| file.to_string_lossy().ends_with(ending)).unwrap());
            let started = Instant::now();
            let server = Server::start(folder.path(), &database.url, &sink);
            wait_until(Duration::from_secs(20), "it is not found again", || finds(&server));
            slowest = slowest.max(started.elapsed());
            assert!(aside.is_dir(), "the damaged index ({ending}) is kept aside");
            server.kill();
        }
    }
    let rounds = rounds * 4;
    let seen = format!("put aside each time, found again after {} ms at most, start included", slowest.as_millis());
    let must_hold = "put aside, built again, no crash loop";
    Line { test: "a_damaged_index_is_built_again_at_the_start", rounds, must_hold, seen }.write();
}

#[actix_web::test]
async fn a_second_process_on_one_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let server = Server::start(folder.path(), &database.url, &sink);
    let work = Server::run(Server::command(folder.path(), &database.url, &sink).arg("work"));
    for command in ["serve", "work"] {
        let second = Server::command(folder.path(), &database.url, &sink).arg(command).output().unwrap();
        let said = String::from_utf8_lossy(&second.stderr);
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains("in use by another process; one folder belongs to one process"), "{said}");
        assert_eq!(Client::in_english().get(&server, "/readyz").unwrap().status, 200);
    }
    drop(work);
    let seen = "exit 1 and the folder named; the first goes on".to_owned();
    let test = "a_second_process_on_one_folder_is_refused";
    Line { test, rounds: 2, must_hold: "the second refuses in words", seen }.write();
}
