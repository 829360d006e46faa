//! Our tcpdump and tcpdump(8) capture the same traffic at the same time.
//!
//! The real one gives up its rights after it has opened its socket, which nobody can do in a user
//! namespace with a single user: there it refuses, and ours is laid beside what is known to pass.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::process::{Child, Command as Process, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, bail, ensure};
use tutor::command::{Command, parse};
use tutor::kernel::{Text, capture, icmp};
use tutor::lesson::probe::{Answer, Expect, Probe, What};
use tutor::world::Ns;

use crate::frame::{Case, block_on};
use crate::tools::{attempt, run, shell};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    captures_of_a_ping,
    captures_of_ipv6,
    captures_of_a_handshake,
    captures_of_an_error,
    captures_of_tags,
    captures_that_are_refused,
    captures_that_are_stopped,
    captures_on_a_device_that_goes_down,
];

/// `v0` (10.0.0.1) here, `v1` (10.0.0.2) in `peer`; nothing passes that was not asked for.
fn two() -> anyhow::Result<()> {
    shell(
        "sysctl -qw net.ipv6.conf.default.disable_ipv6=1
         ip netns add peer
         ip netns exec peer sysctl -qw net.ipv6.conf.default.disable_ipv6=1
         ip link set lo up
         ip link add v0 address 02:00:00:00:00:01 type veth \
             peer name v1 address 02:00:00:00:00:02 netns peer
         ip addr add 10.0.0.1/24 dev v0
         ip -n peer addr add 10.0.0.2/24 dev v1
         ip -n peer link set lo up
         ip -n peer link set v1 up
         ip link set v0 up
         ip route add 10.9.0.0/16 via 10.0.0.2",
    )?;
    Ok(())
}

fn ping(to: &str) -> anyhow::Result<()> {
    attempt(&format!("ping -c 1 -W 0.5 {to}")).map(drop)
}

fn captures_of_a_ping() -> anyhow::Result<()> {
    two()?;
    let anew = || -> anyhow::Result<()> {
        run("ip neigh flush dev v0")?;
        run("ip -n peer neigh flush dev v1")?;
        ping("10.0.0.2")
    };
    let lines = same("-n -i v0 -c 4", anew)?;
    let [asked, told, request, reply] = &lines[..] else {
        bail!("{lines:?}");
    };
    ensure!(
        asked == "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
        "{asked}"
    );
    ensure!(
        told == "ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02, length 28",
        "{told}"
    );
    ensure!(
        request.starts_with("IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id "),
        "{request}"
    );
    ensure!(reply.ends_with(", seq 1, length 64"), "{reply}");
    same("-n -e -i v0 -c 4", anew)?;
    let icmp = same("-n -i v0 -c 2 icmp", anew)?;
    ensure!(
        icmp.iter().all(|line| line.contains(": ICMP echo ")),
        "{icmp:?}"
    );
    same("-n -i v0 -c 2 arp", anew)?;
    same("-n -i v0 -c 4 host 10.0.0.2", anew)?;
    let any = same("-n -i any -c 4", anew)?;
    ensure!(any[0].starts_with("v0    Out ARP, Request"), "{any:?}");
    same("-n -e -i any -c 4", anew)?;
    let looped = same("-n -i lo -c 2", || ping("10.0.0.1"))?;
    ensure!(looped.len() == 2, "{looped:?}");
    Ok(())
}

fn captures_of_ipv6() -> anyhow::Result<()> {
    two()?;
    shell(
        "for dev in all default lo v0; do sysctl -qw net.ipv6.conf.$dev.disable_ipv6=0; done
         ip netns exec peer sh -c 'sysctl -qw net.ipv6.conf.all.disable_ipv6=0'
         ip addr add fd00::1/64 dev v0 nodad
         ip -n peer addr add fd00::2/64 dev v1 nodad",
    )?;
    let lines = same("-n -i v0 -c 3 icmp6 and host fd00::2", || ping("fd00::2"))?;
    ensure!(
        lines[0]
            == "IP6 fd00::2 > fd00::1: ICMP6, neighbor advertisement, tgt is fd00::2, length 32",
        "{lines:?}"
    );
    same("-n -i v0 -c 2 icmp6 and src or dst host fd00::2", || {
        ping("fd00::2")
    })
    .map(drop)
}

fn captures_of_a_handshake() -> anyhow::Result<()> {
    two()?;
    ping("10.0.0.2")?;
    let lines = same("-n -i v0 -c 3 tcp port 80", connect)?;
    ensure!(
        lines[0].contains("> 10.0.0.2.80: Flags [S], seq "),
        "{lines:?}"
    );
    ensure!(
        lines[0].contains(", options [mss 1460,sackOK,TS val "),
        "{lines:?}"
    );
    ensure!(lines[1].contains("Flags [S.], seq "), "{lines:?}");
    ensure!(lines[2].contains("Flags [.], ack 1, win "), "{lines:?}");
    Ok(())
}

fn captures_of_an_error() -> anyhow::Result<()> {
    two()?;
    shell("ip netns exec peer sysctl -qw net.ipv4.ip_forward=1; ping -c 1 10.0.0.2")?;
    let lines = same("-n -i v0 -c 2 icmp", || ping("10.9.0.1"))?;
    ensure!(
        lines[1] == "IP 10.0.0.2 > 10.0.0.1: ICMP net 10.9.0.1 unreachable, length 92",
        "{lines:?}"
    );
    same("-n -i v0 -c 2 icmp", || {
        attempt("ping -c 1 -t 1 -W 0.5 10.9.0.1").map(drop)
    })
    .map(drop)
}

/// The kernel takes the outer tag out of a frame that comes in. It is put back, but on `any`, where
/// tcpdump does without it as well.
fn captures_of_tags() -> anyhow::Result<()> {
    two()?;
    let send = || {
        shell(
            "ip netns exec peer python3 -c 'import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((\"v1\", 0))
ip = bytes([0x45,0,0,28, 0,0,0,0, 64,17,0,0, 10,0,0,2, 10,0,0,1, 0,1,0,2, 0,8,0,0])
addresses = bytes([255] * 6 + [2, 0, 0, 0, 0, 2])
s.send(addresses + b\"\\x81\\x00\\x20\\x07\\x08\\x00\" + ip)
s.send(addresses + b\"\\x88\\xa8\\x00\\x09\\x81\\x00\\x20\\x07\\x08\\x00\" + ip)'",
        )
        .map(drop)
    };
    let lines = same("-n -e -i v0 -c 2", send)?;
    let start = "02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff, ethertype 802.1Q";
    let end = "vlan 7, p 1, ethertype IPv4 (0x0800), 10.0.0.2.1 > 10.0.0.1.2: UDP, length 0";
    let wanted = [
        format!("{start} (0x8100), length 46: {end}"),
        format!("{start}-QinQ (0x88a8), length 50: vlan 9, p 0, ethertype 802.1Q (0x8100), {end}"),
    ];
    ensure!(lines == wanted, "{lines:#?}");
    same("-n -i v0 -c 1 udp port 2", send)?;
    same("-n -e -i any -c 2", send).map(drop)
}

fn captures_that_are_refused() -> anyhow::Result<()> {
    run("ip link add v0 type veth peer name v1")?;
    for dev in ["nosuchdev", "v0"] {
        let line = format!("tcpdump -n -i {dev}");
        let real = attempt(&line)?;
        let mut said = String::new();
        let status = ours(&line, std::future::pending(), &mut |text| match text {
            Text::Err(text) => said += &text,
            Text::Out(text) => said.push_str(&text),
        })?;
        let told = String::from_utf8(real.stderr)?;
        ensure!(said == told, "ours {said}\nreal {told}");
        ensure!(Some(i32::from(status)) == real.status.code(), "{status}");
    }
    Ok(())
}

fn captures_that_are_stopped() -> anyhow::Result<()> {
    run("ip link set lo up")?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut stop = Some(stop);
    let (mut out, mut err) = (String::new(), String::new());
    let mut print = |text| match text {
        Text::Out(text) => {
            out += &text;
            stop.take().map(|stop| stop.send(()));
        }
        Text::Err(text) => {
            if text.contains("listening on") {
                ping("127.0.0.1").ok();
            }
            err += &text;
        }
    };
    let end = async { stopped.await.unwrap_or_default() };
    let status = ours("tcpdump -n -i lo icmp", end, &mut print)?;
    ensure!(
        status == 0 && out.ends_with("length 64\n\n"),
        "{status} {out}"
    );
    ensure!(err.contains("2 packets captured\n"), "{err}");
    ensure!(err.ends_with("0 packets dropped by kernel\n"), "{err}");
    Ok(())
}

fn captures_on_a_device_that_goes_down() -> anyhow::Result<()> {
    two()?;
    let lines = same("-n -i v0 -c 4 icmp", || {
        ping("10.0.0.2")?;
        // It passes packets again a moment after it was set up (`net/core/link_watch.c`).
        shell(
            "ip link set v0 down; ip link set v0 up
             until ip link show v0 | grep -q 'state UP'; do :; done",
        )?;
        ping("10.0.0.2")
    })?;
    ensure!(lines.len() == 4, "{lines:?}");
    for end in ["ip link del v0", "ip link set v0 down; ip link del v0"] {
        let (status, lines) = both("-n -i v0 arp", || shell(end).map(drop))?;
        ensure!(status == 1 && lines.is_empty(), "{status} {lines:?}");
        run("ip link add v0 up type veth peer name v1")?;
    }
    Ok(())
}

/// Captures by both while something passes, to a good end; the texts without time stamps.
fn same(
    options: &str,
    traffic: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Vec<String>> {
    let (status, lines) = both(options, traffic)?;
    ensure!(status == 0, "{options}: {status}");
    Ok(lines)
}

/// Captures by both while something passes; the status, and the texts without time stamps.
fn both(
    options: &str,
    traffic: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<(u8, Vec<String>)> {
    let real = may_change_user()?
        .then(|| Real::start(options))
        .transpose()?;
    let (said, heard) = mpsc::channel();
    let line = format!("tcpdump {options}");
    let ours: JoinHandle<anyhow::Result<u8>> = thread::spawn(move || {
        ours(&line, std::future::pending(), &mut |text| {
            said.send(text).ok();
        })
    });
    let greeting = heard.recv().context("nothing was said")?;
    traffic()?;
    let status = ours.join().map_err(|_| anyhow::anyhow!("panicked"))??;
    let mut lines = Vec::new();
    let mut err = match greeting {
        Text::Err(text) => text,
        Text::Out(text) => bail!("{text}"),
    };
    for text in heard {
        match text {
            Text::Out(text) => {
                for line in text.lines() {
                    lines.push(unstamped(line)?);
                }
            }
            Text::Err(text) => err += &text,
        }
    }
    if let Some(real) = real {
        let (out, told, code) = real.end()?;
        ensure!(
            code == Some(i32::from(status)),
            "{options}: {status} {code:?}"
        );
        let out = out.lines().map(unstamped).collect::<Result<Vec<_>, _>>()?;
        ensure!(out == lines, "{options}\nours {lines:#?}\nreal {out:#?}");
        let (err, told) = (uncounted(&err), uncounted(&told));
        ensure!(err == told, "{options}\nours {err}\nreal {told}");
    }
    Ok((status, lines))
}

/// Without the number that depends on when the real one reads its ring.
fn uncounted(err: &str) -> String {
    err.lines()
        .filter(|line| !line.contains("received by filter"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn unstamped(line: &str) -> anyhow::Result<String> {
    let (stamp, text) = line.split_once(' ').context("no blank")?;
    let shape = |text: &str| text.replace(|one: char| one.is_ascii_digit(), "0");
    ensure!(shape(stamp) == "00:00:00.000000", "{line}");
    Ok(text.to_owned())
}

fn ours(
    line: &str,
    stop: impl Future<Output = ()>,
    print: &mut dyn FnMut(Text),
) -> anyhow::Result<u8> {
    let line = parse(line).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let Some(Command::Tcpdump(tcpdump)) = line.command else {
        bail!("{line:?} is not tcpdump");
    };
    let ns = File::open("/proc/thread-self/ns/net")?;
    block_on(capture::tcpdump(ns.as_fd(), &tcpdump, print, stop))
}

/// Can a process here become another user?
fn may_change_user() -> anyhow::Result<bool> {
    let map = fs::read_to_string("/proc/self/uid_map")?;
    Ok(map.split_whitespace().nth(2) != Some("1"))
}

/// A connection that comes about.
fn connect() -> anyhow::Result<()> {
    let probe = Probe {
        demands: Vec::new(),
        from: Ns::Host,
        to: "10.0.0.2".parse()?,
        what: What::Tcp {
            port: 80,
            listen: None,
        },
        expect: Expect::Reply,
    };
    let here = File::open("/proc/thread-self/ns/net")?;
    let peer = File::open("/run/netns/peer")?;
    let probed = async { Ok(icmp::probe(here.as_fd(), &probe, Some(peer.as_fd())).await) };
    let answer = block_on(probed)?;
    ensure!(matches!(answer, Answer::Reply { .. }), "{answer:?}");
    Ok(())
}

/// The real tcpdump under way.
struct Real {
    child: Child,
    before: String,
    err: BufReader<std::process::ChildStderr>,
}

impl Real {
    /// Starts it and waits until it listens.
    fn start(options: &str) -> anyhow::Result<Self> {
        let mut child = Process::new("tcpdump")
            .args(["-Z", "root", "-l"])
            .args(options.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("tcpdump: is it installed?")?;
        let mut err = BufReader::new(child.stderr.take().context("no standard error")?);
        let mut before = String::new();
        while !before.contains("listening on") {
            ensure!(err.read_line(&mut before)? > 0, "{before}");
        }
        Ok(Self { child, before, err })
    }

    /// What it wrote to standard output and standard error, and its status.
    fn end(mut self) -> anyhow::Result<(String, String, Option<i32>)> {
        self.err.read_to_string(&mut self.before)?;
        let output = self.child.wait_with_output()?;
        let out = String::from_utf8(output.stdout)?;
        Ok((out, self.before, output.status.code()))
    }
}
