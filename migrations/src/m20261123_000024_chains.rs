//! Industry chains: nodes, what flows between them, and who makes, uses and researches what.

use sea_orm_migration::prelude::*;

use crate::column::{id, index, key, maybe_number, number, one_of, reference, text, words};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("chains")
                    .col(id())
                    .col(text("slug").unique_key())
                    .col(key("zone_id"))
                    .col(text("name_zh"))
                    .col(words("name_en"))
                    .col(words("about_zh"))
                    .col(words("about_en"))
                    .col(number("position"))
                    .foreign_key(&mut reference("chains", "zone_id", "zones", "id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("chain_nodes")
                    .col(id())
                    .col(key("chain_id"))
                    .col(text("name_zh"))
                    .col(words("name_en"))
                    .col(one_of("stage", &["upstream", "midstream", "downstream"]))
                    .col(maybe_number("need_id"))
                    .foreign_key(&mut reference("chain_nodes", "chain_id", "chains", "id"))
                    .foreign_key(&mut reference("chain_nodes", "need_id", "listings", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(index("chain_nodes", &["chain_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("chain_edges")
                    .col(key("from_id"))
                    .col(key("to_id"))
                    .primary_key(Index::create().col("from_id").col("to_id"))
                    .foreign_key(&mut reference("chain_edges", "from_id", "chain_nodes", "id"))
                    .foreign_key(&mut reference("chain_edges", "to_id", "chain_nodes", "id"))
                    .check(Expr::cust("from_id <> to_id"))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("node_members")
                    .col(key("node_id"))
                    .col(key("organisation_id"))
                    .col(one_of("role", &["make", "use", "research"]))
                    .primary_key(Index::create().col("node_id").col("organisation_id").col("role"))
                    .foreign_key(&mut reference("node_members", "node_id", "chain_nodes", "id"))
                    .foreign_key(&mut reference("node_members", "organisation_id", "organisations", "id"))
                    .take(),
            )
            .await?;
        manager.create_index(index("node_members", &["organisation_id"])).await
    }
}
