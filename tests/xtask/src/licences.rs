//! Every package that we build with has a licence that we accept, comes from the public registry, and is not banned.
//!
//! Accepted are the permissive licences that ask for no more than their text (and MPL, whose reach ends at its own
//! files). A package with another licence needs an entry in `EXCEPTIONS` that says why it may stay; an entry that no
//! package needs any more is a failure, so that the list stays short and true.

use spdx::{Expression, ParseMode};

use crate::cargo::{Package, metadata};
use crate::steps::Outcome;

const ACCEPTED: [&str; 10] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unlicense",
    "Zlib",
];

/// Where packages come from: the public registry, under checksums of the lock file. No forks, no folders.
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What must not come in, not even through another package, and why.
const BANNED: [(&str, &str); 4] = [
    ("openssl-sys", "TLS is rustls: one implementation, in the binary, that needs nothing of the machine"),
    ("native-tls", "TLS is rustls"),
    ("actix-files", "files are built into the binary; nothing serves a folder"),
    ("serde_yaml", "settings are TOML, and this one is not kept up"),
];

/// A licence beside the accepted ones.
struct Exception {
    licence: &'static str,
    /// The only package that may carry it; empty for any.
    package: &'static str,
    why: &'static str,
}

const EXCEPTIONS: [Exception; 3] = [
    Exception {
        licence: "Unicode-3.0",
        package: "",
        why: "the Unicode Consortium's own code and tables, under every URL and derive macro; asks for its text only",
    },
    Exception {
        licence: "CDLA-Permissive-2.0",
        package: "webpki-roots",
        why: "Mozilla's list of certificate authorities, which is data; asks for its text only",
    },
    Exception {
        licence: "CC0-1.0",
        package: "tiny-keccak",
        why: "in the lock file through an option of ahash that we never turn on; given to the public domain",
    },
];

impl Exception {
    fn covers(&self, package: &str) -> bool {
        self.package.is_empty() || self.package == package
    }

    fn carriers(&self) -> &str {
        if self.package.is_empty() { "any package" } else { self.package }
    }
}

/// The step: lists every package whose licence is neither accepted nor excepted.
pub(crate) fn check() -> Outcome {
    let packages = match metadata() {
        Ok(metadata) => metadata.packages,
        Err(why) => return Outcome::Failed(why),
    };
    let mut problems = 0;
    let mut used = [false; EXCEPTIONS.len()];
    for package in &packages {
        if let Err(why) = origin(package) {
            problems += 1;
            println!("{} {}: {why}", package.name, package.version);
        }
        match verdict(package) {
            Ok(exceptions) => exceptions.into_iter().for_each(|exception| used[exception] = true),
            Err(why) => {
                problems += 1;
                println!("{} {}: {why}", package.name, package.version);
            }
        }
    }
    for (exception, used) in EXCEPTIONS.iter().zip(used) {
        println!("excepted: {} ({}): {}", exception.licence, exception.carriers(), exception.why);
        if !used {
            problems += 1;
            println!("no package needs this exception any more: remove it from licences.rs");
        }
    }
    if problems == 0 {
        Outcome::Passed(format!("{} packages", packages.len()))
    } else {
        Outcome::Failed(format!("{problems} problems in {} packages", packages.len()))
    }
}

/// Whether a package comes from where it should and is not banned.
fn origin(package: &Package) -> Result<(), String> {
    if let Some((_, why)) = BANNED.iter().find(|(name, _)| *name == package.name) {
        return Err(format!("is banned: {why}"));
    }
    match &package.source {
        Some(source) if source != SOURCE => Err(format!("comes from {source}: take it from the public registry")),
        _ => Ok(()),
    }
}

/// Which exceptions a package needs, or why it may not stay.
fn verdict(package: &Package) -> Result<Vec<usize>, String> {
    let stated = package.license.as_deref().ok_or("states no licence: replace the package")?;
    let expression =
        Expression::parse_mode(stated, ParseMode::LAX).map_err(|error| format!("{stated}: {}", error.reason))?;
    let accepted = |licence: &spdx::LicenseReq| {
        licence.addition.is_none() && licence.license.id().is_some_and(|id| ACCEPTED.contains(&id.name))
    };
    if expression.evaluate(accepted) {
        return Ok(Vec::new());
    }
    let excepted = |licence: &spdx::LicenseReq| {
        let id = licence.license.id().filter(|_| licence.addition.is_none())?;
        EXCEPTIONS.iter().position(|exception| exception.licence == id.name && exception.covers(&package.name))
    };
    if expression.evaluate(|licence| accepted(licence) || excepted(licence).is_some()) {
        Ok(expression.requirements().filter_map(|stated| excepted(&stated.req)).collect())
    } else {
        Err(format!(
            "{stated} is not a licence that we accept: replace the package, or except it in licences.rs and say why"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, license: Option<&str>) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: Some(SOURCE.to_owned()),
            targets: Vec::new(),
        }
    }

    #[test]
    fn one_accepted_choice_is_enough() {
        assert_eq!(verdict(&package("a", Some("GPL-3.0-only OR MIT"))), Ok(vec![]));
        assert_eq!(verdict(&package("a", Some("MIT/Apache-2.0"))), Ok(vec![]));
        assert_eq!(verdict(&package("a", Some("(MIT OR Apache-2.0) AND Unicode-3.0"))), Ok(vec![0]));
    }

    #[test]
    fn forks_and_banned_packages_are_refused() {
        assert_eq!(origin(&package("a", Some("MIT"))), Ok(()));
        assert_eq!(origin(&Package { source: None, ..package("yonglianhui", Some("MIT")) }), Ok(()));
        let fork = Some("git+https://git.example/a".to_owned());
        assert!(origin(&Package { source: fork, ..package("a", Some("MIT")) }).is_err());
        assert!(origin(&package("openssl-sys", Some("MIT"))).is_err());
    }

    #[test]
    fn every_other_licence_is_refused() {
        for licence in
            ["GPL-3.0-or-later", "MIT AND AGPL-3.0-only", "CC0-1.0", "MIT WITH Classpath-exception-2.0", "ours"]
        {
            assert!(verdict(&package("a", Some(licence))).is_err(), "{licence}");
        }
        assert!(verdict(&package("a", None)).is_err());
    }
}
