//! The index itself: its folder, its lock, its damage, and the changes that go in.
//!
//! **Life.** [`Index::open`] makes or opens `dir/v{SCHEMA_VERSION}`, takes the writer's lock, reads every checksum, and only then
//! serves. [`Index::apply`] deletes and adds, commits with the mark as payload, and reloads the reader. A folder that fails its
//! checks is named [`Error::Damaged`]; [`Index::rebuild`] puts it aside (one such is kept, for whoever wants to know why) and starts
//! an empty one, whose last mark is 0, so the caller applies everything again. [`Index::begin_anew`] does the same while it serves.
//!
//! **Damage while it serves.** Whatever the engine makes of changed bytes, an error or a panic, is [`Error::Damaged`] to the asker,
//! and [`Index::is_suspect`] from then on, until somebody has looked. A file that is *cut* while it is mapped ends the process
//! (SIGBUS), as it does with everybody who maps files; the next start finds the damage.
//!
//! **A full disk.** A failed commit leaves what was committed before, and a writer that could not go back is replaced by a new one
//! at the next try, so that nothing has to be started again when there is room.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};
use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError};

use crate::Error;
use crate::analyzers::{
    CHARACTERS, CharacterTokenizer, PAIRS, PairTokenizer, SOUNDS, SoundTokenizer, WORDS, WordTokenizer,
};
use crate::document::{Change, Key, Kind};
use crate::query::Query;
use crate::schema::{Fields, ID, KIND, SCHEMA_VERSION};
use crate::searcher::{Hit, Page};
use crate::similar::{Similar, Text};
use crate::suggest::Suggestion;
use crate::synonyms::Synonyms;

/// Threads that cut texts and fill segments. A small batch keeps one of them busy, building the whole index both.
const WRITERS: usize = 2;
/// What the writers may hold in memory, together, before they write segments.
const WRITER_MEMORY: usize = 100_000_000;

/// The search index; cloning shares it.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    /// What is open now; [`Index::begin_anew`] puts another in its place.
    now: RwLock<Arc<Inner>>,
    suspect: AtomicBool,
    trouble: Mutex<Option<String>>,
    /// No part of the folder, and they outlive it: whoever keeps them tells them again.
    synonyms: RwLock<Arc<Synonyms>>,
}

struct Inner {
    /// Empty for an index in memory.
    dir: PathBuf,
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    /// `None` after a write that failed so badly that the writer could not go back.
    writer: Mutex<Option<IndexWriter>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.now().dir).field("count", &self.count()).finish()
    }
}

impl Index {
    /// Opens the index kept under `dir`, or begins an empty one.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process has it, [`Error::Damaged`] when its files are not what was written.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let folder = folder_in(dir);
        fs::create_dir_all(&folder).map_err(|source| Error::Io {
            doing: "create a folder",
            dir: folder.clone(),
            source,
        })?;
        let inner = sound(&folder, || Inner::open(&folder))?;
        remove_older(dir);
        Ok(Self::of(inner))
    }

    fn of(inner: Inner) -> Self {
        let shared = Shared {
            now: RwLock::new(Arc::new(inner)),
            suspect: AtomicBool::new(false),
            trouble: Mutex::new(None),
            synonyms: RwLock::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Puts the folder under `dir` aside, whatever its state, and begins an empty one.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process has it; [`Error::Io`] when it cannot be moved.
    pub fn rebuild(dir: &Path) -> Result<Self, Error> {
        let folder = folder_in(dir);
        if folder.exists() {
            let io = |doing| {
                let dir = folder.clone();
                move |source| Error::Io { doing, dir, source }
            };
            let lock = MmapDirectory::open(&folder)
                .map_err(|error| Error::of("open the folder", &folder, TantivyError::from(error)))?
                .acquire_lock(&INDEX_WRITER_LOCK)
                .map_err(|error| Error::of("take the lock", &folder, TantivyError::from(error)))?;
            let aside = folder.with_extension("damaged");
            if aside.exists() {
                fs::remove_dir_all(&aside).map_err(io("remove the older damaged folder"))?;
            }
            fs::rename(&folder, &aside).map_err(io("move the damaged folder aside"))?;
            drop(lock);
        }
        Self::open(dir)
    }

    /// Puts the folder aside while it is in use, and begins an empty one in its place, for every clone.
    /// What is being searched at this moment is searched to its end.
    ///
    /// # Errors
    /// As [`Index::rebuild`]; then nothing can be written until it has been called again.
    pub fn begin_anew(&self) -> Result<(), Error> {
        let mut now = self.shared.now.write().unwrap_or_else(PoisonError::into_inner);
        if now.dir.as_os_str().is_empty() {
            drop(now);
            return self.clear();
        }
        // Its lock goes with it.
        drop(now.writer.lock().unwrap_or_else(PoisonError::into_inner).take());
        let dir = now.dir.parent().map(Path::to_path_buf).unwrap_or_default();
        let fresh = Self::rebuild(&dir)?;
        *now = fresh.now();
        drop(now);
        self.shared.suspect.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Whether something was read that made no sense. [`Index::verify`] tells whether the files are to blame, and
    /// clears it when they are not.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        self.shared.suspect.load(Ordering::Relaxed)
    }

    /// Makes it suspect.
    pub fn suspect(&self) {
        self.shared.suspect.store(true, Ordering::Relaxed);
    }

    /// What is wrong with it at this moment, in words for whoever runs the site; `None` when nothing is.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says what is wrong with it, or that nothing is any more.
    pub fn set_trouble(&self, trouble: Option<String>) {
        *self.shared.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// An index that is forgotten with the process.
    ///
    /// # Errors
    /// [`Error::Engine`] only.
    pub fn in_memory() -> Result<Self, Error> {
        let fields = Fields::new();
        let dir = PathBuf::new();
        let index = tantivy::Index::create_in_ram(fields.schema.clone());
        let writer = Inner::writer(&index, &dir)?;
        Ok(Self::of(Inner::serving(dir, fields, index, writer)?))
    }

    /// The mark that the last commit reached; 0 for a new index.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it cannot be read.
    pub fn last_mark(&self) -> Result<i64, Error> {
        let now = self.now();
        let metas = now.index.load_metas().map_err(|error| Error::of("read the last mark", &now.dir, error))?;
        match metas.payload {
            None => Ok(0),
            Some(payload) => payload.parse().map_err(|error| Error::Damaged {
                dir: now.dir.clone(),
                what: format!("the last mark is not a number: {error}"),
            }),
        }
    }

    /// Makes the changes, in order, and remembers that everything up to `last_mark` is in. Visible on return; harmless to repeat.
    ///
    /// # Errors
    /// Nothing of a failed call stays.
    pub fn apply(&self, changes: Vec<Change>, last_mark: i64) -> Result<(), Error> {
        self.commit(last_mark, |writer, fields| {
            for change in &changes {
                match change {
                    Change::Replace(thing) => {
                        writer.delete_term(fields.key_term(thing.key));
                        writer.add_document(fields.document(thing))?;
                    }
                    Change::Remove(key) => {
                        writer.delete_term(fields.key_term(*key));
                    }
                }
            }
            Ok(())
        })
    }

    /// Forgets everything, the last mark too.
    ///
    /// # Errors
    /// Nothing of a failed call stays.
    pub fn clear(&self) -> Result<(), Error> {
        self.commit(0, |writer, _| writer.delete_all_documents().map(|_| ()))
    }

    /// How many things can be found.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// The names of all things that can be found, in order.
    ///
    /// # Errors
    /// [`Error::Damaged`] when a column cannot be read.
    pub fn keys(&self) -> Result<Vec<Key>, Error> {
        self.read("read the names", |now, searcher| {
            let mut keys = Vec::new();
            for segment in searcher.segment_readers() {
                let columns = Columns::of(segment).map_err(|error| Error::of("read the names", &now.dir, error))?;
                keys.extend(segment.doc_ids_alive().filter_map(|doc| columns.key(doc)));
            }
            keys.sort_unstable();
            Ok(keys)
        })
    }

    /// Compares every file with its checksum.
    ///
    /// # Errors
    /// [`Error::Damaged`] names the files.
    pub fn verify(&self) -> Result<(), Error> {
        let now = self.now();
        sound(&now.dir, || verify(&now.index, &now.dir))?;
        self.shared.suspect.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// Finds what a question asks for; see [`Query`].
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn search(&self, query: &Query) -> Result<Page, Error> {
        self.read("search", |now, searcher| {
            crate::searcher::search(searcher, &now.fields, &self.synonyms(), query)
                .map_err(|error| Error::of("search", &now.dir, error))
        })
    }

    /// These things, shown as hits of a question: for what was found another way than by its words.
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn shown(&self, text: &str, keys: &[Key]) -> Result<Vec<Hit>, Error> {
        self.read("show", |now, searcher| {
            crate::searcher::shown(searcher, &now.fields, &self.synonyms(), text, keys)
                .map_err(|error| Error::of("show", &now.dir, error))
        })
    }

    /// How many things have every word of a question; the sort and the page do not matter.
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn total(&self, query: &Query) -> Result<usize, Error> {
        self.read("count", |now, searcher| {
            crate::searcher::total(searcher, &now.fields, &self.synonyms(), query)
                .map_err(|error| Error::of("count", &now.dir, error))
        })
    }

    /// Things whose title or name has, or sounds like, what was typed so far; the best first.
    ///
    /// # Errors
    /// Never because of what was typed.
    pub fn suggest(&self, typed: &str, most: usize) -> Result<Vec<Suggestion>, Error> {
        self.read("suggest", |now, searcher| {
            crate::suggest::suggest(searcher, &now.fields, typed, most)
                .map_err(|error| Error::of("suggest", &now.dir, error))
        })
    }

    /// The words that mean the same, as they were told last.
    #[must_use]
    pub fn synonyms(&self) -> Arc<Synonyms> {
        Arc::clone(&self.shared.synonyms.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells the words that mean the same; they count from the next question on.
    pub fn use_synonyms(&self, synonyms: Synonyms) {
        *self.shared.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(synonyms);
    }

    /// The things of one kind that speak of what a text speaks of, the most similar first.
    ///
    /// # Errors
    /// Never because of the text.
    pub fn similar(&self, text: &Text, kind: Kind, limit: usize) -> Result<Vec<Similar>, Error> {
        self.similar_by(text, kind, limit, &|_, score| (score > 0.0).then_some(score))
    }

    /// The same in another order: `rank` makes of a thing and its score what it is ordered by; without one it is left out.
    ///
    /// # Errors
    /// Never because of the text.
    pub fn similar_by(
        &self,
        text: &Text,
        kind: Kind,
        limit: usize,
        rank: &dyn Fn(Key, f64) -> Option<f64>,
    ) -> Result<Vec<Similar>, Error> {
        self.read("compare", |now, searcher| {
            crate::similar::similar(searcher, &now.fields, text, kind, limit, rank)
                .map_err(|error| Error::of("compare", &now.dir, error))
        })
    }

    fn now(&self) -> Arc<Inner> {
        Arc::clone(&self.shared.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn searcher(&self) -> Searcher {
        self.now().reader.searcher()
    }

    /// Reads, and remembers when what was read made no sense.
    fn read<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Inner, &Searcher) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let now = self.now();
        let done = sound(&now.dir, || read(&now, &now.reader.searcher()));
        done.map_err(|error| {
            self.suspect();
            match error {
                // Nothing that is asked makes the engine fail, so that what it has read is to blame.
                Error::Engine { source, .. } => {
                    Error::Damaged { dir: now.dir.clone(), what: format!("it could not {doing}: {source}") }
                }
                other => other,
            }
        })
    }

    fn commit(
        &self,
        mark: i64,
        change: impl FnOnce(&IndexWriter, &Fields) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let now = self.now();
        // Whoever panicked while holding it had not committed, and every commit starts from the last one.
        let mut place: MutexGuard<'_, Option<IndexWriter>> = now.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = match place.take() {
            Some(writer) => writer,
            None => Inner::writer(&now.index, &now.dir)?,
        };
        let committed = sound(&now.dir, || {
            let committed = change(&writer, &now.fields).and_then(|()| {
                let mut prepared = writer.prepare_commit()?;
                prepared.set_payload(&mark.to_string());
                prepared.commit()
            });
            committed.map_err(|error| Error::of("write", &now.dir, error))
        });
        match committed {
            Ok(_) => *place = Some(writer),
            Err(error) => {
                // A writer that cannot even go back is dropped, and its lock with it; the first error is the one worth reading.
                if sound(&now.dir, || writer.rollback().map_err(|error| Error::of("go back", &now.dir, error))).is_ok()
                {
                    *place = Some(writer);
                }
                return Err(error);
            }
        }
        now.reader.reload().map_err(|error| Error::of("reopen after writing", &now.dir, error))
    }
}

/// Some damage makes the engine panic instead of saying so; that is still only damage.
fn sound<T>(dir: &Path, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::Damaged { dir: dir.to_path_buf(), what: "its files make no sense".into() }))
}

/// Removes what older releases kept under `dir`, unless one of them still has it open. What cannot be removed only
/// takes room.
fn remove_older(dir: &Path) {
    for version in 0..SCHEMA_VERSION {
        let folder = dir.join(format!("v{version}"));
        let free = MmapDirectory::open(&folder).is_ok_and(|folder| folder.acquire_lock(&INDEX_WRITER_LOCK).is_ok());
        if free {
            fs::remove_dir_all(&folder).ok();
            fs::remove_dir_all(folder.with_extension("damaged")).ok();
        }
    }
}

impl Inner {
    fn open(folder: &Path) -> Result<Self, Error> {
        let damaged = |what: &str| Error::Damaged { dir: folder.to_path_buf(), what: what.to_string() };
        let fault = |error| Error::of("open", folder, error);
        let fields = Fields::new();
        let directory = MmapDirectory::open(folder).map_err(|error| fault(error.into()))?;
        let exists = tantivy::Index::exists(&directory).map_err(|error| fault(error.into()))?;
        if !exists && has_segment_files(folder)? {
            return Err(damaged("its list of segments is missing"));
        }
        if exists && !folder.join(".managed.json").exists() {
            return Err(damaged("its list of files is missing"));
        }
        let index = tantivy::Index::builder()
            .schema(fields.schema.clone())
            .settings(IndexSettings::default())
            .open_or_create(directory)
            .map_err(fault)?;
        let writer = Self::writer(&index, folder)?;
        verify(&index, folder)?;
        Self::serving(folder.to_path_buf(), fields, index, writer)
    }

    fn writer(index: &tantivy::Index, dir: &Path) -> Result<IndexWriter, Error> {
        index.tokenizers().register(WORDS, TextAnalyzer::from(WordTokenizer));
        index.tokenizers().register(PAIRS, TextAnalyzer::from(PairTokenizer));
        index.tokenizers().register(CHARACTERS, TextAnalyzer::from(CharacterTokenizer));
        index.tokenizers().register(SOUNDS, TextAnalyzer::from(SoundTokenizer));
        index
            .writer_with_num_threads::<TantivyDocument>(WRITERS, WRITER_MEMORY)
            .map_err(|error| Error::of("take the lock", dir, error))
    }

    fn serving(dir: PathBuf, fields: Fields, index: tantivy::Index, writer: IndexWriter) -> Result<Self, Error> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| Error::of("open", &dir, error))?;
        Ok(Self { dir, fields, index, reader, writer: Mutex::new(Some(writer)) })
    }
}

fn folder_in(dir: &Path) -> PathBuf {
    dir.join(format!("v{SCHEMA_VERSION}"))
}

/// Whether a folder holds anything but the engine's own lists and locks.
fn has_segment_files(folder: &Path) -> Result<bool, Error> {
    let io = |source| Error::Io { doing: "list the files", dir: folder.to_path_buf(), source };
    for entry in fs::read_dir(folder).map_err(io)? {
        if !entry.map_err(io)?.file_name().to_string_lossy().starts_with('.') {
            return Ok(true);
        }
    }
    Ok(false)
}

fn verify(index: &tantivy::Index, dir: &Path) -> Result<(), Error> {
    let bad = index.validate_checksum().map_err(|error| Error::of("verify", dir, error))?;
    if bad.is_empty() {
        return Ok(());
    }
    let mut names: Vec<String> = bad.iter().map(|path| path.display().to_string()).collect();
    names.sort_unstable();
    Err(Error::Damaged { dir: dir.to_path_buf(), what: format!("changed since written: {}", names.join(", ")) })
}

/// The columns that name a thing.
pub(crate) struct Columns {
    kind: tantivy::columnar::Column<u64>,
    id: tantivy::columnar::Column<i64>,
}

impl Columns {
    pub(crate) fn of(segment: &tantivy::SegmentReader) -> tantivy::Result<Self> {
        Ok(Self { kind: segment.fast_fields().u64(KIND)?, id: segment.fast_fields().i64(ID)? })
    }

    pub(crate) fn key(&self, doc: tantivy::DocId) -> Option<Key> {
        Some(Key { kind: Kind::of_number(self.kind.first(doc)?)?, id: self.id.first(doc)? })
    }

    pub(crate) fn kind_number(&self, doc: tantivy::DocId) -> Option<u64> {
        self.kind.first(doc)
    }
}

impl Error {
    /// Tells damage and a held lock from everything else.
    fn of(doing: &'static str, dir: &Path, error: TantivyError) -> Self {
        let dir = dir.to_path_buf();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { dir },
            TantivyError::LockFailure(LockError::IoError(source), _) => Self::io(doing, dir, &source),
            TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. })
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
            | TantivyError::IoError(io_error) => Self::io(doing, dir, &io_error),
            TantivyError::DataCorruption(what) => Self::Damaged { dir, what: format!("{what:?}") },
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
                Self::Damaged { dir, what: format!("missing: {}", path.display()) }
            }
            TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(what))
            | TantivyError::IncompatibleIndex(what) => Self::Damaged { dir, what: format!("{what:?}") },
            TantivyError::SchemaError(what) => Self::Damaged { dir, what },
            other => Self::Engine { doing, source: Box::new(other) },
        }
    }

    fn io(doing: &'static str, dir: PathBuf, error: &std::io::Error) -> Self {
        match error.kind() {
            // Too short or senseless content is damage; the disk itself did what it was asked.
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData => {
                Self::Damaged { dir, what: error.to_string() }
            }
            kind => Self::Io { doing, dir, source: std::io::Error::new(kind, error.to_string()) },
        }
    }
}
