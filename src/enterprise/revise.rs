//! Rewriting what an enterprise says of itself.
//!
//! Name and code are what staff compared with the licence, so that they are theirs from then on: a
//! speaker's rewrite of a verified enterprise leaves both as they are. A refused one that is
//! written anew waits for staff again.

use crate::{
    app::App,
    changes,
    db::Tx,
    enterprise::{NewEnterprise, register, store},
    fault::Fault,
    id::{MemberId, OrganisationId},
    organisation::{self, OrganisationKind, Verification, verify},
};

/// Who writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// One of its own people; his particulars are written along.
    Speaker(MemberId),
    /// The park's staff, who may correct name and code.
    Staff,
}

/// Why it was not rewritten.
#[derive(Debug)]
pub enum Error {
    /// Another enterprise has this code.
    Taken(OrganisationId),
    /// There is no such enterprise.
    Gone,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Rewrites an enterprise.
pub async fn revise(app: &App, writer: Writer, id: OrganisationId, new: NewEnterprise) -> Result<(), Error> {
    let done = app.db.write(async |tx| revise_in(tx, app, writer, id, &new).await).await;
    match done {
        Err(Error::Fault(fault)) if fault.is_duplicate() => {
            let first = match &new.uscc {
                Some(uscc) => store::by_uscc(&app.db, uscc).await?,
                None => None,
            };
            Err(first.map_or(Error::Fault(fault), |first| Error::Taken(first.organisation.id)))
        }
        done => {
            app.wake.notify_waiters();
            done
        }
    }
}

/// [`revise`] in a transaction.
pub async fn revise_in(
    tx: &Tx,
    app: &App,
    writer: Writer,
    id: OrganisationId,
    new: &NewEnterprise,
) -> Result<(), Error> {
    let known = store::by_id(tx, id).await?.ok_or(Error::Gone)?;
    let mut new = new.clone();
    if writer != Writer::Staff && known.organisation.is_verified() {
        new.name = known.organisation.name.clone();
        new.uscc = known.uscc.clone();
    }
    if new.uscc.is_none() {
        new.region = known.organisation.region.clone();
    }
    if let Some(uscc) = new.uscc.as_ref().filter(|uscc| known.uscc.as_ref() != Some(uscc))
        && let Some(other) = store::by_uscc(tx, uscc).await?
    {
        return Err(Error::Taken(other.organisation.id));
    }
    organisation::store::update(tx, id, &register::common(&new), app.clock.now()).await?;
    store::update(tx, id, &new).await?;
    if let Writer::Speaker(speaker) = writer {
        register::introduce(tx, speaker, &new.contact).await?;
        if known.organisation.verification == Verification::Refused {
            verify::again_in(tx, app, id).await?;
        }
    }
    changes::mark(tx, OrganisationKind::Enterprise.indexed(), id.0);
    Ok(())
}
