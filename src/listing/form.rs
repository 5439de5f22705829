//! The form of a listing.
