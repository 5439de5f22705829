//! Writing one's own name, title and telephone.

use crate::{app::App, fault::Fault, id::MemberId, member::store};

/// Writes a member's particulars.
pub async fn describe(app: &App, member: MemberId, name: &str, title: &str, phone: &str) -> Result<(), Fault> {
    app.db.write(async |tx| store::describe(tx, member, name, title, phone).await).await
}
