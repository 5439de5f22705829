//! Somebody looks for something: types and picks what is suggested, slips and is put right, narrows and widens again.

use std::time::Duration;

use fantoccini::key::Key;

use crate::{
    sink::Sink,
    support::{Driver, Person, Site},
};

const NEEDS: &str = r#"{"id":"n1","title":"紫薯花青素提纯","text":"现用工艺得率低，希望找到做过中试的团队。","keywords":["花青素"]}
{"id":"n2","title":"紫薯全粉护色","text":"花青素在烘干时褪色。","keywords":[]}
"#;
const RESULTS: &str = r#"{"id":"r1","title":"花青素膜法浓缩","text":"低温浓缩，保留花青素活性。","keywords":["花青素"]}
"#;

/// What stands in the list under the box; empty while it is closed.
async fn suggested(person: &Person) -> Vec<String> {
    let script = "return [...document.querySelectorAll('main [role=listbox]:not([hidden]) [role=option] span')].map(each => each.textContent)";
    serde_json::from_value(person.evaluate(script).await).unwrap()
}

/// Waits until the list says this, as long as a slow machine may need.
async fn waits_for(person: &Person, wanted: &[&str]) {
    for _ in 0..400 {
        if suggested(person).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the list says {:?}, not {wanted:?}", suggested(person).await);
}

#[tokio::test]
async fn a_search_suggests_corrects_and_narrows() {
    let Some(driver) = Driver::start() else {
        eprintln!("skipped: YLH_TEST_BROWSER and YLH_TEST_DRIVER are not set");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let sink = Sink::start().await;
    let site = Site::new(folder.path(), &sink.url());
    for (kind, rows) in [("need", NEEDS), ("result", RESULTS)] {
        let file = folder.path().join(format!("{kind}.jsonl"));
        std::fs::write(&file, rows).unwrap();
        site.run(&["import", "--kind", kind, file.to_str().unwrap(), "--publish"]);
    }
    let _running = site.serve();
    let visitor = driver.person(folder.path(), "visitor", &site).await;
    for _ in 0..400 {
        visitor.open("/search?q=花青素").await;
        if visitor.reads().await.contains("共 3 条") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    visitor.expects("共 3 条").await;
    visitor.looks("found").await;

    // Typed in characters, then in pinyin; picked with the keys alone.
    visitor.open("/search").await;
    visitor.types("q", "紫薯").await;
    waits_for(&visitor, &["紫薯全粉护色", "紫薯花青素提纯"]).await;
    visitor.looks("suggestions").await;
    let expanded = "return document.getElementById('q').getAttribute('aria-expanded')";
    assert_eq!(visitor.evaluate(expanded).await, "true");
    visitor.key("q", Key::Escape).await;
    assert_eq!(visitor.evaluate(expanded).await, "false");
    visitor.open("/search").await;
    visitor.types("q", "zishuh").await;
    waits_for(&visitor, &["紫薯花青素提纯"]).await;
    visitor.key("q", Key::Down).await;
    let active = "const id = document.getElementById('q').getAttribute('aria-activedescendant'); return document.getElementById(id).getAttribute('aria-selected')";
    assert_eq!(visitor.evaluate(active).await, "true");
    visitor.key("q", Key::Enter).await;
    visitor.comes_to("/needs/").await;
    visitor.expects("紫薯花青素提纯").await;

    // While an input method composes, nothing is asked.
    visitor.open("/search").await;
    let composes = "const box = document.getElementById('q'); window.asked = 0; const fetched = window.fetch; window.fetch = (...all) => { window.asked++; return fetched(...all); }; box.focus(); box.dispatchEvent(new CompositionEvent('compositionstart')); box.value = 'zi'; box.dispatchEvent(new InputEvent('input', {isComposing: true})); return new Promise(done => setTimeout(() => done(window.asked), 400))";
    assert_eq!(visitor.evaluate(composes).await, 0);
    let composed = "const box = document.getElementById('q'); box.value = '紫薯全'; box.dispatchEvent(new CompositionEvent('compositionend')); return true";
    visitor.evaluate(composed).await;
    waits_for(&visitor, &["紫薯全粉护色"]).await;

    // A slip of the pen is put right, and said.
    visitor.open("/search").await;
    visitor.fill("q", "花清素").await;
    visitor.press("搜索").await;
    visitor.expects("没有找到“花清素”，以下是“花青素”的结果。").await;
    visitor.looks("corrected").await;

    // Narrowed by a facet, widened again by taking the filter away.
    visitor.press("成果").await;
    visitor.expects("共 1 条").await;
    visitor.looks("narrowed").await;
    visitor.press("全部去掉").await;
    visitor.expects("共 3 条").await;

    visitor.open("/search?q=火箭发动机喷管").await;
    visitor.expects("没有找到").await;
    visitor.looks("nothing").await;
    visitor.leaves().await;
}
