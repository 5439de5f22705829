//! Entering and taking back days of the calendar. What is due already stays due when it was.

use chrono::NaiveDate;

use crate::{
    app::App,
    calendar::{Holiday, store},
    fault::Fault,
};

/// Says what a day is; a day that was entered before is entered anew.
pub async fn declare(app: &App, holiday: &Holiday) -> Result<(), Fault> {
    app.db.write(async |tx| store::put(tx, holiday).await).await
}

/// Takes a day back: it is again what was published, or what its day of the week says.
pub async fn take_back(app: &App, day: NaiveDate) -> Result<(), Fault> {
    app.db.write(async |tx| store::delete(tx, day).await).await
}
