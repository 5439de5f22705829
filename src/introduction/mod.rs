//! Introductions: two parties asked whether they want to meet.
