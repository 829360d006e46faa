//! A lesson in the learner's own shell: its lines are carried out by the real tools.

use std::collections::BTreeMap;

use tutor::command::Command;
use tutor::lesson::RunLine;
use tutor::world::Ns;

use crate::learner::Learner;

/// The key that leads out of a shell: Ctrl-].
const LEAVE: &str = "\x1d";

/// Types every line of the lesson in a shell.
pub fn in_a_shell(lesson: &str) {
    let mut learner = Learner::start(lesson);
    let mut shells = Shells::default();
    for step in 0..learner.lesson.steps.len() {
        if learner.lesson.steps[step].repair {
            shells.numbers.clear();
        }
        for run in learner.lesson.steps[step].run.clone() {
            shells.type_line(&mut learner, &run);
        }
        shells.leave(&mut learner);
        learner.go_on_from_shell(step);
    }
    learner.leave();
}

/// The shells that were opened, by namespace.
#[derive(Default)]
struct Shells {
    /// The number of the next command in each shell that stands in another, the innermost last.
    numbers: BTreeMap<Ns, Vec<usize>>,
    /// The one that is shown.
    shown: Option<Ns>,
}

impl Shells {
    fn type_line(&mut self, learner: &mut Learner, run: &RunLine) {
        let ns = match &self.shown {
            Some(ns) => ns.clone(),
            None => self.open(learner, &run.at),
        };
        let numbers = self.numbers.entry(ns.clone()).or_default();
        learner.pty.keys(&format!("{}\r", run.source));
        if let Some(number) = numbers.last_mut() {
            *number += 1;
        }
        match &run.line.command {
            Some(Command::Enter { .. }) => numbers.push(1),
            Some(Command::Exit) => drop(numbers.pop()),
            _ => {}
        }
        if numbers.is_empty() {
            // That was the shell itself, and the lesson is shown again.
            self.numbers.remove(&ns);
            self.shown = None;
            learner
                .pty
                .until("the shell is gone", |screen| !screen.contains("Shell in"));
            learner.close_prompt();
            return;
        }
        self.is_ready(learner, &ns);
    }

    fn open(&mut self, learner: &mut Learner, ns: &Ns) -> Ns {
        learner.open_shell(ns);
        self.numbers.entry(ns.clone()).or_insert_with(|| vec![1]);
        self.shown = Some(ns.clone());
        self.is_ready(learner, ns);
        ns.clone()
    }

    /// Waits for the prompt of the innermost shell.
    fn is_ready(&self, learner: &mut Learner, ns: &Ns) {
        let numbers = &self.numbers[ns];
        let number = numbers.last().expect("the shell lives");
        learner
            .pty
            .shows(&format!("ready-{}-{number}>", numbers.len()));
    }

    fn leave(&mut self, learner: &mut Learner) {
        if self.shown.take().is_some() {
            learner.pty.keys(LEAVE);
            learner
                .pty
                .until("the lesson is shown", |screen| !screen.contains("Shell in"));
            learner.close_prompt();
        }
    }
}
