//! A lesson, turn by turn: what is new is said, then a line is waited for.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep_until};

use super::reader::Input;
use super::said::{Said, prompt};
use super::words::{self, Wish};
use super::{End, LEAVING, Plain, map, packets, refusal, tables, verdicts, way};
use crate::headless::stage::Stage;
use crate::session::{Action, Phase, Session, View};
use crate::world::Ns;

/// A pipe types faster than carrier, ARP and probes come; at the end of a step it waits so long for
/// the checks to hold, and is then told what does not.
const PATIENCE: Duration = Duration::from_secs(8);

/// A packet's story comes a moment after its answer, which silence takes some seconds to be; so long
/// it is waited for.
const STORY: Duration = PATIENCE;

/// Something that happens while a lesson waits.
enum Happening {
    Leave,
    Interrupt,
    Typed(Input),
    /// Something of the session, or a pipe's patience has run out.
    Session,
}

impl Plain {
    /// Goes through the lesson of `stage`, as the learner does.
    ///
    /// # Errors
    /// If standard input or output fails, or the sandbox cannot be built.
    pub(super) async fn go_through(&mut self, stage: &mut Stage) -> Result<End> {
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
            for line in stage.take_typed() {
                self.desk.remember(line);
            }
            if let Some((id, start)) = stage.take_lesson() {
                return Ok(End::Other(id, start));
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
                Happening::Typed(Input::Line(line)) => self.take(stage, &line).await?,
                Happening::Typed(refused @ (Input::TooLong(_) | Input::NotText(_))) => {
                    self.voice.typed("")?;
                    self.voice.say(&refusal(&refused))?;
                }
            }
        }
    }

    async fn next(&mut self, stage: &mut Stage, listens: bool) -> Result<Happening> {
        let now = Instant::now();
        let ends = [self.story, self.patience].into_iter().flatten();
        let patience = ends.filter(|end| *end > now).min();
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
        if session.follows() {
            let until = *self.story.get_or_insert_with(|| Instant::now() + STORY);
            if Instant::now() < until {
                return false;
            }
        } else {
            self.story = None;
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
    async fn take(&mut self, stage: &mut Stage, line: &str) -> Result<()> {
        self.voice.typed(line)?;
        let session = stage.session();
        match words::read(line, session) {
            Wish::Act(action) => {
                stage.act(action);
                self.prompted(stage)
            }
            Wish::Tables(name) => {
                let here = name.map_or_else(|| session.at().clone(), |name| Ns::from_name(&name));
                self.voice.say(&tables::all(&session.world, &here))
            }
            Wish::Map => self.voice.say(&map::all(&session.world)),
            Wish::Packets(line) => self.packets(stage, line.as_deref()).await,
            Wish::Way => self.voice.say(&way::last(session, way::whole)),
            Wish::Why => self.voice.say(&way::last(session, way::why)),
            Wish::Checks => self.voice.say(&verdicts::all(session)),
            Wish::Text => {
                self.speaker.again();
                Ok(())
            }
            Wish::OfTheScreen(action) => self.voice.say(&words::of_the_screen(action)),
            Wish::Help => self.voice.say(&words::help()),
            Wish::Expect(prefix) => self.voice.say(&words::next(&prefix, session)),
            Wish::Type(line) => {
                self.speaker.typed(&line);
                match stage.take_line(&line) {
                    Ok(()) => self.prompted(stage),
                    Err(error) => self.voice.say(&words::wrong(&line, &error)),
                }
            }
        }
    }

    /// Says the packets that have passed since somebody listens, and listens on.
    async fn packets(&mut self, stage: &mut Stage, line: Option<&str>) -> Result<()> {
        let listened = stage.session().view == View::Packets;
        if let Some(line) = line {
            if let Err(error) = stage.take_line(line) {
                return self.voice.say(&words::wrong(line, &error));
            }
        } else if !listened {
            stage.act(Action::Look(View::Packets));
        }
        // A pipe types faster than packets come: what the line before has sent belongs to the answer,
        // and what the line behind sends is heard.
        stage.catch_up().await;
        let said = if listened {
            packets::all(stage.session())
        } else {
            packets::begun()
        };
        self.voice.say(&said)
    }

    /// Says what the session has put into a prompt, for the learner to type it.
    fn prompted(&mut self, stage: &mut Stage) -> Result<()> {
        match stage.take_prompt() {
            Some(text) if !text.is_empty() => self.voice.say(&[
                Said::words("This line is to be typed:"),
                Said::Exact(format!("    {text}")),
            ]),
            Some(_) | None => Ok(()),
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
    fn leave(&mut self, stage: &mut Stage) -> Result<End> {
        stage.act(Action::Quit);
        if let Some(resume) = stage.take_kept() {
            self.desk.keep(&resume);
        }
        let session = stage.session();
        let (step, of) = (session.step + 1, session.lesson.steps.len());
        self.voice
            .say(&[Said::words(format!("Left at step {step} of {of}."))])?;
        Ok(End::Gone)
    }
}

async fn run_out(patience: Option<Instant>) {
    if let Some(until) = patience {
        sleep_until(until).await;
    }
}
