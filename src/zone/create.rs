//! Opening a zone.

use crate::{
    app::App,
    fault::Fault,
    id::ZoneId,
    zone::{NewZone, store},
};

/// Opens `zone` behind those that there are. A zone with the same slug is left as it is.
pub async fn create(app: &App, zone: &NewZone) -> Result<ZoneId, Fault> {
    app.db.write(async |tx| store::insert(tx, zone).await).await
}
