//! Completion with 500 namespaces, beside bash, which completes words from a list that it is given.
//!
//! The peer has it easier: its words lie ready in a variable, while ours are taken from the live
//! tables and have a meaning each.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tutor::session::complete::{Around, complete};
use tutor::world::addr::Addr;
use tutor::world::link::{Link, LinkFlags, LinkKind};
use tutor::world::{Ns, Space, World};

/// Namespaces, each with a cable into `host`.
const NAMESPACES: u32 = 500;
/// Each line is completed so often.
const ROUNDS: usize = 100;
/// No completion may take longer.
const MOST: Duration = Duration::from_millis(5);

const LINES: &[&str] = &[
    "ip -n ",
    "ip netns exec app49",
    "ip link set hlink",
    "ip link set hlink7 master ",
    "ip -n app7 link set ",
    "ping 10.",
    "ip route add default via ",
    "ip route add ",
    "ip neigh add 10.0.7.1 lladdr ",
    "sysctl -w net.ipv4.conf.",
    "ip link set hlink7 netns ",
];

fn link(index: u32, name: String, kind: LinkKind) -> Link {
    Link {
        index,
        name,
        kind,
        flags: LinkFlags::UP,
        ..Link::default()
    }
}

fn addr(link: u32, net: &str) -> Addr {
    Addr {
        link,
        net: net.parse().expect("an address"),
        peer: None,
        broadcast: None,
        scope: 0,
        flags: 0,
        label: None,
        valid: u32::MAX,
        preferred: u32::MAX,
        proto: 0,
    }
}

fn world() -> World {
    let mut world = World::default();
    let mut host = Space::default();
    host.links
        .insert(1, link(1, "br0".to_owned(), LinkKind::Bridge));
    for n in 0..NAMESPACES {
        let (high, low) = (n / 250, n % 250);
        host.links
            .insert(n + 2, link(n + 2, format!("hlink{n}"), LinkKind::Veth));
        host.addrs
            .push(addr(n + 2, &format!("10.{high}.{low}.1/24")));
        let mut space = Space::default();
        space
            .links
            .insert(2, link(2, format!("clink{n}"), LinkKind::Veth));
        space.addrs.push(addr(2, &format!("10.{high}.{low}.2/24")));
        world.spaces.insert(Ns::Named(format!("app{n}")), space);
    }
    world.spaces.insert(Ns::Host, host);
    world
}

/// The time that half of the rounds stay below, and that of the slowest.
fn measure(mut round: impl FnMut() -> usize) -> (Duration, Duration, usize) {
    let mut took = Vec::with_capacity(ROUNDS);
    let mut found = 0;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        found = std::hint::black_box(round());
        took.push(began.elapsed());
    }
    took.sort_unstable();
    (took[ROUNDS / 2], took[ROUNDS - 1], found)
}

fn main() {
    let world = world();
    let around = Around {
        at: &Ns::Host,
        world: &world,
        lessons: &[],
        steps: 1,
    };
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("completion with {NAMESPACES} namespaces, ms   median   slowest   found");
    let mut ours = Duration::ZERO;
    for line in LINES {
        let (median, slowest, found) = measure(|| complete(line, around).items.len());
        println!("{line:38} {:8.3} {:9.3} {found:7}", ms(median), ms(slowest));
        assert!(median <= MOST, "{line}: {median:?}");
        if *line == "ip -n " {
            ours = median;
        }
    }
    match bash() {
        Some((median, slowest, found)) => {
            println!(
                "{:38} {:8.3} {:9.3} {found:7}",
                "bash: compgen -W",
                ms(median),
                ms(slowest)
            );
            println!(
                "ours for the same words: {:.2} of bash",
                ms(ours) / ms(median)
            );
        }
        None => println!("no bash here to compare with"),
    }
}

/// The same words completed by `compgen` in one bash that lives on, so that its start is not
/// measured.
fn bash() -> Option<(Duration, Duration, usize)> {
    let mut child = Command::new("bash")
        .args(["--norc", "--noprofile"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let mut output = BufReader::new(child.stdout.take()?).lines();
    let words: Vec<String> = (0..NAMESPACES).map(|n| format!("app{n}")).collect();
    writeln!(input, "words='{}'", words.join(" ")).ok()?;
    let measured = measure(|| {
        writeln!(input, "compgen -W \"$words\" -- ''; echo END").expect("bash reads");
        let lines = output.by_ref().map_while(Result::ok);
        lines.take_while(|line| line != "END").count()
    });
    drop(input);
    let _ = child.wait();
    Some(measured)
}
