//! An introduction together with everything it names, for its letters and pages.

use crate::{
    app::App,
    db::Read,
    fault::Fault,
    introduction::{Introduction, Side},
    listing::{self, Content, Listing},
    matching::{self, Match},
    member::{self, Member},
    organisation::{self, Organisation},
    team::{self, Team},
    web::page,
    words::{Language, Say},
};

/// The longest piece of running text in the ten lines of a need.
const LINE_MOST: usize = 240;

/// An introduction with what it names.
pub(super) struct Case {
    pub(super) introduction: Introduction,
    pub(super) need: Listing,
    pub(super) enterprise: Organisation,
    pub(super) team: Team,
    pub(super) asker: Member,
    pub(super) lead: Option<Member>,
    pub(super) found: Option<Match>,
}

/// One line: what it is, what it is like.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: String,
}

impl Case {
    /// Reads what the introduction names.
    pub(super) async fn load(db: &impl Read, introduction: Introduction) -> Result<Self, Fault> {
        let gone = || Fault::corrupt("an introduction names what is gone");
        let need = listing::store::by_id(db, introduction.need).await?.ok_or_else(gone)?;
        let enterprise = organisation::store::by_id(db, introduction.enterprise).await?.ok_or_else(gone)?;
        let team = team::store::by_id(db, introduction.team).await?.ok_or_else(gone)?;
        let asker = member::store::by_id(db, introduction.asked_by).await?.ok_or_else(gone)?;
        let lead = match team.lead {
            Some(lead) => Some(lead),
            None => organisation::store::speakers(db, introduction.team).await?.into_iter().next(),
        };
        let lead = match lead {
            Some(lead) => member::store::by_id(db, lead).await?,
            None => None,
        };
        let found = matching::store::one(db, introduction.need, introduction.team).await?;
        Ok(Self { introduction, need, enterprise, team, asker, lead, found })
    }

    /// What one side may call the enterprise: its name, unless the need is anonymous and the team
    /// asks before both have said yes.
    pub(super) fn enterprise_for(&self, app: &App, side: Side, language: Language) -> String {
        let hidden = side == Side::Team && self.need.content.anonymous && self.introduction.exchanged_at.is_none();
        if hidden {
            app.templates.words().word(language, "introduction-anonymous")
        } else {
            self.enterprise.name.clone()
        }
    }

    /// What one side may call the team: a colleague who was named is not named to the enterprise
    /// before he agrees.
    pub(super) fn team_for(&self, app: &App, side: Side, language: Language) -> String {
        let hidden = side == Side::Enterprise && !self.introduction.names_its_team();
        if hidden {
            app.templates.words().word(language, "introduction-colleague-hidden")
        } else {
            self.team.organisation.name.clone()
        }
    }

    /// The need in about ten lines, all of them public.
    pub(super) fn need_lines(&self, app: &App, language: Language) -> Vec<Fact> {
        need_lines(app, language, &self.need.content)
    }

    /// The words that need and result share, as text.
    pub(super) fn shared_words(&self, app: &App, language: Language) -> String {
        let words = self.found.as_ref().map(|found| found.words.iter().take(8).cloned().collect::<Vec<_>>());
        words.unwrap_or_default().join(&app.templates.words().word(language, "introduction-comma"))
    }

    /// How the team's lead is greeted.
    pub(super) fn lead_name(&self) -> &str {
        match &self.lead {
            _ if !self.team.lead_name.is_empty() => &self.team.lead_name,
            Some(lead) if !lead.name.is_empty() => &lead.name,
            _ => &self.team.organisation.name,
        }
    }
}

fn need_lines(app: &App, language: Language, need: &Content) -> Vec<Fact> {
    let words = app.templates.words();
    let word = |key: &str| words.word(language, key);
    let comma = word("introduction-comma");
    let mut lines = Vec::new();
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            lines.push(Fact { label: word(label), value });
        }
    };
    line("introduction-need-title", need.title.clone());
    line("introduction-need-problem", short(&need.problem));
    let targets = need.targets.iter().map(|target| {
        let say =
            Say::new(if target.now.is_empty() { "introduction-need-target" } else { "introduction-need-target-now" });
        let say = say.with("name", &target.name).with("now", &target.now);
        app.templates.tell(language, &say.with("target", &target.target).with("unit", &target.unit))
    });
    line("introduction-need-targets", targets.collect::<Vec<_>>().join(&word("introduction-semicolon")));
    line("introduction-need-use-case", short(&need.use_case));
    line("introduction-need-partner", short(&need.partner));
    line("introduction-need-deadline", need.deadline.map(|day| page::day(day, language)).unwrap_or_default());
    line(
        "introduction-need-budget",
        need.budget.map(|each| word(&format!("listing-budget-{}", each.as_str()))).unwrap_or_default(),
    );
    let cooperation = need.cooperation.iter().map(|each| word(&format!("listing-cooperation-{}", each.as_str())));
    line("introduction-need-cooperation", cooperation.collect::<Vec<_>>().join(&comma));
    let trl = need.trl.map(|(low, high)| if low == high { low.to_string() } else { format!("{low}–{high}") });
    line("introduction-need-trl", trl.unwrap_or_default());
    lines
}

/// One line of at most [`LINE_MOST`] characters.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LINE_MOST {
        return line;
    }
    line.chars().take(LINE_MOST).chain(['…']).collect()
}
