//! What is shown in the hall, what visitors ask about it, and the lists that they keep of their visit.

use sea_orm_migration::prelude::*;

use crate::column::{
    at, flag, id, index, key, maybe_at, maybe_number, maybe_text, number, one_of, reference, text, words,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("exhibits")
                    .col(id())
                    .col(text("code").unique_key())
                    .col(key("zone_id"))
                    .col(key("organisation_id"))
                    .col(text("name_zh"))
                    .col(words("name_en"))
                    .col(words("about_zh"))
                    .col(words("about_en"))
                    .col(text("facts").default("[]"))
                    .col(words("stand"))
                    .col(maybe_text("opens_on"))
                    .col(maybe_text("closes_on"))
                    .col(one_of("state", &["draft", "published", "withdrawn"]))
                    .col(maybe_text("withdrawn_on"))
                    .col(number("position"))
                    .col(at("created_at"))
                    .col(at("updated_at"))
                    .foreign_key(&mut reference("exhibits", "zone_id", "zones", "id"))
                    .foreign_key(&mut reference("exhibits", "organisation_id", "organisations", "id"))
                    .check(Expr::cust("(state = 'withdrawn') = (withdrawn_on IS NOT NULL)"))
                    .check(Expr::cust("opens_on IS NULL OR closes_on IS NULL OR opens_on <= closes_on"))
                    .take(),
            )
            .await?;
        manager.create_index(index("exhibits", &["zone_id", "position"])).await?;
        manager.create_index(index("exhibits", &["organisation_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("tours")
                    .col(text("code").primary_key())
                    .col(text("exhibits").default("[]"))
                    .col(at("made_at"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("enquiries")
                    .col(id())
                    .col(text("number").unique_key())
                    .col(key("exhibit_id"))
                    .col(text("tour_code"))
                    .col(one_of("wish", &["message", "material", "cooperate", "make"]))
                    .col(words("text"))
                    .col(words("name"))
                    .col(words("phone"))
                    .col(words("email"))
                    .col(flag("consented"))
                    .col(at("made_at"))
                    .col(words("answer"))
                    .col(maybe_at("answered_at"))
                    .col(maybe_number("answered_by"))
                    .foreign_key(&mut reference("enquiries", "exhibit_id", "exhibits", "id"))
                    .foreign_key(&mut reference("enquiries", "tour_code", "tours", "code"))
                    .foreign_key(&mut reference("enquiries", "answered_by", "members", "id"))
                    .check(Expr::cust("(answer = '') = (answered_at IS NULL)"))
                    .take(),
            )
            .await?;
        manager.create_index(index("enquiries", &["exhibit_id"])).await?;
        manager.create_index(index("enquiries", &["tour_code"])).await
    }
}
