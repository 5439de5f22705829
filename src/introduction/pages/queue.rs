//! Waiting for a full team: joining its queue, one's place, and the question whether it is still needed.

use actix_web::{http::StatusCode, web::Path};
use serde::Serialize;

use crate::{
    id::QueuedId,
    introduction::{
        form,
        pages::{Pair, cannot, new_view},
        propose,
        queue::{self, Answerer, Queued, State, estimate},
        store,
    },
    listing, organisation, team,
    web::{Answer, FieldErrors, Fields, Member, Page, Posted, WebError},
    words::Say,
};

/// `POST /queue`: the firm waits for the team.
pub async fn create(page: Page, Member(me): Member, Posted(fields): Posted) -> Answer {
    let pair = Pair { need: fields.raw("need").to_owned(), team: fields.raw("team").to_owned() };
    let (need, team) = pair.read()?;
    let joined = match form::reason(&fields) {
        Ok(reason) => queue::join(&page.app, me.id, need, team, &reason, fields.key()).await,
        Err(errors) => {
            let full = cannot(&page, propose::Error::Full)?;
            let form = page.form(&fields, &errors);
            let view = new_view(&page, me.id, need, team, Some(full), Some(form)).await?;
            return page.refuse("introduction/new.html", &view);
        }
    };
    match joined {
        Ok(id) => page.go_saying(format!("/my/queue/{id}"), "introduction-queue-joined"),
        Err(queue::Error::Before(id)) => page.go(format!("/my/queue/{id}")),
        // A place has become free meanwhile: what was written is asked at once.
        Err(queue::Error::HasPlace) => {
            let form = page.form(&fields, &FieldErrors::default());
            let view = new_view(&page, me.id, need, team, None, Some(form)).await?;
            page.refuse("introduction/new.html", &view)
        }
        Err(queue::Error::NeverFree) => refuse(page, me.id, &fields, propose::Error::Full).await,
        Err(queue::Error::Cannot(propose::Error::NamesItself)) => {
            let errors = FieldErrors::one("reason", "introduction-reason-anonymous");
            let full = cannot(&page, propose::Error::Full)?;
            let form = page.form(&fields, &errors);
            let view = new_view(&page, me.id, need, team, Some(full), Some(form)).await?;
            page.refuse("introduction/new.html", &view)
        }
        Err(queue::Error::Cannot(error)) => refuse(page, me.id, &fields, error).await,
        Err(queue::Error::NotYours | queue::Error::NotNow(_)) => Err(WebError::NotFound),
        Err(queue::Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn refuse(page: Page, me: crate::id::MemberId, fields: &Fields, error: propose::Error) -> Answer {
    let pair = Pair { need: fields.raw("need").to_owned(), team: fields.raw("team").to_owned() };
    let (need, team) = pair.read()?;
    let cannot = cannot(&page, error)?;
    let form = page.form(fields, &FieldErrors::default());
    let view = new_view(&page, me, need, team, Some(cannot), Some(form)).await?;
    page.refuse("introduction/new.html", &view)
}

#[derive(Serialize)]
struct ShowView {
    need: String,
    team: String,
    need_url: String,
    team_url: String,
    state_label: String,
    sentence: String,
    reason: String,
    since: String,
    action: String,
    may_confirm: bool,
    may_leave: bool,
    introduction_url: String,
    matches_url: String,
}

/// `GET /my/queue/{id}`.
pub async fn mine(page: Page, Member(me): Member, id: Path<String>) -> Answer {
    let queued = own(&page, me.id, &id).await?;
    let view = show_view(&page, &queued, format!("/my/queue/{}", queued.id)).await?;
    page.show("introduction/queued.html", &view)
}

/// `POST /my/queue/{id}`: still needed, or not any more.
pub async fn answer_mine(page: Page, Member(me): Member, id: Path<String>, Posted(fields): Posted) -> Answer {
    let queued = own(&page, me.id, &id).await?;
    act(&page, &Answerer::Member(me.id), &queued, &fields, format!("/my/queue/{}", queued.id)).await
}

/// `GET /queue/{token}`: what the link of the letter opens. Changes nothing.
pub async fn show(page: Page, token: Path<String>) -> Answer {
    let queued = queue::look(&page.app, &token).await?.ok_or(WebError::NotFound)?;
    let view = show_view(&page, &queued, format!("/queue/{token}")).await?;
    let is_asked = queued.state == State::Asked;
    let status = if is_asked || queued.introduction.is_some() { StatusCode::OK } else { StatusCode::GONE };
    page.with_status(status, "introduction/queued.html", &view)
}

/// `POST /queue/{token}`.
pub async fn update(page: Page, token: Path<String>, Posted(fields): Posted) -> Answer {
    let queued = queue::look(&page.app, &token).await?.ok_or(WebError::NotFound)?;
    act(&page, &Answerer::Holder(token.clone()), &queued, &fields, format!("/queue/{token}")).await
}

async fn act(page: &Page, by: &Answerer, queued: &Queued, fields: &Fields, url: String) -> Answer {
    let done = match fields.raw("answer") {
        "confirm" => queue::confirm(&page.app, by, queued.id).await.map(|_| "introduction-queue-confirmed"),
        "leave" => queue::leave(&page.app, by, queued.id).await.map(|()| "introduction-queue-left"),
        _ => return page.go(url),
    };
    match done {
        Ok(key) => page.go_saying(url, key),
        Err(queue::Error::NotYours) => Err(WebError::NotFound),
        Err(queue::Error::Fault(fault)) => Err(fault.into()),
        Err(queue::Error::Cannot(_)) => page.go_saying(url, "introduction-queue-cannot"),
        Err(queue::Error::NotNow(_) | queue::Error::Before(_) | queue::Error::HasPlace | queue::Error::NeverFree) => {
            page.go_saying(url, "introduction-already")
        }
    }
}

async fn own(page: &Page, me: crate::id::MemberId, id: &str) -> Result<Queued, WebError> {
    let id: QueuedId = id.parse().ok().ok_or(WebError::NotFound)?;
    let queued = store::queue::by_id(&page.app.db, id).await?.ok_or(WebError::NotFound)?;
    let speaks = organisation::store::speaks_for(&page.app.db, me, queued.enterprise).await?;
    if speaks { Ok(queued) } else { Err(WebError::NotFound) }
}

async fn show_view(page: &Page, queued: &Queued, action: String) -> Result<ShowView, WebError> {
    page.csrf();
    let db = &page.app.db;
    let need = listing::store::by_id(db, queued.need).await?.ok_or(WebError::NotFound)?;
    let team = team::store::by_id(db, queued.team).await?.ok_or(WebError::NotFound)?;
    let place = queue::place(db, queued).await?;
    let sentence = match queued.state {
        State::Waiting => waiting(page, &team, place),
        State::Asked => {
            let due = queued.due_at.map(|at| page.moment(at)).unwrap_or_default();
            page.tell(&Say::new("introduction-queue-asked").with("due", due))
        }
        State::Released => page.word("introduction-queue-released"),
        State::Left => page.word("introduction-queue-gone"),
    };
    Ok(ShowView {
        need_url: need.url(),
        team_url: team.organisation.url(),
        matches_url: format!("/needs/{}/matches", need.id),
        need: need.content.title,
        team: team.organisation.name.clone(),
        state_label: page.word(&format!("introduction-queue-state-{}", queued.state.as_str())),
        sentence,
        reason: queued.reason.clone(),
        since: page.moment(queued.created_at),
        action,
        may_confirm: queue::step(queued.state, queue::Step::Confirm).is_some(),
        may_leave: queue::step(queued.state, queue::Step::Leave).is_some(),
        introduction_url: queued.introduction.map(|id| format!("/my/introductions/{id}")).unwrap_or_default(),
    })
}

/// The place, and from when on it may come up.
pub(super) fn waiting(page: &Page, team: &team::Team, place: u32) -> String {
    let say = match estimate(page.app.clock.now(), page.app.config.time_zone, team, place) {
        Some(day) => Say::new("introduction-queue-place").with("place", place).with("day", page.date(day)),
        None => Say::new("introduction-queue-place-only").with("place", place),
    };
    page.tell(&say)
}
