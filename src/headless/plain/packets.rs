//! Packets that have passed, as lines.

use super::said::Said;
use crate::session::Session;
use crate::session::packets::Row;

/// So many are said at once; more would bury the prompt.
const MOST: usize = 30;

/// Said when nobody has listened until now.
pub fn begun() -> Vec<Said> {
    vec![Said::words(
        "From now on what passes any device is kept. Send something, then `:packets` again says \
         what has passed; `:packets icmp` only that of ping.",
    )]
}

/// The last packets, each behind its namespace and device, as `tcpdump` prints them.
pub fn all(session: &Session) -> Vec<Said> {
    let packets = &session.packets;
    if let Some(why) = packets.refused() {
        return vec![Said::words(why.to_owned())];
    }
    let count = packets.len();
    let rows = (count.saturating_sub(MOST)..count).filter_map(|place| packets.row(place));
    let lines: Vec<Said> = rows.filter_map(line).collect();
    let filter = match packets.filter() {
        "" => String::new(),
        filter => format!(" that `{filter}` lets through"),
    };
    let head = match (lines.len(), count > MOST) {
        (0, _) => format!("No packet has passed{filter} so far."),
        (1, false) => format!("One packet has passed{filter}:"),
        (some, false) => format!("{some} packets have passed{filter}:"),
        (some, true) => format!("The last {some} packets{filter}:"),
    };
    std::iter::once(Said::words(head)).chain(lines).collect()
}

fn line(row: &Row) -> Option<Said> {
    let sighting = row.sighting()?;
    let words = row.words();
    let first = words.lines().next().unwrap_or_default();
    Some(Said::Exact(format!(
        "{} {}: {first}",
        sighting.ns, sighting.dev
    )))
}
