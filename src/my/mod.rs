//! A member's own page: what waits for him, what he waits for, his organisations, listings,
//! suggestions and mail, and who was given his contact.
//!
//! It reads every feature and writes nothing; each line leads to the page of the feature where
//! something can be done. Only [`leave`] writes, through the features: it deletes an account. [`export`]
//! gives a member everything that is his.

pub mod export;
pub mod leave;
pub mod pages;
mod store;

use std::collections::HashMap;

use crate::{
    app::App,
    fault::Fault,
    id::{ListingId, MemberId, OrganisationId},
    introduction::{self, Introduction, Side, queue::Queued},
    listing::{self, Kind, Listing, State},
    mail::{self, Mail},
    matching::{self, Match},
    member::{self, store::Disclosure},
    organisation::{self, Organisation, OrganisationKind, Verification},
};

/// Lines that a list of this page shows at most.
const MOST: u64 = 30;
/// Suggestions that are shown for one need, and for one team.
const SUGGESTIONS: usize = 3;

/// Everything that is a member's own.
pub struct Own {
    /// What he speaks for.
    pub organisations: Vec<Organisation>,
    /// Its listings, the last changed first.
    pub listings: Vec<Listing>,
    /// Its introductions, with the side that he is on.
    pub introductions: Vec<(Side, Introduction)>,
    /// What its enterprises wait for, with the place of each.
    pub queued: Vec<(Queued, u32)>,
    /// The best suggestions for its live needs and its teams.
    pub suggestions: Vec<Match>,
    /// What the suggestions and introductions speak of.
    pub titles: HashMap<ListingId, Listing>,
    /// Who they speak of.
    pub others: HashMap<OrganisationId, Organisation>,
    /// His mail, newest first.
    pub mails: Vec<Mail>,
    /// Who was given his contact.
    pub disclosures: Vec<Disclosure>,
}

impl Own {
    /// Reads it, in a number of queries that does not grow with what there is.
    pub async fn read(app: &App, member: MemberId) -> Result<Self, Fault> {
        let db = &app.db;
        let organisations = organisation::store::of_member(db, member).await?;
        let ids: Vec<OrganisationId> = organisations.iter().map(|each| each.id).collect();
        let listings = listing::store::of_owners(db, &ids, MOST).await?;
        let introductions = introduction::store::of_organisations(db, &ids, MOST).await?;
        let introductions: Vec<(Side, Introduction)> = introductions
            .into_iter()
            .map(|each| (if ids.contains(&each.enterprise) { Side::Enterprise } else { Side::Team }, each))
            .filter(|(side, each)| *side == Side::Enterprise || each.is_known_to_team())
            .collect();
        let mut queued = Vec::new();
        for each in introduction::store::queue::open_of_enterprises(db, &ids).await? {
            let place = introduction::queue::place(db, &each).await?;
            queued.push((each, place));
        }
        let suggestions = suggestions(app, &organisations, &listings).await?;
        let disclosures = member::store::disclosures(db, member).await?;
        let named = suggestions.iter().flat_map(|found| [found.need, found.result]);
        let named: Vec<ListingId> = named
            .chain(introductions.iter().map(|(_, each)| each.need))
            .chain(queued.iter().map(|(each, _)| each.need))
            .collect();
        let titles: HashMap<_, _> =
            listing::store::by_ids(db, &named).await?.into_iter().map(|each| (each.id, each)).collect();
        let met = introductions.iter().flat_map(|(_, each)| [each.enterprise, each.team]);
        let met =
            met.chain(suggestions.iter().map(|found| found.team)).chain(disclosures.iter().map(|each| each.recipient));
        let met = met.chain(queued.iter().map(|(each, _)| each.team));
        let met: Vec<OrganisationId> = met.chain(titles.values().map(|each| each.owner)).collect();
        let others = organisation::store::by_ids(db, &met).await?.into_iter().map(|each| (each.id, each)).collect();
        let mails = mail::store::of_member(db, member, MOST).await?;
        Ok(Self { organisations, listings, introductions, queued, suggestions, titles, others, mails, disclosures })
    }

    /// Introductions in which it is this member's turn.
    pub fn my_turn(&self) -> impl Iterator<Item = &Introduction> {
        self.introductions.iter().filter(|(side, each)| each.turn() == Some(*side)).map(|(_, each)| each)
    }

    /// Open introductions in which it is somebody else's turn.
    pub fn others_turn(&self) -> impl Iterator<Item = &Introduction> {
        self.introductions
            .iter()
            .filter(|(side, each)| each.state.is_open() && each.turn() != Some(*side))
            .map(|(_, each)| each)
    }

    /// Listings that staff sent back, and drafts: they wait for their author.
    pub fn unfinished(&self) -> impl Iterator<Item = &Listing> {
        self.listings.iter().filter(|each| matches!(each.state, State::Returned | State::Draft))
    }

    /// Listings and organisations that wait for staff.
    pub fn with_staff(&self) -> (impl Iterator<Item = &Listing>, impl Iterator<Item = &Organisation>) {
        (
            self.listings.iter().filter(|each| each.state == State::InReview),
            self.organisations.iter().filter(|each| each.verification == Verification::Pending),
        )
    }

    /// Whether he speaks for an organisation that may post this kind.
    pub fn may_post(&self, kind: Kind) -> bool {
        self.organisations.iter().any(|each| each.kind == kind.owners())
    }
}

/// The best suggestions: a few for each live need shown, and the best of each team.
async fn suggestions(app: &App, organisations: &[Organisation], listings: &[Listing]) -> Result<Vec<Match>, Fault> {
    let now = app.clock.now();
    let needs: Vec<ListingId> =
        listings.iter().filter(|each| each.wants_teams() && each.is_live(now)).map(|each| each.id).collect();
    let teams: Vec<OrganisationId> =
        organisations.iter().filter(|each| each.kind == OrganisationKind::Team).map(|each| each.id).collect();
    let mut found = matching::store::best_of_needs(&app.db, &needs, SUGGESTIONS).await?;
    found.extend(matching::store::best_of_teams(&app.db, &teams, SUGGESTIONS * 2).await?);
    Ok(found)
}
