//! Finding: the site's copy of what the public may see, and the page that searches it.

pub mod refresh;
