//! # 永链荟 Yonglianhui: the architecture
//!
//! The service behind an industrial park's exhibition hall. Enterprises post needs, professors
//! list results, staff review; the service finds which teams could help, asks both sides, and
//! hands over contacts only when both have said yes.
//!
//! This text is the map. It names what changes rarely; where it and the code differ, one of them
//! is a bug. `tests/architecture.rs` holds what is said here about who may import whom.
//!
//! ## One way through
//!
//! ```text
//! browser ─► web::guard ─► web::routes ─► <feature>::pages ─► form ─► verb ─► store ─► database
//!                                                                      │
//!                       letters, change marks and form keys are rows of the same transaction
//!                                                                      │
//! worker:   marks ─► search::refresh ─► index        rows ─► mail::deliver ─► mail server
//!           marks ─► matching::compute ─► matches    rows ─► clocks (listing, introduction)
//! ```
//!
//! A page parses what was typed into a value of the domain, calls one verb, and answers with a
//! page or a redirect. A verb is one file, one action and one transaction. Everything outside the
//! database (index, suggestions, mail) is reached through a row that the verb wrote, and worked
//! off by the worker, which may be killed at any moment.
//!
//! ## Rooms
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`app`], [`config`], [`serve`], [`worker`] | the wiring, the settings, running |
//! | [`db`], [`changes`], [`once`], [`fault`] | the two engines, change marks, form keys, faults |
//! | [`metrics`] | numbers for whoever watches the service |
//! | [`encoder`] | what texts mean |
//! | [`web`], [`templates`], [`words`] | what pages share; tera; Fluent |
//! | [`mail`] | letters, the outbox, delivery |
//! | [`member`] | sign-in, roles, consents, disclosures |
//! | [`calendar`] | working days |
//! | [`synonym`] | words that mean the same, kept by staff |
//! | [`chain`] | industry chains: who makes, uses and researches what, and what is missing |
//! | [`zone`], [`organisation`], [`enterprise`], [`team`] | the park's halls and who is in them |
//! | [`exhibit`] | what is shown in the hall, and what visitors ask about it |
//! | [`listing`] | needs, offers, results: from draft to archive |
//! | [`matching`] | which teams a need should meet, and why |
//! | [`introduction`] | two parties asked; two yeses reveal contacts |
//! | [`search`], [`api`], [`feed`], [`my`], [`staff`] | what looks across features: finding, JSON, a member's page, the desk |
//! | [`backup`] | everything in one file, and back; the road from one engine to the other |
//! | [`table`], [`eval`], [`seed`], [`check`] | import and export, measuring, the demo, the health check |
//!
//! Three crates stand beside this one. `index` knows tantivy and nothing of databases or pages;
//! `sentences`, below it, is the sentence encoder and knows nothing but texts; `migrations` knows tables and nothing of today's types.
//!
//! ## A feature is one folder
//!
//! `mod.rs` holds nouns and rules and is pure; `form.rs` turns what was typed into them;
//! `<verb>.rs` acts; `store.rs` is the only file that knows sea-orm, and its writing functions are
//! visible in the feature alone; `letters.rs` writes what the feature sends; `pages` is the only
//! part that knows actix-web. Imports point down this list and down the table of rooms:
//!
//! ```text
//! zone ◄ chain ◄ organisation ◄ enterprise, team ◄ exhibit, listing ◄ matching ◄ introduction
//! under all: member (knows no feature), mail (knows letters only), calendar, synonym, changes, db, fault
//! above all: search, staff, my, api, table, seed (no feature knows them)
//! ```
//!
//! ## Invariants
//!
//! - **The database is the only truth.** Index and suggestions may be deleted at any time
//!   (`deleting_the_index_loses_nothing`).
//! - **Two yeses.** No contact of one side reaches the other before both have agreed, and then only
//!   through a recorded disclosure (`contacts_leave_only_through_a_recorded_disclosure`).
//! - **Looking changes nothing.** No GET writes anything but the time of a session
//!   (`opening_the_link_changes_nothing`).
//! - **One writer of state.** Listings and introductions move only along the graph that their room
//!   declares as data (`every_move_of_a_listing_is_as_the_graph_says`).
//! - **Once.** A form sent twice makes one thing (`proposing_twice_writes_one_introduction`).
//! - **Permission is a type.** A handler that takes `Member`, `Staff`, `Broker` or `Administrator`
//!   cannot run for others (`every_route_answers_each_visitor_as_the_table_says`).
//! - **Ten seconds.** Whatever hangs behind it, a request is answered within ten seconds, and what could not be done
//!   says so (`a_database_that_hangs_keeps_nobody_waiting`).
//! - **Nothing slow inside a write.** No mail, no index, no template that queries, inside
//!   [`db::Db::write`]; this is a rule of review.

pub mod app;
pub mod config;

pub mod clock;
pub mod fault;
pub mod id;
pub mod metrics;
pub mod secret;
pub mod words;

pub mod changes;
pub mod db;
pub mod encoder;
pub mod once;

pub mod mail;
pub mod templates;
pub mod web;

pub mod calendar;
pub mod member;
pub mod synonym;

pub mod chain;
pub mod zone;

pub mod organisation;

pub mod enterprise;
pub mod team;

pub mod exhibit;
pub mod listing;
pub mod matching;

pub mod introduction;

pub mod api;
pub mod feed;
pub mod my;
pub mod search;
pub mod staff;

pub mod backup;
pub mod check;
pub mod eval;
pub mod seed;
pub mod serve;
pub mod table;
pub mod worker;
