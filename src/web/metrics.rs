//! `/metrics`: what an operator's monitoring reads, as Prometheus text (README, "Watching it").

use std::time::Instant;

use actix_web::{HttpRequest, HttpResponse, http::header, web::Data};
use chrono::{DateTime, Utc};

use crate::{
    app::App,
    backup, changes,
    fault::Fault,
    mail::{self, store::Lane},
    matching,
    metrics::{CONTENT_TYPE, Sheet},
    secret,
    web::Answer,
};

/// `GET /metrics`.
pub async fn metrics(app: Data<App>, request: HttpRequest) -> Answer {
    if !is_for(&app, &request) {
        app.metrics.refused("metrics");
        return Ok(HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
            .content_type("text/plain; charset=utf-8")
            .body("metrics are for monitoring: send the token of YLH_METRICS_TOKEN as Authorization: Bearer …\n"));
    }
    let sheet = Sheet::default();
    sheet.set_process()?;
    sheet.set_each(
        "ylh_build_info",
        "Always 1; the label tells the release.",
        ["version"],
        [([env!("CARGO_PKG_VERSION")], 1.0)],
    )?;
    database(&app, &sheet).await?;
    // Without its database the process still says so, and what it has counted.
    if let Err(fault) = rows(&app, &sheet).await {
        tracing::warn!(%fault, "metrics about rows could not be read");
    }
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(app.metrics.text(&sheet)?))
}

/// Whether the asker may read them: he has the token, or he is on this machine and nobody stands
/// between. A proxy on this machine that the settings do not name gives itself away by its headers.
fn is_for(app: &App, request: &HttpRequest) -> bool {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let (Some(token), Some(sent)) = (&app.config.metrics_token, sent.and_then(|sent| sent.strip_prefix("Bearer "))) {
        return secret::same(token, sent);
    }
    let is_near = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let forwarded = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];
    is_near && app.config.proxies.is_empty() && !forwarded.iter().any(|name| request.headers().contains_key(*name))
}

async fn database(app: &App, sheet: &Sheet) -> Result<(), Fault> {
    let asked = Instant::now();
    let answers = app.db.ping().await.is_ok();
    let took = asked.elapsed().as_secs_f64();
    sheet.set("ylh_database_up", "1 while the database answers.", if answers { 1.0 } else { 0.0 })?;
    sheet.set("ylh_database_ping_seconds", "How long the database took to answer just now.", took)?;
    let connections = app.db.connections();
    sheet.set_each(
        "ylh_database_connections",
        "Open connections of this process, by what they do.",
        ["state"],
        [(["idle"], f64::from(connections.idle)), (["busy"], f64::from(connections.busy))],
    )?;
    sheet.set("ylh_database_connections_max", "Connections that this process may open.", f64::from(connections.most))
}

async fn rows(app: &App, sheet: &Sheet) -> Result<(), Fault> {
    let now = app.clock.now();
    let counts = mail::store::counts(&app.db).await?;
    let many = |status: mail::Status| counts.iter().find(|(each, _)| *each == status).map_or(0, |(_, many)| *many);
    sheet.set_each(
        "ylh_mails",
        "Mails, by status.",
        ["status"],
        mail::Status::ALL.map(|status| ([status.as_str()], number(many(status)))),
    )?;
    sheet.set_each(
        "ylh_mail_trouble",
        "Mails that did not get through and that staff have not put aside, by status.",
        ["status"],
        mail::store::count_trouble(&app.db).await?.into_iter().map(|(status, many)| ([status.as_str()], number(many))),
    )?;
    let lanes = mail::store::lanes(&app.db).await?;
    let of = |figure: fn(&Lane, DateTime<Utc>) -> f64| lanes.each_ref().map(|lane| ([lane.name], figure(lane, now)));
    sheet.set_each("ylh_mail_waiting", "Mails on their way, by lane.", ["lane"], of(|lane, _| number(lane.waiting)))?;
    sheet.set_each(
        "ylh_mail_oldest_seconds",
        "Age of the oldest mail on its way, by lane.",
        ["lane"],
        of(|lane, now| seconds(lane.oldest, now)),
    )?;
    sheet.set_each(
        "ylh_mail_overdue_seconds",
        "How long the mail that is due longest has been due, by lane.",
        ["lane"],
        of(|lane, now| seconds(lane.due, now)),
    )?;
    let (newest, applied) = (changes::newest(&app.db).await?, app.index.last_mark()?);
    let behind = newest.saturating_sub(applied).max(0);
    let first = changes::since(&app.db, applied, 1).await?.first().map(|mark| mark.made_at);
    sheet.set(
        "ylh_index_marks_behind",
        "Changes that this process's index has not seen yet.",
        number(behind.unsigned_abs()),
    )?;
    sheet.set(
        "ylh_index_behind_seconds",
        "Age of the oldest change that this process's index has not seen.",
        // Marks carry the machine's time, not the app's.
        seconds(first, Utc::now()),
    )?;
    let stale = matching::store::count_stale(&app.db).await?;
    sheet.set("ylh_suggestions_waiting", "Needs whose suggestions wait to be computed.", number(stale))?;
    let good = backup::schedule::last_good(&app.db).await?;
    let at = good.and_then(|at| u64::try_from(at.timestamp()).ok()).map_or(0.0, number);
    sheet.set("ylh_backup_last_success_timestamp_seconds", "When the last good backup was made; 0 for never.", at)
}

fn seconds(since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    since.map_or(0.0, |since| (now - since).to_std().unwrap_or_default().as_secs_f64())
}

/// A count as a number with a point; beyond 2^32 it does not matter which.
fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
