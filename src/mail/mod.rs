//! Mail: letters with a row in the outbox.
//!
//! A feature renders a [`Letter`] and enqueues it in the transaction that makes it true
//! ([`enqueue`]); the worker delivers it from its row ([`deliver`]). This room knows letters and
//! no features; what a mail is about is a word such as `introduction:12` that only its feature reads.
//!
//! Queued → Sending → Sent, or Failed (refused for good), Expired (tried for five days),
//! Suppressed (the address refused before), Uncertain (the answer to the last dot was lost),
//! Replaced (what happened since has overtaken it, so that it does not leave), Withdrawn (it shows a
//! contact whose owner has taken his consent back before it left).
//!
//! **Invariant:** a letter that was committed reaches one of those ends, and no letter that was
//! not committed is sent (`a_crash_before_delivery_loses_no_mail`).
//! **Invariant:** the body of a letter with a link is sealed until it is sent and has lost its
//! link afterwards (`the_desk_never_shows_a_link`).

pub mod again;
mod attempt;
pub mod deliver;
mod enqueue;
pub mod erase;
pub(crate) mod forget;
pub(crate) mod hold;
mod message;
mod reason;
mod record;
pub mod replace;
mod rest;
mod smtp;
pub mod store;
pub mod suppress;
pub mod withdraw;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    id::{ConsentId, MailId, MemberId},
    words::Language,
};

pub use enqueue::{compose, enqueue};
pub use reason::Reason;

/// An e-mail address that is safe in an envelope: ASCII, one mailbox, no quotes, no comments.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

impl Address {
    /// Parses what was typed, in lower case. Refuses everything that could be a second recipient,
    /// a second header or a look-alike: quotes, commas, spaces, controls, letters beyond ASCII,
    /// parts longer than RFC 5321 4.5.3.1 allows, domains without a dot.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = typed.trim().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@')?;
        let atom = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
        };
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let good = (1..=64).contains(&local.len())
            && text.len() <= 254
            && local.split('.').all(atom)
            && domain.contains('.')
            && domain.split('.').all(label);
        good.then_some(Self(text))
    }

    /// As it is written in an envelope.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the @.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The domain.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// As it may be shown to somebody who typed it: `zh***@mail.example`.
    pub fn masked(&self) -> String {
        let shown: String = self.local().chars().take(2).collect();
        format!("{shown}***@{}", self.domain())
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The words that we want to send, rendered.
#[derive(Debug, Clone)]
pub struct Letter {
    name: &'static str,
    subject: String,
    text: String,
    html: String,
    to: Option<(Address, String)>,
    member: Option<MemberId>,
    about: String,
    calendar: Option<String>,
    urgent: bool,
    sealed: bool,
    discloses: Option<ConsentId>,
}

impl Letter {
    /// To whom: the address, and the name that the envelope shows.
    #[must_use]
    pub fn to(mut self, address: Address, name: &str) -> Self {
        // A name goes into a header: no line breaks, no controls, nothing that turns direction.
        let name: String = name
            .chars()
            .filter(|each| !each.is_control() && !matches!(each, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'))
            .take(80)
            .collect();
        self.to = Some((address, name));
        self
    }

    /// Whose mail it is, so that it shows on his own page.
    #[must_use]
    pub fn of(mut self, member: MemberId) -> Self {
        self.member = Some(member);
        self
    }

    /// What it is about, as `introduction:12`.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// With a calendar file (RFC 5545).
    #[must_use]
    pub fn with_calendar(mut self, calendar: String) -> Self {
        self.calendar = Some(calendar);
        self
    }

    /// Shows a contact on the strength of `consent`: taken back before it leaves, it does not leave.
    #[must_use]
    pub fn discloses(mut self, consent: ConsentId) -> Self {
        self.discloses = Some(consent);
        self
    }

    /// Before everything else: somebody waits for it at a screen.
    #[must_use]
    pub fn urgent(mut self) -> Self {
        self.urgent = true;
        self
    }

    /// Holds a link that acts for its reader: sealed until sent.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.sealed = true;
        self
    }
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits to be sent, for the first time or again.
    Queued,
    /// A worker has it.
    Sending,
    /// The recipient's server has taken it.
    Sent,
    /// Refused for good; staff must act.
    Failed,
    /// Tried for five days; staff must act.
    Expired,
    /// Not sent, since the address refused before.
    Suppressed,
    /// Handed over, but the answer was lost: it may have arrived.
    Uncertain,
    /// A newer letter took its place, or what happened since has made it pointless.
    Replaced,
    /// The consent by which it shows a contact was taken back before it left.
    Withdrawn,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Failed,
        Self::Expired,
        Self::Suppressed,
        Self::Uncertain,
        Self::Replaced,
        Self::Withdrawn,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Suppressed => "suppressed",
            Self::Uncertain => "uncertain",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether the mail did not get through and staff have to see to it.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Expired | Self::Suppressed | Self::Uncertain)
    }
}

/// A mail, as the desk and its recipient see it. The body of one with a link is empty until sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The number.
    pub id: MailId,
    /// Which letter, as `introduction/ask`.
    pub letter: String,
    /// What it is about, as `introduction:12`.
    pub about: String,
    /// Whose mail it is.
    pub member: Option<MemberId>,
    /// To whom.
    pub recipient: Address,
    /// The name on the envelope.
    pub recipient_name: String,
    /// The subject.
    pub subject: String,
    /// The text, without links that act.
    pub text: String,
    /// Where it stands.
    pub status: Status,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, or a lost worker's claim runs out; none when it has come to its end.
    pub due_at: Option<DateTime<Utc>>,
    /// The last reply's code: SMTP's, or none when nobody answered.
    pub reply_code: Option<i64>,
    /// The last reply, without addresses.
    pub reply: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was taken.
    pub sent_at: Option<DateTime<Utc>>,
    /// When staff put the trouble aside.
    pub handled_at: Option<DateTime<Utc>>,
    /// It held a link that acts for its reader, so it cannot be sent again as it is.
    pub linked: bool,
    /// Somebody waited for it at a screen; its text is not kept.
    pub urgent: bool,
    /// The consent by which it shows a contact was taken back, before it left or later.
    pub withdrawn: bool,
}

/// The subject, text and HTML of a letter from `templates/mail/<name>/`, all three from one view.
fn render(app: &App, language: Language, name: &str, view: &impl Serialize) -> Result<[String; 3], Fault> {
    #[derive(Serialize)]
    struct Sheet<'a, V> {
        lang: Language,
        site: SiteName<'a>,
        letter: &'a V,
    }
    #[derive(Serialize)]
    struct SiteName<'a> {
        name: &'a str,
        operator: &'a str,
        url: String,
        demo: bool,
    }
    let config = &app.config;
    let site =
        SiteName { name: &config.site_name, operator: &config.operator, url: config.link("/"), demo: config.demo };
    let sheet = Sheet { lang: language, site, letter: view };
    let part = |file: &str| app.templates.render(language, &format!("mail/{name}/{file}"), &sheet);
    Ok([part("subject.txt")?, part("body.txt")?, part("body.html")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_mailbox_and_nothing_else() {
        for good in ["a@b.example", " Zhao.Li+hall@Park.Example ", "x_y-z@a-b.c.example"] {
            assert!(Address::parse(good).is_some(), "{good}");
        }
        let long = format!("{}@b.example", "a".repeat(2000));
        for bad in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@",
            "a@x.example,b@y.example",
            "\"x\"@y.example",
            "a b@c.example",
            "a@b.example\r\nBcc: c@d.example",
            "a\0@b.example",
            "a@b..example",
            ".a@b.example",
            "а@b.example",
            "a@ехample.example",
            "<a@b.example>",
            "a@-b.example",
            "=?utf-8?q?a?=@b.example,",
            long.as_str(),
        ] {
            assert!(Address::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_shown_masked() {
        assert_eq!(Address::parse("zhaoli@mail.example").unwrap().masked(), "zh***@mail.example");
    }
}
