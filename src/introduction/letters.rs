//! The letters of an introduction.
//!
//! Every one of them is a [`Sheet`] of finished words, drawn by `templates/mail/introduction/
//! letter.txt` and `letter.html`, so that the text and the HTML say the same. Only [`exchanged`]
//! takes a contact, and a contact exists only with its recorded disclosure.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    introduction::{
        DeclineReason, Side, State,
        case::{Case, Fact},
        meeting,
        queue::Queued,
        store::Shown,
    },
    mail::{self, Address, Letter},
    member::Member,
    team::Team,
    web::page,
    words::{Language, Say},
};

#[derive(Serialize, Default)]
struct Sheet {
    subject: String,
    title: String,
    lines: Vec<String>,
    facts: Vec<Fact>,
    typed_title: String,
    typed: String,
    buttons: Vec<Button>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Button {
    label: String,
    url: String,
    look: &'static str,
}

/// Puts words into the language of a letter's reader.
struct Pen<'a> {
    app: &'a App,
    case: &'a Case,
    language: Language,
}

impl Pen<'_> {
    fn word(&self, key: &'static str) -> String {
        self.app.templates.words().word(self.language, key)
    }

    /// Words that may name the need, the team, and the enterprise as `reader` may read it.
    fn tell(&self, key: &'static str, reader: Side) -> String {
        let say = Say::new(key)
            .with("need", &self.case.need.content.title)
            .with("team", self.case.team_for(self.app, reader, self.language))
            .with("university", &self.case.team.university_name)
            .with("firm", self.case.enterprise_for(self.app, reader, self.language))
            .with("site", &self.app.config.site_name);
        self.app.templates.tell(self.language, &say)
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        page::moment(at, self.app.config.time_zone, self.language)
    }

    fn fact(&self, key: &'static str, value: impl Into<String>) -> Fact {
        Fact { label: self.word(key), value: value.into() }
    }

    fn button(&self, key: &'static str, path: &str, look: &'static str) -> Button {
        Button { label: self.word(key), url: self.app.config.link(path), look }
    }

    /// The page of the introduction, for those who are signed in.
    fn page(&self) -> Button {
        self.button("introduction-mail-page", &format!("/my/introductions/{}", self.case.introduction.id), "quiet")
    }

    fn done(&self, name: &'static str, sheet: &Sheet) -> Result<Letter, Fault> {
        Ok(mail::compose(self.app, self.language, name, sheet)?.about(self.case.introduction.about()))
    }

    fn to(&self, name: &'static str, to: &Member, sheet: &Sheet) -> Result<Letter, Fault> {
        Ok(self.done(name, sheet)?.to(to.email.clone(), &to.name).of(to.id))
    }
}

/// The question to the team's lead, with the link that answers it.
pub(super) fn ask(app: &App, case: &Case, to: &Member, token: &str) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let hello = Say::new("introduction-mail-hello").with("name", case.lead_name());
    let days = Say::new("introduction-mail-ask-days").with("days", app.config.answer_days);
    let mut facts = case.need_lines(app, pen.language);
    facts.push(pen.fact("introduction-shared-words", case.shared_words(app, pen.language)));
    let link = |anchor: &str| format!("/introductions/{token}#{anchor}");
    let again = case.introduction.postponed;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-ask-subject", Side::Team),
        title: pen.tell("introduction-mail-ask-subject", Side::Team),
        lines: vec![
            app.templates.tell(pen.language, &hello),
            pen.tell(if again { "introduction-mail-ask-again" } else { "introduction-mail-ask-text" }, Side::Team),
        ],
        facts,
        typed_title: pen.word("introduction-why"),
        typed: case.introduction.reason.clone(),
        buttons: vec![
            pen.button("introduction-mail-accept", &link("accept"), "primary"),
            pen.button("introduction-mail-decline", &link("decline"), "quiet"),
            pen.button("introduction-mail-later", &link("later"), "quiet"),
        ],
        notes: vec![
            pen.word("introduction-mail-link-note"),
            pen.word("introduction-mail-contact-note"),
            app.templates.tell(pen.language, &days),
        ],
    };
    Ok(pen.to("introduction/ask", to, &sheet)?.sealed())
}

/// The team's home office is told, without a link.
pub(super) fn office(app: &App, case: &Case, to: &Address) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: Language::Chinese };
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-office-subject", Side::Team),
        title: pen.tell("introduction-mail-office-subject", Side::Team),
        lines: vec![pen.tell("introduction-mail-office-text", Side::Team)],
        facts: case.need_lines(app, pen.language),
        notes: vec![pen.word("introduction-mail-office-note")],
        ..Sheet::default()
    };
    Ok(pen.done("introduction/office", &sheet)?.to(to.clone(), &case.team.university_name))
}

/// The team has said yes: the enterprise chooses a time.
pub(super) fn accepted(app: &App, case: &Case, to: &Member, token: &str) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let days = Say::new("introduction-mail-accepted-days").with("days", app.config.choice_days);
    let times = case.introduction.times.iter().map(|time| pen.fact("introduction-time", pen.moment(*time)));
    let link = |anchor: &str| format!("/introductions/{token}#{anchor}");
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-accepted-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-accepted-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-accepted-text", Side::Enterprise)],
        facts: times.collect(),
        buttons: vec![
            pen.button("introduction-mail-choose", &link("accept"), "primary"),
            pen.button("introduction-mail-refuse", &link("decline"), "quiet"),
        ],
        notes: vec![
            pen.word("introduction-mail-link-note"),
            pen.word("introduction-mail-contact-note"),
            app.templates.tell(pen.language, &days),
        ],
        ..Sheet::default()
    };
    Ok(pen.to("introduction/accepted", to, &sheet)?.sealed())
}

/// What the enterprise reads when the team said no: never the word, always the next step.
pub(super) fn declined(app: &App, case: &Case, to: &Member) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let need = case.introduction.need;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-declined-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-declined-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-declined-text", Side::Enterprise)],
        typed_title: pen.word("introduction-their-words"),
        typed: decline_words(app, case, pen.language),
        buttons: vec![
            pen.button("introduction-mend", &format!("/needs/{need}/edit"), "primary"),
            pen.button("introduction-others", &format!("/needs/{need}/matches"), "quiet"),
        ],
        notes: vec![pen.word("introduction-mail-declined-note")],
        ..Sheet::default()
    };
    pen.to("introduction/declined", to, &sheet)
}

/// The words of a refusal: those that the team wrote, else those that stand for its reason.
pub(super) fn decline_words(app: &App, case: &Case, language: Language) -> String {
    let written = &case.introduction.decline_note;
    if !written.is_empty() {
        return written.clone();
    }
    kind_words(app, language, case.introduction.decline_reason.unwrap_or(DeclineReason::Other))
}

/// What the other side reads for a reason, unless the team writes something else.
pub(super) fn kind_words(app: &App, language: Language, reason: DeclineReason) -> String {
    app.templates.words().word(language, &format!("introduction-kind-{}", reason.as_str()))
}

/// The team has named a colleague, who is asked in turn.
pub(super) fn referred(app: &App, case: &Case, to: &Member) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let need = case.introduction.need;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-referred-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-referred-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-referred-text", Side::Enterprise)],
        typed_title: pen.word("introduction-their-words"),
        typed: decline_words(app, case, pen.language),
        buttons: vec![pen.button("introduction-others", &format!("/needs/{need}/matches"), "quiet")],
        ..Sheet::default()
    };
    pen.to("introduction/referred", to, &sheet)
}

/// The team will be asked again.
pub(super) fn postponed(app: &App, case: &Case, to: &Member) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let due = case
        .introduction
        .due_at
        .map(|due| page::day(due.with_timezone(&app.config.time_zone).date_naive(), pen.language));
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-postponed-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-postponed-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-postponed-text", Side::Enterprise)],
        facts: vec![pen.fact("introduction-asked-again", due.unwrap_or_default())],
        buttons: vec![pen.page()],
        ..Sheet::default()
    };
    pen.to("introduction/postponed", to, &sheet)
}

/// Silence has closed it, and counts as no refusal: to the enterprise that asked.
pub(super) fn timed_out(app: &App, case: &Case, to: &Member, before: State) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let key = match (before, case.introduction.team_answer) {
        (State::ChannelFailed, _) => "introduction-mail-timed-out-lost",
        (_, None) => "introduction-mail-timed-out-text",
        (_, Some(_)) => "introduction-mail-timed-out-own",
    };
    let need = case.introduction.need;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-timed-out-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-timed-out-subject", Side::Enterprise),
        lines: vec![pen.tell(key, Side::Enterprise)],
        buttons: vec![pen.button("introduction-others", &format!("/needs/{need}/matches"), "primary"), pen.page()],
        ..Sheet::default()
    };
    pen.to("introduction/timed_out", to, &sheet)
}

/// Staff have stopped it, and say why.
pub(super) fn stopped(app: &App, case: &Case, to: &Member) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let need = case.introduction.need;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-stopped-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-stopped-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-stopped-text", Side::Enterprise)],
        typed_title: pen.word("introduction-park-words"),
        typed: case.introduction.closed_note.clone(),
        buttons: vec![
            pen.button("introduction-mend", &format!("/needs/{need}/edit"), "primary"),
            pen.button("introduction-others", &format!("/needs/{need}/matches"), "quiet"),
        ],
        ..Sheet::default()
    };
    pen.to("introduction/stopped", to, &sheet)
}

/// Why a team that was asked has nothing to answer or to wait for any more.
#[derive(Clone, Copy)]
pub(super) enum Over {
    /// The enterprise took its question back.
    Withdrawn,
    /// The enterprise could use none of the times, or has found another way.
    Refused,
    /// Nobody answered in time.
    Silent,
    /// Staff ended it.
    Stopped,
}

/// Tells the team's lead that it is over.
pub(super) fn over(app: &App, case: &Case, to: &Member, why: Over) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let key = match why {
        Over::Withdrawn => "introduction-mail-over-withdrawn",
        Over::Refused => "introduction-mail-over-refused",
        Over::Silent => "introduction-mail-over-silent",
        Over::Stopped => "introduction-mail-over-stopped",
    };
    let words = match why {
        Over::Refused => case.introduction.decline_note.clone(),
        Over::Withdrawn | Over::Silent | Over::Stopped => String::new(),
    };
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-over-subject", Side::Team),
        title: pen.tell("introduction-mail-over-subject", Side::Team),
        lines: vec![pen.tell(key, Side::Team)],
        typed_title: if words.is_empty() { String::new() } else { pen.word("introduction-their-words") },
        typed: words,
        notes: vec![pen.word("introduction-mail-over-note")],
        ..Sheet::default()
    };
    pen.to("introduction/over", to, &sheet)
}

/// Both have said yes: one side gets the other's contact, the time and a calendar file.
pub(super) fn exchanged(
    app: &App,
    case: &Case,
    to: &Member,
    side: Side,
    contact: &Shown,
    at: DateTime<Utc>,
) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let (other, key) = match side {
        Side::Enterprise => (&case.team.organisation.name, "introduction-mail-exchanged-enterprise"),
        Side::Team => (&case.enterprise.name, "introduction-mail-exchanged-team"),
    };
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-exchanged-subject", side),
        title: pen.tell("introduction-mail-exchanged-subject", side),
        lines: vec![pen.tell(key, side)],
        facts: vec![
            pen.fact("introduction-meeting-at", pen.moment(at)),
            pen.fact("introduction-other", other.clone()),
            pen.fact("introduction-contact-name", &contact.name),
            pen.fact("introduction-contact-title", &contact.title),
            pen.fact("introduction-contact-email", &contact.email),
            pen.fact("introduction-contact-phone", &contact.phone),
        ],
        buttons: vec![pen.page()],
        notes: vec![pen.word("introduction-mail-exchanged-note")],
        ..Sheet::default()
    };
    let calendar = meeting::file(app, case, pen.language, at);
    Ok(pen.to("introduction/exchanged", to, &sheet)?.with_calendar(calendar))
}

/// The team takes no part in it any more: to the enterprise that asked.
pub(super) fn team_gone(app: &App, case: &Case, to: &Member) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let need = case.introduction.need;
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-over-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-over-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-team-gone", Side::Enterprise)],
        buttons: vec![pen.button("introduction-others", &format!("/needs/{need}/matches"), "primary"), pen.page()],
        ..Sheet::default()
    };
    pen.to("introduction/retracted", to, &sheet)
}

/// `gone` has taken its consent back after contacts were exchanged: to whoever has its contact.
pub(super) fn contact_withdrawn(app: &App, case: &Case, to: &Member, gone: Side) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: to.language };
    let (reader, key) = match gone {
        Side::Team => (Side::Enterprise, "introduction-mail-contact-withdrawn-team"),
        Side::Enterprise => (Side::Team, "introduction-mail-contact-withdrawn-enterprise"),
    };
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-contact-withdrawn-subject", reader),
        title: pen.tell("introduction-mail-contact-withdrawn-subject", reader),
        lines: vec![pen.tell(key, reader), pen.word("introduction-mail-contact-withdrawn-delete")],
        buttons: vec![pen.page()],
        ..Sheet::default()
    };
    pen.to("introduction/retracted", to, &sheet)
}

/// The park's copy: who meets when, and no person's contact.
pub(super) fn copy(app: &App, case: &Case, to: &Address, at: DateTime<Utc>) -> Result<Letter, Fault> {
    let pen = Pen { app, case, language: Language::Chinese };
    let desk = format!("/desk/introductions/{}", case.introduction.id);
    let sheet = Sheet {
        subject: pen.tell("introduction-mail-copy-subject", Side::Enterprise),
        title: pen.tell("introduction-mail-copy-subject", Side::Enterprise),
        lines: vec![pen.tell("introduction-mail-copy-text", Side::Enterprise)],
        facts: vec![
            pen.fact("introduction-meeting-at", pen.moment(at)),
            pen.fact("introduction-team", &case.team.organisation.name),
            pen.fact("introduction-enterprise", &case.enterprise.name),
            pen.fact("introduction-need", &case.need.content.title),
        ],
        buttons: vec![pen.button("introduction-mail-desk", &desk, "primary")],
        ..Sheet::default()
    };
    Ok(pen.done("introduction/copy", &sheet)?.to(to.clone(), &app.config.site_name))
}

/// To a firm that waits for a full team: whether it still needs it, with the link that answers; without
/// one, that its time to answer has run out.
pub(super) fn queue(
    app: &App,
    queued: &Queued,
    need: &str,
    team: &Team,
    to: &Member,
    token: Option<&str>,
) -> Result<Letter, Fault> {
    let say = |key: &'static str| {
        let due = queued.due_at.map(|at| page::moment(at, app.config.time_zone, to.language)).unwrap_or_default();
        let say = Say::new(key).with("need", need).with("team", &team.organisation.name).with("due", due);
        app.templates.tell(to.language, &say)
    };
    let word = |key: &str| app.templates.words().word(to.language, key);
    let button = |key: &str, path: &str, look| Button { label: word(key), url: app.config.link(path), look };
    let (name, sheet) = match token {
        Some(token) => (
            "introduction/queue_ask",
            Sheet {
                subject: say("introduction-mail-queue-ask-subject"),
                title: say("introduction-mail-queue-ask-subject"),
                lines: vec![say("introduction-mail-queue-ask-text")],
                typed_title: word("introduction-why"),
                typed: queued.reason.clone(),
                buttons: vec![button("introduction-mail-queue-answer", &format!("/queue/{token}"), "primary")],
                notes: vec![word("introduction-mail-link-note")],
                ..Sheet::default()
            },
        ),
        None => (
            "introduction/queue_left",
            Sheet {
                subject: say("introduction-mail-queue-left-subject"),
                title: say("introduction-mail-queue-left-subject"),
                lines: vec![say("introduction-mail-queue-left-text")],
                buttons: vec![button("introduction-others", &format!("/needs/{}/matches", queued.need), "primary")],
                ..Sheet::default()
            },
        ),
    };
    let letter = mail::compose(app, to.language, name, &sheet)?;
    let letter = letter.to(to.email.clone(), &to.name).of(to.id).about(queued.about());
    Ok(if token.is_some() { letter.sealed() } else { letter })
}
