//! Frames made up, whole and cut off at each byte: our words for them beside those of
//! tcpdump(8), which reads them from a capture file.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use tutor::command::tcpdump::print::{Cooked, Direction, Frame, Link, Printer};

use crate::frame::Case;
use crate::made::{Record, capture_file, frames};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![Beside:
    frames_as_tcpdump_prints_them,
    link_headers_as_tcpdump_prints_them,
    cooked_frames_as_tcpdump_prints_them,
];

/// `LINKTYPE_ETHERNET`
const ETHERNET: u32 = 1;
/// `LINKTYPE_LINUX_SLL2`, whose header has 20 bytes.
const SLL2: u32 = 276;

fn frames_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let mut records = Vec::new();
    for whole in frames() {
        let length = whole.len();
        records.push((whole.clone(), length));
        for cut in 1..length {
            // Captured in part, and so short in truth.
            records.push((whole[..cut].to_vec(), length));
            records.push((whole[..cut].to_vec(), cut));
        }
    }
    compare(ETHERNET, "-n", &records, false)
}

fn link_headers_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let records: Vec<Record> = frames()
        .into_iter()
        .map(|frame| (frame.clone(), frame.len()))
        .collect();
    compare(ETHERNET, "-ne", &records, true)
}

fn cooked_frames_as_tcpdump_prints_them() -> anyhow::Result<()> {
    let mut records = Vec::new();
    for (frame, kind) in frames()
        .into_iter()
        .zip([0, 1, 2, 3, 4].into_iter().cycle())
    {
        let mut bytes = frame[12..14].to_vec();
        bytes.extend([0, 0, 0, 0, 0, 99, 0, 1, kind, 6]);
        bytes.extend(&frame[6..12]);
        bytes.extend([0, 0]);
        bytes.extend(&frame[14..]);
        let length = bytes.len();
        records.push((bytes, length));
    }
    compare(SLL2, "-n", &records, false)?;
    compare(SLL2, "-ne", &records, true)
}

fn compare(link: u32, options: &str, records: &[Record], header: bool) -> anyhow::Result<()> {
    let real = real(link, options, records)?;
    ensure!(
        real.len() == records.len(),
        "{} of {}",
        real.len(),
        records.len()
    );
    let mut printer = Printer::new(header);
    let mut wrong = Vec::new();
    for ((bytes, length), real) in records.iter().zip(real) {
        let ours = printer.print(&frame(link, bytes, *length));
        if ours != real {
            wrong.push(format!(
                "{bytes:02x?} of {length}\nours {ours}\nreal {real}\n"
            ));
        }
    }
    let shown = wrong.iter().take(20).cloned().collect::<String>();
    ensure!(wrong.is_empty(), "{} wrong\n{shown}", wrong.len());
    Ok(())
}

fn frame(link: u32, bytes: &[u8], length: usize) -> Frame<'_> {
    let (link, skip) = match (link, bytes.first_chunk::<20>()) {
        (SLL2, Some(head)) => {
            let cooked = Cooked {
                dev: None,
                index: u32::from(head[7]),
                direction: match head[10] {
                    0 => Direction::In,
                    1 => Direction::Broadcast,
                    2 => Direction::Multicast,
                    3 => Direction::Other,
                    _ => Direction::Out,
                },
                address: head[12..].first_chunk().copied(),
                protocol: u16::from_be_bytes([head[0], head[1]]),
            };
            (Link::Cooked(cooked), 20)
        }
        _ => (Link::Ethernet, 0),
    };
    Frame {
        link,
        bytes: &bytes[skip..],
        length: length - skip,
    }
}

/// tcpdump's text for each record of a capture file (pcap-savefile(5)).
pub fn real(link: u32, options: &str, records: &[Record]) -> anyhow::Result<Vec<String>> {
    let file = capture_file(link, records)?;
    let mut command = Command::new("tcpdump");
    command.args([options, "-tt", "-r", "-"]);
    if nix::unistd::geteuid().is_root() {
        command.args(["-Z", "root"]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("tcpdump: is it installed?")?;
    let mut stdin = child.stdin.take().context("no standard input")?;
    let writer = std::thread::spawn(move || stdin.write_all(&file));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("panicked"))??;
    ensure!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout)?;
    let mut texts: Vec<String> = Vec::new();
    for line in out.lines() {
        let stamp = format!("{}.000000", texts.len());
        if let Some(text) = line.strip_prefix(&stamp) {
            // Right behind the stamp stands a blank, even where nothing follows.
            texts.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
        } else {
            let last = texts.last_mut().context("a text before the first stamp")?;
            last.push('\n');
            last.push_str(line);
        }
    }
    Ok(texts)
}
