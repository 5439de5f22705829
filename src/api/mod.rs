//! The JSON views of public lists.
