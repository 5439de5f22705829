//! The letters that tell an organisation's people what staff found.

use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    mail::{self, Letter},
    member::Member,
    organisation::{Organisation, OrganisationKind},
};

#[derive(Serialize)]
struct Outcome<'a> {
    name: &'a str,
    organisation: &'a str,
    kind: &'static str,
    link: String,
    edit_link: String,
    reason: &'a str,
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

fn letter(
    app: &App,
    to: &Member,
    organisation: &Organisation,
    name: &'static str,
    reason: &str,
) -> Result<Letter, Fault> {
    let page = organisation.url();
    let view = Outcome {
        name: &to.name,
        organisation: &organisation.name,
        kind: match organisation.kind {
            OrganisationKind::Enterprise => "enterprise",
            OrganisationKind::Team => "team",
        },
        link: app.config.link(&page),
        edit_link: app.config.link(&format!("{page}/edit")),
        reason,
        contact: &app.config.complaint_contact,
    };
    let letter = mail::compose(app, to.language, name, &view)?;
    Ok(letter.to(to.email.clone(), &to.name).of(to.id).about(format!("organisation:{}", organisation.id)))
}
