//! Pages of needs, offers and results: one set of handlers, reached by three addresses.

pub mod desk;
pub mod renewal;
pub mod steps;
pub mod write;

use std::collections::HashMap;

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::StatusCode,
    web::{Path, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    id::ListingId,
    introduction,
    listing::{
        Kind, Listing, Outcome, Review, State, Step, step, store,
        view::{self, ListingRow, Sheet},
    },
    organisation::{self, Organisation},
    web::{
        Answer, FieldErrors, Fields, FormView, Page, WebError,
        form::Choice,
        list::{Pager, address, page_number},
    },
    words::Say,
    zone,
};

const PER_PAGE: u64 = 20;

/// What the address is about: `/needs/…`, `/offers/…` or `/results/…`.
pub struct Of(Kind);

impl FromRequest for Of {
    type Error = WebError;
    type Future = std::future::Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let first = request.path().split('/').nth(1).unwrap_or_default();
        let kind = Kind::ALL.iter().copied().find(|kind| kind.path().trim_start_matches('/') == first);
        std::future::ready(kind.map(Self).ok_or(WebError::NotFound))
    }
}

/// One step of the way back.
#[derive(Serialize)]
struct Crumb {
    label: String,
    url: String,
}

fn crumb(label: impl Into<String>, url: impl Into<String>) -> Crumb {
    Crumb { label: label.into(), url: url.into() }
}

/// What the list may be asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    zone: String,
    #[serde(default)]
    page: String,
}

#[derive(Serialize)]
struct IndexView {
    kind: &'static str,
    title: String,
    new_url: String,
    rows: Vec<ListingRow>,
    total: u64,
    pager: Pager,
    zones: Vec<ZoneLink>,
    zone_slug: String,
}

#[derive(Serialize)]
struct ZoneLink {
    label: String,
    url: String,
    current: bool,
}

/// `GET /needs`: what is live, newest first.
pub async fn index(page: Page, Of(kind): Of, asked: Query<Asked>) -> Answer {
    let number = page_number(&asked.page)?;
    let zones = zone::store::all(&page.app.db).await?;
    let zone = match asked.zone.as_str() {
        "" => None,
        slug => Some(zones.iter().find(|zone| zone.slug == slug).ok_or(WebError::NotFound)?),
    };
    let now = page.app.clock.now();
    let (total, listings) =
        store::live(&page.app.db, kind, zone.map(|zone| zone.id), now, number.saturating_sub(1), PER_PAGE).await?;
    let url = |slug: &str, number: u64| {
        let number = if number > 1 { number.to_string() } else { String::new() };
        address(kind.path(), &[("zone", slug), ("page", &number)])
    };
    let mut links = vec![ZoneLink { label: page.word("listing-zones-all"), url: url("", 1), current: zone.is_none() }];
    links.extend(zones.iter().map(|each| ZoneLink {
        label: each.name_in(page.language()).to_owned(),
        url: url(&each.slug, 1),
        current: zone.is_some_and(|zone| zone.id == each.id),
    }));
    let list = page.word(&format!("listing-list-{}", kind.as_str()));
    let view = IndexView {
        kind: kind.as_str(),
        title: match zone {
            Some(zone) => format!("{list} · {}", zone.name_in(page.language())),
            None => list,
        },
        new_url: format!("{}/new", kind.path()),
        rows: view::rows(&page.app, page.language(), &listings).await?,
        total,
        pager: Pager::new(number, PER_PAGE, total, |number| url(&asked.zone, number))?,
        zones: links,
        zone_slug: asked.zone.clone(),
    };
    page.show("listing/index.html", &view)
}

/// A listing, and in which part its reader stands to it.
struct Seen {
    listing: Listing,
    owner: Organisation,
    is_own: bool,
    is_staff: bool,
}

impl Seen {
    /// Speaks for the owner, or works for the park.
    fn is_insider(&self) -> bool {
        self.is_own || self.is_staff
    }
}

/// The listing of a path, as far as this visitor may know of it.
async fn seen(page: &Page, kind: Kind, id: &str) -> Result<Seen, WebError> {
    let id: ListingId = number(id)?;
    let listing = store::by_id(&page.app.db, id).await?.filter(|listing| listing.kind == kind);
    let listing = listing.ok_or(WebError::NotFound)?;
    let owner = organisation::store::by_id(&page.app.db, listing.owner).await?.ok_or(WebError::NotFound)?;
    let is_staff = page.visit.member.as_ref().is_some_and(|member| member.role.is_staff());
    let is_own = match page.member() {
        Some(member) => organisation::store::speaks_for(&page.app.db, member, listing.owner).await?,
        None => false,
    };
    Ok(Seen { listing, owner, is_own, is_staff })
}

/// The listing of a path that only those who speak for its owner, and staff, may open.
async fn own(page: &Page, kind: Kind, id: &str) -> Result<Seen, WebError> {
    let seen = seen(page, kind, id).await?;
    if seen.is_insider() { Ok(seen) } else { Err(WebError::NotFound) }
}

/// A number as this site writes it: digits alone.
fn number(id: &str) -> Result<ListingId, WebError> {
    let plain = !id.is_empty() && !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| id.parse().ok()).flatten().ok_or(WebError::NotFound)
}

#[derive(Serialize)]
struct ShowView {
    crumbs: Vec<Crumb>,
    sheet: Sheet,
    state_label: String,
    state_tone: &'static str,
    banner: String,
    freshness: String,
    facts: Vec<LinkedFact>,
    asks_for_need: bool,
    asking: Option<AskingView>,
    neighbours: Vec<ListingRow>,
    own: Option<OwnView>,
}

/// What a reader of an expired page can do: have its owner asked whether it still holds.
#[derive(Serialize)]
struct AskingView {
    action: String,
    asked: bool,
}

#[derive(Serialize)]
struct LinkedFact {
    label: String,
    value: String,
    url: String,
}

impl LinkedFact {
    fn plain(fact: &view::Fact) -> Self {
        Self { label: fact.label.clone(), value: fact.value.clone(), url: String::new() }
    }
}

/// What those who speak for the owner, and staff, see beside it.
#[derive(Serialize)]
struct OwnView {
    sentence: String,
    is_unverified: bool,
    is_unfinished: bool,
    advice: String,
    facts: Vec<view::Fact>,
    edit_url: String,
    matches_url: String,
    desk_url: String,
    steps: Vec<StepView>,
    resolve: Option<ResolveView>,
    reviews: Vec<ReviewView>,
    history: Vec<ReviewView>,
}

#[derive(Serialize)]
struct StepView {
    action: String,
    label: String,
    look: &'static str,
}

#[derive(Serialize)]
struct ResolveView {
    action: String,
    form: FormView,
    outcomes: Vec<Choice>,
    introductions: Vec<Choice>,
}

/// One row of `ui.timeline`.
#[derive(Serialize)]
struct ReviewView {
    at: String,
    by: String,
    label: String,
    note: String,
    tone: &'static str,
}

/// `GET /needs/{id}`.
pub async fn show(page: Page, Of(kind): Of, id: Path<String>) -> Answer {
    let seen = seen(&page, kind, &id).await?;
    if !seen.listing.state.is_public() && !seen.is_insider() {
        return Err(WebError::NotFound);
    }
    let view = show_view(&page, &seen, &Fields::default(), &FieldErrors::default()).await?;
    page.show("listing/show.html", &view)
}

/// The page again, with what is to be mended in how it was solved.
async fn show_refused(page: Page, seen: &Seen, fields: &Fields, errors: &FieldErrors) -> Answer {
    let view = show_view(&page, seen, fields, errors).await?;
    page.refuse("listing/show.html", &view)
}

async fn show_view(page: &Page, seen: &Seen, fields: &Fields, errors: &FieldErrors) -> Result<ShowView, WebError> {
    let (listing, language) = (&seen.listing, page.language());
    let sheet = view::sheet(&page.app, language, listing.kind, &listing.content).await?;
    let state = view::shown_state(listing, page.app.clock.now());
    let day = listing.expires_at.map(|end| page.day(end)).unwrap_or_default();
    let banner = match state {
        State::Expired => page.tell(&Say::new("listing-banner-expired").with("day", &day)),
        State::Resolved => page.word("listing-banner-resolved"),
        _ => String::new(),
    };
    let own = if seen.is_insider() { Some(own_view(page, seen, state, fields, errors).await?) } else { None };
    let has_ended = matches!(state, State::Expired | State::Resolved);
    let asking = match page.member() {
        _ if state != State::Expired || seen.is_insider() => None,
        Some(member) => {
            let asked = store::has_asked(&page.app.db, listing.id, member).await?;
            Some(AskingView { action: format!("{}/confirmation", listing.url()), asked })
        }
        None => Some(AskingView { action: String::new(), asked: false }),
    };
    Ok(ShowView {
        crumbs: vec![
            crumb(page.word(&format!("listing-list-{}", listing.kind.as_str())), listing.kind.path()),
            crumb(&sheet.title, ""),
        ],
        facts: public_facts(page, seen, state, &sheet),
        sheet,
        state_label: view::state_label(&page.app, language, state),
        state_tone: view::state_tone(state),
        banner,
        freshness: view::freshness(&page.app, language, listing),
        asking,
        neighbours: if has_ended { neighbours(page, listing).await? } else { Vec::new() },
        asks_for_need: listing.kind == Kind::Result && state == State::Live && !seen.is_insider(),
        own,
    })
}

fn public_facts(page: &Page, seen: &Seen, state: State, sheet: &Sheet) -> Vec<LinkedFact> {
    let listing = &seen.listing;
    let fact = |key: &str, value: String, url: String| LinkedFact { label: page.word(key), value, url };
    let mut facts = vec![match view::public_owner(listing, &seen.owner) {
        Some(owner) => fact(
            "listing-fact-owner",
            owner.name.clone(),
            if owner.is_verified() { owner.url() } else { String::new() },
        ),
        None => fact("listing-fact-owner", page.word("listing-owner-anonymous"), String::new()),
    }];
    facts.extend(sheet.facts.iter().map(LinkedFact::plain));
    facts.push(fact("listing-fact-number", listing.id.to_string(), String::new()));
    if let Some(at) = listing.published_at {
        facts.push(fact("listing-fact-published", page.day(at), String::new()));
    }
    if let (State::Live | State::Expired, Some(end)) = (state, listing.expires_at) {
        facts.push(fact("listing-fact-until", page.day(end), String::new()));
    }
    facts
}

async fn own_view(
    page: &Page,
    seen: &Seen,
    state: State,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<OwnView, WebError> {
    let listing = &seen.listing;
    let day = listing.expires_at.map(|end| page.day(end)).unwrap_or_default();
    let url = listing.url();
    let unfinished = store::unfinished(&page.app.db, listing.id).await?;
    let introductions = if step(state, Step::Resolve).is_some() { exchanged(page, listing).await? } else { Vec::new() };
    let resolve = step(state, Step::Resolve).map(|_| ResolveView {
        action: format!("{url}/closure"),
        form: page.form(fields, errors),
        outcomes: choices(
            page,
            Outcome::ALL,
            |outcome| format!("listing-outcome-{}", outcome.as_str()),
            |each| each.as_str(),
        ),
        introductions: introductions.clone(),
    });
    Ok(OwnView {
        sentence: page.tell(&Say::new(format!("listing-stands-{}", state.as_str())).with("day", day)),
        is_unverified: !seen.owner.is_verified(),
        is_unfinished: listing.state.is_editable() && !unfinished.typed.is_empty(),
        advice: if too_little(page, listing).await? >= TOO_LITTLE_TOO_OFTEN {
            page.word("listing-own-too-little")
        } else {
            String::new()
        },
        facts: private_facts(page, seen),
        edit_url: if listing.state.is_editable() { format!("{url}/edit") } else { String::new() },
        matches_url: if listing.wants_teams() && state == State::Live {
            format!("{url}/matches")
        } else {
            String::new()
        },
        desk_url: if seen.is_staff && state == State::InReview {
            format!("/desk/listings/{}", listing.id)
        } else {
            String::new()
        },
        steps: next_steps(page, listing, state),
        resolve,
        reviews: reviews(page, listing.id).await?,
        history: history(page, listing).await?,
    })
}

/// The introductions of a need that led to an exchange, one of which may have solved it.
async fn exchanged(page: &Page, listing: &Listing) -> Result<Vec<Choice>, WebError> {
    if listing.kind != Kind::Need {
        return Ok(Vec::new());
    }
    let found = introduction::store::of_need(&page.app.db, listing.id).await?;
    let found: Vec<_> =
        found.into_iter().filter_map(|each| Some((each.about(), each.team, each.exchanged_at?))).collect();
    let teams: Vec<_> = found.iter().map(|(_, team, _)| *team).collect();
    let names: HashMap<_, _> =
        organisation::store::by_ids(&page.app.db, &teams).await?.into_iter().map(|team| (team.id, team.name)).collect();
    let label = |team, at| format!("{} · {}", names.get(team).cloned().unwrap_or_default(), page.day(at));
    Ok(found.iter().map(|(about, team, at)| Choice::new(about, label(team, *at))).collect())
}

/// So many teams say that a need tells too little before its owner is told to mend it.
const TOO_LITTLE_TOO_OFTEN: usize = introduction::TOO_LITTLE_TOO_OFTEN;

/// How many teams said that a need tells too little since it was last mended.
async fn too_little(page: &Page, listing: &Listing) -> Result<usize, WebError> {
    if listing.kind != Kind::Need || !listing.is_open() {
        return Ok(0);
    }
    let said = introduction::store::said_too_little(&page.app.db, Some(listing.id)).await?;
    Ok(listing.answers_since_mended(said.get(&listing.id).map_or(&[], Vec::as_slice)))
}

/// The most that is shown beside what has ended.
const NEIGHBOURS: usize = 3;

/// Live listings that speak of the same: the most similar, then the newest of the same zone.
async fn neighbours(page: &Page, listing: &Listing) -> Result<Vec<ListingRow>, WebError> {
    let (db, now) = (&page.app.db, page.app.clock.now());
    let content = &listing.content;
    let text = index::Text {
        title: content.title.clone(),
        keywords: content.keywords.clone(),
        problem: content.teaser.clone(),
        body: content.problem.clone(),
    };
    let similar = page.app.index.similar(&text, listing.kind.indexed(), 4 * NEIGHBOURS)?;
    let ids: Vec<ListingId> = similar.iter().map(|each| ListingId(each.key.id)).collect();
    let mut found = store::by_ids(db, &ids).await?;
    found.sort_by_key(|each| ids.iter().position(|id| *id == each.id));
    found.retain(|each| each.is_live(now));
    let (_, newest) = store::live(db, listing.kind, content.zone, now, 0, 4).await?;
    found.extend(newest);
    let mut shown: Vec<Listing> = Vec::new();
    for each in found {
        if each.id != listing.id && shown.len() < NEIGHBOURS && !shown.iter().any(|other| other.id == each.id) {
            shown.push(each);
        }
    }
    Ok(view::rows(&page.app, page.language(), &shown).await?)
}

/// What has happened to a listing, newest first.
async fn history(page: &Page, listing: &Listing) -> Result<Vec<ReviewView>, WebError> {
    let lines = store::history(&page.app.db, listing.id).await?;
    Ok(lines
        .iter()
        .map(|line| {
            let changed = line.changes.iter().map(|change| {
                let field = page.word(&format!("listing-changed-{}", change.field));
                page.tell(
                    &Say::new("listing-changed")
                        .with("field", field)
                        .with("from", spoken(page, &change.field, &change.from))
                        .with("to", spoken(page, &change.field, &change.to)),
                )
            });
            let note = changed.chain(Some(line.note.clone()).filter(|note| !note.is_empty()));
            ReviewView {
                at: page.moment(line.made_at),
                by: page.word(&format!("listing-actor-{}", line.actor.as_str())),
                label: page.word(&format!("listing-happened-{}", line.step)),
                note: note.collect::<Vec<_>>().join("\n"),
                tone: "info",
            }
        })
        .collect())
}

/// The beginning of what a field held; stored words as people read them.
fn spoken(page: &Page, field: &str, text: &str) -> String {
    if text.is_empty() {
        return page.word("listing-changed-nothing");
    }
    let listed = |prefix: &str| {
        let words: Vec<String> = text.split(',').map(|each| page.word(&format!("listing-{prefix}-{each}"))).collect();
        words.join(&page.word("listing-comma"))
    };
    match field {
        "budget" => return listed("budget"),
        "cooperation" => return listed("cooperation"),
        "ip" => return listed("ip"),
        "need_type" => return listed("need-type"),
        "decision_agreed" | "anonymous" => return page.word(&format!("listing-changed-{text}")),
        _ => {}
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > 80 { line.chars().take(80).chain(['…']).collect() } else { line }
}

/// What only those concerned read.
fn private_facts(page: &Page, seen: &Seen) -> Vec<view::Fact> {
    let (listing, content) = (&seen.listing, &seen.listing.content);
    let mut facts = Vec::new();
    let mut fact = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push(view::Fact { label: page.word(key), value });
        }
    };
    if listing.is_anonymous() {
        fact("listing-own-owner", seen.owner.name.clone());
        fact("listing-own-anonymity", page.word("listing-own-anonymous"));
    }
    if listing.kind == Kind::Need {
        let decision =
            if content.decision_agreed { "listing-own-decision-agreed" } else { "listing-own-decision-open" };
        fact("listing-own-decision", page.word(decision));
    }
    fact("listing-own-excluded", content.excluded.join(&page.word("listing-comma")));
    if let Some(outcome) = listing.outcome {
        let outcome = page.word(&format!("listing-outcome-{}", outcome.as_str()));
        fact("listing-own-outcome", outcome);
        fact("listing-outcome-note", listing.outcome_note.clone());
        if listing.story {
            fact("listing-own-story", page.word("listing-own-story-yes"));
        }
    }
    facts
}

/// The buttons: every step that the graph has from here and that the owner takes with one press.
fn next_steps(page: &Page, listing: &Listing, state: State) -> Vec<StepView> {
    let days = page.app.config.listing_days;
    let buttons = [
        (Step::Submit, "submission", "listing-do-submit", "primary"),
        (Step::Undo, "undo", "listing-do-undo", "quiet"),
        (Step::Resume, "resumption", "listing-do-resume", "primary"),
        (Step::Renew, "renewal", "listing-do-renew", "primary"),
        (Step::Pause, "pause", "listing-do-pause", "quiet"),
        (Step::Archive, "archive", "listing-do-archive", "quiet"),
        (Step::Withdraw, "withdrawal", "listing-do-withdraw", "danger"),
    ];
    buttons
        .into_iter()
        .filter(|(by, ..)| step(state, *by).is_some())
        .filter(|(by, ..)| match by {
            Step::Renew => listing.is_renewable(page.app.clock.now()),
            Step::Undo => listing.can_be_undone(page.app.clock.now()),
            _ => true,
        })
        .map(|(_, noun, key, look)| StepView {
            action: format!("{}/{noun}", listing.url()),
            label: page.tell(&Say::new(key).with("days", days)),
            look,
        })
        .collect()
}

async fn reviews(page: &Page, id: ListingId) -> Result<Vec<ReviewView>, WebError> {
    let reviews = store::reviews(&page.app.db, id).await?;
    Ok(reviews.iter().map(|review| review_view(page, review)).collect())
}

/// What staff wrote; who of them wrote it is the park's own affair.
fn review_view(page: &Page, review: &Review) -> ReviewView {
    let scores = review.scores;
    let scores = page.tell(
        &Say::new("listing-own-scores")
            .with("clarity", scores.clarity)
            .with("measurability", scores.measurability)
            .with("feasibility", scores.feasibility)
            .with("completeness", scores.completeness),
    );
    ReviewView {
        at: page.moment(review.made_at),
        by: page.word("listing-own-by-park"),
        label: format!("{} · {scores}", page.word(&format!("listing-verdict-{}", review.verdict.as_str()))),
        note: review.reason.clone(),
        tone: match review.verdict {
            crate::listing::Verdict::Publish => "good",
            crate::listing::Verdict::Return => "wait",
            crate::listing::Verdict::Reject => "bad",
        },
    }
}

/// The lines of a choice among the words of an enum.
fn choices<T: Copy>(
    page: &Page,
    all: &[T],
    key: impl Fn(T) -> String,
    word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|each| Choice::new(word(*each), page.word(&key(*each)))).collect()
}

/// 409: somebody else was first.
const TOO_LATE: StatusCode = StatusCode::CONFLICT;
