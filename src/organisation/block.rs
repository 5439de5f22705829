//! Closing a pair for good: one organisation does not want to be asked by, or suggested to, another.

use chrono::{DateTime, Utc};

use crate::{db::Tx, fault::Fault, id::OrganisationId, organisation::store};

/// Closes the pair. Why is kept for staff; the other side never reads it.
pub async fn block_in(
    tx: &Tx,
    organisation: OrganisationId,
    blocked: OrganisationId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    store::insert_block(tx, organisation, blocked, reason, now).await
}
