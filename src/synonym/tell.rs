//! Telling this process's index which words mean the same.
//!
//! The index has the number of changes that it knows of; as long as the record has no more, there
//! is nothing to tell. Whoever keeps the index up with the database looks again and again, so
//! every node knows of a change a moment after it.

use crate::{app::App, fault::Fault, synonym::store};

/// Reads the groups again if the record has grown since the index was told.
pub async fn tell(app: &App) -> Result<(), Fault> {
    let changes = store::count_changes(&app.db).await?;
    if changes == app.index.synonyms().as_of() {
        return Ok(());
    }
    let groups: Vec<index::Group> = store::all(&app.db).await?.iter().map(|each| each.group.asked()).collect();
    // Counted before reading: a change in between is read again, never missed.
    app.index.use_synonyms(index::Synonyms::of(&groups, changes));
    Ok(())
}
