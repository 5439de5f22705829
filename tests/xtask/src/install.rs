//! Finds programs, and installs packages where that is ours to do: as root on Debian and its kin.

use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a step needs and this machine lacks, with what to do about it.
pub(crate) struct Missing(pub(crate) String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first of these programs that is on PATH or in /usr/bin.
pub(crate) fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).chain(["/usr/bin".into()]).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// Whether we may install packages and become other users.
pub(crate) fn is_root() -> bool {
    said("id", &["-u"]).is_some_and(|uid| uid == "0")
}

/// What a command prints, if it succeeds.
pub(crate) fn said(program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Installs Debian packages, or says what a person should install.
pub(crate) fn install(packages: &[&str]) -> Result<(), Missing> {
    let wanted = packages.join(" ");
    let by_hand = format!("install {wanted} (on Debian: sudo apt-get install --no-install-recommends {wanted})");
    let Some(apt) = program(&["apt-get"]).filter(|_| is_root()) else {
        return Err(Missing(by_hand));
    };
    println!("installing {wanted}");
    let apt = |args: &[&str]| {
        let run = Command::new(&apt)
            .args(["-qq", "-o", "Dpkg::Use-Pty=0"])
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null())
            .status();
        run.is_ok_and(|status| status.success())
    };
    // An old list may do, so only the installation decides.
    let updated = apt(&["update"]);
    if apt(&[&["install", "-y", "--no-install-recommends"], packages].concat()) {
        Ok(())
    } else {
        let hint = if updated { "" } else { "; apt-get update failed too" };
        Err(Missing(format!("apt-get could not install {wanted}{hint}: {by_hand}")))
    }
}
