//! `check`: reads the settings, tries everything they name, and says in words what is wrong.

use crate::{changes, config::Config, db::Db, fault::Fault, mail::deliver::Post};

/// Tries everything; returns one line for each part, and whether all is well.
pub async fn check(config: &Config) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    let mut well = true;
    let mut say = |part: &str, found: Result<String, String>| {
        well &= found.is_ok();
        let (mark, words) = match found {
            Ok(words) => ("ok", words),
            Err(words) => ("WRONG", words),
        };
        lines.push(format!("{part}: {mark}, {words}"));
    };
    say("settings", Ok(format!("read; the site is {}", config.link("/"))));
    let db = Db::open(&config.database_url).await;
    match &db {
        Ok(db) => say("database", database(db).await.map_err(|fault| fault.to_string())),
        Err(fault) => say("database", Err(format!("cannot be opened ({fault}); look at YLH_DATABASE_URL"))),
    }
    say("index", index(config, db.as_ref().ok()).await);
    say("mail", mail(config).await);
    (lines, well)
}

async fn database(db: &Db) -> Result<String, Fault> {
    db.ping().await?;
    let engine = if db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    Ok(match db.pending().await? {
        0 => format!("{engine}, up to date"),
        pending => format!("{engine}, {pending} migrations to run: run `yonglianhui migrate`"),
    })
}

async fn index(config: &Config, db: Option<&Db>) -> Result<String, String> {
    let folder = config.data_dir.join("index");
    if !folder.exists() {
        return Ok("not built yet; it is built from the database at the first start".to_owned());
    }
    let index = match index::Index::open(&folder) {
        Ok(index) => index,
        Err(index::Error::Locked { .. }) => return Ok("in use by a running process, which looks after it".to_owned()),
        Err(error) => return Err(format!("{error}; run `yonglianhui reindex`")),
    };
    index.verify().map_err(|error| format!("{error}; run `yonglianhui reindex`"))?;
    let applied = index.last_mark().map_err(|error| error.to_string())?;
    let lag = match db {
        Some(db) => changes::newest(db).await.map_err(|fault| fault.to_string())? - applied,
        None => 0,
    };
    Ok(format!("{} documents, {lag} changes to work off", index.count()))
}

async fn mail(config: &Config) -> Result<String, String> {
    let post = Post::open(config).map_err(|fault| fault.to_string())?;
    post.test().await.map_err(|error| format!("mail cannot leave ({error}); look at YLH_SMTP_URL"))
}
