//! A session without a screen: the session, the kernel floor that works for it, and the loop
//! between them.
//!
//! Whoever wants something done says so by [`Stage::act`] or [`Stage::take`], and lets things
//! happen by [`Stage::turn`] (one at a time, for a caller that looks on or waits for something
//! else as well) or [`Stage::until`] (until something holds).

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout_at};

use super::answers::answer;
use crate::app::clock::Clock;
use crate::app::save::save;
use crate::app::save_capture::save_capture;
use crate::command::ParseError;
use crate::headless::say::complain;
use crate::kernel::capture::record::NewFile;
use crate::kernel::driver::Driver;
use crate::kernel::rendezvous::protocol::Standing;
use crate::kernel::rendezvous::{Board, Door, Questions};
use crate::lesson::Lesson;
use crate::progress::Start;
use crate::session::{Action, Effect, Event, Phase, Place, Resume, Session};

/// So many events are taken in at once, so that a flood cannot keep others waiting.
const BURST: usize = 2_048;

/// A session that runs in the sandbox that the caller stands in.
pub struct Stage {
    driver: Driver,
    events: UnboundedReceiver<Event>,
    session: Session,
    clock: Clock,
    /// What others keep up to date of it.
    board: Board,
    /// What second terminals ask.
    questions: Questions,
    left: bool,
    kept: Option<Box<Resume>>,
    typed: Vec<String>,
    lesson: Option<(String, Start)>,
}

impl Stage {
    /// A session of `lesson` that is about to stand at `place`.
    ///
    /// # Errors
    /// If this is no sandbox.
    pub fn new(lesson: Arc<Lesson>, place: Place) -> Result<Self> {
        Self::with(Session::new(lesson, place))
    }

    /// A session that was made elsewhere, and what it wants done first.
    ///
    /// # Errors
    /// If this is no sandbox.
    pub fn with((session, effects): (Session, Vec<Effect>)) -> Result<Self> {
        let (sender, events) = unbounded_channel();
        let (board, questions) = Board::new();
        let mut stage = Self {
            driver: Driver::new(sender)?,
            events,
            session,
            clock: Clock::start(),
            board,
            questions,
            left: false,
            kept: None,
            typed: Vec::new(),
            lesson: None,
        };
        stage.perform(effects);
        Ok(stage)
    }

    /// Lets a second terminal find this session, and enter its namespaces.
    ///
    /// # Errors
    /// If nobody can be listened to.
    pub fn receive_at(&self, door: Door) -> Result<()> {
        self.driver.receive_at(door, self.board.clone())
    }

    /// Everything that passes goes into this file.
    pub fn record(&self, file: NewFile) {
        self.driver.record(file);
    }

    /// Ends that file; what is in it is said on standard error.
    pub async fn end_recording(&self) {
        if let Some(said) = self.driver.end_recording().await {
            complain(&format!("tutor: {said}\n"));
        }
    }

    /// Another session takes the place of this one, in the same sandbox.
    pub fn change_to(&mut self, (session, effects): (Session, Vec<Effect>)) {
        self.driver.stop();
        while self.events.try_recv().is_ok() {} // tickets begin anew
        self.session = session;
        self.clock = Clock::start();
        self.left = false;
        self.kept = None;
        self.perform(effects);
    }

    /// The session, for looking at.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Does the session want to be left?
    pub fn left(&self) -> bool {
        self.left
    }

    /// What the session wants kept, if that has changed since it was taken last.
    pub fn take_kept(&mut self) -> Option<Box<Resume>> {
        self.kept.take()
    }

    /// Lines that the session wants remembered since they were taken last.
    pub fn take_typed(&mut self) -> Vec<String> {
        std::mem::take(&mut self.typed)
    }

    /// The lesson for which the session wants to be left, if there is one, and where that begins.
    pub fn take_lesson(&mut self) -> Option<(String, Start)> {
        self.lesson.take()
    }

    /// Asks the session for something, as a key would.
    pub fn act(&mut self, action: Action) {
        self.take(Event::Do(action));
    }

    /// A whole line that was typed.
    ///
    /// # Errors
    /// What is wrong with it, and where; nothing was done.
    pub fn take_line(&mut self, line: &str) -> Result<(), ParseError> {
        self.dispatch(Event::Clock(self.clock.now()));
        let effects = self.session.take_line(line)?;
        self.perform(effects);
        Ok(())
    }

    /// Takes what the session has put into a prompt, of which there is none here.
    pub fn take_prompt(&mut self) -> Option<String> {
        self.session.take_prompt()
    }

    /// Tells the session of something that has happened now.
    pub fn take(&mut self, event: Event) {
        self.dispatch(Event::Clock(self.clock.now()));
        self.dispatch(event);
    }

    /// Waits until something happens, and takes it in. A turn that is dropped loses nothing.
    ///
    /// # Errors
    /// If nothing can happen any more.
    pub async fn turn(&mut self) -> Result<()> {
        tokio::select! {
            biased;
            event = self.events.recv() => match event {
                Some(event) => self.take(event),
                None => bail!("the kernel floor has gone"),
            },
            Some(asked) = self.questions.recv() => {
                answer(asked, Some(&self.session), &mut self.driver);
            }
            () = self.clock.due(), if self.clock.is_set() => {
                self.clock.clear();
                self.dispatch(Event::Clock(self.clock.now()));
            }
        }
        Ok(())
    }

    /// As [`Stage::turn`], with everything else that is there already: what comes in a burst is
    /// looked at once.
    ///
    /// # Errors
    /// As [`Stage::turn`].
    pub async fn burst(&mut self) -> Result<()> {
        self.turn().await?;
        for _ in 0..BURST {
            match self.events.try_recv() {
                Ok(event) => self.take(event),
                Err(_) => break,
            }
        }
        Ok(())
    }

    /// Takes in every packet that has passed before now, if packets are listened to.
    pub async fn catch_up(&mut self) {
        self.driver.caught_up().await;
        while let Ok(event) = self.events.try_recv() {
            self.take(event);
        }
    }

    /// Lets things happen until `holds`.
    ///
    /// # Errors
    /// If that is not so in time, or the sandbox is broken; `what` was waited for.
    pub async fn until(
        &mut self,
        what: &str,
        patience: Duration,
        holds: impl Fn(&Session) -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + patience;
        while !holds(&self.session) {
            if let Phase::Broken(why) = &self.session.phase {
                bail!("the sandbox could not be built: {why}");
            }
            match timeout_at(deadline, self.turn()).await {
                Ok(turned) => turned?,
                Err(_) => bail!("{} s were not enough until {what}", patience.as_secs()),
            }
        }
        Ok(())
    }

    fn dispatch(&mut self, event: Event) {
        let effects = self.session.handle(event);
        self.perform(effects);
        self.board.show(Some(Standing::of(&self.session)));
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::WakeAt(at) => self.clock.wake_at(at),
                Effect::Quit => self.left = true,
                Effect::Keep(resume) => self.kept = Some(resume),
                Effect::Remember(line) => self.typed.push(line),
                Effect::Teach(id) => self.lesson = Some((id, Start::Continue)),
                Effect::Again(name) => self.lesson = Some((name, Start::Fresh)),
                Effect::WriteCapture {
                    path,
                    over,
                    packets,
                } => self.dispatch(Event::Told(save_capture(&path, over, &packets))),
                Effect::Save { path, over, text } => {
                    self.dispatch(Event::Told(save(&path, over, &text)));
                }
                work => self.driver.perform(work),
            }
        }
    }
}
