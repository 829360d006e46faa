//! Remarks: one line in plain words, taken from the state, when a command was refused or did
//! something else than was probably meant.
//!
//! The tool's own words come first and stay as they are: they are what a learner meets everywhere
//! else. The remark says what they mean here: which namespace holds the device, which address
//! would have been reachable.

mod addr;
mod errno;
mod link;
mod missing;
mod ping;
mod route;
mod rules;
mod sysctl;
mod taken;
mod way;

use super::Outcome;
use super::state::{Session, TranscriptKind};
use super::trail::{By, Deed};
use crate::command::Command;
use crate::lesson::Ask;
use crate::lesson::ask::Truth;
use crate::world::{Ns, Space, World};

/// What a command ran into; the rest of the files below are questions to it.
#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    world: &'a World,
    /// The namespace that it acted in.
    ns: &'a Ns,
    /// That namespace's tables, if it is there.
    space: Option<&'a Space>,
    outcome: &'a Outcome,
    /// What it wrote to standard error.
    printed: &'a str,
}

impl Case<'_> {
    /// Was it refused with this error of the kernel (`errno(3)`)?
    fn is(&self, errno: i32) -> bool {
        self.outcome.errno == Some(errno)
    }

    /// Did the tool or the kernel say these words?
    fn says(&self, words: &str) -> bool {
        self.printed.contains(words)
    }
}

/// What is to be remarked about a command that has ended; `at` is where the prompt stood, `world`
/// what there is now, `printed` what was written to standard error.
///
/// Pure, and silent where it knows nothing better than the tool's own words.
pub fn remark(
    world: &World,
    at: &Ns,
    command: &Command,
    outcome: &Outcome,
    printed: &str,
) -> Option<String> {
    let failed = outcome.status != 0;
    let (ns, act) = command.place(at);
    if failed && let Some(said) = missing::space(world, command) {
        return Some(said);
    }
    let case = Case {
        world,
        ns: &ns,
        space: world.spaces.get(&ns),
        outcome,
        printed,
    };
    if failed && let Some(said) = missing::device(case, act) {
        return Some(said);
    }
    if !failed {
        return accepted(case, act);
    }
    taken::remark(case, act)
        .or_else(|| refused(case, act))
        .or_else(|| forbidden(case))
}

/// What went well, and does something else than was probably meant.
fn accepted(case: Case<'_>, command: &Command) -> Option<String> {
    if let Command::Addr(command) = command {
        return addr::accepted(case, command);
    }
    None
}

fn refused(case: Case<'_>, command: &Command) -> Option<String> {
    match command {
        Command::Link(command) => link::refused(case, command),
        Command::Addr(command) => addr::refused(case, command),
        Command::Route(command) => route::refused(case, command),
        Command::Iptables(command) => rules::refused(case, command),
        Command::Sysctl(command) => sysctl::refused(case, command),
        Command::Ping(command) => ping::failed(case, command),
        Command::Neigh(_)
        | Command::In { .. }
        | Command::Enter { .. }
        | Command::Exit
        | Command::Netns(_)
        | Command::Policy(_)
        | Command::Bridge(_)
        | Command::NetTools(_)
        | Command::Tcpdump(_) => None,
    }
}

/// The last resort for EPERM, which says nothing of what was wrong.
fn forbidden(case: Case<'_>) -> Option<String> {
    (case.is(errno::EPERM) || case.is(errno::EACCES)).then(|| {
        "That is not for a network namespace to decide: it belongs to the whole machine, which the \
         sandbox leaves alone."
            .to_owned()
    })
}

impl Session {
    /// Remarks on a line that has ended: on a typed one, and on one of the lesson that failed
    /// although the lesson does not say that it will. Was there anything to say?
    pub(super) fn remark_on(&mut self, deed: &Deed, outcome: &Outcome) -> bool {
        let announced = deed.line.is_some_and(|line| self.announces_failure(line));
        let listed = matches!(deed.by, By::Lesson);
        if announced || (listed && outcome.status == 0) {
            return false;
        }
        let printed = self.last_errors();
        let said = remark(&self.world, &deed.at, &deed.command, outcome, &printed);
        if let Some(said) = &said {
            self.note(said);
        }
        said.is_some()
    }

    /// Does the lesson deal with the line's failing: does it say so beside it, or ask what to expect?
    fn announces_failure(&self, line: usize) -> bool {
        let step = self.current_step();
        let asks = |ask: &Ask| ask.before == line && ask.truth == Truth::Ping;
        if step.asks.iter().any(asks) {
            return true;
        }
        let comment = self
            .current_step()
            .run
            .get(line)
            .and_then(|run| run.line.comment.as_ref());
        comment.is_some_and(|comment| comment.contains("fail"))
    }

    /// What was written to standard error since the last prompt.
    fn last_errors(&self) -> String {
        let lines = self.transcript.iter().rev();
        let since = lines.take_while(|line| !matches!(line.kind, TranscriptKind::Prompt(_)));
        let errors = since.filter(|line| line.kind == TranscriptKind::Err);
        let mut errors: Vec<&str> = errors.map(|line| line.text.as_str()).collect();
        errors.reverse();
        errors.join("\n")
    }
}
