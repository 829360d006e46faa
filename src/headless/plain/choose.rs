//! Which lesson? The menu as numbered lines.

use super::markdown;
use super::said::Said;
use crate::menu::{Entry, Menu};

/// What stands before the answer.
pub const PROMPT: &str = "lesson: ";

/// What the answer asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Choice {
    /// Begin the lesson with this id.
    Lesson(String),
    /// Leave.
    Quit,
    /// There is none of that name or number.
    Unknown,
}

/// The lessons, and the question.
pub fn question(menu: &Menu) -> Vec<Said> {
    let mut said = vec![
        Said::Blank,
        Said::words(format!("There are {} lessons:", menu.entries.len())),
    ];
    said.extend((1..).zip(&menu.entries).map(|(number, entry)| {
        let (id, minutes) = (&entry.id, entry.minutes);
        let title = markdown::line(&entry.title);
        let done = if entry.how_far.done { ", done" } else { "" };
        let left = entry.how_far.left_at.map_or_else(String::new, |step| {
            format!(", left at step {} of {}", step + 1, entry.steps)
        });
        Said::behind(
            format!("{number}. "),
            format!("{title} (`{id}`, {minutes} minutes{done}{left})"),
        )
    }));
    said.push(Said::words(match next(menu) {
        Some(entry) if entry.how_far.left_at.is_some() => format!(
            "Type a lesson's number or name. Enter alone continues `{}` where you left it; `:quit` \
             leaves.",
            entry.id
        ),
        Some(entry) => format!(
            "Type a lesson's number or name. Enter alone begins `{}`; `:quit` leaves.",
            entry.id
        ),
        None => "All are done. Type a lesson's number or name; Enter alone leaves.".to_owned(),
    }));
    said
}

/// What `line` asks for.
pub fn read(line: &str, menu: &Menu) -> Choice {
    let line = line.trim();
    let by_number = |number: usize| menu.entries.get(number.checked_sub(1)?);
    let entry = match line {
        "q" | ":quit" | "quit" | "exit" => return Choice::Quit,
        "" => match next(menu) {
            Some(entry) => Some(entry),
            None => return Choice::Quit,
        },
        _ => match line.parse() {
            Ok(number) => by_number(number),
            Err(_) => menu.entries.iter().find(|entry| entry.id == line),
        },
    };
    entry.map_or(Choice::Unknown, |entry| Choice::Lesson(entry.id.clone()))
}

/// The lesson that comes next: the one that was left, or the first that is not done.
fn next(menu: &Menu) -> Option<&Entry> {
    let left = menu.current();
    left.filter(|entry| entry.how_far.left_at.is_some())
        .or_else(|| menu.entries.iter().find(|entry| !entry.how_far.done))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Lesson, find};
    use crate::menu::HowFar;

    fn built_in(done: &[&str]) -> Menu {
        let lessons: Vec<Lesson> = ["netns", "veth"]
            .iter()
            .filter_map(|id| find::load(id).ok())
            .collect();
        let how_far = |lesson: &Lesson| HowFar {
            done: done.contains(&&*lesson.id),
            left_at: None,
        };
        Menu::new(lessons.iter().map(|lesson| (lesson, how_far(lesson))), None)
    }

    fn lesson(id: &str) -> Choice {
        Choice::Lesson(id.to_owned())
    }

    #[test]
    fn a_number_a_name_or_enter_chooses() {
        let menu = built_in(&["netns"]);
        assert_eq!(read("1", &menu), lesson("netns"));
        assert_eq!(read(" veth ", &menu), lesson("veth"));
        assert_eq!(read("", &menu), lesson("veth"));
        for wrong in ["0", "3", "-1", "nowhere"] {
            assert_eq!(read(wrong, &menu), Choice::Unknown, "{wrong}");
        }
        assert_eq!(read(":quit", &menu), Choice::Quit);
    }

    #[test]
    fn when_all_are_done_enter_leaves() {
        let menu = built_in(&["netns", "veth"]);
        assert_eq!(read("", &menu), Choice::Quit);
    }
}
