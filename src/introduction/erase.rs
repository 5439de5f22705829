//! A year after a listing has ended, what leads to a person is erased: from the listing, from the
//! introductions of a need, and from the letters that carried contacts.
//!
//! The records of consents and disclosures stay, since they show that what was shown was allowed.
//! Nothing is erased while something can still come of an introduction.
//!
//! **Invariant:** a year after the end no contact is left in the listing, its introductions or their
//! letters, and its title and outcome are (`a_year_after_the_end_contacts_are_erased_and_the_teaser_stays`).

use chrono::TimeDelta;

use crate::{
    app::App,
    fault::Fault,
    introduction::store,
    listing::{self, ERASED_AFTER_DAYS},
    mail,
};

/// How many are erased in one transaction.
const AT_ONCE: u64 = 50;

/// Erases what is due; returns how many listings were seen to.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let before = app.clock.now() - TimeDelta::days(ERASED_AFTER_DAYS);
    let ids = listing::store::ended_before(&app.db, before, AT_ONCE).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    app.db
        .write(async |tx| {
            let mut done = 0;
            for id in ids {
                let introductions = store::of_need(tx, id).await?;
                if introductions.iter().any(|each| each.state.is_open()) {
                    continue;
                }
                for each in &introductions {
                    store::erase_contacts(tx, each.id).await?;
                    mail::erase::erase_in(tx, &each.about()).await?;
                }
                listing::erase::erase_in(tx, app, id).await?;
                done += 1;
            }
            Ok(done)
        })
        .await
}
