//! 永链荟 Yonglianhui (architecture; to be completed).

pub mod app;
pub mod config;

pub mod clock;
pub mod fault;
pub mod id;
pub mod secret;
pub mod words;

pub mod changes;
pub mod db;
pub mod once;

pub mod mail;
pub mod templates;
pub mod web;

pub mod calendar;
pub mod member;

pub mod zone;

pub mod organisation;

pub mod enterprise;
pub mod team;

pub mod listing;
pub mod matching;

pub mod introduction;

pub mod api;
pub mod my;
pub mod search;
pub mod staff;

pub mod eval;
pub mod seed;
pub mod table;
pub mod worker;
