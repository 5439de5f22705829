//! Delivery: claim due mail under a lease, hand it to the server with no transaction open, and
//! write down what came of it.
//!
//! A claim lasts a minute by the time that all workers share ([`crate::db::Db::time`]); a mail whose
//! worker died is due again when it is over, and the old worker's late word about it is not taken,
//! since the lease is another's by then. Nothing of a claim outlives its lease: it is begun within a
//! quarter of it, by this process's steady clock, and each half of a conversation has a third. A
//! clock that is set forward ends no lease at once, one that is set back lets no letter wait
//! (`a_clock_that_is_set_neither_ends_letters_nor_keeps_them`).
//!
//! A few conversations are under way at once, each taking the next mail when it is done, so that one
//! that hangs holds up no other. What is in trouble is tried by one at a time.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::Notify;

use crate::{
    app::App,
    config::Config,
    fault::{Context, Fault},
    mail::{
        attempt::{self, Moment, domain_of, patience},
        message::{self, Opened},
        record::Records,
        rest::{Leave, Rests, jitter},
        smtp::{Ending, Reply, Server},
        store::{self, Lapsed, Outgoing, Standing},
    },
    secret,
};

/// How long a claim lasts.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A claimed mail is begun within this time, or given back.
const BEGUN_WITHIN: Duration = Duration::from_secs(15);
/// How long each half of a conversation may take: up to the text, and the answer to it.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many mails are claimed together.
const CLAIMED: u64 = 20;
/// How many mails of one domain are under way at once, so that one that hangs leaves room.
const MOST_OF_A_DOMAIN: usize = 5;
/// How often somebody who has nothing to do looks again while others are busy.
const LOOK: Duration = Duration::from_millis(200);
/// A clock that gained or lost so much was set.
const JUMP: TimeDelta = TimeDelta::seconds(10);
/// How often, and for how long after the clock was set back, mail is looked through for times that
/// cannot be: what was being written at that moment is seen a little later.
const BETWEEN_MENDINGS: TimeDelta = TimeDelta::seconds(10);
const MENDING_LASTS: TimeDelta = TimeDelta::seconds(40);

/// The way out, and what it remembers of its troubles.
#[derive(Clone)]
pub struct Post {
    way: Way,
    pub(super) rests: Arc<Rests>,
    watch: Arc<Mutex<Watch>>,
    closed: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Way {
    /// To a mail server.
    Smtp(Arc<Server>),
    /// To files, one `.eml` for each mail, for development and the demo.
    Files(PathBuf),
}

/// How the shared time compares with this process's steady one.
#[derive(Default)]
struct Watch {
    offset: Option<TimeDelta>,
    /// The clock was set forward: until this steady time no claim is taken for a dead worker's.
    doubted_until: Option<DateTime<Utc>>,
    /// The clock was set back, or we have just begun: until this steady time mail is mended.
    mending_until: Option<DateTime<Utc>>,
    mended_at: Option<DateTime<Utc>>,
}

/// Sign-in letters never wait behind a backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lane {
    Urgent,
    Usual,
}

impl Lane {
    const ALL: [Self; 2] = [Self::Urgent, Self::Usual];

    /// How many mails of it are under way at once.
    fn slots(self) -> usize {
        match self {
            Self::Urgent => 3,
            Self::Usual => 10,
        }
    }

    fn place(self) -> usize {
        usize::from(self == Self::Usual)
    }
}

impl Post {
    /// The way out that the settings name.
    pub fn open(config: &Config) -> Result<Self, Fault> {
        Self::patient(config, PATIENCE)
    }

    /// The same with another patience for a server that does not answer.
    pub fn patient(config: &Config, patience: Duration) -> Result<Self, Fault> {
        let way = match &config.smtp_url {
            Some(url) => Way::Smtp(Arc::new(Server::new(url, patience)?)),
            None => {
                let folder = config.data_dir.join("mail");
                std::fs::create_dir_all(&folder).doing("making the folder of mails")?;
                Way::Files(folder)
            }
        };
        Ok(Self { way, rests: Arc::default(), watch: Arc::default(), closed: Arc::default() })
    }

    /// The process is about to end: what is under way is seen to its end, what is not begun is
    /// given back, and nothing more is claimed.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Whether mail can leave now, in words: for `check`.
    pub async fn test(&self) -> Result<String, String> {
        match &self.way {
            Way::Smtp(server) => server.test().await.map(|()| "the mail server answers".to_owned()),
            Way::Files(folder) => Ok(format!("written to {}", folder.display())),
        }
    }

    /// What time it is now, and whether leases that seem to have run out have.
    async fn time(&self, app: &App) -> Result<(Moment, Lapsed), Fault> {
        let shared = app.db.time(&app.clock).await?;
        let steady = app.clock.steady();
        let offset = shared - steady;
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if watch.offset.is_some_and(|before| offset - before > JUMP) {
            tracing::warn!("the clock was set forward; claims are taken over a minute later");
            watch.doubted_until = Some(steady + LEASE);
        }
        if watch.offset.is_none_or(|before| before - offset > JUMP) {
            watch.mending_until = Some(steady + MENDING_LASTS);
            watch.mended_at = None;
        }
        watch.offset = Some(offset);
        let lapsed = if watch.doubted_until.is_some_and(|until| steady < until) { Lapsed::Left } else { Lapsed::Taken };
        Ok((Moment { shared, steady }, lapsed))
    }

    /// Whether it is time to look for times that cannot be.
    fn is_mending_due(&self, steady: DateTime<Utc>) -> bool {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = watch.mending_until.is_some_and(|until| steady <= until)
            && watch.mended_at.is_none_or(|at| steady - at >= BETWEEN_MENDINGS);
        if is_due {
            watch.mended_at = Some(steady);
        }
        is_due
    }

    async fn send(&self, config: &Config, mail: &Outgoing, body: &Opened, now: DateTime<Utc>) -> Result<Ending, Fault> {
        match &self.way {
            Way::Smtp(server) => {
                let message = message::build(config, mail, body, now, false)?;
                let (Some(from), Some(to)) = (message.envelope().from(), message.envelope().to().first()) else {
                    return Err(Fault::other("a mail without an envelope"));
                };
                Ok(server.send(from, to, &message.formatted()).await)
            }
            Way::Files(folder) => {
                let message = message::build(config, mail, body, now, true)?.formatted();
                let path = folder.join(format!("{}.eml", mail.message_id.trim_matches(['<', '>'])));
                let written = tokio::task::spawn_blocking(move || std::fs::write(path, message)).await?;
                Ok(match written {
                    Ok(()) => Ending::Taken(Reply { code: 250, text: "written to a file".to_owned() }),
                    Err(error) => Ending::Unreached(None, error.to_string()),
                })
            }
        }
    }
}

/// Tries everything that is due once; returns how many mails were tried.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let (now, _) = app.post.time(app).await?;
    if app.post.is_mending_due(now.steady) {
        mend(app, now.shared).await?;
    }
    if app.post.is_closed()
        || matches!(app.post.rests.server(now.steady), Leave::Not(_))
        || !(store::is_any_due(&app.db, true, now.shared).await?
            || store::is_any_due(&app.db, false, now.shared).await?)
    {
        return Ok(0);
    }
    let round = Round::new(app, now);
    let slots: FuturesUnordered<_> = Lane::ALL
        .into_iter()
        .flat_map(|lane| std::iter::repeat_n(lane, lane.slots()))
        .map(|lane| round.slot(lane))
        .collect();
    // All are seen to their end, whatever comes of one: a conversation that is dropped half-way
    // would leave its mail in doubt.
    slots.collect::<()>().await;
    give_up(app, round.now().shared).await?;
    match round.trouble.into_inner() {
        Some(fault) => Err(fault),
        None => Ok(round.tried.get()),
    }
}

/// Gives mail whose times cannot be, since a clock was set back, times that can.
async fn mend(app: &App, now: DateTime<Utc>) -> Result<(), Fault> {
    let mended = app.db.write(async |tx| store::mend_impossible(tx, now, LEASE).await).await?;
    if mended > 0 {
        tracing::warn!(mended, "the clock was set back; mail that would have waited for it does not");
    }
    Ok(())
}

/// When the mail server has been down for as long as we are patient, letters end, also those whose
/// turn never came.
async fn give_up(app: &App, now: DateTime<Utc>) -> Result<(), Fault> {
    for urgent in [true, false] {
        if app.post.rests.server_is_surely_down(urgent) {
            let before = now - patience(urgent);
            let words = "the mail server could not be reached for too long";
            let given = app.db.write(async |tx| store::give_up(tx, urgent, before, words, now).await).await?;
            if given > 0 {
                tracing::error!(given, "mail was given up: {words}");
            }
        }
    }
    Ok(())
}

/// A claimed mail that nobody has begun.
struct Held {
    mail: Outgoing,
    lease: String,
    claimed: Instant,
}

/// One round of delivery: some conversations at once, until nothing is due.
struct Round<'a> {
    app: &'a App,
    now: Cell<Moment>,
    held: [RefCell<VecDeque<Held>>; 2],
    claiming: [Cell<bool>; 2],
    busy: RefCell<HashMap<String, usize>>,
    records: Records,
    tried: Cell<usize>,
    trouble: RefCell<Option<Fault>>,
    /// How many have nothing to do, and whether that is so of all.
    resting: Cell<usize>,
    is_over: Cell<bool>,
    /// Rung when a conversation is over.
    over: Notify,
}

impl<'a> Round<'a> {
    fn new(app: &'a App, now: Moment) -> Self {
        Self {
            app,
            now: Cell::new(now),
            held: Default::default(),
            claiming: Default::default(),
            busy: RefCell::default(),
            records: Records::default(),
            tried: Cell::default(),
            trouble: RefCell::default(),
            resting: Cell::default(),
            is_over: Cell::default(),
            over: Notify::new(),
        }
    }

    /// The time now, as last read and carried on by the steady clock.
    fn now(&self) -> Moment {
        let (read, steady) = (self.now.get(), self.app.clock.steady());
        Moment { shared: read.shared_at(steady), steady }
    }

    fn is_ending(&self) -> bool {
        self.app.post.is_closed() || self.trouble.borrow().is_some()
    }

    fn is_idle(&self) -> bool {
        self.busy.borrow().is_empty() && self.held.iter().all(|held| held.borrow().is_empty())
    }

    /// Takes one mail after the other until nothing is left.
    async fn slot(&self, lane: Lane) {
        loop {
            let found = match self.take(lane) {
                Some(held) => {
                    let domain = domain_of(&held.mail.recipient).to_owned();
                    let done = self.see_to(&held).await;
                    self.put_down(&domain);
                    self.over.notify_waiters();
                    done.map(|()| true)
                }
                None if self.is_ending() => Ok(false),
                None => self.claim(lane).await,
            };
            match found {
                Ok(true) => {}
                // What is held in this lane was given back by now.
                Ok(false) if self.is_ending() => return,
                Ok(false) => {
                    self.resting.set(self.resting.get() + 1);
                    // Nobody leaves while another is busy: what is written meanwhile is for the others.
                    if self.resting.get() >= Lane::ALL.map(Lane::slots).into_iter().sum::<usize>() {
                        self.is_over.set(true);
                        self.over.notify_waiters();
                    }
                    if self.is_over.get() {
                        return;
                    }
                    tokio::select! {
                        () = self.over.notified() => {}
                        () = self.app.wake.notified() => {}
                        () = tokio::time::sleep(LOOK) => {}
                    }
                    if self.is_over.get() {
                        return;
                    }
                    self.resting.set(self.resting.get() - 1);
                }
                Err(fault) => {
                    *self.trouble.borrow_mut() = Some(fault);
                }
            }
        }
    }

    /// The next mail that may be begun, or must be given back.
    fn take(&self, lane: Lane) -> Option<Held> {
        let (steady, mut busy) = (self.app.clock.steady(), self.busy.borrow_mut());
        let server = self.app.post.rests.server(steady);
        let may = |held: &Held| {
            if self.is_ending() || held.claimed.elapsed() > BEGUN_WITHIN {
                return true;
            }
            let domain = domain_of(&held.mail.recipient);
            let of_domain = busy.get(domain).copied().unwrap_or_default();
            match (server, self.app.post.rests.domain(domain, steady)) {
                (Leave::Not(_), _) | (_, Leave::Not(_)) => true,
                (Leave::One, _) => busy.is_empty(),
                (Leave::All, Leave::One) => of_domain == 0,
                (Leave::All, Leave::All) => of_domain < MOST_OF_A_DOMAIN,
            }
        };
        let mut held = self.held[lane.place()].borrow_mut();
        let place = held.iter().position(may)?;
        let taken = held.remove(place)?;
        *busy.entry(domain_of(&taken.mail.recipient).to_owned()).or_default() += 1;
        Some(taken)
    }

    fn put_down(&self, domain: &str) {
        let mut busy = self.busy.borrow_mut();
        if let Some(count) = busy.get_mut(domain) {
            *count -= 1;
            if *count == 0 {
                busy.remove(domain);
            }
        }
    }

    /// Claims what is due; `false` when there is nothing, or no need.
    async fn claim(&self, lane: Lane) -> Result<bool, Fault> {
        let limit = match self.app.post.rests.server(self.app.clock.steady()) {
            Leave::Not(_) => return Ok(false),
            Leave::One if !self.is_idle() => return Ok(false),
            Leave::One => 1,
            Leave::All => CLAIMED,
        };
        let many = self.held[lane.place()].borrow().len() >= lane.slots();
        let claiming = &self.claiming[lane.place()];
        if many || claiming.replace(true) {
            return Ok(false);
        }
        let claimed = self.claim_now(lane, limit).await;
        claiming.set(false);
        claimed
    }

    async fn claim_now(&self, lane: Lane, limit: u64) -> Result<bool, Fault> {
        let (app, urgent) = (self.app, lane == Lane::Urgent);
        let (now, lapsed) = app.post.time(app).await?;
        self.now.set(now);
        if !store::is_any_due(&app.db, urgent, now.shared).await? {
            return Ok(false);
        }
        let (lease, claimed) = (secret::token(), Instant::now());
        let until = [now.shared, now.shared + LEASE];
        let mails = app.db.write(async |tx| store::claim(tx, urgent, lapsed, &lease, until, limit).await).await?;
        let found = !mails.is_empty();
        let held = mails.into_iter().map(|mail| Held { mail, lease: lease.clone(), claimed });
        self.held[lane.place()].borrow_mut().extend(held);
        self.over.notify_waiters();
        Ok(found)
    }

    /// Tries one claimed mail, or gives it back when its turn has passed.
    async fn see_to(&self, held: &Held) -> Result<(), Fault> {
        let (app, mail, lease) = (self.app, &held.mail, held.lease.as_str());
        let now = self.now();
        let is_late = held.claimed.elapsed() > BEGUN_WITHIN;
        if is_late || self.is_ending() || matches!(app.post.rests.server(now.steady), Leave::Not(_)) {
            return app.db.write(async |tx| store::release(tx, mail.id, lease, now.shared).await).await;
        }
        let domain = domain_of(&mail.recipient);
        if let Leave::Not(until) = app.post.rests.domain(domain, now.steady) {
            if mail.created_at + patience(mail.urgent) <= now.shared && app.post.rests.domain_is_surely_down(domain) {
                return self.write_down(held, attempt::given_up(mail)).await;
            }
            let back_at = now.shared_at(until) + jitter(TimeDelta::minutes(1));
            return app.db.write(async |tx| store::release(tx, mail.id, lease, back_at).await).await;
        }
        let body = match attempt::prepare(app, mail).await? {
            Ok(body) => body,
            Err(tried) => return self.write_down(held, *tried).await,
        };
        // The last look before it leaves: a consent may have been taken back since the claim, and a
        // process that stood still may find that its lease has gone to another.
        match store::standing(&app.db, mail.id, lease).await? {
            Standing::Ours => {}
            Standing::Stopped => return app.db.write(async |tx| store::end_stopped(tx, mail.id, lease).await).await,
            Standing::Lost => {
                tracing::warn!(mail.id = mail.id.0, "a mail was not sent: its lease has gone to another worker");
                return Ok(());
            }
        }
        let ending = app.post.send(&app.config, mail, &body, now.shared).await;
        let tried = attempt::judge(app, mail, &body, ending, self.now());
        self.write_down(held, tried).await
    }

    async fn write_down(&self, held: &Held, tried: store::Tried) -> Result<(), Fault> {
        let (mail, status, code) = (&held.mail, tried.status.as_str(), tried.reply_code);
        self.tried.set(self.tried.get() + 1);
        let ours = self.records.write(self.app, mail, &held.lease, tried, self.now().shared).await?;
        // Never the address: a log is read by more people than a desk.
        if ours {
            tracing::info!(mail.id = mail.id.0, status, code, attempts = mail.attempts, "mail was tried");
        } else {
            tracing::warn!(
                mail.id = mail.id.0,
                status,
                code,
                attempts = mail.attempts,
                "the lease of a mail was lost; another worker has it"
            );
        }
        Ok(())
    }
}
