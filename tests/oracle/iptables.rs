//! `iptables`: by us in one namespace, by the real tool in another; then both are read back by
//! real `iptables` and `nft`, and by us.

use std::fs::File;
use std::os::fd::AsFd;

use anyhow::{Context, bail, ensure};
use tutor::command::iptables::Iptables;
use tutor::command::{Command, Printed, parse};
use tutor::kernel::netfilter::Netfilter;

use crate::frame::Case;
use crate::listings::{LISTINGS, listed, nft};
use crate::ours::real;
use crate::tools::{run, shell};

pub const CASES: &[Case] = &crate::cases![
    rules_are_iptables_own,
    matches_are_iptables_own,
    nat_is_iptables_own,
    chains_come_and_go_as_iptables_has_them,
    refusals_are_iptables_own,
    counters_are_listed_as_iptables_lists_them,
    rules_of_nft_do_not_disturb,
    unknown_extensions_are_named,
    foreign_tables_are_refused,
    native_rules_are_listed_the_same,
];

fn rules_are_iptables_own() -> anyhow::Result<()> {
    alike(&[
        "-A INPUT -j ACCEPT",
        "-A FORWARD -i br0 -o eth+ -j ACCEPT",
        "-I FORWARD -j DROP",
        "-I FORWARD 2 ! -i br0 ! -o veth+ -j RETURN",
        "-I FORWARD 4 -p icmp -j REJECT",
        "-I FORWARD 1 -s 10.0.0.1 -j DROP",
        "-D FORWARD 2",
        "-D FORWARD -i br0 -o eth+ -j ACCEPT",
        "-P FORWARD DROP",
        "-P INPUT DROP",
        "-P INPUT ACCEPT",
        "-A OUTPUT -p tcp -j REJECT --reject-with tcp-reset",
        "-A OUTPUT -j REJECT --reject-with host-prohib",
        "-A OUTPUT -j REJECT --reject-with icmp-net-unreachable",
        "-A OUTPUT -j REJECT --reject-with icmp-admin-prohibited",
        "-D OUTPUT -j REJECT --reject-with icmp-host-prohibited",
        "-A OUTPUT",
        "-F OUTPUT",
        "-F",
    ])
}

fn matches_are_iptables_own() -> anyhow::Result<()> {
    alike(&[
        "-A FORWARD -s 10.0.0.0/8 -d 10.1.0.0/16 -j ACCEPT",
        "-A FORWARD -s 10.1.2.0/24 -d 10.1.2.3 -j ACCEPT",
        "-A FORWARD ! -s 172.16.128.0/17 ! -d 172.16.0.0/12 -j ACCEPT",
        "-A FORWARD -s 10.1.2.3/9 -d 0.0.0.0/0 -j DROP",
        "-A FORWARD -s 127.0.0.1 -d 127.0.0.0/8",
        "-A FORWARD -s 169.254.0.0/16 -d 172.116.128.128/27",
        "-A FORWARD -i abcdefghijklmno -o abcdefghijklmno",
        "-A FORWARD ! -i abcdefg ! -o +",
        "-A FORWARD -i + -o abcdef+",
        "-A FORWARD ! -p tcp --dport 80 -j ACCEPT",
        "-A FORWARD ! -p udp",
        "-A FORWARD -p tcp --dport 80 -j ACCEPT",
        "-A FORWARD -p tcp --sport 5 --dport 443 -j ACCEPT",
        "-A FORWARD -p tcp --sport 0 --dport 22",
        "-A FORWARD -p udp --sport 1000:2000 --dport 53",
        "-A FORWARD -p udp ! --sport 68 ! --dport 67:69",
        "-A FORWARD -p udp --dport :7",
        "-A FORWARD -p udp ! --dport :7",
        "-D FORWARD -p udp ! --dport :7",
        "-A FORWARD -p udp ! --dport 7:",
        "-A FORWARD -p tcp --sport 0:65535",
        "-A FORWARD -p udp ! --sport 0:65535",
        "-A FORWARD -m conntrack --ctstate NEW -j ACCEPT",
        "-A FORWARD -m conntrack ! --ctstate INVALID,UNTRACKED -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED,SNAT,DNAT -j ACCEPT",
        "-A FORWARD -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate NEW -p tcp --dport 22 -j ACCEPT",
        "-D FORWARD -m conntrack --ctstate NEW -p tcp --dport 22 -j ACCEPT",
    ])
}

fn nat_is_iptables_own() -> anyhow::Result<()> {
    alike(&[
        "-t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
        "-t nat -A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:10-20",
        "-t nat -A POSTROUTING -p udp -j SNAT --to-source 1.2.3.4:10",
        "-t nat -I POSTROUTING -j SNAT --to-source 1.2.3.4",
        "-t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 172.16.0.10:8080",
        "-t nat -A PREROUTING -j DNAT --to-destination 172.16.0.10",
        "-t nat -A OUTPUT -d 10.0.0.1 -j DNAT --to-destination 172.16.0.10",
        "-t nat -A INPUT -j ACCEPT",
        "-t nat -D POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
        "-t nat -P POSTROUTING ACCEPT",
        "-t nat -F PREROUTING",
        "-t nat -X",
        "-t nat -F",
        "-t nat -X",
    ])
}

fn chains_come_and_go_as_iptables_has_them() -> anyhow::Result<()> {
    alike(&[
        "-F",
        "-X",
        "-F OUTPUT",
        "-N zoo",
        "-N DOCKER",
        "-N alongchainnameis8",
        "-A FORWARD -j DOCKER",
        "-A DOCKER -p icmp -j alongchainnameis8",
        "-A DOCKER -j RETURN",
        "-I zoo -j DOCKER",
        "-S DOCKER",
        "-S INPUT",
        "-L INPUT",
        "-L DOCKER -n -v",
        "-L zoo -n --line-numbers",
        "-X zoo",
        "-X",
        "-F",
        "-X zoo",
        "-A INPUT -j ACCEPT",
        "-P OUTPUT DROP",
        "-X INPUT",
        "-X",
        "-F",
        "-X OUTPUT",
        "-X",
    ])
}

fn refusals_are_iptables_own() -> anyhow::Result<()> {
    alike(&[
        "-D INPUT 1",
        "-D INPUT -j ACCEPT",
        "-I INPUT 2 -j ACCEPT",
        "-X INPUT",
        "-N FOO",
        "-N FOO",
        "-N INPUT",
        "-A NOPE -j ACCEPT",
        "-I NOPE -j ACCEPT",
        "-D NOPE -j ACCEPT",
        "-D NOPE 1",
        "-D FOO 5",
        "-I FOO 2 -j DROP",
        "-F NOPE",
        "-X NOPE",
        "-S NOPE",
        "-L NOPE",
        "-P NOPE DROP",
        "-P FOO DROP",
        "-t nat -P OUTPUT DROP",
        "-A INPUT -j NOPE",
        "-A NOPE -j NOPE2",
        "-D INPUT -j NOPE",
        "-A INPUT -j INPUT",
        "-A FOO -j FOO",
        "-A INPUT -j FOO",
        "-X FOO",
        "-A INPUT -j MASQUERADE",
        "-A INPUT -j SNAT --to-source 1.2.3.4",
        "-I INPUT -j DNAT --to-destination 1.2.3.4",
        "-t nat -A PREROUTING -j MASQUERADE",
        "-t nat -A POSTROUTING -j REJECT",
        "-t nat -A POSTROUTING -j DNAT --to-destination 1.2.3.4",
        "-A INPUT -j REJECT --reject-with tcp-reset",
    ])
}

/// Packets and bytes in every width, given by the real tool in both.
fn counters_are_listed_as_iptables_lists_them() -> anyhow::Result<()> {
    twins()?;
    let counts = [
        "99999 99999",
        "100000 1234567",
        "9999499 9999500",
        "99994990 999950000",
        "9999499000000 9999500000000",
    ];
    for ns in ["ours", "real"] {
        for count in counts {
            run(&format!("ip netns exec {ns} iptables -c {count} -A OUTPUT"))?;
        }
        let pings = format!(
            "ip -n {ns} link set lo up
             ip netns exec {ns} iptables -P OUTPUT ACCEPT
             ip netns exec {ns} ping -q -c 3 127.0.0.1"
        );
        shell(&pings)?;
    }
    listings_agree()?;
    let listed = ours("-L OUTPUT -n -v")?.out;
    ensure!(
        listed.contains("policy ACCEPT 6 packets, 504 bytes"),
        "{listed}"
    );
    Ok(())
}

/// Tables that iptables has nothing to do with. Each set has one element: the order of more is by chance.
const FENCE: &str = "
table inet fence {
    set ports {
        type inet_service
        elements = { 22 }
    }
    chain input {
        type filter hook input priority 10; policy accept;
        tcp dport @ports ct state new limit rate 5/second counter accept
        ip6 saddr ::1 iifname { lo } meta mark 7 log
        ip saddr . tcp dport { 1.2.3.4 . 5 } drop
    }
}
table ip6 filter {
    chain INPUT {
        type filter hook input priority 0;
        meta l4proto tcp reject
    }
}
table bridge b {
    chain c {
        ether type arp drop
    }
}
";

fn rules_of_nft_do_not_disturb() -> anyhow::Result<()> {
    twins()?;
    std::fs::write("/run/fence.nft", FENCE)?;
    for ns in ["ours", "real"] {
        run(&format!("ip netns exec {ns} nft -f /run/fence.nft"))?;
    }
    go_on(&["-A INPUT -i lo -j ACCEPT", "-N FOO", "-F", "-X"])
}

/// A rule that real iptables wrote with an extension unknown to us is shown with its name, and is
/// still there after we have changed the chain.
fn unknown_extensions_are_named() -> anyhow::Result<()> {
    twins()?;
    run("ip netns exec ours iptables -A INPUT -p tcp -m comment --comment hi -j ACCEPT")?;
    ensure!(ours("-I INPUT -i lo -j ACCEPT")? == Printed::default());
    let listed = ours("-S INPUT")?.out;
    let wanted =
        "-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m comment -j ACCEPT\n";
    ensure!(listed == wanted, "{listed}");
    let real = run("ip netns exec ours iptables -S INPUT")?;
    ensure!(real.contains("--comment hi"), "{real}");
    Ok(())
}

/// What nft has made in iptables' own tables, and iptables would not have.
fn foreign_tables_are_refused() -> anyhow::Result<()> {
    twins()?;
    let made = [
        "chain ip nat mine { type nat hook postrouting priority 90; }",
        "rule ip filter INPUT fib saddr type local drop",
    ];
    for ns in ["ours", "real"] {
        run(&format!("ip netns exec {ns} iptables -A INPUT -j ACCEPT"))?;
        run(&format!("ip netns exec {ns} nft add table ip nat"))?;
        for it in made {
            run(&format!("ip netns exec {ns} nft add {it}"))?;
        }
    }
    listings_agree()
}

/// Without `nft_compat` rules are written in nf_tables' own terms: we list them as the real tool
/// lists its own, and find them again.
fn native_rules_are_listed_the_same() -> anyhow::Result<()> {
    twins()?;
    let lines = [
        "-A FORWARD -i br+ -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate NEW -p tcp --dport 22 -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        "-A FORWARD -m conntrack ! --ctstate INVALID,SNAT -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT",
        "-A INPUT -p icmp -j REJECT",
        "-A INPUT -p tcp -j REJECT --reject-with tcp-reset",
        "-A INPUT -j REJECT --reject-with icmp-admin-prohibited",
        "-t nat -A POSTROUTING -s 172.16.0.0/16 ! -o br0 -j MASQUERADE",
        "-t nat -A POSTROUTING -j SNAT --to-source 1.2.3.4",
        "-t nat -A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:10-20",
        "-t nat -A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80",
    ];
    for line in lines {
        let done = natively("ours", line)?;
        ensure!(done == Printed::default(), "{line}: {done:?}");
        run(&format!("ip netns exec real iptables {line}"))?;
        listings_agree().with_context(|| line.to_owned())?;
    }
    let written = run("ip netns exec ours nft --debug=netlink list ruleset")?;
    ensure!(
        !written.contains("match name") && !written.contains("target name"),
        "{written}"
    );
    for line in lines {
        let line = line.replace("-A", "-D");
        let done = natively("ours", &line)?;
        ensure!(done == Printed::default(), "{line}: {done:?}");
    }
    Ok(())
}

/// Carries `lines` (without the leading `iptables`) out in two fresh namespaces.
fn alike(lines: &[&str]) -> anyhow::Result<()> {
    twins()?;
    listings_agree()?;
    go_on(lines)
}

fn twins() -> anyhow::Result<()> {
    for ns in ["ours", "real"] {
        run(&format!("ip netns add {ns}"))?;
    }
    Ok(())
}

/// One line after the other: each must print the same, and leave the same.
fn go_on(lines: &[&str]) -> anyhow::Result<()> {
    for line in lines {
        let ours = ours(line).with_context(|| (*line).to_owned())?;
        let real = real(&format!("ip netns exec real iptables {line}"))?;
        ensure!(ours == real, "{line}\nours {ours:#?}\nreal {real:#?}");
        let (ours, real) = (nft("ours")?, nft("real")?);
        ensure!(ours == real, "{line}\nours\n{ours}\nreal\n{real}");
        let (ours, real) = (listed("ours")?, listed("real")?);
        ensure!(ours == real, "{line}\nours\n{ours}\nreal\n{real}");
        listed_by_us(&real).with_context(|| format!("after {line}"))?;
    }
    Ok(())
}

/// What we list is what the real tool lists.
fn listings_agree() -> anyhow::Result<()> {
    listed_by_us(&listed("real")?)
}

/// What we list of what the real tool wrote, and of what we wrote, is this.
fn listed_by_us(real: &str) -> anyhow::Result<()> {
    for ns in ["ours", "real"] {
        let each = LISTINGS.map(|line| {
            perform(ns, line).map(|it| format!("{}{}{line}: {}\n", it.out, it.err, it.status))
        });
        let ours: String = each.into_iter().collect::<Result<_, _>>()?;
        ensure!(ours == real, "{ns}\nours\n{ours}\nreal\n{real}");
    }
    Ok(())
}

fn ours(line: &str) -> anyhow::Result<Printed> {
    perform("ours", line)
}

fn perform(ns: &str, line: &str) -> anyhow::Result<Printed> {
    open(ns)?.perform(&command(line)?)
}

fn natively(ns: &str, line: &str) -> anyhow::Result<Printed> {
    open(ns)?.natively().perform(&command(line)?)
}

fn open(ns: &str) -> anyhow::Result<Netfilter> {
    Netfilter::open(File::open(format!("/run/netns/{ns}"))?.as_fd())
}

fn command(line: &str) -> anyhow::Result<Iptables> {
    let line = parse(&format!("iptables {line}"))?;
    match line.command {
        Some(Command::Iptables(command)) => Ok(command),
        _ => bail!("not iptables"),
    }
}
