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
//! of, such as a listing whose time has just run out, and every file with its checksum.
//!
//! **While it serves.** A damaged index is put aside and built again at once
//! (`a_damaged_index_is_put_aside_and_built_again_while_it_serves`). One that cannot be written, since
//! its disk is full, goes on finding what it held; [`Index::trouble`] says so to `/readyz`, and the
//! next try that goes through takes it back (`a_full_index_folder_is_said_and_repairs_itself`).
//!
//! **Invariant:** what was committed is found after a crash at any moment
//! (`killing_between_commit_and_indexing_loses_nothing`).

use std::{collections::BTreeSet, path::Path};

use index::{Change, Index, Key};

use crate::{
    app::App,
    changes::{self, Mark},
    fault::{Cause, Fault},
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

/// Works off one batch of marks; returns how many there were. An index that has come to harm is
/// looked at first, and begun anew if need be.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    if app.index.is_suspect() {
        tracing::warn!("the index answered nonsense and is compared with its checksums");
    }
    let examined = if app.index.is_suspect() { app.index.verify().map_err(Fault::from) } else { Ok(()) };
    let done = match examined {
        Ok(()) => follow(app).await,
        Err(fault) => Err(fault),
    };
    let done = match done {
        Err(fault) if fault.is_damage() => begin_anew(app, &fault).await,
        done => done,
    };
    match &done {
        Ok(_) if app.index.trouble().is_some() => {
            app.index.set_trouble(None);
            tracing::info!("the index is well again");
        }
        // A database that is away is told of by itself.
        Err(fault) => {
            if let Cause::Index(error) = fault.cause() {
                app.index.set_trouble(Some(in_words(error)));
            }
        }
        _ => {}
    }
    done
}

/// For a page that everybody may read: without the folder, which the log tells.
fn in_words(error: &index::Error) -> String {
    match error {
        index::Error::Io { doing, source, .. } => format!("the disk refused to {doing}: {source}"),
        index::Error::Damaged { .. } => "it is damaged".to_owned(),
        index::Error::Locked { .. } => "another process has it".to_owned(),
        index::Error::Engine { doing, .. } => format!("it could not {doing}"),
    }
}

async fn begin_anew(app: &App, why: &Fault) -> Result<usize, Fault> {
    tracing::error!(%why, "the index is put aside and built again from the database");
    app.index.set_trouble(Some("it was damaged and is being built again".to_owned()));
    app.index.begin_anew()?;
    reindex(app, |_, _| {}).await
}

async fn follow(app: &App) -> Result<usize, Fault> {
    // A process that has just started finds out what was known before.
    app.meanings.refresh(&app.db, &[]).await?;
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
        // Before the mark is said to be seen: who follows it compares by meaning as well.
        app.meanings.refresh(&app.db, chunk).await?;
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
/// and cannot. Returns how many were wrong. Files that have changed since they were written are a fault.
pub async fn reconcile(app: &App) -> Result<usize, Fault> {
    app.index.verify()?;
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
