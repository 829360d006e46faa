//! Packets a second that are captured and decoded beside what `tcpdump -w` captures, on one cable;
//! and what is lost of fifty thousand packets a second. Run it as root: the real one gives up its
//! rights, which is refused to others in a sandbox.

#[path = "../tests/support/tools.rs"]
mod tools;

use std::io::Read;
use std::net::UdpSocket;
use std::process::{Command, ExitCode, Stdio};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sched::{CloneFlags, setns};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tutor::kernel::capture::everywhere::Sniffer;
use tutor::kernel::machine::Machine;
use tutor::kernel::sandbox;
use tutor::packet::decode;

/// Packets of one run.
const PACKETS: u32 = 250_000;
/// A rate that has to go without loss, packets a second.
const RATE: u32 = 50_000;
/// Packets sent in each millisecond at that rate.
const TURN: u32 = RATE / 1_000;

fn main() -> ExitCode {
    match sandbox::guard(|| run().map(|()| 0)) {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    tools::shell(
        "ip netns add n1; ip netns add n2
         ip -n n1 link add c1 type veth peer name c2 netns n2
         for n in 1 2; do
             ip -n n$n addr add 10.0.0.$n/24 dev c$n
             ip -n n$n link set c$n up
         done
         ip netns exec n1 ping -c 1 -w 5 10.0.0.2",
    )?;
    println!("{PACKETS} packets          sent/s   seen at c1      lost");
    for _ in 0..3 {
        show("ours", false, ours(false)?);
        show("tcpdump -w", false, theirs(false)?);
    }
    show("ours", true, ours(true)?);
    show("tcpdump -w", true, theirs(true)?);
    Ok(())
}

/// What came of a run: how long the sending took, what was seen of it, what had no room.
struct Outcome {
    took: Duration,
    seen: u64,
    lost: u64,
}

fn show(who: &str, paced: bool, Outcome { took, seen, lost }: Outcome) {
    let rate = f64::from(PACKETS) / took.as_secs_f64();
    let how = if paced { "at 50,000/s" } else { "flat out" };
    println!("{who:10} {how:11} {rate:9.0} {seen:12} {lost:9}");
}

/// Sends all packets from `n1` to `n2`, where somebody takes them who reads none.
fn send(paced: bool) -> thread::JoinHandle<Result<Duration>> {
    thread::spawn(move || {
        let enter = |ns: &str| -> Result<()> {
            let file = std::fs::File::open(format!("/run/netns/{ns}"))?;
            Ok(setns(file, CloneFlags::CLONE_NEWNET)?)
        };
        enter("n2")?;
        let _sink = UdpSocket::bind("10.0.0.2:9")?;
        enter("n1")?;
        let socket = UdpSocket::bind("10.0.0.1:0")?;
        socket.connect("10.0.0.2:9")?;
        let start = Instant::now();
        for number in 0..PACKETS {
            if paced && number % TURN == 0 {
                let due = start + Duration::from_millis(u64::from(number / TURN));
                thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            socket.send(&[0; 64])?;
        }
        Ok(start.elapsed())
    })
}

/// All sightings are taken and decoded; those at `c1` are counted, as tcpdump sees no others.
fn ours(paced: bool) -> Result<Outcome> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(LocalSet::new().run_until(async {
        let sniffer = Sniffer::new(Rc::new(Machine::new()?));
        let mut ear = sniffer.listen_on().await?;
        let sending = send(paced);
        let (mut seen, mut lost) = (0, 0);
        loop {
            let over = sending.is_finished();
            if over {
                ear.caught_up().await;
            }
            let (sightings, missed) = ear.take();
            lost += missed;
            for one in &sightings {
                let decoded = decode(one.medium, &one.bytes);
                seen += u64::from(one.dev == "c1" && decoded.ether.is_some());
            }
            if over {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let took = sending.join().map_err(|_| anyhow::anyhow!("panicked"))??;
        Ok(Outcome { took, seen, lost })
    }))
}

fn theirs(paced: bool) -> Result<Outcome> {
    let mut child = Command::new("ip")
        .args([
            "netns", "exec", "n1", "tcpdump", "-Z", "root", "-n", "-i", "c1",
        ])
        .args(["-w", "/dev/null"])
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = child.stderr.take().context("no standard error")?;
    let mut text = String::new();
    let mut byte = [0];
    while !text.contains("bytes\n") && said.read(&mut byte)? > 0 {
        text.push(byte[0].into());
    }
    let took = send(paced)
        .join()
        .map_err(|_| anyhow::anyhow!("panicked"))??;
    thread::sleep(Duration::from_secs(1)); // its ring is handed over once a second
    kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGINT)?;
    said.read_to_string(&mut text)?;
    child.wait()?;
    let count = |what: &str| {
        let line = text.lines().find(|line| line.contains(what))?;
        line.split(' ').next()?.parse().ok()
    };
    Ok(Outcome {
        took,
        seen: count("packets captured").with_context(|| text.clone())?,
        lost: count("dropped by kernel").with_context(|| text.clone())?,
    })
}
