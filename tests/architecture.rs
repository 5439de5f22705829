//! The house rules that the compiler does not hold: who may import what, what templates may contain, and that
//! settings, words and rooms agree with each other.
//!
//! It reads the source as text and needs nothing built, so it runs in a blink. Every test is one rule; a failure says
//! `file:line`, what is wrong and what to do. Code under `#[cfg(test)]` is free of the rules about imports, and comments
//! may name anything. The checkers are fed bad samples, here and in `tests/architecture/`, so that a rule cannot fall asleep.

#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/markup.rs"]
mod markup;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/words.rs"]
mod words;

use std::collections::BTreeSet;

use imports::wrong_imports;
use markup::{hand_written_fields, templates, unsafe_markup};
use source::{Source, folders, is_ident, lines_with, read, root, rust, walk};
use words::{blame_in_chinese, blame_in_english, keys_in_code, keys_in_template, unequal_words, words};

// ── The house ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The features, lowest first; a feature may use those of lower layers only.
const LAYERS: &[&[&str]] = &[
    &["zone"],
    &["chain"],
    &["organisation"],
    &["enterprise", "team"],
    &["exhibit", "listing"],
    &["matching"],
    &["introduction"],
    &["deal"],
];

/// Beside the features: every one of them may use it, it uses none of them.
const BESIDE: &[&str] = &["calendar", "member", "synonym"];

/// Above the features: these may use every feature, no feature may use them.
const ABOVE: &[&str] =
    &["api", "backup", "eval", "event", "feed", "my", "search", "seed", "staff", "table", "web::routes", "worker"];

/// Under the features: these know no feature.
const UNDER: &[&str] = &[
    "changes", "clock", "config", "db", "encoder", "fault", "file", "id", "mail", "metrics", "once", "secret", "words",
];

/// Rooms that the directions leave alone: `app` wires everything and is handed to every verb; `web` is what pages share.
const FREE: &[&str] = &["app", "web"];

/// Names for a drawer; say what the thing is instead.
const DRAWERS: &[&str] = &[
    "common", "dto", "dtos", "helper", "helpers", "manager", "managers", "misc", "model", "models", "prelude",
    "service", "services", "types", "util", "utils",
];

/// Template folders that belong to no room of `src`.
const SHARED_TEMPLATES: &[&str] = &["components", "error", "mail", "static", "words"];

/// Literals in Rust that look like a key of the words and are none.
const NOT_WORDS: &[&str] = &[];

// ── The rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn only_stores_know_the_database_library() {
    let allowed =
        |path: &str| is_store(path) || ["src/changes.rs", "src/db.rs", "src/fault.rs", "src/once.rs"].contains(&path);
    let todo = "move the query to the store.rs of its feature";
    none(word_outside(&rust(&["src", "index/src"]), &["sea_orm", "sqlx"], allowed, todo));
}

#[test]
fn only_pages_know_the_web_framework() {
    let allowed = |path: &str| {
        let in_web = ["src/web/", "src/api/"].iter().any(|room| path.starts_with(room));
        is_pages(path) || in_web || ["src/app.rs", "src/serve.rs", "src/main.rs"].contains(&path)
    };
    let todo = "let pages.rs or web/ speak HTTP, and hand plain values down";
    none(word_outside(&rust(&["src", "index/src", "migrations/src"]), &["actix_web", "actix_http"], allowed, todo));
}

#[test]
fn only_the_crate_index_knows_the_search_engine() {
    let todo = "ask for what you need through the crate `index`";
    none(word_outside(&rust(&["src", "migrations/src"]), &["tantivy"], |_| false, todo));
}

#[test]
fn only_the_settings_read_the_environment() {
    let words = ["std::env", "env::var", "env::vars", "env::var_os", "env::temp_dir", "env::current_dir"];
    let todo = "add a field to Config and read it there";
    none(word_outside(&rust(&["src", "index/src", "migrations/src"]), &words, |path| path == "src/config.rs", todo));
}

#[test]
fn pages_never_open_a_writing_transaction() {
    let pages: Vec<Source> = rust(&["src"]).into_iter().filter(|source| is_pages(&source.path)).collect();
    none(word_outside(&pages, &[".write("], |_| false, "call a verb of the feature; it owns the transaction"));
}

#[test]
fn the_nouns_of_a_feature_are_pure() {
    let nouns = |path: &str| {
        path.ends_with("/mod.rs") && !is_pages(path) && !["src/web/mod.rs", "src/api/mod.rs"].contains(&path)
    };
    let modules: Vec<Source> = rust(&["src"]).into_iter().filter(|source| nouns(&source.path)).collect();
    let words = ["Deserialize", "sea_orm", "actix_web", "tera"];
    none(word_outside(
        &modules,
        &words,
        |_| false,
        "mod.rs holds nouns and rules; forms, stores and pages hold the rest",
    ));
}

#[test]
fn only_one_place_turns_errors_into_responses() {
    let words = [
        "ResponseError for",
        "ErrorInternalServerError",
        "ErrorBadRequest",
        "ErrorNotFound",
        "ErrorForbidden",
        "ErrorUnauthorized",
    ];
    let todo = "return WebError, or show a page; these print the error to the visitor";
    none(word_outside(&rust(&["src"]), &words, |path| path == "src/web/error.rs", todo));
}

#[test]
fn features_import_downwards_only() {
    none(rust(&["src"]).iter().flat_map(wrong_imports).collect());
}

#[test]
fn every_room_has_its_place_in_the_house() {
    let known: BTreeSet<&str> = LAYERS.iter().copied().chain([BESIDE, ABOVE, UNDER, FREE]).flatten().copied().collect();
    let lost = folders("src").into_iter().filter(|room| !known.contains(room.as_str()));
    none(lost.map(|room| format!("src/{room}: say at the top of tests/architecture.rs what it may import")).collect());
}

#[test]
fn every_module_begins_by_saying_what_it_is() {
    let all = rust(&["src", "index", "migrations", "tests"]);
    let silent = all.iter().filter(|source| !source.text.starts_with("//!"));
    none(
        silent
            .map(|source| format!("{}:1: begin with `//!`: what it is, its life, its invariants", source.path))
            .collect(),
    );
}

#[test]
fn nothing_is_named_like_a_drawer() {
    let paths = ["src", "index", "migrations", "templates", "tests"].iter().flat_map(|folder| walk(folder));
    none(paths.filter_map(|path| drawer(&path)).collect());
}

#[test]
fn migrations_do_not_know_the_application() {
    let mut findings = Vec::new();
    for path in walk("migrations").iter().filter(|path| path.ends_with(".rs") || path.ends_with("Cargo.toml")) {
        for line in lines_with(&read(path), "yonglianhui") {
            findings.push(format!(
                "{path}:{line}: history must compile without today's application; write out what it needs"
            ));
        }
    }
    none(findings);
}

#[test]
fn the_crate_index_depends_on_no_database_and_no_web() {
    let manifest = read("index/Cargo.toml");
    let banned = ["sea-orm", "actix-web", "sqlx", "migrations", "yonglianhui"];
    let lines = banned.iter().flat_map(|name| lines_with(&manifest, name).into_iter().map(move |line| (line, name)));
    none(lines.map(|(line, name)| format!("index/Cargo.toml:{line}: the index must not know {name}")).collect());
}

#[test]
fn templates_leave_escaping_scripts_and_styles_alone() {
    none(templates().iter().flat_map(|(path, text)| unsafe_markup(path, text)).collect());
}

#[test]
fn fields_are_drawn_by_components_only() {
    let pages = templates().into_iter().filter(|(path, _)| !path.starts_with("templates/components/"));
    none(pages.flat_map(|(path, text)| hand_written_fields(&path, &text)).collect());
}

#[test]
fn every_component_is_on_the_page_of_the_visual_language() {
    // These are parts of others, or draw nothing that is seen.
    let inner = ["forms.tokens", "forms.hidden", "forms.notes", "forms.described", "forms.count", "ui.button_form"];
    let shown = read("templates/staff/design.html");
    let components = ["forms", "ui"].map(|file| read(&format!("templates/components/{file}.html"))).concat();
    let names = components.split("{% component ").skip(1).filter_map(|rest| rest.split('(').next());
    let absent = names.filter(|name| !inner.contains(name) && !shown.contains(&format!("<{name} ")));
    none(absent.map(|name| format!("templates/staff/design.html: show {name} with a sample")).collect());
}

#[test]
fn every_folder_of_templates_has_a_room() {
    let of =
        |folder: &str| folders(folder).into_iter().map(|name| (format!("{folder}/{name}"), name)).collect::<Vec<_>>();
    let pages = of("templates").into_iter().filter(|(_, name)| !SHARED_TEMPLATES.contains(&name.as_str()));
    let homeless = pages.chain(of("templates/mail")).filter(|(_, name)| !root(&format!("src/{name}")).is_dir());
    none(
        homeless
            .map(|(path, name)| format!("{path}: there is no src/{name}; name it like the feature it belongs to"))
            .collect(),
    );
}

#[test]
fn every_setting_is_in_the_readme_and_back() {
    let config = Source::new("src/config.rs", read("src/config.rs"));
    let spoken = config.literals.iter().flat_map(|(_, text)| settings(text)).collect();
    let table: String = read("README.md").lines().filter(|line| line.trim_start().starts_with('|')).collect();
    none(unequal_settings(&spoken, &settings(&table).collect()));
}

#[test]
fn the_unit_in_the_readme_is_one() {
    let readme = read("README.md");
    let unit = readme.split("```ini\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    none(unlike_a_unit(unit));
}

#[test]
fn both_languages_have_the_same_words() {
    none(unequal_words(&words("zh-CN"), &words("en")));
}

#[test]
fn every_key_in_use_has_words() {
    let keys: BTreeSet<String> = words("zh-CN").into_iter().map(|word| word.key).collect();
    let in_templates = templates().into_iter().flat_map(|(path, text)| keys_in_template(&path, &text));
    let in_code = rust(&["src"]).into_iter().flat_map(|source| keys_in_code(&source, &keys));
    none(in_templates.chain(in_code).filter_map(|used| used.missing_from(&keys)).collect());
}

#[test]
fn the_words_blame_nobody() {
    none(
        words("zh-CN")
            .iter()
            .filter_map(blame_in_chinese)
            .chain(words("en").iter().filter_map(blame_in_english))
            .collect(),
    );
}

#[test]
fn every_promise_names_tests_that_there_are() {
    let promises = read("tests/promises.md");
    let tests = rust(&["src", "index", "migrations", "tests"]);
    let absent = |name: &str| !tests.iter().any(|source| source.text.contains(&format!("fn {name}(")));
    let names =
        promises.lines().filter(|line| line.starts_with("| ")).flat_map(|row| row.split('`').skip(1).step_by(2));
    let sentences = names.filter(|name| name.matches('_').count() >= 2 && name.chars().all(is_ident));
    none(
        sentences
            .filter(|name| absent(name))
            .map(|name| format!("tests/promises.md: there is no test {name}"))
            .collect(),
    );
}

#[test]
fn every_promise_has_its_row() {
    let promises = read("tests/promises.md");
    let numbered = |letter: &'static str, last: u32| (1..=last).map(move |number| format!("{letter}-{number:02}"));
    let ids = numbered("R", 34).chain(numbered("S", 25)).chain(numbered("P", 3));
    let ids = ids.chain((0..6).map(|number| format!("L{number}")));
    let missing = ids.filter(|id| promises.matches(&format!("\n| {id} |")).count() != 1);
    none(missing.map(|id| format!("tests/promises.md: give {id} one row")).collect());
}

// ── The checkers ─────────────────────────────────────────────────────────────────────────────────────────────────────

fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

#[test]
fn an_invariant_names_a_test_that_there_is() {
    let all = rust(&["src", "index", "migrations", "tests"]);
    let named = |source: &Source| -> Vec<String> { tests_named(&source.text).map(str::to_owned).collect() };
    let absent = |name: &String| !all.iter().any(|source| source.text.contains(&format!("fn {name}(")));
    let houses = rust(&["src", "index/src", "migrations/src"]);
    let findings = houses.iter().flat_map(|source| {
        named(source)
            .into_iter()
            .filter(absent)
            .map(|name| format!("{}: there is no test {name}; name one or write it", source.path))
    });
    none(findings.collect());
}

fn is_pages(path: &str) -> bool {
    path.ends_with("/pages.rs") || path.contains("/pages/")
}

/// Every line of code with one of these words, in files where it is not allowed.
fn word_outside(sources: &[Source], words: &[&str], allowed: impl Fn(&str) -> bool, todo: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !allowed(&source.path)) {
        for word in words {
            for line in lines_with(&source.code, word) {
                findings.push(format!("{}:{line}: `{word}` does not belong here; {todo}", source.path));
            }
        }
    }
    findings
}

fn drawer(path: &str) -> Option<String> {
    let name = path.rsplit('/').find(|part| DRAWERS.contains(&part.split('.').next().unwrap_or(part)))?;
    Some(format!("{path}: `{name}` says nothing; put it beside its one user, or name the concept"))
}

/// The names of settings in a text, without those that only tests read.
fn settings(text: &str) -> impl Iterator<Item = String> {
    let names = text.split(|c| !is_ident(c)).filter(|name| name.len() > 4 && name.starts_with("YLH_"));
    names.filter(|name| !name.starts_with("YLH_TEST_") && *name != "YLH_DEV_DATA").map(str::to_owned)
}

fn unequal_settings(config: &BTreeSet<String>, readme: &BTreeSet<String>) -> Vec<String> {
    let unsaid = config
        .difference(readme)
        .map(|key| format!("README.md: the table of settings lacks {key}; add it with its default"));
    let unread = readme
        .difference(config)
        .map(|key| format!("README.md: {key} is in the table, but src/config.rs does not read it"));
    unsaid.chain(unread).collect()
}

/// The tests that comments name, as in "(`a_link_answers_once`)", with or without their file: sentences of at least four words.
fn tests_named(text: &str) -> impl Iterator<Item = &str> {
    let comments = text.lines().filter(|line| line.trim_start().starts_with("//"));
    let quoted = comments.flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted.filter_map(|word| word.rsplit("::").next()).filter(|word| {
        word.matches('_').count() >= 3 && word.chars().all(|each| each.is_ascii_lowercase() || each == '_')
    })
}

/// What systemd would not understand, or not start.
fn unlike_a_unit(unit: &str) -> Vec<String> {
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric());
    let is_line = |line: &str| {
        let is_section = ["[Unit]", "[Service]", "[Install]"].contains(&line);
        line.is_empty()
            || line.starts_with('#')
            || is_section
            || line.split_once('=').is_some_and(|(key, _)| is_key(key))
    };
    let odd = unit.lines().filter(|line| !is_line(line)).map(|line| format!("README.md: no line of a unit: {line}"));
    let wanted =
        ["[Service]", "User=yonglianhui", "ExecStart=/opt/yonglianhui/yonglianhui serve", "NoNewPrivileges=yes"];
    let missing = wanted.iter().filter(|wanted| !unit.lines().any(|line| line == **wanted));
    odd.chain(missing.map(|wanted| format!("README.md: the unit lacks {wanted}"))).collect()
}

fn none(findings: Vec<String>) {
    assert!(findings.is_empty(), "\n\n{}\n", findings.join("\n"));
}

// ── The checkers, checked ────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_checker_sees_settings_that_the_readme_lacks_or_invents() {
    let config = settings("YLH_LISTEN YLH_SECRET YLH_TEST_POSTGRES").collect();
    let readme = settings("| `YLH_LISTEN` | | YLH_COLOUR |").collect();
    let findings = unequal_settings(&config, &readme);
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0].contains("YLH_SECRET") && findings[1].contains("YLH_COLOUR"), "{findings:?}");
}

#[test]
fn a_checker_sees_what_is_no_unit() {
    assert!(unlike_a_unit("[Service]\nExecStart /bin/true\n").len() > 2);
    assert!(unlike_a_unit("").iter().any(|finding| finding.contains("ExecStart")));
}

#[test]
fn a_checker_sees_drawers() {
    assert!(drawer("src/web/helpers.rs").is_some());
    assert!(drawer("src/common/name.rs").is_some());
    assert!(drawer("src/listing/form.rs").is_none());
}

#[test]
fn a_checker_sees_the_tests_that_comments_name() {
    let text = "//! **Invariant:** once (`a_link_answers_once`),\n// and `tests/x.rs::a_link_answers_once_more`, not `a_word`\nlet x = `not_in_a_comment_at_all`;";
    assert_eq!(tests_named(text).collect::<Vec<_>>(), ["a_link_answers_once", "a_link_answers_once_more"]);
}
