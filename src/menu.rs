//! The menu of lessons: the list, the cursor, the one chosen. Pure; `ui` draws it.

use crate::lesson::{Lesson, Need};

/// What a learner asks of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuAction {
    /// Move the cursor by so many; up is negative.
    Move(i32),
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To this one (a mouse click).
    To(usize),
    /// Begin the one under the cursor, or continue it where it was left.
    Open,
    /// Begin it at its beginning, wherever it was left.
    OpenAfresh,
    /// Leave.
    Quit,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Begin the lesson with this id, or continue it where it was left.
    Lesson(String),
    /// Begin the lesson with this id at its beginning.
    Afresh(String),
    /// Leave.
    Quit,
}

/// A lesson in the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// How long it takes, minutes.
    pub minutes: u16,
    /// How many steps it has.
    pub steps: usize,
    /// Kernel features that it needs.
    pub needs: Vec<Need>,
    /// The lesson that it builds on.
    pub base: Option<String>,
    /// How far the learner is with it.
    pub how_far: HowFar,
}

/// How far a learner is with a lesson.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HowFar {
    /// Was it taken to its end?
    pub done: bool,
    /// The step, from 0, at which it was left and can be continued.
    pub left_at: Option<usize>,
}

/// The menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// The lessons, in teaching order.
    pub entries: Vec<Entry>,
    /// The one under the cursor.
    pub cursor: usize,
}

/// Where a lesson of the menu was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which lesson.
    pub index: usize,
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Menu {
    /// A menu of `lessons`, in this order, with how far the learner is with each. The cursor stands
    /// on `latest`, the lesson left last, else on the first that is not done.
    pub fn new<'a>(
        lessons: impl IntoIterator<Item = (&'a Lesson, HowFar)>,
        latest: Option<&str>,
    ) -> Self {
        let entries: Vec<Entry> = lessons
            .into_iter()
            .map(|(lesson, how_far)| Entry {
                id: lesson.id.clone(),
                title: lesson.title.clone(),
                summary: lesson.summary.clone(),
                minutes: lesson.minutes,
                steps: lesson.steps.len(),
                needs: lesson.needs.clone(),
                base: lesson.base.clone(),
                how_far,
            })
            .collect();
        let left = entries.iter().position(|entry| Some(&*entry.id) == latest);
        let to_do = entries.iter().position(|entry| !entry.how_far.done);
        let cursor = left.or(to_do).unwrap_or(0);
        Self { entries, cursor }
    }

    /// The lesson under the cursor.
    pub fn current(&self) -> Option<&Entry> {
        self.entries.get(self.cursor)
    }

    /// Does what was asked; says what comes of it, if it is for others to do.
    pub fn handle(&mut self, action: MenuAction) -> Option<Choice> {
        let last = self.entries.len().saturating_sub(1);
        match action {
            MenuAction::Move(by) => {
                let by_many = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
                self.cursor = if by < 0 {
                    self.cursor.saturating_sub(by_many)
                } else {
                    self.cursor.saturating_add(by_many).min(last)
                };
            }
            MenuAction::First => self.cursor = 0,
            MenuAction::Last => self.cursor = last,
            MenuAction::To(index) => self.cursor = index.min(last),
            MenuAction::Open => {
                return self.current().map(|entry| Choice::Lesson(entry.id.clone()));
            }
            MenuAction::OpenAfresh => {
                return self.current().map(|entry| Choice::Afresh(entry.id.clone()));
            }
            MenuAction::Quit => return Some(Choice::Quit),
        }
        None
    }

    /// The lesson drawn at a place of the screen.
    pub fn at(rows: &[Row], x: u16, y: u16) -> Option<usize> {
        rows.iter()
            .find(|row| {
                (row.x..row.x.saturating_add(row.width)).contains(&x)
                    && (row.y..row.y.saturating_add(row.height)).contains(&y)
            })
            .map(|row| row.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, done: bool) -> Entry {
        Entry {
            id: id.to_owned(),
            title: id.to_owned(),
            summary: String::new(),
            minutes: 5,
            steps: 3,
            needs: Vec::new(),
            base: None,
            how_far: HowFar {
                done,
                left_at: None,
            },
        }
    }

    #[test]
    fn the_cursor_stays_within_the_list() {
        let mut menu = Menu {
            entries: vec![entry("a", true), entry("b", false)],
            cursor: 0,
        };
        assert_eq!(menu.handle(MenuAction::Move(-3)), None);
        assert_eq!(menu.cursor, 0);
        assert_eq!(menu.handle(MenuAction::Move(9)), None);
        assert_eq!(menu.cursor, 1);
        let chosen = menu.handle(MenuAction::Open);
        assert_eq!(chosen, Some(Choice::Lesson("b".to_owned())));
    }

    #[test]
    fn an_empty_menu_opens_nothing() {
        let mut menu = Menu::default();
        assert_eq!(menu.handle(MenuAction::Last), None);
        assert_eq!(menu.handle(MenuAction::Open), None);
        assert_eq!(menu.handle(MenuAction::Quit), Some(Choice::Quit));
    }
}
