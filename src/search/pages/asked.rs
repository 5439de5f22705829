//! What is asked for, read from an address and written to one.

use index::{Kind, Query, Sort};

use crate::{
    web::{Fields, list::address},
    zone::Zone,
};

/// How many characters of a question are read.
pub(super) const LONGEST: usize = 200;
/// How many hits a page has.
pub(super) const PER_PAGE: usize = 20;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) kinds: Vec<Kind>,
    pub(super) zone: Option<String>,
    pub(super) sort: Option<Sort>,
    /// Values that there are none of, and what stands behind the longest question.
    pub(super) unknown: Vec<String>,
}

impl Asked {
    pub(super) fn read(fields: &Fields, zones: &[Zone]) -> Self {
        let line = fields.line("q");
        let (text, rest) = match line.char_indices().nth(LONGEST) {
            Some((at, _)) => line.split_at(at),
            None => (line.as_str(), ""),
        };
        let mut asked = Self { text: text.trim().to_owned(), ..Self::default() };
        if !rest.is_empty() {
            asked.unknown.push(short(rest));
        }
        for word in fields.all("kind").filter(|word| !word.is_empty()) {
            match Kind::parse(word) {
                Some(kind) if asked.kinds.contains(&kind) => {}
                Some(kind) => asked.kinds.push(kind),
                None => asked.unknown.push(short(word)),
            }
        }
        let zone = fields.raw("zone");
        if zones.iter().any(|each| each.slug == zone) {
            asked.zone = Some(zone.to_owned());
        } else if !zone.is_empty() {
            asked.unknown.push(short(zone));
        }
        let sort = fields.raw("sort");
        asked.sort = Sort::parse(sort);
        if asked.sort.is_none() && !sort.is_empty() {
            asked.unknown.push(short(sort));
        }
        asked.unknown.truncate(10);
        asked
    }

    pub(super) fn query(&self, page: u64, per_page: usize) -> Query {
        Query {
            text: self.text.clone(),
            kinds: self.kinds.clone(),
            zone: self.zone.clone(),
            sort: self.sort.unwrap_or_default(),
            page: usize::try_from(page).unwrap_or(usize::MAX),
            per_page,
        }
    }

    pub(super) fn url(&self, page: u64) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let mut pairs = vec![("q", self.text.as_str())];
        pairs.extend(self.kinds.iter().map(|kind| ("kind", kind.as_str())));
        pairs.push(("zone", self.zone.as_deref().unwrap_or_default()));
        pairs.push(("sort", self.sort.map_or("", Sort::as_str)));
        pairs.push(("page", &page));
        address("/search", &pairs)
    }

    /// The same question with this kind ticked, or not any more.
    pub(super) fn toggled(&self, kind: Kind) -> Self {
        let mut other = self.clone();
        match other.kinds.iter().position(|each| *each == kind) {
            Some(at) => drop(other.kinds.remove(at)),
            None => other.kinds.push(kind),
        }
        other
    }

    pub(super) fn in_zone(&self, zone: Option<&str>) -> Self {
        Self { zone: zone.map(str::to_owned), ..self.clone() }
    }

    pub(super) fn without_filters(&self) -> Self {
        Self { kinds: Vec::new(), zone: None, ..self.clone() }
    }

    pub(super) fn has_filters(&self) -> bool {
        !self.kinds.is_empty() || self.zone.is_some()
    }
}

/// So much of something odd as is worth repeating.
pub(super) fn short(text: &str) -> String {
    crate::web::list::opening(text, 40)
}
