//! Whether a backup is whole: it opens, SQLite finds it sound, and every table has the rows that it
//! says, with the digest that was taken when they were read from the site.

use std::path::Path;

use crate::{
    backup::{About, Error, FORMAT, store},
    db::{Alone, Db},
};

/// Reads all of a backup and says what it is.
pub async fn verify(file: &Path) -> Result<About, Error> {
    std::fs::File::open(file).map_err(|error| Error::File(file.to_owned(), error))?;
    let Ok(copy) = Db::alone(file, Alone::Reading).await else { return Err(Error::Foreign(file.to_owned())) };
    let found = read(&copy, file).await;
    copy.close().await?;
    found
}

async fn read(copy: &Db, file: &Path) -> Result<About, Error> {
    // A file that SQLite cannot read is the file's fault, not the program's.
    let damaged = |why: String| Error::Damaged(file.to_owned(), why);
    match copy.unsoundness().await {
        Ok(None) => {}
        Ok(Some(said)) => return Err(damaged(said)),
        Err(fault) if fault.to_string().contains("not a database") => return Err(Error::Foreign(file.to_owned())),
        Err(fault) => return Err(damaged(fault.to_string())),
    }
    let about = store::about(copy).await.map_err(|fault| damaged(fault.to_string()))?;
    let Some(about) = about.filter(|about| about.format == FORMAT) else {
        return Err(Error::Foreign(file.to_owned()));
    };
    let tables = store::tables(copy).await.map_err(|fault| damaged(fault.to_string()))?;
    if tables.len() != about.tables.len() {
        return Err(damaged(format!("{} tables of {}", tables.len(), about.tables.len())));
    }
    for table in &tables {
        let found = store::count(copy, table).await.map_err(|fault| damaged(fault.to_string()))?;
        if !about.tables.contains(&found) {
            return Err(damaged(format!("the table {} does not hold what was written", table.name)));
        }
    }
    Ok(about)
}
