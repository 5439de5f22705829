//! From rows to documents: what of each thing the public may see. Everything else is removed.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use index::{Change, Document, Key, Kind};

use crate::{
    db::Read,
    enterprise::{self, Enterprise},
    exhibit::{self, Exhibit, Standing},
    fault::Fault,
    id::{ExhibitId, ListingId, OrganisationId, ZoneId},
    listing::{self, Listing},
    matching::text_of,
    organisation::{self, Organisation},
    team::{self, Team},
    zone,
};

/// What the index must do so that these things are in it as they are now. The number of queries
/// does not depend on the number of things.
pub async fn changes(db: &impl Read, keys: &BTreeSet<Key>, now: DateTime<Utc>) -> Result<Vec<Change>, Fault> {
    let organisations: Vec<OrganisationId> = organisations(keys);
    let posted = keys.iter().filter(|key| matches!(key.kind, Kind::Need | Kind::Offer | Kind::Result));
    let posted: Vec<ListingId> = posted.map(|key| ListingId(key.id)).collect();
    let posted = if posted.is_empty() { Vec::new() } else { listing::store::by_ids(db, &posted).await? };
    let shown: Vec<ExhibitId> =
        keys.iter().filter(|key| key.kind == Kind::Exhibit).map(|key| ExhibitId(key.id)).collect();
    let shown = if shown.is_empty() { Vec::new() } else { exhibit::store::by_ids(db, &shown).await? };
    let owners: Vec<OrganisationId> = shown.iter().map(|each| each.content.organisation).collect();
    let organisations: Vec<OrganisationId> = organisations.into_iter().chain(owners).collect();
    let sources = Sources::read(db, &organisations, &posted).await?;
    let shown: HashMap<i64, &Exhibit> = shown.iter().map(|each| (each.id.0, each)).collect();
    let posted: HashMap<Key, &Listing> = posted.iter().map(|listing| (key_of(listing), listing)).collect();
    let document = |key: &Key| match key.kind {
        Kind::Enterprise => sources.enterprises.get(&OrganisationId(key.id)).and_then(|each| sources.enterprise(each)),
        Kind::Team => sources.teams.get(&OrganisationId(key.id)).and_then(|each| sources.team(each)),
        Kind::Need | Kind::Offer | Kind::Result => posted.get(key).and_then(|each| sources.listing(each, now)),
        Kind::Exhibit => shown.get(&key.id).and_then(|each| sources.exhibit(each, now)),
        Kind::Event => None,
    };
    Ok(keys.iter().map(|key| document(key).map_or(Change::Remove(*key), Change::Replace)).collect())
}

/// These things, and with each organisation what it has posted, which carries its name and stands
/// and falls with its verification.
pub async fn with_what_they_posted(db: &impl Read, mut keys: BTreeSet<Key>) -> Result<BTreeSet<Key>, Fault> {
    let owners = organisations(&keys);
    if !owners.is_empty() {
        let posted = listing::store::every_of(db, &owners).await?;
        keys.extend(posted.into_iter().map(|(id, kind)| Key { kind: kind.indexed(), id: id.0 }));
    }
    Ok(keys)
}

fn organisations(keys: &BTreeSet<Key>) -> Vec<OrganisationId> {
    let found = keys.iter().filter(|key| matches!(key.kind, Kind::Enterprise | Kind::Team));
    found.map(|key| OrganisationId(key.id)).collect()
}

/// Everything that can be found, by name.
pub async fn every_key(db: &impl Read, now: DateTime<Utc>) -> Result<BTreeSet<Key>, Fault> {
    let verified: HashMap<OrganisationId, organisation::OrganisationKind> =
        organisation::store::every_verified(db).await?.into_iter().collect();
    let live = listing::store::every_live(db, now).await?.into_iter();
    let posted = live
        .filter(|(_, _, owner)| verified.contains_key(owner))
        .map(|(id, kind, _)| Key { kind: kind.indexed(), id: id.0 });
    let organisations = verified.iter().map(|(id, kind)| Key { kind: kind.indexed(), id: id.0 });
    let shown = exhibit::store::every_shown(db, now.date_naive()).await?;
    let shown = shown.into_iter().map(|id| Key { kind: Kind::Exhibit, id: id.0 });
    Ok(organisations.chain(posted).chain(shown).collect())
}

fn key_of(listing: &Listing) -> Key {
    Key { kind: listing.kind.indexed(), id: listing.id.0 }
}

/// What the documents of one batch are made from.
struct Sources {
    zones: HashMap<ZoneId, String>,
    enterprises: HashMap<OrganisationId, Enterprise>,
    teams: HashMap<OrganisationId, Team>,
}

impl Sources {
    async fn read(db: &impl Read, changed: &[OrganisationId], posted: &[Listing]) -> Result<Self, Fault> {
        // An organisation is in one of the two tables; which one, the reading finds out.
        let ids: Vec<OrganisationId> = changed
            .iter()
            .copied()
            .chain(posted.iter().map(|listing| listing.owner))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let (mut enterprises, mut teams) = (Vec::new(), Vec::new());
        if !ids.is_empty() {
            enterprises = enterprise::store::by_ids(db, &ids).await?;
            teams = team::store::by_ids(db, &ids).await?;
        }
        let zones = zone::store::all(db).await?;
        Ok(Self {
            zones: zones.into_iter().map(|zone| (zone.id, zone.slug)).collect(),
            enterprises: enterprises.into_iter().map(|each| (each.organisation.id, each)).collect(),
            teams: teams.into_iter().map(|each| (each.organisation.id, each)).collect(),
        })
    }

    fn owner(&self, id: OrganisationId) -> Option<(&Organisation, String)> {
        let enterprise = self.enterprises.get(&id).map(|each| (&each.organisation, each.organisation.name.clone()));
        let team = || {
            let each = self.teams.get(&id)?;
            Some((&each.organisation, format!("{} · {}", each.organisation.name, each.university_name)))
        };
        enterprise.or_else(team)
    }

    fn enterprise(&self, enterprise: &Enterprise) -> Option<Document> {
        let organisation = &enterprise.organisation;
        organisation.is_verified().then(|| Document {
            key: Key { kind: Kind::Enterprise, id: organisation.id.0 },
            title: organisation.name.clone(),
            keywords: enterprise.products.clone(),
            problem: organisation.about.clone(),
            body: enterprise.industry_name.clone(),
            owner: String::new(),
            zone: self.zones.get(&organisation.zone).cloned(),
            url: organisation.url(),
            posted_at: organisation.verified_at.unwrap_or(organisation.created_at),
            expires_at: None,
        })
    }

    fn team(&self, team: &Team) -> Option<Document> {
        let organisation = &team.organisation;
        organisation.is_verified().then(|| Document {
            key: Key { kind: Kind::Team, id: organisation.id.0 },
            title: organisation.name.clone(),
            keywords: team.fields.clone(),
            problem: organisation.about.clone(),
            body: [team.lead_name.as_str(), team.lead_title.as_str()].join(" ").trim().to_owned(),
            owner: team.university_name.clone(),
            zone: self.zones.get(&organisation.zone).cloned(),
            url: organisation.url(),
            posted_at: organisation.verified_at.unwrap_or(organisation.created_at),
            expires_at: None,
        })
    }

    /// The index knows days of the world, not of the park: an exhibit may be found some hours after
    /// the midnight of its first or last day. Its page goes by the park's days.
    fn exhibit(&self, exhibit: &Exhibit, now: DateTime<Utc>) -> Option<Document> {
        let content = &exhibit.content;
        let owner = self.owner(content.organisation).map(|(_, name)| name);
        (exhibit.standing(now.date_naive()) == Standing::Shown).then(|| Document {
            key: Key { kind: Kind::Exhibit, id: exhibit.id.0 },
            title: content.name[0].clone(),
            keywords: content.name[1..].iter().filter(|name| !name.is_empty()).cloned().collect(),
            problem: content.about[0].clone(),
            body: content.facts.iter().flatten().chain(&content.about[1..]).cloned().collect::<Vec<_>>().join("\n"),
            owner: owner.unwrap_or_default(),
            zone: self.zones.get(&content.zone).cloned(),
            url: exhibit.url(),
            posted_at: exhibit.updated_at,
            expires_at: None,
        })
    }

    fn listing(&self, listing: &Listing, now: DateTime<Utc>) -> Option<Document> {
        let (owner, name) = self.owner(listing.owner)?;
        if !listing.is_live(now) || !owner.is_verified() {
            return None;
        }
        let text = text_of(&listing.content);
        Some(Document {
            key: key_of(listing),
            title: text.title,
            keywords: text.keywords,
            problem: text.problem,
            body: text.body,
            owner: if listing.content.anonymous { String::new() } else { name },
            zone: listing.content.zone.and_then(|zone| self.zones.get(&zone).cloned()),
            url: listing.url(),
            posted_at: listing.published_at.unwrap_or(listing.created_at),
            expires_at: listing.expires_at,
        })
    }
}
