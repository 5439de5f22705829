//! How long a mail server that is in trouble, and single domains, are left alone.
//!
//! This process's memory only: after a restart each is tried once more. Times are the clock's
//! steady ones, so that a clock that is set neither ends a rest nor makes it last for days.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;

/// After so many failures in a row the mail server is surely down for hours, whatever a clock
/// says: a letter that has waited for too long is given up, and one of a screen sooner.
const SURELY_DOWN: u32 = 100;
const SURELY_DOWN_URGENT: u32 = 20;
/// The same of a domain, whose rests are longer.
const DOMAIN_SURELY_DOWN: u32 = 12;

/// Something that is left alone for a while.
#[derive(Debug, Clone, Copy)]
struct Rest {
    until: DateTime<Utc>,
    /// How often in a row it has failed.
    failures: u32,
}

/// What rests.
#[derive(Debug, Default)]
struct Resting {
    server: Option<Rest>,
    domains: HashMap<String, Rest>,
}

/// What rests, shared between the two lanes.
#[derive(Debug, Default)]
pub(super) struct Rests(Mutex<Resting>);

/// What may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// As much as one likes.
    All,
    /// One, to see whether it is well again.
    One,
    /// Nothing before this time.
    Not(DateTime<Utc>),
}

impl Rest {
    fn leave(self, now: DateTime<Utc>) -> Leave {
        if now < self.until { Leave::Not(self.until) } else { Leave::One }
    }
}

impl Rests {
    fn lock(&self) -> MutexGuard<'_, Resting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the mail server may be tried.
    pub(super) fn server(&self, now: DateTime<Utc>) -> Leave {
        self.lock().server.map_or(Leave::All, |rest| rest.leave(now))
    }

    /// Whether a domain may be tried.
    pub(super) fn domain(&self, domain: &str, now: DateTime<Utc>) -> Leave {
        self.lock().domains.get(domain).map_or(Leave::All, |rest| rest.leave(now))
    }

    /// The mail server could not be reached; returns until when it is left alone. What fails at
    /// the same time as another counts with it as one failure.
    pub(super) fn server_failed(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut resting = self.lock();
        let rest = failed(resting.server, now, server_rest);
        resting.server = Some(rest);
        rest.until
    }

    /// A domain asked for rest or fell silent; returns until when it is left alone.
    pub(super) fn domain_failed(&self, domain: &str, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut resting = self.lock();
        let rest = failed(resting.domains.get(domain).copied(), now, domain_rest);
        resting.domains.insert(domain.to_owned(), rest);
        rest.until
    }

    /// The mail server has talked to us.
    pub(super) fn server_is_well(&self) {
        self.lock().server = None;
    }

    /// The mail server has taken a mail for a domain.
    pub(super) fn domain_is_well(&self, domain: &str) {
        self.lock().domains.remove(domain);
    }

    /// Whether the mail server has been down for so long that letters are given up.
    pub(super) fn server_is_surely_down(&self, urgent: bool) -> bool {
        let most = if urgent { SURELY_DOWN_URGENT } else { SURELY_DOWN };
        self.lock().server.is_some_and(|rest| rest.failures >= most)
    }

    /// Whether a domain has been down for so long that letters are given up.
    pub(super) fn domain_is_surely_down(&self, domain: &str) -> bool {
        self.lock().domains.get(domain).is_some_and(|rest| rest.failures >= DOMAIN_SURELY_DOWN)
    }
}

fn failed(before: Option<Rest>, now: DateTime<Utc>, length: fn(u32) -> TimeDelta) -> Rest {
    match before {
        Some(rest) if now < rest.until => rest,
        before => {
            let failures = before.map_or(1, |rest| rest.failures.saturating_add(1));
            let length = length(failures);
            Rest { until: now + length + jitter(length / 5), failures }
        }
    }
}

/// The mail server is our own, so that one knock every two minutes is not too much.
fn server_rest(failures: u32) -> TimeDelta {
    match failures {
        ..=1 => TimeDelta::seconds(15),
        2 => TimeDelta::seconds(30),
        3 => TimeDelta::minutes(1),
        _ => TimeDelta::minutes(2),
    }
}

fn domain_rest(failures: u32) -> TimeDelta {
    wait_after(failures.into())
}

/// How long to wait after so many tries.
pub(super) fn wait_after(attempts: i64) -> TimeDelta {
    match attempts {
        ..=1 => TimeDelta::minutes(5),
        2 => TimeDelta::minutes(15),
        3 => TimeDelta::minutes(30),
        4 => TimeDelta::hours(1),
        5 => TimeDelta::hours(2),
        _ => TimeDelta::hours(4),
    }
}

/// Up to `most`, so that what failed together is not tried together.
pub(super) fn jitter(most: TimeDelta) -> TimeDelta {
    TimeDelta::milliseconds(rand::rng().random_range(0..=most.num_milliseconds().max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_four_hours() {
        let minutes: Vec<i64> = (1..=7).map(|attempts| wait_after(attempts).num_minutes()).collect();
        assert_eq!(minutes, [5, 15, 30, 60, 120, 240, 240]);
        let seconds: Vec<i64> = (1..=5).map(|failures| server_rest(failures).num_seconds()).collect();
        assert_eq!(seconds, [15, 30, 60, 120, 120]);
    }

    #[test]
    fn what_fails_together_is_one_failure_and_is_tried_by_one() {
        let rests = Rests::default();
        let start: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        assert_eq!(rests.server(start), Leave::All);
        let until = rests.server_failed(start);
        assert_eq!(rests.server_failed(start + TimeDelta::seconds(1)), until);
        assert_eq!(rests.server(until - TimeDelta::seconds(1)), Leave::Not(until));
        assert_eq!(rests.server(until), Leave::One);
        assert!(rests.server_failed(until) - until >= TimeDelta::seconds(30), "the second rest is not longer");
        rests.server_is_well();
        assert_eq!(rests.server(start), Leave::All);
        assert_eq!(rests.domain("a.example", start), Leave::All);
        rests.domain_failed("a.example", start);
        assert!(matches!(rests.domain("a.example", start), Leave::Not(_)));
        assert_eq!(rests.domain("b.example", start), Leave::All);
    }
}
