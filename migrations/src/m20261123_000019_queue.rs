//! Professors' time: requests that wait for a full team, and the days on which a team takes none.

use sea_orm_migration::prelude::*;

use crate::column::{at, flag, id, index, key, maybe_at, maybe_number, maybe_text, one_of, reference, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in [maybe_text("paused_until"), text("breaks").default("[]").take(), flag("away")] {
            manager.alter_table(Table::alter().table("teams").add_column(column).take()).await?;
        }
        manager.alter_table(Table::alter().table("introductions").add_column(flag("undone")).take()).await?;
        manager.alter_table(Table::alter().table("listings").add_column(maybe_at("checked_at")).take()).await?;
        manager
            .create_table(
                Table::create()
                    .table("queued_requests")
                    .col(id())
                    .col(key("need_id"))
                    .col(key("team_id"))
                    .col(key("enterprise_id"))
                    .col(key("asked_by"))
                    .col(words("reason"))
                    .col(one_of("state", &["waiting", "asked", "released", "left"]))
                    .col(maybe_text("token_hash"))
                    .col(maybe_at("due_at"))
                    .col(maybe_number("introduction_id"))
                    .col(at("created_at"))
                    .col(maybe_at("closed_at"))
                    .foreign_key(&mut reference("queued_requests", "need_id", "listings", "id"))
                    .foreign_key(&mut reference("queued_requests", "team_id", "organisations", "id"))
                    .foreign_key(&mut reference("queued_requests", "enterprise_id", "organisations", "id"))
                    .foreign_key(&mut reference("queued_requests", "asked_by", "members", "id"))
                    .foreign_key(&mut reference("queued_requests", "introduction_id", "introductions", "id"))
                    .check(Expr::cust("(state = 'released') = (introduction_id IS NOT NULL)"))
                    .check(Expr::cust("(state = 'asked') <= (due_at IS NOT NULL)"))
                    .take(),
            )
            .await?;
        manager.create_index(index("queued_requests", &["team_id", "state"])).await?;
        manager.create_index(index("queued_requests", &["enterprise_id"])).await?;
        manager.create_index(index("queued_requests", &["token_hash"])).await?;
        // A need waits once for a team.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX queued_requests_open_pair ON queued_requests (need_id, team_id) \
                 WHERE state IN ('waiting', 'asked')",
            )
            .await?;
        Ok(())
    }
}
