//! What was made of the park's listings: introductions in every state, each with its letters.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use crate::{
    fault::Fault,
    introduction::{
        self, DeclineReason,
        answer::{self, Answer, Door, Phone},
        choose::{self, Choice},
        link::Answerer,
        pass, propose, withdraw,
    },
    mail, member,
    seed::{
        park::{Introduction, Park},
        plant::Ground,
    },
    words::Language,
};

/// One step of one introduction.
pub(super) struct Move<'a> {
    of: &'a Introduction,
    by: By,
}

/// Who does what.
#[derive(Debug, Clone, Copy)]
enum By {
    /// The enterprise asks.
    Ask,
    /// The lead's mailbox is closed.
    Lose,
    /// Staff pass the question on.
    Pass,
    /// Staff do not pass it on, and say why.
    Stop,
    /// The team gives times.
    Accept,
    /// The team says later.
    Postpone,
    /// The team says no.
    Decline,
    /// The enterprise takes a time.
    Choose,
    /// The enterprise takes its question back.
    Withdraw,
    /// Nobody does anything, and the clocks run.
    Wait,
}

/// Every step of every introduction with its time: those with the longest way to go begin first,
/// and what waits for the park was asked this morning.
pub(super) fn moves(park: &Park, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Move<'_>)> {
    let hours = TimeDelta::hours;
    let mut all = Vec::new();
    for (each, place) in park.introductions.iter().zip(0_i64..) {
        let passed = [(hours(0), By::Ask), (hours(3), By::Pass), (hours(4), By::Wait)];
        let (days, then): (i64, &[(TimeDelta, By)]) = match each.state.as_str() {
            "awaiting_park" => (0, &[]),
            "awaiting_team" => (3, &[]),
            "accepted" => (4, &[(hours(26), By::Accept), (hours(27), By::Wait)]),
            "later" => (6, &[(hours(25), By::Postpone)]),
            "declined" => (16 - place, &[(hours(28), By::Decline), (hours(29), By::Wait)]),
            "stopped" => (7, &[]),
            "withdrawn" => (9, &[(hours(30), By::Withdraw)]),
            "channel_failed" => (5, &[]),
            "timed_out" => (31, &[(hours(24 * 20), By::Wait)]),
            _ => (
                20 - place,
                &[(hours(23), By::Accept), (hours(24), By::Wait), (hours(29), By::Choose), (hours(30), By::Wait)],
            ),
        };
        let begun = now - TimeDelta::days(days) - TimeDelta::minutes(40 - place);
        let steps: Vec<(TimeDelta, By)> = match each.state.as_str() {
            "awaiting_park" => vec![(hours(0), By::Ask)],
            "stopped" => vec![(hours(0), By::Ask), (hours(2), By::Stop)],
            "channel_failed" => std::iter::once((hours(1), By::Lose)).chain(passed).collect(),
            _ => passed.into_iter().chain(then.iter().copied()).collect(),
        };
        all.extend(steps.into_iter().map(|(after, by)| (begun + after, Move { of: each, by })));
    }
    all
}

/// Takes one step, sends the letters that are due and lets the clocks run.
pub(super) async fn play(ground: &mut Ground, step: &Move<'_>) -> Result<(), Fault> {
    let done = take(ground, step).await;
    done.map_err(|error| Fault::other(format!("seed: {} and {}, {:?}: {error}", step.of.need, step.of.team, step.by)))?;
    mail::deliver::run_once(&ground.app).await?;
    introduction::clock::run_once(&ground.app).await?;
    Ok(())
}

async fn take(ground: &mut Ground, Move { of: each, by }: &Move<'_>) -> Result<(), Fault> {
    let missing = || Fault::other("one of its parts is not in the park");
    let key = format!("{} {}", each.need, each.team);
    let team = *ground.teams.get(&each.team).ok_or_else(missing)?;
    let need = *ground.listings.get(&each.need).ok_or_else(missing)?;
    let firm = ground.asker(&each.need).ok_or_else(missing)?;
    let app = &ground.app;
    if let By::Ask = by {
        let id = propose::propose(app, firm.member, need, team.organisation, &each.reason, "").await.map_err(told)?;
        ground.introductions.insert(key, id);
        return Ok(());
    }
    let id = *ground.introductions.get(&key).ok_or_else(missing)?;
    let (as_team, as_firm) = (Answerer::signed_in(team.member), Answerer::signed_in(firm.member));
    match by {
        By::Ask | By::Wait => Ok(()),
        By::Lose => {
            let lead = member::store::by_id(&app.db, team.member).await?.ok_or_else(missing)?;
            mail::suppress::suppress(app, &lead.email, "550 5.1.1 no such mailbox").await
        }
        By::Pass => pass::pass(app, ground.broker, id).await.map_err(told),
        By::Stop => {
            let words = "这支团队目前的方向与需求里的设备不合，园区建议先补充工况，再找近一些的团队。";
            pass::stop(app, id, words).await.map_err(told)
        }
        By::Accept => {
            let ten =
                app.clock.now().with_hour(2).and_then(|time| time.with_minute(0)).and_then(|time| time.with_second(0));
            let ten = ten.and_then(|time| time.with_nanosecond(0)).unwrap_or_else(|| app.clock.now());
            let times = [6, 7, 9].map(|days| ten + TimeDelta::days(days)).to_vec();
            let yes = Answer::Accept { times, phone: Phone::Shown, language: Language::Chinese };
            answer::answer(app, as_team, id, &yes).await.map_err(told)
        }
        By::Postpone => answer::answer(app, as_team, id, &Answer::Later).await.map_err(told),
        By::Decline => {
            let reason = each.decline_reason.as_deref().and_then(DeclineReason::parse).unwrap_or(DeclineReason::Other);
            let words = each.decline_note.clone().unwrap_or_default();
            let no = Answer::Decline { reason, words, door: Door::Open, colleague: None };
            answer::answer(app, as_team, id, &no).await.map_err(told)
        }
        By::Choose => {
            let offered = introduction::store::by_id(&app.db, id).await?.ok_or_else(missing)?.times;
            let time = *offered.first().ok_or_else(missing)?;
            let choice = Choice::Take { time, phone: Phone::Shown, language: Language::Chinese };
            choose::choose(app, as_firm, id, &choice).await.map_err(told)
        }
        By::Withdraw => withdraw::withdraw(app, firm.member, id).await.map_err(told),
    }
}

fn told(error: impl std::fmt::Debug) -> Fault {
    Fault::other(format!("{error:?}"))
}
