//! Writes the lines down.

use std::borrow::Cow;
use std::ops::Range;

use super::bytes::Bytes;
use super::{Field, Sort};

/// More lines are of no use to anybody.
const MOST: usize = 400;

/// A header that has been read.
pub(super) struct Read<T> {
    /// Its length, bytes.
    pub(super) length: usize,
    /// What it says, in short.
    pub(super) says: String,
    /// What it says of what follows.
    pub(super) next: T,
}

/// Writes the lines down.
pub(super) struct Teller {
    fields: Vec<Field>,
    depth: u8,
    /// So many more frames or packets may be told within this one.
    nested: u8,
}

impl Teller {
    pub(super) fn new(nested: u8) -> Self {
        Self {
            fields: Vec::new(),
            depth: 0,
            nested,
        }
    }

    pub(super) fn into_fields(self) -> Vec<Field> {
        self.fields
    }

    /// A header: `read` tells its fields, or nothing when the bytes end within it.
    pub(super) fn header<T>(
        &mut self,
        name: &'static str,
        what: &'static str,
        bytes: Bytes<'_>,
        read: impl FnOnce(&mut Self) -> Option<Read<T>>,
    ) -> Option<T> {
        let index = self.fields.len();
        self.push(Sort::Header, name, bytes.whole(), String::new(), Some(what));
        self.depth += 1;
        let read = read(self);
        if read.is_none() {
            let value = format!("the bytes end within the header of {name}");
            self.wrong("cut off", bytes.end(), value);
        }
        self.depth -= 1;
        let read = read?;
        if let Some(header) = self.fields.get_mut(index) {
            header.value = read.says;
            header.at = bytes.at(0, read.length);
        }
        Some(read.next)
    }

    /// What stands within this, one step further in.
    pub(super) fn nest(&mut self, at: Range<usize>, tell: impl FnOnce(&mut Self)) {
        let Some(nested) = self.nested.checked_sub(1) else {
            self.field("more within", at, "not looked into any deeper".to_owned());
            return;
        };
        let before = (self.depth, self.nested);
        (self.depth, self.nested) = (self.depth + 1, nested);
        tell(self);
        (self.depth, self.nested) = before;
    }

    /// A field.
    pub(super) fn field(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        at: Range<usize>,
        value: String,
    ) {
        self.push(Sort::Field, name, at, value, None);
    }

    /// A field, and what it is for.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers, addresses and texts are given as they come"
    )]
    pub(super) fn told(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        at: Range<usize>,
        value: impl ToString,
        what: &'static str,
    ) {
        self.push(Sort::Field, name, at, value.to_string(), Some(what));
    }

    /// A field that is wrong, or something that is missing.
    pub(super) fn wrong(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        at: Range<usize>,
        value: String,
    ) {
        self.push(Sort::Wrong, name, at, value, None);
    }

    /// The bytes that nothing is known about.
    pub(super) fn data(&mut self, bytes: Bytes<'_>) {
        let count = bytes.len();
        if count > 0 {
            let s = if count == 1 { "" } else { "s" };
            self.field("data", bytes.whole(), format!("{count} byte{s}"));
        }
        self.missing(bytes);
    }

    /// Says how many bytes are missing, if some are.
    pub(super) fn missing(&mut self, bytes: Bytes<'_>) {
        if bytes.missing() > 0 {
            let s = if bytes.missing() == 1 { "" } else { "s" };
            let value = format!("{} more byte{s} should follow", bytes.missing());
            self.wrong("cut off", bytes.end(), value);
        }
    }

    fn push(
        &mut self,
        sort: Sort,
        name: impl Into<Cow<'static, str>>,
        at: Range<usize>,
        value: String,
        what: Option<&'static str>,
    ) {
        if self.fields.len() < MOST {
            self.fields.push(Field {
                depth: self.depth,
                sort,
                name: name.into(),
                value,
                at,
                what,
            });
        }
    }
}
