//! What goes on behind the pages: finding, matching, clocks and mail.
//!
//! Each part is a function `run_once` that works off what is due from rows in the database and
//! may be killed at any moment: it will be done again. A process has four threads for them: one
//! keeps its own index up with the marks (every process that searches needs that), one finds what
//! listings mean, one computes suggestions, and one runs the clocks and delivers mail, so that
//! neither many texts to encode nor many needs to compare nor a slow mail server ever keeps a
//! listing from being found.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::{sync::watch, time::sleep};

use crate::{app::App, changes, fault::Fault, once};

/// How long a part that found nothing to do sleeps, unless it is woken.
const NAP: Duration = Duration::from_millis(200);
/// How often the clocks are looked at.
const TICK: Duration = Duration::from_secs(15);
/// How often the index is compared with the database, besides following the marks.
const BETWEEN_COMPARISONS: Duration = Duration::from_secs(3600);
/// How long marks and spent form keys are kept. An index that was away for longer is built again.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How long a part waits after a fault before it tries again.
const AFTER_A_FAULT: Duration = Duration::from_secs(2);

/// Runs everything until nothing is left to do at this moment; for tests and for the command line.
/// What listings mean is not waited for: it takes its time, and everything works without.
pub async fn run_until_idle(app: &App) -> Result<(), Fault> {
    loop {
        let mut done = crate::search::refresh::run_once(app).await?;
        done += crate::matching::compute::run_once(app).await?;
        done += tick(app).await?;
        done += crate::mail::deliver::run_once(app).await?;
        if done == 0 {
            return Ok(());
        }
    }
}

/// Everything that happens because time has passed.
async fn tick(app: &App) -> Result<usize, Fault> {
    let mut done = crate::listing::expire::run_once(app).await?;
    done += crate::listing::remind::run_once(app).await?;
    done += crate::introduction::clock::run_once(app).await?;
    done += crate::team::pause::run_once(app).await?;
    done += crate::introduction::queue::run_once(app).await?;
    done += crate::introduction::erase::run_once(app).await?;
    done += crate::member::forget::run_once(app).await?;
    Ok(done)
}

/// Which parts a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// Only its own index: `serve --no-worker`.
    Index,
    /// Everything.
    All,
}

/// The running threads; they end soon after `stop` is sent.
pub struct Worker {
    stop: watch::Sender<bool>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads.
    pub fn start(app: &App, parts: Parts) -> Result<Self, Fault> {
        let (stop, stopped) = watch::channel(false);
        let mut threads =
            vec![thread("index", app, &stopped, |app, stopped| async move { keep_index(&app, stopped).await })?];
        if parts == Parts::All {
            threads.push(thread("match", app, &stopped, |app, stopped| async move { suggest(&app, stopped).await })?);
            threads.push(thread("mean", app, &stopped, |app, stopped| async move { encode(&app, stopped).await })?);
            threads.push(thread("mail", app, &stopped, |app, stopped| async move {
                tokio::join!(deliver_mail(&app, stopped.clone()), watch_clocks(&app, stopped));
            })?);
            if app.config.backup_dir.is_some() {
                threads.push(thread(
                    "backup",
                    app,
                    &stopped,
                    |app, stopped| async move { back_up(&app, stopped).await },
                )?);
            }
        }
        Ok(Self { stop, threads })
    }

    /// Asks the threads to end, and waits until what they have in hand is done.
    pub fn stop(self) {
        self.stop.send(true).ok();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a worker thread had died");
            }
        }
    }
}

fn thread<F, W>(
    name: &str,
    app: &App,
    stopped: &watch::Receiver<bool>,
    work: W,
) -> Result<std::thread::JoinHandle<()>, Fault>
where
    F: Future<Output = ()>,
    W: FnOnce(App, watch::Receiver<bool>) -> F + Send + 'static,
{
    let (mut app, mut stopped) = (app.clone(), stopped.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let run = move || {
        runtime.block_on(async move {
            // Connections belong to the thread that opened them: one that computes for a while must
            // not keep a page waiting for its answer.
            while !*stopped.borrow() {
                match app.db.beside(&app.config.database_url).await {
                    Ok(db) => {
                        app.db = db;
                        return work(app, stopped).await;
                    }
                    Err(fault) => {
                        tracing::error!(%fault, "the worker cannot open the database; trying again");
                        tokio::select! {
                            () = sleep(AFTER_A_FAULT) => {}
                            _ = stopped.changed() => {}
                        }
                    }
                }
            }
        });
    };
    Ok(std::thread::Builder::new().name(name.to_owned()).spawn(run)?)
}

async fn keep_index(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut compared: Option<Instant> = None;
    while !*stopped.borrow() {
        let done = async {
            let refreshed = crate::search::refresh::run_once(app).await?;
            if refreshed == 0 && compared.is_none_or(|at| at.elapsed() > BETWEEN_COMPARISONS) {
                match crate::search::refresh::reconcile(app).await {
                    Ok(_) => compared = Some(Instant::now()),
                    // The next turn begins it anew.
                    Err(fault) if fault.is_damage() => app.index.suspect(),
                    Err(fault) => return Err(fault),
                }
            }
            Ok(refreshed)
        };
        rest(app, &mut stopped, "keeping the index", done.await).await;
        // Every process that serves has this thread, so that each finds out when its disk has room again.
        if let Err(fault) = app.db.try_again().await {
            tracing::error!(%fault, "the database still takes no writes");
        }
    }
}

async fn suggest(app: &App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let done = crate::matching::compute::run_once(app).await;
        rest(app, &mut stopped, "computing suggestions", done).await;
    }
}

async fn encode(app: &App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let done = crate::matching::meaning::run_once(app).await;
        rest(app, &mut stopped, "finding what listings mean", done).await;
    }
}

async fn deliver_mail(app: &App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let mut told_to_stop = stopped.clone();
        let mut delivering = std::pin::pin!(crate::mail::deliver::run_once(app));
        let done = tokio::select! {
            done = &mut delivering => done,
            // What is under way is seen to its end, what is not begun is given back.
            _ = told_to_stop.changed() => {
                app.post.close();
                delivering.await
            }
        };
        rest(app, &mut stopped, "delivering mail", done).await;
    }
}

async fn watch_clocks(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut forgot: Option<Instant> = None;
    while !*stopped.borrow() {
        if let Err(fault) = tick(app).await {
            tracing::error!(%fault, "watching the clocks failed; trying again");
        }
        app.limits.forget();
        if let Err(fault) = keep_house(app, &mut forgot).await {
            tracing::error!(%fault, "keeping the database small failed; trying again");
        }
        tokio::select! {
            () = sleep(TICK) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn back_up(app: &App, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let mut told_to_stop = stopped.clone();
        tokio::select! {
            done = crate::backup::schedule::run_once(app) => {
                if let Err(fault) = done {
                    tracing::error!(%fault, "looking after backups failed; trying again");
                }
            }
            // One that is not whole is begun anew by whoever comes next.
            _ = told_to_stop.changed() => return,
        }
        tokio::select! {
            () = sleep(TICK) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Keeps the database's files small, and forgets bookkeeping that nobody asks for any more.
async fn keep_house(app: &App, forgot: &mut Option<Instant>) -> Result<(), Fault> {
    app.db.tidy().await?;
    if forgot.is_none_or(|at| at.elapsed() > BETWEEN_COMPARISONS) {
        app.db
            .write(async |tx| {
                changes::prune(tx, KEPT_FOR).await?;
                once::prune(tx, app.clock.now() - KEPT_FOR).await
            })
            .await?;
        *forgot = Some(Instant::now());
    }
    Ok(())
}

/// Goes on at once after work, naps after none, and waits a little after a fault.
async fn rest(app: &App, stopped: &mut watch::Receiver<bool>, doing: &'static str, done: Result<usize, Fault>) {
    let nap = match done {
        Ok(0) => NAP,
        Ok(_) => return,
        Err(fault) => {
            app.metrics.worker_failed(doing);
            tracing::error!(%fault, "{doing} failed; trying again");
            AFTER_A_FAULT
        }
    };
    tokio::select! {
        () = sleep(nap) => {}
        () = app.wake.notified() => {}
        _ = stopped.changed() => {}
    }
}
