//! What the link of a letter opens: does it still hold? Nobody signs in here.
//!
//! Looking changes nothing, since mail scanners follow links too; each answer is a POST. The page
//! shows what the public knows of the listing and nothing of the member it was sent to.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use crate::{
    listing::{
        Listing, Outcome, State, Step,
        close::{self, Said},
        form,
        link::{self, Link},
        pages::{choices, exchanged},
        step, store, view,
    },
    web::{Answer, FieldErrors, Fields, FormView, Page, Posted, WebError, form::Choice},
    words::Say,
};

#[derive(Serialize)]
struct AskView {
    title: String,
    kind_label: String,
    teaser: String,
    state_label: String,
    state_tone: &'static str,
    sentence: String,
    action: String,
    form: FormView,
    renew_label: String,
    may_renew: bool,
    outcomes: Vec<Choice>,
    introductions: Vec<Choice>,
    edit_url: String,
}

#[derive(Serialize)]
struct SettledView {
    title: String,
    kind_label: String,
    state_label: String,
    state_tone: &'static str,
    heading: String,
    sentence: String,
    url: String,
}

/// `GET /renewals/{token}`.
pub async fn show(page: Page, token: Path<String>) -> Answer {
    let (link, listing) = held(&page, &token).await?;
    if is_asked(&page, &link, &listing) {
        let view = ask_view(&page, &token, &listing, &Fields::default(), &FieldErrors::default()).await?;
        return page.show("listing/renewal.html", &view);
    }
    settled(&page, &link, &listing)
}

/// `POST /renewals/{token}`: it holds, it is solved, or it is given up.
pub async fn update(page: Page, token: Path<String>, Posted(fields): Posted) -> Answer {
    let (link, listing) = held(&page, &token).await?;
    if !is_asked(&page, &link, &listing) {
        return settled(&page, &link, &listing);
    }
    let said = match said(&page, &listing, &fields).await? {
        Ok(said) => said,
        Err(errors) => {
            let view = ask_view(&page, &token, &listing, &fields, &errors).await?;
            return page.refuse("listing/renewal.html", &view);
        }
    };
    match close::by_letter(&page.app, &link, &said).await {
        Ok(()) => page.go(format!("/renewals/{token}")),
        // Somebody was first: the page says what holds now.
        Err(close::Error::NotNow(_) | close::Error::NotYet | close::Error::LinkUsed) => {
            let (link, listing) = held(&page, &token).await?;
            settled(&page, &link, &listing)
        }
        Err(close::Error::OwnerNotVerified) => {
            let errors = FieldErrors::one("renew", "listing-step-unverified");
            let view = ask_view(&page, &token, &listing, &fields, &errors).await?;
            page.refuse("listing/renewal.html", &view)
        }
        Err(close::Error::NotYours) => Err(WebError::NotFound),
        Err(close::Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn said(page: &Page, listing: &Listing, fields: &Fields) -> Result<Result<Said, FieldErrors>, WebError> {
    Ok(match fields.raw("answer") {
        "renew" => Ok(Said::Renew),
        "resolve" => {
            let known: Vec<String> = exchanged(page, listing).await?.into_iter().map(|each| each.value).collect();
            form::ending(fields, &known).map(Said::Resolved)
        }
        "give_up" => form::words(fields, "give_up_note").map(Said::GaveUp),
        _ => Err(FieldErrors::one("renew", "listing-renewal-missing")),
    })
}

async fn held(page: &Page, token: &str) -> Result<(Link, Listing), WebError> {
    let link = link::look(&page.app, token).await?.ok_or(WebError::NotFound)?;
    let listing = store::by_id(&page.app.db, link.listing).await?.ok_or(WebError::NotFound)?;
    Ok((link, listing))
}

/// Whether there is still something to answer.
fn is_asked(page: &Page, link: &Link, listing: &Listing) -> bool {
    let is_open = matches!(listing.state, State::Live | State::Paused | State::Expired);
    link.is_good(page.app.clock.now()) && is_open
}

async fn ask_view(
    page: &Page,
    token: &str,
    listing: &Listing,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<AskView, WebError> {
    page.csrf();
    let (now, language) = (page.app.clock.now(), page.language());
    let state = view::shown_state(listing, now);
    let day = listing.expires_at.map(|end| page.day(end)).unwrap_or_default();
    let key = if state == State::Expired { "listing-renewal-over" } else { "listing-renewal-until" };
    let outcomes: Vec<Outcome> = Outcome::ALL.iter().copied().filter(|each| *each != Outcome::GaveUp).collect();
    Ok(AskView {
        title: view::title(&page.app, language, &listing.content),
        kind_label: view::kind_label(&page.app, language, listing.kind, &listing.content),
        teaser: listing.content.teaser.clone(),
        state_label: view::state_label(&page.app, language, state),
        state_tone: view::state_tone(state),
        sentence: page.tell(&Say::new(key).with("day", day)),
        action: format!("/renewals/{token}"),
        form: page.form(fields, errors),
        renew_label: page.tell(&Say::new("listing-do-renew").with("days", page.app.config.listing_days)),
        may_renew: step(state, Step::Renew).is_some() && listing.is_renewable(now),
        outcomes: choices(
            page,
            &outcomes,
            |outcome| format!("listing-outcome-{}", outcome.as_str()),
            |each| each.as_str(),
        ),
        introductions: exchanged(page, listing).await?,
        edit_url: format!("{}/edit", listing.url()),
    })
}

/// What holds now: 200 when this link was the answer, 410 when it came some other way or too late.
fn settled(page: &Page, link: &Link, listing: &Listing) -> Answer {
    let (now, language) = (page.app.clock.now(), page.language());
    let state = view::shown_state(listing, now);
    let day = listing.expires_at.map(|end| page.day(end)).unwrap_or_default();
    let (heading, status) = if link.used_at.is_some() {
        ("listing-renewal-done", StatusCode::OK)
    } else if link.revoked_at.is_some() {
        ("listing-renewal-answered", StatusCode::GONE)
    } else {
        ("listing-renewal-late", StatusCode::GONE)
    };
    let view = SettledView {
        title: view::title(&page.app, language, &listing.content),
        kind_label: view::kind_label(&page.app, language, listing.kind, &listing.content),
        state_label: view::state_label(&page.app, language, state),
        state_tone: view::state_tone(state),
        heading: page.word(heading),
        sentence: page.tell(&Say::new(format!("listing-stands-{}", state.as_str())).with("day", day)),
        url: listing.url(),
    };
    page.with_status(status, "listing/settled.html", &view)
}
