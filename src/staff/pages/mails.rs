//! The desk's page of mail: what did not get through, what waits, what was sent.
//!
//! Nothing here shows a link that acts for its reader: the body of such a letter is sealed until it
//! is sent and has lost its link afterwards ([`crate::mail`]).

use actix_web::web::Path;
use serde::Serialize;

use crate::{
    id::{IntroductionId, ListingId, MailId},
    introduction, listing,
    mail::{
        Mail, Status,
        again::{self, AgainError},
        store,
    },
    web::{Answer, Broker, Fields, Page, Posted, Staff, WebError},
    words::Say,
};

/// How many mails a list shows.
const SHOWN: u64 = 100;

#[derive(Serialize)]
struct Row {
    url: String,
    subject: String,
    to: String,
    status: &'static str,
    status_label: String,
    tone: &'static str,
    reason: String,
    at: String,
}

#[derive(Serialize)]
struct IndexView {
    trouble: Vec<Row>,
    waiting: Vec<Row>,
    recent: Vec<Row>,
    counts: Vec<Figure>,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    value: String,
}

/// `GET /desk/mails`.
pub async fn index(page: Page, _: Staff) -> Answer {
    let db = &page.app.db;
    let rows = |mails: Vec<Mail>| mails.iter().map(|mail| row(&page, mail)).collect::<Vec<_>>();
    let trouble = rows(store::trouble(db, SHOWN).await?);
    let counts = store::counts(db).await?;
    let many = |status: Status| counts.iter().find(|(each, _)| *each == status).map_or(0, |(_, count)| *count);
    let figure = |key: &str, value: String| Figure { label: page.word(key), value };
    let view = IndexView {
        counts: vec![
            figure("mail-trouble", trouble.len().to_string()),
            figure("mail-waiting", (many(Status::Queued) + many(Status::Sending)).to_string()),
            figure("mail-status-sent", many(Status::Sent).to_string()),
        ],
        trouble,
        waiting: rows(store::waiting(db, SHOWN).await?),
        recent: rows(store::recent(db, SHOWN).await?),
    };
    page.show("staff/mails.html", &view)
}

fn row(page: &Page, mail: &Mail) -> Row {
    Row {
        url: format!("/desk/mails/{}", mail.id),
        subject: mail.subject.clone(),
        to: to(mail),
        status: mail.status.as_str(),
        status_label: status(page, mail),
        tone: tone(mail),
        reason: reason(page, mail),
        at: page.moment(mail.sent_at.unwrap_or(mail.created_at)),
    }
}

fn to(mail: &Mail) -> String {
    if mail.recipient_name.is_empty() {
        mail.recipient.to_string()
    } else {
        format!("{} <{}>", mail.recipient_name, mail.recipient)
    }
}

/// Where a mail stands, in words; one that was put off says when it is tried again.
fn status(page: &Page, mail: &Mail) -> String {
    match (mail.status, mail.due_at) {
        (Status::Queued, Some(due_at)) if mail.reason().is_some() => {
            page.tell(&Say::new("mail-status-put-off").with("at", page.moment(due_at)))
        }
        (Status::Uncertain, Some(due_at)) => {
            page.tell(&Say::new("mail-status-uncertain-again").with("at", page.moment(due_at)))
        }
        (status, _) => page.word(&format!("mail-status-{}", status.as_str())),
    }
}

fn tone(mail: &Mail) -> &'static str {
    match mail.status {
        Status::Queued | Status::Sending => "wait",
        Status::Sent => "good",
        Status::Replaced | Status::Withdrawn => "plain",
        _ if mail.handled_at.is_some() => "plain",
        Status::Failed | Status::Expired | Status::Suppressed | Status::Uncertain => "bad",
    }
}

/// Why, in words, with the server's code behind it.
fn reason(page: &Page, mail: &Mail) -> String {
    let Some(reason) = mail.reason() else { return String::new() };
    let words = page.word(&format!("mail-reason-{}", reason.as_str()));
    match mail.reply_code {
        Some(code) => {
            page.tell(&Say::new("mail-reason-code").with("words", words).with("code", format!("{code} {}", mail.reply)))
        }
        None => words,
    }
}

#[derive(Serialize)]
struct Fact {
    label: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct ShowView {
    title: String,
    status_label: String,
    tone: &'static str,
    facts: Vec<Fact>,
    text: String,
    linked: bool,
    urgent: bool,
    resend: Option<String>,
    handled: Option<String>,
    key: String,
}

/// `GET /desk/mails/{id}`.
pub async fn show(page: Page, Staff(staff): Staff, id: Path<String>) -> Answer {
    let mail = mail(&page, &id).await?;
    page.csrf();
    let fact = |key: &str, value: String| Fact { label: page.word(key), value, url: None };
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| page.moment(at)).unwrap_or_default();
    let due_at = mail.due_at.filter(|_| matches!(mail.status, Status::Queued | Status::Uncertain));
    let facts = vec![
        fact("mail-to", to(&mail)),
        Fact { label: page.word("mail-about"), value: about_words(&page, &mail.about), url: about_url(&mail.about) },
        fact("mail-reason", reason(&page, &mail)),
        fact("mail-attempts", mail.attempts.to_string()),
        fact("mail-written", page.moment(mail.created_at)),
        fact("mail-next-try", moment(due_at)),
        fact("mail-sent", moment(mail.sent_at)),
        fact("mail-handled", moment(mail.handled_at)),
    ];
    let is_over = !matches!(mail.status, Status::Queued | Status::Sending);
    let may = staff.role.brokers();
    let url = format!("/desk/mails/{}", mail.id);
    let view = ShowView {
        title: mail.subject.clone(),
        status_label: status(&page, &mail),
        tone: tone(&mail),
        facts,
        resend: (may && is_over && way_again(&mail).is_some()).then(|| format!("{url}/resend")),
        handled: (may && mail.status.is_trouble() && mail.handled_at.is_none()).then(|| format!("{url}/handled")),
        text: mail.text,
        linked: mail.linked,
        urgent: mail.urgent,
        key: Fields::blank().key().to_owned(),
    };
    page.show("staff/mail.html", &view)
}

/// `POST /desk/mails/{id}/resend`.
pub async fn resend(page: Page, Broker(staff): Broker, id: Path<String>, Posted(fields): Posted) -> Answer {
    let mail = mail(&page, &id).await?;
    let here = format!("/desk/mails/{}", mail.id);
    match way_again(&mail) {
        Some(WayAgain::AsItWas) => match again::again(&page.app, staff.id, mail.id, fields.key()).await {
            Ok(fresh) => page.go_saying(format!("/desk/mails/{fresh}"), "mail-resent"),
            Err(AgainError::Waiting) => page.go_saying(here, "mail-resend-waiting"),
            Err(AgainError::Linked) => page.go_saying(here, "mail-resend-linked"),
            Err(AgainError::Withdrawn) => page.go_saying(here, "mail-resend-withdrawn"),
            Err(AgainError::Unknown) => Err(WebError::NotFound),
            Err(AgainError::Fault(fault)) => Err(fault.into()),
        },
        Some(WayAgain::Introduction(introduction)) => {
            // Staff have looked at the address; the fresh letter must not be held back for the old one's sake.
            again::lift(&page.app, &mail.recipient).await?;
            match introduction::resend::resend(&page.app, introduction).await {
                Ok(()) => {
                    again::put_aside(&page.app, mail.id).await?;
                    page.go_saying("/desk/mails", "mail-resent")
                }
                Err(introduction::resend::Error::NothingToSend(_)) => page.go_saying(here, "mail-resend-answered"),
                Err(introduction::resend::Error::Unwanted) => page.go_saying(here, "introduction-desk-unwanted"),
                Err(introduction::resend::Error::NoSuch) => Err(WebError::NotFound),
                Err(introduction::resend::Error::Fault(fault)) => Err(fault.into()),
            }
        }
        None if mail.withdrawn => page.go_saying(here, "mail-resend-withdrawn"),
        Some(WayAgain::Listing(listing)) => {
            again::lift(&page.app, &mail.recipient).await?;
            if !listing::remind::again(&page.app, listing).await? {
                return page.go_saying(here, "mail-resend-answered");
            }
            again::put_aside(&page.app, mail.id).await?;
            page.go_saying("/desk/mails", "mail-resent")
        }
        None => page.go_saying(here, "mail-resend-linked"),
    }
}

/// How a letter can go out again.
enum WayAgain {
    /// The same words once more.
    AsItWas,
    /// A new letter with a fresh link, by the feature whose question it asks.
    Introduction(IntroductionId),
    /// The same, for the question whether a listing still holds.
    Listing(ListingId),
}

/// One whose link acts for its reader cannot go out as it was, and once seen to it is over; a
/// sign-in letter is asked for anew by whoever wants to sign in.
fn way_again(mail: &Mail) -> Option<WayAgain> {
    if mail.withdrawn {
        return None;
    }
    if !mail.linked {
        return Some(WayAgain::AsItWas);
    }
    let (kind, id) = mail.about.split_once(':')?;
    if mail.handled_at.is_some() {
        return None;
    }
    match (kind, mail.letter.as_str()) {
        ("introduction", "introduction/ask" | "introduction/accepted") => id.parse().ok().map(WayAgain::Introduction),
        ("listing", _) => id.parse().ok().map(WayAgain::Listing),
        _ => None,
    }
}

/// `POST /desk/mails/{id}/handled`.
pub async fn handle(page: Page, _: Broker, id: Path<String>, _: Posted) -> Answer {
    let mail = mail(&page, &id).await?;
    again::put_aside(&page.app, mail.id).await?;
    page.go_saying("/desk/mails", "mail-put-aside")
}

async fn mail(page: &Page, id: &str) -> Result<Mail, WebError> {
    let id: MailId = id.parse().ok().ok_or(WebError::NotFound)?;
    store::by_id(&page.app.db, id).await?.ok_or(WebError::NotFound)
}

/// What a mail is about, in words: the word is its feature's, the desk knows them all.
fn about_words(page: &Page, about: &str) -> String {
    let Some((kind, id)) = about.split_once(':') else { return String::new() };
    match kind {
        "introduction" => page.tell(&Say::new("mail-about-introduction").with("id", id)),
        "listing" => page.tell(&Say::new("mail-about-listing").with("id", id)),
        "organisation" => page.tell(&Say::new("mail-about-organisation").with("id", id)),
        _ => String::new(),
    }
}

fn about_url(about: &str) -> Option<String> {
    let (kind, id) = about.split_once(':')?;
    let desk = match kind {
        "introduction" => "introductions",
        "listing" => "listings",
        "organisation" => "organisations",
        _ => return None,
    };
    Some(format!("/desk/{desk}/{id}"))
}
