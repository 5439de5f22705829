//! What holds for every text and every question.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use chrono::DateTime;
use index::analyzers::{self, Token};
use index::{Change, Document, Index, Key, Kind, Query, Sort, Text};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Texts with everything that makes trouble: Chinese, full width, accents, signs, invisible characters, quotes, anything.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[果胶提取锂电池鋁柑橘的技术与]{1,6}",
        2 => "[a-zA-Z0-9]{1,8}",
        1 => "[Ａ-Ｚ０-９ｱ-ﾟ㎏①㈱ﬁ]{1,4}",
        1 => "[ \\t\\n\u{3000}]{1,2}",
        2 => "[-－\"“”「」『』'.,，。;；:/+*()?!~^\\\\\\[\\]{}]{1,3}",
        1 => "[e\u{301}İßſΑα가각バ\u{3099}\u{200B}\u{FEFF}\u{AD}]{1,5}",
        2 => "\\PC{0,6}",
        1 => any::<char>().prop_map(|c| c.to_string()),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn cuts(text: &str) -> [(&'static str, Vec<Token>); 3] {
    [("words", analyzers::words(text)), ("pairs", analyzers::pairs(text)), ("characters", analyzers::characters(text))]
}

fn document(id: i64, title: &str, body: &str) -> Document {
    Document {
        key: Key { kind: Kind::Need, id },
        title: title.to_string(),
        keywords: vec!["果胶".to_string()],
        problem: String::new(),
        body: body.to_string(),
        owner: "九嶷果业".to_string(),
        zone: None,
        url: String::new(),
        posted_at: DateTime::UNIX_EPOCH,
        expires_at: None,
    }
}

/// One small index for all questions.
fn small() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let index = Index::in_memory().unwrap();
        let things = [("柑橘皮提取果胶", "酸法提取，Ａ级 grade A"), ("锂电池", "技术与电池 kg ①"), ("", "")];
        let changes = things.iter().zip(1..).map(|((title, body), id)| Change::Replace(document(id, title, body)));
        index.apply(changes.collect(), 1).unwrap();
        index
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_token_is_real_text_of_the_source(text in text()) {
        for (cut, tokens) in cuts(&text) {
            let mut position = None;
            for token in tokens {
                prop_assert!(!token.text.is_empty(), "{cut}");
                prop_assert!(!token.bytes.is_empty(), "{cut} {token:?}");
                let source = text.get(token.bytes.clone());
                prop_assert!(source.is_some(), "{cut} {token:?} is not on character borders");
                prop_assert!(position.is_none_or(|before| before < token.position), "{cut} {token:?}");
                position = Some(token.position);
            }
        }
    }

    #[test]
    fn every_unicode_form_is_cut_the_same(text in text()) {
        let texts = |text: &str| cuts(text).map(|(_, tokens)| tokens.into_iter().map(|token| token.text).collect::<Vec<_>>());
        let plain = texts(&text);
        prop_assert_eq!(&plain, &texts(&text.nfkc().collect::<String>()));
        prop_assert_eq!(&plain, &texts(&text.nfd().collect::<String>()));
        prop_assert_eq!(&plain, &texts(&text.nfc().collect::<String>()));
        prop_assert_eq!(&plain, &texts(&text.nfkd().collect::<String>()));
    }

    #[test]
    fn no_question_fails(text in text(), page in any::<usize>(), per_page in any::<usize>(), sort in 0_usize..3) {
        let query = Query { text: text.clone(), page, per_page, sort: Sort::ALL[sort], ..Query::default() };
        let answer = small().search(&query).unwrap();
        prop_assert!(answer.hits.len() <= answer.total);
        for hit in &answer.hits {
            let title: String = hit.title.iter().map(|passage| passage.text.as_str()).collect();
            prop_assert!(["柑橘皮提取果胶", "锂电池", ""].contains(&title.as_str()), "a title came back as {title:?}");
        }
        for suggestion in small().suggest(&text, per_page).unwrap() {
            let title: String = suggestion.title.iter().map(|passage| passage.text.as_str()).collect();
            prop_assert!(["柑橘皮提取果胶", "锂电池"].contains(&title.as_str()), "a title came back as {title:?}");
        }
        let need = Text { title: text.clone(), keywords: vec![text.clone()], problem: text.clone(), body: text };
        for similar in small().similar(&need, Kind::Need, 10).unwrap() {
            prop_assert!((0.0..=1.0).contains(&similar.score));
            prop_assert!(similar.words.len() <= 8 && similar.words.len() <= similar.distinctive);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_kept_and_is_found_by_its_own_words(title in text(), body in text()) {
        let index = Index::in_memory().unwrap();
        index.apply(vec![Change::Replace(document(1, &title, &body)), Change::Replace(document(2, "无关", ""))], 1).unwrap();
        for token in analyzers::words(&title).iter().chain(&analyzers::words(&body)).take(12) {
            let query = Query { text: format!("\"{}\"", token.text), ..Query::default() };
            let hits = index.search(&query).unwrap().hits;
            prop_assert!(hits.iter().any(|hit| hit.key.id == 1), "{:?} is not found in {title:?} {body:?}", token.text);
        }
        let whole = index.search(&Query { text: "果胶".to_string(), ..Query::default() }).unwrap();
        for hit in whole.hits {
            prop_assert!(hit.snippet.iter().all(|passage| !passage.text.is_empty()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_is_found_by_any_of_its_unicode_forms(title in "[果胶提取锂鋁Ａ-Ｚａ-ｚéÅ각バ]{2,8}") {
        let index = Index::in_memory().unwrap();
        index.apply(vec![Change::Replace(document(1, &title, ""))], 1).unwrap();
        let forms = [title.nfc().collect::<String>(), title.nfd().collect(), title.nfkc().collect(), title.nfkd().collect()];
        for form in forms {
            let query = Query { text: format!("\"{form}\""), ..Query::default() };
            prop_assert_eq!(index.search(&query).unwrap().total, 1, "{:?} is not found as {:?}", title, form);
        }
    }

    #[test]
    fn a_name_is_found_by_how_it_sounds(chars in proptest::collection::vec(0x4E00_u32..0x9FA5, 2..6), pick in any::<prop::sample::Index>()) {
        let name = index::normal_form(&chars.into_iter().filter_map(char::from_u32).collect::<String>());
        let spelled: Vec<Vec<String>> = name.chars().map(analyzers::readings).collect();
        prop_assume!(spelled.iter().all(|readings| !readings.is_empty()));
        let typed: Vec<&str> = spelled.iter().map(|readings| readings[pick.index(readings.len())].as_str()).collect();
        // "m" and "ng" are syllables of a few exclamations, and in no name.
        prop_assume!(typed.iter().all(|syllable| syllable.contains(['a', 'e', 'i', 'o', 'u', 'v'])));
        prop_assert!(index::name_sounds_like(&name, &typed.join("'")), "{name} {typed:?}");
        let index = Index::in_memory().unwrap();
        index.apply(vec![Change::Replace(document(1, &name, "")), Change::Replace(document(2, "", ""))], 1).unwrap();
        let initials: String = typed.iter().filter_map(|syllable| syllable.chars().next()).collect();
        for typed in [typed.join("'"), typed.join(" "), initials] {
            let hits = index.search(&Query { text: typed.clone(), ..Query::default() }).unwrap().hits;
            prop_assert!(hits.iter().any(|hit| hit.key.id == 1), "{name} is not found by {typed:?}");
        }
    }
}

#[test]
fn huge_questions_are_answered_in_bounded_time() {
    let index = Index::in_memory().unwrap();
    let body = "柑橘皮渣提取果胶的酸法工艺与锂电池回收技术，低温干燥设备。".repeat(20);
    index.apply((0..500).map(|id| Change::Replace(document(id, "皮渣提取果胶", &body))).collect(), 1).unwrap();
    let words: Vec<String> = (0..500).map(|number| format!("词{number}果胶 提取")).collect();
    let questions = [
        "果胶提取技术".repeat(600),
        words.join(" "),
        format!("\"{}\"", "果胶提取".repeat(900)),
        "-果胶 ".repeat(1_500),
        "a ".repeat(5_000),
        "\"“「".repeat(3_000),
        "x".repeat(10_000),
        "果".repeat(3_400),
    ];
    for question in questions {
        let start = Instant::now();
        let page = index.search(&Query { text: question.clone(), ..Query::default() }).unwrap();
        let took = start.elapsed();
        let begins: String = question.chars().take(12).collect();
        assert!(took < Duration::from_secs(5), "{begins}… took {took:?} for {} hits", page.total);
        assert!(page.ignored.len() <= 10);
    }
}
