//! The forms of a team: entered by staff, and rewritten by its lead.

use chrono::{Days, NaiveDate};

use crate::{
    mail::Address,
    member,
    team::{Break, Lead, NewTeam, NewUniversity, Team, University, pause::Pause, revise::Revision},
    web::{FieldErrors, Fields},
    words::Say,
    zone::Zone,
};

/// How many introductions a month may be named; nobody has time for more.
const MOST_CAPACITY: u32 = 50;
/// The longest pause, in days.
const LONGEST_PAUSE: u64 = 730;
/// How many breaks of a year a team may name.
const MOST_BREAKS: usize = 6;
/// How many fields a team may name.
const MOST_FIELDS: usize = 10;

/// A team that staff enter. The university is one of `universities` or a new name.
pub(super) fn new(fields: &Fields, zones: &[Zone], universities: &[University]) -> Result<NewTeam, FieldErrors> {
    let mut errors = FieldErrors::default();
    let university = university(fields, universities, &mut errors);
    let name = name(fields, &mut errors);
    let zone = zone(fields, zones, &mut errors);
    let lead_name = fields.line_within("lead_name", 40, &mut errors);
    if lead_name.is_empty() {
        errors.add("lead_name", "team-lead-name-missing");
    }
    let lead_title = fields.line_within("lead_title", 40, &mut errors);
    let lead_email = match fields.line("lead_email").as_str() {
        "" => {
            errors.add("lead_email", "team-lead-email-missing");
            None
        }
        typed => address(typed, "lead_email", &mut errors),
    };
    let lead_phone = fields.line("lead_phone");
    if !lead_phone.is_empty() && !member::is_phone(&lead_phone) {
        errors.add("lead_phone", "team-phone-form");
    }
    let said = said(fields, &mut errors);
    let lead = lead_email.map(|email| Lead { name: lead_name, title: lead_title, email, phone: lead_phone });
    let value = lead.zip(zone).zip(said.capacity).map(|((lead, zone), capacity)| NewTeam {
        university,
        name,
        zone: zone.id,
        lead: Some(lead),
        office_email: said.office_email,
        capacity,
        about: said.about,
        fields: said.fields,
        import_key: None,
    });
    errors.or(value)
}

/// What is rewritten; the name is read for staff alone.
pub(super) fn revision(fields: &Fields, zones: &[Zone], by_staff: Reviser) -> Result<Revision, FieldErrors> {
    let mut errors = FieldErrors::default();
    let name = (by_staff == Reviser::Staff).then(|| name(fields, &mut errors));
    let zone = zone(fields, zones, &mut errors);
    let lead_title = fields.line_within("lead_title", 40, &mut errors);
    let said = said(fields, &mut errors);
    let value = zone.zip(said.capacity).map(|(zone, capacity)| Revision {
        name,
        zone: zone.id,
        lead_title,
        office_email: said.office_email,
        capacity,
        about: said.about,
        fields: said.fields,
    });
    errors.or(value)
}

/// When the team takes nothing new. A break is written as people write it: `01-15 至 02-25`, `1月15日—2月25日`.
pub(super) fn pause(fields: &Fields, today: NaiveDate) -> Result<Pause, FieldErrors> {
    let mut errors = FieldErrors::default();
    let until = match fields.line("paused_until").as_str() {
        "" => None,
        typed => {
            let day = typed.parse::<NaiveDate>().ok();
            match day {
                None => errors.add("paused_until", "team-pause-form"),
                Some(day) if day <= today => errors.add("paused_until", "team-pause-past"),
                Some(day) if day > today + Days::new(LONGEST_PAUSE) => errors.add("paused_until", "team-pause-far"),
                Some(_) => {}
            }
            day
        }
    };
    let text = fields.text("breaks");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let breaks: Option<Vec<Break>> = lines.iter().map(|line| read_break(line)).collect();
    match &breaks {
        None => errors.add("breaks", "team-breaks-form"),
        Some(breaks) if breaks.len() > MOST_BREAKS => {
            errors.add("breaks", Say::new("team-breaks-many").with("most", MOST_BREAKS));
        }
        Some(_) => {}
    }
    errors.or(breaks.map(|breaks| Pause { until, breaks }))
}

/// Two days of a year from one line.
fn read_break(line: &str) -> Option<Break> {
    let numbers: Vec<u32> =
        line.split(|each: char| !each.is_ascii_digit()).filter(|part| !part.is_empty()).flat_map(str::parse).collect();
    let [a, b, c, d] = numbers.as_slice() else { return None };
    // A leap year has every day that there is.
    let is_day = |month: u32, day: u32| NaiveDate::from_ymd_opt(2028, month, day).is_some();
    (is_day(*a, *b) && is_day(*c, *d)).then_some(Break { from: (*a, *b), to: (*c, *d) })
}

/// What the form of a pause holds for a team that is there already.
pub(super) fn filled_pause(team: &Team) -> Fields {
    let breaks = team.breaks.iter().map(|each| {
        let ((a, b), (c, d)) = (each.from, each.to);
        format!("{a:02}-{b:02} ~ {c:02}-{d:02}")
    });
    Fields::default()
        .with("paused_until", team.paused_until.map(|day| day.to_string()).unwrap_or_default())
        .with("breaks", breaks.collect::<Vec<_>>().join("\n"))
}

/// Who rewrites a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reviser {
    /// Somebody who speaks for it.
    Speaker,
    /// The park's staff, who may correct the name.
    Staff,
}

struct Said {
    office_email: Option<Address>,
    capacity: Option<u32>,
    about: String,
    fields: Vec<String>,
}

fn said(fields: &Fields, errors: &mut FieldErrors) -> Said {
    let office_email = match fields.line("office_email").as_str() {
        "" => None,
        typed => address(typed, "office_email", errors),
    };
    let capacity = fields.line("capacity").parse().ok().filter(|capacity| *capacity <= MOST_CAPACITY);
    if capacity.is_none() {
        errors.add("capacity", Say::new("team-capacity-form").with("most", MOST_CAPACITY));
    }
    let about = fields.text_within("about", 600, errors);
    let named = fields.list("fields");
    if named.len() > MOST_FIELDS {
        errors.add("fields", Say::new("team-fields-many").with("most", MOST_FIELDS));
    } else if named.iter().any(|each| each.chars().count() > 20) {
        errors.add("fields", Say::new("team-fields-long").with("most", 20));
    }
    Said { office_email, capacity, about, fields: named }
}

fn university(fields: &Fields, universities: &[University], errors: &mut FieldErrors) -> NewUniversity {
    let chosen = universities.iter().find(|each| each.id.to_string() == fields.raw("university"));
    let typed = fields.line_within("new_university", 40, errors);
    match (chosen, typed.as_str()) {
        (None, "") if universities.is_empty() => errors.add("new_university", "team-university-missing"),
        (None, "") => errors.add("university", "team-university-missing"),
        (Some(chosen), typed) if !typed.is_empty() && typed != chosen.name => {
            errors.add("university", "team-university-twice");
        }
        (Some(_) | None, _) => {}
    }
    let name = chosen.map_or(typed, |chosen| chosen.name.clone());
    NewUniversity { name, ..NewUniversity::default() }
}

fn name(fields: &Fields, errors: &mut FieldErrors) -> String {
    let name = fields.line_within("name", 60, errors);
    if name.is_empty() {
        errors.add("name", "team-name-missing");
    }
    name
}

fn zone<'a>(fields: &Fields, zones: &'a [Zone], errors: &mut FieldErrors) -> Option<&'a Zone> {
    let zone = zones.iter().find(|zone| zone.slug == fields.raw("zone"));
    if zone.is_none() {
        errors.add("zone", "team-zone-missing");
    }
    zone
}

fn address(typed: &str, name: &str, errors: &mut FieldErrors) -> Option<Address> {
    let address = Address::parse(typed);
    if address.is_none() {
        errors.add(name, "team-email-form");
    }
    address
}

/// The fields of a team that is there already.
pub(super) fn filled(team: &Team, zones: &[Zone]) -> Fields {
    let zone = zones.iter().find(|zone| zone.id == team.organisation.zone);
    Fields::default()
        .with("name", &team.organisation.name)
        .with("zone", zone.map_or("", |zone| zone.slug.as_str()))
        .with("lead_title", &team.lead_title)
        .with("office_email", team.office_email.as_ref().map_or("", Address::as_str))
        .with("capacity", team.capacity)
        .with("about", &team.organisation.about)
        .with("fields", team.fields.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_is_read_however_it_is_written() {
        let winter = Some(Break { from: (1, 15), to: (2, 25) });
        for line in ["01-15 至 02-25", "1月15日—2月25日", "1.15~2.25", "01/15 - 02/25"] {
            assert_eq!(read_break(line), winter, "{line}");
        }
        for line in ["寒假", "01-15", "13-01 ~ 02-02", "02-30 ~ 03-01"] {
            assert_eq!(read_break(line), None, "{line}");
        }
    }
}
