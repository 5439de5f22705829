//! The calendar file of a meeting (RFC 5545).
//!
//! Times are in UTC, so that no reader's program needs to know our zone. The UID is the
//! introduction's own, so that a file that comes again replaces the first. There is no METHOD: the
//! file is a note for the reader's calendar, not an invitation that asks his program to answer.

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};
use lettre::message::Mailbox;

use crate::{
    app::App,
    introduction::case::Case,
    words::{Language, Say},
};

/// How long a first talk is taken to be.
const LASTS: TimeDelta = TimeDelta::hours(1);

/// The file for a meeting at `at`. It names the two organisations and no person.
pub(super) fn file(app: &App, case: &Case, language: Language, at: DateTime<Utc>) -> String {
    let park = app.config.mail_from.parse::<Mailbox>().ok();
    let domain = park.as_ref().map_or("localhost", |park| park.email.domain());
    let say = Say::new("introduction-meeting-summary")
        .with("team", &case.team.organisation.name)
        .with("firm", &case.enterprise.name);
    let link = app.config.link(&format!("/my/introductions/{}", case.introduction.id));
    let about = Say::new("introduction-meeting-about").with("need", &case.need.content.title).with("link", &link);
    let mut event = Event::new();
    event
        .uid(&format!("introduction-{}@{domain}", case.introduction.id))
        .timestamp(app.clock.now())
        .starts(at)
        .ends(at + LASTS)
        .summary(&app.templates.tell(language, &say))
        .description(&app.templates.tell(language, &about));
    if let Some(park) = &park {
        let mut organizer = Property::new("ORGANIZER", format!("mailto:{}", park.email));
        if let Some(name) = &park.name {
            organizer.add_parameter("CN", &name.replace(['"', '\r', '\n'], ""));
        }
        event.append_property(organizer.done());
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//yonglianhui//introductions//ZH"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .push(event.done());
    calendar.to_string()
}
