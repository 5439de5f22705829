//! Keeping a member out: an account that was lost or misused.

use crate::{
    app::App,
    fault::Fault,
    mail::Address,
    member::{Role, store},
    words::Language,
};

/// Keeps `email` from signing in until a role is given to it again. Sessions, letters to sign in
/// and roles end with the same transaction; what the member wrote stays.
pub async fn bar(app: &App, email: &Address) -> Result<(), Fault> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let member = store::meet(tx, email, Language::Chinese, now).await?;
            store::set_role(tx, member.id, Role::Member).await?;
            store::set_barred(tx, member.id, Some(now)).await?;
            store::delete_sessions(tx, member.id).await?;
            store::delete_codes(tx, email).await
        })
        .await
}
