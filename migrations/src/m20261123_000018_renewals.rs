//! Keeping listings fresh: when the owner last confirmed one, the letters that asked him, the links
//! in them, who else asked whether it still holds, and what has happened to it.

use sea_orm_migration::prelude::*;

use crate::column::{at, flag, id, index, key, maybe_at, maybe_number, number, one_of, reference, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in [
            maybe_at("confirmed_at"),
            number("renewals"),
            number("reminded"),
            words("outcome_about"),
            flag("story"),
            maybe_at("erased_at"),
        ] {
            manager.alter_table(Table::alter().table("listings").add_column(column).take()).await?;
        }
        let published = "UPDATE listings SET confirmed_at = published_at WHERE published_at IS NOT NULL";
        manager.get_connection().execute_unprepared(published).await?;
        manager.create_index(index("listings", &["state", "closed_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("listing_links")
                    .col(id())
                    .col(key("listing_id"))
                    .col(key("member_id"))
                    .col(text("token_hash").unique_key())
                    .col(at("created_at"))
                    .col(at("expires_at"))
                    .col(maybe_at("used_at"))
                    .col(maybe_at("revoked_at"))
                    .foreign_key(&mut reference("listing_links", "listing_id", "listings", "id"))
                    .foreign_key(&mut reference("listing_links", "member_id", "members", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(index("listing_links", &["listing_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("listing_askers")
                    .col(id())
                    .col(key("listing_id"))
                    .col(key("member_id"))
                    .col(at("asked_at"))
                    .col(maybe_at("answered_at"))
                    .foreign_key(&mut reference("listing_askers", "listing_id", "listings", "id"))
                    .foreign_key(&mut reference("listing_askers", "member_id", "members", "id"))
                    .take(),
            )
            .await?;
        // One open question of one member: pressing twice asks once.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX listing_askers_open ON listing_askers (listing_id, member_id) \
                 WHERE answered_at IS NULL",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("listing_steps")
                    .col(id())
                    .col(key("listing_id"))
                    .col(text("step"))
                    .col(one_of("actor", &["owner", "letter", "staff", "clock"]))
                    .col(maybe_number("member_id"))
                    .col(words("note"))
                    // What was changed, field by field, as JSON; empty when nothing was.
                    .col(words("changes"))
                    .col(at("made_at"))
                    .foreign_key(&mut reference("listing_steps", "listing_id", "listings", "id"))
                    .foreign_key(&mut reference("listing_steps", "member_id", "members", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(index("listing_steps", &["listing_id"])).await
    }
}
