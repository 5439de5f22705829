//! One try to send one mail, and what its ending means.
//!
//! What a reply means (RFC 5321 4.2.1, RFC 3463): 2 taken; 4, try again later, at last four-hourly
//! for five days; 5 refused for good, and if the address does not exist nothing but sign-in letters
//! is sent to it any more. A 421 or silence once the recipient is named lets that recipient's domain
//! rest; a server that cannot be reached, or that does not want us, rests as a whole, and that is no
//! try of the letter. No answer to the text itself leaves the mail Uncertain: staff see it, and it is
//! tried **once** more under the same Message-ID, so an unanswered dot makes at most one copy
//! (`an_unanswered_dot_makes_at_most_one_copy`).

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::App,
    fault::Fault,
    mail::{
        Address, Status,
        enqueue::address_hash,
        message::{self, Opened, without_addresses},
        reason::{enhanced, says_unknown},
        rest::{jitter, wait_after},
        smtp::{Ending, Reply, Step},
        store::{self, Outgoing, Tried},
    },
};

/// How many unanswered dots a mail may have before it is left to staff.
const MOST_DOUBTS: i64 = 2;
/// A letter is never given up before so many tries, so that a clock that is set forward by a year
/// does not end all letters that wait; one that somebody waits for at a screen may end sooner.
const LEAST_TRIES: i64 = 8;
const LEAST_TRIES_URGENT: i64 = 4;

/// When this happens: the time that all share, and this process's steady one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) shared: DateTime<Utc>,
    pub(super) steady: DateTime<Utc>,
}

impl Moment {
    /// A steady time as the time that all share.
    pub(super) fn shared_at(self, steady: DateTime<Utc>) -> DateTime<Utc> {
        self.shared + (steady - self.steady)
    }
}

/// When somebody has waited for a letter for long enough; who waits at a screen has gone after an
/// hour, and the link with him.
pub(super) fn patience(urgent: bool) -> TimeDelta {
    if urgent { TimeDelta::hours(1) } else { TimeDelta::days(5) }
}

/// What came of a try before anything is known of it.
pub(super) fn blank(mail: &Outgoing) -> Tried {
    Tried {
        status: Status::Failed,
        due_at: None,
        reply_code: None,
        reply: String::new(),
        doubts: mail.doubts,
        counts: true,
        suppresses: false,
        kept: None,
    }
}

/// Opens the body and builds the message. What cannot be opened or built today cannot be tomorrow:
/// it is parked, and the others flow. The same with what may not be sent to a dead address.
pub(super) async fn prepare(app: &App, mail: &Outgoing) -> Result<Result<Opened, Box<Tried>>, Fault> {
    let mut tried = blank(mail);
    let body = match message::open(&app.config, mail) {
        Ok(body) => body,
        Err(fault) => {
            tried.reply = without_addresses(&fault.to_string());
            return Ok(Err(Box::new(tried)));
        }
    };
    if !mail.urgent
        && let Some(address) = Address::parse(&mail.recipient)
        && store::is_suppressed(&app.db, &address_hash(&app.config, &address)).await?
    {
        tried.status = Status::Suppressed;
        return Ok(Err(Box::new(at_an_end(tried, mail, &body))));
    }
    Ok(Ok(body))
}

/// What an ending means.
pub(super) fn judge(app: &App, mail: &Outgoing, body: &Opened, ending: Result<Ending, Fault>, now: Moment) -> Tried {
    let (mut tried, rests, domain) = (blank(mail), &app.post.rests, domain_of(&mail.recipient));
    match ending {
        // It could not be built.
        Err(fault) => tried.reply = without_addresses(&fault.to_string()),
        Ok(Ending::Taken(reply)) => {
            says(&mut tried, &reply);
            tried.status = Status::Sent;
            rests.server_is_well();
            rests.domain_is_well(domain);
        }
        // Who sends is the same in every mail: that the server minds it says nothing of this one.
        Ok(Ending::Refused(Step::Sender, reply)) => {
            says(&mut tried, &reply);
            not_now(&mut tried, mail, app, now);
        }
        Ok(Ending::Refused(step, reply)) => {
            says(&mut tried, &reply);
            rests.server_is_well();
            if is_final(&reply) {
                tried.suppresses = is_unknown_address(step, &reply);
            } else {
                put_off(&mut tried, mail, now.shared);
                if reply.code == 421 {
                    after_domain(&mut tried, now.shared_at(rests.domain_failed(domain, now.steady)));
                }
            }
        }
        Ok(Ending::Unreached(reply, words)) => {
            match reply {
                Some(reply) => says(&mut tried, &reply),
                None => tried.reply = without_addresses(&words),
            }
            not_now(&mut tried, mail, app, now);
        }
        Ok(Ending::Silent(words)) => {
            tried.reply = without_addresses(&words);
            put_off(&mut tried, mail, now.shared);
            after_domain(&mut tried, now.shared_at(rests.domain_failed(domain, now.steady)));
        }
        Ok(Ending::Lost(how)) => {
            if how == crate::mail::smtp::Loss::Silent {
                rests.domain_failed(domain, now.steady);
            }
            tried.status = Status::Uncertain;
            tried.doubts += 1;
            let again = now.shared + TimeDelta::minutes(15) + jitter(TimeDelta::minutes(3));
            tried.due_at = (tried.doubts < MOST_DOUBTS).then_some(again);
        }
    }
    at_an_end(tried, mail, body)
}

/// What becomes of a mail that is not tried, since its domain has not taken any for days.
pub(super) fn given_up(mail: &Outgoing) -> Tried {
    Tried {
        status: Status::Expired,
        reply: "the recipient's domain has not taken mail for days".to_owned(),
        kept: mail.linked.then(Default::default),
        ..blank(mail)
    }
}

fn says(tried: &mut Tried, reply: &Reply) {
    tried.reply_code = Some(i64::from(reply.code));
    tried.reply = without_addresses(&reply.text);
}

/// At an end nothing is kept of a link that acts.
fn at_an_end(mut tried: Tried, mail: &Outgoing, body: &Opened) -> Tried {
    if mail.linked && tried.due_at.is_none() {
        let kept = message::kept(mail, body);
        tried.kept = Some((kept.text, kept.html));
    }
    tried
}

/// The mail server itself is in trouble: all mail waits for it, and this was no try of the letter.
fn not_now(tried: &mut Tried, mail: &Outgoing, app: &App, now: Moment) {
    let until = app.post.rests.server_failed(now.steady);
    tried.counts = false;
    if mail.created_at + patience(mail.urgent) <= now.shared && app.post.rests.server_is_surely_down(mail.urgent) {
        tried.status = Status::Expired;
        return;
    }
    tried.status = Status::Queued;
    tried.due_at = Some(now.shared_at(until));
}

/// Tried again later, or Expired when it was tried for long enough.
fn put_off(tried: &mut Tried, mail: &Outgoing, now: DateTime<Utc>) {
    let limit = mail.created_at + patience(mail.urgent);
    let least = if mail.urgent { LEAST_TRIES_URGENT } else { LEAST_TRIES };
    if limit <= now && mail.attempts >= least {
        tried.status = Status::Expired;
        return;
    }
    let wait = wait_after(mail.attempts);
    let again = now + wait + jitter(wait / 5);
    tried.status = Status::Queued;
    tried.due_at = Some(if limit > now { Ord::min(again, limit) } else { again });
}

/// Not before its domain may be tried again.
fn after_domain(tried: &mut Tried, until: DateTime<Utc>) {
    tried.due_at = tried.due_at.map(|due_at| Ord::max(due_at, until));
}

/// The enhanced code decides when there is one: some servers say 550 4.2.1 of a mailbox that is full today.
fn is_final(reply: &Reply) -> bool {
    match enhanced(&reply.text) {
        Some((class, ..)) => class == 5,
        None => reply.code >= 500,
    }
}

/// Whether the reply says that there is no such mailbox, rather than that it does not want this mail.
fn is_unknown_address(step: Step, reply: &Reply) -> bool {
    if !matches!(step, Step::Recipient | Step::Dot) {
        return false;
    }
    match enhanced(&reply.text) {
        // 5.1.7 and 5.1.8 speak of the sender.
        Some((5, 1, detail)) => matches!(detail, 1 | 2 | 3 | 6 | 10),
        Some(_) => false,
        None => says_unknown(reply.code.into(), &reply.text),
    }
}

pub(super) fn domain_of(recipient: &str) -> &str {
    recipient.rsplit_once('@').map_or("", |(_, domain)| domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(code: u16, text: &str) -> Reply {
        Reply { code, text: text.to_owned() }
    }

    #[test]
    fn only_an_address_that_does_not_exist_is_suppressed() {
        let unknown = |code, text| is_unknown_address(Step::Recipient, &reply(code, text));
        assert!(unknown(550, "5.1.1 no such user"));
        assert!(unknown(550, "User unknown"));
        assert!(!unknown(550, "5.7.1 blocked by policy"));
        assert!(!unknown(550, "5.1.8 bad sender"));
        assert!(!unknown(554, "spam"));
        assert!(!is_unknown_address(Step::Sender, &reply(550, "5.1.1 who are you")));
    }

    #[test]
    fn the_enhanced_code_decides() {
        assert!(is_final(&reply(550, "5.2.1 disabled")));
        assert!(!is_final(&reply(550, "4.2.2 mailbox full")));
        assert!(!is_final(&reply(452, "4.2.2 mailbox full")));
        assert!(is_final(&reply(554, "no")));
        assert!(!is_final(&reply(451, "5 minutes, then again")));
    }
}
