//! Answer links: what a letter carries so that its reader can answer without signing in.
//!
//! A link belongs to one side of one introduction and to the member it was sent to. It is random,
//! kept only as a hash, works once, and is worthless from the moment another takes its place, the
//! question is answered some other way, or there is nothing to answer any more.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::App,
    db::Tx,
    fault::Fault,
    id::MemberId,
    introduction::{Introduction, Side, store},
    member::consent::Channel,
    secret,
};

pub use crate::introduction::store::Link;

/// Longer than any question stays open; the question's own clock ends it before.
const LASTS: TimeDelta = TimeDelta::days(90);

/// Who answers, and how he came to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answerer {
    /// The member.
    pub member: MemberId,
    link: Option<i64>,
}

impl Answerer {
    /// The holder of a link.
    pub fn with(link: &Link) -> Self {
        Self { member: link.member, link: Some(link.id) }
    }

    /// Somebody who is signed in.
    pub fn signed_in(member: MemberId) -> Self {
        Self { member, link: None }
    }

    /// Whether he came without a link.
    pub(super) fn is_signed_in(self) -> bool {
        self.link.is_none()
    }

    /// How his consent is given.
    pub(super) fn channel(self) -> Channel {
        if self.link.is_some() { Channel::MailLink } else { Channel::Web }
    }

    /// Whether he may answer for `side`: his link is still good, and is used up by this; or he
    /// speaks for the organisation.
    pub(super) async fn answers_in(
        self,
        tx: &Tx,
        introduction: &Introduction,
        side: Side,
        now: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        let may = match self.link {
            // A link that was mailed before its holder was kept out is worth nothing either.
            Some(_)
                if crate::member::store::by_id(tx, self.member)
                    .await?
                    .is_none_or(|holder| holder.barred_at.is_some()) =>
            {
                false
            }
            Some(link) => store::use_link(tx, link, now).await?,
            None => {
                let organisation = match side {
                    Side::Enterprise => introduction.enterprise,
                    Side::Team => introduction.team,
                };
                crate::organisation::store::speaks_for(tx, self.member, organisation).await?
            }
        };
        if may {
            store::revoke_links(tx, introduction.id, now).await?;
        }
        Ok(may)
    }
}

/// Makes a fresh link for `member`; the ones before it are worthless from now on.
pub(super) async fn make_in(
    tx: &Tx,
    introduction: &Introduction,
    side: Side,
    member: MemberId,
    now: DateTime<Utc>,
) -> Result<String, Fault> {
    store::revoke_links(tx, introduction.id, now).await?;
    let token = secret::token();
    store::insert_link(tx, introduction.id, side, member, &secret::hash(&token), now, now + LASTS).await?;
    Ok(token)
}

/// The link of a token, good or not. Looking changes nothing.
pub async fn look(app: &App, token: &str) -> Result<Option<Link>, Fault> {
    store::link_by_hash(&app.db, &secret::hash(token)).await
}

impl Link {
    /// Whether it still answers.
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}
