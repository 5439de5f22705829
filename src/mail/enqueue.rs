//! Putting a letter into the outbox, in the transaction that makes it true.

use serde::Serialize;

use crate::{
    app::App,
    config::Config,
    db::Tx,
    fault::Fault,
    id::MailId,
    mail::{
        Address, Letter, render,
        store::{self, Incoming},
    },
    words::Language,
};

/// Renders the letter `name` (`introduction/ask`) from `templates/mail/`. What staff see later is
/// this text, and a retry after an upgrade cannot fail on a changed template.
pub fn compose(app: &App, language: Language, name: &'static str, view: &impl Serialize) -> Result<Letter, Fault> {
    let [subject, text, html] = render(app, language, name, view)?;
    let subject: String = subject
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .filter(|each| !each.is_control())
        .take(200)
        .collect();
    // Parts of a template that draw nothing leave lines behind; one empty line is enough.
    let text = seen(&text);
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|next, before| next.is_empty() && before.is_empty());
    Ok(Letter {
        name,
        subject,
        text: lines.join("\n").trim().to_owned() + "\n",
        html: seen(&html),
        to: None,
        member: None,
        about: String::new(),
        calendar: None,
        urgent: false,
        sealed: false,
        discloses: None,
    })
}

/// A letter holds what can be seen: no NUL, which PostgreSQL refuses, and no other control.
fn seen(text: &str) -> String {
    text.chars().filter(|each| !each.is_control() || matches!(each, '\n' | '\r' | '\t')).collect()
}

/// Writes the letter's row. It will be sent after the transaction commits, and only then. To an
/// address that does not exist it is written as suppressed; but what somebody waits for at a screen
/// is tried all the same, since he may have got the mailbox meanwhile.
pub async fn enqueue(tx: &Tx, app: &App, letter: Letter) -> Result<MailId, Fault> {
    let (address, name) = letter.to.clone().ok_or_else(|| Fault::other("a letter to nobody"))?;
    let now = tx.time(&app.clock).await?;
    let suppressed = !letter.urgent && store::is_suppressed(tx, &address_hash(&app.config, &address)).await?;
    let incoming = Incoming {
        letter: &letter,
        address: &address,
        name: &name,
        seal: letter.sealed.then_some(&app.config.secret),
        domain: &message_domain(app),
        suppressed,
        now,
    };
    store::insert(tx, incoming).await
}

/// By what a suppressed address is known: without the site's secret nobody can ask for it.
pub(super) fn address_hash(config: &Config, address: &Address) -> String {
    config.secret.sign("suppression", address.as_str())
}

pub(super) fn message_domain(app: &App) -> String {
    let from = app.config.mail_from.parse::<lettre::message::Mailbox>();
    from.map_or_else(|_| "localhost".to_owned(), |from| from.email.domain().to_owned())
}
