//! Giving a member a role of the park.

use crate::{
    app::App,
    fault::Fault,
    id::MemberId,
    mail::Address,
    member::{Role, store},
    words::Language,
};

/// Makes the member of `email`, new or known, one with `role`; who was barred may sign in again. Sessions keep running and have the
/// new role at their next request.
pub async fn appoint(app: &App, email: &Address, name: &str, role: Role) -> Result<MemberId, Fault> {
    app.db
        .write(async |tx| {
            let member = store::meet(tx, email, Language::Chinese, app.clock.now()).await?;
            store::set_role(tx, member.id, role).await?;
            store::set_barred(tx, member.id, None).await?;
            if !name.is_empty() {
                store::describe(tx, member.id, name, &member.title, &member.phone).await?;
            }
            Ok(member.id)
        })
        .await
}
