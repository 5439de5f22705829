//! The words in both languages: the same keys on both sides, every key in use, and no blame.

use std::collections::{BTreeMap, BTreeSet};

use crate::NOT_WORDS;
use crate::source::{Source, is_ident, line_of, places, read, walk};

pub(crate) fn words(language: &str) -> Vec<Word> {
    let paths = walk(&format!("templates/words/{language}")).into_iter().filter(|path| path.ends_with(".ftl"));
    paths.flat_map(|path| fluent(&path, &read(&path))).collect()
}

/// One message of a Fluent file.
pub(crate) struct Word {
    pub(crate) at: String,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// The messages of one Fluent file; attributes are `key.attribute`.
pub(crate) fn fluent(path: &str, text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut message = String::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        let defined = line.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
        let named = |name: &str| name.chars().all(|c| is_ident(c) || c == '-');
        match defined {
            Some((name, value)) if !line.starts_with(char::is_whitespace) && named(name) => {
                name.clone_into(&mut message);
                words.push(Word {
                    at: format!("{path}:{}", number + 1),
                    key: name.to_owned(),
                    value: value.to_owned(),
                });
            }
            Some((name, value)) if name.strip_prefix('.').is_some_and(named) => {
                let key = format!("{message}{name}");
                words.push(Word { at: format!("{path}:{}", number + 1), key, value: value.to_owned() });
            }
            _ => {
                if let Some(word) = words.last_mut() {
                    word.value.push('\n');
                    word.value.push_str(line.trim());
                }
            }
        }
    }
    for word in &mut words {
        word.value.truncate(word.value.trim_end().len());
    }
    words
}

pub(crate) fn unequal_words(chinese: &[Word], english: &[Word]) -> Vec<String> {
    let mut findings = Vec::new();
    for (these, those, language) in [(chinese, english, "en"), (english, chinese, "zh-CN")] {
        let mut seen = BTreeMap::new();
        for word in these {
            if let Some(first) = seen.insert(&word.key, &word.at) {
                findings.push(format!("{}: {} has words already, at {first}", word.at, word.key));
            }
            if !those.iter().any(|other| other.key == word.key) {
                findings.push(format!("{}: {} has no words in templates/words/{language}", word.at, word.key));
            }
            if word.value.is_empty() {
                findings.push(format!("{}: {} is empty", word.at, word.key));
            }
        }
    }
    findings
}

/// A key in use, or the beginning of one that is put together at run time.
pub(crate) struct Used {
    pub(crate) at: String,
    pub(crate) key: String,
    pub(crate) is_whole: bool,
}

impl Used {
    pub(crate) fn missing_from(self, keys: &BTreeSet<String>) -> Option<String> {
        let Used { at, key, is_whole } = self;
        let exists = if is_whole { keys.contains(&key) } else { keys.iter().any(|each| each.starts_with(&key)) };
        let what = if is_whole { "the key" } else { "any key that begins with" };
        (!exists).then(|| format!("{at}: templates/words lacks {what} `{key}`; add it in both languages"))
    }
}

/// The keys of `t(k="…")` and `t(k="…" ~ …)`.
pub(crate) fn keys_in_template(path: &str, text: &str) -> Vec<Used> {
    let mut found = Vec::new();
    for at in places(text, "t(") {
        let Some(after) =
            text[at + 2..].trim_start().strip_prefix('k').and_then(|rest| rest.trim_start().strip_prefix('='))
        else {
            continue;
        };
        if let Some((key, rest)) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            let is_whole = !rest.trim_start().starts_with('~');
            found.push(Used { at: format!("{path}:{}", line_of(text, at)), key: key.to_owned(), is_whole });
        }
    }
    found
}

/// The literals of a file that look like keys: `listing-title`, or `listing-state-{}`, where a key begins with `listing-`.
pub(crate) fn keys_in_code(source: &Source, keys: &BTreeSet<String>) -> Vec<Used> {
    let rooms: BTreeSet<&str> = keys.iter().filter_map(|key| Some(key.split_once('-')?.0)).collect();
    let mut found = Vec::new();
    for (line, text) in &source.literals {
        let key = text.split('{').next().unwrap_or(text);
        let like_a_key = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        let of_a_room = key.split_once('-').is_some_and(|(room, rest)| rooms.contains(room) && !rest.starts_with('-'));
        let is_whole = key == text;
        if like_a_key && of_a_room && is_whole != key.ends_with('-') && !NOT_WORDS.contains(&key) {
            found.push(Used { at: format!("{}:{line}", source.path), key: key.to_owned(), is_whole });
        }
    }
    found
}

pub(crate) fn blame_in_english(word: &Word) -> Option<String> {
    let said = word.value.to_lowercase();
    let mut parts = said.split(|c: char| !c.is_alphabetic() && c != '$');
    let bad = parts.find(|part| ["please", "invalid", "required"].contains(part))?;
    Some(format!("{}: \"{bad}\" in {}; say what to do instead", word.at, word.key))
}

pub(crate) fn blame_in_chinese(word: &Word) -> Option<String> {
    let bare = word.value.trim_matches(|c: char| !c.is_alphabetic()) == "出错了";
    let bad = ["无效", "非法"].into_iter().find(|bad| word.value.contains(bad)).or(bare.then_some("出错了"))?;
    Some(format!("{}: {bad} in {}; say what to do instead", word.at, word.key))
}

mod samples {
    use std::collections::BTreeSet;

    use super::*;
    use crate::source::sample;

    #[test]
    fn a_checker_sees_missing_and_blaming_words() {
        let english = fluent(
            "en/a.ftl",
            "# please\na-title = Title\na-hint =\n    Invalid\n    number\na-count = { $required ->\n   *[other] many\n}\n",
        );
        let chinese = fluent("zh-CN/a.ftl", "a-title = 出错了。\n    .label = 非法\na-title = 题目\n");
        let keys = |words: &[Word]| words.iter().map(|word| word.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&english), ["a-title", "a-hint", "a-count"]);
        assert_eq!(keys(&chinese), ["a-title", "a-title.label", "a-title"]);
        assert_eq!(unequal_words(&chinese, &english).len(), 4, "twice a-title; label, hint and count on one side only");
        assert_eq!(english.iter().filter_map(blame_in_english).count(), 1);
        assert_eq!(chinese.iter().filter_map(blame_in_chinese).count(), 2);

        let keys: BTreeSet<String> = ["a-title", "a-state-open"].map(str::to_owned).into();
        let template = keys_in_template(
            "t.html",
            "{{ t(k=\"a-title\") }}{{ t(k=\"a-state-\" ~ state) }}{{ format(k=\"no\") }}\n{{ t(k=\"a-tilte\") }}",
        );
        let code = "fn f() { say(\"a-title\"); say(format!(\"a-state-{x}\")); say(format!(\"a-stage-{x}\")); say(\"b-title\") }";
        let code = keys_in_code(&sample("src/a.rs", code), &keys);
        let missing: Vec<String> =
            template.into_iter().chain(code).filter_map(|used| used.missing_from(&keys)).collect();
        assert_eq!(missing.len(), 2, "{missing:?}");
        assert!(missing[0].starts_with("t.html:2: ") && missing[0].contains("`a-tilte`"), "{missing:?}");
        assert!(missing[1].starts_with("src/a.rs:1: ") && missing[1].contains("`a-stage-`"), "{missing:?}");
    }
}
