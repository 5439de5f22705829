//! A member's own page.
