//! How much one network address may ask for.
//!
//! Addresses are counted in memory and never written down. The address is the peer's; only when
//! the peer is a proxy of ours (`YLH_PROXIES`) is its `X-Forwarded-For` believed, from the right.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
};

use actix_web::HttpRequest;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};

use crate::{config::Config, web::WebError};

/// Sign-in letters that one network address may ask for in an hour: a firm behind one address is many people.
const SIGN_INS_PER_HOUR: u32 = 60;

/// Enquiries and kept tours of one network address in an hour: everybody in the hall shares one.
const ENQUIRIES_PER_HOUR: u32 = 120;

/// The counters of one process.
#[derive(Clone)]
pub struct Limits {
    reads: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
    sign_ins: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
    enquiries: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
}

impl Limits {
    /// The limits that the settings name; the demo has none.
    pub fn new(config: &Config) -> Self {
        let keyed =
            |quota: Option<Quota>| quota.filter(|_| !config.demo).map(|quota| Arc::new(RateLimiter::keyed(quota)));
        let reads = NonZeroU32::new(config.reads_per_minute).map(Quota::per_minute);
        let sign_ins = NonZeroU32::new(SIGN_INS_PER_HOUR).map(Quota::per_hour);
        let enquiries = NonZeroU32::new(ENQUIRIES_PER_HOUR).map(Quota::per_hour);
        Self { reads: keyed(reads), sign_ins: keyed(sign_ins), enquiries: keyed(enquiries) }
    }

    /// Counts one page.
    pub fn read(&self, from: IpAddr) -> Result<(), WebError> {
        count(self.reads.as_deref(), from)
    }

    /// Counts one request for a sign-in letter.
    pub fn sign_in(&self, from: IpAddr) -> Result<(), WebError> {
        count(self.sign_ins.as_deref(), from)
    }

    /// Counts one enquiry of a visitor without an account.
    pub fn enquiry(&self, from: IpAddr) -> Result<(), WebError> {
        count(self.enquiries.as_deref(), from)
    }

    /// Forgets addresses that have not asked for long.
    pub fn forget(&self) {
        for limiter in [&self.reads, &self.sign_ins, &self.enquiries].into_iter().flatten() {
            limiter.retain_recent();
        }
    }
}

fn count(limiter: Option<&DefaultKeyedRateLimiter<IpAddr>>, from: IpAddr) -> Result<(), WebError> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(&neighbourhood(from)).map_err(|early| {
        let wait = early.wait_time_from(DefaultClock::default().now());
        WebError::TooMany(wait.as_secs().max(1))
    })
}

/// An IPv6 customer has a whole /64 to choose from; it counts as one.
fn neighbourhood(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Whether a request comes by one of our own proxies.
pub fn is_proxy(request: &HttpRequest, proxies: &[IpAddr]) -> bool {
    proxies.contains(&peer_of(request))
}

fn peer_of(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
}

/// The network address that a request comes from.
pub fn address_of(request: &HttpRequest, proxies: &[IpAddr]) -> IpAddr {
    let peer = peer_of(request);
    if !proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        forwarded.flat_map(|value| value.split(',')).filter_map(|each| each.trim().parse().ok()).collect();
    chain.into_iter().rev().find(|each| !proxies.contains(each)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn from(peer: &str, forwarded: &str, proxies: &[IpAddr]) -> String {
        let peer = format!("{peer}:1000").parse().unwrap();
        let request =
            TestRequest::default().peer_addr(peer).insert_header(("x-forwarded-for", forwarded)).to_http_request();
        address_of(&request, proxies).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        assert_eq!(from("9.9.9.9", "1.2.3.4", &[]), "9.9.9.9");
        assert_eq!(from("9.9.9.9", "1.2.3.4", &[proxy]), "9.9.9.9");
        assert_eq!(from("10.0.0.1", "6.6.6.6, 1.2.3.4", &[proxy]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", "rubbish", &[proxy]), "10.0.0.1");
    }
}
