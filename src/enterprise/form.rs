//! The form of an enterprise: entered anew, or rewritten.

use crate::{
    enterprise::{
        Enterprise, NewEnterprise, Person, Size,
        uscc::{Uscc, Wrong},
    },
    member::{self, Member},
    web::{FieldErrors, Fields},
    words::Say,
    zone::Zone,
};

/// How many products an enterprise may name.
const MOST_PRODUCTS: usize = 20;

/// What the form asks for beside what it always asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// Everything: nobody has seen its papers yet.
    Everything,
    /// Everything but the person: staff correct it.
    AsStaff,
    /// Neither name nor code: staff have compared them with the licence.
    WhatMayChange,
}

impl Asks {
    pub(super) fn name_and_code(self) -> bool {
        self != Self::WhatMayChange
    }

    pub(super) fn person(self) -> bool {
        self != Self::AsStaff
    }
}

/// Reads the form; `known` is the enterprise that is rewritten.
pub(super) fn enterprise(
    fields: &Fields,
    asks: Asks,
    zones: &[Zone],
    known: Option<&Enterprise>,
) -> Result<NewEnterprise, FieldErrors> {
    let mut errors = FieldErrors::default();
    let (mut code, mut name) = (None, String::new());
    if asks.name_and_code() {
        let may_be_without = known.is_some_and(|known| known.uscc.is_none());
        if !(may_be_without && fields.line("uscc").is_empty()) {
            code = uscc(fields).map_err(|say| errors.add("uscc", say)).ok();
        }
        name = fields.line("name");
        match name.chars().count() {
            0 => errors.add("name", "enterprise-name-missing"),
            1 => errors.add("name", "enterprise-name-short"),
            2..=60 => {}
            _ => errors.add("name", Say::new("form-too-long").with("most", 60)),
        }
    }
    let zone = zones.iter().find(|zone| zone.slug == fields.raw("zone"));
    if zone.is_none() {
        errors.add("zone", "enterprise-zone-missing");
    }
    let industry = fields.line("industry");
    // Tables print the class as C1453; the letter of the 门类 is not part of the number.
    let industry = industry.trim_start_matches(|each: char| each.is_ascii_alphabetic()).trim().to_owned();
    let is_class = industry.len() == 4 && industry.bytes().all(|byte| byte.is_ascii_digit());
    if !industry.is_empty() && !is_class {
        errors.add("industry", "enterprise-industry-form");
    }
    let industry_name = fields.line_within("industry_name", 40, &mut errors);
    let size = Size::parse(fields.raw("size"));
    if size.is_none() {
        errors.add("size", "enterprise-size-form");
    }
    let about = fields.text_within("about", 600, &mut errors);
    let products = fields.list("products");
    if products.len() > MOST_PRODUCTS {
        errors.add("products", Say::new("enterprise-products-many").with("most", MOST_PRODUCTS));
    } else if products.iter().any(|each| each.chars().count() > 40) {
        errors.add("products", Say::new("enterprise-products-long").with("most", 40));
    }
    let contact = if asks.person() { person(fields, &mut errors) } else { Person::default() };
    let value = zone.zip(size).map(|(zone, size)| NewEnterprise {
        uscc: code,
        name,
        zone: zone.id,
        region: String::new(),
        industry,
        industry_name,
        size,
        about,
        products,
        contact,
        import_key: None,
    });
    errors.or(value)
}

/// The code as it was typed, or what to say of it.
pub(super) fn uscc(fields: &Fields) -> Result<Uscc, Say> {
    Uscc::parse(fields.raw("uscc")).map_err(|wrong| match wrong {
        Wrong::Length(0) => Say::new("enterprise-uscc-missing"),
        Wrong::Length(length) => Say::new("enterprise-uscc-length").with("length", length),
        Wrong::Character { position, found, meant: Some(meant) } => {
            Say::new("enterprise-uscc-taken-for").with("position", position).with("found", found).with("meant", meant)
        }
        Wrong::Character { position, found, meant: None } => {
            Say::new("enterprise-uscc-character").with("position", position).with("found", found)
        }
        Wrong::CheckDigit => Say::new("enterprise-uscc-check-digit"),
    })
}

fn person(fields: &Fields, errors: &mut FieldErrors) -> Person {
    let name = fields.line_within("contact_name", 40, errors);
    if name.is_empty() {
        errors.add("contact_name", "enterprise-contact-name-missing");
    }
    let title = fields.line_within("contact_title", 40, errors);
    let phone = fields.line("contact_phone");
    if !phone.is_empty() && !member::is_phone(&phone) {
        errors.add("contact_phone", "enterprise-contact-phone-form");
    }
    Person { name, title, phone }
}

/// The fields of an enterprise that is there already, as `speaker` sees them.
pub(super) fn filled(known: &Enterprise, zones: &[Zone], speaker: Option<&Member>) -> Fields {
    let zone = zones.iter().find(|zone| zone.id == known.organisation.zone);
    let fields = Fields::default()
        .with("uscc", known.uscc.as_ref().map_or("", Uscc::as_str))
        .with("name", &known.organisation.name)
        .with("zone", zone.map_or("", |zone| zone.slug.as_str()))
        .with("industry", &known.industry)
        .with("industry_name", &known.industry_name)
        .with("size", known.size.as_str())
        .with("about", &known.organisation.about)
        .with("products", known.products.join("\n"));
    match speaker {
        Some(speaker) => with_person(fields, speaker),
        None => fields,
    }
}

/// Fields with what is known of the member who fills them in.
pub(super) fn with_person(fields: Fields, speaker: &Member) -> Fields {
    fields
        .with("contact_name", &speaker.name)
        .with("contact_title", &speaker.title)
        .with("contact_phone", &speaker.phone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ZoneId;

    fn zones() -> Vec<Zone> {
        vec![Zone {
            id: ZoneId(1),
            slug: "food".into(),
            name: Default::default(),
            about: Default::default(),
            colour: String::new(),
        }]
    }

    fn good() -> Fields {
        Fields::default()
            .with("uscc", "91431103ma4q 00008a")
            .with("name", " 永州某某食品有限公司 ")
            .with("zone", "food")
            .with("industry", "C1453")
            .with("products", "罐头\n果汁、罐头")
            .with("contact_name", "苏一禾")
    }

    #[test]
    fn a_form_is_read_as_people_fill_it_in() {
        let new = enterprise(&good(), Asks::Everything, &zones(), None).unwrap();
        assert_eq!(new.uscc.as_ref().unwrap().as_str(), "91431103MA4Q00008A");
        assert_eq!(new.name, "永州某某食品有限公司");
        assert_eq!((new.industry.as_str(), new.region()), ("1453", "431103"));
        assert_eq!(new.products, ["罐头", "果汁"]);
        assert_eq!(new.size, Size::Unsaid);
    }

    #[test]
    fn everything_to_mend_is_said_at_once() {
        let fields = Fields::default()
            .with("uscc", "914311O3MA4Q00008A")
            .with("industry", "145")
            .with("size", "huge")
            .with("contact_phone", "call me");
        let errors = enterprise(&fields, Asks::Everything, &zones(), None).unwrap_err();
        let named: Vec<&str> = errors.iter().map(|(field, _)| field).collect();
        assert_eq!(named, ["uscc", "name", "zone", "industry", "size", "contact_name", "contact_phone"]);
        let (_, say) = errors.iter().next().unwrap();
        assert_eq!(
            say,
            &Say::new("enterprise-uscc-taken-for").with("position", 7).with("found", 'O').with("meant", '0')
        );
    }

    #[test]
    fn name_and_code_are_not_read_where_they_are_not_asked() {
        let new = enterprise(&good(), Asks::WhatMayChange, &zones(), None).unwrap();
        assert_eq!((new.uscc, new.name.as_str()), (None, ""));
    }
}
