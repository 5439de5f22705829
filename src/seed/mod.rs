//! A small believable park, built through the same verbs as users use.
