//! `ping …`

use std::time::Duration;

use super::{Ping, Source};
use crate::command::kit::{
    Bad, Cursor, Flag, Slot, device, family, flag, host_address, number, of_family,
};
use crate::command::{Family, ParseError};

#[derive(Clone, Copy)]
enum Opt {
    Count,
    Timeout,
    Interval,
    Source,
    Size,
    Ttl,
    Quiet,
    Family(Family),
    Nothing,
}

const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-c"], Opt::Count, "how many times it asks: {}").value(Slot::Number("a count")),
    flag(
        &["-W"],
        Opt::Timeout,
        "how many seconds it waits for an answer: {}",
    )
    .value(Slot::Number("a number of seconds")),
    flag(
        &["-i"],
        Opt::Interval,
        "how many seconds pass between two questions: {}",
    )
    .value(Slot::Number("a number of seconds")),
    flag(&["-I"], Opt::Source, "ask from {}").value(Slot::Device),
    flag(
        &["-s"],
        Opt::Size,
        "how many bytes go with each question: {}",
    )
    .value(Slot::Number("a number of bytes")),
    flag(
        &["-t"],
        Opt::Ttl,
        "how many routers a question passes before one throws it away (TTL): {}",
    )
    .value(Slot::Number("a number of routers")),
    flag(&["-q"], Opt::Quiet, "only show the summary"),
    flag(
        &["-n"],
        Opt::Nothing,
        "addresses rather than names; there are no names here in any case",
    ),
    flag(&["-4"], Opt::Family(Family::V4), "by IPv4"),
    flag(&["-6"], Opt::Family(Family::V6), "by IPv6"),
    Flag::without(&["-a"]),
    Flag::without(&["-A"]),
    Flag::without(&["-b"]),
    Flag::without(&["-B"]),
    Flag::without(&["-d"]),
    Flag::without(&["-D"]),
    Flag::without(&["-f"]),
    Flag::without(&["-F"]),
    Flag::without(&["-l"]),
    Flag::without(&["-L"]),
    Flag::without(&["-m"]),
    Flag::without(&["-M"]),
    Flag::without(&["-N"]),
    Flag::without(&["-O"]),
    Flag::without(&["-p"]),
    Flag::without(&["-Q"]),
    Flag::without(&["-r"]),
    Flag::without(&["-R"]),
    Flag::without(&["-S"]),
    Flag::without(&["-T"]),
    Flag::without(&["-U"]),
    Flag::without(&["-v"]),
    Flag::without(&["-V"]),
    Flag::without(&["-w"]),
];

/// What stands behind `ping`.
pub(in crate::command) fn ping(c: &mut Cursor) -> Result<Ping, ParseError> {
    let (mut count, mut timeout, mut interval, mut source) = (None, None, None, None);
    let (mut size, mut ttl, mut quiet) = (None, None, false);
    let (mut to, mut of, mut source_at) = (None, None, None);
    loop {
        let Some(given) = c.flag(OPTIONS)? else {
            if to.is_some() || !c.offers(Slot::Address) {
                break;
            }
            c.note("the machine that is asked");
            to = Some(c.value(Slot::Address, |text| {
                let address = host_address(text)?;
                of_family(of, address)?;
                Ok(address)
            })?);
            continue;
        };
        match given.to {
            Opt::Count => count = Some(given.need(|text| number(text, 1, u32::MAX))?),
            Opt::Timeout => timeout = Some(given.need(seconds)?),
            Opt::Interval => interval = Some(given.need(seconds)?),
            Opt::Source => {
                source = Some(given.need(from)?);
                source_at = given.value.map(|word| word.at);
            }
            Opt::Size => size = Some(given.need(|text| number(text, 0, LARGEST_PAYLOAD))?),
            Opt::Ttl => ttl = Some(given.need(|text| number(text, 1, u8::MAX))?),
            Opt::Quiet => quiet = true,
            Opt::Family(family) => of = Some(family),
            Opt::Nothing => {}
        }
    }
    c.finish()?;
    let Some(to) = to else {
        return Err(c.missing(Slot::Address));
    };
    if let Some(Source::Address(address)) = &source
        && family(*address) != family(to)
    {
        return Err(ParseError {
            at: source_at.unwrap_or_else(|| c.place()),
            message: format!("{address} and {to} are not of one family"),
            help: Some("an IPv4 address is asked from an IPv4 address".to_owned()),
        });
    }
    Ok(Ping {
        to,
        count,
        timeout,
        interval,
        source,
        size,
        ttl,
        quiet,
    })
}

/// Largest IPv4 packet less its header and that of ICMP.
const LARGEST_PAYLOAD: u16 = 65_507;

/// Longest wait that ping takes, in thousandths of a second, rounded down to whole days.
const LONGEST_WAIT: u64 = 24 * 24 * 3600 * 1000;

/// Seconds with at most three decimals; ping keeps thousandths too.
fn seconds(text: &str) -> Result<Duration, Bad> {
    let bad = || Bad::new(format!("`{text}` is not a number of seconds")).help("such as 1 or 0.2");
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) || part.len() > 3 {
        return Err(bad());
    }
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().map_err(|_| bad())?
    };
    let part: u64 = format!("{part:0<3}").parse().map_err(|_| bad())?;
    whole
        .checked_mul(1000)
        .and_then(|millis| millis.checked_add(part))
        .filter(|millis| *millis <= LONGEST_WAIT)
        .map(Duration::from_millis)
        .ok_or_else(|| Bad::new(format!("`{text}` seconds are too many")))
}

/// `-I`: an address, or else a device.
fn from(text: &str) -> Result<Source, Bad> {
    match host_address(text) {
        Ok(address) => Ok(Source::Address(address)),
        Err(bad) if text.contains('.') && text.chars().all(|c| c.is_ascii_digit() || c == '.') => {
            Err(bad)
        }
        Err(_) => device(text).map(Source::Device),
    }
}
