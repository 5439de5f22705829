//! Delivery: claim due mail under a lease, hand it to the server with no transaction open, and
//! write down what came of it.
//!
//! A claim lasts a minute by this machine's clock; a mail whose worker died is due again when it
//! is over, and the old worker's late word about it is not taken, since the lease is another's by
//! then. Nothing of a claim outlives three quarters of a lease, so two workers hold one mail at the
//! same time only if their clocks are apart by more than the rest.
//!
//! What a reply means (RFC 5321 4.2.1, RFC 3463): 2 taken; 4 and trouble with the connection, try
//! again later, at last four-hourly for five days; 5 refused for good, and if the address does not
//! exist nothing but sign-in letters is sent to it any more. A 421 lets that recipient's domain
//! rest; a server that cannot be reached rests as a whole. No answer to the text itself leaves the
//! mail Uncertain: staff see it, and it is tried **once** more under the same Message-ID, so an
//! unanswered dot makes at most one copy (`an_unanswered_dot_makes_at_most_one_copy`).

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use rand::Rng;
use tokio::sync::Notify;

use crate::{
    app::App,
    config::Config,
    fault::{Context, Fault},
    mail::{
        Address, Status,
        enqueue::address_hash,
        message::{self, Opened, without_addresses},
        reason::{enhanced, says_unknown},
        smtp::{Ending, Reply, Server, Step},
        store::{self, Outgoing, Tried},
    },
    secret,
};

/// How long a claim lasts.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A claimed mail is begun within this time, or given back.
const BEGUN_WITHIN: TimeDelta = TimeDelta::seconds(15);
/// How long each half of a conversation may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many mails are claimed together, and how many of them are under way at once.
const CLAIMED: u64 = 16;
const AT_ONCE: usize = 4;
/// How many usual mails one round delivers, so that the worker gets to its other parts.
const MOST_IN_A_ROUND: usize = 256;
/// How often the urgent lane looks while the usual one is busy.
const URGENT_LOOK: Duration = Duration::from_millis(200);
/// How many unanswered dots a mail may have before it is left to staff.
const MOST_DOUBTS: i64 = 2;

/// The way out, and what it remembers of its troubles.
#[derive(Clone)]
pub struct Post {
    way: Way,
    rests: Arc<Mutex<Rests>>,
    closed: Arc<AtomicBool>,
}

#[derive(Clone)]
enum Way {
    /// To a mail server.
    Smtp(Arc<Server>),
    /// To files, one `.eml` for each mail, for development and the demo.
    Files(PathBuf),
}

/// Until when the server and single domains are left alone. This process's memory only: after a
/// restart each is tried once more.
#[derive(Default)]
struct Rests {
    server: HashMap<Lane, DateTime<Utc>>,
    domains: HashMap<String, DateTime<Utc>>,
}

/// Sign-in letters never wait behind a backlog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Lane {
    Urgent,
    Usual,
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
        Ok(Self { way, rests: Arc::default(), closed: Arc::default() })
    }

    /// The process is about to end: what is under way is seen to its end, what is not begun is
    /// given back, and nothing more is claimed.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Whether mail can leave now, in words: for `check`.
    pub async fn test(&self) -> Result<String, String> {
        match &self.way {
            Way::Smtp(server) => server.test().await.map(|()| "the mail server answers".to_owned()),
            Way::Files(folder) => Ok(format!("written to {}", folder.display())),
        }
    }

    fn rests(&self) -> MutexGuard<'_, Rests> {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server is left alone for now.
    fn is_resting(&self, lane: Lane, now: DateTime<Utc>) -> bool {
        self.rests().server.get(&lane).is_some_and(|until| now < *until)
    }

    fn domain_rests_until(&self, recipient: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.rests().domains.get(domain_of(recipient)).copied().filter(|until| now < *until)
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
    let now = app.clock.now();
    if store::next_due(&app.db).await?.is_none_or(|due| now < due) {
        return Ok(0);
    }
    let usual_is_over = Notify::new();
    let usual = async {
        let tried = drain(app, Lane::Usual, MOST_IN_A_ROUND).await;
        usual_is_over.notify_one();
        tried
    };
    let urgent = async {
        let mut tried = drain(app, Lane::Urgent, usize::MAX).await?;
        while tokio::time::timeout(URGENT_LOOK, usual_is_over.notified()).await.is_err() {
            tried += drain(app, Lane::Urgent, usize::MAX).await?;
        }
        Ok::<_, Fault>(tried)
    };
    let (usual, urgent) = tokio::join!(usual, urgent);
    Ok(usual? + urgent?)
}

/// Delivers what is due in one lane, about `most` mails.
async fn drain(app: &App, lane: Lane, most: usize) -> Result<usize, Fault> {
    let mut tried = 0;
    while tried < most && !app.post.is_closed() && !app.post.is_resting(lane, app.clock.now()) {
        let claimed_at = app.clock.now();
        let lease = secret::token();
        let claimed = app
            .db
            .write(async |tx| {
                store::claim(tx, lane == Lane::Urgent, &lease, claimed_at, claimed_at + LEASE, CLAIMED).await
            })
            .await?;
        if claimed.is_empty() {
            break;
        }
        let (count, trouble) = (Cell::new(0), RefCell::new(None));
        // All are seen to their end, whatever comes of one: a conversation that is dropped half-way
        // would leave its mail in doubt.
        stream::iter(&claimed)
            .for_each_concurrent(AT_ONCE, async |mail| match see_to(app, lane, mail, &lease, claimed_at).await {
                Ok(was_tried) => count.set(count.get() + usize::from(was_tried)),
                Err(fault) => *trouble.borrow_mut() = Some(fault),
            })
            .await;
        if let Some(fault) = trouble.into_inner() {
            return Err(fault);
        }
        tried += count.get();
    }
    Ok(tried)
}

/// Tries one claimed mail, or gives it back when its turn has passed; `true` when it was tried.
async fn see_to(app: &App, lane: Lane, mail: &Outgoing, lease: &str, claimed_at: DateTime<Utc>) -> Result<bool, Fault> {
    let now = app.clock.now();
    let back_at = if now > claimed_at + BEGUN_WITHIN || app.post.is_closed() || app.post.is_resting(lane, now) {
        Some(now)
    } else {
        app.post.domain_rests_until(&mail.recipient, now).map(|until| until + jitter(TimeDelta::minutes(1)))
    };
    if let Some(back_at) = back_at {
        app.db.write(async |tx| store::release(tx, mail.id, lease, back_at).await).await?;
        return Ok(false);
    }
    let (tried, suppress) = attempt(app, lane, mail).await?;
    let now = app.clock.now();
    let ours = app
        .db
        .write(async |tx| {
            let ours = store::record(tx, mail.id, lease, &tried, now).await?;
            if ours && let Some(address) = Address::parse(&mail.recipient) {
                let hash = address_hash(&app.config, &address);
                if suppress {
                    store::suppress(tx, &hash, &tried.reply, Some(mail.id), now).await?;
                } else if tried.status == Status::Sent {
                    store::lift(tx, &hash).await?;
                }
            }
            Ok::<_, Fault>(ours)
        })
        .await?;
    // Never the address: a log is read by more people than a desk.
    let (status, code, attempts) = (tried.status.as_str(), tried.reply_code, mail.attempts);
    if ours {
        tracing::info!(mail.id = mail.id.0, status, code, attempts, "mail was tried");
    } else {
        tracing::warn!(
            mail.id = mail.id.0,
            status,
            code,
            attempts,
            "the lease of a mail was lost; another worker has it"
        );
    }
    Ok(true)
}

/// One try; also says whether the address is found not to exist.
async fn attempt(app: &App, lane: Lane, mail: &Outgoing) -> Result<(Tried, bool), Fault> {
    let now = app.clock.now();
    let mut tried = Tried {
        status: Status::Failed,
        due_at: None,
        reply_code: None,
        reply: String::new(),
        doubts: mail.doubts,
        kept: None,
    };
    // What cannot be opened or built today cannot be tomorrow: it is parked, and the others flow.
    let body = match message::open(&app.config, mail) {
        Ok(body) => body,
        Err(fault) => {
            tried.reply = without_addresses(&fault.to_string());
            return Ok((tried, false));
        }
    };
    if lane == Lane::Usual
        && let Some(address) = Address::parse(&mail.recipient)
        && store::is_suppressed(&app.db, &address_hash(&app.config, &address)).await?
    {
        tried.status = Status::Suppressed;
        return Ok((at_an_end(tried, mail, &body), false));
    }
    let ending = match app.post.send(&app.config, mail, &body, now).await {
        Ok(ending) => ending,
        Err(fault) => {
            tried.reply = without_addresses(&fault.to_string());
            return Ok((at_an_end(tried, mail, &body), false));
        }
    };
    let now = app.clock.now();
    if let Ending::Taken(reply) | Ending::Refused(_, reply) | Ending::Unreached(Some(reply), _) = &ending {
        tried.reply_code = Some(i64::from(reply.code));
        tried.reply = without_addresses(&reply.text);
    }
    let mut suppress = false;
    match &ending {
        Ending::Taken(_) => {
            tried.status = Status::Sent;
            app.post.rests().server.clear();
        }
        Ending::Refused(step, reply) if is_final(reply) => suppress = is_unknown_address(*step, reply),
        Ending::Refused(_, reply) => {
            put_off(&mut tried, mail, now, false);
            if let Some(due_at) = tried.due_at.filter(|_| reply.code == 421) {
                app.post.rests().domains.insert(domain_of(&mail.recipient).to_owned(), due_at);
            }
        }
        Ending::Unreached(reply, words) => {
            if reply.is_none() {
                tried.reply = without_addresses(words);
            }
            put_off(&mut tried, mail, now, lane == Lane::Urgent);
            if let Some(due_at) = tried.due_at {
                app.post.rests().server.insert(lane, due_at);
            }
        }
        Ending::Lost => {
            tried.status = Status::Uncertain;
            tried.doubts += 1;
            tried.due_at =
                (tried.doubts < MOST_DOUBTS).then(|| now + TimeDelta::minutes(15) + jitter(TimeDelta::minutes(3)));
        }
    }
    Ok((at_an_end(tried, mail, &body), suppress))
}

/// At an end nothing is kept of a link that acts.
fn at_an_end(mut tried: Tried, mail: &Outgoing, body: &Opened) -> Tried {
    if mail.linked && tried.due_at.is_none() {
        let kept = message::kept(mail, body);
        tried.kept = Some((kept.text, kept.html));
    }
    tried
}

/// Tried again later, or Expired when it was tried for long enough.
fn put_off(tried: &mut Tried, mail: &Outgoing, now: DateTime<Utc>, soon: bool) {
    // Who waits at a screen has gone after an hour, and the link with him.
    let limit = mail.created_at + if mail.urgent { TimeDelta::hours(1) } else { TimeDelta::days(5) };
    if limit <= now {
        tried.status = Status::Expired;
        return;
    }
    let wait = wait_after(mail.attempts, soon);
    tried.status = Status::Queued;
    tried.due_at = Some(Ord::min(now + wait + jitter(wait / 5), limit));
}

/// How long to wait after so many tries. `soon`: nobody has told us to wait, and somebody does.
fn wait_after(attempts: i64, soon: bool) -> TimeDelta {
    let wait = match (soon, attempts) {
        (true, ..=1) => TimeDelta::seconds(15),
        (true, 2) => TimeDelta::seconds(30),
        (true, 3) => TimeDelta::minutes(1),
        (_, ..=1) => TimeDelta::minutes(5),
        (_, 2) => TimeDelta::minutes(15),
        (_, 3) => TimeDelta::minutes(30),
        (_, 4) => TimeDelta::hours(1),
        (_, 5) => TimeDelta::hours(2),
        (_, _) => TimeDelta::hours(4),
    };
    if soon { Ord::min(wait, TimeDelta::minutes(2)) } else { wait }
}

/// Up to `most`, so that what failed together is not tried together.
fn jitter(most: TimeDelta) -> TimeDelta {
    TimeDelta::milliseconds(rand::rng().random_range(0..=most.num_milliseconds().max(0)))
}

/// The enhanced code decides when there is one: some servers say 550 4.2.1 of a mailbox that is full today.
fn is_final(reply: &Reply) -> bool {
    match enhanced(&reply.text) {
        Some((class, ..)) => class == 5,
        None => reply.code >= 500,
    }
}

/// Whether the reply says that there is no such mailbox, rather than that it does not want this mail.
fn is_unknown_address(step: Step, reply: &Reply) -> bool {
    if !matches!(step, Step::Recipient | Step::Dot) {
        return false;
    }
    match enhanced(&reply.text) {
        // 5.1.7 and 5.1.8 speak of the sender.
        Some((5, 1, detail)) => matches!(detail, 1 | 2 | 3 | 6 | 10),
        Some(_) => false,
        None => says_unknown(reply.code.into(), &reply.text),
    }
}

fn domain_of(recipient: &str) -> &str {
    recipient.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(code: u16, text: &str) -> Reply {
        Reply { code, text: text.to_owned() }
    }

    #[test]
    fn only_an_address_that_does_not_exist_is_suppressed() {
        let unknown = |code, text| is_unknown_address(Step::Recipient, &reply(code, text));
        assert!(unknown(550, "5.1.1 no such user"));
        assert!(unknown(550, "User unknown"));
        assert!(!unknown(550, "5.7.1 blocked by policy"));
        assert!(!unknown(550, "5.1.8 bad sender"));
        assert!(!unknown(554, "spam"));
        assert!(!is_unknown_address(Step::Sender, &reply(550, "5.1.1 who are you")));
    }

    #[test]
    fn the_enhanced_code_decides() {
        assert!(is_final(&reply(550, "5.2.1 disabled")));
        assert!(!is_final(&reply(550, "4.2.2 mailbox full")));
        assert!(!is_final(&reply(452, "4.2.2 mailbox full")));
        assert!(is_final(&reply(554, "no")));
        assert!(!is_final(&reply(451, "5 minutes, then again")));
    }

    #[test]
    fn waits_grow_to_four_hours() {
        let minutes: Vec<i64> = (1..=7).map(|attempts| wait_after(attempts, false).num_minutes()).collect();
        assert_eq!(minutes, [5, 15, 30, 60, 120, 240, 240]);
        let seconds: Vec<i64> = (1..=5).map(|attempts| wait_after(attempts, true).num_seconds()).collect();
        assert_eq!(seconds, [15, 30, 60, 120, 120]);
    }
}
