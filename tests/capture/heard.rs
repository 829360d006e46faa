//! What passes is heard: where, which way, in which order.

use std::fs::OpenOptions;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::ensure;
use tokio::task::LocalSet;
use tutor::kernel::capture::everywhere::{Ear, Sniffer};
use tutor::kernel::machine::Machine;
use tutor::packet::{Direction, Medium, Sighting};

use crate::frame::{Case, block_on};
use crate::tools::{run, shell};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    a_ping_is_seen_at_every_device_in_order,
    each_frame_on_lo_is_seen_twice,
    a_tag_is_put_back,
    a_packet_without_ethernet_says_so,
    what_is_too_long_for_one_look_is_whole,
];

/// Does something with a sniffer of this sandbox, for each way to listen.
#[allow(clippy::needless_pass_by_value)] // It is a closure, written where it is called.
pub fn sniff(f: impl AsyncFn(&Sniffer, bool) -> anyhow::Result<()>) -> anyhow::Result<()> {
    block_on(LocalSet::new().run_until(async {
        let sniffer = Sniffer::new(Rc::new(Machine::new()?));
        sniffer.prepare().await;
        f(&sniffer, false).await?;
        f(&sniffer, true).await
    }))
}

/// Somebody who listens, for long or not.
pub async fn ear(sniffer: &Sniffer, long: bool) -> anyhow::Result<Ear> {
    if long {
        sniffer.listen_on().await
    } else {
        sniffer.listen().await
    }
}

/// What `line` makes pass, of IPv4; nothing may be missed.
pub async fn passing(ear: &mut Ear, line: &str) -> anyhow::Result<Vec<Arc<Sighting>>> {
    run(line)?;
    ear.caught_up().await;
    let (mut heard, missed) = ear.take();
    ensure!(missed == 0, "{missed} missed");
    heard.retain(is_ipv4);
    Ok(heard)
}

/// `ns/dev way` of each.
pub fn places(heard: &[Arc<Sighting>]) -> Vec<String> {
    let place = |sighting: &Arc<Sighting>| {
        let way = match sighting.direction {
            Direction::Out => "out",
            Direction::In => "in",
            Direction::Broadcast => "broadcast",
            Direction::Multicast => "multicast",
            Direction::Other => "other",
        };
        format!("{}/{} {way}", sighting.ns, sighting.dev)
    };
    heard.iter().map(place).collect()
}

/// Does it carry IPv4, for one host?
fn is_ipv4(sighting: &Arc<Sighting>) -> bool {
    let kind = sighting.bytes.get(12..14);
    let ethernet = kind == Some(&[8, 0]) || kind == Some(&[0x81, 0]);
    match sighting.medium {
        Medium::Ethernet => ethernet && sighting.bytes.first() != Some(&1),
        Medium::Bare => sighting.bytes.first().is_some_and(|byte| byte >> 4 == 4),
    }
}

/// `n1` (10.0.0.1) and `n2` with a cable each to the bridge `br0` here.
pub fn bridged() -> anyhow::Result<()> {
    shell(
        "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
         ip link add br0 type bridge
         ip link set br0 up
         for n in 1 2; do
             ip netns add n$n
             ip netns exec n$n sysctl -qw net.ipv6.conf.default.disable_ipv6=1
             ip link add h$n type veth peer name c$n netns n$n
             ip link set h$n master br0 up
             ip -n n$n addr add 10.0.0.$n/24 dev c$n
             ip -n n$n link set c$n up
         done
         ip netns exec n1 ping -c 1 -w 5 10.0.0.2",
    )
    .map(drop)
}

/// From `n1` to `n2`.
pub const PING: &str = "ip netns exec n1 ping -c 1 -W 5 10.0.0.2";

fn a_ping_is_seen_at_every_device_in_order() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        let mut other = sniffer.listen().await?;
        let heard = passing(&mut ear, PING).await?;
        let wanted = [
            "n1/c1 out",
            "host/h1 other",
            "host/h2 out",
            "n2/c2 in",
            "n2/c2 out",
            "host/h2 other",
            "host/h1 out",
            "n1/c1 in",
        ];
        ensure!(places(&heard) == wanted, "{:?}", places(&heard));
        let sorted = heard.is_sorted_by_key(|sighting| sighting.at);
        ensure!(sorted, "in order of time");
        ensure!(
            heard
                .iter()
                .all(|one| one.bytes.len() == 98 && one.length == 98)
        );
        // Two who listen hear the same; one that ends does not end the other's.
        drop(ear);
        let heard = passing(&mut other, PING).await?;
        ensure!(heard.len() == 2 * wanted.len(), "{:?}", places(&heard));
        Ok(())
    })
}

fn each_frame_on_lo_is_seen_twice() -> anyhow::Result<()> {
    run("ip link set lo up")?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        let heard = passing(&mut ear, "ping -c 1 127.0.0.1").await?;
        let wanted = ["host/lo out", "host/lo in", "host/lo out", "host/lo in"];
        ensure!(places(&heard) == wanted, "{:?}", places(&heard));
        Ok(())
    })
}

/// The kernel takes the tag out of a frame that comes in, with or without a device for it.
fn a_tag_is_put_back() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        shell(
            "ip netns exec n1 python3 -c 'import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((\"c1\", 0))
s.send(bytes([2] * 12) + b\"\\x81\\x00\\x20\\x07\\x08\\x00\" + bytes(46))'",
        )?;
        let heard = passing(&mut ear, "true").await?;
        let tag = [0x81, 0, 0x20, 7, 8, 0];
        for one in &heard {
            ensure!(one.bytes.get(12..18) == Some(&tag), "{one:?}");
            ensure!(one.bytes.len() == 64 && one.length == 64, "{one:?}");
        }
        let wanted = ["n1/c1 out", "host/h1 other"];
        ensure!(places(&heard)[..2] == wanted, "{:?}", places(&heard));
        Ok(())
    })
}

/// What passes a tun device on the way to 10.8.0.2; absent where this machine lets nobody but root
/// have one.
pub fn tunnelled() -> Option<anyhow::Result<()>> {
    let tun = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/net/tun");
    tun.is_ok().then(|| {
        // Somebody has to hold the other end of it.
        shell(
            "python3 -c '
import fcntl, os, struct, subprocess
tun = os.open(\"/dev/net/tun\", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack(\"16sH\", b\"t0\", 0x1001))
subprocess.run(\"ip addr add 10.8.0.1/24 dev t0; ip link set t0 up\", shell=True, check=True)
subprocess.run(\"ping -c 1 -W 0.2 10.8.0.2\", shell=True)'",
        )
        .map(drop)
    })
}

fn a_packet_without_ethernet_says_so() -> anyhow::Result<()> {
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        let Some(tunnelled) = tunnelled() else {
            return Ok(());
        };
        tunnelled?;
        let heard = passing(&mut ear, "true").await?;
        ensure!(places(&heard) == ["host/t0 out"], "{:?}", places(&heard));
        ensure!(
            heard[0].medium == Medium::Bare && heard[0].length == 84,
            "{heard:?}"
        );
        Ok(())
    })
}

fn what_is_too_long_for_one_look_is_whole() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        // More than the lookout reads at once, and than a block has room for.
        let flood = "ip netns exec n1 ping -q -f -c 400 -s 1400 -w 20 10.0.0.2";
        let heard = passing(&mut ear, flood).await?;
        ensure!(heard.len() == 400 * 8, "{}", heard.len());
        let sorted = heard.is_sorted_by_key(|sighting| sighting.at);
        ensure!(sorted, "in order of time");
        Ok(())
    })
}
