//! Running: the web server, the worker, or both in one process, until told to stop.

use std::{io::Write, net::TcpListener, time::Duration};

use actix_web::{
    HttpServer,
    middleware::{Compress, from_fn},
    web::Data,
};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    app::App,
    clock::Clock,
    config::{Config, open_files},
    fault::{Context, Fault},
    web::{guard, routes},
    worker::{Parts, Worker},
};

/// How long requests in hand may take after the word to stop.
const GRACE_SECONDS: u64 = 8;
/// Files that the process itself may want open at once: database, index, mail, and the threads' own.
const FILES_OF_OUR_OWN: usize = 200;

/// Takes the port that the settings name, so that the address is known before anything is built
/// on it (`127.0.0.1:0` takes a free one).
pub fn listen(config: &mut Config) -> Result<TcpListener, Fault> {
    let listener = TcpListener::bind(config.listen).map_err(|error| {
        Fault::other(format!("cannot listen on {}: {error}; is another process there? (YLH_LISTEN)", config.listen))
    })?;
    config.listen = listener.local_addr()?;
    Ok(listener)
}

/// Opens the app, answers requests and runs the given parts of the worker until told to stop.
pub async fn serve(app: App, listener: TcpListener, parts: Parts) -> Result<(), Fault> {
    let told = told_to_stop()?;
    let worker = Worker::start(&app, parts)?;
    let data = Data::new(app.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .wrap(from_fn(guard))
            .wrap(Compress::default())
            .configure(routes::configure)
    })
    .workers(app.config.web_threads)
    .max_connections(connections(open_files(), app.config.web_threads))
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(30))
    .shutdown_timeout(GRACE_SECONDS)
    .disable_signals()
    .listen(listener)
    .doing("taking over the port")?
    .run();
    let handle = server.handle();
    let mut running = actix_web::rt::spawn(server);
    ready(&app)?;
    tokio::select! {
        ended = &mut running => ended.doing("answering requests")?.doing("answering requests")?,
        () = told => {}
    }
    tracing::info!("told to stop: what is in hand is finished, nothing new is begun");
    let (_, ended) = tokio::join!(handle.stop(true), stop(worker));
    ended
}

/// Runs the worker alone until told to stop; its index lies beside the server's.
pub async fn work(app: App) -> Result<(), Fault> {
    let told = told_to_stop()?;
    let worker = Worker::start(&app, Parts::All)?;
    ready(&app)?;
    told.await;
    tracing::info!("told to stop: what is in hand is finished, nothing new is begun");
    stop(worker).await
}

/// Opens the app for `work`, whose index folder is never the server's.
pub async fn open_for_work(config: Config, clock: Clock) -> Result<App, Fault> {
    let db = crate::db::Db::open(&config.database_url).await?;
    db.migrate().await?;
    let folder = config.data_dir.join("index-work");
    let index = crate::search::refresh::open_index(&folder)?;
    App::with(config, clock, db, index)
}

/// Ends the worker, or leaves it after the grace: whatever it had in hand will be done again.
async fn stop(worker: Worker) -> Result<(), Fault> {
    let (done, ended) = tokio::sync::oneshot::channel();
    // A thread that nobody waits for: the process may end while it still stands.
    std::thread::Builder::new().name("stop".to_owned()).spawn(move || {
        worker.stop();
        done.send(()).ok();
    })?;
    if tokio::time::timeout(Duration::from_secs(GRACE_SECONDS + 1), ended).await.is_err() {
        tracing::warn!("the worker was left in the middle of something; it will be done again at the next start");
    }
    Ok(())
}

/// Ends when the process is told to stop. The signals are taken from the call on, not from the first look.
fn told_to_stop() -> Result<impl Future<Output = ()>, Fault> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// How many connections each thread takes: the rest wait at the door instead of leaving the database
/// and the index without files to open.
fn connections(files: usize, threads: usize) -> usize {
    let for_visitors = files.saturating_sub(Ord::min(FILES_OF_OUR_OWN, files / 8 * 7));
    (for_visitors / threads).clamp(1, 25_000)
}

/// Says on standard output that the site answers.
fn ready(app: &App) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "READY {}", app.config.link("").trim_end_matches('/'))?;
    out.flush().doing("saying READY")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_leave_files_for_the_database() {
        assert_eq!(connections(64, 2), 4);
        assert_eq!(connections(1024, 2), 412);
        assert_eq!(connections(1_048_576, 2), 25_000);
        assert_eq!(connections(0, 4), 1);
        assert!(open_files() > 0);
    }
}
