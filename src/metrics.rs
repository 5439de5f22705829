//! Numbers for whoever watches the service: what this process has counted since it began, and what
//! it reads when it is asked.
//!
//! Counters belong to one app and are kept in memory; another process has its own, and whoever
//! collects them adds them up. Numbers about rows are not counted along the way but read when
//! somebody asks ([`Sheet`]), so that they are right after a crash and the same on every node.
//! Labels are words of the program: route patterns, methods, states. **Invariant:** nothing that a
//! visitor typed is ever a label (`the_logs_and_the_metrics_hold_nothing_personal`).

use std::time::Duration;

use prometheus::{
    Encoder, Gauge, GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TEXT_FORMAT, TextEncoder,
};

use crate::fault::Fault;

/// The form of the text, as Prometheus asks for it.
pub const CONTENT_TYPE: &str = TEXT_FORMAT;

/// Bounds of the times of requests, in seconds.
const TIMES: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What came of a try to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// A letter was written.
    Letter,
    /// A letter was refused: too many for this address, or for this network address.
    Throttled,
    /// Somebody came in.
    In,
    /// Wrong digits.
    Wrong,
    /// Digits or a link that are used, too old, or were tried too often.
    Dead,
}

impl SignIn {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Letter, Self::Throttled, Self::In, Self::Wrong, Self::Dead];

    /// The word of the label, and of the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Throttled => "throttled",
            Self::In => "in",
            Self::Wrong => "wrong",
            Self::Dead => "dead",
        }
    }
}

/// What this process counts.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    times: HistogramVec,
    sign_ins: IntCounterVec,
    refusals: IntCounterVec,
    worker_faults: IntCounterVec,
}

impl Metrics {
    /// Counters that stand at nought.
    pub fn new() -> Result<Self, Fault> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let build = || {
            let requests = counter(
                "ylh_http_requests_total",
                "Requests answered, by route pattern, method and class of status.",
                &["route", "method", "status"],
            )?;
            let times = HistogramVec::new(
                HistogramOpts::new("ylh_http_request_seconds", "Time to answer, by route pattern and method.")
                    .buckets(TIMES.to_vec()),
                &["route", "method"],
            )?;
            registry.register(Box::new(times.clone()))?;
            let sign_ins = counter("ylh_sign_ins_total", "Tries to sign in, by what came of them.", &["outcome"])?;
            let refusals = counter("ylh_refusals_total", "Requests that were not allowed, by why.", &["why"])?;
            let worker_faults =
                counter("ylh_worker_faults_total", "Rounds of the worker that failed, by part.", &["part"])?;
            Ok::<_, prometheus::Error>(Self {
                registry: registry.clone(),
                requests,
                times,
                sign_ins,
                refusals,
                worker_faults,
            })
        };
        let metrics = build().map_err(told)?;
        // A counter that is not there yet cannot be compared with what it will be.
        for outcome in SignIn::ALL {
            metrics.sign_ins.with_label_values(&[outcome.as_str()]);
        }
        Ok(metrics)
    }

    /// Counts a request that was answered.
    pub fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let route = if route.is_empty() { "none" } else { route };
        // Anybody may invent a method; a label may not grow by it.
        let method = match method {
            "GET" | "HEAD" | "POST" => method,
            _ => "other",
        };
        let class = match status / 100 {
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            5 => "5xx",
            _ => "other",
        };
        self.requests.with_label_values(&[route, method, class]).inc();
        self.times.with_label_values(&[route, method]).observe(took.as_secs_f64());
    }

    /// Counts a try to sign in.
    pub fn sign_in(&self, outcome: SignIn) {
        self.sign_ins.with_label_values(&[outcome.as_str()]).inc();
    }

    /// Counts a request that was not allowed; `why` is a word of the program.
    pub fn refused(&self, why: &'static str) {
        self.refusals.with_label_values(&[why]).inc();
    }

    /// Counts a round of the worker that failed.
    pub fn worker_failed(&self, part: &'static str) {
        self.worker_faults.with_label_values(&[part]).inc();
    }

    /// Everything as text: what was counted, and what `sheet` holds.
    pub fn text(&self, sheet: &Sheet) -> Result<String, Fault> {
        let mut text = Vec::new();
        let encoder = TextEncoder::new();
        encoder.encode(&self.registry.gather(), &mut text).map_err(told)?;
        encoder.encode(&sheet.registry.gather(), &mut text).map_err(told)?;
        String::from_utf8(text).map_err(Fault::other)
    }
}

/// Numbers as they are at the moment of asking.
#[derive(Default)]
pub struct Sheet {
    registry: Registry,
}

impl Sheet {
    /// Writes one number.
    pub fn set(&self, name: &str, help: &str, value: f64) -> Result<(), Fault> {
        let gauge = Gauge::new(name, help).map_err(told)?;
        gauge.set(value);
        self.registry.register(Box::new(gauge)).map_err(told)
    }

    /// Writes numbers that differ by the values of `labels`.
    pub fn set_each<const N: usize>(
        &self,
        name: &str,
        help: &str,
        labels: [&str; N],
        values: impl IntoIterator<Item = ([&'static str; N], f64)>,
    ) -> Result<(), Fault> {
        let gauges = GaugeVec::new(Opts::new(name, help), &labels).map_err(told)?;
        for (words, value) in values {
            gauges.with_label_values(&words).set(value);
        }
        self.registry.register(Box::new(gauges)).map_err(told)
    }

    /// Writes what the machine says about this process, under the names that every program uses.
    /// What it does not say is left out.
    pub fn set_process(&self) -> Result<(), Fault> {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
        let (status, limits) = (read("status"), read("limits"));
        let line = |text: &str, name: &str| -> Option<f64> {
            let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
            rest.split_whitespace().next()?.parse().ok()
        };
        let kilobytes = |name: &str| line(&status, name).map(|amount| amount * 1024.0);
        let files = std::fs::read_dir("/proc/self/fd").map(Iterator::count).ok();
        let facts = [
            ("process_resident_memory_bytes", "Memory in use.", kilobytes("VmRSS:")),
            ("process_virtual_memory_bytes", "Memory that was asked for.", kilobytes("VmSize:")),
            ("process_threads", "Threads.", line(&status, "Threads:")),
            (
                "process_open_fds",
                "Open files and sockets.",
                files.and_then(|count| u32::try_from(count).ok()).map(f64::from),
            ),
            ("process_max_fds", "Files and sockets that may be open.", line(&limits, "Max open files")),
        ];
        for (name, help, value) in facts {
            if let Some(value) = value {
                self.set(name, help, value)?;
            }
        }
        Ok(())
    }
}

fn told(error: prometheus::Error) -> Fault {
    Fault::other(format!("metrics: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_grow_by_what_visitors_invent() {
        let metrics = Metrics::new().unwrap();
        for method in ["GET", "BREW", "PROPFIND"] {
            metrics.answered("", method, 404, Duration::from_millis(3));
        }
        let text = metrics.text(&Sheet::default()).unwrap();
        assert!(text.contains("ylh_http_requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 2"), "{text}");
        assert!(!text.contains("BREW"));
    }

    #[test]
    fn the_process_knows_itself() {
        let sheet = Sheet::default();
        sheet.set_process().unwrap();
        let text = Metrics::new().unwrap().text(&sheet).unwrap();
        for name in ["process_resident_memory_bytes", "process_threads", "process_open_fds", "process_max_fds"] {
            let value = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")).map(str::to_owned));
            assert!(value.is_some_and(|value| value.parse::<f64>().unwrap() >= 1.0), "{name} in {text}");
        }
    }
}
