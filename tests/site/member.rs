//! Signing in and a member's own particulars.

use chrono::TimeDelta;
use yonglianhui::member::Role;

use crate::support::{
    Page, TestApp, Visitor,
    sink::{Parsed, Rule},
};

const ZHAO: &str = "zhao@jinfeng.example";

/// Asks for a letter; returns the page for the digits, and the letter that arrived.
async fn ask(site: &TestApp, visitor: &Visitor<'_>, email: &str) -> (Page, Parsed) {
    let page = visitor.get("/sign-in").await;
    let page = visitor.submit(&page, "main form", &[("email", email)]).await;
    assert_eq!(page.status, 303, "{}", page.main());
    site.run_until_idle().await;
    (visitor.follow(page).await, site.sink.last_to(email))
}

fn digits(letter: &Parsed) -> String {
    let line = letter.text.lines().find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
    line.expect("six digits on a line of their own").to_owned()
}

async fn is_signed_in(visitor: &Visitor<'_>) -> bool {
    visitor.get("/my/particulars").await.status == 200
}

#[actix_web::test]
async fn the_link_of_the_letter_signs_in() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    assert!(!is_signed_in(&visitor).await);
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    assert!(page.main().contains("zh***@jinfeng.example"), "{}", page.main());
    assert!(!page.main().contains(ZHAO) && !page.has("#refused") && !page.has("#demo-link"));
    let page = visitor.get(&visitor.path_of(&letter.link("/sign-in/"))).await;
    assert!(page.main().contains("zh***@jinfeng.example"));
    assert!(!is_signed_in(&visitor).await, "looking at the link has signed in");
    let page = visitor.submit(&page, "main form", &[]).await;
    assert_eq!((page.status, page.location().as_deref()), (303, Some("/my")));
    assert!(is_signed_in(&visitor).await);
}

#[actix_web::test]
async fn the_digits_of_the_letter_sign_in_as_they_are_pasted() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    let code = digits(&letter);
    assert_eq!(page.attributes("#code", "inputmode"), ["numeric"]);
    assert_eq!(page.attributes("#code", "autocomplete"), ["one-time-code"]);
    let pasted = format!(" {} {} ", &code[..3], &code[3..]);
    let page = visitor.submit(&page, "main form", &[("code", &pasted)]).await;
    assert_eq!(page.status, 303, "{}", page.main());
    assert!(is_signed_in(&visitor).await);
}

#[actix_web::test]
async fn staff_are_led_to_their_desk() {
    let site = TestApp::start().await;
    site.staff(Role::Curator).await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, "curator@park.example").await;
    let page = visitor.submit(&page, "main form", &[("code", &digits(&letter))]).await;
    assert_eq!(page.location().as_deref(), Some("/desk"));
}

#[actix_web::test]
async fn the_letter_says_the_same_as_text_and_as_html() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    for language in ["zh-CN", "en"] {
        visitor.reads(language);
        let (_, letter) = ask(&site, &visitor, ZHAO).await;
        let html = scraper::Html::parse_document(&letter.html);
        let seen: String =
            html.select(&scraper::Selector::parse("body").unwrap()).flat_map(|body| body.text()).collect();
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        for line in letter.text.lines().filter(|line| *line != "--") {
            assert!(plain(&seen).contains(&plain(line)), "{language}: the HTML lacks {line:?}:\n{seen}");
        }
        assert!(letter.html.contains(&format!("<html lang=\"{language}\">")));
        assert!(!letter.subject.contains(&digits(&letter)), "a subject is seen on a locked telephone, and at the desk");
    }
}

#[actix_web::test]
async fn a_code_works_once() {
    let site = TestApp::start().await;
    let (first, second) = (site.visitor(), site.visitor());
    let (page, letter) = ask(&site, &first, ZHAO).await;
    let code = digits(&letter);
    assert_eq!(first.submit(&page, "main form", &[("code", &code)]).await.status, 303);
    let same_page = second.get(&page.path).await;
    let again = second.submit(&same_page, "main form", &[("code", &code)]).await;
    assert_eq!((again.status, again.errors().len()), (422, 1));
    let link = second.path_of(&letter.link("/sign-in/"));
    let page = second.get(&link).await;
    assert!(!page.has("main form") && page.has("main a[href='/sign-in']"), "a used link still offers a button");
    assert!(!is_signed_in(&second).await);
}

#[actix_web::test]
async fn a_link_pressed_twice_signs_in_once() {
    let site = TestApp::start().await;
    let (first, second) = (site.visitor(), site.visitor());
    let (_, letter) = ask(&site, &first, ZHAO).await;
    let link = first.path_of(&letter.link("/sign-in/"));
    let (one, other) = (first.get(&link).await, second.get(&link).await);
    assert_eq!(first.submit(&one, "main form", &[]).await.status, 303);
    let late = second.submit(&other, "main form", &[]).await;
    assert_eq!(late.status, 410);
    assert!(late.has("main a[href='/sign-in']") && !is_signed_in(&second).await);
}

#[actix_web::test]
async fn opening_the_link_changes_nothing() {
    let site = TestApp::start().await;
    let (scanner, visitor) = (site.visitor(), site.visitor());
    let (_, letter) = ask(&site, &visitor, ZHAO).await;
    let link = visitor.path_of(&letter.link("/sign-in/"));
    for method in ["GET", "HEAD", "GET", "GET"] {
        let page = scanner.send(method.parse().unwrap(), &link, None, &[("purpose", "prefetch")]).await;
        assert_eq!(page.status, 200);
    }
    assert!(!is_signed_in(&scanner).await);
    let page = visitor.get(&link).await;
    assert_eq!(visitor.submit(&page, "main form", &[]).await.status, 303);
}

#[actix_web::test]
async fn a_letter_is_worth_nothing_after_twenty_minutes() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    site.forward(TimeDelta::minutes(20));
    let answer = visitor.submit(&page, "main form", &[("code", &digits(&letter))]).await;
    assert_eq!(answer.status, 422);
    assert!(!visitor.get(&visitor.path_of(&letter.link("/sign-in/"))).await.has("main form"));
}

#[actix_web::test]
async fn a_code_is_dead_after_five_wrong_tries() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    let code = digits(&letter);
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for left in [4, 3, 2, 1] {
        let answer = visitor.submit(&page, "main form", &[("code", wrong)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.errors()[0].contains(&left.to_string()), "{:?}", answer.errors());
        assert_eq!(answer.value("code"), wrong, "what was typed is kept");
    }
    assert_eq!(visitor.submit(&page, "main form", &[("code", wrong)]).await.status, 422);
    let right = visitor.submit(&page, "main form", &[("code", &code)]).await;
    assert_eq!(right.status, 422, "the sixth try was taken");
    assert!(!is_signed_in(&visitor).await);
    site.run_until_idle().await;
    assert!(site.sink.last_to(ZHAO).subject.starts_with("有人在试你的验证码"), "the owner of the address is told");
}

#[actix_web::test]
async fn letters_that_are_no_code_count_as_no_try() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    for typed in ["", "12345", "abcdef", "1234567"] {
        let answer = visitor.submit(&page, "main form", &[("code", typed)]).await;
        assert_eq!((answer.status, answer.errors().len()), (422, 1), "{typed}");
        assert!(answer.html.contains("<title>错误："), "the title says that there is an error");
    }
    assert_eq!(visitor.submit(&page, "main form", &[("code", &digits(&letter))]).await.status, 303);
}

#[actix_web::test]
async fn who_asks_too_often_is_told_how_long_to_wait() {
    let site = TestApp::start_with(|config| config.sign_in_per_hour = 2).await;
    let visitor = site.visitor();
    ask(&site, &visitor, ZHAO).await;
    site.forward(TimeDelta::minutes(10));
    ask(&site, &visitor, ZHAO).await;
    let page = visitor.get("/sign-in").await;
    let answer = visitor.submit(&page, "main form", &[("email", ZHAO)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.errors()[0].contains("50 分钟"), "{:?}", answer.errors());
    assert_eq!(answer.value("email"), ZHAO);
    // Others are not held up, and after the hour neither is he.
    ask(&site, &site.visitor(), "li@jinfeng.example").await;
    site.forward(TimeDelta::minutes(51));
    ask(&site, &visitor, ZHAO).await;
}

#[actix_web::test]
async fn known_and_unknown_addresses_get_the_same_answer() {
    let site = TestApp::start().await;
    site.signed_in("zhang@jinfeng.example").await;
    let visitor = site.visitor();
    let (known, to_known) = ask(&site, &visitor, "zhang@jinfeng.example").await;
    let (unknown, to_unknown) = ask(&site, &visitor, "zhong@jinfeng.example").await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.main(), unknown.main());
    let without = |letter: &Parsed| letter.text.replace(&letter.link("/sign-in/"), "").replace(&digits(letter), "");
    assert_eq!(without(&to_known), without(&to_unknown));
}

#[actix_web::test]
async fn an_address_that_cannot_be_one_is_explained_and_kept() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    for typed in [
        "",
        "zhao",
        "zhao@park",
        "zhao@park.example, li@park.example",
        "\"zhao\"@park.example",
        "赵@park.example",
        "zhao@park.example\r\nBcc: x@y.example",
    ] {
        let page = visitor.get("/sign-in").await;
        let answer = visitor.submit(&page, "main form", &[("email", typed)]).await;
        assert_eq!((answer.status, answer.errors().len()), (422, 1), "{typed:?}");
        if !typed.contains('\r') {
            assert_eq!(answer.value("email"), typed);
        }
    }
    site.run_until_idle().await;
    assert!(site.mails().is_empty());
    // Full-width letters, as Chinese keyboards type them, are what they look like.
    ask(&site, &visitor, ZHAO).await;
    let page = visitor.get("/sign-in").await;
    assert_eq!(visitor.submit(&page, "main form", &[("email", "ｚｈａｏ＠jinfeng．example")]).await.status, 303);
    site.run_until_idle().await;
    assert_eq!(site.mails_to(ZHAO).len(), 2);
}

#[actix_web::test]
async fn an_address_that_the_mail_server_refuses_is_told_at_once() {
    let site = TestApp::start().await;
    site.sink.rule(Rule::to("lost@jinfeng.example").says("550 5.1.1 no such user here"));
    let visitor = site.visitor();
    let page = visitor.get("/sign-in?next=/my/particulars").await;
    let page = visitor.submit(&page, "main form", &[("email", "lost@jinfeng.example")]).await;
    let code_page = page.location().unwrap();
    assert!(!visitor.get(&code_page).await.has("#refused"));
    site.run_until_idle().await;
    let page = visitor.get(&code_page).await;
    assert!(page.text("#refused").contains("邮箱服务器说该地址不存在"));
    assert!(page.has(".notice.bad #refused"));
    // 写错了？在这里改: back to the address, with the way back kept.
    let again = visitor.get(&page.attributes("#again", "href")[0]).await;
    assert_eq!(again.value("next"), "/my/particulars");
    // The mailbox may be made tomorrow: asking again is tried again, and lets every letter pass again.
    site.sink.mend();
    let page = visitor.submit(&again, "main form", &[("email", "lost@jinfeng.example")]).await;
    site.run_until_idle().await;
    assert!(!visitor.follow(page).await.has("#refused"));
    assert_eq!(site.mails_to("lost@jinfeng.example").len(), 1);
}

#[actix_web::test]
async fn after_signing_in_the_way_leads_back() {
    let site = TestApp::start().await;
    for (next, leads_to) in [
        ("/my/particulars", "/my/particulars"),
        ("//evil.example", "/my"),
        ("/\\evil.example", "/my"),
        ("https:evil.example", "/my"),
        ("%2f%2fevil.example", "/my"),
        ("/%2fevil.example", "/my"),
    ] {
        let visitor = site.visitor();
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let page = visitor.get(&format!("/sign-in?{query}")).await;
        let email = format!("a{}@jinfeng.example", site.next_number());
        let page = visitor.submit(&page, "main form", &[("email", &email), ("next", next)]).await;
        site.run_until_idle().await;
        let page = visitor.follow(page).await;
        let code = digits(&site.sink.last_to(&email));
        let page = visitor.submit(&page, "main form", &[("code", &code)]).await;
        assert_eq!(page.location().as_deref(), Some(leads_to), "{next}");
    }
}

#[actix_web::test]
async fn a_session_ends_when_its_member_leaves() {
    let site = TestApp::start().await;
    let visitor = site.signed_in(ZHAO).await;
    let stolen = visitor.cookies();
    let page = visitor.get("/my/particulars").await;
    let page = visitor.submit(&page, "form[action='/sign-out']", &[]).await;
    assert_eq!(page.location().as_deref(), Some("/"));
    let thief = site.visitor();
    for (name, value) in &stolen {
        thief.set_cookie(name, value);
    }
    assert!(!is_signed_in(&visitor).await && !is_signed_in(&thief).await, "a session outlived its end");
}

#[actix_web::test]
async fn a_planted_cookie_is_worth_nothing() {
    let site = TestApp::start().await;
    let (victim, thief) = (site.visitor(), site.visitor());
    thief.get("/sign-in").await;
    for (name, value) in thief.cookies() {
        victim.set_cookie(&name, &value);
    }
    let (page, letter) = ask(&site, &victim, ZHAO).await;
    assert_eq!(victim.submit(&page, "main form", &[("code", &digits(&letter))]).await.status, 303);
    assert!(is_signed_in(&victim).await && !is_signed_in(&thief).await);
}

#[actix_web::test]
async fn a_session_ends_after_seven_idle_days_and_after_thirty() {
    let site = TestApp::start().await;
    let idle = site.signed_in(ZHAO).await;
    let busy = site.signed_in("li@jinfeng.example").await;
    for _ in 0..9 {
        site.forward(TimeDelta::days(3));
        assert!(is_signed_in(&busy).await);
    }
    assert!(!is_signed_in(&idle).await);
    site.forward(TimeDelta::days(3));
    assert!(!is_signed_in(&busy).await);
}

#[actix_web::test]
async fn the_demo_shows_what_the_letter_holds() {
    let site = TestApp::start_with(|config| config.demo = true).await;
    let visitor = site.visitor();
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    assert_eq!(page.text("output#demo-code"), digits(&letter));
    let link = page.attributes("a#demo-link", "href").remove(0);
    assert_eq!(link, visitor.path_of(&letter.link("/sign-in/")));
    let page = visitor.get(&link).await;
    assert_eq!(visitor.submit(&page, "main form", &[]).await.status, 303);
}

#[actix_web::test]
async fn the_pages_speak_english_too() {
    let site = TestApp::start().await;
    let visitor = site.visitor();
    visitor.reads("en");
    assert_eq!(visitor.get("/sign-in").await.text("h1"), "Sign in");
    let (page, letter) = ask(&site, &visitor, ZHAO).await;
    assert_eq!(page.text("h1"), "Look into your mailbox");
    assert!(letter.subject.starts_with("Sign in to"));
}

#[actix_web::test]
async fn particulars_are_kept_as_they_are_written() {
    let site = TestApp::start().await;
    let visitor = site.signed_in(ZHAO).await;
    let page = visitor.get("/my/particulars").await;
    assert!(page.main().contains(ZHAO));
    let long = "赵".repeat(41);
    let answer = visitor.submit(&page, "main form", &[("name", ""), ("title", &long), ("phone", "打给我")]).await;
    assert_eq!((answer.status, answer.errors().len()), (422, 3), "{}", answer.main());
    assert_eq!((answer.value("title"), answer.value("phone")), (long, "打给我".to_owned()));
    let fields = [
        ("name", " 赵 <b>丽</b> "),
        ("title", "总工程师"),
        ("phone", "0746-5550123转8"),
        ("role", "administrator"),
        ("email", "x@y.example"),
    ];
    let saved = visitor.submit(&page, "main form", &fields).await;
    assert_eq!(saved.location().as_deref(), Some("/my"));
    let page = visitor.get("/my/particulars").await;
    assert_eq!((page.value("name"), page.value("title")), ("赵 <b>丽</b>".to_owned(), "总工程师".to_owned()));
    assert!(page.main().contains(ZHAO), "an address is not a particular that a form can set");
    assert_eq!(visitor.get("/desk/mails").await.status, 404, "a role is not either");
}
