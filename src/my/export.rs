//! Everything that is a member's own, as one JSON file: to read, to check and to take elsewhere
//! (PIPL 45). Only his own: the other side's contact and number are in none of it, except in letters
//! that were written to him.

use serde_json::{Map, Value, json};

use crate::{
    app::App,
    fault::Fault,
    id::MemberId,
    member,
    my::store::{self, PARTS},
};

/// Reads it, from one view of the database; `None` when there is no such member.
pub async fn export(app: &App, member: MemberId) -> Result<Option<Value>, Fault> {
    let view = app.db.snapshot().await?;
    let Some(own) = member::store::by_id(&view, member).await? else { return Ok(None) };
    let mut all = Map::new();
    all.insert("format".to_owned(), json!("yonglianhui-member/1"));
    all.insert("site".to_owned(), json!(app.config.link("/")));
    all.insert("exported_at".to_owned(), json!(app.clock.now()));
    for (name, sql) in PARTS {
        all.insert((*name).to_owned(), Value::Array(store::part(&view, sql, member, &own.email).await?));
    }
    view.end().await?;
    Ok(Some(Value::Object(all)))
}
