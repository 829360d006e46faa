//! The learner's own shells, each in a pseudo-terminal of its own (`pty(7)`).
//!
//! A thread for each shell starts it, reads what it writes into a terminal emulator, and writes
//! what the learner types; the loop never waits for a shell. Whoever draws asks for the cells that
//! are seen, and is told (once, however much is written) that there is something new.

mod emulator;
mod encode;
mod groups;
mod inbox;
mod program;
mod pty;
mod tools;
mod work;

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alacritty_terminal::sync::FairMutex;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use crate::session::shell::input::Input;
use crate::session::shell::{ShellEnd, ShellView, Size};
use crate::session::{Event, Ticket};
use crate::world::Ns;
use emulator::Emulator;
use inbox::Inbox;

pub use program::{Program, environment};

/// How the terminal around us looks, for programs that ask.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colour of text: red, green, blue.
    pub ink: (u8, u8, u8),
    /// Colour behind it.
    pub paper: (u8, u8, u8),
    /// Can it show 24 bits of colour?
    pub all_colors: bool,
}

impl Default for Look {
    /// A dark one that shows few colours.
    fn default() -> Self {
        Self {
            ink: (0xd0, 0xd0, 0xd0),
            paper: (0, 0, 0),
            all_colors: false,
        }
    }
}

/// What a shell's thread and the loop have in common.
struct Shared {
    emulator: FairMutex<Emulator>,
    inbox: Inbox,
    /// Was anything written since it was looked at last?
    changed: AtomicBool,
    news: Arc<Notify>,
}

impl Shared {
    /// Tells the loop that there is something new to be seen.
    fn tell(&self) {
        if !self.changed.swap(true, Ordering::AcqRel) {
            self.news.notify_one();
        }
    }
}

/// A shell.
struct Terminal {
    shared: Arc<Shared>,
    /// Was it said that the shell takes nothing?
    complained: bool,
}

/// The shells that live.
pub struct Terminals {
    living: BTreeMap<Ticket, Terminal>,
    events: UnboundedSender<Event>,
    news: Arc<Notify>,
    look: Look,
}

impl Terminals {
    /// None yet; what happens to them is told to `events`.
    pub fn new(events: UnboundedSender<Event>) -> Self {
        Self {
            living: BTreeMap::new(),
            events,
            news: Arc::new(Notify::new()),
            look: Look::default(),
        }
    }

    /// What programs are told that ask how the terminal looks.
    pub fn set_look(&mut self, look: Look) {
        self.look = look;
    }

    /// Resolves when a shell has something new to show.
    pub fn news(&self) -> impl Future<Output = ()> + use<> {
        let news = self.news.clone();
        async move { news.notified().await }
    }

    /// Opens a shell in the namespace `space`, whose name is `ns`.
    pub fn open(&mut self, ticket: Ticket, ns: Ns, space: OwnedFd, size: Size) {
        let inbox = match Inbox::new() {
            Ok(inbox) => inbox,
            Err(error) => {
                let end = ShellEnd::Failed(format!("no pipe could be made: {error}"));
                let _ = self.events.send(Event::ShellEnded { ticket, end });
                return;
            }
        };
        let shared = Arc::new(Shared {
            emulator: FairMutex::new(Emulator::new(size, self.look)),
            inbox,
            changed: AtomicBool::new(false),
            news: self.news.clone(),
        });
        let job = work::Job {
            ticket,
            ns,
            space,
            size,
            all_colors: self.look.all_colors,
            shared: shared.clone(),
            events: self.events.clone(),
        };
        work::begin(job);
        let terminal = Terminal {
            shared,
            complained: false,
        };
        self.living.insert(ticket, terminal);
    }

    /// Hands something to a shell. What it does not take for long is thrown away, and that is said.
    pub fn input(&mut self, ticket: Ticket, input: Input) {
        let Some(terminal) = self.living.get_mut(&ticket) else {
            return;
        };
        let taken = terminal.shared.inbox.put(input);
        if !taken && !terminal.complained {
            let text = "it reads nothing, so what is typed is thrown away. S ends it.".to_owned();
            let _ = self.events.send(Event::ShellSays { ticket, text });
        }
        terminal.complained = !taken;
    }

    /// Changes the size of a shell's screen.
    pub fn resize(&self, ticket: Ticket, size: Size) {
        if let Some(terminal) = self.living.get(&ticket) {
            terminal.shared.inbox.resize(size);
        }
    }

    /// Hangs up on a shell.
    pub fn close(&mut self, ticket: Ticket) {
        if let Some(terminal) = self.living.remove(&ticket) {
            terminal.shared.inbox.close();
        }
    }

    /// Hangs up on all of them.
    pub fn close_all(&mut self) {
        for terminal in std::mem::take(&mut self.living).into_values() {
            terminal.shared.inbox.close();
        }
    }

    /// What a shell shows, if that is something new since it was asked last or `anyway`.
    pub fn view(&self, ticket: Ticket, anyway: bool) -> Option<ShellView> {
        let shared = &self.living.get(&ticket)?.shared;
        let changed = shared.changed.swap(false, Ordering::AcqRel);
        (changed || anyway).then(|| shared.emulator.lock().view())
    }
}

impl Drop for Terminals {
    fn drop(&mut self) {
        self.close_all();
    }
}
