//! What time it is. Rules take the time as a value; only the clock may ask the machine.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// The machine's time, or in tests a time that stands still until it is moved.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's time.
    Machine,
    /// A time that only [`Clock::forward`] moves.
    Set(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands at `now`.
    pub fn standing_at(now: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(Mutex::new(now)))
    }

    /// The time now, to the microsecond, which is what both engines keep.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match self {
            Self::Machine => Utc::now(),
            Self::Set(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Moves a standing clock; the machine's time cannot be moved.
    pub fn forward(&self, by: TimeDelta) {
        if let Self::Set(time) = self {
            *time.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
