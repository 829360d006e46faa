//! Which frames of a file pass a filter: ours beside those of tcpdump(8).

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, bail, ensure};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tutor::packet::Medium;
use tutor::packet::filter::{self, Dialect, Facts};

use crate::frame::Case;
use crate::made::{Record, capture_file, frames};
use crate::made_filters;

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![Beside:
    written_filters_take_the_same_frames,
    made_up_filters_take_the_same_frames,
    what_tcpdump_refuses_is_refused,
];

/// Filters as people write them.
const WRITTEN: &[&str] = &[
    "icmp",
    "icmp6",
    "arp",
    "ip",
    "ip6",
    "tcp",
    "udp",
    "not arp",
    "!icmp",
    "not not icmp",
    "icmp or arp",
    "icmp || arp && ip",
    "arp and ip or icmp",
    "icmp or arp and not arp",
    "icmp or (arp and ip6)",
    "not (icmp or tcp)",
    "host 10.0.0.1",
    "src 10.0.0.1",
    "dst host 10.0.0.1",
    "arp host 10.0.0.9",
    "ip host 10.0.0.2 and udp",
    "host 10.0.0.9 or 10.0.0.2",
    "src host 10.0.0.1 or dst host 10.0.0.9",
    "src and dst host 10.0.0.1",
    "src or dst host 10.0.0.9",
    "host fd00::1",
    "ip6 src fd00::2",
    "net 10",
    "net 10.0.0.0/30",
    "src net 10.0.0.8/29",
    "net 10.0.0.9",
    "net fd00::/16",
    "net 11 or 10.0.0.8/29",
    "port 9",
    "port 9 or 99",
    "tcp port 99",
    "udp port 99",
    "src port 40000",
    "tcp dst port 40000",
    "udp portrange 0-10",
    "src and dst portrange 1-2",
    "portrange 4700-9000",
    "not port 9 and udp",
    "port 9 and not 2",
    "ether src 02:00:00:00:00:01",
    "ether host 02:00:00:00:00:03",
    "ether dst 2:0:0:0:0:2",
    "host 10.0.0.1 and not 10.0.0.2",
    "tcp port 99 or port 9 and host 10.0.0.1",
    "icmp or(arp)",
    "not host 10.0.0.2 and 10.0.0.9",
    "dst port 99 or 9",
];

/// What makes no sense to tcpdump either.
const REFUSED: &[&str] = &[
    "icmp arp",
    "icmp and",
    "(icmp",
    "icmp)",
    "()",
    "host",
    "port",
    "not",
    "10.0.0.1",
    "80",
    "icmp host 10.0.0.1",
    "tcp host 10.0.0.1",
    "ip port 80",
    "icmp port 5",
    "tcp net 10",
    "ip host fd00::1",
    "ip6 host 10.0.0.1",
    "net 10.0.0.1/8",
    "host 10.0.0.1/24",
    "port 65536",
    "src icmp",
    "ICMP",
    "port 5 6",
    "src tcp port 5",
    "ether 02:00:00:00:00:01",
    "and icmp",
    "dst src 10.0.0.1",
    "host tcp",
    "net 10.0.0.0/33",
    "icmp & arp",
];

/// Whole frames without tags, behind which a file's filter does not look; and without the two whose
/// type is not what they are, at the end of which tcpdump's program gives up.
fn plain() -> Vec<Record> {
    let sensible = |frame: &Vec<u8>| match frame[12..15] {
        [0x81, 0, _] | [0x88, 0xa8, _] => false,
        [8, 0, first] => first >> 4 == 4,
        [0x86, 0xdd, first] => first >> 4 == 6,
        _ => true,
    };
    let frames = frames().into_iter().filter(sensible);
    frames.map(|frame| (frame.clone(), frame.len())).collect()
}

/// A capture file that goes with its owner.
struct File(std::path::PathBuf);

impl File {
    fn new(name: &str, records: &[Record]) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("{name}-{}.pcap", std::process::id()));
        fs::write(&path, capture_file(1, records)?)?;
        Ok(Self(path))
    }

    /// The frames that tcpdump takes; what it says when it refuses the filter.
    fn taken(&self, filter: &str) -> anyhow::Result<Result<BTreeSet<usize>, String>> {
        let mut command = Command::new("tcpdump");
        if nix::unistd::geteuid().is_root() {
            command.args(["-Z", "root"]);
        }
        let output = command.args(["-n", "-tt", "-r"]).arg(&self.0).arg(filter);
        let output = output.output().context("tcpdump: is it installed?")?;
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        if err.contains("expression rejects all packets") {
            return Ok(Ok(BTreeSet::new()));
        }
        if !output.status.success() {
            return Ok(Err(err));
        }
        let out = String::from_utf8(output.stdout)?;
        let stamps = out.lines().filter_map(|line| line.split_once(".000000"));
        Ok(Ok(stamps
            .filter_map(|(stamp, _)| stamp.parse().ok())
            .collect()))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn compare(file: &File, records: &[Record], text: &str) -> anyhow::Result<usize> {
    let tokens = filter::tokens(text).with_context(|| text.to_owned())?;
    let expr = filter::read(&tokens, Dialect::Tcpdump).expr;
    let expr = expr.with_context(|| text.to_owned())?;
    let passes = |bytes: &[u8]| expr.holds(Facts::of(Medium::Ethernet, bytes));
    let ours = records.iter().enumerate();
    let ours = ours.filter(|(_, (bytes, _))| passes(bytes));
    let ours: BTreeSet<usize> = ours.map(|(index, _)| index).collect();
    let real = match file.taken(text)? {
        Ok(real) => real,
        Err(error) => bail!("{text}: {error}"),
    };
    let differ = ours.symmetric_difference(&real);
    let differ: Vec<_> = differ.map(|index| (index, &records[*index].0)).collect();
    ensure!(
        differ.is_empty(),
        "{text}: ours {}, real {}: {differ:02x?}",
        ours.len(),
        real.len()
    );
    Ok(ours.len())
}

fn written_filters_take_the_same_frames() -> anyhow::Result<()> {
    let records = plain();
    let file = File::new("written", &records)?;
    let mut taken = 0;
    for text in WRITTEN {
        taken += compare(&file, &records, text)?;
    }
    ensure!(taken > 1000, "{taken} of {} each", records.len());
    Ok(())
}

fn made_up_filters_take_the_same_frames() -> anyhow::Result<()> {
    let records = plain();
    let file = File::new("made-up", &records)?;
    let mut runner = TestRunner::deterministic();
    let made = made_filters::tcpdump();
    let mut sorts = [0; 2];
    for _ in 0..300 {
        let tree = made.new_tree(&mut runner);
        let expr = tree
            .map_err(|reason| anyhow::anyhow!("{reason}"))?
            .current();
        let taken = compare(&file, &records, &expr.to_string())?;
        sorts[usize::from(taken > 0 && taken < records.len())] += 1;
    }
    // Many take some and leave some.
    ensure!(sorts[1] > 60, "{sorts:?}");
    Ok(())
}

fn what_tcpdump_refuses_is_refused() -> anyhow::Result<()> {
    let file = File::new("refused", &plain())?;
    for text in REFUSED {
        ensure!(file.taken(text)?.is_err(), "tcpdump takes {text}");
        let read =
            filter::tokens(text).and_then(|tokens| filter::read(&tokens, Dialect::Tcpdump).expr);
        ensure!(read.is_err(), "we take {text}");
    }
    Ok(())
}
