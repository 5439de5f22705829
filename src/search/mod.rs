//! Finding: the site's copy of what the public may see, and the page that searches it.
//!
//! - [`documents`]: what of an organisation or a listing the public may see, and so can be found.
//! - [`refresh`]: keeps this process's index up with the database, by following the change marks.
//! - [`pages`]: the search page, and the same answer as JSON.
//!
//! **Invariant:** only what is public can be found: verified organisations, and what they have
//! posted that is live; an anonymous need names nobody
//! (`what_is_not_public_is_not_found`, `an_anonymous_need_names_nobody_in_a_hit`).
//! **Invariant:** the index is derived; it may be deleted at any time (`deleting_the_index_loses_nothing`).

pub mod documents;
pub mod pages;
pub mod refresh;
