//! The map in the languages of other programs.

mod dot;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use std::fmt::{Arguments, Write};

use super::model::{Device, End, Space};
use super::walk::{Walk, number};

/// What is said of a device, line by line: its name with what it is and what is wrong with it, its
/// addresses, and whether a packet came to its end there.
fn said(device: &Device, died: bool) -> Vec<String> {
    let words = device.word().into_iter();
    let words = words.chain(device.trouble().map(str::to_owned));
    let first = std::iter::once(device.name.clone()).chain(words);
    let first = first.collect::<Vec<_>>().join(" ");
    let mut lines = vec![first];
    lines.extend(device.addresses.iter().cloned());
    lines.extend(died.then(|| "✗ here the packet came to its end".to_owned()));
    lines
}

/// The name of a device among those of a picture.
fn node(end: End) -> String {
    format!("d{}_{}", end.space, end.device)
}

/// The bridges of the namespace `space`, which stands at this place, each with one of its ports.
fn ports(place: usize, space: &Space) -> impl Iterator<Item = (End, End)> {
    let end = move |device| End {
        space: place,
        device,
    };
    let devices = space.devices.iter().enumerate();
    devices.filter_map(move |(device, it)| {
        let master = it.master.filter(|master| *master < space.devices.len())?;
        Some((end(master), end(device)))
    })
}

/// Each cable that a packet has crossed: from which device to which, and its number.
fn crossings(walk: Option<&Walk>) -> impl Iterator<Item = (String, String, char)> {
    let crossings = walk.map_or(&[][..], |walk| &walk.crossings);
    let numbered = crossings.iter().enumerate();
    numbered.map(|(place, it)| (node(it.from), node(it.to), number(place)))
}

/// Writes on.
fn put(out: &mut String, text: Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = out.write_fmt(text);
}

/// Characters that no text may hold, whatever is said to be a name.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fffe}' | '\u{ffff}')
}
