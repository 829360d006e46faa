//! Every kind of check on the real kernel, with the real tools making the network: what a step asks
//! for fails before its lines and holds after them, and near misses fail.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tutor::command::Tables;
use tutor::kernel::netfilter::Netfilter;
use tutor::kernel::netlink::Rtnl;
use tutor::kernel::sandbox::{Spaces, inside, uplink};
use tutor::lesson::check::{CheckToml, Judge};
use tutor::lesson::model::lower;
use tutor::lesson::report::{Notes, Source};
use tutor::lesson::{Check, Verdict};
use tutor::world::{Ns, Space, World};

fn main() -> ExitCode {
    frame::main(&cases![cables, bridge, routes, rules, rewriting])
}

/// How long a port, a carrier or a neighbour may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The check that a line of TOML writes.
fn check(text: &str) -> anyhow::Result<Check> {
    let toml: CheckToml = toml::from_str(text).with_context(|| text.to_owned())?;
    let source = Source {
        name: "check".to_owned(),
        text: text.to_owned(),
    };
    let mut notes = Notes::new(Arc::new(source));
    let (check, _) = lower::check(toml, 0..0, &mut notes).context("no check")?;
    ensure!(notes.findings.is_empty(), "{:?}", notes.findings);
    Ok(check)
}

/// The network of a case.
struct Net {
    spaces: Spaces,
}

impl Net {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            spaces: Spaces::new()?,
        })
    }

    /// Carries lines out in `host`, with the real tools.
    fn run(&self, script: &str) -> anyhow::Result<()> {
        let host = self.spaces.fd(&Ns::Host)?;
        inside(host.as_fd(), || tools::shell(script))??;
        Ok(())
    }

    /// Reads all that there is.
    fn world(&self) -> anyhow::Result<World> {
        let mut world = World::default();
        let mut all = vec![Ns::Host];
        all.extend(self.spaces.names()?.into_iter().map(Ns::Named));
        for ns in all {
            let fd = self.spaces.fd(&ns)?;
            let mut space = frame::block_on(async { self.tables(&fd).await })?;
            let netfilter = Netfilter::open(fd.as_fd())?;
            space.ruleset = netfilter.ruleset()?;
            space.flows = netfilter.flows()?;
            world.spaces.insert(ns, space);
        }
        Ok(world)
    }

    async fn tables(&self, fd: &Arc<OwnedFd>) -> anyhow::Result<Space> {
        let mut names = Vec::new();
        for name in self.spaces.names()? {
            let file = File::open(format!("/run/netns/{name}"))?;
            names.push((name, file.into()));
        }
        Rtnl::open(fd.as_fd())?.dump(Tables::all(), &names).await
    }

    /// Judges a check, with the settings that it asks for.
    fn judge(&self, text: &str) -> anyhow::Result<Verdict> {
        let mut world = self.world()?;
        let Judge::State(predicate) = check(text)?.judge else {
            bail!("{text} is a probe");
        };
        for (ns, name) in predicate.sysctls() {
            let Ok(fd) = self.spaces.fd(&ns) else {
                continue;
            };
            let value = inside(fd.as_fd(), || read_setting(&name))??;
            let space = world.spaces.get_mut(&ns).context("it was read")?;
            space.sysctls.insert(name, value);
        }
        Ok(predicate.judge(&world))
    }

    /// It holds, now or in a moment.
    fn holds(&self, text: &str) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let verdict = self.judge(text)?;
            if verdict == Verdict::Holds {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                bail!("{text}: {verdict:?}");
            }
        }
    }

    /// It does not hold, and says this.
    fn not(&self, text: &str, why: &str) -> anyhow::Result<()> {
        match self.judge(text)? {
            Verdict::Not(said) if said.contains(why) => Ok(()),
            other => bail!("{text}: {other:?}, wanted {why:?}"),
        }
    }

    /// Each fails before the lines and holds after them.
    fn step(&self, script: &str, checks: &[&str]) -> anyhow::Result<()> {
        for text in checks {
            let before = self.judge(text)?;
            ensure!(matches!(before, Verdict::Not(_)), "{text}: {before:?}");
        }
        self.run(script)?;
        checks.iter().try_for_each(|text| self.holds(text))
    }
}

fn read_setting(name: &str) -> anyhow::Result<String> {
    let path = format!("/proc/sys/{}", name.replace('.', "/"));
    Ok(std::fs::read_to_string(path)?.trim_end().to_owned())
}

fn cables() -> anyhow::Result<()> {
    let net = Net::new()?;
    net.step("ip netns add app1", &["netns = { name = 'app1' }"])?;
    net.step(
        "ip link add hlink1 type veth peer name clink1",
        &[
            "link = { ns = 'host', name = 'hlink1', kind = 'veth', peer = { ns = 'host', name = 'clink1' } }",
        ],
    )?;
    net.step(
        "ip link set clink1 netns app1",
        &[
            "link = { ns = 'host', name = 'hlink1', peer = { ns = 'app1', name = 'clink1' } }",
            "link = { ns = 'app1', name = 'clink1', peer = { ns = 'host', name = 'hlink1' } }",
            "absent = { link = { ns = 'host', name = 'clink1' } }",
        ],
    )?;
    net.step(
        "ip link set hlink1 up; ip addr add 172.16.0.10/16 dev hlink1",
        &[
            "link = { ns = 'host', name = 'hlink1', up = true, no-master = true, mtu = 1500 }",
            "addr = { ns = 'host', dev = 'hlink1', address = '172.16.0.10/16' }",
        ],
    )?;
    net.not(
        "link = { ns = 'host', name = 'hlink1', up = true, carrier = true }",
        "found has no carrier, wanted has a carrier",
    )?;
    net.step(
        "ip -n app1 link set clink1 up; ip -n app1 addr add 172.16.0.11/16 dev clink1",
        &[
            "link = { ns = 'host', name = 'hlink1', up = true, carrier = true }",
            "addr = { ns = 'app1', address = '172.16.0.11/16' }",
            "route = { ns = 'app1', dst = '172.16.0.0/16', dev = 'clink1', src = '172.16.0.11', on-link = true }",
        ],
    )?;
    net.step(
        "ping -c 1 -W 3 172.16.0.11",
        &[
            "neigh = { ns = 'host', dst = '172.16.0.11', known = true }",
            "neigh = { ns = 'host', dst = '172.16.0.11', mac-of = { ns = 'app1', name = 'clink1' } }",
            "neigh = { ns = 'host', dst = '172.16.0.11', state = 'reachable', dev = 'hlink1' }",
        ],
    )?;
    net.not(
        "neigh = { ns = 'host', dst = '172.16.0.11', mac-of = { ns = 'host', name = 'hlink1' } }",
        "found",
    )?;
    net.run("ping -c 1 -W 1 172.16.0.99 || true")?;
    net.holds("neigh = { ns = 'host', dst = '172.16.0.99', known = false }")?;
    net.not(
        "neigh = { ns = 'host', dst = '172.16.0.99' }",
        "found no address",
    )?;
    // The kernel adds an IPv6 address of its own; one more that is another's is not it.
    net.step(
        "ip addr add fd00::10/64 dev hlink1",
        &["addr = { ns = 'host', dev = 'hlink1', address = 'fd00::10/64' }"],
    )?;
    net.step(
        "ip link del hlink1; ip netns del app1",
        &[
            "absent = { link = { ns = 'host', name = 'hlink1' } }",
            "absent = { netns = { name = 'app1' } }",
        ],
    )
}

const BRIDGED: &str = "
ip netns add app3; ip netns add app4
ip link add hlink3 type veth peer name clink3 netns app3
ip link add hlink4 type veth peer name clink4 netns app4
ip link add br0 type bridge
ip link set hlink3 up; ip link set hlink4 up
ip -n app3 link set clink3 up; ip -n app4 link set clink4 up
ip -n app3 addr add 172.16.0.30/16 dev clink3
ip -n app4 addr add 172.16.0.40/16 dev clink4
";

fn bridge() -> anyhow::Result<()> {
    let net = Net::new()?;
    net.run(BRIDGED)?;
    net.step(
        "ip link set br0 up; ip link set hlink3 master br0; ip link set hlink4 master br0",
        &[
            "link = { ns = 'host', name = 'br0', kind = 'bridge', up = true }",
            "link = { ns = 'host', name = 'hlink3', master = 'br0', forwarding = true }",
            "link = { ns = 'host', name = 'hlink4', master = 'br0', forwarding = true }",
        ],
    )?;
    let learnt = "mac-of = { ns = 'app3', name = 'clink3' }";
    net.run("ip netns exec app3 ping -c 1 -W 3 172.16.0.40")?;
    net.holds(&format!(
        "fdb = {{ ns = 'host', dev = 'hlink3', {learnt} }}"
    ))?;
    net.not(
        &format!("fdb = {{ ns = 'host', dev = 'hlink4', {learnt} }}"),
        "at hlink3, wanted hlink4",
    )?;
    net.step(
        "ip link set hlink3 nomaster",
        &[
            "link = { ns = 'host', name = 'hlink3', no-master = true }",
            "absent = { link = { ns = 'host', name = 'hlink3', master = 'br0' } }",
        ],
    )?;
    net.step(
        "ip link set br0 promisc on; ip link set br0 mtu 1400; ip link set br0 address 02:00:00:00:00:07",
        &["link = { ns = 'host', name = 'br0', promisc = true, mtu = 1400, address = '02:00:00:00:00:07' }"],
    )
}

fn routes() -> anyhow::Result<()> {
    let net = Net::new()?;
    net.run(BRIDGED)?;
    let first = |dev: &str, first: bool| {
        format!("route = {{ ns = 'host', dst = '172.16.0.0/16', dev = '{dev}', first = {first} }}")
    };
    net.step(
        "ip addr add 172.16.0.10/16 dev hlink3; ip addr add 172.16.0.20/16 dev hlink4",
        &[&first("hlink3", true), &first("hlink4", false)],
    )?;
    net.not(&first("hlink4", true), "dev hlink3 comes before")?;
    net.step(
        "ip -n app3 route add default via 172.16.0.1",
        &[
            "route = { ns = 'app3', dst = 'default' }",
            "route = { ns = 'app3', dst = '0.0.0.0/0', via = '172.16.0.1', dev = 'clink3', metric = 0 }",
        ],
    )?;
    net.not(
        "route = { ns = 'app3', dst = 'default', via = '172.16.0.2' }",
        "found via 172.16.0.1, wanted via 172.16.0.2",
    )?;
    net.step(
        "ip -n app3 route add blackhole 10.0.0.0/8 metric 5; ip -n app3 route add 10.1.0.0/16 dev clink3 table 100",
        &[
            "route = { ns = 'app3', dst = '10.0.0.0/8', kind = 'blackhole', metric = 5 }",
            "route = { ns = 'app3', dst = '10.1.0.0/16', table = 100 }",
        ],
    )?;
    net.not(
        "route = { ns = 'app3', dst = '10.1.0.0/16' }",
        "no route to 10.1.0.0/16",
    )?;
    net.step(
        "ip -n app3 route del default",
        &["absent = { route = { ns = 'app3', dst = 'default' } }"],
    )?;
    net.step(
        "echo 1 > /proc/sys/net/ipv4/ip_forward",
        &["sysctl = { ns = 'host', name = 'net.ipv4.ip_forward', value = 1 }"],
    )
}

fn rules() -> anyhow::Result<()> {
    let net = Net::new()?;
    net.holds("rule = { ns = 'host', chain = 'FORWARD', policy = 'ACCEPT' }")?;
    net.step(
        "iptables -N my-new-rule; iptables -P FORWARD DROP",
        &[
            "rule = { ns = 'host', chain = 'my-new-rule' }",
            "rule = { ns = 'host', chain = 'FORWARD', policy = 'DROP' }",
        ],
    )?;
    net.step(
        "iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
         iptables -A FORWARD -i br0 -o eth+ -p tcp --dport 80:90 -j my-new-rule
         iptables -A my-new-rule ! -s 10.0.0.0/8 -d 10.0.0.1 -p udp --sport 53 -j REJECT",
        &[
            "rule = { ns = 'host', chain = 'FORWARD', state = 'ESTABLISHED,RELATED', target = 'ACCEPT' }",
            "rule = { ns = 'host', chain = 'FORWARD', in = 'br0', out = 'eth+', proto = 'tcp', dport = '80:90', target = 'my-new-rule' }",
            "rule = { ns = 'host', chain = 'my-new-rule', src = '! 10.0.0.0/8', dst = '10.0.0.1', proto = 'udp', sport = 53, target = 'REJECT' }",
        ],
    )?;
    net.step(
        "iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080
         iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
        &[
            "rule = { ns = 'host', table = 'nat', chain = 'PREROUTING', dport = 80, target = 'DNAT', to = '10.0.0.1' }",
            "rule = { ns = 'host', table = 'nat', chain = 'POSTROUTING', src = '172.16.0.0/16', out = '! br0', target = 'MASQUERADE' }",
        ],
    )?;
    net.not(
        "rule = { ns = 'host', table = 'nat', chain = 'POSTROUTING', out = 'br0', target = 'MASQUERADE' }",
        "found ! -o br0, wanted -o br0",
    )?;
    net.step(
        "iptables -t nat -F; iptables -F; iptables -X",
        &[
            "absent = { rule = { ns = 'host', chain = 'my-new-rule' } }",
            "absent = { rule = { ns = 'host', table = 'nat', chain = 'POSTROUTING', target = 'MASQUERADE' } }",
        ],
    )
}

fn rewriting() -> anyhow::Result<()> {
    let mut net = Net::new()?;
    uplink(&mut net.spaces)?.wait()?;
    net.run(BRIDGED)?;
    net.run(
        "ip link set br0 up; ip link set hlink3 master br0; ip addr add 172.16.0.1/16 dev br0
         ip -n app3 route add default via 172.16.0.1; echo 1 > /proc/sys/net/ipv4/ip_forward
         iptables -t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
    )?;
    net.holds("link = { ns = 'host', name = 'hlink3', forwarding = true }")?;
    net.step(
        "ip netns exec app3 ping -c 1 -W 5 8.8.8.8",
        &[
            "conntrack = { ns = 'host', proto = 'icmp', src = '172.16.0.30', dst = '8.8.8.8', nat-src = '192.168.64.3' }",
            // The host's own IGMP reports come from that network as well.
            "conntrack = { ns = 'host', proto = 'icmp', src = '172.16.0.0/16' }",
        ],
    )?;
    net.not(
        "conntrack = { ns = 'host', proto = 'icmp', src = '172.16.0.40' }",
        "found from 172.16.0.30, wanted from 172.16.0.40",
    )
}
