//! Needs, offers and results, and the reviews of them.

use sea_orm_migration::prelude::*;

use crate::column::{
    at, flag, id, index, key, maybe_at, maybe_number, maybe_one_of, maybe_text, number, one_of, reference, text, words,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const STATES: &[&str] =
    &["draft", "in_review", "returned", "live", "paused", "expired", "resolved", "withdrawn", "rejected", "archived"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("listings")
                    .col(id())
                    .col(one_of("kind", &["need", "offer", "result"]))
                    .col(maybe_one_of("need_type", &["technical", "purchase", "joint"]))
                    .col(key("organisation_id"))
                    .col(maybe_number("author_id"))
                    .col(maybe_number("zone_id"))
                    .col(one_of("state", STATES))
                    .col(words("title"))
                    .col(words("teaser"))
                    .col(words("problem"))
                    .col(text("targets").default("[]"))
                    .col(words("use_case"))
                    .col(maybe_text("deadline"))
                    .col(maybe_one_of("budget", &["negotiable", "under_5", "5_20", "20_50", "50_200", "over_200"]))
                    .col(text("cooperation").default("[]"))
                    .col(maybe_one_of("ip", &["enterprise", "team", "shared", "negotiable"]))
                    .col(words("ip_note"))
                    .col(words("partner"))
                    .col(maybe_number("trl_min"))
                    .col(maybe_number("trl_max"))
                    .col(words("industry"))
                    .col(flag("decision_agreed"))
                    .col(flag("anonymous"))
                    .col(text("excluded").default("[]"))
                    .col(words("advantage"))
                    .col(words("economics"))
                    .col(words("evidence"))
                    .col(text("keywords").default("[]"))
                    .col(maybe_one_of("outcome", &["platform", "self", "elsewhere", "gave_up"]))
                    .col(words("outcome_note"))
                    .col(maybe_text("import_key").unique_key())
                    .col(words("typed"))
                    .col(words("form_key"))
                    .col(number("version"))
                    .col(at("created_at"))
                    .col(at("updated_at"))
                    .col(maybe_at("submitted_at"))
                    .col(maybe_at("published_at"))
                    .col(maybe_at("expires_at"))
                    .col(maybe_at("closed_at"))
                    .foreign_key(&mut reference("listings", "organisation_id", "organisations", "id"))
                    .foreign_key(&mut reference("listings", "author_id", "members", "id"))
                    .foreign_key(&mut reference("listings", "zone_id", "zones", "id"))
                    .check(Expr::cust("(kind = 'need') = (need_type IS NOT NULL)"))
                    .check(Expr::cust("state <> 'live' OR (published_at IS NOT NULL AND expires_at IS NOT NULL AND zone_id IS NOT NULL AND title <> '')"))
                    .check(Expr::cust("(state = 'resolved') <= (outcome IS NOT NULL)"))
                    .take(),
            )
            .await?;
        manager.create_index(index("listings", &["kind", "state", "published_at"])).await?;
        manager.create_index(index("listings", &["organisation_id", "kind"])).await?;
        manager.create_index(index("listings", &["state", "expires_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("reviews")
                    .col(id())
                    .col(key("listing_id"))
                    .col(maybe_number("reviewer_id"))
                    .col(one_of("verdict", &["publish", "return", "reject"]))
                    .col(number("clarity"))
                    .col(number("measurability"))
                    .col(number("feasibility"))
                    .col(number("completeness"))
                    .col(words("reason"))
                    .col(at("made_at"))
                    .foreign_key(&mut reference("reviews", "listing_id", "listings", "id"))
                    .foreign_key(&mut reference("reviews", "reviewer_id", "members", "id"))
                    .check(Expr::cust("clarity BETWEEN 0 AND 5 AND measurability BETWEEN 0 AND 5 AND feasibility BETWEEN 0 AND 5 AND completeness BETWEEN 0 AND 5"))
                    .take(),
            )
            .await?;
        manager.create_index(index("reviews", &["listing_id"])).await
    }
}
