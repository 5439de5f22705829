//! What an operator sees: metrics, the number of a request, and whether the process is fit.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use yonglianhui::matching;

use crate::support::{Answered, Exposition, TestApp, sink::Rule};

async fn metrics(app: &TestApp) -> Exposition {
    let page = app.visitor().get("/metrics").await;
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/plain; version=0.0.4"));
    Exposition::parse(&page.html).unwrap_or_else(|wrong| panic!("{wrong}\n{}", page.html))
}

async fn asked(app: &TestApp, peer: &str, headers: &[(&str, &str)]) -> Answered {
    let mut request = TestRequest::with_uri("/metrics").peer_addr(peer.parse().unwrap());
    for header in headers {
        request = request.insert_header(*header);
    }
    app.answer(request.to_request()).await
}

#[actix_web::test]
async fn every_metric_is_explained_in_the_readme() {
    let app = TestApp::start().await;
    app.visitor().get("/").await;
    // What has not happened yet is not counted yet.
    app.app.metrics.refused("forbidden");
    app.app.metrics.worker_failed("keeping the index");
    let told: BTreeSet<String> = metrics(&app).await.families.into_keys().collect();
    let readme = include_str!("../../README.md");
    let section = readme.split("\n## Watching it").nth(1).expect("a section of the README");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let explained: BTreeSet<String> = rows.map(|row| row.split(['`', '{']).next().unwrap().to_owned()).collect();
    assert_eq!(told, explained);
}

#[actix_web::test]
async fn the_metrics_count_what_is_answered() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for _ in 0..3 {
        visitor.get("/needs/12345").await;
    }
    visitor.get("/").await;
    visitor.get("/nowhere/at/all").await;
    assert_eq!(visitor.post("/sign-in", &[]).await.status, 403);
    let read = metrics(&app).await;
    let many = |route: &str, method: &str, status: &str| {
        read.value(&format!("ylh_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"))
    };
    assert_eq!(many("/needs/{id}", "GET", "4xx"), 3.0);
    assert_eq!(many("/", "GET", "2xx"), 1.0);
    assert_eq!(many("none", "GET", "4xx"), 1.0);
    assert_eq!(many("/sign-in", "POST", "4xx"), 1.0);
    assert_eq!(read.value("ylh_http_request_seconds_count{method=\"GET\",route=\"/needs/{id}\"}"), 3.0);
    assert!(read.value("ylh_http_request_seconds_sum{method=\"GET\",route=\"/needs/{id}\"}") > 0.0);
    assert_eq!(read.value("ylh_refusals_total{why=\"forbidden\"}"), 1.0);
    // The page of the metrics is counted too, from its second time on.
    assert_eq!(many("/metrics", "GET", "2xx"), 0.0);
    let again = metrics(&app).await;
    assert_eq!(again.value("ylh_http_requests_total{method=\"GET\",route=\"/metrics\",status=\"2xx\"}"), 1.0);
}

#[actix_web::test]
async fn the_metrics_tell_how_the_mail_stands() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let before = metrics(&app).await;
    assert_eq!(before.value("ylh_mail_waiting{lane=\"urgent\"}"), 0.0);
    assert_eq!(before.value("ylh_mail_oldest_seconds{lane=\"urgent\"}"), 0.0);
    let page = visitor.get("/sign-in").await;
    visitor.submit(&page, "main form", &[("email", "zhao@jinfeng.example")]).await;
    app.forward(TimeDelta::seconds(90));
    let waits = metrics(&app).await;
    assert_eq!(waits.value("ylh_sign_ins_total{outcome=\"letter\"}"), 1.0);
    assert_eq!(waits.value("ylh_mails{status=\"queued\"}"), 1.0);
    assert_eq!(waits.value("ylh_mail_waiting{lane=\"urgent\"}"), 1.0);
    assert_eq!(waits.value("ylh_mail_waiting{lane=\"usual\"}"), 0.0);
    assert_eq!(waits.value("ylh_mail_oldest_seconds{lane=\"urgent\"}"), 90.0);
    assert_eq!(waits.value("ylh_mail_overdue_seconds{lane=\"urgent\"}"), 90.0);
    // One address refuses for good, another for now.
    app.sink.rule(Rule::to("lost@jinfeng.example").says("550 5.1.1 no such user"));
    app.sink.rule(Rule::to("busy@jinfeng.example").says("451 4.3.0 later").times(1));
    for email in ["lost@jinfeng.example", "busy@jinfeng.example"] {
        let page = visitor.get("/sign-in").await;
        visitor.submit(&page, "main form", &[("email", email)]).await;
    }
    app.run_until_idle().await;
    let after = metrics(&app).await;
    assert_eq!(after.value("ylh_mails{status=\"sent\"}"), 1.0);
    assert_eq!(after.value("ylh_mails{status=\"failed\"}"), 1.0);
    assert_eq!(after.value("ylh_mail_trouble{status=\"failed\"}"), 1.0);
    assert_eq!(after.value("ylh_mail_waiting{lane=\"urgent\"}"), 1.0);
    assert_eq!(after.value("ylh_mail_overdue_seconds{lane=\"urgent\"}"), 0.0, "it is due later");
    for status in ["expired", "suppressed", "uncertain"] {
        assert!(after.has(&format!("ylh_mail_trouble{{status=\"{status}\"}}")), "{status}");
    }
    app.leave_rest();
}

#[actix_web::test]
async fn the_metrics_tell_how_far_index_and_suggestions_are_behind() {
    let app = TestApp::start().await;
    let firm = app.enterprise("firm").await;
    app.live_need(&firm, "柚皮提取果胶得率低").await;
    let behind = metrics(&app).await;
    assert!(behind.value("ylh_index_marks_behind") >= 2.0);
    assert!(behind.value("ylh_index_behind_seconds") > 0.0);
    app.run_until_idle().await;
    let even = metrics(&app).await;
    assert_eq!(even.value("ylh_index_marks_behind"), 0.0);
    assert_eq!(even.value("ylh_index_behind_seconds"), 0.0);
    assert_eq!(even.value("ylh_suggestions_waiting"), 0.0);
    matching::compute::stale_all(&app.app).await.unwrap();
    assert_eq!(metrics(&app).await.value("ylh_suggestions_waiting"), 1.0);
}

#[actix_web::test]
async fn the_metrics_count_who_signs_in_and_who_does_not() {
    let app = TestApp::start_with(|config| config.sign_in_per_hour = 2).await;
    app.leave_rest();
    let visitor = app.visitor();
    for _ in 0..3 {
        let page = visitor.get("/sign-in").await;
        visitor.submit(&page, "main form", &[("email", "zhao@jinfeng.example")]).await;
    }
    app.run_until_idle().await;
    let page = visitor.get("/sign-in").await;
    let page = visitor.submit(&page, "main form", &[("email", "li@jinfeng.example")]).await;
    let page = visitor.follow(page).await;
    app.run_until_idle().await;
    let letter = app.sink.last_to("li@jinfeng.example");
    let code: String =
        letter.text.lines().find(|line| line.len() == 6 && line.parse::<u32>().is_ok()).unwrap().to_owned();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    visitor.submit(&page, "main form", &[("code", wrong)]).await;
    visitor.submit(&page, "main form", &[("code", &code)]).await;
    visitor.submit(&page, "main form", &[("code", &code)]).await;
    let read = metrics(&app).await;
    let outcomes = ["letter", "throttled", "wrong", "in", "dead"];
    let seen = outcomes.map(|outcome| read.value(&format!("ylh_sign_ins_total{{outcome=\"{outcome}\"}}")));
    // The last try was sent with the cookie of a session that knows no such form any more.
    assert_eq!(seen[..4], [3.0, 1.0, 1.0, 1.0]);
}

#[actix_web::test]
async fn the_metrics_say_so_when_the_database_is_gone() {
    let app = TestApp::start().await;
    app.leave_rest();
    let there = metrics(&app).await;
    assert_eq!(there.value("ylh_database_up"), 1.0);
    assert!(there.value("ylh_database_ping_seconds") > 0.0);
    assert!(there.value("ylh_database_connections_max") >= 8.0);
    let open = ["idle", "busy"].map(|state| there.value(&format!("ylh_database_connections{{state=\"{state}\"}}")));
    assert!(open[0] + open[1] >= 1.0);
    app.app.db.clone().close().await.unwrap();
    let gone = metrics(&app).await;
    assert_eq!(gone.value("ylh_database_up"), 0.0);
    assert!(gone.has("ylh_http_request_seconds_count{method=\"GET\",route=\"/metrics\"}"));
    assert!(!gone.has("ylh_index_marks_behind"), "what cannot be read is not said");
}

#[actix_web::test]
async fn the_metrics_are_for_this_machine_or_for_a_token() {
    let token = "a-token-of-the-collector";
    let near = "127.0.0.1:4000";
    let far = "203.0.113.9:4000";
    let bearer = format!("Bearer {token}");
    let app = TestApp::start().await;
    assert_eq!(asked(&app, near, &[]).await.status, 200);
    assert_eq!(asked(&app, "[::1]:4000", &[]).await.status, 200);
    assert_eq!(asked(&app, "[::ffff:127.0.0.1]:4000", &[]).await.status, 200);
    assert_eq!(asked(&app, far, &[]).await.status, 401);
    assert_eq!(asked(&app, far, &[("authorization", &bearer)]).await.status, 401, "there is no token");
    assert_eq!(asked(&app, far, &[("authorization", "Bearer ")]).await.status, 401);
    assert_eq!(asked(&app, far, &[("x-forwarded-for", "127.0.0.1")]).await.status, 401);
    // A proxy on this machine that nobody told us of does not open them to the world.
    assert_eq!(asked(&app, near, &[("x-forwarded-for", "203.0.113.9")]).await.status, 401);
    let refused = asked(&app, far, &[]).await;
    assert_eq!(refused.headers.get("www-authenticate").unwrap(), "Bearer");
    assert!(!String::from_utf8_lossy(&refused.body).contains("ylh_"));

    let app = TestApp::start_with(|config| {
        config.proxies = vec!["127.0.0.1".parse().unwrap()];
        config.metrics_token = Some(token.to_owned());
    })
    .await;
    assert_eq!(asked(&app, near, &[]).await.status, 401, "this machine is a proxy");
    for wrong in ["Bearer a-token-of-the-collecto", "Basic a-token-of-the-collector", "Bearer", token] {
        assert_eq!(asked(&app, far, &[("authorization", wrong)]).await.status, 401, "{wrong}");
    }
    assert_eq!(asked(&app, far, &[("authorization", &bearer)]).await.status, 200);
    assert_eq!(asked(&app, near, &[("authorization", &bearer)]).await.status, 200);
}

#[actix_web::test]
async fn every_answer_carries_the_number_of_its_line_in_the_log() {
    let app = TestApp::start_with(|config| config.proxies = vec!["10.0.0.1".parse().unwrap()]).await;
    let number = async |peer: &str, sent: &str| {
        let request = TestRequest::with_uri("/needs/12345")
            .peer_addr(peer.parse().unwrap())
            .insert_header(("x-request-id", sent))
            .to_request();
        let answer = app.answer(request).await;
        let number = answer.headers.get("x-request-id").unwrap().to_str().unwrap().to_owned();
        // The page that says what went wrong shows the same number.
        assert!(String::from_utf8_lossy(&answer.body).contains(&number), "{number}");
        number
    };
    assert_eq!(number("10.0.0.1:80", "front-end_1.0042").await, "front-end_1.0042");
    for (peer, sent) in [
        ("203.0.113.9:80", "front-end_1.0042"),
        ("10.0.0.1:80", ""),
        ("10.0.0.1:80", "two words"),
        ("10.0.0.1:80", "<b>"),
        ("10.0.0.1:80", &"a".repeat(65)),
    ] {
        let own = number(peer, sent).await;
        assert_eq!(own.len(), 12, "{sent} from {peer}");
        assert_ne!(own, number(peer, sent).await);
    }
    let app = TestApp::start().await;
    for path in ["/", "/healthz", "/static/site.css", "/nowhere", "/api/v1/needs?page=x"] {
        assert_eq!(app.visitor().get(path).await.headers["x-request-id"].len(), 12, "{path}");
    }
}

#[actix_web::test]
async fn the_process_says_whether_it_lives_and_is_fit() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let alive = visitor.get("/healthz").await;
    assert_eq!((alive.status, alive.html.as_str()), (200, "ok\n"));
    let fit = visitor.get("/readyz").await;
    assert_eq!(fit.status, 200, "{}", fit.html);
    for part in ["database: ok", "index: ok"] {
        assert!(fit.html.lines().any(|line| line.starts_with(part)), "{}", fit.html);
    }
}
