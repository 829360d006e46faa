//! What the types of a lesson cannot say.

mod look;
mod names;
pub mod needs;
mod shape;

use super::build;
use super::find::{Opened, Shelf};
use super::model::lower::Lowered;
use super::report::{Finding, Notes, Report};

/// A lesson in which something is drawn is looked through as so many seeds make it.
const SEEDS: u64 = 8;

/// Looks through the lessons of these names or paths; all that there are, if none is named.
pub fn lint(shelf: &Shelf, names_or_paths: &[String]) -> Report {
    let all = if names_or_paths.is_empty() {
        shelf.names()
    } else {
        names_or_paths.to_vec()
    };
    let mut report = Report::default();
    for name in &all {
        let findings = match shelf.open(name) {
            Ok(opened) => of_some_seeds(shelf, &opened),
            Err(finding) => vec![finding],
        };
        // A base of several lessons is told once.
        for finding in findings {
            if !report.findings.contains(&finding) {
                report.findings.push(finding);
            }
        }
    }
    report
}

/// What is wrong with a lesson: with every fault, and whatever is drawn. What is wrong at one place is
/// told once, as the first of the seeds has it.
fn of_some_seeds(shelf: &Shelf, opened: &Opened) -> Vec<Finding> {
    let (lesson, mut findings) = build::build(shelf, opened);
    if lesson.is_none_or(|lesson| lesson.seed.is_none()) {
        return findings;
    }
    for seed in 1..SEEDS {
        let shelf = shelf.clone().drawn_by(seed);
        for finding in build::build(&shelf, opened).1 {
            let same = |known: &Finding| {
                (known.severity, &known.place) == (finding.severity, &finding.place)
            };
            if !findings.iter().any(same) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// Judges a lesson whose base lines stand before it.
pub fn judge(lowered: &mut Lowered, notes: &mut Notes) {
    // What could not be read may be what made a name or checked a step.
    let whole = !notes.failed();
    shape::judge(lowered, notes);
    look::judge(lowered, notes);
    if whole {
        names::judge(lowered, notes);
    }
    needs::judge(lowered, notes);
}
