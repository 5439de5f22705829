//! Teams: research teams of universities, with a lead, a home office and a capacity.
//!
//! A team's home office (科研院) is told of every introduction. Its capacity is how many new
//! introductions it has time for in a calendar month; when that is used up, firms are told at once.

pub mod pages;
pub mod store;

use crate::{
    id::{MemberId, UniversityId},
    mail::Address,
    organisation::Organisation,
};

/// A university.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct University {
    /// The number.
    pub id: UniversityId,
    /// The name.
    pub name: String,
    /// GB/T 2260 code, or empty.
    pub region: String,
    /// What its research office is called.
    pub office_name: String,
    /// The mailbox of that office.
    pub office_email: Option<Address>,
}

/// A research team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// What it has in common with enterprises.
    pub organisation: Organisation,
    /// The university.
    pub university: UniversityId,
    /// The university's name.
    pub university_name: String,
    /// Who leads it.
    pub lead: Option<MemberId>,
    /// The lead's name, public.
    pub lead_name: String,
    /// 教授, 副教授 …
    pub lead_title: String,
    /// The mailbox of the team's home office.
    pub office_email: Option<Address>,
    /// How many new introductions it has time for in a calendar month.
    pub capacity: u32,
    /// What it works on.
    pub fields: Vec<String>,
}
