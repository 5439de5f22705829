//! What things mean, held in memory by each process that compares.
//!
//! It is read from the rows when a process starts and follows the same change marks as the index:
//! whoever writes a meaning marks the thing. A meaning takes about 400 bytes.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use index::{Key, Kind};

use crate::{
    db::Read,
    encoder::{Meaning, Provider, question::Questions, store},
    fault::Fault,
};

/// How many rows are read at once when a process starts.
const AT_ONCE: u64 = 2_000;

/// The meanings of this process, and who finds them.
#[derive(Debug, Clone)]
pub struct Meanings {
    provider: Provider,
    held: Arc<RwLock<HashMap<Key, Meaning>>>,
    loaded: Arc<AtomicBool>,
    questions: Questions,
}

/// The meanings as they are at a moment.
pub struct Held<'a> {
    provider: &'a Provider,
    held: RwLockReadGuard<'a, HashMap<Key, Meaning>>,
}

impl Held<'_> {
    /// What a thing means, if it is known.
    pub fn get(&self, key: Key) -> Option<&Meaning> {
        self.held.get(&key)
    }

    /// How near two meanings are, if that can be said.
    pub fn near(&self, one: &Meaning, other: &Meaning) -> Option<f64> {
        self.provider.near(one, other)
    }

    /// How near every thing of these kinds is to a meaning, the nearest first, at most `limit`.
    pub fn nearest(&self, meaning: &Meaning, wanted: impl Fn(Key) -> bool, limit: usize) -> Vec<(Key, f64)> {
        let products = self.held.iter().filter(|(key, _)| wanted(**key));
        let mut found: Vec<(Key, f64)> =
            products.filter_map(|(key, other)| Some((*key, self.near(meaning, other)?))).collect();
        found.sort_unstable_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.cmp(b)));
        found.truncate(limit);
        found
    }
}

impl Meanings {
    /// None yet, to be found by `provider`.
    pub fn of(provider: Provider) -> Self {
        Self { provider, held: Arc::default(), loaded: Arc::default(), questions: Questions::default() }
    }

    /// Who finds them.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The meanings as they are now. What is held changes only after the guard is let go.
    pub fn held(&self) -> Held<'_> {
        Held { provider: &self.provider, held: self.held.read().unwrap_or_else(PoisonError::into_inner) }
    }

    /// What a visitor's question means, if that is known in time.
    pub async fn question(&self, question: &str) -> Option<Meaning> {
        self.questions.meaning(&self.provider, question).await
    }

    /// Reads what these things mean now; at the first call, what everything means.
    pub async fn refresh(&self, db: &impl Read, keys: &[Key]) -> Result<(), Fault> {
        let Some(model) = self.provider.model() else { return Ok(()) };
        if !self.loaded.load(Ordering::Acquire) {
            self.load(db, &model).await?;
        }
        let found = store::of(db, &model, keys).await?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        keys.iter().for_each(|key| drop(held.remove(key)));
        held.extend(found);
        Ok(())
    }

    async fn load(&self, db: &impl Read, model: &str) -> Result<(), Fault> {
        for kind in Kind::ALL {
            let mut last = i64::MIN;
            loop {
                let rows = store::after(db, model, kind, last, AT_ONCE).await?;
                let Some((key, _)) = rows.last() else { break };
                last = key.id;
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                held.extend(rows.into_iter().filter_map(|(key, meaning)| Some((key, meaning?))));
            }
        }
        self.loaded.store(true, Ordering::Release);
        Ok(())
    }
}
