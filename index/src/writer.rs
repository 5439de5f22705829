//! The index itself: its folder, its lock, its damage, and the changes that go in.
//!
//! **Life.** [`Index::open`] makes or opens `dir/v{SCHEMA_VERSION}`, takes the writer's lock, reads every checksum, and only then
//! serves. [`Index::apply`] deletes and adds, commits with the mark as payload, and reloads the reader. A folder that fails its
//! checks is named [`Error::Damaged`]; [`Index::rebuild`] puts it aside (one such is kept, for whoever wants to know why) and starts
//! an empty one, whose last mark is 0, so the caller applies everything again.

use std::fs;
use std::path::{Path, PathBuf};
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
    inner: Arc<Inner>,
}

struct Inner {
    /// Empty for an index in memory.
    dir: PathBuf,
    fields: Fields,
    index: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    /// No part of the folder: whoever keeps them tells them again.
    synonyms: RwLock<Arc<Synonyms>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.inner.dir).field("count", &self.count()).finish()
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
        // The engine checks lengths and checksums, but some damage makes it panic; that is still only damage.
        let opened = std::panic::catch_unwind(|| Inner::open(&folder));
        let inner =
            opened.unwrap_or_else(|_| Err(Error::Damaged { dir: folder, what: "its files make no sense".into() }))?;
        Ok(Self { inner: Arc::new(inner) })
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

    /// An index that is forgotten with the process.
    ///
    /// # Errors
    /// [`Error::Engine`] only.
    pub fn in_memory() -> Result<Self, Error> {
        let fields = Fields::new();
        let dir = PathBuf::new();
        let index = tantivy::Index::create_in_ram(fields.schema.clone());
        let writer = Inner::writer(&index, &dir)?;
        Ok(Self { inner: Arc::new(Inner::serving(dir, fields, index, writer)?) })
    }

    /// The mark that the last commit reached; 0 for a new index.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it cannot be read.
    pub fn last_mark(&self) -> Result<i64, Error> {
        let metas = self.inner.index.load_metas().map_err(|error| self.fault("read the last mark", error))?;
        match metas.payload {
            None => Ok(0),
            Some(payload) => payload.parse().map_err(|error| Error::Damaged {
                dir: self.inner.dir.clone(),
                what: format!("the last mark is not a number: {error}"),
            }),
        }
    }

    /// Makes the changes, in order, and remembers that everything up to `last_mark` is in. Visible on return; harmless to repeat.
    ///
    /// # Errors
    /// Nothing of a failed call stays.
    pub fn apply(&self, changes: Vec<Change>, last_mark: i64) -> Result<(), Error> {
        let mut writer = self.writer();
        let fields = &self.inner.fields;
        self.commit(&mut writer, last_mark, |writer| {
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
        let mut writer = self.writer();
        self.commit(&mut writer, 0, |writer| writer.delete_all_documents().map(|_| ()))
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
        let mut keys = Vec::new();
        for segment in self.searcher().segment_readers() {
            let columns = Columns::of(segment).map_err(|error| self.fault("read the names", error))?;
            keys.extend(segment.doc_ids_alive().filter_map(|doc| columns.key(doc)));
        }
        keys.sort_unstable();
        Ok(keys)
    }

    /// Compares every file with its checksum.
    ///
    /// # Errors
    /// [`Error::Damaged`] names the files.
    pub fn verify(&self) -> Result<(), Error> {
        verify(&self.inner.index, &self.inner.dir)
    }

    /// Finds what a question asks for; see [`Query`].
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn search(&self, query: &Query) -> Result<Page, Error> {
        crate::searcher::search(&self.searcher(), &self.inner.fields, &self.synonyms(), query)
            .map_err(|error| self.fault("search", error))
    }

    /// These things, shown as hits of a question: for what was found another way than by its words.
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn shown(&self, text: &str, keys: &[Key]) -> Result<Vec<Hit>, Error> {
        crate::searcher::shown(&self.searcher(), &self.inner.fields, &self.synonyms(), text, keys)
            .map_err(|error| self.fault("show", error))
    }

    /// How many things have every word of a question; the sort and the page do not matter.
    ///
    /// # Errors
    /// Never because of what was asked.
    pub fn total(&self, query: &Query) -> Result<usize, Error> {
        crate::searcher::total(&self.searcher(), &self.inner.fields, &self.synonyms(), query)
            .map_err(|error| self.fault("count", error))
    }

    /// Things whose title or name has, or sounds like, what was typed so far; the best first.
    ///
    /// # Errors
    /// Never because of what was typed.
    pub fn suggest(&self, typed: &str, most: usize) -> Result<Vec<Suggestion>, Error> {
        crate::suggest::suggest(&self.searcher(), &self.inner.fields, typed, most)
            .map_err(|error| self.fault("suggest", error))
    }

    /// The words that mean the same, as they were told last.
    #[must_use]
    pub fn synonyms(&self) -> Arc<Synonyms> {
        Arc::clone(&self.inner.synonyms.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells the words that mean the same; they count from the next question on.
    pub fn use_synonyms(&self, synonyms: Synonyms) {
        *self.inner.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(synonyms);
    }

    /// The things of one kind that speak of what a text speaks of, the most similar first.
    ///
    /// # Errors
    /// Never because of the text.
    pub fn similar(&self, text: &Text, kind: Kind, limit: usize) -> Result<Vec<Similar>, Error> {
        crate::similar::similar(&self.searcher(), &self.inner.fields, text, kind, limit)
            .map_err(|error| self.fault("compare", error))
    }

    fn searcher(&self) -> Searcher {
        self.inner.reader.searcher()
    }

    fn writer(&self) -> MutexGuard<'_, IndexWriter> {
        // Whoever panicked while holding it had not committed, and every commit starts from the last one.
        self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(
        &self,
        writer: &mut IndexWriter,
        mark: i64,
        change: impl FnOnce(&IndexWriter) -> tantivy::Result<()>,
    ) -> Result<(), Error> {
        let committed = change(writer).and_then(|()| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&mark.to_string());
            prepared.commit()
        });
        if let Err(error) = committed {
            // A writer that cannot even go back has told us so already; the first error is the one worth reading.
            let _ = writer.rollback();
            return Err(self.fault("write", error));
        }
        self.inner.reader.reload().map_err(|error| self.fault("reopen after writing", error))
    }

    fn fault(&self, doing: &'static str, error: TantivyError) -> Error {
        Error::of(doing, &self.inner.dir, error)
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
        Ok(Self { dir, fields, index, reader, writer: Mutex::new(writer), synonyms: RwLock::default() })
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
