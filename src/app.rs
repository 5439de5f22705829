//! The only wiring: everything a handler or the worker needs, made once and shared.

use std::sync::Arc;

use index::Index;
use tokio::sync::Notify;

use crate::{
    clock::Clock,
    config::Config,
    db::Db,
    encoder::held::Meanings,
    fault::{Context, Fault},
    mail::deliver::Post,
    metrics::Metrics,
    templates::Templates,
    web::limit::Limits,
};

/// The running service.
#[derive(Clone)]
pub struct App {
    /// The only truth.
    pub db: Db,
    /// What can be found; this process's own copy.
    pub index: Index,
    /// What listings mean; this process's own copy.
    pub meanings: Meanings,
    /// Pages, letters and words.
    pub templates: Templates,
    /// The way out for mail.
    pub post: Post,
    /// How much one network address may ask for.
    pub limits: Limits,
    /// What this process counts.
    pub metrics: Metrics,
    /// The time.
    pub clock: Clock,
    /// The settings.
    pub config: Arc<Config>,
    /// Rung after a write, so that the worker does not wait for its next look. Only a hint.
    pub wake: Arc<Notify>,
}

impl App {
    /// Opens everything the settings name and brings the database up to date.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, Fault> {
        let db = Db::open(&config.database_url).await?;
        db.migrate().await?;
        let index = crate::search::refresh::open_index(&config.data_dir.join("index"))?;
        Self::with(config, clock, db, index)
    }

    /// Like [`App::open`], with an empty index of its own in memory: for commands that run beside a
    /// process that serves.
    pub async fn beside(config: Config, clock: Clock) -> Result<Self, Fault> {
        let db = Db::open(&config.database_url).await?;
        db.migrate().await?;
        Self::with(config, clock, db, Index::in_memory()?)
    }

    /// Puts an app together from parts that are open already.
    pub fn with(config: Config, clock: Clock, db: Db, index: Index) -> Result<Self, Fault> {
        let templates = Templates::load().doing("loading templates")?;
        let post = Post::open(&config)?;
        let limits = Limits::new(&config);
        let meanings = Meanings::of(config.provider().map_err(Fault::other)?);
        let (config, wake) = (Arc::new(config), Arc::new(Notify::new()));
        Ok(Self { db, index, meanings, templates, post, limits, metrics: Metrics::new()?, clock, config, wake })
    }
}
