//! When backups were due, who takes one, and what came of it.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, maybe_at, number, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("backups")
                    .col(id())
                    // One row for each time that a backup is due: of several nodes one writes it.
                    .col(at("due_at").unique_key())
                    .col(at("begun_at"))
                    .col(maybe_at("ended_at"))
                    .col(words("file"))
                    .col(number("rows"))
                    .col(number("bytes"))
                    .col(words("fault"))
                    .take(),
            )
            .await
    }
}
