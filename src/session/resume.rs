//! What of a session is kept, so that a learner can go on tomorrow.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ask::Answered;
use super::repair::Repair;
use super::state::{Manner, Session};
use super::trail::{By, Deed, Ending, Trail};
use super::{Action, Effect};
use crate::command;
use crate::lesson::Lesson;
use crate::world::Ns;

/// Somebody who does nothing for longer than this is doing something else.
const AWAY: Duration = Duration::from_secs(5 * 60);

/// A learner's place in a lesson, as plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resume {
    /// The step, from 0.
    pub step: usize,
    /// The deeds begin at this step as the lesson reaches it.
    pub base: usize,
    /// Were commands shown?
    pub manner: Manner,
    /// Was the lesson taken to its end?
    pub finished: bool,
    /// What was done since.
    pub deeds: Vec<SavedDeed>,
    /// What is known of each step, by its number from 0.
    pub steps: BTreeMap<usize, StepRecord>,
    /// Time spent in the lesson, seconds; pauses of more than five minutes are left out.
    pub spent: u64,
    /// What names, addresses and faults were drawn by.
    pub seed: Option<u64>,
}

/// A deed as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedDeed {
    /// In this step.
    pub step: usize,
    /// Namespace of the prompt.
    pub at: String,
    /// The line.
    pub line: String,
    /// By whom.
    pub by: SavedBy,
    /// Which of the step's lines it carries out.
    pub of: Option<usize>,
    /// Did the kernel refuse it?
    pub failed: bool,
}

/// Who did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SavedBy {
    /// The lesson's line, run by a key.
    #[default]
    Lesson,
    /// The learner, at the prompt.
    Prompt,
    /// Somebody else, in this burst.
    Elsewhere(u32),
}

/// What is known of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StepRecord {
    /// The hints that were shown, by their place in the lesson, in the order in which they were.
    pub hints: Vec<usize>,
    /// Was the solution shown before the step was solved?
    pub solution: bool,
    /// What became of its questions, by their place in the lesson.
    pub answers: BTreeMap<usize, Answered>,
    /// Did every check hold once?
    pub solved: bool,
    /// How the repair went, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
}

/// What is known of a step in which nothing has happened.
pub(super) static NOTHING: StepRecord = StepRecord {
    hints: Vec::new(),
    solution: false,
    answers: BTreeMap::new(),
    solved: false,
    repair: None,
};

/// What a session knows of the learner, rather than of the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diary {
    /// What is known of each step, by its number from 0.
    pub steps: BTreeMap<usize, StepRecord>,
    /// Time spent here.
    pub spent: Duration,
    /// The last sign of life.
    touched: Duration,
    /// Something has changed that is to be kept.
    pub(super) unkept: bool,
}

impl From<&Deed> for SavedDeed {
    fn from(deed: &Deed) -> Self {
        Self {
            step: deed.step,
            at: deed.at.name().to_owned(),
            line: deed.source.clone(),
            by: match deed.by {
                By::Lesson => SavedBy::Lesson,
                By::Prompt => SavedBy::Prompt,
                By::Elsewhere(burst) => SavedBy::Elsewhere(burst),
            },
            of: deed.line,
            failed: deed.ending == Ending::Failed,
        }
    }
}

impl SavedDeed {
    /// The deed, if its line can still be read and its step is still there.
    fn read(&self, steps: usize) -> Option<Deed> {
        let line = command::parse(&self.line).ok()?;
        (self.step < steps).then_some(Deed {
            step: self.step,
            at: Ns::from_name(&self.at),
            source: self.line.clone(),
            command: line.command?,
            by: match self.by {
                SavedBy::Lesson => By::Lesson,
                SavedBy::Prompt => By::Prompt,
                SavedBy::Elsewhere(burst) => By::Elsewhere(burst),
            },
            line: self.of,
            ending: if self.failed {
                Ending::Failed
            } else {
                Ending::Done
            },
        })
    }
}

impl Session {
    /// A session that goes on where `resume` left it, and what has to be done first.
    pub fn resume(lesson: Arc<Lesson>, resume: &Resume) -> (Self, Vec<Effect>) {
        let steps = lesson.steps.len();
        let end = steps.saturating_sub(1);
        let read: Vec<Option<Deed>> = (resume.deeds.iter()).map(|deed| deed.read(steps)).collect();
        let lost = read.iter().filter(|deed| deed.is_none()).count();
        let trail = Trail {
            base: resume.base.min(end),
            deeds: read.into_iter().flatten().collect(),
            undone: Vec::new(),
        };
        let mut session = Self::bare(lesson, resume.step.min(end), trail);
        session.manner = resume.manner;
        session.diary.steps = resume.steps.clone();
        session.diary.spent = Duration::from_secs(resume.spent);
        if lost > 0 {
            session.note(&format!(
                "{lost} of the lines kept from the last time can no longer be read, and were left out."
            ));
        }
        session.rebuild(session.step);
        let effects = session.flush();
        (session, effects)
    }

    /// What is to be kept of it.
    pub fn kept(&self) -> Resume {
        Resume {
            step: self.step,
            base: self.trail.base,
            manner: self.manner,
            finished: self.phase == super::Phase::Finished,
            deeds: self.trail.deeds.iter().map(SavedDeed::from).collect(),
            steps: self.diary.steps.clone(),
            spent: self.diary.spent.as_secs(),
            seed: self.lesson.seed.map(|seed| seed.number),
        }
    }

    /// Time spent in the lesson up to now.
    pub(super) fn time_spent(&self) -> Duration {
        let pause = self.now.saturating_sub(self.diary.touched);
        self.diary.spent + if pause < AWAY { pause } else { Duration::ZERO }
    }

    /// Something changed that is kept.
    pub(super) fn keep(&mut self) {
        // Free play is begun anew each time.
        self.diary.unkept = !self.lesson.free;
    }

    /// The learner asks for something.
    pub(super) fn count_time(&mut self, action: Action) {
        if action == Action::Quit {
            self.tell_elsewhere();
            self.time_repair();
            self.keep();
        }
        self.is_there();
    }

    /// The learner is there: time since the last sign of life was spent here, unless it was long.
    pub(super) fn is_there(&mut self) {
        let pause = self.now.saturating_sub(self.diary.touched);
        self.diary.touched = self.now;
        if pause < AWAY {
            self.diary.spent += pause;
        }
    }
}
