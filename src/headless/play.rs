//! `tutor play`: a sandbox without a lesson, and files of lines carried out in one.

use std::io::stdin;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, timeout_at};

use super::plain::{self, prompt};
use super::say::{complain, reader_has_gone, refuse, say};
use super::stage::Stage;
use crate::app::leave::Leave;
use crate::cli::{Background, MISUSE, ScreenOptions, on_screen};
use crate::kernel::capture::record::NewFile;
use crate::kernel::rendezvous::Door;
use crate::kernel::sandbox;
use crate::lesson::script::{self, Script};
use crate::lesson::{Lesson, free};
use crate::progress::Start;
use crate::session::state::{TranscriptKind, TranscriptLine};
use crate::session::transcript::clean;
use crate::session::{Action, CommandState, Manner, Phase, Place};

/// Exit status when a line failed.
const FAILED: u8 = 1;
/// Exit status when a signal ended it, as a shell has it: 128 and SIGINT.
const INTERRUPTED: u8 = 130;

/// So long what runs in the background may go on behind the last line.
const LINGER: Duration = Duration::from_secs(2);

/// What standard input is called where files have names.
const STDIN: &str = "standard input";

/// Plays: with a screen, or without one and with `file` carried out from its first line to its
/// last, or to the first that fails.
///
/// # Errors
/// Whatever could not be done, with its context.
pub fn run(
    file: Option<&Path>,
    uplink: bool,
    without_screen: bool,
    keep_going: bool,
    capture: Option<NewFile>,
) -> Result<u8> {
    let Some(path) = file else {
        let lesson = free::free(uplink);
        return if without_screen {
            converse(lesson, capture)
        } else {
            show(lesson, capture)
        };
    };
    let streamed = path == Path::new("-");
    if streamed && !without_screen {
        complain(
            "tutor: a script that comes by standard input leaves no keyboard for the screen.\n\
             `tutor play - --plain` carries it out without one.\n",
        );
        return Ok(MISUSE);
    }
    let read = if streamed {
        script::from_stream(stdin().lock(), STDIN, uplink)
    } else {
        script::open(path, uplink)
    };
    let script = match read {
        Ok(script) => script,
        Err(report) => return Ok(refuse(&report)),
    };
    if !without_screen {
        return show(script.lesson, capture);
    }
    sandbox::leave_interrupts()?;
    sandbox::guard(move || carry_out(script, keep_going, capture))
}

fn show(lesson: Lesson, capture: Option<NewFile>) -> Result<u8> {
    let options = ScreenOptions {
        manner: Manner::Guided,
        background: Background::Auto,
        screenshot: None,
        capture,
    };
    on_screen(
        Some(lesson),
        Start::Fresh,
        options,
        "Without one: `tutor play FILE --plain` carries a file out, `tutor play --plain` takes lines \
         one by one.",
    )
}

fn converse(lesson: Lesson, capture: Option<NewFile>) -> Result<u8> {
    sandbox::leave_interrupts()?;
    // A session that cannot be met from a second terminal is a session all the same.
    let door = Door::open().ok();
    sandbox::guard(move || plain::run(Some(lesson), Start::Fresh, Manner::Guided, door, capture))
}

/// Carries out every line, in the sandbox that the caller stands in.
fn carry_out(script: Script, keep_going: bool, capture: Option<NewFile>) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    let played = runtime.block_on(tasks.run_until(async {
        let mut player = Player::new(script)?;
        if let Some(file) = capture {
            player.stage.record(file);
        }
        let status = player.play(keep_going).await;
        player.stage.end_recording().await;
        status
    }));
    match played {
        // The guardian is told of errors in words, and cannot tell this one from others.
        Err(error) if reader_has_gone(&error) => Ok(crate::READER_GONE),
        other => other,
    }
}

/// Carries out a script and shows what a terminal would show.
struct Player {
    /// The line in the file on which each command begins, from 1.
    places: Vec<usize>,
    stage: Stage,
    /// So much of the transcript was shown.
    seen: usize,
    interrupts: Signal,
    leave: Leave,
}

impl Player {
    fn new(script: Script) -> Result<Self> {
        Ok(Self {
            places: script.lines,
            stage: Stage::new(Arc::new(script.lesson), Place::default())?,
            seen: 0,
            interrupts: signal(SignalKind::interrupt()).context("listening for SIGINT")?,
            leave: Leave::listen()?,
        })
    }

    async fn play(&mut self, keep_going: bool) -> Result<u8> {
        if !self
            .until(|stage| stage.session().phase == Phase::Idle)
            .await?
        {
            return Ok(INTERRUPTED);
        }
        let mut failed: Vec<usize> = Vec::new();
        for index in 0..self.places.len() {
            self.stage.act(Action::Next);
            let over = move |stage: &Stage| {
                let state = stage.session().commands[index];
                stage.session().phase == Phase::Idle
                    && !matches!(state, CommandState::ToCome | CommandState::Current)
            };
            if !self.until(over).await? {
                return Ok(INTERRUPTED);
            }
            self.tell_failures(&mut failed);
            if !failed.is_empty() && !keep_going {
                break;
            }
        }
        self.linger().await?;
        self.tell_failures(&mut failed);
        Ok(if failed.is_empty() { 0 } else { FAILED })
    }

    /// Shows what happens until `holds`; false when somebody has interrupted it.
    async fn until(&mut self, holds: impl Fn(&Stage) -> bool) -> Result<bool> {
        loop {
            self.show_news()?;
            if let Phase::Broken(why) = &self.stage.session().phase {
                bail!("the sandbox could not be built: {why}\n`tutor doctor` says what helps");
            }
            if holds(&self.stage) {
                return Ok(true);
            }
            tokio::select! {
                biased;
                () = self.leave.recv() => return Ok(false),
                _ = self.interrupts.recv() => {
                    self.stop().await?;
                    return Ok(false);
                }
                turned = self.stage.burst() => turned?,
            }
        }
    }

    /// What runs in the background has its last words: what ends by itself does so, the rest is
    /// stopped.
    async fn linger(&mut self) -> Result<()> {
        let deadline = Instant::now() + LINGER;
        while !quiet(&self.stage) {
            match timeout_at(deadline, self.stage.burst()).await {
                Ok(turned) => turned?,
                Err(_) => return self.stop().await,
            }
            self.show_news()?;
        }
        self.show_news()
    }

    /// Stops what is under way, and lets it say how it went.
    async fn stop(&mut self) -> Result<()> {
        self.stage.act(Action::Cancel);
        let deadline = Instant::now() + LINGER;
        while !quiet(&self.stage) {
            match timeout_at(deadline, self.stage.burst()).await {
                Ok(turned) => turned?,
                Err(_) => break,
            }
        }
        self.show_news()
    }

    fn show_news(&mut self) -> Result<()> {
        let (lines, seen) = self.stage.session().transcript_since(self.seen);
        let shown = show_lines(lines);
        self.seen = seen;
        shown
    }

    /// Names the lines that have failed since.
    fn tell_failures(&self, failed: &mut Vec<usize>) {
        let session = self.stage.session();
        for (index, state) in session.commands.iter().enumerate() {
            if *state == CommandState::Failed && !failed.contains(&index) {
                failed.push(index);
                let (step, line) = (session.current_step(), self.places[index]);
                let (name, source) = (clean(&step.title), &step.run[index].source);
                complain(&format!("tutor: {name}:{line}: `{source}` failed\n"));
            }
        }
    }
}

/// Has everything ended?
fn quiet(stage: &Stage) -> bool {
    let session = stage.session();
    let running = session.commands.iter();
    session.phase == Phase::Idle && !running.into_iter().any(|it| *it == CommandState::Running)
}

/// Commands behind their prompts and what they print go to standard output, complaints to standard
/// error.
fn show_lines(lines: &[TranscriptLine]) -> Result<()> {
    let mut out = String::new();
    for TranscriptLine { kind, text } in lines {
        match kind {
            TranscriptKind::Prompt(ns) => out += &[&prompt(ns), text, "\n"].concat(),
            TranscriptKind::Out => out += &[text, "\n"].concat(),
            TranscriptKind::Err | TranscriptKind::Note => {
                say(&std::mem::take(&mut out))?;
                let by = if *kind == TranscriptKind::Note {
                    "tutor: "
                } else {
                    ""
                };
                complain(&format!("{by}{text}\n"));
            }
        }
    }
    if out.is_empty() { Ok(()) } else { say(&out) }
}
