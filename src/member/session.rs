//! Sessions: a cookie's token, kept as a hash, that stands for a signed-in member.
//!
//! A session ends by signing out (here or everywhere), when its member is barred, after seven idle
//! days, or thirty days after it began. A fresh
//! token is given at every sign-in, so a cookie that somebody planted before is worth nothing.

use chrono::TimeDelta;

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::MemberId,
    member::{SignedIn, store},
    secret,
};

/// Looks are written down at most this often, so that reading pages does not write.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// The member who is signed in with `cookie`.
pub async fn of(app: &App, cookie: &str) -> Result<Option<SignedIn>, Fault> {
    let now = app.clock.now();
    let hash = secret::hash(cookie);
    let Some((session, member)) = store::session(&app.db, &hash).await? else { return Ok(None) };
    let (idle, _) = app.config.session_lasts();
    if session.expires_at <= now || session.seen_at + idle <= now || member.barred_at.is_some() {
        return Ok(None);
    }
    if session.seen_at + NOTED_EVERY < now {
        app.db.write(async |tx| store::see_session(tx, &hash, now).await).await?;
    }
    Ok(Some(SignedIn::from(&member)))
}

/// Begins a session for `member`; returns the token of its cookie.
pub(super) async fn begin_in(tx: &Tx, app: &App, member: MemberId) -> Result<String, Fault> {
    let token = secret::token();
    let (_, longest) = app.config.session_lasts();
    let now = app.clock.now();
    store::insert_session(tx, member, &secret::hash(&token), now, now + longest).await?;
    Ok(token)
}

/// Ends the session of `cookie`.
pub async fn end(app: &App, cookie: &str) -> Result<(), Fault> {
    app.db.write(async |tx| store::delete_session(tx, &secret::hash(cookie)).await).await
}

/// Ends every session of `member`, wherever he is signed in.
pub async fn end_all(app: &App, member: MemberId) -> Result<(), Fault> {
    app.db.write(async |tx| store::delete_sessions(tx, member).await).await
}

/// In how many places `member` is signed in.
pub async fn count(app: &App, member: MemberId) -> Result<u64, Fault> {
    let (now, (idle, _)) = (app.clock.now(), app.config.session_lasts());
    store::count_sessions(&app.db, member, now - idle, now).await
}
