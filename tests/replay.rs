//! What a rebuild carries out is what was carried out line by line, only faster.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::fmt::Write;
use std::fs;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, ensure};
use frame::block_on;
use tools::run;
use tutor::command::{Command, Tables, parse};
use tutor::kernel::execute::execute;
use tutor::kernel::look_up::look_up;
use tutor::kernel::machine::Machine;
use tutor::kernel::replay::carry_out;
use tutor::trace::NextHop;
use tutor::world::Ns;

fn main() -> ExitCode {
    frame::main(&cases![
        devices_are_the_same,
        refusals_are_the_same,
        a_build_given_up_ends,
        the_kernel_is_asked_the_way,
        no_thread_keeps_an_old_host,
    ])
}

fn parsed(lines: &[&str]) -> anyhow::Result<Vec<(Ns, Command)>> {
    (lines.iter())
        .map(|line| {
            let parsed = parse(line).map_err(|error| anyhow::anyhow!("{line}: {error:?}"))?;
            Ok((Ns::Host, parsed.command.context("an empty line")?))
        })
        .collect()
}

/// Devices with their numbers, their other ends' numbers, masters, addresses and routes; without
/// what the kernel draws by lot.
fn tables(machine: &Machine) -> anyhow::Result<String> {
    let mut tables = String::new();
    for ns in machine.all()? {
        let ip = match &ns {
            Ns::Named(name) => format!("ip -n {name}"),
            Ns::Host | Ns::Internet => "ip".to_owned(),
        };
        writeln!(tables, "{ns}")?;
        for line in run(&format!("{ip} -o link"))?.lines() {
            // Carrier and hardware addresses are not the lines' doing.
            let (name, rest) = line.split_once('<').context("flags")?;
            let up = rest.contains(",UP") || rest.starts_with("UP");
            let words = rest.split_once("> ").map_or("", |(_, words)| words);
            let settings = words.split(" state ").next().unwrap_or_default();
            let link = words.split("link-netns ").nth(1).unwrap_or_default();
            writeln!(tables, "{name}{up} {settings} {link}")?;
        }
        tables += &run(&format!("{ip} -4 -o addr"))?;
        tables += &run(&format!("{ip} -d route show table all type unicast"))?
            .lines()
            .filter(|line| !line.contains("fe80"))
            .map(|line| line.replace("linkdown", "") + "\n")
            .collect::<String>();
    }
    Ok(tables)
}

/// The tables after these lines, lived and replayed.
fn twice(lines: &[&str]) -> anyhow::Result<(String, String)> {
    let lines = parsed(lines)?;
    let machine = Machine::new()?;
    machine.rebuild()?;
    block_on(async {
        for (at, command) in &lines {
            execute(&machine, at, command, &mut |_| {}, std::future::pending()).await?;
        }
        Ok(())
    })?;
    let lived = tables(&machine)?;
    machine.rebuild()?;
    let aside = Machine::aside(machine.spaces());
    block_on(carry_out(&aside, &lines, &AtomicBool::default()))?;
    Ok((lived, tables(&machine)?))
}

fn same(lines: &[&str]) -> anyhow::Result<String> {
    let (lived, replayed) = twice(lines)?;
    for (one, other) in [(&lived, &replayed), (&replayed, &lived)] {
        let only = one
            .lines()
            .find(|line| !other.lines().any(|it| it == *line));
        ensure!(only.is_none(), "only once: {only:?}\n{replayed}");
    }
    Ok(replayed)
}

fn devices_are_the_same() -> anyhow::Result<()> {
    let tables = same(&[
        "ip netns add app1",
        "ip netns add app2",
        "ip netns add app3",
        "ip link add h1 type veth peer name c1",
        "ip link set h1 up",
        "ip addr add 172.16.0.1/16 dev h1",
        "ip link set c1 netns app1",
        "ip -n app1 link set c1 up",
        "ip -n app1 addr add 172.16.0.2/16 dev c1",
        "ip link add br0 type bridge",
        "ip link add h2 type veth peer name c2",
        "ip link set c2 netns app2",
        "ip link set h2 master br0",
        "ip link add h3 type veth peer name c3",
        "ip link set c3 up",
        "ip link set c3 netns app3",
        "ip -n app3 link add br3 type bridge",
        "ip link add here type veth peer name there netns app2",
        "ip link add x1 type veth peer name x2",
        "ip link set x2 netns app1",
        "ip link set x1 netns app2",
        "ip -n app2 link add br1 type bridge",
        "ip link add last type bridge",
    ])?;
    // Two of the first five numbers went with the ends that were moved.
    ensure!(tables.contains("6: h2@if5"), "{tables}");
    Ok(())
}

/// A move that the kernel refuses leaves the end where it was made.
fn refusals_are_the_same() -> anyhow::Result<()> {
    let tables = same(&[
        "ip netns add app1",
        "ip -n app1 link add c1 type bridge",
        "ip link add h1 type veth peer name c1",
        "ip link set c1 netns app1",
        "ip link add h2 type veth peer name c2",
        "ip link set c2 netns nosuch",
        "ip link add h2 type veth peer name c3",
        "ip link set c3 netns app1",
        "ip link add h4 type veth peer name c4",
        "ip link set c4 netns app1",
    ])?;
    for stays in ["c1@h1", "c2@h2", "h4@if"] {
        ensure!(tables.contains(stays), "{stays}\n{tables}");
    }
    ensure!(!tables.contains("c3"), "{tables}");
    Ok(())
}

fn a_build_given_up_ends() -> anyhow::Result<()> {
    let machine = Machine::new()?;
    machine.rebuild()?;
    let aside = Machine::aside(machine.spaces());
    let lines = parsed(&["ip netns add app1"])?;
    let ended = block_on(carry_out(&aside, &lines, &AtomicBool::new(true)));
    ensure!(ended.is_err() && machine.names()?.is_empty());
    Ok(())
}

fn the_kernel_is_asked_the_way() -> anyhow::Result<()> {
    let machine = Machine::new()?;
    machine.rebuild()?;
    let aside = Machine::aside(machine.spaces());
    let lines = parsed(&[
        "ip link add br0 type bridge",
        "ip addr add 172.16.0.1/16 dev br0",
        "ip link set br0 up",
        "ip route add 10.0.0.0/8 via 172.16.0.2",
    ])?;
    block_on(carry_out(&aside, &lines, &AtomicBool::default()))?;
    let way = |to: &str| {
        let to = to.parse()?;
        block_on(async { Ok(look_up(&machine, &Ns::Host, to).await) })
    };
    let hop = |dev: &str, via: Option<&str>| -> anyhow::Result<NextHop> {
        Ok(NextHop {
            dev: dev.to_owned(),
            via: via.map(str::parse).transpose()?,
            src: Some("172.16.0.1".parse()?),
        })
    };
    ensure!(way("10.1.1.1")? == Ok(hop("br0", Some("172.16.0.2"))?));
    ensure!(way("172.16.0.9")? == Ok(hop("br0", None)?));
    ensure!(way("172.16.0.1")? == Ok(hop("lo", None)?));
    let none = way("8.8.8.8")?.expect_err("there is no default route");
    ensure!(none.text == "Network is unreachable" && none.errno == Some(101));
    Ok(())
}

/// The thread that serves rtnetlink is born in a `host`, and outlives it.
fn no_thread_keeps_an_old_host() -> anyhow::Result<()> {
    let machine = Machine::new()?;
    machine.rebuild()?;
    let before = fs::read_link("/proc/self/ns/net")?;
    block_on(machine.dump(&Ns::Host, Tables::LINKS))?;
    machine.rebuild()?;
    for thread in fs::read_dir("/proc/self/task")? {
        let stands_in = fs::read_link(thread?.path().join("ns/net"))?;
        ensure!(stands_in != before, "a thread stands in the old host");
    }
    Ok(())
}
