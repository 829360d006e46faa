//! A change made by real tools, and the same change made by the commands that tell of it.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;
use tutor::command::Command;
use tutor::headless::trial::lasting;
use tutor::kernel::Text;
use tutor::kernel::capture::everywhere::Sniffer;
use tutor::kernel::execute::execute;
use tutor::kernel::machine::Machine;
use tutor::kernel::sandbox::uplink;
use tutor::kernel::watchers::{Heard, Watchers};
use tutor::session::retell::{Retold, retell};
use tutor::world::link::LinkKind;
use tutor::world::ready::other_end;
use tutor::world::{Ns, World};

use crate::frame::block_on;
use crate::tools::shell;

/// How long the kernel may take to destroy a namespace's devices.
const DEADLINE: Duration = Duration::from_secs(8);

/// Runs `change` after `start` by the real tools, and `start` and the retold commands in a fresh
/// sandbox: none may fail, and the tables must be the same. What was told.
pub fn same_tables(start: &str, change: &str) -> anyhow::Result<Retold> {
    let told = block_on(LocalSet::new().run_until(async {
        let machine = Rc::new(Machine::new()?);
        anew(&machine)?;
        shell(start)?;
        let before = settled(&machine).await?;
        shell(change)?;
        let after = settled(&machine).await?;
        let told = retell(&before, &after);
        anew(&machine)?;
        shell(start)?;
        settled(&machine).await?;
        for (at, command) in &told.commands {
            carry_out(&machine, at, command)
                .await
                .with_context(|| shown(&told))?;
        }
        compare(&machine, &after)
            .await
            .with_context(|| shown(&told))?;
        anyhow::Ok(told)
    }));
    told.with_context(|| change.to_owned())
}

/// The commands, a line each, with their namespaces; then what was lost.
pub fn shown(told: &Retold) -> String {
    let lines = told.commands.iter();
    let lines = lines.map(|(ns, command)| format!("{ns}: {command}"));
    let lost = told.lost.iter().map(|sentence| format!("lost: {sentence}"));
    lines.chain(lost).collect::<Vec<_>>().join("\n")
}

/// An empty `host` with its uplink.
fn anew(machine: &Machine) -> anyhow::Result<()> {
    machine.rebuild()?;
    let mut spaces = machine.spaces();
    uplink(&mut spaces)?.wait()?;
    machine.adopt(spaces, None);
    Ok(())
}

async fn carry_out(machine: &Machine, at: &Ns, command: &Command) -> anyhow::Result<()> {
    let mut said: Vec<Text> = Vec::new();
    let mut print = |text| said.push(text);
    let outcome = execute(machine, at, command, &mut print, std::future::pending()).await?;
    ensure!(outcome.status == 0, "in {at}: {command}: {said:?}");
    Ok(())
}

/// Waits until the tables are those of `lived`, as far as they last.
async fn compare(machine: &Rc<Machine>, lived: &World) -> anyhow::Result<()> {
    let wanted = whole(lived);
    let end = Instant::now() + Duration::from_secs(2);
    loop {
        let found = whole(&read(machine).await?);
        if found == wanted {
            return Ok(());
        }
        if Instant::now() >= end {
            let only = |a: &[String], b: &[String]| -> Vec<String> {
                a.iter().filter(|line| !b.contains(line)).cloned().collect()
            };
            anyhow::bail!(
                "only lived: {:?}\nonly retold: {:?}\n{}",
                only(&wanted, &found),
                only(&found, &wanted),
                if only(&wanted, &found) == only(&found, &wanted) {
                    "in another order"
                } else {
                    ""
                }
            );
        }
        tokio::task::yield_now().await;
    }
}

/// What lasts, and what else somebody may have done by hand.
fn whole(world: &World) -> Vec<String> {
    let mut lines = lasting(world);
    for (ns, space) in &world.spaces {
        let permanent = space.neighs.iter().filter(|row| row.state == 0x80);
        lines.extend(permanent.map(|row| {
            let dev = space.link_name(row.link);
            format!("{ns}: neigh {} {:?} {dev}", row.dst, row.mac)
        }));
        lines.extend(
            space
                .sysctls
                .iter()
                .map(|(name, value)| format!("{ns}: {name} = {value}")),
        );
        for route in &space.routes {
            let (metric, proto, scope, mtu) = (route.metric, route.proto, route.scope, route.mtu);
            lines.push(format!(
                "{ns}: {} metric {metric:?} proto {proto} scope {scope} mtu {mtu:?} onlink {}",
                route.dst,
                route.flags & 4
            ));
        }
        for addr in &space.addrs {
            let (peer, brd, scope) = (addr.peer, addr.broadcast, addr.scope);
            lines.push(format!(
                "{ns}: {} peer {peer:?} brd {brd:?} scope {scope}",
                addr.net
            ));
        }
    }
    lines.retain(|line| !line.contains(" fe80::") && !line.contains(" ff00::"));
    lines
}

/// The tables, once no cable has lost its other end.
async fn settled(machine: &Rc<Machine>) -> anyhow::Result<World> {
    let end = Instant::now() + DEADLINE;
    loop {
        let world = read(machine).await?;
        let torn = world.spaces.values().any(|space| {
            (space.links.values())
                .filter(|link| link.kind == LinkKind::Veth)
                .any(|link| other_end(&world, space, link).is_none())
        });
        if !torn {
            return Ok(world);
        }
        ensure!(Instant::now() < end, "a cable has lost its other end");
        tokio::task::yield_now().await;
    }
}

async fn read(machine: &Rc<Machine>) -> anyhow::Result<World> {
    let heard = Heard::read_all(machine).await?;
    let (events, _) = unbounded_channel();
    let watchers = Rc::new(Watchers::new(
        machine.clone(),
        events,
        Rc::new(Sniffer::new(machine.clone())),
    ));
    let world = watchers.start(heard)?;
    watchers.stop();
    Ok(world)
}
