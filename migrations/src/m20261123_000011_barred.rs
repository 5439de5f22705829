//! Members who may not sign in any more.

use sea_orm_migration::prelude::*;

use crate::column::maybe_at;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("members").add_column(maybe_at("barred_at")).take()).await
    }
}
