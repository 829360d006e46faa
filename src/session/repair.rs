//! Repairs: a step that begins with something broken, and what is told when it works again.
//!
//! The lines that broke it are part of what is built, not of what was done: nothing takes them back,
//! and nothing shows them. Each repair begins with the network as the lesson has built it, whatever
//! was done in the one before.

mod points;
mod ways;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

pub use points::{Repair, score};

use super::Session;
use super::trail::{Deed, Trail};
use crate::lesson::{Fault, Step, Verdict};
use crate::trace::Story;
use points::{MOST, changing, counted, points, words};
use ways::Ways;

/// The repair under way, as far as it is not kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Mending {
    /// The step that began last; its repair, if it is one.
    step: Option<usize>,
    /// Time spent in the lesson when it began, less what was spent here before.
    since: Duration,
    /// What became of its packets.
    ways: Ways,
}

/// What is to be done.
const TASK: &str = "Find out what is wrong, and repair it in your own way. h gives a hint.";

impl Session {
    /// The fault with which the step began, if it is a repair.
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        self.current_step().fault.as_ref()
    }

    /// Is there something to be repaired still, so that nobody is told unasked why it does not work?
    pub fn keeps_cause_back(&self) -> bool {
        self.fault().is_some() && !self.record().solved && !self.explained()
    }

    /// The story of the packet that was followed last, for whoever draws its way: who is to find out
    /// where something is wrong sees where the packet was seen last, and not that.
    pub fn way_unasked(&self) -> Option<Cow<'_, Story>> {
        let mut story = Cow::Borrowed(&**self.followed.last.as_ref()?);
        if self.keeps_cause_back()
            && let Some(diagnosis) = &mut story.to_mut().diagnosis
        {
            diagnosis.at = None;
        }
        Some(story)
    }

    /// The packet that shows what is to be repaired, while there is one.
    pub(super) fn shows_fault(&self) -> Option<Arc<Story>> {
        let state = self.checks.get(self.current_step().check_of_fault()?)?;
        let failed = matches!(state.verdict, Verdict::Not(_));
        state.story.clone().filter(|_| failed)
    }

    fn explained(&self) -> bool {
        let repair = self.record().repair.as_ref();
        repair.is_some_and(|repair| repair.explained)
    }

    /// What is to be done, and how it goes: what counts so far, in the end the points. Nothing in
    /// another step.
    pub fn repair_told(&self) -> Option<String> {
        self.fault()?;
        let repair = self.record().repair.clone().unwrap_or_default();
        if let Some(points) = repair.points {
            return Some(words(&repair, points));
        }
        let so_far = self.so_far(&repair);
        Some(so_far.map_or(TASK.to_owned(), |so_far| format!("{so_far} {TASK}")))
    }

    /// What counts so far, if anything does.
    fn so_far(&self, repair: &Repair) -> Option<String> {
        let record = self.record();
        let asked = repair.explained || record.solution || !record.hints.is_empty();
        if repair.changes == 0 && !asked {
            return None;
        }
        let mut line = format!("So far: {}", counted(repair.changes, "change"));
        let hints = u32::try_from(record.hints.len()).unwrap_or(u32::MAX);
        if hints > 0 {
            let _ = write!(line, ", {}", counted(hints, "hint"));
        }
        if repair.explained {
            line += ", the cause explained";
        }
        if record.solution {
            line += ", the solution shown";
        }
        Some(line + ".")
    }

    /// Points of all repairs that are done, and how many these are.
    pub fn score(&self) -> (u32, u32) {
        score(self.diary.steps.values().map(|record| &record.repair))
    }

    /// A step begins.
    pub(super) fn begin_repair(&mut self) {
        if self.mending.step == Some(self.step) {
            return;
        }
        let before = self.record().repair.as_ref();
        let before = Duration::from_secs(before.map_or(0, |repair| repair.seconds));
        self.mending = Mending {
            step: Some(self.step),
            since: self.time_spent().saturating_sub(before),
            // What was repaired before is not told again.
            ways: Ways::begun(self.record().solved),
        };
    }

    /// Must the sandbox be built anew for `step`? What is broken comes upon what the lesson has
    /// built, and goes with it.
    pub(super) fn begins_anew(&self, step: usize) -> bool {
        let broken = |step: &Step| step.fault.is_some();
        broken(self.current_step()) || self.lesson.steps.get(step).is_some_and(broken)
    }

    /// Something was changed, or several things in one burst.
    pub(super) fn count_change(&mut self) {
        self.change_repair(|repair| repair.changes = repair.changes.saturating_add(1));
    }

    /// The learner wants the cause explained.
    pub(super) fn count_why(&mut self) {
        self.change_repair(|repair| repair.explained = true);
    }

    /// The lesson's own repair is carried out.
    pub(super) fn count_own(&mut self) {
        if self.fault().is_some() && !self.record().solved {
            self.record_mut().solution = true;
            self.keep();
        }
    }

    fn change_repair(&mut self, change: impl FnOnce(&mut Repair)) {
        if self.fault().is_none() || self.record().solved {
            return;
        }
        change(self.record_mut().repair.get_or_insert_default());
        self.time_repair();
        self.keep();
    }

    /// Writes down how long it took so far.
    pub(super) fn time_repair(&mut self) {
        if self.fault().is_none() || self.record().solved {
            return;
        }
        let seconds = self.time_spent().saturating_sub(self.mending.since);
        let repair = self.record_mut().repair.get_or_insert_default();
        repair.seconds = seconds.as_secs();
    }

    /// It works again.
    pub(super) fn repaired(&mut self) {
        let Some(fault) = self.fault().cloned() else {
            return;
        };
        let record = self.record_mut();
        let (hints, solution) = (record.hints.len(), record.solution);
        let repair = record.repair.get_or_insert_default();
        let points = points(repair, changing(&fault), hints, solution);
        repair.points = Some(points);
        let said = words(repair, points);
        self.note(&said);
        self.tell_ways();
    }

    /// The lesson is over: what all repairs have brought.
    pub(super) fn tell_score(&mut self) {
        let repairs = self.lesson.steps.iter().filter(|step| step.repair).count();
        let (points, done) = self.score();
        let Some(seed) = self.lesson.seed.filter(|_| repairs > 0) else {
            return;
        };
        let of = u32::try_from(repairs).unwrap_or(u32::MAX) * MOST;
        self.note(&format!(
            "{done} of {repairs} repaired: {points} of {of} points. This was seed {}; `:again` draws another.",
            seed.number
        ));
    }

    /// To `step` with the network as the lesson has built it.
    pub(super) fn enter_anew(&mut self, step: usize) {
        let place = super::Place { step, done: 0 };
        self.trail = Trail::to(&self.lesson, place);
        self.rebuild(step);
    }

    /// Counts what the learner does.
    pub(super) fn count_deed(&mut self, deed: &Deed) {
        if deed.command.changes() {
            self.count_change();
        }
    }
}
