//! The letter that tells an exhibitor of an enquiry. Who asks is read on the site, not in the mail.

use serde::Serialize;

use crate::{
    app::App,
    exhibit::{Exhibit, NewEnquiry},
    fault::Fault,
    mail::{self, Letter},
    member::Member,
};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    exhibit: &'a str,
    wish: String,
    number: &'a str,
    text: &'a str,
    link: String,
}

/// A visitor has written about an exhibit.
pub(super) fn enquiry(
    app: &App,
    to: &Member,
    exhibit: &Exhibit,
    new: &NewEnquiry,
    number: &str,
) -> Result<Letter, Fault> {
    let view = View {
        name: &to.name,
        exhibit: exhibit.content.name_in(to.language),
        wish: app.templates.words().word(to.language, &format!("exhibit-wish-{}", new.wish.as_str())),
        number,
        text: &new.text,
        link: app.config.link("/my/enquiries"),
    };
    let letter = mail::compose(app, to.language, "exhibit/enquiry", &view)?;
    Ok(letter.to(to.email.clone(), &to.name).of(to.id).about(format!("exhibit:{}", exhibit.id)))
}
