//! Stopping a letter that a newer one, or what happened since, has overtaken.

use crate::{
    db::Tx,
    fault::Fault,
    mail::store::{self, Stop},
};

/// Marks what still waits of the letter `name` about `about` as Replaced, in the transaction that
/// writes the newer one; returns how many. What a worker has in its hands may leave in this try,
/// and is not tried again.
pub async fn replace_in(tx: &Tx, about: &str, name: &str) -> Result<u64, Fault> {
    store::stop(tx, Stop::Letter { about, name }).await
}
