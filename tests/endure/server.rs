//! The real binary as processes, and somebody with cookies who talks to them.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use scraper::{Html, Selector};

use crate::sink::Sink;

/// One process of the program that prints READY: `serve` or `work`.
pub(crate) struct Server {
    pub(crate) process: Child,
    /// Host and port.
    pub(crate) address: String,
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// `serve`, with the worker in the same process; waits until it answers.
    pub(crate) fn start(folder: &Path, database: &str, sink: &Sink) -> Self {
        Self::run(Self::command(folder, database, sink).arg("serve"))
    }

    /// The program with the settings that every test needs; the test adds its command and what else it wants.
    pub(crate) fn command(folder: &Path, database: &str, sink: &Sink) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yonglianhui"));
        command
            .env_clear()
            .env("YLH_DATABASE_URL", database)
            .env("YLH_DATA_DIR", folder)
            .env("YLH_LISTEN", "127.0.0.1:0")
            .env("YLH_SMTP_URL", sink.url())
            .env("YLH_READS_PER_MINUTE", "0")
            .env("YLH_LOG", "error");
        command
    }

    /// Starts a command that says READY, and waits until it does.
    pub(crate) fn run(command: &mut Command) -> Self {
        Self::try_run(command).expect("the server ended before it was ready")
    }

    /// The same; none when the process ended instead, as when its database is away.
    pub(crate) fn try_run(command: &mut Command) -> Option<Self> {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("READY ") {
            line.clear();
            if stdout.read_line(&mut line).unwrap() == 0 {
                process.wait().unwrap();
                return None;
            }
        }
        let address = line.trim().rsplit('/').next().unwrap().to_owned();
        Some(Self { process, address, _stdout: stdout })
    }

    /// A process that has said READY already.
    pub(crate) fn ready(process: Child, address: String, stdout: BufReader<ChildStdout>) -> Self {
        Self { process, address, _stdout: stdout }
    }

    /// SIGKILL: nothing is finished, nothing is flushed.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Kept too when a test fails, so that no server outlives it.
impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Somebody with cookies, who talks to whichever server runs.
#[derive(Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Nobody was there: surely nothing was done.
    NotSent,
    /// The line went dead: it may have been done.
    NoAnswer,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn request(&mut self, server: &Server, method: &str, path: &str, body: &str) -> Answer {
        self.ask(&server.address, method, path, body).unwrap_or_else(|trouble| panic!("{method} {path}: {trouble:?}"))
    }

    /// The same of a server that may be gone at any moment.
    pub(crate) fn ask(&mut self, address: &str, method: &str, path: &str, body: &str) -> Result<Answer, Trouble> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            address,
            cookies.join("; "),
            body.len(),
        );
        let mut socket = TcpStream::connect(address).ok().ok_or(Trouble::NotSent)?;
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut answer = Vec::new();
        let heard = socket.write_all(request.as_bytes()).and_then(|()| socket.read_to_end(&mut answer));
        heard.ok().ok_or(Trouble::NoAnswer)?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").ok_or(Trouble::NoAnswer)?;
        let mut location = String::new();
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(": ").unwrap_or_default();
            if name.eq_ignore_ascii_case("location") {
                value.clone_into(&mut location);
            } else if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) = value.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Answer { status, location, body: body.to_owned() })
    }

    pub(crate) fn get(&mut self, server: &Server, path: &str) -> Answer {
        self.request(server, "GET", path, "")
    }

    /// Sends the form in `<main>` of `page` with `values` written into it.
    pub(crate) fn submit(&mut self, server: &Server, page: &Answer, values: &[(&str, &str)]) -> Answer {
        let (action, body) = page.form(values).unwrap_or_else(|| panic!("no form in:\n{}", page.body));
        self.request(server, "POST", &action, &body)
    }
}

impl Answer {
    /// Where the first form in `<main>` goes, and its body with `values` written into it.
    pub(crate) fn form(&self, values: &[(&str, &str)]) -> Option<(String, String)> {
        let document = Html::parse_document(&self.body);
        let css = |selector: &str| Selector::parse(selector).unwrap();
        let form = document.select(&css("main form")).next()?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for field in form.select(&css("input, textarea, select")) {
            let Some(name) = field.attr("name").filter(|name| !values.iter().any(|(each, _)| each == name)) else {
                continue;
            };
            let value = match field.value().name() {
                "textarea" => Some(field.text().collect::<String>()),
                "select" => field
                    .select(&css("option[selected]"))
                    .next()
                    .and_then(|option| option.attr("value"))
                    .map(str::to_owned),
                _ if matches!(field.attr("type"), Some("checkbox" | "radio")) && field.attr("checked").is_none() => {
                    None
                }
                _ => Some(field.attr("value").unwrap_or_default().to_owned()),
            };
            fields.extend(value.map(|value| (name.to_owned(), value)));
        }
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        Some((form.attr("action").expect("a form says where it goes").to_owned(), body))
    }
}

/// Looks again and again until `found`; panics with `what` after `longest`.
pub(crate) fn wait_until(longest: Duration, what: &str, mut found: impl FnMut() -> bool) {
    let started = Instant::now();
    while !found() {
        assert!(started.elapsed() < longest, "{what} after {longest:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
