//! From a row of the outbox to the message on the wire, and what is kept of it afterwards.

use chrono::{DateTime, Utc};
use lettre::{
    Message,
    message::{
        Attachment, Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};

use crate::{
    config::Config,
    fault::{Context, Fault},
    mail::{Address, store::Outgoing},
};

/// The name of an attached calendar file.
const CALENDAR_NAME: &str = "会面日程.ics";

/// The words of a letter, opened.
pub(super) struct Opened {
    pub(super) text: String,
    pub(super) html: String,
}

/// Opens the body of a mail.
pub(super) fn open(config: &Config, mail: &Outgoing) -> Result<Opened, Fault> {
    let plain = |kept: &str| if mail.sealed { config.secret.open(kept) } else { Ok(kept.to_owned()) };
    Ok(Opened { text: plain(&mail.body_text)?, html: plain(&mail.body_html)? })
}

/// The message: text and HTML side by side, and the calendar beside them and as a file.
/// `readable` keeps Chinese readable in the file itself, for mails that are written to a folder.
pub(super) fn build(
    config: &Config,
    mail: &Outgoing,
    body: &Opened,
    now: DateTime<Utc>,
    readable: bool,
) -> Result<Message, Fault> {
    let from: Mailbox = config.mail_from.parse().map_err(|error| Fault::other(format!("YLH_MAIL_FROM: {error}")))?;
    // Parsed again, so that a row that was written by hand cannot name a second recipient.
    let address = Address::parse(&mail.recipient).ok_or_else(|| Fault::other("the address cannot be written to"))?;
    let address =
        address.as_str().parse().map_err(|error| Fault::other(format!("the address cannot be written to: {error}")))?;
    let name = Some(mail.recipient_name.clone()).filter(|name| !name.is_empty());
    let header =
        |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let part = |kind: ContentType, text: &str| {
        // RFC 5322 2.1.1: a line that is not encoded has at most 998 bytes.
        let plain = readable && text.lines().all(|line| line.len() < 998);
        let part = SinglePart::builder().header(kind);
        if plain {
            let lines: Vec<&str> = text.lines().collect();
            part.body(Body::dangerous_pre_encoded(lines.join("\r\n").into_bytes(), ContentTransferEncoding::EightBit))
        } else {
            part.body(text.to_owned())
        }
    };
    let mut words = MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, &body.text))
        .singlepart(part(ContentType::TEXT_HTML, &body.html));
    let whole = match &mail.calendar {
        None => words,
        Some(calendar) => {
            let kind = |method: &str| {
                ContentType::parse(&format!("text/calendar; charset=utf-8{method}"))
                    .map_err(|error| Fault::other(format!("the type of a calendar: {error}")))
            };
            let method = calendar.lines().find_map(|line| line.trim().strip_prefix("METHOD:"));
            let method = method.filter(|word| word.bytes().all(|byte| byte.is_ascii_uppercase()));
            words = words
                .singlepart(part(kind(&method.map(|word| format!("; method={word}")).unwrap_or_default())?, calendar));
            let file = Attachment::new(CALENDAR_NAME.to_owned()).body(calendar.clone(), kind("")?);
            MultiPart::mixed().multipart(words).singlepart(file)
        }
    };
    Message::builder()
        .from(from)
        .to(Mailbox::new(name, address))
        .subject(mail.subject.clone())
        .date(now.into())
        .message_id(Some(mail.message_id.clone()))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .multipart(whole)
        .doing("building a mail")
}

/// What is kept of a letter that held a link, once the link need not be sent any more: nothing of
/// one that somebody waited for at a screen (its digits act as well), else all but the tokens.
pub(super) fn kept(mail: &Outgoing, body: &Opened) -> Opened {
    if mail.urgent {
        return Opened { text: String::new(), html: String::new() };
    }
    Opened { text: without_tokens(&body.text), html: without_tokens(&body.html) }
}

/// The text with everything that may be a token (32 characters of a URL in one run) left out.
pub(super) fn without_tokens(text: &str) -> String {
    let is_token = |each: char| each.is_ascii_alphanumeric() || each == '-' || each == '_';
    let mut left = String::with_capacity(text.len());
    let mut run = String::new();
    for each in text.chars().chain(std::iter::once('\n')) {
        if is_token(each) {
            run.push(each);
            continue;
        }
        left.push_str(if run.len() >= 32 { "[…]" } else { &run });
        run.clear();
        left.push(each);
    }
    left.pop();
    left
}

/// A server's words with every address taken out, short enough to be shown.
pub(super) fn without_addresses(words: &str) -> String {
    let mut left = String::new();
    let mut word = String::new();
    let is_part = |each: char| each.is_alphanumeric() || "@.!#$%&'*+-/=?^_`{|}~\"\\".contains(each);
    for each in words.chars().take(400).chain(std::iter::once(' ')) {
        if is_part(each) {
            word.push(each);
            continue;
        }
        left.push_str(if word.contains('@') { "[…]" } else { &word });
        word.clear();
        left.push(if each.is_control() { ' ' } else { each });
    }
    left.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_letter_has_lost_its_token() {
        let token = crate::secret::token();
        let text =
            format!("点开 http://hall.example/introductions/{token} 就好。\n<a href=\"/introductions/{token}\">");
        let left = without_tokens(&text);
        assert!(!left.contains(&token));
        assert_eq!(left, "点开 http://hall.example/introductions/[…] 就好。\n<a href=\"/introductions/[…]\">");
        assert_eq!(without_tokens("对接号 12-3"), "对接号 12-3");
    }

    #[test]
    fn a_reply_is_kept_without_addresses() {
        let said = "5.1.1 <zhao.li+x@mail.example>: Recipient address rejected (\"a b\"@c.example)";
        assert_eq!(without_addresses(said), "5.1.1 <[…]>: Recipient address rejected (\"a […])");
    }
}
