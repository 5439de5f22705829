//! One row of a file, as names and texts; read from `.jsonl` or `.csv` and written back.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{BufRead, BufReader, BufWriter, Read as _, Write},
    path::Path,
    rc::Rc,
};

use serde_json::{Map, Value};

use crate::{
    fault::{Context, Fault},
    web::Fields,
};

/// The most that one line may weigh, so that a wrong file cannot fill the memory.
const MOST_BYTES: usize = 1024 * 1024;

/// A row: each field's text. Lists are lines or are parted by 、.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row(pub(super) BTreeMap<String, String>);

/// A row that is not saved, with where it stood and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) line: usize,
    pub(super) row: Row,
    pub(super) reason: String,
}

/// A row with the number of its line, or why there is none.
pub(super) type Read = Result<(usize, Row), Refused>;

/// Which form a file has, by the end of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    Sheet,
}

fn form(path: &Path) -> Result<Form, Fault> {
    match path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("jsonl") => Ok(Form::Lines),
        Some("csv") => Ok(Form::Sheet),
        _ => Err(Fault::other(format!("{} is neither .jsonl nor .csv; save it as one of them", path.display()))),
    }
}

impl Row {
    /// The text of a field, without blanks at its ends; empty when the row has none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// How many bytes it holds.
    pub(super) fn weight(&self) -> usize {
        self.0.iter().map(|(name, text)| name.len() + text.len()).sum()
    }

    /// The entries of a list field.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let parts = self.text(name).split(['、', '\n', ';', ';']);
        parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// The row as if it had been typed into a form.
    pub(super) fn fields(&self) -> Fields {
        self.0.iter().fold(Fields::default(), |fields, (name, text)| match name.as_str() {
            "cooperation" => fields.with_all(name, self.list(name)),
            _ => fields.with(name, text),
        })
    }

    pub(super) fn set(&mut self, name: &str, text: impl ToString) {
        let text = text.to_string();
        if !text.is_empty() {
            self.0.insert(name.to_owned(), text);
        }
    }
}

/// Every row of a file, read as it is asked for: good ones as they stand, bad ones with their reason.
pub(super) fn read(path: &Path) -> Result<Box<dyn Iterator<Item = Read>>, Fault> {
    let cannot = |error: std::io::Error| Fault::other(format!("{} cannot be read: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(cannot)?;
    match form(path)? {
        Form::Lines => {
            let mut reader = BufReader::new(file);
            let mut number = 0;
            Ok(Box::new(std::iter::from_fn(move || {
                loop {
                    number += 1;
                    let line = match next_line(&mut reader) {
                        Ok(None) => return None,
                        Ok(Some(line)) => line,
                        Err(error) => {
                            let reason = format!("the file cannot be read on: {error}");
                            return Some(Err(Refused { line: number, row: Row::default(), reason }));
                        }
                    };
                    let Ok(line) = line.as_deref().map(std::str::from_utf8).transpose() else {
                        let reason = "the line is not UTF-8; save the file as UTF-8".to_owned();
                        return Some(Err(Refused { line: number, row: Row::default(), reason }));
                    };
                    let Some(line) = line else {
                        let reason = "the line is longer than 1 MiB".to_owned();
                        return Some(Err(Refused { line: number, row: Row::default(), reason }));
                    };
                    let line = line.trim_start_matches('\u{feff}').trim();
                    if !line.is_empty() {
                        return Some(parse_line(number, line));
                    }
                }
            })))
        }
        Form::Sheet => {
            let left = Rc::new(Cell::new(MOST_BYTES));
            let mut reader =
                csv::ReaderBuilder::new().flexible(true).from_reader(Rationed { file, left: Rc::clone(&left) });
            let names = reader.headers().map_err(|error| Fault::other(format!("{}: {error}", path.display())))?.clone();
            let mut records = reader.into_records().enumerate();
            let mut ended = false;
            Ok(Box::new(std::iter::from_fn(move || {
                left.set(MOST_BYTES);
                let (number, record) = records.next().filter(|_| !ended)?;
                // Behind a row that does not end there is no next one to be found.
                ended = record.as_ref().is_err_and(csv::Error::is_io_error);
                Some(parse_record(number + 2, &names, record))
            })))
        }
    }
}

/// The next line; `Some(None)` when it is too long to be one, and then it is passed over.
fn next_line(reader: &mut impl BufRead) -> std::io::Result<Option<Option<Vec<u8>>>> {
    let mut line = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    if reader.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() < MOST_BYTES || line.ends_with(b"\n") {
        return Ok(Some(Some(line)));
    }
    loop {
        line.clear();
        if reader.by_ref().take(most).read_until(b'\n', &mut line)? == 0 || line.ends_with(b"\n") {
            return Ok(Some(None));
        }
    }
}

/// A file of which one row may read so much and no more: a quotation mark that is never closed would
/// make the rest of it one cell.
struct Rationed {
    file: std::fs::File,
    left: Rc<Cell<usize>>,
}

impl std::io::Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left.get() == 0 {
            return Err(std::io::Error::other("the row is longer than 1 MiB; is a quotation mark not closed?"));
        }
        let read = self.file.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(read));
        Ok(read)
    }
}

fn parse_line(line: usize, text: &str) -> Read {
    let refuse = |reason: String| Refused { line, row: Row::default(), reason };
    let value: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| refuse(format!("the line is not one JSON object: {error}")))?;
    Ok((line, Row(value.into_iter().map(|(name, value)| (name, flat(&value))).collect())))
}

fn parse_record(line: usize, names: &csv::StringRecord, record: Result<csv::StringRecord, csv::Error>) -> Read {
    let record = record.map_err(|error| Refused { line, row: Row::default(), reason: error.to_string() })?;
    // A leading apostrophe keeps a sheet program from reading a formula; it is ours, not the text's.
    let plain = |text: &str| text.strip_prefix('\'').unwrap_or(text).to_owned();
    let row = Row(names.iter().map(str::to_owned).zip(record.iter().map(plain)).collect());
    if record.len() != names.len() {
        let reason = format!("the row has {} cells, the first row has {}", record.len(), names.len());
        return Err(Refused { line, row, reason });
    }
    Ok((line, row))
}

fn flat(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}

/// Writes rows to a file, in the form that its name asks for.
pub(super) fn write(path: &Path, names: &[&str], rows: &[Row]) -> Result<(), Fault> {
    let file = std::fs::File::create(path)
        .map_err(|error| Fault::other(format!("{} cannot be written: {error}", path.display())))?;
    let mut out = BufWriter::new(file);
    match form(path)? {
        Form::Lines => {
            for row in rows {
                let object: Map<String, Value> = names
                    .iter()
                    .filter(|name| !row.text(name).is_empty())
                    .map(|name| ((*name).to_owned(), Value::String(row.text(name).to_owned())))
                    .collect();
                writeln!(out, "{}", Value::Object(object))?;
            }
        }
        Form::Sheet => {
            // Without the mark, sheet programs take UTF-8 for something else.
            out.write_all("\u{feff}".as_bytes())?;
            let mut sheet = csv::Writer::from_writer(&mut out);
            let told = |error: csv::Error| Fault::other(format!("writing the sheet: {error}"));
            sheet.write_record(names).map_err(told)?;
            for row in rows {
                sheet.write_record(names.iter().map(|name| harmless(row.text(name)))).map_err(told)?;
            }
            sheet.flush()?;
        }
    }
    out.flush().doing("writing a file")
}

/// A cell that begins like a formula is kept from being one; Chinese sheet programs take the wide marks as well.
fn harmless(text: &str) -> String {
    const MARKS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\'', '＝', '＋', '－', '＠'];
    if text.starts_with(MARKS) { format!("'{text}") } else { text.to_owned() }
}

/// Writes refused rows beside their reasons.
pub(super) fn write_refused(path: &Path, refused: &[Refused]) -> Result<(), Fault> {
    let mut names: Vec<String> = vec!["line".to_owned(), "reason".to_owned()];
    for name in refused.iter().flat_map(|each| each.row.0.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let rows: Vec<Row> = refused
        .iter()
        .map(|each| {
            let mut row = each.row.clone();
            row.set("line", each.line);
            row.set("reason", &each.reason);
            row
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    write(path, &names, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pairs: &[(&str, &str)]) -> Row {
        Row(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn a_sheet_that_is_written_is_read_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let rows = [row(&[("a", "=1+1"), ("b", "一行\n两行,\"引号\"")]), row(&[("a", "-x"), ("b", "'quoted")])];
        write(&path, &["a", "b"], &rows).unwrap();
        let read: Vec<Row> = read(&path).unwrap().map(|each| each.unwrap().1).collect();
        assert_eq!(read, rows);
        assert!(std::fs::read_to_string(&path).unwrap().contains("'=1+1"));
    }

    #[test]
    fn a_bad_line_is_refused_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        std::fs::write(&path, "{\"id\":\"1\",\"keywords\":[\"甲\",\"乙\"]}\nnot json\n\n{\"id\":\"2\"}\n").unwrap();
        let read: Vec<Read> = read(&path).unwrap().collect();
        assert_eq!(read.len(), 3);
        assert_eq!(read[0].as_ref().unwrap().1.list("keywords"), ["甲", "乙"]);
        assert_eq!(read[1].as_ref().unwrap_err().line, 2);
        assert_eq!(read[2].as_ref().unwrap().0, 4);
    }
    #[test]
    fn a_row_without_an_end_is_refused_and_not_gathered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let endless = "甲".repeat(MOST_BYTES);
        std::fs::write(&path, format!("{{\"id\":\"1\"}}\n{endless}\n{{\"id\":\"2\"}}")).unwrap();
        let all: Vec<Read> = read(&path).unwrap().collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[1].as_ref().unwrap_err().reason, "the line is longer than 1 MiB");
        assert_eq!(all[2].as_ref().unwrap().0, 3);
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, format!("id,title\n1,one\n2,\"{endless}{endless}")).unwrap();
        let all: Vec<Read> = read(&path).unwrap().collect();
        assert_eq!(all.len(), 2);
        assert!(all[1].as_ref().unwrap_err().reason.contains("is a quotation mark not closed?"), "{:?}", all[1]);
    }
}
