//! A year after its end a listing is archived, and what leads to a person is taken out of it.
//!
//! What was wanted, by which kind of organisation, and how it ended stay for the figures. What its
//! introductions hold is erased by their own room ([`crate::introduction::erase`]), which calls this.

use crate::{
    app::App,
    changes,
    db::Tx,
    fault::Fault,
    id::ListingId,
    listing::{Actor, Happened, Step, step, store},
};

/// Archives and erases one listing in a transaction.
pub async fn erase_in(tx: &Tx, app: &App, id: ListingId) -> Result<(), Fault> {
    let now = app.clock.now();
    let Some(listing) = store::by_id(tx, id).await? else { return Ok(()) };
    if let Some(to) = step(listing.state, Step::Archive) {
        store::move_state(tx, id, listing.state, to, now, None, None).await?;
    }
    store::erase(tx, id, now).await?;
    let line = Happened {
        step: "erased".to_owned(),
        actor: Actor::Clock,
        note: String::new(),
        changes: Vec::new(),
        made_at: now,
    };
    store::note(tx, id, &line, None).await?;
    changes::mark(tx, listing.kind.indexed(), id.0);
    Ok(())
}
