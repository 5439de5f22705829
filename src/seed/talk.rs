//! What was made of the park's listings: introductions in every state, each with its letters.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::{
    fault::Fault,
    id::IntroductionId,
    introduction::{
        DeclineReason,
        answer::{self, Answer, Door, Phone},
        choose::{self, Choice},
        link::Answerer,
        pass, propose, withdraw,
    },
    mail,
    member,
    seed::{
        park::{Introduction, Park},
        plant::{Ground, Party},
    },
    words::Language,
    worker,
};

/// Plays every introduction of the park through to the state that its file names, and brings the
/// clock to `now`.
pub(super) async fn talk(ground: &Ground, park: &Park, now: DateTime<Utc>) -> Result<(), Fault> {
    // Those with the longest way to go begin first; what waits for the park was asked this morning.
    let mut plan: Vec<(DateTime<Utc>, &Introduction)> = park
        .introductions
        .iter()
        .zip(0_i64..)
        .map(|(each, place)| {
            let days = match each.state.as_str() {
                "timed_out" => 31,
                "exchanged" => 24 - place,
                "declined" | "withdrawn" | "channel_failed" => 18 - place,
                "later" => 6,
                "accepted" => 4,
                "awaiting_team" => 3,
                _ => 0,
            };
            (now - TimeDelta::days(days) - TimeDelta::minutes(40 - place), each)
        })
        .collect();
    plan.sort_by_key(|(begun, _)| *begun);
    for (begun, each) in plan {
        ground.until(begun);
        play(ground, each).await.map_err(|error| Fault::other(format!("seed: {} and {}: {error}", each.need, each.team)))?;
    }
    ground.until(now);
    worker::run_until_idle(&ground.app).await
}

async fn play(ground: &Ground, each: &Introduction) -> Result<(), Fault> {
    let app = &ground.app;
    let missing = || Fault::other("one of its parts is not in the park");
    let (need, owner) = ground.needs.get(&each.need).ok_or_else(missing)?;
    let firm = *ground.enterprises.get(owner).ok_or_else(missing)?;
    let team = *ground.teams.get(&each.team).ok_or_else(missing)?;
    let id = propose::propose(app, firm.member, *need, team.organisation, &each.reason, "").await.map_err(told)?;
    if each.state == "awaiting_park" {
        return Ok(());
    }
    if each.state == "channel_failed" {
        let lead = member::store::by_id(&app.db, team.member).await?.ok_or_else(missing)?;
        mail::suppress::suppress(app, &lead.email, "550 5.1.1 no such mailbox").await?;
    }
    later(ground, TimeDelta::hours(3)).await?;
    pass::pass(app, ground.broker, id).await.map_err(told)?;
    later(ground, TimeDelta::minutes(5)).await?;
    match each.state.as_str() {
        "accepted" => accept(ground, id, team).await,
        "exchanged" => {
            accept(ground, id, team).await?;
            later(ground, TimeDelta::hours(5)).await?;
            let offered = crate::introduction::store::by_id(&app.db, id).await?.ok_or_else(missing)?.times;
            let time = *offered.first().ok_or_else(missing)?;
            let choice = Choice::Take { time, phone: Phone::Shown, language: Language::Chinese };
            choose::choose(app, Answerer::signed_in(firm.member), id, &choice).await.map_err(told)?;
            later(ground, TimeDelta::minutes(5)).await
        }
        "later" => {
            later(ground, TimeDelta::hours(20)).await?;
            answer::answer(app, Answerer::signed_in(team.member), id, &Answer::Later).await.map_err(told)
        }
        "declined" => {
            later(ground, TimeDelta::hours(22)).await?;
            let reason = each.decline_reason.as_deref().and_then(DeclineReason::parse).unwrap_or(DeclineReason::Other);
            let words = each.decline_note.clone().unwrap_or_default();
            let no = Answer::Decline { reason, words, door: Door::Open, colleague: None };
            answer::answer(app, Answerer::signed_in(team.member), id, &no).await.map_err(told)
        }
        "withdrawn" => {
            later(ground, TimeDelta::hours(30)).await?;
            withdraw::withdraw(app, firm.member, id).await.map_err(told)
        }
        // What waits for the team waits; what ran out of time does so as the clock goes on.
        _ => Ok(()),
    }
}

async fn accept(ground: &Ground, id: IntroductionId, team: Party) -> Result<(), Fault> {
    later(ground, TimeDelta::hours(19)).await?;
    let ten = ground.app.clock.now().with_hour(2).and_then(|time| time.with_minute(0)).and_then(|time| time.with_second(0));
    let ten = ten.and_then(|time| time.with_nanosecond(0)).unwrap_or_else(|| ground.app.clock.now());
    let times = [6, 7, 9].map(|days| ten + TimeDelta::days(days)).to_vec();
    let yes = Answer::Accept { times, phone: Phone::Shown, language: Language::Chinese };
    answer::answer(&ground.app, Answerer::signed_in(team.member), id, &yes).await.map_err(told)?;
    later(ground, TimeDelta::minutes(5)).await
}

/// Lets time pass and everything happen that is due by then.
async fn later(ground: &Ground, by: TimeDelta) -> Result<(), Fault> {
    ground.until(ground.app.clock.now() + by);
    mail::deliver::run_once(&ground.app).await?;
    crate::introduction::clock::run_once(&ground.app).await?;
    Ok(())
}

fn told(error: impl std::fmt::Debug) -> Fault {
    Fault::other(format!("{error:?}"))
}
