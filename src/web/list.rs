//! What lists share: one row, the tag of its zone, and the way to earlier and later pages.

use serde::Serialize;

use crate::web::WebError;

/// The zone's name in the zone's colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneTag {
    /// The word in URLs.
    pub slug: String,
    /// The name in the language of the page.
    pub name: String,
}

/// One line of `ui.listing_row`; what is empty is not drawn.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    /// The page of the thing.
    pub url: String,
    /// Its title or name.
    pub title: String,
    /// A sentence or two.
    pub teaser: String,
    /// What kind of thing it is.
    pub kind_label: String,
    /// Where it stands.
    pub state_label: String,
    /// The tone of that: plain, good, wait, bad, info.
    pub state_tone: &'static str,
    /// The zone; `None` where every row is of the same zone.
    pub zone: Option<ZoneTag>,
    /// Whose it is.
    pub owner: String,
    /// Days and other small facts.
    pub meta: String,
}

/// The way to earlier and later pages, for `ui.pager`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pager {
    /// This page, from 1.
    pub page: u64,
    /// How many there are.
    pub pages: u64,
    /// The page before; empty on the first.
    pub previous_url: String,
    /// The page after; empty on the last.
    pub next_url: String,
    /// How many rows there are on all pages.
    pub total: u64,
    /// The number of the first row on this page.
    pub from: u64,
    /// The number of the last.
    pub to: u64,
}

impl Pager {
    /// The pager of page `page` (from 1) of a list of `total` rows; `url` makes the address of a page.
    /// A page behind the last does not exist.
    pub fn new(page: u64, per_page: u64, total: u64, url: impl Fn(u64) -> String) -> Result<Self, WebError> {
        let pages = total.div_ceil(per_page).max(1);
        if page == 0 || page > pages {
            return Err(WebError::NotFound);
        }
        Ok(Self {
            page,
            pages,
            previous_url: if page > 1 { url(page - 1) } else { String::new() },
            next_url: if page < pages { url(page + 1) } else { String::new() },
            total,
            from: Ord::min((page - 1) * per_page + 1, total),
            to: Ord::min(page * per_page, total),
        })
    }
}

/// The number in `?page=`, from 1; the first page when it is not given.
pub fn page_number(asked: &str) -> Result<u64, WebError> {
    match asked {
        "" => Ok(1),
        digits => digits.parse().ok().filter(|page| (1..=1_000_000).contains(page)).ok_or(WebError::BadRequest),
    }
}

/// `path` with a query of those `pairs` that are not empty.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    match query.finish().as_str() {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The first `most` characters of a text that may be long, for a row.
pub fn opening(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_knows_where_it_stands() {
        let url = |page: u64| format!("/x?page={page}");
        let first = Pager::new(1, 20, 41, url).unwrap();
        assert_eq!((first.pages, first.from, first.to), (3, 1, 20));
        assert_eq!((first.previous_url.as_str(), first.next_url.as_str()), ("", "/x?page=2"));
        let last = Pager::new(3, 20, 41, url).unwrap();
        assert_eq!((last.from, last.to, last.next_url.as_str()), (41, 41, ""));
        let none = Pager::new(1, 20, 0, url).unwrap();
        assert_eq!((none.pages, none.from, none.to), (1, 0, 0));
        assert!(matches!(Pager::new(4, 20, 41, url), Err(WebError::NotFound)));
    }

    #[test]
    fn a_page_is_a_number_from_one() {
        assert_eq!(page_number("").unwrap(), 1);
        assert_eq!(page_number("7").unwrap(), 7);
        for bad in ["0", "-1", "x", "1e3", "99999999999999999999"] {
            assert!(matches!(page_number(bad), Err(WebError::BadRequest)), "{bad}");
        }
    }

    #[test]
    fn an_address_holds_what_was_said() {
        assert_eq!(address("/teams", &[("zone", ""), ("page", "")]), "/teams");
        assert_eq!(address("/teams", &[("zone", "a b"), ("page", "2")]), "/teams?zone=a+b&page=2");
    }

    #[test]
    fn a_long_text_is_opened_only() {
        assert_eq!(opening("竹 材\n改性", 9), "竹 材 改性");
        assert_eq!(opening("一二三四五", 4), "一二三…");
    }
}
