//! What a session holds, for `ui` to draw.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::elsewhere::Told;
use super::event::Ticket;
use super::followed::Followed;
use super::mapped::Mapped;
use super::packets::Packets;
use super::prompt::{Memory, Prompt};
use super::resume::Diary;
use super::shell::Shells;
use super::trail::Trail;
use serde::{Deserialize, Serialize};

pub use crate::lesson::View;
use crate::lesson::{Lesson, Verdict};
use crate::trace::Story;
use crate::world::{Ns, World};

/// What is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A sandbox is being built.
    Building(Ticket),
    /// Waiting for the learner.
    Idle,
    /// A command is being carried out in the foreground.
    Running(Ticket),
    /// The lesson is over.
    Finished,
    /// The sandbox could not be built, and why.
    Broken(String),
}

/// How far a command of the step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandState {
    /// To come.
    ToCome,
    /// The next one.
    Current,
    /// Under way.
    Running,
    /// Done, with status 0.
    Done,
    /// Done, with another status.
    Failed,
}

/// A check and what is known of it.
#[derive(Clone, Debug)]
pub struct CheckState {
    /// Its verdict.
    pub verdict: Verdict,
    /// A probe of it that is under way.
    pub probing: Option<Ticket>,
    /// A probe of it whose packet is still being followed.
    pub following: Option<Ticket>,
    /// What happened to its packet last.
    pub story: Option<Arc<Story>>,
}

/// A pane that can be focused and scrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The step's text.
    Text,
    /// Its commands.
    Commands,
    /// Its checks.
    Checks,
    /// The live tables of the chosen namespace.
    Tables,
    /// Packets as they pass, in the place of the tables.
    Packets,
    /// The way of one packet, in the place of the tables.
    Trace,
    /// The map, in the place of the tables.
    Map,
    /// What was typed and printed.
    Transcript,
    /// The learner's own shell, where the transcript is otherwise.
    Shell,
    /// The help.
    Help,
}

impl View {
    /// The pane that shows it.
    pub fn pane(self) -> Pane {
        match self {
            Self::Tables => Pane::Tables,
            Self::Packets => Pane::Packets,
            Self::Trace => Pane::Trace,
            Self::Map => Pane::Map,
        }
    }
}

/// Where a pane was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Which pane; `Tables` with `ns` for a namespace's tab or column.
    pub pane: Pane,
    /// Which namespace (in pane order), if the area stands for one.
    pub ns: Option<usize>,
    /// Which packet, by its number among the rows that are kept, if the area stands for one.
    pub packet: Option<u64>,
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Largest scroll offset that still shows something new.
    pub max_scroll: u16,
    /// Columns out of sight at its left, and the most that still show something new.
    pub aside: u16,
    /// See `aside`.
    pub max_aside: u16,
    /// The scroll offset that it was drawn with: a pane that nobody has scrolled rests where there
    /// is something to see.
    pub offset: u16,
}

/// A line of the transcript, cleaned for a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptLine {
    /// What it is.
    pub kind: TranscriptKind,
    /// Text, without its line end and without control characters.
    pub text: String,
}

/// What a line of the transcript is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TranscriptKind {
    /// A prompt (`root@app3:~#`) with the command behind it; `text` is the command.
    Prompt(Ns),
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// Said by the program itself.
    Note,
}

/// A row of a table, for marking what has changed: the namespace and the row's own key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// ifindex.
    Link(u32),
    /// ifindex, address.
    Addr(u32, String),
    /// Table, prefix, device, metric.
    Route(u32, String, Option<u32>, u32),
    /// ifindex, address.
    Neigh(u32, String),
    /// ifindex, MAC, by whom.
    Fdb(u32, String, Option<u32>),
    /// The whole ruleset.
    Ruleset,
    /// Kernel's id.
    Flow(u32),
    /// Dotted name.
    Sysctl(String),
}

/// How far the learner is, for header and menu.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Step, from 0.
    pub step: usize,
    /// Of so many.
    pub steps: usize,
    /// Commands done in this step.
    pub done: usize,
}

/// What goes on by itself once the present work has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auto {
    /// Nothing: the learner has the next word.
    #[default]
    Off,
    /// The next command, once the sandbox stands.
    Once,
    /// The rest of the step's commands.
    Step,
    /// What the step still has to change, then the next step.
    Advance,
    /// The next step, as soon as every check holds.
    WhenHolds,
}

/// How a lesson is taught.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// Each step's commands are shown, and run by a key.
    #[default]
    Guided,
    /// They are hidden: the learner finds a way to make the checks hold.
    Practice,
}

/// A command under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Job {
    /// Its place in the trail. Whoever shortens the trail stops every job first.
    pub(super) deed: usize,
}

/// Something that is asked before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Taking back what was done in this step.
    Reset,
}

/// A place in a lesson: so many commands of this step are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Step, from 0.
    pub step: usize,
    /// Commands of it that are done.
    pub done: usize,
}

/// A lesson being taught.
#[derive(Clone, Debug)]
pub struct Session {
    /// The lesson.
    pub lesson: Arc<Lesson>,
    /// The step, from 0.
    pub step: usize,
    /// What is going on.
    pub phase: Phase,
    /// The kernel's tables.
    pub world: World,
    /// Where the prompt stands; the last is the innermost.
    pub prompt: Vec<Ns>,
    /// The step's commands.
    pub commands: Vec<CommandState>,
    /// The step's checks.
    pub checks: Vec<CheckState>,
    /// What was done since the lesson's own way to some step.
    pub trail: Trail,
    /// What of the tables the trail tells.
    pub(super) told: Told,
    /// What is known of the learner: hints shown, steps solved, time spent.
    pub diary: Diary,
    /// Are commands shown?
    pub manner: Manner,
    /// Questions under way.
    pub asked: super::ask::Asked,
    /// The prompt, while it is open.
    pub line: Option<Prompt>,
    /// What the prompt remembers.
    pub memory: Memory,
    /// What the learner is asked before it is done.
    pub confirm: Option<Confirm>,
    /// What was typed and printed.
    pub transcript: Vec<TranscriptLine>,
    /// So many lines of the transcript, its oldest, are kept no more.
    pub(super) forgotten: usize,
    /// What changed, and when.
    pub fresh: BTreeMap<(Ns, RowKey), Duration>,
    /// What changed last in each namespace, however long ago, and when: where its tables rest.
    pub latest: BTreeMap<Ns, (Duration, Vec<RowKey>)>,
    /// Time since the session began.
    pub now: Duration,
    /// Since when the present work is under way, and what it waits for.
    pub waiting: Option<(Duration, String)>,
    /// The focused pane.
    pub focus: Pane,
    /// The namespace whose tables are shown.
    pub chosen: Ns,
    /// What stands on the right.
    pub view: View,
    /// Did a step put that there, and not the learner?
    pub(super) brought: bool,
    /// The step that was entered last.
    pub(super) entered: Option<usize>,
    /// Packets that were seen passing.
    pub packets: Packets,
    /// How the map is looked at.
    pub mapped: Mapped,
    /// Packets that were followed.
    pub followed: Followed,
    /// The repair under way.
    pub(super) mending: super::repair::Mending,
    /// The learner's own shells.
    pub shells: Shells,
    /// Is the help open?
    pub help: bool,
    /// Scroll offsets; a pane that is not here follows its end (transcript) or start (others).
    pub scroll: BTreeMap<Pane, u16>,
    /// What goes on by itself.
    pub(super) auto: Auto,
    /// The step at which the build under way will put the learner.
    pub(super) target: usize,
    /// The ticket given out next.
    pub(super) next_ticket: u64,
    /// Commands under way.
    pub(super) jobs: BTreeMap<Ticket, Job>,
    /// When the probes are to be sent (again).
    pub(super) probe_at: Option<Duration>,
    /// The learner was told that a check does not hold, and may go on all the same.
    pub(super) nudged: bool,
    /// Where the panes were drawn last.
    pub(super) areas: Vec<Area>,
    /// What this event leads to.
    pub(super) effects: Vec<super::Effect>,
    /// The wake that was asked for last.
    pub(super) wake: Option<Duration>,
}
