//! `[[fault]]`: what a step with `repair = true` may begin with.

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::lower::{self, CheckPlaces, Wanted, cap};
use super::text::Mapped;
use super::{StepToml, hint, run};
use crate::lesson::RunLine;
use crate::lesson::check::{CheckToml, Mention};
use crate::lesson::fault::{Fault, order};
use crate::lesson::probe::Expect;
use crate::lesson::report::Notes;
use crate::lesson::{Lesson, Step};
use crate::trace::Cause;
use crate::world::Ns;

/// Most faults of a lesson.
const MOST_FAULTS: usize = 100;

/// `[[fault]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a fault (`[[fault]]`)")]
pub struct FaultToml {
    /// Its name.
    pub id: Option<Spanned<String>>,
    /// What the diagnosis calls it.
    pub cause: Option<Spanned<String>>,
    /// Lines that break it.
    pub run: Option<Spanned<String>>,
    /// Lines that repair it.
    pub repair: Option<Spanned<String>>,
    /// What shows it.
    pub probe: Option<Spanned<CheckToml>>,
    /// From where to look to what to do.
    pub hints: Vec<Spanned<hint::HintToml>>,
    /// Told when it is repaired.
    pub story: Option<Spanned<String>>,
}

/// Places within a fault, for `lint`.
#[derive(Debug)]
pub struct FaultPlaces {
    /// Its header.
    pub fault: Range<usize>,
    /// Could something in it not be read?
    pub hurt: bool,
    /// What the probe names and needs.
    pub probe: CheckPlaces,
    /// What hints for a state name.
    pub hints: Vec<Mention>,
}

/// The faults that can be read, each with its places.
pub fn faults(toml: Vec<Spanned<FaultToml>>, notes: &mut Notes) -> Vec<(Arc<Fault>, FaultPlaces)> {
    let mut toml = toml;
    cap(&mut toml, MOST_FAULTS, "faults in a lesson", notes);
    let mut known = Vec::new();
    let mut faults = Vec::new();
    let mut rest = toml.into_iter().peekable();
    while let Some(toml) = rest.next() {
        let end = rest.peek().map_or(usize::MAX, |next| next.span().start);
        let place = toml.span();
        if let Some(id) = &toml.get_ref().id {
            if known.contains(id.get_ref()) {
                let text = format!("two faults are called `{}`", id.get_ref());
                notes
                    .error(id.span(), text)
                    .help("give each a name of its own");
            }
            known.push(id.get_ref().clone());
        }
        faults.extend(fault(toml.into_inner(), place, end, notes));
    }
    faults
}

fn fault(
    toml: FaultToml,
    place: Range<usize>,
    end: usize,
    notes: &mut Notes,
) -> Option<(Arc<Fault>, FaultPlaces)> {
    let hurt = notes.errs_within(place.start..end);
    let mut wanted = Wanted::new(place.clone(), hurt);
    let id = wanted.text(toml.id, "id", notes);
    let story = wanted.text(toml.story, "story", notes);
    let cause = cause(toml.cause, &mut wanted, notes);
    let breaks = lines(toml.run, "run", &mut wanted, notes);
    let repair = lines(toml.repair, "repair", &mut wanted, notes);
    if toml.probe.is_none() {
        wanted.missing(
            "probe",
            "probe = { ping = { from = \"…\", to = \"…\" } }".to_owned(),
        );
    }
    wanted.note(notes);
    let (hints, hint_places) = hint::hints(toml.hints, notes);
    let written = toml.probe?;
    let at = written.span();
    let (probe, probe_places) = lower::check(written.into_inner(), at.clone(), notes)?;
    if (probe.judge.probe()).is_none_or(|probe| probe.expect != Expect::Reply) {
        notes
            .error(at, "this cannot show that something is broken")
            .help("a fault's `probe` is a `ping` or `tcp` that is answered once it is repaired");
    }
    let fault = Fault {
        id,
        cause: cause?,
        breaks,
        repair,
        probe,
        hints,
        story,
    };
    let places = FaultPlaces {
        fault: place,
        hurt,
        probe: probe_places,
        hints: hint_places,
    };
    Some((Arc::new(fault), places))
}

fn cause(cause: Option<Spanned<String>>, wanted: &mut Wanted, notes: &mut Notes) -> Option<Cause> {
    let Some(cause) = cause else {
        wanted.missing("cause", "cause = \"forwarding-off\"".to_owned());
        return None;
    };
    match cause.get_ref().parse() {
        Ok(known) => Some(known),
        Err(message) => {
            notes.error(cause.span(), message);
            None
        }
    }
}

/// Lines of which one changes something.
fn lines(
    written: Option<Spanned<String>>,
    key: &'static str,
    wanted: &mut Wanted,
    notes: &mut Notes,
) -> Vec<RunLine> {
    let Some(text) = written else {
        wanted.missing(key, format!("{key} = '''…'''"));
        return Vec::new();
    };
    let mapped = Mapped::new(&notes.source.text, text.span(), text.get_ref());
    let lines = run::lines(&mapped, &Ns::Host, notes);
    let idle = !lines.iter().any(|line| line.line.changes());
    if idle && !notes.errs_within(text.span()) {
        notes.error(text.span(), format!("nothing in `{key}` changes anything"));
    }
    lines
}

/// Where a step says that it begins with a fault: then what the fault brings with it cannot be said.
pub fn wanted(toml: &StepToml, notes: &mut Notes) -> Option<Range<usize>> {
    let repair = toml.repair.as_ref().filter(|repair| *repair.get_ref())?;
    let run = toml.run.as_ref().map(|run| ("run", run.span()));
    let done = toml.done.as_ref().map(|done| ("done", done.span()));
    let ask = toml.ask.first().map(|ask| ("ask", ask.span()));
    for (key, place) in [run, done, ask].into_iter().flatten() {
        notes
            .error(place, format!("a step that is a repair has no `{key}`"))
            .help("the `[[fault]]` that is drawn brings lines and a closing text");
    }
    Some(repair.span())
}

/// Deals the faults out to the steps that want one, as the seed has it. Each comes once.
pub fn deal(lesson: &mut Lesson, seed: u64, notes: &mut Notes, repairs: &[Range<usize>]) {
    let faults = &lesson.faults;
    if let Some(more) = repairs.get(faults.len()) {
        let text = match faults.len() {
            0 => "there is nothing to repair".to_owned(),
            1 => "there is one fault only, and none comes twice".to_owned(),
            some => format!("there are {some} faults only, and none comes twice"),
        };
        if !notes.failed() {
            notes.error(more.clone(), text).help("add a `[[fault]]`");
        }
    }
    let wanting = lesson.steps.iter_mut().filter(|step| step.repair);
    for (step, fault) in wanting.zip(order(seed, faults.len())) {
        begin_with(step, &faults[fault]);
    }
}

/// The step begins with this fault.
fn begin_with(step: &mut Step, fault: &Arc<Fault>) {
    step.fault = Some(Arc::clone(fault));
    if step.check_of_fault().is_none() {
        step.checks.push(fault.probe.clone());
    }
    step.run.clone_from(&fault.repair);
    step.hints.extend(fault.hints.iter().cloned());
    step.done = Some(fault.story.clone());
}
