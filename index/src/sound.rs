//! Names by how they sound: pinyin in whole syllables (`lvshuo`) or by first letters (`ls`).
//!
//! A name is cut into its characters. At the place of each stand all its readings and their first letters (`zh`, `ch` and `sh` also
//! count as first letters), so that a spelling is found as a phrase, from any character on; letters and digits of a name stand one by
//! one. A character with several readings is found by each of them, because who types 长 knows only one of two.
//!
//! A spelling has more than one reading, too (`xian`: 西安, 县); all of them are asked for.
//!
//! **Invariant:** every name is found by the spelling of any of its readings
//! (`tests/properties.rs::a_name_is_found_by_how_it_sounds`).

use std::collections::BTreeSet;
use std::sync::OnceLock;

use pinyin::{ToPinyin, ToPinyinMulti};
use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as EngineQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analyzers::{Normal, Script, Token};

/// The most letters of a spelling that are read.
const LONGEST_SPELLING: usize = 40;
/// The most ways in which one spelling is read.
const MOST_READINGS: usize = 8;
/// The most letters that may be the first letters of a name.
const MOST_INITIALS: usize = 12;
/// How many letters and digits of one run of a name are kept.
const LONGEST_RUN: usize = 24;
/// How many syllables are looked at when the last one is still being typed.
const MOST_ENDINGS: u32 = 60;

/// The readings of a character, without tones; `ü` is written `v`, as it is typed.
pub(crate) fn readings_of(c: char) -> BTreeSet<String> {
    let plain = |reading: &str| reading.replace('ü', "v").replace('ê', "e");
    let mut all: BTreeSet<String> = c.to_pinyin_multi().into_iter().flatten().map(|each| plain(each.plain())).collect();
    all.extend(c.to_pinyin().map(|each| plain(each.plain())));
    all.retain(|reading| !reading.is_empty() && reading.bytes().all(|letter| letter.is_ascii_lowercase()));
    all
}

/// Whether two characters can sound the same.
pub(crate) fn alike(a: char, b: char) -> bool {
    a == b || !readings_of(a).is_disjoint(&readings_of(b))
}

/// Cuts a name into what it sounds like; several tokens may stand at one place.
pub(crate) fn sounds(name: &str) -> Vec<Token> {
    let normal = Normal::of(name);
    let mut tokens = Vec::new();
    let mut position = 0;
    for run in normal.runs() {
        let most = if run.kind == Script::Latin { LONGEST_RUN } else { usize::MAX };
        for at in run.chars.clone().take(most) {
            let Some((c, _)) = normal.chars.get(at) else { continue };
            let mut here: BTreeSet<String> = BTreeSet::new();
            if run.kind == Script::Latin {
                here.insert(c.to_string());
            } else {
                for reading in readings_of(*c) {
                    here.extend(initials(&reading).map(str::to_string));
                    here.insert(reading);
                }
            }
            let bytes = normal.bytes_of(&(at..at + 1));
            tokens.extend(here.into_iter().map(|text| Token { text, bytes: bytes.clone(), position }));
            position += 1;
        }
    }
    tokens
}

/// The first letter of a syllable, and its first two where these are one sound.
fn initials(syllable: &str) -> impl Iterator<Item = &str> {
    let two = ["zh", "ch", "sh"].into_iter().find(|two| syllable.starts_with(two));
    syllable.get(..1).into_iter().chain(two)
}

/// All syllables that any character is read as.
fn syllables() -> &'static BTreeSet<String> {
    static SYLLABLES: OnceLock<BTreeSet<String>> = OnceLock::new();
    SYLLABLES.get_or_init(|| {
        // Rare readings, too: a few syllables are no character's usual one.
        let plain = ('\u{4E00}'..='\u{9FFF}').flat_map(readings_of);
        plain.filter(|syllable| syllable.contains(['a', 'e', 'i', 'o', 'u', 'v'])).collect()
    })
}

/// What was typed, if it can be a spelling: letters, with apostrophes and spaces between syllables.
fn letters(typed: &str) -> Option<Vec<String>> {
    let normal = Normal::of(typed);
    let mut parts = vec![String::new()];
    for (c, _) in &normal.chars {
        match c {
            'a'..='z' => parts.last_mut()?.push(*c),
            'ü' => parts.last_mut()?.push('v'),
            '\'' | '’' | '-' | ' ' => parts.push(String::new()),
            _ => return None,
        }
    }
    parts.retain(|part| !part.is_empty());
    let long = parts.iter().map(String::len).sum::<usize>() > LONGEST_SPELLING;
    (!parts.is_empty() && !long).then_some(parts)
}

/// The ways to read letters as whole syllables; `open` lets the last one be unfinished.
fn cut(parts: &[String], open: bool) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for (number, part) in parts.iter().enumerate() {
        let open = open && number + 1 == parts.len();
        let mut more = Vec::new();
        walk(part, open, &mut Vec::new(), &mut more);
        ways = ways
            .iter()
            .flat_map(|before| more.iter().map(move |after| [before.as_slice(), after.as_slice()].concat()))
            .take(MOST_READINGS)
            .collect();
    }
    ways.retain(|way| !way.is_empty());
    ways
}

/// Longest syllables first, so that the likely reading is among the few that are kept.
fn walk(rest: &str, open: bool, way: &mut Vec<String>, ways: &mut Vec<Vec<String>>) {
    if ways.len() >= MOST_READINGS {
        return;
    }
    if rest.is_empty() {
        ways.push(way.clone());
        return;
    }
    for length in (1..=rest.len().min(6)).rev() {
        let Some((syllable, after)) = rest.split_at_checked(length) else { continue };
        let unfinished = || open && after.is_empty() && starts_a_syllable(syllable);
        if syllables().contains(syllable) || unfinished() {
            way.push(syllable.to_string());
            walk(after, open, way, ways);
            way.pop();
        }
    }
}

fn starts_a_syllable(letters: &str) -> bool {
    syllables().range(letters.to_string()..).next().is_some_and(|syllable| syllable.starts_with(letters))
}

/// Names that sound like a whole spelling of two syllables or more; an ordinary word of a question that happens to be one, too.
pub(crate) fn spelled(field: Field, typed: &str) -> Option<Box<dyn EngineQuery>> {
    let ways = cut(&letters(typed)?, false);
    any(ways.into_iter().filter(|way| way.len() > 1).map(|way| phrase(field, &way)).collect())
}

/// Names that sound like what was typed in any way: one syllable, several, or first letters.
pub(crate) fn loosely_spelled(field: Field, typed: &str) -> Option<Box<dyn EngineQuery>> {
    let parts = letters(typed)?;
    let mut ways: Vec<Box<dyn EngineQuery>> = cut(&parts, false).iter().map(|way| phrase(field, way)).collect();
    ways.extend(by_initials(field, &parts));
    any(ways)
}

/// Like [`loosely_spelled`] while the last syllable is still being typed.
pub(crate) fn begun(field: Field, typed: &str) -> Option<Box<dyn EngineQuery>> {
    let parts = letters(typed)?;
    if parts.iter().map(String::len).sum::<usize>() < 2 {
        return None;
    }
    let endings = |way: Vec<String>| -> Box<dyn EngineQuery> {
        let terms = way.iter().map(|syllable| Term::from_field_text(field, syllable)).collect();
        let mut query = PhrasePrefixQuery::new(terms);
        query.set_max_expansions(MOST_ENDINGS);
        Box::new(query)
    };
    let mut ways: Vec<Box<dyn EngineQuery>> = cut(&parts, true).into_iter().map(endings).collect();
    ways.extend(by_initials(field, &parts));
    any(ways)
}

fn by_initials(field: Field, parts: &[String]) -> Option<Box<dyn EngineQuery>> {
    let letters: Vec<String> = parts.iter().flat_map(|part| part.chars()).map(String::from).collect();
    (2..=MOST_INITIALS).contains(&letters.len()).then(|| phrase(field, &letters))
}

fn phrase(field: Field, tokens: &[String]) -> Box<dyn EngineQuery> {
    match tokens {
        [only] => Box::new(TermQuery::new(Term::from_field_text(field, only), IndexRecordOption::WithFreqs)),
        many => Box::new(PhraseQuery::new(many.iter().map(|token| Term::from_field_text(field, token)).collect())),
    }
}

fn any(mut ways: Vec<Box<dyn EngineQuery>>) -> Option<Box<dyn EngineQuery>> {
    match ways.len() {
        0 | 1 => ways.pop(),
        _ => Some(Box::new(BooleanQuery::new(ways.into_iter().map(|way| (Occur::Should, way)).collect()))),
    }
}

/// Whether a name, from one of its characters on, begins to sound like what was typed; for names that no index holds.
#[must_use]
pub fn name_sounds_like(name: &str, typed: &str) -> bool {
    let Some(parts) = letters(typed) else { return false };
    let mut places: Vec<BTreeSet<String>> = Vec::new();
    for token in sounds(name) {
        if token.position == places.len() {
            places.push(BTreeSet::new());
        }
        if let Some(place) = places.last_mut() {
            place.insert(token.text);
        }
    }
    let fits = |way: &[String], open: bool| {
        places.windows(way.len()).any(|window| {
            window.iter().zip(way).enumerate().all(|(number, (place, asked))| {
                let last = open && number + 1 == way.len();
                place.contains(asked) || (last && place.iter().any(|sound| sound.starts_with(asked.as_str())))
            })
        })
    };
    let letters: Vec<String> = parts.iter().flat_map(|part| part.chars()).map(String::from).collect();
    let by_initials = (2..=MOST_INITIALS).contains(&letters.len()) && fits(&letters, false);
    by_initials || cut(&parts, true).iter().any(|way| fits(way, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(typed: &str, open: bool) -> Vec<String> {
        cut(&letters(typed).unwrap_or_default(), open).into_iter().map(|way| way.join(" ")).collect()
    }

    #[test]
    fn a_spelling_is_read_in_every_way() {
        assert_eq!(ways("lvguo", false), ["lv guo", "lv gu o"]);
        assert_eq!(ways("lü'bing", false), ["lv bing"]);
        assert_eq!(ways("xian", false), ["xian", "xi an"]);
        assert_eq!(ways("xi'an", false), ["xi an"]);
        assert_eq!(ways("Lv Bing", false), ["lv bing"]);
        assert_eq!(ways("pectin", false), Vec::<String>::new());
        assert!(ways("lvsh", true).contains(&"lv sh".to_string()));
        assert_eq!(letters("绿shuo"), None);
        assert_eq!(letters("a1"), None);
    }

    #[test]
    fn a_character_has_all_its_readings() {
        let of = |c| readings_of(c).into_iter().collect::<Vec<_>>();
        assert!(of('长').contains(&"chang".to_string()) && of('长').contains(&"zhang".to_string()));
        assert!(of('绿').contains(&"lv".to_string()));
        assert!(alike('胶', '交') && !alike('胶', '果'));
    }

    #[test]
    fn a_name_outside_the_index_is_compared_the_same_way() {
        for typed in ["xincailiao", "xincai", "xcl", "cailiao", "xin cai liao", "xinca"] {
            assert!(name_sounds_like("新材料展区", typed), "{typed}");
        }
        for typed in ["shipin", "xclqz", "新", ""] {
            assert!(!name_sounds_like("新材料展区", typed), "{typed}");
        }
        assert!(name_sounds_like("长沙重工", "changsha") && name_sounds_like("长沙重工", "zhangsha"));
    }
}
