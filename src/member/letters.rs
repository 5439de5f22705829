//! The letter that signs in, and the one that tells of somebody who tries.

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

#[derive(Serialize)]
struct Tried<'a> {
    site: &'a str,
    times: i64,
    most: i64,
}

/// The letter that tells the owner of an address that somebody guesses at his codes.
pub(super) fn tried(app: &App, to: &Address, language: Language, times: i64, most: i64) -> Result<Letter, Fault> {
    let view = Tried { site: &app.config.site_name, times, most };
    Ok(mail::compose(app, language, "member/tried", &view)?.to(to.clone(), ""))
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
