//! A member's own rows when he leaves: what led to the person is overwritten, what proves what
//! happened (consents, disclosures, steps) stays, tied to a number that stands for nobody.

use crate::{
    db::Tx,
    fault::Fault,
    mail::Address,
    member::{Member, Role, store},
};

/// The domain of addresses that nobody has; `.invalid` is reserved for that (RFC 2606).
pub(crate) const NOBODY: &str = "nobody.invalid";

/// Wipes the member; `false`, and nothing is done, when nobody else could administer the site.
pub(crate) async fn leave_in(tx: &Tx, member: &Member) -> Result<bool, Fault> {
    if member.role == Role::Administrator && !store::has_another_administrator(tx, member.id).await? {
        return Ok(false);
    }
    let address = Address::parse(&format!("left-{}@{NOBODY}", member.id));
    let address = address.ok_or_else(|| Fault::other("an address of nobody"))?;
    store::wipe(tx, member, &address).await?;
    Ok(true)
}
