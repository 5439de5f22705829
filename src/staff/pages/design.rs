//! `/desk/design`: the visual language on one living page. It draws the tokens of `site.css` and
//! every component with the words and zones of this very site, so that it cannot fall behind
//! (`every_component_is_on_the_page_of_the_visual_language`).

use serde::Serialize;

use crate::{
    web::{
        Answer, FieldErrors, Fields, FormView, Page, Staff,
        form::Choice,
        list::{Pager, Row, ZoneTag},
    },
    words::Say,
    zone,
};

/// The colours of `site.css`, each with what it is for, in the words.
const COLOURS: [&str; 14] = [
    "paper", "surface", "ink", "soft", "edge", "line", "primary", "deep", "seal", "good", "wait", "bad", "info", "mark",
];
/// The steps of space.
const STEPS: [&str; 6] = ["s1", "s2", "s3", "s4", "s5", "s6"];

#[derive(Serialize)]
struct DesignView {
    colours: [&'static str; 14],
    steps: [&'static str; 6],
    zones: Vec<ZoneTag>,
    row: Row,
    pager: Pager,
    form: FormView,
    choices: Vec<Choice>,
    sentence: String,
}

/// `GET /desk/design`.
pub async fn index(page: Page, _: Staff) -> Answer {
    let zones = zone::store::all(&page.app.db).await?;
    let zones: Vec<ZoneTag> = zones
        .iter()
        .map(|zone| ZoneTag { slug: zone.slug.clone(), name: zone.name_in(page.language()).to_owned() })
        .collect();
    let sentence = page.word("design-sentence");
    let fields = Fields::default().with("filled", &sentence).with("ticked", "yes").with_all("several", ["a", "b"]);
    let errors = FieldErrors::one("wrong", Say::new("form-too-long").with("most", 40));
    let today = page.day(page.app.clock.now());
    let row = Row {
        url: "/desk/design".to_owned(),
        title: page.word("design-title"),
        teaser: sentence.clone(),
        kind_label: page.word("design-kind"),
        state_label: page.word("design-state-good"),
        state_tone: "good",
        zone: zones.first().cloned(),
        owner: page.app.config.site_name.clone(),
        meta: today,
    };
    let choices = ["a", "b", "c"].map(|each| Choice::new(each, page.word(&format!("design-choice-{each}"))));
    let view = DesignView {
        colours: COLOURS,
        steps: STEPS,
        row,
        pager: Pager::new(2, 20, 60, |number| format!("/desk/design#page-{number}"))?,
        form: page.form(&fields, &errors),
        choices: choices.into(),
        zones,
        sentence,
    };
    page.show("staff/design.html", &view)
}
