//! The letters to an organisation's people: what staff found, who asks to join them, and the answer.

use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    mail::{self, Letter},
    member::Member,
    organisation::{Organisation, join::Asked},
};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    organisation: &'a str,
    link: String,
    edit_link: String,
    /// What staff wrote, or who asks.
    told: &'a str,
    contact: &'a str,
}

/// Staff have compared the organisation with its papers: it is public from now on.
pub(super) fn verified(app: &App, to: &Member, organisation: &Organisation) -> Result<Letter, Fault> {
    letter(app, to, organisation, "organisation/verified", "")
}

/// Staff cannot verify it yet: why, what to send, who to call.
pub(super) fn refused(app: &App, to: &Member, organisation: &Organisation, reason: &str) -> Result<Letter, Fault> {
    letter(app, to, organisation, "organisation/refused", reason)
}

/// Somebody asks to speak for the organisation as well. His address is shown masked.
pub(super) fn asked(app: &App, to: &Member, organisation: &Organisation, asker: &Member) -> Result<Letter, Fault> {
    let masked = asker.email.masked();
    let who = if asker.name.is_empty() { masked } else { format!("{} ({masked})", asker.name) };
    letter(app, to, organisation, "organisation/join_asked", &who)
}

/// Whether he speaks for the organisation from now on.
pub(super) fn answered(app: &App, to: &Member, organisation: &Organisation, answer: Asked) -> Result<Letter, Fault> {
    let name = match answer {
        Asked::Granted => "organisation/join_granted",
        Asked::Asked | Asked::Refused => "organisation/join_refused",
    };
    letter(app, to, organisation, name, "")
}

fn letter(
    app: &App,
    to: &Member,
    organisation: &Organisation,
    name: &'static str,
    told: &str,
) -> Result<Letter, Fault> {
    let page = organisation.url();
    let view = View {
        name: &to.name,
        organisation: &organisation.name,
        link: app.config.link(&page),
        edit_link: app.config.link(&format!("{page}/edit")),
        told,
        contact: &app.config.complaint_contact,
    };
    let letter = mail::compose(app, to.language, name, &view)?;
    Ok(letter.to(to.email.clone(), &to.name).of(to.id).about(format!("organisation:{}", organisation.id)))
}
