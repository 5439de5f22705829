//! Letters to the author of a listing, and to those who asked whether it still holds.

use serde::Serialize;

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::ListingId,
    listing::{Listing, Review, Step, Verdict, link, view},
    mail,
    member::{self, Member},
    organisation,
    web::page,
};

#[derive(Serialize)]
struct Reviewed {
    title: String,
    kind: String,
    reason: String,
    until: String,
    link: String,
    edit: String,
}

/// What staff decided.
pub(super) async fn reviewed(tx: &Tx, app: &App, listing: &Listing, review: &Review) -> Result<(), Fault> {
    let name = match review.verdict {
        Verdict::Publish => "listing/published",
        Verdict::Return => "listing/returned",
        Verdict::Reject => "listing/rejected",
    };
    let until = review.made_at + chrono::TimeDelta::days(app.config.listing_days.into());
    send(tx, app, listing, name, &review.reason, until).await
}

/// It ends in `days` days: does it still hold?
pub(super) async fn expiring(tx: &Tx, app: &App, listing: &Listing, days: u32) -> Result<(), Fault> {
    question(tx, app, listing, "listing/expiring", days).await
}

/// Its time has run out.
pub(super) async fn expired(tx: &Tx, app: &App, listing: &Listing) -> Result<(), Fault> {
    question(tx, app, listing, "listing/expired", 0).await
}

/// Somebody asks whether it still holds.
pub(super) async fn asked(tx: &Tx, app: &App, listing: &Listing) -> Result<(), Fault> {
    question(tx, app, listing, "listing/asked", 0).await
}

#[derive(Serialize)]
struct Question {
    title: String,
    kind: String,
    until: String,
    days: u32,
    renewal_days: u32,
    link: String,
    edit: String,
}

/// A letter that asks the owner whether it still holds, with a link that answers.
async fn question(tx: &Tx, app: &App, listing: &Listing, name: &'static str, days: u32) -> Result<(), Fault> {
    let Some(owner) = reader(tx, listing).await? else { return Ok(()) };
    let token = link::make_in(tx, app, listing, owner.id).await?;
    let end = listing.expires_at.unwrap_or_else(|| app.clock.now());
    let letter = Question {
        title: view::title(app, owner.language, &listing.content),
        kind: view::kind_label(app, owner.language, listing.kind, &listing.content),
        until: page::day(end.with_timezone(&app.config.time_zone).date_naive(), owner.language),
        days,
        renewal_days: app.config.listing_days,
        link: app.config.link(&format!("/renewals/{token}")),
        edit: app.config.link(&format!("{}/edit", listing.url())),
    };
    let letter = mail::compose(app, owner.language, name, &letter)?;
    let letter = letter.to(owner.email.clone(), &owner.name).of(owner.id).about(about(listing.id)).sealed();
    mail::enqueue(tx, app, letter).await?;
    Ok(())
}

/// Who answers for a listing: its author as long as he speaks for the owner, else somebody who does.
/// What nobody wrote and nobody speaks for (an import) is nobody's mail.
async fn reader(tx: &Tx, listing: &Listing) -> Result<Option<Member>, Fault> {
    let speakers = organisation::store::speakers(tx, listing.owner).await?;
    let author = listing.author.filter(|author| speakers.contains(author));
    match author.or_else(|| speakers.first().copied()) {
        Some(reader) => member::store::by_id(tx, reader).await,
        None => Ok(None),
    }
}

#[derive(Serialize)]
struct Answered {
    title: String,
    kind: String,
    holds: bool,
    link: String,
}

/// Whoever asked whether it still holds reads what its owner said.
pub(super) async fn answered(tx: &Tx, app: &App, listing: &Listing, to: &Member, by: Step) -> Result<(), Fault> {
    let letter = Answered {
        title: view::title(app, to.language, &listing.content),
        kind: view::kind_label(app, to.language, listing.kind, &listing.content),
        holds: by == Step::Renew,
        link: app.config.link(&if by == Step::Renew { listing.url() } else { listing.kind.path().to_owned() }),
    };
    let letter = mail::compose(app, to.language, "listing/answered", &letter)?;
    mail::enqueue(tx, app, letter.to(to.email.clone(), &to.name).of(to.id).about(about(listing.id))).await?;
    Ok(())
}

#[derive(Serialize)]
struct Checkup<'a> {
    title: String,
    kind: String,
    words: &'a str,
    edit: String,
}

/// What staff found when they looked at a need that brings nothing.
pub(super) async fn checkup(tx: &Tx, app: &App, listing: &Listing, words: &str) -> Result<(), Fault> {
    let Some(owner) = reader(tx, listing).await? else { return Ok(()) };
    let letter = Checkup {
        title: view::title(app, owner.language, &listing.content),
        kind: view::kind_label(app, owner.language, listing.kind, &listing.content),
        words,
        edit: app.config.link(&format!("{}/edit", listing.url())),
    };
    let letter = mail::compose(app, owner.language, "listing/checkup", &letter)?;
    mail::enqueue(tx, app, letter.to(owner.email.clone(), &owner.name).of(owner.id).about(about(listing.id))).await?;
    Ok(())
}

async fn send(
    tx: &Tx,
    app: &App,
    listing: &Listing,
    name: &'static str,
    reason: &str,
    until: chrono::DateTime<chrono::Utc>,
) -> Result<(), Fault> {
    // What nobody wrote (an import) is nobody's mail.
    let Some(author) = listing.author else { return Ok(()) };
    let Some(author) = member::store::by_id(tx, author).await? else { return Ok(()) };
    let day = until.with_timezone(&app.config.time_zone).date_naive();
    let letter = Reviewed {
        title: view::title(app, author.language, &listing.content),
        kind: view::kind_label(app, author.language, listing.kind, &listing.content),
        reason: reason.to_owned(),
        until: page::day(day, author.language),
        link: app.config.link(&listing.url()),
        edit: app.config.link(&format!("{}/edit", listing.url())),
    };
    let letter = mail::compose(app, author.language, name, &letter)?;
    let letter = letter.to(author.email.clone(), &author.name).of(author.id).about(about(listing.id));
    mail::enqueue(tx, app, letter).await?;
    Ok(())
}

/// The word by which letters say which listing they are about.
pub(super) fn about(id: ListingId) -> String {
    format!("listing:{id}")
}
