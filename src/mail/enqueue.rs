//! Putting a letter into the outbox, in the transaction that makes it true.

use serde::Serialize;

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::MailId,
    mail::{Letter, render, store},
    words::Language,
};

/// Renders the letter `name` (`introduction/ask`) from `templates/mail/`. What staff see later is
/// this text, and a retry after an upgrade cannot fail on a changed template.
pub fn compose(app: &App, language: Language, name: &'static str, view: &impl Serialize) -> Result<Letter, Fault> {
    let [subject, text, html] = render(app, language, name, view)?;
    let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|each| !each.is_control()).take(200).collect();
    Ok(Letter {
        name,
        subject,
        text: text.trim().to_owned() + "\n",
        html,
        to: None,
        member: None,
        about: String::new(),
        calendar: None,
        urgent: false,
        sealed: false,
    })
}

/// Writes the letter's row. It will be sent after the transaction commits, and only then.
pub async fn enqueue(tx: &Tx, app: &App, letter: Letter) -> Result<MailId, Fault> {
    let secret = letter.sealed.then_some(&app.config.secret);
    let (address, name) = letter.to.clone().ok_or_else(|| Fault::other("a letter to nobody"))?;
    store::insert(tx, &letter, &address, &name, secret, &message_domain(app), app.clock.now()).await
}

fn message_domain(app: &App) -> String {
    let from = app.config.mail_from.parse::<lettre::message::Mailbox>();
    from.map_or_else(|_| "localhost".to_owned(), |from| from.email.domain().to_owned())
}
