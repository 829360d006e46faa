//! Steps as a whole: what each should have.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::lesson::model::lower::Lowered;
use crate::lesson::report::Notes;

/// A nudge, a pointer, the answer.
const HINTS: usize = 3;

/// Notes steps without checks or hints, and titles used twice.
pub fn judge(lowered: &Lowered, notes: &mut Notes) {
    for (fault, places) in lowered.lesson.faults.iter().zip(&lowered.faults) {
        let hints = fault.hints.iter().filter(|hint| hint.is_general()).count();
        if !places.hurt {
            too_few("fault", hints, &places.fault, notes);
        }
    }
    let mut titles = BTreeMap::new();
    for (number, (step, places)) in lowered.lesson.steps.iter().zip(&lowered.steps).enumerate() {
        if step.checks.is_empty() && !places.hurt {
            notes
                .warning(places.step.clone(), "a step without a check")
                .help("add a `[[step.check]]`, so that a learner sees when it is done");
        }
        let hints = step.hints.iter().filter(|hint| hint.is_general()).count();
        // Of a repair it is the faults that bring them.
        if !places.hurt && !step.repair {
            too_few("step", hints, &places.step, notes);
        }
        for ask in places.asks.iter().filter(|ask| !ask.explains) {
            notes
                .warning(ask.ask.clone(), "a wrong answer is not explained")
                .help("say in `wrong` why it is otherwise");
        }
        if step.title.is_empty() {
            continue;
        }
        if let Some(first) = titles.get(&step.title) {
            notes
                .warning(places.title.clone(), "two steps of the same title")
                .help(format!(
                    "step {first} has it already; say what is different here"
                ));
        } else {
            titles.insert(step.title.clone(), number + 1);
        }
    }
}

fn too_few(of: &str, hints: usize, place: &Range<usize>, notes: &mut Notes) {
    if hints >= HINTS {
        return;
    }
    let message = match hints {
        0 => format!("a {of} without hints"),
        1 => format!("a {of} with one hint"),
        more => format!("a {of} with {more} hints"),
    };
    notes
        .warning(place.clone(), message)
        .help(format!("give {HINTS} or more, from a nudge to the answer"));
}
