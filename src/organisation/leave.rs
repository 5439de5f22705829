//! A member leaves the organisations that he speaks for. One that nobody speaks for any more is not
//! shown: it waits for staff, who find somebody or leave it at that.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::{MemberId, OrganisationId},
    organisation::{Verification, store},
};

/// Those of a member's organisations that nobody else speaks for.
pub(crate) async fn alone_in(tx: &Tx, member: MemberId) -> Result<Vec<OrganisationId>, Fault> {
    let mut alone = Vec::new();
    for organisation in store::of_member(tx, member).await? {
        if store::speakers(tx, organisation.id).await? == [member] {
            alone.push(organisation.id);
        }
    }
    Ok(alone)
}

/// Takes the member out of every organisation, and those in `alone` out of sight.
pub(crate) async fn leave_in(tx: &Tx, app: &App, member: MemberId, alone: &[OrganisationId]) -> Result<(), Fault> {
    store::leave(tx, member).await?;
    for organisation in store::by_ids(tx, alone).await? {
        store::set_verification(tx, organisation.id, Verification::Pending, "", app.clock.now()).await?;
        changes::mark(tx, organisation.kind.indexed(), organisation.id.0);
    }
    Ok(())
}
