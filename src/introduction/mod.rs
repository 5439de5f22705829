//! Introductions: two parties asked whether they want to meet.
//!
//! 待园区 → 待对方 → (以后再说 → 待对方, once) → 接受 → 已交换 → 已会面 | 未举行; and 谢绝, 超时关闭,
//! 撤回, 园区未放行, 渠道失败. [`MOVES`] is that graph as data; [`step`] is the only judge of what may
//! happen next, and `store::advance` the only writer of a state: it moves the row first, with
//! `UPDATE … WHERE state = … RETURNING`, so that of two answers at the same moment one moves and
//! the other finds the row moved.
//!
//! - [`propose`]: an enterprise asks for a team. [`pass`]: staff, or their working day running out,
//!   let the question go to the team, or staff stop it. [`answer`]: the team says yes with times, no
//!   with a reason, or later. [`choose`]: the enterprise takes a time, which is its own yes, or says
//!   no. [`withdraw`]: the enterprise takes its question back. [`resend`]: staff send a question
//!   again under a new link. [`retract`]: a member takes his consent back. `leave`: or goes
//!   altogether. [`clock`]: silence, in working days.
//! - [`queue`]: requests that wait for a full team.
//! - A question goes out as a letter with a link ([`link`]); its clock starts when the letter has
//!   been sent. A letter that cannot be delivered makes the introduction wait for staff.
//! - The decliner's contact is in no letter and on no page; the team of an anonymous need reads no
//!   enterprise's name before both have said yes, and an enterprise does not read which colleague
//!   was named before he agrees.
//!
//! A question whose need has ended, or whose pair was closed for good in the meantime, is not passed
//! on or asked again: staff are told so, and the clock stops it.
//!
//! A question that staff stop is `stopped`, not withdrawn: the firm did not change its mind, and
//! the figures must not say so. A place of the team's month is taken when the question is passed on
//! and given back when silence, the asker, staff or the asker's own no ends it before a meeting.
//!
//! **Invariant:** every move that the graph has is possible and every other is refused
//! (`every_move_of_an_introduction_is_as_the_graph_says`).
//! **Invariant:** only two yeses reveal contacts, each with its recorded consent, and no letter or
//! page before that holds either's address or telephone
//! (`contacts_leave_only_through_a_recorded_disclosure`). What was disclosed is kept with the
//! introduction as it was then, for its recipient alone: reading it again is not a new disclosure.
//! **Invariant:** looking at a link answers nothing (`opening_the_link_changes_nothing`), and a link
//! answers once (`a_link_answers_once`).
//! **Invariant:** two answers at the same moment introduce once
//! (`two_answers_at_the_same_moment_introduce_once`).

pub mod answer;
mod case;
pub mod choose;
pub mod clock;
pub mod erase;
mod form;
pub(crate) mod leave;
mod letters;
pub mod link;
mod meeting;
pub mod pages;
pub mod pass;
pub mod propose;
pub mod queue;
pub mod resend;
pub mod retract;
pub mod store;
pub mod withdraw;

use chrono::{DateTime, Utc};

use crate::id::{ConsentId, IntroductionId, ListingId, MailId, MemberId, OrganisationId};

crate::listing::words! {
    /// Where an introduction stands.
    State {
        /// 待园区: staff have a working day to look.
        AwaitingPark = "awaiting_park",
        /// 待对方: the team was asked.
        AwaitingTeam = "awaiting_team",
        /// 以后再说: the team will be asked again.
        Later = "later",
        /// 接受: the team offered times, the enterprise chooses.
        Accepted = "accepted",
        /// 已交换: both have said yes and have each other's contact.
        Exchanged = "exchanged",
        /// 已会面; nothing leads there yet.
        Met = "met",
        /// 未举行; nothing leads there yet.
        NotHeld = "not_held",
        /// 谢绝, by either side.
        Declined = "declined",
        /// 超时关闭: nobody answered; counts as no refusal.
        TimedOut = "timed_out",
        /// 撤回, by the enterprise.
        Withdrawn = "withdrawn",
        /// 园区未放行, with a reason.
        Stopped = "stopped",
        /// 渠道失败: a letter did not arrive; staff must act.
        ChannelFailed = "channel_failed",
    }
}

crate::listing::words! {
    /// What happens to an introduction.
    Step {
        /// It begins: the enterprise asks.
        Propose = "propose",
        /// It begins: a team named a colleague.
        Refer = "refer",
        /// Staff make the reason better before it goes out.
        Improve = "improve",
        /// It goes to the team.
        Pass = "pass",
        /// Staff end it, and say why.
        Stop = "stop",
        /// The team is asked again: it had said later, or its letter was lost.
        AskAgain = "ask_again",
        /// The team says yes.
        Accept = "accept",
        /// The team says no.
        Decline = "decline",
        /// The team says later.
        Postpone = "postpone",
        /// The enterprise is asked again for its choice.
        OfferAgain = "offer_again",
        /// The enterprise takes a time: the second yes.
        Choose = "choose",
        /// The enterprise says no.
        Refuse = "refuse",
        /// Nobody answered in time.
        RunOut = "run_out",
        /// The enterprise takes its question back.
        Withdraw = "withdraw",
        /// A letter did not arrive.
        LoseChannel = "lose_channel",
    }
}

/// Every move there is: from, step, to.
pub const MOVES: &[(State, Step, State)] = &[
    (State::AwaitingPark, Step::Improve, State::AwaitingPark),
    (State::AwaitingPark, Step::Pass, State::AwaitingTeam),
    (State::AwaitingPark, Step::Stop, State::Stopped),
    (State::AwaitingPark, Step::Withdraw, State::Withdrawn),
    (State::AwaitingTeam, Step::Accept, State::Accepted),
    (State::AwaitingTeam, Step::Decline, State::Declined),
    (State::AwaitingTeam, Step::Postpone, State::Later),
    (State::AwaitingTeam, Step::AskAgain, State::AwaitingTeam),
    (State::AwaitingTeam, Step::RunOut, State::TimedOut),
    (State::AwaitingTeam, Step::Withdraw, State::Withdrawn),
    (State::AwaitingTeam, Step::LoseChannel, State::ChannelFailed),
    (State::Later, Step::AskAgain, State::AwaitingTeam),
    (State::Later, Step::Stop, State::Stopped),
    (State::Later, Step::Withdraw, State::Withdrawn),
    (State::Accepted, Step::Choose, State::Exchanged),
    (State::Accepted, Step::Refuse, State::Declined),
    (State::Accepted, Step::OfferAgain, State::Accepted),
    (State::Accepted, Step::RunOut, State::TimedOut),
    (State::Accepted, Step::Withdraw, State::Withdrawn),
    (State::Accepted, Step::LoseChannel, State::ChannelFailed),
    (State::ChannelFailed, Step::AskAgain, State::AwaitingTeam),
    (State::ChannelFailed, Step::OfferAgain, State::Accepted),
    (State::ChannelFailed, Step::Stop, State::Stopped),
    (State::ChannelFailed, Step::RunOut, State::TimedOut),
    (State::ChannelFailed, Step::Withdraw, State::Withdrawn),
];

/// Where `step` leads from `state`; `None` when it may not happen.
pub fn step(state: State, step: Step) -> Option<State> {
    MOVES.iter().find(|(from, by, _)| *from == state && *by == step).map(|(_, _, to)| *to)
}

impl State {
    /// Those from which something can still come of it before contacts are exchanged.
    pub const OPEN: [Self; 5] =
        [Self::AwaitingPark, Self::AwaitingTeam, Self::Later, Self::Accepted, Self::ChannelFailed];

    /// Whether something can still come of it before contacts are exchanged.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }

    /// Whether it ended without a meeting.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Declined | Self::TimedOut | Self::Withdrawn | Self::Stopped)
    }
}

crate::listing::words! {
    /// One of the two parties.
    Side {
        /// The enterprise that has the need.
        Enterprise = "enterprise",
        /// The team that was asked for.
        Team = "team",
    }
}

crate::listing::words! {
    /// Who made a step.
    Actor {
        /// The enterprise.
        Enterprise = "enterprise",
        /// The team.
        Team = "team",
        /// Park staff.
        Staff = "staff",
        /// Time that ran out.
        Clock = "clock",
        /// The mail server of a recipient.
        Mail = "mail",
    }
}

impl From<Side> for Actor {
    fn from(side: Side) -> Self {
        match side {
            Side::Enterprise => Self::Enterprise,
            Side::Team => Self::Team,
        }
    }
}

crate::listing::words! {
    /// What a side said.
    Reply {
        /// Yes.
        Accept = "accept",
        /// No.
        Decline = "decline",
    }
}

crate::listing::words! {
    /// Why a team says no (J8).
    DeclineReason {
        /// 方向不符.
        Direction = "direction",
        /// 时间排满.
        Full = "full",
        /// 太早, 成熟度不够.
        TooEarly = "too_early",
        /// 预算不合.
        Budget = "budget",
        /// 已有排他合作.
        Exclusive = "exclusive",
        /// 信息太少.
        TooLittle = "too_little",
        /// 可推荐同事.
        Referral = "referral",
        /// 其他.
        Other = "other",
    }
}

/// So many teams say 信息太少 of a need before its owner and staff are told to mend it.
pub const TOO_LITTLE_TOO_OFTEN: usize = 3;
/// For so many minutes what was sent to staff alone can be taken back as if it had not been sent.
pub const UNDO_MINUTES: i64 = 10;
/// How many times a team offers at most.
pub const MOST_TIMES: usize = 3;
/// How many days ahead an offered time may lie.
pub const TIMES_WITHIN_DAYS: i64 = 60;
/// The fewest characters of 为什么找您.
pub const REASON_LEAST: usize = 20;
/// The most characters of 为什么找您, and of a note.
pub const REASON_MOST: usize = 500;

/// An introduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// The number.
    pub id: IntroductionId,
    /// The need.
    pub need: ListingId,
    /// The result by which the team was found.
    pub result: Option<ListingId>,
    /// Whose need it is.
    pub enterprise: OrganisationId,
    /// Who was asked for.
    pub team: OrganisationId,
    /// The member of the enterprise who asked, and who gets its letters.
    pub asked_by: MemberId,
    /// Where it stands.
    pub state: State,
    /// 为什么找您.
    pub reason: String,
    /// When the clock runs out; `None` while a letter is on its way, and when it has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// The letter whose sending starts the clock.
    pub letter: Option<MailId>,
    /// When it went to the team.
    pub passed_at: Option<DateTime<Utc>>,
    /// The member of staff who passed it; `None` when their time ran out.
    pub passed_by: Option<MemberId>,
    /// Whether the team has said later; it may once.
    pub postponed: bool,
    /// What the team said.
    pub team_answer: Option<Reply>,
    /// When.
    pub team_answered_at: Option<DateTime<Utc>>,
    /// Who of the team said it.
    pub team_answered_by: Option<MemberId>,
    /// The consent that came with the team's yes.
    pub team_consent: Option<ConsentId>,
    /// Why the team said no.
    pub decline_reason: Option<DeclineReason>,
    /// The words that the other side reads.
    pub decline_note: String,
    /// The times that the team offered.
    pub times: Vec<DateTime<Utc>>,
    /// What the enterprise said.
    pub enterprise_answer: Option<Reply>,
    /// When.
    pub enterprise_answered_at: Option<DateTime<Utc>>,
    /// The time that the enterprise chose.
    pub meeting_at: Option<DateTime<Utc>>,
    /// When contacts were exchanged.
    pub exchanged_at: Option<DateTime<Utc>>,
    /// When it ended without a meeting.
    pub closed_at: Option<DateTime<Utc>>,
    /// What staff wrote when they stopped it.
    pub closed_note: String,
    /// The introduction whose team named this one as its colleague.
    pub referred_from: Option<IntroductionId>,
    /// Counts every step.
    pub version: i64,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// One line of an introduction's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub step: Step,
    /// Who.
    pub actor: Actor,
    /// In which words.
    pub note: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

impl Introduction {
    /// How other rooms name it: in mails, consents, places of a month.
    pub fn about(&self) -> String {
        about(self.id)
    }

    /// Whose turn it is, if it is a party's.
    pub fn turn(&self) -> Option<Side> {
        match self.state {
            State::AwaitingTeam => Some(Side::Team),
            State::Accepted => Some(Side::Enterprise),
            _ => None,
        }
    }

    /// Whether the team knows of it.
    pub fn is_known_to_team(&self) -> bool {
        self.passed_at.is_some()
    }

    /// Whether the enterprise may read which team it is: a colleague who was named is not shown to
    /// it before he agrees.
    pub fn names_its_team(&self) -> bool {
        self.referred_from.is_none() || self.team_answer == Some(Reply::Accept)
    }

    /// The offered times that have not passed.
    pub fn times_left(&self, now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        self.times.iter().copied().filter(move |time| *time > now)
    }
}

/// How other rooms name the introduction with this number.
pub fn about(id: IntroductionId) -> String {
    format!("introduction:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_leads_to_one_state_and_an_ended_introduction_stays_ended() {
        for (at, (from, step, _)) in MOVES.iter().enumerate() {
            assert!(
                !MOVES[at + 1..].iter().any(|(other, by, _)| other == from && by == step),
                "{from:?} {step:?} twice"
            );
            assert!(from.is_open(), "{from:?} has ended");
        }
        for state in State::OPEN {
            assert!(MOVES.iter().any(|(from, _, to)| *from == state && !to.is_open()), "{state:?} never ends");
        }
    }

    #[test]
    fn the_team_says_later_and_accepts_only_when_it_is_asked() {
        for state in State::ALL {
            assert_eq!(step(*state, Step::Accept).is_some(), *state == State::AwaitingTeam);
            assert_eq!(step(*state, Step::Choose).is_some(), *state == State::Accepted);
        }
    }
}
