//! Several processes at one outbox, long backlogs, processes that stand still, and clocks that are wrong.

use std::{
    collections::BTreeSet,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::json;
use yonglianhui::{
    app::App,
    fault::Fault,
    mail::{self, Address},
    words::Language,
};

use crate::{
    clocks::WrongClock,
    contract::count,
    database, pairs,
    report::{Line, rounds},
    server::{Browser, Server, wait_until},
    sink::{Rule, Sink, Step},
};

/// Puts so many usual letters into the outbox, to `<name><number>` at a few domains.
async fn backlog(app: &App, name: &str, many: usize) {
    let view = json!({ "site": "永链荟", "code": "", "link": "http://hall.example/needs/1", "minutes": 20 });
    let letter = mail::compose(app, Language::Chinese, "member/sign_in", &view).unwrap();
    let numbers: Vec<usize> = (0..many).collect();
    for part in numbers.chunks(1000) {
        app.db
            .write(async |tx| {
                for number in part {
                    // Domains of its own: what one of them suffers keeps no other backlog waiting.
                    let to = Address::parse(&format!("{name}{number}@{name}{}.example", number % 10)).unwrap();
                    mail::enqueue(tx, app, letter.clone().to(to, "赵丽")).await?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
    }
}

/// A `work` process with a folder of its own that greets the mail server as `name`.
fn worker(folder: &Path, name: &str, database: &str, sink: &Sink, clock: Option<&WrongClock>) -> Server {
    let own = folder.join(name);
    std::fs::create_dir_all(&own).unwrap();
    let mut command = Server::command(&own, database, sink);
    command.arg("work").env("YLH_SMTP_URL", format!("{}/{name}", sink.url())).env("YLH_SECRET", pairs::secret(folder));
    if let Some(clock) = clock {
        clock.put_into(&mut command);
    }
    Server::run(&mut command)
}

/// How long it takes until the mail server has taken so many.
fn until_taken(sink: &Sink, many: usize) -> Duration {
    let started = Instant::now();
    wait_until(Duration::from_secs(600), "the backlog does not leave", || sink.count() >= many);
    started.elapsed()
}

/// Everybody of a backlog got one letter.
fn each_once(sink: &Sink, many: usize) {
    let people: BTreeSet<String> = sink.mails().into_iter().flat_map(|mail| mail.recipients).collect();
    assert_eq!((sink.count(), people.len()), (many, many), "letters, people");
}

#[actix_web::test]
async fn two_nodes_send_each_letter_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let app = pairs::app(folder.path(), &database.url).await;
    let many = usize::try_from(rounds(400, 5000)).unwrap();
    let mut seen = Vec::new();
    // Without a pause of the mail server it shows what one of us can do at most; with one, what two are worth.
    for pause in [0, 20] {
        let mut rates = Vec::new();
        for names in [&["one"][..], &["one", "two"]] {
            let sink = Sink::start().await;
            sink.answer_after(Duration::from_millis(pause));
            backlog(&app, &format!("p{pause}n{}-", names.len()), many).await;
            let nodes: Vec<Server> =
                names.iter().map(|name| worker(folder.path(), name, &database.url, &sink, None)).collect();
            let (before, started) = (sink.count(), Instant::now());
            until_taken(&sink, many);
            let rate = f64::from(u32::try_from(many - before).unwrap()) / started.elapsed().as_secs_f64();
            wait_until(Duration::from_secs(20), "what was sent is not written down", || {
                waited(count(&database.url, "SELECT count(*) AS n FROM mails WHERE state <> 'sent'")) == 0
            });
            nodes.into_iter().for_each(Server::kill);
            each_once(&sink, many);
            rates.push(rate);
        }
        seen.push(format!(
            "{pause} ms a mail: {:.0}/s by one, {:.0}/s by two ({:.2} times)",
            rates[0],
            rates[1],
            rates[1] / rates[0]
        ));
    }
    let test = "two_nodes_send_each_letter_once";
    Line { test, rounds: u64::try_from(many).unwrap(), must_hold: "each letter once", seen: seen.join("; ") }.write();
}

#[actix_web::test]
async fn a_sign_in_letter_leaves_before_a_backlog() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let app = pairs::app(folder.path(), &database.url).await;
    let many = usize::try_from(rounds(3000, 50_000)).unwrap();
    backlog(&app, "b", many).await;
    let sink = Sink::start().await;
    sink.answer_after(Duration::from_millis(20));
    let server = Server::start(folder.path(), &database.url, &sink);
    until_taken(&sink, 50);
    let (mut slowest, mut asked) = (Duration::ZERO, 0);
    for number in 0..rounds(3, 10) {
        let email = format!("somebody{number}@jinfeng.example");
        let mut browser = Browser::default();
        let page = browser.get(&server, "/sign-in");
        let started = Instant::now();
        assert_eq!(browser.submit(&server, &page, &[("email", &email)]).status, 303);
        wait_until(Duration::from_secs(10), "a sign-in letter waits behind the backlog", || {
            sink.find(|mail| (mail.recipients == [email.as_str()]).then_some(())).is_some()
        });
        slowest = Ord::max(slowest, started.elapsed());
        asked += 1;
    }
    let left = many - sink.count().min(many);
    assert!(left > 0, "the backlog was gone already; the test shows nothing");
    drop(server);
    Line {
        test: "a_sign_in_letter_leaves_before_a_backlog",
        rounds: u64::try_from(many).unwrap(),
        must_hold: "a sign-in letter leaves within 10 s",
        seen: format!("{asked} of them within {} ms, {left} others still waiting", slowest.as_millis()),
    }
    .write();
}

#[actix_web::test]
#[ignore = "a lease of a minute must run out; `cargo xtask endure` runs it"]
async fn a_worker_that_stood_still_does_not_overwrite_the_one_that_went_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let app = pairs::app(folder.path(), &database.url).await;
    let sink = Sink::start().await;
    sink.rule(Rule::everybody().at(Step::Dot).hangs().times(1));
    backlog(&app, "b", 1).await;
    let late = worker(folder.path(), "late", &database.url, &sink, None);
    until_taken(&sink, 1);
    // It has handed the letter over and waits for the answer: now it stands still.
    signal(&late, "-STOP");
    let started = Instant::now();
    let other = worker(folder.path(), "other", &database.url, &sink, None);
    until_taken(&sink, 2);
    let taken_over = started.elapsed();
    let sent = "SELECT count(*) AS n FROM mails WHERE state = 'sent' AND attempts = 2 AND lease = ''";
    wait_until(Duration::from_secs(10), "the other does not write it down", || waited(count(&database.url, sent)) == 1);
    signal(&late, "-CONT");
    // Long enough for the late one to give up waiting and to try to write it down.
    backlog(&app, "more", 200).await;
    until_taken(&sink, 202);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(count(&database.url, sent).await, 1, "the late word was taken");
    assert_eq!(sink.count(), 202, "one ambiguous ending, one copy");
    let hellos: BTreeSet<String> = sink.mails().into_iter().take(2).map(|mail| mail.hello).collect();
    assert_eq!(hellos.len(), 2);
    drop((late, other));
    Line {
        test: "a_worker_that_stood_still_does_not_overwrite_the_one_that_went_on",
        rounds: 1,
        must_hold: "its late word is not taken; at most one copy",
        seen: format!("taken over after {:.1} s, one copy", taken_over.as_secs_f64()),
    }
    .write();
}

#[actix_web::test]
async fn a_node_whose_clock_is_wrong_takes_no_letter_twice() {
    if std::env::var_os("YLH_TEST_POSTGRES").is_none() {
        println!("on SQLite all processes are on one machine and have its clock");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let app = pairs::app(folder.path(), &database.url).await;
    let clocks = ["slow", "fast"].map(|name| WrongClock::new(folder.path(), name));
    let [Some(slow), Some(fast)] = clocks else { return };
    slow.set(-3600);
    fast.set(3600);
    let sink = Sink::start().await;
    sink.answer_after(Duration::from_millis(200));
    let many = usize::try_from(rounds(300, 2000)).unwrap();
    let nodes = [("slow", Some(&slow)), ("fast", Some(&fast)), ("right", None)]
        .map(|(name, clock)| worker(folder.path(), name, &database.url, &sink, clock));
    backlog(&app, "b", many).await;
    until_taken(&sink, many);
    wait_until(Duration::from_secs(20), "what was sent is not written down", || {
        waited(count(&database.url, "SELECT count(*) AS n FROM mails WHERE state <> 'sent'")) == 0
    });
    let by: BTreeSet<String> = sink.mails().into_iter().map(|mail| mail.hello).collect();
    assert_eq!(by.len(), 3, "a node took part in nothing: {by:?}");
    each_once(&sink, many);
    nodes.into_iter().for_each(Server::kill);
    Line {
        test: "a_node_whose_clock_is_wrong_takes_no_letter_twice",
        rounds: u64::try_from(many).unwrap(),
        must_hold: "nodes an hour slow, an hour fast and right: each letter once",
        seen: format!("{many} letters, {many} mails"),
    }
    .write();
}

#[actix_web::test]
async fn a_clock_that_is_set_neither_ends_letters_nor_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let Some(clock) = WrongClock::new(folder.path(), "clock") else { return };
    // Every letter is put off, so that all of them wait when the clock is set.
    sink.rule(Rule::everybody().says("450 4.7.1 come back later"));
    let mut command = Server::command(folder.path(), &database.url, &sink);
    clock.put_into(command.arg("serve"));
    let server = Server::run(&mut command);
    // On PostgreSQL the outbox lives by the server's time: this node's clock changes nothing.
    let is_shared = std::env::var_os("YLH_TEST_POSTGRES").is_some();
    let many = usize::try_from(rounds(10, 50)).unwrap();
    let address = |number: usize| format!("a{number}@d{}.example", number % 5);
    let tries = || (0..3 * many).map(|number| sink.tries_of(&address(number))).sum::<usize>();
    // Set forward, what waited is tried once more; set back, once more again.
    let times = if is_shared { [1, 2, 3] } else { [1, 3, 6] };
    for (round, seconds) in [0, 400 * 86_400, -7200].into_iter().enumerate() {
        clock.set(seconds);
        for number in round * many..(round + 1) * many {
            let mut browser = Browser::default();
            let page = browser.get(&server, "/sign-in");
            let answer = browser.submit(&server, &page, &[("email", &address(number))]);
            assert_eq!(answer.status, 303, "{}", answer.body);
            // Wherever the clock stands, the page that takes the code is there.
            assert_eq!(browser.get(&server, &answer.location).status, 200);
        }
        let what = format!("letters are not tried with the clock at {seconds:+} s");
        wait_until(Duration::from_secs(60), &what, || tries() >= times[round] * many);
    }
    std::thread::sleep(Duration::from_secs(3));
    let before = tries();
    assert_eq!(before, times[2] * many, "a storm of tries");
    let over = "SELECT count(*) AS n FROM mails WHERE state NOT IN ('queued', 'sending')";
    assert_eq!(count(&database.url, over).await, 0, "a clock has ended letters");
    sink.mend();
    if !is_shared {
        // What was tried three times waits for half an hour and a little.
        clock.set(-7200 + 2400);
        wait_until(Duration::from_secs(60), "some letters are kept", || sink.count() >= 3 * many);
        each_once(&sink, 3 * many);
    }
    drop(server);
    Line {
        test: "a_clock_that_is_set_neither_ends_letters_nor_keeps_them",
        rounds: 2,
        must_hold: "+400 days, then 2 hours before the truth: nothing ends, no storm, nothing waits for long",
        seen: format!("{} letters, {before} tries, {} arrived in the end", 3 * many, sink.count()),
    }
    .write();
}

fn signal(server: &Server, signal: &str) {
    let done = Command::new("kill").args([signal, &server.process.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// Waits for a future from code that is not async, on a thread of its own.
fn waited<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
        scope.spawn(run).join().unwrap()
    })
}
