//! The suggestions for a need and for a team, with what speaks for each.
//!
//! A need's suggestions are seen by those who posted it and by staff; a team sees its own line. A
//! team's are seen by those who speak for it and by staff. To everybody else they do not exist.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, web::Path};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    id::{ListingId, OrganisationId},
    listing::{self, Listing},
    matching::{Aspect, Exclusion, Grade, Match, store},
    member::SignedIn,
    organisation::{self, OrganisationKind},
    team::{self, Team},
    web::{Answer, Member, Page, WebError, list::address},
    words::Say,
};

/// How many needs a team's page shows.
const MOST_NEEDS: u64 = 50;

/// As whom somebody looks at a need's suggestions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Viewer {
    staff: bool,
    /// Speaks for the one who posted the need, and so may ask for an introduction.
    owner: bool,
    /// The teams that he speaks for.
    teams: HashSet<OrganisationId>,
}

impl Viewer {
    async fn of(app: &App, member: &SignedIn, need: &Listing) -> Result<Self, Fault> {
        let mine = organisation::store::of_member(&app.db, member.id).await?;
        Ok(Self {
            staff: member.role.is_staff(),
            owner: mine.iter().any(|each| each.id == need.owner),
            teams: mine.iter().filter(|each| each.kind == OrganisationKind::Team).map(|each| each.id).collect(),
        })
    }

    /// Whether the whole list is his to see.
    fn sees_all(&self) -> bool {
        self.staff || self.owner
    }
}

/// A need's suggestions with the teams and results that they name.
struct Found {
    need: Listing,
    viewer: Viewer,
    shown: Vec<Match>,
    aside: Vec<Match>,
    teams: HashMap<OrganisationId, Team>,
    results: HashMap<ListingId, Listing>,
}

impl Found {
    async fn read(app: &App, member: &SignedIn, id: &str) -> Result<Self, WebError> {
        let id: ListingId = id.parse().ok().ok_or(WebError::NotFound)?;
        let need = listing::store::by_id(&app.db, id).await?.filter(|need| need.kind == listing::Kind::Need);
        let need = need.ok_or(WebError::NotFound)?;
        let viewer = Viewer::of(app, member, &need).await?;
        let now = app.clock.now();
        let may_have_a_line = need.is_live(now) && !viewer.teams.is_empty();
        if !viewer.sees_all() && !may_have_a_line {
            return Err(WebError::NotFound);
        }
        let all = store::of_need(&app.db, id).await?;
        let teams: Vec<OrganisationId> = all.iter().map(|each| each.team).collect();
        let results: Vec<ListingId> = all.iter().map(|each| each.result).collect();
        let teams: HashMap<_, _> = by_id(team::store::by_ids(&app.db, &teams).await?, |team| team.organisation.id);
        let results: HashMap<_, _> = by_id(listing::store::by_ids(&app.db, &results).await?, |result| result.id);
        // What has gone out of sight since it was suggested is not shown to the parties meanwhile.
        let open = |each: &Match| {
            let team = teams.get(&each.team).is_some_and(|team| team.organisation.is_verified());
            team && results.get(&each.result).is_some_and(|result| result.is_live(now))
        };
        let (mut shown, mut aside): (Vec<_>, Vec<_>) = all.into_iter().partition(|each| each.place.is_some());
        if !viewer.staff {
            shown.retain(|each| open(each) && (viewer.owner || viewer.teams.contains(&each.team)));
            aside.retain(|each| viewer.owner && open(each) && each.excluded.is_some_and(Exclusion::is_told));
        }
        if !viewer.sees_all() && shown.is_empty() {
            return Err(WebError::NotFound);
        }
        Ok(Self { need, viewer, shown, aside, teams, results })
    }

    fn team_name(&self, found: &Match) -> &str {
        self.teams.get(&found.team).map_or("", |team| team.organisation.name.as_str())
    }

    fn university(&self, found: &Match) -> &str {
        self.teams.get(&found.team).map_or("", |team| team.university_name.as_str())
    }

    fn result(&self, found: &Match) -> Thing {
        thing(self.results.get(&found.result))
    }
}

fn by_id<I: Eq + std::hash::Hash, T>(rows: Vec<T>, id: impl Fn(&T) -> I) -> HashMap<I, T> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

fn thing(listing: Option<&Listing>) -> Thing {
    listing.map_or_else(Thing::default, |listing| Thing { title: listing.content.title.clone(), url: listing.url() })
}

#[derive(Debug, Default, Serialize)]
struct Thing {
    title: String,
    url: String,
}

#[derive(Serialize)]
struct PartView {
    label: String,
    points: String,
    of: String,
    note: String,
}

#[derive(Serialize)]
struct Line {
    place: u32,
    title: String,
    url: String,
    by: String,
    result: Thing,
    grade_label: String,
    grade_tone: &'static str,
    score: String,
    parts: Vec<PartView>,
    ask_url: String,
}

#[derive(Serialize)]
struct AsideLine {
    title: String,
    url: String,
    by: String,
    result: Thing,
    score: String,
    /// Why; empty for the parties.
    reason: String,
}

#[derive(Serialize)]
struct Crumb {
    label: String,
    url: String,
}

#[derive(Serialize)]
struct View {
    title: String,
    of: String,
    crumbs: Vec<Crumb>,
    lede: String,
    rows: Vec<Line>,
    aside: Vec<AsideLine>,
    is_staff: bool,
    waiting: bool,
    version: String,
    empty: String,
}

/// A number to one place, as every point of a score is.
fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

fn line(page: &Page, found: &Match, title: String, url: String, by: String, result: Thing, ask_url: String) -> Line {
    let grade = found.grade();
    let words = found.words.join(page.word("matching-comma").as_str());
    let note = |key: Aspect| match key {
        Aspect::Text if !words.is_empty() => page.tell(&Say::new("matching-words").with("words", &words)),
        _ => String::new(),
    };
    let parts = found.parts.iter().map(|part| PartView {
        label: page.word(&format!("matching-part-{}", part.key.as_str())),
        points: tenth(part.points),
        of: tenth(part.of),
        note: note(part.key),
    });
    Line {
        place: found.place.unwrap_or(0),
        title,
        url,
        by,
        result,
        grade_label: page.word(&format!("matching-grade-{}", grade.as_str())),
        grade_tone: match grade {
            Grade::Strong => "good",
            Grade::Fair => "info",
            Grade::Weak => "plain",
        },
        score: tenth(found.score),
        parts: parts.collect(),
        ask_url,
    }
}

/// `GET /needs/{id}/matches`.
pub async fn of_need(page: Page, Member(member): Member, id: Path<String>) -> Answer {
    let found = Found::read(&page.app, &member, &id).await?;
    let rows = found.shown.iter().map(|each| {
        let ask_url = if found.viewer.owner && found.need.is_live(page.app.clock.now()) {
            address("/introductions/new", &[("need", &each.need.to_string()), ("team", &each.team.to_string())])
        } else {
            String::new()
        };
        let url = organisation::url(OrganisationKind::Team, each.team);
        let (name, university) = (found.team_name(each).to_owned(), found.university(each).to_owned());
        line(&page, each, name, url, university, found.result(each), ask_url)
    });
    let rows: Vec<Line> = rows.collect();
    let aside = found.aside.iter().map(|each| AsideLine {
        title: found.team_name(each).to_owned(),
        url: organisation::url(OrganisationKind::Team, each.team),
        by: found.university(each).to_owned(),
        result: found.result(each),
        score: tenth(each.score),
        reason: each
            .excluded
            .filter(|_| found.viewer.staff)
            .map(|reason| page.word(&format!("matching-excluded-{}", reason.as_str())))
            .unwrap_or_default(),
    });
    let wants_teams = found.need.wants_teams() && found.need.is_live(page.app.clock.now());
    let view = View {
        title: page.tell(&Say::new("matching-title-need").with("title", &found.need.content.title)),
        of: found.need.content.title.clone(),
        crumbs: vec![
            Crumb { label: page.word("matching-crumb-needs"), url: "/needs".to_owned() },
            Crumb { label: found.need.content.title.clone(), url: found.need.url() },
            Crumb { label: page.word("matching-crumb"), url: String::new() },
        ],
        lede: page.word("matching-lede-need"),
        aside: aside.collect(),
        is_staff: found.viewer.staff,
        waiting: found.viewer.sees_all() && store::is_stale(&page.app.db, found.need.id).await?,
        version: version(&page, found.shown.first().or(found.aside.first())),
        empty: page.word(if wants_teams { "matching-none-need" } else { "matching-none-closed" }),
        rows,
    };
    page.show("matching/index.html", &view)
}

fn version(page: &Page, first: Option<&Match>) -> String {
    first.map_or_else(String::new, |first| {
        let say = Say::new("matching-version").with("version", first.weights_version);
        page.tell(&say.with("at", page.moment(first.computed_at)))
    })
}

/// `GET /teams/{id}/matches`.
pub async fn of_team(page: Page, Member(member): Member, id: Path<String>) -> Answer {
    let id: OrganisationId = id.parse().ok().ok_or(WebError::NotFound)?;
    let app = &page.app;
    if !member.role.is_staff() && !organisation::store::speaks_for(&app.db, member.id, id).await? {
        return Err(WebError::NotFound);
    }
    let team = team::store::by_id(&app.db, id).await?.ok_or(WebError::NotFound)?;
    let now = app.clock.now();
    let found = store::of_team(&app.db, id, MOST_NEEDS).await?;
    let ids: Vec<ListingId> = found.iter().flat_map(|each| [each.need, each.result]).collect();
    let listings = by_id(listing::store::by_ids(&app.db, &ids).await?, |listing| listing.id);
    let owners: Vec<OrganisationId> = listings.values().map(|listing| listing.owner).collect();
    let owners = by_id(organisation::store::by_ids(&app.db, &owners).await?, |owner| owner.id);
    let rows = found.iter().filter_map(|each| {
        let need = listings.get(&each.need).filter(|need| need.is_live(now))?;
        let result = listings.get(&each.result).filter(|result| result.is_live(now))?;
        // An anonymous need names nobody, to staff neither: this page is about the team.
        let by = owners.get(&need.owner).filter(|_| !need.content.anonymous);
        let by = by.map_or_else(|| page.word("matching-anonymous"), |owner| owner.name.clone());
        Some(line(&page, each, need.content.title.clone(), need.url(), by, thing(Some(result)), String::new()))
    });
    let view = View {
        title: page.tell(&Say::new("matching-title-team").with("name", &team.organisation.name)),
        of: team.organisation.name.clone(),
        crumbs: vec![
            Crumb { label: page.word("matching-crumb-teams"), url: "/teams".to_owned() },
            Crumb { label: team.organisation.name.clone(), url: team.organisation.url() },
            Crumb { label: page.word("matching-crumb"), url: String::new() },
        ],
        lede: page.word("matching-lede-team"),
        rows: rows.collect(),
        aside: Vec::new(),
        is_staff: member.role.is_staff(),
        waiting: false,
        version: version(&page, found.first()),
        empty: page.word("matching-none-team"),
    };
    page.show("matching/index.html", &view)
}

#[derive(Serialize)]
struct NeedMatches<'a> {
    need: ListingId,
    matches: Vec<MatchJson<'a>>,
    /// Those set aside, with the reason; staff alone are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded: Option<Vec<MatchJson<'a>>>,
}

#[derive(Serialize)]
struct MatchJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<u32>,
    score: f64,
    grade: &'static str,
    team: TeamJson<'a>,
    result: ResultJson,
    parts: Vec<PartJson>,
    words: &'a [String],
    weights_version: i64,
    computed_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded: Option<&'static str>,
}

#[derive(Serialize)]
struct TeamJson<'a> {
    id: OrganisationId,
    name: &'a str,
    university: &'a str,
    url: String,
}

#[derive(Serialize)]
struct ResultJson {
    id: ListingId,
    title: String,
    url: String,
}

#[derive(Serialize)]
struct PartJson {
    key: &'static str,
    points: f64,
    of: f64,
}

/// `GET /api/v1/needs/{id}/matches`.
pub async fn json(page: Page, Member(member): Member, id: Path<String>) -> Answer {
    let found = Found::read(&page.app, &member, &id).await?;
    let matches = found.shown.iter().map(|each| found.json(each)).collect();
    let excluded = found.viewer.staff.then(|| found.aside.iter().map(|each| found.json(each)).collect());
    Ok(HttpResponse::Ok().json(NeedMatches { need: found.need.id, matches, excluded }))
}

impl Found {
    fn json<'a>(&'a self, found: &'a Match) -> MatchJson<'a> {
        let Thing { title, url } = self.result(found);
        MatchJson {
            place: found.place,
            score: found.score,
            grade: found.grade().as_str(),
            team: TeamJson {
                id: found.team,
                name: self.team_name(found),
                university: self.university(found),
                url: organisation::url(OrganisationKind::Team, found.team),
            },
            result: ResultJson { id: found.result, title, url },
            parts: found
                .parts
                .iter()
                .map(|part| PartJson { key: part.key.as_str(), points: part.points, of: part.of })
                .collect(),
            words: &found.words,
            weights_version: found.weights_version,
            computed_at: found.computed_at,
            excluded: found.excluded.map(Exclusion::as_str),
        }
    }
}
