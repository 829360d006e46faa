//! The language of Mermaid's flowcharts (<https://mermaid.js.org/syntax/flowchart.html>).

use super::dot::ports;
use super::{is_unfit, put, said};
use crate::map::model::{End, Map, State};
use crate::map::walk::{Walk, number};

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
            let died = walk.is_some_and(|walk| {
                walk.died_at(End {
                    space: place,
                    device,
                })
            });
            let lines: Vec<String> = said(it, died).iter().map(|line| entities(line)).collect();
            put(
                &mut out,
                format_args!("    d{place}_{device}[\"{}\"]\n", lines.join("<br/>")),
            );
        }
        for (device, master) in ports(space) {
            put(
                &mut out,
                format_args!("    d{place}_{master} === d{place}_{device}\n"),
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
    for (place, crossing) in walk
        .iter()
        .flat_map(|walk| walk.crossings.iter().enumerate())
    {
        let (from, to) = (node(crossing.from), node(crossing.to));
        put(
            &mut out,
            format_args!("  {from} -- {} --> {to}\n", number(place)),
        );
    }
    out
}

fn node(end: End) -> String {
    format!("d{}_{}", end.space, end.device)
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
