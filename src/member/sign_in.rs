//! Signing in: ask for a letter, then follow its link or type its six digits.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    fault::{Cause, Fault},
    id::MailId,
    mail::{self, Address},
    member::{Member, letters, session, store},
    secret,
    words::Language,
};

/// Wrong tries after which a code is dead.
const MOST_TRIES: i64 = 5;
/// Wrong codes in a day after which an address is signed in by links only. A guesser then has ten
/// tries a day at a million codes; the owner's letters go on working.
const MOST_TRIES_A_DAY: i64 = 10;

/// What the page between the two steps carries, sealed: it tells its holder nothing.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Ticket {
    /// The row of the code.
    pub code_id: i64,
    /// The address that was typed.
    pub email: String,
    /// Where to go afterwards.
    pub next: String,
    /// The letter.
    pub mail_id: MailId,
    /// In the demo alone: the code and the link's token, to be shown on the page.
    pub shown: Option<(String, String)>,
}

impl Ticket {
    /// Opens a sealed ticket; `None` if it is not ours.
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        serde_json::from_str(&app.config.secret.open(sealed).ok()?).ok()
    }
}

/// Why there is no letter.
#[derive(Debug)]
pub enum AskError {
    /// This address has asked too often; try again after so many seconds.
    TooMany(u64),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for AskError {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for AskError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Asks for a letter to `email`. Known and unknown addresses get the same letter and answer.
/// Returns a sealed ticket for the page that takes the code.
pub async fn ask(app: &App, email: &Address, language: Language, next: &str) -> Result<String, AskError> {
    let now = app.clock.now();
    let (code, link) = (secret::digits(), secret::token());
    let letter = letters::sign_in(app, email, language, &code, &link)?;
    app.db
        .write(async |tx| {
            let hour_ago = now - chrono::TimeDelta::hours(1);
            let asked = store::codes_since(tx, email, hour_ago).await?;
            if asked.len() >= usize::try_from(app.config.sign_in_per_hour).unwrap_or(usize::MAX) {
                let oldest = asked.into_iter().min().unwrap_or(now);
                let wait = (oldest + chrono::TimeDelta::hours(1) - now).num_seconds().max(1);
                return Err(AskError::TooMany(wait.unsigned_abs()));
            }
            let code_id = store::insert_code(
                tx,
                email,
                &code_hash(app, email, &code),
                &secret::hash(&link),
                now,
                now + app.config.sign_in_lasts(),
            )
            .await?;
            let mail_id = mail::enqueue(tx, app, letter).await?;
            let ticket = Ticket {
                code_id,
                email: email.to_string(),
                next: next.to_owned(),
                mail_id,
                shown: app.config.demo.then(|| (code.clone(), link.clone())),
            };
            Ok(app.config.secret.seal(&serde_json::to_string(&ticket)?)?)
        })
        .await
        .inspect(|_| app.wake.notify_waiters())
}

/// What a code or a link was worth.
#[derive(Debug)]
pub enum Spent {
    /// Signed in: the token of the cookie, and the member.
    In(String, Box<Member>),
    /// Not these digits; so many tries are left.
    Wrong(i64),
    /// Used, too old, or tried too often: ask for a new letter.
    Dead,
    /// Too many wrong digits for this address today: the link of the letter still works.
    Closed,
    /// The park keeps this member out.
    Barred,
}

/// Spends six digits.
pub async fn spend_code(app: &App, ticket: &Ticket, digits: &str, language: Language) -> Result<Spent, Fault> {
    let now = app.clock.now();
    let Some(email) = Address::parse(&ticket.email) else { return Ok(Spent::Dead) };
    let hash = code_hash(app, &email, digits);
    app.db
        .write(async |tx| {
            // The try is counted first, in the same statement that reads the row: two guesses at
            // the same moment count as two.
            let Some(code) = store::count_try(tx, ticket.code_id).await? else { return Ok(Spent::Dead) };
            if code.email != email.as_str() || !is_good(&code, now) || code.tries > MOST_TRIES {
                return Ok(Spent::Dead);
            }
            // This try is among them, right or wrong.
            let tried = store::wrong_tries_since(tx, &code.email, now - chrono::TimeDelta::days(1)).await?;
            if tried > MOST_TRIES_A_DAY {
                return Ok(Spent::Closed);
            }
            if !secret::same(&code.code_hash, &hash) {
                if tried == MOST_TRIES {
                    // Sent to everybody, member or not, so that it tells the guesser nothing.
                    let letter = letters::tried(app, &email, language, tried, MOST_TRIES_A_DAY)?;
                    mail::enqueue(tx, app, letter).await?;
                }
                return Ok(if code.tries >= MOST_TRIES { Spent::Dead } else { Spent::Wrong(MOST_TRIES - code.tries) });
            }
            enter_in(tx, app, code.id, &email, language).await
        })
        .await
}

/// Spends the link of a letter.
pub async fn spend_link(app: &App, token: &str, language: Language) -> Result<Spent, Fault> {
    let hash = secret::hash(token);
    app.db
        .write(async |tx| {
            let Some(code) = store::code_by_link(tx, &hash).await? else { return Ok(Spent::Dead) };
            let Some(email) = Address::parse(&code.email) else { return Ok(Spent::Dead) };
            if !is_good(&code, app.clock.now()) {
                return Ok(Spent::Dead);
            }
            enter_in(tx, app, code.id, &email, language).await
        })
        .await
}

/// The address that a link signs in, while the link is good. Looking changes nothing.
pub async fn look(app: &App, token: &str) -> Result<Option<Address>, Fault> {
    let code = store::code_by_link(&app.db, &secret::hash(token)).await?;
    Ok(code.filter(|code| is_good(code, app.clock.now())).and_then(|code| Address::parse(&code.email)))
}

/// A link for an address, without a letter: for the command line, whose user owns the machine.
pub async fn link_for(app: &App, email: &Address) -> Result<String, Fault> {
    let now = app.clock.now();
    let link = secret::token();
    app.db
        .write(async |tx| {
            store::insert_code(tx, email, "-", &secret::hash(&link), now, now + app.config.sign_in_lasts()).await
        })
        .await?;
    Ok(app.config.link(&format!("/sign-in/{link}")))
}

async fn enter_in(
    tx: &crate::db::Tx,
    app: &App,
    code: i64,
    email: &Address,
    language: Language,
) -> Result<Spent, Fault> {
    let now = app.clock.now();
    if !store::use_code(tx, code, now).await? {
        return Ok(Spent::Dead);
    }
    let member = store::welcome(tx, email, language, now).await?;
    if member.barred_at.is_some() {
        return Ok(Spent::Barred);
    }
    let token = session::begin_in(tx, app, member.id).await?;
    Ok(Spent::In(token, Box::new(member)))
}

fn is_good(code: &store::Code, now: DateTime<Utc>) -> bool {
    code.used_at.is_none() && now < code.expires_at
}

/// Six digits are few, so their hash is keyed with the site's secret and tied to the address.
fn code_hash(app: &App, email: &Address, digits: &str) -> String {
    app.config.secret.sign("sign-in", &format!("{email} {digits}"))
}
