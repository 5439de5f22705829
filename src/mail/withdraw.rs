//! Stopping letters that show a contact whose owner has taken his consent back.

use crate::{
    db::Tx,
    fault::Fault,
    id::ConsentId,
    mail::store::{self, Stop},
};

/// Stops every letter that shows a contact on the strength of `consent`, in the transaction that
/// withdraws it; returns how many will surely not leave. One in a worker's hands is looked at once
/// more right before it is handed over, so that only what is being handed over at this moment still
/// leaves (`a_consent_taken_back_before_the_claim_stops_the_letter`). The words and the calendar of
/// what did not leave are wiped; its row stays as evidence. What was sent is not sent again.
pub async fn withdraw_in(tx: &Tx, consent: ConsentId) -> Result<u64, Fault> {
    store::stop(tx, Stop::Disclosure(consent)).await
}
