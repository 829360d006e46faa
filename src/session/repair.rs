//! Repairs: a step that begins with something broken, and what is told when it works again.
//!
//! The lines that broke it are part of what is built, not of what was done: nothing takes them back,
//! and nothing shows them. Each repair begins with the network as the lesson has built it, whatever
//! was done in the one before.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Session;
use super::trail::{Deed, Trail};
use crate::lesson::{Fault, Step, Verdict};
use crate::trace::{Story, print};

/// Points of a repair, at most and at least.
const MOST: u32 = 100;
const LEAST: u32 = 10;
/// What a change beyond those of the lesson's own repair costs, and a hint, and to have it explained.
const CHANGE: u32 = 10;
const HINT: u32 = 10;
const SOLUTION: u32 = 30;
/// What a minute costs, how many are free, and what all of them can cost.
const MINUTE: u32 = 5;
const FREE: u64 = 2;
const MOST_FOR_TIME: u32 = 30;

/// How a repair went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repair {
    /// Changes that were made: each command that changes something, and what came of a shell in one
    /// burst.
    pub changes: u32,
    /// Was the cause asked for?
    pub explained: bool,
    /// Time spent, seconds.
    pub seconds: u64,
    /// Points, once every check holds.
    pub points: Option<u32>,
}

/// The repair under way, as far as it is not kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Mending {
    step: Option<usize>,
    /// Time spent in the lesson when it began, less what was spent here before.
    since: Duration,
    /// The packet that showed what is broken.
    broken: Option<Arc<Story>>,
    /// The first one that was answered.
    mended: Option<Arc<Story>>,
    told: bool,
}

impl Session {
    /// The fault with which the step began, if it is a repair.
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        self.current_step().fault.as_ref()
    }

    /// Is there something to be repaired still, so that nobody is told unasked why it does not work?
    pub fn keeps_cause_back(&self) -> bool {
        self.fault().is_some() && !self.record().solved && !self.explained()
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

    /// How the repair goes, in a line: what counts so far. Nothing in another step.
    pub fn repair_so_far(&self) -> Option<String> {
        self.fault()?;
        let record = self.record();
        let repair = record.repair.clone().unwrap_or_default();
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
            told: self.record().solved,
            ..Mending::default()
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

    /// A probe's packet was followed: the check's, of this step.
    pub(super) fn repair_followed(&mut self, index: usize, story: &Arc<Story>) {
        if self.current_step().check_of_fault() != Some(index) {
            return;
        }
        let answered = story.answer.is_reply();
        let mending = &mut self.mending;
        if answered && mending.broken.is_some() {
            mending.mended.get_or_insert_with(|| story.clone());
        } else if !answered {
            mending.broken.get_or_insert_with(|| story.clone());
            mending.mended = None;
        }
        self.tell_ways();
    }

    /// Tells the way of the packet before and after, once both are known.
    fn tell_ways(&mut self) {
        let solved = self.record().repair.as_ref();
        let solved = solved.is_some_and(|repair| repair.points.is_some());
        let Mending { broken, mended, .. } = &self.mending;
        let (Some(broken), Some(mended)) = (broken.clone(), mended.clone()) else {
            return;
        };
        if !solved || std::mem::replace(&mut self.mending.told, true) {
            return;
        }
        self.note("The packet, while it was broken:");
        self.tell_way(&broken);
        if let Some(diagnosis) = &broken.diagnosis {
            self.note(&diagnosis.sentence);
        }
        self.note("And now:");
        self.tell_way(&mended);
    }

    fn tell_way(&mut self, story: &Story) {
        let lines = print::lines(story);
        let place = |line: &print::Line| match line.dev.as_str() {
            "" => line.ns.clone(),
            dev => format!("{}/{dev}", line.ns),
        };
        let places: Vec<String> = lines.iter().map(place).collect();
        let width = places.iter().map(|place| place.chars().count()).max();
        let width = width.unwrap_or_default();
        for (line, place) in lines.iter().zip(places) {
            self.note(&format!(
                "  {place:width$}  {} {}",
                line.leg.arrow(),
                line.text
            ));
        }
        self.note(&format!("  {}", story.answer.words()));
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

/// Points of repairs, and how many of them are done.
pub fn score<'a>(repairs: impl Iterator<Item = &'a Option<Repair>>) -> (u32, u32) {
    let points = repairs.filter_map(|repair| repair.as_ref()?.points);
    points.fold((0, 0), |(sum, count), points| (sum + points, count + 1))
}

/// Changes that the lesson's own repair takes.
fn changing(fault: &Fault) -> u32 {
    let lines = fault.repair.iter().filter(|line| line.line.changes());
    u32::try_from(lines.count()).unwrap_or(u32::MAX)
}

fn points(repair: &Repair, needed: u32, hints: usize, solution: bool) -> u32 {
    let hints = u32::try_from(hints).unwrap_or(u32::MAX);
    let asked = hints.saturating_add(u32::from(repair.explained));
    let minutes = (repair.seconds / 60).saturating_sub(FREE);
    let minutes = u32::try_from(minutes).unwrap_or(u32::MAX);
    let costs = [
        repair.changes.saturating_sub(needed).saturating_mul(CHANGE),
        asked.saturating_mul(HINT),
        u32::from(solution) * SOLUTION,
        minutes.saturating_mul(MINUTE).min(MOST_FOR_TIME),
    ];
    let costs = costs.into_iter().fold(0, u32::saturating_add);
    MOST.saturating_sub(costs).max(LEAST)
}

fn words(repair: &Repair, points: u32) -> String {
    let kind = match points {
        85.. => "Straight to the point.",
        55..85 => "Well found.",
        ..55 => "It works again, and that is what counts.",
    };
    let changes = counted(repair.changes, "change");
    let time = match (repair.seconds / 60, repair.seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    };
    format!("Repaired with {changes} in {time}: {points} of {MOST} points. {kind}")
}

fn counted(count: u32, noun: &str) -> String {
    match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_fall_and_never_to_nothing() {
        let repair = |changes, seconds| Repair {
            changes,
            seconds,
            ..Repair::default()
        };
        assert_eq!(points(&repair(1, 59), 1, 0, false), 100);
        assert_eq!(
            points(&repair(2, 179), 2, 0, false),
            100,
            "as many as it takes"
        );
        assert_eq!(points(&repair(2, 180), 1, 1, false), 75);
        assert_eq!(points(&repair(1, 100_000), 1, 0, false), 70);
        assert_eq!(
            points(&repair(u32::MAX, u64::MAX), 1, usize::MAX, true),
            LEAST
        );
    }

    #[test]
    fn a_repair_is_told_kindly() {
        let repair = Repair {
            changes: 1,
            seconds: 80,
            ..Repair::default()
        };
        assert_eq!(
            words(&repair, 100),
            "Repaired with 1 change in 1 min 20 s: 100 of 100 points. Straight to the point."
        );
        assert!(words(&repair, LEAST).ends_with("that is what counts."));
    }
}
