//! Text taken out of a TOML string, knowing where in the file each of its bytes stood.
//!
//! A line of `run` is parsed far from its file, joined over `\` and out of a string that may hold
//! escapes, and still an error in it must point at the exact column.

use std::ops::Range;

/// Text, with the place in the file of each of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    text: String,
    places: Vec<usize>,
}

impl Mapped {
    /// The string that stands, with its quotes, at `span` of `source`, and means `value`.
    pub fn new(source: &str, span: Range<usize>, value: &str) -> Self {
        let decoded = source
            .get(span.clone())
            .and_then(|raw| decode(raw, span.start));
        match decoded {
            Some(mapped) if mapped.text == value => mapped,
            // A form of string that is not known here: the place is at least its beginning.
            _ => Self {
                text: value.to_owned(),
                places: vec![span.start; value.len()],
            },
        }
    }

    /// A whole file.
    pub fn whole(source: &str) -> Self {
        Self {
            text: source.to_owned(),
            places: (0..source.len()).collect(),
        }
    }

    /// Puts blanks in the place of the bytes `range`, which begin and end with characters; line ends
    /// stay.
    pub fn blank(&mut self, range: Range<usize>) {
        let blanks: String = self.text[range.clone()]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        self.text.replace_range(range, &blanks);
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where in the file the bytes `range` of the text stood.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let after_last = self.places.last().map_or(0, |last| last + 1);
        let start = self.places.get(range.start).copied().unwrap_or(after_last);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.and_then(|last| self.places.get(last));
        start..end.map_or(start, |end| end + 1)
    }

    /// The bytes `range` alone.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        Self {
            text: self.text[range.clone()].to_owned(),
            places: self.places[range].to_vec(),
        }
    }

    /// Adds `other` behind it, with white space between.
    pub fn join(&mut self, other: &Self) {
        let apart = self.text.ends_with(char::is_whitespace);
        if let (false, Some(first)) = (apart, other.places.first()) {
            self.push(' ', *first);
        }
        self.text.push_str(&other.text);
        self.places.extend(&other.places);
    }

    /// Adds `other` behind it, as it is.
    pub fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.places.extend(&other.places);
    }

    /// Adds `text`, which stands for what the file has at `place`: begin leads to begin, end to end.
    pub fn append_at(&mut self, text: &str, place: &Range<usize>) {
        let last = place.end.saturating_sub(1).max(place.start);
        self.text.push_str(text);
        let count = text.len();
        self.places
            .extend((0..count).map(|at| if at + 1 == count { last } else { place.start }));
    }

    fn push(&mut self, char: char, place: usize) {
        self.text.push(char);
        self.places
            .extend((0..char.len_utf8()).map(|byte| place + byte));
    }

    /// For what an escape stands for: all of it stood where the escape begins.
    fn push_escaped(&mut self, char: char, place: usize) {
        self.text.push(char);
        self.places.extend((0..char.len_utf8()).map(|_| place));
    }
}

/// Reads a TOML string of any of the four forms (TOML 1.1, "String").
fn decode(raw: &str, start: usize) -> Option<Mapped> {
    let (quotes, escapes) = match raw.as_bytes() {
        [b'\'', b'\'', b'\'', ..] => (3, false),
        [b'"', b'"', b'"', ..] => (3, true),
        [b'\'', ..] => (1, false),
        [b'"', ..] => (1, true),
        _ => return None,
    };
    let mut inner = raw.get(quotes..raw.len().checked_sub(quotes)?)?;
    let mut at = start + quotes;
    if quotes == 3 {
        // A newline right behind the opening quotes does not count.
        let newline = ["\r\n", "\n"]
            .into_iter()
            .find(|end| inner.starts_with(end));
        let skipped = newline.map_or(0, str::len);
        inner = &inner[skipped..];
        at += skipped;
    }
    let mut mapped = Mapped::default();
    let mut rest = inner.char_indices().peekable();
    while let Some((offset, char)) = rest.next() {
        if char != '\\' || !escapes {
            mapped.push(char, at + offset);
            continue;
        }
        let (_, kind) = rest.next()?;
        if kind.is_whitespace() {
            while rest.next_if(|(_, next)| next.is_whitespace()).is_some() {}
            continue;
        }
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let char = if digits == 0 {
            simple_escape(kind)?
        } else {
            let hex: String = rest.by_ref().take(digits).map(|(_, digit)| digit).collect();
            char::from_u32(u32::from_str_radix(&hex, 16).ok()?)?
        };
        mapped.push_escaped(char, at + offset);
    }
    Some(mapped)
}

fn simple_escape(kind: char) -> Option<char> {
    Some(match kind {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        '"' => '"',
        '\\' => '\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use toml::Spanned;

    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        run: Spanned<String>,
    }

    fn mapped(source: &str) -> Mapped {
        let file: File = toml::from_str(source).expect("valid TOML");
        Mapped::new(source, file.run.span(), file.run.get_ref())
    }

    #[test]
    fn points_into_each_form_of_string() {
        for source in [
            "run = 'ip link'",
            "run = \"ip link\"",
            "run = '''\nip link'''",
            "run = '''ip link'''",
            "run = \"\"\"\r\nip link\"\"\"",
            "run = \"\"\"\\\n   ip link\"\"\"",
            "run = \"\\t\\u0041\\x41\\U00000041 ip link\"",
        ] {
            let mapped = mapped(source);
            let at = mapped.text().find("link").expect("it is there");
            assert_eq!(&source[mapped.place(at..at + 4)], "link", "{source}");
        }
    }

    #[test]
    fn an_end_is_behind_the_last_byte() {
        let source = "run = '''\nip link\n'''";
        let mapped = mapped(source);
        let line = mapped.slice(0..7);
        assert_eq!(line.place(7..7), 17..17);
    }

    proptest! {
        #[test]
        fn decodes_as_toml_does(text in r#"[a-c\\"'\n\r\t é€u0-9]{0,20}"#, form in 0..4usize) {
            let quote = ["'", "\"", "'''", "\"\"\""][form];
            let source = format!("run = {quote}{text}{quote}");
            if let Ok(file) = toml::from_str::<File>(&source) {
                let decoded = decode(&source[file.run.span()], file.run.span().start);
                prop_assert_eq!(decoded.map(|mapped| mapped.text), Some(file.run.into_inner()));
            }
        }
    }
}
