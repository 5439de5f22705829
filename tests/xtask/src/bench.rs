//! `cargo xtask bench`: how fast the search is, with other engines on the same listings beside it.
//!
//! The listings are invented, from the words of the dictionary that the segmenter ships with. What a peer needs and this machine
//! lacks is said, and the peer is left out; what is ours always runs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::cargo::{Cargo, root};
use crate::install::program;
use crate::postgres;
use crate::steps::Outcome;

/// Names the dictionary to the benchmarks.
const WORDS: &str = "YLH_BENCH_WORDS";

/// Measures at each size, then asks the peers at the largest.
pub(crate) fn run(sizes: &[usize], peers: bool, pages: bool) -> bool {
    let Some(words) = dictionary() else {
        eprintln!("bench: cargo metadata does not say where the segmenter's dictionary is");
        return false;
    };
    let named: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    let bench = |name: &str, arguments: &[String]| {
        Cargo::new(["bench", "--workspace", "--bench", name, "--"]).args(arguments).env(WORDS, &words).run()
    };
    let mut well = passed(&bench("engine", &named));
    if pages {
        well &= passed(&bench("pages", &named));
    }
    if let (true, Some(largest)) = (peers, sizes.iter().max()) {
        let folder = match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(error) => {
                eprintln!("bench: no temporary folder: {error}");
                return false;
            }
        };
        let write = ["--write".to_owned(), folder.path().display().to_string(), largest.to_string()];
        well &= passed(&bench("engine", &write));
        println!("{largest} listings, peers");
        well &= ask_peers(&folder.path().to_path_buf());
    }
    well
}

fn passed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Passed(_))
}

fn ask_peers(folder: &PathBuf) -> bool {
    let Some(python) = program(&["python3"]) else {
        println!("  not run: install python3");
        return true;
    };
    let mut command = Command::new(python);
    command.arg(root().join("tests/bench/peers.py")).arg(folder);
    // The server lives as long as the command runs.
    let server = postgres::server();
    match &server {
        Ok(server) => {
            command.env("PEERS_POSTGRES", server.url());
        }
        Err(missing) => println!("  postgres: {missing}"),
    }
    command.status().is_ok_and(|status| status.success())
}

/// The dictionary that the segmenter ships with, where cargo keeps its sources.
fn dictionary() -> Option<OsString> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(root())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
    let package = all["packages"].as_array()?.iter().find(|package| package["name"] == "jieba-rs")?;
    let file = PathBuf::from(package["manifest_path"].as_str()?).parent()?.join("src/data/dict.txt");
    file.is_file().then(|| file.into_os_string())
}
