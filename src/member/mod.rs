//! Members: the people who sign in, what they may do, what they agreed to and who saw their contact.
//!
//! A member is an e-mail address that was proved by a one-time code; there are no passwords. The
//! first proof makes the member, so asking for a code answers the same for known and unknown
//! addresses. A member speaks for organisations ([`crate::organisation`]) or is park staff.
//!
//! - [`sign_in`]: ask for a code, spend it, end a session; [`session`]: who is signed in;
//!   [`forget`]: what is over.
//! - [`appoint`]: give a member a role of the park; [`bar`]: keep one out.
//! - [`consent`]: what a member agreed to, and the one way ([`consent::disclose`]) by which a
//!   contact reaches somebody else.
//!
//! **Invariant:** a code and its link work once, for twenty minutes, for five tries
//! (`a_code_works_once`, `a_code_is_dead_after_five_wrong_tries`), and ten wrong codes close the
//! digits of an address for a day, never its links (`the_owner_of_an_attacked_account_is_told_and_comes_in`).
//! **Invariant:** a [`Contact`] exists only with a recorded disclosure
//! (`contacts_leave_only_through_a_recorded_disclosure`).

pub mod appoint;
pub mod bar;
pub mod consent;
pub mod describe;
pub mod forget;
mod form;
pub(crate) mod leave;
mod letters;
pub mod pages;
pub mod session;
pub mod sign_in;
pub mod store;

use chrono::{DateTime, Utc};

use crate::{id::MemberId, mail::Address, words::Language};

pub use consent::{Contact, Field};
pub(crate) use form::is_phone;

/// What a member may do in the park's back office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// No part in the back office; speaks for organisations only.
    Member,
    /// 编辑: keeps the exhibition's content, reviews listings.
    Curator,
    /// 技术经理人: reviews listings, passes and follows introductions.
    Broker,
    /// 管理员: everything, and who is staff.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Member, Self::Curator, Self::Broker, Self::Administrator];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Curator => "curator",
            Self::Broker => "broker",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Works for the park.
    pub fn is_staff(self) -> bool {
        self != Self::Member
    }

    /// Keeps the exhibition's content.
    pub fn curates(self) -> bool {
        matches!(self, Self::Curator | Self::Administrator)
    }

    /// Passes introductions and sees to mail.
    pub fn brokers(self) -> bool {
        matches!(self, Self::Broker | Self::Administrator)
    }

    /// Appoints staff and keeps settings such as the holiday calendar.
    pub fn administers(self) -> bool {
        self == Self::Administrator
    }
}

/// A member, as the back office and the member himself see him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The number.
    pub id: MemberId,
    /// The proved address.
    pub email: Address,
    /// The name that others read; empty until he writes it.
    pub name: String,
    /// 职务.
    pub title: String,
    /// A telephone number, empty when there is none.
    pub phone: String,
    /// What he may do.
    pub role: Role,
    /// The language of his letters.
    pub language: Language,
    /// When the address was first proved or the row was made.
    pub created_at: DateTime<Utc>,
    /// When he last signed in.
    pub signed_in_at: Option<DateTime<Utc>>,
    /// Since when the park keeps him out.
    pub barred_at: Option<DateTime<Utc>>,
}

/// The member whose session a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The number.
    pub id: MemberId,
    /// The name, or what stands before the @ until there is one.
    pub name: String,
    /// What he may do.
    pub role: Role,
    /// The language that he last chose.
    pub language: Language,
}

impl Member {
    /// Whether he has deleted his account: there is nobody to write to.
    pub fn has_left(&self) -> bool {
        self.email.domain() == leave::NOBODY
    }
}

impl From<&Member> for SignedIn {
    fn from(member: &Member) -> Self {
        let name = if member.name.is_empty() { member.email.local().to_owned() } else { member.name.clone() };
        Self { id: member.id, name, role: member.role, language: member.language }
    }
}
