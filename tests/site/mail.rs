//! Mail: what leaves, what does not, how often, and what staff see of it. Every test talks to a
//! real mail server on loopback whose rules say what goes wrong.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use yonglianhui::{
    db::{Read as _, Tx},
    fault::Fault,
    id::{ConsentId, MailId},
    introduction::{pass, propose},
    mail::{self, Address, Letter, Mail, Reason, Status, deliver::Post, store},
    member::Role,
    words::Language,
};

use crate::support::{
    TestApp,
    sink::{Rule, Sink, Step},
};

const ZHAO: &str = "zhao@jinfeng.example";
const LI: &str = "li@other.example";

/// A letter of the site; any template does.
fn letter(site: &TestApp, to: &str) -> Letter {
    let view = json!({ "site": "永链荟", "code": "000000", "link": "http://hall.example/needs/1", "minutes": 20 });
    let letter = mail::compose(&site.app, Language::Chinese, "member/sign_in", &view).unwrap();
    letter.to(Address::parse(to).expect("a test address is one"), "赵丽")
}

async fn enqueue(site: &TestApp, letter: Letter) -> MailId {
    site.app.db.write(async |tx| mail::enqueue(tx, &site.app, letter).await).await.unwrap()
}

async fn write(site: &TestApp, to: &str) -> MailId {
    enqueue(site, letter(site, to)).await
}

/// A letter whose link acts for its reader; returns the link's token.
async fn write_linked(site: &TestApp, to: &str, about: &str) -> (MailId, String) {
    let token = yonglianhui::secret::token();
    let view = json!({ "site": "永链荟", "code": "000000", "link": format!("http://hall.example/introductions/{token}"), "minutes": 20 });
    let letter = mail::compose(&site.app, Language::Chinese, "member/sign_in", &view).unwrap();
    let letter = letter.to(Address::parse(to).unwrap(), "赵丽").about(about).sealed();
    (enqueue(site, letter).await, token)
}

async fn found(site: &TestApp, id: MailId) -> Mail {
    store::by_id(&site.app.db, id).await.unwrap().expect("the mail is there")
}

async fn status(site: &TestApp, id: MailId) -> Status {
    found(site, id).await.status
}

/// Everything that the outbox keeps of its letters.
async fn kept(site: &TestApp) -> String {
    let db = site.app.db.reader();
    let statement = "SELECT subject || body_text || body_html || reply AS kept FROM mails";
    let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), statement)).await.unwrap();
    rows.iter().map(|row| row.try_get::<String>("", "kept").unwrap()).collect()
}

async fn execute(site: &TestApp, statement: &str) {
    site.app.db.reader().execute_unprepared(statement).await.unwrap();
}

// ── What leaves ──────────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_letter_is_one_mail_to_one_person_in_his_language() {
    let site = TestApp::start().await;
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mails = site.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipients, [ZHAO]);
    assert_eq!(mails[0].from, "noreply@yonglianhui.example");
    let parsed = mails[0].parsed();
    assert_eq!(parsed.subject, "登录永链荟");
    assert_eq!(parsed.to, [("赵丽".to_owned(), ZHAO.to_owned())]);
    assert_eq!(parsed.from, ("永链荟".to_owned(), "noreply@yonglianhui.example".to_owned()));
    assert!(parsed.text.contains("http://hall.example/needs/1") && parsed.html.contains("http://hall.example/needs/1"));
    assert!(parsed.message_id.ends_with("@yonglianhui.example"));
    assert_eq!(parsed.header("Auto-Submitted"), "auto-generated");
    assert_eq!(parsed.header("X-Auto-Response-Suppress"), "All");
    assert!(parsed.header("Date").starts_with("Mon, 02 Nov 2026 01:00:00"), "{}", parsed.header("Date"));
    assert!(mails[0].raw.is_ascii(), "a mail of 8-bit bytes is refused by old servers");
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.attempts, mail.reply_code), (Status::Sent, 1, Some(250)));
    assert_eq!((mail.sent_at, mail.due_at), (Some(site.app.clock.now()), None));
}

#[actix_web::test]
async fn a_calendar_goes_beside_the_words_and_as_a_file() {
    let site = TestApp::start().await;
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:对接会面\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    enqueue(&site, letter(&site, ZHAO).with_calendar(calendar.to_owned())).await;
    site.run_until_idle().await;
    let parsed = site.sink.last_to(ZHAO);
    assert_eq!(parsed.calendar.as_deref(), Some(calendar));
    assert_eq!(parsed.files, [("会面日程.ics".to_owned(), calendar.to_owned())]);
    assert!(parsed.text.contains("登录") && parsed.html.contains("<html"));
    let raw = String::from_utf8(site.mails()[0].raw.clone()).unwrap();
    assert!(raw.contains("text/calendar; charset=utf-8; method=REQUEST"), "{raw}");
}

#[actix_web::test]
async fn what_was_rolled_back_is_never_sent() {
    let site = TestApp::start().await;
    let undone = site
        .app
        .db
        .write(async |tx: &Tx| {
            mail::enqueue(tx, &site.app, letter(&site, ZHAO)).await?;
            Err::<(), Fault>(Fault::other("the fact did not come true"))
        })
        .await;
    assert!(undone.is_err());
    site.run_until_idle().await;
    assert!(site.mails().is_empty());
}

#[actix_web::test]
async fn without_a_mail_server_letters_are_written_to_files_that_can_be_read() {
    let site = TestApp::start_with(|config| config.smtp_url = None).await;
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    assert_eq!(status(&site, id).await, Status::Sent);
    let folder = site.folder().join("mail");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    let name = files[0].file_stem().unwrap().to_str().unwrap();
    assert_eq!(files[0].extension().unwrap(), "eml");
    assert!(text.contains(&format!("Message-ID: <{name}>")) && text.contains("http://hall.example/needs/1"), "{text}");
    assert!(text.contains("这封信由永链荟"), "Chinese is readable in the file itself:\n{text}");
}

#[actix_web::test]
async fn nothing_that_is_typed_becomes_a_header_or_a_second_recipient() {
    let site = TestApp::start().await;
    let names = [
        "赵丽",
        "赵\r\nBcc: thief@evil.example",
        "a\nSubject: no",
        "a\0b",
        "a\u{2028}Bcc: thief@evil.example",
        "=?utf-8?q?=0D=0ABcc:_thief@evil.example?=",
        "\"q\", <thief@evil.example>",
        "Zhao Li <thief@evil.example>, x",
        "; charset=\"utf-8\" (comment) \\",
        "\u{202e}drawkcab",
    ];
    write(&site, ZHAO).await;
    site.run_until_idle().await;
    let usual: BTreeSet<String> = site.mails()[0].parsed().headers.into_iter().map(|(name, _)| name).collect();
    site.sink.forget();
    for name in names {
        let view = json!({ "site": name, "code": name, "link": name, "minutes": 20 });
        let letter = mail::compose(&site.app, Language::Chinese, "member/sign_in", &view).unwrap();
        enqueue(&site, letter.to(Address::parse(ZHAO).unwrap(), name)).await;
        site.run_until_idle().await;
        let mails = site.mails();
        assert_eq!(mails.len(), 1, "{name:?}");
        assert_eq!(mails[0].recipients, [ZHAO], "{name:?}");
        let parsed = mails[0].parsed();
        let headers: BTreeSet<String> = parsed.headers.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(headers, usual, "{name:?} has added a header");
        let addresses: Vec<&str> = parsed.to.iter().map(|(_, address)| address.as_str()).collect();
        assert_eq!(addresses, [ZHAO], "{name:?} has become a recipient");
        site.sink.forget();
    }
    assert!(kept(&site).await.contains("Bcc: thief"), "the text is kept as it was typed; it is only no header");
}

#[actix_web::test]
async fn what_is_typed_is_text_in_every_part_of_a_letter() {
    let corpus = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>按我</a>",
        "{{ config }} {% for a in b %}",
        "</td></table><style>*{display:none}</style>",
        "&lt;b&gt; &amp;amp; <b>",
        "\u{2028}<iframe srcdoc=x>",
    ];
    let site = TestApp::start().await;
    let (firm, team) = (site.enterprise("firm").await, site.team_with("team", 50).await);
    site.live_result(&team, "柚皮果胶提取").await;
    let broker = site.appointed(Role::Broker).await;
    for evil in corpus.into_iter().take(5) {
        let need = site.live_need(&firm, &format!("柚皮{evil}")).await;
        site.run_until_idle().await;
        let reason = format!("我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。{evil}");
        let id = propose::propose(&site.app, firm.member, need, team.id, &reason, "").await.unwrap();
        pass::pass(&site.app, broker, id).await.unwrap();
        site.run_until_idle().await;
        let mail = site.mails_to(&team.email).pop().unwrap();
        assert!(mail.subject.contains(evil), "the subject is not as it was typed: {}", mail.subject);
        assert!(mail.text.contains(&reason), "the text is not as it was typed: {}", mail.text);
        is_inert(&mail.html, evil);
    }
    for evil in corpus {
        let view = json!({ "site": evil, "code": evil, "link": "http://hall.example/needs/1", "minutes": 20 });
        let letter = mail::compose(&site.app, Language::Chinese, "member/sign_in", &view).unwrap();
        enqueue(&site, letter.to(Address::parse(ZHAO).unwrap(), evil)).await;
        site.run_until_idle().await;
        let mail = site.mails_to(ZHAO).pop().unwrap();
        assert!(mail.text.contains(evil), "the text is not as it was typed: {}", mail.text);
        is_inert(&mail.html, evil);
    }
}

/// What was typed is text of the letter's HTML: no element, no attribute came of it.
fn is_inert(html: &str, evil: &str) {
    let page = scraper::Html::parse_document(html);
    let active =
        scraper::Selector::parse("script, img, svg, iframe, body style, [onerror], [onload], [srcdoc]").unwrap();
    let found: Vec<String> = page.select(&active).map(|each| each.html()).collect();
    assert!(found.is_empty(), "{evil:?} has become {found:?}");
    let links = scraper::Selector::parse("a[href]").unwrap();
    let links: Vec<&str> = page.select(&links).filter_map(|link| link.attr("href")).collect();
    assert!(links.iter().all(|link| link.starts_with("http")), "{evil:?} has become a link: {links:?}");
    let text: String = page.root_element().text().collect();
    assert!(text.contains(evil), "{evil:?} is not there to be read: {text}");
}

// ── What goes wrong ──────────────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_greylisted_letter_goes_out_later() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).says("450 4.7.1 greylisted, come back").times(1));
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.attempts, mail.reason()), (Status::Queued, 1, Some(Reason::Later)));
    assert!(store::trouble(&site.app.db, 10).await.unwrap().is_empty(), "a delay is no trouble");
    site.forward(TimeDelta::minutes(5) - TimeDelta::seconds(1));
    site.run_until_idle().await;
    assert_eq!(site.sink.tries_of(ZHAO), 1, "it was tried again too early");
    site.forward(TimeDelta::minutes(2));
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.attempts), (Status::Sent, 2));
    assert_eq!(site.mails().len(), 1);
}

#[actix_web::test]
async fn an_address_that_does_not_exist_is_a_task_at_once() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).says("550 5.1.1 <zhao@jinfeng.example>: no such user"));
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reason(), mail.due_at), (Status::Failed, Some(Reason::UnknownAddress), None));
    assert_eq!((mail.reply_code, mail.reply.as_str()), (Some(550), "5.1.1 <[…]>: no such user"));
    // Nothing more is sent there, and staff see that too.
    let next = write(&site, ZHAO).await;
    let other = write(&site, LI).await;
    site.forward(TimeDelta::days(1));
    site.run_until_idle().await;
    assert_eq!(status(&site, next).await, Status::Suppressed);
    assert_eq!(status(&site, other).await, Status::Sent);
    assert_eq!(site.sink.tries_of(ZHAO), 1);
    let trouble: Vec<MailId> = store::trouble(&site.app.db, 10).await.unwrap().iter().map(|mail| mail.id).collect();
    assert_eq!(trouble, [next, id]);
    let db = site.app.db.reader();
    let statement = sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT address_hash || reason AS kept FROM suppressions",
    );
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    assert!(
        !row.try_get::<String>("", "kept").unwrap().contains("zhao"),
        "a suppressed address is kept as a hash alone"
    );
}

#[actix_web::test]
async fn letters_that_wait_already_are_held_back_too() {
    let site = TestApp::start().await;
    let first = write(&site, ZHAO).await;
    site.sink.rule(Rule::to(ZHAO).says("450 4.7.1 later").times(1));
    site.run_until_idle().await;
    site.sink.mend();
    site.sink.rule(Rule::to(ZHAO).says("550 5.1.1 no such user"));
    let second = write(&site, ZHAO).await;
    site.run_until_idle().await;
    assert_eq!(status(&site, second).await, Status::Failed);
    site.forward(TimeDelta::minutes(10));
    site.run_until_idle().await;
    assert_eq!(status(&site, first).await, Status::Suppressed);
    assert_eq!(site.sink.tries_of(ZHAO), 2);
}

#[actix_web::test]
async fn a_refusal_of_the_letter_says_nothing_of_the_address() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).at(Step::Dot).says("550 5.7.1 looks like spam").times(1));
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reason()), (Status::Failed, Some(Reason::Policy)));
    let next = write(&site, ZHAO).await;
    site.run_until_idle().await;
    assert_eq!(status(&site, next).await, Status::Sent);
}

#[actix_web::test]
async fn a_full_mailbox_is_tried_for_five_days() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).says("452 4.2.2 mailbox full"));
    let id = write(&site, ZHAO).await;
    for _ in 0..5 * 24 {
        site.run_until_idle().await;
        assert_eq!(status(&site, id).await, Status::Queued);
        site.forward(TimeDelta::hours(1));
    }
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reason(), mail.due_at), (Status::Expired, Some(Reason::MailboxFull), None));
    assert!((25..=40).contains(&mail.attempts), "{} tries in five days", mail.attempts);
    site.forward(TimeDelta::days(1));
    site.run_until_idle().await;
    assert_eq!(i64::try_from(site.sink.tries_of(ZHAO)).unwrap(), mail.attempts);
}

#[actix_web::test]
async fn one_domain_that_is_busy_holds_nobody_else_up() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to("@busy.example").says("421 4.7.0 too many connections from you"));
    let mut others = Vec::new();
    for number in 0..20 {
        write(&site, &format!("a{number}@busy.example")).await;
        others.push(write(&site, &format!("a{number}@other.example")).await);
    }
    site.run_until_idle().await;
    for id in others {
        assert_eq!(status(&site, id).await, Status::Sent);
    }
    let tries =
        |site: &TestApp| (0..20).map(|number| site.sink.tries_of(&format!("a{number}@busy.example"))).sum::<usize>();
    // Those that were under way at once when it first asked for rest.
    assert!(tries(&site) <= 5, "{} tries at a server that asked for rest", tries(&site));
    site.sink.mend();
    site.forward(TimeDelta::minutes(8));
    site.run_until_idle().await;
    assert_eq!(site.mails().len(), 40);
}

#[actix_web::test]
async fn a_mail_server_that_is_down_loses_nothing() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = TestApp::start_with(|config| config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"))).await;
    for number in 0..50 {
        write(&site, &format!("a{number}@jinfeng.example")).await;
    }
    for _ in 0..10 {
        site.run_until_idle().await;
        site.forward(TimeDelta::minutes(1));
    }
    assert_eq!(store::queued(&site.app.db).await.unwrap(), 50);
    let waiting = store::waiting(&site.app.db, 100).await.unwrap();
    assert!(waiting.iter().any(|mail| mail.reason() == Some(Reason::Unreached)));
    assert!(
        waiting.iter().map(|mail| mail.attempts).sum::<i64>() < 20,
        "a server that is down is asked now and then, not for every letter"
    );
    assert!(waiting.iter().all(|mail| mail.attempts == 0), "what never reached the server was no try");
    let sink = Sink::start_on(port).await;
    // One step of back-off, with its jitter.
    site.forward(TimeDelta::seconds(144));
    site.run_until_idle().await;
    assert_eq!(sink.mails().len(), 50);
}

#[actix_web::test]
async fn a_mail_server_that_says_nothing_holds_up_nothing_for_long() {
    let mut site = TestApp::start().await;
    for rule in [
        Rule::everybody().hangs_after_greeting(),
        Rule::everybody().at(Step::Connect).hangs(),
        Rule::everybody().hangs(),
    ] {
        site.app.post = Post::patient(&site.app.config, Duration::from_millis(200)).unwrap();
        site.sink.rule(rule);
        let id = write(&site, ZHAO).await;
        let started = std::time::Instant::now();
        site.run_until_idle().await;
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
        let mail = found(&site, id).await;
        assert_eq!((mail.status, mail.reason()), (Status::Queued, Some(Reason::Unreached)));
        site.sink.mend();
        site.forward(TimeDelta::minutes(10));
        site.run_until_idle().await;
        assert_eq!(status(&site, id).await, Status::Sent);
    }
    assert_eq!(site.mails().len(), 3);
}

#[actix_web::test]
async fn a_mail_server_that_is_down_for_five_days_ends_all_letters() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = TestApp::start_with(|config| config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"))).await;
    let mut all = Vec::new();
    for number in 0..30 {
        all.push(write(&site, &format!("a{number}@jinfeng.example")).await);
    }
    let (linked, token) = write_linked(&site, ZHAO, "introduction:1").await;
    all.push(linked);
    for _ in 0..5 * 24 {
        site.run_until_idle().await;
        assert_eq!(store::queued(&site.app.db).await.unwrap(), 31);
        site.forward(TimeDelta::hours(1));
    }
    site.run_until_idle().await;
    for id in all {
        let mail = found(&site, id).await;
        assert_eq!((mail.status, mail.reason()), (Status::Expired, Some(Reason::Unreached)));
    }
    assert!(!kept(&site).await.contains(&token), "a link is kept of a letter that was given up");
    // A clock that is set forward by years does not do the same.
    let id = write(&site, ZHAO).await;
    let site = site.crash_and_restart().await;
    site.forward(TimeDelta::days(400));
    site.run_until_idle().await;
    assert_eq!(status(&site, id).await, Status::Queued);
    let _sink = Sink::start_on(port).await;
    site.forward(TimeDelta::minutes(3));
    site.run_until_idle().await;
    assert_eq!(status(&site, id).await, Status::Sent);
}

#[actix_web::test]
async fn a_clock_that_gains_a_year_expires_nothing_and_one_that_is_set_back_keeps_nothing() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::everybody().says("450 4.7.1 later").times(2));
    let (first, second) = (write(&site, ZHAO).await, write(&site, LI).await);
    site.run_until_idle().await;
    site.sink.rule(Rule::to(ZHAO).says("450 4.7.1 later").times(1));
    site.forward(TimeDelta::days(400));
    site.run_until_idle().await;
    assert_eq!([status(&site, first).await, status(&site, second).await], [Status::Queued, Status::Sent]);
    let mail = found(&site, first).await;
    assert_eq!(mail.attempts, 2, "one more try, no storm of them");
    assert!(mail.due_at.unwrap() > site.app.clock.now() + TimeDelta::minutes(10));
    // Set right: everything that was written meanwhile has times that lie ahead.
    let third = write(&site, "late@jinfeng.example").await;
    site.forward(TimeDelta::days(-400) + TimeDelta::hours(-2));
    let site = site.crash_and_restart().await;
    site.run_until_idle().await;
    for id in [first, third] {
        assert_eq!(status(&site, id).await, Status::Sent, "it waits for the clock to get there again");
    }
    assert_eq!(site.mails().len(), 3);
}

#[actix_web::test]
async fn a_server_that_minds_the_sender_fails_no_letter() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::everybody().at(Step::Sender).says("530 5.7.0 authentication required").times(1));
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reply_code), (Status::Queued, Some(530)));
    site.forward(TimeDelta::minutes(1));
    site.run_until_idle().await;
    assert_eq!(status(&site, id).await, Status::Sent);
}

#[actix_web::test]
async fn a_domain_whose_server_hangs_holds_up_no_other() {
    let mut site = TestApp::start().await;
    site.app.post = Post::patient(&site.app.config, Duration::from_secs(2)).unwrap();
    site.sink.rule(Rule::to("@hangs.example").hangs());
    for number in 0..30 {
        write(&site, &format!("a{number}@hangs.example")).await;
    }
    for number in 0..30 {
        write(&site, &format!("a{number}@other{number}.example")).await;
    }
    let delivering = site.run_until_idle();
    let watching = async {
        while site.mails().len() < 30 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        (0..30).map(|number| site.sink.tries_of(&format!("a{number}@hangs.example"))).sum::<usize>()
    };
    let ((), begun) = tokio::join!(delivering, watching);
    assert!(begun <= 5, "{begun} hung at once, before the others were through");
    let tried = (0..30).map(|number| site.sink.tries_of(&format!("a{number}@hangs.example"))).sum::<usize>();
    assert!(tried <= 5, "{tried} were tried at a server that hangs");
    // Tried by one at a time until it is well.
    site.forward(TimeDelta::minutes(8));
    site.run_until_idle().await;
    let again = (0..30).map(|number| site.sink.tries_of(&format!("a{number}@hangs.example"))).sum::<usize>();
    assert_eq!(again - tried, 1, "more than one was tried at a server that hung before");
    site.leave_rest();
}

// ── What may not leave any more ──────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_consent_taken_back_before_the_claim_stops_the_letter() {
    let site = TestApp::start().await;
    let secret = "电话 0746-5559999";
    let write = async |consent: i64| {
        let view = json!({ "site": "永链荟", "code": secret, "link": "http://hall.example/my", "minutes": 20 });
        let letter = mail::compose(&site.app, Language::Chinese, "member/sign_in", &view).unwrap();
        let letter = letter.to(Address::parse(ZHAO).unwrap(), "赵丽").about("introduction:1");
        let calendar = format!("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nX-NOTE:{secret}\r\nEND:VCALENDAR\r\n");
        enqueue(&site, letter.with_calendar(calendar).discloses(ConsentId(consent))).await
    };
    let withdraw = async |consent: i64| {
        let stopped =
            site.app.db.write(async |tx: &Tx| mail::withdraw::withdraw_in(tx, ConsentId(consent)).await).await;
        stopped.unwrap()
    };
    // Queued; one by another consent leaves.
    let (queued, other) = (write(1).await, write(2).await);
    assert_eq!(withdraw(1).await, 1);
    site.run_until_idle().await;
    assert_eq!([status(&site, queued).await, status(&site, other).await], [Status::Withdrawn, Status::Sent]);
    assert_eq!(site.mails().len(), 1);
    // In a worker's hands, not handed over for good: it is not tried again.
    site.sink.rule(Rule::to(ZHAO).says("450 4.7.1 later").times(1));
    let refused = write(3).await;
    site.run_until_idle().await;
    assert_eq!(withdraw(3).await, 1);
    // Claimed by a worker that died.
    site.sink.rule(Rule::everybody().at(Step::Connect).hangs());
    let claimed = write(4).await;
    site.forward(TimeDelta::minutes(1));
    let fresh = yonglianhui::app::App { post: Post::open(&site.app.config).unwrap(), ..site.app.clone() };
    let dies = tokio::time::timeout(Duration::from_millis(500), mail::deliver::run_once(&fresh)).await;
    assert!(dies.is_err());
    assert_eq!(status(&site, claimed).await, Status::Sending);
    assert_eq!(withdraw(4).await, 0, "it is in somebody's hands, and may just be leaving");
    site.sink.mend();
    site.forward(TimeDelta::minutes(10));
    site.run_until_idle().await;
    for id in [refused, claimed] {
        let mail = found(&site, id).await;
        assert_eq!((mail.status, mail.due_at, mail.withdrawn), (Status::Withdrawn, None, true));
    }
    assert_eq!(site.mails().len(), 1);
    // The row stays as evidence, what it said does not; what was sent is not sent again.
    let rows = site.rows().await;
    let stopped: Vec<&String> = rows["mails"].iter().filter(|row| row.contains("\"stopped\":\"withdrawn\"")).collect();
    assert_eq!(stopped.len(), 3);
    assert!(stopped.iter().all(|row| !row.contains("5559999")), "{stopped:?}");
    assert_eq!(withdraw(2).await, 0);
    assert_eq!((status(&site, other).await, found(&site, other).await.withdrawn), (Status::Sent, true));
    let broker = site.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/mails/{queued}")).await;
    assert!(page.main().contains("已撤回") && !page.has("form[action$='resend']"), "{}", page.main());
    assert!(!broker.get(&format!("/desk/mails/{other}")).await.has("form[action$='resend']"));
}

#[actix_web::test]
async fn a_question_that_has_its_answer_is_not_asked_any_more() {
    let site = TestApp::start().await;
    let (firm, team) = (site.enterprise("firm").await, site.team("team").await);
    site.live_result(&team, "柚皮果胶提取").await;
    let need = site.live_need(&firm, "柚皮提取果胶得率低").await;
    site.run_until_idle().await;
    let reason = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";
    let id = propose::propose(&site.app, firm.member, need, team.id, reason, "").await.unwrap();
    site.sink.rule(Rule::to(&team.email).says("450 4.7.1 later"));
    pass::pass(&site.app, site.appointed(Role::Broker).await, id).await.unwrap();
    site.run_until_idle().await;
    // The lead finds the question on his page before its letter has come.
    let lead = site.signed_in(&team.email).await;
    let page = lead.get(&format!("/my/introductions/{id}")).await;
    lead.submit(&page, "#later form", &[]).await;
    site.sink.mend();
    site.forward(TimeDelta::minutes(10));
    site.run_until_idle().await;
    let of_introduction = store::about(&site.app.db, &yonglianhui::introduction::about(id)).await.unwrap();
    let ask = of_introduction.iter().find(|mail| mail.letter == "introduction/ask").unwrap();
    assert_eq!(ask.status, Status::Replaced, "the question came after its answer");
    assert!(site.mails_to(&team.email).iter().all(|mail| !mail.text.contains("#accept")));
}

#[actix_web::test]
async fn a_server_that_refuses_us_all_fails_no_letter() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::everybody().at(Step::Connect).says("554 5.7.1 your address is not welcome").times(1));
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reply_code), (Status::Queued, Some(554)));
    site.forward(TimeDelta::minutes(8));
    site.run_until_idle().await;
    assert_eq!(status(&site, id).await, Status::Sent);
}

#[actix_web::test]
async fn an_unanswered_dot_makes_at_most_one_copy() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).at(Step::Dot).drops());
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let mail = found(&site, id).await;
    assert_eq!((mail.status, mail.reason()), (Status::Uncertain, Some(Reason::Unanswered)));
    assert_eq!(store::trouble(&site.app.db, 10).await.unwrap().len(), 1, "staff see it at once");
    for _ in 0..48 {
        site.forward(TimeDelta::hours(1));
        site.run_until_idle().await;
    }
    assert_eq!((status(&site, id).await, site.mails().len()), (Status::Uncertain, 2));
    let ids: BTreeSet<String> = site.mails().iter().map(|mail| mail.parsed().message_id).collect();
    assert_eq!(ids.len(), 1, "a copy has its own Message-ID");
    // An answer at the second try ends the doubt.
    site.sink.mend();
    site.sink.rule(Rule::to(LI).at(Step::Dot).drops().times(1));
    let other = write(&site, LI).await;
    site.run_until_idle().await;
    site.forward(TimeDelta::minutes(20));
    site.run_until_idle().await;
    assert_eq!((status(&site, other).await, site.sink.mails_to(LI).len()), (Status::Sent, 2));
}

#[actix_web::test]
async fn a_connection_that_died_idle_is_opened_anew_at_once() {
    let site = TestApp::start().await;
    site.sink.close_idle_after(Duration::from_millis(200));
    let first = write(&site, ZHAO).await;
    site.run_until_idle().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let second = write(&site, ZHAO).await;
    site.run_until_idle().await;
    for id in [first, second] {
        let mail = found(&site, id).await;
        assert_eq!((mail.status, mail.attempts), (Status::Sent, 1));
    }
    assert_eq!((site.mails().len(), site.sink.connections()), (2, 2));
}

#[actix_web::test]
async fn a_connection_that_lives_is_used_again() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(LI).says("550 5.7.1 no").times(1));
    for to in [ZHAO, LI, ZHAO, ZHAO] {
        write(&site, to).await;
        site.run_until_idle().await;
    }
    assert_eq!((site.mails().len(), site.sink.connections()), (3, 1));
}

#[actix_web::test]
async fn the_good_one_of_two_recipients_gets_his_letter_once() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).says("451 4.3.0 not now").times(2));
    site.app
        .db
        .write(async |tx: &Tx| {
            mail::enqueue(tx, &site.app, letter(&site, ZHAO).about("introduction:1")).await?;
            mail::enqueue(tx, &site.app, letter(&site, LI).about("introduction:1")).await
        })
        .await
        .unwrap();
    for _ in 0..6 {
        site.run_until_idle().await;
        site.forward(TimeDelta::minutes(20));
    }
    assert_eq!((site.sink.mails_to(ZHAO).len(), site.sink.mails_to(LI).len()), (1, 1));
}

#[actix_web::test]
async fn a_letter_that_cannot_be_built_is_parked_and_the_others_flow() {
    let site = TestApp::start().await;
    let (poison, _) = write_linked(&site, ZHAO, "introduction:1").await;
    execute(&site, &format!("UPDATE mails SET body_text = 'broken' WHERE id = {poison}")).await;
    let good = write(&site, LI).await;
    site.run_until_idle().await;
    let mail = found(&site, poison).await;
    assert_eq!((mail.status, mail.reason(), mail.due_at), (Status::Failed, Some(Reason::NotBuilt), None));
    assert_eq!(status(&site, good).await, Status::Sent);
    let broker = site.staff(Role::Broker).await;
    assert_eq!(broker.get("/desk/mails").await.status, 200);
    assert_eq!(broker.get(&format!("/desk/mails/{poison}")).await.status, 200);
}

#[actix_web::test]
async fn a_sign_in_letter_overtakes_a_backlog() {
    let site = TestApp::start().await;
    site.app
        .db
        .write(async |tx: &Tx| {
            for number in 0..400 {
                mail::enqueue(tx, &site.app, letter(&site, &format!("a{number}@jinfeng.example"))).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    // It is written while the backlog is under way.
    site.sink.answer_after(Duration::from_millis(10));
    let worker = site.run_until_idle();
    let somebody = async {
        while site.mails().len() < 40 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let visitor = site.visitor();
        let page = visitor.get("/sign-in").await;
        visitor.submit(&page, "main form", &[("email", LI)]).await;
        site.mails().len()
    };
    let ((), written) = tokio::join!(worker, somebody);
    let mails = site.mails();
    let place = mails.iter().position(|mail| mail.recipients == [LI]).unwrap();
    assert_eq!(mails.len(), 401);
    assert!(place < written + 150, "written after {written} letters, sent after {place}");
}

// ── Workers that die or are late ─────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn a_crash_before_delivery_loses_no_mail() {
    let site = TestApp::start().await;
    let id = write(&site, ZHAO).await;
    let site = site.crash_and_restart().await;
    site.run_until_idle().await;
    assert_eq!((status(&site, id).await, site.mails().len()), (Status::Sent, 1));
}

#[actix_web::test]
async fn a_worker_that_dies_with_a_letter_in_its_hands_loses_none() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::everybody().hangs());
    let id = write(&site, ZHAO).await;
    let dies = tokio::time::timeout(Duration::from_millis(300), mail::deliver::run_once(&site.app)).await;
    assert!(dies.is_err());
    assert_eq!(status(&site, id).await, Status::Sending);
    let site = site.crash_and_restart().await;
    site.sink.mend();
    site.forward(TimeDelta::seconds(59));
    site.run_until_idle().await;
    assert_eq!(site.mails().len(), 0, "its lease has not run out");
    site.forward(TimeDelta::seconds(1));
    site.run_until_idle().await;
    assert_eq!((status(&site, id).await, site.mails().len()), (Status::Sent, 1));
}

#[actix_web::test]
async fn the_late_word_of_a_worker_that_lost_its_lease_is_not_taken() {
    let mut site = TestApp::start().await;
    site.app.post = Post::patient(&site.app.config, Duration::from_secs(3)).unwrap();
    let second = yonglianhui::app::App { post: Post::open(&site.app.config).unwrap(), ..site.app.clone() };
    site.sink.rule(Rule::to(ZHAO).at(Step::Dot).hangs().times(1));
    let id = write(&site, ZHAO).await;
    let late = mail::deliver::run_once(&site.app);
    let other = async {
        while site.mails().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        site.forward(TimeDelta::seconds(61));
        mail::deliver::run_once(&second).await.unwrap()
    };
    let (_, tried) = tokio::join!(late, other);
    assert_eq!(tried, 1);
    let mail = found(&site, id).await;
    assert_eq!(
        (mail.status, mail.attempts),
        (Status::Sent, 2),
        "the first worker's doubt was written over the second one's answer"
    );
    assert_eq!(site.mails().len(), 2, "one ambiguous ending, one copy");
}

#[actix_web::test]
async fn two_workers_send_each_letter_once() {
    let site = TestApp::start().await;
    let second = yonglianhui::app::App { post: Post::open(&site.app.config).unwrap(), ..site.app.clone() };
    for number in 0..100 {
        write(&site, &format!("a{number}@jinfeng.example")).await;
    }
    let (one, other) = tokio::join!(mail::deliver::run_once(&site.app), mail::deliver::run_once(&second));
    assert_eq!(one.unwrap() + other.unwrap(), 100);
    let recipients: BTreeSet<String> = site.mails().into_iter().flat_map(|mail| mail.recipients).collect();
    assert_eq!((site.mails().len(), recipients.len()), (100, 100));
}

#[actix_web::test]
async fn a_worker_that_is_told_to_end_gives_back_what_it_has_not_begun() {
    let site = TestApp::start().await;
    site.sink.answer_after(Duration::from_millis(100));
    for number in 0..40 {
        write(&site, &format!("a{number}@jinfeng.example")).await;
    }
    let ends = async {
        while site.mails().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        site.app.post.close();
    };
    let (tried, ()) = tokio::join!(mail::deliver::run_once(&site.app), ends);
    let tried = tried.unwrap();
    assert!((1..40).contains(&tried), "{tried}");
    assert_eq!(site.mails().len(), tried, "a conversation was broken off");
    let waiting = store::waiting(&site.app.db, 100).await.unwrap();
    assert_eq!(waiting.len(), 40 - tried);
    assert!(waiting.iter().all(|mail| mail.status == Status::Queued && mail.attempts == 0));
    let site = site.crash_and_restart().await;
    site.run_until_idle().await;
    assert_eq!(site.mails().len(), 40);
}

// ── Links, and what staff see ────────────────────────────────────────────────────────────────────

#[actix_web::test]
async fn the_desk_never_shows_a_link() {
    let site = TestApp::start().await;
    let broker = site.staff(Role::Broker).await;
    let (id, token) = write_linked(&site, ZHAO, "introduction:1").await;
    let (lost, lost_token) = write_linked(&site, "lost@jinfeng.example", "introduction:2").await;
    site.sink.rule(Rule::to("lost@jinfeng.example").says("550 5.1.1 no such user"));
    let visitor = site.visitor();
    let page = visitor.get("/sign-in").await;
    visitor.submit(&page, "main form", &[("email", LI)]).await;
    for stage in ["queued", "over"] {
        let everything = kept(&site).await;
        let page = broker.get(&format!("/desk/mails/{id}")).await;
        assert!(!page.has("form[action$='resend']"), "{stage}");
        for token in [&token, &lost_token] {
            assert!(!everything.contains(token.as_str()), "{stage}: a link lies open in the outbox");
            assert!(!page.html.contains(token.as_str()), "{stage}: the desk shows a link");
        }
        assert_eq!(page.has("#mail-text"), stage == "over", "{stage}");
        site.run_until_idle().await;
    }
    // What left holds the link, what is kept is the letter without it.
    assert!(site.sink.last_to(ZHAO).text.contains(&token));
    let page = broker.get(&format!("/desk/mails/{id}")).await;
    assert!(page.text("#mail-text").contains("http://hall.example/introductions/[…]"));
    assert_eq!(status(&site, lost).await, Status::Failed);
    // Of a sign-in letter nothing is kept: its digits act as well.
    let digits = site
        .sink
        .last_to(LI)
        .text
        .lines()
        .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()))
        .unwrap()
        .to_owned();
    let sign_in =
        store::recent(&site.app.db, 10).await.unwrap().into_iter().find(|mail| mail.recipient.as_str() == LI).unwrap();
    assert_eq!(sign_in.text, "");
    let page = broker.get(&format!("/desk/mails/{}", sign_in.id)).await;
    assert!(!page.html.contains(&digits) && !page.has("#mail-text"));
    assert!(!kept(&site).await.contains(&digits));
}

#[actix_web::test]
async fn a_letter_that_was_replaced_never_leaves() {
    let site = TestApp::start().await;
    let (old, token) = write_linked(&site, ZHAO, "introduction:1").await;
    let (elsewhere, _) = write_linked(&site, ZHAO, "introduction:2").await;
    let replaced = site
        .app
        .db
        .write(async |tx: &Tx| mail::replace::replace_in(tx, "introduction:1", "member/sign_in").await)
        .await;
    assert_eq!(replaced.unwrap(), 1);
    let (new, _) = write_linked(&site, ZHAO, "introduction:1").await;
    site.run_until_idle().await;
    assert_eq!(
        [status(&site, old).await, status(&site, elsewhere).await, status(&site, new).await],
        [Status::Replaced, Status::Sent, Status::Sent]
    );
    assert!(site.sink.mails_to(ZHAO).iter().all(|mail| !mail.parsed().text.contains(&token)));
    let broker = site.staff(Role::Broker).await;
    assert!(broker.get(&format!("/desk/mails/{old}")).await.main().contains("已由后来的信或答复代替"));
}

#[actix_web::test]
async fn staff_see_where_every_letter_stands_and_why() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to("full@jinfeng.example").says("452 4.2.2 mailbox full"));
    site.sink.rule(Rule::to("lost@jinfeng.example").says("550 5.1.1 no such user"));
    site.sink.rule(Rule::to("doubt@jinfeng.example").at(Step::Dot).drops());
    for to in ["full", "lost", "doubt", "good"] {
        write(&site, &format!("{to}@jinfeng.example")).await;
    }
    site.run_until_idle().await;
    write(&site, "lost@jinfeng.example").await;
    let broker = site.staff(Role::Broker).await;
    let page = broker.get("/desk/mails").await;
    let rows = |section: &str| page.texts(&format!("#{section} tbody tr"));
    let trouble = rows("trouble");
    assert_eq!(trouble.len(), 3, "{trouble:?}");
    assert!(trouble[0].contains("未发送") && trouble[0].contains("此前被确认不存在"), "{trouble:?}");
    assert!(trouble[1].contains("结果不明（将于 2026年11月2日 09:1") || trouble[1].contains("结果不明"), "{trouble:?}");
    assert!(
        trouble[2].contains("永久失败") && trouble[2].contains("对方服务器说没有这个邮箱（550 5.1.1 no such user）"),
        "{trouble:?}"
    );
    let waiting = rows("waiting");
    assert_eq!(waiting.len(), 1);
    assert!(
        waiting[0].contains("暂时失败（将于 2026年11月2日 09:0") && waiting[0].contains("对方邮箱已满"),
        "{waiting:?}"
    );
    let recent = rows("recent");
    assert_eq!(recent.len(), 1);
    assert!(recent[0].contains("对方服务器已接收") && recent[0].contains("赵丽 <good@jinfeng.example>"), "{recent:?}");
    broker.reads("en");
    let page = broker.get("/desk/mails?lang=en").await;
    assert!(page.main().contains("Failed for good"), "{}", page.main());
    site.leave_rest();
}

#[actix_web::test]
async fn staff_send_a_letter_again_and_the_address_is_tried_again() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).says("550 5.1.1 no such user").times(1));
    let id = enqueue(&site, letter(&site, ZHAO).about("listing:7")).await;
    site.run_until_idle().await;
    let curator = site.staff(Role::Curator).await;
    let here = format!("/desk/mails/{id}");
    let page = curator.get(&here).await;
    assert!(page.status == 200 && !page.has("form[action$='resend']"), "a curator looks on");
    let broker = site.staff(Role::Broker).await;
    let page = broker.get(&here).await;
    assert!(page.has("main a[href='/desk/listings/7']") && page.text("#mail-text").contains("登录永链荟"));
    let first = broker.submit(&page, "form[action$='resend']", &[]).await;
    let second = broker.submit(&page, "form[action$='resend']", &[]).await;
    assert_eq!((first.status, first.location()), (303, second.location()), "pressing twice makes one letter");
    site.run_until_idle().await;
    let fresh = broker.get(&first.location().unwrap()).await;
    assert!(fresh.main().contains("对方服务器已接收"), "{}", fresh.main());
    assert_eq!(site.mails_to(ZHAO).len(), 1);
    assert!(store::trouble(&site.app.db, 10).await.unwrap().is_empty(), "the old one is put aside");
    // The address works: letters pass again.
    write(&site, ZHAO).await;
    site.run_until_idle().await;
    assert_eq!(site.mails_to(ZHAO).len(), 2);
    // The one that was sent can be sent once more; one that is on its way need not be.
    let page = broker.get(&first.location().unwrap()).await;
    let again = broker.submit(&page, "form[action$='resend']", &[]).await;
    let on_its_way = broker.get(&again.location().unwrap()).await;
    assert!(!on_its_way.has("form[action$='resend']"));
    let path = format!("{}/resend", again.location().unwrap());
    let refused = broker.submit(&page, "form[action$='resend']", &[("key", "another")]).await;
    assert_eq!(refused.status, 303);
    let (_, fields) = page.form("form[action$='resend']");
    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| name != "key").collect();
    let waits = broker.post_fields(&path, &fields).await;
    assert_eq!(waits.location(), again.location());
    site.run_until_idle().await;
}

#[actix_web::test]
async fn staff_ask_again_by_a_fresh_link_and_the_old_one_is_worthless() {
    let site = TestApp::start().await;
    let (firm, team) = (site.enterprise("firm").await, site.team("team").await);
    site.live_result(&team, "柚皮果胶提取").await;
    let need = site.live_need(&firm, "柚皮提取果胶得率低").await;
    site.run_until_idle().await;
    let reason = "我们每年处理三千吨柚皮，愿意开放罐体和原料，想先做一次放大试验。";
    let id = propose::propose(&site.app, firm.member, need, team.id, reason, "").await.unwrap();
    site.sink.rule(Rule::to(&team.email).says("550 5.1.1 no such user").times(1));
    pass::pass(&site.app, site.appointed(Role::Broker).await, id).await.unwrap();
    site.run_until_idle().await;
    let lost = store::trouble(&site.app.db, 10).await.unwrap().remove(0);
    assert_eq!((lost.letter.as_str(), lost.status, lost.linked), ("introduction/ask", Status::Failed, true));
    let broker = site.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/mails/{}", lost.id)).await;
    assert!(page.has(&format!("main a[href='/desk/introductions/{id}']")));
    let done = broker.submit(&page, "form[action$='resend']", &[]).await;
    assert_eq!(done.location().as_deref(), Some("/desk/mails"));
    let again = broker.submit(&page, "form[action$='resend']", &[]).await;
    assert_eq!(again.location(), Some(format!("/desk/mails/{}", lost.id)), "pressing twice asks once");
    site.run_until_idle().await;
    assert!(store::trouble(&site.app.db, 10).await.unwrap().is_empty());
    let first = site.mails_to(&team.email).pop().expect("the fresh letter");
    let first = first.link("/introductions/");
    assert_eq!(site.visitor().get(&broker.path_of(first.split('#').next().unwrap())).await.status, 200);
    // It arrived, and he cannot find it: the next one has another link, and kills this one.
    let sent = store::recent(&site.app.db, 20).await.unwrap();
    let sent = sent.into_iter().find(|mail| mail.letter == "introduction/ask" && mail.status == Status::Sent).unwrap();
    let page = broker.get(&format!("/desk/mails/{}", sent.id)).await;
    broker.submit(&page, "form[action$='resend']", &[]).await;
    site.run_until_idle().await;
    let second = site.mails_to(&team.email).pop().unwrap().link("/introductions/");
    assert_ne!(first, second);
    let old = site.visitor().get(&broker.path_of(first.split('#').next().unwrap())).await;
    assert!(!old.has("#accept form"), "the old link still answers: {}", old.main());
}

#[actix_web::test]
async fn staff_put_a_trouble_aside() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to(ZHAO).at(Step::Dot).drops());
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let broker = site.staff(Role::Broker).await;
    let page = broker.get(&format!("/desk/mails/{id}")).await;
    let page = broker.submit(&page, "form[action$='handled']", &[]).await;
    assert_eq!(page.location().as_deref(), Some("/desk/mails"));
    let page = broker.follow(page).await;
    assert!(page.texts("#trouble tbody tr").is_empty() && page.texts("#recent tbody tr").len() == 1);
    assert_eq!(page.text("#flash"), "已移出待处理");
    site.forward(TimeDelta::days(1));
    site.run_until_idle().await;
    assert_eq!(site.mails().len(), 1, "what was put aside is not tried again");
    assert!(!broker.get(&format!("/desk/mails/{id}")).await.has("form[action$='handled']"));
}

#[actix_web::test]
async fn the_desk_of_mail_is_for_staff_alone() {
    let site = TestApp::start().await;
    let id = write(&site, ZHAO).await;
    site.run_until_idle().await;
    let member = site.signed_in(ZHAO).await;
    let curator = site.staff(Role::Curator).await;
    for path in ["/desk/mails".to_owned(), format!("/desk/mails/{id}")] {
        assert_eq!(member.get(&path).await.status, 404, "{path}");
        assert_eq!(site.visitor().get(&path).await.status, 303, "{path}");
        assert_eq!(curator.get(&path).await.status, 200, "{path}");
    }
    assert_eq!(curator.get("/desk/mails/999999").await.status, 404);
    assert_eq!(curator.get("/desk/mails/x").await.status, 404);
    let csrf = curator.get("/my/particulars").await.value("csrf");
    for verb in ["resend", "handled"] {
        let path = format!("/desk/mails/{id}/{verb}");
        assert_eq!(curator.post(&path, &[("csrf", &csrf)]).await.status, 403, "{path}");
    }
}
