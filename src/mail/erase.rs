//! Taking the words out of letters that carried somebody's contact, once they are of no use any more.

use crate::{db::Tx, fault::Fault, mail::store};

/// Empties what was sent about `about`: subject and dates stay, words and calendar files go. What has
/// not reached its end is left alone.
pub async fn erase_in(tx: &Tx, about: &str) -> Result<u64, Fault> {
    store::erase(tx, about).await
}
