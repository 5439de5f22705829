//! Suggestions, and the needs whose suggestions must be computed again.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, index, key, maybe_number, maybe_text, number, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("matches")
                    .col(id())
                    .col(key("need_id"))
                    .col(key("team_id"))
                    .col(key("result_id"))
                    .col(maybe_number("place"))
                    .col(ColumnDef::new("score").double().not_null())
                    .col(text("parts"))
                    .col(text("words"))
                    .col(number("weights_version"))
                    .col(maybe_text("excluded"))
                    .col(at("computed_at"))
                    .foreign_key(&mut reference("matches", "need_id", "listings", "id"))
                    .foreign_key(&mut reference("matches", "result_id", "listings", "id"))
                    .foreign_key(&mut reference("matches", "team_id", "organisations", "id"))
                    .check(Expr::cust("(place IS NULL) = (excluded IS NOT NULL)"))
                    .take(),
            )
            .await?;
        manager.create_index(index("matches", &["need_id", "team_id"]).unique().take()).await?;
        manager.create_index(index("matches", &["team_id", "score"])).await?;
        manager.create_index(index("matches", &["result_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("stale_needs")
                    .col(key("need_id").primary_key())
                    .col(number("generation"))
                    .col(at("since"))
                    .take(),
            )
            .await
    }
}
