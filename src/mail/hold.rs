//! Holding every letter that waits, after a backup was restored: it may have been sent since.
//!
//! What waited ends as Uncertain, which says just that. Staff see it among the troubled mails and
//! send it again or put it aside; an introduction's clock starts, as for every letter in doubt.

use chrono::{DateTime, Utc};

use crate::{
    config::Config,
    db::Tx,
    fault::Fault,
    mail::{message, store},
};

/// Holds everything that is on its way, and says so in `words`; returns how many letters staff have
/// to look at. A sign-in letter is over: whoever waited for it asks for another.
pub(crate) async fn hold_in(tx: &Tx, config: &Config, words: &str, now: DateTime<Utc>) -> Result<u64, Fault> {
    let mut held = 0;
    for mail in store::on_their_way(tx).await? {
        // What does not open (another secret) is not kept; the row tells that there was a letter.
        let kept = message::open(config, &mail).map(|body| message::kept(&mail, &body));
        let kept = kept.map(|kept| (kept.text, kept.html)).unwrap_or_default();
        store::hold(tx, &mail, words, mail.linked.then_some(kept), now).await?;
        held += u64::from(!mail.urgent);
    }
    Ok(held)
}
