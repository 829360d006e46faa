//! Our ping beside ping(8), in the same place, and what probes say there.

use std::fs::File;
use std::os::fd::AsFd;

use anyhow::{Context, ensure};
use tutor::command::{Command, parse};
use tutor::kernel::Text;
use tutor::kernel::icmp::{self, Pinged};

use crate::frame::{Case, block_on};
use crate::ours::real;
use crate::tools::shell;

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    pings_answered,
    pings_refused_here,
    pings_refused_on_the_way,
    pings_into_silence,
    pings_that_arp_fails,
    pings_from_somewhere,
    pings_that_are_stopped,
];

/// Cases that make their own sandbox.
pub const BESIDE: &[Case] = &crate::cases![Beside: sent_into_a_sandbox_only];

/// `v0` (10.0.0.1, `fd00::1`) here, `v1` (10.0.0.2, `fd00::2`) in `peer`, which routes and has no
/// default route. Limits on the number of ICMP errors are lifted, and duplicate address detection
/// is off: both end when they like.
pub fn two() -> anyhow::Result<()> {
    shell(
        "sysctl -qw net.ipv6.conf.default.accept_dad=0
         ip netns add peer
         ip netns exec peer sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
             net.ipv4.icmp_ratemask=0 net.ipv6.conf.default.accept_dad=0 \
             net.ipv6.icmp.ratemask=
         ip link set lo up
         ip -n peer link set lo up
         ip link add v0 type veth peer name v1 netns peer
         ip addr add 10.0.0.1/24 dev v0
         ip addr add fd00::1/64 dev v0 nodad
         ip -n peer addr add 10.0.0.2/24 dev v1
         ip -n peer addr add fd00::2/64 dev v1 nodad
         ip -n peer link set v1 up
         ip link set v0 up
         ip route add 10.9.0.0/16 via 10.0.0.2
         ip route add fd09::/16 via fd00::2",
    )?;
    Ok(())
}

fn pings_answered() -> anyhow::Result<()> {
    two()?;
    same("ping -c 2 -i 0.2 10.0.0.2")?;
    same("ping -c 2 -i 0.2 fd00::2")?;
    same("ping -c 1 10.0.0.1")?;
    same("ping -c 1 ::1")?;
    same("ping -c 1 0.0.0.0")?;
    same("ping -q -c 2 -i 0.2 10.0.0.2")?;
    same("ping -c 1 -s 4 10.0.0.2")?;
    same("ping -c 1 -s 4000 10.0.0.2")?;
    same("ping -c 1 -s 4000 fd00::2")
}

fn pings_refused_here() -> anyhow::Result<()> {
    two()?;
    shell(
        "ip route add prohibit 7.0.1.0/24
         ip route add blackhole 7.0.2.0/24
         ip route add unreachable 7.0.3.0/24",
    )?;
    for to in [
        "8.8.8.8",
        "fd77::1",
        "7.0.1.1",
        "7.0.2.1",
        "7.0.3.1",
        "10.0.0.255",
    ] {
        same(&format!("ping -c 1 {to}"))?;
    }
    shell("iptables -A OUTPUT -p icmp -j DROP")?;
    // The one difference there is: this release of ping has forgotten to say it.
    let ours = ours("ping -c 1 -W 0.3 10.0.0.2")?;
    ensure!(
        ours.1 == "ping: sendmsg: Operation not permitted\n",
        "{ours:?}"
    );
    same_output("ping -c 1 -W 0.3 10.0.0.2")
}

fn pings_refused_on_the_way() -> anyhow::Result<()> {
    two()?;
    shell(
        "ip netns exec peer sysctl -qw net.ipv4.icmp_ratelimit=0
         ip -n peer link add t0 type veth peer name t1
         ip -n peer addr add 10.9.1.1/24 dev t0
         ip -n peer link set t0 up
         ip -n peer link set t1 up
         ip -n peer route add prohibit 10.9.3.0/24
         ip -n peer link set t0 mtu 1300
         ip -n peer neigh add 10.9.1.5 lladdr 02:00:00:00:00:05 dev t0
         ip netns exec peer iptables -A FORWARD -d 10.9.1.7 -j REJECT
         ip netns exec peer iptables -A FORWARD -d 10.9.1.8 \
             -j REJECT --reject-with icmp-host-prohibited
         ip netns exec peer iptables -A INPUT -s 10.0.0.1 -d 10.9.1.1 \
             -j REJECT --reject-with icmp-admin-prohibited",
    )?;
    same("ping -c 1 -t 1 10.9.1.5")?;
    same("ping -c 1 -t 1 fd09::1")?;
    same("ping -c 1 10.9.3.1")?;
    same("ping -c 1 10.9.1.7")?;
    same("ping -c 1 10.9.1.8")?;
    same("ping -c 1 10.9.1.1")?;
    same("ping -c 1 10.9.2.1")?;
    same("ping -c 1 fd09::1")
}

fn pings_into_silence() -> anyhow::Result<()> {
    two()?;
    shell("ip netns exec peer iptables -A INPUT -p icmp -j DROP")?;
    same("ping -c 2 -i 0.2 -W 0.3 10.0.0.2")?;
    same("ping -q -c 1 -W 0.3 10.0.0.2")
}

fn pings_that_arp_fails() -> anyhow::Result<()> {
    two()?;
    same("ping -c 3 10.0.0.99")?;
    same("ping -c 1 fd00::99")?;
    shell("ip link set lo down")?;
    same("ping -c 1 -W 0.5 10.0.0.98")
}

fn pings_from_somewhere() -> anyhow::Result<()> {
    two()?;
    for options in [
        "-I 10.0.0.1 10.0.0.2",
        "-I fd00::1 fd00::2",
        "-I 10.0.0.7 10.0.0.2",
        "-I fd00::7 fd00::2",
        "-I v0 10.0.0.2",
        "-I v0 fd00::2",
        "-I lo -W 0.3 10.0.0.2",
        "-I nosuch 10.0.0.2",
        "-I nosuch fd00::2",
    ] {
        same(&format!("ping -c 1 {options}"))?;
    }
    let peer = shell("ip -n peer -6 -br addr show dev v1 scope link")?;
    let link_local = peer
        .split_whitespace()
        .find_map(|word| {
            word.strip_suffix("/64")
                .filter(|addr| addr.starts_with("fe80"))
        })
        .context("no link-local address")?;
    let line = format!("ping -c 1 -W 0.3 -I v0 {link_local}");
    // Until both ends have such addresses, which come with the carrier.
    while ours(&line)?.0 != 0 {}
    same(&line)
}

/// `^C` brings the statistics; so does a future that is done.
fn pings_that_are_stopped() -> anyhow::Result<()> {
    two()?;
    let mut lines = Vec::new();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut stop = Some(stop);
    let pinged = run(
        "ping 10.0.0.2",
        &mut |text| {
            lines.push(text);
            if lines.len() == 2 {
                stop.take().map(|stop| stop.send(()));
            }
        },
        async { stopped.await.unwrap_or_default() },
    )?;
    let [Text::Out(_), Text::Out(_), Text::Out(end)] = &lines[..] else {
        anyhow::bail!("{lines:?}");
    };
    ensure!(
        pinged.status == 0 && end.contains("1 packets transmitted, 1 received"),
        "{end}"
    );
    Ok(())
}

/// The namespace that the program was started in is refused before a socket is opened.
fn sent_into_a_sandbox_only() -> anyhow::Result<()> {
    let outside = File::open("/proc/self/ns/net")?;
    let send = |why: &str| -> anyhow::Result<()> {
        let (mut said, mut print) = (String::new(), Vec::new());
        let mut push = |text| print.push(text);
        let line = "ping -c 1 127.0.0.1";
        let Pinged { status, .. } = run_in(&outside, line, &mut push, std::future::pending())?;
        if let [Text::Err(text)] = &print[..] {
            said.clone_from(text);
        }
        ensure!(status == 2 && said.contains(why), "{status} {print:?}");
        Ok(())
    };
    send("there is no sandbox")?;
    let status = tutor::kernel::sandbox::guard(|| {
        send("the network that the program was started in").map(|()| 0)
    })?;
    ensure!(status == 0, "{status}");
    Ok(())
}

/// Our ping and the real one print the same, but for times.
fn same(line: &str) -> anyhow::Result<()> {
    compare(line, |ours, real| ours == real)
}

/// They print the same to standard output.
fn same_output(line: &str) -> anyhow::Result<()> {
    compare(line, |ours, real| (ours.0, &ours.2) == (real.0, &real.2))
}

type Said = (u8, String, String);

fn compare(line: &str, alike: fn(&Said, &Said) -> bool) -> anyhow::Result<()> {
    let printed = real(line)?;
    let real = (printed.status, printed.err, masked(&printed.out));
    let ours = ours(line)?;
    ensure!(
        alike(&ours, &real),
        "{line}\nours {ours:#?}\nreal {real:#?}"
    );
    Ok(())
}

/// Exit status, standard error, standard output with its times masked.
fn ours(line: &str) -> anyhow::Result<Said> {
    let (mut out, mut err) = (String::new(), String::new());
    let mut print = |text| match text {
        Text::Out(text) => out += &text,
        Text::Err(text) => err += &text,
    };
    let pinged = run(line, &mut print, std::future::pending())?;
    Ok((pinged.status, err, masked(&out)))
}

pub fn run(
    line: &str,
    print: &mut dyn FnMut(Text),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Pinged> {
    let ns = File::open("/proc/self/ns/net")?;
    run_in(&ns, line, print, stop)
}

fn run_in(
    ns: &File,
    line: &str,
    print: &mut dyn FnMut(Text),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Pinged> {
    let line = parse(line).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let Some(Command::Ping(ping)) = line.command else {
        anyhow::bail!("{line:?} is not ping");
    };
    block_on(icmp::ping(ns.as_fd(), &ping, print, stop))
}

/// Without the numbers that differ from run to run.
fn masked(text: &str) -> String {
    let word = |word: &str| match word.split_once('=') {
        Some(("time", _)) => "time=T".to_owned(),
        _ if word.contains('/') && word.starts_with(|first: char| first.is_ascii_digit()) => {
            "T/T/T/T".to_owned()
        }
        _ => word.strip_suffix("ms").map_or(word.to_owned(), |number| {
            format!("{}ms", "T".repeat(usize::from(!number.is_empty())))
        }),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
