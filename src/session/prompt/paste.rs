//! Text that was pasted: cut into lines, each of which a prompt can take.

use crate::command::{LONGEST_LINE, steers_terminal};

/// What a paste comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// Its lines, without blank ones; where the first and only one has no line end it is still
    /// being written.
    pub lines: Vec<String>,
    /// Was something changed or left out, and what?
    pub notes: Vec<String>,
}

/// Cuts `text` into lines: a backslash at the end joins the next one, tabs become blanks, and
/// control characters are left out.
pub fn pasted(text: &str) -> Pasted {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut pasted = Pasted::default();
    let (mut controls, mut too_long, mut longest) = (0_usize, 0_usize, 0);
    let mut whole = String::new();
    for piece in text.split('\n') {
        let kept = piece.chars().map(|c| if c == '\t' { ' ' } else { c });
        let before = whole.len();
        whole.extend(kept.filter(|c| !steers_terminal(*c)));
        let control = |c: &char| *c != '\t' && steers_terminal(*c);
        controls += piece.chars().filter(control).count();
        if whole[before..].ends_with('\\') {
            whole.pop();
            continue;
        }
        take(&mut pasted.lines, &whole, &mut too_long, &mut longest);
        whole.clear();
    }
    take(&mut pasted.lines, &whole, &mut too_long, &mut longest);
    if too_long > 0 {
        pasted.notes.push(format!(
            "{} of the paste {} left out: {longest} bytes, and a line has at most {LONGEST_LINE}",
            counted(too_long, "line"),
            if too_long == 1 { "was" } else { "were" },
        ));
    }
    if controls > 0 {
        pasted.notes.push(format!(
            "{} left out of the paste",
            counted(controls, "control character")
        ));
    }
    pasted
}

fn take(lines: &mut Vec<String>, whole: &str, too_long: &mut usize, longest: &mut usize) {
    if whole.len() > LONGEST_LINE {
        *too_long += 1;
        *longest = whole.len().max(*longest);
    } else if !whole.trim().is_empty() {
        lines.push(whole.to_owned());
    }
}

/// `1 line`, `2 lines`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_and_cleaned() {
        let pasted = pasted("ip a\r\n\r\nip link\\\n  show\r\u{1b}[31mping\t1\n");
        assert_eq!(pasted.lines, ["ip a", "ip link  show", "[31mping 1"]);
        assert_eq!(pasted.notes, ["1 control character left out of the paste"]);
    }

    #[test]
    fn a_line_without_end_is_refused_and_said() {
        let pasted = pasted(&format!("ip a\n{}", "x".repeat(10_000_000)));
        assert_eq!(pasted.lines, ["ip a"]);
        assert_eq!(
            pasted.notes,
            ["1 line of the paste was left out: 10000000 bytes, and a line has at most 4096"]
        );
        assert_eq!(super::pasted("a\\\nb\\").lines, ["ab"]);
    }
}
