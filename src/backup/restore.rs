//! Loading a backup into the database of the settings.
//!
//! The file is read and compared before anything is touched. One of an older release is brought up
//! to date in a copy. Then everything is replaced in one transaction: whoever reads waits or sees
//! what was there before, and a kill on the way changes nothing. What was loaded is read back and
//! compared before the transaction commits.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use chrono::Utc;

use crate::{
    backup::{About, Error, knows, store, verify},
    config::Config,
    db::{Alone, Db, Tx},
    fault::Fault,
    mail,
};

/// Tables whose rows are no data of anybody's: a site that was only started has some.
const DERIVED: [&str; 7] = ["marks", "cursors", "stale_needs", "matches", "meanings", "form_keys", "backups"];

/// Whether data that is there may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The database must hold nothing.
    Empty,
    /// Everything in it is replaced.
    Overwritten,
}

/// What has happened since the backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The site went on: letters have left and sessions were ended that this backup knows nothing of.
    Unknown,
    /// Nothing: the site was stopped before, and goes on from here. Letters that wait are sent.
    Nothing,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The backup.
    pub about: About,
    /// Letters that are held for staff, since they may have been sent.
    pub held: u64,
}

/// Restores `file` into the database of the settings.
pub async fn restore(config: &Config, file: &Path, target: Target, since: Since) -> Result<Restored, Error> {
    let about = verify::verify(file).await?;
    let known = Db::known_migrations();
    knows("backup", &about.migrations, &known)?;
    let db = Db::open(&config.database_url).await?;
    if let Some(ran) = store::migrations(&db).await? {
        knows("database", &ran, &known)?;
    }
    db.migrate().await?;
    let aged = if about.migrations.len() < known.len() { Some(Aged::of(config, file).await?) } else { None };
    let file = aged.as_ref().map_or(file, |aged| aged.0.as_path());
    let held = load(config, &db, file, target, since, &about).await?;
    db.close().await?;
    Ok(Restored { about, held })
}

/// A copy of an older backup that was brought up to date; removed when it is dropped.
struct Aged(PathBuf);

impl Aged {
    async fn of(config: &Config, file: &Path) -> Result<Self, Error> {
        let path = config.data_dir.join(format!("restoring.{}.part", std::process::id()));
        let failed = |error| Error::File(path.clone(), error);
        std::fs::create_dir_all(&config.data_dir).map_err(failed)?;
        std::fs::remove_file(&path).ok();
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        let aged = Self(path.clone());
        std::fs::File::open(file).and_then(|mut from| std::io::copy(&mut from, &mut to)).map_err(failed)?;
        let copy = Db::alone(&path, Alone::Writing).await?;
        copy.migrate().await?;
        copy.close().await?;
        Ok(aged)
    }
}

impl Drop for Aged {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

async fn load(
    config: &Config,
    db: &Db,
    file: &Path,
    target: Target,
    since: Since,
    about: &About,
) -> Result<u64, Error> {
    let copy = Db::alone(file, Alone::Reading).await?;
    let tables = store::tables(&copy).await?;
    let held = db
        .write(async |tx| {
            if target == Target::Empty {
                for table in tables.iter().filter(|table| !DERIVED.contains(&table.name.as_str())) {
                    if store::has_rows(tx, table).await? {
                        return Err(Error::HasData);
                    }
                }
            }
            // A sequence of PostgreSQL is not set back by a rollback, so it is only ever set forward: what
            // stands here when we are killed must go on as it was.
            let mut given = Vec::new();
            for table in &tables {
                given.push(store::last_number(tx, table).await?);
            }
            let is_marks = |table: &store::Table| table.name == "marks";
            let seen = tables.iter().zip(&given).find(|(table, _)| is_marks(table)).map_or(0, |(_, last)| *last);
            let above = Utc::now().timestamp_micros().max(seen);
            store::empty(tx, &tables).await?;
            for (table, given) in tables.iter().zip(given) {
                let read = store::copy(&copy, tx, table).await?;
                // The last word is what the database itself says that it holds now.
                let loaded = store::count(tx, table).await?;
                if loaded != read {
                    let (rows, of) = (loaded.rows, read.rows);
                    let why = format!("{} was not loaded as it was read ({rows} rows of {of})", table.name);
                    return Err(Fault::other(why).into());
                }
                let last = store::last_number(&copy, table).await?;
                let last = if is_marks(table) { above.saturating_add(last) } else { last };
                store::number_on(tx, table, last.max(given)).await?;
            }
            store::renumber_marks(tx, above).await?;
            store::forget_backups(tx).await?;
            settle(tx, config, since, about).await
        })
        .await?;
    copy.close().await?;
    Ok(held)
}

/// Puts right what time has made untrue since the backup was made.
async fn settle(tx: &Tx, config: &Config, since: Since, about: &About) -> Result<u64, Error> {
    match since {
        Since::Nothing => Ok(0),
        Since::Unknown => {
            store::end_sessions(tx).await?;
            let words = format!("restored from the backup of {}", about.made_at.format("%Y-%m-%d %H:%M UTC"));
            Ok(mail::hold::hold_in(tx, config, &words, Utc::now()).await?)
        }
    }
}
