//! The lines one after the other, as little as possible of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};

use super::fuse::{Fused, fused, moved};
use super::numbers::Numbers;
use crate::command::link::Link;
use crate::command::netns::Netns;
use crate::command::{Change, Command, Request};
use crate::kernel::execute::execute;
use crate::kernel::machine::Machine;
use crate::world::{Ns, Space};

/// Carries out lines in order. What the namespaces have counted up to, where devices were given
/// numbers: the kernel does not know of it.
///
/// # Errors
/// If something fails that no real tool has words for, or `stop` was set.
pub async fn carry_out(
    machine: &Machine,
    lines: &[(Ns, Command)],
    stop: &AtomicBool,
) -> Result<Option<Numbers>> {
    let makes = |command: &Command| matches!(command, Command::Netns(Netns::Add(_)));
    let count = lines.iter().filter(|(_, command)| makes(command)).count();
    if count > 1 {
        machine.expect_names(count)?;
    }
    let mut course = Course::new(machine, lines);
    for index in 0..lines.len() {
        if stop.load(Ordering::Relaxed) {
            bail!("nobody waits for this sandbox any more");
        }
        course.line(index).await?;
    }
    Ok(course.numbers)
}

/// Lines on their way.
struct Course<'a> {
    machine: &'a Machine,
    lines: &'a [(Ns, Command)],
    /// The lines that are done together with later ones.
    fused: BTreeMap<usize, Fused>,
    /// Later ones that are done already.
    done: BTreeSet<usize>,
    /// Absent where no device is born elsewhere: then nothing is numbered otherwise than before.
    numbers: Option<Numbers>,
}

impl<'a> Course<'a> {
    fn new(machine: &'a Machine, lines: &'a [(Ns, Command)]) -> Self {
        let fused: BTreeMap<usize, Fused> = (0..lines.len())
            .filter_map(|index| Some((index, fused(&lines[index], &lines[index + 1..])?)))
            .collect();
        let numbers = (!fused.is_empty()).then(Numbers::default);
        Self {
            machine,
            lines,
            fused,
            done: BTreeSet::new(),
            numbers,
        }
    }

    async fn line(&mut self, index: usize) -> Result<()> {
        if self.done.remove(&index) || self.numbered(index).await? {
            return Ok(());
        }
        let (at, command) = &self.lines[index];
        // A line that the kernel refused the first time is refused again, and that is right.
        let forever = std::future::pending();
        execute(self.machine, at, command, &mut |_| {}, forever).await?;
        Ok(())
    }

    /// Makes the devices of this line with the numbers that they had before, and where later lines
    /// would move them. If that is not to be had, nothing is done.
    async fn numbered(&mut self, index: usize) -> Result<bool> {
        let Some(numbers) = &mut self.numbers else {
            return Ok(false);
        };
        let (at, command) = &self.lines[index];
        if let Some(Fused { born, moves }) = self.fused.remove(&index)
            && add(self.machine, at, &born, true, numbers).await?
        {
            self.done
                .extend(moves.iter().map(|behind| index + 1 + behind));
            return Ok(true);
        }
        if let Some((_, into)) = moved(command)
            && self.machine.fd(&into.resolve()).is_ok()
        {
            numbers.used(self.machine, &into.resolve()).await?;
        }
        match command {
            Command::Link(link @ Link::Add(_)) => add(self.machine, at, link, false, numbers).await,
            _ => Ok(false),
        }
    }
}

/// Makes a device with the ifindex that it had before; with `moved`, one that was moved to where it
/// is born now. If it is not made, that is no refusal yet: the line as it stands may be accepted.
async fn add(
    machine: &Machine,
    at: &Ns,
    line: &Link,
    moved: bool,
    numbers: &mut Numbers,
) -> Result<bool> {
    let Some(mut requests) = lower(machine, at, line).await? else {
        return Ok(false);
    };
    let [request] = requests.as_mut_slice() else {
        return Ok(false);
    };
    let Some(births) = numbers.births(machine, at, request, moved).await? else {
        return Ok(false);
    };
    let rtnl = &machine.sockets(at)?.rtnl;
    let made = rtnl.apply(&requests, &mut |ns| machine.fd(ns)).await?;
    if made.is_ok() {
        numbers.give(births);
    }
    Ok(made.is_ok())
}

/// The requests of a line, unless a device or namespace is missing that it names.
async fn lower(machine: &Machine, at: &Ns, line: &Link) -> Result<Option<Vec<Request>>> {
    if machine.fd(at).is_err() {
        return Ok(None);
    }
    let sockets = machine.sockets(at)?;
    let devices = sockets.rtnl.devices(&line.needs().devices).await?;
    let mut known = Space::default();
    let devices = devices.into_iter().flatten();
    known.links.extend(devices.map(|link| (link.index, link)));
    let requests = line.lower(&known).ok();
    Ok(requests.filter(|requests| {
        let mut places = requests
            .iter()
            .flat_map(|request| [&request.into, &request.peer_into]);
        places.all(|place| place.as_ref().is_none_or(|ns| machine.fd(ns).is_ok()))
    }))
}
