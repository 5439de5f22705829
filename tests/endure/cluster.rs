//! A PostgreSQL server of a test's own, which it may stop at once and start again.
//!
//! What was committed must survive that, so that the server waits for its log as in production; the
//! server that `YLH_TEST_POSTGRES` names is shared by all tests and tuned for speed.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::server::wait_until;

/// The server.
pub(crate) struct Cluster {
    binaries: PathBuf,
    folder: TempDir,
    port: u16,
    postmaster: Option<Child>,
}

impl Cluster {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let binaries = binaries().expect("PostgreSQL is installed where a PostgreSQL server runs");
        let folder = tempfile::Builder::new().prefix("ylh-cluster-").tempdir().unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres:postgres").arg(folder.path()).status().unwrap();
            assert!(owned.success(), "PostgreSQL does not run as root, and there is no user postgres");
        }
        let made = as_owner(&binaries.join("initdb"), folder.path())
            .args(["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut cluster = Self { binaries, folder, port, postmaster: None };
        cluster.start_again();
        cluster
    }

    /// For `YLH_DATABASE_URL`.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// `pg_ctl stop -m immediate`: nobody is asked, nothing is finished.
    pub(crate) fn stop_at_once(&mut self) {
        let Some(mut postmaster) = self.postmaster.take() else { return };
        let asked = Command::new("kill").args(["-QUIT", &postmaster.id().to_string()]).status().unwrap();
        assert!(asked.success());
        postmaster.wait().unwrap();
    }

    /// Starts it, for the first time or again, and waits until it answers.
    pub(crate) fn start_again(&mut self) {
        let postmaster = as_owner(&self.binaries.join("postgres"), self.folder.path())
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.postmaster = Some(postmaster);
        let (is_ready, port) = (self.binaries.join("pg_isready"), self.port.to_string());
        wait_until(Duration::from_secs(60), "PostgreSQL does not answer", || {
            let asked = Command::new(&is_ready).args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            asked.is_ok_and(|status| status.success())
        });
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}

/// A command that runs as somebody whom PostgreSQL accepts, and ends with the test.
fn as_owner(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).current_dir(folder);
    command
}

/// The folder of the newest PostgreSQL that Debian keeps, or of the one on PATH.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.into_iter().rev().chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").is_file())
}
