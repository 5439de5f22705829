//! A PostgreSQL server for the tests.
//!
//! The one that `YLH_TEST_POSTGRES` names, or else a private one: a new cluster in a temporary folder on a free
//! port, with durability off because it is thrown away. It stops and its folder goes when `Server` is dropped;
//! if we are killed, the kernel stops it (setpriv's --pdeathsig), and only the folder stays.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::install::{Missing, install, is_root, program, said};
use crate::steps::Outcome;

/// Names the server to the tests: a URL of a database whose user may create others.
pub(crate) const VARIABLE: &str = "YLH_TEST_POSTGRES";

/// A server that the tests may use.
pub(crate) enum Server {
    /// Somebody else's; we leave it as it is.
    Given(String),
    /// Ours.
    Private(Cluster),
}

impl Server {
    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        match self {
            Server::Given(url) => url.clone(),
            Server::Private(cluster) => format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port),
        }
    }
}

/// A throw-away cluster that runs as our child.
pub(crate) struct Cluster {
    port: u16,
    postmaster: Child,
    _folder: TempDir,
}

/// The given server, or a private one; installs PostgreSQL where it may.
pub(crate) fn server() -> Result<Server, Missing> {
    if let Ok(url) = std::env::var(VARIABLE)
        && !url.is_empty()
    {
        return Ok(Server::Given(url));
    }
    let binaries = match binaries() {
        Some(binaries) => binaries,
        None => {
            install(&["postgresql"])?;
            binaries().ok_or_else(|| Missing("postgresql is installed, but its initdb was not found".to_owned()))?
        }
    };
    Cluster::start(&binaries).map(Server::Private)
}

/// Starts a server, says what it is, stops it.
pub(crate) fn try_out() -> Outcome {
    let version = || binaries().and_then(|binaries| said(binaries.join("postgres"), &["--version"]));
    match server() {
        Ok(Server::Given(_)) => Outcome::Passed(format!("the server of {VARIABLE}")),
        Ok(Server::Private(_)) => Outcome::Passed(version().unwrap_or_default()),
        Err(missing) => missing.into(),
    }
}

/// The folder of initdb and postgres: Debian keeps one per version, off PATH; take the newest.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version_of = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let mut debian: Vec<PathBuf> = versions.map(|entry| entry.path()).collect();
    debian.sort_by_key(|folder| version_of(folder));
    let named = said("pg_config", &["--bindir"]).map(PathBuf::from);
    let on_path = program(&["initdb"])
        .and_then(|initdb| initdb.canonicalize().ok())
        .and_then(|initdb| Some(initdb.parent()?.to_owned()));
    let folders = debian.into_iter().rev().map(|folder| folder.join("bin")).chain(named).chain(on_path);
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

impl Cluster {
    fn start(binaries: &Path) -> Result<Cluster, Missing> {
        let broke = |what: &str, error: std::io::Error| Missing(format!("PostgreSQL: {what}: {error}"));
        let folder =
            tempfile::Builder::new().prefix("ylh-postgres-").tempdir().map_err(|e| broke("no temporary folder", e))?;
        let owner = Owner::choose()?;
        if let Owner::Postgres { uid, gid } = owner {
            chown(folder.path(), Some(uid), Some(gid)).map_err(|e| broke("cannot hand over its folder", e))?;
        }
        let data = folder.path().join("data");

        let made = owner
            .command(&binaries.join("initdb"), folder.path())
            .args(["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data)
            .output()
            .map_err(|e| broke("initdb did not run", e))?;
        if !made.status.success() {
            return Err(Missing(format!("PostgreSQL: initdb: {}", String::from_utf8_lossy(&made.stderr).trim())));
        }

        let log = folder.path().join("log");
        let port = free_port().map_err(|e| broke("no free port", e))?;
        let log_file = File::create(&log).map_err(|e| broke("no log file", e))?;
        let settings = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=400",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ];
        let mut postmaster = owner.command(&binaries.join("postgres"), folder.path());
        postmaster
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args(settings.iter().flat_map(|setting| ["-c", *setting]));
        // In a group of its own, so that Ctrl-C ends the tests first and the server after them.
        postmaster.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log_file);
        let postmaster = postmaster.spawn().map_err(|e| broke("postgres did not run", e))?;

        let mut cluster = Cluster { port, postmaster, _folder: folder };
        if cluster.answers(&binaries.join("pg_isready")) {
            Ok(cluster)
        } else {
            Err(Missing(format!(
                "PostgreSQL did not start: {}",
                std::fs::read_to_string(log).unwrap_or_default().trim()
            )))
        }
    }

    fn answers(&mut self, pg_isready: &Path) -> bool {
        let patience = Instant::now() + Duration::from_secs(60);
        let port = self.port.to_string();
        while Instant::now() < patience && matches!(self.postmaster.try_wait(), Ok(None)) {
            if said(pg_isready, &["-h", "127.0.0.1", "-p", &port]).is_some() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGQUIT is PostgreSQL's immediate shutdown: nothing in there is worth a checkpoint.
        let asked = said("kill", &["-QUIT", &self.postmaster.id().to_string()]).is_some();
        let patience = Instant::now() + Duration::from_secs(10);
        while asked && Instant::now() < patience && matches!(self.postmaster.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        if matches!(self.postmaster.try_wait(), Ok(None))
            && let Err(error) = self.postmaster.kill().and_then(|()| self.postmaster.wait())
        {
            eprintln!("PostgreSQL (process {}) did not stop: {error}", self.postmaster.id());
        }
    }
}

/// Who runs the server: PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
enum Owner {
    Ourselves,
    Postgres { uid: u32, gid: u32 },
}

impl Owner {
    fn choose() -> Result<Owner, Missing> {
        if !is_root() {
            return Ok(Owner::Ourselves);
        }
        let number = |flag| said("id", &[flag, "postgres"]).and_then(|id| id.parse().ok());
        match (number("-u"), number("-g"), program(&["setpriv"])) {
            (Some(uid), Some(gid), Some(_)) => Ok(Owner::Postgres { uid, gid }),
            (_, _, None) => Err(Missing(
                "PostgreSQL does not run as root: install util-linux (setpriv), or run as another user".to_owned(),
            )),
            _ => Err(Missing(
                "PostgreSQL does not run as root: make a user named postgres, or run as another user".to_owned(),
            )),
        }
    }

    fn command(self, program_file: &Path, folder: &Path) -> Command {
        let mut command = match (self, program(&["setpriv"])) {
            (_, None) => Command::new(program_file),
            (owner, Some(setpriv)) => {
                let mut command = Command::new(setpriv);
                if let Owner::Postgres { uid, gid } = owner {
                    command.args(["--reuid", &uid.to_string(), "--regid", &gid.to_string(), "--clear-groups"]);
                }
                command.args(["--pdeathsig", "QUIT", "--"]).arg(program_file);
                command
            }
        };
        command.current_dir(folder);
        command
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
