//! Kernel features: what lines and checks use is needed, whether the lesson says so or not.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::command::Command;
use crate::command::link::{AddKind, Link};
use crate::lesson::model::lower::Lowered;
use crate::lesson::report::Notes;
use crate::lesson::{Need, View};

/// Notes features that are used and not said, and adds them to the lesson's needs.
pub fn judge(lowered: &mut Lowered, notes: &mut Notes) {
    let said: Vec<Need> = lowered.needs.iter().map(|need| *need.get_ref()).collect();
    for (need, place) in used(lowered) {
        if !said.contains(&need) {
            let word = need.name();
            notes
                .warning(
                    place,
                    format!("this needs `{word}`, and the lesson does not say so"),
                )
                .help(format!("add \"{word}\" to `needs`"));
        }
        if !lowered.lesson.needs.contains(&need) {
            lowered.lesson.needs.push(need);
        }
    }
}

/// What is used, and where first.
fn used(lowered: &Lowered) -> BTreeMap<Need, Range<usize>> {
    let mut used = BTreeMap::new();
    let lesson = &lowered.lesson;
    let faults = lesson.faults.iter();
    let broken = faults.flat_map(|fault| fault.breaks.iter().chain(&fault.repair));
    for line in lesson.steps.iter().flat_map(|step| &step.run).chain(broken) {
        if let Some(need) = line.line.command.as_ref().and_then(need_of) {
            used.entry(need).or_insert_with(|| line.place.clone());
        }
    }
    let probes = lowered.faults.iter().map(|fault| &fault.probe);
    let checks = lowered.steps.iter().flat_map(|step| &step.checks);
    for check in checks.chain(probes) {
        for need in check.needs {
            used.entry(*need).or_insert_with(|| check.check.clone());
        }
    }
    for (step, places) in lowered.lesson.steps.iter().zip(&lowered.steps) {
        let captures = matches!(step.look, Some(View::Packets | View::Trace));
        if let (true, Some(place)) = (captures, &places.look) {
            used.entry(Need::Capture).or_insert_with(|| place.clone());
        }
    }
    used
}

/// The feature that a command takes.
pub fn need_of(command: &Command) -> Option<Need> {
    match command {
        Command::In { command, .. } => need_of(command),
        Command::Link(Link::Add(add)) => Some(match add.kind {
            AddKind::Veth { .. } => Need::Veth,
            AddKind::Bridge => Need::Bridge,
            AddKind::Macvlan { .. } => Need::Macvlan,
            AddKind::Vxlan { .. } => Need::Vxlan,
        }),
        Command::Iptables(_) => Some(Need::Nat),
        Command::Ping(_) => Some(Need::Icmp),
        Command::Tcpdump(_) => Some(Need::Capture),
        Command::Link(_)
        | Command::Enter { .. }
        | Command::Exit
        | Command::Netns(_)
        | Command::Addr(_)
        | Command::Route(_)
        | Command::Neigh(_)
        | Command::Policy(_)
        | Command::Bridge(_)
        | Command::NetTools(_)
        | Command::Sysctl(_) => None,
    }
}
