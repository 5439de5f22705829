//! The lead of a team leaves: his name and title go from its page. Whoever speaks for the team longest
//! is asked from now on.

use crate::{
    changes,
    db::Tx,
    fault::Fault,
    id::{MemberId, OrganisationId},
    organisation::OrganisationKind,
    team::store,
};

/// Takes the member's name off every team that he leads; returns them.
pub(crate) async fn leave_in(tx: &Tx, member: MemberId) -> Result<Vec<OrganisationId>, Fault> {
    let led = store::unlead(tx, member).await?;
    for team in &led {
        changes::mark(tx, OrganisationKind::Team.indexed(), team.0);
    }
    Ok(led)
}
