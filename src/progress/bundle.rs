//! Everything that is known, in one piece: to be moved to another machine.
//!
//! What comes in is from a stranger. It is limited in size, each name in it is looked at before it
//! becomes a file's, and nothing of it is carried out: the lines that it holds are read again by the
//! lesson's own language when the learner continues.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::disk::LARGEST;
use super::place::Key;
use super::record::{FORMAT, Point, Record};
use super::store::{Found, Store, parse};
use crate::command::{LONGEST_LINE, steers_terminal};

/// So many lessons, steps, deeds and the like are plausible.
const MANY: usize = 10_000;

/// A name or title of so many bytes is plausible.
const LONG: usize = 1_000;

/// The whole.
#[derive(Debug, Serialize, Deserialize)]
struct Bundle {
    format: u32,
    exported: Option<Timestamp>,
    lessons: BTreeMap<String, Record>,
}

/// All that can be read, as a file for another machine.
///
/// # Errors
/// If it cannot be written as JSON, which does not happen.
pub fn export(records: &BTreeMap<Key, Record>) -> Result<Vec<u8>> {
    let lessons = records
        .iter()
        .map(|(key, record)| (key.to_string(), record.clone()));
    let bundle = Bundle {
        format: FORMAT,
        exported: Some(Timestamp::now()),
        lessons: lessons.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&bundle).context("writing it as JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What another machine has exported.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<BTreeMap<Key, Record>> {
    ensure!(
        u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST),
        "it is larger than {LARGEST} bytes"
    );
    let bundle: Bundle = match parse(bytes, FORMAT) {
        Found::Good(bundle) => bundle,
        Found::Nothing => bail!("it is empty"),
        Found::Damaged(why) => bail!("it is not what `tutor progress export` writes: {why}"),
        Found::Newer(format) => bail!(
            "a later version of this program has written it (its format is {format}, and this one \
             knows {FORMAT})"
        ),
    };
    ensure!(bundle.lessons.len() <= MANY, "it names too many lessons");
    let mut records = BTreeMap::new();
    for (name, mut record) in bundle.lessons {
        let key = Key::read(&name).with_context(|| format!("{name:?} is no lesson's key"))?;
        judge(&record).with_context(|| format!("of the lesson {key} it says what cannot be"))?;
        // A clock that is ahead must not win for ever.
        record.used = record.used.min(Some(Timestamp::now()));
        records.insert(key, record);
    }
    Ok(records)
}

/// Looks whether a record can be one.
fn judge(record: &Record) -> Result<()> {
    ensure!(record.format == FORMAT, "its format is {}", record.format);
    text("its name", &record.lesson, LONG)?;
    if let Some(file) = &record.file {
        text("its file", &file.to_string_lossy(), LONGEST_LINE)?;
    }
    ensure!(record.steps.len() <= MANY, "it has too many steps");
    for step in record.steps.values() {
        let shown = step.hints.len().max(step.answers.len());
        ensure!(shown <= MANY, "a step has too many hints or answers");
    }
    record.point.as_ref().map_or(Ok(()), judge_point)
}

fn judge_point(point: &Point) -> Result<()> {
    text("a step's title", &point.title, LONG)?;
    text("its fingerprint", &point.fingerprint, LONG)?;
    ensure!(
        point.base <= point.step && point.step < point.of && point.of <= MANY,
        "step {} of {}, built from step {}",
        point.step,
        point.of,
        point.base
    );
    ensure!(point.deeds.len() <= MANY, "too much was done");
    for deed in &point.deeds {
        text("a namespace", &deed.at, LONG)?;
        text("a line", &deed.line, LONGEST_LINE)?;
        ensure!(
            (point.base..=point.step).contains(&deed.step),
            "something was done in step {}, which is not on the way",
            deed.step
        );
    }
    Ok(())
}

fn text(what: &str, text: &str, longest: usize) -> Result<()> {
    ensure!(text.len() <= longest, "{what} has {} bytes", text.len());
    ensure!(
        !text.chars().any(steers_terminal),
        "{what} holds a control character"
    );
    Ok(())
}

/// Adds what another machine has exported to what is known here; a sentence for each file that was
/// damaged and is set aside.
///
/// # Errors
/// If something cannot be written.
pub fn import(store: &Store, records: BTreeMap<Key, Record>) -> Result<Vec<String>> {
    let mut said = Vec::new();
    for (key, record) in records {
        let lesson = record.lesson.clone();
        said.extend(store.change(&key, &lesson, |kept| kept.join(record))?);
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::scratch::Scratch;

    fn bundle(key: &str, record: &str) -> String {
        format!(r#"{{"format":2,"exported":null,"lessons":{{{key:?}:{record}}}}}"#)
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        let (here, there) = (Scratch::new("export"), Scratch::new("import"));
        let store = here.store();
        for (name, seconds) in [("nat", 60), ("veth", 5)] {
            let key = Key::of_name(name);
            let written = store.change(&key, name, |record| record.spent = seconds);
            written.expect("it is written");
        }
        let records = store.overview().records;
        let bytes = export(&records).expect("it is JSON");
        let read = read(&bytes).expect("it is our own");
        assert_eq!(read, records);
        let said = import(&there.store(), read).expect("it is written");
        assert!(said.is_empty());
        assert_eq!(there.store().overview().records, records);
    }

    #[test]
    fn what_cannot_be_is_refused_in_a_sentence() {
        let point = |point: &str| {
            let record = format!(r#"{{"format":2,"lesson":"nat","point":{{{point}}}}}"#);
            bundle("nat", &record)
        };
        let place = |step: &str, deeds: &str| {
            let rest = format!(r#""fingerprint":"","of":3,"title":"","base":0,"deeds":[{deeds}]"#);
            point(&format!(r#""step":{step},{rest}"#))
        };
        let cases = [
            (String::new(), "not what"),
            ("{}".to_owned(), "format"),
            (r#"{"format":9}"#.to_owned(), "later version"),
            (r#"{"format":2}"#.to_owned(), "lessons"),
            (
                bundle("../../evil", r#"{"format":2,"lesson":"x"}"#),
                "no lesson's key",
            ),
            (bundle("nat", r#"{"format":1,"lesson":"x"}"#), "format is 1"),
            (
                bundle("nat", r#"{"format":2,"lesson":"\u001b[2J"}"#),
                "control character",
            ),
            (
                bundle(
                    "nat",
                    &format!(r#"{{"format":2,"lesson":{:?}}}"#, "x".repeat(9_000)),
                ),
                "9000 bytes",
            ),
            (place("3", ""), "step 3 of 3"),
            (place("-1", ""), "not what"),
            (
                place("1", r#"{"step":2,"line":"ip link","at":"host"}"#),
                "step 2",
            ),
            (
                place("1", r#"{"step":1,"line":"ip link\nreboot","at":"host"}"#),
                "control character",
            ),
            ("[".repeat(100_000), "not what"),
            (" ".repeat(5_000_000), "larger than"),
        ];
        for (text, wanted) in cases {
            let start: String = text.chars().take(200).collect();
            let error = read(text.as_bytes()).expect_err(&start);
            assert!(format!("{error:#}").contains(wanted), "{start}: {error:#}");
        }
        let fine = place("1", r#"{"step":1,"line":"ip link","at":"host"}"#);
        assert!(read(fine.as_bytes()).is_ok());
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_win_for_ever() {
        let record = r#"{"format":2,"lesson":"nat","used":"9000-01-01T00:00:00Z"}"#;
        let read = read(bundle("nat", record).as_bytes()).expect("it is plausible");
        let used = read.values().next().and_then(|record| record.used);
        assert!(used <= Some(Timestamp::now()));
    }
}
