//! Running: the web server, the worker, or both in one process, until told to stop.

use std::{io::Write, net::TcpListener, time::Duration};

use actix_web::{
    HttpServer,
    middleware::{Compress, from_fn},
    web::Data,
};

use crate::{
    app::App,
    clock::Clock,
    config::Config,
    fault::{Context, Fault},
    web::{guard, routes},
    worker::{Parts, Worker},
};

/// How long requests in hand may take after the word to stop.
const GRACE_SECONDS: u64 = 8;

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
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(30))
    .shutdown_timeout(GRACE_SECONDS)
    .listen(listener)
    .doing("taking over the port")?
    .run();
    ready(&app)?;
    let ended = server.await.doing("answering requests");
    stop(worker).await?;
    ended
}

/// Runs the worker alone until told to stop; its index lies beside the server's.
pub async fn work(app: App) -> Result<(), Fault> {
    let worker = Worker::start(&app, Parts::All)?;
    ready(&app)?;
    told_to_stop().await?;
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

async fn stop(worker: Worker) -> Result<(), Fault> {
    tokio::task::spawn_blocking(move || worker.stop()).await.doing("stopping the worker")
}

async fn told_to_stop() -> Result<(), Fault> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.doing("waiting for a signal"),
        _ = terminate.recv() => Ok(()),
    }
}

/// Says on standard output that the site answers.
fn ready(app: &App) -> Result<(), Fault> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "READY {}", app.config.link("").trim_end_matches('/'))?;
    out.flush().doing("saying READY")
}
