//! The long forms: every test at its full count, and one table of what was seen.
//!
//! The tests write their lines themselves, separated by tabs, into the file that [`REPORT`] names.

use std::fs;
use std::path::PathBuf;

use crate::{cargo, report, steps};

/// Tells the tests where to write what they saw.
pub(crate) const REPORT: &str = "YLH_TEST_REPORT";

/// What the columns are.
const HEAD: [&str; 5] = ["test", "engine", "rounds", "what must hold", "what was seen"];

/// The file of the lines.
pub(crate) fn file() -> PathBuf {
    cargo::root().join("target/endure.tsv")
}

/// Runs everything and draws the table; whether all is well.
pub(crate) fn run() -> bool {
    fs::remove_file(file()).ok();
    let all_well = report::run(steps::ENDURE.into(), false);
    let lines = fs::read_to_string(file()).unwrap_or_default();
    println!("\n{}", table(&lines));
    all_well
}

/// The lines as a table; the last column runs free.
fn table(lines: &str) -> String {
    let mut rows = vec![HEAD.map(str::to_owned).to_vec()];
    rows.extend(lines.lines().map(|line| line.split('\t').map(str::to_owned).collect()));
    let columns = HEAD.len() - 1;
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let mut drawn = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            line.push_str(&format!("{cell:<width$}  "));
        }
        drawn.push_str(line.trim_end());
        drawn.push('\n');
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_lines_up() {
        let drawn = table("kills\tSQLite\t20\tnothing is lost\t60 letters, 0 lost\n");
        assert_eq!(
            drawn,
            "test   engine  rounds  what must hold   what was seen\nkills  SQLite  20      nothing is lost  60 letters, 0 lost\n"
        );
    }
}
