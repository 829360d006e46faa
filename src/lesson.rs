//! Lessons: the TOML model, and where lessons are found.
//!
//! A lesson is data from a stranger. It can name namespaces, commands of our own language and
//! checks, and nothing else: it cannot run a program, name a file or reach a network.

pub mod ask;
pub mod build;
pub mod check;
pub mod draw;
pub mod fault;
pub mod file;
pub mod find;
pub mod free;
pub mod hint;
pub mod lint;
pub mod look;
pub mod model;
pub mod probe;
pub mod report;
pub mod script;
pub mod skeleton;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::command::Line;
use crate::world::Ns;

pub use ask::Ask;
pub use check::{Check, Verdict};
pub use draw::Seed;
pub use fault::Fault;
pub use hint::Hint;
pub use look::View;

/// A lesson, checked and ready to be taught.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// What `--lesson` calls it: the file's name without `.toml`.
    pub id: String,
    /// Its file, by its canonical path; none for one within the program.
    pub file: Option<PathBuf>,
    /// Title.
    pub title: String,
    /// One sentence for the menu.
    pub summary: String,
    /// How long it takes, minutes.
    pub minutes: u16,
    /// Tags, such as `l2`.
    pub tags: Vec<String>,
    /// Kernel features without which it cannot be taught.
    pub needs: Vec<Need>,
    /// The lesson from whose end it starts.
    pub base: Option<String>,
    /// Is it no lesson at all, but a sandbox to play in? Then it has no end.
    pub free: bool,
    /// Has `host` an uplink `enp0s1` to `internet`?
    pub uplink: bool,
    /// Every line of its base lessons and of its own setup, in order, with the namespace each starts
    /// in: replayed silently before the first step.
    pub before: Vec<RunLine>,
    /// What its names, addresses and faults were drawn by; none where nothing is drawn.
    pub seed: Option<Seed>,
    /// What may be broken in it.
    pub faults: Vec<Arc<Fault>>,
    /// Steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Title.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Where its prompt stands.
    pub at: Ns,
    /// What it brings forward beside the text, if it wants something there.
    pub look: Option<View>,
    /// Its lines.
    pub run: Vec<RunLine>,
    /// From a nudge to the answer, and those for a state.
    pub hints: Vec<Hint>,
    /// What is asked before a line runs.
    pub asks: Vec<Ask>,
    /// For the instructor.
    pub notes: Option<String>,
    /// What is true when it is done.
    pub checks: Vec<Check>,
    /// Said when it is done; leads on.
    pub done: Option<String>,
    /// Does it begin with something that is broken?
    pub repair: bool,
    /// What is broken at its beginning: the seed has drawn it. Its lines, hints, last check and closing
    /// line are this step's.
    pub fault: Option<Arc<Fault>>,
}

impl Step {
    /// Does a line of it change anything, so that a check must fail before it?
    pub fn changes(&self) -> bool {
        self.run.iter().any(|line| line.line.changes())
    }
}

/// A line of `run`.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// As written, without its comment.
    pub source: String,
    /// Parsed.
    pub line: Line,
    /// Where the prompt stands when it is carried out (a line before it may have moved it).
    pub at: Ns,
    /// Byte range in the lesson's file.
    pub place: Range<usize>,
}

/// A kernel feature that a lesson may need; `tutor doctor` tries each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// veth pairs.
    Veth,
    /// Bridges.
    Bridge,
    /// nf_tables with NAT.
    Nat,
    /// Connection tracking events and tables.
    Conntrack,
    /// Raw ICMP sockets.
    Icmp,
    /// Packet sockets.
    Capture,
    /// VXLAN.
    Vxlan,
    /// macvlan.
    Macvlan,
}

impl Need {
    /// What a lesson calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Veth => "veth",
            Self::Bridge => "bridge",
            Self::Nat => "nat",
            Self::Conntrack => "conntrack",
            Self::Icmp => "icmp",
            Self::Capture => "capture",
            Self::Vxlan => "vxlan",
            Self::Macvlan => "macvlan",
        }
    }
}
