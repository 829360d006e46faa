//! What the types of a lesson cannot say.

mod look;
mod names;
pub mod needs;
mod shape;

use super::build;
use super::find::Shelf;
use super::model::lower::Lowered;
use super::report::{Notes, Report};

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
            Ok(opened) => build::build(shelf, &opened).1,
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
