//! Listings: needs, offers and results, posted by one organisation.
//!
//! 草稿 → 待审 → (退改 → 待审) → 有效 ⇄ 暂停 → 过期 | 已解决 | 撤回 → 归档, and 待审 → 不予发布.
//! [`MOVES`] is that graph as data; [`step`] is the only judge of what may happen next, and the
//! verbs of this room are the only writers of a state. What is live is public and can be found,
//! everything else is seen by its owner and staff alone (an expired or resolved listing keeps its
//! public page, with a banner).
//!
//! - [`draft`]: begin, keep, save; [`submit`]: send to staff, also a change to what is live.
//! - [`review`]: staff publish, send back, or will not publish; [`expire`]: the clock.
//! - [`close`]: pause, resume, renew, resolve, withdraw, archive.
//! - [`remind`]: letters before the time runs out; [`link`]: what they carry, so that the owner answers
//!   without signing in; [`ask`]: others ask whether what has expired still holds; [`checkup`]: staff look
//!   at what was renewed again and again.
//! - [`view`]: what lists and pages show of one, in ready words.
//!
//! A listing is renewed at the earliest [`RENEWABLE_DAYS`] before its time runs out, so that "confirmed
//! by its owner" is said of something that he was asked. Every step is noted with who made it
//! ([`Happened`]); a listing that ended a year ago is archived and what leads to a person is erased
//! from it.
//!
//! **Invariant:** every move that the graph has is possible and every other is refused
//! (`every_move_of_a_listing_is_as_the_graph_says`).
//! **Invariant:** an anonymous need's page, hits, suggestions and letters never name its owner
//! (`an_anonymous_need_names_nobody`).
//! **Invariant:** looking at a link of a letter changes nothing, and it acts once
//! (`a_reminder_is_answered_without_signing_in_and_looking_changes_nothing`).

pub mod ask;
pub mod checkup;
pub mod close;
pub mod draft;
pub mod erase;
pub mod expire;
pub(crate) mod form;
mod letters;
pub mod link;
pub mod pages;
pub mod remind;
pub mod review;
pub mod store;
pub mod submit;
pub mod view;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::id::{ListingId, MemberId, OrganisationId, ZoneId};

/// Defines an enum of words that are stored, sent in forms and named in the word files.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is stored and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What is posted.
    Kind {
        /// 需求.
        Need = "need",
        /// 供给.
        Offer = "offer",
        /// 成果.
        Result = "result",
    }
}

words! {
    /// Which kind of need.
    NeedType {
        /// 技术需求: matched with results.
        Technical = "technical",
        /// 采购需求: matched with offers.
        Purchase = "purchase",
        /// 联合攻关: matched with results.
        Joint = "joint",
    }
}

words! {
    /// Where a listing stands.
    State {
        /// 草稿.
        Draft = "draft",
        /// 待审.
        InReview = "in_review",
        /// 退改.
        Returned = "returned",
        /// 有效.
        Live = "live",
        /// 暂停.
        Paused = "paused",
        /// 过期.
        Expired = "expired",
        /// 已解决.
        Resolved = "resolved",
        /// 撤回.
        Withdrawn = "withdrawn",
        /// 不予发布.
        Rejected = "rejected",
        /// 归档.
        Archived = "archived",
    }
}

words! {
    /// What can happen to a listing.
    Step {
        /// The owner sends it to staff.
        Submit = "submit",
        /// The owner takes it back before staff have looked.
        Undo = "undo",
        /// Staff publish it.
        Publish = "publish",
        /// Staff send it back with reasons.
        Return = "return",
        /// Staff will not publish it, and say why.
        Reject = "reject",
        /// The owner changes what is live; staff look at it again.
        Revise = "revise",
        /// The owner takes it out of sight for a while.
        Pause = "pause",
        /// The owner shows it again.
        Resume = "resume",
        /// Its time runs out.
        Expire = "expire",
        /// The owner says that it is still needed.
        Renew = "renew",
        /// The owner says how it was solved.
        Resolve = "resolve",
        /// The owner gives it up.
        Withdraw = "withdraw",
        /// It is put away.
        Archive = "archive",
    }
}

/// Every move there is: from, step, to.
pub const MOVES: &[(State, Step, State)] = &[
    (State::Draft, Step::Submit, State::InReview),
    (State::Draft, Step::Withdraw, State::Withdrawn),
    (State::InReview, Step::Undo, State::Draft),
    (State::InReview, Step::Publish, State::Live),
    (State::InReview, Step::Return, State::Returned),
    (State::InReview, Step::Reject, State::Rejected),
    (State::InReview, Step::Withdraw, State::Withdrawn),
    (State::Returned, Step::Submit, State::InReview),
    (State::Returned, Step::Withdraw, State::Withdrawn),
    (State::Live, Step::Revise, State::InReview),
    (State::Live, Step::Pause, State::Paused),
    (State::Live, Step::Renew, State::Live),
    (State::Live, Step::Expire, State::Expired),
    (State::Live, Step::Resolve, State::Resolved),
    (State::Live, Step::Withdraw, State::Withdrawn),
    (State::Paused, Step::Resume, State::Live),
    (State::Paused, Step::Renew, State::Paused),
    (State::Paused, Step::Expire, State::Expired),
    (State::Paused, Step::Resolve, State::Resolved),
    (State::Paused, Step::Withdraw, State::Withdrawn),
    (State::Expired, Step::Renew, State::Live),
    (State::Expired, Step::Resolve, State::Resolved),
    (State::Expired, Step::Withdraw, State::Withdrawn),
    (State::Expired, Step::Archive, State::Archived),
    (State::Resolved, Step::Archive, State::Archived),
    (State::Withdrawn, Step::Archive, State::Archived),
    (State::Rejected, Step::Archive, State::Archived),
];

/// How many days before the end its owner is asked whether a listing still holds, the last letter last.
pub const REMINDERS: [u32; 3] = [14, 7, 1];
/// How many days before the end a listing can be renewed.
pub const RENEWABLE_DAYS: i64 = 14;
/// For so many minutes a listing that was sent in can be taken back as if it had not been sent.
pub const UNDO_MINUTES: i64 = 10;
/// After so many renewals without an introduction staff look at what is wrong with it (复诊).
pub const CHECKUP_AFTER: u32 = 3;
/// How long after its end what leads to a person is erased.
pub const ERASED_AFTER_DAYS: i64 = 365;

/// Where `step` leads from `state`; `None` when it may not happen.
pub fn step(state: State, step: Step) -> Option<State> {
    MOVES.iter().find(|(from, by, _)| *from == state && *by == step).map(|(_, _, to)| *to)
}

words! {
    /// 预算档, in 万元.
    Budget {
        /// 面议.
        Negotiable = "negotiable",
        /// Less than 5.
        Under5 = "under_5",
        /// 5 to 20.
        From5To20 = "5_20",
        /// 20 to 50.
        From20To50 = "20_50",
        /// 50 to 200.
        From50To200 = "50_200",
        /// More than 200.
        Over200 = "over_200",
    }
}

words! {
    /// 合作方式: the five types of technical contract (Civil Code, book three, chapter 20).
    Cooperation {
        /// 技术开发.
        Development = "development",
        /// 技术转让.
        Transfer = "transfer",
        /// 技术许可.
        Licence = "licence",
        /// 技术咨询.
        Consulting = "consulting",
        /// 技术服务.
        Service = "service",
    }
}

words! {
    /// 产权归属意向: who shall own what comes of it.
    Ownership {
        /// The enterprise.
        Enterprise = "enterprise",
        /// The team.
        Team = "team",
        /// Both.
        Shared = "shared",
        /// To be talked about.
        Negotiable = "negotiable",
    }
}

words! {
    /// How a need ended.
    Outcome {
        /// 平台对接.
        Platform = "platform",
        /// 自行解决.
        Own = "self",
        /// 其他渠道.
        Elsewhere = "elsewhere",
        /// 放弃.
        GaveUp = "gave_up",
    }
}

words! {
    /// What staff decide.
    Verdict {
        /// Publish.
        Publish = "publish",
        /// Send back.
        Return = "return",
        /// Will not be published.
        Reject = "reject",
    }
}

/// One row of 核心指标: what is measured, how it is now, how it should be.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Target {
    /// What is measured.
    pub name: String,
    /// As it is now.
    pub now: String,
    /// As it should be.
    pub target: String,
    /// The unit.
    pub unit: String,
}

/// What is written in a listing; which fields are used depends on its kind (PRODUCT 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// Which kind of need; `None` for offers and results.
    pub need_type: Option<NeedType>,
    /// The zone.
    pub zone: Option<ZoneId>,
    /// 标题, at most 40 characters (100 when imported).
    pub title: String,
    /// 公开一句话, at most 80 characters.
    pub teaser: String,
    /// 现状与问题 of a need; 解决什么问题 of a result; 产品/工艺 of an offer.
    pub problem: String,
    /// 核心指标.
    pub targets: Vec<Target>,
    /// 使用场景.
    pub use_case: String,
    /// 时限.
    pub deadline: Option<NaiveDate>,
    /// 预算档.
    pub budget: Option<Budget>,
    /// 合作方式.
    pub cooperation: Vec<Cooperation>,
    /// 产权归属意向.
    pub ip: Option<Ownership>,
    /// 知识产权: numbers, state, owner of a result.
    pub ip_note: String,
    /// 对方条件 of a need; 需要对方提供 of a result.
    pub partner: String,
    /// 期望 TRL of a need, from; the TRL of a result (both ends the same). GB/T 22900, 1 to 9.
    pub trl: Option<(u8, u8)>,
    /// GB/T 4754 小类, as text; empty when not said.
    pub industry: String,
    /// 决策人是否已同意.
    pub decision_agreed: bool,
    /// 匿名: the owner's name is shown to nobody but staff until contacts are exchanged.
    pub anonymous: bool,
    /// 排除名单: names of organisations that this must not be suggested to.
    pub excluded: Vec<String>,
    /// 优势 of a result, in numbers.
    pub advantage: String,
    /// 粗略经济账 of a result.
    pub economics: String,
    /// What shows that the TRL is reached.
    pub evidence: String,
    /// 关键词, at most 10.
    pub keywords: Vec<String>,
}

impl Content {
    /// What is different in `to`, field by field, in words that are stored.
    pub fn changes(&self, to: &Self) -> Vec<Change> {
        self.answers()
            .into_iter()
            .zip(to.answers())
            .filter(|((_, from), (_, to))| from != to)
            .map(|((field, from), (_, to))| Change { field: field.to_owned(), from, to })
            .collect()
    }

    /// Every answer with the name of its field, in the order of the form.
    fn answers(&self) -> Vec<(&'static str, String)> {
        let yes = |said: bool| if said { "yes" } else { "no" }.to_owned();
        let cooperation: Vec<&str> = self.cooperation.iter().map(|each| each.as_str()).collect();
        let targets = self.targets.iter().map(|row| [&row.name, &row.now, &row.target, &row.unit]);
        let targets: Vec<String> = targets.map(|row| row.map(String::as_str).join(" | ")).collect();
        vec![
            ("need_type", self.need_type.map(|each| each.as_str().to_owned()).unwrap_or_default()),
            ("title", self.title.clone()),
            ("teaser", self.teaser.clone()),
            ("zone", self.zone.map(|zone| zone.to_string()).unwrap_or_default()),
            ("problem", self.problem.clone()),
            ("targets", targets.join("; ")),
            ("advantage", self.advantage.clone()),
            ("economics", self.economics.clone()),
            ("use_case", self.use_case.clone()),
            ("deadline", self.deadline.map(|day| day.to_string()).unwrap_or_default()),
            ("budget", self.budget.map(|each| each.as_str().to_owned()).unwrap_or_default()),
            ("cooperation", cooperation.join(",")),
            ("ip", self.ip.map(|each| each.as_str().to_owned()).unwrap_or_default()),
            ("ip_note", self.ip_note.clone()),
            ("partner", self.partner.clone()),
            ("trl", self.trl.map(|(low, high)| format!("{low}–{high}")).unwrap_or_default()),
            ("evidence", self.evidence.clone()),
            ("industry", self.industry.clone()),
            ("keywords", self.keywords.join(", ")),
            ("excluded", self.excluded.join(", ")),
            ("decision_agreed", yes(self.decision_agreed)),
            ("anonymous", yes(self.anonymous)),
        ]
    }
}

/// A listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The number.
    pub id: ListingId,
    /// What is posted.
    pub kind: Kind,
    /// Whose it is.
    pub owner: OrganisationId,
    /// Who wrote it; staff, or nobody for imports.
    pub author: Option<MemberId>,
    /// Where it stands.
    pub state: State,
    /// What it says.
    pub content: Content,
    /// How it ended, when resolved.
    pub outcome: Option<Outcome>,
    /// In the owner's words.
    pub outcome_note: String,
    /// Counts every change; a form that was opened on an older one is told so.
    pub version: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was last sent to staff.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
    /// Until when it is live.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was resolved, withdrawn, rejected or expired.
    pub closed_at: Option<DateTime<Utc>>,
    /// When its owner last said that it holds: by sending it in, or by renewing it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When staff last wrote to its owner what would help.
    pub checked_at: Option<DateTime<Utc>>,
    /// How often it was renewed since staff last looked at why nothing comes of it.
    pub renewals: u32,
    /// What solved it, as `introduction:12`; only the feature that is named reads it.
    pub outcome_about: String,
    /// Whether the park may tell how it was solved.
    pub story: bool,
}

words! {
    /// Who made a step.
    Actor {
        /// Somebody who speaks for the owner, signed in.
        Owner = "owner",
        /// The owner, by the link of a letter.
        Letter = "letter",
        /// Park staff.
        Staff = "staff",
        /// Time that ran out.
        Clock = "clock",
    }
}

/// One field as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field of the form.
    pub field: String,
    /// As it was.
    pub from: String,
    /// As it is.
    pub to: String,
}

/// One line of a listing's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What, as [`Step`] names it, or `checkup`, `asked`, `erased`.
    pub step: String,
    /// Who.
    pub actor: Actor,
    /// In which words.
    pub note: String,
    /// What was changed.
    pub changes: Vec<Change>,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// How it ended, as its owner tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// How.
    pub outcome: Outcome,
    /// In his words.
    pub note: String,
    /// What solved it, as `introduction:12`; empty when he named nothing.
    pub about: String,
    /// Whether the park may tell of it.
    pub story: bool,
}

impl Ending {
    /// An ending of which nothing more is told.
    pub fn plain(outcome: Outcome, note: &str) -> Self {
        Self { outcome, note: note.to_owned(), about: String::new(), story: false }
    }
}

/// The four things staff give 0 to 5 for (after EEN's rules for profiles).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scores {
    /// 表述清楚.
    pub clarity: u8,
    /// 指标可量化.
    pub measurability: u8,
    /// 技术可行.
    pub feasibility: u8,
    /// 信息完整.
    pub completeness: u8,
}

impl Scores {
    /// The four in order.
    pub fn all(self) -> [u8; 4] {
        [self.clarity, self.measurability, self.feasibility, self.completeness]
    }

    /// What the scores call for: 10 and more publish, 5 to 9 or any zero go back, fewer are rejected.
    pub fn advice(self) -> Verdict {
        let sum: u8 = self.all().into_iter().sum();
        match sum {
            0..=4 => Verdict::Reject,
            _ if sum < 10 || self.all().contains(&0) => Verdict::Return,
            _ => Verdict::Publish,
        }
    }
}

/// What staff found when they looked at a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Who looked; nobody for an import that was published at once.
    pub reviewer: Option<MemberId>,
    /// What was decided.
    pub verdict: Verdict,
    /// The scores.
    pub scores: Scores,
    /// What the author reads.
    pub reason: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

impl Kind {
    /// The first part of its URLs.
    pub fn path(self) -> &'static str {
        match self {
            Self::Need => "/needs",
            Self::Offer => "/offers",
            Self::Result => "/results",
        }
    }

    /// How the index names it.
    pub fn indexed(self) -> index::Kind {
        match self {
            Self::Need => index::Kind::Need,
            Self::Offer => index::Kind::Offer,
            Self::Result => index::Kind::Result,
        }
    }

    /// Which organisations post it.
    pub fn owners(self) -> crate::organisation::OrganisationKind {
        match self {
            Self::Need | Self::Offer => crate::organisation::OrganisationKind::Enterprise,
            Self::Result => crate::organisation::OrganisationKind::Team,
        }
    }
}

impl State {
    /// Whether anybody may read the page: what is live, and what was live and ended in the open.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Live | Self::Expired | Self::Resolved)
    }

    /// Whether the owner may write in it.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned | Self::Live)
    }
}

impl Listing {
    /// The page.
    pub fn url(&self) -> String {
        format!("{}/{}", self.kind.path(), self.id)
    }

    /// Whether it is live at `now`: published, and its time has not run out, even if the clock
    /// has not been worked off yet.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Live && self.expires_at.is_some_and(|end| now < end)
    }

    /// Whether its owner may take it back from staff: it was sent in a moment ago, and never was public.
    pub fn can_be_undone(&self, now: DateTime<Utc>) -> bool {
        let just_sent = self.submitted_at.is_some_and(|at| now - at <= TimeDelta::minutes(UNDO_MINUTES));
        self.state == State::InReview && self.published_at.is_none() && just_sent
    }

    /// Whether its owner may say now that it still holds: its end is near, or has come.
    pub fn is_renewable(&self, now: DateTime<Utc>) -> bool {
        let near = self.expires_at.is_some_and(|end| end - TimeDelta::days(RENEWABLE_DAYS) <= now);
        step(self.state, Step::Renew).is_some() && near
    }

    /// Whether it is neither being written nor over.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Live | State::Paused)
    }

    /// How many of these answers came after it was last sent in, and after staff last wrote to its owner.
    pub fn answers_since_mended(&self, answers: &[DateTime<Utc>]) -> usize {
        let since = self.submitted_at.into_iter().chain(self.checked_at).max();
        answers.iter().filter(|at| since.is_none_or(|since| **at > since)).count()
    }

    /// Whether its owner is named to nobody but staff and those who speak for him.
    pub fn is_anonymous(&self) -> bool {
        self.kind == Kind::Need && self.content.anonymous
    }

    /// Whether this is a need that research teams are suggested for.
    pub fn wants_teams(&self) -> bool {
        self.kind == Kind::Need && matches!(self.content.need_type, Some(NeedType::Technical | NeedType::Joint))
    }
}
