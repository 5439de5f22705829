//! The form of a zone.

use crate::{
    web::{FieldErrors, Fields},
    words::Say,
    zone::{NewZone, Zone},
};

/// Reads the form of a zone.
pub(super) fn read(fields: &Fields) -> Result<NewZone, FieldErrors> {
    let mut errors = FieldErrors::default();
    let slug = fields.line("slug").to_ascii_lowercase();
    let is_slug = !slug.is_empty()
        && slug.len() <= 40
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if !is_slug {
        errors.add("slug", "zone-slug-form");
    }
    let mut line = |field: &str, most: usize| {
        let text = fields.line(field);
        if text.chars().count() > most {
            errors.add(field, Say::new("form-too-long").with("most", most));
        }
        text
    };
    let name = [line("name_zh", 20), line("name_en", 40)];
    let about = [line("about_zh", 300), line("about_en", 600)];
    if name[0].is_empty() {
        errors.add("name_zh", "zone-name-missing");
    }
    let colour = fields.line("colour").to_ascii_lowercase();
    let is_colour =
        colour.len() == 7 && colour.starts_with('#') && colour[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_colour {
        errors.add("colour", "zone-colour-form");
    }
    errors.or(Some(NewZone { slug, name, about, colour }))
}

/// The form that holds what a zone says now.
pub(super) fn filled(zone: &Zone) -> Fields {
    let [name_zh, name_en] = &zone.name;
    let [about_zh, about_en] = &zone.about;
    Fields::blank()
        .with("slug", &zone.slug)
        .with("name_zh", name_zh)
        .with("name_en", name_en)
        .with("about_zh", about_zh)
        .with("about_en", about_en)
        .with("colour", &zone.colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_needs_a_word_for_its_address_a_name_and_a_colour() {
        let good = Fields::default().with("slug", "Bamboo-Wood").with("name_zh", "竹木").with("colour", "#2f6b4f");
        assert_eq!(read(&good).unwrap().slug, "bamboo-wood");
        for (field, value) in
            [("slug", "竹木"), ("slug", "-a"), ("name_zh", ""), ("colour", "green"), ("colour", "#12345")]
        {
            let errors = read(&good.clone().with(field, value)).unwrap_err();
            assert_eq!(errors.iter().map(|(each, _)| each).collect::<Vec<_>>(), [field], "{field}={value}");
        }
    }
}
