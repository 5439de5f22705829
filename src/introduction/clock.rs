//! Silence, counted in working days.
//!
//! A question's clock starts when its letter was sent, not when it was written. What is due is
//! moved on: a request that waits for staff passes, what was put off is asked again, a question
//! that nobody answered closes in kind words and counts as no refusal. A letter that was refused or
//! could not be delivered makes the introduction wait for staff at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    calendar::{self, Calendar},
    fault::Fault,
    id::MailId,
    introduction::{
        Actor, Introduction, State, Step,
        letters::{self, Over},
        pass, resend,
        store::{self, Facts, Turn},
    },
    mail::{self, Mail, Status},
    member,
};

/// How many are looked at in one go.
const AT_ONCE: u64 = 500;

/// Works off what is due once; returns how many introductions were moved.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let calendar = calendar::store::load(&app.db).await?;
    let mut done = 0;
    for introduction in store::due(&app.db, app.clock.now(), AT_ONCE).await? {
        done += usize::from(move_on(app, &introduction).await?);
    }
    let unclocked = store::unclocked(&app.db, AT_ONCE).await?;
    let letters: Vec<MailId> = unclocked.iter().filter_map(|each| each.letter).collect();
    if letters.is_empty() {
        return Ok(done);
    }
    let mails: HashMap<MailId, Mail> =
        mail::store::by_ids(&app.db, &letters).await?.into_iter().map(|mail| (mail.id, mail)).collect();
    for introduction in &unclocked {
        if let Some(mail) = introduction.letter.and_then(|letter| mails.get(&letter)) {
            done += usize::from(hear(app, &calendar, introduction, mail).await?);
        }
    }
    Ok(done)
}

/// Moves on what is due. Somebody may have answered since it was read; then nothing happens.
async fn move_on(app: &App, introduction: &Introduction) -> Result<bool, Fault> {
    match introduction.state {
        State::AwaitingPark => {
            let passed = app.db.write(async |tx| pass::pass_in(tx, app, None, introduction.id).await).await;
            match passed {
                Ok(()) => Ok(true),
                Err(pass::Error::Unwanted) => stop(app, introduction).await,
                Err(pass::Error::Fault(fault)) => Err(fault),
                Err(pass::Error::NoSuch | pass::Error::Moved(_) | pass::Error::Words) => Ok(false),
            }
        }
        State::Later => {
            let asked = app.db.write(async |tx| resend::resend_in(tx, app, introduction.id, Actor::Clock).await).await;
            match asked {
                Ok(()) => Ok(true),
                Err(resend::Error::Unwanted) => stop(app, introduction).await,
                Err(resend::Error::Fault(fault)) => Err(fault),
                Err(resend::Error::NoSuch | resend::Error::NothingToSend(_)) => Ok(false),
            }
        }
        State::AwaitingTeam | State::Accepted | State::ChannelFailed => run_out(app, introduction).await,
        State::Exchanged
        | State::Met
        | State::NotHeld
        | State::Declined
        | State::TimedOut
        | State::Withdrawn
        | State::Stopped => Ok(false),
    }
}

/// Stops what has lost its sense since it was asked, and tells the asker in general words.
async fn stop(app: &App, introduction: &Introduction) -> Result<bool, Fault> {
    let asker = member::store::by_id(&app.db, introduction.asked_by).await?;
    let language = asker.map(|asker| asker.language).unwrap_or_default();
    let words = app.templates.words().word(language, "introduction-stopped-by-itself");
    match app.db.write(async |tx| pass::stop_in(tx, app, introduction.id, &words, Actor::Clock).await).await {
        Ok(()) => Ok(true),
        Err(pass::Error::Fault(fault)) => Err(fault),
        Err(pass::Error::NoSuch | pass::Error::Moved(_) | pass::Error::Unwanted | pass::Error::Words) => Ok(false),
    }
}

async fn run_out(app: &App, before: &Introduction) -> Result<bool, Fault> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            let turn =
                Turn { id: before.id, from: before.state, step: Step::RunOut, actor: Actor::Clock, note: "", now };
            let Some(introduction) = store::advance(tx, &turn, Facts::none()).await? else { return Ok(false) };
            let case = pass::end_in(tx, app, introduction, before.state, Over::Silent).await?;
            // Letters to the enterprise did not arrive before; its page says what became of it.
            let unreachable = before.state == State::ChannelFailed && before.team_answer.is_some();
            if !unreachable {
                mail::enqueue(tx, app, letters::timed_out(app, &case, &case.asker, before.state)?).await?;
            }
            Ok(true)
        })
        .await
}

/// Hears what became of the letter that asks.
async fn hear(app: &App, calendar: &Calendar, introduction: &Introduction, mail: &Mail) -> Result<bool, Fault> {
    match mail.status {
        Status::Queued | Status::Sending | Status::Replaced | Status::Withdrawn => Ok(false),
        Status::Sent => start(app, calendar, introduction, mail, mail.sent_at.unwrap_or_else(|| app.clock.now())).await,
        // It may have arrived, so that its time counts; staff see it among the troubled mails.
        Status::Uncertain => start(app, calendar, introduction, mail, app.clock.now()).await,
        Status::Failed | Status::Expired | Status::Suppressed => {
            let note = mail.status.as_str();
            app.db.write(async |tx| pass::lose_in(tx, app, introduction, note).await).await
        }
    }
}

async fn start(
    app: &App,
    calendar: &Calendar,
    introduction: &Introduction,
    mail: &Mail,
    from: DateTime<Utc>,
) -> Result<bool, Fault> {
    let days = match introduction.state {
        State::Accepted => app.config.choice_days,
        _ => app.config.answer_days,
    };
    let due = calendar.add_working_days(from, days, app.config.time_zone);
    app.db.write(async |tx| store::start_clock(tx, introduction.id, mail.id, due).await).await
}
