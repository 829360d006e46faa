//! What passes is heard: where, which way, in which order.

use std::rc::Rc;
use std::sync::Arc;

use anyhow::ensure;
use tokio::task::LocalSet;
use tutor::kernel::capture::everywhere::Sniffer;
use tutor::kernel::machine::Machine;
use tutor::packet::{Direction, Sighting};

use crate::frame::{Case, block_on};
use crate::tools::{run, shell};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![a_ping_is_seen_at_every_device_in_order];

/// Does something with a sniffer of this sandbox.
pub fn sniff<T>(f: impl AsyncFnOnce(&Sniffer) -> anyhow::Result<T>) -> anyhow::Result<T> {
    block_on(LocalSet::new().run_until(async {
        let sniffer = Sniffer::new(Rc::new(Machine::new()?));
        f(&sniffer).await
    }))
}

/// `ns/dev way` of a sighting.
pub fn place(sighting: &Arc<Sighting>) -> String {
    let way = match sighting.direction {
        Direction::Out => "out",
        Direction::In => "in",
        Direction::Broadcast => "broadcast",
        Direction::Multicast => "multicast",
        Direction::Other => "other",
    };
    format!("{}/{} {way}", sighting.ns, sighting.dev)
}

/// Does it carry IPv4?
pub fn is_ipv4(sighting: &&Arc<Sighting>) -> bool {
    sighting.bytes.get(12..14) == Some(&[8, 0])
}

/// `n1` and `n2` with a cable each to the bridge `br0` here; nothing passes that was not asked for.
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

fn a_ping_is_seen_at_every_device_in_order() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer| {
        let mut ear = sniffer.listen().await?;
        run("ip netns exec n1 ping -c 1 -w 5 10.0.0.2")?;
        ear.caught_up().await;
        let (heard, missed) = ear.take();
        let places: Vec<String> = heard.iter().filter(is_ipv4).map(place).collect();
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
        ensure!(places == wanted, "{places:?}");
        ensure!(missed == 0, "{missed}");
        Ok(())
    })
}
