//! What listings mean, as the encoder found it.

use sea_orm_migration::prelude::*;

use crate::column::{at, key, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("meanings")
                    .col(text("kind"))
                    .col(key("thing_id"))
                    .col(text("model"))
                    .col(text("text_hash"))
                    .col(ColumnDef::new("meaning").binary().not_null())
                    .col(at("made_at"))
                    .primary_key(Index::create().col("kind").col("thing_id"))
                    .take(),
            )
            .await
    }
}
