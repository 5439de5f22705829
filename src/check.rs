//! `check`: reads the settings, tries everything they name, and says in words what is wrong.

use chrono::Utc;

use crate::{
    backup::schedule::{self, Standing},
    changes,
    config::Config,
    db::Db,
    encoder::{self, Side},
    fault::Fault,
    mail::deliver::Post,
};

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
        Ok(db) => say("database", database(db).await.unwrap_or_else(|fault| Err(fault.to_string()))),
        Err(fault) => say("database", Err(format!("cannot be opened ({fault}); look at YLH_DATABASE_URL"))),
    }
    if let Ok(db) = &db {
        say("backup", backups(config, db).await);
    }
    say("index", index(config, db.as_ref().ok()).await);
    say("meaning", meaning(config, db.as_ref().ok()).await);
    say("mail", mail(config).await);
    (lines, well)
}

async fn database(db: &Db) -> Result<Result<String, String>, Fault> {
    db.ping().await?;
    let pending = db.pending().await?;
    if pending == 0 {
        db.try_to_write().await?;
    }
    let engine = if db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    if let Some(said) = db.unsoundness().await? {
        return Ok(Err(format!("{engine} finds the file damaged ({said}); stop the site and restore a backup")));
    }
    Ok(Ok(match pending {
        0 => format!("{engine}, up to date, takes writes"),
        pending => format!("{engine}, {pending} migrations to run: run `yonglianhui migrate`"),
    }))
}

async fn backups(config: &Config, db: &Db) -> Result<String, String> {
    let Some(folder) = &config.backup_dir else {
        return Ok("none are scheduled; name a folder with YLH_BACKUP_DIR".to_owned());
    };
    if let Some(why) = unwritable(folder) {
        return Err(format!("nothing can be written to {} ({why}); look at YLH_BACKUP_DIR", folder.display()));
    }
    if db.pending().await.map_err(|fault| fault.to_string())? > 0 {
        return Ok("looked at when the migrations have run".to_owned());
    }
    let day = |at: chrono::DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    match schedule::standing(db, true, Utc::now()).await.map_err(|fault| fault.to_string())? {
        Standing::Off | Standing::None => Ok("none yet; the worker takes the first".to_owned()),
        Standing::Good(at) => Ok(format!("the last good one is of {}", day(at))),
        Standing::Bad(at, why) => {
            let last = at
                .map_or_else(|| "there is no good one".to_owned(), |at| format!("the last good one is of {}", day(at)));
            let why =
                if why.is_empty() { "does a worker run?".to_owned() } else { format!("the last try failed: {why}") };
            Err(format!("{last}; {why}"))
        }
    }
}

/// Why no file can be made in a folder, if none can.
fn unwritable(folder: &std::path::Path) -> Option<std::io::Error> {
    let probe = folder.join(format!(".park-check.{}.part", std::process::id()));
    let made = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&probe, b""));
    std::fs::remove_file(&probe).ok();
    made.err()
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

async fn meaning(config: &Config, db: Option<&Db>) -> Result<String, String> {
    let provider = config.provider().map_err(|error| error.to_string())?;
    let Some(model) = provider.model() else { return Ok("not compared; texts are compared by their words".to_owned()) };
    let known = match db {
        Some(db) if db.pending().await.is_ok_and(|pending| pending == 0) => {
            encoder::store::count(db, &model).await.map_err(|fault| fault.to_string())?
        }
        _ => 0,
    };
    let asked = tokio::task::spawn_blocking(move || {
        provider.meanings(Side::Query, &[encoder::Text { title: "竹材防霉", rest: "" }]).map(drop)
    });
    let answered = asked.await.map_err(|error| error.to_string())?;
    answered.map_err(|error| format!("{error}; look at YLH_EMBEDDINGS_URL; until then texts are compared by words"))?;
    Ok(format!("{model} answers; {known} listings encoded"))
}

async fn mail(config: &Config) -> Result<String, String> {
    let post = Post::open(config).map_err(|fault| fault.to_string())?;
    post.test().await.map_err(|error| format!("mail cannot leave ({error}); look at YLH_SMTP_URL"))
}
