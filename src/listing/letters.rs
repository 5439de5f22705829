//! Letters to the author of a listing.

use serde::Serialize;

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::ListingId,
    listing::{Listing, Review, Verdict, view},
    mail, member,
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

/// Its time has run out.
pub(super) async fn expired(tx: &Tx, app: &App, listing: &Listing) -> Result<(), Fault> {
    send(tx, app, listing, "listing/expired", "", listing.expires_at.unwrap_or_else(|| app.clock.now())).await
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
