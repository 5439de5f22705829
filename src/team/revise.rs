//! Rewriting what a team says of itself: by those who speak for it, or by staff.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::{OrganisationId, ZoneId},
    mail::Address,
    organisation::{self, NewOrganisation, OrganisationKind},
    team::store,
};

/// What can be rewritten. Name, university and lead were compared with the university's papers
/// when the team was entered; the name is left as it is unless staff give another.
#[derive(Debug, Clone)]
pub struct Revision {
    /// A new name, from staff alone.
    pub name: Option<String>,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// 教授, 副教授 … of the lead.
    pub lead_title: String,
    /// The mailbox of the team's home office.
    pub office_email: Option<Address>,
    /// How many new introductions it has time for in a month.
    pub capacity: u32,
    /// What it does.
    pub about: String,
    /// What it works on.
    pub fields: Vec<String>,
}

/// Rewrites a team; `false` when there is none.
pub async fn revise(app: &App, id: OrganisationId, to: Revision) -> Result<bool, Fault> {
    let done = app.db.write(async |tx| revise_in(tx, app, id, &to).await).await?;
    app.wake.notify_waiters();
    Ok(done)
}

/// [`revise`] in a transaction.
pub async fn revise_in(tx: &Tx, app: &App, id: OrganisationId, to: &Revision) -> Result<bool, Fault> {
    let Some(mut team) = store::by_id(tx, id).await? else { return Ok(false) };
    let common = NewOrganisation {
        kind: OrganisationKind::Team,
        name: to.name.clone().unwrap_or_else(|| team.organisation.name.clone()),
        zone: to.zone,
        region: team.organisation.region.clone(),
        about: to.about.clone(),
        import_key: None,
    };
    organisation::store::update(tx, id, &common, app.clock.now()).await?;
    team.lead_title.clone_from(&to.lead_title);
    team.office_email.clone_from(&to.office_email);
    team.capacity = to.capacity;
    team.fields.clone_from(&to.fields);
    store::put(tx, &team).await?;
    changes::mark(tx, OrganisationKind::Team.indexed(), id.0);
    Ok(true)
}
