//! What helps on when nothing was found.

use serde::Serialize;

use crate::{
    fault::Fault,
    search::pages::{Choice, asked::Asked, zone_choices},
    web::{Page, list::address},
    zone::Zone,
};

/// How many shorter questions are offered.
const MOST_SHORTER: usize = 6;

/// What helps on when nothing was found.
#[derive(Serialize)]
pub(super) struct Help {
    shorter: Vec<Choice>,
    zones: Vec<Choice>,
    everywhere: Option<Choice>,
    post_url: String,
}

/// What to offer instead of nothing: fewer filters, other zones, shorter words, and posting the need.
pub(super) fn help(page: &Page, asked: &Asked, zones: &[Zone], found: &index::Page) -> Result<Help, Fault> {
    let all = asked.without_filters();
    let total = |asked: &Asked| Ok::<_, Fault>(page.app.index.total(&asked.query(1, 1))?);
    let mut shorter = Vec::new();
    for word in shorter_words(&asked.text) {
        let asked = Asked { text: word.clone(), ..all.clone() };
        let count = total(&asked)?;
        if count > 0 && shorter.len() < MOST_SHORTER {
            shorter.push(Choice { label: word, url: asked.url(1), count, current: false });
        }
    }
    let everywhere = if asked.has_filters() { total(&all)? } else { 0 };
    let title = if asked.text.chars().count() <= 40 { asked.text.as_str() } else { "" };
    Ok(Help {
        shorter,
        zones: zone_choices(page.language(), asked, zones, found)
            .into_iter()
            .filter(|choice| choice.count > 0)
            .collect(),
        everywhere: (everywhere > 0).then(|| Choice {
            label: page.word("search-everywhere"),
            url: all.url(1),
            count: everywhere,
            current: false,
        }),
        post_url: address("/needs/new", &[("title", title)]),
    })
}

/// The words of a question, and the pairs of characters when the dictionary knows no shorter word.
fn shorter_words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let tokens = index::analyzers::words(text).into_iter().chain(index::analyzers::pairs(text));
    for token in tokens {
        if token.text.chars().count() > 1 && token.text != text && !found.contains(&token.text) {
            found.push(token.text);
        }
    }
    found.truncate(2 * MOST_SHORTER);
    found
}
