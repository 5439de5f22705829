//! Keeping the suggestions up with what changes, by following the change marks.
//!
//! A mark makes needs stale: a need itself; a result or a team, the needs whose suggestions hold
//! it and the live needs that speak most of what it speaks of; an enterprise, its own needs.
//! Stale needs are then computed one by one: everything is read, the order is made, and one short
//! write takes the need off the list and replaces its rows.
//!
//! **Invariant:** only marks that this process's index has seen are followed, so that a new result
//! is not missed because it cannot be found yet (`a_new_result_is_suggested_for_an_old_need`).
//! **Invariant:** a need that is marked again while it is being computed stays stale
//! (`a_need_that_changes_while_it_is_computed_is_computed_again`).

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use index::{Key, Kind};

use crate::{
    app::App,
    changes::{self, Mark},
    enterprise,
    fault::Fault,
    id::{ListingId, OrganisationId},
    listing::{self, Listing},
    matching::{
        Exclusion, Match,
        score::{self, Candidate, Likeness, Side, WEIGHTS},
        store, text_of,
    },
    organisation, team,
    team::Team,
};

/// The name under which the marks are followed.
const FOLLOWER: &str = "matching";
/// How many marks are worked off at once.
const MARKS_AT_ONCE: u64 = 500;
/// How many needs one call computes at most,
const NEEDS_AT_ONCE: u64 = 50;
/// and how long it goes on before others get their turn.
const TURN: Duration = Duration::from_millis(250);
/// How many live needs a changed result touches at most.
const MOST_TOUCHED: usize = 50;
/// How many results are looked at for one need.
const CANDIDATES: usize = 200;
/// For how many days a suggestion counts as exposure.
const EXPOSURE_DAYS: i64 = 30;

/// Follows the marks, then computes stale needs for a moment; returns how many were computed.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    follow_marks(app).await?;
    open_the_month(app).await?;
    let started = Instant::now();
    let mut computed = 0;
    for (need, mark) in store::stale(&app.db, app.index.last_mark()?, NEEDS_AT_ONCE).await? {
        compute(app, need, mark).await?;
        computed += 1;
        if started.elapsed() > TURN {
            break;
        }
    }
    Ok(computed)
}

/// Makes every need stale that has suggestions or could have some.
pub async fn stale_all(app: &App) -> Result<usize, Fault> {
    let mark = changes::newest(&app.db).await?;
    let needs = every_need(app).await?;
    let count = needs.len();
    make_stale(app, needs, mark).await?;
    app.wake.notify_waiters();
    Ok(count)
}

/// Computes every suggestion again, telling how far it has come.
pub async fn rematch(app: &App, mut progress: impl FnMut(usize, usize)) -> Result<usize, Fault> {
    if app.index.last_mark()? < changes::newest(&app.db).await? {
        return Err(Fault::other("the index has not seen every change yet; run reindex first"));
    }
    let all = stale_all(app).await?;
    let mut done = 0;
    loop {
        progress(Ord::min(done, all), all);
        match run_once(app).await? {
            0 => return Ok(done),
            more => done += more,
        }
    }
}

async fn every_need(app: &App) -> Result<BTreeSet<ListingId>, Fault> {
    let live = listing::store::live_needs(&app.db, app.clock.now()).await?;
    Ok(live.into_iter().chain(store::needs(&app.db).await?).collect())
}

async fn make_stale(app: &App, needs: BTreeSet<ListingId>, mark: i64) -> Result<(), Fault> {
    let now = app.clock.now();
    app.db.write(async |tx| store::make_stale(tx, needs, mark, now).await).await
}

/// Turns marks that the index has seen into stale needs.
async fn follow_marks(app: &App) -> Result<(), Fault> {
    loop {
        let indexed = app.index.last_mark()?;
        let after = changes::followed(&app.db, FOLLOWER).await?;
        let mut marks = changes::since(&app.db, after, MARKS_AT_ONCE).await?;
        marks.retain(|mark| mark.number <= indexed);
        let Some(last) = marks.last().map(|mark| mark.number) else { return Ok(()) };
        // Marks that were forgotten before they were followed: what they said is lost, so all is stale.
        let lost = changes::oldest(&app.db).await? > after + 1;
        let needs = if lost { every_need(app).await? } else { touched(app, &marks).await? };
        let now = app.clock.now();
        app.db
            .write(async |tx| {
                store::make_stale(tx, needs, last, now).await?;
                changes::follow(tx, FOLLOWER, last).await
            })
            .await?;
    }
}

/// A new month gives every team new time.
async fn open_the_month(app: &App) -> Result<(), Fault> {
    let month = team::month_start(app.clock.now(), app.config.time_zone);
    let needs = store::needs_full_before(&app.db, month).await?;
    if needs.is_empty() {
        return Ok(());
    }
    let mark = changes::followed(&app.db, FOLLOWER).await?;
    make_stale(app, needs.into_iter().collect(), mark).await
}

/// The needs whose suggestions may be others after these changes.
async fn touched(app: &App, marks: &[Mark]) -> Result<BTreeSet<ListingId>, Fault> {
    let of = |kind: Kind| marks.iter().filter(move |mark| mark.key.kind == kind).map(|mark| mark.key.id);
    let results: HashSet<ListingId> = of(Kind::Result).map(ListingId).collect();
    let teams: HashSet<OrganisationId> = of(Kind::Team).map(OrganisationId).collect();
    let enterprises: HashSet<OrganisationId> = of(Kind::Enterprise).map(OrganisationId).collect();
    let mut needs: BTreeSet<ListingId> = of(Kind::Need).map(ListingId).collect();
    let now = app.clock.now();
    if !results.is_empty() || !teams.is_empty() {
        let (results, teams): (Vec<_>, Vec<_>) = (results.iter().copied().collect(), teams.iter().copied().collect());
        needs.extend(store::needs_holding(&app.db, &results, &teams).await?);
    }
    // What an organisation has posted stands and falls with it.
    let owners: Vec<OrganisationId> = teams.iter().chain(&enterprises).copied().collect();
    let mut speaking = Vec::new();
    if !owners.is_empty() {
        for listing in listing::store::of_owners(&app.db, &owners, u64::from(u32::MAX)).await? {
            match listing.kind {
                listing::Kind::Need => drop(needs.insert(listing.id)),
                listing::Kind::Result if listing.is_live(now) => speaking.push(listing),
                listing::Kind::Result | listing::Kind::Offer => {}
            }
        }
    }
    let known: HashSet<ListingId> = speaking.iter().map(|listing| listing.id).collect();
    let others: Vec<ListingId> = results.difference(&known).copied().collect();
    if !others.is_empty() {
        let others = listing::store::by_ids(&app.db, &others).await?;
        speaking.extend(others.into_iter().filter(|listing| listing.is_live(now)));
    }
    if speaking.is_empty() {
        return Ok(needs);
    }
    let live = listing::store::live_needs(&app.db, now).await?;
    if speaking.len() > live.len() {
        // Computing every need once costs less than asking for each result whom it touches.
        needs.extend(live);
        return Ok(needs);
    }
    for listing in speaking {
        let similar = similar(app, &listing, Kind::Need, MOST_TOUCHED)?;
        needs.extend(similar.into_iter().map(|(each, _)| ListingId(each.key.id)));
    }
    Ok(needs)
}

/// Computes one need and writes what was found, unless it was marked again meanwhile.
async fn compute(app: &App, need: ListingId, mark: i64) -> Result<(), Fault> {
    let found = find(app, need).await?;
    app.db
        .write(async |tx| {
            if store::take(tx, need, mark).await? {
                store::replace(tx, need, &found).await?;
            }
            Ok(())
        })
        .await
}

/// Everything about one need that deciding takes.
struct Facts {
    now: DateTime<Utc>,
    need: Listing,
    side: Side,
    own: HashSet<OrganisationId>,
    blocked: HashSet<OrganisationId>,
    teams: HashMap<OrganisationId, Team>,
    engaged: HashMap<OrganisationId, u32>,
}

/// The suggestions for a need as it is now; none when it is not open.
async fn find(app: &App, need: ListingId) -> Result<Vec<Match>, Fault> {
    let now = app.clock.now();
    let Some(need) = listing::store::by_id(&app.db, need).await? else { return Ok(Vec::new()) };
    if !need.is_live(now) || !need.wants_teams() {
        return Ok(Vec::new());
    }
    let Some(owner) = enterprise::store::by_id(&app.db, need.owner).await? else { return Ok(Vec::new()) };
    if !owner.organisation.is_verified() {
        return Ok(Vec::new());
    }
    let similar = similar(app, &need, Kind::Result, CANDIDATES)?;
    let ids: Vec<ListingId> = similar.iter().map(|(each, _)| ListingId(each.key.id)).collect();
    let results = listing::store::by_ids(&app.db, &ids).await?;
    let results: HashMap<ListingId, Listing> = results.into_iter().map(|result| (result.id, result)).collect();
    let teams: Vec<OrganisationId> =
        results.values().map(|result| result.owner).collect::<HashSet<_>>().into_iter().collect();
    let facts = Facts {
        now,
        side: Side::of(&need.content, &owner.industry, &owner.organisation.region),
        own: beside(app, need.owner).await?,
        blocked: organisation::store::blocked_with(&app.db, need.owner).await?,
        teams: team::store::by_ids(&app.db, &teams)
            .await?
            .into_iter()
            .map(|team| (team.organisation.id, team))
            .collect(),
        engaged: team::store::engaged_since(&app.db, &teams, team::month_start(now, app.config.time_zone)).await?,
        need,
    };
    let since = now - TimeDelta::days(EXPOSURE_DAYS);
    let exposure = store::exposure(&app.db, &teams, facts.need.id, since).await?;
    let candidates = similar.into_iter().filter_map(|(each, likeness)| {
        let result = results.get(&ListingId(each.key.id))?;
        Some(facts.candidate(result, each, likeness))
    });
    let (shown, aside) = score::select(candidates.collect(), &exposure);
    let placed = shown.into_iter().zip((1..).map(Some)).chain(aside.into_iter().map(|each| (each, None)));
    Ok(placed.map(|(candidate, place)| facts.matched(candidate, place)).collect())
}

/// The listings of a kind that speak most of what a listing speaks of, by words and meaning.
fn similar(app: &App, listing: &Listing, kind: Kind, limit: usize) -> Result<Vec<(index::Similar, Likeness)>, Fault> {
    let held = app.meanings.held();
    let own = held.get(Key { kind: listing.kind.indexed(), id: listing.id.0 });
    let likeness = |key: Key, words: f64| {
        let meaning = own.zip(held.get(key)).and_then(|(one, other)| held.near(one, other));
        Likeness { words, meaning }
    };
    let rank = |key: Key, words: f64| {
        let likeness = likeness(key, words);
        (words > 0.0 || likeness.meaning.is_some()).then(|| likeness.rank(&WEIGHTS))
    };
    let found = app.index.similar_by(&text_of(&listing.content), kind, limit, &rank)?;
    Ok(found
        .into_iter()
        .map(|each| {
            let likeness = likeness(each.key, each.score);
            (each, likeness)
        })
        .collect())
}

/// The organisations that the people of `owner` speak for as well, and itself.
async fn beside(app: &App, owner: OrganisationId) -> Result<HashSet<OrganisationId>, Fault> {
    let mut own = HashSet::from([owner]);
    for speaker in organisation::store::speakers(&app.db, owner).await? {
        own.extend(organisation::store::of_member(&app.db, speaker).await?.into_iter().map(|each| each.id));
    }
    Ok(own)
}

impl Facts {
    fn candidate(&self, result: &Listing, similar: index::Similar, likeness: Likeness) -> Candidate {
        let team = self.teams.get(&result.owner);
        let region = team.map_or("", |team| team.organisation.region.as_str());
        let mut side = Side::of(&result.content, "", region);
        side.dates = result.published_at.map(|published| (published, result.updated_at));
        Candidate {
            team: result.owner,
            result: result.id,
            parts: score::parts(&WEIGHTS, likeness, &self.side, &side, self.now),
            excluded: self.exclusion(result, team, likeness, similar.distinctive),
            words: similar.words,
        }
    }

    /// The first hard filter that the pair does not pass.
    fn exclusion(
        &self,
        result: &Listing,
        team: Option<&Team>,
        likeness: Likeness,
        distinctive: usize,
    ) -> Option<Exclusion> {
        let Some(team) = team else { return Some(Exclusion::NotLive) };
        let id = team.organisation.id;
        let unlike = !likeness.suffices(&WEIGHTS, distinctive);
        let taken = self.engaged.get(&id).copied().unwrap_or(0);
        let filters = [
            (Exclusion::NotLive, !result.is_live(self.now)),
            (Exclusion::TooLittleInCommon, unlike),
            (Exclusion::Unverified, !team.organisation.is_verified()),
            (Exclusion::OwnOrganisation, self.own.contains(&id)),
            (Exclusion::Blocked, self.blocked.contains(&id)),
            (
                Exclusion::Excluded,
                score::names(&self.need.content.excluded, &[&team.organisation.name, &team.university_name]),
            ),
            (Exclusion::Capacity, taken >= team.capacity || team.away),
        ];
        filters.into_iter().find(|(_, fails)| *fails).map(|(reason, _)| reason)
    }

    fn matched(&self, candidate: Candidate, place: Option<u32>) -> Match {
        Match {
            need: self.need.id,
            team: candidate.team,
            result: candidate.result,
            place,
            score: f64::from(score::total(&candidate.parts)) / 10.0,
            parts: candidate.parts,
            words: candidate.words,
            excluded: candidate.excluded,
            weights_version: WEIGHTS.version,
            computed_at: self.now,
        }
    }
}
