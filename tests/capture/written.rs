//! What is written can be read, and says what tcpdump says.

use std::fs::{self, File};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;
use tutor::app::save_capture::save_capture;
use tutor::command::tcpdump::print::{Frame, Link, Printer};
use tutor::kernel::capture::everywhere::Sniffer;
use tutor::kernel::capture::record::{NewFile, Recorder};
use tutor::kernel::icmp;
use tutor::kernel::machine::Machine;
use tutor::lesson::probe::{Answer, Expect, Probe, What};
use tutor::packet::{Direction, Medium, Sighting, pcapng};
use tutor::session::Event;
use tutor::world::Ns;

use crate::frame::{Case, block_on};
use crate::heard::{PING, bridged, ear, sniff, tunnelled};
use crate::tools::{attempt, run, shell};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    the_same_packets_as_tcpdump,
    a_file_of_everything,
    packets_without_ethernet,
    a_full_disk_leaves_what_can_be_read,
    a_full_disk_refuses_a_file,
];

/// How long tcpdump may take to write down what it has seen.
const PATIENCE: Duration = Duration::from_secs(10);

/// ARP, ICMP and an ICMP error, UDP, a handshake, a refused connection, between `n1` and `n2`.
async fn traffic() -> anyhow::Result<()> {
    shell(
        "ip -n n1 neigh flush dev c1
         ip -n n2 neigh flush dev c2
         ip netns exec n1 ping -c 2 -i 0.1 10.0.0.2
         ip netns exec n1 bash -c 'echo hello > /dev/udp/10.0.0.2/9'
         ip netns exec n1 bash -c 'echo > /dev/tcp/10.0.0.2/81' 2> /dev/null || true",
    )?;
    let probe = Probe {
        demands: Vec::new(),
        from: Ns::Named("n1".to_owned()),
        to: "10.0.0.2".parse()?,
        what: What::Tcp {
            port: 80,
            listen: None,
        },
        expect: Expect::Reply,
    };
    let (from, to) = (File::open("/run/netns/n1")?, File::open("/run/netns/n2")?);
    let answer = icmp::probe(from.as_fd(), &probe, Some(to.as_fd())).await;
    ensure!(matches!(answer, Answer::Reply { .. }), "{answer:?}");
    Ok(())
}

/// The lines of `tcpdump -r`, without IPv6, which speaks of itself. The real one gives up its rights
/// where it has any, which is refused in a user namespace with a single user: so it has none.
fn read(file: &str, options: &str) -> anyhow::Result<Vec<String>> {
    let output = attempt(&format!(
        "unshare -U tcpdump -n {options} -r {file} not ip6"
    ))?;
    let err = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{file}: {err}");
    ensure!(!err.contains("truncated"), "{file}: {err}");
    Ok(String::from_utf8(output.stdout)?
        .lines()
        .map(str::to_owned)
        .collect())
}

fn is_no_ipv6(packet: &Arc<Sighting>) -> bool {
    packet.bytes.get(12..14) != Some(&[0x86, 0xdd])
}

/// Our own lines.
fn printed(packets: &[Arc<Sighting>]) -> Vec<String> {
    let mut printer = Printer::new(false);
    let line = |packet: &Arc<Sighting>| {
        printer.print(&Frame {
            link: Link::Ethernet,
            bytes: &packet.bytes,
            length: packet.length,
        })
    };
    packets.iter().map(line).collect()
}

fn the_same_packets_as_tcpdump() -> anyhow::Result<()> {
    bridged()?;
    disk("4m")?;
    sniff(async |sniffer, long| {
        let (ours, theirs) = ("/mnt/ours".to_owned(), PathBuf::from("/mnt/theirs"));
        let real = may_change_user()?
            .then(|| Real::start(&theirs))
            .transpose()?;
        let mut ear = ear(sniffer, long).await?;
        traffic().await?;
        ear.caught_up().await;
        let (mut packets, _) = ear.take();
        packets.retain(is_no_ipv6);
        packets.retain(|packet| packet.ns == Ns::Named("n1".to_owned()) && packet.dev == "c1");
        fs::write(&ours, pcapng::file(&packets))?;
        let shown = ours.clone();
        let lines = read(&shown, "-t")?;
        ensure!(
            printed(&packets) == lines,
            "ours {:#?}\nreal {lines:#?}",
            printed(&packets)
        );
        for wanted in [
            "who-has 10.0.0.2 ",
            "is-at",
            "echo reply",
            "UDP, length 6",
            "udp port 9 unreachable",
            "[S.]",
            "[R.]",
        ] {
            ensure!(
                lines.iter().any(|line| line.contains(wanted)),
                "{wanted}: {lines:#?}"
            );
        }
        if let Some(real) = real {
            real.end(packets.len())?;
            let told = theirs.display().to_string();
            let (real, lines) = (stamped(&told)?, stamped(&shown)?);
            let texts = |lines: &[(Duration, String)]| -> Vec<String> {
                lines.iter().map(|(_, text)| text.clone()).collect()
            };
            let (lines, theirs) = (texts(&lines), texts(&real));
            let differ = lines.iter().zip(&theirs).find(|(one, other)| one != other);
            let counts = (lines.len(), theirs.len());
            ensure!(lines == theirs, "first {differ:#?} of {counts:?}");
            same_stamps(&packets, &real)?;
            fs::remove_file("/mnt/theirs")?;
        }
        Ok(fs::remove_file(ours)?)
    })
}

/// When each packet of a file passed, to the nanosecond, and its line. In order of time: a packet that
/// comes in is stamped when it is put into a queue, and so may be captured behind one that goes out a
/// moment later (`netif_rx_internal` of net/core/dev.c).
fn stamped(file: &str) -> anyhow::Result<Vec<(Duration, String)>> {
    let lines = read(file, "-tt --nano -e")?;
    let stamp = |line: &String| {
        let (seconds, rest) = line.split_once('.')?;
        let (nanoseconds, text) = rest.split_once(' ')?;
        let at = Duration::new(seconds.parse().ok()?, nanoseconds.parse().ok()?);
        Some((at, text.to_owned()))
    };
    let stamped = lines.iter().map(stamp).collect::<Option<_>>();
    let mut stamped: Vec<_> = stamped.with_context(|| format!("no stamps: {lines:#?}"))?;
    stamped.sort_by_key(|(at, _)| *at);
    Ok(stamped)
}

/// The kernel stamps a packet once, and whoever captures it gets the same stamp, to the nanosecond.
///
/// But not a segment that TCP has sent on this machine, when it comes in at the other end of a veth:
/// it still bears the time at which it was to leave (`skb->tstamp_type`), which is no stamp
/// (`skb_tstamp` of include/linux/skbuff.h). So each packet socket stamps it by itself, a queue in
/// `packet_rcv` (`skb_clear_delivery_time`) and a ring in `tpacket_rcv` (`net/packet/af_packet.c`): ours
/// first, since sockets of all devices have their turn before those of one
/// (`__netif_receive_skb_core` of net/core/dev.c), and both before TCP has the segment and answers.
fn same_stamps(ours: &[Arc<Sighting>], theirs: &[(Duration, String)]) -> anyhow::Result<()> {
    ensure!(
        ours.len() == theirs.len(),
        "{} {}",
        ours.len(),
        theirs.len()
    );
    let next = ours.iter().skip(1).map(|packet| packet.at);
    let next = next.chain([Duration::MAX]);
    let mut exact = 0;
    for ((packet, (real, _)), next) in ours.iter().zip(theirs).zip(next) {
        let segment = packet.bytes.get(23) == Some(&6);
        if segment && packet.direction == Direction::In {
            ensure!(
                (packet.at..=next).contains(real),
                "{packet:?} {real:?} {next:?}"
            );
        } else {
            ensure!(packet.at == *real, "{packet:?} {real:?}");
            exact += 1;
        }
    }
    ensure!(exact > ours.len() / 2, "{exact} of {}", ours.len());
    Ok(())
}

fn a_file_of_everything() -> anyhow::Result<()> {
    bridged()?;
    disk("4m")?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        traffic().await?;
        ear.caught_up().await;
        let (mut packets, _) = ear.take();
        packets.retain(is_no_ipv6);
        let path = "/mnt/all".to_owned();
        let said = save_capture(&path, false, &packets);
        ensure!(
            said.starts_with(&format!("Saved, {} packets: {path}.", packets.len())),
            "{said}"
        );
        let lines = read(&path, "-t")?;
        ensure!(
            printed(&packets) == lines,
            "ours {:#?}\nreal {lines:#?}",
            printed(&packets)
        );
        let again = save_capture(&path, false, &packets);
        ensure!(again.contains("is there already. `:write! "), "{again}");
        Ok(fs::remove_file(path)?)
    })
}

/// Written as they are, as the real one writes what it hears there; beside others with a header of
/// zeros, since it reads no file that has both.
fn packets_without_ethernet() -> anyhow::Result<()> {
    bridged()?;
    disk("4m")?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        let Some(tunnelled) = tunnelled() else {
            return Ok(());
        };
        tunnelled?;
        run(PING)?;
        ear.caught_up().await;
        let (mut packets, _) = ear.take();
        // The kernel speaks of itself as well.
        packets.retain(|packet| match &*packet.dev {
            "t0" => packet.bytes.get(9) == Some(&1),
            "c1" => packet.bytes.get(23) == Some(&1),
            _ => false,
        });
        let path = "/mnt/some";
        fs::write(path, pcapng::file(&packets))?;
        let lines = read(path, "-t -e")?;
        let echo = "10.8.0.1 > 10.8.0.2: ICMP echo request";
        let zeros = "00:00:00:00:00:00 > 00:00:00:00:00:00, ethertype IPv4 (0x0800), length 98: ";
        ensure!(
            lines.len() == packets.len() && lines.len() == 3,
            "{lines:#?}"
        );
        ensure!(
            lines[0].starts_with(&format!("{zeros}{echo}")),
            "{lines:#?}"
        );
        packets.retain(|packet| packet.medium == Medium::Bare);
        fs::write(path, pcapng::file(&packets))?;
        let said = shell(&format!("unshare -U tcpdump -n -t -e -r {path} 2>&1"))?;
        ensure!(
            said.contains("link-type RAW (Raw IP)") && said.contains(&format!("\nip: {echo}")),
            "{said}"
        );
        Ok(())
    })
}

/// A disk of the sandbox's own at `/mnt`.
fn disk(size: &str) -> anyhow::Result<()> {
    run(&format!("mount -t tmpfs -o size={size} tmpfs /mnt")).map(drop)
}

fn a_full_disk_leaves_what_can_be_read() -> anyhow::Result<()> {
    bridged()?;
    disk("64k")?;
    block_on(LocalSet::new().run_until(async {
        let sniffer = Rc::new(Sniffer::new(Rc::new(Machine::new()?)));
        let (events, mut told) = unbounded_channel();
        let recorder = Recorder::new(sniffer, events);
        let file = NewFile::create("/mnt/all.pcapng".as_ref()).map_err(anyhow::Error::msg)?;
        recorder.aim(file);
        recorder.begin().await;
        run("ip netns exec n1 ping -q -f -c 300 -w 20 10.0.0.2")?;
        let Some(Event::Told(said)) = told.recv().await else {
            anyhow::bail!("nothing was told");
        };
        ensure!(said.contains("No space left on device"), "{said}");
        ensure!(recorder.end().await.is_none(), "it is said once");
        let lines = shell("unshare -U tcpdump -n -r /mnt/all.pcapng 2>&1")?;
        ensure!(!lines.contains("truncated"), "{lines}");
        // One line is about the file.
        let count = lines.lines().filter(|line| line.contains(" > ")).count();
        ensure!(
            said.contains(&format!("can be read: {count} packets.")),
            "{said} {count}"
        );
        ensure!(count > 300, "{count} packets");
        Ok(())
    }))
}

fn a_full_disk_refuses_a_file() -> anyhow::Result<()> {
    bridged()?;
    disk("64k")?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        run("ip netns exec n1 ping -q -f -c 300 -w 20 10.0.0.2")?;
        ear.caught_up().await;
        let said = save_capture("/mnt/all.pcapng", false, &ear.take().0);
        ensure!(
            said.starts_with("Not saved: ") && said.contains("No space left"),
            "{said}"
        );
        ensure!(fs::read_dir("/mnt")?.next().is_none(), "something was left");
        Ok(())
    })
}

/// Can a process here become another user? tcpdump does where it listens.
fn may_change_user() -> anyhow::Result<bool> {
    let map = fs::read_to_string("/proc/self/uid_map")?;
    Ok(map.split_whitespace().nth(2) != Some("1"))
}

/// The real one, writing what passes `c1` in `n1`.
struct Real {
    child: Child,
    /// Open as long as it writes to it.
    _said: ChildStderr,
    path: PathBuf,
}

impl Real {
    fn start(path: &PathBuf) -> anyhow::Result<Self> {
        let mut child = Command::new("ip")
            .args([
                "netns",
                "exec",
                "n1",
                "tcpdump",
                "-Z",
                "root",
                "--immediate-mode",
                "-U",
                "--nano",
            ])
            .args(["-n", "-i", "c1", "-w"])
            .arg(path)
            .stderr(Stdio::piped())
            .spawn()
            .context("tcpdump: is it installed?")?;
        let mut said = child.stderr.take().context("no standard error")?;
        let mut before = String::new();
        while !before.contains("listening on") {
            let mut byte = [0];
            ensure!(std::io::Read::read(&mut said, &mut byte)? > 0, "{before}");
            before.push(byte[0].into());
        }
        Ok(Self {
            child,
            _said: said,
            path: path.clone(),
        })
    }

    /// Ends it once it has written so many packets.
    fn end(mut self, wanted: usize) -> anyhow::Result<()> {
        let path = self.path.display().to_string();
        let start = Instant::now();
        // Meanwhile the file may end within a packet.
        while read(&path, "").map_or(0, |lines| lines.len()) < wanted {
            let late = start.elapsed() > PATIENCE;
            ensure!(
                !late,
                "{path} has no {wanted} packets: {:#?}",
                read(&path, "")
            );
        }
        kill(
            Pid::from_raw(i32::try_from(self.child.id())?),
            Signal::SIGINT,
        )?;
        self.child.wait()?;
        Ok(())
    }
}
