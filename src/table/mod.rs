//! Import and export of lines and sheets.
