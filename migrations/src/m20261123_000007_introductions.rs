//! Introductions, their history and answer links; consents and disclosures.

use sea_orm_migration::prelude::*;

use crate::column::{
    at, flag, id, index, key, maybe_at, maybe_number, maybe_one_of, number, one_of, reference, text, words,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STATES: &[&str] = &[
    "awaiting_park",
    "awaiting_team",
    "later",
    "accepted",
    "exchanged",
    "met",
    "not_held",
    "declined",
    "timed_out",
    "withdrawn",
    "stopped",
    "channel_failed",
];
const DECLINE_REASONS: &[&str] =
    &["direction", "full", "too_early", "budget", "exclusive", "too_little", "referral", "other"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        consents(manager).await?;
        introductions(manager).await?;
        answers(manager).await
    }
}

/// What members agreed to, and who was given their contacts on the strength of it.
async fn consents(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("consents")
                .col(id())
                .col(key("member_id"))
                .col(key("recipient_id"))
                .col(text("about"))
                .col(text("text_version"))
                .col(text("text"))
                .col(text("fields"))
                .col(one_of("channel", &["web", "mail_link", "phone", "paper"]))
                .col(at("given_at"))
                .col(maybe_at("withdrawn_at"))
                .foreign_key(&mut reference("consents", "member_id", "members", "id"))
                .foreign_key(&mut reference("consents", "recipient_id", "organisations", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("consents", &["member_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("disclosures")
                .col(id())
                .col(key("consent_id"))
                .col(key("member_id"))
                .col(key("recipient_id"))
                .col(text("about"))
                .col(text("fields"))
                .col(at("made_at"))
                .foreign_key(&mut reference("disclosures", "consent_id", "consents", "id"))
                .foreign_key(&mut reference("disclosures", "member_id", "members", "id"))
                .foreign_key(&mut reference("disclosures", "recipient_id", "organisations", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("disclosures", &["member_id"])).await
}

async fn introductions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("introductions")
                .col(id())
                .col(key("need_id"))
                .col(maybe_number("result_id"))
                .col(key("enterprise_id"))
                .col(key("team_id"))
                .col(key("asked_by"))
                .col(one_of("state", STATES))
                .col(words("reason"))
                .col(maybe_at("due_at"))
                .col(maybe_number("letter_id"))
                .col(maybe_at("passed_at"))
                .col(maybe_number("passed_by"))
                .col(flag("postponed"))
                .col(maybe_one_of("team_answer", &["accept", "decline"]))
                .col(maybe_at("team_answered_at"))
                .col(maybe_number("team_answered_by"))
                .col(maybe_one_of("decline_reason", DECLINE_REASONS))
                .col(words("decline_note"))
                .col(text("times").default("[]"))
                .col(maybe_number("team_consent_id"))
                .col(maybe_one_of("enterprise_answer", &["accept", "decline"]))
                .col(maybe_at("enterprise_answered_at"))
                .col(maybe_number("enterprise_consent_id"))
                // What each side was shown of the other's contact, as JSON; empty before.
                .col(words("team_contact"))
                .col(words("enterprise_contact"))
                .col(maybe_at("meeting_at"))
                .col(maybe_at("exchanged_at"))
                .col(maybe_at("closed_at"))
                .col(words("closed_note"))
                .col(maybe_number("referred_from"))
                .col(number("version"))
                .col(at("created_at"))
                .col(at("updated_at"))
                .foreign_key(&mut reference("introductions", "need_id", "listings", "id"))
                .foreign_key(&mut reference("introductions", "result_id", "listings", "id"))
                .foreign_key(&mut reference("introductions", "enterprise_id", "organisations", "id"))
                .foreign_key(&mut reference("introductions", "team_id", "organisations", "id"))
                .foreign_key(&mut reference("introductions", "asked_by", "members", "id"))
                .foreign_key(&mut reference("introductions", "team_consent_id", "consents", "id"))
                .foreign_key(&mut reference("introductions", "enterprise_consent_id", "consents", "id"))
                .check(Expr::cust("state NOT IN ('exchanged', 'met', 'not_held') OR (team_answer = 'accept' AND enterprise_answer = 'accept' AND exchanged_at IS NOT NULL)"))
                .check(Expr::cust("state <> 'accepted' OR (team_answer = 'accept' AND team_consent_id IS NOT NULL AND enterprise_answer IS NULL)"))
                .check(Expr::cust("state NOT IN ('awaiting_park', 'awaiting_team', 'later') OR team_answer IS NULL"))
                .check(Expr::cust("exchanged_at IS NULL OR (meeting_at IS NOT NULL AND team_consent_id IS NOT NULL AND enterprise_consent_id IS NOT NULL)"))
                .check(Expr::cust("exchanged_at IS NOT NULL OR (team_contact = '' AND enterprise_contact = '')"))
                .take(),
        )
        .await?;
    manager.create_index(index("introductions", &["need_id", "team_id"])).await?;
    manager.create_index(index("introductions", &["state", "due_at"])).await?;
    manager.create_index(index("introductions", &["enterprise_id", "created_at"])).await?;
    manager.create_index(index("introductions", &["team_id", "created_at"])).await?;
    manager.create_index(index("introductions", &["letter_id"])).await?;
    // One open introduction for a need and a team: two submits at once cannot make two.
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE UNIQUE INDEX introductions_open_pair ON introductions (need_id, team_id) \
             WHERE state IN ('awaiting_park', 'awaiting_team', 'later', 'accepted', 'channel_failed')",
        )
        .await?;
    Ok(())
}

/// The history of introductions, and the links that answer them.
async fn answers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("introduction_steps")
                .col(id())
                .col(key("introduction_id"))
                .col(text("step"))
                .col(one_of("actor", &["enterprise", "team", "staff", "clock", "mail"]))
                .col(words("note"))
                .col(at("made_at"))
                .foreign_key(&mut reference("introduction_steps", "introduction_id", "introductions", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("introduction_steps", &["introduction_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("answer_links")
                .col(id())
                .col(key("introduction_id"))
                .col(one_of("side", &["team", "enterprise"]))
                .col(key("member_id"))
                .col(text("token_hash").unique_key())
                .col(at("created_at"))
                .col(at("expires_at"))
                .col(maybe_at("used_at"))
                .col(maybe_at("revoked_at"))
                .foreign_key(&mut reference("answer_links", "introduction_id", "introductions", "id"))
                .foreign_key(&mut reference("answer_links", "member_id", "members", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("answer_links", &["introduction_id"])).await
}
