//! A row of listings ⇄ what a listing says.

use chrono::NaiveDate;

use crate::{
    listing::{Content, Kind, form},
    table::row::Row,
    templates::Templates,
    words::Language,
    zone::Zone,
};

/// The columns of listings: the fields of the form, and what stands beside them.
pub(super) const NAMES: &[&str] = &[
    "id",
    "title",
    "teaser",
    "problem",
    "keywords",
    "zone",
    "need_type",
    "targets",
    "use_case",
    "deadline",
    "budget",
    "cooperation",
    "ip",
    "ip_note",
    "partner",
    "trl",
    "trl_min",
    "trl_max",
    "advantage",
    "economics",
    "evidence",
    "industry",
    "decision_agreed",
    "anonymous",
    "excluded",
    "owner",
    "state",
];

/// Titles that come from elsewhere may be longer than what is typed here.
const LONGEST_TITLE: usize = 100;
/// So may their text.
const LONGEST_TEXT: usize = 20_000;
/// And there may be more keywords.
const MOST_KEYWORDS: usize = 50;

/// What the row says, or why it is refused. The short form (`id`, `title`, `text`, `keywords`) is
/// taken as well: its text is the problem.
pub(super) fn read(
    row: &Row,
    kind: Kind,
    zones: &[Zone],
    today: NaiveDate,
    templates: &Templates,
) -> Result<Content, String> {
    let title = row.text("title");
    if title.is_empty() {
        return Err("title is missing; every listing has one".to_owned());
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(format!("title has {} characters; {LONGEST_TITLE} at most", title.chars().count()));
    }
    let problem = if row.text("problem").is_empty() { row.text("text") } else { row.text("problem") };
    if problem.chars().count() > LONGEST_TEXT {
        return Err(format!("the text has {} characters; {LONGEST_TEXT} at most", problem.chars().count()));
    }
    let zone = row.text("zone");
    if !zone.is_empty() && zones.iter().all(|each| each.slug != zone) {
        let known: Vec<&str> = zones.iter().map(|each| each.slug.as_str()).collect();
        return Err(format!("zone {zone:?} is not one of {}", known.join(", ")));
    }
    let keywords = row.list("keywords");
    if keywords.len() > MOST_KEYWORDS {
        return Err(format!("there are {} keywords; {MOST_KEYWORDS} at most", keywords.len()));
    }
    let typed = row.fields().with("title", "").with("problem", "").with("keywords", "");
    let (mut content, errors) = form::read(&typed, kind, zones, today, crate::listing::draft::Aim::Save);
    let words: Vec<String> =
        errors.iter().map(|(field, say)| format!("{field}: {}", templates.tell(Language::English, say))).collect();
    if !words.is_empty() {
        return Err(words.join("; "));
    }
    let clean = crate::web::Fields::default().with("title", title).with("problem", problem);
    content.title = clean.line("title");
    content.problem = clean.text("problem");
    content.keywords = keywords;
    Ok(content)
}

/// The row of what a listing says.
pub(super) fn written(content: &Content, zones: &[Zone]) -> Row {
    let fields = form::filled(content, zones);
    let mut row = Row::default();
    for name in NAMES {
        let all: Vec<&str> = fields.all(name).collect();
        row.set(name, all.join("、"));
    }
    row
}
