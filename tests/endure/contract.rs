//! The contract of mail, checked from outside.
//!
//! Clients write down every letter that they ask for, before and after they ask; a mail server writes
//! down what it takes and keeps some answers back; processes are killed all the time, clocks are set,
//! the database is stopped at once. Then everything is left alone until nothing waits, and the two
//! lists and the outbox are compared:
//!
//! - **L0** what was answered with success has arrived, and nothing is left on its way;
//! - **L1** what arrived was committed: its Message-ID stands in the outbox, its address was asked for;
//! - **L2** each extra copy follows an ambiguous ending: an answer that the mail server kept back, or the
//!   kill of a process that had just handed it over (one of its last mails: no more than it has
//!   conversations at once). All copies have one Message-ID;
//! - **L3** no contact is in a letter before both consents are recorded;
//! - **L4** of one introduction the question comes before the times, and the times before the contacts;
//! - **L5** what a killed process had in its hands leaves within a lease of a minute.
//!
//! Most letters are sign-in letters, the cheapest door; the others are those of introductions, whose
//! two yeses are said through the links of their letters while all this happens. `YLH_TEST_SEED` sets
//! the seed of all chances (threads still race); the history of a run that failed is kept.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::Write as _,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{ConnectionTrait as _, Statement};
use yonglianhui::db::{Db, Read as _};

use crate::{
    clocks::WrongClock,
    cluster::Cluster,
    database,
    pairs::{self, Pair},
    report::{Line, rounds},
    server::{Answer, Browser, Server, Trouble},
    sink::{Received, Rule, Sink, Step},
};

/// How many conversations one process has under way at once, in both lanes.
const AT_ONCE: usize = 13;
/// The mail server keeps back one answer in so many.
const KEPT_BACK: usize = 25;
/// How many letters are asked for in a second.
const A_SECOND: f64 = 35.0;
const CLIENTS: usize = 4;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What happened, in order, in memory and in a file that is kept when the test fails.
struct History {
    started: Instant,
    path: PathBuf,
    file: Mutex<File>,
}

impl History {
    fn new(seed: u64, engine: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("contract-{engine}-{seed}.tsv"));
        println!("seed {seed}; the history of this run is {}", path.display());
        Self { started: Instant::now(), file: Mutex::new(File::create(&path).unwrap()), path }
    }

    fn write(&self, what: &str, of: impl std::fmt::Display) {
        let line = format!("{}\t{what}\t{of}\n", self.started.elapsed().as_millis());
        lock(&self.file).write_all(line.as_bytes()).unwrap();
    }
}

/// One place where a process runs, again and again.
struct Node {
    name: &'static str,
    arguments: &'static [&'static str],
    clock: Option<WrongClock>,
    folder: PathBuf,
    starts: AtomicUsize,
    running: Mutex<Option<Server>>,
    /// Where it answers, if it does.
    address: Mutex<Option<String>>,
}

impl Node {
    fn new(name: &'static str, arguments: &'static [&'static str], folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        let clock = WrongClock::new(&folder, name);
        Self {
            name,
            arguments,
            clock,
            folder,
            starts: AtomicUsize::default(),
            running: Mutex::default(),
            address: Mutex::default(),
        }
    }
}

/// The whole run.
struct Run {
    history: History,
    sink: Sink,
    nodes: Vec<Node>,
    database: String,
    secret: String,
    cluster: Option<Mutex<Cluster>>,
    /// The processes that were killed, by the name with which they greet.
    killed: Mutex<BTreeMap<String, Instant>>,
    is_over: AtomicBool,
}

impl Run {
    /// Starts a process, again and again until it is ready: its database may be away.
    fn start(&self, node: &Node) {
        loop {
            let hello = format!("{}-{}", node.name, node.starts.fetch_add(1, Ordering::Relaxed));
            let mut command = Server::command(&node.folder, &self.database, &self.sink);
            command
                .args(node.arguments)
                .env("YLH_SMTP_URL", format!("{}/{hello}", self.sink.url()))
                .env("YLH_SECRET", &self.secret)
                .env("YLH_LOG", "off");
            if let Some(clock) = &node.clock {
                clock.put_into(&mut command);
            }
            if let Some(server) = Server::try_run(&mut command) {
                self.history.write("start", &hello);
                *lock(&node.address) = (node.arguments[0] == "serve").then(|| server.address.clone());
                *lock(&node.running) = Some(server);
                return;
            }
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    fn kill(&self, node: &Node) {
        let Some(server) = lock(&node.running).take() else { return };
        *lock(&node.address) = None;
        let hello = format!("{}-{}", node.name, node.starts.load(Ordering::Relaxed) - 1);
        server.kill();
        self.history.write("kill", &hello);
        lock(&self.killed).insert(hello, Instant::now());
    }

    /// The address of one of the processes that answer now.
    fn address(&self, chance: &mut StdRng) -> Option<String> {
        let all: Vec<String> = self.nodes.iter().filter_map(|node| lock(&node.address).clone()).collect();
        (!all.is_empty()).then(|| all[chance.random_range(0..all.len())].clone())
    }

    /// Asks whichever process answers, until one does and `good` likes the answer.
    fn insist(&self, chance: &mut StdRng, browser: &mut Browser, path: &str, good: fn(&Answer) -> bool) -> Answer {
        let patience = Instant::now() + Duration::from_secs(180);
        loop {
            assert!(Instant::now() < patience, "nobody answers {path}");
            if let Some(address) = self.address(chance)
                && let Ok(answer) = browser.ask(&address, "GET", path, "")
                && good(&answer)
            {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks for sign-in letters to addresses that nobody else asks for, at an even pace.
    fn ask_for_letters(&self, seed: u64, numbers: impl Iterator<Item = usize>) {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut browser = Browser::default();
        let mut page = self.insist(&mut chance, &mut browser, "/sign-in", |answer| answer.status == 200);
        for number in numbers {
            let email = address_of(number);
            self.history.write("intent", &email);
            loop {
                let Some(address) = self.address(&mut chance) else {
                    std::thread::sleep(Duration::from_millis(50));
                    continue;
                };
                let (action, body) = page.form(&[("email", &email)]).expect("the form of signing in");
                match browser.ask(&address, "POST", &action, &body) {
                    Ok(answer) if answer.status == 303 => self.history.write("ok", &email),
                    // Refused as a whole: nothing was written. A fresh page, then the same again.
                    Ok(answer) if (400..500).contains(&answer.status) => {
                        page = self.insist(&mut chance, &mut browser, "/sign-in", |answer| answer.status == 200);
                        continue;
                    }
                    Ok(_) | Err(Trouble::NoAnswer) => self.history.write("unknown", &email),
                    Err(Trouble::NotSent) => {
                        std::thread::sleep(Duration::from_millis(50));
                        continue;
                    }
                }
                break;
            }
            let pause = f64::from(u32::try_from(CLIENTS).unwrap()) / A_SECOND;
            std::thread::sleep(Duration::from_secs_f64(pause * chance.random_range(0.2..1.4)));
        }
    }

    /// Says the two yeses of an introduction through the links of its letters.
    fn introduce(&self, chance: &mut StdRng, pair: &Pair) {
        let meeting = chrono::Utc::now() + chrono::TimeDelta::days(4);
        let meeting = meeting.format("%Y-%m-%dT10:00").to_string();
        self.say_yes(chance, &pair.lead, Some(&meeting));
        self.history.write("accepted", pair.introduction);
        self.say_yes(chance, &pair.firm, None);
        self.history.write("exchanged", pair.introduction);
    }

    /// Waits for the letter, follows its link, and agrees until the page says that it is done.
    fn say_yes(&self, chance: &mut StdRng, to: &str, time: Option<&str>) {
        let mut link = None;
        crate::server::wait_until(Duration::from_secs(300), "a letter with a question does not come", || {
            link = self.sink.find(|mail| (mail.recipients == [to]).then(|| question(mail)).flatten());
            link.is_some()
        });
        let path = link.unwrap();
        let mut browser = Browser::default();
        loop {
            let page = self.insist(chance, &mut browser, &path, |answer| answer.status == 200);
            if !page.body.contains("id=\"accept\"") {
                return;
            }
            let time = time.map_or_else(|| first_value(&page.body, "times"), str::to_owned);
            let Some((action, body)) = page.form(&[("times", &time), ("consent", "yes")]) else { return };
            let Some(address) = self.address(chance) else { continue };
            match browser.ask(&address, "POST", &action, &body) {
                Ok(answer) if answer.status == 303 => return,
                // In doubt or refused: the page says which.
                Ok(_) | Err(_) => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Kills one process after the other until it is told that it is over; returns how many.
    fn kill_all_the_time(&self, seed: u64) -> u64 {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut kills = 0;
        while !self.is_over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(chance.random_range(200..2000)));
            let node = &self.nodes[chance.random_range(0..self.nodes.len())];
            self.kill(node);
            self.start(node);
            kills += 1;
        }
        kills
    }

    /// Sets clocks and stops the database, at a third, a half and two thirds of the way.
    fn disturb(&self, is_at: impl Fn() -> f64) {
        let wait_for = |part: f64| {
            while is_at() < part && !self.is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(50));
            }
        };
        let set = |node: &Node, seconds: i64| {
            if let Some(clock) = &node.clock {
                clock.set(seconds);
                self.history.write("clock", format!("{} {seconds:+}", node.name));
            }
        };
        wait_for(0.33);
        // Two hours forward; where there are several nodes, one an hour back and one two hours forward.
        set(self.nodes.first().unwrap(), 7200);
        if self.nodes.len() > 1 {
            set(self.nodes.last().unwrap(), -3600);
        }
        if let Some(cluster) = &self.cluster {
            wait_for(0.5);
            let mut cluster = lock(cluster);
            self.history.write("database", "stopped at once");
            cluster.stop_at_once();
            std::thread::sleep(Duration::from_secs(3));
            cluster.start_again();
            self.history.write("database", "started");
        }
        wait_for(0.66);
        set(self.nodes.first().unwrap(), 3600);
    }
}

fn address_of(number: usize) -> String {
    format!("i{number}@d{}.example", number % 7)
}

/// The path that a letter with a question asks to follow.
fn question(mail: &Received) -> Option<String> {
    let text = mail.parsed().text;
    let link = text.split_whitespace().find(|word| word.contains("/introductions/") && word.ends_with("#accept"))?;
    let path = link.splitn(4, '/').nth(3)?;
    Some(format!("/{}", path.split('#').next()?))
}

/// The value of the first field with a name.
fn first_value(page: &str, name: &str) -> String {
    let document = scraper::Html::parse_document(page);
    let field = scraper::Selector::parse(&format!("main form [name={name}]")).unwrap();
    document.select(&field).next().and_then(|field| field.attr("value")).unwrap_or_default().to_owned()
}

/// A row of the outbox.
struct Row {
    message_id: String,
    letter: String,
    about: String,
    state: String,
}

async fn outbox(database: &str) -> Vec<Row> {
    let rows = query(database, "SELECT message_id, letter, about, state FROM mails").await;
    let text = |row: &sea_orm::QueryResult, name: &str| row.try_get::<String>("", name).unwrap();
    let row = |row: &sea_orm::QueryResult| Row {
        message_id: text(row, "message_id").trim_matches(['<', '>']).to_owned(),
        letter: text(row, "letter"),
        about: text(row, "about"),
        state: text(row, "state"),
    };
    rows.iter().map(row).collect()
}

async fn query(database: &str, statement: &str) -> Vec<sea_orm::QueryResult> {
    let db = Db::open(database).await.unwrap();
    let engine = db.reader().get_database_backend();
    let rows = db.reader().query_all_raw(Statement::from_string(engine, statement)).await.unwrap();
    db.close().await.unwrap();
    rows
}

pub(crate) async fn count(database: &str, statement: &str) -> i64 {
    query(database, statement).await[0].try_get("", "n").unwrap()
}

/// Waits until nothing is on its way any more; returns how long that took.
async fn drained(database: &str) -> Duration {
    let started = Instant::now();
    loop {
        let left = count(database, "SELECT count(*) AS n FROM mails WHERE state IN ('queued', 'sending')").await;
        if left == 0 {
            return started.elapsed();
        }
        assert!(started.elapsed() < Duration::from_secs(180), "{left} mails are still on their way");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

fn seed() -> u64 {
    match std::env::var("YLH_TEST_SEED") {
        Ok(seed) => seed.parse().expect("YLH_TEST_SEED is a number"),
        Err(_) => rand::rng().random_range(0..1_000_000),
    }
}

#[actix_web::test]
async fn the_contract_of_mail_holds_whatever_is_killed() {
    let seed = seed();
    let intents = usize::try_from(rounds(300, 10_000)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let on_postgres = std::env::var_os("YLH_TEST_POSTGRES").is_some();
    let cluster = on_postgres.then(Cluster::start);
    let (database, _guard) = match &cluster {
        Some(cluster) => (cluster.url(), None),
        None => {
            let database = database::fresh(folder.path()).await;
            (database.url.clone(), Some(database))
        }
    };
    let app = pairs::app(folder.path(), &database).await;
    let pairs = pairs::pairs(&app, usize::try_from(rounds(4, 60)).unwrap()).await;
    app.db.close().await.unwrap();
    let nodes = if on_postgres {
        let node = |name, arguments| Node::new(name, arguments, folder.path().join(name));
        vec![
            node("serve-a", &["serve", "--no-worker"][..]),
            node("serve-b", &["serve", "--no-worker"]),
            node("work-a", &["work"]),
            node("work-b", &["work"]),
        ]
    } else {
        vec![Node::new("serve", &["serve"], folder.path().to_owned())]
    };
    let run = Run {
        history: History::new(seed, if on_postgres { "postgres" } else { "sqlite" }),
        sink: Sink::start().await,
        nodes,
        database,
        secret: pairs::secret(folder.path()),
        cluster: cluster.map(Mutex::new),
        killed: Mutex::default(),
        is_over: AtomicBool::new(false),
    };
    run.sink.rule(Rule::everybody().at(Step::Dot).drops().one_in(KEPT_BACK));
    run.sink.answer_after(Duration::from_millis(3));
    let kills = play(&run, seed, intents, &pairs);
    let waited = drained(&run.database).await;
    run.history.write("drained", format!("{} ms after the last kill", waited.as_millis()));
    let again = finish_doubts(&run).await;
    for mail in run.sink.mails() {
        let ending = if mail.unanswered { "unanswered" } else { "answered" };
        let id = mail.parsed().message_id;
        let at = mail.at.duration_since(run.history.started).as_millis();
        run.history.write("taken", format!("{at}\t{id}\t{}\t{}\t{ending}", mail.recipients.join(","), mail.hello));
    }
    for node in &run.nodes {
        lock(&node.running).take();
    }
    let verdict = check(&run, &pairs, waited).await;
    std::fs::remove_file(&run.history.path).unwrap();
    Line {
        test: "the_contract_of_mail_holds_whatever_is_killed",
        rounds: kills,
        must_hold: "L0 to L5",
        seen: format!("seed {seed}: {verdict}; {again}"),
    }
    .write();
}

/// Everything at once, until all letters were asked for and all yeses said; returns the number of kills.
fn play(run: &Run, seed: u64, intents: usize, pairs: &[Pair]) -> u64 {
    let (next, introduced) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let progress = || {
        let done = next.load(Ordering::Relaxed).min(intents);
        f64::from(u32::try_from(done).unwrap()) / f64::from(u32::try_from(intents).unwrap())
    };
    std::thread::scope(|scope| {
        for node in &run.nodes {
            run.start(node);
        }
        let killer = scope.spawn(|| run.kill_all_the_time(seed));
        let numbers =
            || std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|each| *each < intents));
        let mut clients = Vec::new();
        for client in 0..CLIENTS {
            let seed = seed + 1 + u64::try_from(client).unwrap();
            clients.push(scope.spawn(move || run.ask_for_letters(seed, numbers())));
        }
        for client in 0..3 {
            let (seed, introduced) = (seed + 100 + client, &introduced);
            clients.push(scope.spawn(move || {
                let mut chance = StdRng::seed_from_u64(seed);
                while let Some(pair) = pairs.get(introduced.fetch_add(1, Ordering::Relaxed)) {
                    run.introduce(&mut chance, pair);
                }
            }));
        }
        // From this thread, which lives as long as the database that it starts again.
        run.disturb(|| if clients.iter().all(|client| client.is_finished()) { 1.0 } else { progress() });
        // Whatever one of them meets, the killer must hear that it is over, or nothing ever ends.
        let ends: Vec<_> = clients.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        run.is_over.store(true, Ordering::Relaxed);
        let kills = killer.join().unwrap();
        ends.into_iter().for_each(|end| end.unwrap());
        kills
    })
}

/// Where a clock can be set, lets the mails in doubt be tried for the last time, a quarter of an hour later.
async fn finish_doubts(run: &Run) -> String {
    let in_doubt = "SELECT count(*) AS n FROM mails WHERE state = 'uncertain' AND due_at IS NOT NULL";
    let before = count(&run.database, in_doubt).await;
    run.sink.mend();
    let [Node { clock: Some(clock), .. }] = run.nodes.as_slice() else {
        return format!("{before} in doubt were left to their quarter of an hour");
    };
    clock.set(3600 + 1200);
    let started = Instant::now();
    while count(&run.database, in_doubt).await > 0 {
        assert!(started.elapsed() < Duration::from_secs(120), "mails in doubt are not tried again");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    drained(&run.database).await;
    format!("{before} in doubt, each tried once more")
}

/// Compares the history, the mail server's list and the outbox.
async fn check(run: &Run, pairs: &[Pair], waited: Duration) -> String {
    let history = std::fs::read_to_string(&run.history.path).unwrap();
    let noted = |what: &str| -> BTreeSet<String> {
        let lines = history.lines().filter_map(|line| line.split('\t').skip(1).collect::<Vec<_>>().try_into().ok());
        lines.filter(|[kind, _]: &[&str; 2]| *kind == what).map(|[_, of]| of.to_owned()).collect()
    };
    let (intents, committed, unknown) = (noted("intent"), noted("ok"), noted("unknown"));
    let mails = run.sink.mails();
    let rows = outbox(&run.database).await;
    let ids: Vec<String> = mails.iter().map(|mail| mail.parsed().message_id).collect();
    let accepted: BTreeSet<String> = mails.iter().flat_map(|mail| mail.recipients.clone()).collect();
    let known: HashMap<&str, &Row> = rows.iter().map(|row| (row.message_id.as_str(), row)).collect();

    // L0
    let lost: Vec<&String> = committed.difference(&accepted).collect();
    assert!(lost.is_empty(), "L0: {} committed letters never arrived: {lost:?}", lost.len());
    let unfinished = rows.iter().filter(|row| !matches!(row.state.as_str(), "sent" | "uncertain" | "replaced"));
    let unfinished: Vec<&str> = unfinished.map(|row| row.message_id.as_str()).collect();
    assert!(unfinished.is_empty(), "L0: {unfinished:?} came to no good end");
    let arrived: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    for row in rows.iter().filter(|row| row.state != "replaced") {
        assert!(arrived.contains(row.message_id.as_str()), "L0: {} is said to be {}", row.message_id, row.state);
    }

    // L1
    let phantoms: Vec<&&str> = arrived.iter().filter(|id| !known.contains_key(**id)).collect();
    assert!(phantoms.is_empty(), "L1: {phantoms:?} arrived and were never committed");
    let asked: BTreeSet<String> =
        intents.into_iter().chain(pairs.iter().flat_map(|pair| [pair.firm.clone(), pair.lead.clone()])).collect();
    let unasked: Vec<&String> = accepted.difference(&asked).collect();
    assert!(unasked.is_empty(), "L1: {unasked:?} got letters that nobody asked for");
    let of_recipients: BTreeSet<(&str, &[String])> =
        ids.iter().map(String::as_str).zip(mails.iter().map(|mail| mail.recipients.as_slice())).collect();
    assert_eq!(of_recipients.len(), arrived.len(), "L1: one Message-ID went to two people");

    // L2
    let copies = copies(run, &mails, &ids);
    let sign_ins = of_recipients.iter().filter(|(id, _)| known[id].letter == "member/sign_in").count();
    let people = accepted.iter().filter(|each| !each.contains("@firm") && !each.contains("@lab")).count();
    assert_eq!(sign_ins, people, "L2: a letter was written twice, under two Message-IDs");

    // L3 and L4
    for pair in pairs {
        order(pair, &mails, &ids, &known);
    }
    let exchanged = "SELECT count(*) AS n FROM introductions WHERE state = 'exchanged'";
    let exchanged = count(&run.database, exchanged).await;
    assert_eq!(
        usize::try_from(exchanged).unwrap(),
        pairs.len(),
        "an introduction that was agreed to twice is not exchanged"
    );
    let consents = count(&run.database, "SELECT count(*) AS n FROM consents").await;
    let disclosures = count(&run.database, "SELECT count(*) AS n FROM disclosures").await;
    let shown = rows.iter().filter(|row| row.letter == "introduction/exchanged").count();
    assert_eq!(
        [consents, disclosures, i64::try_from(shown).unwrap()],
        [2 * exchanged; 3],
        "R-02: consents, disclosures and letters with contacts, two of each for an introduction"
    );

    // L5: a lease, and a little for what waits in line.
    assert!(waited < Duration::from_secs(90), "L5: it took {waited:?} after the last kill");
    format!(
        "{} intents ({} answered, {} in doubt) and {} introductions, {} mails taken, 0 lost, 0 phantoms, {copies}, all left {:.1} s after the last kill",
        committed.len() + unknown.len(),
        committed.len(),
        unknown.len(),
        pairs.len(),
        mails.len(),
        waited.as_secs_f64(),
    )
}

/// Every copy must follow an ambiguous ending of the one before it.
fn copies(run: &Run, mails: &[Received], ids: &[String]) -> String {
    let killed = lock(&run.killed);
    // The last mails that each killed process handed over: it may not have written them down.
    let mut last = HashMap::<&str, usize>::new();
    let mut in_hands = vec![false; mails.len()];
    for (place, mail) in mails.iter().enumerate().rev() {
        let Some(at) = killed.get(&mail.hello) else { continue };
        assert!(mail.at <= *at + Duration::from_secs(1), "a process sends after it was killed");
        let count = last.entry(&mail.hello).or_default();
        *count += 1;
        in_hands[place] = *count <= AT_ONCE;
    }
    let kept_back = mails.iter().filter(|mail| mail.unanswered).count();
    let mut before = HashMap::<&str, usize>::new();
    let (mut of_kills, mut of_silence) = (0, 0);
    for (place, id) in ids.iter().enumerate() {
        if let Some(earlier) = before.insert(id, place) {
            match (mails[earlier].unanswered, in_hands[earlier]) {
                (true, _) => of_silence += 1,
                (false, true) => of_kills += 1,
                (false, false) => {
                    panic!("L2: {id} was sent again though {} had its answer and lived on", mails[earlier].hello)
                }
            }
        }
    }
    assert!(of_silence <= kept_back, "L2: more copies than answers kept back");
    format!("{of_silence} copies after {kept_back} answers kept back, {of_kills} copies after {} kills", killed.len())
}

/// The letters of one introduction, in their order, and no contact before the last of them.
fn order(pair: &Pair, mails: &[Received], ids: &[String], known: &HashMap<&str, &Row>) {
    let about = format!("introduction:{}", pair.introduction);
    let mut stage = 0;
    for (mail, id) in mails.iter().zip(ids) {
        let row = known[id.as_str()];
        if row.about != about {
            continue;
        }
        let now = match row.letter.as_str() {
            "introduction/ask" => 1,
            "introduction/accepted" => 2,
            "introduction/exchanged" => 3,
            _ => continue,
        };
        assert!(now >= stage, "L4: {} of {about} arrived after a later letter", row.letter);
        stage = now;
        let parsed = mail.parsed();
        let whole = format!("{} {} {}", parsed.text, parsed.html, parsed.calendar.unwrap_or_default());
        let names = |secret: &str| whole.contains(secret);
        if now < 3 {
            let of_other = if mail.recipients == [pair.lead.as_str()] {
                [&pair.firm, &pair.firm_phone]
            } else {
                [&pair.lead, &pair.lead_phone]
            };
            assert!(!of_other.into_iter().any(|each| names(each)), "L3: {} shows a contact", row.letter);
        } else {
            assert!(names(&pair.firm) || names(&pair.lead), "the letter with the contact has none");
        }
    }
    assert_eq!(stage, 3, "the contacts of {about} did not arrive");
}
