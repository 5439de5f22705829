//! Runs cargo with a clean environment, shows its output as it comes, and counts the tests in it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::steps::Outcome;

/// A cargo command in the making.
pub(crate) struct Cargo(Command);

impl Cargo {
    /// `cargo` with these arguments, in the root of the workspace.
    pub(crate) fn new<const N: usize>(args: [&str; N]) -> Self {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        command.args(args).current_dir(root());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            // `cargo run` describes xtask in these; build scripts that watch them would run again each time.
            let of_xtask =
                ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| name.starts_with(prefix));
            // A developer's own settings must not change what the tests see.
            if of_xtask || name.starts_with("YLH_") {
                command.env_remove(&*name);
            }
        }
        if let Some(folder) = dev_data() {
            command.env(DEV_DATA, folder);
        }
        Cargo(command)
    }

    /// One more argument.
    pub(crate) fn arg(mut self, arg: &str) -> Self {
        self.0.arg(arg);
        self
    }

    /// More arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.0.args(args);
        self
    }

    /// One variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs it; the note is the number of tests, where there are any.
    pub(crate) fn run(mut self) -> Outcome {
        let mut tally = Tally::default();
        let ended = self.0.stdout(Stdio::piped()).spawn().and_then(|mut child| {
            if let Some(stdout) = child.stdout.take() {
                for line in BufReader::new(stdout).split(b'\n') {
                    let line = line?;
                    tally.read(&String::from_utf8_lossy(&line));
                    let mut out = std::io::stdout().lock();
                    out.write_all(&line)?;
                    out.write_all(b"\n")?;
                    out.flush()?;
                }
            }
            child.wait()
        });
        match ended {
            Ok(status) if status.success() => Outcome::Passed(tally.to_string()),
            Ok(_) => Outcome::Failed(tally.to_string()),
            Err(error) => Outcome::Failed(format!("cargo did not run: {error}")),
        }
    }
}

/// Names the folder with the development data; tests that want it say that they skip where it is not set.
pub(crate) const DEV_DATA: &str = "YLH_DEV_DATA";

/// The folder with the development data, absolute, because cargo runs tests in their package's folder.
pub(crate) fn dev_data() -> Option<PathBuf> {
    let folder = std::env::var_os(DEV_DATA).filter(|folder| !folder.is_empty())?;
    std::path::absolute(folder).ok()
}

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// What we read of `cargo metadata`.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    /// Every package of the dependency graph, for all platforms.
    pub(crate) packages: Vec<Package>,
}

/// One package of the dependency graph.
#[derive(Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The SPDX expression of its licence, if it states one.
    pub(crate) license: Option<String>,
    /// Where it comes from; none for those of this repository.
    pub(crate) source: Option<String>,
    /// What it builds.
    pub(crate) targets: Vec<Target>,
}

/// One thing that a package builds.
#[derive(Deserialize)]
pub(crate) struct Target {
    name: String,
    kind: Vec<String>,
}

/// Asks cargo for the dependency graph.
pub(crate) fn metadata() -> Result<Metadata, String> {
    let mut command = Cargo::new(["metadata", "--format-version", "1", "--locked"]).0;
    let output = command.output().map_err(|error| format!("cargo metadata did not run: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata was not understood: {error}"))
}

/// `--test NAME` for every integration test of these packages.
pub(crate) fn tests_of(packages: &[&str]) -> Result<Vec<String>, String> {
    let metadata = metadata()?;
    let targets = metadata.packages.into_iter().filter(|p| packages.contains(&p.name.as_str())).flat_map(|p| p.targets);
    let tests = targets.filter(|target| target.kind.iter().any(|kind| kind == "test"));
    Ok(tests.flat_map(|test| ["--test".to_owned(), test.name]).collect())
}

/// How many tests passed, failed and were left out, over all binaries of one run.
#[derive(Default, PartialEq, Debug)]
struct Tally {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Tally {
    /// Adds a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`; ignores all others.
    fn read(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) else {
            return;
        };
        for count in counts.split("; ") {
            if let Some((number, word)) = count.split_once(' ')
                && let Ok(number) = number.parse::<u32>()
            {
                match word {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    "ignored" => self.ignored += number,
                    _ => {}
                }
            }
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counts = [(self.passed, "passed"), (self.failed, "failed"), (self.ignored, "ignored")];
        let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
        f.write_str(&parts.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_binaries_add_up() {
        let mut tally = Tally::default();
        tally.read("running 13 tests");
        tally.read("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s");
        tally.read("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.00s");
        assert_eq!(tally, Tally { passed: 14, failed: 1, ignored: 1 });
        assert_eq!(tally.to_string(), "14 passed, 1 failed, 1 ignored");
    }
}
