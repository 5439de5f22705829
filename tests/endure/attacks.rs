//! What can be learned from how long an answer takes.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use scraper::{Html, Selector};
use yonglianhui::{app::App, clock::Clock, config::Config, fault::Fault, mail::Address, member, words::Language};

use crate::{
    database,
    report::{Line, is_full, rounds},
    server::Server,
    sink::Sink,
};

/// The probability that two samples this far apart come from the same source: Mann and Whitney's
/// test, two-sided, by the normal approximation.
fn same_source(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|value| (*value, true)).chain(other.iter().map(|value| (*value, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (m, n) = (to_float(one.len()), to_float(other.len()));
    let (mut ranks, mut ties, mut at) = (0.0, 0.0, 0);
    while at < all.len() {
        let equal = all[at..].iter().take_while(|each| each.0.total_cmp(&all[at].0).is_eq()).count();
        // Equal values share the middle of their ranks.
        let rank = to_float(at) + (to_float(equal) + 1.0) / 2.0;
        ranks += rank * to_float(all[at..at + equal].iter().filter(|each| each.1).count());
        ties += to_float(equal).powi(3) - to_float(equal);
        at += equal;
    }
    let u = ranks - m * (m + 1.0) / 2.0;
    let spread = (m * n / 12.0 * (m + n + 1.0 - ties / ((m + n) * (m + n - 1.0)))).sqrt();
    let z = ((u - m * n / 2.0).abs() - 0.5).max(0.0) / spread;
    // The normal curve's tail (Abramowitz and Stegun 26.2.17).
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let tail: f64 = series.iter().rev().fold(0.0, |sum, each| (sum + each) * t);
    (2.0 * tail * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()).min(1.0)
}

fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

#[test]
fn the_test_of_times_tells_apart_what_is_apart() {
    let values = |shift: f64| (0..500_u32).map(|n| f64::from(n * 7919 % 500) / 500.0 + shift).collect::<Vec<_>>();
    assert!(same_source(&values(0.0), &values(0.0)) > 0.9);
    assert!(same_source(&values(0.0), &values(0.1)) < 0.001);
    // A worked example: ranks 1, 2, 3 against 4, 5, 6 have U = 0.
    assert!((same_source(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]) - 0.0809).abs() < 0.001);
}

/// Somebody at a network address of his own, behind our proxy.
struct Asker<'a> {
    server: &'a Server,
    cookie: String,
    csrf: String,
}

struct Seen {
    status: u16,
    length: usize,
    took: Duration,
}

impl<'a> Asker<'a> {
    fn new(server: &'a Server) -> Self {
        let (head, body) = send(server, "GET", "/sign-in", "", "");
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        let page = Html::parse_document(&body);
        let csrf = page.select(&Selector::parse("main input[name=csrf]").unwrap()).next().unwrap();
        Self {
            server,
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: csrf.attr("value").unwrap().to_owned(),
        }
    }

    fn asks(&self, email: &str, number: usize) -> Seen {
        let body = format!("csrf={}&next=%2F&email={}", self.csrf, email.replace('@', "%40"));
        let from = format!("cookie: {}\r\nx-forwarded-for: 10.{}.{}.7\r\n", self.cookie, number / 250, number % 250);
        let started = Instant::now();
        let (head, body) = send(self.server, "POST", "/sign-in", &from, &body);
        let took = started.elapsed();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Seen { status, length: head.len() + body.len(), took }
    }
}

fn send(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> (String, String) {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    let mut socket = TcpStream::connect(&server.address).unwrap();
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
    (head.to_owned(), body.to_owned())
}

#[actix_web::test]
async fn how_long_an_answer_takes_does_not_tell_who_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let database = database::fresh(folder.path()).await;
    let sink = Sink::start().await;
    let rounds = rounds(20, 1_000);
    let many = usize::try_from(rounds).unwrap();
    let mut config = Config::plain(folder.path().to_owned()).unwrap();
    config.database_url.clone_from(&database.url);
    let app = App::beside(config, Clock::Machine).await.unwrap();
    let known = |number: usize| format!("known{number:05}@firm.example");
    app.db
        .write(async |tx| {
            for number in 0..many * 2 {
                let email = Address::parse(&known(number)).unwrap();
                member::store::meet(tx, &email, Language::Chinese, app.clock.now()).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    // Letters stay in the outbox: delivery would be noise.
    let server = Server::run(
        Server::command(folder.path(), &database.url, &sink)
            .args(["serve", "--no-worker"])
            .env("YLH_PROXIES", "127.0.0.1"),
    );
    let asker = Asker::new(&server);
    for number in 0..20 {
        asker.asks(&format!("first{number:05}@firm.example"), number);
    }
    let mut alike = Vec::new();
    // Chance alone tells two equal sources apart once in a hundred times; twice in a row it does not.
    for attempt in 0..2 {
        let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
        for number in attempt * many..(attempt + 1) * many {
            let pair = [known(number), format!("other{number:05}@firm.example")];
            // Each comes first as often as the other.
            let order = if number % 2 == 0 { [0, 1] } else { [1, 0] };
            let mut seen = [None, None];
            for at in order {
                seen[at] = Some(asker.asks(&pair[at], 1_000 + number * 2 + at));
            }
            let [Some(one), Some(other)] = seen else { unreachable!("both were asked") };
            assert_eq!((one.status, one.length), (other.status, other.length), "{number}");
            assert_eq!(one.status, 303);
            of_known.push(one.took.as_secs_f64());
            of_unknown.push(other.took.as_secs_f64());
        }
        alike.push(same_source(&of_known, &of_unknown));
        if !is_full() || alike.last().is_some_and(|p| *p > 0.01) {
            break;
        }
    }
    let seen = format!("same status and length; p = {alike:.3?} that the times are of one kind");
    let test = "how_long_an_answer_takes_does_not_tell_who_is_known";
    Line { test, rounds, must_hold: "text, status, length and time tell nobody who is known", seen }.write();
    assert!(!is_full() || alike.iter().any(|p| *p > 0.01), "the times differ: p = {alike:?}");
    server.kill();
}
