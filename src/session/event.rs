//! What happens to a session, and what it wants done.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::prompt::Edit;
use super::shell::input::Input;
use super::shell::{ShellEnd, ShellView, Size};
use crate::command::Command;
use crate::lesson::probe::{Answer, Probe};
use crate::packet::Sighting;
use crate::trace::{Evidence, NextHop, NoRoute};
use crate::world::{Change, Ns, World};

/// Names one piece of work; an answer to an old one does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What a learner asks for; `keys` says with which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Run the next command, or go on to the next step when all are done.
    Next,
    /// Run what is left of the step.
    RunStep,
    /// Next step; what is missing of this one is run first.
    NextStep,
    /// Previous step, at its start.
    PreviousStep,
    /// Undo the last command.
    Undo,
    /// Do again what was undone last.
    Redo,
    /// The step anew; asks first.
    Reset,
    /// The answer to what was asked: yes or no.
    Answer(bool),
    /// To the start of this step, from 0.
    GoTo(usize),
    /// Hide the commands, or show them again.
    Practice,
    /// The answer to an open question: this choice, from 0.
    Guess(usize),
    /// The answer to an open question: what was typed; without any the lesson goes on.
    SubmitAnswer,
    /// Go on without an answer.
    SkipQuestion,
    /// Judge every check now, probes included.
    Check,
    /// Show the next hint.
    Hint,
    /// Put the step's next line that is missing into the prompt.
    Solution,
    /// Stop what is under way.
    Cancel,
    /// Focus the next pane.
    FocusNext,
    /// Focus the previous pane.
    FocusPrevious,
    /// Show this namespace (from 0, in pane order).
    Choose(usize),
    /// Show the next namespace.
    ChooseNext,
    /// Scroll the focused pane by lines; up is negative.
    Scroll(i32),
    /// Scroll the focused pane by pages; up is negative.
    Page(i32),
    /// To the top of the focused pane.
    Top,
    /// To the bottom of the focused pane.
    Bottom,
    /// Mouse wheel at a place on the screen, by lines.
    Wheel {
        /// Column.
        x: u16,
        /// Row.
        y: u16,
        /// Lines; up is negative.
        lines: i32,
    },
    /// Mouse click at a place on the screen.
    Click {
        /// Column.
        x: u16,
        /// Row.
        y: u16,
    },
    /// Put the shell of the chosen namespace on the screen; open one if there is none.
    Shell,
    /// Leave the shell on the screen, which lives on.
    LeaveShell,
    /// End the shell of the chosen namespace.
    EndShell,
    /// Put this in the place of the tables; once more: the tables again.
    Look(super::state::View),
    /// The map nearer, or further away.
    Zoom(bool),
    /// Move what is seen of the map to the right, or to the left.
    Aside(bool),
    /// Let packets run along their way on the map, or show it at once.
    Motion,
    /// Open the prompt to say which way a packet is to be sent, and followed.
    AskTrace,
    /// Show why the last probe got no answer.
    Why,
    /// In a view on the right: close what is open, else stop what is under way, else leave it.
    Back,
    /// Stop what is under way; where nothing is, leave.
    StopOrQuit,
    /// Show the fields of the chosen packet, or close them.
    Open,
    /// Hold the packets still, or go on.
    Pause,
    /// Open the prompt to say which packets are shown.
    AskFilter,
    /// Open or close the help.
    Help,
    /// Open the prompt.
    Prompt,
    /// Open the prompt for a word of the program itself.
    Colon,
    /// Open the prompt to say which step to go to.
    AskStep,
    /// Edit what stands in the prompt.
    Edit(Edit),
    /// Leave.
    Quit,
}

/// How a command ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Exit status, as the real tool's.
    pub status: u8,
    /// What the kernel refused with (positive errno), if it did.
    pub errno: Option<i32>,
    /// Where the prompt moves: into a namespace, or back out.
    pub moved: Option<Move>,
    /// What came back, if it was a `ping`: any reply counts as one, else the last error, else
    /// silence. So a question about it is answered by the ping itself.
    pub answer: Option<Answer>,
    /// The identifier of its echo requests, if it was a `ping` that could send any: by that they are
    /// told from others' where they are followed.
    pub identifier: Option<u16>,
}

/// Where the prompt moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Into this namespace.
    Into(Ns),
    /// Back to where it was.
    Back,
}

/// Something that has happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The learner wants something.
    Do(Action),
    /// The kernel says that something has changed.
    World(Ns, Change),
    /// A command prints (whole lines, with line ends).
    Output {
        /// Which command.
        ticket: Ticket,
        /// Text, not yet cleaned for a terminal.
        text: String,
        /// Was it standard error?
        error: bool,
    },
    /// A command has ended.
    Ended {
        /// Which command.
        ticket: Ticket,
        /// How.
        outcome: Outcome,
    },
    /// A probe has an answer.
    Probed {
        /// Which probe.
        ticket: Ticket,
        /// What came back.
        answer: Answer,
    },
    /// The kernel has said which way a packet would go.
    LookedUp {
        /// Which look-up.
        ticket: Ticket,
        /// The way, or why there is none.
        route: Result<NextHop, NoRoute>,
    },
    /// A sandbox was built anew and everything asked for was replayed in it.
    Built {
        /// Which build.
        ticket: Ticket,
        /// Its tables, or why it failed. News of the sandbox before it came earlier, and is void.
        result: Result<World, String>,
    },
    /// Time, since the session began. Sent before any other event, and when a wake is due.
    Clock(Duration),
    /// The learner types, pastes or points while a shell has the keyboard.
    Typed(Input),
    /// What the shell on the screen shows now.
    ShellSeen {
        /// Which shell.
        ticket: Ticket,
        /// Its screen.
        view: Box<ShellView>,
    },
    /// There is something to be said about a shell.
    ShellSays {
        /// Which shell.
        ticket: Ticket,
        /// A sentence.
        text: String,
    },
    /// These passed a device, in order, while [`Effect::Listen`] was on.
    Packets {
        /// What was seen.
        sightings: Vec<Arc<Sighting>>,
        /// So many more had no room, since the last such event.
        missed: u64,
    },
    /// Nothing that passes can be heard, in spite of [`Effect::Listen`]: a sentence that says what was
    /// refused, where, and what helps.
    NotHeard(String),
    /// A packet was followed: that of a probe, or of a `ping` that was carried out. Comes after the
    /// probe's answer, or the command's end.
    Followed {
        /// Which probe or command.
        ticket: Ticket,
        /// All that is known of it.
        evidence: Box<Evidence>,
    },
    /// A packet could not be followed: comes in the place of [`Event::Followed`].
    NotFollowed {
        /// Which probe or command.
        ticket: Ticket,
        /// Why not.
        why: String,
    },
    /// A shell has ended, or could not be started.
    ShellEnded {
        /// Which shell.
        ticket: Ticket,
        /// How.
        end: ShellEnd,
    },
    /// The kernel lacks something that the lesson needs: what, why and what helps.
    Lacks(String),
    /// Something that the learner should know, from outside of the session: a sentence.
    Told(String),
    /// What was drawn, and where: for the mouse and for the ends of scrolling.
    Drawn(Vec<super::state::Area>),
    /// The terminal says that this was pasted, not typed.
    Paste(String),
    /// Lines typed in earlier runs, oldest first.
    History(Vec<String>),
    /// Lessons that there are, by their ids.
    Lessons(Vec<String>),
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Drop every namespace, make new ones and carry these out, silently and fast.
    Build {
        /// Its ticket; every older ticket is void.
        ticket: Ticket,
        /// With an uplink?
        uplink: bool,
        /// Namespace of the prompt, and command.
        replay: Vec<(Ns, Command)>,
    },
    /// Carry out a command.
    Run {
        /// Its ticket.
        ticket: Ticket,
        /// Where the prompt stands.
        at: Ns,
        /// What.
        command: Command,
    },
    /// Send a probe.
    Probe {
        /// Its ticket.
        ticket: Ticket,
        /// What.
        probe: Probe,
    },
    /// Ask the kernel which way a packet would go (`RTM_GETROUTE`), sending none.
    LookUp {
        /// Its ticket.
        ticket: Ticket,
        /// Sent from here.
        ns: Ns,
        /// To this address.
        to: IpAddr,
    },
    /// Read a setting; the answer is a [`Change::Sysctl`].
    Read {
        /// Where.
        ns: Ns,
        /// Dotted name.
        name: String,
    },
    /// Stop this piece of work.
    Cancel(Ticket),
    /// Start the learner's shell. A build ends every shell.
    OpenShell {
        /// Its ticket.
        ticket: Ticket,
        /// Where.
        ns: Ns,
        /// Its screen.
        size: Size,
    },
    /// Hand something to a shell.
    TypeToShell {
        /// Which shell.
        ticket: Ticket,
        /// What.
        input: Input,
    },
    /// Change the size of a shell's screen.
    ResizeShell {
        /// Which shell.
        ticket: Ticket,
        /// Its screen.
        size: Size,
    },
    /// Hang up on a shell: it ends, one way or the other.
    CloseShell(Ticket),
    /// Send a [`Event::Clock`] at this time (since the session began), whatever else happens.
    WakeAt(Duration),
    /// Keep this, so that the learner can go on another day.
    Keep(Box<super::Resume>),
    /// Keep this line, which was typed, for later runs.
    Remember(String),
    /// Leave this lesson for that one.
    Teach(String),
    /// This lesson, by its name or file, from its beginning, with other lots drawn.
    Again(String),
    /// Write a file; what came of it is told by an [`Event::Told`].
    Save {
        /// As it was typed: `~/` is the learner's home.
        path: String,
        /// Also over a file that is there already.
        over: bool,
        /// What it is to hold.
        text: String,
    },
    /// Hand over what passes every device, or stop that: nobody looks any more.
    Listen(bool),
    /// Write packets as a pcapng file; what came of it is told by an [`Event::Told`].
    WriteCapture {
        /// As it was typed: `~/` is the learner's home.
        path: String,
        /// Also over a file that is there already.
        over: bool,
        /// Which.
        packets: Vec<Arc<Sighting>>,
    },
    /// Leave the program.
    Quit,
}
