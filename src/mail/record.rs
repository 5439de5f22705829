//! Writing down what came of tries, many in one commit.
//!
//! A commit waits for the disk, and tries end all the time: whoever ends while one commit is under
//! way is written by the next, together with all others who did. Nobody waits for company.

use std::{cell::RefCell, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, oneshot};

use crate::{
    app::App,
    fault::Fault,
    id::MailId,
    mail::{
        Address, Status,
        enqueue::address_hash,
        store::{self, Outgoing, Tried},
    },
};

/// How often a second's rest later it is tried again when the database is away. A letter that was
/// taken must not be sent again for want of a note.
const TRIES: u32 = 300;
/// The same when the process is about to end.
const TRIES_AT_THE_END: u32 = 4;

struct Entry {
    id: MailId,
    recipient: String,
    urgent: bool,
    lease: String,
    tried: Tried,
    now: DateTime<Utc>,
    tell: oneshot::Sender<Result<bool, String>>,
}

/// What has ended and is not written down yet.
#[derive(Default)]
pub(super) struct Records {
    waiting: RefCell<Vec<Entry>>,
    writing: Mutex<()>,
}

impl Records {
    /// Writes down what came of a try; `false` when the lease was lost to another worker.
    pub(super) async fn write(
        &self,
        app: &App,
        mail: &Outgoing,
        lease: &str,
        tried: Tried,
        now: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        let (tell, mut told) = oneshot::channel();
        self.waiting.borrow_mut().push(Entry {
            id: mail.id,
            recipient: mail.recipient.clone(),
            urgent: mail.urgent,
            lease: lease.to_owned(),
            tried,
            now,
            tell,
        });
        let turn = self.writing.lock().await;
        // Whoever wrote before us may have written ours.
        let answer = match told.try_recv() {
            Ok(answer) => answer,
            Err(_) => {
                let batch = self.waiting.take();
                let written = commit(app, &batch).await.map_err(|fault| fault.to_string());
                for (place, entry) in batch.into_iter().enumerate() {
                    let answer = written.as_ref().map(|ours| ours.get(place).copied().unwrap_or_default());
                    // Nobody listens when the round was dropped; the row is written all the same.
                    entry.tell.send(answer.map_err(Clone::clone)).ok();
                }
                told.try_recv().unwrap_or_else(|error| Err(error.to_string()))
            }
        };
        drop(turn);
        answer.map_err(Fault::other)
    }
}

/// Writes all in one transaction, again and again while the database is away.
async fn commit(app: &App, batch: &[Entry]) -> Result<Vec<bool>, Fault> {
    let mut tries = 0;
    loop {
        let fault = match app.db.write(async |tx| note(tx, app, batch).await).await {
            Ok(ours) => return Ok(ours),
            Err(fault) => fault,
        };
        tries += 1;
        if tries >= if app.post.is_closed() { TRIES_AT_THE_END } else { TRIES } {
            return Err(fault);
        }
        tracing::warn!(%fault, "what came of mail cannot be written down; trying again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn note(tx: &crate::db::Tx, app: &App, batch: &[Entry]) -> Result<Vec<bool>, Fault> {
    let mut all = Vec::with_capacity(batch.len());
    for entry in batch {
        let ours = store::record(tx, entry.id, &entry.lease, &entry.tried, entry.now).await?;
        all.push(ours);
        let Some(address) = Address::parse(&entry.recipient).filter(|_| ours) else { continue };
        let hash = address_hash(&app.config, &address);
        if entry.tried.suppresses {
            store::suppress(tx, &hash, &entry.tried.reply, Some(entry.id), entry.now).await?;
        } else if entry.urgent && entry.tried.status == Status::Sent {
            // Usual letters are not tried at a dead address, so only these can show that it lives.
            store::lift(tx, &hash).await?;
        }
    }
    Ok(all)
}
