//! The project's tasks, run as `cargo xtask`.
//!
//! `test` is the one list of steps that a contributor and CI both run; every step has a name, is timed, and
//! runs alone. `endure` runs them in their long form. `setup` only finds or installs what the tests need.
//! What a step needs from outside (a PostgreSQL server, a browser) is set up in a file of its own and taken
//! down again when the step ends, however it ends.

mod bench;
mod browser;
mod cargo;
mod endure;
mod install;
mod judges;
mod licences;
mod postgres;
mod report;
mod steps;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;

/// The tasks of this project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Task {
    /// Run the tests: every step of the list, or only the steps named.
    Test {
        /// Steps to run, in the order of the list; all when none is named.
        #[arg(value_name = "STEP", value_parser = steps::names())]
        steps: Vec<String>,
        /// Print the steps and what each does, and run nothing.
        #[arg(long)]
        list: bool,
        /// Count a step that lacks its server or browser as skipped instead of failed.
        #[arg(long)]
        allow_missing: bool,
    },
    /// Run the tests in their long form (YLH_TEST_ENDURE=1, ignored tests included) on both engines, and print what
    /// each endured: test, rounds, what must hold, what was seen.
    Endure,
    /// Measure the search on invented listings, with other engines beside it.
    Bench {
        /// How many listings; the peers are measured at the largest.
        #[arg(value_name = "LISTINGS", default_values_t = [1_000, 100_000])]
        sizes: Vec<usize>,
        /// Leave the other engines out.
        #[arg(long)]
        alone: bool,
        /// Leave the pages over HTTP out.
        #[arg(long)]
        no_pages: bool,
    },
    /// Find or install PostgreSQL and the browser, try them, and print their versions.
    Setup,
}

/// Set by Ctrl-C. Children get the signal too and end; we stay to stop the database and print the table.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether somebody pressed Ctrl-C.
fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

fn main() -> ExitCode {
    let task = Task::parse();
    if let Err(error) = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)) {
        eprintln!("xtask: Ctrl-C will not clean up: {error}");
    }
    let all_well = match task {
        Task::Test { list: true, .. } => {
            report::list(&steps::TEST);
            true
        }
        Task::Test { steps, allow_missing, .. } => {
            let chosen =
                steps::TEST.into_iter().filter(|step| steps.is_empty() || steps.iter().any(|name| name == step.name));
            report::run(chosen.collect(), allow_missing)
        }
        Task::Bench { sizes, alone, no_pages } => bench::run(&sizes, !alone, !no_pages),
        Task::Endure => endure::run(),
        Task::Setup => report::run(steps::SETUP.into(), false),
    };
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
