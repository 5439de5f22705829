//! What goes on behind the pages.
