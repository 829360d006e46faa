//! The language of graphviz (<https://graphviz.org/doc/info/lang.html>).

use super::{is_unfit, put, said};
use crate::map::model::{End, Kind, Map, State};
use crate::map::walk::{Walk, number};

/// `map` as an undirected graph: a cluster for each namespace, and for each cable that a packet has
/// crossed an arrow with its number.
pub fn dot(map: &Map, walk: Option<&Walk>) -> String {
    let mut out = String::from(
        "graph sandbox {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n  \
         edge [fontname=\"monospace\"];\n",
    );
    for (place, space) in map.spaces.iter().enumerate() {
        put(
            &mut out,
            format_args!(
                "  subgraph cluster_{place} {{\n    label=\"{}\";\n",
                quoted(&space.name)
            ),
        );
        for (device, it) in space.devices.iter().enumerate() {
            let end = End {
                space: place,
                device,
            };
            let said = said(it, walk.is_some_and(|walk| walk.died_at(end)));
            let label: Vec<String> = said.iter().map(|line| quoted(line)).collect();
            let shape = match it.kind {
                Kind::Bridge => ", shape=component",
                _ => "",
            };
            let style = if it.state == State::Up {
                ""
            } else {
                ", style=dashed, color=red"
            };
            let name = node(end);
            put(
                &mut out,
                format_args!(
                    "    {name} [label=\"{}\"{shape}{style}];\n",
                    label.join("\\n")
                ),
            );
        }
        for (device, master) in ports(space) {
            let (bridge, port) = (
                End {
                    space: place,
                    device: master,
                },
                End {
                    space: place,
                    device,
                },
            );
            put(
                &mut out,
                format_args!("    {} -- {} [penwidth=2];\n", node(bridge), node(port)),
            );
        }
        out += "  }\n";
    }
    for (place, cable) in map.cables.iter().enumerate() {
        let far = cable.far.map_or_else(
            || {
                put(
                    &mut out,
                    format_args!("  unknown_{place} [label=\"?\", shape=plaintext];\n"),
                );
                format!("unknown_{place}")
            },
            node,
        );
        let look = match (cable.stands_on, map.state(cable)) {
            (true, _) => " [style=dotted]",
            (false, State::Up) => "",
            (false, State::Down) => " [style=dashed, color=red, label=\"down\"]",
            (false, State::NoCarrier) => " [style=dashed, color=red, label=\"no carrier\"]",
        };
        put(
            &mut out,
            format_args!("  {} -- {far}{look};\n", node(cable.near)),
        );
    }
    for (place, crossing) in walk
        .iter()
        .flat_map(|walk| walk.crossings.iter().enumerate())
    {
        let (from, to) = (node(crossing.from), node(crossing.to));
        put(
            &mut out,
            format_args!(
                "  {from} -- {to} [dir=forward, constraint=false, color=purple, label=\"{}\"];\n",
                number(place)
            ),
        );
    }
    out + "}\n"
}

fn node(end: End) -> String {
    format!("d{}_{}", end.space, end.device)
}

/// Devices that are plugged into one of the same namespace, and that one.
pub(super) fn ports(space: &crate::map::Space) -> impl Iterator<Item = (usize, usize)> {
    let devices = space.devices.iter().enumerate();
    devices.filter_map(|(place, device)| {
        let master = device.master?;
        (master < space.devices.len()).then_some((place, master))
    })
}

/// Text within double quotes, where a backslash begins an escape.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            _ if is_unfit(c) => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
