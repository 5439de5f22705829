//! The pages where staff verify organisations.
