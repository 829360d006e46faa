//! Verdicts in words, each when it changes.

use super::said::Said;
use super::{map, markdown};
use crate::lesson::{Check, Verdict, View};
use crate::session::{CheckState, CommandState, Credit, Session};

/// What was said of the step's checks.
#[derive(Debug, Default)]
pub struct Verdicts {
    told: Vec<Told>,
    /// Was it said that the step is done?
    done: bool,
    /// Was anything of this step spoken of yet?
    begun: bool,
}

/// What was said of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Told {
    #[default]
    Nothing,
    Holds,
    Not(String),
}

impl Verdicts {
    /// What has changed.
    pub fn news(&mut self, session: &Session) -> Vec<Said> {
        let checks = &session.current_step().checks;
        self.told.resize(checks.len(), Told::Nothing);
        let before = self.told.clone();
        let mut said = Vec::new();
        for (index, check) in checks.iter().enumerate() {
            if let Some(text) = self.one(session, index, check) {
                said.push(Said::words(text));
            }
        }
        if !std::mem::replace(&mut self.begun, true) && !is_over(session) {
            said = self.already().into_iter().collect();
        }
        if before != self.told {
            self.done = false;
        }
        if is_done(session) && !session.follows() && !std::mem::replace(&mut self.done, true) {
            said.extend(done(session));
        }
        said
    }

    /// What is to be said of this check, if anything.
    fn one(&mut self, session: &Session, index: usize, check: &Check) -> Option<String> {
        let state = session.checks.get(index)?;
        if state.probing.is_some() || state.following.is_some() || session.gives_away(check) {
            return None; // the verdict is the one before, or the answer of a question to come
        }
        let now = match &state.verdict {
            Verdict::Holds => Told::Holds,
            Verdict::Not(why) => Told::Not(why.clone()),
            Verdict::TooSoon => return None,
        };
        let told = self.told.get_mut(index)?;
        let name = name(index, session.checks.len());
        let text = match (&*told, &now) {
            (_, Told::Holds) if *told != now => format!("{name} holds: {}.", holding(check)),
            (Told::Holds, Told::Not(why)) => {
                format!("{name} no longer holds: {why}.{}", reason(state))
            }
            // Before its commands have run nobody expects it to hold.
            (_, Told::Not(why)) if *told != now && is_over(session) => {
                format!("{name} does not hold: {why}.{}", reason(state))
            }
            (Told::Nothing | Told::Holds | Told::Not(_), _) => return None,
        };
        *told = now;
        Some(text)
    }

    /// At the beginning of a step: which checks hold before anything is done.
    fn already(&self) -> Option<Said> {
        let holding = self.told.iter().enumerate();
        let numbers: Vec<String> = holding
            .filter(|(_, told)| **told == Told::Holds)
            .map(|(index, _)| (index + 1).to_string())
            .collect();
        let text = match &numbers[..] {
            [] => return None,
            _ if self.told.len() == 1 => "It holds already.".to_owned(),
            [one] => format!("Check {one} holds already."),
            [_, _] if self.told.len() == 2 => "Both hold already.".to_owned(),
            all if all.len() == self.told.len() => "All of them hold already.".to_owned(),
            [first @ .., last] => format!("Checks {} and {last} hold already.", first.join(", ")),
        };
        Some(Said::words(text))
    }
}

/// How every check of the step stands now.
pub fn all(session: &Session) -> Vec<Said> {
    let checks = &session.current_step().checks;
    if checks.is_empty() {
        return vec![Said::words("This step has no checks.")];
    }
    let states = checks.iter().zip(&session.checks).enumerate();
    let lines = states.map(|(index, (check, state))| {
        let name = name(index, checks.len());
        let text = match &state.verdict {
            _ if session.gives_away(check) => {
                format!("{name} is kept back until you have said what you expect.")
            }
            _ if state.probing.is_some() => format!("{name} is being tried: {}.", title(check)),
            Verdict::Holds => format!("{name} holds: {}.", holding(check)),
            Verdict::Not(why) => format!("{name} does not hold: {why}.{}", reason(state)),
            Verdict::TooSoon => format!("{name} was not tried yet: {}.", title(check)),
        };
        Said::words(text)
    });
    lines.collect()
}

/// Why its packet got no answer, if one was sent and that is known.
fn reason(state: &CheckState) -> String {
    state
        .why()
        .map_or_else(String::new, |why| format!(" {why}"))
}

/// What is checked, as part of a sentence.
pub fn title(check: &Check) -> String {
    let title = markdown::line(&check.title);
    let title = title.trim_end_matches('.');
    match title.split_once(" → ") {
        // On the screen the arrow says who asks whom.
        Some((from, answer)) => format!("from {from}, {answer}"),
        None => title.to_owned(),
    }
}

/// What holds, and why that is so.
fn holding(check: &Check) -> String {
    let title = title(check);
    match check.why.as_deref().map(markdown::line) {
        Some(why) => format!("{title}; {}", why.trim_end_matches('.')),
        None => title,
    }
}

fn name(index: usize, of: usize) -> String {
    match of {
        1 => "The check".to_owned(),
        _ => format!("Check {} of {of}", index + 1),
    }
}

/// Have all its commands been carried out, and ended?
pub fn has_run(session: &Session) -> bool {
    session
        .commands
        .iter()
        .all(|state| matches!(state, CommandState::Done | CommandState::Failed))
}

/// Is none of its commands under way?
pub fn at_rest(session: &Session) -> bool {
    session
        .commands
        .iter()
        .all(|state| *state != CommandState::Running)
}

/// Is its end expected to be reached?
fn is_over(session: &Session) -> bool {
    session.hands() || has_run(session)
}

fn is_done(session: &Session) -> bool {
    session.step_is_done() && is_over(session)
}

/// That the step is done, and what comes next.
fn done(session: &Session) -> Vec<Said> {
    let number = session.step + 1;
    let how = match session.credit(session.step) {
        Credit::WithSolution => ", with the solution",
        Credit::Open | Credit::Solved => "",
    };
    let sum = match session.checks.len() {
        0 | 1 => format!("Step {number} is done{how}."),
        2 => format!("Both checks hold: step {number} is done{how}."),
        many => format!("All {many} checks hold: step {number} is done{how}."),
    };
    let mut said = vec![Said::words(sum)];
    let closing = session.current_step().done.as_deref();
    if session.current_step().look == Some(View::Map) {
        said.extend(map::all(&session.world));
        said.push(Said::Blank);
    }
    said.extend(closing.map(|text| Said::words(markdown::line(text))));
    let next = session.lesson.steps.get(number);
    said.push(Said::words(match next {
        Some(step) => {
            let title = markdown::line(&step.title);
            format!("Enter goes on to step {}: {title}.", number + 1)
        }
        None => "This was the last step. Enter ends the lesson.".to_owned(),
    }));
    said
}
