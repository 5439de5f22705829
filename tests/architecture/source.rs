//! Reads the checkout: folders, files, and Rust with its comments, strings and tests blanked out.

use std::fs;
use std::path::Path;

/// A Rust file. `code` has comments, strings and `#[cfg(test)]` items blanked out; places in it are places in `text`.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) code: String,
    pub(crate) literals: Vec<(usize, String)>,
}

impl Source {
    pub(crate) fn new(path: &str, text: String) -> Self {
        let mut code = String::with_capacity(text.len());
        let mut strings = Vec::new();
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            let at = text.len() - rest.len();
            let (token, is_code) = token(rest, code.ends_with(is_ident));
            if is_code {
                code.push_str(token);
            } else {
                code.extend(
                    token.chars().flat_map(|c| std::iter::repeat_n(if c == '\n' { '\n' } else { ' ' }, c.len_utf8())),
                );
                if let Some(inside) =
                    token.split_once('"').and_then(|(_, inside)| inside.rsplit_once('"')).filter(|_| c != '/')
                {
                    strings.push((at, inside.0.to_owned()));
                }
            }
            rest = &rest[token.len()..];
        }
        for (start, end) in test_items(&code) {
            strings.retain(|(at, _)| !(start..end).contains(at));
            let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            if blank.len() == end - start {
                code.replace_range(start..end, &blank);
            }
        }
        let literals = strings.into_iter().map(|(at, string)| (line_of(&text, at), string)).collect();
        Source { path: path.to_owned(), text, code, literals }
    }
}

/// The next piece of Rust: a comment, a string, a character, or one char of code (`true`).
pub(crate) fn token(rest: &str, after_ident: bool) -> (&str, bool) {
    let up_to = |end: Option<usize>| &rest[..end.unwrap_or(rest.len())];
    if rest.starts_with("//") {
        return (up_to(rest.find('\n')), false);
    }
    if rest.starts_with("/*") {
        let mut depth = 0;
        let ends = rest.char_indices().find(|(at, _)| {
            depth += i32::from(rest[*at..].starts_with("/*"));
            depth -= i32::from(rest[..*at].ends_with("*/"));
            *at > 2 && depth == 0
        });
        return (up_to(ends.map(|(at, _)| at)), false);
    }
    let raw = rest.strip_prefix("br").or(rest.strip_prefix('r')).filter(|_| !after_ident);
    if let Some(raw) = raw {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let start = rest.len() - raw.len() + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            return (up_to(rest[start..].find(&close).map(|end| start + end + close.len())), false);
        }
    }
    let quoted = |quote: char| {
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, c)| {
            let closes = *c == quote && !escaped;
            escaped = *c == '\\' && !escaped;
            closes
        });
        end.map(|(at, _)| at + 1)
    };
    let mut chars = rest.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('"'), ..) => (up_to(quoted('"')), false),
        // A lifetime has no quote behind its first letter.
        (Some('\''), Some('\\'), _) | (Some('\''), Some(_), Some('\'')) => (up_to(quoted('\'')), false),
        (first, ..) => (up_to(first.map(char::len_utf8)), true),
    }
}

/// Where the items under `#[cfg(test)]` begin and end.
pub(crate) fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    for start in places(code, "#[cfg(test)]") {
        let mut depth = 0;
        let end = code[start..].char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0 && matches!(c, '}' | ';')
        });
        items.push((start, end.map_or(code.len(), |(at, _)| start + at + 1)));
    }
    items
}

pub(crate) fn is_ident(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where a word stands on its own.
pub(crate) fn places(text: &str, word: &str) -> impl Iterator<Item = usize> {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let joined_before = word.starts_with(is_ident) && text[..*at].ends_with(is_ident);
        let joined_after = word.ends_with(is_ident) && word != "on" && text[at + word.len()..].starts_with(is_ident);
        !joined_before && !joined_after
    })
}

pub(crate) fn lines_with(text: &str, word: &str) -> Vec<usize> {
    let mut lines: Vec<usize> = places(text, word).map(|at| line_of(text, at)).collect();
    lines.dedup();
    lines
}

pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

pub(crate) fn root(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A file of the checkout; empty when there is none, so that a rule about it still speaks.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_default()
}

/// Every file and folder below a folder, sorted, with paths from the root.
pub(crate) fn walk(folder: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(root(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !["node_modules", "target"].contains(&name.as_str()) {
            let path = format!("{folder}/{name}");
            paths.extend(walk(&path));
            paths.push(path);
        }
    }
    paths.sort();
    paths
}

pub(crate) fn folders(folder: &str) -> Vec<String> {
    let inside =
        walk(folder).into_iter().filter_map(|path| path.strip_prefix(&format!("{folder}/")).map(str::to_owned));
    inside.filter(|name| !name.contains('/') && root(&format!("{folder}/{name}")).is_dir()).collect()
}

pub(crate) fn rust(folders: &[&str]) -> Vec<Source> {
    let paths = folders.iter().flat_map(|folder| walk(folder)).filter(|path| path.ends_with(".rs"));
    paths.map(|path| Source::new(&path, read(&path))).collect()
}

/// A file of the samples.
pub(crate) fn sample(path: &str, text: &str) -> Source {
    Source::new(path, text.to_owned())
}

mod samples {
    use super::sample;
    use crate::{is_store, word_outside};

    #[test]
    fn a_checker_sees_code_and_no_comments_strings_or_tests() {
        let text = "//! sea_orm\nfn a<'a>(x: &'a str) -> char { let _ = (\"sea_orm \\\" \", r#\"sea_orm\"#, '\"'); '\\'' }\n\
                /* sea_orm /* nested */ */\n#[cfg(test)]\nmod tests {\n    use sea_orm::Set;\n}\nuse sea_orm::Database;\n";
        let findings = word_outside(&[sample("src/listing/pages.rs", text)], &["sea_orm"], is_store, "move it");
        assert_eq!(findings, ["src/listing/pages.rs:8: `sea_orm` does not belong here; move it"]);
        assert_eq!(word_outside(&[sample("src/listing/store.rs", text)], &["sea_orm"], is_store, "move it"), [""; 0]);
    }
}
