//! The demo: a small believable park of invented firms, universities and people.
//!
//! What it holds is written in the TOML files beside this one. [`plant`] builds it
//! through the same verbs as users use, on a clock that runs from four months ago to now, so that
//! every listing and introduction has a past and stands where the files say. Nothing here is real:
//! all mailboxes end in `.example`.
//!
//! **Invariant:** the demo has listings and introductions in every state that they can have
//! (`the_demo_shows_every_state_and_lets_its_guests_in`).

mod hall;
mod park;
mod plant;
mod talk;

pub use plant::plant;

use crate::member::Role;

/// Staff of the demo park.
const STAFF: [(&str, &str, Role); 3] = [
    ("admin@park.example", "管理员 秦望舒", Role::Administrator),
    ("broker@park.example", "技术经理人 陆青禾", Role::Broker),
    ("curator@park.example", "编辑 温以宁", Role::Curator),
];

/// Who can sign in to look around: the role, and the address.
pub fn guests() -> [(&'static str, &'static str); 5] {
    [
        ("enterprise", "suyihe@zhuyu.example"),
        ("team", "linzhaowan@yunze.example"),
        ("broker", "broker@park.example"),
        ("curator", "curator@park.example"),
        ("admin", "admin@park.example"),
    ]
}
