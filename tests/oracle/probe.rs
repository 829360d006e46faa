//! What probes say, beside ping(8) in the same place.

use std::fs::File;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::time::Duration;

use anyhow::ensure;
use tutor::kernel::icmp::{self, Prober};
use tutor::kernel::sandbox::inside;
use tutor::kernel::tcp::Ports;
use tutor::lesson::check::Verdict;
use tutor::lesson::probe::{Answer, Expect, Probe, Unreachable, What};
use tutor::world::Ns;

use crate::frame::{Case, block_on};
use crate::ping::{run, two};
use crate::tools::shell;

/// An echo request as ping sends it unless told otherwise.
const PING: What = What::Ping { size: None };

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    probes_agree_with_ping,
    large_probes_are_not_broken,
    tcp_probes,
    tcp_probes_at_once,
];

fn probes_agree_with_ping() -> anyhow::Result<()> {
    two()?;
    let peer = "10.0.0.2".parse()?;
    let code = |by, code| Expect::Unreachable {
        by,
        code: Some(code),
    };
    for (to, expect) in [
        ("10.0.0.2", Expect::Reply),
        ("fd00::2", Expect::Reply),
        ("10.0.0.1", Expect::Reply),
        ("8.8.8.8", code(None, Unreachable::NoRoute)),
        ("10.9.2.1", code(Some(peer), Unreachable::Network)),
        (
            "10.0.0.99",
            code(Some("10.0.0.1".parse()?), Unreachable::Host),
        ),
    ] {
        holds(to, PING, &expect, None)?;
        let line = format!("ping -c 2 -i 0.1 -W 4 {to}");
        let pinged = run(&line, &mut |_| (), std::future::pending())?;
        let verdict = probe(to, PING, &expect)?.judge(&pinged.answer);
        ensure!(verdict == Verdict::Holds, "{to}: {pinged:?}");
    }
    let wrong = judged("10.0.0.2", PING, &Expect::Timeout, None)?;
    ensure!(
        matches!(&wrong.1, Verdict::Not(why) if why.contains("10.0.0.2: answered")),
        "{wrong:?}"
    );
    shell("ip netns exec peer iptables -A INPUT -p icmp -j DROP")?;
    holds("10.0.0.2", PING, &Expect::Timeout, None)?;
    let wrong = judged("10.0.0.2", PING, &Expect::Reply, None)?;
    ensure!(matches!(wrong.0, Answer::Silence { .. }), "{wrong:?}");
    shell("iptables -A OUTPUT -p icmp -j DROP")?;
    holds("10.0.0.2", PING, &Expect::Timeout, None)
}

fn large_probes_are_not_broken() -> anyhow::Result<()> {
    two()?;
    let large = || What::Ping { size: Some(1200) };
    let too_big = Expect::Unreachable {
        by: None,
        code: Some(Unreachable::TooBig),
    };
    holds("10.0.0.2", large(), &Expect::Reply, None)?;
    // The other end takes in no more than its own MTU, and says nothing of the rest.
    shell("ip netns exec peer ip link set v1 mtu 1000")?;
    holds("10.0.0.2", large(), &Expect::Timeout, None)?;
    holds("10.0.0.2", PING, &Expect::Reply, None)?;
    shell("ip link set v0 mtu 1000")?;
    holds("10.0.0.2", large(), &too_big, None)
}

fn tcp_probes() -> anyhow::Result<()> {
    two()?;
    let what = || What::Tcp {
        port: 80,
        listen: Some(Ns::Named("peer".into())),
    };
    let by = |by: &str, code| -> anyhow::Result<Expect> {
        Ok(Expect::Unreachable {
            by: Some(by.parse()?),
            code: Some(code),
        })
    };
    for to in ["10.0.0.2", "fd00::2"] {
        holds(to, what(), &Expect::Reply, Some("peer"))?;
        holds(to, what(), &refused(to)?, None)?;
    }
    holds(
        "10.9.2.1",
        what(),
        &by("10.0.0.2", Unreachable::Network)?,
        None,
    )?;
    shell(
        "ip netns exec peer iptables -A INPUT -p tcp -j REJECT --reject-with icmp-host-prohibited",
    )?;
    holds(
        "10.0.0.2",
        what(),
        &by("10.0.0.2", Unreachable::Prohibited)?,
        Some("peer"),
    )?;
    shell("ip netns exec peer iptables -F; ip netns exec peer iptables -A INPUT -p tcp -j DROP")?;
    holds("10.0.0.2", what(), &Expect::Timeout, Some("peer"))
}

/// Several probes of one port need one listener, until the last has its answer.
fn tcp_probes_at_once() -> anyhow::Result<()> {
    two()?;
    let what = || What::Tcp {
        port: 80,
        listen: Some(Ns::Named("peer".into())),
    };
    let here = File::open("/proc/self/ns/net")?;
    let peer = File::open("/run/netns/peer")?;
    let ports = Ports::default();
    for _ in 0..20 {
        let answers = block_on(async {
            let one = || async {
                let probe = probe("10.0.0.2", what(), &Expect::Reply)?;
                let _listener = ports.listen(peer.as_fd(), "10.0.0.2:80".parse()?)?;
                Ok(Prober::default().probe(here.as_fd(), &probe).await)
            };
            let three: (anyhow::Result<_>, anyhow::Result<_>, anyhow::Result<_>) =
                tokio::join!(one(), one(), one());
            Ok([three.0?, three.1?, three.2?])
        })?;
        let all = answers
            .iter()
            .all(|answer| matches!(answer, Answer::Reply { .. }));
        ensure!(all, "{answers:?}");
    }
    // Nobody listens any more, and where somebody else does, the program does not.
    holds("10.0.0.2", what(), &refused("10.0.0.2")?, None)?;
    let server = inside(peer.as_fd(), || TcpListener::bind("0.0.0.0:80"))??;
    ensure!(
        ports
            .listen(peer.as_fd(), "10.0.0.2:80".parse()?)?
            .is_none(),
        "it would take connections away"
    );
    drop(server);
    Ok(())
}

fn refused(by: &str) -> anyhow::Result<Expect> {
    Ok(Expect::Unreachable {
        by: Some(by.parse()?),
        code: Some(Unreachable::Port),
    })
}

fn probe(to: &str, what: What, expect: &Expect) -> anyhow::Result<Probe> {
    Ok(Probe {
        demands: Vec::new(),
        from: Ns::Host,
        to: to.parse()?,
        what,
        expect: expect.clone(),
    })
}

fn judged(
    to: &str,
    what: What,
    expect: &Expect,
    listen: Option<&str>,
) -> anyhow::Result<(Answer, Verdict)> {
    let probe = probe(to, what, expect)?;
    let here = File::open("/proc/self/ns/net")?;
    let listen = listen
        .map(|name| File::open(format!("/run/netns/{name}")))
        .transpose()?;
    let answer = block_on(async {
        let listen = listen.as_ref().map(AsFd::as_fd);
        Ok(icmp::probe(here.as_fd(), &probe, listen).await)
    })?;
    let verdict = probe.judge(&answer);
    Ok((answer, verdict))
}

fn holds(to: &str, what: What, expect: &Expect, listen: Option<&str>) -> anyhow::Result<()> {
    let judged = judged(to, what, expect, listen)?;
    ensure!(judged.1 == Verdict::Holds, "{to}: {judged:?}");
    if let Answer::Reply { rtt } = judged.0 {
        ensure!(rtt < Duration::from_secs(1), "{to}: {rtt:?}");
    }
    Ok(())
}
