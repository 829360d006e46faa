//! The table itself, and what each word does.

use super::{Does, Shows, Takes, Word, Wrong, aim, looks, named, way};
use crate::session::script::{self, Written};
use crate::session::{Action, Effect, Pane, Session, View};

/// A word without anything behind it, which does what a key does.
const fn plain(word: &'static str, action: Action, meaning: &'static str) -> Word {
    Word {
        word,
        takes: Takes::Nothing,
        meaning,
        does: Does::Act(action),
    }
}

pub(super) const WORDS: &[Word] = &[
    Word {
        word: "help",
        takes: Takes::Nothing,
        meaning: "every key and every word",
        does: Does::Show(Shows::Help, |session, _| {
            session.act(Action::Help);
            Ok(())
        }),
    },
    plain(
        "next",
        Action::NextStep,
        "the next step; what this one still has to change is done first",
    ),
    Word {
        word: "text",
        takes: Takes::Nothing,
        meaning: "this step's text, from its beginning",
        does: Does::Show(Shows::Text, |session, _| {
            session.bring(Pane::Text);
            Ok(())
        }),
    },
    Word {
        word: "checks",
        takes: Takes::Nothing,
        meaning: "how the checks stand",
        does: Does::Show(Shows::Checks, |session, _| {
            session.bring(Pane::Checks);
            Ok(())
        }),
    },
    Word {
        word: "tables",
        takes: Takes::Namespace,
        meaning: "the tables of a namespace: devices, addresses, routes and more",
        does: Does::Show(Shows::Tables, tables),
    },
    plain("hint", Action::Hint, "show a hint, then a clearer one"),
    plain(
        "solution",
        Action::Solution,
        "put the step's next line that is missing here, to be run by you",
    ),
    plain(
        "check",
        Action::Check,
        "judge every check now, pings included",
    ),
    plain("undo", Action::Undo, "take back what was done last"),
    plain("redo", Action::Redo, "do again what was undone last"),
    plain("reset", Action::Reset, "the step anew; asks first"),
    Word {
        word: "goto",
        takes: Takes::Step,
        meaning: "go to the start of a step",
        does: Does::With(go_to),
    },
    Word {
        word: "save",
        takes: Takes::File,
        meaning: "write what was done as a script, or with a name in .toml as a lesson",
        does: Does::With(|session, path| save(session, path, false)),
    },
    Word {
        word: "save!",
        takes: Takes::File,
        meaning: "as `:save`, over a file that is there already",
        does: Does::With(|session, path| save(session, path, true)),
    },
    looks::PACKETS,
    looks::FILTER,
    looks::WRITE,
    looks::WRITE_OVER,
    way::TRACE,
    aim::WHY,
    looks::MAP,
    plain(
        "practice",
        Action::Practice,
        "hide the commands and find them yourself; show them again",
    ),
    plain(
        "motion",
        Action::Motion,
        "let packets run along their way on the map, or show it at once",
    ),
    Word {
        word: "shell",
        takes: Takes::Namespace,
        meaning: "open your own shell, here or in another namespace",
        does: Does::Show(Shows::Shell, shell),
    },
    Word {
        word: "lesson",
        takes: Takes::Lesson,
        meaning: "leave this lesson for another one",
        does: Does::With(lesson),
    },
    Word {
        word: "again",
        takes: Takes::Nothing,
        meaning: "this lesson from its beginning, with another seed where something is drawn",
        does: Does::With(|session, _| again(session)),
    },
    plain(
        "quit",
        Action::Quit,
        "leave; nothing is left behind on this machine",
    ),
];

fn go_to(session: &mut Session, value: &str) -> Result<(), Wrong> {
    let steps = session.lesson.steps.len();
    match value.parse::<usize>() {
        Ok(step) if (1..=steps).contains(&step) => {
            session.act(Action::GoTo(step - 1));
            Ok(())
        }
        Ok(_) | Err(_) => Err(Wrong {
            at: None,
            message: format!("there is no step `{value}`"),
            help: Some(format!("this lesson has the steps 1 to {steps}")),
        }),
    }
}

fn shell(session: &mut Session, value: &str) -> Result<(), Wrong> {
    let ns = named(session, value)?;
    session.open_shell(ns);
    Ok(())
}

fn tables(session: &mut Session, value: &str) -> Result<(), Wrong> {
    session.chosen = named(session, value)?;
    session.show(View::Tables);
    session.bring(Pane::Tables);
    Ok(())
}

fn lesson(session: &mut Session, value: &str) -> Result<(), Wrong> {
    let known = &session.memory.lessons;
    if known.iter().any(|id| id == value) {
        session.effects.push(Effect::Teach(value.to_owned()));
        return Ok(());
    }
    let nearest = known
        .iter()
        .map(|id| (strsim::damerau_levenshtein(value, id), id))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    Err(Wrong {
        at: None,
        message: format!("there is no lesson `{value}`"),
        help: Some(match nearest {
            Some((_, id)) => format!("did you mean `{id}`?"),
            None => format!("these are: {}", known.join(", ")),
        }),
    })
}

fn again(session: &mut Session) -> Result<(), Wrong> {
    if session.lesson.free {
        return Err(Wrong {
            at: None,
            message: "free play has no beginning to go back to".to_owned(),
            help: Some("`:reset` takes back what was done".to_owned()),
        });
    }
    let file = session.lesson.file.as_ref();
    let name = file.map(|file| file.display().to_string());
    let name = name.unwrap_or_else(|| session.lesson.id.clone());
    session.effects.push(Effect::Again(name));
    Ok(())
}

fn save(session: &mut Session, path: &str, over: bool) -> Result<(), Wrong> {
    session.tell_elsewhere();
    let written = script::written(session);
    if !written.iter().any(|it| matches!(it, Written::Line(_))) {
        return Err(Wrong {
            at: None,
            message: "there is nothing to save yet".to_owned(),
            help: Some("do something first: what was done is what is saved".to_owned()),
        });
    }
    let text = if script::is_lesson(path) {
        script::lesson(session, &written)
    } else {
        script::text(session, &written)
    };
    session.effects.push(Effect::Save {
        path: path.to_owned(),
        over,
        text,
    });
    Ok(())
}
