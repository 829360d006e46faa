//! Where everything stands, for any size of terminal.

use ratatui::layout::Rect;

use super::spaces::COLUMN;

/// From this width on the transcript stands below the tables, and the left column is as high as
/// the screen: lines of `ip` then still fit.
const WIDE: u16 = 150;

/// Columns that a text needs to be read with ease, and those after which it is read with less.
const TEXT: u16 = 40;
const WIDEST: u16 = 66;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) header: Rect,
    pub(super) left: Rect,
    pub(super) divider: Rect,
    pub(super) tables: Rect,
    pub(super) transcript: Rect,
    pub(super) footer: Rect,
}

/// How much of the screen the terminal gets where rows are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// There is something to read first.
    Small,
    /// As usual.
    Normal,
    /// It has the focus.
    Large,
    /// A shell stands in it, in which people work.
    Shell,
}

/// Columns below which a view that has the focus gets the whole width.
const NARROW: u16 = 110;

/// The parts for this area. `wide`: what is on the right should have room, and has the left side's
/// where it would be narrow without.
pub(super) fn layout(area: Rect, share: Share, wide: bool) -> Layout {
    let parts = side_by_side(area, share);
    if !wide || parts.tables.width >= NARROW {
        return parts;
    }
    let nothing = Rect {
        width: 0,
        ..parts.left
    };
    Layout {
        left: nothing,
        divider: nothing,
        tables: Rect {
            x: area.x,
            width: area.width,
            ..parts.tables
        },
        transcript: Rect {
            x: area.x,
            width: area.width,
            ..parts.transcript
        },
        ..parts
    }
}

fn side_by_side(area: Rect, share: Share) -> Layout {
    let body = area.height.saturating_sub(2);
    let rows = match share {
        Share::Small if area.height < 32 => body * 20 / 100,
        Share::Large if area.height < 40 => body / 2,
        Share::Shell => body * 55 / 100,
        Share::Small | Share::Normal | Share::Large => body * 32 / 100,
    };
    // Room for two columns of tables comes before a wider text.
    let for_two = area.width.saturating_sub(2 * COLUMN + 1);
    let most = if for_two >= TEXT { for_two } else { WIDEST };
    let left_width = (area.width * 47 / 100).min(most).clamp(28, WIDEST);
    let below = rows.max(4);
    let wide = area.width >= WIDE;
    let top = area.y + 1;
    let left_height = if wide { body } else { body - below };
    let right_x = area.x + left_width + 1;
    let right_width = area.width.saturating_sub(left_width + 1);
    Layout {
        header: Rect { height: 1, ..area },
        left: Rect {
            x: area.x,
            y: top,
            width: left_width,
            height: left_height,
        },
        divider: Rect {
            x: area.x + left_width,
            y: top,
            width: 1,
            height: left_height,
        },
        tables: Rect {
            x: right_x,
            y: top,
            width: right_width,
            height: body - below,
        },
        transcript: Rect {
            x: if wide { right_x } else { area.x },
            y: top + body - below,
            width: if wide { right_width } else { area.width },
            height: below,
        },
        footer: Rect {
            y: area.bottom().saturating_sub(1),
            height: 1,
            ..area
        },
    }
}

/// Shares `height` rows among text, commands and checks that want so many each (their title's row
/// included). Each gets three; then `first` gets what it wants, but of the text a few lines stay;
/// then the others in turn. What is left over goes to the last.
pub(super) fn share(height: u16, wants: [u16; 3], first: usize) -> [u16; 3] {
    let mut has = wants.map(|want| want.min(3));
    has[0] = wants[0].min(height * 2 / 5).max(has[0]);
    let mut left = height.saturating_sub(has.iter().sum());
    if let (Some(has), Some(want)) = (has.get_mut(first), wants.get(first)) {
        let more = left.min(want - *has);
        *has += more;
        left -= more;
    }
    while left > 0 && has != wants {
        for (has, want) in has.iter_mut().zip(wants) {
            if *has < want && left > 0 {
                *has += 1;
                left -= 1;
            }
        }
    }
    has[2] += left;
    has
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_screen_at_every_size() {
        for width in 60..260 {
            for height in 15..90 {
                let area = Rect::new(0, 0, width, height);
                let shares = [Share::Small, Share::Normal, Share::Large, Share::Shell];
                let all = shares
                    .into_iter()
                    .flat_map(|share| [(share, false), (share, true)]);
                for (share, wide) in all {
                    let parts = layout(area, share, wide);
                    let cells = [
                        parts.header,
                        parts.left,
                        parts.divider,
                        parts.tables,
                        parts.transcript,
                        parts.footer,
                    ]
                    .iter()
                    .map(|part| u32::from(part.width) * u32::from(part.height))
                    .sum::<u32>();
                    assert_eq!(cells, u32::from(width) * u32::from(height), "{area}");
                    assert!(parts.tables.height >= 5, "{area}");
                }
            }
        }
    }

    #[test]
    fn what_fits_is_shown_whole() {
        assert_eq!(share(20, [8, 4, 3], 0), [8, 4, 8]);
        assert_eq!(share(12, [20, 8, 6], 0), [6, 3, 3]);
        assert_eq!(share(14, [20, 8, 6], 1), [5, 6, 3]);
    }
}
