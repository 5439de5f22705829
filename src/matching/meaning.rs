//! Finding what live listings mean, by following the change marks.
//!
//! Nobody waits for it: a listing can be found and is matched by its words as soon as it is
//! published; when its meaning has been found the listing is marked again, so that every process
//! reads the meaning and the suggestions are computed with it. Listings are encoded some at a time,
//! each group in a short write of its own.
//!
//! **Invariant:** an unchanged text is not encoded again (`an_unchanged_text_is_not_encoded_again`).
//! **Invariant:** a listing that is not shown any more means nothing
//! (`a_withdrawn_listing_means_nothing`).

use std::collections::{BTreeSet, HashMap};

use index::{Key, Kind};
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    changes,
    encoder::{Provider, Side, Text, store},
    fault::Fault,
    id::ListingId,
    listing::{self, Listing},
    matching::text_of,
};

/// How many marks are worked off at once.
const MARKS_AT_ONCE: u64 = 500;
/// How many listings are encoded before what was found is written.
const AT_ONCE: usize = 32;

/// Works off one batch of marks; returns how many listings were encoded. An endpoint that is away is
/// told of in the log and asked again later; until then everything goes by words.
pub async fn run_once(app: &App) -> Result<usize, Fault> {
    let provider = app.meanings.provider();
    if provider.rests() {
        return Ok(0);
    }
    if let Provider::Endpoint(endpoint) = provider.clone() {
        // What is known is of use only when it is known how to read it.
        let measured = tokio::task::spawn_blocking(move || endpoint.call()).await.map_err(Fault::other)?;
        if let Err(error) = measured {
            tracing::warn!(%error, "listings are compared by their words alone");
            return Ok(0);
        }
    }
    match follow(app, |_, _| {}, true).await {
        Err(fault) if provider.trouble().is_some() => {
            tracing::warn!(%fault, "listings are compared by their words alone");
            Ok(0)
        }
        done => done,
    }
}

/// Finds the meaning of every listing that lacks it, telling how far it has come.
pub async fn encode_all(app: &App, progress: impl FnMut(usize, usize)) -> Result<usize, Fault> {
    follow(app, progress, false).await
}

/// Follows one batch of marks, or looks at everything that is live.
async fn follow(app: &App, mut progress: impl FnMut(usize, usize), marks_only: bool) -> Result<usize, Fault> {
    let Some(model) = app.meanings.provider().model() else { return Ok(0) };
    // Each model has its own place in the marks: a new one begins with everything.
    let follower = format!("meaning {model}");
    let after = changes::followed(&app.db, &follower).await?;
    let newest = changes::newest(&app.db).await?;
    if marks_only && newest <= after {
        return Ok(0);
    }
    let lost = changes::oldest(&app.db).await? > after + 1;
    let (keys, last) = if lost || !marks_only {
        let live = listing::store::every_live(&app.db, app.clock.now()).await?;
        (live.into_iter().map(|(id, kind, _)| Key { kind: kind.indexed(), id: id.0 }).collect(), newest)
    } else {
        let marks = changes::since(&app.db, after, MARKS_AT_ONCE).await?;
        let last = marks.last().map_or(after, |mark| mark.number);
        let listings = |key: &Key| matches!(key.kind, Kind::Need | Kind::Offer | Kind::Result);
        (marks.into_iter().map(|mark| mark.key).filter(listings).collect::<BTreeSet<Key>>(), last)
    };
    let keys: Vec<Key> = keys.into_iter().collect();
    let total = keys.len();
    let (mut done, mut encoded) = (0, 0);
    for keys in keys.chunks(AT_ONCE) {
        encoded += encode(app, &model, keys).await?;
        done += keys.len();
        progress(done, total);
    }
    app.db.write(async |tx| changes::follow(tx, &follower, last).await).await?;
    if encoded > 0 {
        tracing::info!(encoded, of = done, "found what listings mean");
        app.wake.notify_waiters();
    }
    Ok(encoded)
}

/// Encodes those of some listings whose text is not known yet.
async fn encode(app: &App, model: &str, keys: &[Key]) -> Result<usize, Fault> {
    let now = app.clock.now();
    let ids: Vec<ListingId> = keys.iter().map(|key| ListingId(key.id)).collect();
    let listings = listing::store::by_ids(&app.db, &ids).await?;
    let live: HashMap<Key, &Listing> =
        listings.iter().filter(|listing| listing.is_live(now)).map(|listing| (key_of(listing), listing)).collect();
    let known = store::hashes(&app.db, model, keys).await?;
    let gone: Vec<Key> =
        keys.iter().filter(|key| known.contains_key(key) && !live.contains_key(key)).copied().collect();
    let texts: Vec<(Key, String, String)> = live
        .iter()
        .map(|(key, listing)| {
            let text = text_of(&listing.content);
            (*key, text.title, [text.problem, text.body].join("\n"))
        })
        .collect();
    let mut fresh: Vec<(Key, String, String, String)> = texts
        .into_iter()
        .map(|(key, title, rest)| (key, hash(&title, &rest), title, rest))
        .filter(|(key, hash, ..)| known.get(key) != Some(hash))
        .collect();
    if fresh.is_empty() && gone.is_empty() {
        return Ok(0);
    }
    fresh.sort_unstable_by_key(|(key, ..)| *key);
    let count = fresh.len();
    let provider = app.meanings.provider().clone();
    // Encoding takes its time; what runs on this thread beside it should not wait.
    let found = tokio::task::spawn_blocking(move || {
        let mut found = Vec::with_capacity(fresh.len());
        for side in [Side::Query, Side::Passage] {
            let own: Vec<_> = fresh.iter().filter(|(key, ..)| side_of(*key) == side).collect();
            let texts: Vec<Text<'_>> = own.iter().map(|(_, _, title, rest)| Text { title, rest }).collect();
            let meanings = provider.meanings(side, &texts)?;
            found.extend(own.into_iter().zip(meanings).map(|((key, hash, ..), meaning)| (*key, hash.clone(), meaning)));
        }
        Ok::<_, crate::encoder::Error>(found)
    })
    .await
    .map_err(Fault::other)?
    .map_err(Fault::other)?;
    app.db
        .write(async |tx| {
            for (key, hash, meaning) in &found {
                if let Some(meaning) = meaning {
                    store::put(tx, model, *key, hash, meaning, now).await?;
                    changes::mark(tx, key.kind, key.id);
                }
            }
            for key in &gone {
                store::forget(tx, *key).await?;
                changes::mark(tx, key.kind, key.id);
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(count)
}

fn key_of(listing: &Listing) -> Key {
    Key { kind: listing.kind.indexed(), id: listing.id.0 }
}

/// Needs ask, everything else answers.
pub fn side_of(key: Key) -> Side {
    if key.kind == Kind::Need { Side::Query } else { Side::Passage }
}

fn hash(title: &str, rest: &str) -> String {
    let digest = Sha256::new().chain_update(title).chain_update([0]).chain_update(rest).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
