//! Names: a check or a line that speaks of a namespace or a device which no line has made.

mod made;

use std::ops::Range;

use self::made::Made;
use crate::command::mention::{devices_of, spaces_of};
use crate::lesson::RunLine;
use crate::lesson::check::Mention;
use crate::lesson::model::lower::{CheckPlaces, Lowered};
use crate::lesson::report::{Finding, Notes, meant};
use crate::world::Ns;

/// Follows the lines in their order and notes names that nothing has made by then.
pub fn judge(lowered: &Lowered, notes: &mut Notes) {
    let lesson = &lowered.lesson;
    let mut made = Made::at_start(lesson.uplink);
    lesson.before.iter().for_each(|line| made.apply(line));
    let mut ever = made.clone();
    let steps = lesson.steps.iter().filter(|step| !step.repair);
    let lines = steps.flat_map(|step| &step.run);
    lines.for_each(|line| ever.apply(line));
    for (step, places) in lesson.steps.iter().zip(&lowered.steps) {
        if let Some(place) = &places.at {
            space(&step.at, place, &made, &ever, notes);
        }
        if step.repair {
            faults(lowered, &made, notes);
        } else {
            for line in &step.run {
                used(line, &made, notes);
                made.apply(line);
            }
        }
        for check in &places.checks {
            mentioned(check, &made, &ever, notes);
        }
        for mention in &places.hints {
            hinted(mention, &ever, notes);
        }
        let asked = places.asks.iter().filter_map(|ask| ask.space.as_ref());
        for (ns, place) in asked {
            space(ns, place, &made, &ever, notes);
        }
    }
}

/// Every fault, as if it were the one that a step has drawn.
fn faults(lowered: &Lowered, made: &Made, notes: &mut Notes) {
    for (fault, places) in lowered.lesson.faults.iter().zip(&lowered.faults) {
        let mut made = made.clone();
        for line in fault.breaks.iter().chain(&fault.repair) {
            used(line, &made, notes);
            made.apply(line);
        }
        mentioned(&places.probe, &made, &made, notes);
        for mention in &places.hints {
            hinted(mention, &made, notes);
        }
    }
}

/// A namespace that must be there.
fn space(ns: &Ns, place: &Range<usize>, made: &Made, ever: &Made, notes: &mut Notes) {
    if made.has_space(ns) {
        return;
    }
    let finding = notes.error(place.clone(), missing_space(ns, ever));
    if *ns == Ns::Internet {
        finding.help("give the host an uplink: `[host]` with `uplink = true`");
    } else if ever.has_space(ns) {
        finding.help("speak of it only behind the line that makes it");
    } else if let Some(near) = meant(ns.name(), ever.space_names()) {
        finding.help(format!("did you mean `{near}`?"));
    } else {
        finding.help(format!("make it by then with a line `ip netns add {ns}`"));
    }
}

fn missing_space(ns: &Ns, ever: &Made) -> String {
    if ever.has_space(ns) {
        format!("the namespace {ns} is made only later")
    } else {
        format!("no line makes a namespace {ns}")
    }
}

fn mentioned(check: &CheckPlaces, made: &Made, ever: &Made, notes: &mut Notes) {
    for mention in &check.mentions {
        match mention {
            // What is gone, or not there yet, may be made at any time; but it must be a name.
            Mention::Space(ns, place) if check.negative => {
                if !ever.has_space(ns) {
                    let text = format!("no line makes a namespace {ns}, so it is always absent");
                    suggest(
                        notes.warning(place.clone(), text),
                        ns.name(),
                        ever.space_names(),
                    );
                }
            }
            Mention::Space(ns, place) => space(ns, place, made, ever, notes),
            Mention::Device(ns, name, place) => {
                let by_then = if check.negative { ever } else { made };
                device(ns, name, place, by_then, notes);
            }
        }
    }
}

/// A hint is for a slip: a device may stand in the wrong namespace. But somewhere, some time, a line
/// must make what is called so, or the hint never fits.
fn hinted(mention: &Mention, ever: &Made, notes: &mut Notes) {
    match mention {
        Mention::Space(ns, place) if !ever.has_space(ns) => {
            let text = format!("no line makes a namespace {ns}, so this hint never fits");
            let finding = notes.warning(place.clone(), text);
            suggest(finding, ns.name(), ever.space_names());
        }
        Mention::Device(_, name, place) if !ever.may_have(name) => {
            let text = format!("no line makes a device {name}, so this hint never fits");
            let finding = notes.warning(place.clone(), text);
            suggest(finding, name, ever.all_devices());
        }
        Mention::Space(..) | Mention::Device(..) => {}
    }
}

/// A device that should be there; where the namespace is not, that was said already.
fn device(ns: &Ns, name: &str, place: &Range<usize>, made: &Made, notes: &mut Notes) {
    if !made.has_space(ns) || made.has_device(ns, name) {
        return;
    }
    let text = format!("no line has made a device {name} in {ns} by then");
    let finding = notes.warning(place.clone(), text);
    let elsewhere = made.spaces_with(name);
    if elsewhere.is_empty() {
        suggest(finding, name, made.device_names(ns));
    } else {
        finding.help(format!("there is one in {}", elsewhere.join(", ")));
    }
}

fn suggest<'a>(finding: &mut Finding, name: &str, known: impl Iterator<Item = &'a str>) {
    if let Some(near) = meant(name, known) {
        finding.help(format!("did you mean `{near}`?"));
    }
}

/// Names that a line uses. It may fail on purpose, so this only warns.
fn used(line: &RunLine, made: &Made, notes: &mut Notes) {
    let Some(command) = &line.line.command else {
        return;
    };
    for ns in spaces_of(command) {
        if !made.has_space(&ns) {
            let place = word_place(line, ns.name(), notes);
            let text = format!("no line has made a namespace {ns} by then");
            suggest(notes.warning(place, text), ns.name(), made.space_names());
        }
    }
    let (ns, command) = command.place(&line.at);
    for name in devices_of(command) {
        let place = word_place(line, name, notes);
        device(&ns, name, &place, made, notes);
    }
}

/// Where the line writes this word; all of the line if that cannot be told.
fn word_place(line: &RunLine, word: &str, notes: &Notes) -> Range<usize> {
    let text = &notes.source.text;
    let written = text.get(line.place.clone()).unwrap_or_default();
    let ends = |char: char| !char.is_alphanumeric() && !matches!(char, '_' | '-' | '.');
    let whole = |at: &usize| {
        written[..*at].chars().next_back().is_none_or(ends)
            && written[at + word.len()..].chars().next().is_none_or(ends)
    };
    let found = written.match_indices(word).map(|(at, _)| at).find(whole);
    found.map_or(line.place.clone(), |at| {
        line.place.start + at..line.place.start + at + word.len()
    })
}
