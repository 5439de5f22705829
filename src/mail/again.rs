//! Sending a letter once more, and putting the trouble of one aside: what staff do at the desk.

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::{MailId, MemberId},
    mail::{
        Address, Status,
        enqueue::{address_hash, message_domain},
        store,
    },
    once::{self, Spent},
};

/// Why a letter is not sent again.
#[derive(Debug)]
pub enum AgainError {
    /// There is no such mail.
    Unknown,
    /// It is on its way still.
    Waiting,
    /// It held a link that acts for its reader: its feature must write a new one.
    Linked,
    /// It shows a contact, and the consent to that was taken back.
    Withdrawn,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for AgainError {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for AgainError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Queues a letter without a link again, as a mail of its own with its own Message-ID, and puts
/// the old one aside. Staff have looked at the address: a suppression of it is lifted. `key` is the
/// key of the form that `member` pressed: pressing twice writes one letter.
pub async fn again(app: &App, member: MemberId, id: MailId, key: &str) -> Result<MailId, AgainError> {
    app.db
        .write(async |tx| {
            let now = tx.time(&app.clock).await?;
            if let Spent::Before(answer) = once::spend(tx, Some(member), key, now).await? {
                return answer
                    .parse()
                    .map_err(|error| Fault::corrupt(format!("the answer to a form key: {error}")).into());
            }
            let mail = store::by_id(tx, id).await?.ok_or(AgainError::Unknown)?;
            if matches!(mail.status, Status::Queued | Status::Sending) {
                return Err(AgainError::Waiting);
            }
            if mail.withdrawn {
                return Err(AgainError::Withdrawn);
            }
            let fresh = store::insert_again(tx, id, &message_domain(app), now).await?.ok_or(AgainError::Linked)?;
            store::lift(tx, &address_hash(&app.config, &mail.recipient)).await?;
            store::put_aside(tx, id, now).await?;
            once::answer(tx, Some(member), key, &fresh.to_string()).await?;
            Ok(fresh)
        })
        .await
        .inspect(|_| app.wake.notify_waiters())
}

/// Puts the trouble of a mail aside; `false` when it has none.
pub async fn put_aside(app: &App, id: MailId) -> Result<bool, Fault> {
    app.db.write(async |tx| store::put_aside(tx, id, app.clock.now()).await).await
}

/// Sends to an address again that was found not to exist.
pub async fn lift(app: &App, address: &Address) -> Result<(), Fault> {
    app.db.write(async |tx| store::lift(tx, &address_hash(&app.config, address)).await).await
}

/// Staff have looked at an address that refused mail before: mail goes to it again.
pub async fn lift_in(tx: &Tx, app: &App, address: &Address) -> Result<(), Fault> {
    store::lift(tx, &address_hash(&app.config, address)).await
}
