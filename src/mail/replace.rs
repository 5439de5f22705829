//! Stopping a letter that a newer one with a fresh link takes the place of.

use crate::{db::Tx, fault::Fault, mail::store};

/// Marks what still waits of the letter `name` about `about` as Replaced, in the transaction that
/// writes the newer one; returns how many. What a worker has in its hands may still leave.
pub async fn replace_in(tx: &Tx, about: &str, name: &str) -> Result<u64, Fault> {
    store::replace(tx, about, name).await
}
