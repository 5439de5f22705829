//! What the pages of an introduction show, in ready words.

use std::collections::HashSet;

use serde::Serialize;

use crate::{
    fault::Fault,
    id::{MemberId, OrganisationId},
    introduction::{
        DeclineReason, Introduction, MOST_TIMES, Reply, Side, State, answer,
        case::{Case, Fact},
        letters,
        pages::refused_itself,
        retract,
        store::{self, Shown},
    },
    member::{self, Member},
    organisation::{self, OrganisationKind},
    web::{FieldErrors, Fields, FormView, Page, WebError, form::Choice},
    words::Say,
};

/// The words for a state.
pub(super) fn state_label(page: &Page, state: State) -> String {
    page.word(&format!("introduction-state-{}", state.as_str()))
}

/// The tone of a state.
pub(super) fn state_tone(state: State) -> &'static str {
    match state {
        State::AwaitingPark | State::AwaitingTeam | State::Later => "wait",
        State::Accepted => "info",
        State::Exchanged | State::Met => "good",
        State::NotHeld | State::Declined | State::TimedOut | State::Withdrawn | State::Stopped => "plain",
        State::ChannelFailed => "bad",
    }
}

/// When it is due, in words.
pub(super) fn due(page: &Page, introduction: &Introduction) -> String {
    match introduction.due_at {
        Some(due) => page.moment(due),
        None if introduction.state.is_open() => page.word("introduction-due-none"),
        None => String::new(),
    }
}

/// One stage on the thread.
#[derive(Serialize)]
pub(super) struct Stage {
    label: String,
    stage: &'static str,
    note: String,
}

/// The five stages, with the one that it stands at.
pub(super) fn stages(page: &Page, introduction: &Introduction) -> Vec<Stage> {
    let keys = ["propose", "park", "team", "choice", "exchanged"];
    let reached = if introduction.exchanged_at.is_some() {
        keys.len()
    } else if introduction.team_answer == Some(Reply::Accept) {
        3
    } else if introduction.is_known_to_team() {
        2
    } else {
        1
    };
    let is_open = introduction.state.is_open();
    let stage = |at: usize| match at {
        at if at < reached => "done",
        at if at == reached && is_open => "now",
        _ => "next",
    };
    let note = |at: usize| if at == reached && is_open { due(page, introduction) } else { String::new() };
    let each = |(at, key): (usize, &&str)| Stage {
        label: page.word(&format!("introduction-stage-{key}")),
        stage: stage(at),
        note: note(at),
    };
    keys.iter().enumerate().map(each).collect()
}

/// One line of the history.
#[derive(Serialize)]
pub(super) struct Line {
    at: String,
    label: String,
    note: String,
    by: String,
}

/// The history; the notes are for the park's eyes.
pub(super) async fn history(page: &Page, introduction: &Introduction, with_notes: Notes) -> Result<Vec<Line>, Fault> {
    let lines = store::history(&page.app.db, introduction.id).await?;
    Ok(lines
        .into_iter()
        .map(|line| Line {
            at: page.moment(line.made_at),
            label: page.word(&format!("introduction-step-{}", line.step.as_str())),
            by: page.word(&format!("introduction-actor-{}", line.actor.as_str())),
            note: if with_notes == Notes::Shown { line.note } else { String::new() },
        })
        .collect())
}

/// Whether the notes of a history are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notes {
    /// To the park.
    Shown,
    /// From the parties.
    Kept,
}

/// The forms that answer a question.
#[derive(Serialize)]
pub(super) struct Question {
    side: Side,
    action: String,
    form: FormView,
    shows: Vec<Fact>,
    phone: String,
    consent: String,
    time_labels: Vec<String>,
    reasons: Vec<Choice>,
    doors: Vec<Choice>,
    colleagues: Vec<Choice>,
    later: String,
    later_used: bool,
    times: Vec<Choice>,
}

/// The forms by which `answerer` answers for `side`.
pub(super) async fn question(
    page: &Page,
    case: &Case,
    side: Side,
    answerer: &Member,
    action: String,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<Question, WebError> {
    page.csrf();
    let now = page.app.clock.now();
    let name = [answerer.name.as_str(), answerer.title.as_str()].join(" ");
    let name = if answerer.name.is_empty() && side == Side::Team { case.lead_name().to_owned() } else { name };
    let shows = vec![
        Fact { label: page.word("introduction-show-name"), value: name.trim().to_owned() },
        Fact { label: page.word("introduction-show-email"), value: answerer.email.masked() },
    ];
    let reasons = DeclineReason::ALL.iter().map(|reason| Choice {
        hint: letters::kind_words(&page.app, page.language(), *reason),
        ..Choice::new(reason.as_str(), page.word(&format!("introduction-decline-{}", reason.as_str())))
    });
    let later = Say::new("introduction-later-lede").with("days", page.app.config.later_days);
    Ok(Question {
        side,
        action,
        form: page.form(fields, errors),
        shows,
        phone: masked(&answerer.phone),
        consent: answer::consent_words(&page.app, side, page.language()),
        time_labels: (1..=MOST_TIMES).map(|n| page.tell(&Say::new("introduction-times-nth").with("n", n))).collect(),
        reasons: if side == Side::Team { reasons.collect() } else { Vec::new() },
        doors: ["yes", "no"]
            .map(|door| Choice::new(door, page.word(&format!("introduction-may-ask-again-{door}"))))
            .into(),
        colleagues: if side == Side::Team { colleagues(page, case).await? } else { Vec::new() },
        later: page.tell(&later),
        later_used: case.introduction.postponed,
        times: case
            .introduction
            .times_left(now)
            .map(|time| Choice::new(time.to_rfc3339(), page.moment(time)))
            .collect(),
    })
}

/// A telephone number as its owner knows it again and nobody else learns it.
fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.get(digits.len().saturating_sub(2)..) {
        Some([one, two]) => format!("***{one}{two}"),
        _ => String::new(),
    }
}

/// The teams that may be named: verified, not asked about this need yet, not shut off from the firm.
async fn colleagues(page: &Page, case: &Case) -> Result<Vec<Choice>, Fault> {
    let db = &page.app.db;
    let (_, teams) = organisation::store::listed(db, OrganisationKind::Team, None, 0, 500).await?;
    let mut out: HashSet<OrganisationId> = organisation::store::blocked_with(db, case.introduction.enterprise).await?;
    out.insert(case.introduction.team);
    out.extend(store::of_need(db, case.introduction.need).await?.into_iter().map(|each| each.team));
    let left = teams.into_iter().filter(|team| !out.contains(&team.id));
    Ok(left.map(|team| Choice::new(team.id, team.name)).collect())
}

/// A thing that a page names, with its address where there is one to go to.
#[derive(Serialize)]
struct Named {
    label: String,
    value: String,
    url: String,
}

/// The page of an introduction for one of its sides.
#[derive(Serialize)]
pub(super) struct ShowView {
    title: String,
    state_label: String,
    state_tone: &'static str,
    about: String,
    stages: Vec<Stage>,
    facts: Vec<Named>,
    need: Vec<Fact>,
    reason: String,
    times_title: String,
    times: Vec<String>,
    their_words: String,
    park_words: String,
    contact: Option<Shown>,
    contact_gone: String,
    contact_of: String,
    history: Vec<Line>,
    question: Option<Question>,
    withdrawal: String,
    mend_url: String,
    matches_url: String,
}

impl ShowView {
    /// What `side` reads of the introduction.
    pub(super) async fn of(
        page: &Page,
        me: MemberId,
        introduction: Introduction,
        side: Side,
        fields: &Fields,
        errors: &FieldErrors,
    ) -> Result<Self, WebError> {
        let db = &page.app.db;
        let case = Case::load(db, introduction).await?;
        let introduction = &case.introduction;
        let question = if introduction.turn() == Some(side) {
            let answerer = member::store::by_id(db, me).await?.ok_or(WebError::NotFound)?;
            let action = format!("/my/introductions/{}", introduction.id);
            Some(question(page, &case, side, &answerer, action, fields, errors).await?)
        } else {
            None
        };
        let is_enterprise = side == Side::Enterprise;
        let ended_without = introduction.state.is_closed() && is_enterprise;
        let withdrawable = introduction.state.is_open() && is_enterprise;
        if withdrawable {
            page.csrf();
        }
        let retracted = retract::is_retracted(db, introduction, side).await?;
        let own =
            |path: &str| if ended_without { format!("/needs/{}/{path}", introduction.need) } else { String::new() };
        Ok(Self {
            title: page.tell(&Say::new("introduction-show-title").with("need", &case.need.content.title)),
            state_label: state_label(page, introduction.state),
            state_tone: state_tone(introduction.state),
            about: about(page, introduction),
            stages: stages(page, introduction),
            facts: facts(page, &case, side),
            need: if is_enterprise { Vec::new() } else { case.need_lines(&page.app, page.language()) },
            times_title: page.word(if is_enterprise { "introduction-offered" } else { "introduction-offered-own" }),
            times: introduction.times.iter().map(|time| page.moment(*time)).collect(),
            their_words: their_words(page, &case, side),
            park_words: if is_enterprise { introduction.closed_note.clone() } else { String::new() },
            contact: if retracted { None } else { store::shown_to(db, introduction.id, side).await? },
            contact_gone: if retracted { page.word("introduction-contact-withdrawn") } else { String::new() },
            contact_of: match side {
                Side::Enterprise => case.team.organisation.name.clone(),
                Side::Team => case.enterprise_for(&page.app, Side::Team, page.language()),
            },
            history: history(page, introduction, Notes::Kept).await?,
            question,
            withdrawal: if withdrawable {
                format!("/my/introductions/{}/withdrawal", introduction.id)
            } else {
                String::new()
            },
            mend_url: own("edit"),
            matches_url: own("matches"),
            reason: introduction.reason.clone(),
        })
    }
}

fn about(page: &Page, introduction: &Introduction) -> String {
    page.word(&format!("introduction-about-{}", introduction.state.as_str()))
}

/// What the other side said when it said no.
fn their_words(page: &Page, case: &Case, side: Side) -> String {
    let refused = refused_itself(&case.introduction);
    match (case.introduction.state, side) {
        (State::Declined, Side::Enterprise) if !refused => letters::decline_words(&page.app, case, page.language()),
        (State::Declined, Side::Team) if refused => case.introduction.decline_note.clone(),
        _ => String::new(),
    }
}

fn facts(page: &Page, case: &Case, side: Side) -> Vec<Named> {
    let introduction = &case.introduction;
    let fact = |key: &str, value: String, url: String| Named { label: page.word(key), value, url };
    let enterprise = case.enterprise_for(&page.app, side, page.language());
    let enterprise_url = if enterprise == case.enterprise.name { case.enterprise.url() } else { String::new() };
    let team = case.team_for(&page.app, side, page.language());
    let team_url = if team == case.team.organisation.name { case.team.organisation.url() } else { String::new() };
    let meeting = introduction.meeting_at.map(|at| page.moment(at));
    vec![
        fact("introduction-need", case.need.content.title.clone(), case.need.url()),
        fact("introduction-enterprise", enterprise, enterprise_url),
        fact("introduction-team", team, team_url),
        fact("introduction-desk-asked", page.moment(introduction.created_at), String::new()),
        fact("introduction-due", due(page, introduction), String::new()),
        fact("introduction-meeting-at", meeting.unwrap_or_default(), String::new()),
    ]
}
