//! Pages of signing in and of a member's own particulars.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time},
    web::{Path, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    id::MemberId,
    mail::{self, Status},
    member::{
        form,
        sign_in::{self, AskError, Spent, Ticket},
        store,
    },
    metrics::SignIn,
    web::{Answer, FieldErrors, Fields, FormView, Member, Page, Posted, WebError, limit, page::local, visitor},
    words::Say,
};

#[derive(Serialize)]
struct NewView {
    form: FormView,
}

/// What the sign-in page may be asked for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`.
pub async fn new(page: Page, asked: Query<Asked>) -> Answer {
    page.csrf();
    let fields = Fields::blank().with("next", local(&asked.next));
    page.show("member/sign_in.html", &NewView { form: page.form(&fields, &FieldErrors::default()) })
}

/// `POST /sign-in`: an address, or the digits that were sent to it.
pub async fn create(page: Page, request: HttpRequest, Posted(fields): Posted) -> Answer {
    if let Some(ticket) = Ticket::open(&page.app, fields.raw("ticket")) {
        return spend(page, fields, ticket).await;
    }
    let email = match form::email(&fields) {
        Ok(email) => email,
        Err(errors) => return refuse_address(page, &fields, &errors),
    };
    let from = limit::address_of(&request, &page.app.config.proxies);
    page.app.limits.sign_in(from).inspect_err(|_| note(&page, SignIn::Throttled, None))?;
    match sign_in::ask(&page.app, &email, page.language(), &local(fields.raw("next"))).await {
        Ok(ticket) => {
            note(&page, SignIn::Letter, None);
            page.go(code_url(&ticket))
        }
        Err(AskError::TooMany(seconds)) => {
            note(&page, SignIn::Throttled, None);
            let minutes = seconds.div_ceil(60);
            refuse_address(
                page,
                &fields,
                &FieldErrors::one("email", Say::new("member-too-many").with("minutes", minutes)),
            )
        }
        Err(AskError::Fault(fault)) => Err(fault.into()),
    }
}

/// Counts a try to sign in and writes it down; never with an address, and with a number only when
/// the member has proved who he is.
fn note(page: &Page, outcome: SignIn, member: Option<MemberId>) {
    page.app.metrics.sign_in(outcome);
    tracing::info!(
        request.id = page.visit.request_id,
        outcome = outcome.as_str(),
        member.id = member.map(|member| member.0),
        "sign-in"
    );
}

fn note_spent(page: &Page, spent: &Spent) {
    match spent {
        Spent::In(_, member) => note(page, SignIn::In, Some(member.id)),
        Spent::Wrong(_) => note(page, SignIn::Wrong, None),
        Spent::Dead | Spent::Closed | Spent::Barred => note(page, SignIn::Dead, None),
    }
}

fn refuse_address(page: Page, fields: &Fields, errors: &FieldErrors) -> Answer {
    page.csrf();
    let form = page.form(fields, errors);
    page.refuse("member/sign_in.html", &NewView { form })
}

fn code_url(ticket: &str) -> String {
    format!("/sign-in/code?ticket={ticket}")
}

#[derive(Serialize)]
struct CodeView {
    form: FormView,
    masked: String,
    again: String,
    refused: bool,
    demo_code: Option<String>,
    demo_link: Option<String>,
}

/// The ticket of the page between the two steps.
#[derive(Deserialize)]
pub struct Held {
    #[serde(default)]
    ticket: String,
}

/// `GET /sign-in/code`: where the digits are typed; tells at once if the mail server refused the address.
pub async fn code(page: Page, held: Query<Held>) -> Answer {
    let Some(ticket) = Ticket::open(&page.app, &held.ticket) else { return page.go("/sign-in") };
    page.csrf();
    let fields = Fields::default().with("ticket", &held.ticket);
    let view = code_view(&page, &fields, &ticket, &FieldErrors::default()).await?;
    page.show("member/code.html", &view)
}

async fn code_view(page: &Page, fields: &Fields, ticket: &Ticket, errors: &FieldErrors) -> Result<CodeView, WebError> {
    let letter = mail::store::by_id(&page.app.db, ticket.mail_id).await?;
    let next = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", &ticket.next).finish();
    Ok(CodeView {
        form: page.form(fields, errors),
        masked: mail::Address::parse(&ticket.email).map(|email| email.masked()).unwrap_or_default(),
        again: format!("/sign-in?{next}"),
        refused: letter.is_some_and(|letter| matches!(letter.status, Status::Failed | Status::Suppressed)),
        demo_code: ticket.shown.as_ref().map(|(code, _)| code.clone()),
        demo_link: ticket.shown.as_ref().map(|(_, link)| format!("/sign-in/{link}")),
    })
}

async fn spend(page: Page, fields: Fields, ticket: Ticket) -> Answer {
    let errors = match form::code(&fields) {
        Err(errors) => errors,
        Ok(digits) => {
            let spent = sign_in::spend_code(&page.app, &ticket, &digits, page.language()).await?;
            note_spent(&page, &spent);
            match spent {
                Spent::In(token, member) => return enter_with(&page, &token, &member, &ticket.next),
                Spent::Wrong(left) => FieldErrors::one("code", Say::new("member-code-wrong").with("left", left)),
                Spent::Dead => FieldErrors::one("code", "member-code-dead"),
                Spent::Closed => FieldErrors::one("code", "member-digits-closed"),
                Spent::Barred => FieldErrors::one("code", "member-barred"),
            }
        }
    };
    page.csrf();
    let view = code_view(&page, &fields, &ticket, &errors).await?;
    page.refuse("member/code.html", &view)
}

#[derive(Serialize)]
struct LinkView {
    masked: Option<String>,
    action: String,
}

/// `GET /sign-in/{token}`: shows a button. Looking changes nothing, since mail scanners look.
pub async fn show(page: Page, token: Path<String>) -> Answer {
    page.csrf();
    let email = sign_in::look(&page.app, &token).await?;
    let view = LinkView { masked: email.map(|email| email.masked()), action: format!("/sign-in/{token}") };
    page.show("member/link.html", &view)
}

/// `POST /sign-in/{token}`.
pub async fn enter(page: Page, token: Path<String>, Posted(_): Posted) -> Answer {
    let spent = sign_in::spend_link(&page.app, &token, page.language()).await?;
    note_spent(&page, &spent);
    match spent {
        Spent::In(cookie, member) => enter_with(&page, &cookie, &member, "/my"),
        Spent::Wrong(_) | Spent::Dead | Spent::Closed | Spent::Barred => {
            let view = LinkView { masked: None, action: String::new() };
            page.with_status(actix_web::http::StatusCode::GONE, "member/link.html", &view)
        }
    }
}

fn enter_with(page: &Page, token: &str, member: &crate::member::Member, next: &str) -> Answer {
    let next = match (next, member.role.is_staff()) {
        ("" | "/", true) => "/desk",
        ("" | "/", false) => "/my",
        (next, _) => next,
    };
    let mut answer = page.go(next)?;
    set_cookie(page, &mut answer, token, time::Duration::days(30));
    Ok(answer)
}

fn set_cookie(page: &Page, answer: &mut HttpResponse, value: &str, lasts: time::Duration) {
    let https = page.app.config.is_https();
    let cookie = Cookie::build(visitor::cookie_name(https), value.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(https)
        .max_age(lasts)
        .finish();
    if let Err(error) = answer.add_cookie(&cookie) {
        tracing::error!(%error, "the session's cookie could not be set");
    }
}

/// `POST /sign-out`.
pub async fn leave(page: Page, _: Member, Posted(_): Posted) -> Answer {
    crate::member::session::end(&page.app, &page.visit.cookie).await?;
    tracing::info!(request.id = page.visit.request_id, "signed out");
    let mut answer = page.go_saying("/", "member-signed-out")?;
    set_cookie(&page, &mut answer, "", time::Duration::ZERO);
    Ok(answer)
}

/// `POST /my/sessions/closure`: signs out wherever the member is signed in.
pub async fn leave_everywhere(page: Page, Member(member): Member, Posted(_): Posted) -> Answer {
    crate::member::session::end_all(&page.app, member.id).await?;
    tracing::info!(request.id = page.visit.request_id, member.id = member.id.0, "signed out everywhere");
    let mut answer = page.go_saying("/", "member-signed-out-everywhere")?;
    set_cookie(&page, &mut answer, "", time::Duration::ZERO);
    Ok(answer)
}

#[derive(Serialize)]
struct EditView {
    form: FormView,
    email: String,
    sessions: String,
}

async fn edit_view(page: &Page, id: MemberId, form: FormView, email: String) -> Result<EditView, WebError> {
    let many = crate::member::session::count(&page.app, id).await?;
    Ok(EditView { form, email, sessions: page.tell(&Say::new("member-sessions").with("many", many)) })
}

/// `GET /my/particulars`.
pub async fn edit(page: Page, Member(member): Member) -> Answer {
    let member = store::by_id(&page.app.db, member.id).await?.ok_or(WebError::NotFound)?;
    let fields = Fields::default().with("name", &member.name).with("title", &member.title).with("phone", &member.phone);
    let form = page.form(&fields, &FieldErrors::default());
    let view = edit_view(&page, member.id, form, member.email.to_string()).await?;
    page.show("member/particulars.html", &view)
}

/// `POST /my/particulars`.
pub async fn update(page: Page, Member(member): Member, Posted(fields): Posted) -> Answer {
    match form::particulars(&fields) {
        Ok(particulars) => {
            crate::member::describe::describe(
                &page.app,
                member.id,
                &particulars.name,
                &particulars.title,
                &particulars.phone,
            )
            .await?;
            page.go_saying("/my", "member-particulars-saved")
        }
        Err(errors) => {
            let email = store::by_id(&page.app.db, member.id).await?.ok_or(WebError::NotFound)?.email.to_string();
            let view = edit_view(&page, member.id, page.form(&fields, &errors), email).await?;
            page.refuse("member/particulars.html", &view)
        }
    }
}
