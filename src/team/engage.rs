//! Taking a place of a team's month, and giving it back.
//!
//! What takes the place is a word such as `introduction:12` that only its feature reads. The public
//! page says how many places are left and suggestions pass a full team by, so both are marks.

use chrono::{DateTime, Utc};

use crate::{changes, db::Tx, fault::Fault, id::OrganisationId, organisation::OrganisationKind, team::store};

/// Takes a place for `about`; a second time changes nothing.
pub async fn engage_in(tx: &Tx, team: OrganisationId, about: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    if store::insert_engagement(tx, team, about, now).await? {
        changes::mark(tx, OrganisationKind::Team.indexed(), team.0);
    }
    Ok(())
}

/// Gives the place of `about` back, when nothing came of it before the team was asked in earnest.
pub async fn release_in(tx: &Tx, team: OrganisationId, about: &str) -> Result<(), Fault> {
    if store::delete_engagement(tx, team, about).await? {
        changes::mark(tx, OrganisationKind::Team.indexed(), team.0);
    }
    Ok(())
}
