//! What is known of each lesson, for people and for programs.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::super::columns::columns;
use crate::lesson::find;
use crate::progress::{Key, Record, Store};
use crate::session::Manner;
use crate::session::ask::Mark;
use crate::session::repair::score;
use crate::session::transcript::clean;

/// A lesson and what is known of it.
pub struct Known<'a> {
    key: Key,
    title: Option<String>,
    record: Option<&'a Record>,
}

/// Every lesson, in teaching order, and behind them those that are not in the list.
pub fn known(records: &BTreeMap<Key, Record>) -> Vec<Known<'_>> {
    let mut known: Vec<Known> = find::list()
        .iter()
        .map(|summary| {
            let key = Key::of_summary(summary);
            Known {
                record: records.get(&key),
                key,
                title: Some(summary.title.clone()),
            }
        })
        .collect();
    for (key, record) in records {
        if !known.iter().any(|known| known.key == *key) {
            known.push(Known {
                key: key.clone(),
                title: None,
                record: Some(record),
            });
        }
    }
    known
}

/// Numbers of a record.
struct Counts {
    hints: usize,
    solutions: usize,
    solved: usize,
    right: usize,
    wrong: usize,
    /// Points of repairs, and how many of these are done.
    score: (u32, u32),
}

impl Counts {
    fn of(record: &Record) -> Self {
        let steps = || record.steps.values();
        let answered = |mark| {
            let answers = steps().flat_map(|step| step.answers.values());
            answers.filter(|answer| answer.mark == mark).count()
        };
        Self {
            hints: steps().map(|step| step.hints.len()).sum(),
            solutions: steps().filter(|step| step.solution).count(),
            solved: steps().filter(|step| step.solved).count(),
            right: answered(Mark::Right),
            wrong: answered(Mark::Wrong),
            score: score(steps().map(|step| &step.repair)),
        }
    }
}

/// For people.
pub fn human(known: &[Known]) -> String {
    let heading = [
        "LESSON",
        "DONE",
        "LEFT AT",
        "HINTS",
        "SOLUTIONS",
        "ANSWERS",
        "REPAIRS",
        "TIME",
        "LAST USED",
    ];
    let rows: Vec<[String; 9]> = std::iter::once(heading.map(str::to_owned))
        .chain(known.iter().map(row))
        .collect();
    columns(&rows)
        + "\n`tutor` continues where you left; `tutor progress reset LESSON` forgets a lesson.\n"
}

fn row(known: &Known) -> [String; 9] {
    let none = || "-".to_owned();
    let Some(record) = known.record else {
        let mut row = [(); 9].map(|()| none());
        row[0] = known.key.to_string();
        return row;
    };
    let counts = Counts::of(record);
    let number = |count: usize| {
        if count == 0 {
            none()
        } else {
            count.to_string()
        }
    };
    let place = record.point.as_ref().filter(|point| point.begun());
    let place = place.map_or_else(none, |point| {
        let practice = match point.manner {
            Manner::Guided => "",
            Manner::Practice => ", practice",
        };
        format!("step {} of {}{practice}", point.step + 1, point.of)
    });
    let answers = match (counts.right, counts.wrong) {
        (0, 0) => none(),
        (right, 0) => format!("{right} right"),
        (right, wrong) => format!("{right} right, {wrong} wrong"),
    };
    let repairs = match counts.score {
        (_, 0) => none(),
        (points, done) => format!("{done} done, {points} points"),
    };
    let used = record.used.map_or_else(none, |used| {
        let used = used.to_zoned(TimeZone::system());
        used.strftime("%Y-%m-%d %H:%M").to_string()
    });
    // One that is not in the list is told by its file.
    let file = record.file.as_ref().filter(|_| known.title.is_none());
    let name = file.map_or_else(
        || known.key.to_string(),
        |file| clean(&file.to_string_lossy()),
    );
    [
        name,
        if record.done { "yes" } else { "-" }.to_owned(),
        place,
        number(counts.hints),
        number(counts.solutions),
        answers,
        repairs,
        time(record.spent),
        used,
    ]
}

/// So many seconds, as people say it.
fn time(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) if seconds == 0 => "-".to_owned(),
        (0, 0) => "< 1 min".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// For programs: counts of steps from 1, time in seconds, points in time in UTC.
pub fn json(store: &Store, known: &[Known], troubles: &[String]) -> Value {
    let lessons: Vec<Value> = known.iter().map(object).collect();
    json!({
        "directory": store.root().display().to_string(),
        "lessons": lessons,
        "troubles": troubles,
    })
}

fn object(known: &Known) -> Value {
    let empty = Record::new(known.key.as_str());
    let record = known.record.unwrap_or(&empty);
    let counts = Counts::of(record);
    let point = record.point.as_ref().filter(|point| point.begun());
    let practice = point.is_some_and(|point| match point.manner {
        Manner::Guided => false,
        Manner::Practice => true,
    });
    json!({
        "key": known.key.as_str(),
        "lesson": record.lesson,
        "title": known.title,
        "file": record.file.as_ref().map(|file| file.display().to_string()),
        "done": record.done,
        "step": point.map(|point| point.step + 1),
        "steps": point.map(|point| point.of),
        "practice": practice,
        "solved": counts.solved,
        "hints": counts.hints,
        "solutions": counts.solutions,
        "repairs": { "done": counts.score.1, "points": counts.score.0 },
        "answers": { "right": counts.right, "wrong": counts.wrong },
        "seconds": record.spent,
        "used": record.used.map(|used| used.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_as_people_tell_it() {
        let told = [0, 59, 60, 3_599, 3_600, 90_000].map(time);
        assert_eq!(
            told,
            ["-", "< 1 min", "1 min", "59 min", "1 h 0 min", "25 h 0 min"]
        );
    }
}
