//! Staff compare an organisation with its papers and say what they found.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::OrganisationId,
    organisation::{Verification, store},
};

/// Says that the organisation is what it says it is.
pub async fn verify(app: &App, id: OrganisationId) -> Result<(), Fault> {
    app.db.write(async |tx| verify_in(tx, app, id).await).await?;
    app.wake.notify_one();
    Ok(())
}

/// [`verify`] in a transaction.
pub async fn verify_in(tx: &Tx, app: &App, id: OrganisationId) -> Result<(), Fault> {
    settle(tx, app, id, Verification::Verified, "").await
}

/// Says that it is not, and what to send.
pub async fn refuse(app: &App, id: OrganisationId, note: &str) -> Result<(), Fault> {
    app.db.write(async |tx| settle(tx, app, id, Verification::Refused, note).await).await?;
    app.wake.notify_one();
    Ok(())
}

async fn settle(tx: &Tx, app: &App, id: OrganisationId, found: Verification, note: &str) -> Result<(), Fault> {
    let organisation = store::by_id(tx, id).await?.ok_or_else(|| Fault::corrupt("an organisation that is gone"))?;
    store::set_verification(tx, id, found, note, app.clock.now()).await?;
    changes::mark(tx, organisation.kind.indexed(), id.0);
    Ok(())
}
