//! What a member agreed to, and who was given his contact on the strength of it.
//!
//! A consent records who agreed, that which fields go to whom, in which words, when and by which
//! channel; it is never changed, only withdrawn. [`disclose`] is the only function of the program
//! that makes a [`Contact`], and it writes a disclosure as it does.

use chrono::{DateTime, Utc};

use crate::{
    db::Tx,
    fault::Fault,
    id::{ConsentId, MemberId, OrganisationId},
    mail::Address,
    member::store,
};

/// A part of a member's contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Name and title.
    Name,
    /// E-mail address.
    Email,
    /// Telephone.
    Phone,
}

impl Field {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }

    /// The field of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Name, Self::Email, Self::Phone].into_iter().find(|field| field.as_str() == word)
    }
}

/// How a consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Signed in, on a page.
    Web,
    /// By the link of a letter.
    MailLink,
    /// By telephone, to a member of staff.
    Phone,
    /// On paper.
    Paper,
}

impl Channel {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::MailLink => "mail_link",
            Self::Phone => "phone",
            Self::Paper => "paper",
        }
    }
}

/// A consent that is about to be recorded.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Who agrees.
    pub member: MemberId,
    /// To whom the fields go.
    pub recipient: OrganisationId,
    /// What it is about, as `introduction:12`.
    pub about: String,
    /// The version of the words.
    pub text_version: String,
    /// The words that were agreed to.
    pub text: String,
    /// What goes.
    pub fields: Vec<Field>,
    /// How it was given.
    pub channel: Channel,
}

/// A member's contact, as far as he agreed to show it. Only [`disclose`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Contact {
    name: String,
    title: String,
    email: String,
    phone: String,
    #[serde(skip)]
    address: Option<Address>,
}

impl Contact {
    /// The address, if it was agreed to show it.
    pub fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    /// The name, if it was agreed to show it.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Records a consent.
pub async fn give(tx: &Tx, consent: &Consent, now: DateTime<Utc>) -> Result<ConsentId, Fault> {
    store::insert_consent(tx, consent, now).await
}

/// Takes a consent back, once and for good; `false` when it had been taken back before. Whoever calls
/// this also stops what would still disclose on the strength of it (`introduction::retract`).
pub(crate) async fn withdraw_in(tx: &Tx, consent: ConsentId, now: DateTime<Utc>) -> Result<bool, Fault> {
    store::withdraw_consent(tx, consent, now).await
}

/// Hands a member's contact to the recipient of his consent and records that. `None` when the
/// consent was withdrawn.
pub async fn disclose(tx: &Tx, consent: ConsentId, now: DateTime<Utc>) -> Result<Option<Contact>, Fault> {
    let Some((member, fields)) = store::record_disclosure(tx, consent, now).await? else { return Ok(None) };
    let only = |field: Field, value: String| if fields.contains(&field) { value } else { String::new() };
    Ok(Some(Contact {
        name: only(Field::Name, member.name.clone()),
        title: only(Field::Name, member.title.clone()),
        email: only(Field::Email, member.email.to_string()),
        phone: only(Field::Phone, member.phone.clone()),
        address: fields.contains(&Field::Email).then_some(member.email),
    }))
}
