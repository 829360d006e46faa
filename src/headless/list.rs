//! `tutor list`

use anyhow::Result;

use crate::cli::ListFormat;
use crate::lesson::find::{self, Summary};
use crate::progress;

/// Lists the lessons.
///
/// # Errors
/// If the list cannot be written.
pub fn run(format: ListFormat) -> Result<u8> {
    let lessons = find::list();
    match format {
        ListFormat::Human => human(&lessons),
        ListFormat::Json => println!("{}", serde_json::to_string_pretty(&json(&lessons))?),
    }
    Ok(0)
}

fn human(lessons: &[Summary]) {
    let done = progress::done();
    let width = lessons
        .iter()
        .map(|lesson| lesson.id.len())
        .max()
        .unwrap_or(0);
    for lesson in lessons {
        let tick = if done.contains(&lesson.id) {
            "done"
        } else {
            ""
        };
        println!(
            "{:width$}  {:4}  {:>3} min  {}",
            lesson.id, tick, lesson.minutes, lesson.title
        );
        if let Some(problem) = &lesson.problem {
            print!("{}", problem.render(false));
        }
    }
    println!("\nStart one with `tutor --lesson NAME`.");
}

fn json(lessons: &[Summary]) -> serde_json::Value {
    let done = progress::done();
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
                "file": lesson.path,
                "problem": lesson.problem.as_ref().map(|problem| problem.render(false)),
            })
        })
        .collect()
}
