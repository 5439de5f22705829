//! Whether the process lives, and whether it is fit to serve.

use std::time::Duration;

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use tokio::time::timeout;

use crate::{app::App, changes, web::Answer};

/// Marks that an index may lag behind and still be fit: a second of busy posting.
const MOST_LAG: i64 = 1_000;
/// How long a monitor is kept waiting for a part that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process lives.
pub async fn healthz() -> Answer {
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}

/// `GET /readyz`: `ok` or `degraded`, then each part on a line of its own, in words.
pub async fn readyz(app: Data<App>) -> Answer {
    let database = database(&app).await;
    // Without a database there is nothing to compare with.
    let index =
        if database.is_ok() { index(&app).await } else { Err("cannot be compared with the database".to_owned()) };
    let fit = database.is_ok() && index.is_ok();
    let mut lines = vec![if fit { "ok" } else { "degraded" }.to_owned()];
    for (part, found) in [("database", database), ("index", index)] {
        lines.push(match found {
            Ok(words) => format!("{part}: ok{words}"),
            Err(words) => format!("{part}: {words}"),
        });
    }
    // Without meaning everything works by words, so this is no reason to be taken out.
    if let Some(trouble) = app.meanings.provider().trouble() {
        lines.push(format!("meaning: by words alone, {trouble}"));
    }
    let status = if fit { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(lines.join("\n") + "\n"))
}

async fn database(app: &App) -> Result<String, String> {
    match timeout(PATIENCE, app.db.ping()).await {
        Ok(Ok(())) if app.db.takes_writes() => Ok(String::new()),
        Ok(Ok(())) => Err("can be read and not be written; is its disk full?".to_owned()),
        Ok(Err(_)) | Err(_) => Err("does not answer".to_owned()),
    }
}

async fn index(app: &App) -> Result<String, String> {
    if let Some(trouble) = app.index.trouble() {
        return Err(format!("what is found may be old: {trouble}"));
    }
    let newest = timeout(PATIENCE, changes::newest(&app.db)).await;
    let (Ok(Ok(newest)), Ok(applied)) = (newest, app.index.last_mark()) else {
        return Err("cannot be compared with the database".to_owned());
    };
    let lag = newest.saturating_sub(applied);
    if lag <= MOST_LAG { Ok(format!(", {lag} changes to work off")) } else { Err(format!("{lag} changes behind")) }
}
