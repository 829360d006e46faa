//! The loop: receive, handle, perform, draw once.
//!
//! Everything that happens arrives in one of three ways (keys, the kernel floor's events, time),
//! is handed to the pure [`Session`](crate::session::Session), and what it wants done goes to the
//! kernel floor. A frame is drawn once all that has arrived is taken in, so that a flood of news
//! costs one frame and a key never waits for the network.

pub mod clock;
mod input;
pub mod leave;
pub mod save;
pub mod save_capture;
mod screen;
mod terminal;

use std::path::Path;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{Event as Input, EventStream};
use futures::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::cli::ScreenOptions;
use crate::headless::answers::answer;
use crate::headless::say::complain;
use crate::kernel::aside::aside;
use crate::kernel::doctor;
use crate::kernel::driver::Driver;
use crate::kernel::rendezvous::{Board, Door, Questions};
use crate::lesson::{Lesson, Need};
use crate::progress::keeper::Tell;
use crate::progress::{Desk, Start};
use crate::session::shell::input::Input as Typed;
use crate::session::{Action, Effect, Event, Manner};
use clock::Clock;
use save::save;
use save_capture::save_capture;
use screen::Screen;
use terminal::Terminal;

/// So many events are taken in before a frame is drawn, so that a flood cannot starve the screen.
const BURST: usize = 2_048;

/// Frames are at least this far apart while news pours in; the first one after a pause, and one
/// that a key causes, are drawn at once.
const FRAME: Duration = Duration::from_millis(16);

/// Teaches `lesson` from `start` on, or shows the menu. Runs inside the sandbox, as its pid 1.
///
/// # Errors
/// If the terminal fails; what the kernel refuses is shown on the screen instead.
pub fn run(
    lesson: Option<Lesson>,
    start: Start,
    options: &ScreenOptions,
    door: Option<Door>,
) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let tasks = tokio::task::LocalSet::new();
    runtime.block_on(tasks.run_until(async { App::new(lesson, start, options, door)?.run().await }))
}

struct App {
    terminal: Terminal,
    screen: Screen,
    driver: Driver,
    desk: Desk,
    events: UnboundedReceiver<Event>,
    sender: UnboundedSender<Event>,
    /// What the lesson needs of the kernel, until that is tried.
    untried: Vec<Need>,
    manner: Manner,
    clock: Clock,
    /// What a second terminal is told.
    board: Board,
    /// What second terminals ask.
    questions: Questions,
    drawn: Option<tokio::time::Instant>,
    /// Something was typed into a shell, and nothing has come of it yet.
    typed: bool,
    dirty: bool,
    quit: bool,
}

impl App {
    fn new(
        lesson: Option<Lesson>,
        start: Start,
        options: &ScreenOptions,
        door: Option<Door>,
    ) -> Result<Self> {
        let terminal = Terminal::open(options)?;
        let (sender, events) = unbounded_channel();
        let (board, questions) = Board::new();
        let mut app = Self {
            terminal,
            screen: Screen::Empty,
            driver: Driver::new(sender.clone())?,
            desk: Desk::new(tell(sender.clone())),
            sender,
            untried: Vec::new(),
            manner: options.manner,
            events,
            clock: Clock::start(),
            board,
            questions,
            drawn: None,
            typed: false,
            dirty: true,
            quit: false,
        };
        app.driver.shells.set_look(app.terminal.look());
        if let Some(door) = door {
            app.driver.receive_at(door, app.board.clone())?;
        }
        if let Some(file) = &options.capture {
            app.driver.record(file.clone());
        }
        match lesson {
            Some(lesson) => app.teach(lesson, start),
            None => app.menu(),
        }
        Ok(app)
    }

    async fn run(mut self) -> Result<u8> {
        let ended = self.until_left().await;
        // However it is left: what somebody did a moment ago, and the time, are kept as well.
        self.take(Event::Do(Action::Quit));
        // First, as a terminal that takes nothing any more may hold us up until we are killed.
        let unsaved = self.desk.leave();
        let closed = self.terminal.close();
        if let Some(why) = unsaved {
            complain(&format!("tutor: progress could not be saved: {why}\n"));
        }
        if let Some(said) = self.driver.end_recording().await {
            complain(&format!("tutor: {said}\n"));
        }
        ended.and(closed).map(|()| 0)
    }

    async fn until_left(&mut self) -> Result<()> {
        let mut keys = EventStream::new();
        let mut leave = leave::Leave::listen()?;
        let mut resized = terminal::resizes()?;
        while !self.quit {
            self.draw_if_due()?;
            tokio::select! {
                biased;
                key = keys.next() => match key {
                    Some(key) => self.key(&key.context("reading the terminal")?),
                    None => break,
                },
                () = leave.recv() => break,
                Some(()) = resized.recv() => self.resized()?,
                Some(event) = self.events.recv() => self.take(event),
                Some(asked) = self.questions.recv() => {
                    answer(asked, self.screen.session(), &mut self.driver);
                }
                () = self.clock.due(), if self.clock.is_set() => self.tick(),
                () = self.driver.shells.news() => self.shell_news(),
                () = frame_due(self.drawn), if self.dirty => {}
            }
            self.drain(&mut keys).await?;
        }
        Ok(())
    }

    /// Takes in everything that is already there.
    async fn drain(&mut self, keys: &mut EventStream) -> Result<()> {
        for _ in 0..BURST {
            // Asked with the task's own waker: the stream keeps the first one that found it empty,
            // and with one that wakes nobody the next key would wait for some other event.
            // No more than a burst, so that a flood of keys is drawn while it is taken in.
            for _ in 0..BURST {
                let Poll::Ready(Some(key)) = futures::poll!(keys.next()) else {
                    break;
                };
                self.key(&key.context("reading the terminal")?);
            }
            if self.dirty && self.drawn.is_none() {
                break; // a key waits for its frame
            }
            match self.events.try_recv() {
                Ok(event) => self.take(event),
                Err(_) => break,
            }
        }
        Ok(())
    }

    fn key(&mut self, event: &Input) {
        let wish = self.screen.input(event);
        // What a key causes is drawn at once. What is typed into a shell causes nothing by itself.
        self.typed = matches!(wish, input::Wish::Type(Typed::Key(_) | Typed::Paste(_)));
        let dirty = self.dirty;
        if !self.typed {
            self.drawn = None;
        }
        self.dirty = true;
        match wish {
            input::Wish::Nothing => {}
            input::Wish::Quit => self.quit = true,
            input::Wish::Do(action) => self.take(Event::Do(action)),
            input::Wish::Type(input) => self.take(Event::Typed(input)),
            input::Wish::Paste(text) => self.take(Event::Paste(text)),
            input::Wish::Teach(id, start) => self.choose(&id, start),
            input::Wish::Menu => self.menu(),
        }
        if self.typed {
            self.dirty = dirty;
        }
    }

    /// A shell has something to show: the answer to a key at once, anything else with the next frame.
    fn shell_news(&mut self) {
        self.dirty = true;
        if std::mem::take(&mut self.typed) {
            self.drawn = None;
        }
    }

    /// Has the session take in what the shell on the screen shows now.
    fn look_at_shell(&mut self) {
        let Some((ticket, unseen)) = self.screen.shell() else {
            return;
        };
        if let Some(view) = self.driver.shells.view(ticket, unseen) {
            let view = Box::new(view);
            self.dispatch(Event::ShellSeen { ticket, view });
        }
    }

    fn resized(&mut self) -> Result<()> {
        self.drawn = None;
        self.dirty = true;
        self.terminal.redraw()
    }

    fn tick(&mut self) {
        let now = self.clock.now();
        self.clock.clear();
        self.dispatch(Event::Clock(now));
    }

    fn take(&mut self, event: Event) {
        let now = self.clock.now();
        self.dispatch(Event::Clock(now));
        if matches!(event, Event::Built { .. }) {
            self.try_needs();
        }
        self.dispatch(event);
    }

    /// Tries what the lesson needs of the kernel, while the learner reads: once the first build is
    /// over, so that neither it nor the first frame waits.
    fn try_needs(&mut self) {
        let needs = std::mem::take(&mut self.untried);
        if needs.is_empty() {
            return;
        }
        let sender = self.sender.clone();
        tokio::task::spawn_local(async move {
            let missing = aside("needs", move || doctor::missing(&needs)).await;
            let missing = missing.into_iter().flatten();
            // Nobody receives it when the program is being left.
            missing.for_each(|(_, why)| drop(sender.send(Event::Lacks(why))));
        });
    }

    fn dispatch(&mut self, event: Event) {
        self.dirty = true;
        let effects = self.screen.handle(event);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut left = false;
        let mut other = None;
        for effect in effects {
            match effect {
                Effect::Quit => left = true,
                Effect::Keep(resume) => self.desk.keep(&resume),
                Effect::Remember(line) => self.desk.remember(line),
                Effect::Teach(id) => other = Some((id, Start::Continue)),
                Effect::Again(name) => other = Some((name, Start::Fresh)),
                Effect::Save { path, over, text } => {
                    self.write_aside(move || save(&path, over, &text));
                }
                Effect::WriteCapture {
                    path,
                    over,
                    packets,
                } => self.write_aside(move || save_capture(&path, over, &packets)),
                Effect::WakeAt(at) => self.clock.wake_at(at),
                work => self.driver.perform(work),
            }
        }
        // Last, so that what is to be kept of the lesson is in the menu already.
        if left && self.screen.came_from_menu() {
            self.menu();
        } else {
            self.quit |= left;
        }
        if let Some((name, start)) = other {
            self.choose(&name, start);
        }
    }

    /// Writes a file aside, as a slow disk must not stop the screen, and says what came of it.
    fn write_aside(&self, write: impl FnOnce() -> String + Send + 'static) {
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            // Nobody receives it when the program is being left.
            let _ = sender.send(Event::Told(write()));
        });
    }

    fn choose(&mut self, id: &str, start: Start) {
        match crate::lesson::find::load(id) {
            Ok(lesson) => self.teach(lesson, start),
            // The menu lists only lessons that can be read; one that has changed since is left out
            // of the next.
            Err(_) => self.menu(),
        }
    }

    fn teach(&mut self, lesson: Lesson, start: Start) {
        self.clock = Clock::start();
        self.untried.clone_from(&lesson.needs);
        let lesson = Arc::new(self.desk.draw(lesson, start));
        let (mut session, effects) = self.desk.begin(&lesson, start, self.manner);
        session.mapped.still = std::env::var_os("NO_MOTION").is_some_and(|value| !value.is_empty());
        self.driver.perform(Effect::Listen(false)); // that was for the lesson before
        self.screen.teach(session);
        self.perform(effects);
        self.dirty = true;
    }

    fn menu(&mut self) {
        self.driver.stop();
        self.driver.perform(Effect::Listen(false));
        self.screen = Screen::menu(self.desk.menu());
        self.dirty = true;
    }

    fn draw_if_due(&mut self) -> Result<()> {
        let wait = self.drawn.is_some_and(|at| at.elapsed() < FRAME);
        if !self.dirty || wait {
            return Ok(());
        }
        self.look_at_shell();
        self.dirty = false;
        self.board.show(self.screen.standing());
        self.drawn = Some(tokio::time::Instant::now());
        let areas = self.terminal.draw(&mut self.screen)?;
        let effects = self.screen.handle(Event::Drawn(areas));
        self.perform(effects);
        Ok(())
    }
}

/// Hands a sentence to the lesson on the screen.
fn tell(sender: UnboundedSender<Event>) -> Tell {
    // Nobody receives it when the program is being left; `Desk::leave` has the last word.
    Box::new(move |sentence| drop(sender.send(Event::Told(sentence))))
}

/// When the next frame may be drawn.
async fn frame_due(drawn: Option<tokio::time::Instant>) {
    if let Some(at) = drawn {
        tokio::time::sleep_until(at + FRAME).await;
    }
}

/// Writes the picture `svg` of a screen.
fn save_picture(path: &Path, svg: &str) -> Result<()> {
    std::fs::write(path, svg).with_context(|| format!("writing {}", path.display()))
}
