//! The settings: one struct, read once at start, with every problem listed together.
//!
//! This is the only reader of the environment. Each setting is an environment variable that
//! begins with `YLH_`, or a line of the same name in the TOML file that `YLH_CONFIG` names (the
//! environment wins). Defaults are safe in development; a site with an `https` address refuses
//! to start without what production needs.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use chrono::TimeDelta;
use chrono_tz::Tz;
use url::Url;

use crate::{
    encoder::{self, Provider},
    secret::Secret,
};

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database is.
    pub database_url: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address under which people reach the site, without a slash at its end; `None` until the
    /// listening port is known.
    pub base_url: Option<Url>,
    /// The folder of the index, and of mails that are written to files.
    pub data_dir: PathBuf,
    /// What signs and seals.
    pub secret: Secret,
    /// How meaning is compared: `none` or `local`.
    pub semantic: String,
    /// An OpenAI-compatible endpoint that says what texts mean instead; empty for none.
    pub embeddings_url: String,
    /// The model that it is asked for.
    pub embeddings_model: String,
    /// Where mails are handed over; `None` writes them to `data_dir/mail`.
    pub smtp_url: Option<String>,
    /// Who sends.
    pub mail_from: String,
    /// Where the park's staff read copies of introductions; empty for nowhere.
    pub desk_email: String,
    /// The name of the site.
    pub site_name: String,
    /// Who runs the site.
    pub operator: String,
    /// The 备案 number, empty when there is none.
    pub icp: String,
    /// Where complaints go.
    pub complaint_contact: String,
    /// The zone in which times are shown.
    pub time_zone: Tz,
    /// How many threads answer requests.
    pub web_threads: usize,
    /// How many introductions an enterprise may ask for in a calendar month.
    pub requests_per_month: u32,
    /// How many introductions of an enterprise may be open or waiting at once.
    pub open_requests: u32,
    /// How many working days staff have to look at a request.
    pub park_days: u32,
    /// How many working days a team has to answer.
    pub answer_days: u32,
    /// How many working days an enterprise has to choose a time.
    pub choice_days: u32,
    /// How many days "later" puts a question off.
    pub later_days: u32,
    /// How many days a listing stays live.
    pub listing_days: u32,
    /// How many sign-in letters one address may ask for in an hour.
    pub sign_in_per_hour: u32,
    /// How many public pages one network address may read in a minute; 0 for any number.
    pub reads_per_minute: u32,
    /// The proxies in front, as network addresses, whose `X-Forwarded-For` is believed.
    pub proxies: Vec<std::net::IpAddr>,
    /// The folder of scheduled backups; `None` when there are none.
    pub backup_dir: Option<PathBuf>,
    /// The hour of the day, in the zone of the site, from which a backup is due.
    pub backup_hour: u32,
    /// Days of which every backup is kept.
    pub backup_days: u32,
    /// Weeks of which one backup is kept; nothing older is.
    pub backup_weeks: u32,
    /// What a collector of `/metrics` must show, unless it is on this machine and there is no proxy.
    pub metrics_token: Option<String>,
    /// Whether this is the demo: invented data, codes shown on the page.
    pub demo: bool,
}

/// What is wrong with the settings, one line each.
#[derive(Debug, thiserror::Error)]
#[error("the settings need mending:\n  {}", .0.join("\n  "))]
pub struct Problems(pub Vec<String>);

/// Reads typed values and collects what is wrong with them.
struct Reader {
    file: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Reader {
    /// What a public site may not do without.
    fn judge_production(&mut self, smtp: &str, secret: &str, mail_from: &str) {
        if smtp.is_empty() {
            self.problems.push("YLH_SMTP_URL is not set; a public site must be able to send mail".to_owned());
        }
        if secret.len() < 32 {
            self.problems
                .push("YLH_SECRET is not set or shorter than 32 characters; a public site needs its own".to_owned());
        }
        if mail_from.contains("@yonglianhui.example") {
            self.problems.push("YLH_MAIL_FROM is not set; a public site sends from its own address".to_owned());
        }
        if let Some(host) = plain_smtp_host(smtp).filter(|host| !is_loopback(host)) {
            self.problems
                .push(format!("YLH_SMTP_URL would send mail unencrypted to {host}; use smtps:// or ?tls=required"));
        }
    }

    /// The proxies that are believed.
    fn proxies(&mut self) -> Vec<std::net::IpAddr> {
        let proxies = self.text("YLH_PROXIES", "");
        let mut trusted = Vec::new();
        for each in proxies.split(',').map(str::trim).filter(|each| !each.is_empty()) {
            match each.parse() {
                Ok(address) => trusted.push(address),
                Err(_) => self
                    .problems
                    .push(format!("YLH_PROXIES holds {each:?}; write network addresses with commas between")),
            }
        }
        trusted
    }

    fn text(&self, key: &str, default: &str) -> String {
        let value = std::env::var(key).ok().or_else(|| self.file.get(key).cloned());
        value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| default.to_owned())
    }

    fn typed<T: std::str::FromStr>(&mut self, key: &str, default: &str, form: &str) -> Option<T> {
        let text = self.text(key, default);
        let value = text.parse().ok();
        if value.is_none() {
            self.problems.push(format!("{key} is {text:?}; write {form}"));
        }
        value
    }

    fn number(&mut self, key: &str, default: &str) -> u32 {
        self.typed(key, default, "a whole number").unwrap_or_default()
    }
}

impl Config {
    /// Reads the environment and the file that `YLH_CONFIG` names.
    pub fn from_env() -> Result<Self, Problems> {
        let mut reader = Reader { file: BTreeMap::new(), problems: Vec::new() };
        let path = reader.text("YLH_CONFIG", "");
        if !path.is_empty() {
            match std::fs::read_to_string(&path).map_err(|error| error.to_string()).and_then(|text| table(&text)) {
                Ok(file) => reader.file = file,
                Err(error) => reader.problems.push(format!("YLH_CONFIG names {path}, which cannot be read: {error}")),
            }
        }
        Self::read(reader)
    }

    fn read(mut reader: Reader) -> Result<Self, Problems> {
        let data_dir = PathBuf::from(reader.text("YLH_DATA_DIR", "var"));
        let database_url = reader.text("YLH_DATABASE_URL", "sqlite://var/park.db");
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database_url.starts_with(scheme)) {
            reader.problems.push("YLH_DATABASE_URL begins with sqlite:// or postgres://".to_owned());
        }
        let listen = reader.typed("YLH_LISTEN", "127.0.0.1:8080", "an address and a port, as 127.0.0.1:8080");
        let base = reader.text("YLH_BASE_URL", "");
        let base_url = if base.is_empty() {
            None
        } else {
            reader.typed("YLH_BASE_URL", &base, "an address, as https://hall.example")
        };
        let smtp = reader.text("YLH_SMTP_URL", "");
        let secret = reader.text("YLH_SECRET", "");
        let mail_from = reader.text("YLH_MAIL_FROM", "永链荟 <noreply@yonglianhui.example>");
        let zone = reader.typed("YLH_TIME_ZONE", "Asia/Shanghai", "a name of the tz database, as Asia/Shanghai");
        if mail_from.parse::<lettre::message::Mailbox>().is_err() {
            reader
                .problems
                .push(format!("YLH_MAIL_FROM is {mail_from:?}; write an address, as 永链荟 <hall@park.example>"));
        }
        let production = base_url.as_ref().is_some_and(|url: &Url| url.scheme() == "https");
        if production {
            reader.judge_production(&smtp, &secret, &mail_from);
        }
        let metrics_token = reader.text("YLH_METRICS_TOKEN", "");
        if !metrics_token.is_empty() && metrics_token.len() < 16 {
            reader
                .problems
                .push("YLH_METRICS_TOKEN is shorter than 16 characters; a guess must not open it".to_owned());
        }
        let backup_dir = reader.text("YLH_BACKUP_DIR", "");
        let backup_hour = reader.number("YLH_BACKUP_HOUR", "3");
        if backup_hour > 23 {
            reader.problems.push(format!("YLH_BACKUP_HOUR is {backup_hour}; write an hour from 0 to 23"));
        }
        let semantic = reader.text("YLH_SEMANTIC", "local");
        if !["none", "local"].contains(&semantic.as_str()) {
            reader.problems.push(format!("YLH_SEMANTIC is {semantic:?}; write none or local"));
        }
        let embeddings_url = reader.text("YLH_EMBEDDINGS_URL", "");
        let embeddings_model = reader.text("YLH_EMBEDDINGS_MODEL", crate::encoder::MODEL);
        if !embeddings_url.is_empty() && Provider::at(&embeddings_url, &embeddings_model).is_err() {
            let form = "write an address, as http://127.0.0.1:8000/v1";
            reader.problems.push(format!("YLH_EMBEDDINGS_URL is {embeddings_url:?}; {form}"));
        }
        let config = Self {
            semantic,
            embeddings_url,
            embeddings_model,
            secret: Secret::new(if secret.is_empty() { development_secret(&data_dir) } else { secret }),
            database_url,
            listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            base_url,
            data_dir,
            smtp_url: Some(smtp).filter(|url| !url.is_empty()),
            mail_from,
            desk_email: reader.text("YLH_DESK_EMAIL", ""),
            site_name: reader.text("YLH_SITE_NAME", "永链荟·永州工业馆"),
            operator: reader.text("YLH_OPERATOR", ""),
            icp: reader.text("YLH_ICP", ""),
            complaint_contact: reader.text("YLH_COMPLAINT_CONTACT", ""),
            time_zone: zone.unwrap_or(Tz::Asia__Shanghai),
            web_threads: usize::try_from(reader.number("YLH_WEB_THREADS", "2")).unwrap_or(2).max(1),
            requests_per_month: reader.number("YLH_REQUESTS_PER_MONTH", "5"),
            open_requests: reader.number("YLH_OPEN_REQUESTS", "10"),
            park_days: reader.number("YLH_PARK_DAYS", "1"),
            answer_days: reader.number("YLH_ANSWER_DAYS", "7"),
            choice_days: reader.number("YLH_CHOICE_DAYS", "5"),
            later_days: reader.number("YLH_LATER_DAYS", "14"),
            listing_days: reader.number("YLH_LISTING_DAYS", "90"),
            sign_in_per_hour: reader.number("YLH_SIGN_IN_PER_HOUR", "5"),
            reads_per_minute: reader.number("YLH_READS_PER_MINUTE", "600"),
            proxies: reader.proxies(),
            backup_dir: Some(backup_dir).filter(|folder| !folder.is_empty()).map(PathBuf::from),
            backup_hour,
            backup_days: reader.number("YLH_BACKUP_DAYS", "7"),
            backup_weeks: reader.number("YLH_BACKUP_WEEKS", "4"),
            metrics_token: Some(metrics_token).filter(|token| !token.is_empty()),
            demo: false,
        };
        if reader.problems.is_empty() { Ok(config) } else { Err(Problems(reader.problems)) }
    }

    /// What is logged, as tracing's filters say it. Read by itself, since the log begins before the settings are read.
    /// Whatever is asked for, lettre stays silent: it would tell addresses and whole letters.
    pub fn log_filter() -> String {
        let asked = std::env::var("YLH_LOG").unwrap_or_else(|_| "info,tantivy=warn,sea_orm_migration=warn".to_owned());
        format!("{asked},lettre=warn")
    }

    /// Whether each line of the log is a JSON object, for collectors. Read by itself too.
    pub fn log_is_json() -> bool {
        std::env::var("YLH_LOG_FORMAT").is_ok_and(|form| form.trim() == "json")
    }

    /// The settings with nothing read from the environment; for the demo and for tests.
    pub fn plain(data_dir: PathBuf) -> Result<Self, Problems> {
        let file = BTreeMap::from([("YLH_DATA_DIR".to_owned(), data_dir.display().to_string())]);
        let mut config = Self::read(Reader { file, problems: Vec::new() })?;
        config.database_url = format!("sqlite://{}", data_dir.join("park.db").display());
        config.data_dir = data_dir;
        Ok(config)
    }

    /// Whether visitors come by https.
    pub fn is_https(&self) -> bool {
        self.base_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The whole address of a path of the site, for letters.
    pub fn link(&self, path: &str) -> String {
        let base = self.base_url.as_ref().map_or_else(|| format!("http://{}", self.listen), ToString::to_string);
        format!("{}{path}", base.trim_end_matches('/'))
    }

    /// Who says what texts mean.
    pub fn provider(&self) -> Result<Provider, encoder::Error> {
        match self.embeddings_url.as_str() {
            "" => Provider::asked(&self.semantic),
            url => Provider::at(url, &self.embeddings_model),
        }
    }

    /// How long a sign-in letter is good for.
    pub fn sign_in_lasts(&self) -> TimeDelta {
        TimeDelta::minutes(20)
    }

    /// How long a session lasts: idle, and at most.
    pub fn session_lasts(&self) -> (TimeDelta, TimeDelta) {
        (TimeDelta::days(7), TimeDelta::days(30))
    }
}

/// How many files this process may have open, as the system says it.
pub fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(1024)
}

fn table(text: &str) -> Result<BTreeMap<String, String>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let plain = |value: toml::Value| match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(table.into_iter().map(|(key, value)| (key, plain(value))).collect())
}

/// A secret of this data folder alone, made at the first start, so that nobody shares a default.
fn development_secret(data_dir: &std::path::Path) -> String {
    let path = data_dir.join("secret");
    if let Ok(text) = std::fs::read_to_string(&path)
        && text.len() >= 32
    {
        return text;
    }
    let fresh = crate::secret::token();
    let kept = std::fs::create_dir_all(data_dir).and_then(|()| std::fs::write(&path, &fresh));
    if let Err(error) = kept {
        tracing::warn!(%error, "the secret could not be kept; sessions end with this process");
    }
    fresh
}

fn plain_smtp_host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let tls = url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
    (url.scheme() == "smtp" && !tls).then(|| url.host_str().unwrap_or_default().to_owned())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Problems> {
        let folder = tempfile::tempdir().unwrap();
        let mut file: BTreeMap<String, String> =
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        file.insert("YLH_DATA_DIR".to_owned(), folder.path().display().to_string());
        Config::read(Reader { file, problems: Vec::new() })
    }

    #[test]
    fn every_problem_is_listed_at_once() {
        let Problems(lines) = read(&[
            ("YLH_LISTEN", "here"),
            ("YLH_DATABASE_URL", "mysql://x"),
            ("YLH_PARK_DAYS", "one"),
            ("YLH_BASE_URL", "https://hall.example"),
        ])
        .unwrap_err();
        let all = lines.join("\n");
        for key in ["YLH_LISTEN", "YLH_DATABASE_URL", "YLH_PARK_DAYS", "YLH_SMTP_URL", "YLH_SECRET", "YLH_MAIL_FROM"] {
            assert!(all.contains(key), "{key} is not in:\n{all}");
        }
    }

    #[test]
    fn a_public_site_never_sends_mail_in_the_clear() {
        let secret = "0123456789abcdef0123456789abcdef";
        let with = |smtp: &str| {
            read(&[
                ("YLH_BASE_URL", "https://hall.example"),
                ("YLH_SECRET", secret),
                ("YLH_MAIL_FROM", "hall@park.example"),
                ("YLH_SMTP_URL", smtp),
            ])
        };
        assert!(with("smtp://mail.park.example:25").is_err());
        assert!(with("smtps://mail.park.example").is_ok());
        assert!(with("smtp://mail.park.example:587?tls=required").is_ok());
        assert!(with("smtp://127.0.0.1:2525").is_ok());
    }

    #[test]
    fn a_development_secret_is_kept_and_shared_by_no_other_folder() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = development_secret(one.path());
        assert_eq!(first, development_secret(one.path()));
        assert_ne!(first, development_secret(other.path()));
    }
}
