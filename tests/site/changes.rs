//! Change marks, followed while others write.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use index::Kind;
use yonglianhui::{changes, fault::Fault};

use crate::support::TestApp;

/// Marks of one transaction.
const AT_ONCE: i64 = 5;
/// Transactions of one writer.
const WRITES: i64 = 25;

#[actix_web::test]
async fn writers_are_followed_in_the_order_of_their_commits() {
    let app = TestApp::start().await;
    app.leave_rest();
    let (db, begun) = (&app.app.db, changes::newest(&app.app.db).await.unwrap());
    let writers = [0, 1, 2, 3];
    let all = i64::try_from(writers.len()).unwrap() * WRITES * AT_ONCE;
    let writer = |number: i64| async move {
        for write in 0..WRITES {
            let first = (number * WRITES + write) * AT_ONCE;
            db.write(async |tx| {
                for id in first..first + AT_ONCE {
                    changes::mark(tx, Kind::Event, id);
                }
                // A statement lets the other writers go on while this one has marked and not committed.
                changes::followed(tx, "nobody").await?;
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
        }
    };
    let (mut seen, mut looks) = (BTreeSet::new(), 0);
    let follower = async {
        let mut last = begun;
        loop {
            // Whoever is seen to be done has committed before this look.
            let newest = changes::newest(db).await.unwrap();
            let marks = changes::since(db, last, 1_000).await.unwrap();
            looks += 1;
            for mark in marks {
                assert!(mark.number > last, "marks come in order");
                last = mark.number;
                seen.insert(mark.key.id);
            }
            // A mark that came in below one seen before is never read, and this would go on past the last number.
            if i64::try_from(seen.len()).unwrap() == all {
                return;
            }
            assert!(newest < begun + all || last < newest, "all is committed, and {} of {all} were seen", seen.len());
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(join_all(writers.map(writer)), follower);
    assert_eq!(seen, (0..all).collect());
    assert!(looks > 1, "the follower never looked while the others wrote");
}
