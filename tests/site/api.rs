//! The JSON API: its description, the public lists, and who is not named in them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use yonglianhui::{
    listing::{self, Content, Kind},
    web::routes,
};

use crate::support::{
    TestApp, Visitor,
    scene::{need_content, result_content},
};

async fn read(visitor: &Visitor<'_>, path: &str) -> Value {
    let page = visitor.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.html);
    assert_eq!(page.headers["content-type"], "application/json", "{path}");
    serde_json::from_str(&page.html).unwrap()
}

/// What of `value` is not as `schema` says, with the path to it.
fn unlike(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return unlike(document, document.pointer(name.trim_start_matches('#')).unwrap(), value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = choices.iter().filter(|choice| unlike(document, choice, value, at).is_empty()).count();
        return if fits == 1 { Vec::new() } else { vec![format!("{at}: {fits} choices fit {value}")] };
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        many => many.as_array().unwrap().iter().map(|each| each.as_str().unwrap()).collect(),
    };
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = types.contains(&own) || own == "integer" && types.contains(&"number");
    if !fits {
        return vec![format!("{at}: {own} is none of {types:?}")];
    }
    let mut wrong = Vec::new();
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        wrong.push(format!("{at}: {value} is none of {words:?}"));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        wrong.extend(
            values
                .iter()
                .enumerate()
                .flat_map(|(number, each)| unlike(document, items, each, &format!("{at}/{number}"))),
        );
    }
    if let (Some(described), Some(fields)) = (schema["properties"].as_object(), value.as_object()) {
        let needed = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|name| !fields.contains_key(name.as_str().unwrap()));
        wrong.extend(needed.map(|name| format!("{at}: {name} is missing")));
        for (name, field) in fields {
            match described.get(name) {
                Some(schema) => wrong.extend(unlike(document, schema, field, &format!("{at}/{name}"))),
                None => wrong.push(format!("{at}: {name} is not described")),
            }
        }
    }
    wrong
}

#[actix_web::test]
async fn the_api_is_as_it_is_described() {
    let app = TestApp::start().await;
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let need = app.live_need(&firm, "柚皮果胶提取").await;
    app.live(&firm, Kind::Need, Content { anonymous: true, trl: None, budget: None, ..need_content("锂电池") }).await;
    app.live_result(&team, "柚皮果胶酶法提取").await;
    app.run_until_idle().await;
    let visitor = app.signed_in(&firm.email).await;
    let document = read(&visitor, "/api/v1/openapi.json").await;

    let described: BTreeSet<String> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let there: BTreeSet<String> = routes::table()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/"))
        .map(|route| route.path.to_owned())
        .collect();
    assert_eq!(described, there);
    let operations: BTreeMap<&str, &str> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, item)| (item["get"]["operationId"].as_str().unwrap(), path.as_str()))
        .collect();
    assert_eq!(operations.len(), described.len(), "every operation has a name of its own");

    let staff = app.staff(yonglianhui::member::Role::Curator).await;
    for path in &described {
        let schema = &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let url = path.replace("{id}", &need.to_string());
        for reader in [&visitor, &staff] {
            let answer = read(reader, &url).await;
            assert_eq!(unlike(&document, schema, &answer, path), [""; 0]);
        }
    }
    let error = visitor.get("/api/v1/needs?size=0").await;
    let error: Value = serde_json::from_str(&error.html).unwrap();
    assert_eq!(unlike(&document, &document["components"]["schemas"]["Error"], &error, "error"), [""; 0]);
}

#[actix_web::test]
async fn the_lists_hold_what_is_public_page_by_page() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let (firm, team) = (app.enterprise("a").await, app.team("t").await);
    let pending = app.pending_enterprise("hidden").await;
    let energy = app.zone("energy").await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(app.live_need(&firm, &format!("需求{number}")).await);
        app.forward(chrono::TimeDelta::minutes(1));
    }
    let far = app.live(&firm, Kind::Need, Content { zone: Some(energy), ..need_content("储能") }).await;
    app.draft(&firm, Kind::Need, need_content("草稿")).await;
    let paused = app.live(&team, Kind::Result, result_content("暂停")).await;
    listing::close::pause(&app.app, team.member, paused).await.unwrap();
    app.run_until_idle().await;

    let items = |answer: &Value| {
        answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let first = read(&visitor, "/api/v1/needs?size=4").await;
    assert_eq!((first["total"].as_i64(), first["page"].as_i64(), first["size"].as_i64()), (Some(6), Some(1), Some(4)));
    let second = read(&visitor, "/api/v1/needs?size=4&page=2").await;
    let all: Vec<i64> = items(&first).into_iter().chain(items(&second)).collect();
    let newest_first: Vec<i64> = [far].iter().chain(ids.iter().rev()).map(|id| id.0).collect();
    assert_eq!(all, newest_first);
    assert_eq!(items(&read(&visitor, "/api/v1/needs?zone=energy").await), [far.0]);
    assert_eq!(items(&read(&visitor, "/api/v1/needs?page=1000000").await), [0_i64; 0]);
    assert_eq!(items(&read(&visitor, "/api/v1/results").await), [0_i64; 0]);
    assert_eq!(items(&read(&visitor, "/api/v1/enterprises").await), [firm.id.0]);
    assert_eq!(items(&read(&visitor, "/api/v1/teams").await), [team.id.0]);
    assert_eq!(read(&visitor, "/api/v1/zones").await["total"], 2);
    for path in [
        "/api/v1/needs?page=0",
        "/api/v1/needs?page=1000000000",
        "/api/v1/teams?size=101",
        "/api/v1/offers?zone=moon",
        "/api/v1/enterprises?size=x",
    ] {
        assert_eq!(visitor.get(path).await.status, 400, "{path}");
    }
    for path in ["needs", "results", "offers", "enterprises", "teams", "zones"] {
        let text = visitor.get(&format!("/api/v1/{path}")).await.html;
        for secret in [&firm.email, &firm.phone, &team.email, &team.phone, &pending.name] {
            assert!(!text.contains(secret.as_str()), "{path} tells {secret}");
        }
        assert!(!text.contains("office"), "{path}");
    }
}

#[actix_web::test]
async fn the_lists_name_nobody_who_is_anonymous() {
    let app = TestApp::start().await;
    let firm = app.enterprise("secret").await;
    app.live(
        &firm,
        Kind::Need,
        Content { anonymous: true, excluded: vec!["对头".to_owned()], ..need_content("蒸煮液回用") },
    )
    .await;
    app.run_until_idle().await;
    let page = app.visitor().get("/api/v1/needs").await;
    assert!(page.html.contains("蒸煮液回用") && page.html.contains("\"owner\":null"));
    assert!(!page.html.contains(&firm.name) && !page.html.contains("对头"));
}
