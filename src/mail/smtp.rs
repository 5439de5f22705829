//! One conversation with the mail server, and how it ended.
//!
//! lettre's own transport tells neither at which step a reply came nor whether the message had
//! been handed over when the line went dead, and it waits for ever on a server that says nothing.
//! So the commands are given one by one over lettre's connection, each under a deadline.

use std::{
    cell::Cell,
    error::Error as _,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Tls, TlsParameters},
    commands::{Data, Mail, Rcpt, Rset},
    extension::ClientId,
    response::Response,
};
use tokio::time::{timeout, timeout_at};
use url::Url;

use crate::fault::Fault;

/// Open connections that are kept for the next mail.
const KEPT: usize = 12;
/// How long one is kept.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The code of three digits.
    pub(super) code: u16,
    /// The words, with the enhanced code of RFC 3463 in front if there is one.
    pub(super) text: String,
}

/// Where in the conversation it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The sender was named, the first thing that is said of a mail.
    Sender,
    /// The recipient was named.
    Recipient,
    /// The text was announced.
    Data,
    /// The text was handed over.
    Dot,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// The server has taken the mail.
    Taken(Reply),
    /// It refused, for now or for good.
    Refused(Step, Reply),
    /// The server could not be reached, would not talk to us, or fell silent before the recipient
    /// was named; the reply is what it said, if it said anything.
    Unreached(Option<Reply>, String),
    /// It talked to us, and fell silent once the recipient was named: it may be waiting for his server.
    Silent(String),
    /// The text was handed over and no answer came: it may have been taken.
    Lost(Loss),
}

/// How the answer to the text was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// The line went dead.
    Broken,
    /// Nothing came for too long.
    Silent,
}

/// The mail server that takes our mail.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// How long everything up to the text may take, and then again how long the answer to it.
    patience: Duration,
    kept: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Server {
    /// From a URL in lettre's form: `smtp://`, `smtps://`, `smtp://…?tls=required`, with user and
    /// password if need be.
    pub(super) fn new(url: &str, patience: Duration) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::other(format!("YLH_SMTP_URL: {what}"));
        let url = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
        let host = url.host_str().ok_or_else(|| wrong("it names no host"))?.trim_matches(['[', ']']).to_owned();
        let parameters = || TlsParameters::new(host.clone()).map_err(|error| wrong(&error.to_string()));
        let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        let (tls, port) = match (url.scheme(), asked.as_deref()) {
            ("smtp", None) => (Tls::None, 25),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), 587),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(parameters()?), 587),
            ("smtps", _) => (Tls::Wrapper(parameters()?), 465),
            _ => return Err(wrong("begin with smtp:// or smtps://, and end with nothing or ?tls=required")),
        };
        let name = url.path().trim_matches('/');
        Ok(Self {
            credentials: url.password().map(|password| Credentials::new(plain(url.username()), plain(password))),
            hello: if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.to_owned()) },
            port: url.port().unwrap_or(port),
            host,
            tls,
            patience,
            kept: Mutex::default(),
        })
    }

    /// Sends one mail to one recipient. Everything up to the text shares one deadline, also when a
    /// kept connection turns out to be dead, so that no lease is outlived.
    pub(super) async fn send(&self, from: &lettre::Address, to: &lettre::Address, message: &[u8]) -> Ending {
        let announced_by = tokio::time::Instant::now() + self.patience;
        if let Some(connection) = self.kept_one() {
            match self.converse(connection, from, to, message, announced_by).await {
                // It had died while it lay idle, which is no trouble of this mail (lettre #743).
                Ending::Unreached(None, _) => {}
                Ending::Refused(Step::Sender, reply) if reply.code == 421 => {}
                ending => return ending,
            }
        }
        match timeout_at(announced_by, self.open()).await {
            Ok(Ok(connection)) => self.converse(connection, from, to, message, announced_by).await,
            Ok(Err(error)) => Ending::Unreached(reply_of(&error), words_of(&error)),
            Err(_) => Ending::Unreached(None, "the mail server does not answer".to_owned()),
        }
    }

    /// Whether the server greets us and takes our name and password.
    pub(super) async fn test(&self) -> Result<(), String> {
        match timeout(self.patience, self.open()).await {
            Ok(Ok(connection)) => {
                self.keep(connection);
                Ok(())
            }
            Ok(Err(error)) => Err(words_of(&error)),
            Err(_) => Err("the mail server does not answer".to_owned()),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapped = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(self.patience), &self.hello, wrapped, None).await?;
        match &self.tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), &self.hello).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    async fn converse(
        &self,
        mut connection: AsyncSmtpConnection,
        from: &lettre::Address,
        to: &lettre::Address,
        message: &[u8],
        announced_by: tokio::time::Instant,
    ) -> Ending {
        let is_named = Cell::new(false);
        let announce = async {
            let at = |step| move |error: Error| (step, error);
            connection.command(Mail::new(Some(from.clone()), Vec::new())).await.map_err(at(Step::Sender))?;
            is_named.set(true);
            connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(at(Step::Recipient))?;
            connection.command(Data).await.map_err(at(Step::Data))
        };
        match timeout_at(announced_by, announce).await {
            Ok(Ok(_)) => {}
            Ok(Err((step, error))) => {
                let Some(reply) = reply_of(&error) else { return Ending::Unreached(None, words_of(&error)) };
                self.keep_after_refusal(connection, &reply).await;
                return Ending::Refused(step, reply);
            }
            Err(_) if is_named.get() => return Ending::Silent("the mail server fell silent".to_owned()),
            Err(_) => return Ending::Unreached(None, "the mail server fell silent".to_owned()),
        }
        match timeout(self.patience, connection.message(message)).await {
            Ok(Ok(response)) => {
                self.keep(connection);
                Ending::Taken(said(&response))
            }
            Ok(Err(error)) => {
                let Some(reply) = reply_of(&error) else { return Ending::Lost(Loss::Broken) };
                self.keep_after_refusal(connection, &reply).await;
                Ending::Refused(Step::Dot, reply)
            }
            Err(_) => Ending::Lost(Loss::Silent),
        }
    }

    fn kept_one(&self) -> Option<AsyncSmtpConnection> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(_, since)| since.elapsed() < KEPT_FOR);
        kept.pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push((connection, Instant::now()));
        }
    }

    /// A refusal ends a mail and not the conversation, unless the server is closing it (421).
    async fn keep_after_refusal(&self, mut connection: AsyncSmtpConnection, reply: &Reply) {
        if reply.code != 421 && matches!(timeout(Duration::from_secs(2), connection.command(Rset)).await, Ok(Ok(_))) {
            self.keep(connection);
        }
    }
}

fn said(response: &Response) -> Reply {
    Reply { code: response.code().into(), text: response.message().collect::<Vec<_>>().join(" ") }
}

/// The server's words, when the error is a reply.
fn reply_of(error: &Error) -> Option<Reply> {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    error.status().map(|code| Reply { code: code.into(), text })
}

/// The machine's words: a refused connection, a name that is not known, a certificate that does not fit.
fn words_of(error: &Error) -> String {
    error.to_string()
}

/// User and password stand percent-encoded in a URL.
fn plain(encoded: &str) -> String {
    let query = format!("it={}", encoded.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_url_is_read() {
        let server = |url| Server::new(url, Duration::from_secs(1));
        assert_eq!(server("smtp://127.0.0.1:2525").unwrap().port, 2525);
        assert_eq!(server("smtp://mail.example?tls=required").unwrap().port, 587);
        assert_eq!(server("smtps://u%40x:p+%2F1@mail.example").unwrap().port, 465);
        assert_eq!(plain("p+%2F1"), "p+/1");
        for wrong in ["mail.example", "http://mail.example", "smtp://mail.example?tls=maybe"] {
            assert!(server(wrong).is_err(), "{wrong}");
        }
    }
}
