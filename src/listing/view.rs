//! What lists and pages show of a listing, in ready words.
//!
//! Everything that is drawn for the public goes through here: [`rows`] for lists, [`sheet`] for the
//! page itself, so an anonymous owner's name can be left out in one place ([`public_owner`]).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    id::{OrganisationId, ZoneId},
    listing::{Content, Kind, Listing, State},
    organisation::{self, Organisation},
    web::{
        list::{Row, ZoneTag},
        page,
    },
    words::{Language, Say},
    zone::{self, Zone},
};

/// A listing as `ui.listing_row` draws it.
pub type ListingRow = Row;

/// Rows for everybody: an anonymous owner stays unnamed, and where a listing stands is said only
/// when it is not simply live.
pub async fn rows(app: &App, language: Language, listings: &[Listing]) -> Result<Vec<ListingRow>, Fault> {
    let mut rows = own_rows(app, language, listings).await?;
    let now = app.clock.now();
    for (row, listing) in rows.iter_mut().zip(listings) {
        if listing.is_anonymous() {
            row.owner = word(app, language, "listing-owner-anonymous");
        }
        if shown_state(listing, now) == State::Live {
            row.state_label.clear();
        }
    }
    Ok(rows)
}

/// Rows for those who speak for the owner, and for staff: with the owner's name and every state.
pub async fn own_rows(app: &App, language: Language, listings: &[Listing]) -> Result<Vec<ListingRow>, Fault> {
    let zones = zones(app).await?;
    let ids: Vec<OrganisationId> = listings.iter().map(|listing| listing.owner).collect();
    let owners: HashMap<OrganisationId, String> =
        organisation::store::by_ids(&app.db, &ids).await?.into_iter().map(|owner| (owner.id, owner.name)).collect();
    let row = |listing: &Listing| {
        let state = shown_state(listing, app.clock.now());
        ListingRow {
            url: listing.url(),
            title: title(app, language, &listing.content),
            teaser: listing.content.teaser.clone(),
            kind_label: kind_label(app, language, listing.kind, &listing.content),
            state_label: state_label(app, language, state),
            state_tone: state_tone(state),
            zone: listing.content.zone.and_then(|zone| zones.get(&zone)).map(|zone| tag(zone, language)),
            owner: owners.get(&listing.owner).cloned().unwrap_or_default(),
            meta: meta(app, language, listing),
        }
    };
    Ok(listings.iter().map(row).collect())
}

/// The tag of a zone.
pub fn tag(zone: &Zone, language: Language) -> ZoneTag {
    ZoneTag { slug: zone.slug.clone(), name: zone.name_in(language).to_owned() }
}

/// Whom a page for everybody names as the owner; `None` for an anonymous need.
pub fn public_owner<'a>(listing: &Listing, owner: &'a Organisation) -> Option<&'a Organisation> {
    (!listing.is_anonymous()).then_some(owner)
}

/// Where a listing stands for its reader: one whose time has run out has expired, even if the
/// worker has not come to it yet.
pub fn shown_state(listing: &Listing, now: DateTime<Utc>) -> State {
    let run_out = listing.expires_at.is_some_and(|end| end <= now);
    match listing.state {
        State::Live | State::Paused if run_out => State::Expired,
        state => state,
    }
}

/// When the owner last said that what is live holds, in words; empty when it is not live.
pub fn freshness(app: &App, language: Language, listing: &Listing) -> String {
    let now = app.clock.now();
    let Some(at) = listing.confirmed_at.filter(|_| shown_state(listing, now) == State::Live) else {
        return String::new();
    };
    let day = |at: DateTime<Utc>| at.with_timezone(&app.config.time_zone).date_naive();
    let days = (day(now) - day(at)).num_days();
    tell(app, language, &Say::new("listing-fresh").with("days", days))
}

/// The words for a state.
pub fn state_label(app: &App, language: Language, state: State) -> String {
    word(app, language, &format!("listing-state-{}", state.as_str()))
}

/// The tone of a state.
pub fn state_tone(state: State) -> &'static str {
    match state {
        State::Live => "good",
        State::InReview | State::Returned | State::Paused => "wait",
        State::Rejected => "bad",
        State::Resolved => "info",
        State::Draft | State::Expired | State::Withdrawn | State::Archived => "plain",
    }
}

/// What is posted, in a word: for a need its type.
pub fn kind_label(app: &App, language: Language, kind: Kind, content: &Content) -> String {
    match content.need_type {
        Some(need_type) => word(app, language, &format!("listing-need-type-{}", need_type.as_str())),
        None => word(app, language, &format!("listing-kind-{}", kind.as_str())),
    }
}

/// The title, or words that say that there is none yet.
pub fn title(app: &App, language: Language, content: &Content) -> String {
    if content.title.is_empty() { word(app, language, "listing-untitled") } else { content.title.clone() }
}

fn meta(app: &App, language: Language, listing: &Listing) -> String {
    let content = &listing.content;
    let mut facts = Vec::new();
    if let Some(budget) = content.budget {
        let budget = word(app, language, &format!("listing-budget-{}", budget.as_str()));
        facts.push(tell(app, language, &Say::new("listing-meta-budget").with("budget", budget)));
    }
    if let Some(deadline) = content.deadline {
        facts.push(tell(app, language, &Say::new("listing-meta-deadline").with("day", page::day(deadline, language))));
    }
    if let (Kind::Result, Some((level, _))) = (listing.kind, content.trl) {
        facts.push(tell(app, language, &Say::new("listing-meta-trl").with("level", level)));
    }
    facts.join(" · ")
}

/// One part of a listing's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is about.
    pub title: String,
    /// What was written.
    pub text: String,
}

/// One fact, as `ui.facts` draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it is like.
    pub value: String,
}

/// One row of 核心指标.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetRow {
    /// What is measured.
    pub name: String,
    /// As it is now.
    pub now: String,
    /// As it should be.
    pub target: String,
    /// The unit.
    pub unit: String,
}

/// What everybody reads of a listing: the same on its page, in the preview and on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// What is posted.
    pub kind_label: String,
    /// 标题.
    pub title: String,
    /// 公开一句话.
    pub teaser: String,
    /// The zone.
    pub zone: Option<ZoneTag>,
    /// The text, part by part.
    pub sections: Vec<Section>,
    /// 核心指标.
    pub targets: Vec<TargetRow>,
    /// Everything short.
    pub facts: Vec<Fact>,
    /// 关键词.
    pub keywords: Vec<String>,
}

/// The sheet of what is written. The list of those it is not suggested to, and whether the
/// decision is agreed on, are for the owner and staff and are not on it.
pub async fn sheet(app: &App, language: Language, kind: Kind, content: &Content) -> Result<Sheet, Fault> {
    let zones = zones(app).await?;
    let word = |key: &str| word(app, language, key);
    let kind_word = kind.as_str();
    let part = |field: &str, text: &str| {
        let label = word(&format!("listing-part-{kind_word}-{field}"));
        (!text.is_empty()).then(|| Section { title: label, text: text.to_owned() })
    };
    let mut sections = vec![part("problem", &content.problem)];
    match kind {
        Kind::Need => {
            sections.push(part("use-case", &content.use_case));
            sections.push(part("partner", &content.partner));
        }
        Kind::Offer => {
            sections.push(part("advantage", &content.advantage));
            sections.push(part("partner", &content.partner));
        }
        Kind::Result => {
            sections.push(part("advantage", &content.advantage));
            sections.push(part("economics", &content.economics));
            sections.push(part("evidence", &content.evidence));
            sections.push(part("partner", &content.partner));
        }
    }
    let targets = content.targets.iter().map(|row| TargetRow {
        name: row.name.clone(),
        now: row.now.clone(),
        target: row.target.clone(),
        unit: row.unit.clone(),
    });
    Ok(Sheet {
        kind_label: kind_label(app, language, kind, content),
        title: title(app, language, content),
        teaser: content.teaser.clone(),
        zone: content.zone.and_then(|zone| zones.get(&zone)).map(|zone| tag(zone, language)),
        sections: sections.into_iter().flatten().collect(),
        targets: targets.collect(),
        facts: facts(app, language, kind, content),
        keywords: content.keywords.clone(),
    })
}

fn facts(app: &App, language: Language, kind: Kind, content: &Content) -> Vec<Fact> {
    let word = |key: &str| word(app, language, key);
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact { label: word(label), value });
        }
    };
    fact("listing-fact-deadline", content.deadline.map(|day| page::day(day, language)).unwrap_or_default());
    let budget = content.budget.map(|budget| word(&format!("listing-budget-{}", budget.as_str())));
    fact("listing-fact-budget", budget.unwrap_or_default());
    let cooperation: Vec<String> =
        content.cooperation.iter().map(|each| word(&format!("listing-cooperation-{}", each.as_str()))).collect();
    fact("listing-fact-cooperation", cooperation.join(&word("listing-comma")));
    fact("listing-fact-ip", content.ip.map(|ip| word(&format!("listing-ip-{}", ip.as_str()))).unwrap_or_default());
    fact("listing-fact-ip-note", content.ip_note.clone());
    match (kind, content.trl) {
        (Kind::Result, Some((level, _))) => fact("listing-fact-trl", trl_words(app, language, level)),
        (Kind::Need | Kind::Offer, Some((low, high))) if low == high => {
            fact("listing-fact-trl-wanted", tell(app, language, &Say::new("listing-trl-at").with("level", low)));
        }
        (Kind::Need | Kind::Offer, Some((low, high))) => {
            fact(
                "listing-fact-trl-wanted",
                tell(app, language, &Say::new("listing-trl-range").with("low", low).with("high", high)),
            );
        }
        (_, None) => {}
    }
    fact("listing-fact-industry", content.industry.clone());
    facts
}

/// A level of GB/T 22900 in a plain sentence.
pub fn trl_words(app: &App, language: Language, level: u8) -> String {
    word(app, language, &format!("listing-trl-{level}"))
}

async fn zones(app: &App) -> Result<HashMap<ZoneId, Zone>, Fault> {
    Ok(zone::store::all(&app.db).await?.into_iter().map(|zone| (zone.id, zone)).collect())
}

fn word(app: &App, language: Language, key: &str) -> String {
    app.templates.words().word(language, key)
}

fn tell(app: &App, language: Language, say: &Say) -> String {
    app.templates.tell(language, say)
}
