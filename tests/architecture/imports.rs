//! Which room a file belongs to, what it imports, and whether that is below it.

use crate::source::{Source, is_ident, line_of, places};
use crate::{ABOVE, BESIDE, LAYERS, UNDER, is_pages};

/// Imports that point upwards or sideways.
pub(crate) fn wrong_imports(source: &Source) -> Vec<String> {
    let mut findings = Vec::new();
    for (line, path) in imports(source) {
        // A page shows what it concerns, wherever it lives: it may read any store and name any noun, but call no verb above.
        if is_pages(&source.path) && is_read(&path) {
            continue;
        }
        if let Some(why) = forbidden(room_of(&source.path), &path) {
            findings.push(format!("{}:{line}: `crate::{path}`: {why}", source.path));
        }
    }
    findings
}

/// `src/listing/form.rs` and `src/listing.rs` are of the room `listing`.
pub(crate) fn room_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

/// Whether a path is a store of a feature, what it shows of itself, or one of its nouns: `listing::store`, `listing::view`, `listing::Kind`.
fn is_read(path: &str) -> bool {
    let mut parts = path.split("::");
    let of_a_feature = parts.next().is_some_and(|room| LAYERS.iter().any(|layer| layer.contains(&room)));
    let is_noun = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
    of_a_feature && parts.next().is_none_or(|name| ["self", "store", "view"].contains(&name) || is_noun(name))
}

/// Why `room` may not import `path`, if it may not.
pub(crate) fn forbidden(room: &str, path: &str) -> Option<String> {
    let used = path.split("::").next().unwrap_or(path);
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let is_above = |name: &str| ABOVE.iter().any(|above| name == *above || name.starts_with(&format!("{above}::")));
    let used_is_feature = layer(used).is_some() || BESIDE.contains(&used);
    if room == used {
        return None;
    }
    if UNDER.contains(&room) && (used_is_feature || is_above(path)) {
        return Some(format!("{room} is under all features and knows none of them"));
    }
    if BESIDE.contains(&room) && (layer(used).is_some() || is_above(path)) {
        return Some(format!("{room} stands beside the features and uses none of them"));
    }
    let own = layer(room)?;
    match layer(used) {
        Some(other) if other >= own => {
            Some(format!("{room} may use only features below it, and {used} is not; turn the call around"))
        }
        _ if is_above(path) => {
            Some(format!("{used} is above all features, which do not know it; turn the call around"))
        }
        _ => None,
    }
}

/// Every path of the crate that a file names, as (line, `room::item`).
pub(crate) fn imports(source: &Source) -> Vec<(usize, String)> {
    let own_roots =
        if source.path.ends_with("/mod.rs") { ["crate::", "super::"] } else { ["crate::", "super::super::"] };
    let mut found = Vec::new();
    for start in own_roots {
        for at in places(&source.code, start) {
            let tree = &source.code[at + start.len()..];
            found.extend(expand(tree).into_iter().map(|path| (line_of(&source.code, at), path)));
        }
    }
    found
}

/// `a::{b, c::d}` as `a::b`, `a::c::d`; reads as far as the tree goes.
pub(crate) fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim_start();
    if let Some(inside) = tree.strip_prefix('{') {
        let mut paths = Vec::new();
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in inside.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    paths.extend(expand(&inside[start..at]));
                    start = at + 1;
                    if c == '}' {
                        return paths;
                    }
                }
                _ => {}
            }
        }
        return paths;
    }
    let end = tree.find(|c| !is_ident(c)).unwrap_or(tree.len());
    let (name, rest) = tree.split_at(end);
    match rest.strip_prefix("::").map(expand) {
        _ if name.is_empty() => Vec::new(),
        Some(deeper) if !deeper.is_empty() => deeper.into_iter().map(|path| format!("{name}::{path}")).collect(),
        _ => vec![name.to_owned()],
    }
}

mod samples {
    use super::wrong_imports;
    use crate::source::sample;

    #[test]
    fn a_checker_sees_imports_that_point_upwards() {
        let text = "use crate::{db::{self, Tx}, introduction::{Introduction, propose}, web::routes};\nuse crate::zone::ZoneId;\n";
        let found: Vec<String> = wrong_imports(&sample("src/listing/publish.rs", text));
        let starts = [
            "src/listing/publish.rs:1: `crate::introduction::Introduction`",
            "src/listing/publish.rs:1: `crate::introduction::propose`",
            "src/listing/publish.rs:1: `crate::web::routes`",
        ];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        assert!(found.iter().zip(starts).all(|(finding, start)| finding.starts_with(start)), "{found:?}");

        assert_eq!(
            wrong_imports(&sample("src/deal/sign.rs", text)).len(),
            1,
            "deal is above introduction, not above routes"
        );
        assert_eq!(wrong_imports(&sample("src/staff/pages.rs", text)), [""; 0]);
        assert_eq!(wrong_imports(&sample("src/mail/deliver.rs", "fn f(m: crate::member::Member) {}")).len(), 1);
        assert_eq!(wrong_imports(&sample("src/member/store.rs", "use super::super::team::Team;")).len(), 1);
        assert_eq!(wrong_imports(&sample("src/team/mod.rs", "use super::enterprise::Enterprise;")).len(), 1);
        assert_eq!(wrong_imports(&sample("src/team/mod.rs", "use crate::member::Member;")), [""; 0]);

        let reads = "use crate::{listing::{self, Kind, store as listings}, team};";
        assert_eq!(wrong_imports(&sample("src/zone/pages.rs", reads)), [""; 0]);
        assert_eq!(wrong_imports(&sample("src/zone/pages.rs", "use crate::listing::publish;")).len(), 1);
        assert_eq!(wrong_imports(&sample("src/zone/store.rs", reads)).len(), 4);
    }
}
