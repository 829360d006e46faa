//! The 256 colours of xterm, by number.

/// Levels of a channel in the cube.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Where the cube begins, and where the greys do.
const CUBE: u8 = 16;
const GREYS: u8 = 232;

/// The sixteen of ANSI, as xterm has them (`XTerm-col.ad` of its sources). They are the reader's to
/// choose, so this is only good for a guess.
const SIXTEEN: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// Red, green and blue of a colour: the sixteen, the cube of 6×6×6, the greys (`256colres.pl` of
/// xterm's sources).
pub fn rgb(index: u8) -> (u8, u8, u8) {
    match index {
        0..CUBE => SIXTEEN[usize::from(index)],
        CUBE..GREYS => {
            let level = |by: u8| LEVELS[usize::from((index - CUBE) / by % 6)];
            (level(36), level(6), level(1))
        }
        GREYS.. => {
            let grey = 8 + 10 * (index - GREYS);
            (grey, grey, grey)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rgb;

    #[test]
    fn the_colours_are_xterms() {
        assert_eq!(rgb(1), (205, 0, 0));
        assert_eq!(rgb(16), (0, 0, 0));
        assert_eq!(rgb(208), (255, 135, 0));
        assert_eq!(rgb(231), (255, 255, 255));
        assert_eq!(rgb(232), (8, 8, 8));
        assert_eq!(rgb(255), (238, 238, 238));
    }
}
