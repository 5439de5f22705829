//! The letter that tells a lead that his team was entered.

use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    mail::{self, Letter},
    member::Member,
    team::Team,
};

#[derive(Serialize)]
struct Entered<'a> {
    name: &'a str,
    team: &'a str,
    university: &'a str,
    capacity: u32,
    link: String,
    edit_link: String,
    contact: &'a str,
}

/// What is public of him, how to change it, and whom to tell if he does not want it.
pub(super) fn entered(app: &App, to: &Member, team: &Team) -> Result<Letter, Fault> {
    let page = team.organisation.url();
    let view = Entered {
        name: &team.lead_name,
        team: &team.organisation.name,
        university: &team.university_name,
        capacity: team.capacity,
        link: app.config.link(&page),
        edit_link: app.config.link(&format!("{page}/edit")),
        contact: &app.config.complaint_contact,
    };
    let letter = mail::compose(app, to.language, "team/entered", &view)?;
    Ok(letter.to(to.email.clone(), &to.name).of(to.id).about(format!("organisation:{}", team.organisation.id)))
}
