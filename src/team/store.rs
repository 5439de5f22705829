//! Rows of universities and teams.
