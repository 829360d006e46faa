//! `tutor list`

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;

use super::say::say;
use crate::cli::ListFormat;
use crate::lesson::find::{self, Summary};
use crate::progress::{Key, Store};

/// Lists the lessons.
///
/// # Errors
/// If the list cannot be written.
pub fn run(format: ListFormat) -> Result<u8> {
    let lessons = find::list();
    let done = done(&lessons);
    let text = match format {
        ListFormat::Human => human(&lessons, &done),
        ListFormat::Json => serde_json::to_string_pretty(&json(&lessons, &done))? + "\n",
    };
    say(&text)?;
    Ok(0)
}

/// Ids of the lessons that were taken to their end.
fn done(lessons: &[Summary]) -> BTreeSet<String> {
    let records = Store::find().map(|store| store.overview().records);
    let records = records.unwrap_or_default();
    let is_done = |lesson: &&Summary| {
        let record = records.get(&Key::of_summary(lesson));
        record.is_some_and(|record| record.done)
    };
    let done = lessons.iter().filter(is_done);
    done.map(|lesson| lesson.id.clone()).collect()
}

fn human(lessons: &[Summary], done: &BTreeSet<String>) -> String {
    let width = lessons.iter().map(|lesson| lesson.id.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut text = String::new();
    for Summary {
        id, title, minutes, ..
    } in lessons
    {
        let tick = if done.contains(id) { "done" } else { "" };
        // Writing to a string does not fail.
        writeln!(text, "{id:width$}  {tick:4}  {minutes:>3} min  {title}").ok();
    }
    for problem in lessons.iter().filter_map(|lesson| lesson.problem.as_ref()) {
        text += "\n";
        text += &problem.render(false);
    }
    text + "\nStart one with `tutor --lesson NAME`.\n"
}

fn json(lessons: &[Summary], done: &BTreeSet<String>) -> serde_json::Value {
    lessons
        .iter()
        .map(|lesson| {
            serde_json::json!({
                "id": lesson.id,
                "title": lesson.title,
                "summary": lesson.summary,
                "minutes": lesson.minutes,
                "tags": lesson.tags,
                "done": done.contains(&lesson.id),
                "file": lesson.path.as_ref().map(|path| path.display().to_string()),
                "problem": lesson.problem.as_ref().map(|problem| problem.render(false)),
            })
        })
        .collect()
}
