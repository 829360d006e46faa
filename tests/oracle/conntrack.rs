//! Connections: NAT really translates packets, and what conntrack follows is seen.

use std::fs::File;
use std::io;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;

use anyhow::{Context, bail, ensure};
use tutor::command::iptables::Iptables;
use tutor::command::{Command, Printed, parse};
use tutor::kernel::netfilter::{Netfilter, News};
use tutor::kernel::sandbox::inside;
use tutor::world::conntrack::Flow;
use tutor::world::{Change, Ns, Space, World};

use crate::frame::{Case, block_on};
use crate::ours::real;
use crate::tools::{run, shell};

pub const CASES: &[Case] = &crate::cases![
    masquerade_translates,
    native_masquerade_translates,
    destinations_are_translated,
    connections_are_printed_as_conntrack_prints_them,
    news_keep_the_tables,
    lost_news_are_read_anew,
];

/// A router between two networks; `out` has no way back to `app`'s.
const ROUTED: &str = "
    for ns in app host out; do ip netns add $ns; ip -n $ns link set lo up; done
    ip -n host link add h0 type veth peer name a0 netns app
    ip -n host link add h1 type veth peer name o0 netns out
    ip -n host addr add 172.16.0.1/16 dev h0; ip -n host link set h0 up
    ip -n host addr add 192.168.64.3/24 dev h1; ip -n host link set h1 up
    ip -n app addr add 172.16.0.30/16 dev a0; ip -n app link set a0 up
    ip -n app route add default via 172.16.0.1
    ip -n out addr add 192.168.64.1/24 dev o0; ip -n out link set o0 up
    ip -n out addr add 8.8.8.8/32 dev lo
    ip -n host route add 8.8.8.8 via 192.168.64.1
    ip netns exec host sysctl -qw net.ipv4.ip_forward=1";

fn masquerade_translates() -> anyhow::Result<()> {
    masquerade(|netfilter| netfilter)
}

/// On a kernel without `nft_compat` as well.
fn native_masquerade_translates() -> anyhow::Result<()> {
    masquerade(Netfilter::natively)
}

fn masquerade(form: fn(Netfilter) -> Netfilter) -> anyhow::Result<()> {
    shell(ROUTED)?;
    let ping = "ip netns exec app ping -q -c 1 -W 1 8.8.8.8";
    ensure!(real(ping)?.status == 1, "answered without NAT");
    let line = "-t nat -A POSTROUTING -s 172.16.0.0/16 ! -o h0 -j MASQUERADE";
    let printed = form(netfilter("host")?).perform(&command(line)?)?;
    ensure!(printed == Printed::default(), "{printed:?}");
    ensure!(real(ping)?.status == 0, "no answer with NAT");

    let flows = netfilter("host")?.flows()?;
    let [flow] = flows.as_slice() else {
        bail!("one connection is followed: {flows:?}");
    };
    ensure!(flow.proto == 1 && flow.is_answered(), "{flow}");
    ensure!(flow.original.src.to_string() == "172.16.0.30", "{flow}");
    ensure!(flow.original.dst.to_string() == "8.8.8.8", "{flow}");
    ensure!(flow.original.icmp() == (8, 0) && flow.reply.icmp() == (0, 0));
    ensure!(flow.reply.dst.to_string() == "192.168.64.3", "{flow}");
    ensure!(listed("host", "-t nat -L POSTROUTING -n -v")?.contains("    1    84 MASQUERADE"));
    Ok(())
}

fn destinations_are_translated() -> anyhow::Result<()> {
    shell(ROUTED)?;
    ours(
        "host",
        "-t nat -A PREROUTING -d 10.9.9.9 -j DNAT --to-destination 8.8.8.8",
    )?;
    ours(
        "host",
        "-t nat -A POSTROUTING -o h1 -j SNAT --to-source 192.168.64.3",
    )?;
    run("ip netns exec app ping -q -c 1 -W 1 10.9.9.9")?;
    let flows = netfilter("host")?.flows()?;
    let [flow] = flows.as_slice() else {
        bail!("one connection is followed: {flows:?}");
    };
    ensure!(flow.original.dst.to_string() == "10.9.9.9", "{flow}");
    ensure!(flow.reply.src.to_string() == "8.8.8.8", "{flow}");

    ours(
        "host",
        "-A FORWARD -p icmp -j REJECT --reject-with icmp-host-prohibited",
    )?;
    let refused = real("ip netns exec app ping -c 1 -W 1 8.8.8.8")?.out;
    ensure!(refused.contains("Destination Host Prohibited"), "{refused}");
    Ok(())
}

fn connections_are_printed_as_conntrack_prints_them() -> anyhow::Result<()> {
    shell(ROUTED)?;
    ours("host", "-t nat -A POSTROUTING -o h1 -j MASQUERADE")?;
    run("ip netns exec app ping -q -c 1 -W 1 8.8.8.8")?;
    shell(
        "ip netns exec host ip6tables -A INPUT -m conntrack --ctstate NEW
         ip -n host -6 addr add 2001:db8::1/128 dev lo nodad
         ip netns exec host ping -q -c 1 -W 1 2001:db8::1",
    )?;
    let server = within("out", || TcpListener::bind("8.8.8.8:80"))?;
    let client = within("app", || TcpStream::connect("8.8.8.8:80"))?;
    within("app", || {
        UdpSocket::bind("0.0.0.0:0")?.send_to(b"anybody?", "8.8.8.8:53")
    })?;
    for _ in 0..20 {
        let before = lines("host")?;
        let real = run("ip netns exec host conntrack -L")?;
        if lines("host")? == before {
            let mut real: Vec<_> = real.lines().map(str::to_owned).collect();
            real.sort();
            ensure!(real.len() == 4, "{real:#?}");
            ensure!(before == real, "ours {before:#?}\nreal {real:#?}");
            drop((client, server));
            return Ok(());
        }
    }
    bail!("never twice the same")
}

/// What is told from the start folds into what is read at the end, whoever made the changes.
fn news_keep_the_tables() -> anyhow::Result<()> {
    shell(ROUTED)?;
    block_on(async {
        let mut told = Told::new("host")?;
        told.catch_up()?;
        let ping = "ip netns exec app ping -q -c 1 -W 1 8.8.8.8";
        run("ip netns exec host iptables -t nat -A POSTROUTING -o h1 -j MASQUERADE")?;
        ours("host", "-A FORWARD -m conntrack --ctstate NEW -j ACCEPT")?;
        told.until(|space| space.ruleset.tables.len() == 2).await?;
        run(ping)?;
        told.until(|space| space.flows.iter().any(Flow::is_answered))
            .await?;
        run("ip netns exec host nft add table inet mine")?;
        told.until(|space| space.ruleset.tables.len() == 3).await?;
        run("ip netns exec host conntrack -F")?;
        told.until(|space| space.flows.is_empty()).await
    })
}

/// So many changes while nobody reads that the kernel drops messages.
fn lost_news_are_read_anew() -> anyhow::Result<()> {
    shell(ROUTED)?;
    ours("host", "-t nat -A POSTROUTING -o h1 -j MASQUERADE")?;
    block_on(async {
        let mut told = Told::new("host")?;
        told.catch_up()?;
        let rules = "-A FORWARD -s 172.16.0.0/16 -d 10.0.0.0/8 -j DROP\n".repeat(500);
        std::fs::write("/run/rules", format!("*filter\n{rules}COMMIT\n"))?;
        for _ in 0..20 {
            shell("ip netns exec host iptables-restore < /run/rules")?;
        }
        run("ip netns exec app ping -q -c 1 -W 1 8.8.8.8")?;
        told.until(|space| space.flows.len() == 1).await?;
        ensure!(told.whole > 1, "nothing was lost, so nothing was tested");
        Ok(())
    })
}

/// A namespace's tables as they are told.
struct Told {
    ns: &'static str,
    news: News,
    world: World,
    /// How often all connections were told.
    whole: usize,
}

impl Told {
    fn new(ns: &'static str) -> anyhow::Result<Self> {
        let mut world = World::default();
        world.apply(&Ns::Host, Change::Appeared(Box::default()));
        let fd = File::open(format!("/run/netns/{ns}"))?;
        Ok(Self {
            ns,
            news: Netfilter::watch(fd.as_fd())?,
            world,
            whole: 0,
        })
    }

    fn space(&self) -> anyhow::Result<&Space> {
        self.world.spaces.get(&Ns::Host).context("a namespace")
    }

    fn fold(&mut self, changes: Vec<Change>) {
        for change in changes {
            self.whole += usize::from(matches!(change, Change::Flows(_)));
            self.world.apply(&Ns::Host, change);
        }
    }

    fn catch_up(&mut self) -> anyhow::Result<()> {
        let changes = self.news.take()?;
        self.fold(changes);
        Ok(())
    }

    /// Waits for the news that bring this, and lays what was told beside what is read.
    async fn until(&mut self, holds: impl Fn(&Space) -> bool) -> anyhow::Result<()> {
        while !holds(self.space()?) {
            let changes = self.news.next().await?;
            self.fold(changes);
        }
        let netfilter = netfilter(self.ns)?;
        let read = Space {
            ruleset: netfilter.ruleset()?,
            flows: netfilter.flows()?,
            ..Space::default()
        };
        self.catch_up()?;
        let told = self.space()?.clone().lasting();
        let read = read.lasting();
        ensure!(told == read, "told {told:#?}\nread {read:#?}");
        Ok(())
    }
}

/// Opens a socket in a namespace.
fn within<T: Send>(ns: &str, open: impl FnOnce() -> io::Result<T> + Send) -> anyhow::Result<T> {
    let ns = File::open(format!("/run/netns/{ns}"))?;
    Ok(inside(ns.as_fd(), open)??)
}

fn lines(ns: &str) -> anyhow::Result<Vec<String>> {
    let flows = netfilter(ns)?.flows()?;
    let mut lines: Vec<String> = flows.iter().map(ToString::to_string).collect();
    lines.sort();
    Ok(lines)
}

fn netfilter(ns: &str) -> anyhow::Result<Netfilter> {
    Netfilter::open(File::open(format!("/run/netns/{ns}"))?.as_fd())
}

fn listed(ns: &str, line: &str) -> anyhow::Result<String> {
    Ok(perform(ns, line)?.out)
}

fn ours(ns: &str, line: &str) -> anyhow::Result<()> {
    let printed = perform(ns, line)?;
    ensure!(printed == Printed::default(), "{line}: {printed:?}");
    Ok(())
}

fn perform(ns: &str, line: &str) -> anyhow::Result<Printed> {
    netfilter(ns)?.perform(&command(line)?)
}

fn command(line: &str) -> anyhow::Result<Iptables> {
    match parse(&format!("iptables {line}"))?.command {
        Some(Command::Iptables(command)) => Ok(command),
        _ => bail!("not iptables"),
    }
}
