//! The matcher over a graded collection.
