//! First signs of life.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use chrono::DateTime;
use index::{Change, Document, Index, Key, Kind, Query, Text};

fn thing(id: i64, title: &str, body: &str) -> Document {
    Document {
        key: Key { kind: Kind::Result, id },
        title: title.to_string(),
        keywords: Vec::new(),
        problem: String::new(),
        body: body.to_string(),
        owner: "甲公司".to_string(),
        zone: Some("food".to_string()),
        url: format!("/results/{id}"),
        posted_at: DateTime::UNIX_EPOCH,
        expires_at: None,
    }
}

#[test]
fn what_is_applied_is_found() {
    let index = Index::in_memory().unwrap();
    let things = vec![
        thing(1, "柑橘皮提取果胶", "用柑橘皮渣提取高酯果胶的中试工艺"),
        thing(2, "锂电池回收", "退役锂电池的拆解"),
    ];
    index.apply(things.into_iter().map(Change::Replace).collect(), 7).unwrap();
    for (words, expected) in [("果胶", 1), ("电池", 2), ("退役电池拆解", 2), ("柑橘皮渣 工艺", 1), ("胶", 1)]
    {
        let page = index.search(&Query { text: words.to_string(), ..Query::default() }).unwrap();
        println!("{words}: {page:#?}");
        assert_eq!(page.hits.iter().map(|hit| hit.key.id).collect::<Vec<_>>(), [expected]);
    }
    let text = Text { title: "果胶提取".to_string(), ..Text::default() };
    println!("{:?}", index.similar(&text, Kind::Result, 3).unwrap());
}
