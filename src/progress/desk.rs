//! Where a lesson is opened from and put back to: for whoever runs a session.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::tz::TimeZone;

use super::course::{Continued, Course, continued};
use super::keeper::{Keeper, Tell};
use super::place::Key;
use super::record::Record;
use super::store::{Found, Store};
use crate::lesson::Lesson;
use crate::lesson::find::{self, Shelf};
use crate::menu::{HowFar, Menu};
use crate::session::{Effect, Event, Manner, Place, Resume, Session};

/// Seeds that are drawn are numbers up to here.
const SEEDS: u64 = 9_999;

/// Where a lesson begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Where the learner left it, or at its beginning.
    Continue,
    /// At its beginning.
    Fresh,
    /// At this step, from 0, as the lesson reaches it.
    Step(usize),
}

/// The learner's state directory, and the lesson under way.
pub struct Desk {
    store: Option<Store>,
    keeper: Keeper,
    course: Option<Course>,
    /// Where the lesson under way began, if it did not continue: until something is done there, what
    /// was kept before stays as it is.
    untouched: Option<usize>,
    /// What was typed at the prompt, once it was read; this run's lines are added here, too, since
    /// they may not be written yet.
    history: Option<Vec<String>>,
}

impl Desk {
    /// One from which nothing is continued and in which nothing is kept.
    pub fn idle() -> Self {
        Self::of(None, Box::new(|_| ()))
    }

    /// The learner's own; `tell` gets what the learner should know, from another thread. Nothing is
    /// read or written yet, and no thread started.
    pub fn new(tell: Tell) -> Self {
        Self::of(Store::find(), tell)
    }

    fn of(store: Option<Store>, tell: Tell) -> Self {
        Self {
            keeper: Keeper::new(store.clone(), tell),
            store,
            course: None,
            untouched: None,
            history: None,
        }
    }

    /// The lesson with what is to be drawn in it: by the seed that was asked for, else by that of the
    /// last time, where it is continued, else by a new one.
    pub fn draw(&self, lesson: Lesson, start: Start) -> Lesson {
        let Some(seed) = lesson.seed.filter(|seed| !seed.asked_for) else {
            return lesson;
        };
        let kept = match start {
            Start::Continue => self.record(&Key::of(&lesson)).0,
            Start::Fresh | Start::Step(_) => None,
        };
        let kept = kept.and_then(|record| record.point?.seed);
        let wanted = kept.unwrap_or_else(|| match self.store {
            Some(_) => fresh_seed(),
            // Nobody's desk: a script is the same each time.
            None => seed.number,
        });
        let file = lesson.file.as_ref().map(|file| file.to_string_lossy());
        let name = file.unwrap_or_else(|| (&*lesson.id).into());
        // One that has changed meanwhile, and cannot be read any more, is taught as it was read.
        find::load_drawn(&name, wanted).unwrap_or(lesson)
    }

    /// A session of `lesson`, and what has to be done first; it knows what was typed before, and which
    /// lessons there are. Practice that is asked for now outlasts how the lesson was taught before.
    pub fn begin(
        &mut self,
        lesson: &Arc<Lesson>,
        start: Start,
        manner: Manner,
    ) -> (Session, Vec<Effect>) {
        let (mut session, mut effects) = self.open(lesson, start);
        if manner == Manner::Practice {
            session.manner = manner;
        }
        session.packets.zone = TimeZone::system();
        let lessons = Shelf::from_environment().names();
        for known in [Event::History(self.history()), Event::Lessons(lessons)] {
            effects.extend(session.handle(known));
        }
        (session, effects)
    }

    /// Free play is not continued and not kept: `:save` is for that.
    fn open(&mut self, lesson: &Arc<Lesson>, start: Start) -> (Session, Vec<Effect>) {
        if lesson.free {
            self.course = None;
            return Session::new(Arc::clone(lesson), Place::default());
        }
        let key = Key::of(lesson);
        let (record, readable) = self.record(&key);
        let kept = match start {
            Start::Continue => record
                .filter(|record| fits_seed(lesson, record))
                .and_then(|record| continued(lesson, record)),
            Start::Fresh | Start::Step(_) => None,
        };
        let resume = kept.as_ref().map(|kept| &kept.resume);
        self.course = Some(Course::new(Arc::clone(lesson), resume));
        let (session, effects) = if let Some(Continued { resume, said }) = kept {
            self.untouched = None;
            let (mut session, mut effects) = Session::resume(Arc::clone(lesson), &resume);
            let said = said.into_iter().map(Event::Told);
            effects.extend(said.flat_map(|said| session.handle(said)));
            (session, effects)
        } else {
            let step = match start {
                Start::Continue | Start::Fresh => 0,
                Start::Step(step) => step,
            };
            self.untouched = Some(step);
            Session::new(Arc::clone(lesson), Place { step, done: 0 })
        };
        if !readable {
            // There is nothing to lose, and the learner hears at once what is wrong with it.
            self.untouched = None;
            self.keep(&session.kept());
        }
        (session, effects)
    }

    /// What is known of a lesson, and whether its file can be read, if there is one.
    fn record(&self, key: &Key) -> (Option<Record>, bool) {
        let found = match self.store.as_ref().map(|store| store.read(key)) {
            Some(Ok(found)) => found,
            Some(Err(_)) => return (self.keeper.unwritten().remove(key), false),
            None => Found::Nothing,
        };
        let (mut record, readable) = match found {
            Found::Good(record) => (Some(record), true),
            Found::Nothing => (None, true),
            Found::Damaged(_) | Found::Newer(_) => (None, false),
        };
        if let Some(waiting) = self.keeper.unwritten().remove(key) {
            match &mut record {
                Some(record) => record.take_in(waiting),
                None => record = Some(waiting),
            }
        }
        (record, readable)
    }

    /// Keeps how far the lesson under way is.
    pub fn keep(&mut self, resume: &Resume) {
        let Some(course) = &mut self.course else {
            return;
        };
        let nothing_done = resume.deeds.is_empty() && resume.steps.is_empty();
        if self.untouched == Some(resume.step) && nothing_done && !resume.finished {
            return;
        }
        self.untouched = None;
        let record = course.record(resume);
        self.keeper.keep(course.key().clone(), record);
    }

    /// What was typed at the prompt before, the latest line last.
    pub fn history(&mut self) -> Vec<String> {
        self.typed().clone()
    }

    fn typed(&mut self) -> &mut Vec<String> {
        let store = self.store.as_ref();
        self.history
            .get_or_insert_with(|| store.map(Store::history).unwrap_or_default())
    }

    /// Keeps a line that was typed at the prompt.
    pub fn remember(&mut self, line: String) {
        self.typed().push(line.clone());
        self.keeper.remember(line);
    }

    /// The menu, with how far the learner is with each lesson, and the cursor on the one that was
    /// left last.
    pub fn menu(&self) -> Menu {
        let lessons: Vec<Lesson> = find::list()
            .iter()
            .filter_map(|entry| find::load(&entry.id).ok())
            .collect();
        let records = self.records();
        let record = |lesson| records.get(&Key::of(lesson));
        let left = lessons.iter().filter_map(|lesson| {
            let record = record(lesson).filter(|record| record.left_at().is_some())?;
            Some((record.used, &*lesson.id))
        });
        let latest = left.max().map(|(_, id)| id);
        let with_how_far = lessons.iter().map(|lesson| {
            let how_far = record(lesson).map(|record| HowFar {
                done: record.done,
                left_at: record.left_at(),
            });
            (lesson, how_far.unwrap_or_default())
        });
        Menu::new(with_how_far, latest)
    }

    /// What is known of every lesson.
    fn records(&self) -> BTreeMap<Key, Record> {
        let store = self.store.as_ref();
        let overview = store.map(Store::overview).unwrap_or_default();
        let mut records = overview.records;
        for (key, waiting) in self.keeper.unwritten() {
            match records.get_mut(&key) {
                Some(record) => record.take_in(waiting),
                None => drop(records.insert(key, waiting)),
            }
        }
        records
    }

    /// Waits until everything is written, for a while; why something is not, if so.
    pub fn leave(self) -> Option<String> {
        self.keeper.close()
    }
}

/// Can the lesson go on with the seed that it has now? One that was asked for is begun, unless it was
/// that of the last time.
fn fits_seed(lesson: &Lesson, record: &Record) -> bool {
    let kept = record.point.as_ref().and_then(|point| point.seed);
    let asked_for = lesson.seed.filter(|seed| seed.asked_for);
    asked_for.is_none_or(|seed| kept == Some(seed.number))
}

/// A seed that is easily said, from the clock and the process: it has to differ, not to be secret.
fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let ticks = now.unwrap_or_default().subsec_nanos();
    (u64::from(ticks / 1_000) ^ u64::from(std::process::id())) % SEEDS + 1
}

#[cfg(test)]
mod tests;
