//! What was done: the deeds from which the sandbox is built again.
//!
//! State is rebuilt, not undone. A learner may do a step in another way than the lesson does, at the
//! prompt or in a shell, so what is replayed is what was really done, on top of the lesson's own way
//! to the step that the learner jumped to last.

use super::state::Place;
use crate::command::Command;
use crate::lesson::{Lesson, RunLine};
use crate::world::Ns;

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The lesson's line, run by a key.
    Lesson,
    /// The learner, at the prompt.
    Prompt,
    /// Somebody else: the learner's shell, a second terminal. What came in one burst has one number,
    /// and is undone together.
    Elsewhere(u32),
}

/// How a deed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It is under way.
    UnderWay,
    /// With status 0, or stopped by us.
    Done,
    /// With another status.
    Failed,
}

/// One command that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// In this step.
    pub step: usize,
    /// Where the prompt stood.
    pub at: Ns,
    /// As it was typed.
    pub source: String,
    /// What it is.
    pub command: Command,
    /// By whom.
    pub by: By,
    /// The line of the step that it carries out, if it is one.
    pub line: Option<usize>,
    /// How it ended.
    pub ending: Ending,
}

impl Deed {
    /// The step's line `index`, as the lesson has it. `None` for a line without a command.
    pub(super) fn of_lesson(step: usize, index: usize, run: &RunLine) -> Option<Self> {
        Some(Self {
            step,
            at: run.at.clone(),
            source: run.source.clone(),
            command: run.line.command.clone()?,
            by: By::Lesson,
            line: Some(index),
            ending: Ending::Done,
        })
    }

    /// Has the learner, not the lesson, changed something?
    fn is_own_change(&self) -> bool {
        self.by != By::Lesson && self.command.changes()
    }
}

/// The deeds since the lesson's own way to a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// The deeds begin at this step as the lesson reaches it.
    pub base: usize,
    /// In order.
    pub deeds: Vec<Deed>,
    /// What was undone last, the latest at the end: it can be done again.
    pub undone: Vec<Vec<Deed>>,
}

impl Trail {
    /// The lesson's own way to `place`.
    pub(super) fn to(lesson: &Lesson, place: Place) -> Self {
        let run = lesson.steps.get(place.step).map(|step| &step.run[..]);
        let lines = run.unwrap_or_default().iter().take(place.done).enumerate();
        Self {
            base: place.step,
            deeds: lines
                .filter_map(|(index, run)| Deed::of_lesson(place.step, index, run))
                .collect(),
            undone: Vec::new(),
        }
    }

    /// Everything that changes something, with the namespace of its prompt: of the lesson's bases
    /// and its steps before the trail, then of the trail.
    ///
    /// Looks, pings and captures are left out: they change no table that a later step builds on.
    pub(super) fn replay(&self, lesson: &Lesson) -> Vec<(Ns, Command)> {
        let before = self.way(lesson);
        let step = lesson.steps.get(self.base);
        let fault = step.and_then(|step| step.fault.as_ref());
        let broken = fault.iter().flat_map(|fault| commands(&fault.breaks));
        let deeds = self.deeds.iter().map(|deed| (&deed.at, &deed.command));
        before
            .into_iter()
            .chain(broken)
            .chain(deeds)
            .filter(|(_, command)| command.changes())
            .map(|(at, command)| (at.clone(), command.clone()))
            .collect()
    }

    /// What the lesson itself has changed before the trail begins. Not what it has broken, and not
    /// what was repaired of that: each repair begins with the network as it was built.
    pub(super) fn way<'a>(&self, lesson: &'a Lesson) -> Vec<(&'a Ns, &'a Command)> {
        let steps = lesson.steps.iter().take(self.base);
        let built = steps.filter(|step| step.fault.is_none());
        let lines = lesson.before.iter().chain(built.flat_map(|step| &step.run));
        commands(lines)
            .filter(|(_, command)| command.changes())
            .collect()
    }

    /// The deeds of `step`.
    pub(super) fn of(&self, step: usize) -> impl DoubleEndedIterator<Item = &Deed> {
        self.deeds.iter().filter(move |deed| deed.step == step)
    }

    /// Has the learner changed something in `step` by hand?
    pub(super) fn has_hands(&self, step: usize) -> bool {
        self.of(step).any(Deed::is_own_change)
    }

    /// Adds a deed; what was undone is forgotten, since it belongs to another past. Its place.
    pub(super) fn add(&mut self, deed: Deed) -> usize {
        self.undone.clear();
        self.deeds.push(deed);
        self.deeds.len() - 1
    }

    /// Takes back the last deed of `step`, with those of its burst.
    pub(super) fn undo(&mut self, step: usize) -> Option<&[Deed]> {
        let last = self.deeds.last().filter(|deed| deed.step == step)?;
        let by = last.by;
        let burst =
            |deed: &&Deed| matches!(by, By::Elsewhere(_)) && deed.by == by && deed.step == step;
        let count = self.deeds.iter().rev().take_while(burst).count().max(1);
        let taken = self.deeds.split_off(self.deeds.len() - count);
        self.undone.push(taken);
        self.undone.last().map(Vec::as_slice)
    }

    /// Does again what was undone last.
    pub(super) fn redo(&mut self) -> Option<&[Deed]> {
        let again = self.undone.pop()?;
        let count = again.len();
        self.deeds.extend(again);
        self.deeds.get(self.deeds.len() - count..)
    }

    /// Takes back everything since the start of `step`.
    pub(super) fn reset(&mut self, step: usize) {
        self.deeds.retain(|deed| deed.step < step);
        self.undone.clear();
    }

    /// What is under way has been stopped by us.
    pub(super) fn stop(&mut self) {
        for deed in &mut self.deeds {
            if deed.ending == Ending::UnderWay {
                deed.ending = Ending::Done;
            }
        }
    }
}

/// The commands of lines, each with the namespace of its prompt.
fn commands<'a>(
    lines: impl IntoIterator<Item = &'a RunLine>,
) -> impl Iterator<Item = (&'a Ns, &'a Command)> {
    let lines = lines.into_iter();
    lines.filter_map(|run| Some((&run.at, run.line.command.as_ref()?)))
}
