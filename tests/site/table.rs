//! Importing and exporting lines and sheets.

use std::path::{Path, PathBuf};

use yonglianhui::{
    id::OrganisationId,
    introduction, listing,
    listing::Kind,
    matching, organisation,
    table::{
        ExportArgs, ImportArgs, RowKind, export,
        import::{self, Imported},
    },
};

use crate::support::TestApp;

fn args(kind: RowKind, file: &Path) -> ImportArgs {
    ImportArgs { kind, file: file.to_owned(), dry_run: false, errors: None, publish: true, owner: None }
}

fn written(app: &TestApp, name: &str, text: &str) -> PathBuf {
    let path = app.folder().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

const LINES: &str = r#"{"id":"a","title":"柚皮提取果胶得率低","text":"现用盐酸提取，废水多。","keywords":["果胶","柚皮"]}
{"id":"b","title":"","text":"没有标题","keywords":[]}
{"id":"a","title":"又一条同号的","text":"","keywords":[]}
{"id":"c","title":"竹条分选速度慢","text":"","keywords":[]}
not a line of JSON
{"id":"d","title":"预算写错的","budget":"很多"}
"#;

#[actix_web::test]
async fn good_rows_are_saved_and_refused_rows_are_told_why() {
    let app = TestApp::start().await;
    let file = written(&app, "needs.jsonl", LINES);
    let errors = app.folder().join("errors.csv");
    let args = ImportArgs { errors: Some(errors.clone()), ..args(RowKind::Need, &file) };
    let done = import::import(&app.app, &args, |_| {}).await.unwrap();
    assert_eq!(done, Imported { made: 2, updated: 0, refused: 4 });
    app.run_until_idle().await;
    let visitor = app.visitor();
    assert_eq!(visitor.get("/search?q=果胶").await.texts(".rows h3"), ["柚皮提取果胶得率低"]);
    assert_eq!(visitor.get("/needs").await.texts(".rows h3").len(), 2);
    let told = std::fs::read_to_string(errors).unwrap();
    let lines: Vec<&str> =
        told.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(lines, ["line", "2", "3", "5", "6"]);
    for words in ["title is missing", "stands on line 1 already", "not one JSON object", "budget"] {
        assert!(told.contains(words), "{words} is not in {told}");
    }
}

#[actix_web::test]
async fn importing_again_updates_and_a_dry_run_saves_nothing() {
    let app = TestApp::start().await;
    let file = written(&app, "needs.jsonl", "{\"id\":\"a\",\"title\":\"柚皮提取果胶得率低\"}\n");
    let dry = ImportArgs { dry_run: true, ..args(RowKind::Need, &file) };
    app.zone("food").await;
    let before = app.rows().await;
    import::import(&app.app, &dry, |_| {}).await.unwrap();
    assert_eq!(app.rows().await, before);
    let first = import::import(&app.app, &args(RowKind::Need, &file), |_| {}).await.unwrap();
    let file = written(&app, "needs.jsonl", "{\"id\":\"a\",\"title\":\"柚皮怎样提取果胶\"}\n");
    let second = import::import(&app.app, &args(RowKind::Need, &file), |_| {}).await.unwrap();
    assert_eq!((first.made, second.made, second.updated), (1, 0, 1));
    app.run_until_idle().await;
    assert_eq!(app.visitor().get("/needs").await.texts(".rows h3"), ["柚皮怎样提取果胶"]);
}

#[actix_web::test]
async fn what_is_exported_can_be_imported() {
    let app = TestApp::start().await;
    let firm = app.enterprise("one").await;
    let team = app.team("two").await;
    app.live_need(&firm, "柚皮提取果胶得率低").await;
    app.live_result(&team, "=HYPERLINK(柚皮果胶绿色提取)").await;
    app.run_until_idle().await;
    for (kind, name) in [
        (RowKind::Enterprise, "enterprises"),
        (RowKind::Team, "teams"),
        (RowKind::Need, "needs"),
        (RowKind::Result, "results"),
    ] {
        for end in ["csv", "jsonl"] {
            let file = app.folder().join(format!("{name}.{end}"));
            export::command(&app.app, &ExportArgs { kind, file: file.clone() }).await.unwrap();
            let text = std::fs::read_to_string(&file).unwrap();
            for secret in [&firm.email, &firm.phone, &team.email, &team.phone] {
                assert!(!text.contains(secret.as_str()), "{name}.{end} holds {secret}");
            }
            assert!(
                !text.lines().any(|line| line.split(',').any(|cell| cell.starts_with('='))),
                "a cell is a formula: {text}"
            );
            let before = things(&app).await;
            let done = import::import(&app.app, &args(kind, &file), |_| {}).await.unwrap();
            assert_eq!(done, Imported { made: 0, updated: 1, refused: 0 }, "{name}.{end}");
            assert_eq!(things(&app).await, before, "{name}.{end} changed what was exported");
        }
    }
    app.run_until_idle().await;
}

/// What listings and organisations say, without their counters.
async fn things(app: &TestApp) -> String {
    let needs = listing::store::of_kind(&app.app.db, Kind::Need).await.unwrap();
    let results = listing::store::of_kind(&app.app.db, Kind::Result).await.unwrap();
    let ids: Vec<_> = needs.into_iter().chain(results).collect();
    let mut listings = listing::store::by_ids(&app.app.db, &ids).await.unwrap();
    listings.sort_by_key(|listing| listing.id);
    let said: Vec<_> = listings.into_iter().map(|listing| (listing.id, listing.state, listing.content)).collect();
    let kinds = [organisation::OrganisationKind::Enterprise, organisation::OrganisationKind::Team];
    let mut names: Vec<(OrganisationId, String, String)> = Vec::new();
    for kind in kinds {
        let ids = organisation::store::of_kind(&app.app.db, kind).await.unwrap();
        let found = organisation::store::by_ids(&app.app.db, &ids).await.unwrap();
        names.extend(found.into_iter().map(|each| (each.id, each.name, each.region)));
    }
    names.sort();
    format!("{said:#?} {names:#?}")
}

#[actix_web::test]
async fn an_owner_that_cannot_post_such_rows_is_refused() {
    let app = TestApp::start().await;
    let team = app.team("two").await;
    let file = written(&app, "needs.jsonl", "{\"id\":\"a\",\"title\":\"柚皮提取果胶得率低\"}\n");
    for owner in [team.id.0, 999_999] {
        let args = ImportArgs { owner: Some(owner), ..args(RowKind::Need, &file) };
        let error = import::import(&app.app, &args, |_| {}).await.unwrap_err();
        assert!(error.to_string().contains(&format!("--owner {owner}")), "{error}");
    }
    app.run_until_idle().await;
}

/// The development data, or `None` with a word that it was left out.
fn dev_data() -> Option<PathBuf> {
    let folder = std::env::var_os("YLH_DEV_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: YLH_DEV_DATA is not set");
    }
    folder
}

#[actix_web::test]
async fn the_line_of_work_runs_on_real_needs_and_results() {
    let Some(data) = dev_data() else { return };
    let app = TestApp::start_with(|config| config.requests_per_month = 50).await;
    for (kind, name, rows) in [
        (RowKind::Need, "needs.jsonl", 55),
        (RowKind::Need, "needs-more.jsonl", 100),
        (RowKind::Result, "results.jsonl", 6350),
    ] {
        let done = import::import(&app.app, &args(kind, &data.join(name)), |_| {}).await.unwrap();
        assert_eq!(done, Imported { made: rows, updated: 0, refused: 0 }, "{name}");
    }
    app.run_until_idle().await;
    let visitor = app.visitor();
    assert!(visitor.get("/search?q=锂电").await.texts(".rows h3").len() > 3);
    let needs = listing::store::of_kind(&app.app.db, Kind::Need).await.unwrap();
    assert_eq!(needs.len(), 155);
    let mut without = 0;
    let mut best = None;
    for need in &needs {
        let found = matching::store::of_need(&app.app.db, *need).await.unwrap();
        match found.into_iter().find(|each| each.place == Some(1)) {
            Some(first) if best.as_ref().is_none_or(|best: &matching::Match| best.score < first.score) => {
                best = Some(first)
            }
            Some(_) => {}
            None => without += 1,
        }
    }
    assert_eq!(matching::store::count_stale(&app.app.db).await.unwrap(), 0, "every need has been compared");
    // By words alone, a pair without two telling ones in common is not shown, so a need that nothing fits has none.
    assert!(without * 3 < needs.len(), "{without} of {} needs have no suggestion", needs.len());
    let best = best.expect("a suggestion");

    // One introduction to its end, by the letters alone.
    let need = listing::store::by_id(&app.app.db, best.need).await.unwrap().unwrap();
    let asker = organisation::store::speakers(&app.app.db, need.owner).await.unwrap()[0];
    let reason = "贵团队的成果与我们的难题正好相同，我们可以提供样品和场地，想请您先看一看。";
    let id = introduction::propose::propose(&app.app, asker, best.need, best.team, reason, "").await.unwrap();
    app.forward(chrono::TimeDelta::days(3));
    app.run_until_idle().await;
    let asked =
        app.mails().into_iter().map(|mail| mail.parsed()).rfind(|mail| mail.text.contains("/introductions/")).unwrap();
    let lead = app.visitor();
    let page = lead.get(&lead.path_of(&asked.link("/introductions/"))).await;
    let time = (app.app.clock.now() + chrono::TimeDelta::days(5)).format("%Y-%m-%dT10:00").to_string();
    let page = lead.submit(&page, "#accept form", &[("times", &time), ("consent", "yes")]).await;
    assert!(page.status < 400, "{}", page.main());
    app.run_until_idle().await;
    let offered =
        app.mails().into_iter().map(|mail| mail.parsed()).rfind(|mail| mail.text.contains("/introductions/")).unwrap();
    let firm = app.visitor();
    let page = firm.get(&firm.path_of(&offered.link("/introductions/"))).await;
    let time = page.attributes("#accept input[name=times]", "value").remove(0);
    firm.submit(&page, "#accept form", &[("times", &time), ("consent", "yes")]).await;
    app.run_until_idle().await;
    let ended = introduction::store::by_id(&app.app.db, id).await.unwrap().unwrap();
    assert_eq!(ended.state, introduction::State::Exchanged);
    assert_eq!(app.mails().iter().filter(|mail| mail.parsed().calendar.is_some()).count(), 2);
}
