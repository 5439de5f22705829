//! What every request passes: a number for the log, the visitor's cookie, the session, the
//! language; and on the way out the headers, the error page and one line in the log.

use std::rc::Rc;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::BoxBody,
    cookie::{Cookie, SameSite, time},
    dev::{ServiceRequest, ServiceResponse},
    http::{ConnectionType, Method, StatusCode, header},
    middleware::Next,
    web::Data,
};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    member, secret,
    web::{
        Page, WebError,
        bound::Deadline,
        limit,
        page::FLASH,
        visitor::{Visit, cookie_name},
    },
    words::Language,
};

/// Nothing from elsewhere, nothing inline, never in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// The header that carries the number of a request.
const REQUEST_ID: &str = "x-request-id";

/// Seconds after which it is worth asking again when something that we need is away.
const AFTER_AN_OUTAGE: u64 = 15;

/// The middleware.
pub async fn guard(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = std::time::Instant::now();
    let app = request
        .app_data::<Data<App>>()
        .cloned()
        .ok_or_else(|| WebError::Fault(Fault::other("the app is not wired")))?;
    let deadline = Deadline::begin();
    let (visit, trouble) = arrive(&app, request.request(), deadline).await;
    let visit = Rc::new(visit);
    request.extensions_mut().insert(Rc::clone(&visit));
    request.extensions_mut().insert(deadline);
    let admitted = trouble.map_or_else(|| admit(&app, request.request()), |fault| Err(WebError::Fault(fault)));
    let (plain, answer) = match admitted {
        Err(error) => {
            let plain = request.into_parts().0;
            let answer = excuse(&app, &plain, &visit, &error);
            (plain, answer)
        }
        // The router must have the request for itself; a copy that is kept over this call makes it panic.
        Ok(()) => settle(&app, &visit, next.call(request).await?),
    };
    let answer = leave(&app, &plain, &visit, answer);
    // The pattern, never the path: paths hold tokens.
    let route = plain.match_pattern().unwrap_or_default();
    let (method, status, took) = (plain.method().as_str(), answer.status().as_u16(), started.elapsed());
    app.metrics.answered(&route, method, status, took);
    tracing::info!(
        request.id = visit.request_id,
        method,
        route,
        status,
        took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    Ok(ServiceResponse::new(plain, answer))
}

/// The answer of a handler, or the page for its error.
fn settle(app: &App, visit: &Visit, answer: ServiceResponse<BoxBody>) -> (HttpRequest, HttpResponse) {
    let (plain, answer) = answer.into_parts();
    let answer = match answer.error().map(actix_web::Error::as_error::<WebError>) {
        None => answer,
        Some(Some(error)) => excuse(app, &plain, visit, error),
        // An error that is not ours comes from the server underneath: a body too long, a path that is no path.
        Some(None) => excuse(app, &plain, visit, &WebError::BadRequest),
    };
    (plain, answer)
}

/// Counts what this network address asks for. Files and the questions of monitors are free.
fn admit(app: &App, request: &HttpRequest) -> Result<(), WebError> {
    let path = request.path();
    if path.starts_with("/static/") || is_of_monitors(path) {
        return Ok(());
    }
    app.limits.read(limit::address_of(request, &app.config.proxies))
}

fn is_of_monitors(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

async fn arrive(app: &App, request: &HttpRequest, deadline: Deadline) -> (Visit, Option<Fault>) {
    let https = app.config.is_https();
    let sent = request.cookie(cookie_name(https)).map(|cookie| cookie.value().to_owned());
    let sent = sent.filter(|value| {
        value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    // A monitor asks whether the database answers; it must not have to wait for that here.
    let nameless = request.path().starts_with("/static/") || is_of_monitors(request.path());
    let (member, trouble) = match &sent {
        Some(cookie) if !nameless => match deadline.keep(member::session::of(app, cookie)).await {
            Ok(member) => (member, None),
            Err(fault) => (None, Some(fault)),
        },
        _ => (None, None),
    };
    let visit = Visit {
        request_id: request_id(app, request),
        cookie_known: sent.is_some(),
        cookie: sent.unwrap_or_else(secret::token),
        cookie_needed: std::cell::Cell::new(false),
        language: language(request, member.as_ref().map(|member| member.language)),
        flash: request
            .cookie(FLASH)
            .map(|cookie| cookie.value().to_owned())
            .filter(|key| app.templates.words().has(key)),
        member,
    };
    (visit, trouble)
}

/// The number under which this request is found in the log. A proxy of ours may have given it one
/// already; what others send is not believed, or they could write lines that look like another's.
fn request_id(app: &App, request: &HttpRequest) -> String {
    let is_id = |id: &&str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let sent = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(is_id);
    match sent {
        Some(sent) if limit::is_proxy(request, &app.config.proxies) => sent.to_owned(),
        _ => secret::token().chars().take(12).collect(),
    }
}

/// The language asked for in the address, else the one chosen before, else the member's, else the browser's.
fn language(request: &HttpRequest, member: Option<Language>) -> Language {
    let asked = url::form_urlencoded::parse(request.query_string().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, value)| Language::parse(&value));
    let chosen = || request.cookie("ylh-lang").and_then(|cookie| Language::parse(cookie.value()));
    let accepted = || {
        let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Language::accepted(header.unwrap_or_default())
    };
    asked.or_else(chosen).or(member).unwrap_or_else(accepted)
}

#[derive(Serialize)]
struct Nothing {}

/// The page for an error. Logs a fault; this is the one door where faults end.
fn excuse(app: &App, request: &HttpRequest, visit: &Visit, error: &WebError) -> HttpResponse {
    let status = actix_web::ResponseError::status_code(error);
    if let WebError::Fault(fault) = error {
        tracing::error!(request.id = visit.request_id, %fault, "a request failed");
    }
    if let Some(why) = error.refusal() {
        app.metrics.refused(why);
        tracing::warn!(
            request.id = visit.request_id,
            why,
            route = request.match_pattern().unwrap_or_default(),
            member.id = visit.member.as_ref().map(|member| member.id.0),
            "not allowed"
        );
    }
    if matches!(error, WebError::SignIn) {
        let next = if request.method() == Method::GET {
            request.uri().path_and_query().map_or("/", |path| path.as_str())
        } else {
            "/my"
        };
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        return HttpResponse::SeeOther().insert_header((header::LOCATION, format!("/sign-in?{query}"))).finish();
    }
    let template = match status {
        StatusCode::NOT_FOUND => "error/404.html",
        StatusCode::FORBIDDEN => "error/403.html",
        StatusCode::BAD_REQUEST | StatusCode::REQUEST_TIMEOUT => "error/400.html",
        StatusCode::PAYLOAD_TOO_LARGE => "error/413.html",
        StatusCode::TOO_MANY_REQUESTS => "error/429.html",
        StatusCode::SERVICE_UNAVAILABLE => "error/503.html",
        _ => "error/500.html",
    };
    let mut answer = if request.path().starts_with("/api/") {
        let words = serde_json::json!({ "error": error_name(status), "request_id": visit.request_id });
        HttpResponse::build(status).json(words)
    } else {
        match Page::of(request).and_then(|page| page.with_status(status, template, &Nothing {})) {
            Ok(page) => page,
            Err(second) => {
                tracing::error!(request.id = visit.request_id, error = %second, "the error page failed as well");
                actix_web::ResponseError::error_response(error)
            }
        }
    };
    if matches!(error, WebError::TooLarge | WebError::TooSlow) {
        // What is left of the body is not worth waiting for; the connection is not used again.
        answer.head_mut().set_connection_type(ConnectionType::Close);
    }
    let wait = match error {
        WebError::TooMany(seconds) => Some(*seconds),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(AFTER_AN_OUTAGE),
        _ => None,
    };
    if let Some(seconds) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    answer
}

fn error_name(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("error")
}

/// The headers that every answer carries.
fn leave(app: &App, request: &HttpRequest, visit: &Visit, mut answer: HttpResponse) -> HttpResponse {
    let https = app.config.is_https();
    let public = request.path().starts_with("/static/");
    let headers = answer.headers_mut();
    if let Ok(id) = header::HeaderValue::from_str(&visit.request_id) {
        headers.insert(header::HeaderName::from_static(REQUEST_ID), id);
    }
    let mut set =
        |name: header::HeaderName, value: &'static str| headers.insert(name, header::HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    set(header::X_FRAME_OPTIONS, "DENY");
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if !public {
        // What a member sees is nobody else's to keep; other pages may be kept and asked about again.
        let private =
            visit.member.is_some() || visit.cookie_needed.get() || request.path().starts_with("/introductions");
        set(header::CACHE_CONTROL, if private { "no-store" } else { "no-cache" });
        set(header::VARY, "Accept-Language, Cookie");
    }
    let cookie = |name: &'static str, value: String| {
        Cookie::build(name, value).path("/").same_site(SameSite::Lax).secure(https).http_only(true)
    };
    let mut cookies = Vec::new();
    if visit.cookie_needed.get()
        && !visit.cookie_known
        && answer.cookies().all(|each| each.name() != cookie_name(https))
    {
        cookies.push(cookie(cookie_name(https), visit.cookie.clone()).max_age(time::Duration::days(30)).finish());
    }
    if request.cookie(FLASH).is_some()
        && answer.status() == StatusCode::OK
        && answer.cookies().all(|each| each.name() != FLASH)
    {
        cookies.push(cookie(FLASH, String::new()).max_age(time::Duration::ZERO).finish());
    }
    if url::form_urlencoded::parse(request.query_string().as_bytes()).any(|(name, _)| name == "lang") {
        cookies
            .push(cookie("ylh-lang", visit.language.as_str().to_owned()).max_age(time::Duration::days(365)).finish());
    }
    for cookie in cookies {
        if let Err(error) = answer.add_cookie(&cookie) {
            tracing::warn!(%error, "a cookie could not be set");
        }
    }
    answer
}
