//! Keywords.

/// A keyword of a table, in the order in which the real tool compares it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<T> {
    /// In full.
    pub(crate) word: &'static str,
    /// May be cut short, as iproute2's `matches()` lets it be; the first of a table that fits wins.
    pub(crate) short: bool,
    /// What it stands for; `None` is a word of the real tool that the lessons do without, kept
    /// here because it takes its abbreviations before those that follow.
    pub(crate) to: Option<T>,
    /// What it does, in plain words; `{}` stands for the words that follow it.
    pub(crate) meaning: &'static str,
}

impl<T> Key<T> {
    /// Does `text` mean this keyword?
    pub(crate) fn fits(&self, text: &str) -> bool {
        // Options of iproute2 may have two dashes.
        let text = match text.strip_prefix('-') {
            Some(rest) if rest.starts_with('-') && self.word.starts_with('-') => rest,
            _ => text,
        };
        text == self.word
            || (self.short && !matches!(text, "" | "-") && self.word.starts_with(text))
    }
}

/// A keyword that may be cut short.
pub(crate) const fn prefix<T>(word: &'static str, to: T, meaning: &'static str) -> Key<T> {
    Key {
        word,
        short: true,
        to: Some(to),
        meaning,
    }
}

/// A keyword that must be written in full.
pub(crate) const fn exact<T>(word: &'static str, to: T, meaning: &'static str) -> Key<T> {
    Key {
        word,
        short: false,
        to: Some(to),
        meaning,
    }
}

/// A word of the real tool that the lessons do without; it may be cut short.
pub(crate) const fn foreign<T>(word: &'static str) -> Key<T> {
    Key {
        word,
        short: true,
        to: None,
        meaning: "",
    }
}

/// A word of the real tool that the lessons do without; it must be written in full.
pub(crate) const fn foreign_exact<T>(word: &'static str) -> Key<T> {
    Key {
        word,
        short: false,
        to: None,
        meaning: "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_as_matches_does() {
        let key = prefix("master", (), "");
        assert!(key.fits("m") && key.fits("master"));
        assert!(!key.fits("") && !key.fits("masters") && !key.fits("mo"));
        assert!(!exact("up", (), "").fits("u"));
    }
}
