//! Rendered search pages over HTTP: how many a second, how long each takes, and what the process weighs.
//!
//! `cargo bench --bench pages -- 100000` with `YLH_BENCH_WORDS` (see `cargo xtask bench`). The server is the one of `serve`, with its
//! guard, languages, compression and limits; the listings stand in its index alone, because a search page reads nothing else but the
//! zones. The visitors share the machine with the server: 16 connections that each ask the next question as soon as they have a page.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on has failed")]

#[path = "../index/benches/engine/listings.rs"]
#[expect(dead_code, reason = "the benchmark of the engine writes them to files, too")]
mod listings;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use listings::{Language, ZONES, questions};
use yonglianhui::{
    app::App,
    clock::Clock,
    config::Config,
    web::{guard, routes},
    zone::{self, NewZone},
};

const QUESTIONS: usize = 1_000;
const CONNECTIONS: usize = 16;
const CHUNK: usize = 5_000;

fn main() {
    let Some(words) = std::env::var_os("YLH_BENCH_WORDS") else {
        println!("pages: not run; YLH_BENCH_WORDS must name a dictionary (cargo xtask bench does that)");
        return;
    };
    let language = Language::read(Path::new(&words)).expect("the dictionary can be read");
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|each| each.parse().ok()).collect();
    for size in if sizes.is_empty() { vec![10_000] } else { sizes } {
        measure(&language, size);
    }
}

fn measure(language: &Language, size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let mut config = Config::plain(folder.path().to_owned()).unwrap();
    config.listen = at;
    config.reads_per_minute = 0;
    let (ready, wait) = std::sync::mpsc::channel();
    let documents = (0..size).map(|id| index::Change::Replace(language.listing(id)));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = App::open(config, Clock::Machine).await.unwrap();
                for slug in ZONES {
                    let zone = NewZone {
                        slug: slug.to_owned(),
                        name: [slug.to_owned(), slug.to_owned()],
                        about: [String::new(), String::new()],
                        colour: "#335544".to_owned(),
                    };
                    zone::create::create(&app, &zone).await.unwrap();
                }
                let data = actix_web::web::Data::new(app.clone());
                let threads = app.config.web_threads;
                let server = actix_web::HttpServer::new(move || {
                    actix_web::App::new()
                        .app_data(data.clone())
                        .wrap(actix_web::middleware::from_fn(guard))
                        .wrap(actix_web::middleware::Compress::default())
                        .configure(routes::configure)
                })
                .workers(threads)
                .listen(listener)
                .unwrap()
                .run();
                ready.send((app, server.handle())).unwrap();
                server.await.unwrap();
            });
        });
        let (app, server) = wait.recv().unwrap();
        let mut chunk = Vec::new();
        for document in documents {
            chunk.push(document);
            if chunk.len() == CHUNK {
                app.index.apply(std::mem::take(&mut chunk), 1).unwrap();
            }
        }
        app.index.apply(chunk, 1).unwrap();
        println!("{size} listings, load average {}", load());
        let asked = questions(language, size, QUESTIONS);
        let encoded = |text: &String| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pages: Vec<String> = asked.iter().map(|text| format!("/search?q={}", encoded(text))).collect();
        let hits: Vec<String> = asked.iter().map(|text| format!("/api/v1/search?q={}", encoded(text))).collect();
        let typed: Vec<String> = asked
            .iter()
            .map(|text| format!("/api/v1/suggest?q={}", encoded(&text.chars().take(2).collect::<String>())))
            .collect();
        for (name, paths) in [("pages of 20 hits", &pages), ("the same as JSON", &hits), ("suggestions", &typed)] {
            together(at, CONNECTIONS, paths, 1);
            for people in [1, CONNECTIONS] {
                let (times, bytes, spent) = together(at, people, paths, 3);
                println!("  {name:<17} {people:>2} connections  {}", told(times, bytes, spent));
            }
        }
        println!("  memory {:.1} MB resident, {:.1} MB of it not of files", resident("VmRSS"), resident("RssAnon"));
        actix_web::rt::System::new().block_on(server.stop(false));
    });
}

/// Every path `rounds` times, by so many connections at once.
fn together(at: SocketAddr, people: usize, paths: &[String], rounds: usize) -> (Vec<Duration>, usize, Duration) {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let all: Vec<(Vec<Duration>, usize)> = std::thread::scope(|scope| {
        let person = || {
            let mut link = BufReader::new(TcpStream::connect(at).unwrap());
            link.get_ref().set_nodelay(true).unwrap();
            let (mut times, mut bytes) = (Vec::new(), 0);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= paths.len() * rounds {
                    return (times, bytes);
                }
                let begun = Instant::now();
                bytes += get(&mut link, &paths[number % paths.len()]);
                times.push(begun.elapsed());
            }
        };
        let people: Vec<_> = (0..people).map(|_| scope.spawn(person)).collect();
        people.into_iter().map(|each| each.join().unwrap()).collect()
    });
    let spent = begun.elapsed();
    let bytes = all.iter().map(|(_, bytes)| bytes).sum();
    (all.into_iter().flat_map(|(times, _)| times).collect(), bytes, spent)
}

/// Reads one page; anything but a page is a failure.
fn get(link: &mut BufReader<TcpStream>, path: &str) -> usize {
    write!(link.get_mut(), "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (mut line, mut length) = (String::new(), None);
    loop {
        line.clear();
        link.read_line(&mut line).unwrap();
        if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
            assert!(status.starts_with("200"), "{path}: {status}");
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length.expect("a page says how long it is")];
    link.read_exact(&mut body).unwrap();
    body.len()
}

fn told(mut times: Vec<Duration>, bytes: usize, spent: Duration) -> String {
    times.sort_unstable();
    let ms = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)].as_secs_f64() * 1000.0;
    let many = f64::from(u32::try_from(times.len()).unwrap());
    format!(
        "p50 {:>7.2} ms, p99 {:>7.2} ms  {:>6.0}/s, {:.1} KB each",
        ms(500),
        ms(990),
        many / spent.as_secs_f64(),
        f64::from(u32::try_from(bytes / 1000).unwrap()) / many
    )
}

fn resident(which: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kb: Option<f64> = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok());
    kb.map_or(f64::NAN, |kb| kb * 1.024 / 1000.0)
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split_whitespace().take(1).collect()
}
