//! Clocks that are wrong, and clocks that are set while a process runs.
//!
//! libfaketime (Debian's package `faketime`) is loaded into the process and reads from a file by how
//! much the clock is off; the steady clock is left alone, as when a machine's time is set.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// By how much one process's clock is off.
pub(crate) struct WrongClock {
    library: PathBuf,
    file: PathBuf,
}

impl WrongClock {
    /// A clock that is right so far; none, with a word on it, where libfaketime is not installed.
    pub(crate) fn new(folder: &Path, name: &str) -> Option<Self> {
        let Some(library) = library() else {
            println!("libfaketime is not installed (Debian: apt-get install faketime): no clock is set");
            return None;
        };
        let clock = Self { library, file: folder.join(format!("{name}.clock")) };
        clock.set(0);
        Some(clock)
    }

    /// From now on the clock is off by so many seconds.
    pub(crate) fn set(&self, seconds: i64) {
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, format!("{seconds:+}\n")).unwrap();
        // A process that reads it meanwhile finds the one or the other.
        std::fs::rename(fresh, &self.file).unwrap();
    }

    /// Makes a process live by this clock.
    pub(crate) fn put_into(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1");
    }
}

fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let folders = folders.map(|folder| folder.path()).chain(["/usr/lib".into(), "/usr/local/lib".into()]);
    folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|file| file.is_file())
}
