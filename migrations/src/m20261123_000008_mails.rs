//! The outbox and the addresses that nothing is sent to any more.

use sea_orm_migration::prelude::*;

use crate::column::{at, flag, id, index, maybe_at, maybe_number, maybe_text, number, one_of, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STATES: &[&str] = &["queued", "sending", "sent", "failed", "expired", "suppressed", "uncertain", "replaced"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("mails")
                    .col(id())
                    .col(text("letter"))
                    .col(words("about"))
                    .col(number("priority"))
                    .col(maybe_number("member_id"))
                    .col(words("recipient_name"))
                    .col(text("recipient"))
                    .col(text("subject"))
                    .col(text("body_text"))
                    .col(text("body_html"))
                    .col(maybe_text("calendar"))
                    .col(flag("linked"))
                    .col(flag("sealed"))
                    .col(one_of("state", STATES))
                    .col(number("attempts"))
                    .col(number("doubts"))
                    .col(maybe_at("due_at"))
                    .col(words("lease"))
                    .col(text("message_id").unique_key())
                    .col(maybe_number("reply_code"))
                    .col(words("reply"))
                    .col(at("created_at"))
                    .col(maybe_at("tried_at"))
                    .col(maybe_at("sent_at"))
                    .col(maybe_at("handled_at"))
                    .take(),
            )
            .await?;
        manager.create_index(index("mails", &["priority", "due_at"])).await?;
        manager.create_index(index("mails", &["state", "created_at"])).await?;
        manager.create_index(index("mails", &["member_id", "created_at"])).await?;
        manager.create_index(index("mails", &["about"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("suppressions")
                    .col(text("address_hash").primary_key())
                    .col(words("reason"))
                    .col(maybe_number("mail_id"))
                    .col(at("created_at"))
                    .take(),
            )
            .await
    }
}
