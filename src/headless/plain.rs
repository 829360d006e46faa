//! `--plain`: a lesson as linear text, line by line, for screen readers, dumb terminals, logs and
//! pipes.
//!
//! No screen, no cursor that moves, no colour: what is new is said below what was said, and what
//! the screen shows by a sign or a colour is a sentence. The session, its checks and its commands
//! are those of the screen.

mod choose;
mod map;
mod markdown;
mod packets;
mod reader;
mod said;
mod speaker;
mod step;
mod stories;
mod tables;
mod turns;
mod verdicts;
mod voice;
mod way;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;

use super::say::{complain, reader_has_gone};
use super::stage::Stage;
use crate::app::leave::Leave;
use crate::kernel::capture::record::NewFile;
use crate::kernel::doctor;
use crate::kernel::rendezvous::Door;
use crate::lesson::{Lesson, find};
use crate::progress::{Desk, Start};
use crate::session::{Event, Manner};
use choose::Choice;
use reader::{Input, Reader};
use said::Said;
pub use said::prompt;
use speaker::Speaker;
use voice::Voice;

/// Teaches `lesson` from `start` on, or asks which. Runs inside the sandbox, as its pid 1.
///
/// # Errors
/// If standard input or output fails, or the sandbox cannot be built.
pub fn run(
    lesson: Option<Lesson>,
    start: Start,
    manner: Manner,
    door: Option<Door>,
    capture: Option<NewFile>,
) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        match go(lesson, start, Plain::new(manner, door, capture)).await {
            Ok(()) => Ok(0),
            // The guardian is told of errors in words, and cannot tell this one from others.
            Err(error) if reader_has_gone(&error) => Ok(crate::READER_GONE),
            Err(error) => Err(error),
        }
    }))
}

async fn go(lesson: Option<Lesson>, start: Start, plain: Result<Plain>) -> Result<()> {
    let mut plain = plain?;
    let ended = match lesson {
        Some(lesson) => plain.teach_on(lesson, start).await.map(drop),
        None => plain.choose().await,
    };
    if let Some(why) = plain.desk.leave() {
        complain(&format!("tutor: progress could not be saved: {why}\n"));
    }
    if let Some(stage) = &plain.stage {
        stage.end_recording().await;
    }
    ended?;
    plain.voice.end_line()
}

/// How a lesson came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
enum End {
    /// It was taken to its end.
    Finished,
    /// The learner has left it.
    Left,
    /// It was left for another one, or for itself, to begin there.
    Other(String, Start),
    /// There is nobody left: no more input, or the program was asked to leave.
    Gone,
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
    /// Until then everybody waits for the story of a packet whose answer is known.
    story: Option<Instant>,
    desk: Desk,
    /// Lessons taken to their end since the program began.
    finished: BTreeSet<String>,
    /// By it a second terminal finds the session, until the sandbox stands.
    door: Option<Door>,
    /// Everything that passes goes there.
    capture: Option<NewFile>,
    /// With the commands shown, or hidden; hidden outlasts what was kept.
    manner: Manner,
}

impl Plain {
    fn new(manner: Manner, door: Option<Door>, capture: Option<NewFile>) -> Result<Self> {
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
            finished: BTreeSet::new(),
            door,
            capture,
            manner,
            interrupts: signal(SignalKind::interrupt()).context("listening for SIGINT")?,
            leave: Leave::listen()?,
            stage: None,
            speaker: Speaker::default(),
            patience: None,
            story: None,
        })
    }

    /// Asks which lesson, teaches it, and asks again.
    async fn choose(&mut self) -> Result<()> {
        loop {
            let mut menu = self.desk.menu();
            let here = menu.entries.iter_mut();
            // A pipe's desk forgets, and Enter alone has to lead on all the same.
            for entry in here.filter(|entry| self.finished.contains(&entry.id)) {
                entry.how_far.done = true;
            }
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
                Ok(lesson) => match self.teach_on(lesson, Start::Continue).await? {
                    End::Finished => drop(self.finished.insert(id)),
                    End::Left | End::Other(..) => {}
                    End::Gone => return Ok(()),
                },
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

    /// Teaches `lesson`, and the one for which it is left.
    async fn teach_on(&mut self, mut lesson: Lesson, mut start: Start) -> Result<End> {
        loop {
            let (id, begin) = match self.teach(lesson, start).await? {
                End::Other(id, begin) => (id, begin),
                end @ (End::Finished | End::Left | End::Gone) => return Ok(end),
            };
            lesson = match find::load(&id) {
                Ok(other) => other,
                Err(report) => {
                    self.voice.say(&exact(&report.render(false)))?;
                    return Ok(End::Left);
                }
            };
            start = begin;
        }
    }

    async fn teach(&mut self, lesson: Lesson, start: Start) -> Result<End> {
        let lesson = Arc::new(self.desk.draw(lesson, start));
        self.voice.say(&[Said::Blank])?;
        self.voice.say(&step::introduction(&lesson))?;
        self.speaker = Speaker::default();
        let begun = self.desk.begin(&lesson, start, self.manner);
        let mut stage = match self.stage.take() {
            None => {
                let stage = Stage::with(begun)?;
                self.door
                    .take()
                    .map_or(Ok(()), |door| stage.receive_at(door))?;
                if let Some(file) = self.capture.take() {
                    stage.record(file);
                }
                stage
            }
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
