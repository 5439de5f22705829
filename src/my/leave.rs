//! Deleting one's account (PIPL 47): everything that leads to the person goes, in one transaction.
//!
//! What stays is what others need and the law lets us keep, without the person: that consents were
//! given and contacts disclosed, that letters were sent, the organisation and what it has posted.
//! An organisation that nobody speaks for any more has its listings withdrawn and is not shown.
//!
//! **Invariant:** afterwards no table, page, letter, export or search holds the person's name, address
//! or telephone (`a_deleted_account_is_gone_everywhere`).

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::{MemberId, OrganisationId},
    introduction, listing,
    mail::{self, Address},
    member, once, organisation, team,
};

/// Why nothing was deleted.
#[derive(Debug)]
pub enum Error {
    /// What was typed is not the address of the account.
    NotTheAddress,
    /// He is the only administrator: nobody could run the site.
    LastAdministrator,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Deletes the account of `member`, who has typed its address to confirm.
pub async fn leave(app: &App, member: MemberId, typed: &str) -> Result<(), Error> {
    let deleting = app.db.write(async |tx| {
        let own = member::store::by_id(tx, member).await?.ok_or_else(|| Fault::corrupt("a member who is gone"))?;
        if Address::parse(typed).as_ref() != Some(&own.email) {
            return Err(Error::NotTheAddress);
        }
        let alone = organisation::leave::alone_in(tx, member).await?;
        introduction::leave::end_in(tx, app, member, &alone).await?;
        withdraw_listings(tx, app, &alone).await?;
        let led = team::leave::leave_in(tx, member).await?;
        organisation::leave::leave_in(tx, app, member, &alone).await?;
        introduction::leave::hand_over_in(tx, app, member, &led).await?;
        once::forget(tx, member).await?;
        if !member::leave::leave_in(tx, &own).await? {
            return Err(Error::LastAdministrator);
        }
        let nobody = member::store::by_id(tx, member).await?.map(|nobody| nobody.email);
        let nobody = nobody.ok_or_else(|| Fault::corrupt("a member who is gone"))?;
        // Last, so that letters of the steps above are found as well.
        mail::forget::forget_in(tx, member, &own.email, &own.phone, &nobody).await?;
        Ok(())
    });
    Box::pin(deleting).await?;
    tracing::info!(member.id = member.0, "a member has left");
    app.wake.notify_waiters();
    Ok(())
}

/// Withdraws what organisations without anybody have posted.
async fn withdraw_listings(tx: &Tx, app: &App, alone: &[OrganisationId]) -> Result<(), Error> {
    for (id, _) in listing::store::every_of(tx, alone).await? {
        match listing::close::withdraw_in(tx, app, id).await {
            // What has ended already has ended.
            Ok(()) | Err(listing::close::Error::NotNow(_) | listing::close::Error::NotYours) => {}
            // These are said of renewals and of mailed links, never of a withdrawal.
            Err(
                listing::close::Error::OwnerNotVerified
                | listing::close::Error::NotYet
                | listing::close::Error::LinkUsed,
            ) => {}
            Err(listing::close::Error::Fault(fault)) => return Err(fault.into()),
        }
    }
    Ok(())
}
