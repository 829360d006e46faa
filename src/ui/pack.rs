//! Blocks of rows put into columns.

use ratatui::layout::Rect;

/// Below so many rows a block that is cut says too little.
const LEAST: u16 = 6;

/// A block and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Which block.
    pub(super) index: usize,
    /// Where.
    pub(super) area: Rect,
}

/// Puts every block into `columns` columns, in order, as evenly as can be. `None` where one of them
/// would have to be cut.
pub(super) fn whole(heights: &[u16], columns: u16, area: Rect) -> Option<Vec<Placed>> {
    let tallest = heights.iter().copied().max().unwrap_or(0);
    (tallest..=area.height).find_map(|height| {
        let placed = fill(heights, 0, columns, Rect { height, ..area });
        let fits = placed.len() == heights.len() && !placed.iter().any(|one| is_cut(*one, heights));
        fits.then_some(placed)
    })
}

/// Puts as many blocks as fit into `columns` columns, `chosen` among them: whole, or from the top
/// of a column.
pub(super) fn some(heights: &[u16], columns: u16, area: Rect, chosen: usize) -> Vec<Placed> {
    (0..=chosen)
        .map(|start| fill(heights, start, columns, area))
        .find(|placed| {
            placed
                .iter()
                .any(|one| one.index == chosen && (one.area.y == area.y || !is_cut(*one, heights)))
        })
        .unwrap_or_default()
}

fn is_cut(placed: Placed, heights: &[u16]) -> bool {
    heights
        .get(placed.index)
        .is_some_and(|height| placed.area.height < *height)
}

/// Fills the columns from block `start` on. A block is cut where it is higher than a column, and at
/// the end of the last column.
fn fill(heights: &[u16], start: usize, columns: u16, area: Rect) -> Vec<Placed> {
    let width = area.width / columns.max(1);
    let mut placed = Vec::new();
    let (mut column, mut y) = (0, area.y);
    for (index, height) in heights.iter().copied().enumerate().skip(start) {
        let last = column + 1 >= columns;
        if y + height > area.bottom() && y > area.y && !(last && area.bottom() - y >= LEAST) {
            column += 1;
            y = area.y;
        }
        if column >= columns || y >= area.bottom() {
            break;
        }
        let area = Rect {
            x: area.x + column * width,
            y,
            width,
            height: height.min(area.bottom() - y),
        };
        placed.push(Placed { index, area });
        y += area.height;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect::new(40, 1, 80, 20);

    fn places(placed: &[Placed]) -> Vec<(usize, u16, u16, u16)> {
        placed
            .iter()
            .map(|one| (one.index, one.area.x, one.area.y, one.area.height))
            .collect()
    }

    #[test]
    fn what_fits_is_spread_evenly() {
        let placed = whole(&[8, 5, 6], 2, AREA).expect("it fits");
        assert_eq!(
            places(&placed),
            [(0, 40, 1, 8), (1, 80, 1, 5), (2, 80, 6, 6)]
        );
        assert_eq!(whole(&[15, 15, 15], 2, AREA), None);
        assert_eq!(whole(&[21], 2, AREA), None);
    }

    #[test]
    fn the_chosen_one_is_always_there() {
        let heights = [15, 12, 12, 30, 4];
        for chosen in 0..heights.len() {
            for columns in 1..4 {
                let placed = some(&heights, columns, AREA, chosen);
                assert!(
                    placed.iter().any(|one| one.index == chosen),
                    "{chosen} in {columns}"
                );
                assert!(placed.iter().all(|one| one.area.bottom() <= AREA.bottom()));
            }
        }
        let placed = some(&heights, 2, AREA, 1);
        assert_eq!(
            places(&placed),
            [(0, 40, 1, 15), (1, 80, 1, 12), (2, 80, 13, 8)]
        );
    }
}
