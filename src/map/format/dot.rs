//! The language of graphviz (<https://graphviz.org/doc/info/lang.html>).

use super::{crossings, is_unfit, node, ports, put, said};
use crate::map::model::{Cable, End, Kind, Map, Space, State};
use crate::map::walk::Walk;

/// `map` as an undirected graph: a cluster for each namespace, and for each cable that a packet has
/// crossed an arrow with its number.
pub fn dot(map: &Map, walk: Option<&Walk>) -> String {
    let mut out = String::from(
        "graph sandbox {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\"];\n  \
         edge [fontname=\"monospace\"];\n",
    );
    for (place, space) in map.spaces.iter().enumerate() {
        cluster(&mut out, place, space, walk);
    }
    for (place, it) in map.cables.iter().enumerate() {
        cable(&mut out, place, it, map);
    }
    for (from, to, number) in crossings(walk) {
        put(
            &mut out,
            format_args!(
                "  {from} -- {to} [dir=forward, constraint=false, color=purple, label=\"{number}\"];\n"
            ),
        );
    }
    out + "}\n"
}

/// A namespace, with its devices and what is plugged in there.
fn cluster(out: &mut String, place: usize, space: &Space, walk: Option<&Walk>) {
    let name = quoted(&space.name);
    put(
        out,
        format_args!("  subgraph cluster_{place} {{\n    label=\"{name}\";\n"),
    );
    for (device, it) in space.devices.iter().enumerate() {
        let end = End {
            space: place,
            device,
        };
        let said = said(it, walk.is_some_and(|walk| walk.died_at(end)));
        let label: Vec<String> = said.iter().map(|line| quoted(line)).collect();
        let label = label.join("\\n");
        let shape = if it.kind == Kind::Bridge {
            ", shape=component"
        } else {
            ""
        };
        let style = match it.state {
            State::Up => "",
            State::Down | State::NoCarrier => ", style=dashed, color=red",
        };
        let name = node(end);
        put(
            out,
            format_args!("    {name} [label=\"{label}\"{shape}{style}];\n"),
        );
    }
    for (bridge, port) in ports(place, space) {
        put(
            out,
            format_args!("    {} -- {} [penwidth=2];\n", node(bridge), node(port)),
        );
    }
    *out += "  }\n";
}

/// A cable, and the end of it that is out of sight.
fn cable(out: &mut String, place: usize, cable: &Cable, map: &Map) {
    let far = if let Some(far) = cable.far {
        node(far)
    } else {
        put(
            out,
            format_args!("  unknown_{place} [label=\"?\", shape=plaintext];\n"),
        );
        format!("unknown_{place}")
    };
    let look = match (cable.stands_on, map.state(cable)) {
        (true, _) => " [style=dotted]",
        (false, State::Up) => "",
        (false, State::Down) => " [style=dashed, color=red, label=\"down\"]",
        (false, State::NoCarrier) => " [style=dashed, color=red, label=\"no carrier\"]",
    };
    put(
        out,
        format_args!("  {} -- {far}{look};\n", node(cable.near)),
    );
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
