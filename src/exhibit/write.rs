//! Entering an exhibit, and writing it anew.

use index::Kind;

use crate::{
    app::App,
    changes,
    exhibit::{NewExhibit, random_code, store},
    fault::Fault,
    id::{ExhibitId, MemberId},
    once::{self, Spent},
};

/// How long the word in a QR code is: short codes print large.
const CODE: usize = 6;

/// Enters a draft behind the others of its zone. The same form twice makes one.
pub async fn create(app: &App, by: MemberId, new: &NewExhibit, key: &str) -> Result<ExhibitId, Fault> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            if let Spent::Before(answer) = once::spend(tx, Some(by), key, now).await? {
                return answer.parse().ok().ok_or_else(|| Fault::corrupt("the answer of a form key"));
            }
            let code = random_code(CODE).to_ascii_lowercase();
            let id = store::insert(tx, &code, new, now).await?;
            once::answer(tx, Some(by), key, &id.to_string()).await?;
            Ok(id)
        })
        .await
}

/// Writes an exhibit anew; its code stays, since it is printed. `false` when there is none.
pub async fn revise(app: &App, id: ExhibitId, new: &NewExhibit) -> Result<bool, Fault> {
    let done = app
        .db
        .write(async |tx| {
            changes::mark(tx, Kind::Exhibit, id.0);
            store::update(tx, id, new, app.clock.now()).await
        })
        .await;
    app.wake.notify_waiters();
    done
}
