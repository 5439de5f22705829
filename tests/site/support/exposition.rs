//! The text of `/metrics`, read as strictly as Prometheus describes it (text format 0.0.4).

use std::collections::{BTreeMap, BTreeSet};

/// What was read: each series with its value.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Exposition {
    series: BTreeMap<String, f64>,
    /// The families, each with its kind.
    pub(crate) families: BTreeMap<String, String>,
}

impl Exposition {
    /// Reads `text`, or says what is wrong with it and where.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut read = Self::default();
        let mut family = String::new();
        let mut helped = BTreeSet::new();
        if !text.ends_with('\n') {
            return Err("the last line has no end".to_owned());
        }
        for (number, line) in text.lines().enumerate() {
            let wrong = |why: &str| Err(format!("line {}: {why}: {line}", number + 1));
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').unwrap_or((rest, ""));
                if help.is_empty() || !is_name(name) || !helped.insert(name.to_owned()) {
                    return wrong("no help, no name, or helped twice");
                }
                name.clone_into(&mut family);
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let Some((name, kind)) = rest.split_once(' ') else { return wrong("no kind") };
                if name != family || !["counter", "gauge", "histogram"].contains(&kind) {
                    return wrong("a kind of another family, or an unknown one");
                }
                if kind == "counter" && !name.ends_with("_total") {
                    return wrong("a counter ends with _total");
                }
                if read.families.insert(name.to_owned(), kind.to_owned()).is_some() {
                    return wrong("a family twice");
                }
            } else {
                let Some((series, value)) = line.rsplit_once(' ') else { return wrong("no value") };
                let name = series.split('{').next().unwrap_or_default();
                let Some(kind) = read.families.get(&family) else { return wrong("no family") };
                let parts = ["_bucket", "_sum", "_count"].map(|end| format!("{family}{end}"));
                let belongs = if kind == "histogram" { parts.iter().any(|part| part == name) } else { name == family };
                if !belongs {
                    return wrong("a series outside its family");
                }
                if let Err(why) = labels(&series[name.len()..]) {
                    return wrong(why);
                }
                let Ok(value) = value.parse::<f64>() else { return wrong("the value is no number") };
                if value.is_nan() || kind != "gauge" && value < 0.0 {
                    return wrong("no value that can be");
                }
                if read.series.insert(series.to_owned(), value).is_some() {
                    return wrong("a series twice");
                }
            }
        }
        read.histograms()?;
        Ok(read)
    }

    /// Every histogram ends with `+Inf`, never falls, and counts what it has put in its buckets.
    fn histograms(&self) -> Result<(), String> {
        for family in self.families.iter().filter(|(_, kind)| *kind == "histogram").map(|(name, _)| name) {
            let of = |end: &str| {
                let start = format!("{family}{end}");
                let mine = move |series: &String| series.starts_with(&start);
                self.series.iter().filter(move |(series, _)| mine(series))
            };
            for (series, count) in of("_count") {
                let labels = series[family.len() + 6..].trim_start_matches('{').trim_end_matches('}');
                let mut buckets: Vec<(f64, f64)> = of("_bucket")
                    .filter(|(bucket, _)| bucket.contains(labels))
                    .map(|(bucket, value)| {
                        let bound = bucket.split("le=\"").nth(1).and_then(|rest| rest.split('"').next());
                        (bound.unwrap_or("NaN").replace("+Inf", "inf").parse().unwrap_or(f64::NAN), *value)
                    })
                    .collect();
                buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
                let falls = buckets.windows(2).any(|pair| pair[0].1 > pair[1].1);
                let last = buckets.last().copied().unwrap_or((0.0, -1.0));
                if falls || !last.0.is_infinite() || (last.1 - count).abs() > f64::EPSILON {
                    return Err(format!("{series} {count}: its buckets are {buckets:?}"));
                }
            }
        }
        Ok(())
    }

    /// The value of a series; nought when it is not there.
    pub(crate) fn value(&self, series: &str) -> f64 {
        self.series.get(series).copied().unwrap_or_default()
    }

    /// Whether a series is there.
    pub(crate) fn has(&self, series: &str) -> bool {
        self.series.contains_key(series)
    }
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins && name.chars().all(|each| each.is_ascii_alphanumeric() || each == '_')
}

/// `{a="x",b="y"}`, with `\\`, `\"` and `\n` as the only escapes; or nothing.
fn labels(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Ok(());
    }
    let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).ok_or("labels without braces")?;
    let mut rest = inside;
    let mut names = BTreeSet::new();
    while !rest.is_empty() {
        let (name, value) = rest.split_once("=\"").ok_or("a label without a value")?;
        if !is_name(name) || !names.insert(name.to_owned()) {
            return Err("a label that is no name, or twice");
        }
        let mut escaped = false;
        let mut end = None;
        for (at, each) in value.char_indices() {
            match each {
                '\\' | '"' | 'n' if escaped => escaped = false,
                _ if escaped => return Err("an escape that there is not"),
                '\\' => escaped = true,
                '"' => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        rest = &value[end.ok_or("a label that does not end")? + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    Ok(())
}

#[test]
fn what_prometheus_would_refuse_is_refused() {
    let good = "# HELP a_total Many.\n# TYPE a_total counter\na_total{x=\"1\",y=\"a\\\"b\"} 2\n";
    assert_eq!(Exposition::parse(good).unwrap().value("a_total{x=\"1\",y=\"a\\\"b\"}"), 2.0);
    for (what, bad) in [
        ("no end", good.trim_end().to_owned()),
        ("twice", format!("{good}a_total{{x=\"1\",y=\"a\\\"b\"}} 3\n")),
        ("no family", "a_total 1\n".to_owned()),
        ("a counter's name", good.replace("a_total", "a")),
        ("a label", good.replace("x=\"1\"", "x=1")),
        ("an escape", good.replace("\\\"", "\\t")),
        ("a value", good.replace("} 2", "} two")),
        ("below nought", good.replace("} 2", "} -2")),
        (
            "buckets",
            "# HELP t Time.\n# TYPE t histogram\nt_bucket{le=\"1\"} 3\nt_bucket{le=\"+Inf\"} 2\nt_sum 1\nt_count 2\n"
                .to_owned(),
        ),
    ] {
        assert!(Exposition::parse(&bad).is_err(), "{what}");
    }
}
