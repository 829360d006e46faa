//! More namespaces than a picture can hold: a line for each device that leads out of one.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, Ink};
use super::draw::Look;
use super::model::{Device, End, Kind, Map, Role};
use super::plan::{Detail, partners};
use super::rows;

/// A line: parts with their meaning.
type Line = Vec<(Ink, String)>;

/// Lists what `map` holds, the host and the internet first.
pub(super) fn summary(map: &Map, look: &Look<'_>) -> Canvas {
    let named = map.spaces.iter().filter(|space| space.role == Role::Named);
    let mut lines: Vec<Line> = vec![vec![(
        Ink::Detail,
        format!("{} namespaces, too many to draw", named.count()),
    )]];
    let mut order: Vec<usize> = (0..map.spaces.len()).collect();
    order.sort_by_key(|space| map.spaces[*space].role == Role::Named);
    for space in order {
        lines.extend(of(map, space, look));
    }
    let width = |line: &Line| -> usize { line.iter().map(|(_, text)| text.width()).sum() };
    let widest = lines.iter().map(width).max().unwrap_or(0);
    let size = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    // A text that cannot be shown as it is takes no more columns than characters.
    let most = lines
        .iter()
        .map(|line| line.iter().map(|(_, text)| text.chars().count()).sum());
    let widest = most.chain([widest]).max().unwrap_or(0);
    let height = lines.len().min(usize::from(u16::MAX / 2));
    let mut canvas = Canvas::new(size(widest.min(400)), size(height), look.unicode);
    for (y, line) in (0..).zip(lines.iter().take(height)) {
        let mut x = 0;
        for (ink, text) in line {
            let room = canvas.width().saturating_sub(x);
            x = canvas.text(x, y, room, text, *ink);
        }
    }
    canvas
}

/// A namespace's name, and a line for each of its devices.
fn of(map: &Map, space: usize, look: &Look<'_>) -> Vec<Line> {
    let Some(here) = map.spaces.get(space) else {
        return Vec::new();
    };
    let lit = look.chosen.is_some_and(|ns| here.ns() == *ns);
    let (sign, ink) = match (lit, look.unicode) {
        (true, true) => ("▶ ", Ink::Lit),
        (true, false) => ("> ", Ink::Lit),
        (false, _) => ("", Ink::Title),
    };
    let mut lines = vec![vec![(ink, format!("{sign}{}", here.name))]];
    let partners = partners(map);
    for (place, device) in here.devices.iter().enumerate() {
        if rows::is_quiet(device) && device.trouble().is_none() {
            continue;
        }
        let far = partners.get(&End {
            space,
            device: place,
        });
        let changed = look.changed.contains(&(here.ns(), device.index));
        lines.push(line(map, device, far, changed, look));
    }
    lines
}

fn line(map: &Map, device: &Device, far: Option<&End>, changed: bool, look: &Look<'_>) -> Line {
    let (mark, dash) = match (changed, look.unicode) {
        (true, true) => (" ● ", " ── "),
        (true, false) => (" * ", " -- "),
        (false, true) => ("   ", " ── "),
        (false, false) => ("   ", " -- "),
    };
    let mut line = vec![
        (Ink::Changed, mark.to_owned()),
        (Ink::Device, device.name.clone()),
    ];
    let words = rows::words(device, look.detail);
    line.extend(words.into_iter().map(|word| {
        let bad = Some(word.as_str()) == device.trouble();
        let ink = if bad { Ink::Bad } else { Ink::Detail };
        (ink, format!(" {word}"))
    }));
    if look.detail == Detail::Addresses {
        let said = usize::from(device.kind == Kind::Loopback);
        let addresses = device.addresses.iter().skip(said);
        line.extend(addresses.map(|address| (Ink::Detail, format!(" {address}"))));
    }
    if let Some((there, device)) =
        far.and_then(|end| Some((map.spaces.get(end.space)?, map.device(*end)?)))
    {
        line.push((Ink::Cable, dash.to_owned()));
        line.push((Ink::Device, format!("{}/{}", there.name, device.name)));
    }
    line
}
