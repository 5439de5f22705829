//! A member leaves: what only he could carry on ends, the rest is carried on by a colleague.

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::{MemberId, OrganisationId},
    introduction::{
        Actor, State, Step, answer,
        case::Case,
        letters::Over,
        pass, retract,
        store::{self, Facts, Turn},
    },
    member, organisation,
};

/// Takes back every consent of the member and ends the open introductions of organisations that
/// nobody else speaks for.
pub(crate) async fn end_in(tx: &Tx, app: &App, member: MemberId, alone: &[OrganisationId]) -> Result<(), Fault> {
    for given in member::store::consents(tx, member).await? {
        if given.withdrawn_at.is_none() {
            retract::retract_in(tx, app, given.id).await?;
        }
        store::wipe_contact(tx, given.id).await?;
    }
    for introduction in store::open_of(tx, alone).await? {
        if alone.contains(&introduction.team) {
            retract::end_for_team_in(tx, app, &introduction).await?;
            continue;
        }
        let (id, from) = (introduction.id, introduction.state);
        let turn = Turn { id, from, step: Step::Withdraw, actor: Actor::Enterprise, note: "", now: app.clock.now() };
        if let Some(introduction) = store::advance(tx, &turn, Facts::none()).await? {
            pass::end_in(tx, app, introduction, from, Over::Withdrawn).await?;
        }
    }
    store::revoke_links_of(tx, member, app.clock.now()).await
}

/// Hands what the member had asked for, or was asked for his team, to whoever speaks for it longest.
/// He must have left his organisations before.
pub(crate) async fn hand_over_in(tx: &Tx, app: &App, member: MemberId, led: &[OrganisationId]) -> Result<(), Fault> {
    for introduction in store::open_asked_by(tx, member).await? {
        let Some(heir) = organisation::store::speakers(tx, introduction.enterprise).await?.first().copied() else {
            continue;
        };
        store::hand_over(tx, introduction.id, heir).await?;
        if introduction.state == State::Accepted
            && let Some(introduction) = store::by_id(tx, introduction.id).await?
        {
            answer::offer_in(tx, app, &Case::load(tx, introduction).await?).await?;
        }
    }
    for introduction in store::open_of(tx, led).await? {
        if introduction.state == State::AwaitingTeam && led.contains(&introduction.team) {
            pass::ask_in(tx, app, &Case::load(tx, introduction).await?).await?;
        }
    }
    Ok(())
}
