//! The forms of a team: entered by staff, and rewritten by its lead.

use crate::{
    mail::Address,
    member,
    team::{Lead, NewTeam, NewUniversity, Team, University, revise::Revision},
    web::{FieldErrors, Fields},
    words::Say,
    zone::Zone,
};

/// How many introductions a month may be named; nobody has time for more.
const MOST_CAPACITY: u32 = 50;
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
