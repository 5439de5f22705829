//! A member takes his consent back (PIPL 15): as easily as he gave it, and at once.
//!
//! Before contacts are exchanged the introduction ends with it. Afterwards the other side's page
//! shows the contact no more, letters that would still show it are stopped, and the other side is
//! asked to delete what it has. What was disclosed stays recorded.
//!
//! **Invariant:** after a consent was taken back nothing more is disclosed on the strength of it
//! (`a_consent_that_was_taken_back_discloses_nothing_more`).

use crate::{
    app::App,
    db::Tx,
    fault::{Cause, Fault},
    id::{ConsentId, MemberId},
    introduction::{
        Actor, Introduction, Side, Step,
        case::Case,
        letters,
        store::{self, Facts, Turn},
    },
    mail, member, team,
};

/// Why nothing was taken back.
#[derive(Debug)]
pub enum Error {
    /// There is no such consent, or somebody else gave it.
    NotYours,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl<C: Into<Cause>> From<C> for Error {
    fn from(cause: C) -> Self {
        Self::Fault(cause.into().into())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Takes a consent back; a second time changes nothing.
pub async fn retract(app: &App, member: MemberId, consent: ConsentId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let given = member::store::consent(tx, consent).await?.filter(|given| given.member == member);
            if given.ok_or(Error::NotYours)?.withdrawn_at.is_none() {
                retract_in(tx, app, consent).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    tracing::info!(consent.id = consent.0, "a consent was taken back");
    app.wake.notify_waiters();
    Ok(())
}

/// [`retract`] in a transaction.
pub(crate) async fn retract_in(tx: &Tx, app: &App, consent: ConsentId) -> Result<(), Fault> {
    // The introduction first: a choice at the same moment has then either not happened, and finds
    // it ended, or has, and its letters are seen and stopped below.
    let found = store::of_consent(tx, consent).await?;
    let ended = match &found {
        Some((introduction, Side::Team)) if introduction.state.is_open() => {
            end_for_team_in(tx, app, introduction).await?
        }
        _ => false,
    };
    member::consent::withdraw_in(tx, consent, app.clock.now()).await?;
    mail::withdraw::withdraw_in(tx, consent).await?;
    let Some((introduction, side)) = found.filter(|_| !ended) else { return Ok(()) };
    // As it stands now: it may just have led to an exchange.
    let Some(introduction) = store::by_id(tx, introduction.id).await? else { return Ok(()) };
    let (of_team, of_enterprise) = store::consents_of(tx, introduction.id).await?;
    let other = if side == Side::Team { of_enterprise } else { of_team };
    let Some(other) = other.filter(|_| introduction.exchanged_at.is_some()) else { return Ok(()) };
    let Some(other) = member::store::consent(tx, other).await? else { return Ok(()) };
    let Some(reader) = member::store::by_id(tx, other.member).await?.filter(|reader| !reader.has_left()) else {
        return Ok(());
    };
    let case = Case::load(tx, introduction).await?;
    mail::enqueue(tx, app, letters::contact_withdrawn(app, &case, &reader, side)?).await?;
    Ok(())
}

/// Ends an open introduction because the team takes no part in it any more, and tells the
/// enterprise. `false` when it has moved meanwhile.
pub(super) async fn end_for_team_in(tx: &Tx, app: &App, before: &Introduction) -> Result<bool, Fault> {
    let now = app.clock.now();
    let turn = Turn { id: before.id, from: before.state, step: Step::Withdraw, actor: Actor::Team, note: "", now };
    let Some(introduction) = store::advance(tx, &turn, Facts::none()).await? else { return Ok(false) };
    let about = introduction.about();
    store::revoke_links(tx, introduction.id, now).await?;
    mail::replace::replace_in(tx, &about, "introduction/ask").await?;
    mail::replace::replace_in(tx, &about, "introduction/accepted").await?;
    team::engage::release_in(tx, introduction.team, &about).await?;
    let case = Case::load(tx, introduction).await?;
    if !case.asker.has_left() {
        mail::enqueue(tx, app, letters::team_gone(app, &case, &case.asker)?).await?;
    }
    Ok(true)
}

/// Whether the contact that `side` was shown may be read no more.
pub(super) async fn is_retracted(
    db: &impl crate::db::Read,
    introduction: &Introduction,
    side: Side,
) -> Result<bool, Fault> {
    if introduction.state.is_open() || introduction.exchanged_at.is_none() {
        return Ok(false);
    }
    let (team, enterprise) = store::consents_of(db, introduction.id).await?;
    let Some(consent) = (match side {
        Side::Enterprise => team,
        Side::Team => enterprise,
    }) else {
        return Ok(false);
    };
    Ok(member::store::consent(db, consent).await?.is_some_and(|given| given.withdrawn_at.is_some()))
}
