//! Entering a team, by staff.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::{MemberId, OrganisationId},
    mail, member, once,
    organisation::{self, NewOrganisation, OrganisationKind, verify},
    team::{NewTeam, Team, letters, store},
    words::Language,
};

/// Why there is no new team.
#[derive(Debug)]
pub enum Error {
    /// The university has a team of this name.
    Known(OrganisationId),
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Enters a team for `staff` and tells its lead by letter what is public of him and whom to tell if
/// he does not want it. The same `key` again gives the same answer.
pub async fn enter(app: &App, staff: MemberId, new: NewTeam, key: &str) -> Result<OrganisationId, Error> {
    let done = app
        .db
        .write(async |tx| {
            if let once::Spent::Before(answer) = once::spend(tx, Some(staff), key, app.clock.now()).await? {
                let before = answer.parse().ok().map(OrganisationId);
                return before.ok_or_else(|| Fault::corrupt("the answer to a form key").into());
            }
            if let Some(known) = same_name(tx, &new).await? {
                return Err(Error::Known(known));
            }
            let id = enter_in(tx, app, &new).await?;
            if let Some(team) = store::by_id(tx, id).await?
                && let Some(lead) = team.lead
                && let Some(lead) = member::store::by_id(tx, lead).await?
            {
                mail::enqueue(tx, app, letters::entered(app, &lead, &team)?).await?;
            }
            once::answer(tx, Some(staff), key, &id.to_string()).await?;
            Ok(id)
        })
        .await;
    app.wake.notify_waiters();
    done
}

/// Enters a verified team in a transaction, without a letter; its university is made if it is not
/// known, and its lead becomes a member who speaks for it.
pub async fn enter_in(tx: &Tx, app: &App, new: &NewTeam) -> Result<OrganisationId, Fault> {
    let now = app.clock.now();
    let university = store::meet_university(tx, &new.university).await?;
    let common = NewOrganisation {
        kind: OrganisationKind::Team,
        name: new.name.clone(),
        zone: new.zone,
        region: university.region,
        about: new.about.clone(),
        import_key: new.import_key.clone(),
    };
    let id = organisation::store::insert(tx, &common, now).await?;
    let lead = match &new.lead {
        None => None,
        Some(lead) => {
            let known = member::store::meet(tx, &lead.email, Language::Chinese, now).await?;
            if known.name.is_empty() {
                member::store::describe(tx, known.id, &lead.name, &lead.title, &lead.phone).await?;
            }
            organisation::store::join(tx, known.id, id, now).await?;
            Some(known.id)
        }
    };
    let organisation = organisation::store::by_id(tx, id).await?;
    let said = |of: fn(&crate::team::Lead) -> &String| new.lead.as_ref().map(of).cloned().unwrap_or_default();
    let team = Team {
        organisation: organisation.ok_or_else(|| Fault::corrupt("an organisation that was just written"))?,
        university: university.id,
        university_name: university.name,
        lead,
        lead_name: said(|lead| &lead.name),
        lead_title: said(|lead| &lead.title),
        office_email: new.office_email.clone(),
        capacity: new.capacity,
        fields: new.fields.clone(),
        paused_until: None,
        breaks: Vec::new(),
        away: false,
    };
    store::put(tx, &team).await?;
    verify::verify_in(tx, app, id).await?;
    changes::mark(tx, OrganisationKind::Team.indexed(), id.0);
    Ok(id)
}

async fn same_name(tx: &Tx, new: &NewTeam) -> Result<Option<OrganisationId>, Fault> {
    let Some(university) = store::university_by_name(tx, &new.university.name).await? else { return Ok(None) };
    let teams = store::of_university(tx, university.id).await?;
    let teams = organisation::store::by_ids(tx, &teams).await?;
    Ok(teams.into_iter().find(|team| team.name == new.name).map(|team| team.id))
}
