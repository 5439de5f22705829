//! Enterprises, universities and teams, who speaks for them and who asks to.

use sea_orm_migration::prelude::*;

use crate::column::{at, id, index, key, maybe_at, maybe_number, maybe_text, number, one_of, reference, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        enterprises(manager).await?;
        teams(manager).await?;
        speakers(manager).await
    }
}

/// What enterprises and teams have in common, and enterprises.
async fn enterprises(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("organisations")
                .col(id())
                .col(one_of("kind", &["enterprise", "team"]))
                .col(text("name"))
                .col(key("zone_id"))
                .col(words("region"))
                .col(words("about"))
                .col(one_of("verification", &["pending", "verified", "refused"]))
                .col(words("verification_note"))
                .col(maybe_at("verified_at"))
                .col(maybe_text("import_key").unique_key())
                .col(at("created_at"))
                .col(at("updated_at"))
                .foreign_key(&mut reference("organisations", "zone_id", "zones", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("organisations", &["kind", "verification", "id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("enterprises")
                .col(key("organisation_id").primary_key())
                .col(maybe_text("uscc").unique_key())
                .col(words("industry"))
                .col(words("industry_name"))
                .col(one_of("size", &["", "micro", "small", "medium", "large"]))
                .col(text("products").default("[]"))
                .foreign_key(&mut reference("enterprises", "organisation_id", "organisations", "id"))
                .take(),
        )
        .await
}

/// Universities and their teams.
async fn teams(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("universities")
                .col(id())
                .col(text("name").unique_key())
                .col(words("region"))
                .col(words("office_name"))
                .col(words("office_email"))
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("teams")
                .col(key("organisation_id").primary_key())
                .col(key("university_id"))
                .col(words("lead_name"))
                .col(words("lead_title"))
                .col(words("office_email"))
                .col(number("capacity"))
                .col(text("fields").default("[]"))
                .col(maybe_number("lead_id"))
                .foreign_key(&mut reference("teams", "organisation_id", "organisations", "id"))
                .foreign_key(&mut reference("teams", "university_id", "universities", "id"))
                .foreign_key(&mut reference("teams", "lead_id", "members", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("teams", &["university_id"])).await
}

/// Who speaks for an organisation, who asks to, and what is between two of them.
async fn speakers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("memberships")
                .col(key("member_id"))
                .col(key("organisation_id"))
                .col(at("created_at"))
                .primary_key(Index::create().col("member_id").col("organisation_id"))
                .foreign_key(&mut reference("memberships", "member_id", "members", "id"))
                .foreign_key(&mut reference("memberships", "organisation_id", "organisations", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("memberships", &["organisation_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("joinings")
                .col(key("organisation_id"))
                .col(key("member_id"))
                .col(one_of("state", &["asked", "granted", "refused"]))
                .col(at("asked_at"))
                .col(maybe_at("answered_at"))
                .col(maybe_number("answered_by"))
                .primary_key(Index::create().col("organisation_id").col("member_id"))
                .foreign_key(&mut reference("joinings", "organisation_id", "organisations", "id"))
                .foreign_key(&mut reference("joinings", "member_id", "members", "id"))
                .foreign_key(&mut reference("joinings", "answered_by", "members", "id"))
                .take(),
        )
        .await?;
    manager.create_index(index("joinings", &["state", "asked_at"])).await?;
    manager
        .create_table(
            Table::create()
                .table("engagements")
                .col(key("team_id"))
                .col(text("about"))
                .col(at("made_at"))
                .primary_key(Index::create().col("team_id").col("about"))
                .foreign_key(&mut reference("engagements", "team_id", "organisations", "id"))
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("blocks")
                .col(key("organisation_id"))
                .col(key("blocked_id"))
                .col(words("reason"))
                .col(at("created_at"))
                .primary_key(Index::create().col("organisation_id").col("blocked_id"))
                .foreign_key(&mut reference("blocks", "organisation_id", "organisations", "id"))
                .foreign_key(&mut reference("blocks", "blocked_id", "organisations", "id"))
                .take(),
        )
        .await
}
