//! The colours behind each meaning.
//!
//! The reader's own background is kept, so that each colour must be read on any dark, or on any
//! light one: a test holds every text colour to a contrast of 4.5 (WCAG 2.1, 1.4.3) against black
//! or white. ANSI's sixteen are the reader's to choose; those used are readable in xterm's own.

use ratatui::style::{Color, Modifier, Style};

use super::{Background, Depth, Slot, Theme};

/// The style of `slot`.
pub(super) fn style(theme: Theme, slot: Slot) -> Style {
    if theme.depth == Depth::Mono {
        return mono(slot);
    }
    let style = match (theme.background, theme.depth) {
        (Background::Dark, Depth::Ansi) => ansi_on_dark(slot),
        (Background::Light, Depth::Ansi) => ansi_on_light(slot),
        (Background::Dark, _) => rgb_on_dark(slot).map(|rgb| color(theme.depth, rgb)),
        (Background::Light, _) => rgb_on_light(slot).map(|rgb| color(theme.depth, rgb)),
    }
    .unwrap_or(Color::Reset);
    Style::new().fg(style).add_modifier(emphasis(slot))
}

/// Attributes that go with the colour.
fn emphasis(slot: Slot) -> Modifier {
    match slot {
        Slot::Heading | Slot::Focus | Slot::Prompt | Slot::Key | Slot::Changed => Modifier::BOLD,
        Slot::Bar => Modifier::BOLD.union(Modifier::REVERSED),
        Slot::Text
        | Slot::Dim
        | Slot::Ok
        | Slot::Bad
        | Slot::Pending
        | Slot::Code
        | Slot::Border
        | Slot::Note
        | Slot::Arp
        | Slot::Icmp
        | Slot::Tcp
        | Slot::Udp => Modifier::empty(),
    }
}

/// Without colours.
fn mono(slot: Slot) -> Style {
    let modifier = match slot {
        Slot::Bad | Slot::Code => Modifier::BOLD,
        Slot::Dim | Slot::Border => Modifier::DIM,
        Slot::Note => Modifier::ITALIC,
        Slot::Focus => Modifier::BOLD.union(Modifier::UNDERLINED),
        Slot::Text
        | Slot::Ok
        | Slot::Pending
        | Slot::Heading
        | Slot::Prompt
        | Slot::Key
        | Slot::Changed
        | Slot::Bar
        | Slot::Arp
        | Slot::Icmp
        | Slot::Tcp
        | Slot::Udp => emphasis(slot),
    };
    Style::new().fg(Color::Reset).add_modifier(modifier)
}

fn rgb_on_dark(slot: Slot) -> Option<(u8, u8, u8)> {
    match slot {
        Slot::Text => None,
        Slot::Dim | Slot::Pending => Some((0x9e, 0xa7, 0xb3)),
        Slot::Heading | Slot::Bar | Slot::Tcp => Some((0x87, 0xb7, 0xff)),
        Slot::Ok | Slot::Prompt | Slot::Icmp => Some((0x7e, 0xd4, 0x91)),
        Slot::Bad => Some((0xff, 0x87, 0x87)),
        Slot::Changed => Some((0xff, 0xc1, 0x4d)),
        Slot::Code | Slot::Udp => Some((0x8b, 0xdc, 0xe3)),
        Slot::Key => Some((0xf0, 0xe0, 0xa8)),
        Slot::Border => Some((0x5c, 0x67, 0x75)),
        Slot::Focus => Some((0xff, 0xd7, 0x87)),
        Slot::Note | Slot::Arp => Some((0xd0, 0xae, 0xf7)),
    }
}

fn rgb_on_light(slot: Slot) -> Option<(u8, u8, u8)> {
    match slot {
        Slot::Text => None,
        Slot::Dim | Slot::Pending => Some((0x5a, 0x63, 0x6e)),
        Slot::Heading | Slot::Bar | Slot::Tcp => Some((0x0b, 0x4f, 0xa8)),
        Slot::Ok | Slot::Prompt | Slot::Icmp => Some((0x12, 0x6b, 0x2e)),
        Slot::Bad => Some((0xb4, 0x1d, 0x1d)),
        Slot::Changed => Some((0x8f, 0x45, 0x00)),
        Slot::Code | Slot::Udp => Some((0x00, 0x60, 0x6b)),
        Slot::Key => Some((0x6b, 0x4e, 0x00)),
        Slot::Border => Some((0x9a, 0xa3, 0xad)),
        Slot::Focus => Some((0x8a, 0x2b, 0x06)),
        Slot::Note | Slot::Arp => Some((0x6a, 0x32, 0xa8)),
    }
}

fn ansi_on_dark(slot: Slot) -> Option<Color> {
    match slot {
        Slot::Text | Slot::Code => None,
        Slot::Dim | Slot::Pending => Some(Color::Gray),
        Slot::Heading | Slot::Bar | Slot::Tcp => Some(Color::LightCyan),
        Slot::Ok | Slot::Prompt | Slot::Icmp => Some(Color::LightGreen),
        Slot::Bad => Some(Color::LightRed),
        Slot::Changed | Slot::Focus | Slot::Key | Slot::Udp => Some(Color::LightYellow),
        Slot::Border => Some(Color::DarkGray),
        Slot::Note | Slot::Arp => Some(Color::LightMagenta),
    }
}

/// Green, yellow and cyan cannot be read on white: blue says "fine" here.
fn ansi_on_light(slot: Slot) -> Option<Color> {
    match slot {
        Slot::Text | Slot::Dim | Slot::Pending | Slot::Code | Slot::Key | Slot::Udp => None,
        Slot::Heading | Slot::Bar | Slot::Ok | Slot::Prompt | Slot::Icmp | Slot::Tcp => {
            Some(Color::Blue)
        }
        Slot::Bad => Some(Color::Red),
        Slot::Changed | Slot::Focus | Slot::Note | Slot::Arp => Some(Color::Magenta),
        Slot::Border => Some(Color::DarkGray),
    }
}

/// The nearest colour that the terminal has.
fn color(depth: Depth, (red, green, blue): (u8, u8, u8)) -> Color {
    match depth {
        Depth::Indexed => Color::Indexed(cube(red, green, blue)),
        Depth::True | Depth::Ansi | Depth::Mono => Color::Rgb(red, green, blue),
    }
}

/// Levels of a channel in xterm's 6×6×6 cube.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

pub(super) fn cube(red: u8, green: u8, blue: u8) -> u8 {
    let level = |value: u8| {
        (0_u8..6)
            .min_by_key(|index| LEVELS[usize::from(*index)].abs_diff(value))
            .unwrap_or_default()
    };
    16 + 36 * level(red) + 6 * level(green) + level(blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// xterm's own sixteen.
    fn xterm(color: Color) -> (u8, u8, u8) {
        match color {
            Color::Red => (205, 0, 0),
            Color::Blue => (0, 0, 238),
            Color::Magenta => (205, 0, 205),
            Color::Gray => (229, 229, 229),
            Color::DarkGray => (127, 127, 127),
            Color::LightRed => (255, 0, 0),
            Color::LightGreen => (0, 255, 0),
            Color::LightYellow => (255, 255, 0),
            Color::LightMagenta => (255, 0, 255),
            Color::LightCyan => (0, 255, 255),
            Color::Rgb(red, green, blue) => (red, green, blue),
            Color::Indexed(index) => {
                let index = usize::from(index - 16);
                (LEVELS[index / 36], LEVELS[index / 6 % 6], LEVELS[index % 6])
            }
            other => panic!("{other} is not used"),
        }
    }

    /// Relative luminance, WCAG 2.1.
    fn luminance((red, green, blue): (u8, u8, u8)) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_can_be_read() {
        for background in [Background::Dark, Background::Light] {
            let behind = match background {
                Background::Dark => (0, 0, 0),
                Background::Light => (255, 255, 255),
            };
            for depth in [Depth::Ansi, Depth::Indexed, Depth::True] {
                let theme = Theme {
                    depth,
                    background,
                    unicode: true,
                };
                for slot in Slot::ALL {
                    let color = match theme.style(slot).fg {
                        None | Some(Color::Reset) => continue,
                        Some(color) => color,
                    };
                    // A line is no text: 1.4.11 asks 3 of it where it is needed, and it is not.
                    let least = if slot == Slot::Border { 1.8 } else { 4.5 };
                    let is = contrast(xterm(color), behind);
                    assert!(
                        is >= least,
                        "{slot:?} on {background:?} at {depth:?}: {is:.2}"
                    );
                }
            }
        }
    }

    #[test]
    fn without_colours_there_are_none() {
        for slot in Slot::ALL {
            let style = mono(slot);
            assert_eq!((style.fg, style.bg), (Some(Color::Reset), None), "{slot:?}");
        }
    }
}
