//! Every lesson with mistakes: what is wrong is said in words and changes nothing, what is more than
//! was asked for or comes in another order does no harm, and a near miss is told from the right thing.

#[path = "mistakes/table.rs"]
mod table;

use tutor::command::{Command, parse};
use tutor::lesson::{RunLine, Step};

use crate::learner::Learner;
use table::{Detour, TABLE};

/// Takes the lesson, making every mistake that there is for it.
pub fn with_mistakes(lesson: &str) {
    let mut learner = Learner::start(lesson);
    learner.open_prompt();
    learner.type_line("ip netns add more-than-was-asked-for");
    for step in 0..learner.lesson.steps.len() {
        misspell(&mut learner, step);
        let detours: Vec<&Detour> = (TABLE.iter())
            .filter(|detour| detour.lesson == lesson && detour.step == step + 1)
            .collect();
        if detours.is_empty() {
            last_first(&mut learner, step);
        }
        take(&mut learner, step, &detours);
        learner.go_on(step);
    }
    learner.leave();
}

/// The first line with a letter too many: the prompt says what is wrong, and keeps the line.
fn misspell(learner: &mut Learner, step: usize) {
    let Some(first) = learner.lesson.steps[step].run.first() else {
        return;
    };
    let line = format!("x{}", first.source);
    let error = parse(&line).expect_err("no command begins with an x");
    learner.write(&line);
    learner.pty.keys("\r");
    learner.is_told(&error.message);
    learner.drop_line();
}

/// The last line that changes something before the others; afterwards it is typed again in its place.
fn last_first(learner: &mut Learner, step: usize) {
    let step = &learner.lesson.steps[step];
    let changing: Vec<&RunLine> = (step.run.iter()).filter(|run| run.line.changes()).collect();
    if let [_, .., last] = &changing[..]
        && stands_still(step)
    {
        let last = last.source.clone();
        learner.type_line(&last);
    }
}

/// Does the prompt stay where it is in this step?
fn stands_still(step: &Step) -> bool {
    !(step.run.iter()).any(|run| {
        matches!(
            run.line.command,
            Some(Command::Enter { .. } | Command::Exit)
        )
    })
}

/// The step with its detours.
fn take(learner: &mut Learner, step: usize, detours: &[&Detour]) {
    let lines = learner.lesson.steps[step].run.clone();
    for place in 0..=lines.len() {
        for detour in detours
            .iter()
            .filter(|detour| detour.before.min(lines.len()) == place)
        {
            for (line, said) in detour.lines {
                learner.type_line(line);
                learner.is_told(said);
            }
        }
        let another_way = detours.iter().any(|detour| detour.instead);
        if let Some(run) = lines.get(place).filter(|_| !another_way) {
            learner.type_line(&run.source);
        }
    }
}
