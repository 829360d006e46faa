//! The learner's own shells: which live, and which is on the screen.
//!
//! One shell a namespace. It is opened once it is known how large its pane is, lives on while it is
//! out of sight, and ends with the namespaces when the sandbox is built anew.

pub mod input;
pub mod palette;
pub mod view;

use std::collections::BTreeMap;

use super::state::{Area, Pane, Phase, Session};
use super::{Action, Effect, Ticket};
use crate::world::Ns;
use input::{Input, Mouse, MouseKind};

pub use view::ShellView;

/// Lines that one notch of a mouse wheel scrolls.
const WHEEL_LINES: i32 = 3;

/// So many keys are kept for a shell that is not started yet.
const EARLY: usize = 1_000;

/// Cells of a shell's screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub columns: u16,
    /// Down.
    pub rows: u16,
}

/// How a shell ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellEnd {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Killed(String),
    /// It could not be started, or its terminal failed: what happened and what helps.
    Failed(String),
}

/// A shell that lives, or is about to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shell {
    ticket: Ticket,
    /// The size that it was told last; none before it was started.
    size: Option<Size>,
    /// What was typed before it was started, in order.
    early: Vec<Input>,
    /// Was its namespace deleted meanwhile? It goes on in there, where nobody else can go.
    deleted: bool,
}

/// The shells of a session.
#[derive(Clone, Debug, Default)]
pub struct Shells {
    living: BTreeMap<Ns, Shell>,
    shown: Option<Ns>,
    view: Option<Box<ShellView>>,
}

impl Shells {
    /// The namespace whose shell is on the screen and has the keyboard.
    pub fn shown(&self) -> Option<&Ns> {
        self.shown.as_ref()
    }

    /// What it shows; none before it has shown anything.
    pub fn view(&self) -> Option<&ShellView> {
        self.view.as_deref()
    }

    /// Does a shell live in `ns`?
    pub fn lives_in(&self, ns: &Ns) -> bool {
        self.living.contains_key(ns)
    }

    /// Was the namespace of the shell on the screen deleted?
    pub fn is_in_deleted(&self) -> bool {
        self.current().is_some_and(|shell| shell.deleted)
    }

    /// The shell on the screen, if it was started.
    pub fn ticket(&self) -> Option<Ticket> {
        self.current()
            .filter(|shell| shell.size.is_some())
            .map(|shell| shell.ticket)
    }

    fn current(&self) -> Option<&Shell> {
        self.living.get(self.shown.as_ref()?)
    }

    fn named(&self, ticket: Ticket) -> Option<Ns> {
        let (ns, _) = self.living.iter().find(|(_, one)| one.ticket == ticket)?;
        Some(ns.clone())
    }
}

impl Session {
    /// Puts the shell of `ns` on the screen; opens one if none lives there.
    pub fn open_shell(&mut self, ns: Ns) {
        let building = matches!(self.phase, Phase::Building(_));
        if !building && !self.world.spaces.contains_key(&ns) {
            self.note(&format!(
                "There is no namespace {ns} to open a shell in. 1-9 choose one that there is."
            ));
            return;
        }
        if self.shells.living.get(&ns).is_some_and(|old| old.deleted) {
            self.end_shell(&ns);
        }
        if !self.shells.lives_in(&ns) {
            let ticket = self.ticket();
            let shell = Shell {
                ticket,
                size: None,
                early: Vec::new(),
                deleted: false,
            };
            self.shells.living.insert(ns.clone(), shell);
        }
        self.chosen = ns.clone();
        self.shells.view = None;
        self.shells.shown = Some(ns);
        self.help = false;
    }

    /// Back to the lesson; the shell lives on.
    pub(super) fn leave_shell(&mut self) {
        self.shells.shown = None;
        self.shells.view = None;
    }

    /// Ends the shell of the chosen namespace, for one that does not end by itself.
    pub(super) fn end_chosen_shell(&mut self) {
        let ns = self.chosen.clone();
        if self.end_shell(&ns) {
            self.note(&format!("The shell in {ns} was ended."));
        } else {
            self.note(&format!("No shell is open in {ns}; s opens one."));
        }
    }

    /// Ends the shell of `ns`; was there one?
    fn end_shell(&mut self, ns: &Ns) -> bool {
        let Some(shell) = self.shells.living.remove(ns) else {
            return false;
        };
        if shell.size.is_some() {
            self.effects.push(Effect::CloseShell(shell.ticket));
        }
        if self.shells.shown.as_ref() == Some(ns) {
            self.leave_shell();
        }
        true
    }

    /// Every namespace is dropped, and the shells in them end with them. The one on the screen is
    /// opened anew as soon as there is something to open it in.
    pub(super) fn drop_shells(&mut self) {
        let lost = std::mem::take(&mut self.shells.living);
        let names: Vec<String> = lost
            .iter()
            .filter(|(_, shell)| shell.size.is_some())
            .map(|(ns, _)| ns.to_string())
            .collect();
        if !names.is_empty() {
            let names = names.join(" and ");
            self.note(&format!(
                "The sandbox is made anew, so the shell in {names} was closed with its network; s opens one in the new."
            ));
        }
        if let Some(ns) = self.shells.shown.clone() {
            self.open_shell(ns);
        }
    }

    /// A new sandbox stands: a shell that waits for it goes where there is no such namespace.
    pub(super) fn keep_shell(&mut self) {
        let gone = self.shells.shown.clone();
        if let Some(ns) = gone.filter(|ns| !self.world.spaces.contains_key(ns)) {
            self.shells.living.remove(&ns);
            self.leave_shell();
        }
    }

    /// A namespace was deleted. As on any machine a shell in it goes on, in a network without a name.
    pub(super) fn shell_loses(&mut self, ns: &Ns) {
        if let Some(shell) = self.shells.living.get_mut(ns) {
            shell.deleted = true;
        }
    }

    /// The pane of a shell was drawn: its shell is started, or told its size.
    pub(super) fn fit_shell(&mut self) {
        let building = matches!(self.phase, Phase::Building(_) | Phase::Broken(_));
        let Some(size) = self.shell_area().map(inner) else {
            return;
        };
        let Some(ns) = self.shells.shown.clone().filter(|_| !building) else {
            return;
        };
        let Some(shell) = self.shells.living.get_mut(&ns) else {
            return;
        };
        let ticket = shell.ticket;
        match shell.size.replace(size) {
            None => {
                let early = std::mem::take(&mut shell.early).into_iter();
                self.effects.push(Effect::OpenShell { ticket, ns, size });
                let typed = early.map(|input| Effect::TypeToShell { ticket, input });
                self.effects.extend(typed);
            }
            Some(old) if old == size => {}
            Some(_) => self.effects.push(Effect::ResizeShell { ticket, size }),
        }
    }

    fn shell_area(&self) -> Option<Area> {
        let mut areas = self.areas.iter();
        areas.find(|area| area.pane == Pane::Shell).copied()
    }

    /// What the shell on the screen shows now.
    pub(super) fn shell_seen(&mut self, ticket: Ticket, view: Box<ShellView>) {
        if self.shells.ticket() == Some(ticket) {
            self.shells.view = Some(view);
        }
    }

    /// A shell has ended.
    pub(super) fn shell_ended(&mut self, ticket: Ticket, end: &ShellEnd) {
        let Some(ns) = self.shells.named(ticket) else {
            return;
        };
        self.shells.living.remove(&ns);
        if self.shells.shown.as_ref() == Some(&ns) {
            self.leave_shell();
        }
        let note = match end {
            ShellEnd::Exited(status) => {
                format!("The shell in {ns} has ended with status {status}.")
            }
            ShellEnd::Killed(signal) => format!("The shell in {ns} was ended by {signal}."),
            ShellEnd::Failed(why) => format!("No shell in {ns}: {why}"),
        };
        self.note(&note);
    }

    /// The kernel floor says something about a shell.
    pub(super) fn shell_says(&mut self, ticket: Ticket, text: &str) {
        if let Some(ns) = self.shells.named(ticket) {
            self.note(&format!("Shell in {ns}: {text}"));
        }
    }

    /// The learner types, pastes or points while a shell has the keyboard.
    pub(super) fn typed(&mut self, input: Input) {
        match input {
            Input::Mouse(mouse) => self.pointed(mouse),
            Input::Key(_) | Input::Paste(_) | Input::Scroll(_) | Input::Page(_) => {
                self.hand_over(input);
            }
        }
    }

    /// Hands it to the shell on the screen, once that is started.
    pub(super) fn hand_over(&mut self, input: Input) {
        let Some(ns) = self.shells.shown.as_ref() else {
            return;
        };
        match self.shells.living.get_mut(ns) {
            Some(shell) if shell.size.is_none() => {
                shell.early.push(input);
                shell.early.truncate(EARLY);
            }
            Some(shell) => {
                let ticket = shell.ticket;
                self.effects.push(Effect::TypeToShell { ticket, input });
            }
            None => {}
        }
    }

    /// In its pane the mouse is the shell's, elsewhere it is the lesson's.
    fn pointed(&mut self, mouse: Mouse) {
        let within = self.shell_area().and_then(|area| {
            let (x, y) = (mouse.x, mouse.y);
            let size = inner(area);
            let column = x.checked_sub(area.x)?;
            let row = y.checked_sub(area.bottom_of_title())?;
            (column < size.columns && row < size.rows).then_some((column, row))
        });
        if let Some((x, y)) = within {
            self.hand_over(Input::Mouse(Mouse { x, y, ..mouse }));
            return;
        }
        let (x, y) = (mouse.x, mouse.y);
        match mouse.kind {
            MouseKind::Press(input::Button::Left) => self.act(Action::Click { x, y }),
            MouseKind::WheelUp => self.act(Action::Wheel {
                x,
                y,
                lines: -WHEEL_LINES,
            }),
            MouseKind::WheelDown => self.act(Action::Wheel {
                x,
                y,
                lines: WHEEL_LINES,
            }),
            MouseKind::Press(_)
            | MouseKind::Release(_)
            | MouseKind::Drag(_)
            | MouseKind::Move
            | MouseKind::WheelLeft
            | MouseKind::WheelRight => {}
        }
    }
}

impl Area {
    /// The first row below its title.
    fn bottom_of_title(&self) -> u16 {
        self.y.saturating_add(1)
    }
}

/// What a pane leaves to its shell: all but the title.
fn inner(area: Area) -> Size {
    Size {
        columns: area.width,
        rows: area.height.saturating_sub(1),
    }
}
