//! html-validate and axe-core, which judge the pages: from npm, as `tests/pages/package-lock.json` names them.

use std::path::PathBuf;
use std::process::Command;

use crate::cargo::root;
use crate::install::{Missing, install, program, said};
use crate::steps::Outcome;

/// Names the folder of the installed packages to the tests.
pub(crate) const TOOLS: &str = "YLH_TEST_PAGES";

/// The folder of the packages; installs what lacks where it may.
pub(crate) fn find_or_install() -> Result<PathBuf, Missing> {
    let folder = root().join("tests/pages");
    let modules = folder.join("node_modules");
    if program(&["npm"]).is_none() {
        install(&["nodejs", "npm"])?;
    }
    let npm = program(&["npm"]).ok_or_else(|| Missing("npm is installed, but was not found on PATH".to_owned()))?;
    // npm notes what it has installed; the same list needs no second installation.
    let wanted = std::fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    let note = modules.join(".lock-of-these");
    if std::fs::read_to_string(&note).is_ok_and(|had| had == wanted) {
        return Ok(modules);
    }
    println!("installing html-validate and axe-core");
    let run = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder)
        .status();
    if !run.is_ok_and(|status| status.success()) || std::fs::write(&note, wanted).is_err() {
        return Err(Missing("npm ci in tests/pages did not succeed; it needs a package registry".to_owned()));
    }
    Ok(modules)
}

/// Finds the tools and says their versions.
pub(crate) fn try_out() -> Outcome {
    match find_or_install() {
        Ok(modules) => {
            let node = said("node", &["--version"]).map(|version| format!("node {version}"));
            let validate = said(modules.join(".bin/html-validate"), &["--version"]);
            Outcome::Passed([node, validate].into_iter().flatten().collect::<Vec<_>>().join("; "))
        }
        Err(missing) => missing.into(),
    }
}
