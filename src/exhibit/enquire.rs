//! A visitor writes to an exhibitor.

use crate::{
    app::App,
    exhibit::{Exhibit, NewEnquiry, Standing, enquiry_number, letters, store, tour},
    fault::Fault,
    id::ExhibitId,
    mail, member,
    once::{self, Spent},
    organisation,
};

/// Why it was not taken.
#[derive(Debug)]
pub enum Error {
    /// The exhibit cannot be seen any more, or not yet.
    NotShown,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Takes an enquiry down, adds it to the visitor's tour, and tells the exhibitor's people by a
/// letter that names nobody. Returns the code of the tour. The same form twice makes one enquiry.
pub async fn enquire(
    app: &App,
    exhibit: &Exhibit,
    new: &NewEnquiry,
    tour_code: &str,
    seen: &[ExhibitId],
    key: &str,
) -> Result<String, Error> {
    let now = app.clock.now();
    if exhibit.standing(now.with_timezone(&app.config.time_zone).date_naive()) != Standing::Shown {
        return Err(Error::NotShown);
    }
    let code = app
        .db
        .write(async |tx| {
            if let Spent::Before(answer) = once::spend(tx, None, key, now).await? {
                return Ok(answer);
            }
            let tour = tour::keep_in(tx, app, tour_code, seen).await?;
            let number = enquiry_number();
            store::insert_enquiry(tx, &number, exhibit.id, &tour, new, now).await?;
            let speakers = organisation::store::speakers(tx, exhibit.content.organisation).await?;
            for member in member::store::by_ids(tx, &speakers).await? {
                mail::enqueue(tx, app, letters::enquiry(app, &member, exhibit, new, &number)?).await?;
            }
            once::answer(tx, None, key, &tour).await?;
            Ok::<_, Fault>(tour)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(code)
}
