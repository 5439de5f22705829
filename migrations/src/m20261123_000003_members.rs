//! People who sign in, their one-time codes and their sessions.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, index, key, maybe_at, number, one_of, reference, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let roles = &["member", "curator", "broker", "administrator"];
        manager
            .create_table(
                Table::create()
                    .table("members")
                    .col(id())
                    .col(text("email").unique_key())
                    .col(words("name"))
                    .col(words("title"))
                    .col(words("phone"))
                    .col(one_of("role", roles))
                    .col(one_of("language", &["zh-CN", "en"]))
                    .col(at("created_at"))
                    .col(maybe_at("signed_in_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_codes")
                    .col(id())
                    .col(text("email"))
                    .col(text("code_hash"))
                    .col(text("link_hash").unique_key())
                    .col(number("tries"))
                    .col(at("created_at"))
                    .col(at("expires_at"))
                    .col(maybe_at("used_at"))
                    .take(),
            )
            .await?;
        manager.create_index(index("sign_in_codes", &["email", "created_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("sessions")
                    .col(id())
                    .col(text("token_hash").unique_key())
                    .col(key("member_id"))
                    .col(at("created_at"))
                    .col(at("seen_at"))
                    .col(at("expires_at"))
                    .foreign_key(&mut reference("sessions", "member_id", "members", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(index("sessions", &["member_id"])).await
    }
}
