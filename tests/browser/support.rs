//! A real browser, a running site and a mail server, for the tests that play people.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;

/// A child process that ends with the test.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program, with the settings of one site.
pub(crate) struct Site {
    pub(crate) url: String,
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Site {
    /// A site on SQLite under `folder` that sends its mail to `smtp`.
    pub(crate) fn new(folder: &Path, smtp: &str) -> Self {
        let port = free_port();
        let url = format!("http://127.0.0.1:{port}");
        let settings = vec![
            ("YLH_DATABASE_URL", format!("sqlite://{}", folder.join("park.db").display())),
            ("YLH_DATA_DIR", folder.display().to_string()),
            ("YLH_LISTEN", format!("127.0.0.1:{port}")),
            ("YLH_BASE_URL", url.clone()),
            ("YLH_SMTP_URL", smtp.to_owned()),
            ("YLH_MAIL_FROM", "永链荟 <hall@park.example>".to_owned()),
            ("YLH_DESK_EMAIL", "desk@park.example".to_owned()),
            ("YLH_READS_PER_MINUTE", "0".to_owned()),
            ("YLH_LOG", "warn".to_owned()),
        ];
        Self { url, folder: folder.to_owned(), settings }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yonglianhui"));
        command.args(arguments).envs(self.settings.iter().map(|(key, value)| (key, value))).current_dir(&self.folder);
        command
    }

    /// Runs a command to its end and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts `serve` and waits until it says READY.
    pub(crate) fn serve(&self) -> Running {
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        assert_eq!(line, format!("READY {}", self.url));
        Running(child)
    }

    /// Starts `demo` in a folder of its own and waits until it says READY.
    pub(crate) fn demo(&self) -> Running {
        let address = self.url.trim_start_matches("http://");
        let arguments = ["demo", "--listen", address, "--dir", "demo"];
        let mut child = Command::new(env!("CARGO_BIN_EXE_yonglianhui"))
            .args(arguments)
            .env("YLH_LOG", "warn")
            .current_dir(&self.folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line == format!("READY {}", self.url)), "the demo did not start");
        Running(child)
    }
}

/// How somebody's browser shows pages.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    ChineseLight,
    EnglishDark,
}

/// The driver of the browsers.
pub(crate) struct Driver {
    url: String,
    _child: Running,
}

impl Driver {
    /// Starts the driver that `YLH_TEST_DRIVER` names; `None` when no browser was named.
    pub(crate) fn start() -> Option<Self> {
        let (Ok(driver), Ok(_)) = (std::env::var("YLH_TEST_DRIVER"), std::env::var("YLH_TEST_BROWSER")) else {
            return None;
        };
        let mut child =
            Command::new(driver).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let started = lines.by_ref().map(Result::unwrap).find(|line| line.contains("successfully on port")).unwrap();
        // What it says from now on is thrown away, but must be read, or it would wait.
        std::thread::spawn(move || lines.for_each(drop));
        let port: String =
            started.chars().rev().skip_while(|each| !each.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        let port: String = port.chars().rev().collect();
        Some(Self { url: format!("http://127.0.0.1:{port}"), _child: Running(child) })
    }

    /// A person with a browser profile of their own.
    pub(crate) async fn person(&self, profile: &Path, name: &'static str, site: &Site) -> Person {
        self.guest(profile, name.to_owned(), site, Look::ChineseLight).await
    }

    /// A person whose browser prefers a language and a palette.
    pub(crate) async fn guest(&self, profile: &Path, name: String, site: &Site, look: Look) -> Person {
        let (tag, languages, scheme) = match look {
            Look::ChineseLight => ("zh-CN", "zh-CN,zh", 1),
            Look::EnglishDark => ("en", "en", 0),
        };
        let arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--window-size=1440,1000",
        ]
        .iter()
        .map(|each| (*each).to_owned())
        .chain([
            format!("--user-data-dir={}", profile.join(&name).display()),
            format!("--lang={tag}"),
            format!("--blink-settings=preferredColorScheme={scheme}"),
        ])
        .collect();
        let options = serde_json::json!({
            "args": arguments,
            "binary": std::env::var("YLH_TEST_BROWSER").unwrap(),
            "prefs": { "intl.accept_languages": languages },
        });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let begun = Instant::now();
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&self.url).await {
                Ok(client) => break client,
                Err(error) if begun.elapsed() > Duration::from_secs(60) => {
                    panic!("the browser does not start: {error}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        };
        Person { client, name, site: site.url.clone(), looks: std::cell::Cell::new(0) }
    }
}

/// Somebody before a browser.
pub(crate) struct Person {
    client: Client,
    name: String,
    site: String,
    looks: std::cell::Cell<u32>,
}

impl Person {
    /// Opens a path of the site, or a whole address from a mail.
    pub(crate) async fn open(&self, path: &str) {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.site) };
        self.client.goto(&url).await.unwrap();
    }

    /// Signs in as a guest of the demo, with the digits that its page shows.
    pub(crate) async fn signs_in_to_demo(&self, email: &str) {
        self.open("/sign-in").await;
        self.fill("email", email).await;
        self.client.execute("document.querySelector('main form').requestSubmit()", Vec::new()).await.unwrap();
        let code = self.client.wait().for_element(Locator::Css("#demo-code")).await.unwrap().text().await.unwrap();
        self.fill("code", code.trim()).await;
        self.client.execute("document.querySelector('main form').requestSubmit()", Vec::new()).await.unwrap();
        self.client.wait().for_element(Locator::Css("a[href='/my']")).await.unwrap();
    }

    /// Runs a script that hands its answer to the last of its arguments.
    pub(crate) async fn runs(&self, script: &str) -> serde_json::Value {
        self.client.execute_async(script, Vec::new()).await.unwrap()
    }

    /// How wide the page is, and the screen.
    pub(crate) async fn width(&self) -> (u64, u64) {
        let number = async |script| self.client.execute(script, Vec::new()).await.unwrap().as_u64().unwrap();
        (number("return document.documentElement.scrollWidth").await, number("return window.innerWidth").await)
    }

    /// The path of the page.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// What a person reads in the main part of the page.
    pub(crate) async fn reads(&self) -> String {
        self.client.find(Locator::Css("main")).await.unwrap().text().await.unwrap()
    }

    /// Fails with the page's text unless it says `words`.
    #[track_caller]
    pub(crate) fn expects(&self, words: &'static str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let text = self.reads().await;
            assert!(
                text.contains(words),
                "{place}: {} reads at {} and not {words:?}:\n{text}",
                self.name,
                self.path().await
            );
        }
    }

    /// Writes `value` into the field `name` in place of what it holds; chooses it in a list or
    /// among radio buttons.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        let script = r"
            const [name, value] = arguments;
            const fields = [...document.querySelectorAll(`main [name='${name}']`)].filter(each => each.type !== 'hidden');
            if (!fields.length) return `no field ${name}`;
            const first = fields[0];
            if (first.type === 'radio' || (first.type === 'checkbox' && value !== 'yes')) {
                const found = fields.find(each => each.value === value);
                if (!found) return `no choice ${value} of ${name}`;
                found.checked = true;
            } else if (first.type === 'checkbox') {
                first.checked = true;
            } else if (first.tagName === 'SELECT') {
                const found = [...first.options].find(each => each.value === value || each.text.trim() === value);
                if (!found) return `no choice ${value} of ${name}: ` + [...first.options].map(each => each.value);
                first.value = found.value;
            } else {
                first.value = value;
            }
            for (const kind of ['input', 'change']) first.dispatchEvent(new Event(kind, {bubbles: true}));
            return '';
        ";
        let told = self.client.execute(script, vec![name.into(), value.into()]).await.unwrap();
        assert_eq!(told, "", "{} at {}:\n{}", self.name, self.path().await, self.reads().await);
    }

    /// Types into the field `name`, key by key.
    pub(crate) async fn types(&self, name: &str, text: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await.unwrap();
        field.click().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses one key in the field `name`.
    pub(crate) async fn key(&self, name: &str, key: fantoccini::key::Key) {
        let field = self.client.find(Locator::Css(&format!("main [name='{name}']"))).await.unwrap();
        field.send_keys(&char::from(key).to_string()).await.unwrap();
    }

    /// What a line of script says of the page.
    pub(crate) async fn evaluate(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until the path of the page begins so.
    pub(crate) async fn comes_to(&self, path: &str) {
        for _ in 0..400 {
            if self.path().await.starts_with(path) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{} is at {} and not at {path}", self.name, self.path().await);
    }

    /// Takes the first of the radio buttons called `name`.
    pub(crate) async fn choose_first(&self, name: &str) {
        self.client
            .find(Locator::Css(&format!("main input[type=radio][name='{name}']")))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }

    /// Presses the button or link that reads `words`, and waits for the next page.
    pub(crate) async fn press(&self, words: &str) {
        let xpath = format!(
            "//main//button[normalize-space()='{words}'] | //main//a[normalize-space()='{words}'] | //header//button[normalize-space()='{words}']"
        );
        // A link may go on in words for those who cannot see what it stands beside.
        let longer = format!("//main//a[starts-with(normalize-space(), '{words}')]");
        let found = match self.client.find(Locator::XPath(&xpath)).await {
            Ok(found) => Ok(found),
            Err(_) => self.client.find(Locator::XPath(&longer)).await,
        };
        let Ok(found) = found else {
            panic!(
                "{} finds nothing to press that reads {words} at {}:\n{}",
                self.name,
                self.path().await,
                self.reads().await
            );
        };
        self.client
            .execute(
                "arguments[0].scrollIntoView({block: 'center'}); window.stays = true;",
                vec![serde_json::to_value(&found).unwrap()],
            )
            .await
            .unwrap();
        found.click().await.unwrap();
        for _ in 0..200 {
            let moved =
                self.client.execute("return !window.stays && document.readyState === 'complete'", Vec::new()).await;
            if matches!(moved, Ok(serde_json::Value::Bool(true))) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{} pressed {words} at {} and no page came:\n{}", self.name, self.path().await, self.reads().await);
    }

    /// Keeps pictures of the page at 1440 and 360 pixels, and looks that nothing overflows.
    pub(crate) async fn looks(&self, what: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        self.looks.set(self.looks.get() + 1);
        for width in [360, 1440] {
            let size = serde_json::json!({ "width": width, "height": 900 });
            self.client.set_window_size(width, 900).await.unwrap();
            let wide = self.client.execute("return document.documentElement.scrollWidth", Vec::new()).await.unwrap();
            let inner = self.client.execute("return window.innerWidth", Vec::new()).await.unwrap();
            assert!(
                wide.as_u64() <= inner.as_u64().max(size["width"].as_u64()),
                "{what} is {wide} pixels wide on a screen of {inner}"
            );
            let tall = self.client.execute("return document.documentElement.scrollHeight", Vec::new()).await.unwrap();
            let tall = u32::try_from(tall.as_u64().unwrap().clamp(600, 5000)).unwrap();
            self.client.set_window_size(width, tall + 120).await.unwrap();
            let picture = self.client.screenshot().await.unwrap();
            std::fs::write(folder.join(format!("{}-{:02}-{what}-{width}.png", self.name, self.looks.get())), picture)
                .unwrap();
        }
        self.client.set_window_size(1440, 1000).await.unwrap();
    }

    /// Ends the browser.
    pub(crate) async fn leaves(self) {
        self.client.close().await.ok();
    }
}
