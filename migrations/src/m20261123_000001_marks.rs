//! Change marks, the cursors of those who follow them, spent form keys and the holiday calendar.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, key, maybe_number, number, one_of, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kinds = &["enterprise", "team", "need", "offer", "result", "exhibit", "event"];
        manager
            .create_table(
                Table::create()
                    .table("marks")
                    .col(id())
                    .col(one_of("kind", kinds))
                    .col(key("thing_id"))
                    .col(at("made_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(Table::create().table("cursors").col(text("name").primary_key()).col(number("mark")).take())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("form_keys")
                    .col(text("form_key").primary_key())
                    .col(maybe_number("member_id"))
                    .col(words("answer"))
                    .col(at("spent_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("holidays")
                    .col(text("day").primary_key())
                    .col(one_of("kind", &["rest", "work"]))
                    .col(words("name"))
                    .take(),
            )
            .await
    }
}
