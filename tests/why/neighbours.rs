//! Neighbours whose hardware address is another than it was.

use anyhow::ensure;
use tutor::trace::Cause;
use tutor::trace::answer::Answer;

use crate::bench::{Bench, Send};
use crate::broken::{Broken, each, told};
use crate::nets::SWITCH;
use crate::traced::run;

/// Who asked the host, and is asked by it, knows its hardware address.
const ACQUAINTED: &str = "ip netns exec b ping -c 1 -W 1 10.0.0.1";
/// A port with a lower address than the others: the bridge takes it over.
const LOWER: [&str; 2] = [
    "ip link add hz address 02:00:00:00:00:01 type veth peer name ez",
    "ip link set hz master br0 up",
];

/// A bridge takes another hardware address when a port comes or goes; a container is made anew.
pub fn moved() -> anyhow::Result<()> {
    run(each(
        SWITCH,
        &[
            Broken {
                lines: &[ACQUAINTED, "ip link set ha nomaster"],
                from: "b",
                to: "10.0.0.1",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "The neighbour table of b says that 10.0.0.1 is at 02:00:00:00:00:0a, but br0 \
                    in host has 02:00:00:00:00:0b by now (02:00:00:00:00:0a is ha in host). A bridge \
                    takes the lowest hardware address of its ports for its own, so it changes as \
                    ports come and go. *within a minute*`ip -n b neigh flush dev eb`*`ip link set \
                    br0 address 02:00:00:00:00:0b`*",
            },
            Broken {
                lines: &[ACQUAINTED, "ip link del ha"],
                from: "b",
                to: "10.0.0.1",
                send: Send::Tcp(80, Some("host")),
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "*br0 in host has 02:00:00:00:00:0b by now. A bridge takes the lowest*",
            },
            Broken {
                lines: &[ACQUAINTED, LOWER[0], LOWER[1]],
                from: "b",
                to: "10.0.0.1",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "*10.0.0.1 is at 02:00:00:00:00:0a, but br0 in host has 02:00:00:00:00:01 by \
                    now (02:00:00:00:00:0a is ha in host, a port of br0).*",
            },
            Broken {
                lines: &[
                    "ip -n b link set eb address 02:00:00:00:00:1b",
                    ACQUAINTED,
                    LOWER[0],
                    LOWER[1],
                    // It would ask, and the question would tell its new address.
                    "ip neigh replace 10.0.0.3 lladdr 02:00:00:00:00:1b dev br0",
                ],
                from: "host",
                to: "10.0.0.3",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "*so the answer to 10.0.0.1 goes to the old one*",
            },
            Broken {
                lines: &[
                    ACQUAINTED,
                    "ip netns exec b ip link set eb address 02:00:00:00:00:99",
                ],
                from: "host",
                to: "10.0.0.3",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "host/br0",
                says: "The neighbour table of host says that 10.0.0.3 is at *, but eb in b has \
                    02:00:00:00:00:99 by now. *so the packet to 10.0.0.3 goes to the old one, and \
                    nobody takes it. *within a minute*`ip neigh flush dev br0`*",
            },
            Broken {
                lines: &["ip -n b neigh add 10.0.0.1 lladdr 02:00:00:00:00:0c dev eb"],
                from: "b",
                to: "10.0.0.1",
                send: Send::Ping,
                cause: Cause::WrongNeighbour,
                at: "b/eb",
                says: "The neighbour table of b has a static entry that says 10.0.0.1 is at \
                    02:00:00:00:00:0c, but br0 in host has 02:00:00:00:00:0a. *`ip -n b neigh del \
                    10.0.0.1 dev eb`*",
            },
        ],
    ))
}

/// Behind the port that the bridge had its address from, the old one is still taken in.
pub fn own_port() -> anyhow::Result<()> {
    run(async {
        let mut bench = Bench::new(SWITCH).await?;
        bench.line("ip netns exec a ping -c 1 10.0.0.1").await?;
        for line in LOWER {
            bench.line(line).await?;
        }
        let story = bench.story("a", "10.0.0.1", Send::Ping).await?;
        let answered = matches!(story.answer, Answer::Reply { .. });
        ensure!(answered && story.diagnosis.is_none(), "{}", told(&story));
        // What is wrong is found nevertheless, not the neighbour entry that does no harm.
        bench.line("iptables -A INPUT -p icmp -j DROP").await?;
        let story = bench.story("a", "10.0.0.1", Send::Ping).await?;
        let cause = story.diagnosis.as_ref().map(|found| found.cause);
        ensure!(cause == Some(Cause::Filtered), "{}", told(&story));
        Ok(())
    })
}
