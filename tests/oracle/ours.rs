//! What we print and do, to be laid beside what the real tools print and do.

use std::fs::{self, File};
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, bail};
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

fn names() -> anyhow::Result<Vec<(String, OwnedFd)>> {
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
        let ours = hidden(show.print(&space(show.tables())?));
        let real = real(line)?;
        if hidden(show.print(&space(show.tables())?)) != ours {
            continue;
        }
        if ours != real {
            let pairs = ours.out.lines().zip(real.out.lines());
            let differ = pairs.filter(|(ours, real)| ours != real);
            let lines: String = differ
                .map(|(ours, real)| format!("ours {ours}\nreal {real}\n"))
                .collect();
            let sides =
                [&ours, &real].map(|side| (side.status, &side.err, side.out.lines().count()));
            bail!("{line}\n{lines}status, errors and lines: {sides:?}");
        }
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

/// Without the numbers that run down: `valid_lft 99sec` is `valid_lft Nsec`, and so are a bridge's
/// timers.
fn hidden(mut printed: Printed) -> Printed {
    let mut timer = false;
    let words = printed.out.split(' ').map(|word| {
        let number = word.trim_end().trim_end_matches("sec");
        let hide = timer || number.len() < word.trim_end().len();
        timer = word.ends_with("_timer") || timer && word.is_empty();
        if hide && number.parse::<f64>().is_ok() {
            word.replace(number, "N")
        } else {
            word.to_owned()
        }
    });
    printed.out = words.collect::<Vec<_>>().join(" ");
    printed
}
