//! The commands, each a line to its room.

use std::{
    io::IsTerminal as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use yonglianhui::{
    app::App, backup, check, clock::Clock, config::Config, db::Db, eval, fault::Fault, mail::Address, matching, member,
    search, seed, serve, table, worker::Parts,
};

/// 永链荟 Yonglianhui: joins the needs and supply of an industrial park.
///
/// Settings are environment variables that begin with YLH_ (see the README), or lines of the file
/// that YLH_CONFIG names.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Site and worker with a believable park of invented people, in a folder of its own.
    Demo {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Where the demo keeps everything; a second start goes on from there.
        #[arg(long, default_value = "var/demo")]
        dir: PathBuf,
    },
    /// The site, and the worker unless told otherwise.
    Serve {
        /// Leave clocks, suggestions and mail to `work` processes.
        #[arg(long)]
        no_worker: bool,
    },
    /// The worker alone: clocks, suggestions and mail.
    Work,
    /// Bring the database up to date.
    Migrate,
    /// Build the search index again from the database.
    Reindex,
    /// Compute every suggestion again.
    Rematch,
    /// Load lines or sheets.
    Import(table::ImportArgs),
    /// Write lines or sheets that can be imported.
    Export(table::ExportArgs),
    /// Write everything into one file, while the site serves.
    Backup {
        /// The file, which must not exist yet.
        file: PathBuf,
    },
    /// Load a backup into the database that the settings name.
    Restore {
        /// The file.
        file: PathBuf,
        /// Replace the data that is there.
        #[arg(long)]
        overwrite: bool,
        /// The site was stopped before the backup was made and goes on from it: letters that waited
        /// are sent, and who was signed in stays so. Without it such letters are held for staff,
        /// since they may have been sent after the backup, and everybody signs in again.
        #[arg(long)]
        moving: bool,
    },
    /// Run the matcher over a graded collection, without a database.
    Eval(eval::EvalArgs),
    /// Make an administrator, and print a link to sign in with.
    Admin {
        /// The e-mail address.
        address: String,
    },
    /// Try everything that the settings name, and say what is wrong.
    Check,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let log = tracing_subscriber::fmt().with_env_filter(Config::log_filter()).with_writer(std::io::stderr);
    if Config::log_is_json() {
        log.json().flatten_event(true).with_current_span(false).with_span_list(false).init();
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).init();
    }
    match actix_web::rt::System::new().block_on(run(arguments.command)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("yonglianhui: {error}");
            ExitCode::from(1)
        }
    }
}

/// A `false` from a command is exit status 1: the input was refused or the check failed.
async fn run(command: Command) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let well = match command {
        Command::Demo { listen, dir } => demo(listen, dir).await.map(|()| true)?,
        Command::Serve { no_worker } => {
            let mut config = Config::from_env()?;
            let listener = serve::listen(&mut config)?;
            let app = App::open(config, Clock::Machine).await?;
            serve::serve(app, listener, if no_worker { Parts::Index } else { Parts::All }).await.map(|()| true)?
        }
        Command::Work => {
            serve::work(serve::open_for_work(Config::from_env()?, Clock::Machine).await?).await.map(|()| true)?
        }
        Command::Migrate => {
            let ran = Db::open(&Config::from_env()?.database_url).await?.migrate().await?;
            println!("{ran} migrations ran; the database is up to date");
            true
        }
        Command::Reindex => {
            let app = App::open(Config::from_env()?, Clock::Machine).await?;
            search::refresh::reindex(&app, progress("indexed")).await?;
            true
        }
        Command::Rematch => {
            let app = beside().await?;
            search::refresh::reindex(&app, |_, _| {}).await?;
            matching::meaning::encode_all(&app, progress("listings encoded")).await?;
            while search::refresh::run_once(&app).await? > 0 {}
            matching::compute::rematch(&app, progress("needs matched")).await?;
            true
        }
        Command::Import(args) => table::import::command(&beside().await?, &args).await?,
        Command::Export(args) => table::export::command(&beside().await?, &args).await?,
        Command::Backup { file } => back_up(&file).await?,
        Command::Restore { file, overwrite, moving } => restore(&file, overwrite, moving).await?,
        Command::Eval(args) => return Ok(eval::command(&args)?),
        Command::Admin { address } => admin(&address).await?,
        Command::Check => {
            let (lines, well) = check::check(&Config::from_env()?).await;
            println!("{}", lines.join("\n"));
            well
        }
    };
    Ok(ExitCode::from(u8::from(!well)))
}

/// An app for a command that runs beside a serving process, whose index folder is that process's own.
async fn beside() -> Result<App, Fault> {
    App::beside(Config::from_env().map_err(Fault::other)?, Clock::Machine).await
}

async fn demo(listen: SocketAddr, dir: PathBuf) -> Result<(), Fault> {
    let mut config = Config::plain(dir).map_err(Fault::other)?;
    config.listen = listen;
    config.demo = true;
    config.smtp_url = None;
    let listener = serve::listen(&mut config)?;
    let app = App::open(config, Clock::Machine).await?;
    seed::plant(&app).await?;
    for (role, address) in seed::guests() {
        println!("SIGN-IN {role} {address}");
    }
    serve::serve(app, listener, Parts::All).await
}

async fn back_up(file: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let db = Db::open(&Config::from_env()?.database_url).await?;
    let about = backup::write::write(&db, file, Clock::Machine.now()).await?;
    println!("{} rows of {} tables are in {}, compared and on disk", about.rows(), about.tables(), file.display());
    Ok(true)
}

async fn restore(file: &Path, overwrite: bool, moving: bool) -> Result<bool, Box<dyn std::error::Error>> {
    use backup::restore::{Since, Target};
    let target = if overwrite { Target::Overwritten } else { Target::Empty };
    let since = if moving { Since::Nothing } else { Since::Unknown };
    let done = backup::restore::restore(&Config::from_env()?, file, target, since).await?;
    let (about, held) = (&done.about, done.held);
    println!(
        "{} rows of {} tables were restored from the backup of {} ({}) and compared",
        about.rows(),
        about.tables(),
        about.made_at.format("%Y-%m-%d %H:%M:%S UTC"),
        about.engine,
    );
    if moving {
        println!("letters that waited are sent when the site starts");
    } else {
        println!("{held} letters waited then and may have been sent since: see to them at /desk/mails");
        println!("everybody signs in again");
    }
    Ok(true)
}

async fn admin(address: &str) -> Result<bool, Fault> {
    let Some(email) = Address::parse(address) else {
        eprintln!("{address} is not an e-mail address; write it as name@domain.example");
        return Ok(false);
    };
    let app = beside().await?;
    member::appoint::appoint(&app, &email, "", member::Role::Administrator).await?;
    println!("{}", member::sign_in::link_for(&app, &email).await?);
    Ok(true)
}

/// Says on the terminal how far long work has come, in one line that is written over.
fn progress(what: &'static str) -> impl FnMut(usize, usize) {
    move |done, of| {
        eprint!("\r{done} of {of} {what}");
        if done >= of {
            eprintln!();
        }
    }
}
