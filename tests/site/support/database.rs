//! A database of its own for every test, copied from one that was migrated once.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;
use yonglianhui::db::{Db, Read};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Where one test's database is, and how it is removed.
pub(crate) struct Database {
    pub(crate) url: String,
    dropped: Option<(String, String)>,
}

/// A fresh, migrated database; on SQLite it lies in `folder`.
pub(crate) async fn fresh(folder: &Path) -> Database {
    match std::env::var("YLH_TEST_POSTGRES") {
        Ok(server) => on_postgres(&server).await,
        Err(_) => on_sqlite(folder).await,
    }
}

async fn on_sqlite(folder: &Path) -> Database {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(|| async {
            let folder = tempfile::Builder::new().prefix("ylh-template").tempdir().unwrap().keep();
            let path = folder.join("park.db");
            let db = Db::open(&format!("sqlite://{}", path.display())).await.unwrap();
            db.migrate().await.unwrap();
            db.close().await.unwrap();
            path
        })
        .await;
    let path = folder.join("park.db");
    std::fs::copy(template, &path).unwrap();
    Database { url: format!("sqlite://{}", path.display()), dropped: None }
}

async fn on_postgres(server: &str) -> Database {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let (base, _) = server.rsplit_once('/').expect("YLH_TEST_POSTGRES ends in /DATABASE");
    let template = TEMPLATE
        .get_or_init(|| async {
            let name = format!("ylh_template_{}", std::process::id());
            command(server, &format!("CREATE DATABASE {name}")).await;
            let db = Db::open(&format!("{base}/{name}")).await.unwrap();
            db.migrate().await.unwrap();
            db.close().await.unwrap();
            name
        })
        .await;
    let name = format!("ylh_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    command(server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    Database { url: format!("{base}/{name}"), dropped: Some((server.to_owned(), name)) }
}

async fn command(server: &str, statement: &str) {
    let db = Db::open(server).await.unwrap();
    db.reader().execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((server, name)) = self.dropped.take() else { return };
        // The test's own runtime is ending; the clean-up needs one of its own.
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(command(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        drop.join().ok();
    }
}
