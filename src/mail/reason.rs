//! What a server's reply means to people, and to the next try.

use serde::Serialize;

use crate::mail::{Mail, Status};

/// Why a mail is not there yet, or will not get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// There is no such mailbox.
    UnknownAddress,
    /// The mailbox is full.
    MailboxFull,
    /// The server does not want this mail: policy, reputation, content.
    Policy,
    /// The server asks to come back later.
    Later,
    /// The mail server could not be reached.
    Unreached,
    /// The letter could not be opened or built.
    NotBuilt,
    /// The text was handed over and no answer came.
    Unanswered,
    /// The address refused before.
    RefusedBefore,
    /// Refused in other words.
    Refused,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::UnknownAddress,
        Self::MailboxFull,
        Self::Policy,
        Self::Later,
        Self::Unreached,
        Self::NotBuilt,
        Self::Unanswered,
        Self::RefusedBefore,
        Self::Refused,
    ];

    /// The word by which pages say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownAddress => "unknown-address",
            Self::MailboxFull => "mailbox-full",
            Self::Policy => "policy",
            Self::Later => "later",
            Self::Unreached => "unreached",
            Self::NotBuilt => "not-built",
            Self::Unanswered => "unanswered",
            Self::RefusedBefore => "refused-before",
            Self::Refused => "refused",
        }
    }
}

impl Mail {
    /// Why the last try did not succeed; none when it did or there was none.
    pub fn reason(&self) -> Option<Reason> {
        match self.status {
            Status::Sent | Status::Sending | Status::Replaced | Status::Withdrawn => None,
            Status::Suppressed => Some(Reason::RefusedBefore),
            Status::Uncertain => Some(Reason::Unanswered),
            Status::Queued | Status::Failed | Status::Expired => match self.reply_code {
                Some(code) => Some(of_reply(code, &self.reply)),
                None if self.reply.is_empty() => None,
                None if self.status == Status::Failed => Some(Reason::NotBuilt),
                None => Some(Reason::Unreached),
            },
        }
    }
}

fn of_reply(code: i64, text: &str) -> Reason {
    match enhanced(text) {
        Some((_, 2, 2)) => Reason::MailboxFull,
        Some((4, ..)) => Reason::Later,
        Some((_, 1, 1 | 2 | 3 | 6 | 10)) => Reason::UnknownAddress,
        Some((_, 7, _)) => Reason::Policy,
        None if code < 500 => Reason::Later,
        None if says_unknown(code, text) => Reason::UnknownAddress,
        _ => Reason::Refused,
    }
}

/// The code of RFC 3463 at the beginning of a reply: class, subject, detail.
pub(super) fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = text.split_whitespace().next()?.splitn(3, '.').map(|each| each.parse().ok());
    match (numbers.next()?, numbers.next()?, numbers.next()?) {
        (Some(class), Some(subject), Some(detail)) if matches!(class, 2 | 4 | 5) => Some((class, subject, detail)),
        _ => None,
    }
}

/// Whether a refusal without an enhanced code says that there is no such mailbox.
pub(super) fn says_unknown(code: i64, text: &str) -> bool {
    let words = text.to_ascii_lowercase();
    let known = ["unknown", "no such", "not exist", "not found", "no mailbox", "不存在"];
    matches!(code, 550 | 551 | 553) && known.iter().any(|each| words.contains(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_has_one_meaning() {
        assert_eq!(of_reply(550, "5.1.1 no such user"), Reason::UnknownAddress);
        assert_eq!(of_reply(550, "User unknown"), Reason::UnknownAddress);
        assert_eq!(of_reply(452, "4.2.2 mailbox full"), Reason::MailboxFull);
        assert_eq!(of_reply(450, "4.7.1 greylisted"), Reason::Later);
        assert_eq!(of_reply(550, "5.7.1 blocked"), Reason::Policy);
        assert_eq!(of_reply(554, "no"), Reason::Refused);
    }
}
