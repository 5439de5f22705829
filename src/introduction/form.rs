//! The forms of asking, answering and choosing, and of the desk.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    id::OrganisationId,
    introduction::{
        DeclineReason, MOST_TIMES, REASON_LEAST, REASON_MOST, Reply, TIMES_WITHIN_DAYS,
        answer::{Answer, Door, Phone},
        choose::Choice,
    },
    mail::Address,
    web::{FieldErrors, Fields},
    words::{Language, Say},
};

/// The boxes for times; the first may also come several times, or hold several times.
const TIMES: [&str; MOST_TIMES] = ["times", "times_2", "times_3"];

/// 为什么找您.
pub(super) fn reason(fields: &Fields) -> Result<String, FieldErrors> {
    let text = fields.text("reason");
    let length = text.chars().count();
    let mut errors = FieldErrors::default();
    if length < REASON_LEAST {
        errors.add("reason", Say::new("introduction-reason-short").with("n", length));
    } else if length > REASON_MOST {
        errors.add("reason", Say::new("introduction-reason-long").with("n", length));
    } else if holds_contact(&text) {
        errors.add("reason", "introduction-reason-contact");
    }
    errors.or(Some(text))
}

/// Words that one side or staff write to the other; may be empty.
fn note(fields: &Fields, field: &str, errors: &mut FieldErrors) -> String {
    let text = fields.text(field);
    let length = text.chars().count();
    if length > REASON_MOST {
        errors.add(field, Say::new("introduction-note-long").with("n", length));
    } else if holds_contact(&text) {
        errors.add(field, "introduction-reason-contact");
    }
    text
}

/// What staff write when they stop a request.
pub(super) fn stop(fields: &Fields) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::default();
    let text = note(fields, "words", &mut errors);
    if text.is_empty() {
        errors.add("words", "introduction-desk-stop-missing");
    }
    errors.or(Some(text))
}

/// Where and when an answer is given.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) now: DateTime<Utc>,
    pub(super) zone: Tz,
    pub(super) language: Language,
    pub(super) later_used: bool,
}

/// Which of the three a form was sent for; also which of the page's forms shows the errors.
pub(super) fn kind(fields: &Fields) -> &str {
    fields.raw("answer")
}

/// A team's answer.
pub(super) fn answer(fields: &Fields, setting: Setting) -> Result<Answer, FieldErrors> {
    match kind(fields) {
        "accept" => accept(fields, setting),
        "decline" => decline(fields),
        "later" if setting.later_used => Err(FieldErrors::one("answer", "introduction-later-used")),
        "later" => Ok(Answer::Later),
        _ => Err(FieldErrors::one("answer", "introduction-decline-reason-missing")),
    }
}

fn accept(fields: &Fields, setting: Setting) -> Result<Answer, FieldErrors> {
    let mut errors = FieldErrors::default();
    let times = moments(fields, setting.zone);
    let last = setting.now + TimeDelta::days(TIMES_WITHIN_DAYS);
    match &times {
        None => errors.add("times", "introduction-times-form"),
        Some(times) if times.is_empty() => errors.add("times", "introduction-times-missing"),
        Some(times) if times.len() > MOST_TIMES => errors.add("times", "introduction-times-many"),
        Some(times) if times.iter().any(|time| *time <= setting.now) => errors.add("times", "introduction-times-past"),
        Some(times) if times.iter().any(|time| *time > last) => errors.add("times", "introduction-times-far"),
        Some(_) => {}
    }
    consent(fields, &mut errors);
    errors.or(times.map(|times| Answer::Accept { times, phone: phone(fields), language: setting.language }))
}

fn decline(fields: &Fields) -> Result<Answer, FieldErrors> {
    let mut errors = FieldErrors::default();
    let reason = DeclineReason::parse(fields.raw("decline_reason"));
    if reason.is_none() {
        errors.add("decline_reason", "introduction-decline-reason-missing");
    }
    let words = note(fields, "decline_note", &mut errors);
    let door = match fields.raw("may_ask_again") {
        "yes" => Some(Door::Open),
        "no" => Some(Door::Shut),
        _ => None,
    };
    if door.is_none() {
        errors.add("may_ask_again", "introduction-may-ask-again-missing");
    }
    // A colleague is named only with the reason that says so; the box may hold one from before.
    let named = fields.raw("colleague").parse::<OrganisationId>().ok();
    let colleague = named.filter(|_| reason == Some(DeclineReason::Referral));
    if reason == Some(DeclineReason::Referral) && colleague.is_none() {
        errors.add("colleague", "introduction-colleague-missing");
    }
    errors.or(reason.zip(door).map(|(reason, door)| Answer::Decline { reason, words, door, colleague }))
}

/// An enterprise's choice.
pub(super) fn choice(fields: &Fields, setting: Setting, offered: &[DateTime<Utc>]) -> Result<Choice, FieldErrors> {
    let mut errors = FieldErrors::default();
    if Reply::parse(kind(fields)) == Some(Reply::Decline) {
        let words = note(fields, "refuse_note", &mut errors);
        return errors.or(Some(Choice::Refuse { words }));
    }
    let time = moments(fields, setting.zone).and_then(|times| times.first().copied());
    match time {
        None => errors.add("times", "introduction-choice-missing"),
        Some(time) if time <= setting.now || !offered.contains(&time) => {
            errors.add("times", "introduction-choice-past")
        }
        Some(_) => {}
    }
    consent(fields, &mut errors);
    errors.or(time.map(|time| Choice::Take { time, phone: phone(fields), language: setting.language }))
}

fn consent(fields: &Fields, errors: &mut FieldErrors) {
    if !fields.ticked("consent") {
        errors.add("consent", "introduction-consent-missing");
    }
}

fn phone(fields: &Fields) -> Phone {
    if fields.ticked("show_phone") { Phone::Shown } else { Phone::Kept }
}

/// The times of all boxes, in the site's zone unless they say their own; `None` when one
/// of them is no time.
fn moments(fields: &Fields, zone: Tz) -> Option<Vec<DateTime<Utc>>> {
    let boxes = TIMES.iter().flat_map(|name| fields.all(name));
    let typed = boxes.flat_map(|value| value.split(['\n', ',', ';', '；', '，', '、']).map(str::trim));
    let mut times = typed.filter(|each| !each.is_empty()).map(|each| moment(each, zone)).collect::<Option<Vec<_>>>()?;
    times.sort_unstable();
    times.dedup();
    Some(times)
}

fn moment(typed: &str, zone: Tz) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(typed) {
        return Some(time.to_utc());
    }
    let typed = typed.replace('/', "-").replace('T', " ").replace('：', ":");
    let local = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"];
    let local = local.iter().find_map(|form| NaiveDateTime::parse_from_str(&typed, form).ok())?;
    zone.from_local_datetime(&local).earliest().map(|time| time.to_utc())
}

/// Whether a text holds an e-mail address or a telephone number, which leave by consent alone.
fn holds_contact(text: &str) -> bool {
    let marks = |each: char| each.is_whitespace() || "，。；：、（）()<>《》\"'“”,;:".contains(each);
    if text.split(marks).any(|word| Address::parse(word.trim_matches('.')).is_some()) {
        return true;
    }
    // Runs of digits with the marks that people put between them.
    let runs = text.split(|each: char| !(each.is_ascii_digit() || matches!(each, '-' | ' ')));
    runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>()).any(|digits| {
        let is_mobile = digits.len() == 11 && digits.starts_with('1') && !digits.starts_with("10");
        let is_landline = (10..=12).contains(&digits.len()) && digits.starts_with('0');
        is_mobile || is_landline
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::*;

    fn setting() -> Setting {
        let now = "2026-11-02T01:00:00Z".parse().unwrap();
        Setting { now, zone: Shanghai, language: Language::Chinese, later_used: false }
    }

    fn errors(result: Result<impl std::fmt::Debug, FieldErrors>) -> Vec<String> {
        result.unwrap_err().iter().map(|(field, say)| format!("{field}: {}", say.key)).collect()
    }

    #[test]
    fn times_are_taken_in_the_ways_people_write_them() {
        let at: DateTime<Utc> = "2026-12-01T02:00:00Z".parse().unwrap();
        for typed in
            ["2026-12-01T10:00", "2026-12-01 10:00", "2026/12/01 10:00", "2026-12-01T10:00:00", "2026-12-01T02:00:00Z"]
        {
            assert_eq!(moments(&Fields::default().with("times", typed), Shanghai), Some(vec![at]), "{typed}");
        }
        let several =
            Fields::default().with_all("times", ["2026-12-01 10:00\n2026-12-02 10:00", "", "2026-12-01 10:00"]);
        assert_eq!(moments(&several, Shanghai).unwrap().len(), 2);
        assert_eq!(moments(&Fields::default().with("times", "tomorrow"), Shanghai), None);
    }

    #[test]
    fn a_yes_needs_times_ahead_and_a_tick() {
        let yes = |times: &[&str]| Fields::default().with("answer", "accept").with_all("times", times.iter().copied());
        assert_eq!(
            errors(answer(&yes(&[]), setting())),
            ["times: introduction-times-missing", "consent: introduction-consent-missing"]
        );
        assert_eq!(
            errors(answer(&yes(&["2026-11-01 10:00"]).with("consent", "yes"), setting())),
            ["times: introduction-times-past"]
        );
        assert_eq!(
            errors(answer(&yes(&["2027-11-01 10:00"]).with("consent", "yes"), setting())),
            ["times: introduction-times-far"]
        );
        assert!(answer(&yes(&["2026-11-05 10:00"]).with("consent", "yes"), setting()).is_ok());
    }

    #[test]
    fn a_no_needs_a_reason_and_says_whether_the_door_is_open() {
        let no = Fields::default().with("answer", "decline");
        let missing = [
            "decline_reason: introduction-decline-reason-missing",
            "may_ask_again: introduction-may-ask-again-missing",
        ];
        assert_eq!(errors(answer(&no, setting())), missing);
        let no = no.with("decline_reason", "referral").with("may_ask_again", "yes");
        assert_eq!(errors(answer(&no, setting())), ["colleague: introduction-colleague-missing"]);
        assert!(answer(&no.clone().with("colleague", 7), setting()).is_ok());
        let full = answer(&no.with("decline_reason", "full").with("colleague", 7), setting()).unwrap();
        assert!(matches!(full, Answer::Decline { colleague: None, .. }), "{full:?}");
    }

    #[test]
    fn contacts_do_not_slip_through_free_text() {
        for bad in
            ["请联系 a.b@firm.example。", "电话13800001234谢谢", "138 0000 1234", "0746-5551234", "致电 0746 5551234"]
        {
            assert!(holds_contact(bad), "{bad}");
        }
        for good in ["每年处理 1200000 件，含水率 12.5%", "型号 ZX-2000，2026-11-23 投产", "糖度 10-12，温度 95 度"]
        {
            assert!(!holds_contact(good), "{good}");
        }
    }
}
