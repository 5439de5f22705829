//! Keeping this process's index up with the database, by following the change marks.
//!
//! Marks are read in order, the things that they name are read as they are now, and the index
//! takes them in one commit together with the number of the last mark. A crash between the two
//! commits repeats work and loses none.
//!
//! **Life of an index.** New or damaged: it follows the marks from the first one. Older than the
//! oldest mark that is kept, or ahead of the newest (the database was restored from a copy): it is
//! built again from the tables, in place, so that searching goes on meanwhile. Now and then
//! [`reconcile`] compares the names of what can be found on both sides, for whatever no mark tells
//! of, such as a listing whose time has just run out.
//!
//! **Invariant:** what was committed is found after a crash at any moment
//! (`killing_between_commit_and_indexing_loses_nothing`).

use std::{collections::BTreeSet, path::Path};

use index::{Change, Index, Key};

use crate::{
    app::App,
    changes::{self, Mark},
    fault::Fault,
    search::documents,
    synonym,
};

/// How many marks are worked off at once,
const AT_ONCE: u64 = 500;
/// and how many things in one commit.
const CHUNK: usize = 5000;

/// Opens the index folder of this process; a damaged or outdated one is put aside and begun anew.
pub fn open_index(folder: &Path) -> Result<Index, Fault> {
    // The dictionary takes a moment to load; better now, beside everything else, than when somebody waits.
    std::thread::spawn(|| index::analyzers::words("字典"));
    match Index::open(folder) {
        Ok(index) => Ok(index),
        Err(error @ index::Error::Damaged { .. }) => {
            tracing::warn!(%error, "the index is damaged and will be built again from the database");
            Ok(Index::rebuild(folder)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Works off one batch of marks; returns how many there were.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    synonym::tell::tell(app).await?;
    let applied = app.index.last_mark()?;
    let marks = changes::since(&app.db, applied, AT_ONCE).await?;
    if has_lost_the_thread(app, applied, marks.first()).await? {
        tracing::warn!(applied, "the index does not fit the database and is built again");
        return reindex(app, |_, _| {}).await;
    }
    let Some(last) = marks.last().map(|mark| mark.number) else { return Ok(0) };
    let keys: BTreeSet<Key> = marks.iter().map(|mark| mark.key).collect();
    apply(app, documents::with_what_they_posted(&app.db, keys).await?, last).await?;
    Ok(marks.len())
}

/// Whether marks that the index needs are gone, or marks that it has seen never were.
async fn has_lost_the_thread(app: &App, applied: i64, next: Option<&Mark>) -> Result<bool, Fault> {
    match next {
        Some(next) if next.number == applied + 1 => Ok(false),
        // A number that was never used looks the same as a mark that is gone; building again is right for both.
        Some(_) => Ok(changes::oldest(&app.db).await? > applied + 1),
        None => Ok(applied > changes::newest(&app.db).await?),
    }
}

/// Brings these things up to date in commits of a bearable size, the last one with `mark`.
async fn apply(app: &App, keys: BTreeSet<Key>, mark: i64) -> Result<(), Fault> {
    let before = app.index.last_mark()?;
    let keys: Vec<Key> = keys.into_iter().collect();
    let mut chunks = keys.chunks(CHUNK).peekable();
    while let Some(chunk) = chunks.next() {
        let changes = documents::changes(&app.db, &chunk.iter().copied().collect(), app.clock.now()).await?;
        app.index.apply(changes, if chunks.peek().is_some() { before } else { mark })?;
    }
    Ok(())
}

/// Builds the index again from the tables, telling how far it has come; returns how many things
/// can be found now. What is found meanwhile is what was found before, or newer.
pub async fn reindex(app: &App, mut progress: impl FnMut(usize, usize)) -> Result<usize, Fault> {
    // Whatever changes from here on has a higher mark and is followed afterwards.
    let newest = changes::newest(&app.db).await?;
    let before = app.index.last_mark()?;
    let wanted = documents::every_key(&app.db, app.clock.now()).await?;
    let gone = app.index.keys()?.into_iter().filter(|key| !wanted.contains(key)).map(Change::Remove).collect();
    app.index.apply(gone, before)?;
    let wanted: Vec<Key> = wanted.into_iter().collect();
    let mut done = 0;
    progress(done, wanted.len());
    for keys in wanted.chunks(CHUNK) {
        // The old mark stands until all is in: a crash on the way begins again.
        apply(app, keys.iter().copied().collect(), before).await?;
        done += keys.len();
        progress(done, wanted.len());
    }
    app.index.apply(Vec::new(), newest)?;
    Ok(done)
}

/// Puts right what the names of the things tell: what can be found and should not, and what should
/// and cannot. Returns how many were wrong.
pub async fn reconcile(app: &App) -> Result<usize, Fault> {
    let applied = app.index.last_mark()?;
    let found: BTreeSet<Key> = app.index.keys()?.into_iter().collect();
    let wanted = documents::every_key(&app.db, app.clock.now()).await?;
    let wrong: BTreeSet<Key> = found.symmetric_difference(&wanted).copied().collect();
    let count = wrong.len();
    if count > 0 {
        apply(app, wrong, applied).await?;
        tracing::info!(things = count, "the index was put right");
    }
    Ok(count)
}
