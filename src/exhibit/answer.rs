//! An exhibitor, or staff in his stead, answers a visitor, who reads it on his tour.

use crate::{
    app::App,
    exhibit::store,
    fault::Fault,
    id::{EnquiryId, MemberId},
};

/// Writes the answer; a later one takes the place of an earlier. `false` when there is no such enquiry.
pub async fn answer(app: &App, by: MemberId, id: EnquiryId, text: &str) -> Result<bool, Fault> {
    app.db.write(async |tx| store::set_answer(tx, id, text, by, app.clock.now()).await).await
}
