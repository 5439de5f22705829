//! The form of a listing: what was typed → [`Content`], with everything that is to be mended.
//!
//! A draft may lack anything, but what is there has to fit; sending it to staff also asks what is
//! missing ([`missing`]). Notes are taken leniently: a target is a line with the marks that people
//! type, a deadline may be a day, a month or a span.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::{
    listing::{
        Budget, Content, Cooperation, Ending, Kind, NeedType, Outcome, Ownership, Scores, Target, Verdict, draft::Aim,
    },
    web::{FieldErrors, Fields},
    words::Say,
    zone::Zone,
};

/// The fields of the form, in its order; nothing else is kept of what is sent.
const FIELDS: &[&str] = &[
    "need_type",
    "title",
    "teaser",
    "zone",
    "problem",
    "targets",
    "advantage",
    "economics",
    "use_case",
    "deadline",
    "budget",
    "cooperation",
    "ip",
    "ip_note",
    "partner",
    "trl",
    "trl_min",
    "trl_max",
    "evidence",
    "industry",
    "keywords",
    "excluded",
    "decision_agreed",
    "anonymous",
];
/// The most that a long field takes.
const LONG: usize = 2000;
const MOST_TARGETS: usize = 20;
const MOST_KEYWORDS: usize = 10;
const MOST_EXCLUDED: usize = 50;
/// From this level on a result shows that it is reached.
const SHOWN_FROM: u8 = 7;

/// Reads the form; what does not fit is left out of the content and named in the errors.
pub(crate) fn read(fields: &Fields, kind: Kind, zones: &[Zone], today: NaiveDate, aim: Aim) -> (Content, FieldErrors) {
    let mut form = Form { fields, errors: FieldErrors::default() };
    let content = form.content(kind, zones, today);
    let mut errors = form.errors;
    if aim == Aim::Submit {
        for (field, say) in missing(kind, &content).iter() {
            errors.add(field, say.clone());
        }
    }
    (content, in_order(&errors))
}

/// What staff would miss in a listing of `kind`.
pub(super) fn missing(kind: Kind, content: &Content) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if content.title.is_empty() {
        errors.add("title", "listing-title-missing");
    }
    if kind == Kind::Need && content.teaser.is_empty() {
        errors.add("teaser", "listing-teaser-missing");
    }
    if content.zone.is_none() {
        errors.add("zone", "listing-zone-missing");
    }
    if content.problem.is_empty() {
        errors.add("problem", Say::new(format!("listing-problem-missing-{}", kind.as_str())));
    }
    if kind == Kind::Result {
        match content.trl {
            None => errors.add("trl", "listing-trl-missing"),
            Some((level, _)) if level >= SHOWN_FROM && content.evidence.is_empty() => {
                errors.add("evidence", Say::new("listing-evidence-missing").with("level", level));
            }
            Some(_) => {}
        }
    }
    errors
}

fn in_order(errors: &FieldErrors) -> FieldErrors {
    let mut sorted = FieldErrors::default();
    for field in FIELDS {
        for (_, say) in errors.iter().filter(|(each, _)| each == field) {
            sorted.add(field, say.clone());
        }
    }
    sorted
}

struct Form<'a> {
    fields: &'a Fields,
    errors: FieldErrors,
}

impl Form<'_> {
    fn content(&mut self, kind: Kind, zones: &[Zone], today: NaiveDate) -> Content {
        let is_need = kind == Kind::Need;
        let is_result = kind == Kind::Result;
        let zone = self.fields.line("zone");
        let found = zones.iter().find(|each| each.slug == zone).map(|each| each.id);
        if found.is_none() && !zone.is_empty() {
            self.errors.add("zone", "listing-zone-missing");
        }
        let trl = if is_result {
            self.level("trl").map(|level| (level, level))
        } else if is_need {
            self.range()
        } else {
            None
        };
        Content {
            // Nothing chosen is a technical need, the first of the choices.
            need_type: is_need.then(|| self.word("need_type", NeedType::parse).unwrap_or(NeedType::Technical)),
            zone: found,
            title: self.line("title", 40),
            teaser: self.line("teaser", 80),
            problem: self.text("problem"),
            targets: if is_need { self.targets() } else { Vec::new() },
            use_case: if is_need { self.text("use_case") } else { String::new() },
            deadline: if is_need { self.deadline(today) } else { None },
            budget: if is_need { self.word("budget", Budget::parse) } else { None },
            cooperation: self.cooperation(),
            ip: if is_need { self.word("ip", Ownership::parse) } else { None },
            ip_note: if is_result { self.text("ip_note") } else { String::new() },
            partner: self.text("partner"),
            trl,
            industry: self.industry(),
            decision_agreed: is_need && self.fields.ticked("decision_agreed"),
            anonymous: is_need && self.fields.ticked("anonymous"),
            excluded: if is_need { self.excluded() } else { Vec::new() },
            advantage: if is_need { String::new() } else { self.text("advantage") },
            economics: if is_result { self.text("economics") } else { String::new() },
            evidence: if is_result { self.text("evidence") } else { String::new() },
            keywords: self.keywords(),
        }
    }

    fn fits(&mut self, field: &str, text: String, most: usize) -> String {
        let length = text.chars().count();
        if length <= most {
            return text;
        }
        self.errors.add(field, Say::new(format!("listing-long-{field}")).with("most", most).with("length", length));
        String::new()
    }

    fn line(&mut self, field: &str, most: usize) -> String {
        let text = self.fields.line(field);
        self.fits(field, text, most)
    }

    fn text(&mut self, field: &str) -> String {
        let text = self.fields.text(field);
        self.fits(field, text, LONG)
    }

    fn word<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let typed = self.fields.line(field);
        let value = parse(&typed);
        if value.is_none() && !typed.is_empty() {
            self.errors.add(field, "listing-choice");
        }
        value
    }

    fn cooperation(&mut self) -> Vec<Cooperation> {
        let typed: Vec<&str> = self.fields.all("cooperation").filter(|each| !each.is_empty()).collect();
        let chosen: Vec<Cooperation> =
            Cooperation::ALL.iter().copied().filter(|each| typed.contains(&each.as_str())).collect();
        if typed.iter().any(|each| Cooperation::parse(each).is_none()) {
            self.errors.add("cooperation", "listing-choice");
        }
        chosen
    }

    fn targets(&mut self) -> Vec<Target> {
        let text = self.text("targets");
        let rows: Vec<Target> = text.lines().filter_map(target).collect();
        if rows.len() > MOST_TARGETS {
            self.errors.add("targets", Say::new("listing-targets-many").with("most", MOST_TARGETS));
        }
        rows
    }

    fn deadline(&mut self, today: NaiveDate) -> Option<NaiveDate> {
        let typed = self.fields.line("deadline");
        if typed.is_empty() {
            return None;
        }
        match deadline(&typed, today) {
            None => self.errors.add("deadline", "listing-deadline-form"),
            Some(day) if day < today => self.errors.add("deadline", "listing-deadline-past"),
            Some(day) if day.year() > today.year() + 30 => self.errors.add("deadline", "listing-deadline-far"),
            Some(day) => return Some(day),
        }
        None
    }

    fn level(&mut self, field: &str) -> Option<u8> {
        self.word(field, |typed| typed.parse().ok().filter(|level| (1..=9).contains(level)))
    }

    fn range(&mut self) -> Option<(u8, u8)> {
        let (low, high) = (self.level("trl_min"), self.level("trl_max"));
        match (low, high) {
            (None, None) => None,
            (Some(low), Some(high)) if low > high => {
                self.errors.add("trl_min", "listing-trl-order");
                None
            }
            (low, high) => Some((low.unwrap_or(1), high.unwrap_or(9))),
        }
    }

    fn industry(&mut self) -> String {
        let typed = self.fields.line("industry");
        // 小类 are often written with the letter of their 门类 before them.
        let code = typed.trim_start_matches(|each: char| each.is_ascii_alphabetic());
        if code.is_empty() || (code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit())) {
            return code.to_owned();
        }
        self.errors.add("industry", "listing-industry-form");
        String::new()
    }

    fn keywords(&mut self) -> Vec<String> {
        let text = self.fields.text("keywords");
        let words = keywords(&text);
        if words.len() > MOST_KEYWORDS {
            self.errors.add(
                "keywords",
                Say::new("listing-keywords-many").with("most", MOST_KEYWORDS).with("count", words.len()),
            );
        } else if words.iter().any(|word| word.chars().count() > 30) {
            self.errors.add("keywords", Say::new("listing-keywords-long").with("most", 30));
        } else {
            return words;
        }
        Vec::new()
    }

    fn excluded(&mut self) -> Vec<String> {
        let text = self.text("excluded");
        let names: Vec<String> =
            text.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if names.len() > MOST_EXCLUDED {
            self.errors.add("excluded", Say::new("listing-excluded-many").with("most", MOST_EXCLUDED));
            return Vec::new();
        }
        names
    }
}

/// 指标 | 现状 | 目标 | 单位; other marks are taken where there is no upright line, and a line
/// without any is a name.
fn target(line: &str) -> Option<Target> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let cells: Vec<&str> = if line.contains(['|', '｜']) {
        line.trim_matches(['|', '｜']).split(['|', '｜']).collect()
    } else if line.contains('\t') {
        line.split('\t').collect()
    } else {
        split_at_commas(line)
    };
    let mut cells = cells.into_iter().map(|cell| cell.trim().to_owned());
    let mut next = || cells.next().unwrap_or_default();
    let (name, now, target) = (next(), next(), next());
    let unit = cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
    Some(Target { name, now, target, unit })
}

/// Cuts at commas, but not inside a number such as 1,000.
fn split_at_commas(line: &str) -> Vec<&str> {
    let is_digit = |each: Option<char>| each.is_some_and(|each| each.is_ascii_digit());
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, mark) in line.char_indices().filter(|(_, each)| matches!(each, ',' | '，' | '、')) {
        let (before, after) = (&line[..at], &line[at + mark.len_utf8()..]);
        if mark == ',' && is_digit(before.chars().next_back()) && is_digit(after.chars().next()) {
            continue;
        }
        cells.push(&line[start..at]);
        start = at + mark.len_utf8();
    }
    cells.push(&line[start..]);
    cells
}

fn keywords(text: &str) -> Vec<String> {
    let is_mark = |each: char| matches!(each, '、' | ',' | '，' | ';' | '；' | '\n');
    // "phase change material, paraffin" holds two words, "竹材 翘曲" as well.
    let parts: Vec<&str> =
        if text.contains(is_mark) { text.split(is_mark).collect() } else { text.split_whitespace().collect() };
    let mut words: Vec<String> = Vec::new();
    for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
        if !words.iter().any(|word| word == part) {
            words.push(part.to_owned());
        }
    }
    words
}

/// A day as people write it: 2027-06-30, 2027/6/30, 2027年6月30日, 2027年6月 (its last day), 6个月,
/// 90 天, 半年, 6 months.
pub(super) fn deadline(typed: &str, today: NaiveDate) -> Option<NaiveDate> {
    let numbers: Vec<u32> = typed
        .split(|each: char| !each.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let words: String =
        typed.chars().filter(|each| !each.is_ascii_digit() && !each.is_whitespace()).collect::<String>().to_lowercase();
    let words = words.trim_end_matches(['内', '前', '底', '止', '。']);
    match (numbers.as_slice(), words) {
        ([year @ 1900..=9999, month, day], "--" | "//" | ".." | "年月日" | "年月" | "年月号") => {
            NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, *day)
        }
        ([year @ 1900..=9999, month], "-" | "/" | "." | "年月") => {
            let first = NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, 1)?;
            first.checked_add_months(Months::new(1))?.pred_opt()
        }
        ([year @ 1900..=9999], "年") => NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, 12, 31),
        ([whole @ 19_000_101..=99_991_231], "") => {
            NaiveDate::from_ymd_opt(i32::try_from(whole / 10_000).ok()?, whole / 100 % 100, whole % 100)
        }
        ([], "半年" | "halfayear" | "sixmonths") => today.checked_add_months(Months::new(6)),
        ([], "一年" | "ayear" | "oneyear") => today.checked_add_months(Months::new(12)),
        ([number], word) => span(*number, word, today),
        _ => None,
    }
}

fn span(number: u32, word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "天" | "日" | "day" | "days" | "d" => today.checked_add_days(Days::new(number.into())),
        "周" | "星期" | "个星期" | "week" | "weeks" | "w" => {
            today.checked_add_days(Days::new(u64::from(number) * 7))
        }
        "个月" | "月" | "個月" | "month" | "months" | "m" => today.checked_add_months(Months::new(number)),
        "年" | "year" | "years" | "y" => today.checked_add_months(Months::new(number.checked_mul(12)?)),
        _ => None,
    }
}

/// The form of what is written, to write on.
pub(crate) fn filled(content: &Content, zones: &[Zone]) -> Fields {
    let zone = zones.iter().find(|zone| Some(zone.id) == content.zone).map_or("", |zone| zone.slug.as_str());
    let yes = |ticked: bool| if ticked { "yes" } else { "" };
    let level = |level: Option<u8>| level.map(|level| level.to_string()).unwrap_or_default();
    Fields::blank()
        .with("need_type", content.need_type.map_or("", NeedType::as_str))
        .with("title", &content.title)
        .with("teaser", &content.teaser)
        .with("zone", zone)
        .with("problem", &content.problem)
        .with("targets", content.targets.iter().map(target_line).collect::<Vec<_>>().join("\n"))
        .with("advantage", &content.advantage)
        .with("economics", &content.economics)
        .with("use_case", &content.use_case)
        .with("deadline", content.deadline.map(|day| day.to_string()).unwrap_or_default())
        .with("budget", content.budget.map_or("", Budget::as_str))
        .with_all("cooperation", content.cooperation.iter().map(|each| each.as_str()))
        .with("ip", content.ip.map_or("", Ownership::as_str))
        .with("ip_note", &content.ip_note)
        .with("partner", &content.partner)
        .with("trl", level(content.trl.map(|(low, _)| low)))
        .with("trl_min", level(content.trl.map(|(low, _)| low)))
        .with("trl_max", level(content.trl.map(|(_, high)| high)))
        .with("evidence", &content.evidence)
        .with("industry", &content.industry)
        .with("keywords", content.keywords.join("、"))
        .with("excluded", content.excluded.join("\n"))
        .with("decision_agreed", yes(content.decision_agreed))
        .with("anonymous", yes(content.anonymous))
}

fn target_line(target: &Target) -> String {
    let line = [&target.name, &target.now, &target.target, &target.unit].map(String::as_str).join(" | ");
    line.trim_end_matches([' ', '|']).to_owned()
}

/// What was typed, as it is kept of a form that is not finished; empty when nothing was typed.
pub(super) fn typed(fields: &Fields) -> String {
    let kept: BTreeMap<&str, Vec<&str>> = FIELDS
        .iter()
        .map(|field| (*field, fields.all(field).filter(|value| !value.trim().is_empty()).collect::<Vec<_>>()))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    if kept.is_empty() { String::new() } else { serde_json::to_string(&kept).unwrap_or_default() }
}

/// Whether somebody has begun to write; the choices that stand there from the start do not count.
pub(super) fn is_begun(fields: &Fields) -> bool {
    FIELDS
        .iter()
        .filter(|field| **field != "need_type")
        .any(|field| fields.all(field).any(|value| !value.trim().is_empty()))
}

/// The form of what was [`typed`]; `None` when nothing was kept.
pub(super) fn retyped(typed: &str) -> Option<Fields> {
    let kept: BTreeMap<String, Vec<String>> = serde_json::from_str(typed).ok()?;
    let fields = kept.into_iter().fold(Fields::blank(), |fields, (name, values)| fields.with_all(&name, values));
    Some(fields)
}

/// How it was solved. `known` are the introductions that may be named.
pub(super) fn ending(fields: &Fields, known: &[String]) -> Result<Ending, FieldErrors> {
    let mut form = Form { fields, errors: FieldErrors::default() };
    let outcome = form.word("outcome", Outcome::parse);
    if outcome.is_none() {
        form.errors.add("outcome", "listing-outcome-missing");
    }
    let note = form.text("outcome_note");
    let named = form.fields.raw("outcome_about");
    // Which introduction it was is asked of what came through one alone; the box may hold one from before.
    let about = known.iter().find(|each| *each == named).filter(|_| outcome == Some(Outcome::Platform));
    let about = about.cloned().unwrap_or_default();
    let story = form.fields.ticked("story");
    form.errors.or(outcome.map(|outcome| Ending { outcome, note, about, story }))
}

/// Words that go with giving up, or with a check-up.
pub(super) fn words(fields: &Fields, name: &str) -> Result<String, FieldErrors> {
    let mut form = Form { fields, errors: FieldErrors::default() };
    let text = form.text(name);
    form.errors.or(Some(text))
}

/// What staff decided.
pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) scores: Scores,
    pub(super) reason: String,
    pub(super) version: i64,
}

/// The desk's form.
pub(super) fn decision(fields: &Fields) -> Result<Decision, FieldErrors> {
    let mut form = Form { fields, errors: FieldErrors::default() };
    let mut score = |field: &str| {
        let value = form.fields.line(field).parse().ok().filter(|score| *score <= 5);
        if value.is_none() {
            form.errors.add(field, Say::new(format!("listing-score-missing-{field}")));
        }
        value.unwrap_or_default()
    };
    let scores = Scores {
        clarity: score("clarity"),
        measurability: score("measurability"),
        feasibility: score("feasibility"),
        completeness: score("completeness"),
    };
    let reason = form.text("reason");
    let verdict = form.word("verdict", Verdict::parse);
    if verdict.is_none() {
        form.errors.add("verdict", "listing-verdict-missing");
    }
    if reason.is_empty() && matches!(verdict, Some(Verdict::Return | Verdict::Reject)) {
        form.errors.add("reason", "listing-reason-missing");
    }
    let version = fields.raw("version").parse().unwrap_or_default();
    form.errors.or(verdict.map(|verdict| Decision { verdict, scores, reason, version }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ZoneId;

    fn today() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn zones() -> Vec<Zone> {
        let text = || ["食品".to_owned(), "Food".to_owned()];
        vec![Zone { id: ZoneId(3), slug: "food".to_owned(), name: text(), about: text(), colour: "#000000".to_owned() }]
    }

    fn read_as(kind: Kind, aim: Aim, pairs: &[(&str, &str)]) -> (Content, Vec<(String, String)>) {
        let fields = pairs.iter().fold(Fields::default(), |fields, (name, value)| fields.with(name, value));
        let (content, errors) = read(&fields, kind, &zones(), today(), aim);
        (content, errors.iter().map(|(field, say)| (field.to_owned(), say.key.to_string())).collect())
    }

    #[test]
    fn a_deadline_is_taken_as_people_write_it() {
        for (typed, day) in [
            ("2027-06-30", "2027-06-30"),
            ("2027/6/30", "2027-06-30"),
            ("2027.6.30", "2027-06-30"),
            ("20270630", "2027-06-30"),
            ("2027年6月30日", "2027-06-30"),
            ("2027 年 6 月 30 日前", "2027-06-30"),
            ("2027年6月", "2027-06-30"),
            ("2027年2月底", "2027-02-28"),
            ("2027年", "2027-12-31"),
            ("6个月", "2027-05-23"),
            ("6 个月内", "2027-05-23"),
            ("半年", "2027-05-23"),
            ("90 天", "2027-02-21"),
            ("12周", "2027-02-15"),
            ("6 months", "2027-05-23"),
            ("1 year", "2027-11-23"),
        ] {
            assert_eq!(deadline(typed, today()), Some(day.parse().unwrap()), "{typed}");
        }
        for typed in
            ["soon", "尽快", "2027-13-01", "2027-02-30", "6", "2027年6月30日6个月", "99999999999999", "4294967295年"]
        {
            assert_eq!(deadline(typed, today()), None, "{typed}");
        }
    }

    #[test]
    fn a_target_is_a_line_with_the_marks_that_people_type() {
        let row = |name: &str, now: &str, target: &str, unit: &str| Target {
            name: name.to_owned(),
            now: now.to_owned(),
            target: target.to_owned(),
            unit: unit.to_owned(),
        };
        assert_eq!(target("翘曲度 | 3.2 | ≤1.0 | mm/m"), Some(row("翘曲度", "3.2", "≤1.0", "mm/m")));
        assert_eq!(target("翘曲度｜3.2｜≤1.0"), Some(row("翘曲度", "3.2", "≤1.0", "")));
        assert_eq!(target("翘曲度，3.2，≤1.0，mm/m"), Some(row("翘曲度", "3.2", "≤1.0", "mm/m")));
        assert_eq!(target("产量, 1,000, 2,000, 件"), Some(row("产量", "1,000", "2,000", "件")));
        assert_eq!(target("产量\t10\t20\t件/日\t两班"), Some(row("产量", "10", "20", "件/日 两班")));
        assert_eq!(target("不开裂"), Some(row("不开裂", "", "", "")));
        assert_eq!(target("  "), None);
        let rows = "翘曲度 | 3.2 | ≤1.0 | mm/m\n不开裂";
        let (content, errors) = read_as(Kind::Need, Aim::Save, &[("targets", rows)]);
        assert_eq!(errors, []);
        assert_eq!(filled(&content, &zones()).raw("targets"), rows, "written back as it was typed");
    }

    #[test]
    fn keywords_are_split_at_every_mark() {
        assert_eq!(keywords("竹材、翘曲,热处理；橱柜"), ["竹材", "翘曲", "热处理", "橱柜"]);
        assert_eq!(keywords("竹材 翘曲 竹材"), ["竹材", "翘曲"]);
        assert_eq!(keywords("phase change, paraffin"), ["phase change", "paraffin"]);
    }

    #[test]
    fn a_draft_may_lack_anything_but_what_is_there_has_to_fit() {
        assert_eq!(read_as(Kind::Need, Aim::Save, &[]).1, []);
        let long = "长".repeat(41);
        let (content, errors) = read_as(
            Kind::Need,
            Aim::Save,
            &[
                ("title", long.as_str()),
                ("deadline", "2020-01-01"),
                ("budget", "lots"),
                ("industry", "14"),
                ("teaser", "好"),
            ],
        );
        let expected = [
            ("title", "listing-long-title"),
            ("deadline", "listing-deadline-past"),
            ("budget", "listing-choice"),
            ("industry", "listing-industry-form"),
        ];
        assert_eq!(errors, expected.map(|(field, key)| (field.to_owned(), key.to_owned())));
        assert_eq!(content.teaser, "好");
    }

    #[test]
    fn sending_asks_for_everything_that_is_missing_at_once() {
        let names = |kind, pairs: &[(&str, &str)]| {
            read_as(kind, Aim::Submit, pairs).1.into_iter().map(|(field, _)| field).collect::<Vec<_>>()
        };
        assert_eq!(names(Kind::Need, &[]), ["title", "teaser", "zone", "problem"]);
        assert_eq!(names(Kind::Result, &[]), ["title", "zone", "problem", "trl"]);
        assert_eq!(names(Kind::Offer, &[]), ["title", "zone", "problem"]);
        let result = [("title", "题"), ("zone", "food"), ("problem", "问"), ("trl", "7")];
        assert_eq!(names(Kind::Result, &result), ["evidence"]);
        let need = [
            ("title", "题"),
            ("teaser", "句"),
            ("zone", "food"),
            ("problem", "问"),
            ("trl_min", "8"),
            ("trl_max", "4"),
        ];
        assert_eq!(names(Kind::Need, &need), ["trl_min"]);
    }

    #[test]
    fn what_was_typed_comes_back_word_for_word() {
        let fields = Fields::parse(
            "csrf=c&key=k&title=+a+&owner_id=7&state=live&cooperation=service&cooperation=licence&deadline=soon"
                .as_bytes(),
        );
        let back = retyped(&typed(&fields)).unwrap();
        assert_eq!(back.raw("title"), " a ");
        assert_eq!(back.raw("deadline"), "soon");
        assert_eq!(back.all("cooperation").collect::<Vec<_>>(), ["service", "licence"]);
        assert_eq!((back.raw("owner_id"), back.raw("state")), ("", ""));
        assert_eq!(typed(&Fields::parse(b"key=k&title=+")), "");
    }
}
