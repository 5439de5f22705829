//! Words that mean the same, and the record of who changed them.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, key, one_of, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DEEDS: &[&str] = &["added", "changed", "removed"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(Table::create().table("synonyms").col(id()).col(text("words")).col(words("towards")).take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("synonym_changes")
                    .col(id())
                    .col(key("synonym_id"))
                    .col(text("words"))
                    .col(words("towards"))
                    .col(one_of("deed", DEEDS))
                    .col(key("member_id"))
                    .col(at("made_at"))
                    .take(),
            )
            .await
    }
}
