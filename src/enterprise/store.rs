//! Rows of enterprises.
