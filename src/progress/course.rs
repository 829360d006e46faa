//! A lesson under way, seen by what is kept of it.

use std::sync::Arc;

use jiff::Timestamp;

use super::place::{Key, fingerprint};
use super::record::{Point, Record};
use crate::lesson::Lesson;
use crate::session::Resume;

/// A lesson under way.
#[derive(Clone, Debug)]
pub struct Course {
    lesson: Arc<Lesson>,
    key: Key,
    fingerprint: String,
    /// So much of the time spent was handed over, seconds.
    counted: u64,
}

/// Where a lesson goes on, and what the learner is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continued {
    /// From here.
    pub resume: Resume,
    /// A sentence; none where nothing had been done yet.
    pub said: Option<String>,
}

impl Course {
    /// A lesson that begins now, or goes on at `resume`.
    pub fn new(lesson: Arc<Lesson>, resume: Option<&Resume>) -> Self {
        Self {
            key: Key::of(&lesson),
            fingerprint: fingerprint(&lesson),
            counted: resume.map_or(0, |resume| resume.spent),
            lesson,
        }
    }

    /// Its key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The record of what was done in this session since it was asked for last.
    pub fn record(&mut self, resume: &Resume) -> Record {
        let spent = resume.spent.saturating_sub(self.counted);
        self.counted = resume.spent.max(self.counted);
        Record {
            file: self.lesson.file.clone(),
            done: resume.finished,
            used: Some(Timestamp::now()),
            spent,
            steps: resume.steps.clone(),
            point: (!resume.finished).then(|| self.point(resume)),
            ..Record::new(&self.lesson.id)
        }
    }

    fn point(&self, resume: &Resume) -> Point {
        let step = self.lesson.steps.get(resume.step);
        Point {
            fingerprint: self.fingerprint.clone(),
            of: self.lesson.steps.len(),
            step: resume.step,
            title: step.map_or_else(String::new, |step| step.title.clone()),
            manner: resume.manner,
            base: resume.base,
            seed: resume.seed,
            deeds: resume.deeds.clone(),
        }
    }
}

/// Where `lesson` goes on after `record`; nowhere if it has not begun or was finished.
///
/// In a lesson that has changed since, the deeds would lead anywhere: it goes on at the start of
/// the step of that name, or of that number, as the lesson reaches it.
pub fn continued(lesson: &Lesson, record: Record) -> Option<Continued> {
    let point = record.point?;
    let steps = lesson.steps.len();
    let last = steps.saturating_sub(1);
    let same = point.fingerprint == fingerprint(lesson)
        && point.of == steps
        && point.base <= point.step
        && point.step <= last;
    let resume = Resume {
        manner: point.manner,
        steps: record.steps,
        spent: record.spent,
        ..Resume::default()
    };
    if same {
        let begun = point.begun();
        let resume = Resume {
            step: point.step,
            base: point.base,
            deeds: point.deeds,
            ..resume
        };
        let said = format!(
            "Continuing at step {} of {steps}, as you left it. With --fresh, or f in the menu, \
             the lesson starts over.",
            resume.step + 1
        );
        let said = begun.then_some(said);
        return Some(Continued { resume, said });
    }
    let titled = lesson
        .steps
        .iter()
        .position(|step| step.title == point.title);
    let step = titled.unwrap_or(point.step.min(last));
    let said = format!(
        "The lesson has changed since you left it. Continuing at the start of step {} of {steps}; \
         with --fresh, or f in the menu, the lesson starts over.",
        step + 1
    );
    let resume = Resume {
        step,
        base: step,
        ..resume
    };
    let said = Some(said);
    Some(Continued { resume, said })
}
