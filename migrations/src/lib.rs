//! The history of the database, oldest first.
//!
//! A migration is one change and is never edited once it has been released: it must build the
//! same database in five years, so this crate sees none of the application's entities. Write a
//! new one as `mYYYYMMDD_NNNNNN_what_it_adds.rs`, portable to SQLite and PostgreSQL, add it at the
//! end of the list, and expand first (new columns are nullable or have a default) so that the
//! previous release can go on running beside the new one. No rows are seeded here.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod column;
mod m20261123_000001_marks;
mod m20261123_000002_zones;
mod m20261123_000003_members;
mod m20261123_000004_organisations;
mod m20261123_000005_listings;
mod m20261123_000006_matches;
mod m20261123_000007_introductions;
mod m20261123_000008_mails;
mod m20261123_000012_backups;
mod m20261123_000016_synonyms;

/// Runs the list below.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_marks::Migration),
            Box::new(m20261123_000002_zones::Migration),
            Box::new(m20261123_000003_members::Migration),
            Box::new(m20261123_000004_organisations::Migration),
            Box::new(m20261123_000005_listings::Migration),
            Box::new(m20261123_000006_matches::Migration),
            Box::new(m20261123_000007_introductions::Migration),
            Box::new(m20261123_000008_mails::Migration),
            Box::new(m20261123_000012_backups::Migration),
            Box::new(m20261123_000016_synonyms::Migration),
        ]
    }
}
