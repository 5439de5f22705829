//! The order of the exhibits of a zone.

use crate::{app::App, exhibit::store, fault::Fault, id::ExhibitId};

/// Which way an exhibit moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Before the one before it.
    Forward,
    /// Behind the one behind it.
    Back,
}

/// Lets an exhibit change places with its neighbour; the first and the last stay where they are.
/// `false` when there is none.
pub async fn shift(app: &App, id: ExhibitId, direction: Direction) -> Result<bool, Fault> {
    app.db
        .write(async |tx| {
            let Some(exhibit) = store::by_id(tx, id).await? else { return Ok(false) };
            let mut order: Vec<ExhibitId> =
                store::of_zone(tx, exhibit.content.zone).await?.into_iter().map(|each| each.id).collect();
            let Some(at) = order.iter().position(|each| *each == id) else { return Ok(false) };
            let to = match direction {
                Direction::Forward => at.saturating_sub(1),
                Direction::Back => (at + 1).min(order.len() - 1),
            };
            order.swap(at, to);
            store::set_order(tx, &order).await?;
            Ok(true)
        })
        .await
}
