//! Killing the server: what was committed is delivered and can be found, every time.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use crate::{
    database,
    report::{Line, rounds},
    scene,
    server::{Browser, Server, wait_until},
    sink::Sink,
};

#[actix_web::test]
async fn killing_between_commit_and_delivery_loses_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let rounds = rounds(10, 20);
    let mut committed = BTreeSet::new();
    for round in 0..rounds {
        // In the first half the kill falls between the final dot and its answer, in the second more often before the claim.
        sink.answer_after(Duration::from_millis(if round < rounds / 2 { 60 } else { 0 }));
        let server = Server::start(folder.path(), &database.url, &sink);
        for number in 0..3 {
            let email = format!("round{round}-{number}@jinfeng.example");
            let mut browser = Browser::default();
            let page = browser.get(&server, "/sign-in");
            let answer = browser.submit(&server, &page, &[("email", &email)]);
            assert_eq!(answer.status, 303, "{}", answer.body);
            committed.insert(email);
        }
        std::thread::sleep(Duration::from_millis(round % 5 * 3));
        server.kill();
    }
    let taken = || -> BTreeSet<String> { sink.mails().into_iter().flat_map(|mail| mail.recipients).collect() };
    let before = taken().len();
    assert!(before < committed.len(), "no kill came before its delivery; the test shows nothing");
    let server = Server::start(folder.path(), &database.url, &sink);
    // A letter that a killed worker had in its hands is due again when its lease of a minute is over.
    wait_until(Duration::from_secs(90), "some letters are not delivered", || taken().len() >= committed.len());
    assert_eq!(taken(), committed, "a letter arrived that nobody wrote");
    server.kill();
    let mut copies = BTreeMap::<Vec<String>, BTreeSet<String>>::new();
    for mail in sink.mails() {
        copies.entry(mail.recipients.clone()).or_default().insert(mail.parsed().message_id);
    }
    assert!(copies.values().all(|ids| ids.len() == 1), "a copy has its own Message-ID");
    let more = sink.mails().len() - committed.len();
    let ambiguous = usize::try_from(rounds).unwrap() * 3;
    assert!(more <= ambiguous, "{more} copies of {rounds} kills");
    let seen = format!("{} letters, {} after the last kill, {more} copies", committed.len(), committed.len() - before);
    let test = "killing_between_commit_and_delivery_loses_no_mail";
    Line { test, rounds, must_hold: "each letter arrives; copies have one Message-ID", seen }.write();
}

#[actix_web::test]
async fn killing_between_commit_and_indexing_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (enterprise, link) = scene::enterprise(folder.path(), &database.url).await;
    let mut browser = Browser::default();
    let rounds = rounds(10, 20);
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let server = Server::start(folder.path(), &database.url, &sink);
        if round == 0 {
            let page = browser.get(&server, &link);
            assert_eq!(browser.submit(&server, &page, &[]).status, 303);
        }
        let word = format!("markword{round}x");
        let page = browser.get(&server, &format!("/enterprises/{enterprise}/edit"));
        let answer = browser.submit(&server, &page, &[("about", &format!("水果加工,{word}。"))]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        assert!(answer.location.starts_with(&format!("/enterprises/{enterprise}")), "{}", answer.location);
        std::thread::sleep(Duration::from_millis(round % 5 * 10));
        server.kill();
        let started = Instant::now();
        let server = Server::start(folder.path(), &database.url, &sink);
        let found = |server: &Server| {
            Browser::default().get(server, &format!("/api/v1/search?q={word}")).body.contains("\"total\":1")
        };
        wait_until(Duration::from_secs(15), "a committed change cannot be found", || found(&server));
        slowest = Ord::max(slowest, started.elapsed());
        server.kill();
    }
    let seen = format!("found again after {} ms at most, start included", slowest.as_millis());
    let test = "killing_between_commit_and_indexing_loses_nothing";
    Line { test, rounds, must_hold: "what was saved is found", seen }.write();
}
