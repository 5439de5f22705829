//! Closing a pair for good: one organisation does not want to be asked by, or suggested to, another.

use chrono::{DateTime, Utc};

use crate::{changes, db::Tx, fault::Fault, id::OrganisationId, organisation::store};

/// Closes the pair. Why is kept for staff; the other side never reads it. Both are marked, since
/// suggestions pass a closed pair by.
pub async fn block_in(
    tx: &Tx,
    organisation: OrganisationId,
    blocked: OrganisationId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    store::insert_block(tx, organisation, blocked, reason, now).await?;
    for each in store::by_ids(tx, &[organisation, blocked]).await? {
        changes::mark(tx, each.kind.indexed(), each.id.0);
    }
    Ok(())
}
