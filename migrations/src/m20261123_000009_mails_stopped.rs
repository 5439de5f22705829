//! What stops a letter after it was written: whose contact it shows, and why it may not leave.

use sea_orm_migration::prelude::*;

use crate::column::{index, maybe_number, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The consent by which it shows a contact.
        manager.alter_table(Table::alter().table("mails").add_column(maybe_number("consent_id")).take()).await?;
        manager.create_index(index("mails", &["consent_id"])).await?;
        // Empty, `replaced` or `withdrawn`. No new word of `state`: a release that runs beside this
        // one reads a withdrawn letter as replaced, which it does not send either.
        manager.alter_table(Table::alter().table("mails").add_column(words("stopped")).take()).await
    }
}
