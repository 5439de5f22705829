//! The forms of a team.
