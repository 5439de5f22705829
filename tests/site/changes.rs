//! Change marks, followed while others write.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use index::Kind;
use yonglianhui::{changes, fault::Fault};

use crate::support::TestApp;

#[actix_web::test]
async fn two_writers_are_followed_in_commit_order() {
    let app = TestApp::start().await;
    app.leave_rest();
    let (db, begun) = (&app.app.db, changes::newest(&app.app.db).await.unwrap());
    let writer = |first: i64| async move {
        for id in first..first + 25 {
            db.write(async |tx| {
                changes::mark(tx, Kind::Event, id);
                // The other writers and the follower go on while this one has marked and not committed.
                tokio::task::yield_now().await;
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
        }
    };
    let mut seen = BTreeSet::new();
    let follower = async {
        let mut last = begun;
        while seen.len() < 100 {
            for mark in changes::since(db, last, 1_000).await.unwrap() {
                // A mark that came in below one seen before would never be read.
                last = mark.number;
                seen.insert(mark.key.id);
            }
            assert!(
                seen.len() == 100
                    || changes::newest(db).await.unwrap() < begun + 100
                    || last < changes::newest(db).await.unwrap(),
                "all is committed and followed to the end, and only {} of 100 were seen",
                seen.len()
            );
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(join_all([1, 101, 201, 301].map(writer)), follower);
    assert_eq!(seen.len(), 100);
}
