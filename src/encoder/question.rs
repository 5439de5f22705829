//! What a visitor's question means, while he waits.
//!
//! A question is encoded on another thread and waited for a tenth of a second; what comes later is
//! kept for the next who asks the same. When more are waiting than can be served, a question is
//! answered by its words alone. So meaning never makes a search slow or fail.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::encoder::{Meaning, Provider, Side, Text};

/// How long a question waits for its meaning.
const PATIENCE: Duration = Duration::from_millis(100);
/// How many questions are encoded or wait for it at once.
const MOST_WAITING: usize = 8;
/// How many of those are encoded at the same time.
const MOST_ENCODED: usize = 1;
/// How many meanings of questions are kept.
const MOST_KEPT: usize = 2_000;
/// How much of a question is read.
const LONGEST: usize = 100;

/// The questions that were asked lately, and the queue of those being encoded.
#[derive(Debug, Clone)]
pub struct Questions {
    kept: Arc<Mutex<HashMap<String, Meaning>>>,
    waiting: Arc<Semaphore>,
    encoded: Arc<Semaphore>,
}

impl Default for Questions {
    fn default() -> Self {
        Self {
            kept: Arc::default(),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            encoded: Arc::new(Semaphore::new(MOST_ENCODED)),
        }
    }
}

impl Questions {
    /// What a question means; nothing when it cannot be known in time.
    pub async fn meaning(&self, provider: &Provider, question: &str) -> Option<Meaning> {
        let question: String =
            question.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
        if question.is_empty() || provider.model().is_none() || provider.rests() {
            return None;
        }
        if let Some(known) = self.kept().get(&question) {
            return Some(known.clone());
        }
        let place = Arc::clone(&self.waiting).try_acquire_owned().ok()?;
        let (questions, provider) = (self.clone(), provider.clone());
        let work = tokio::spawn(async move {
            let _place = place;
            let _turn = Arc::clone(&questions.encoded).acquire_owned().await.ok()?;
            let asked = question.clone();
            let encode = move || provider.meanings(Side::Query, &[Text { title: &asked, rest: "" }]);
            let meaning = tokio::task::spawn_blocking(encode).await.ok()?.ok()?.pop().flatten()?;
            questions.keep(question, meaning.clone());
            Some(meaning)
        });
        tokio::time::timeout(PATIENCE, work).await.ok()?.ok()?
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, Meaning>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, question: String, meaning: Meaning) {
        let mut kept = self.kept();
        if kept.len() >= MOST_KEPT {
            // What is asked often is soon known again.
            kept.clear();
        }
        kept.insert(question, meaning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_is_encoded_once() {
        let questions = Questions::default();
        let provider = Provider::asked("local").unwrap();
        let wait = async {
            // In time or not, it is known soon after.
            while questions.meaning(&provider, " 竹材  防霉 ").await.is_none() {
                tokio::task::yield_now().await;
            }
        };
        wait.await;
        assert!(questions.kept().contains_key("竹材 防霉"));
        // Known, so no place in the queue is needed.
        let _all = questions.waiting.acquire_many(8).await.unwrap();
        assert!(questions.meaning(&provider, "竹材 防霉").await.is_some());
        assert!(questions.meaning(&provider, "竹材 防裂").await.is_none());
    }

    #[tokio::test]
    async fn nobody_and_nothing_mean_nothing() {
        let questions = Questions::default();
        assert!(questions.meaning(&Provider::Nobody, "竹材防霉").await.is_none());
        assert!(questions.meaning(&Provider::asked("local").unwrap(), "  ").await.is_none());
    }
}
