//! The letter that signs in.

use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    mail::{self, Address, Letter},
    words::Language,
};

#[derive(Serialize)]
struct SignIn<'a> {
    site: &'a str,
    code: &'a str,
    link: String,
    minutes: i64,
}

/// The letter with a link and six digits.
pub(super) fn sign_in(app: &App, to: &Address, language: Language, code: &str, token: &str) -> Result<Letter, Fault> {
    let view = SignIn {
        site: &app.config.site_name,
        code,
        link: app.config.link(&format!("/sign-in/{token}")),
        minutes: app.config.sign_in_lasts().num_minutes(),
    };
    let letter = mail::compose(app, language, "member/sign_in", &view)?;
    Ok(letter.to(to.clone(), "").urgent().sealed())
}
