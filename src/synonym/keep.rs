//! Entering, rewriting and removing a group. The record of who did it is of the same transaction.

use crate::{
    app::App,
    fault::Fault,
    id::{MemberId, SynonymId},
    synonym::{Deed, Flaw, NewSynonym, store, tell},
};

/// Why a group was not kept.
#[derive(Debug)]
pub enum Error {
    /// It makes no sense, alone or beside the others.
    Flawed(Flaw),
    /// There is no such group.
    Gone,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Enters a group. One that is there already, word for word, stays as it is.
pub async fn add(app: &App, by: MemberId, group: &NewSynonym) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let others: Vec<NewSynonym> = store::all(tx).await?.into_iter().map(|each| each.group).collect();
            if others.contains(group) {
                return Ok(());
            }
            if let Some(flaw) = group.flaw(&others) {
                return Err(Error::Flawed(flaw));
            }
            let id = store::insert(tx, group).await?;
            Ok(store::record(tx, id, group, Deed::Added, by, now).await?)
        })
        .await?;
    Ok(tell::tell(app).await?)
}

/// Rewrites a group.
pub async fn change(app: &App, by: MemberId, id: SynonymId, group: &NewSynonym) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let all = store::all(tx).await?;
            if !all.iter().any(|each| each.id == id) {
                return Err(Error::Gone);
            }
            let others: Vec<NewSynonym> = all.into_iter().filter(|each| each.id != id).map(|each| each.group).collect();
            if let Some(flaw) = group.flaw(&others) {
                return Err(Error::Flawed(flaw));
            }
            store::update(tx, id, group).await?;
            Ok(store::record(tx, id, group, Deed::Changed, by, now).await?)
        })
        .await?;
    Ok(tell::tell(app).await?)
}

/// Removes a group.
pub async fn remove(app: &App, by: MemberId, id: SynonymId) -> Result<(), Error> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let there = store::all(tx).await?.into_iter().find(|each| each.id == id).ok_or(Error::Gone)?;
            store::delete(tx, id).await?;
            Ok::<_, Error>(store::record(tx, id, &there.group, Deed::Removed, by, now).await?)
        })
        .await?;
    Ok(tell::tell(app).await?)
}
