//! The real tools work in the shell.

use super::Taught;
use crate::pty::Who;

fn the_real_tools_work(who: Who) {
    let mut taught = Taught::in_shell(who);
    taught.line("ip link set lo up; ping -c 1 127.0.0.1");
    taught.pty.shows("1 received");
    taught.answers();
    // tcpdump gives up the rights that it has, which nobody can do who is alone.
    taught.line("tcpdump -c 1 -n -i lo icmp &");
    taught.pty.shows("listening on lo");
    taught.line("ping -c 1 127.0.0.1 >/dev/null; wait; clear");
    taught.pty.until("the packet was printed", |screen| {
        screen.contains("packet captured") || !screen.contains("listening")
    });
    taught.answers();
    taught.line(
        "iptables -t nat -A POSTROUTING -j MASQUERADE && iptables -t nat -S | tail -1 | cut -c 1-9 | tr P p",
    );
    taught.pty.shows("-A pOSTRO");
    taught.line("nft list ruleset | grep -c masquerade -i");
    taught.answers();
    taught.line("ip netns exec app1 ip -br link | cut -c 1-2; ip -n app1 -br link | wc -l");
    taught.answers();
    taught.line("nsenter --net=/run/netns/app1 ip netns identify; echo in-$((1 + 1))");
    taught.pty.shows("in-2");
    taught.line("sudo ip link add by-su''do type bridge");
    taught.pty.shows("by-sudo");
}

#[test]
fn the_real_tools_work_for_an_ordinary_user() {
    the_real_tools_work(Who::Ordinary);
}

#[test]
fn the_real_tools_work_for_whoever_runs_this() {
    the_real_tools_work(Who::Myself);
}
