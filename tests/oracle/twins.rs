//! Two namespaces set up alike: a line is carried out by us in one, by the real tool in the other,
//! and then both are read back.

use std::fs::File;
use std::os::fd::AsFd;

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tutor::command::{Change, Command, Printed, Tables, parse};
use tutor::kernel::netlink::Rtnl;

use crate::frame::block_on;
use crate::ours::real;
use crate::tools::{json, run, shell};

/// How the tables of a namespace are read back.
const TABLES: [&str; 5] = [
    "-d addr",
    "-d -4 route show table all",
    "-d -6 route show table all",
    "-4 neigh show nud all",
    "-6 neigh",
];

/// Makes both namespaces, each with a veth pair `v0`, `v1` of the same names, indexes and hardware
/// addresses, both up. Duplicate address detection is off, since it ends when it likes.
pub fn twins() -> anyhow::Result<()> {
    for ns in ["ours", "real"] {
        shell(&format!(
            "ip netns add {ns}
             ip netns exec {ns} sysctl -qw net.ipv6.conf.default.accept_dad=0
             ip -n {ns} link set lo up
             ip -n {ns} link add v0 index 10 address 02:00:00:00:00:10 type veth \
                 peer name v1 index 11 address 02:00:00:00:00:11
             ip -n {ns} link set v0 up
             ip -n {ns} link set v1 up"
        ))?;
    }
    Ok(())
}

/// Carries `lines` (without the leading `ip`) out in both, one after the other. Each must print the
/// same, and leave the same.
pub fn alike(lines: &[&str]) -> anyhow::Result<()> {
    for line in lines {
        let ours = ours(&format!("ip {line}")).with_context(|| (*line).to_owned())?;
        let real = real(&format!("ip -n real {line}"))?;
        ensure!(ours == real, "{line}\nours {ours:?}\nreal {real:?}");
        for table in TABLES {
            let (ours, real) = (read_back("ours", table)?, read_back("real", table)?);
            ensure!(
                ours == real,
                "{line}: ip {table}\nours {ours:#}\nreal {real:#}"
            );
        }
    }
    Ok(())
}

/// Settings that both get, by the real tool.
pub fn both(line: &str) -> anyhow::Result<()> {
    for ns in ["ours", "real"] {
        run(&format!("ip -n {ns} {line}"))?;
    }
    Ok(())
}

/// Neighbours stand in an order that differs from namespace to namespace.
fn read_back(ns: &str, table: &str) -> anyhow::Result<Value> {
    let (options, rest) = match table.split_once(' ') {
        Some((options, rest)) if options.starts_with('-') => (options, rest),
        _ => ("", table),
    };
    let mut told = json(&format!("ip -n {ns} -j {options} {rest}"))?;
    if let (Some(rows), true) = (told.as_array_mut(), rest.starts_with("neigh")) {
        rows.sort_by_key(Value::to_string);
    }
    Ok(told)
}

fn ours(line: &str) -> anyhow::Result<Printed> {
    let parsed = parse(line)?;
    let change: &dyn Change = match &parsed.command {
        Some(Command::Addr(verb)) => verb,
        Some(Command::Route(verb)) => verb,
        Some(Command::Neigh(verb)) => verb,
        _ => bail!("not a verb of this test"),
    };
    let ns = File::open("/run/netns/ours")?;
    block_on(async {
        let rtnl = Rtnl::open(ns.as_fd())?;
        let tables = change.needs().tables | Tables::LINKS;
        let requests = match change.lower(&rtnl.dump(tables, &[]).await?) {
            Ok(requests) => requests,
            Err(refusal) => return Ok(refusal.into()),
        };
        let done = rtnl
            .apply(&requests, &mut |ns| bail!("no namespace {ns}"))
            .await?;
        Ok(match done {
            Ok(()) => change.accepted(),
            Err(no) => change.refused(no.errno, no.text.as_deref()).into(),
        })
    })
}
