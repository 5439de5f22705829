//! The desk of the park staff: one queue of everything that waits for them, what spoils first on
//! top, and who is staff.
//!
//! The queue is derived: it asks every feature what waits and keeps nothing of its own, so an
//! entry is gone when its cause is. Acting happens on the pages of the features.

pub mod pages;

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    calendar,
    fault::Fault,
    introduction::{self, Introduction, State, TOO_LITTLE_TOO_OFTEN},
    listing::{self, Listing},
    mail::{self, Mail},
    organisation::{self, Organisation},
};

/// Working days that staff promise for looking at a listing or an organisation (PRODUCT J3).
const PROMISED_DAYS: u32 = 2;
/// Entries of one kind that the queue reads at most.
const MOST: u64 = 200;

/// Something that waits for staff.
pub enum Waiting {
    /// A request that nobody has passed on or stopped.
    Request(Introduction),
    /// An introduction whose letter did not arrive.
    Broken(Introduction),
    /// An introduction that will close by itself within a day.
    Closing(Introduction),
    /// A listing that was sent in.
    Review(Box<Listing>),
    /// A need that was renewed again and again, and no team was ever asked for (复诊).
    Checkup(Box<Listing>),
    /// A need of which three teams said that it tells too little.
    TooLittle(Box<Listing>),
    /// An organisation that was entered.
    Papers(Organisation),
    /// A mail that did not get through.
    Letter(Box<Mail>),
}

/// One line of the queue.
pub struct Entry {
    /// What waits.
    pub what: Waiting,
    /// When it spoils.
    pub due_at: DateTime<Utc>,
}

/// The queue, what spoils first on top.
pub async fn queue(app: &App) -> Result<Vec<Entry>, Fault> {
    let now = app.clock.now();
    let calendar = calendar::store::load(&app.db).await?;
    let promised = |since: DateTime<Utc>| calendar.add_working_days(since, PROMISED_DAYS, app.config.time_zone);
    let mut queue = Vec::new();
    for each in introduction::store::open(&app.db, MOST).await? {
        let due_at = each.due_at.unwrap_or(each.updated_at);
        let what = match each.state {
            State::AwaitingPark => Waiting::Request(each),
            State::ChannelFailed => Waiting::Broken(each),
            State::AwaitingTeam | State::Accepted
                if due_at <= now + chrono::TimeDelta::days(1) && each.due_at.is_some() =>
            {
                Waiting::Closing(each)
            }
            _ => continue,
        };
        queue.push(Entry { what, due_at });
    }
    for each in listing::store::in_review(&app.db, MOST).await? {
        let due_at = promised(each.submitted_at.unwrap_or(each.updated_at));
        queue.push(Entry { what: Waiting::Review(Box::new(each)), due_at });
    }
    let renewed = listing::store::often_renewed(&app.db, listing::CHECKUP_AFTER, MOST).await?;
    let said = introduction::store::said_too_little(&app.db, None).await?;
    let often: Vec<_> = said.iter().filter(|(_, at)| at.len() >= TOO_LITTLE_TOO_OFTEN).map(|(need, _)| *need).collect();
    for each in listing::store::by_ids(&app.db, &often).await?.into_iter().filter(Listing::is_open) {
        let answers = said.get(&each.id).map_or(&[][..], Vec::as_slice);
        if each.answers_since_mended(answers) >= TOO_LITTLE_TOO_OFTEN {
            let due_at = promised(answers.iter().copied().max().unwrap_or(each.updated_at));
            queue.push(Entry { what: Waiting::TooLittle(Box::new(each)), due_at });
        }
    }
    let renewed_ids: Vec<_> = renewed.iter().map(|each| each.id).collect();
    let asked_for = introduction::store::asked_for(&app.db, &renewed_ids).await?;
    for each in renewed.into_iter().filter(|each| !asked_for.contains(&each.id)) {
        let due_at = promised(each.confirmed_at.unwrap_or(each.updated_at));
        queue.push(Entry { what: Waiting::Checkup(Box::new(each)), due_at });
    }
    for each in organisation::store::pending(&app.db).await? {
        let due_at = promised(each.created_at);
        queue.push(Entry { what: Waiting::Papers(each), due_at });
    }
    for each in mail::store::trouble(&app.db, MOST).await? {
        // Somebody waits for a letter that will not come: that is due when it failed.
        let due_at = each.created_at;
        queue.push(Entry { what: Waiting::Letter(Box::new(each)), due_at });
    }
    queue.sort_by_key(|entry| entry.due_at);
    Ok(queue)
}
