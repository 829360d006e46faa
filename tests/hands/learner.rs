//! A learner at the terminal: what is read on the screen, and what is typed.

use std::fs;

use ratatui::style::Color;
use tutor::lesson::{Lesson, find};
use tutor::theme::{Slot, Theme};
use tutor::world::Ns;

use crate::pty::{Pty, Who, command};

/// Wide enough for each line of a lesson to stand in one row.
const SIZE: (u16, u16) = (176, 44);

/// What stands behind a prompt when there is nothing more to do.
const STEP_DONE: &str = "step done  Enter";

/// What the learner's shell is told: a prompt that counts, so that the next one is known from the
/// last, however deep shells stand in each other.
const BASHRC: &str = "PS1='ready-$SHLVL-\\#> '\nunset HISTFILE\n";

/// A learner in a lesson.
pub struct Learner {
    /// The lesson.
    pub lesson: Lesson,
    /// The program and its screen.
    pub pty: Pty,
    /// The colour of a prompt that waits.
    waits: vt100::Color,
    /// Steps whose repair was left to the lesson itself.
    repaired: Vec<String>,
}

/// The last prompt on the screen.
#[derive(Debug)]
struct Prompt {
    /// What stands behind it.
    text: String,
    /// Does it wait for a line?
    waits: bool,
}

impl Learner {
    /// Begins the lesson.
    pub fn start(id: &str) -> Self {
        let lesson = find::load(id).map_err(|report| report.render(false));
        let lesson = lesson.expect("the lesson can be read");
        let seed = lesson.seed.map(|seed| seed.number.to_string());
        let mut arguments = vec!["--lesson", id];
        arguments.extend(seed.iter().flat_map(|seed| ["--seed", &**seed]));
        let (mut command, home) = command(Who::Ordinary, &arguments);
        fs::write(home.join(".bashrc"), BASHRC).expect("a temporary directory can be written to");
        command.env("SHELL", "/bin/bash");
        let env = |name: &str| {
            let mut all = command.get_envs().filter(|(one, _)| *one == name);
            all.next()?.1?.to_str().map(str::to_owned)
        };
        let waits = Theme::detect(env, None).style(Slot::Prompt).fg;
        let pty = Pty::of(command, home, SIZE);
        let mut learner = Self {
            lesson,
            pty,
            waits: waits.map_or(vt100::Color::Default, colour),
            repaired: Vec::new(),
        };
        learner.begins(0);
        learner
    }

    /// Waits until the header tells of this step, from 0.
    fn begins(&mut self, step: usize) {
        let header = format!("step {} of {}", step + 1, self.lesson.steps.len());
        self.pty.shows(&header);
    }

    /// Waits until Enter is offered; false when the lesson is over. What is to be repaired, which no
    /// Enter does, is left to the lesson itself.
    pub fn enter_is_offered(&mut self) -> bool {
        let waits = self.waits;
        let repairs = self.lesson.steps.iter().enumerate();
        let of = self.lesson.steps.len();
        let repairs: Vec<String> = repairs
            .filter(|(_, step)| step.repair)
            .map(|(step, _)| format!("step {} of {of}", step + 1))
            .collect();
        loop {
            let repaired = self.repaired.clone();
            let begun = |screen: &vt100::Screen| {
                let text = screen.contents();
                let begun = repairs.iter().find(|header| text.contains(*header));
                let prompt = prompt(screen, waits);
                let waits = prompt.is_some_and(|prompt| prompt.waits);
                begun.filter(|header| waits && !repaired.contains(*header))
            };
            self.pty.until_screen("Enter is offered", |screen| {
                let prompt = prompt(screen, waits);
                is_over(screen)
                    || begun(screen).is_some()
                    || prompt.is_some_and(|prompt| prompt.text.ends_with("  Enter"))
            });
            let Some(header) = begun(self.pty.screen.screen()) else {
                return !is_over(self.pty.screen.screen());
            };
            self.repaired.push(header.clone());
            self.pty.keys("a");
        }
    }

    /// Presses it, and waits until that shows.
    pub fn press_enter(&mut self) {
        let before = self.pty.text();
        self.pty.keys("\r");
        self.pty
            .until("something happens", |screen| screen != before);
    }

    /// Opens the prompt.
    pub fn open_prompt(&mut self) {
        self.pty.keys("i");
        self.pty.shows("Tab what may stand here");
        self.ready();
    }

    /// Waits until the prompt waits for a line.
    pub fn ready(&mut self) {
        self.prompt_is("the prompt waits for a line", |text| {
            text.is_empty() || text == STEP_DONE
        });
    }

    fn prompt_is(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let waits = self.waits;
        self.pty.until_screen(what, |screen| {
            prompt(screen, waits).is_some_and(|prompt| prompt.waits && wanted(&prompt.text))
        });
    }

    /// Types a line, which is to stand there before it is run.
    pub fn write(&mut self, line: &str) {
        self.pty.keys(line);
        self.prompt_is(&format!("“{line}” is typed"), |text| text == line);
    }

    /// Types a line and waits until it was carried out.
    pub fn type_line(&mut self, line: &str) {
        self.write(line);
        self.pty.keys("\r");
        self.ready();
    }

    /// Types every line of the step.
    pub fn type_lines(&mut self, step: usize) {
        for run in self.lesson.steps[step].run.clone() {
            self.type_line(&run.source);
        }
    }

    /// Waits until the screen says so, however it is broken into rows.
    pub fn is_told(&mut self, words: &str) {
        let wanted = bare(words);
        self.pty.until(&format!("it says: {words}"), |screen| {
            let columns = |row: &str| {
                let parts = row.split_once('│');
                parts.map_or((row.to_owned(), row.to_owned()), |(left, right)| {
                    (left.to_owned(), right.to_owned())
                })
            };
            let (left, right): (String, String) = screen.lines().map(columns).unzip();
            bare(&left).contains(&wanted) || bare(&right).contains(&wanted)
        });
    }

    /// Empties the prompt.
    pub fn drop_line(&mut self) {
        self.pty.keys("\x03");
        self.ready();
    }

    /// The step is done: Enter in the empty prompt leads on.
    pub fn go_on(&mut self, step: usize) {
        self.prompt_is("the step is done", |text| text == STEP_DONE);
        self.pty.keys("\r");
        if step + 1 < self.lesson.steps.len() {
            self.begins(step + 1);
            self.ready();
        }
    }

    /// Opens the shell of a namespace, or the one that is there: by its word, which leads to every
    /// namespace whatever stands on the right.
    pub fn open_shell(&mut self, ns: &Ns) {
        let waits = self.waits;
        self.pty.until_screen("the sandbox is built", |screen| {
            prompt(screen, waits).is_some_and(|prompt| prompt.waits)
        });
        self.pty.keys(&format!(":shell {ns}\r"));
    }

    /// Closes the prompt, at which the shell was asked for.
    pub fn close_prompt(&mut self) {
        let open = "Ctrl-R search";
        self.pty.shows(open);
        self.pty.keys("\x1b");
        self.pty
            .until("the prompt is closed", |screen| !screen.contains(open));
    }

    /// Everything of the step was done in a shell. A step that only looks leaves nothing to be seen
    /// from here: its checks are asked for, and `n` leads on.
    pub fn go_on_from_shell(&mut self, step: usize) {
        let here = &self.lesson.steps[step];
        let (checks, changes) = (here.checks.len(), here.changes());
        let key = if changes {
            self.prompt_is("the step is done", |text| text == STEP_DONE);
            "\r"
        } else {
            self.pty.keys("c");
            self.pty.shows(&format!(" {checks}/{checks} "));
            "n"
        };
        self.pty.keys(key);
        if let Some(next) = self.lesson.steps.get(step + 1) {
            let repair = next.repair;
            self.begins(step + 1);
            if repair {
                // It is built anew, and shells end with what was there before.
                self.pty.shows("Find out what is wrong");
                self.pty
                    .until("it is built", |screen| !screen.contains("building"));
            }
        }
    }

    /// The lesson is over; leaves it.
    pub fn leave(mut self) {
        self.pty.until_screen("the lesson is over", is_over);
        self.pty.keys("q");
        assert_eq!(self.pty.end().code(), Some(0));
    }
}

/// Is the lesson over?
pub fn is_over(screen: &vt100::Screen) -> bool {
    screen.contents().contains("Lesson done")
}

/// The last prompt of the terminal pane, whose border stands just before it.
fn prompt(screen: &vt100::Screen, waits: vt100::Color) -> Option<Prompt> {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    (0..rows).rev().find_map(|row| {
        // The last column may hold a scroll bar.
        let cells = (0..columns - 1).filter_map(|column| screen.cell(row, column));
        let line: String = cells
            .map(|cell| cell.contents().chars().next().unwrap_or(' '))
            .collect();
        let (before, behind) = line.split_once("│root@")?;
        let (_, text) = behind.split_once(":~#")?;
        let column = u16::try_from(before.chars().count() + 1).ok()?;
        Some(Prompt {
            text: text.trim().to_owned(),
            waits: screen.cell(row, column)?.fgcolor() == waits,
        })
    })
}

/// Blanks differ by where rows end, and on the screen a colour stands for the marks of code.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '`')
        .collect()
}

/// A colour as the emulator calls it.
fn colour(color: Color) -> vt100::Color {
    match color {
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        other => panic!("a terminal of all colours is given {other}"),
    }
}
