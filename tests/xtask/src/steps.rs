//! The list: what is checked, in which order, and what each step runs.
//!
//! Every cargo command names `--workspace`, so that all steps resolve the same features and share one build.

use clap::builder::PossibleValuesParser;

use crate::cargo::{Cargo, tests_of};
use crate::install::{Missing, install, program};
use crate::{browser, endure, judges, licences, postgres};

/// One line of the list.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// What it is called on the command line and in the table.
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) about: &'static str,
    /// Does it.
    pub(crate) run: fn() -> Outcome,
}

/// How a step ended.
pub(crate) enum Outcome {
    /// All is well; with a note for the table, such as how many tests ran.
    Passed(String),
    /// Something is wrong with the project; with a note for the table.
    Failed(String),
    /// The step could not run here, and why.
    NotRun(String),
}

impl From<Missing> for Outcome {
    fn from(missing: Missing) -> Self {
        Outcome::NotRun(missing.to_string())
    }
}

/// `cargo xtask test`: quick answers first.
pub(crate) const TEST: [Step; 9] = [
    Step { name: "format", about: "cargo fmt --check", run: format },
    Step {
        name: "licences",
        about: "every dependency has a licence that we accept, comes from the public registry and is not banned",
        run: licences::check,
    },
    Step { name: "clippy", about: "cargo clippy on all targets, warnings denied", run: clippy },
    Step { name: "doc", about: "cargo doc, warnings denied", run: doc },
    Step {
        name: "unit",
        about: "tests in the files, the house rules, the crates index and migrations, doc examples",
        run: unit,
    },
    Step { name: "sqlite", about: "the site suite on SQLite", run: sqlite },
    Step { name: "postgres", about: "the site suite and the migrations on PostgreSQL", run: postgres },
    Step { name: "browser", about: "the line of work in Chromium", run: browser },
    Step {
        name: "pages",
        about: "html-validate and axe-core on every page, both languages, light and dark",
        run: pages,
    },
];

/// `cargo xtask endure`.
pub(crate) const ENDURE: [Step; 2] = [
    Step { name: "endure-sqlite", about: "every test in its long form on SQLite", run: endure_sqlite },
    Step { name: "endure-postgres", about: "every test in its long form on PostgreSQL", run: endure_postgres },
];

/// `cargo xtask setup`.
pub(crate) const SETUP: [Step; 3] = [
    Step { name: "postgres", about: "start and stop a throw-away PostgreSQL server", run: postgres::try_out },
    Step { name: "browser", about: "find or install Chromium, ChromeDriver and a Chinese font", run: browser::try_out },
    Step { name: "pages", about: "find or install Node.js, html-validate and axe-core", run: judges::try_out },
];

/// The names a person may give to `cargo xtask test`.
pub(crate) fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(TEST.map(|step| step.name))
}

fn format() -> Outcome {
    Cargo::new(["fmt", "--all", "--check"]).run()
}

fn clippy() -> Outcome {
    Cargo::new(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()
}

fn doc() -> Outcome {
    Cargo::new(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()
}

fn unit() -> Outcome {
    let targets = ["--lib", "--bins", "--test", "architecture"];
    let in_crates = match tests_of(&["index", "sentences", "migrations"]) {
        Ok(in_crates) => in_crates,
        Err(why) => return Outcome::Failed(why),
    };
    let tests = Cargo::new(["test", "--workspace", "--no-fail-fast"]).args(targets).args(in_crates).run();
    let examples = Cargo::new(["test", "--workspace", "--doc"]).run();
    match (tests, examples) {
        (Outcome::Passed(tests), Outcome::Passed(_)) => Outcome::Passed(tests),
        (Outcome::Passed(_), examples) => examples,
        (tests, _) => tests,
    }
}

fn sqlite() -> Outcome {
    faults();
    site().run()
}

fn postgres() -> Outcome {
    faults();
    let server = match postgres::server() {
        Ok(server) => server,
        Err(missing) => return missing.into(),
    };
    match tests_of(&["migrations"]) {
        Ok(migrations) => site().arg("--lib").args(migrations).env(postgres::VARIABLE, server.url()).run(),
        Err(why) => Outcome::Failed(why),
    }
}

fn browser() -> Outcome {
    match browser::find_or_install() {
        Ok(browser) => Cargo::new(["test", "--workspace", "--test", "browser"])
            .env(browser::BROWSER, browser.chromium)
            .env(browser::DRIVER, browser.driver)
            .run(),
        Err(missing) => missing.into(),
    }
}

fn pages() -> Outcome {
    let (browser, tools) = match (browser::find_or_install(), judges::find_or_install()) {
        (Ok(browser), Ok(tools)) => (browser, tools),
        (Err(missing), _) | (_, Err(missing)) => return missing.into(),
    };
    Cargo::new(["test", "--workspace", "--test", "browser", "pages::"])
        .env(browser::BROWSER, browser.chromium)
        .env(browser::DRIVER, browser.driver)
        .env(judges::TOOLS, tools)
        .run()
}

fn endure_sqlite() -> Outcome {
    faults();
    long(site()).run()
}

fn endure_postgres() -> Outcome {
    faults();
    match postgres::server() {
        Ok(server) => long(site().env(postgres::VARIABLE, server.url())).run(),
        Err(missing) => missing.into(),
    }
}

/// strace makes the faults of disks and chooses the moment of a kill. Where it is missing and cannot be installed, the
/// tests that want it say what they do instead, or that they showed nothing.
fn faults() {
    if program(&["strace"]).is_none()
        && let Err(missing) = install(&["strace"])
    {
        println!("without strace some faults cannot be made: {missing}");
    }
}

/// The site suite, and what the whole process endures; on SQLite unless a server is named in the environment.
fn site() -> Cargo {
    clocks();
    Cargo::new(["test", "--workspace", "--no-fail-fast", "--test", "site", "--test", "endure"])
}

/// libfaketime sets the clocks of processes. Where it is missing and cannot be installed, the tests that
/// need it say so and leave that part out.
fn clocks() {
    if program(&["faketime"]).is_none()
        && let Err(missing) = install(&["faketime"])
    {
        println!("without libfaketime no clock can be set: {missing}");
    }
}

/// The long form: tests that read YLH_TEST_ENDURE do their full counts, and ignored tests run too.
fn long(suite: Cargo) -> Cargo {
    suite.env("YLH_TEST_ENDURE", "1").env(endure::REPORT, endure::file()).args(["--", "--include-ignored"])
}
