//! The matcher over a graded collection, without a database.
//!
//! `eval` puts the results of a collection into an index in memory, asks for each need what the
//! site would ask, and compares the order with the grades that people gave. Only words and meaning
//! have data here, so they alone decide, before they are rounded to shown points.
//!
//! - nDCG@10 with gain 2^grade − 1; MRR@10 and recall@20 with relevant = grade 2 or 3; all three
//!   over the needs that have a relevant result, unjudged results counting as 0.
//! - AUC over all judged pairs: how often a relevant pair scores above one that is not.
//!
//! **Invariant:** the figures are those that can be worked out by hand
//! (`the_figures_are_those_worked_out_by_hand`).

use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use chrono::DateTime;
use index::{Change, Document, Index, Key, Kind, Text};
use serde::{Deserialize, Serialize};

use crate::{
    encoder::{self, Meaning, Provider, Side},
    fault::Fault,
    matching::score::{Likeness, WEIGHTS},
};

/// How many results of a need are written to the run file.
const RUN_DEPTH: usize = 100;
/// From which grade on a result is relevant.
const RELEVANT: u8 = 2;
/// The last column of the run file.
const TAG: &str = "yonglianhui";

/// What `eval` is asked for.
#[derive(Debug, Clone, clap::Args)]
pub struct EvalArgs {
    /// The needs: one JSON object a line, with id, title, text and keywords
    #[arg(long, value_name = "FILE")]
    pub needs: PathBuf,
    /// The results, in the same form
    #[arg(long, value_name = "FILE")]
    pub results: PathBuf,
    /// The grades: need, result and a grade of 0 to 3, with tabs between
    #[arg(long, value_name = "FILE")]
    pub qrels: PathBuf,
    /// Where the ranking is written, in TREC form
    #[arg(long, value_name = "OUT")]
    pub run: Option<PathBuf>,
    /// How meaning is compared: none, local, or the address of an embeddings endpoint
    #[arg(long, default_value = "local", value_name = "none|local|URL")]
    pub semantic: String,
    /// Rank the graded pairs only
    #[arg(long)]
    pub judged_only: bool,
    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
}

/// How many texts a core encodes before it takes the next.
const TEXTS_AT_ONCE: usize = 64;

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Meaning cannot be compared in the way that was asked for.
    #[error("--semantic: {0}")]
    Semantic(encoder::Error),
    /// The meaning of a text was asked for and did not come.
    #[error("the meanings were not found: {0}")]
    Meaning(#[from] encoder::Error),
    /// A file cannot be read or written.
    #[error("{}: {source}", .file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of a file is not as it should be.
    #[error("{}, line {line}: {what}", .file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The index in memory failed.
    #[error("the index failed: {0}")]
    Index(#[from] index::Error),
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many needs the collection has.
    pub needs: usize,
    /// How many results.
    pub results: usize,
    /// nDCG of the first ten.
    #[serde(rename = "ndcg@10")]
    pub ndcg_at_10: f64,
    /// One over the place of the first relevant result, 0 when it is not among the first ten.
    #[serde(rename = "mrr@10")]
    pub mrr_at_10: f64,
    /// The share of the relevant results among the first twenty.
    #[serde(rename = "recall@20")]
    pub recall_at_20: f64,
    /// The share of the first ten that have a grade.
    #[serde(rename = "judged@10")]
    pub judged_at_10: f64,
    /// How often a relevant pair scores above one that is not.
    pub auc: f64,
    /// Milliseconds that a need takes.
    pub ms_per_need: f64,
}

/// The command: prints the figures. 1 when a file is refused or an endpoint does not answer, 2 when the options are wrong.
pub fn command(args: &EvalArgs) -> Result<ExitCode, Fault> {
    match run(args) {
        Ok(report) if args.json => println!("{}", serde_json::to_string(&report)?),
        Ok(report) => println!("{}", report.in_words()),
        Err(error) => {
            eprintln!("{error}");
            return Ok(if matches!(error, Error::Semantic(_)) { ExitCode::from(2) } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs the matcher over a collection and measures it.
pub fn run(options: &EvalArgs) -> Result<Report, Error> {
    let provider = Provider::asked(&options.semantic).map_err(Error::Semantic)?;
    let needs = texts(&options.needs)?;
    let results = texts(&options.results)?;
    let grades = grades(&options.qrels, &needs, &results)?;
    let index = indexed(&needs, &results)?;
    let passages = meanings(&provider, Side::Passage, &results)?;
    let started = Instant::now();
    let mut rankings = Vec::with_capacity(needs.len());
    for (at, need) in needs.iter().enumerate() {
        let asked = meanings(&provider, Side::Query, needs.get(at..=at).unwrap_or_default())?.pop().flatten();
        let likeness = |place: usize, words: f64| {
            let meaning =
                asked.as_ref().zip(passages.get(place)?.as_ref()).and_then(|(one, other)| provider.near(one, other));
            (words > 0.0 || meaning.is_some()).then(|| Likeness { words, meaning }.rank(&WEIGHTS))
        };
        let rank = |key: Key, words: f64| likeness(usize::try_from(key.id).ok()?, words);
        let similar = index.similar_by(&need.compared(), Kind::Result, results.len(), &rank)?;
        let scores = similar.iter().filter_map(|each| Some((usize::try_from(each.key.id).ok()?, each.rank)));
        rankings.push(ranking(scores.collect(), grades.get(need.id.as_str()), options.judged_only));
    }
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    if let Some(file) = &options.run {
        let depth = if options.judged_only { usize::MAX } else { RUN_DEPTH };
        let text = run_file(&needs, &results, &rankings, depth);
        std::fs::write(file, text).map_err(|source| Error::File { file: file.clone(), source })?;
    }
    Ok(measure(&needs, results.len(), &grades, &rankings, ms))
}

impl Report {
    /// The figures for people.
    pub fn in_words(&self) -> String {
        format!(
            "{} needs, {} results\nnDCG@10    {:.3}\nMRR@10     {:.3}\nrecall@20  {:.3}\njudged@10  {:.3}\nAUC        {:.3}\n{:.1} ms a need",
            self.needs,
            self.results,
            self.ndcg_at_10,
            self.mrr_at_10,
            self.recall_at_20,
            self.judged_at_10,
            self.auc,
            self.ms_per_need
        )
    }
}

/// A need or a result of a collection.
#[derive(Debug, Deserialize)]
struct Item {
    id: String,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    keywords: Vec<String>,
}

impl Item {
    fn compared(&self) -> Text {
        Text {
            title: self.title.clone(),
            keywords: self.keywords.clone(),
            // A paper's abstract or a need of many paragraphs is a whole text, not the summary of one.
            problem: String::new(),
            body: self.text.clone(),
        }
    }
}

fn read(file: &Path) -> Result<String, Error> {
    std::fs::read_to_string(file).map_err(|source| Error::File { file: file.to_owned(), source })
}

fn texts(file: &Path) -> Result<Vec<Item>, Error> {
    let mut items: Vec<Item> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (number, line) in read(file)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refuse = |what: String| Error::Line { file: file.to_owned(), line: number + 1, what };
        let item: Item = serde_json::from_str(line).map_err(|error| refuse(error.to_string()))?;
        if item.id.is_empty() || item.id.contains(char::is_whitespace) {
            return Err(refuse(format!("the id {:?} is empty or holds a space", item.id)));
        }
        if !seen.insert(item.id.clone()) {
            return Err(refuse(format!("the id {} is there twice", item.id)));
        }
        items.push(item);
    }
    Ok(items)
}

/// Grades by need, then by the place of the result in its file.
type Grades = HashMap<String, BTreeMap<usize, u8>>;

fn grades(file: &Path, needs: &[Item], results: &[Item]) -> Result<Grades, Error> {
    let known: std::collections::HashSet<&str> = needs.iter().map(|need| need.id.as_str()).collect();
    let places: HashMap<&str, usize> =
        results.iter().enumerate().map(|(at, result)| (result.id.as_str(), at)).collect();
    let mut grades = Grades::new();
    for (number, line) in read(file)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refuse = |what: String| Error::Line { file: file.to_owned(), line: number + 1, what };
        let mut cells = line.split('\t').map(str::trim);
        let (Some(need), Some(result), Some(grade), None) = (cells.next(), cells.next(), cells.next(), cells.next())
        else {
            return Err(refuse("write need, result and grade with tabs between".to_owned()));
        };
        if !known.contains(need) {
            return Err(refuse(format!("there is no need {need}")));
        }
        let place = places.get(result).ok_or_else(|| refuse(format!("there is no result {result}")))?;
        let grade = grade.parse().ok().filter(|grade| *grade <= 3);
        let grade = grade.ok_or_else(|| refuse("a grade is 0, 1, 2 or 3".to_owned()))?;
        grades.entry(need.to_owned()).or_default().insert(*place, grade);
    }
    Ok(grades)
}

/// What texts mean, in the same order.
fn meanings(provider: &Provider, side: Side, items: &[Item]) -> Result<Vec<Option<Meaning>>, Error> {
    let texts: Vec<encoder::Text<'_>> =
        items.iter().map(|item| encoder::Text { title: &item.title, rest: &item.text }).collect();
    // On all cores: nobody else waits for them here. Long texts stand together, so each core takes some of every part.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let parts: Vec<&[encoder::Text<'_>]> = texts.chunks(TEXTS_AT_ONCE).collect();
    let of_core = |core: usize| -> Result<Vec<_>, encoder::Error> {
        parts.iter().skip(core).step_by(cores).map(|part| provider.meanings(side, part)).collect()
    };
    std::thread::scope(|scope| {
        let at_work: Vec<_> = (0..cores).map(|core| scope.spawn(move || of_core(core))).collect();
        let mut found = Vec::with_capacity(cores);
        for core in at_work {
            found.push(core.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?.into_iter());
        }
        let in_order = (0..parts.len()).filter_map(|part| found.get_mut(part % cores)?.next());
        Ok(in_order.flatten().collect())
    })
}

/// An index as the site's: what needs say counts less in all of them, so they are in it as well.
fn indexed(needs: &[Item], results: &[Item]) -> Result<Index, Error> {
    let index = Index::in_memory()?;
    let numbered = |items: &'_ [Item], kind| (0_i64..).take(items.len()).map(move |id| Key { kind, id });
    let keys = numbered(needs, Kind::Need).chain(numbered(results, Kind::Result));
    let documents = needs.iter().chain(results).zip(keys).map(|(item, key)| {
        let text = item.compared();
        Change::Replace(Document {
            key,
            title: text.title,
            keywords: text.keywords,
            problem: text.problem,
            body: text.body,
            owner: String::new(),
            zone: None,
            url: String::new(),
            posted_at: DateTime::UNIX_EPOCH,
            expires_at: None,
        })
    });
    index.apply(documents.collect(), 0)?;
    Ok(index)
}

/// What the matcher made of one need.
struct Ranking {
    /// Results by their place in the file, the best first, with their scores.
    order: Vec<(usize, f64)>,
    /// The score of each judged result.
    judged: Vec<(u8, f64)>,
}

fn ranking(scores: Vec<(usize, f64)>, grades: Option<&BTreeMap<usize, u8>>, judged_only: bool) -> Ranking {
    let by_place: HashMap<usize, f64> = scores.iter().copied().collect();
    let of = |place: &usize| by_place.get(place).copied().unwrap_or(0.0);
    let graded = grades.into_iter().flatten();
    let judged = graded.clone().map(|(place, grade)| (*grade, of(place))).collect();
    let mut order = scores;
    if judged_only {
        order = graded.map(|(place, _)| (*place, of(place))).collect();
        order.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.cmp(b)));
    }
    Ranking { order, judged }
}

fn measure(needs: &[Item], results: usize, grades: &Grades, rankings: &[Ranking], ms: f64) -> Report {
    let empty = BTreeMap::new();
    let (mut ndcg, mut mrr, mut recall, mut judged, mut measured) = (0.0, 0.0, 0.0, 0.0, 0);
    for (need, ranking) in needs.iter().zip(rankings) {
        let grades = grades.get(need.id.as_str()).unwrap_or(&empty);
        let relevant = grades.values().filter(|grade| **grade >= RELEVANT).count();
        if relevant == 0 {
            continue;
        }
        measured += 1;
        let graded: Vec<Option<u8>> = ranking.order.iter().map(|(place, _)| grades.get(place).copied()).collect();
        let is_relevant = |grade: &Option<u8>| grade.is_some_and(|grade| grade >= RELEVANT);
        let mut best: Vec<u8> = grades.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        ndcg += gain(graded.iter().take(10).map(|grade| grade.unwrap_or(0))) / gain(best.into_iter().take(10));
        mrr += graded.iter().take(10).position(is_relevant).map_or(0.0, |at| 1.0 / count(at + 1));
        recall += count(graded.iter().take(20).filter(|grade| is_relevant(grade)).count()) / count(relevant);
        let shown = graded.len().min(10);
        judged += count(graded.iter().take(10).flatten().count()) / count(shown.max(1));
    }
    let mean = |sum: f64| if measured == 0 { 0.0 } else { sum / count(measured) };
    Report {
        needs: needs.len(),
        results,
        ndcg_at_10: mean(ndcg),
        mrr_at_10: mean(mrr),
        recall_at_20: mean(recall),
        judged_at_10: mean(judged),
        auc: auc(rankings.iter().flat_map(|ranking| ranking.judged.iter().copied()).collect()),
        ms_per_need: ms / count(needs.len().max(1)),
    }
}

/// The gain of grades in order, each worth less the later it comes.
fn gain(grades: impl Iterator<Item = u8>) -> f64 {
    grades.zip(2..).map(|(grade, place)| (f64::from(grade).exp2() - 1.0) / f64::from(place).log2()).sum()
}

/// How often a relevant pair scores above one that is not; equal scores count half.
fn auc(mut pairs: Vec<(u8, f64)>) -> f64 {
    let relevant = |grade: u8| grade >= RELEVANT;
    let positives = pairs.iter().filter(|(grade, _)| relevant(*grade)).count();
    let negatives = pairs.len() - positives;
    if positives == 0 || negatives == 0 {
        return 0.0;
    }
    pairs.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let (mut above, mut below) = (0.0, 0.0);
    for same in pairs.chunk_by(|(_, a), (_, b)| a.total_cmp(b) == Ordering::Equal) {
        let good = count(same.iter().filter(|(grade, _)| relevant(*grade)).count());
        let bad = count(same.len()) - good;
        above += good * (below + bad / 2.0);
        below += bad;
    }
    above / (count(positives) * count(negatives))
}

fn run_file(needs: &[Item], results: &[Item], rankings: &[Ranking], depth: usize) -> String {
    let mut text = String::new();
    for (need, ranking) in needs.iter().zip(rankings) {
        let places = ranking.order.iter().take(depth).zip(1..);
        for ((place, score), rank) in places {
            let Some(result) = results.get(*place) else { continue };
            // A String takes whatever is written to it.
            let _ = writeln!(text, "{} Q0 {} {rank} {score:.6} {TAG}", need.id, result.id);
        }
    }
    text
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_half_a_win() {
        assert!((auc(vec![(3, 0.5), (0, 0.5)]) - 0.5).abs() < 1e-12);
        assert!((auc(vec![(2, 0.9), (1, 0.5), (0, 0.9)]) - 0.75).abs() < 1e-12);
        assert!(auc(vec![(2, 0.9)]).abs() < 1e-12);
    }

    #[test]
    fn a_better_grade_earlier_is_worth_more() {
        let perfect = gain([3, 2, 0].into_iter());
        assert!((perfect - (7.0 + 3.0 / 3.0_f64.log2())).abs() < 1e-12);
        assert!(gain([2, 3, 0].into_iter()) < perfect);
    }
}
