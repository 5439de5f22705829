//! Entering an enterprise: once for each code, whoever is first.

use crate::{
    app::App,
    changes,
    db::Tx,
    enterprise::{Enterprise, NewEnterprise, Person, store},
    fault::Fault,
    id::{MemberId, OrganisationId},
    member, once,
    organisation::{self, NewOrganisation, OrganisationKind},
};

/// Why there is no new enterprise.
#[derive(Debug)]
pub enum Error {
    /// This one has the code already.
    Taken(OrganisationId),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Enters an enterprise that `member` speaks for from now on. The same `key` again gives the same answer.
pub async fn register(app: &App, member: MemberId, new: NewEnterprise, key: &str) -> Result<OrganisationId, Error> {
    let done = app
        .db
        .write(async |tx| {
            if let once::Spent::Before(answer) = once::spend(tx, Some(member), key, app.clock.now()).await? {
                let before = answer.parse().ok().map(OrganisationId);
                return before.ok_or_else(|| Fault::corrupt("the answer to a form key").into());
            }
            let id = register_in(tx, app, Some(member), &new).await?;
            once::answer(tx, Some(member), key, &id.to_string()).await?;
            Ok(id)
        })
        .await;
    match done {
        // Two entered it at the same moment, and the index let the first one in.
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

/// [`register`] in a transaction; nobody speaks for an import until somebody claims it.
pub async fn register_in(
    tx: &Tx,
    app: &App,
    speaker: Option<MemberId>,
    new: &NewEnterprise,
) -> Result<OrganisationId, Error> {
    if let Some(uscc) = &new.uscc
        && let Some(Enterprise { organisation, .. }) = store::by_uscc(tx, uscc).await?
    {
        return Err(Error::Taken(organisation.id));
    }
    let now = app.clock.now();
    let id = organisation::store::insert(tx, &common(new), now).await?;
    store::insert(tx, id, new).await?;
    if let Some(speaker) = speaker {
        organisation::store::join(tx, speaker, id, now).await?;
        introduce(tx, speaker, &new.contact).await?;
    }
    changes::mark(tx, OrganisationKind::Enterprise.indexed(), id.0);
    Ok(id)
}

/// The part that enterprises have in common with teams.
pub(super) fn common(new: &NewEnterprise) -> NewOrganisation {
    NewOrganisation {
        kind: OrganisationKind::Enterprise,
        name: new.name.clone(),
        zone: new.zone,
        region: new.region().to_owned(),
        about: new.about.clone(),
        import_key: new.import_key.clone(),
    }
}

/// Writes to a member's particulars what was said of him; what was not said stays.
pub(super) async fn introduce(tx: &Tx, id: MemberId, said: &Person) -> Result<(), Fault> {
    let Some(known) = member::store::by_id(tx, id).await? else { return Ok(()) };
    let or = |said: &str, known: String| if said.is_empty() { known } else { said.to_owned() };
    let (name, title, phone) = (or(&said.name, known.name), or(&said.title, known.title), or(&said.phone, known.phone));
    member::store::describe(tx, id, &name, &title, &phone).await
}
