//! The pages of asking and answering; [`desk`] is the park's part.
//!
//! A link's page needs no session and shows nothing but the question; looking at it changes
//! nothing. Everything that acts is a POST with the visitor's token.

pub mod desk;
pub mod queue;
mod view;

use actix_web::{
    http::StatusCode,
    web::{Path, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    id::{IntroductionId, ListingId, OrganisationId},
    introduction::{
        Introduction, Reply, Side, State, answer,
        case::{Case, Fact},
        choose, form,
        link::{self, Answerer, Link},
        pages::view::{Question, ShowView, question},
        propose, store, withdraw,
    },
    member, organisation, team,
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, WebError},
    words::Say,
};

#[derive(Serialize)]
struct NewView {
    need_title: String,
    need_url: String,
    team_name: String,
    team_url: String,
    team_about: String,
    left: String,
    places: String,
    template: String,
    matches_url: String,
    cannot: Option<Cannot>,
    queue: String,
    form: Option<FormView>,
}

#[derive(Serialize)]
struct Cannot {
    text: String,
    see_url: String,
    may_wait: bool,
}

/// Which need and which team.
#[derive(Deserialize)]
pub struct Pair {
    #[serde(default)]
    need: String,
    #[serde(default)]
    team: String,
}

impl Pair {
    fn read(&self) -> Result<(ListingId, OrganisationId), WebError> {
        let need = self.need.parse().ok().ok_or(WebError::NotFound)?;
        let team = self.team.parse().ok().ok_or(WebError::NotFound)?;
        Ok((need, team))
    }
}

/// `GET /introductions/new?need=&team=`: why this team; or why it cannot be asked now.
pub async fn new(page: Page, Member(me): Member, asked: Query<Pair>) -> Answer {
    let (need, team) = asked.read()?;
    let fields = Fields::blank().with("need", need).with("team", team);
    let found = propose::pair(&page.app.db, &page.app, me.id, need, team).await;
    let (cannot, form) = match found {
        Ok(_) => (None, Some(page.form(&fields, &FieldErrors::default()))),
        Err(error) => {
            let cannot = cannot(&page, error)?;
            let form = cannot.may_wait.then(|| page.form(&fields, &FieldErrors::default()));
            (Some(cannot), form)
        }
    };
    let view = new_view(&page, me.id, need, team, cannot, form).await?;
    page.show("introduction/new.html", &view)
}

/// `POST /introductions`.
pub async fn create(page: Page, Member(me): Member, Posted(fields): Posted) -> Answer {
    let pair = Pair { need: fields.raw("need").to_owned(), team: fields.raw("team").to_owned() };
    let (need, team) = pair.read()?;
    let asked = match form::reason(&fields) {
        Ok(reason) => propose::propose(&page.app, me.id, need, team, &reason, fields.key()).await,
        Err(errors) => {
            let view = new_view(&page, me.id, need, team, None, Some(page.form(&fields, &errors))).await?;
            return page.refuse("introduction/new.html", &view);
        }
    };
    match asked {
        Ok(id) => page.go_saying(format!("/my/introductions/{id}"), "introduction-sent"),
        Err(propose::Error::NamesItself) => {
            let errors = FieldErrors::one("reason", "introduction-reason-anonymous");
            let view = new_view(&page, me.id, need, team, None, Some(page.form(&fields, &errors))).await?;
            page.refuse("introduction/new.html", &view)
        }
        Err(error) => {
            let cannot = cannot(&page, error)?;
            // What was written stays on the page, to be copied or sent later.
            let form = page.form(&fields, &FieldErrors::default());
            let view = new_view(&page, me.id, need, team, Some(cannot), Some(form)).await?;
            page.refuse("introduction/new.html", &view)
        }
    }
}

/// Why a team cannot be asked now, in words; what is not the asker's does not exist.
fn cannot(page: &Page, error: propose::Error) -> Result<Cannot, WebError> {
    let mine = |id: IntroductionId| format!("/my/introductions/{id}");
    let may_wait = matches!(error, propose::Error::Full);
    let (say, see_url) = match error {
        propose::Error::NotYours | propose::Error::NoSuchTeam => return Err(WebError::NotFound),
        propose::Error::Fault(fault) => return Err(fault.into()),
        propose::Error::NotOpen => (Say::new("introduction-cannot-not-open"), String::new()),
        propose::Error::NotVerified => (Say::new("introduction-cannot-not-verified"), String::new()),
        propose::Error::Reason => (Say::new("introduction-reason-hint"), String::new()),
        propose::Error::NamesItself => (Say::new("introduction-reason-anonymous"), String::new()),
        propose::Error::NotNow => (Say::new("introduction-cannot-not-now"), String::new()),
        propose::Error::TooMany(most) => (Say::new("introduction-cannot-too-many").with("n", most), String::new()),
        propose::Error::Full => (Say::new("introduction-cannot-full"), String::new()),
        propose::Error::TooManyOpen(most) => (Say::new("introduction-cannot-open-many").with("n", most), String::new()),
        propose::Error::AlreadyOpen(id) => (Say::new("introduction-cannot-open"), mine(id)),
        propose::Error::AlreadyAnswered(id) => (Say::new("introduction-cannot-answered"), mine(id)),
        propose::Error::AlreadyExchanged(id) => (Say::new("introduction-cannot-exchanged"), mine(id)),
    };
    Ok(Cannot { text: page.tell(&say), see_url, may_wait })
}

async fn new_view(
    page: &Page,
    me: crate::id::MemberId,
    need: ListingId,
    team: OrganisationId,
    cannot: Option<Cannot>,
    form: Option<FormView>,
) -> Result<NewView, WebError> {
    page.csrf();
    let now = page.app.clock.now();
    let (need, owner) = match propose::own_need(&page.app.db, me, need).await {
        Ok(own) => own,
        Err(propose::Error::Fault(fault)) => return Err(fault.into()),
        Err(_) => return Err(WebError::NotFound),
    };
    let team = team::store::by_id(&page.app.db, team).await?.ok_or(WebError::NotFound)?;
    let may_wait = cannot.as_ref().is_some_and(|cannot| cannot.may_wait) && team.capacity > 0;
    let queue = if may_wait {
        let waiting = store::queue::open_of_team(&page.app.db, team.organisation.id).await?.len();
        queue::waiting(page, &team, u32::try_from(waiting).unwrap_or(u32::MAX).saturating_add(1))
    } else {
        String::new()
    };
    let left = propose::asks_left(&page.app.db, &page.app, owner.id, now).await?;
    let places = propose::places_left(&page.app.db, &page.app, &team, now).await?;
    Ok(NewView {
        need_url: need.url(),
        team_name: team.organisation.name.clone(),
        team_url: team.organisation.url(),
        team_about: format!("{} {} {}", team.university_name, team.lead_name, team.lead_title),
        left: page.tell(&Say::new("introduction-new-left").with("n", left)),
        places: page.tell(&Say::new("introduction-new-places").with("n", places)),
        template: page.tell(&Say::new("introduction-template").with("need", &need.content.title)),
        matches_url: format!("/needs/{}/matches", need.id),
        need_title: need.content.title,
        queue,
        cannot,
        form,
    })
}

#[derive(Serialize)]
struct LinkView {
    title: String,
    from: String,
    need: Vec<Fact>,
    shared_words: String,
    reason: String,
    due: String,
    question: Question,
}

#[derive(Serialize)]
struct SettledView {
    title: String,
    text: String,
    state_label: String,
    state_tone: &'static str,
    state_about: String,
    more: String,
}

/// `GET /introductions/{token}`: what a mailed link opens. Changes nothing, since mail scanners
/// follow links too.
pub async fn show(page: Page, token: Path<String>) -> Answer {
    let (link, introduction) = held(&page, &token).await?;
    if link.is_good(page.app.clock.now()) && introduction.turn() == Some(link.side) {
        let view = link_view(&page, &token, &link, introduction, &Fields::default(), &FieldErrors::default()).await?;
        return page.show("introduction/answer.html", &view);
    }
    let status = if has_answered(&link, &introduction) { StatusCode::OK } else { StatusCode::GONE };
    settled(&page, &link, &introduction, status)
}

/// `POST /introductions/{token}`: the answer.
pub async fn update(page: Page, token: Path<String>, Posted(fields): Posted) -> Answer {
    let (link, introduction) = held(&page, &token).await?;
    let url = format!("/introductions/{token}");
    if !link.is_good(page.app.clock.now()) || introduction.turn() != Some(link.side) {
        return again(&page, &token, &link, &introduction, &fields);
    }
    match act(&page, Answerer::with(&link), link.side, &introduction, &fields).await? {
        Acted::Done => page.go(url),
        Acted::Mend(errors) => {
            let view = link_view(&page, &token, &link, introduction, &fields, &errors).await?;
            page.refuse("introduction/answer.html", &view)
        }
        Acted::Before => {
            let (link, introduction) = held(&page, &token).await?;
            again(&page, &token, &link, &introduction, &fields)
        }
    }
}

async fn held(page: &Page, token: &str) -> Result<(Link, Introduction), WebError> {
    let link = link::look(&page.app, token).await?.ok_or(WebError::NotFound)?;
    let introduction = store::by_id(&page.app.db, link.introduction).await?.ok_or(WebError::NotFound)?;
    Ok((link, introduction))
}

/// The same answer once more gets the first one's outcome; another is told that it comes too late.
fn again(page: &Page, token: &str, link: &Link, introduction: &Introduction, fields: &Fields) -> Answer {
    if said_the_same(introduction, link.side, fields) {
        return page.go(format!("/introductions/{token}"));
    }
    let status = if has_answered(link, introduction) { StatusCode::CONFLICT } else { StatusCode::GONE };
    settled(page, link, introduction, status)
}

/// Whether the question was answered, by this link or by somebody who was signed in.
fn has_answered(link: &Link, introduction: &Introduction) -> bool {
    let said = match link.side {
        Side::Enterprise => introduction.enterprise_answer,
        Side::Team => introduction.team_answer,
    };
    let said_later = link.side == Side::Team && introduction.state == State::Later;
    link.used_at.is_some() || said.is_some() || said_later
}

fn said_the_same(introduction: &Introduction, side: Side, fields: &Fields) -> bool {
    let kind = form::kind(fields);
    let said = match side {
        Side::Enterprise => introduction.enterprise_answer,
        Side::Team => introduction.team_answer,
    };
    match said {
        Some(said) => kind == said.as_str(),
        None => kind == "later" && introduction.state == State::Later,
    }
}

fn settled(page: &Page, link: &Link, introduction: &Introduction, status: StatusCode) -> Answer {
    let now = page.app.clock.now();
    let answered = has_answered(link, introduction);
    let (title, text) = if answered && status == StatusCode::OK {
        ("introduction-link-done-title", "")
    } else if answered {
        ("introduction-link-answered-title", "introduction-link-answered-text")
    } else if introduction.state == State::TimedOut || now >= link.expires_at {
        ("introduction-link-expired-title", "introduction-link-expired-text")
    } else {
        ("introduction-link-replaced-title", "introduction-link-replaced-text")
    };
    let view = SettledView {
        title: page.word(title),
        text: if text.is_empty() { String::new() } else { page.word(text) },
        state_label: view::state_label(page, introduction.state),
        state_tone: view::state_tone(introduction.state),
        state_about: page.word(&format!("introduction-about-{}", introduction.state.as_str())),
        more: format!("/my/introductions/{}", introduction.id),
    };
    page.with_status(status, "introduction/settled.html", &view)
}

async fn link_view(
    page: &Page,
    token: &str,
    link: &Link,
    introduction: Introduction,
    fields: &Fields,
    errors: &FieldErrors,
) -> Result<LinkView, WebError> {
    let case = Case::load(&page.app.db, introduction).await?;
    let answerer = member::store::by_id(&page.app.db, link.member).await?.ok_or(WebError::NotFound)?;
    let action = format!("/introductions/{token}");
    let question = question(page, &case, link.side, &answerer, action, fields, errors).await?;
    let (title, from) = match link.side {
        Side::Team => ("introduction-answer-title", case.enterprise_for(&page.app, Side::Team, page.language())),
        Side::Enterprise => ("introduction-choice-title", case.team_for(&page.app, Side::Enterprise, page.language())),
    };
    Ok(LinkView {
        title: page.word(title),
        from,
        need: case.need_lines(&page.app, page.language()),
        shared_words: case.shared_words(&page.app, page.language()),
        due: view::due(page, &case.introduction),
        reason: case.introduction.reason,
        question,
    })
}

/// What came of a form that answers.
enum Acted {
    Done,
    Mend(FieldErrors),
    Before,
}

async fn act(
    page: &Page,
    by: Answerer,
    side: Side,
    introduction: &Introduction,
    fields: &Fields,
) -> Result<Acted, WebError> {
    let setting = form::Setting {
        now: page.app.clock.now(),
        zone: page.app.config.time_zone,
        language: page.language(),
        later_used: introduction.postponed,
    };
    match side {
        Side::Team => {
            let answer = match form::answer(fields, setting) {
                Ok(answer) => answer,
                Err(errors) => return Ok(Acted::Mend(errors)),
            };
            match answer::answer(&page.app, by, introduction.id, &answer).await {
                Ok(()) => Ok(Acted::Done),
                Err(answer::Error::NotYours) => Err(WebError::NotFound),
                Err(answer::Error::Answered) => Ok(Acted::Before),
                Err(answer::Error::LaterTwice) => {
                    Ok(Acted::Mend(FieldErrors::one("answer", "introduction-later-used")))
                }
                Err(answer::Error::Times) => Ok(Acted::Mend(FieldErrors::one("times", "introduction-times-past"))),
                Err(answer::Error::Colleague) => {
                    Ok(Acted::Mend(FieldErrors::one("colleague", "introduction-colleague-busy")))
                }
                Err(answer::Error::Fault(fault)) => Err(fault.into()),
            }
        }
        Side::Enterprise => {
            let choice = match form::choice(fields, setting, &introduction.times) {
                Ok(choice) => choice,
                Err(errors) => return Ok(Acted::Mend(errors)),
            };
            match choose::choose(&page.app, by, introduction.id, &choice).await {
                Ok(()) => Ok(Acted::Done),
                Err(choose::Error::NotYours) => Err(WebError::NotFound),
                Err(choose::Error::Answered) => Ok(Acted::Before),
                Err(choose::Error::Time) => Ok(Acted::Mend(FieldErrors::one("times", "introduction-choice-past"))),
                Err(choose::Error::ConsentWithdrawn) => {
                    Ok(Acted::Mend(FieldErrors::one("times", "introduction-choice-taken-back")))
                }
                Err(choose::Error::Fault(fault)) => Err(fault.into()),
            }
        }
    }
}

/// `GET /my/introductions/{id}`: for either side; staff have a page of their own.
pub async fn mine(page: Page, Member(me): Member, id: Path<String>) -> Answer {
    let id = number(&id)?;
    let Some((introduction, side)) = own(&page, &me, id).await? else {
        return if me.role.is_staff() && store::by_id(&page.app.db, id).await?.is_some() {
            page.go(format!("/desk/introductions/{id}"))
        } else {
            Err(WebError::NotFound)
        };
    };
    let view = ShowView::of(&page, me.id, introduction, side, &Fields::default(), &FieldErrors::default()).await?;
    page.show("introduction/show.html", &view)
}

/// `POST /my/introductions/{id}`: the answer of somebody who is signed in.
pub async fn answer_mine(page: Page, Member(me): Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    let id = number(&id)?;
    let url = format!("/my/introductions/{id}");
    let Some((introduction, side)) = own(&page, &me, id).await? else { return Err(WebError::NotFound) };
    if introduction.turn() != Some(side) {
        let same = said_the_same(&introduction, side, &fields);
        return page.go_saying(url, if same { "introduction-answered" } else { "introduction-already" });
    }
    match act(&page, Answerer::signed_in(me.id), side, &introduction, &fields).await? {
        Acted::Done => page.go_saying(url, "introduction-answered"),
        Acted::Mend(errors) => {
            let view = ShowView::of(&page, me.id, introduction, side, &fields, &errors).await?;
            page.refuse("introduction/show.html", &view)
        }
        Acted::Before => page.go_saying(url, "introduction-already"),
    }
}

/// `POST /my/introductions/{id}/withdrawal`.
pub async fn withdraw(page: Page, Member(me): Member, id: Path<String>, _: Posted) -> Answer {
    let id = number(&id)?;
    let url = format!("/my/introductions/{id}");
    match withdraw::withdraw(&page.app, me.id, id).await {
        Ok(()) => page.go_saying(url, "introduction-withdrawn"),
        Err(withdraw::Error::NotYours) => Err(WebError::NotFound),
        Err(withdraw::Error::TooLate(State::Withdrawn)) => page.go_saying(url, "introduction-withdrawn"),
        Err(withdraw::Error::TooLate(_)) => page.go_saying(url, "introduction-withdraw-late"),
        Err(withdraw::Error::Fault(fault)) => Err(fault.into()),
    }
}

fn number(id: &str) -> Result<IntroductionId, WebError> {
    id.parse().ok().ok_or(WebError::NotFound)
}

/// The introduction and the side that `me` is on; `None` when he is on neither, or on the side
/// that does not know of it yet.
async fn own(page: &Page, me: &member::SignedIn, id: IntroductionId) -> Result<Option<(Introduction, Side)>, WebError> {
    let Some(introduction) = store::by_id(&page.app.db, id).await? else { return Ok(None) };
    let mine = organisation::store::of_member(&page.app.db, me.id).await?;
    let speaks_for = |id| mine.iter().any(|each| each.id == id);
    let side =
        match (speaks_for(introduction.enterprise), speaks_for(introduction.team) && introduction.is_known_to_team()) {
            (true, true) => introduction.turn().unwrap_or(Side::Enterprise),
            (true, false) => Side::Enterprise,
            (false, true) => Side::Team,
            (false, false) => return Ok(None),
        };
    Ok(Some((introduction, side)))
}

/// Whether the enterprise refused, so that its own page says so.
fn refused_itself(introduction: &Introduction) -> bool {
    introduction.enterprise_answer == Some(Reply::Decline)
}
