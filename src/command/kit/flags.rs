//! Options as `getopt_long(3)` reads them: `-n`, `-nv`, `-c2`, `-c 2`, `--net=…`, `--dport 80`.

use std::ops::Range;

use super::value::Bad;
use super::{Candidate, Cursor, Slot};
use crate::command::{ParseError, Word};

/// An option of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag<T> {
    /// Its spellings: `-c`, `--count`.
    pub(crate) names: &'static [&'static str],
    /// Its value, if it takes one.
    pub(crate) takes: Takes,
    /// What it stands for; `None` is an option of the real tool that the lessons do without.
    pub(crate) to: Option<T>,
    /// What it does, in plain words; `{}` stands for its value.
    pub(crate) meaning: &'static str,
}

/// What an option takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Takes {
    /// No value.
    Nothing,
    /// A value, in the same word or the next.
    Value(Slot),
    /// A value only in the same word (`--net=FILE`, `-nFILE`).
    Attached,
    /// A value, in the same word or in the next if that does not begin with `-` or `!`.
    Optional(Slot),
}

/// An option without a value.
pub(crate) const fn flag<T>(
    names: &'static [&'static str],
    to: T,
    meaning: &'static str,
) -> Flag<T> {
    Flag {
        names,
        takes: Takes::Nothing,
        to: Some(to),
        meaning,
    }
}

impl<T: Copy> Flag<T> {
    /// The option takes a value.
    pub(crate) const fn value(self, slot: Slot) -> Self {
        Self {
            takes: Takes::Value(slot),
            ..self
        }
    }

    /// The option may take a value within its own word.
    pub(crate) const fn attached(self) -> Self {
        Self {
            takes: Takes::Attached,
            ..self
        }
    }

    /// The option may take a value.
    pub(crate) const fn optional(self, slot: Slot) -> Self {
        Self {
            takes: Takes::Optional(slot),
            ..self
        }
    }

    /// The real tool has it, the lessons do without.
    pub(crate) const fn without(names: &'static [&'static str]) -> Self {
        Self {
            names,
            takes: Takes::Nothing,
            to: None,
            meaning: "",
        }
    }
}

/// An option as it was met.
pub(crate) struct Given<T> {
    /// What it stands for.
    pub(crate) to: T,
    /// Where its name stands.
    pub(crate) at: Range<usize>,
    /// Its value.
    pub(crate) value: Option<Word>,
}

impl<T> Given<T> {
    /// Its value, read; `None` where it has none.
    pub(crate) fn read<U>(
        &self,
        read: impl FnOnce(&str) -> Result<U, Bad>,
    ) -> Result<Option<U>, ParseError> {
        self.value
            .as_ref()
            .map(|word| read(&word.text).map_err(|bad| Cursor::bad(word, bad)))
            .transpose()
    }

    /// Its value, read, of an option that always has one.
    pub(crate) fn need<U>(
        &self,
        read: impl FnOnce(&str) -> Result<U, Bad>,
    ) -> Result<U, ParseError> {
        self.read(read)?.ok_or_else(|| ParseError {
            at: self.at.end..self.at.end,
            message: "a value is missing".to_owned(),
            help: None,
        })
    }
}

impl Cursor<'_> {
    /// Takes the next option, if an option stands next.
    pub(crate) fn flag<T: Copy>(
        &mut self,
        flags: &[Flag<T>],
    ) -> Result<Option<Given<T>>, ParseError> {
        if self.inside.is_none() {
            for flag in flags.iter().filter(|flag| flag.to.is_some()) {
                for word in flag.names {
                    self.try_candidate(Candidate::Keyword {
                        word,
                        meaning: flag.meaning,
                    });
                }
            }
        }
        let Some(word) = self.word() else {
            return Ok(None);
        };
        match self.inside {
            Some(offset) => self.short(flags, word, offset).map(Some),
            None if word.text.starts_with("--") && word.text.len() > 2 => {
                self.long(flags, word).map(Some)
            }
            None if word.text.starts_with('-') && word.text.len() > 1 => {
                self.short(flags, word, 1).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Does the next option stand in the same word as the last one (`-nvL`)?
    pub(crate) fn within_flags(&self) -> bool {
        self.inside.is_some()
    }

    /// One letter of `-nvL`, the one at byte `offset` of the word.
    fn short<T: Copy>(
        &mut self,
        flags: &[Flag<T>],
        word: &Word,
        offset: usize,
    ) -> Result<Given<T>, ParseError> {
        let letter: String = word.text[offset..].chars().take(1).collect();
        let end = offset + letter.len();
        let at = part(word, if offset == 1 { 0 } else { offset }, end);
        let name = format!("-{letter}");
        let found = flags
            .iter()
            .find(|flag| flag.names.contains(&name.as_str()));
        let flag = self.known(found, &name, at.clone())?;
        self.note_at(at.start, at.end, flag.0.meaning);
        let rest = &word.text[end..];
        let attached = Word {
            text: rest.to_owned(),
            at: part(word, end, word.text.len()),
        };
        match flag.0.takes {
            Takes::Nothing if !rest.is_empty() => {
                self.inside = Some(end);
                Ok(Given {
                    to: flag.1,
                    at,
                    value: None,
                })
            }
            takes => {
                self.inside = None;
                self.advance();
                self.taking(takes, flag.1, at, (!rest.is_empty()).then_some(attached))
            }
        }
    }

    /// `--name`, `--name=value`; the name may be cut short where no other begins so.
    fn long<T: Copy>(&mut self, flags: &[Flag<T>], word: &Word) -> Result<Given<T>, ParseError> {
        let (name, attached) = match word.text.split_once('=') {
            None => (word.text.as_str(), None),
            Some((name, value)) => {
                let at = part(word, name.len() + 1, word.text.len());
                (
                    name,
                    Some(Word {
                        text: value.to_owned(),
                        at,
                    }),
                )
            }
        };
        let at = part(word, 0, name.len());
        let whole = flags.iter().find(|flag| flag.names.contains(&name));
        let mut begun = flags
            .iter()
            .filter(|flag| flag.names.iter().any(|known| known.starts_with(name)));
        let found = whole.or_else(|| begun.next().filter(|_| begun.next().is_none()));
        let flag = self.known(found, name, at.clone())?;
        if let (Takes::Nothing, Some(value)) = (flag.0.takes, &attached) {
            return Err(ParseError {
                at: value.at.clone(),
                message: format!("`{name}` takes no value"),
                help: None,
            });
        }
        // The `=` belongs to the name.
        let value = attached.as_ref().map_or(at.end, |value| value.at.start);
        self.note_at(at.start, value, flag.0.meaning);
        self.advance();
        self.taking(flag.0.takes, flag.1, at, attached)
    }

    fn known<'f, T: Copy>(
        &self,
        found: Option<&'f Flag<T>>,
        name: &str,
        at: Range<usize>,
    ) -> Result<(&'f Flag<T>, T), ParseError> {
        let what = match found {
            Some(flag) => match flag.to {
                Some(to) => return Ok((flag, to)),
                None => "not part of the lessons",
            },
            None => "not an option of this command",
        };
        let message = format!("`{name}` is {what}");
        Err(ParseError {
            at,
            message,
            help: self.help(name),
        })
    }

    fn taking<T>(
        &mut self,
        takes: Takes,
        to: T,
        at: Range<usize>,
        attached: Option<Word>,
    ) -> Result<Given<T>, ParseError> {
        let value = match (takes, attached) {
            (_, Some(word)) => Some(word),
            (Takes::Nothing | Takes::Attached, None) => None,
            (Takes::Value(slot), None) => {
                self.try_candidate(Candidate::Slot(slot));
                let Some(word) = self.word().cloned() else {
                    return Err(self.missing(slot));
                };
                self.advance();
                Some(word)
            }
            (Takes::Optional(slot), None) => {
                self.try_candidate(Candidate::Slot(slot));
                let free = self
                    .word()
                    .filter(|word| !word.text.starts_with(['-', '!']))
                    .cloned();
                if free.is_some() {
                    self.advance();
                }
                free
            }
        };
        Ok(Given { to, at, value })
    }
}

/// Bytes `from..to` of a word's text as a place in the line; the whole word where it is quoted.
fn part(word: &Word, from: usize, to: usize) -> Range<usize> {
    if word.text.len() == word.at.len() {
        word.at.start + from..word.at.start + to
    } else {
        word.at.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Slot;
    use super::{Flag, flag};
    use crate::command::kit::Cursor;
    use crate::command::lex::lex;

    const FLAGS: &[Flag<char>] = &[
        flag(&["-n", "--numeric"], 'n', "numbers"),
        flag(&["-c", "--count"], 'c', "end after {}").value(Slot::Value),
        flag(&["-L", "--list"], 'L', "list {}").optional(Slot::Chain),
        flag(&["--net"], 'N', "enter {}").attached(),
        Flag::without(&["-x"]),
    ];

    fn read(line: &str) -> Result<String, String> {
        let lexed = lex(line).unwrap();
        let mut cursor = Cursor::new(line, &lexed.tokens);
        let mut out = String::new();
        while !cursor.at_end() {
            let given = cursor.flag(FLAGS).map_err(|error| error.to_string())?;
            let Some(given) = given else { break };
            out.push(given.to);
            if let Some(word) = given.value {
                out.extend(["(", &word.text, " ", &format!("{:?}", word.at), ")"]);
            }
        }
        Ok(out)
    }

    #[test]
    fn spellings() {
        for (line, read_as) in [
            ("-nc2", "nc(2 3..4)"),
            ("-c 2 -n", "c(2 3..4)n"),
            ("--count=2", "c(2 8..9)"),
            ("--cou 2", "c(2 6..7)"),
            ("-nL -n", "nLn"),
            ("-L A", "L(A 3..4)"),
            ("--net /x", "N"),
            ("--net=/x", "N(/x 6..8)"),
        ] {
            assert_eq!(read(line).as_deref(), Ok(read_as), "{line}");
        }
    }

    #[test]
    fn refusals() {
        for (line, error) in [
            ("-nq", "column 3: `-q` is not an option"),
            ("-c", "column 3: a value is missing"),
            ("-x", "column 1: `-x` is not part of the lessons"),
            ("--numeric=1", "column 11: `--numeric` takes no value"),
        ] {
            let said = read(line).unwrap_err();
            assert!(said.starts_with(error), "{line}: {said}");
        }
    }
}
