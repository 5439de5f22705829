//! Looking into the database itself: what is there, whole or not at all.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, Statement};
use yonglianhui::db::{Db, Read as _};

/// The first column of every row, as text.
pub(crate) async fn column(database: &str, sql: &str) -> Vec<String> {
    let db = Db::open(database).await.unwrap();
    let engine = db.reader().get_database_backend();
    let rows = db.reader().query_all_raw(Statement::from_string(engine, sql)).await.unwrap();
    let all = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect();
    db.close().await.unwrap();
    all
}

/// One number.
pub(crate) async fn count(database: &str, sql: &str) -> i64 {
    let sql = sql.replacen("count(*)", "CAST(count(*) AS TEXT)", 1);
    column(database, &sql).await[0].parse().unwrap()
}

/// Every need that was answered as saved is there, no need is there in half, and the file is sound.
pub(crate) async fn nothing_lost(database: &str, saved: &[&str]) {
    let there: BTreeSet<String> = column(database, "SELECT title FROM listings").await.into_iter().collect();
    let lost: Vec<_> = saved.iter().filter(|title| !there.contains(**title)).collect();
    assert!(lost.is_empty(), "answered as saved, and gone: {lost:?}");
    let halves = [
        "SELECT count(*) FROM listings WHERE state <> 'in_review' OR submitted_at IS NULL",
        "SELECT count(*) FROM listings WHERE NOT EXISTS (SELECT 1 FROM form_keys WHERE answer = CAST(listings.id AS TEXT))",
        "SELECT count(*) FROM form_keys WHERE form_key LIKE '%needof%' AND answer = ''",
    ];
    for half in halves {
        assert_eq!(count(database, half).await, 0, "{half}");
    }
    if database.starts_with("sqlite:") {
        assert_eq!(column(database, "PRAGMA integrity_check").await, ["ok"]);
    }
}
