//! The links of letters that ask whether a listing still holds.
//!
//! A link belongs to one listing and to the member it was sent to. It is random, kept only as a
//! hash, and good until the question is answered in any way: the three reminders and the letter at
//! the end each carry one, and whichever is used first makes the others worthless.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::{ListingId, MemberId},
    listing::{Listing, store},
    mail, secret,
};

pub use crate::listing::store::Link;

/// How long after the end of a listing its owner may still answer by a link.
const LASTS: TimeDelta = TimeDelta::days(60);

/// The letters that carry a link.
const LETTERS: [&str; 3] = ["listing/expiring", "listing/expired", "listing/asked"];

/// Makes a fresh link for `member`.
pub(super) async fn make_in(tx: &Tx, app: &App, listing: &Listing, member: MemberId) -> Result<String, Fault> {
    let now = app.clock.now();
    let token = secret::token();
    let until = listing.expires_at.unwrap_or(now).max(now) + LASTS;
    store::insert_link(tx, listing.id, member, &secret::hash(&token), now, until).await?;
    Ok(token)
}

/// The question is answered: links are worthless, and letters that have not left do not leave.
pub(super) async fn revoke_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Fault> {
    store::revoke_links(tx, id, app.clock.now()).await?;
    for name in LETTERS {
        mail::replace::replace_in(tx, &super::letters::about(id), name).await?;
    }
    Ok(())
}

/// The link of a token, good or not. Looking changes nothing.
pub async fn look(app: &App, token: &str) -> Result<Option<Link>, Fault> {
    store::link_by_hash(&app.db, &secret::hash(token)).await
}

impl Link {
    /// Whether it still acts.
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}
