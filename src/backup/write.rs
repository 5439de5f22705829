//! Taking a backup while the site serves.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use crate::{
    backup::{About, Error, FORMAT, knows, store, verify},
    db::{Alone, Db},
    fault::{Context, Fault},
};

/// Writes everything into `file`, which must not exist; readable for its owner alone. Under its own
/// name it is whole: it was read back, compared and synced to disk before.
pub async fn write(db: &Db, file: &Path, now: DateTime<Utc>) -> Result<About, Error> {
    if file.exists() {
        return Err(Error::Exists(file.to_owned()));
    }
    let part = part_of(file);
    let written = write_part(db, &part, now).await;
    let about = match written {
        Ok(about) => about,
        Err(error) => {
            // What is not whole helps nobody and may be all that fills the disk.
            std::fs::remove_file(&part).ok();
            return Err(error);
        }
    };
    let named = |error| Error::File(file.to_owned(), error);
    File::open(&part).and_then(|opened| opened.sync_all()).map_err(named)?;
    // Unlike a rename, a link never takes the place of a file that came meanwhile.
    std::fs::hard_link(&part, file)
        .or_else(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Err(error),
            _ => std::fs::rename(&part, file),
        })
        .map_err(named)?;
    std::fs::remove_file(&part).ok();
    folder_of(file).and_then(|folder| File::open(folder)?.sync_all()).map_err(named)?;
    Ok(about)
}

/// The name that a backup has while it is not whole.
fn part_of(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn folder_of(file: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(file).map(|file| file.parent().map(Path::to_owned).unwrap_or(file))
}

async fn write_part(db: &Db, part: &Path, now: DateTime<Utc>) -> Result<About, Error> {
    std::fs::remove_file(part).ok();
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .map_err(|error| Error::File(part.to_owned(), error))?;
    let copy = Db::alone(part, Alone::Writing).await?;
    let view = db.snapshot().await?;
    let migrations = store::migrations(&view).await?.filter(|ran| !ran.is_empty()).ok_or(Error::Empty)?;
    let known = Db::known_migrations();
    knows("database", &migrations, &known)?;
    if !known.starts_with(&migrations) {
        return Err(Error::Between);
    }
    copy.migrate_to(migrations.len()).await?;
    let tables = store::tables(&copy).await?;
    let about = copy
        .write(async |tx| {
            let mut counted = Vec::new();
            for table in &tables {
                counted.push(store::copy(&view, tx, table).await?);
                store::number_on(tx, table, store::last_number(&view, table).await?).await?;
            }
            let about = About {
                format: FORMAT.to_owned(),
                made_at: now,
                engine: if db.is_postgres() { "postgresql" } else { "sqlite" }.to_owned(),
                program: env!("CARGO_PKG_VERSION").to_owned(),
                migrations,
                tables: counted,
            };
            store::write_about(tx, &about).await?;
            Ok::<_, Fault>(about)
        })
        .await
        .doing("writing the backup")?;
    view.end().await?;
    copy.close().await?;
    verify::verify(part).await?;
    Ok(about)
}
