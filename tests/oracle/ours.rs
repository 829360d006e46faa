//! What we print and do, to be laid beside what the real tools print and do.

use std::fs::{self, File};
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, bail, ensure};
use tutor::command::{Printed, Request, Show, Tables};
use tutor::kernel::netlink::{Refused, Rtnl};
use tutor::world::Space;
use tutor::world::route::Route;

use crate::frame::block_on;
use crate::tools::attempt;

/// How often a table that changes while it is compared is read again.
const TRIES: usize = 20;

/// The tables of this process's namespace.
pub fn space(tables: Tables) -> anyhow::Result<Space> {
    let ns = File::open("/proc/self/ns/net")?;
    block_on(async { Rtnl::open(ns.as_fd())?.dump(tables, &names()?).await })
}

/// The kernel's answer to a question about one route.
pub fn asked(question: &Request) -> anyhow::Result<Result<Route, Refused>> {
    let ns = File::open("/proc/self/ns/net")?;
    block_on(async { Rtnl::open(ns.as_fd())?.route_get(question).await })
}

/// The namespaces in `/run/netns`.
pub fn names() -> anyhow::Result<Vec<(String, OwnedFd)>> {
    fs::read_dir("/run/netns")?
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().into_string().ok().context("a name")?;
            Ok((name, File::open(entry.path())?.into()))
        })
        .collect()
}

/// `show` must print what `line` prints: both streams and the exit status.
///
/// Timers differ by when they are read, so their numbers are hidden; a table that has changed in
/// between is read again.
pub fn same(show: &dyn Show, line: &str) -> anyhow::Result<()> {
    for _ in 0..TRIES {
        let before = hidden(show.print(&space(show.tables())?));
        let real = real(line)?;
        if hidden(show.print(&space(show.tables())?)) != before {
            continue;
        }
        let ours = before;
        ensure!(ours == real, "{line}\n{}", difference(&ours, &real));
        return Ok(());
    }
    bail!("{line}: never twice the same")
}

/// What the real tool prints.
pub fn real(line: &str) -> anyhow::Result<Printed> {
    let output = attempt(line)?;
    Ok(hidden(Printed {
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
        status: u8::try_from(output.status.code().context("killed")?)?,
    }))
}

/// Without the numbers that run down: `valid_lft 99sec` is `valid_lft Nsec`, `gc_timer 2.99` is
/// `gc_timer N`.
fn hidden(mut printed: Printed) -> Printed {
    let mut words: Vec<String> = Vec::new();
    for word in printed.out.split(' ') {
        match word.trim_end().strip_suffix("sec") {
            Some(number) if number.parse::<u32>().is_ok() => words.push(word.replace(number, "N")),
            _ if is_timer(word) => {
                // Its column is filled up with blanks.
                while words.last().is_some_and(String::is_empty) {
                    words.pop();
                }
                words.push("N".to_owned());
            }
            _ => words.push(word.to_owned()),
        }
    }
    printed.out = words.join(" ");
    printed
}

/// Seconds with two decimals.
fn is_timer(word: &str) -> bool {
    word.split_once('.').is_some_and(|(seconds, rest)| {
        seconds.parse::<u32>().is_ok() && rest.len() == 2 && rest.parse::<u32>().is_ok()
    })
}

/// The words in which two outputs differ.
fn difference(ours: &Printed, real: &Printed) -> String {
    let text = |printed: &Printed| format!("{}{}{}", printed.out, printed.err, printed.status);
    let (ours, real) = (text(ours), text(real));
    let (ours, real): (Vec<_>, Vec<_>) = (ours.split(' ').collect(), real.split(' ').collect());
    (0..ours.len().max(real.len()))
        .filter(|at| ours.get(*at) != real.get(*at))
        .map(|at| {
            format!(
                "word {at}: ours {:?} real {:?}\n",
                ours.get(at),
                real.get(at)
            )
        })
        .take(5)
        .collect()
}
