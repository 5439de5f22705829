//! 复诊: staff look at a need that was renewed again and again and brought no introduction, or of which
//! teams said again and again that it tells too little.

use crate::{
    app::App,
    fault::{Cause, Fault},
    id::{ListingId, MemberId},
    listing::{Actor, Happened, letters, store},
    once,
};

/// Why nothing was done.
#[derive(Debug)]
pub enum Error {
    /// There is no such listing.
    NoSuch,
    /// This form was sent before.
    Done,
    /// What staff say to the owner is missing.
    Words,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Staff have looked, and write to the owner what would help; renewals are counted anew.
pub async fn checkup(app: &App, staff: MemberId, id: ListingId, words: &str, key: &str) -> Result<(), Error> {
    if words.trim().is_empty() {
        return Err(Error::Words);
    }
    app.db
        .write(async |tx| {
            let listing = store::by_id(tx, id).await?.ok_or(Error::NoSuch)?;
            if once::spend(tx, Some(staff), key, app.clock.now()).await? != once::Spent::Now {
                return Err(Error::Done);
            }
            once::answer(tx, Some(staff), key, &id.to_string()).await?;
            store::set_checked(tx, id, app.clock.now()).await?;
            let line = Happened {
                step: "checkup".to_owned(),
                actor: Actor::Staff,
                note: words.to_owned(),
                changes: Vec::new(),
                made_at: app.clock.now(),
            };
            store::note(tx, id, &line, Some(staff)).await?;
            letters::checkup(tx, app, &listing, words).await?;
            Ok(())
        })
        .await?;
    app.wake.notify_waiters();
    Ok(())
}
