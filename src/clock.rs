//! What time it is. Rules take the time as a value; only the clock may ask the machine.

use std::{
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Instant,
};

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

    /// A time that only goes on, at an even pace, also when the machine's clock is set: for how
    /// long something has lasted in this process. What it shows is the time only until then.
    pub fn steady(&self) -> DateTime<Utc> {
        static STARTED: LazyLock<(DateTime<Utc>, Instant)> = LazyLock::new(|| (Utc::now(), Instant::now()));
        match self {
            Self::Machine => STARTED.0 + TimeDelta::from_std(STARTED.1.elapsed()).unwrap_or(TimeDelta::zero()),
            Self::Set(_) => self.now(),
        }
    }

    /// Moves a standing clock; the machine's time cannot be moved.
    pub fn forward(&self, by: TimeDelta) {
        if let Self::Set(time) = self {
            *time.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}
