//! The language of Mermaid's flowcharts (<https://mermaid.js.org/syntax/flowchart.html>).

use super::{crossings, is_unfit, node, ports, put, said};
use crate::map::model::{End, Map, State};
use crate::map::walk::Walk;

/// `map` as a flowchart: a subgraph for each namespace, and for each cable that a packet has crossed
/// an arrow with its number.
pub fn mermaid(map: &Map, walk: Option<&Walk>) -> String {
    let mut out = String::from("flowchart LR\n");
    for (place, space) in map.spaces.iter().enumerate() {
        put(
            &mut out,
            format_args!("  subgraph s{place}[\"{}\"]\n", entities(&space.name)),
        );
        for (device, it) in space.devices.iter().enumerate() {
            let end = End {
                space: place,
                device,
            };
            let died = walk.is_some_and(|walk| walk.died_at(end));
            let lines: Vec<String> = said(it, died).iter().map(|line| entities(line)).collect();
            put(
                &mut out,
                format_args!("    {}[\"{}\"]\n", node(end), lines.join("<br/>")),
            );
        }
        for (bridge, port) in ports(place, space) {
            put(
                &mut out,
                format_args!("    {} === {}\n", node(bridge), node(port)),
            );
        }
        out += "  end\n";
    }
    for (place, cable) in map.cables.iter().enumerate() {
        let far = cable.far.map_or_else(|| format!("u{place}[\"?\"]"), node);
        let line = match (cable.stands_on, map.state(cable)) {
            (true, _) => "-.-",
            (false, State::Up) => "---",
            (false, State::Down) => "-. down .-",
            (false, State::NoCarrier) => "-. no carrier .-",
        };
        put(
            &mut out,
            format_args!("  {} {line} {far}\n", node(cable.near)),
        );
    }
    for (from, to, number) in crossings(walk) {
        put(&mut out, format_args!("  {from} -- {number} --> {to}\n"));
    }
    out
}

/// Text within double quotes: everything that could mean something is a number (`#35;`).
fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | ':' | '/' | '-' | '_' => out.push(c),
            _ if is_unfit(c) => out.push('\u{fffd}'),
            _ => put(&mut out, format_args!("#{};", u32::from(c))),
        }
    }
    out
}
