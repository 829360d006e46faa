//! A lesson with the lessons that it starts from, in one piece.

use super::find::{Opened, Shelf};
use super::model::fault;
use super::model::lower::{self, Lowered};
use super::report::{Finding, Notes, Severity};
use super::{Lesson, RunLine};
use super::{draw, lint};

/// Makes the lesson, as far as it can be made, and everything found wrong with it.
pub fn build(shelf: &Shelf, opened: &Opened) -> (Option<Lesson>, Vec<Finding>) {
    let mut trail = Vec::new();
    let (lowered, findings) = chain(shelf, opened, &mut trail);
    (lowered.map(|lowered| lowered.lesson), findings)
}

/// `trail` holds the lessons that are being made already, the one asked for first.
fn chain(
    shelf: &Shelf,
    opened: &Opened,
    trail: &mut Vec<String>,
) -> (Option<Lowered>, Vec<Finding>) {
    let seed = shelf.seed();
    let expanded = draw::expand(&opened.source, seed.number);
    let mut notes = Notes::new(std::sync::Arc::clone(&expanded.source));
    let lowered = lower::read(&opened.id, &mut notes);
    let Some(mut lowered) = lowered else {
        return (None, expanded.findings(notes.into_findings()));
    };
    let lesson = &mut lowered.lesson;
    lesson.seed = (expanded.draws || !lesson.faults.is_empty()).then_some(seed);
    let repairs = lowered.steps.iter().filter_map(|step| step.repair.clone());
    let repairs: Vec<_> = repairs.collect();
    fault::deal(lesson, seed.number, &mut notes, &repairs);
    trail.push(opened.source.name.clone());
    let of_base = start_from_base(shelf, opened, &mut lowered, trail, &mut notes);
    trail.pop();
    lint::judge(&mut lowered, &mut notes);
    let mut findings = expanded.findings(notes.into_findings());
    findings.extend(of_base);
    (Some(lowered), findings)
}

/// Puts the lines of the base before the lesson's own; what is wrong in the base's file.
fn start_from_base(
    shelf: &Shelf,
    opened: &Opened,
    lowered: &mut Lowered,
    trail: &mut Vec<String>,
    notes: &mut Notes,
) -> Vec<Finding> {
    let (Some(name), Some(place)) = (lowered.lesson.base.clone(), lowered.base.clone()) else {
        return Vec::new();
    };
    let base = match shelf.open_base(opened, &name) {
        Ok(base) => base,
        Err(problem) => {
            let finding = notes.error(place, problem.message);
            finding.help = problem.help;
            return Vec::new();
        }
    };
    if let Some(start) = trail.iter().position(|name| *name == base.source.name) {
        let mut circle = trail[start..].to_vec();
        circle.push(base.source.name.clone());
        notes
            .error(place, "the lessons start from each other in a circle")
            .help(circle.join(" → "))
            .help("leave out the `base` of the one that comes first");
        return Vec::new();
    }
    let (base, mut findings) = chain(shelf, &base, trail);
    findings.retain(|finding| finding.severity == Severity::Error);
    if !findings.is_empty() {
        notes.error(
            place,
            format!("the lesson `{name}` that this one starts from has errors"),
        );
    }
    if let Some(base) = base {
        inherit(&mut lowered.lesson, base.lesson);
    }
    findings
}

fn inherit(lesson: &mut Lesson, base: Lesson) {
    // What is broken and repaired leaves nothing to build on.
    let steps = base.steps.into_iter().filter(|step| !step.repair);
    let lines = steps.flat_map(|step| step.run);
    let before = base.before.into_iter().chain(lines);
    let before: Vec<RunLine> = before.chain(std::mem::take(&mut lesson.before)).collect();
    lesson.before = before;
    lesson.uplink |= base.uplink;
    let missing: Vec<_> = base
        .needs
        .into_iter()
        .filter(|need| !lesson.needs.contains(need))
        .collect();
    lesson.needs.extend(missing);
}
