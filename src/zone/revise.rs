//! Rewriting a zone.

use crate::{
    app::App,
    fault::Fault,
    zone::{NewZone, store},
};

/// Writes what the zone with this slug says; its slug stays, since addresses lead to it. `false`
/// when there is no such zone.
pub async fn revise(app: &App, slug: &str, zone: &NewZone) -> Result<bool, Fault> {
    app.db.write(async |tx| store::update(tx, slug, zone).await).await
}
