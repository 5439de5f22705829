//! Theme zones of the hall.

use sea_orm_migration::prelude::*;

use crate::column::{id, number, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("zones")
                    .col(id())
                    .col(text("slug").unique_key())
                    .col(text("name_zh"))
                    .col(text("name_en"))
                    .col(words("about_zh"))
                    .col(words("about_en"))
                    .col(words("colour"))
                    .col(number("position"))
                    .take(),
            )
            .await
    }
}
