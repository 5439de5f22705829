//! A visitor who does not despair: it hears "later", a closed door and silence, and says which it was.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use scraper::{Html, Selector};

use crate::server::Server;

/// How long a reply is waited for: longer than the program may take, so that taking longer is seen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A reply, and how long it took.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) took: Duration,
}

impl Reply {
    /// The heading of the page.
    pub(crate) fn heading(&self) -> String {
        let document = Html::parse_document(&self.body);
        document.select(&Selector::parse("h1").unwrap()).map(|each| each.text().collect::<String>()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(each, _)| each.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Somebody with cookies and the token of his forms.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    cookies: BTreeMap<String, String>,
    csrf: String,
    language: &'static str,
}

impl Client {
    /// Signs in by `link`, a path.
    pub(crate) fn signed_in(server: &Server, link: &str) -> Self {
        let mut client = Self { language: "zh-CN", ..Self::default() };
        let page = client.send(&server.address, "GET", link, "").unwrap();
        let csrf = hidden(&page.body, "csrf");
        let entered = client.send(&server.address, "POST", link, &format!("csrf={csrf}")).unwrap();
        assert_eq!(entered.status, 303, "{}", entered.body);
        let form = client.send(&server.address, "GET", "/needs/new", "").unwrap();
        client.csrf = hidden(&form.body, "csrf");
        client
    }

    /// Reads pages in English.
    pub(crate) fn in_english() -> Self {
        Self { language: "en", ..Self::default() }
    }

    pub(crate) fn get(&mut self, server: &Server, path: &str) -> io::Result<Reply> {
        self.send(&server.address, "GET", path, "")
    }

    /// Posts a whole need and sends it to staff; the title is its form's key as well.
    pub(crate) fn post_need(&mut self, address: &str, title: &str) -> io::Result<Reply> {
        let fields = [
            ("csrf", self.csrf.as_str()),
            ("key", title),
            ("do", "submit"),
            ("need_type", "technical"),
            ("title", title),
            ("teaser", "柚皮果胶得率只有百分之八,想提到百分之十四"),
            ("zone", "food"),
            ("problem", "现用酸提法,废水多,得率低。"),
            ("targets", "得率 | 8 | 14 | %"),
            ("use_case", "罐头厂的柚皮"),
            ("budget", "20_50"),
            ("cooperation", "development"),
            ("industry", "1453"),
            ("decision_agreed", "yes"),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(address, "POST", "/needs", &body)
    }

    /// Any request with a form; a broken or closed connection is an error, and so is half a reply.
    pub(crate) fn send(&mut self, address: &str, method: &str, path: &str, body: &str) -> io::Result<Reply> {
        let started = Instant::now();
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        // A browser sends what is not ASCII in an address as percent signs.
        let path: String = path
            .bytes()
            .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\naccept-language: {}\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.language,
            cookies.join("; "),
            body.len(),
        );
        let (head, body) = talk(address, request.as_bytes())?;
        for line in head.lines().skip(1) {
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("set-cookie")
                && let Some((name, value)) = value.split(';').next().and_then(|pair| pair.split_once('='))
            {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        Ok(Reply { status, head, body, took: started.elapsed() })
    }
}

/// Sends bytes and reads until the other side closes; the head and the body of what came.
fn talk(address: &str, request: &[u8]) -> io::Result<(String, String)> {
    let address: SocketAddr = address.parse().unwrap();
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.write_all(request)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok((head.to_owned(), body.to_owned()))
}

fn hidden(page: &str, name: &str) -> String {
    let document = Html::parse_document(page);
    let css = Selector::parse(&format!("main form input[name='{name}']")).unwrap();
    let field = document.select(&css).next().unwrap_or_else(|| panic!("no {name} in:\n{page}"));
    field.attr("value").unwrap().to_owned()
}

/// What became of one post.
#[derive(Debug, Clone)]
pub(crate) struct Posted {
    pub(crate) title: String,
    /// The status; `None` when the connection was refused, broke, or stayed silent.
    pub(crate) status: Option<u16>,
    pub(crate) took: Duration,
}

/// People who post one need after the other until they are told to stop.
pub(crate) struct Posters {
    stop: Arc<AtomicBool>,
    saved: Arc<AtomicU64>,
    threads: Vec<JoinHandle<Vec<Posted>>>,
}

impl Posters {
    /// `many` of them, all with the session of `client`; `tag` tells their titles apart from other posters'.
    pub(crate) fn start(address: &str, client: &Client, many: usize, tag: &str) -> Self {
        let (stop, saved) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let threads = (0..many)
            .map(|poster| {
                let (stop, saved) = (Arc::clone(&stop), Arc::clone(&saved));
                let (mut client, address, tag) = (client.clone(), address.to_owned(), tag.to_owned());
                std::thread::spawn(move || {
                    let mut all = Vec::new();
                    while !stop.load(Ordering::Relaxed) {
                        let title = format!("needof{tag}x{poster}x{}", all.len());
                        let started = Instant::now();
                        let reply = client.post_need(&address, &title);
                        let status = reply.as_ref().ok().map(|reply| reply.status);
                        saved.fetch_add(u64::from(status == Some(303)), Ordering::Relaxed);
                        all.push(Posted { title, status, took: started.elapsed() });
                        if status != Some(303) {
                            // Nobody presses a button that does not work a thousand times a second.
                            std::thread::sleep(Duration::from_millis(20));
                        }
                    }
                    all
                })
            })
            .collect();
        Self { stop, saved, threads }
    }

    /// How many posts were answered as saved so far.
    pub(crate) fn saved(&self) -> u64 {
        self.saved.load(Ordering::Relaxed)
    }

    /// Tells them to stop, and hears what became of each post.
    pub(crate) fn stop(self) -> Vec<Posted> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    }
}

/// The titles that were answered as saved.
pub(crate) fn saved(posts: &[Posted]) -> Vec<&str> {
    posts.iter().filter(|post| post.status == Some(303)).map(|post| post.title.as_str()).collect()
}

/// How many posts ended with each status; no status is 0.
pub(crate) fn by_status(posts: &[Posted]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for post in posts {
        *counts.entry(post.status.unwrap_or(0)).or_default() += 1;
    }
    counts
}
