//! What a wrong checksum should be: ours beside tcpdump's.

use regex::Regex;
use tutor::packet::Medium;
use tutor::packet::fields::{Field, Sort, fields};

use anyhow::{Context, ensure};

use crate::frame::Case;
use crate::frames::real;
use crate::made::{Record, frames};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![Beside: checksums_as_tcpdump_computes_them];

fn checksums_as_tcpdump_computes_them() -> anyhow::Result<()> {
    let made = frames().into_iter();
    let records: Vec<Record> = made.map(|frame| (frame.clone(), frame.len())).collect();
    let theirs = Regex::new("(?:cksum|bad).*?-> ?(?:0x)?([0-9a-f]+)[)!]")?;
    let ours = Regex::new("it should be 0x([0-9a-f]+)")?;
    let found = |pattern: &Regex, text: &str| -> anyhow::Result<Vec<u16>> {
        let captures = pattern.captures_iter(text);
        let sums = captures.map(|found| u16::from_str_radix(&found[1], 16));
        let mut sums: Vec<u16> = sums.collect::<Result<_, _>>().context("no number")?;
        sums.sort_unstable();
        Ok(sums)
    };
    let mut compared = 0;
    for ((bytes, _), real) in records.iter().zip(real(1, "-nvv", &records)?) {
        let told = told(bytes);
        let (ours, theirs) = (found(&ours, &told)?, found(&theirs, &real)?);
        ensure!(
            ours == theirs,
            "{bytes:02x?}\n{real}\n{told}\n{ours:04x?} {theirs:04x?}"
        );
        compared += ours.len();
    }
    ensure!(compared > 100, "{compared}");
    Ok(())
}

/// What our fields say, as far as tcpdump looks: not into what ICMPv6 quotes, nor behind something
/// that makes no sense.
fn told(bytes: &[u8]) -> String {
    let mut fields = fields(Medium::Ethernet, bytes);
    let v6 = fields.iter().any(|field| field.name == "ICMPv6");
    let quoted = fields
        .iter()
        .position(|field| field.name == "quoted packet");
    fields.truncate(quoted.filter(|_| v6).unwrap_or(fields.len()));
    let sense = |field: &Field| field.sort != Sort::Wrong || field.name == "checksum";
    let values = fields
        .into_iter()
        .take_while(sense)
        .map(|field| field.value);
    values.collect::<Vec<_>>().join("\n")
}
