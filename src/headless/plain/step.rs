//! The parts of a step as words: its opening, its next command, and the lesson's beginning and end.

use super::markdown;
use super::said::Said;
use super::verdicts;
use crate::command::{Explained, explain};
use crate::lesson::{Ask, Check, Lesson};
use crate::session::Session;
use crate::session::ask::Asking;

/// What is said when a lesson begins.
pub fn introduction(lesson: &Lesson) -> Vec<Said> {
    if lesson.free {
        return free(lesson);
    }
    let steps = lesson.steps.len();
    let minutes = lesson.minutes;
    vec![
        Said::words(markdown::line(&lesson.title)),
        Said::words(markdown::line(&lesson.summary)),
        Said::words(format!(
            "The lesson has {steps} steps and takes about {minutes} minutes.{}",
            seed(lesson)
        )),
        Said::Blank,
        Said::words(
            "Enter runs the next command, or goes on when a step is done. A question mark lists \
             what else can be typed; `:quit` leaves. Where a text speaks of panes, of the map or of \
             something on the right, `:tables`, `:map`, `:packets` and `t`, for trace, say what \
             stands there.",
        ),
    ]
}

/// By which it can be had again.
fn seed(lesson: &Lesson) -> String {
    lesson.seed.map_or_else(String::new, |seed| {
        format!(
            " Its names and faults are drawn by the seed {}.",
            seed.number
        )
    })
}

/// What is said when free play begins.
fn free(lesson: &Lesson) -> Vec<Said> {
    vec![
        Said::words(format!("{}.", markdown::line(&lesson.title))),
        Said::Blank,
        Said::words(
            "Type commands, a line each. A question mark lists what else can be typed; `:tables` \
             says what has come of them, `:quit` leaves. `tutor shell`, in a second terminal, opens \
             a shell of your own in here.",
        ),
    ]
}

/// What is said when a step begins.
pub fn opening(session: &Session) -> Vec<Said> {
    let step = session.current_step();
    let (number, of) = (session.step + 1, session.lesson.steps.len());
    let title = markdown::line(&step.title);
    if session.lesson.free && step.run.is_empty() {
        return Vec::new(); // its text is about the screen
    }
    let mut said = vec![
        Said::Blank,
        Said::words(format!("Step {number} of {of}: {title}")),
        Said::Blank,
    ];
    said.extend(markdown::plain(&step.text));
    said.push(Said::Blank);
    said.extend(goal(session));
    said
}

/// What has to hold; what would tell the answer of a question to come is kept back.
fn goal(session: &Session) -> Vec<Said> {
    let checks = &session.current_step().checks;
    let title = |check: &Check| {
        if session.gives_away(check) {
            "kept back until you have said what you expect".to_owned()
        } else {
            verdicts::title(check)
        }
    };
    match &checks[..] {
        [] => Vec::new(),
        [check] => vec![Said::words(format!("What is checked: {}.", title(check)))],
        _ => {
            let head = Said::words(format!("{} things are checked:", checks.len()));
            let numbered = (1..).zip(checks);
            let items = numbered
                .map(|(number, check)| Said::behind(format!("{number}. "), title(check) + "."));
            std::iter::once(head).chain(items).collect()
        }
    }
}

/// The command that Enter runs: what it is for, itself, and its words explained, but for those that
/// were explained in this step before.
pub fn next(session: &Session) -> Vec<Said> {
    let step = session.current_step();
    let index = session.done();
    let (Some(before), Some(line)) = (step.run.get(..index), step.run.get(index)) else {
        return Vec::new();
    };
    let (number, of) = (index + 1, step.run.len());
    let mut said = vec![Said::Blank];
    let comment = line.line.comment.as_deref();
    said.push(Said::words(match comment {
        Some(comment) => format!("Command {number} of {of}: {comment}"),
        None => format!("Command {number} of {of}:"),
    }));
    said.push(Said::Exact(format!("    {}", line.source.trim())));
    // A line that does not parse was refused long before it is spoken of.
    let meanings = |source: &str| explain(source).unwrap_or_default();
    let known: Vec<Explained> = before
        .iter()
        .flat_map(|line| meanings(&line.source))
        .collect();
    let new = meanings(&line.source).into_iter();
    said.extend(
        new.filter(|part| !known.contains(part))
            .map(|part| meaning(&part)),
    );
    said
}

/// What is said in practice mode, or of a repair, in place of the next command.
pub fn hidden(session: &Session) -> Vec<Said> {
    if let Some(repair) = session.repair_told() {
        return vec![Said::Blank, Said::words(repair)];
    }
    vec![
        Said::Blank,
        Said::words(
            "The commands are hidden: make what is checked hold, in your own way. h gives a hint, \
             m shows the commands.",
        ),
    ]
}

/// A word, or some, and what they mean.
pub fn meaning(part: &Explained) -> Said {
    let words = part.words.trim();
    let again = part.meaning.strip_prefix(words);
    let meaning = again.and_then(|rest| rest.strip_prefix(": "));
    let meaning = meaning.unwrap_or(&part.meaning);
    Said::behind("      ", format!("`{words}`: {meaning}"))
}

/// A question, and how it is answered.
pub fn question(ask: &Ask, asking: &Asking) -> Vec<Said> {
    let mut said = vec![
        Said::Blank,
        Said::behind("Question: ", markdown::line(&ask.question)),
    ];
    said.extend(
        (1..).zip(&asking.choices).map(|(number, choice)| {
            Said::behind(format!("{number}. "), markdown::line(&choice.text))
        }),
    );
    said.push(Said::words(if asking.choices.is_empty() {
        "Type your answer; Enter alone goes on without one."
    } else {
        "Type the number of your answer; Enter alone goes on without one."
    }));
    said
}

/// What is said when the lesson is over.
pub fn finished(session: &Session) -> Vec<Said> {
    let lesson = &session.lesson;
    let mut said = vec![
        Said::Blank,
        Said::words(format!(
            "The lesson is done: {}.",
            markdown::line(&lesson.title)
        )),
        Said::words("What you have done:"),
    ];
    let steps = (1..).zip(&lesson.steps);
    said.extend(
        steps
            .map(|(number, step)| Said::behind(format!("{number}. "), markdown::line(&step.title))),
    );
    said
}
