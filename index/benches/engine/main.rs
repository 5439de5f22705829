//! The search engine alone, on invented listings: how fast they are indexed, found and suggested, and what that takes.
//!
//! `cargo bench -p index --bench engine -- 1000 100000` with `YLH_BENCH_WORDS` naming a dictionary in jieba's form;
//! `cargo xtask bench` finds one and runs the peers on the same listings (`--write FOLDER`) beside it. Each size is indexed in one
//! process and searched in another, which has only opened the folder: its memory is that of a server that has served.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot go on has failed")]

mod listings;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use index::{Change, Index, Query};
use listings::{Language, line, questions};

const QUESTIONS: usize = 1_000;
/// How many listings go into one commit, as when a site is indexed anew.
const CHUNK: usize = 5_000;
/// How many questions are held against a scan of all texts.
const CHECKED: usize = 100;
/// Questions with more hits than this are not checked one by one.
const MOST_CHECKED_HITS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|each| each != "--bench").collect();
    let Some(words) = std::env::var_os("YLH_BENCH_WORDS") else {
        println!("engine: not run; YLH_BENCH_WORDS must name a dictionary (cargo xtask bench does that)");
        return;
    };
    let language = Language::read(Path::new(&words)).expect("the dictionary can be read");
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--write", folder, size] => write(&language, Path::new(folder), size.parse().unwrap()),
        ["--search", folder, size] => search(&language, Path::new(folder), size.parse().unwrap()),
        sizes => {
            let sizes = if sizes.is_empty() { &["1000", "10000"] } else { sizes };
            for size in sizes {
                measure(&language, size.parse().expect("a number of listings"));
            }
        }
    }
}

fn write(language: &Language, folder: &Path, size: usize) {
    std::fs::create_dir_all(folder).unwrap();
    let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join("listings.jsonl")).unwrap());
    for id in 0..size {
        writeln!(file, "{}", line(&language.listing(id))).unwrap();
    }
    file.flush().unwrap();
    std::fs::write(folder.join("questions.txt"), questions(language, size, QUESTIONS).join("\n")).unwrap();
}

fn measure(language: &Language, size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(folder.path()).unwrap();
    index.search(&Query::default()).unwrap();
    std::hint::black_box(index::analyzers::words("词典"));
    let mut spent = Duration::ZERO;
    for from in (0..size).step_by(CHUNK) {
        let chunk = (from..(from + CHUNK).min(size)).map(|id| Change::Replace(language.listing(id))).collect();
        let begun = Instant::now();
        index.apply(chunk, 1).unwrap();
        spent += begun.elapsed();
    }
    drop(index);
    let disk = size_of(folder.path());
    println!("{size} listings, load average {}", load());
    println!(
        "  indexed       {:>9.0} listings/s, cut into words, pairs, characters and sounds",
        per_second(size, spent)
    );
    println!("  on disk       {:>9.1} MB, {:.2} KB a listing", mb(disk), mb(disk) * 1000.0 / float(size));
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--search", folder.path().to_str().unwrap(), &size.to_string()])
        .status()
        .unwrap();
    assert!(done.success());
}

fn search(language: &Language, folder: &Path, size: usize) {
    let begun = Instant::now();
    let index = Index::open(folder).unwrap();
    let first = index.search(&Query::default()).unwrap();
    let opened = begun.elapsed();
    assert_eq!(first.total, size);
    println!("  start         {:>9.3} s until the first list", opened.as_secs_f64());
    std::hint::black_box(index::analyzers::words("词典"));
    let questions = questions(language, size, QUESTIONS);
    let ask =
        |text: &String| index.search(&Query { text: text.clone(), per_page: 10, ..Query::default() }).unwrap().total;
    let mut found = 0;
    for text in &questions {
        found += ask(text).min(10);
    }
    println!("  found         {found:>9} of {QUESTIONS} questions, at most ten of each");
    for people in [1, 16] {
        let (mut times, spent) = together(people, &questions, 3, &ask);
        println!("  search, {people:>2}    {}  {:>7.0}/s", told(&mut times), per_second(times.len(), spent));
    }
    let page = |text: &String| index.search(&Query { text: text.clone(), ..Query::default() }).unwrap().hits.len();
    let (mut times, spent) = together(1, &questions, 3, &page);
    println!("  page of 20, 1 {}  {:>7.0}/s", told(&mut times), per_second(times.len(), spent));
    let typed: Vec<String> = (0..QUESTIONS)
        .flat_map(|id| {
            let title = language.listing(id % size).title;
            (1..=4).map(move |length| title.chars().take(length).collect::<String>())
        })
        .chain((0..QUESTIONS).map(|id| spelled(&language.listing(id % size).title)))
        .collect();
    let suggest = |text: &String| index.suggest(text, 8).unwrap().len();
    let (mut times, spent) = together(1, &typed, 1, &suggest);
    println!("  suggest, 1    {}  {:>7.0}/s", told(&mut times), per_second(times.len(), spent));
    println!(
        "  memory        {:>9.1} MB resident, {:.1} MB of it not of files",
        resident("VmRSS"),
        resident("RssAnon")
    );
    let (checked, share) = truth(language, &index, size, &questions);
    println!("  of a scan     {:>9.3} % of what holds the very characters, {checked} questions\n", share * 100.0);
}

/// The first two syllables of a name, as somebody types them.
fn spelled(name: &str) -> String {
    name.chars().take(2).filter_map(|c| index::analyzers::readings(c).into_iter().next()).collect()
}

/// Every question `rounds` times, by so many people at once.
fn together(
    people: usize,
    questions: &[String],
    rounds: usize,
    ask: &(impl Fn(&String) -> usize + Sync),
) -> (Vec<Duration>, Duration) {
    for text in questions {
        ask(text);
    }
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let times = std::thread::scope(|scope| {
        let person = || {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= questions.len() * rounds {
                    return times;
                }
                let begun = Instant::now();
                std::hint::black_box(ask(&questions[number % questions.len()]));
                times.push(begun.elapsed());
            }
        };
        let all: Vec<_> = (0..people).map(|_| scope.spawn(person)).collect();
        all.into_iter().flat_map(|each| each.join().unwrap()).collect()
    });
    (times, begun.elapsed())
}

/// The share of the listings that hold a question's very characters and are found, over questions with not too many hits.
fn truth(language: &Language, index: &Index, size: usize, questions: &[String]) -> (usize, f64) {
    let texts: Vec<String> = (0..size)
        .map(|id| {
            let listing = language.listing(id);
            [listing.title, listing.problem, listing.body].join("\n")
        })
        .collect();
    let (mut checked, mut there, mut found) = (0, 0_usize, 0_usize);
    for text in questions.iter().take(CHECKED) {
        let holds: Vec<usize> = (0..size).filter(|id| texts[*id].contains(text.as_str())).collect();
        let mut hits = std::collections::HashSet::new();
        let mut page = 1;
        loop {
            let answer = index.search(&Query { text: text.clone(), page, per_page: 100, ..Query::default() }).unwrap();
            if answer.hits.is_empty() || answer.total > MOST_CHECKED_HITS {
                break;
            }
            hits.extend(answer.hits.into_iter().map(|hit| hit.key.id));
            page += 1;
        }
        if page > 1 {
            checked += 1;
            there += holds.len();
            found += holds.into_iter().filter(|id| hits.contains(&i64::try_from(*id).unwrap())).count();
        }
    }
    (checked, float(found) / float(there.max(1)))
}

fn told(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let ms = |share: usize| times[(times.len() * share / 1000).min(times.len() - 1)].as_secs_f64() * 1000.0;
    format!("p50 {:>7.3} ms, p99 {:>7.3} ms", ms(500), ms(990))
}

fn per_second(many: usize, spent: Duration) -> f64 {
    float(many) / spent.as_secs_f64()
}

fn float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

fn mb(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap()) / 1000.0
}

fn size_of(folder: &Path) -> u64 {
    let mut ahead: Vec<PathBuf> = vec![folder.to_path_buf()];
    let mut sum = 0;
    while let Some(here) = ahead.pop() {
        for entry in std::fs::read_dir(here).unwrap() {
            let entry = entry.unwrap();
            let about = entry.metadata().unwrap();
            if about.is_dir() {
                ahead.push(entry.path());
            } else {
                sum += about.len();
            }
        }
    }
    sum
}

fn resident(which: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kb: f64 =
        line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok()).unwrap_or(f64::NAN);
    kb * 1.024 / 1000.0
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split_whitespace().take(1).collect()
}
