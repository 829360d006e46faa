//! `--plain`: a lesson as linear text, line by line, for screen readers, dumb terminals, logs and
//! pipes.
//!
//! No screen, no cursor that moves, no colour: what is new is said below what was said, and what
//! the screen shows by a sign or a colour is a sentence. The session, its checks and its commands
//! are those of the screen.

mod choose;
mod markdown;
mod reader;
mod said;
mod speaker;
mod step;
mod tables;
mod verdicts;
mod voice;
mod words;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

use super::say::{complain, reader_has_gone};
use super::stage::Stage;
use crate::app::leave::Leave;
use crate::kernel::doctor;
use crate::lesson::{Lesson, find};
use crate::progress::{Desk, Start};
use crate::session::{Action, Event, Manner, Phase, Session};
use crate::world::Ns;
use choose::Choice;
use reader::{Input, Reader};
use said::Said;
pub use said::prompt;
use speaker::Speaker;
use voice::Voice;
use words::Wish;

/// A pipe types faster than carrier, ARP and probes come; at the end of a step it waits so long for
/// the checks to hold, and is then told what does not.
const PATIENCE: Duration = Duration::from_secs(8);

/// Teaches `lesson` from `start` on, or asks which. Runs inside the sandbox, as its pid 1.
///
/// # Errors
/// If standard input or output fails, or the sandbox cannot be built.
pub fn run(lesson: Option<Lesson>, start: Start, manner: Manner) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        match go(lesson, start, manner).await {
            Ok(()) => Ok(0),
            // The guardian is told of errors in words, and cannot tell this one from others.
            Err(error) if reader_has_gone(&error) => Ok(crate::READER_GONE),
            Err(error) => Err(error),
        }
    }))
}

async fn go(lesson: Option<Lesson>, start: Start, manner: Manner) -> Result<()> {
    let mut plain = Plain::new(manner)?;
    let ended = match lesson {
        Some(lesson) => plain.teach(lesson, start).await.map(drop),
        None => plain.choose().await,
    };
    if let Some(why) = plain.desk.leave() {
        complain(&format!("tutor: progress could not be saved: {why}\n"));
    }
    ended?;
    plain.voice.end_line()
}

/// How a lesson came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It was taken to its end.
    Finished,
    /// The learner has left it.
    Left,
    /// There is nobody left: no more input, or the program was asked to leave.
    Gone,
}

/// Something that happens while a lesson waits.
enum Happening {
    Leave,
    Interrupt,
    Typed(Input),
    /// Something of the session, or a pipe's patience has run out.
    Session,
}

struct Plain {
    reader: Reader,
    voice: Voice,
    interrupts: Signal,
    leave: Leave,
    /// What is taught; the sandbox's end of it goes on to the next lesson.
    stage: Option<Stage>,
    speaker: Speaker,
    /// Until then a pipe waits for the checks of a step that has run.
    patience: Option<Instant>,
    desk: Desk,
    /// With the commands shown, or hidden; hidden outlasts what was kept.
    manner: Manner,
}

impl Plain {
    fn new(manner: Manner) -> Result<Self> {
        let voice = Voice::new();
        // What comes out of a pipe is a script: it begins where it always begins, and what it does
        // is not what the learner has done.
        let desk = if voice.is_conversation() {
            Desk::new(Box::new(|said| complain(&format!("tutor: {said}\n"))))
        } else {
            Desk::idle()
        };
        Ok(Self {
            reader: Reader::new()?,
            voice,
            desk,
            manner,
            interrupts: signal(SignalKind::interrupt()).context("listening for SIGINT")?,
            leave: Leave::listen()?,
            stage: None,
            speaker: Speaker::default(),
            patience: None,
        })
    }

    /// Asks which lesson, teaches it, and asks again.
    async fn choose(&mut self) -> Result<()> {
        loop {
            let menu = self.desk.menu();
            self.voice.say(&choose::question(&menu))?;
            let id = loop {
                let Some(line) = self.answer().await? else {
                    return Ok(());
                };
                match choose::read(&line, &menu) {
                    Choice::Lesson(id) => break id,
                    Choice::Quit => return Ok(()),
                    Choice::Unknown => self.voice.say(&[Said::words(
                        "There is no such lesson: type a number or a name of the list.",
                    )])?,
                }
            };
            match find::load(&id) {
                Ok(lesson) => {
                    if self.teach(lesson, Start::Continue).await? == End::Gone {
                        return Ok(());
                    }
                }
                // The menu lists only lessons that can be read; this one has changed since.
                Err(report) => self.voice.say(&exact(&report.render(false)))?,
            }
        }
    }

    /// The next line, behind the menu's prompt; none when there is nobody left.
    async fn answer(&mut self) -> Result<Option<String>> {
        loop {
            self.voice.wait(choose::PROMPT.to_owned())?;
            tokio::select! {
                () = self.leave.recv() => return Ok(None),
                _ = self.interrupts.recv() => self.voice.say(&[Said::words(LEAVING)])?,
                input = self.reader.next() => match input? {
                    Input::Line(line) => {
                        self.voice.typed(&line)?;
                        return Ok(Some(line));
                    }
                    Input::End => return Ok(None),
                    refused @ (Input::TooLong(_) | Input::NotText(_)) => {
                        self.voice.say(&refusal(&refused))?;
                    }
                },
            }
        }
    }

    async fn teach(&mut self, lesson: Lesson, start: Start) -> Result<End> {
        let lesson = Arc::new(lesson);
        self.voice.say(&[Said::Blank])?;
        self.voice.say(&step::introduction(&lesson))?;
        self.speaker = Speaker::default();
        let (mut session, effects) = self.desk.begin(&lesson, start);
        if self.manner == Manner::Practice {
            session.manner = self.manner;
        }
        let begun = (session, effects);
        let mut stage = match self.stage.take() {
            None => Stage::with(begun)?,
            Some(mut stage) => {
                stage.change_to(begun);
                stage
            }
        };
        for (_, lacking) in doctor::missing(&lesson.needs) {
            stage.take(Event::Lacks(lacking));
        }
        let end = self.go_through(&mut stage).await?;
        self.stage = Some(stage);
        Ok(end)
    }

    async fn go_through(&mut self, stage: &mut Stage) -> Result<End> {
        loop {
            if let Some(resume) = stage.take_kept() {
                self.desk.keep(&resume);
            }
            self.voice.say(&self.speaker.news(stage.session()))?;
            if let Phase::Broken(why) = &stage.session().phase {
                bail!("the sandbox could not be built: {why}\n`tutor doctor` says what helps");
            }
            if stage.session().phase == Phase::Finished {
                return Ok(End::Finished);
            }
            if stage.left() {
                return Ok(End::Left);
            }
            let listens = self.listens(stage.session());
            if listens {
                self.voice.say(&self.speaker.ahead(stage.session()))?;
                self.voice.wait(prompt(stage.session().at()))?;
            }
            match self.next(stage, listens).await? {
                Happening::Session => {}
                Happening::Leave | Happening::Typed(Input::End) => return self.leave(stage),
                Happening::Interrupt => self.interrupt(stage)?,
                Happening::Typed(Input::Line(line)) => self.take(stage, &line)?,
                Happening::Typed(refused @ (Input::TooLong(_) | Input::NotText(_))) => {
                    self.voice.typed("")?;
                    self.voice.say(&refusal(&refused))?;
                }
            }
        }
    }

    async fn next(&mut self, stage: &mut Stage, listens: bool) -> Result<Happening> {
        let patience = self.patience;
        tokio::select! {
            biased;
            () = self.leave.recv() => Ok(Happening::Leave),
            _ = self.interrupts.recv() => Ok(Happening::Interrupt),
            turned = stage.burst() => turned.map(|()| Happening::Session),
            input = self.reader.next(), if listens => input.map(Happening::Typed),
            () = run_out(patience), if patience.is_some() && !listens => Ok(Happening::Session),
        }
    }

    /// Is the next line wanted now? A pipe's is not before what the last one did is over.
    fn listens(&mut self, session: &Session) -> bool {
        if session.phase != Phase::Idle || session.waiting.is_some() {
            return false;
        }
        let settled = self.voice.is_conversation()
            || session.done() < session.commands.len()
            || (session.all_hold() && verdicts::has_run(session));
        if settled {
            self.patience = None;
            return true;
        }
        let until = *self
            .patience
            .get_or_insert_with(|| Instant::now() + PATIENCE);
        Instant::now() >= until
    }

    /// Does what a line asks for.
    fn take(&mut self, stage: &mut Stage, line: &str) -> Result<()> {
        self.voice.typed(line)?;
        let session = stage.session();
        match words::read(line, session) {
            Wish::Act(action) => {
                stage.act(action);
                Ok(())
            }
            Wish::Tables(name) => {
                let here = name.map_or_else(|| session.at().clone(), |name| Ns::from_name(&name));
                self.voice.say(&tables::all(&session.world, &here))
            }
            Wish::Checks => self.voice.say(&verdicts::all(session)),
            Wish::Text => {
                self.speaker.again();
                Ok(())
            }
            Wish::Help => self.voice.say(&words::help()),
            Wish::Expect(prefix) => self.voice.say(&words::next(&prefix)),
            Wish::Type(line) => {
                self.speaker.typed(&line);
                match stage.take_line(&line) {
                    Ok(()) => Ok(()),
                    Err(error) => self.voice.say(&words::wrong(&line, &error)),
                }
            }
            Wish::Unknown(word) => self.voice.say(&[Said::words(format!(
                "There is no word `:{word}`. A question mark lists what can be typed."
            ))]),
        }
    }

    /// Ctrl-C: stops what is under way, or says how to leave.
    fn interrupt(&mut self, stage: &mut Stage) -> Result<()> {
        self.voice.end_line()?;
        let session = stage.session();
        if session.phase == Phase::Idle && session.waiting.is_none() && verdicts::at_rest(session) {
            return self.voice.say(&[Said::words(LEAVING)]);
        }
        stage.act(Action::Cancel);
        Ok(())
    }

    /// There is nobody left, or nobody who types.
    fn leave(&mut self, stage: &Stage) -> Result<End> {
        let session = stage.session();
        let (step, of) = (session.step + 1, session.lesson.steps.len());
        self.voice
            .say(&[Said::words(format!("Left at step {step} of {of}."))])?;
        Ok(End::Gone)
    }
}

/// Said when Ctrl-C has nothing to stop.
const LEAVING: &str = "Nothing is under way. Ctrl-D or `:quit` leaves.";

/// Why a line was not taken.
fn refusal(input: &Input) -> Vec<Said> {
    let why = match input {
        Input::TooLong(bytes) => format!(
            "That line has {bytes} bytes, and the longest command has {}. It was left out.",
            crate::command::LONGEST_LINE
        ),
        Input::NotText(place) => {
            format!("That line is no text: its byte {place} is not UTF-8. It was left out.")
        }
        Input::Line(_) | Input::End => return Vec::new(),
    };
    vec![Said::behind("tutor: ", why)]
}

fn exact(text: &str) -> Vec<Said> {
    text.lines()
        .map(|line| Said::Exact(line.to_owned()))
        .collect()
}

async fn run_out(patience: Option<Instant>) {
    if let Some(until) = patience {
        sleep_until(until).await;
    }
}
