//! Colours that a program in the learner's shell has asked for, as this terminal can show them.

use ratatui::style::Color;

use super::palette::cube;
use super::{Depth, Theme};
use crate::session::shell::palette;
use crate::session::shell::view::Color as Asked;

impl Theme {
    /// The colour to show for the one that was asked for. ANSI's sixteen are the reader's own.
    pub fn shown(&self, asked: Asked) -> Color {
        match (self.depth, asked) {
            (Depth::Mono, _) | (_, Asked::Default) => Color::Reset,
            (_, Asked::Indexed(index @ 0..16)) => ansi(index),
            (Depth::True | Depth::Indexed, Asked::Indexed(index)) => Color::Indexed(index),
            (Depth::Ansi, Asked::Indexed(index)) => ansi(nearest(palette::rgb(index))),
            (Depth::True, Asked::Rgb(red, green, blue)) => Color::Rgb(red, green, blue),
            (Depth::Indexed, Asked::Rgb(red, green, blue)) => {
                Color::Indexed(cube(red, green, blue))
            }
            (Depth::Ansi, Asked::Rgb(red, green, blue)) => ansi(nearest((red, green, blue))),
        }
    }

    /// Must what stands on `paper` stand out by other means, since there are no colours?
    pub fn needs_reverse(&self, paper: Asked) -> bool {
        self.depth == Depth::Mono && paper != Asked::Default
    }
}

/// One of ANSI's sixteen, by number.
fn ansi(index: u8) -> Color {
    match index {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}

/// The nearest of ANSI's sixteen, as bright and as coloured as they mostly are.
fn nearest((red, green, blue): (u8, u8, u8)) -> u8 {
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    if most - least < 48 {
        return match most {
            0..64 => 0,
            64..150 => 8,
            150..230 => 7,
            230..=255 => 15,
        };
    }
    let middle = least + (most - least) / 2;
    let bits = u8::from(red > middle) + 2 * u8::from(green > middle) + 4 * u8::from(blue > middle);
    bits + if most > 220 { 8 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Background;

    fn shown(depth: Depth, asked: Asked) -> Color {
        let theme = Theme {
            depth,
            background: Background::Dark,
            unicode: true,
        };
        theme.shown(asked)
    }

    #[test]
    fn colours_come_down_to_what_there_is() {
        let orange = Asked::Rgb(0xff, 0x87, 0x00);
        assert_eq!(shown(Depth::True, orange), Color::Rgb(0xff, 0x87, 0x00));
        assert_eq!(shown(Depth::Indexed, orange), Color::Indexed(208));
        assert_eq!(shown(Depth::Ansi, orange), Color::LightYellow);
        assert_eq!(shown(Depth::Mono, orange), Color::Reset);
        assert_eq!(shown(Depth::Ansi, Asked::Indexed(196)), Color::LightRed);
        assert_eq!(shown(Depth::Ansi, Asked::Indexed(244)), Color::DarkGray);
        assert_eq!(shown(Depth::Ansi, Asked::Indexed(18)), Color::Blue);
        assert_eq!(shown(Depth::True, Asked::Indexed(2)), Color::Green);
        assert_eq!(shown(Depth::True, Asked::Default), Color::Reset);
    }
}
