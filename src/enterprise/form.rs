//! The form of an enterprise.
