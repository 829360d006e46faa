//! What we do, to be laid beside what the real tools do.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;
use tutor::command::{Change, Command, Printed, Refusal, Tables, parse};
use tutor::kernel::netlink::Rtnl;
use tutor::kernel::sandbox::inside;
use tutor::world::link::{Link, LinkFlags, OperState};
use tutor::world::ready::{ready, unready};
use tutor::world::{Ns, Space, World};

use crate::frame::block_on;
use crate::ours::names;
use crate::tools::{attempt, run, shell};

/// How long the kernel may take to tell of carrier (at most a second, `net/core/link_watch.c`).
const DEADLINE: Duration = Duration::from_secs(10);

/// The command as something that is done by rtnetlink.
fn change(command: &Command) -> anyhow::Result<&dyn Change> {
    Ok(match command {
        Command::Link(link) => link,
        Command::Addr(addr) => addr,
        Command::Route(route) => route,
        Command::Neigh(neigh) => neigh,
        _ => anyhow::bail!("changes nothing by rtnetlink"),
    })
}

/// Carries out `line` in this process's namespace; what the real tool would print, and its status.
pub fn ours(line: &str) -> anyhow::Result<Printed> {
    let command = parse(line)?.command.context("a command")?;
    let change = change(&command)?;
    let ns = File::open("/proc/thread-self/ns/net")?;
    block_on(async {
        let rtnl = Rtnl::open(ns.as_fd())?;
        let needs = change.needs();
        let mut known: Space = rtnl.dump(needs.tables, &[]).await?;
        for name in &needs.devices {
            if let Some(link) = rtnl.device(name).await? {
                known.links.insert(link.index, link);
            }
        }
        let requests = match change.lower(&known) {
            Ok(requests) => requests,
            Err(refusal) => return Ok(refusal.into()),
        };
        for request in &requests {
            for ns in request.into.iter().chain(&request.peer_into) {
                if open(ns).is_err() {
                    return Ok(Refusal::no_netns(ns.name()).into());
                }
            }
        }
        let done = rtnl.apply(&requests, &mut open).await?;
        Ok(match done {
            Ok(()) => change.accepted(),
            Err(refused) => change
                .refused(refused.errno, refused.text.as_deref())
                .into(),
        })
    })
}

fn open(ns: &Ns) -> anyhow::Result<OwnedFd> {
    let path = match ns {
        Ns::Host | Ns::Internet => "/proc/1/ns/net".to_owned(),
        Ns::Named(name) => format!("/run/netns/{name}"),
    };
    Ok(File::open(&path).with_context(|| path)?.into())
}

/// From the same start, `lines` by us and by the real tools come out the same, with the same output
/// and status for each line.
///
/// Each side has a fresh `host` (`start`), `app1` and `app2`.
pub fn same_outcome(lines: &str, state: fn() -> anyhow::Result<Value>) -> anyhow::Result<()> {
    let (mut said, mut states) = (Vec::new(), Vec::new());
    for by_us in [true, false] {
        shell("ip netns add start; ip netns add app1; ip netns add app2")?;
        let start = File::open("/run/netns/start")?;
        let (printed, state) = inside(start.as_fd(), || -> anyhow::Result<_> {
            let mut printed = Vec::new();
            for line in lines.lines().map(str::trim) {
                printed.push(if by_us { ours(line)? } else { theirs(line)? });
            }
            settle()?;
            Ok((printed, state()?))
        })??;
        said.push(printed);
        states.push(state);
        run("ip netns del start")?;
        run("ip netns del app1")?;
        run("ip netns del app2")?;
    }
    ensure!(said[0] == said[1], "ours {:?}\nreal {:?}", said[0], said[1]);
    ensure!(
        states[0] == states[1],
        "ours {:#}\nreal {:#}",
        states[0],
        states[1]
    );
    Ok(())
}

/// Waits until carrier has come or gone everywhere, and bridge ports pass frames.
fn settle() -> anyhow::Result<()> {
    let end = Instant::now() + DEADLINE;
    loop {
        let mut world = World::default();
        for name in ["start", "app1", "app2"] {
            let ns = Ns::Named(name.to_owned());
            let space = at(&ns)?;
            world.spaces.insert(ns, space);
        }
        let links = world.spaces.values().flat_map(|space| space.links.values());
        let leaving =
            |link: &Link| link.state == OperState::Up && !link.flags.contains(LinkFlags::LOWER_UP);
        if ready(&world) && !links.into_iter().any(leaving) {
            return Ok(());
        }
        ensure!(Instant::now() < end, "never ready: {:?}", unready(&world));
        std::thread::yield_now();
    }
}

/// The devices of a namespace.
fn at(ns: &Ns) -> anyhow::Result<Space> {
    let fd = open(ns)?;
    block_on(async { Rtnl::open(fd.as_fd())?.dump(Tables::LINKS, &names()?).await })
}

fn theirs(line: &str) -> anyhow::Result<Printed> {
    let output = attempt(line)?;
    Ok(Printed {
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
        status: u8::try_from(output.status.code().context("killed")?)?,
    })
}
