//! The history of the database, oldest first.
//!
//! A migration is one change and is never edited once it has been released: it must build the
//! same database in five years, so this crate sees none of the application's entities. Write a
//! new one as `mYYYYMMDD_NNNNNN_what_it_adds.rs`, portable to SQLite and PostgreSQL, add it at the
//! end of the list, and expand first (new columns are nullable or have a default) so that the
//! previous release can go on running beside the new one. No rows are seeded here.
//!
//! **All or nothing.** [`up`] runs in the caller's transaction, on both engines: whoever is killed
//! on the way leaves the database as it was.
//!
//! **Two releases side by side.** A migration that only adds what the previous release need not know
//! says so in its name: `mYYYYMMDD_NNNNNN_expand_what_it_adds.rs`. A release that meets such a name
//! in the database, and does not know it, goes on; nodes of the old and the new release then serve
//! the same database while they are replaced one by one. Any other migration that it does not know
//! makes a release refuse to start ([`Error::Newer`]): it would write what the newer one no longer
//! understands. So a change that takes something away comes in two releases: one expands and stops
//! using the old, the next, when no node of the release before runs any more, contracts.
//!
//! **Invariant:** a release refuses a database that is newer, unless it was only expanded
//! (`an_older_release_refuses_a_newer_database_unless_it_was_only_expanded`).

use sea_orm_migration::prelude::*;
use sea_orm_migration::{
    MigratorTraitSelf,
    sea_orm::{DatabaseTransaction, EntityTrait},
    seaql_migrations,
};

mod column;
mod m20261123_000001_marks;
mod m20261123_000002_zones;
mod m20261123_000003_members;
mod m20261123_000004_organisations;
mod m20261123_000005_listings;
mod m20261123_000006_matches;
mod m20261123_000007_introductions;
mod m20261123_000008_mails;
mod m20261123_000009_mails_stopped;
mod m20261123_000011_barred;
mod m20261123_000012_backups;
mod m20261123_000014_meanings;
mod m20261123_000016_synonyms;
mod m20261123_000018_renewals;
mod m20261123_000019_queue;
mod m20261123_000023_exhibits;
mod m20261123_000024_chains;

/// Why the tables cannot be brought up to date.
#[derive(Debug)]
pub enum Error {
    /// A newer release has changed what this one relies on; the names of its migrations.
    Newer(Vec<String>),
    /// The database refused.
    Database(DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// How many migrations have not run yet. Makes nothing, not even the list of what has run.
pub async fn pending<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<usize, Error> {
    let manager = SchemaManager::new(db);
    let list = History::together_with(&manager).await?;
    Ok(list.get_pending_migrations_read_only(manager.get_connection()).await?.len())
}

/// Brings the tables up to date in this transaction; returns how many migrations ran.
pub async fn up(tx: &DatabaseTransaction) -> Result<usize, Error> {
    let list = History::together_with(&SchemaManager::new(tx)).await?;
    let pending = list.get_pending_migrations_read_only(tx).await?.len();
    if pending > 0 {
        list.up(tx, None).await?;
    }
    Ok(pending)
}

/// Runs the first `steps` migrations of the list, in this transaction.
pub async fn up_to(tx: &DatabaseTransaction, steps: u32) -> Result<(), Error> {
    Ok(History { newer: Vec::new() }.up(tx, Some(steps)).await?)
}

/// The names of the list, oldest first.
pub fn names() -> Vec<String> {
    migrations().iter().map(|each| each.name().to_owned()).collect()
}

/// Whether the migration of this name leaves a release that does not know it in peace.
fn only_expands(name: &str) -> bool {
    let mut parts = name.splitn(3, '_');
    parts.next().is_some_and(|day| day.starts_with('m')) && parts.nth(1).is_some_and(|what| what.starts_with("expand_"))
}

/// Our list, and the names of newer migrations that only expanded.
struct History {
    newer: Vec<String>,
}

impl History {
    async fn together_with(manager: &SchemaManager<'_>) -> Result<Self, Error> {
        let ours = migrations();
        let mut newer = Vec::new();
        if manager.has_table("seaql_migrations").await? {
            let applied = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
            newer = applied.into_iter().map(|row| row.version).collect();
            newer.retain(|name: &String| !ours.iter().any(|each| each.name() == name));
            newer.sort_unstable();
        }
        let foreign: Vec<String> = newer.iter().filter(|name| !only_expands(name)).cloned().collect();
        if foreign.is_empty() { Ok(Self { newer }) } else { Err(Error::Newer(foreign)) }
    }
}

impl MigratorTraitSelf for History {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        let newer = self.newer.iter().map(|name| -> Box<dyn MigrationTrait> { Box::new(Newer(name.clone())) });
        migrations().into_iter().chain(newer).collect()
    }
}

/// The name of what a newer release did; there is nothing for us to do about it.
struct Newer(String);

impl MigrationName for Newer {
    fn name(&self) -> &str {
        &self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Newer {
    async fn up(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

/// The list.
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
        Box::new(m20261123_000009_mails_stopped::Migration),
        Box::new(m20261123_000011_barred::Migration),
        Box::new(m20261123_000012_backups::Migration),
        Box::new(m20261123_000014_meanings::Migration),
        Box::new(m20261123_000016_synonyms::Migration),
        Box::new(m20261123_000018_renewals::Migration),
        Box::new(m20261123_000019_queue::Migration),
        Box::new(m20261123_000023_exhibits::Migration),
        Box::new(m20261123_000024_chains::Migration),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_it_only_expands() {
        assert!(only_expands("m20270104_000012_expand_listing_views"));
        for other in ["m20270104_000012_expanded", "m20270104_000012_views", "expand_views", "m20270104_expand_views"] {
            assert!(!only_expands(other), "{other}");
        }
    }
}
