//! The desk of the park staff.
