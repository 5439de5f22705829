//! The park's pages of introductions: what is due first on top, and one introduction with
//! everything that can be done about it.

use std::collections::HashMap;

use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};

use crate::{
    id::IntroductionId,
    introduction::{
        Introduction, State, Step,
        case::{Case, Fact},
        form,
        pages::{
            number,
            view::{self, Line, Notes, Stage},
        },
        pass, resend, step, store,
    },
    listing, mail, member, organisation,
    web::{Answer, Broker, FieldErrors, Fields, FormView, Page, Posted, WebError},
    words::Say,
};

#[derive(Serialize)]
struct Row {
    url: String,
    need: String,
    pair: String,
    state_label: String,
    state_tone: &'static str,
    due: String,
    asked: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    url: &'static str,
    current: bool,
}

#[derive(Serialize)]
struct IndexView {
    count: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

/// Which introductions to list.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    show: String,
}

/// `GET /desk/introductions`.
pub async fn index(page: Page, _: Broker, asked: Query<Asked>) -> Answer {
    let db = &page.app.db;
    let ended = asked.show == "ended";
    let found = if ended { store::ended(db, 200).await? } else { store::open(db, 500).await? };
    let needs: Vec<_> = found.iter().map(|each| each.need).collect();
    let organisations: Vec<_> = found.iter().flat_map(|each| [each.enterprise, each.team]).collect();
    let needs: HashMap<_, _> =
        listing::store::by_ids(db, &needs).await?.into_iter().map(|need| (need.id, need.content.title)).collect();
    let names: HashMap<_, _> =
        organisation::store::by_ids(db, &organisations).await?.into_iter().map(|each| (each.id, each.name)).collect();
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    let row = |each: &Introduction| Row {
        url: format!("/desk/introductions/{}", each.id),
        need: needs.get(&each.need).cloned().unwrap_or_default(),
        pair: format!("{} → {}", name(each.enterprise), name(each.team)),
        state_label: view::state_label(&page, each.state),
        state_tone: view::state_tone(each.state),
        due: view::due(&page, each),
        asked: page.moment(each.created_at),
    };
    let tab = |key: &str, url, current| Tab { label: page.word(key), url, current };
    let view = IndexView {
        count: page.tell(&Say::new("introduction-desk-count").with("n", found.len())),
        tabs: vec![
            tab("introduction-desk-open", "/desk/introductions", !ended),
            tab("introduction-desk-ended", "/desk/introductions?show=ended", ended),
        ],
        rows: found.iter().map(row).collect(),
    };
    page.show("introduction/desk_index.html", &view)
}

#[derive(Serialize)]
struct MailRow {
    url: String,
    to: String,
    subject: String,
    status: String,
    is_trouble: bool,
    at: String,
}

#[derive(Serialize)]
struct Linked {
    label: String,
    value: String,
    url: String,
}

#[derive(Serialize)]
struct DeskView {
    title: String,
    state_label: String,
    state_tone: &'static str,
    about: String,
    anonymous: bool,
    stages: Vec<Stage>,
    facts: Vec<Linked>,
    need: Vec<Fact>,
    reason: String,
    times: Vec<String>,
    history: Vec<Line>,
    mails: Vec<MailRow>,
    form: FormView,
    url: String,
    may_pass: bool,
    may_stop: bool,
    may_resend: bool,
}

/// `GET /desk/introductions/{id}`.
pub async fn show(page: Page, _: Broker, id: Path<String>) -> Answer {
    let id = number(&id)?;
    let view = desk_view(&page, id, None, &FieldErrors::default()).await?;
    page.show("introduction/desk.html", &view)
}

/// `POST /desk/introductions/{id}/passage`: it goes to the team.
pub async fn pass(page: Page, Broker(me): Broker, id: Path<String>, _: Posted) -> Answer {
    let id = number(&id)?;
    let done = pass::pass(&page.app, me.id, id).await;
    finish(page, id, None, done, "introduction-desk-passed").await
}

/// `POST /desk/introductions/{id}/reason`: better words for 为什么找您.
pub async fn improve(page: Page, _: Broker, id: Path<String>, Posted(fields): Posted) -> Answer {
    let id = number(&id)?;
    let reason = match form::reason(&fields) {
        Ok(reason) => reason,
        Err(errors) => return mend(page, id, fields, &errors).await,
    };
    let done = pass::improve(&page.app, id, &reason).await;
    finish(page, id, Some((fields, "reason")), done, "introduction-desk-improved").await
}

/// `POST /desk/introductions/{id}/stop`: it ends here, with words to the enterprise.
pub async fn stop(page: Page, _: Broker, id: Path<String>, Posted(fields): Posted) -> Answer {
    let id = number(&id)?;
    let words = match form::stop(&fields) {
        Ok(words) => words,
        Err(errors) => return mend(page, id, fields, &errors).await,
    };
    let done = pass::stop(&page.app, id, &words).await;
    finish(page, id, Some((fields, "words")), done, "introduction-desk-stopped").await
}

/// `POST /desk/introductions/{id}/letter`: the open question once more, under a new link.
pub async fn resend(page: Page, _: Broker, id: Path<String>, _: Posted) -> Answer {
    let id = number(&id)?;
    let url = format!("/desk/introductions/{id}");
    match resend::resend(&page.app, id).await {
        Ok(()) => page.go_saying(url, "introduction-desk-resent"),
        Err(resend::Error::NoSuch) => Err(WebError::NotFound),
        Err(resend::Error::NothingToSend(_)) => page.go_saying(url, "introduction-desk-moved"),
        Err(resend::Error::Unwanted) => page.go_saying(url, "introduction-desk-unwanted"),
        Err(resend::Error::Fault(fault)) => Err(fault.into()),
    }
}

async fn mend(page: Page, id: IntroductionId, fields: Fields, errors: &FieldErrors) -> Answer {
    let view = desk_view(&page, id, Some(fields), errors).await?;
    page.refuse("introduction/desk.html", &view)
}

async fn finish(
    page: Page,
    id: IntroductionId,
    typed: Option<(Fields, &'static str)>,
    done: Result<(), pass::Error>,
    flash: &'static str,
) -> Answer {
    let url = format!("/desk/introductions/{id}");
    match (done, typed) {
        (Ok(()), _) => page.go_saying(url, flash),
        (Err(pass::Error::NoSuch), _) => Err(WebError::NotFound),
        (Err(pass::Error::Fault(fault)), _) => Err(fault.into()),
        (Err(pass::Error::Words), Some((fields, field))) => {
            mend(page, id, fields, &FieldErrors::one(field, "introduction-desk-stop-missing")).await
        }
        (Err(pass::Error::Unwanted), _) => page.go_saying(url, "introduction-desk-unwanted"),
        (Err(pass::Error::Moved(_) | pass::Error::Words), _) => page.go_saying(url, "introduction-desk-moved"),
    }
}

async fn desk_view(
    page: &Page,
    id: IntroductionId,
    typed: Option<Fields>,
    errors: &FieldErrors,
) -> Result<DeskView, WebError> {
    page.csrf();
    let db = &page.app.db;
    let introduction = store::by_id(db, id).await?.ok_or(WebError::NotFound)?;
    let case = Case::load(db, introduction).await?;
    let introduction = &case.introduction;
    let fields = typed.unwrap_or_default();
    let fields = if fields.raw("reason").is_empty() { fields.with("reason", &introduction.reason) } else { fields };
    let state = introduction.state;
    let mails = mail::store::about(db, &introduction.about()).await?;
    Ok(DeskView {
        title: page.tell(&Say::new("introduction-desk-one").with("id", id)),
        state_label: view::state_label(page, state),
        state_tone: view::state_tone(state),
        about: page.word(&format!("introduction-about-{}", state.as_str())),
        anonymous: case.need.content.anonymous,
        stages: view::stages(page, introduction),
        facts: facts(page, &case).await?,
        need: case.need_lines(&page.app, page.language()),
        reason: introduction.reason.clone(),
        times: introduction.times.iter().map(|time| page.moment(*time)).collect(),
        history: view::history(page, introduction, Notes::Shown).await?,
        mails: mails
            .into_iter()
            .map(|mail| MailRow {
                url: format!("/desk/mails/{}", mail.id),
                to: if mail.recipient_name.is_empty() { mail.recipient.masked() } else { mail.recipient_name },
                subject: mail.subject,
                status: page.word(&format!("mail-status-{}", mail.status.as_str())),
                is_trouble: mail.status.is_trouble(),
                at: page.moment(mail.sent_at.unwrap_or(mail.created_at)),
            })
            .collect(),
        form: page.form(&fields, errors),
        url: format!("/desk/introductions/{id}"),
        may_pass: state == State::AwaitingPark,
        may_stop: step(state, Step::Stop).is_some(),
        may_resend: matches!(state, State::AwaitingTeam | State::Later | State::Accepted | State::ChannelFailed),
    })
}

async fn facts(page: &Page, case: &Case) -> Result<Vec<Linked>, WebError> {
    let introduction = &case.introduction;
    let fact = |key: &str, value: String, url: String| Linked { label: page.word(key), value, url };
    let passed_by = match introduction.passed_by {
        Some(staff) => member::store::by_id(&page.app.db, staff).await?.map(|staff| staff.name),
        None => introduction.passed_at.map(|_| page.word("introduction-actor-clock")),
    };
    let passed = introduction.passed_at.zip(passed_by).map(|(at, by)| format!("{} · {by}", page.moment(at)));
    let meeting = introduction.meeting_at.map(|at| page.moment(at));
    let reason = introduction.decline_reason.map(|each| page.word(&format!("introduction-decline-{}", each.as_str())));
    let reason = reason.map(|reason| [reason, introduction.decline_note.clone()].join(" "));
    let referred = introduction.referred_from;
    let result = match introduction.result {
        Some(result) => listing::store::by_id(&page.app.db, result).await?,
        None => None,
    };
    Ok(vec![
        fact("introduction-need", case.need.content.title.clone(), case.need.url()),
        fact("introduction-enterprise", case.enterprise.name.clone(), case.enterprise.url()),
        fact("introduction-team", case.team.organisation.name.clone(), case.team.organisation.url()),
        fact(
            "introduction-desk-result",
            result.as_ref().map(|result| result.content.title.clone()).unwrap_or_default(),
            result.as_ref().map(listing::Listing::url).unwrap_or_default(),
        ),
        fact("introduction-shared-words", case.shared_words(&page.app, page.language()), String::new()),
        fact(
            "introduction-desk-score",
            case.found.as_ref().map(|found| found.score.to_string()).unwrap_or_default(),
            String::new(),
        ),
        fact("introduction-desk-asked", page.moment(introduction.created_at), String::new()),
        fact("introduction-desk-passed-by", passed.unwrap_or_default(), String::new()),
        fact("introduction-due", view::due(page, introduction), String::new()),
        fact("introduction-meeting-at", meeting.unwrap_or_default(), String::new()),
        fact("introduction-desk-decline", reason.unwrap_or_default().trim().to_owned(), String::new()),
        fact("introduction-desk-closed-note", introduction.closed_note.clone(), String::new()),
        fact(
            "introduction-desk-referred",
            referred.map(|from| from.to_string()).unwrap_or_default(),
            referred.map(|from| format!("/desk/introductions/{from}")).unwrap_or_default(),
        ),
    ])
}
