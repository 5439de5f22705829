//! What the machine has for making trouble: strace, small file systems, signals, limits. A test that
//! lacks its tool says so, and what it does instead.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Whether strace may look at our own children; some machines forbid it (ptrace).
pub(crate) fn may_trace() -> bool {
    let tried = Command::new("strace").args(["-qq", "-e", "trace=none", "true"]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// strace, ready to run `program`, which stays our own child (strace steps behind it, `-D`); what is
/// injected is counted for each thread of it.
pub(crate) fn traced(inject: &str, calls: &str, program: &Command) -> Command {
    let mut command = Command::new("strace");
    command.args(["-D", "-f", "-qqq", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e", "signal=none"]);
    command.args(["-e", &format!("inject={inject}")]);
    like(command, program)
}

/// `program`, run by `wrapper`.
pub(crate) fn like(mut wrapper: Command, program: &Command) -> Command {
    wrapper.arg(program.get_program()).args(program.get_args()).env_clear();
    wrapper.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    wrapper.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    wrapper
}

/// `prlimit` with these limits, around `program`.
pub(crate) fn limited(limits: &[&str], program: &Command) -> Command {
    let mut command = Command::new("prlimit");
    command.args(limits);
    like(command, program)
}

/// Sends a signal by its name.
pub(crate) fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().unwrap().success());
}

/// Waits for the end of a process; `None` when it is still there after `longest`.
pub(crate) fn ended(process: &mut Child, longest: Duration) -> Option<std::process::ExitStatus> {
    let until = Instant::now() + longest;
    loop {
        if let Some(status) = process.try_wait().unwrap() {
            return Some(status);
        }
        if Instant::now() > until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Seconds of processor time that a process has used.
pub(crate) fn processor_seconds(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = after[11].parse::<f64>().unwrap() + after[12].parse::<f64>().unwrap();
    ticks / 100.0
}

/// A line of a process's status that ends in a number, such as `Threads` or `VmHWM`.
pub(crate) fn status_of(process: u32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let found = status.lines().find_map(|each| each.strip_prefix(line)?.strip_prefix(':')).unwrap();
    found.split_whitespace().next().unwrap().parse().unwrap()
}

/// A file system of a few megabytes that can be filled, or `None` where we may not mount one.
pub(crate) struct SmallDisk {
    folder: TempDir,
    mounted: PathBuf,
}

impl SmallDisk {
    /// An ext4 in a file, or else in memory.
    pub(crate) fn mount(megabytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (image, mounted) = (folder.path().join("image"), folder.path().join("disk"));
        fs::create_dir(&mounted).unwrap();
        fs::File::create(&image).unwrap().set_len(megabytes * 1024 * 1024).unwrap();
        let did = |program: &str, args: &[&std::ffi::OsStr]| {
            let run = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
            run.is_ok_and(|status| status.success())
        };
        let size = format!("size={megabytes}m");
        let looped = did("mkfs.ext4", &["-q".as_ref(), "-m".as_ref(), "0".as_ref(), image.as_os_str()])
            && did("mount", &["-o".as_ref(), "loop".as_ref(), image.as_os_str(), mounted.as_os_str()]);
        let in_memory = ["-t", "tmpfs", "-o", &size, "none"].map(std::ffi::OsStr::new);
        if !looped && !did("mount", &[&in_memory[..], &[mounted.as_os_str()]].concat()) {
            println!("no file system may be mounted here");
            return None;
        }
        Some(Self { folder, mounted })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.mounted
    }

    /// Fills it to the last block.
    pub(crate) fn fill(&self) {
        use std::io::Write as _;
        let mut file = fs::OpenOptions::new().create(true).append(true).open(self.filler()).unwrap();
        for block in [1024 * 1024, 4096, 512, 1] {
            while file.write(&vec![7; block]).is_ok() && file.sync_data().is_ok() {}
        }
    }

    /// Gives the room back.
    pub(crate) fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.mounted.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open keeps it until he lets go.
        Command::new("umount").arg("-l").arg(&self.mounted).status().ok();
        let _ = &self.folder;
    }
}
