//! Killing the server: what was committed is delivered and can be found, every time.
//!
//! These tests run the binary itself and end it with SIGKILL, twenty times each, right after an
//! answer has said that something is saved. On PostgreSQL too when `YLH_TEST_POSTGRES` names a server.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "site/support/database.rs"]
mod database;
#[path = "site/support/sink.rs"]
mod sink;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use scraper::{Html, Selector};
use sink::Sink;
use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    enterprise::{self, NewEnterprise, Person, Size, uscc::Uscc},
    fault::Fault,
    id::OrganisationId,
    mail::Address,
    member, organisation,
    words::Language,
    zone::{self, NewZone},
};

const ROUNDS: u64 = 20;

/// The server, running as a process of its own.
struct Server {
    process: Child,
    address: String,
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts it and waits until it answers.
    fn start(folder: &Path, database: &str, sink: &Sink) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_yonglianhui"))
            .arg("serve")
            .env_clear()
            .env("YLH_DATABASE_URL", database)
            .env("YLH_DATA_DIR", folder)
            .env("YLH_LISTEN", "127.0.0.1:0")
            .env("YLH_SMTP_URL", sink.url())
            .env("YLH_READS_PER_MINUTE", "0")
            .env("YLH_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("READY ") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0, "the server ended before it was ready");
        }
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        Self { process, address, _stdout: stdout }
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Kept too when a test fails, so that no server outlives it.
impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Somebody with cookies, who talks to whichever server runs.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

struct Answer {
    status: u16,
    location: String,
    body: String,
}

impl Browser {
    fn request(&mut self, server: &Server, method: &str, path: &str, body: &str) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            server.address,
            cookies.join("; "),
            body.len(),
        );
        let mut socket = TcpStream::connect(&server.address).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
        let mut location = String::new();
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            if name.eq_ignore_ascii_case("location") {
                value.clone_into(&mut location);
            } else if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) = value.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, location, body: body.to_owned() }
    }

    fn get(&mut self, server: &Server, path: &str) -> Answer {
        self.request(server, "GET", path, "")
    }

    /// Sends the form in `<main>` of `page` with `values` written into it.
    fn submit(&mut self, server: &Server, page: &Answer, values: &[(&str, &str)]) -> Answer {
        let document = Html::parse_document(&page.body);
        let css = |selector: &str| Selector::parse(selector).unwrap();
        let form = document.select(&css("main form")).next().unwrap_or_else(|| panic!("no form in:\n{}", page.body));
        let mut fields: Vec<(String, String)> = Vec::new();
        for field in form.select(&css("input, textarea, select")) {
            let Some(name) = field.attr("name").filter(|name| !values.iter().any(|(each, _)| each == name)) else {
                continue;
            };
            let value = match field.value().name() {
                "textarea" => Some(field.text().collect::<String>()),
                "select" => field
                    .select(&css("option[selected]"))
                    .next()
                    .and_then(|option| option.attr("value"))
                    .map(str::to_owned),
                _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => {
                    None
                }
                _ => Some(field.attr("value").unwrap_or_default().to_owned()),
            };
            fields.extend(value.map(|value| (name.to_owned(), value)));
        }
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        self.request(server, "POST", form.attr("action").expect("a form says where it goes"), &body)
    }
}

/// Looks again and again until `found`; panics with `what` after `longest`.
fn wait_until(longest: Duration, what: &str, mut found: impl FnMut() -> bool) {
    let started = Instant::now();
    while !found() {
        assert!(started.elapsed() < longest, "{what} after {longest:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[actix_web::test]
async fn killing_between_commit_and_delivery_loses_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let mut committed = BTreeSet::new();
    for round in 0..ROUNDS {
        // In the first half the kill falls between the final dot and its answer, in the second more often before the claim.
        sink.answer_after(Duration::from_millis(if round < ROUNDS / 2 { 60 } else { 0 }));
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
    let ambiguous = usize::try_from(ROUNDS).unwrap() * 3;
    assert!(more <= ambiguous, "{more} copies of {ROUNDS} kills");
    println!("{} letters, {} of them after the last kill, {more} copies", committed.len(), committed.len() - before);
}

#[actix_web::test]
async fn killing_between_commit_and_indexing_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let (enterprise, link) = set_the_scene(folder.path(), &database.url).await;
    let mut browser = Browser::default();
    let mut slowest = Duration::ZERO;
    for round in 0..ROUNDS {
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
    println!("found again after {slowest:?} at most, start included");
}

/// A verified enterprise; returns it and a path that signs in its person.
async fn set_the_scene(folder: &Path, database: &str) -> (OrganisationId, String) {
    let mut config = Config::plain(folder.to_owned()).unwrap();
    database.clone_into(&mut config.database_url);
    let app = App::open(config, Clock::Machine).await.unwrap();
    let new = NewZone {
        slug: "food".to_owned(),
        name: ["食品展区".to_owned(), "Food".to_owned()],
        about: [String::new(), String::new()],
        colour: "#335544".to_owned(),
    };
    let zone = zone::create::create(&app, &new).await.unwrap();
    let email = Address::parse("zhao@jinfeng.example").unwrap();
    let person = app
        .db
        .write(async |tx| Ok::<_, Fault>(member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?.id))
        .await
        .unwrap();
    let new = NewEnterprise {
        uscc: Some(Uscc::parse("91431103MA4Q00008A").unwrap()),
        name: "示例果业".to_owned(),
        zone,
        region: "431103".to_owned(),
        industry: "1453".to_owned(),
        industry_name: String::new(),
        size: Size::Small,
        about: "水果加工。".to_owned(),
        products: vec!["柚子罐头".to_owned()],
        contact: Person { name: "赵丽".to_owned(), title: String::new(), phone: "0746-5551001".to_owned() },
        import_key: None,
    };
    let id = enterprise::register::register(&app, person, new, "").await.unwrap();
    organisation::verify::verify(&app, id).await.unwrap();
    let link = member::sign_in::link_for(&app, &email).await.unwrap();
    let path = link.splitn(4, '/').nth(3).unwrap();
    (id, format!("/{path}"))
}
