//! A mail server on loopback: real SMTP over a real socket, on its own thread, with rules for
//! what goes wrong.
//!
//! ```ignore
//! let sink = Sink::start().await;
//! sink.rule(Rule::to("@slow.example").at(Step::Recipient).says("450 4.7.1 try later").times(2));
//! assert_eq!(sink.mails()[0].parsed().subject, "…");
//! ```

#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use mail_parser::{MessageParser, MimeHeaders};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// Where in a conversation a rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Before the greeting; the recipient is not known yet, so only rules for everybody speak here.
    Connect,
    /// The answer to `MAIL FROM`; the recipient is not known yet either.
    Sender,
    /// The answer to `RCPT TO`.
    Recipient,
    /// The answer to `DATA`.
    Data,
    /// The answer to the final dot.
    Dot,
}

#[derive(Debug, Clone)]
enum Does {
    Says(String),
    Drops,
    Hangs,
    HangsAfterGreeting,
}

/// What goes wrong, for whom, at which step, how often.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    to: String,
    step: Step,
    does: Does,
    left: Option<usize>,
    one_in: usize,
    seen: usize,
}

impl Rule {
    /// For one address, or for all of a domain when it begins with `@`.
    pub(crate) fn to(to: &str) -> Self {
        let does = Does::Says("450 4.3.0 not now".to_owned());
        Self { to: to.to_owned(), step: Step::Recipient, does, left: None, one_in: 1, seen: 0 }
    }

    /// For everybody.
    pub(crate) fn everybody() -> Self {
        Self::to("")
    }

    /// At which step; at the recipient unless told.
    pub(crate) fn at(mut self, step: Step) -> Self {
        self.step = step;
        self
    }

    /// Answers so.
    pub(crate) fn says(mut self, reply: &str) -> Self {
        self.does = Does::Says(reply.to_owned());
        self
    }

    /// Closes the socket without an answer. At the dot the mail **is** kept: the ambiguous ending.
    pub(crate) fn drops(mut self) -> Self {
        self.does = Does::Drops;
        self
    }

    /// Never answers.
    pub(crate) fn hangs(mut self) -> Self {
        self.does = Does::Hangs;
        self
    }

    /// Greets with 220 and never says anything again.
    pub(crate) fn hangs_after_greeting(mut self) -> Self {
        self.step = Step::Connect;
        self.does = Does::HangsAfterGreeting;
        self
    }

    /// Only so many times; always unless told.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.left = Some(times);
        self
    }

    /// Only to one in so many of those whom it is for.
    pub(crate) fn one_in(mut self, one_in: usize) -> Self {
        self.one_in = one_in;
        self
    }

    fn speaks_of(&self, step: Step, recipients: &[String]) -> bool {
        let fits = |to: &String| *to == self.to || (self.to.starts_with('@') && to.ends_with(&self.to));
        self.step == step && self.left != Some(0) && (self.to.is_empty() || recipients.iter().any(fits))
    }
}

/// A mail that the server has taken.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// The sender of the envelope.
    pub(crate) from: String,
    /// The recipients of the envelope.
    pub(crate) recipients: Vec<String>,
    /// The message as it came, dots unstuffed.
    pub(crate) raw: Vec<u8>,
    /// The name that the client greeted with.
    pub(crate) hello: String,
    /// When it was taken.
    pub(crate) at: Instant,
    /// Whether the answer to the final dot was kept back: the ambiguous ending.
    pub(crate) unanswered: bool,
}

/// A mail as its reader's program shows it.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    /// The calendar part beside text and HTML.
    pub(crate) calendar: Option<String>,
    /// The names and contents of attached files.
    pub(crate) files: Vec<(String, String)>,
    /// Name and address of each recipient in the header.
    pub(crate) to: Vec<(String, String)>,
    pub(crate) from: (String, String),
    pub(crate) message_id: String,
    /// Every header, in order, name and raw value.
    pub(crate) headers: Vec<(String, String)>,
}

impl Received {
    /// Reads the message.
    pub(crate) fn parsed(&self) -> Parsed {
        let message = MessageParser::default().parse(&self.raw).expect("a message that can be read");
        let people = |list: Option<&mail_parser::Address<'_>>| -> Vec<(String, String)> {
            let each = |person: &mail_parser::Addr<'_>| {
                (
                    person.name.clone().unwrap_or_default().into_owned(),
                    person.address.clone().unwrap_or_default().into_owned(),
                )
            };
            list.map(|list| list.iter().map(each).collect()).unwrap_or_default()
        };
        let content = |part: &mail_parser::MessagePart<'_>| String::from_utf8_lossy(part.contents()).into_owned();
        let is_file = |part: &mail_parser::MessagePart<'_>| part.attachment_name().is_some();
        let calendar = message.parts.iter().find(|part| part.is_content_type("text", "calendar") && !is_file(part));
        let files = message.parts.iter().filter(|part| is_file(part));
        Parsed {
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            calendar: calendar.map(content),
            files: files.map(|part| (part.attachment_name().unwrap_or_default().to_owned(), content(part))).collect(),
            to: people(message.to()),
            from: people(message.from()).into_iter().next().unwrap_or_default(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            headers: message.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect(),
        }
    }
}

impl Parsed {
    /// The first address in the text that holds `part`, as `/sign-in/`.
    pub(crate) fn link(&self, part: &str) -> String {
        let words = self.text.split(|each: char| each.is_whitespace() || each == '<' || each == '>');
        let link = words.into_iter().find(|word| word.starts_with("http") && word.contains(part));
        link.unwrap_or_else(|| panic!("no link with {part} in:\n{}", self.text)).to_owned()
    }

    /// The value of a header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(each, _)| each.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

#[derive(Default)]
struct State {
    mails: Vec<Received>,
    rules: Vec<Rule>,
    connections: usize,
    tries: Vec<String>,
    idle: Option<Duration>,
    slow: Duration,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<State>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the first rule that speaks here does; it is used up by that.
    fn ruling(&self, step: Step, recipients: &[String]) -> Option<Does> {
        let mut state = self.lock();
        let rule = state.rules.iter_mut().find(|rule| rule.speaks_of(step, recipients))?;
        rule.seen += 1;
        if !rule.seen.is_multiple_of(rule.one_in) {
            return None;
        }
        rule.left = rule.left.map(|left| left - 1);
        Some(rule.does.clone())
    }
}

/// The server. It ends when its last handle is dropped.
#[derive(Clone)]
pub(crate) struct Sink {
    address: SocketAddr,
    shared: Shared,
    _thread: Arc<Thread>,
}

/// Ends the thread when it is dropped, so that its port is free again.
struct Thread {
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

impl Sink {
    /// Starts on a free port.
    pub(crate) async fn start() -> Self {
        Self::start_on(0).await
    }

    /// Starts on `port`, as when a server that was down comes back.
    pub(crate) async fn start_on(port: u16) -> Self {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared::default();
        let (stop, stopped) = oneshot::channel();
        let of_thread = shared.clone();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    () = listen(listener, of_thread) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, shared, _thread: Arc::new(Thread { stop: Some(stop), running: Some(running) }) }
    }

    /// For `YLH_SMTP_URL`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on this goes wrong. The first rule that fits speaks.
    pub(crate) fn rule(&self, rule: Rule) {
        self.shared.lock().rules.push(rule);
    }

    /// Everything goes well again.
    pub(crate) fn mend(&self) {
        self.shared.lock().rules.clear();
    }

    /// Connections that say nothing for so long are closed.
    pub(crate) fn close_idle_after(&self, idle: Duration) {
        self.shared.lock().idle = Some(idle);
    }

    /// From now on the answer to a mail comes so long after the mail was taken.
    pub(crate) fn answer_after(&self, slow: Duration) {
        self.shared.lock().slow = slow;
    }

    /// What was taken, in order of arrival.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.shared.lock().mails.clone()
    }

    /// The first that `found` finds among the mails, newest first, without copying them all.
    pub(crate) fn find<T>(&self, found: impl FnMut(&Received) -> Option<T>) -> Option<T> {
        self.shared.lock().mails.iter().rev().find_map(found)
    }

    /// How many mails were taken.
    pub(crate) fn count(&self) -> usize {
        self.shared.lock().mails.len()
    }

    /// What was taken for one recipient.
    pub(crate) fn mails_to(&self, address: &str) -> Vec<Received> {
        self.mails().into_iter().filter(|mail| mail.recipients.iter().any(|each| each == address)).collect()
    }

    /// The newest mail for one recipient, read.
    pub(crate) fn last_to(&self, address: &str) -> Parsed {
        self.mails_to(address).last().unwrap_or_else(|| panic!("no mail reached {address}")).parsed()
    }

    /// How often each recipient was named in `RCPT TO`, refused or not.
    pub(crate) fn tries_of(&self, address: &str) -> usize {
        self.shared.lock().tries.iter().filter(|each| *each == address).count()
    }

    /// How many connections were opened.
    pub(crate) fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Forgets the mails that came so far.
    pub(crate) fn forget(&self) {
        self.shared.lock().mails.clear();
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(running) = self.running.take() {
            // A server that panicked has shown it already; the test says what it missed.
            running.join().ok();
        }
    }
}

async fn listen(listener: TcpListener, shared: Shared) {
    while let Ok((socket, _)) = listener.accept().await {
        shared.lock().connections += 1;
        let shared = shared.clone();
        // A client that goes away in the middle is what some tests do.
        tokio::spawn(async move { converse(socket, &shared).await.ok() });
    }
}

/// One conversation. `Err` closes the socket without a word.
async fn converse(socket: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut line = Line(BufReader::new(socket));
    if !line.obey(shared, Step::Connect, &[], "220 sink.example ESMTP").await? {
        return Ok(());
    }
    let (mut from, mut recipients, mut hello) = (String::new(), Vec::new(), String::new());
    loop {
        let idle = shared.lock().idle.unwrap_or(Duration::from_secs(300));
        let Ok(heard) = tokio::time::timeout(idle, line.hear()).await else {
            return line.say("421 4.4.2 idle for too long").await;
        };
        let heard = String::from_utf8_lossy(&heard?).into_owned();
        let verb = heard.to_ascii_uppercase();
        if verb.starts_with("EHLO") {
            hello = heard.get(5..).unwrap_or_default().to_owned();
            line.say("250-sink.example\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 10485760").await?;
        } else if verb.starts_with("MAIL FROM:") {
            (from, recipients) = (mailbox(&heard), Vec::new());
            line.obey(shared, Step::Sender, &[], "250 2.1.0 ok").await?;
        } else if verb.starts_with("RCPT TO:") {
            let recipient = mailbox(&heard);
            shared.lock().tries.push(recipient.clone());
            if line.obey(shared, Step::Recipient, std::slice::from_ref(&recipient), "250 2.1.5 ok").await? {
                recipients.push(recipient);
            }
        } else if verb.starts_with("DATA") {
            if line.obey(shared, Step::Data, &recipients, "354 go on").await? {
                let raw = line.message().await?;
                let mut mail = Received {
                    from: from.clone(),
                    recipients: recipients.clone(),
                    raw,
                    hello: hello.clone(),
                    at: Instant::now(),
                    unanswered: false,
                };
                match shared.ruling(Step::Dot, &recipients) {
                    Some(Does::Says(reply)) => line.say(&reply).await?,
                    Some(does) => {
                        mail.unanswered = true;
                        shared.lock().mails.push(mail);
                        return does.silence().await;
                    }
                    None => {
                        shared.lock().mails.push(mail);
                        let slow = shared.lock().slow;
                        tokio::time::sleep(slow).await;
                        line.say("250 2.0.0 taken").await?;
                    }
                }
            }
        } else if verb.starts_with("QUIT") {
            return line.say("221 2.0.0 bye").await;
        } else if verb.starts_with("RSET") || verb.starts_with("NOOP") {
            line.say("250 2.0.0 ok").await?;
        } else {
            line.say("502 5.5.1 unknown").await?;
        }
    }
}

impl Does {
    async fn silence(self) -> io::Result<()> {
        match self {
            Self::Hangs | Self::HangsAfterGreeting => never().await,
            Self::Drops | Self::Says(_) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

async fn never() -> io::Result<()> {
    std::future::pending().await
}

struct Line(BufReader<TcpStream>);

impl Line {
    async fn say(&mut self, words: &str) -> io::Result<()> {
        self.0.get_mut().write_all(format!("{words}\r\n").as_bytes()).await
    }

    /// Does what a rule says at this step, else says `usual`; `true` when it went the usual way.
    async fn obey(&mut self, shared: &Shared, step: Step, recipients: &[String], usual: &str) -> io::Result<bool> {
        match shared.ruling(step, recipients) {
            None => self.say(usual).await.map(|()| true),
            Some(Does::Says(reply)) => self.say(&reply).await.map(|()| false),
            Some(Does::HangsAfterGreeting) => {
                self.say(usual).await?;
                never().await.map(|()| false)
            }
            Some(does) => does.silence().await.map(|()| false),
        }
    }

    /// One line without its end.
    async fn hear(&mut self) -> io::Result<Vec<u8>> {
        let mut heard = Vec::new();
        if self.0.read_until(b'\n', &mut heard).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        while heard.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            heard.pop();
        }
        Ok(heard)
    }

    /// Everything up to the final dot, dots unstuffed.
    async fn message(&mut self) -> io::Result<Vec<u8>> {
        let mut raw = Vec::new();
        loop {
            let line = self.hear().await?;
            if line == b"." {
                return Ok(raw);
            }
            raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            raw.extend_from_slice(b"\r\n");
        }
    }
}

/// What stands between `<` and `>`.
fn mailbox(heard: &str) -> String {
    heard.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address).to_owned()
}
