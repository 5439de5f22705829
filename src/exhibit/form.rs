//! The forms of an exhibit, of an enquiry about it, and of the answer.

use chrono::NaiveDate;

use crate::{
    exhibit::{FACTS, NewEnquiry, NewExhibit, Wish},
    id::OrganisationId,
    mail::Address,
    web::{FieldErrors, Fields},
    words::Say,
    zone::Zone,
};

/// Reads what an exhibit says. `organisations` are those whose it may be.
pub(super) fn exhibit(
    fields: &Fields,
    zones: &[Zone],
    organisations: &[OrganisationId],
) -> Result<NewExhibit, FieldErrors> {
    let mut errors = FieldErrors::default();
    let zone = zones.iter().find(|zone| zone.slug == fields.raw("zone")).map(|zone| zone.id);
    if zone.is_none() {
        errors.add("zone", "exhibit-zone-missing");
    }
    let organisation = fields.raw("organisation").parse().ok().filter(|id| organisations.contains(id));
    if organisation.is_none() {
        errors.add("organisation", "exhibit-organisation-missing");
    }
    let name = [fields.line_within("name_zh", 30, &mut errors), fields.line_within("name_en", 60, &mut errors)];
    if name[0].is_empty() {
        errors.add("name_zh", "exhibit-name-missing");
    }
    let about = [fields.text_within("about_zh", 400, &mut errors), fields.text_within("about_en", 900, &mut errors)];
    let chinese = facts(fields, "facts_zh", 40, &mut errors);
    let english = facts(fields, "facts_en", 90, &mut errors);
    if chinese.len() != FACTS {
        errors.add("facts_zh", "exhibit-facts-three");
    }
    if !english.is_empty() && english.len() != FACTS {
        errors.add("facts_en", "exhibit-facts-three");
    }
    let mut english = english.into_iter();
    let facts = chinese.into_iter().map(|fact| [fact, english.next().unwrap_or_default()]).collect();
    let stand = fields.line_within("stand", 12, &mut errors);
    let opens_on = day(fields, "opens_on", &mut errors);
    let closes_on = day(fields, "closes_on", &mut errors);
    if opens_on.zip(closes_on).is_some_and(|(opens, closes)| closes < opens) {
        errors.add("closes_on", "exhibit-closes-before");
    }
    let content = zone.zip(organisation).map(|(zone, organisation)| NewExhibit {
        zone,
        organisation,
        name,
        about,
        facts,
        stand,
        opens_on,
        closes_on,
    });
    errors.or(content)
}

/// One fact a line.
fn facts(fields: &Fields, name: &str, most: usize, errors: &mut FieldErrors) -> Vec<String> {
    let text = fields.text(name);
    let lines: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if lines.iter().any(|line| line.chars().count() > most) {
        errors.add(name, Say::new("exhibit-fact-long").with("most", most));
    }
    lines
}

fn day(fields: &Fields, name: &str, errors: &mut FieldErrors) -> Option<NaiveDate> {
    let typed = fields.line(name);
    let day = typed.parse().ok();
    if day.is_none() && !typed.is_empty() {
        errors.add(name, "exhibit-day-form");
    }
    day
}

/// The form that holds what an exhibit says now.
pub(super) fn filled(exhibit: &NewExhibit, zones: &[Zone]) -> Fields {
    let facts = |at: usize| exhibit.facts.iter().map(|fact| fact[at].as_str()).collect::<Vec<_>>().join("\n");
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    Fields::blank()
        .with("zone", zones.iter().find(|zone| zone.id == exhibit.zone).map_or("", |zone| &zone.slug))
        .with("organisation", exhibit.organisation)
        .with("name_zh", &exhibit.name[0])
        .with("name_en", &exhibit.name[1])
        .with("about_zh", &exhibit.about[0])
        .with("about_en", &exhibit.about[1])
        .with("facts_zh", facts(0))
        .with("facts_en", facts(1).trim())
        .with("stand", &exhibit.stand)
        .with("opens_on", day(exhibit.opens_on))
        .with("closes_on", day(exhibit.closes_on))
}

/// Reads what a visitor wrote.
pub(super) fn enquiry(fields: &Fields) -> Result<NewEnquiry, FieldErrors> {
    let mut errors = FieldErrors::default();
    let wish = Wish::parse(fields.raw("wish"));
    if wish.is_none() {
        errors.add("wish", "exhibit-wish-missing");
    }
    let text = fields.text_within("text", 500, &mut errors);
    if text.is_empty() && wish != Some(Wish::Material) {
        errors.add("text", "exhibit-text-missing");
    }
    let name = fields.line_within("name", 30, &mut errors);
    let phone = fields.line_within("phone", 30, &mut errors);
    if !phone.is_empty() && phone.chars().filter(char::is_ascii_digit).count() < 7 {
        errors.add("phone", "exhibit-phone-form");
    }
    let email = fields.line("email");
    if !email.is_empty() && Address::parse(&email).is_none() {
        errors.add("email", "exhibit-email-form");
    }
    if phone.is_empty() && email.is_empty() && wish.is_some_and(Wish::needs_contact) {
        errors.add("phone", "exhibit-contact-missing");
    }
    let consented = fields.ticked("consent");
    errors.or(wish.map(|wish| NewEnquiry { wish, text, name, phone, email, consented }))
}

/// Reads an answer.
pub(super) fn answer(fields: &Fields) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    let text = fields.text_within("answer", 500, &mut errors);
    if text.is_empty() {
        errors.add("answer", "exhibit-answer-missing");
    }
    errors.or(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enquiry_wants_a_way_to_answer_unless_it_is_a_message() {
        let fields = Fields::default().with("wish", "cooperate").with("text", "我们做整装，想谈合作");
        let errors = enquiry(&fields).unwrap_err();
        assert_eq!(errors, FieldErrors::one("phone", "exhibit-contact-missing"));
        assert!(!enquiry(&fields.clone().with("phone", "0746-5550199")).unwrap().consented);
        assert!(enquiry(&fields.clone().with("email", "a@b.example").with("consent", "yes")).unwrap().consented);
        assert!(enquiry(&fields.with("wish", "message")).is_ok());
        let bad = Fields::default().with("wish", "steal").with("email", "a").with("phone", "12");
        let errors = enquiry(&bad).unwrap_err();
        assert_eq!(errors.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["wish", "text", "phone", "email"]);
    }

    #[test]
    fn an_exhibit_states_three_facts() {
        let zone = crate::zone::Zone {
            id: crate::id::ZoneId(1),
            slug: "food".to_owned(),
            name: Default::default(),
            about: Default::default(),
            colour: String::new(),
        };
        let good = Fields::default()
            .with("zone", "food")
            .with("organisation", "7")
            .with("name_zh", "竹橱柜")
            .with("facts_zh", "一\n二\n\n三");
        let read = |fields: &Fields| exhibit(fields, std::slice::from_ref(&zone), &[OrganisationId(7)]);
        assert_eq!(read(&good).unwrap().facts.len(), 3);
        for (field, value) in [
            ("zone", "nowhere"),
            ("organisation", "8"),
            ("name_zh", ""),
            ("facts_zh", "一\n二"),
            ("facts_en", "one"),
            ("opens_on", "2026-13-01"),
        ] {
            let errors = read(&good.clone().with(field, value)).unwrap_err();
            assert_eq!(errors.iter().map(|(each, _)| each).collect::<Vec<_>>(), [field], "{field}={value}");
        }
        let late = good.with("opens_on", "2026-11-02").with("closes_on", "2026-11-01");
        assert_eq!(read(&late).unwrap_err(), FieldErrors::one("closes_on", "exhibit-closes-before"));
    }
}
