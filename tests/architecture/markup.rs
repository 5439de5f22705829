//! What templates may not contain.

use crate::source::{is_ident, line_of, places, read, walk};

/// Pages and mails without their comments: (path, text).
pub(crate) fn templates() -> Vec<(String, String)> {
    let paths =
        walk("templates").into_iter().filter(|path| [".html", ".txt", ".xml"].iter().any(|end| path.ends_with(end)));
    paths.map(|path| (path.clone(), without(&without(&read(&path), "{#", "#}"), "<!--", "-->"))).collect()
}

/// The text with everything between two marks blanked out, line breaks excepted.
pub(crate) fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(open) {
        kept.push_str(before);
        let (comment, after) = inside.split_once(close).unwrap_or((inside, ""));
        kept.extend(comment.matches('\n'));
        rest = after;
    }
    kept + rest
}

pub(crate) fn unsafe_markup(path: &str, text: &str) -> Vec<String> {
    let text = text.to_ascii_lowercase();
    let mut findings = Vec::new();
    for at in places(&text, "|") {
        let is_safe = text[at + 1..].trim_start().strip_prefix("safe").is_some_and(|rest| !rest.starts_with(is_ident));
        let slot = path.starts_with("templates/components/") && text[..at].trim_end().ends_with(" body");
        if is_safe && !slot {
            findings.push((at, "`| safe` is banned; build markup from components"));
        }
    }
    for at in places(&text, "style=") {
        if text[..at].ends_with(char::is_whitespace) {
            findings.push((at, "no inline style; give it a class in site.css"));
        }
    }
    // A mail cannot link a style sheet; its one base holds its own.
    for at in places(&text, "<style").filter(|_| path != "templates/mail/base.html") {
        findings.push((at, "no inline style; give it a class in site.css"));
    }
    for at in places(&text, "<script") {
        let body = text[at..].split_once('>').map(|(_, rest)| rest.split("</script").next().unwrap_or(rest));
        if body.is_some_and(|body| !body.trim().is_empty()) {
            findings.push((at, "no inline script; write a module in templates/static"));
        }
    }
    for at in places(&text, "on") {
        let name = text[at..].find(|c: char| !c.is_ascii_lowercase()).map(|end| &text[at + 2..at + end]);
        let is_handler = name.is_some_and(|name| !name.is_empty() && text[at + 2 + name.len()..].starts_with("=\""));
        if is_handler && text[..at].ends_with(char::is_whitespace) {
            findings.push((at, "no inline script; listen for the event in a module"));
        }
    }
    findings.into_iter().map(|(at, what)| format!("{path}:{}: {what}", line_of(&text, at))).collect()
}

pub(crate) fn hand_written_fields(path: &str, text: &str) -> Vec<String> {
    let text = text.to_ascii_lowercase();
    let fields = ["<input", "<select", "<textarea"]
        .into_iter()
        .flat_map(|tag| places(&text, tag).map(move |at| (at, tag)).collect::<Vec<_>>());
    let line = |at| line_of(&text, at);
    fields
        .map(|(at, tag)| format!("{path}:{}: `{tag}` by hand; use a component of components/forms.html", line(at)))
        .collect()
}

mod samples {
    use super::{hand_written_fields, unsafe_markup};

    #[test]
    fn a_checker_sees_bad_markup() {
        let bad = "<p style=\"x\">{{ text|safe }}</p>\n<script>go()</script>\n<script src=\"/a.js\" type=\"module\"></script>\n<a onclick=\"go()\">";
        let findings = unsafe_markup("templates/listing/show.html", bad);
        assert_eq!(findings.len(), 4, "{findings:?}");
        assert_eq!(unsafe_markup("templates/components/ui.html", "{{ body | safe }}"), [""; 0]);
        assert_eq!(unsafe_markup("templates/components/ui.html", "{{ nobody | safe }}").len(), 1);
        let fields = hand_written_fields("templates/my/show.html", "\n<input name=\"a\"><TextArea>");
        assert_eq!(fields.len(), 2);
        assert!(fields[0].starts_with("templates/my/show.html:2: `<input`"), "{fields:?}");
    }
}
