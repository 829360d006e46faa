//! `tutor --lesson …`: a lesson, or the menu of lessons.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{Background, MISUSE, ScreenOptions, capture_file, on_screen};
use crate::headless::say::{complain, refuse};
use crate::kernel::rendezvous::Door;
use crate::lesson::report::Report;
use crate::lesson::{Lesson, find};
use crate::progress::Start;
use crate::session::Manner;
use crate::{headless, kernel};

// No documentation: clap would take it for the program's.
#[derive(Args, Debug)]
pub(super) struct Teach {
    /// The lesson to be taught: its name (see `tutor list`) or a TOML file
    #[arg(short, long, value_name = "NAME|FILE")]
    lesson: Option<String>,
    /// Start at this step, from 1, wherever it was left; what comes before is carried out silently
    #[arg(short, long, value_name = "N", requires = "lesson", value_parser = clap::value_parser!(u16).range(1..))]
    step: Option<u16>,
    /// Start over, rather than where the lesson was left
    #[arg(long, requires = "lesson", conflicts_with = "step")]
    fresh: bool,
    /// What a lesson draws (names, addresses, faults) it draws by this number: the same one brings the
    /// same
    #[arg(long, value_name = "N", requires = "lesson")]
    seed: Option<u64>,
    /// Hide the commands: the learner finds a way to make the checks hold
    #[arg(long)]
    practice: bool,
    /// Text, line by line, instead of a full screen: for screen readers, dumb terminals and pipes
    #[arg(long)]
    plain: bool,
    /// The terminal's background, where it does not tell
    #[arg(long, value_enum, default_value_t = Background::Auto)]
    background: Background,
    /// Write every packet that passes anywhere into this new file, as pcapng for Wireshark and tcpdump
    #[arg(long, value_name = "FILE")]
    capture: Option<PathBuf>,
    /// Write the screen as an SVG picture when the program is left
    #[arg(long, value_name = "FILE", hide = true)]
    screenshot: Option<PathBuf>,
}

/// Teaches what these arguments ask for; the exit status.
pub(super) fn run(teach: Teach) -> Result<u8> {
    let lesson = match teach.lesson() {
        Ok(lesson) => lesson,
        Err(report) => return Ok(refuse(&report)),
    };
    if let Some(misuse) = lesson.as_ref().and_then(|lesson| teach.misuse(lesson)) {
        complain(&format!("tutor: {misuse}\n"));
        return Ok(MISUSE);
    }
    let (manner, start) = (teach.manner(), teach.start());
    let capture = match capture_file(teach.capture.as_deref()) {
        Ok(capture) => capture,
        Err(status) => return Ok(status),
    };
    if teach.plain {
        kernel::sandbox::leave_interrupts()?;
        // A session that cannot be met from a second terminal is a session all the same.
        let door = Door::open().ok();
        return kernel::sandbox::guard(move || {
            headless::plain::run(lesson, start, manner, door, capture)
        });
    }
    let options = ScreenOptions {
        manner,
        background: teach.background,
        screenshot: teach.screenshot,
        capture,
    };
    on_screen(
        lesson,
        start,
        options,
        "Without one: `tutor --plain --lesson NAME` teaches it as lines of text, `tutor list` \
         shows the lessons, `tutor test LESSON` runs one.",
    )
}

impl Teach {
    /// The lesson, if one is named; or what is wrong with it.
    fn lesson(&self) -> Result<Option<Lesson>, Report> {
        let load = |name: &String| match self.seed {
            Some(seed) => find::load_drawn(name, seed),
            None => find::load(name),
        };
        self.lesson.as_ref().map(load).transpose()
    }

    /// What is asked for and the lesson does not have.
    fn misuse(&self, lesson: &Lesson) -> Option<String> {
        let (id, steps) = (&lesson.id, lesson.steps.len());
        if let Some(step) = self.step.filter(|step| usize::from(*step) > steps) {
            return Some(format!(
                "--step {step} is beyond the end of lesson {id}, which has {steps} steps"
            ));
        }
        (self.seed.is_some() && lesson.seed.is_none())
            .then(|| format!("nothing is drawn in lesson {id}, so it has no use for --seed"))
    }

    fn manner(&self) -> Manner {
        if self.practice {
            Manner::Practice
        } else {
            Manner::Guided
        }
    }

    fn start(&self) -> Start {
        match self.step {
            Some(step) => Start::Step(usize::from(step) - 1),
            None if self.fresh => Start::Fresh,
            None => Start::Continue,
        }
    }
}
