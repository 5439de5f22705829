//! Runs steps one after the other, whatever the earlier ones did, and draws the table of how they went.

use std::time::{Duration, Instant};

use crate::cargo::{DEV_DATA, dev_data};
use crate::interrupted;
use crate::steps::{Outcome, Step};

/// Prints the steps and what each does.
pub(crate) fn list(steps: &[Step]) {
    for step in steps {
        println!("{:<16} {}", step.name, step.about);
    }
}

/// Runs the steps and prints the table; whether all is well.
pub(crate) fn run(steps: Vec<Step>, allow_missing: bool) -> bool {
    match dev_data() {
        Some(folder) => println!("{DEV_DATA} is {}", folder.display()),
        None => println!("{DEV_DATA} is not set: tests that want the development data skip themselves"),
    }
    let mut rows = Vec::new();
    for step in steps {
        let started = Instant::now();
        let outcome = if interrupted() {
            Outcome::NotRun("interrupted".to_owned())
        } else {
            println!("\n── {}: {}", step.name, step.about);
            (step.run)()
        };
        if let Outcome::NotRun(why) = &outcome {
            println!("{} was not run: {why}", step.name);
        }
        rows.push((step.name, outcome, started.elapsed()));
    }

    println!();
    let took = rows.iter().map(|(_, _, took)| *took).sum();
    for (name, outcome, took) in &rows {
        let (result, note) = match outcome {
            Outcome::Passed(note) => ("passed", note),
            Outcome::Failed(note) => ("FAILED", note),
            Outcome::NotRun(why) => ("not run", why),
        };
        println!("{name:<16} {result:<8} {:>9}  {note}", spoken(*took));
    }
    println!("{:<16} {:<8} {:>9}", "all", "", spoken(took));
    rows.iter().all(|(_, outcome, _)| match outcome {
        Outcome::Passed(_) => true,
        Outcome::Failed(_) => false,
        Outcome::NotRun(_) => allow_missing && !interrupted(),
    })
}

/// A time as people say it.
fn spoken(took: Duration) -> String {
    match took.as_secs() {
        0..60 => format!("{:.1} s", took.as_secs_f64()),
        seconds => format!("{} m {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_readable() {
        assert_eq!(spoken(Duration::from_millis(40)), "0.0 s");
        assert_eq!(spoken(Duration::from_millis(59_940)), "59.9 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 m 05 s");
    }
}
