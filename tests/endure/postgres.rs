//! A PostgreSQL server of a test's own, to be stopped, frozen and started again. Unlike the one that
//! the suite shares it syncs what it commits, or a crash of it would prove nothing.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{server::wait_until, tools};

/// The server, running or not.
pub(crate) struct Postgres {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    postmaster: Option<Child>,
}

impl Postgres {
    /// A new server; `None` where the suite runs without PostgreSQL.
    pub(crate) fn start() -> Option<Self> {
        if std::env::var_os("YLH_TEST_POSTGRES").is_none() {
            println!("no PostgreSQL in this run (YLH_TEST_POSTGRES); nothing was shown");
            return None;
        }
        let binaries = binaries().expect("PostgreSQL's initdb, as cargo xtask finds it");
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = owner() {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut server = Self { folder, binaries, port, postmaster: None };
        let made = server
            .command("initdb")
            .args(["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
            .arg(server.data())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.go_on();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it again after a stop.
    pub(crate) fn go_on(&mut self) {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"] {
            command.args(["-c", setting]);
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.postmaster = Some(command.spawn().unwrap());
        wait_until(Duration::from_secs(60), "PostgreSQL does not answer", || {
            let port = self.port.to_string();
            let mut ask = Command::new(self.binaries.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port]).status().unwrap().success()
        });
    }

    /// `pg_ctl stop -m immediate`: no checkpoint, no goodbye to anybody.
    pub(crate) fn stop_at_once(&mut self) {
        if let Some(mut postmaster) = self.postmaster.take() {
            tools::signal(postmaster.id(), "QUIT");
            postmaster.wait().unwrap();
        }
    }

    /// Freezes all of its processes, or lets them go on; sockets stay open and silent.
    pub(crate) fn signal_all(&self, name: &str) {
        let postmaster = self.postmaster.as_ref().unwrap().id();
        let children = fs::read_dir("/proc").unwrap().filter_map(|entry| {
            let process: u32 = entry.unwrap().file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            let parent: u32 = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
            (parent == postmaster).then_some(process)
        });
        // The postmaster first, so that it makes no more of them meanwhile.
        for process in std::iter::once(postmaster).chain(children.collect::<Vec<_>>()) {
            Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status().ok();
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Some((user, group)) = owner() {
            command.args(["--reuid", &user.to_string(), "--regid", &group.to_string(), "--clear-groups"]);
        }
        command.args(["--pdeathsig", "QUIT", "--"]).arg(self.binaries.join(program)).current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.postmaster.is_some() {
            self.signal_all("CONT");
            self.stop_at_once();
        }
    }
}

/// PostgreSQL refuses to run as root.
fn owner() -> Option<(u32, u32)> {
    let number = |args: &[&str]| -> Option<u32> {
        let said = Command::new("id").args(args).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    };
    if number(&["-u"])? == 0 { Some((number(&["-u", "postgres"])?, number(&["-g", "postgres"])?)) } else { None }
}

fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let holds = |folder: &Path| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    folders.into_iter().rev().chain(on_path).find(|folder| holds(folder))
}
