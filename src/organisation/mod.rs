//! Organisations: what an enterprise and a team have in common, and who speaks for them.
//!
//! An organisation is entered by one of its people or by staff, is *pending* until staff have
//! compared it with its papers, and then *verified* or *refused* with a reason. Only what a
//! verified organisation posts can go live. Members speak for organisations; a listing or an
//! introduction belongs to the organisation, never to the person.
//!
//! A refused organisation waits again when its people have written it anew. The outcome goes to
//! those who speak for it by letter ([`verify`]). Somebody else who asks to speak for it ([`join`])
//! is let in by those who do, or by staff.
//!
//! What makes an enterprise an enterprise, and a team a team, is in [`crate::enterprise`] and
//! [`crate::team`], whose rows share the organisation's number.

pub mod block;
pub mod join;
pub(crate) mod leave;
mod letters;
pub mod pages;
pub mod region;
pub mod store;
pub mod verify;

use chrono::{DateTime, Utc};

use crate::id::{OrganisationId, ZoneId};

/// Which kind of organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// A firm of the park.
    Enterprise,
    /// A research team of a university.
    Team,
}

impl OrganisationKind {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Team => "team",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Enterprise, Self::Team].into_iter().find(|kind| kind.as_str() == word)
    }

    /// How the index names it.
    pub fn indexed(self) -> index::Kind {
        match self {
            Self::Enterprise => index::Kind::Enterprise,
            Self::Team => index::Kind::Team,
        }
    }
}

/// Whether staff have compared an organisation with its papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// Not looked at yet.
    Pending,
    /// 已核验.
    Verified,
    /// Not as its papers say; the note says what to send.
    Refused,
}

impl Verification {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Refused => "refused",
        }
    }

    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Verified, Self::Refused].into_iter().find(|state| state.as_str() == word)
    }
}

/// An enterprise or a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// The number.
    pub id: OrganisationId,
    /// Which kind.
    pub kind: OrganisationKind,
    /// The name.
    pub name: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// GB/T 2260 code of where it is registered; empty when unknown.
    pub region: String,
    /// What it does, in its own words.
    pub about: String,
    /// Whether staff have looked at it.
    pub verification: Verification,
    /// What staff wrote when they refused.
    pub verification_note: String,
    /// When it was verified.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// An organisation that is about to be entered.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    /// Which kind.
    pub kind: OrganisationKind,
    /// The name.
    pub name: String,
    /// The zone it stands in.
    pub zone: ZoneId,
    /// GB/T 2260 code, or empty.
    pub region: String,
    /// What it does.
    pub about: String,
    /// The key of the row that it was imported from.
    pub import_key: Option<String>,
}

impl Organisation {
    /// The page of the organisation.
    pub fn url(&self) -> String {
        url(self.kind, self.id)
    }

    /// Whether staff have found it to be what it says.
    pub fn is_verified(&self) -> bool {
        self.verification == Verification::Verified
    }
}

/// The page of an organisation.
pub fn url(kind: OrganisationKind, id: OrganisationId) -> String {
    match kind {
        OrganisationKind::Enterprise => format!("/enterprises/{id}"),
        OrganisationKind::Team => format!("/teams/{id}"),
    }
}
