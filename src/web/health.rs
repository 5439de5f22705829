//! Whether the process lives, and whether it is fit to serve.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use crate::{app::App, changes, web::Answer};

/// Marks that an index may lag behind and still be fit: a second of busy posting.
const MOST_LAG: i64 = 1_000;

/// `GET /healthz`: the process lives.
pub async fn healthz() -> Answer {
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}

/// `GET /readyz`: database and index are fit; each on a line of its own, in words.
pub async fn readyz(app: Data<App>) -> Answer {
    let mut lines = Vec::new();
    let mut fit = true;
    match app.db.ping().await {
        Ok(()) => lines.push("database: ok".to_owned()),
        Err(_) => {
            fit = false;
            lines.push("database: does not answer".to_owned());
        }
    }
    match (changes::newest(&app.db).await, app.index.last_mark()) {
        (Ok(newest), Ok(applied)) => {
            let lag = newest.saturating_sub(applied);
            fit &= lag <= MOST_LAG;
            lines.push(if lag <= MOST_LAG {
                format!("index: ok, {lag} changes to work off")
            } else {
                format!("index: {lag} changes behind")
            });
        }
        _ => {
            fit = false;
            lines.push("index: cannot be compared with the database".to_owned());
        }
    }
    // Without meaning everything works by words, so this is no reason to be taken out.
    if let Some(trouble) = app.meanings.provider().trouble() {
        lines.push(format!("meaning: by words alone, {trouble}"));
    }
    let status = if fit { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(lines.join("\n") + "\n"))
}
