//! From text to the model, with as many errors at once as can be told apart.
//!
//! serde stops at its first error. So the value at which it stopped is taken out and the rest is
//! read again, until all of it can be read.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

use super::LessonToml;
use crate::lesson::report::{Notes, meant};

/// Errors of shape after which the rest is not worth telling.
const MOST_ERRORS: usize = 50;

/// Reads a file's text; what could not be read is left out and noted.
pub fn read(notes: &mut Notes) -> Option<LessonToml> {
    let source = std::sync::Arc::clone(&notes.source);
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(MOST_ERRORS) {
        let place = error.span().unwrap_or_default();
        notes.error(place, format!("this is not TOML: {}", error.message()));
    }
    gather(table, notes)
}

/// Reads a `T`, taking out and noting what hinders.
pub(super) fn gather<T: DeserializeOwned>(
    mut table: Spanned<DeTable<'_>>,
    notes: &mut Notes,
) -> Option<T> {
    let mut removed = Vec::new();
    for _ in 0..MOST_ERRORS {
        let error = match T::deserialize(Deserializer::from(table.clone())) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let place = error.span().unwrap_or_default();
        let follows = missing(error.message())
            .is_some_and(|key| removed.iter().any(|it| it == key))
            || (emptied(error.message()) && !removed.is_empty());
        if !follows {
            explain(&error, place.clone(), notes);
        }
        removed.push(remove_from_table(table.get_mut(), &place)?);
    }
    None
}

/// Says a serde error in a learner's words.
fn explain(error: &Error, place: Range<usize>, notes: &mut Notes) {
    let message = error.message();
    if let Some((key, known)) = unexpected(message, "unknown field") {
        let finding = notes.error(place, format!("there is no key `{key}` here"));
        match meant(key, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("the keys here are {}", listed(&known))),
        };
    } else if let Some((word, known)) = unexpected(message, "unknown variant") {
        let finding = notes.error(
            place,
            format!("`{word}` is not one of the words known here"),
        );
        match meant(word, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("the words known here are {}", listed(&known))),
        };
    } else if let Some(key) = missing(message) {
        notes
            .error(place, format!("the key `{key}` is missing"))
            .label(format!("here `{key}` must be said"));
    } else {
        let expected = |kind: &str| message.ends_with(&format!("expected {kind}"));
        let number = ["i64", "u32", "u16"]
            .into_iter()
            .find(|kind| expected(kind));
        let message = match number {
            Some(kind) => format!("{}a number", message.trim_end_matches(kind)),
            None => message.to_owned(),
        };
        notes.error(place, message);
    }
}

/// Takes apart ``unknown field `x`, expected one of `a`, `b` ``.
fn unexpected<'a>(message: &'a str, kind: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let rest = message.strip_prefix(kind)?.strip_prefix(" `")?;
    let (word, known) = rest
        .rsplit_once("`, expected")
        .or(rest.rsplit_once("`, there"))?;
    Some((word, known.split('`').skip(1).step_by(2).collect()))
}

/// Takes apart ``missing field `x` ``.
fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

/// Was a table that holds one entry found without any?
fn emptied(message: &str) -> bool {
    message == "wanted exactly 1 element, found 0 elements"
}

/// `` `a`, `b` ``
fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Takes out the innermost entry that stands at `place` or around it; its key.
fn remove_from_table(table: &mut DeTable<'_>, place: &Range<usize>) -> Option<String> {
    for (_, value) in table.iter_mut() {
        if let Some(key) = remove_within(value, place) {
            return Some(key);
        }
    }
    let around = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
    let key = table
        .iter()
        .find(|(key, value)| around(key.span()) || around(value.span()))
        .map(|(key, _)| key.clone())?;
    table.remove(&key);
    Some(key.into_inner().into_owned())
}

fn remove_within(value: &mut Spanned<DeValue<'_>>, place: &Range<usize>) -> Option<String> {
    match value.get_mut() {
        DeValue::Table(table) => remove_from_table(table, place),
        DeValue::Array(array) => remove_from_array(array, place),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => None,
    }
}

fn remove_from_array(array: &mut DeArray<'_>, place: &Range<usize>) -> Option<String> {
    for value in array.iter_mut() {
        if let Some(key) = remove_within(value, place) {
            return Some(key);
        }
    }
    let around = |span: Range<usize>| span.start <= place.start && place.end <= span.end;
    let index = array.iter().position(|value| around(value.span()))?;
    let kept = std::mem::replace(array, DeArray::new())
        .into_iter()
        .enumerate();
    *array = kept
        .filter(|(at, _)| *at != index)
        .map(|(_, value)| value)
        .collect();
    Some(String::new())
}
