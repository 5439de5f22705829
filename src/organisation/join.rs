//! Asking to speak for an organisation that is there already, and being let in.
//!
//! Whoever speaks for it answers, or staff; staff alone answer for one that nobody speaks for. A
//! member asks once: after a no, the park's staff are the ones to talk to.

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    fault::Fault,
    id::{MemberId, OrganisationId},
    mail, member,
    organisation::{letters, store},
};

/// Where a member's wish to speak for an organisation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Waits for an answer.
    Asked,
    /// He speaks for it.
    Granted,
    /// He does not.
    Refused,
}

impl Asked {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }

    /// The value of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Asked, Self::Granted, Self::Refused].into_iter().find(|each| each.as_str() == word)
    }
}

/// A wish that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Who wants to speak for it.
    pub member: MemberId,
    /// Since when.
    pub asked_at: DateTime<Utc>,
}

/// Why nothing was asked.
#[derive(Debug)]
pub enum Error {
    /// There is no such organisation.
    Gone,
    /// He speaks for it already.
    Speaks,
    /// Our mistake or the world's.
    Fault(Fault),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Asks to speak for an organisation. Those who do are told by letter; asking again changes nothing.
pub async fn ask(app: &App, member: MemberId, organisation: OrganisationId) -> Result<(), Error> {
    app.db
        .write(async |tx| {
            let organisation = store::by_id(tx, organisation).await?.ok_or(Error::Gone)?;
            if store::speaks_for(tx, member, organisation.id).await? {
                return Err(Error::Speaks);
            }
            if !store::insert_asking(tx, member, organisation.id, app.clock.now()).await? {
                return Ok(());
            }
            let speakers = store::speakers(tx, organisation.id).await?;
            let asker =
                member::store::by_id(tx, member).await?.ok_or_else(|| Fault::corrupt("a member who is gone"))?;
            for speaker in member::store::by_ids(tx, &speakers).await? {
                mail::enqueue(tx, app, letters::asked(app, &speaker, &organisation, &asker)?).await?;
            }
            Ok(())
        })
        .await
        .inspect(|()| app.wake.notify_waiters())
}

/// Answers a wish, as one who speaks for the organisation or as staff; he is told by letter.
/// `false` when nothing waits for an answer.
pub async fn answer(
    app: &App,
    by: MemberId,
    organisation: OrganisationId,
    member: MemberId,
    answer: Asked,
) -> Result<bool, Fault> {
    let now = app.clock.now();
    let done = app
        .db
        .write(async |tx| {
            if !store::answer_asking(tx, member, organisation, by, answer, now).await? {
                return Ok::<_, Fault>(false);
            }
            let (found, asker) = (store::by_id(tx, organisation).await?, member::store::by_id(tx, member).await?);
            let (Some(found), Some(asker)) = (found, asker) else { return Ok(false) };
            if answer == Asked::Granted {
                store::join(tx, member, organisation, now).await?;
            }
            mail::enqueue(tx, app, letters::answered(app, &asker, &found, answer)?).await?;
            Ok(true)
        })
        .await?;
    app.wake.notify_waiters();
    Ok(done)
}
