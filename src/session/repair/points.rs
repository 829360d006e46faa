//! What a repair is worth: fewer points for each change too many, for help, and for time.

use serde::{Deserialize, Serialize};

use crate::lesson::Fault;

/// Points of a repair, at most.
pub(super) const MOST: u32 = 100;
/// And at least: whoever repairs it has repaired it.
const LEAST: u32 = 10;
/// What a change costs beyond those of the lesson's own repair.
const CHANGE: u32 = 10;
/// What a hint costs, and to have the cause explained.
const HINT: u32 = 10;
/// What it costs to see the lesson's own repair.
const SOLUTION: u32 = 30;
/// What a minute costs.
const MINUTE: u32 = 5;
/// So many minutes are free.
const FREE: u64 = 2;
/// What all of them can cost.
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

/// Points of repairs, and how many of them are done.
pub fn score<'a>(repairs: impl Iterator<Item = &'a Option<Repair>>) -> (u32, u32) {
    let points = repairs.filter_map(|repair| repair.as_ref()?.points);
    points.fold((0, 0), |(sum, count), points| (sum + points, count + 1))
}

/// Changes that the lesson's own repair takes.
pub(super) fn changing(fault: &Fault) -> u32 {
    let lines = fault.repair.iter().filter(|line| line.line.changes());
    u32::try_from(lines.count()).unwrap_or(u32::MAX)
}

/// What a repair is worth that takes `needed` changes.
pub(super) fn points(repair: &Repair, needed: u32, hints: usize, solution: bool) -> u32 {
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

/// The same as a sentence or two.
pub(super) fn words(repair: &Repair, points: u32) -> String {
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

/// So many of them, in words.
pub(super) fn counted(count: u32, noun: &str) -> String {
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
