//! Random tokens, their hashes, and sealing with the site's secret.
//!
//! A token leaves in one letter or one cookie and is kept only as a hash. What must be kept and
//! not be read (a letter with a link that has not left yet) is sealed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    ChaCha20Poly1305, Nonce,
    aead::{Aead, KeyInit},
};
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::fault::Fault;

/// The site's secret, from the settings.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A fresh token of 192 random bits, as 32 characters that fit a URL.
pub fn token() -> String {
    let bytes: [u8; 24] = rand::rng().random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Six random digits.
pub fn digits() -> String {
    format!("{:06}", rand::rng().random_range(0..1_000_000_u32))
}

/// What is kept of a token: SHA-256, enough for a value that is random itself.
pub fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

impl Secret {
    /// From the settings.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A keyed fingerprint of `text` for one `purpose`; without the secret nobody can make it.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let mut mac = self.mac();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Seals `text` so that only this site's secret opens it.
    pub fn seal(&self, text: &str) -> Result<String, Fault> {
        let nonce: [u8; 12] = rand::rng().random();
        let sealed = self
            .cipher()?
            .encrypt(Nonce::from_slice(&nonce), text.as_bytes())
            .map_err(|error| Fault::other(format!("sealing: {error}")))?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what [`Secret::seal`] made.
    pub fn open(&self, sealed: &str) -> Result<String, Fault> {
        let broken = || Fault::other("a sealed letter does not open; was YLH_SECRET changed?");
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|error| Fault::other(format!("unsealing: {error}")))?;
        let (nonce, body) = bytes.split_at_checked(12).ok_or_else(broken)?;
        let text = self
            .cipher()?
            .decrypt(Nonce::from_slice(nonce), body)
            .map_err(|error| Fault::other(format!("unsealing: {error}; was YLH_SECRET changed?")))?;
        String::from_utf8(text).map_err(|error| Fault::other(format!("unsealing: {error}")))
    }

    fn cipher(&self) -> Result<ChaCha20Poly1305, Fault> {
        let key = Sha256::digest(format!("seal\0{}", self.0));
        ChaCha20Poly1305::new_from_slice(&key).map_err(|error| Fault::other(format!("sealing key: {error}")))
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn mac(&self) -> Hmac<Sha256> {
        <Hmac<Sha256> as Mac>::new_from_slice(self.0.as_bytes()).expect("HMAC takes a key of any length")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_only() {
        let secret = Secret::new("one");
        let sealed = secret.seal("对接链接").unwrap();
        assert_eq!(secret.open(&sealed).unwrap(), "对接链接");
        assert!(Secret::new("two").open(&sealed).is_err());
        assert!(secret.open("x").is_err());
    }

    #[test]
    fn tokens_differ_and_fit_a_url() {
        let (one, other) = (token(), token());
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    }

    #[test]
    fn a_fingerprint_belongs_to_its_purpose() {
        let secret = Secret::new("one");
        assert_ne!(secret.sign("csrf", "a"), secret.sign("flash", "a"));
        assert_eq!(secret.sign("csrf", "a"), secret.sign("csrf", "a"));
    }
}
