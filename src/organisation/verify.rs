//! Staff compare an organisation with its papers and say what they found.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::OrganisationId,
    mail, member,
    organisation::{Organisation, Verification, letters, store},
};

/// Says that the organisation is what it says it is, and tells its people by letter. One that is
/// verified already is left as it is. `false` when there is none.
pub async fn verify(app: &App, id: OrganisationId) -> Result<bool, Fault> {
    found(app, id, Verification::Verified, "").await
}

/// Says that it is not, and what to send; its people get that by letter.
pub async fn refuse(app: &App, id: OrganisationId, note: &str) -> Result<bool, Fault> {
    found(app, id, Verification::Refused, note).await
}

/// [`verify`] in a transaction and without a letter: for what staff enter themselves.
pub async fn verify_in(tx: &Tx, app: &App, id: OrganisationId) -> Result<(), Fault> {
    settle(tx, app, id, Verification::Verified, "").await.map(|_| ())
}

/// Lets a refused organisation wait for staff again.
pub(crate) async fn again_in(tx: &Tx, app: &App, id: OrganisationId) -> Result<(), Fault> {
    settle(tx, app, id, Verification::Pending, "").await.map(|_| ())
}

async fn found(app: &App, id: OrganisationId, found: Verification, note: &str) -> Result<bool, Fault> {
    let done = app
        .db
        .write(async |tx| {
            let Some(organisation) = settle(tx, app, id, found, note).await? else { return Ok(false) };
            // Pressed twice, or the same words again: nothing new, so no second letter.
            if organisation.verification == found && organisation.verification_note == note {
                return Ok::<_, Fault>(true);
            }
            let speakers = store::speakers(tx, id).await?;
            for member in member::store::by_ids(tx, &speakers).await? {
                let letter = match found {
                    Verification::Verified => letters::verified(app, &member, &organisation)?,
                    Verification::Refused => letters::refused(app, &member, &organisation, note)?,
                    Verification::Pending => continue,
                };
                mail::enqueue(tx, app, letter).await?;
            }
            Ok(true)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(done)
}

/// Writes what was found; returns the organisation as it was before.
async fn settle(
    tx: &Tx,
    app: &App,
    id: OrganisationId,
    found: Verification,
    note: &str,
) -> Result<Option<Organisation>, Fault> {
    let Some(organisation) = store::by_id(tx, id).await? else { return Ok(None) };
    if organisation.verification != found || organisation.verification_note != note {
        store::set_verification(tx, id, found, note, app.clock.now()).await?;
        changes::mark(tx, organisation.kind.indexed(), id.0);
    }
    Ok(Some(organisation))
}
