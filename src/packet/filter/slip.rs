//! Words with a slip in them.

/// Shortest word in which two slips may be meant rather than one.
const LONG_WORD: usize = 8;

/// The word that `text` was most likely meant to be.
pub(crate) fn nearest(
    text: &str,
    words: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let length = text.chars().count();
    // Any two options of one letter are one slip apart.
    if length < 2 || (length == 2 && text.starts_with('-')) {
        return None;
    }
    let slips = if length < LONG_WORD { 1 } else { 2 };
    let lower = text.to_lowercase();
    words
        .map(|word| {
            let distance = strsim::damerau_levenshtein(&lower, &word.to_lowercase());
            (distance, word)
        })
        .filter(|(distance, word)| *distance <= slips && word.len() > 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}
