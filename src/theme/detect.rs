//! What the terminal can show, from its environment.

use super::{Background, Depth, Theme};

impl Theme {
    /// Reads the terminal's description.
    ///
    /// `env` looks a variable up: `NO_COLOR` (any value but the empty one, <https://no-color.org>),
    /// `COLORTERM`, `TERM`, `COLORFGBG` (`15;0`: foreground, background), and `LC_ALL`, `LC_CTYPE`,
    /// `LANG` in the order of locale(7). `answer` is what the terminal answered to OSC 11 (its
    /// background colour), if it did; it counts for more than `COLORFGBG`. Dark where nobody says.
    pub fn detect(env: impl Fn(&str) -> Option<String>, answer: Option<&str>) -> Self {
        let get = |name: &str| env(name).filter(|value| !value.is_empty());
        let term = get("TERM").unwrap_or_default();
        Self {
            depth: depth(&get, &term),
            background: answer
                .and_then(background_of)
                .or_else(|| get("COLORFGBG").as_deref().and_then(fgbg))
                .unwrap_or(Background::Dark),
            unicode: has_utf8(&get) && !poor(&term),
        }
    }
}

/// Terminals without a font for the signs: the console of Linux, and those that say nothing.
fn poor(term: &str) -> bool {
    matches!(term, "" | "dumb" | "linux" | "ansi") || term.starts_with("vt")
}

fn depth(get: &impl Fn(&str) -> Option<String>, term: &str) -> Depth {
    if get("NO_COLOR").is_some() || matches!(term, "" | "dumb") || term.starts_with("vt") {
        return Depth::Mono;
    }
    let color = get("COLORTERM").unwrap_or_default();
    if matches!(color.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
        Depth::True
    } else if term.contains("256color") {
        Depth::Indexed
    } else {
        Depth::Ansi
    }
}

/// The first variable that is set decides, as in setlocale(3).
fn has_utf8(get: &impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| get(name))
        .is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
}

/// `COLORFGBG`: the last field is the background, by ANSI number.
fn fgbg(value: &str) -> Option<Background> {
    match value.rsplit(';').next()?.parse::<u8>().ok()? {
        7 | 9..=15 => Some(Background::Light),
        0..=6 | 8 => Some(Background::Dark),
        _ => None,
    }
}

/// The background in an answer to OSC 11, `ESC ] 11 ; rgb:RRRR/GGGG/BBBB` with one to four
/// hexadecimal digits a channel (XParseColor(3)), closed by BEL or ST. `None` if it is no such answer.
pub fn background_of(answer: &str) -> Option<Background> {
    let (_, colors) = answer
        .split_once("rgb:")
        .or_else(|| answer.split_once("rgba:"))?;
    let mut channels = colors.split('/').map(channel);
    let (red, green, blue) = (channels.next()??, channels.next()??, channels.next()??);
    // Rec. 709 luma: what matters is only on which side of the middle it lies.
    let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    Some(if luma > 0.5 {
        Background::Light
    } else {
        Background::Dark
    })
}

fn channel(text: &str) -> Option<f64> {
    let digits: String = text
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .take(4)
        .collect();
    let value = u16::from_str_radix(&digits, 16).ok()?;
    let most = (1_u32 << (4 * digits.len())) - 1;
    Some(f64::from(value) / f64::from(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(vars: &[(&str, &str)], answer: Option<&str>) -> Theme {
        let find = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Theme::detect(find, answer)
    }

    #[test]
    fn colours_follow_term_colorterm_and_no_color() {
        let depth = |vars: &[(&str, &str)]| theme(vars, None).depth;
        assert_eq!(depth(&[]), Depth::Mono);
        assert_eq!(depth(&[("TERM", "dumb")]), Depth::Mono);
        assert_eq!(depth(&[("TERM", "xterm")]), Depth::Ansi);
        assert_eq!(depth(&[("TERM", "screen-256color")]), Depth::Indexed);
        let full = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor")];
        assert_eq!(depth(&full), Depth::True);
        assert_eq!(depth(&[full[0], full[1], ("NO_COLOR", "1")]), Depth::Mono);
        assert_eq!(depth(&[full[0], full[1], ("NO_COLOR", "")]), Depth::True);
    }

    #[test]
    fn utf8_comes_from_the_locale_and_not_to_the_console() {
        let unicode = |vars: &[(&str, &str)]| theme(vars, None).unicode;
        let xterm = ("TERM", "xterm");
        assert!(unicode(&[xterm, ("LANG", "en_GB.UTF-8")]));
        assert!(unicode(&[xterm, ("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(!unicode(&[xterm, ("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]));
        assert!(!unicode(&[xterm]));
        assert!(!unicode(&[("TERM", "linux"), ("LANG", "C.UTF-8")]));
    }

    #[test]
    fn the_terminals_own_answer_counts_most() {
        let dark = Some("\u{1b}]11;rgb:1e1e/1e1e/1e1e\u{7}");
        let white = Some("\u{1b}]11;rgb:ff/ff/ff\u{1b}\\");
        let background = |vars: &[(&str, &str)], answer| theme(vars, answer).background;
        assert_eq!(background(&[], None), Background::Dark);
        assert_eq!(background(&[], white), Background::Light);
        assert_eq!(
            background(&[("COLORFGBG", "0;15")], None),
            Background::Light
        );
        assert_eq!(background(&[("COLORFGBG", "0;15")], dark), Background::Dark);
        assert_eq!(
            background(&[("COLORFGBG", "15;default;0")], None),
            Background::Dark
        );
        assert_eq!(background_of("rgb:/ff/"), None);
        assert_eq!(background_of("rgb:zz"), None);
    }
}
