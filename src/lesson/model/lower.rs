//! From the model to a [`Lesson`]: what is missing, what contradicts itself, and the lines parsed.

use std::ops::Range;

use toml::Spanned;

use super::ask::AskPlaces;
use super::fault::{self, FaultPlaces};
use super::text::Mapped;
use super::{FORMAT, LessonToml, StepToml, ask, hint, run};
use crate::command::steers_terminal;
use crate::lesson::check::{CheckToml, Mention, words};
use crate::lesson::report::Notes;
use crate::lesson::{Check, Lesson, Need, Step};
use crate::world::Ns;

/// A lesson, with the places in its file that `lint` points at.
#[derive(Debug)]
pub struct Lowered {
    /// The lesson, `before` still empty.
    pub lesson: Lesson,
    /// Where `base` is written.
    pub base: Option<Range<usize>>,
    /// Where `needs` are written, and which.
    pub needs: Vec<Spanned<Need>>,
    /// Places within each step.
    pub steps: Vec<StepPlaces>,
    /// Places within each fault.
    pub faults: Vec<FaultPlaces>,
}

/// Places within a step.
#[derive(Debug)]
pub struct StepPlaces {
    /// Its header.
    pub step: Range<usize>,
    /// Could something in it not be read?
    pub hurt: bool,
    /// Its title, or its header where it has none.
    pub title: Range<usize>,
    /// Where `at` is written.
    pub at: Option<Range<usize>>,
    /// Where `look` is written.
    pub look: Option<Range<usize>>,
    /// What each check names and needs.
    pub checks: Vec<CheckPlaces>,
    /// What hints for a state name.
    pub hints: Vec<Mention>,
    /// What each question names.
    pub asks: Vec<AskPlaces>,
    /// Where it says that it begins with a fault.
    pub repair: Option<Range<usize>>,
}

/// What a check names, and where.
#[derive(Debug)]
pub struct CheckPlaces {
    /// All of it.
    pub check: Range<usize>,
    /// Names.
    pub mentions: Vec<Mention>,
    /// Features that judging it takes.
    pub needs: &'static [Need],
    /// Does it ask that something is not there?
    pub negative: bool,
}

/// Most steps of a lesson, and most checks of a step.
const MOST_STEPS: usize = 100;
const MOST_CHECKS: usize = 50;

/// Longest time that a lesson can say, minutes.
const MOST_MINUTES: i64 = 600;

/// Makes a lesson called `id`; notes what is missing or contradicts itself.
pub fn lower(id: &str, toml: LessonToml, notes: &mut Notes) -> Lowered {
    let first_step = toml
        .step
        .first()
        .map_or(usize::MAX, |step| step.span().start);
    let mut wanted = Wanted::new(0..0, notes.errs_within(0..first_step));
    format(toml.format.as_ref(), &mut wanted, notes);
    let title = wanted.text(toml.title, "title", notes);
    let summary = wanted.text(toml.summary, "summary", notes);
    let minutes = minutes(toml.minutes.as_ref(), &mut wanted, notes);
    wanted.note(notes);
    let mut all = toml.step;
    cap(&mut all, MOST_STEPS, "steps in a lesson", notes);
    if all.is_empty() {
        let finding = notes.error(0..0, "a lesson without steps");
        finding.help("add a `[[step]]`");
    }
    let mut steps = Vec::new();
    let mut places = Vec::new();
    let mut rest = all.into_iter().peekable();
    while let Some(toml) = rest.next() {
        let end = rest.peek().map_or(usize::MAX, |next| next.span().start);
        let (step, of_step) = step(toml, end, notes);
        steps.push(step);
        places.push(of_step);
    }
    let setup = toml.host.setup.map(|setup| {
        let mapped = Mapped::new(&notes.source.text, setup.span(), setup.get_ref());
        run::lines(&mapped, &Ns::Host, notes)
    });
    let (faults, fault_places) = fault::faults(toml.fault, notes).into_iter().unzip();
    Lowered {
        base: toml.base.as_ref().map(Spanned::span),
        lesson: Lesson {
            id: id.to_owned(),
            file: None,
            title,
            summary,
            minutes,
            tags: toml.tags.into_iter().map(|it| visible(it, notes)).collect(),
            needs: toml.needs.iter().map(|need| *need.get_ref()).collect(),
            base: toml.base.map(Spanned::into_inner),
            free: false,
            uplink: toml.host.uplink,
            before: setup.unwrap_or_default(),
            seed: None,
            faults,
            steps,
        },
        needs: toml.needs,
        steps: places,
        faults: fault_places,
    }
}

/// Leaves out, and notes, what is more than a learner could get through.
pub fn cap<T>(all: &mut Vec<Spanned<T>>, most: usize, what: &str, notes: &mut Notes) {
    if let Some(more) = all.get(most) {
        let place = more.span().start..more.span().start;
        let message = format!("{} {what} are too many", all.len());
        notes
            .error(place, message)
            .label("too many from here on")
            .help(format!(
                "there can be {most}; a lesson can have another as its `base`"
            ));
        all.truncate(most);
    }
}

fn format(format: Option<&Spanned<i64>>, wanted: &mut Wanted, notes: &mut Notes) {
    match format {
        Some(format) if *format.get_ref() == FORMAT => {}
        Some(format) => {
            let message = format!("format {} is not known to this program", format.get_ref());
            let finding = notes.error(format.span(), message);
            finding.help(format!("it reads format {FORMAT}"));
        }
        None => wanted.missing("format", format!("format = {FORMAT}")),
    }
}

fn minutes(minutes: Option<&Spanned<i64>>, wanted: &mut Wanted, notes: &mut Notes) -> u16 {
    let Some(minutes) = minutes else {
        wanted.missing("minutes", "minutes = 15".to_owned());
        return 0;
    };
    match u16::try_from(*minutes.get_ref()) {
        Ok(told @ 1..) if i64::from(told) <= MOST_MINUTES => told,
        _ if wanted.hurt => 0,
        _ => {
            let message = format!("a lesson cannot take {} minutes", minutes.get_ref());
            let finding = notes.error(minutes.span(), message);
            finding.help(format!("say how long it takes, from 1 to {MOST_MINUTES}"));
            0
        }
    }
}

/// Keys of one table that must be there.
pub(super) struct Wanted {
    /// Where the table begins.
    place: Range<usize>,
    /// Could something in it not be read? Then that may be what is missing.
    hurt: bool,
    /// Those that are missing, and how each is written.
    missing: Vec<(&'static str, String)>,
}

impl Wanted {
    pub(super) fn new(place: Range<usize>, hurt: bool) -> Self {
        Self {
            place,
            hurt,
            missing: Vec::new(),
        }
    }

    pub(super) fn missing(&mut self, key: &'static str, written: String) {
        self.missing.push((key, written));
    }

    /// A text that must be there, and not be blank.
    pub(super) fn text(
        &mut self,
        text: Option<Spanned<String>>,
        key: &'static str,
        notes: &mut Notes,
    ) -> String {
        match text {
            Some(text) if text.get_ref().trim().is_empty() => {
                notes.error(text.span(), format!("`{key}` is empty"));
                String::new()
            }
            Some(text) => visible(text, notes),
            None => {
                self.missing(key, format!("{key} = \"…\""));
                String::new()
            }
        }
    }

    /// Says all that is missing at once.
    pub(super) fn note(self, notes: &mut Notes) {
        if self.missing.is_empty() || self.hurt {
            return;
        }
        let keys: Vec<String> = self
            .missing
            .iter()
            .map(|(key, _)| format!("`{key}`"))
            .collect();
        let are = if keys.len() == 1 { "is" } else { "are" };
        let finding = notes.error(self.place, format!("{} {are} missing", keys.join(", ")));
        for (_, written) in self.missing {
            finding.help(format!("add `{written}`"));
        }
    }
}

/// A text that a terminal can be sent.
pub fn visible(text: Spanned<String>, notes: &mut Notes) -> String {
    let mapped = Mapped::new(&notes.source.text, text.span(), text.get_ref());
    let line_end = |at| text.get_ref()[at..].starts_with("\r\n");
    let control = |(at, char): &(usize, char)| {
        steers_terminal(*char) && !matches!(char, '\n' | '\t') && !line_end(*at)
    };
    if let Some((at, char)) = text.get_ref().char_indices().find(control) {
        notes
            .error(
                mapped.place(at..at + char.len_utf8()),
                "a control character in a text",
            )
            .label(format!("U+{:04X}", u32::from(char)))
            .help("leave it out: a terminal would obey it");
    }
    text.into_inner().replace("\r\n", "\n")
}

/// A text that a terminal can be sent, if there is one.
pub fn optional(text: Option<Spanned<String>>, notes: &mut Notes) -> Option<String> {
    text.map(|text| visible(text, notes))
}

/// `end` is where the next one begins.
fn step(toml: Spanned<StepToml>, end: usize, notes: &mut Notes) -> (Step, StepPlaces) {
    let place = toml.span();
    let toml = toml.into_inner();
    let hurt = notes.errs_within(place.start..end);
    let mut wanted = Wanted::new(place.clone(), hurt);
    let at_place = toml.at.as_ref().map(Spanned::span);
    let title_place = toml.title.as_ref().map_or(place.clone(), Spanned::span);
    let repair = fault::wanted(&toml, notes);
    let at = match toml.at {
        None => Ns::Host,
        Some(at) => {
            if let Err(message) = words::space_name(at.get_ref()) {
                notes.error(at.span(), message);
            }
            Ns::from_name(at.get_ref())
        }
    };
    let look_place = toml.look.as_ref().map(Spanned::span);
    let run = match toml.run {
        None => Vec::new(),
        Some(text) => {
            let mapped = Mapped::new(&notes.source.text, text.span(), text.get_ref());
            run::lines(&mapped, &at, notes)
        }
    };
    let (hints, hint_places) = hint::hints(toml.hints, notes);
    let (asks, ask_places) = ask::asks(toml.ask, &run, hurt, notes).into_iter().unzip();
    let (checks, check_places) = checks(toml.check, end, notes).into_iter().unzip();
    let title = wanted.text(toml.title, "title", notes);
    let text = wanted.text(toml.text, "text", notes);
    wanted.note(notes);
    let step = Step {
        title,
        text,
        at,
        look: toml.look.map(Spanned::into_inner),
        run,
        hints,
        asks,
        notes: optional(toml.notes, notes),
        checks,
        done: optional(toml.done, notes),
        repair: repair.is_some(),
        fault: None,
    };
    let places = StepPlaces {
        step: place,
        hurt,
        title: title_place,
        at: at_place,
        look: look_place,
        checks: check_places,
        hints: hint_places,
        asks: ask_places,
        repair,
    };
    (step, places)
}

fn checks(
    toml: Vec<Spanned<CheckToml>>,
    end: usize,
    notes: &mut Notes,
) -> Vec<(Check, CheckPlaces)> {
    let mut toml = toml;
    cap(&mut toml, MOST_CHECKS, "checks in a step", notes);
    let mut checks = Vec::new();
    let mut rest = toml.into_iter().peekable();
    while let Some(toml) = rest.next() {
        let place = toml.span();
        let until = rest.peek().map_or(end, |next| next.span().start);
        let toml = toml.into_inner();
        // What it checks may be what could not be read.
        let hurt = toml.kinds() == 0 && notes.errs_within(place.start..until);
        if !hurt {
            checks.extend(check(toml, place, notes));
        }
    }
    checks
}

/// A check, with what it names; nothing where it is not one check.
pub fn check(
    toml: CheckToml,
    place: Range<usize>,
    notes: &mut Notes,
) -> Option<(Check, CheckPlaces)> {
    let mut toml = toml;
    let title = optional(toml.title.take(), notes);
    let why = optional(toml.why.take(), notes);
    let mut forms = toml.forms();
    if let [(first, _), (second, more), ..] = &forms[..] {
        let message = format!("`{first}` and `{second}` are two checks");
        let finding = notes.error(more.span(), message);
        finding.help("give each a `[[step.check]]` of its own");
    }
    let Some((_, form)) = forms.pop() else {
        let finding = notes.error(place, "a check that checks nothing");
        finding.help(format!("add one of {}", CheckToml::KINDS.join(", ")));
        return None;
    };
    let form_place = form.span();
    let form = form.into_inner();
    // What seems to be missing may be what could not be read.
    let hurt = notes.errs_within(form_place.clone());
    if let Some(flaw) = form.flaw().filter(|_| !hurt) {
        let place = flaw.at.unwrap_or(form_place);
        notes.error(place, flaw.message).help(flaw.help);
    }
    let places = CheckPlaces {
        check: place,
        mentions: form.mentions(),
        needs: form.needs(),
        negative: form.negative(),
    };
    let check = Check {
        title: title.unwrap_or_else(|| form.title()),
        why,
        judge: form.judge(),
    };
    Some((check, places))
}

/// Reads a file: the lesson called `id`, as far as it can be read.
pub fn read(id: &str, notes: &mut Notes) -> Option<Lowered> {
    let toml = super::read::read(notes)?;
    Some(lower(id, toml, notes))
}
