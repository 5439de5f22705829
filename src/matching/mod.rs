//! Suggestions: which teams a need should meet, and why.
