//! `tcpdump …`

use super::{Filter, Tcpdump};
use crate::command::ParseError;
use crate::command::kit::{
    Cursor, Flag, Key, Slot, device, exact, flag, foreign_exact, host_address, number,
};

#[derive(Clone, Copy)]
enum Opt {
    Dev,
    Count,
    Numeric,
    LinkHeader,
    Nothing,
}

const OPTIONS: &[Flag<Opt>] = &[
    flag(&["-i", "--interface"], Opt::Dev, "listen on the device {}").value(Slot::Device),
    flag(
        &["-c"],
        Opt::Count,
        "how many packets it waits for before it ends: {}",
    )
    .value(Slot::Number("a count")),
    flag(
        &["-n"],
        Opt::Numeric,
        "addresses rather than names; there are no names here in any case",
    ),
    flag(&["-e"], Opt::LinkHeader, "with hardware addresses"),
    flag(
        &["-l"],
        Opt::Nothing,
        "show each line at once, as is done here in any case",
    ),
    Flag::without(&["-A"]),
    Flag::without(&["-D"]),
    Flag::without(&["-p"]),
    Flag::without(&["-q"]),
    Flag::without(&["-r"]),
    Flag::without(&["-s"]),
    Flag::without(&["-S"]),
    Flag::without(&["-t"]),
    Flag::without(&["-v"]),
    Flag::without(&["-w"]),
    Flag::without(&["-x"]),
    Flag::without(&["-X"]),
];

#[derive(Clone, Copy)]
enum Word {
    Icmp,
    Icmp6,
    Arp,
    Tcp,
    Udp,
    Host,
    Port,
    And,
}

const WORDS: &[Key<Word>] = &[
    exact(
        "icmp",
        Word::Icmp,
        "only ICMP: pings, their answers, and reports of failure",
    ),
    exact(
        "icmp6",
        Word::Icmp6,
        "only ICMPv6: pings, neighbours, and reports of failure",
    ),
    exact("arp", Word::Arp, "only ARP: who has which hardware address"),
    exact("tcp", Word::Tcp, "only TCP"),
    exact("udp", Word::Udp, "only UDP"),
    exact("host", Word::Host, "only from or to {}"),
    exact("port", Word::Port, "only from or to port {}"),
    exact("and", Word::And, "and at the same time"),
    foreign_exact("or"),
    foreign_exact("not"),
    foreign_exact("!"),
    foreign_exact("src"),
    foreign_exact("dst"),
    foreign_exact("net"),
    foreign_exact("ip"),
    foreign_exact("ip6"),
    foreign_exact("ether"),
];

/// What stands behind `tcpdump`.
pub(in crate::command) fn tcpdump(c: &mut Cursor) -> Result<Tcpdump, ParseError> {
    let mut dump = Tcpdump {
        dev: None,
        count: None,
        numeric: false,
        link_header: false,
        filter: Vec::new(),
    };
    let mut open = false;
    loop {
        if let Some(given) = c.flag(OPTIONS)? {
            match given.to {
                Opt::Dev => dump.dev = Some(given.need(device)?),
                Opt::Count => dump.count = Some(given.need(|text| number(text, 1, u32::MAX))?),
                Opt::Numeric => dump.numeric = true,
                Opt::LinkHeader => dump.link_header = true,
                Opt::Nothing => {}
            }
            continue;
        }
        let joined = open || dump.filter.is_empty();
        let filter = match c.choose(WORDS)? {
            None => break,
            Some(Word::And) if joined => return Err(between(c)),
            Some(Word::And) => {
                open = true;
                continue;
            }
            // As in pcap-filter(7), a protocol may stand before `host` and `port` without `and`.
            Some(Word::Host) => Filter::Host(c.value(Slot::Address, host_address)?),
            Some(Word::Port) => {
                Filter::Port(c.value(Slot::Number("a port"), |text| number(text, 0, u16::MAX))?)
            }
            Some(_) if !joined => return Err(between(c)),
            Some(Word::Icmp) => Filter::Icmp,
            Some(Word::Icmp6) => Filter::Icmp6,
            Some(Word::Arp) => Filter::Arp,
            Some(Word::Tcp) => Filter::Tcp,
            Some(Word::Udp) => Filter::Udp,
        };
        open = false;
        dump.filter.push(filter);
    }
    c.finish()?;
    if open {
        return Err(c.unexpected());
    }
    Ok(dump)
}

fn between(c: &Cursor) -> ParseError {
    ParseError {
        help: Some("`and` stands between two conditions".to_owned()),
        message: "this does not fit to what stands before it".to_owned(),
        ..c.twice()
    }
}
