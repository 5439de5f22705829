//! Writing to an address no more: staff know that it is dead, as from a returned paper letter.

use crate::{
    app::App,
    fault::Fault,
    mail::{Address, enqueue::address_hash, store},
};

/// Nothing but sign-in letters is sent to `address` from now on, until staff send a letter to it again.
pub async fn suppress(app: &App, address: &Address, reason: &str) -> Result<(), Fault> {
    let hash = address_hash(&app.config, address);
    app.db.write(async |tx| store::suppress(tx, &hash, reason, None, app.clock.now()).await).await
}
