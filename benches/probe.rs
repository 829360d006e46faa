//! A ping check that succeeds, beside `ping`.

#[path = "support/stage.rs"]
mod stage;

use std::cell::RefCell;
use std::process::ExitCode;

use divan::Bencher;
use stage::{Driven, Stage, tool};
use tutor::command::parse;
use tutor::lesson::probe::{Answer, Expect, Probe, What};
use tutor::session::{Effect, Event, Ticket};
use tutor::world::Ns;

/// One namespace and its cable to the host.
const LINES: [&str; 6] = [
    "ip netns add app1",
    "ip link add h1 type veth peer name c1 netns app1",
    "ip addr add 172.16.0.1/24 dev h1",
    "ip link set h1 up",
    "ip -n app1 addr add 172.16.0.10/24 dev c1",
    "ip -n app1 link set c1 up",
];

fn main() -> ExitCode {
    stage::main()
}

/// Both ends are up, and each knows the other's hardware address.
fn cabled(stage: &Stage) -> Driven {
    let mut driven = Driven::new(stage);
    let commands = LINES.map(|line| parse(line).expect("the line is ours").command);
    let effect = Effect::Build {
        ticket: Ticket(1),
        uplink: false,
        replay: commands
            .into_iter()
            .flatten()
            .map(|one| (Ns::Host, one))
            .collect(),
    };
    let built = driven.perform(stage, effect, |event| match event {
        Event::Built { result, .. } => Some(result),
        _ => None,
    });
    built.expect("the sandbox is built");
    tool("ip netns exec app1 ping -c2 -i0.2 172.16.0.1");
    driven
}

fn check(stage: &Stage, driven: &mut Driven) {
    let probe = Probe {
        demands: Vec::new(),
        from: Ns::Named("app1".to_owned()),
        to: [172, 16, 0, 1].into(),
        what: What::Ping { size: None },
        expect: Expect::Reply,
    };
    let ticket = Ticket(2);
    let effect = Effect::Probe { ticket, probe };
    let answer = driven.perform(stage, effect, |event| match event {
        Event::Probed { answer, .. } => Some(answer),
        _ => None,
    });
    assert!(matches!(answer, Answer::Reply { .. }), "{answer:?}");
}

/// From the session's wish to the answer, by way of the driver.
#[divan::bench(min_time = 1)]
fn ours(bencher: Bencher) {
    let stage = Stage::new();
    let driven = RefCell::new(cabled(&stage));
    check(&stage, &mut driven.borrow_mut());
    bencher.bench_local(|| check(&stage, &mut driven.borrow_mut()));
}

/// As a script checks.
#[divan::bench(min_time = 1)]
fn ip_netns_exec_ping(bencher: Bencher) {
    let stage = Stage::new();
    let _driven = cabled(&stage);
    bencher.bench_local(|| tool("ip netns exec app1 ping -c1 172.16.0.1"));
}

/// `ping` alone, from where the caller stands already.
#[divan::bench(min_time = 1)]
fn ping(bencher: Bencher) {
    let stage = Stage::new();
    let _driven = cabled(&stage);
    bencher.bench_local(|| tool("ping -c1 172.16.0.10"));
}
