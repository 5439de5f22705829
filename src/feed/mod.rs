//! What other machines read of the site: Atom feeds of the newest needs and results, the map of
//! every public page for search engines, and what they may not look at.
//!
//! **Invariant:** a feed and the map hold what the public pages show, and name nobody who is
//! anonymous (`feeds_and_the_map_hold_what_is_public`).

pub mod pages;
