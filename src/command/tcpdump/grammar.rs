//! `tcpdump …`

use super::Tcpdump;
use super::filter::FilterWords;
use crate::command::ParseError;
use crate::command::kit::{Cursor, Flag, Slot, device, flag, number};

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

/// What stands behind `tcpdump`.
pub(in crate::command) fn tcpdump(c: &mut Cursor) -> Result<Tcpdump, ParseError> {
    let mut dump = Tcpdump {
        dev: None,
        count: None,
        numeric: false,
        link_header: false,
        filter: None,
    };
    let mut words = FilterWords::default();
    loop {
        match c.flag(OPTIONS)? {
            Some(given) => match given.to {
                Opt::Dev => dump.dev = Some(given.need(device)?),
                Opt::Count => dump.count = Some(given.need(|text| number(text, 1, u32::MAX))?),
                Opt::Numeric => dump.numeric = true,
                Opt::LinkHeader => dump.link_header = true,
                Opt::Nothing => {}
            },
            None if words.take(c)? => {}
            None => break,
        }
    }
    dump.filter = words.read(c)?;
    c.finish()?;
    Ok(dump)
}
