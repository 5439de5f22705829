//! The matcher over a graded collection: the figures, the run file, the exit statuses.

use std::{fs, path::Path};

use yonglianhui::eval::{self, Error, EvalArgs, Report};

fn args(folder: &Path) -> EvalArgs {
    EvalArgs {
        needs: folder.join("needs.jsonl"),
        results: folder.join("results.jsonl"),
        qrels: folder.join("qrels.tsv"),
        run: Some(folder.join("run.txt")),
        semantic: "none".to_owned(),
        judged_only: false,
        json: false,
    }
}

/// Two needs that have something in common with results, one that has nothing.
fn collection() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let line = |id: &str, title: &str| {
        format!("{{\"id\": \"{id}\", \"title\": \"{title}\", \"text\": \"\", \"keywords\": []}}\n")
    };
    let needs = [line("N1", "柚皮果胶提取"), line("N2", "竹篾染色"), line("N3", "矿井通风")].concat();
    let results = [
        line("A", "柚皮果胶提取"),
        line("B", "果胶"),
        line("C", "竹篾"),
        line("D", "竹篾染色均匀"),
        line("E", "锂电池回收"),
    ]
    .concat();
    fs::write(folder.path().join("needs.jsonl"), needs).unwrap();
    fs::write(folder.path().join("results.jsonl"), results).unwrap();
    fs::write(folder.path().join("qrels.tsv"), "N1\tA\t1\nN1\tB\t3\nN1\tE\t2\nN2\tC\t0\nN2\tD\t2\nN3\tE\t1\n").unwrap();
    folder
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

fn rows(folder: &Path) -> Vec<Vec<String>> {
    let run = fs::read_to_string(folder.join("run.txt")).unwrap();
    run.lines().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn the_figures_are_those_worked_out_by_hand() {
    let folder = collection();
    let report = eval::run(&args(folder.path())).unwrap();
    // N1 finds A, B and not E; N2 finds D, C; N3 finds nothing and has no relevant result.
    let order: Vec<String> =
        rows(folder.path()).iter().map(|row| format!("{} {} {}", row[0], row[2], row[3])).collect();
    assert_eq!(order, ["N1 A 1", "N1 B 2", "N2 D 1", "N2 C 2"]);
    let discount = |place: f64| (place + 1.0).log2();
    let first = (1.0 + 7.0 / discount(2.0)) / (7.0 + 3.0 / discount(2.0) + 1.0 / discount(3.0));
    near(report.ndcg_at_10, f64::midpoint(first, 1.0));
    near(report.mrr_at_10, f64::midpoint(0.5, 1.0));
    near(report.recall_at_20, f64::midpoint(0.5, 1.0));
    near(report.judged_at_10, 1.0);
    assert_eq!((report.needs, report.results), (3, 5));
    // Relevant: N1-B, N1-E (which scores 0), N2-D; not: N1-A, N2-C, N3-E (0). All are whole, so D equals A.
    let score = |need: &str, result: &str| {
        let row = rows(folder.path()).into_iter().find(|row| row[0] == need && row[2] == result);
        row.map_or(0.0, |row| row[4].parse::<f64>().unwrap())
    };
    let relevant = [score("N1", "B"), score("N1", "E"), score("N2", "D")];
    let others = [score("N1", "A"), score("N2", "C"), score("N3", "E")];
    let wins = relevant.iter().flat_map(|good| {
        others.iter().map(move |bad| {
            if good > bad {
                1.0
            } else if good < bad {
                0.0
            } else {
                0.5
            }
        })
    });
    near(report.auc, wins.sum::<f64>() / 9.0);
    assert!(report.ms_per_need >= 0.0);
}

#[test]
fn the_graded_pairs_alone_are_ranked_when_asked_for() {
    let folder = collection();
    let report = eval::run(&EvalArgs { judged_only: true, ..args(folder.path()) }).unwrap();
    let rows = rows(folder.path());
    let order: Vec<String> = rows.iter().map(|row| format!("{} {} {}", row[0], row[2], row[3])).collect();
    assert_eq!(order, ["N1 A 1", "N1 B 2", "N1 E 3", "N2 D 1", "N2 C 2", "N3 E 1"], "exactly the pairs of the file");
    assert!(rows.iter().all(|row| row.len() == 6 && row[1] == "Q0" && row[5] == "yonglianhui"));
    near(report.recall_at_20, 1.0);
    let discount = |place: f64| (place + 1.0).log2();
    let first = (1.0 + 7.0 / discount(2.0) + 3.0 / discount(3.0)) / (7.0 + 3.0 / discount(2.0) + 1.0 / discount(3.0));
    near(report.ndcg_at_10, f64::midpoint(first, 1.0));
}

#[test]
fn the_figures_as_json_have_the_names_that_were_promised() {
    let folder = collection();
    let report: Report = eval::run(&args(folder.path())).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["needs", "results", "ndcg@10", "mrr@10", "recall@20", "judged@10", "auc", "ms_per_need"]);
    assert!(json.as_object().unwrap().values().all(serde_json::Value::is_number));
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let folder = collection();
    let said = |change: &dyn Fn()| {
        change();
        eval::run(&args(folder.path())).unwrap_err().to_string()
    };
    let qrels = folder.path().join("qrels.tsv");
    for (text, end) in [
        ("N1\tA\t3\nN9\tA\t1\n", "line 2: there is no need N9"),
        ("N1\tZ\t1\n", "line 1: there is no result Z"),
        ("N1\tA\t4\n", "line 1: a grade is 0, 1, 2 or 3"),
        ("N1 A 1\n", "line 1: write need, result and grade with tabs between"),
    ] {
        let said = said(&|| fs::write(&qrels, text).unwrap());
        assert!(said.ends_with(end), "{said}");
    }
    fs::write(&qrels, "").unwrap();
    let said = said(&|| {
        fs::write(folder.path().join("needs.jsonl"), "{\"id\": \"N1\", \"title\": \"a\"}\n{\"id\": 3}\n").unwrap()
    });
    assert!(said.contains("needs.jsonl, line 2: "), "{said}");
    fs::remove_file(folder.path().join("results.jsonl")).unwrap();
    fs::write(folder.path().join("needs.jsonl"), "").unwrap();
    assert!(matches!(eval::run(&args(folder.path())), Err(Error::File { .. })));
}

#[test]
fn a_way_of_comparing_meaning_that_is_none_is_refused() {
    let folder = collection();
    let asked = EvalArgs { semantic: "everything".to_owned(), ..args(folder.path()) };
    assert!(matches!(eval::run(&asked), Err(Error::Semantic(_))));
    assert_eq!(format!("{:?}", eval::command(&asked).unwrap()), format!("{:?}", std::process::ExitCode::from(2)));
}

#[test]
fn meaning_ranks_what_shares_no_word() {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, lines: &[&str]| fs::write(folder.path().join(file), lines.join("\n")).unwrap();
    write("needs.jsonl", &[r#"{"id": "N", "title": "蔬菜水果运输途中容易腐烂"}"#]);
    let results = [("A", "高速公路边坡监测"), ("B", "生鲜农产品保鲜膜延长货架期"), ("C", "锂电池隔膜涂覆")];
    let lines: Vec<String> =
        results.iter().map(|(id, title)| format!(r#"{{"id": "{id}", "title": "{title}"}}"#)).collect();
    write("results.jsonl", &lines.iter().map(String::as_str).collect::<Vec<_>>());
    write("qrels.tsv", &["N\tB\t3", "N\tA\t0"]);
    let by_words = eval::run(&args(folder.path())).unwrap();
    assert!(by_words.mrr_at_10 < 0.1, "{}", by_words.mrr_at_10);
    let by_meaning = eval::run(&EvalArgs { semantic: "local".to_owned(), ..args(folder.path()) }).unwrap();
    near(by_meaning.mrr_at_10, 1.0);
    assert_eq!(rows(folder.path()).len(), 3);
}

#[test]
fn the_matcher_is_as_good_on_real_needs_as_it_was() {
    let Ok(data) = std::env::var("YLH_DEV_DATA") else {
        println!("skipped: YLH_DEV_DATA is not set");
        return;
    };
    let data = Path::new(&data);
    let whole = eval::run(&EvalArgs { run: None, ..args(data) }).unwrap();
    println!("{}", whole.in_words());
    assert!(whole.ndcg_at_10 >= 0.62 && whole.recall_at_20 >= 0.8, "{}", whole.in_words());
    let contest = EvalArgs {
        needs: data.join("contest-needs.jsonl"),
        results: data.join("contest-results.jsonl"),
        qrels: data.join("contest-pairs.tsv"),
        run: None,
        judged_only: true,
        ..args(data)
    };
    let by_words = eval::run(&contest).unwrap();
    println!("{}", by_words.in_words());
    assert!(by_words.ndcg_at_10 >= 0.67, "{}", by_words.ndcg_at_10);
    let with_meaning = eval::run(&EvalArgs { semantic: "local".to_owned(), ..contest }).unwrap();
    println!("{}", with_meaning.in_words());
    assert!(with_meaning.ndcg_at_10 >= 0.69, "{}", with_meaning.ndcg_at_10);
    assert!(with_meaning.auc > by_words.auc, "{} {}", with_meaning.auc, by_words.auc);
}
