//! A visitor's tour: the exhibits that he looked at, kept under a code.

use crate::{
    app::App,
    db::Tx,
    exhibit::{random_code, store},
    fault::Fault,
    id::ExhibitId,
};

/// How long a code is: 8 of 31 letters, too many to guess at the rate that pages may be read.
const CODE: usize = 8;
/// How many exhibits a tour holds; the oldest go.
pub const MOST: usize = 40;

/// Keeps a tour, and returns its code: the one that it has, or a new one.
pub async fn keep(app: &App, code: &str, seen: &[ExhibitId]) -> Result<String, Fault> {
    app.db.write(async |tx| keep_in(tx, app, code, seen).await).await
}

/// [`keep`] in a transaction.
pub(super) async fn keep_in(tx: &Tx, app: &App, code: &str, seen: &[ExhibitId]) -> Result<String, Fault> {
    let Some(mut kept) = (if code.is_empty() { None } else { store::tour(tx, code).await? }) else {
        let code = random_code(CODE);
        store::insert_tour(tx, &code, &newest(seen.to_vec()), app.clock.now()).await?;
        return Ok(code);
    };
    let fresh: Vec<ExhibitId> = seen.iter().copied().filter(|each| !kept.contains(each)).collect();
    kept.extend(fresh);
    store::set_tour(tx, code, &newest(kept)).await?;
    Ok(code.to_owned())
}

fn newest(mut seen: Vec<ExhibitId>) -> Vec<ExhibitId> {
    let gone = seen.len().saturating_sub(MOST);
    seen.drain(..gone);
    seen
}
