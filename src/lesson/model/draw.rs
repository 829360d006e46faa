//! `[draw]`: the variables of a lesson, and what each is drawn from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor, value};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::DeTable;

use super::read::gather;
use crate::lesson::draw::Variable;
use crate::lesson::report::Notes;

/// Most things that a variable is drawn from, and most of them that are taken.
const MOST: usize = 256;
const MOST_TAKEN: usize = 32;

/// Longest value, bytes.
const LONGEST: usize = 64;

/// What is read before everything else: the variables alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    draw: Option<BTreeMap<Spanned<String>, Spanned<VariableToml>>>,
}

/// `["web", "db"]`, `{ of = ["web", "db"], take = 2 }` or `{ from = 20, to = 90 }`
#[derive(Debug)]
enum VariableToml {
    /// One of these.
    One(Vec<Spanned<String>>),
    /// As the table says.
    Some(Box<TableToml>),
}

/// `{ of = ["web", "db"], take = 2 }`, `{ from = 20, to = 90, take = 3 }`
#[derive(Debug, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    default,
    expecting = "what is drawn: [\"web\", \"db\"], { of = [\"web\", \"db\"], take = 2 } or { from = 20, to = 90 }"
)]
struct TableToml {
    of: Vec<Spanned<String>>,
    from: Option<u16>,
    to: Option<u16>,
    take: Option<Spanned<usize>>,
}

impl<'de> Deserialize<'de> for VariableToml {
    // By hand: `#[serde(untagged)]` would lose the place of a mistake within the table.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = VariableToml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is drawn: a list of texts, or a table with `of` or with `from` and `to`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<VariableToml, A::Error> {
        Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(VariableToml::One)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<VariableToml, A::Error> {
        let table = TableToml::deserialize(value::MapAccessDeserializer::new(map))?;
        Ok(VariableToml::Some(Box::new(table)))
    }
}

/// The variables of a file; nothing where it has no `[draw]`, or is no TOML (which is told when all
/// of it is read).
pub fn variables(notes: &mut Notes) -> Option<BTreeMap<String, Variable>> {
    let source = std::sync::Arc::clone(&notes.source);
    let (mut table, _) = DeTable::parse_recoverable(&source.text);
    let others: Vec<_> = table
        .get_ref()
        .keys()
        .filter(|key| key.get_ref() != "draw")
        .cloned()
        .collect();
    for key in others {
        table.get_mut().remove(&key);
    }
    let draw = gather::<File>(table, notes)?.draw?;
    let mut variables = BTreeMap::new();
    let mut names = BTreeSet::from(["seed".to_owned()]);
    for (name, toml) in draw {
        let Some(variable) = variable(&name, toml, notes) else {
            continue;
        };
        for made in variable.names(name.get_ref()) {
            if !names.insert(made.clone()) {
                let text = format!("`${{{made}}}` would be two things");
                notes
                    .error(name.span(), text)
                    .help("call one of them otherwise");
            }
        }
        variables.insert(name.into_inner(), variable);
    }
    Some(variables)
}

fn variable(
    name: &Spanned<String>,
    toml: Spanned<VariableToml>,
    notes: &mut Notes,
) -> Option<Variable> {
    if !is_name(name.get_ref()) {
        notes
            .error(name.span(), "this cannot be a variable's name")
            .help("take small letters, digits and `-`");
        return None;
    }
    let place = toml.span();
    let (listed, range, take) = match toml.into_inner() {
        VariableToml::One(of) => (of, None, None),
        VariableToml::Some(table) => (table.of, table.from.zip(table.to), table.take),
    };
    let name = name.get_ref();
    if listed.is_empty() == range.is_none() {
        notes
            .error(place, format!("it is not said what `{name}` is drawn from"))
            .help("say `of = [\"web\", \"db\"]`, or `from = 20, to = 90`");
        return None;
    }
    let mut of = values(listed, notes);
    if let Some((from, to)) = range {
        of.extend((from..=to).take(MOST + 1).map(|number| number.to_string()));
    }
    if of.is_empty() || of.len() > MOST {
        notes
            .error(
                place,
                format!("`{name}` is drawn from nothing, or from too much"),
            )
            .help(format!(
                "give up to {MOST} values, the smaller number as `from`"
            ));
        return None;
    }
    let take = match take {
        Some(take) => Some(taken(&take, of.len(), notes)?),
        None => None,
    };
    Some(Variable { of, take })
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(plain)
}

/// The values that are listed, without those that cannot be drawn.
fn values(listed: Vec<Spanned<String>>, notes: &mut Notes) -> Vec<String> {
    let mut of = Vec::new();
    for value in listed {
        if !is_harmless(value.get_ref()) {
            notes
                .error(value.span(), "this cannot be drawn")
                .help(format!(
                    "a value has letters, digits and `. : / - _`, at most {LONGEST}"
                ));
        } else if of.contains(value.get_ref()) {
            let text = format!("`{}` is there twice", value.get_ref());
            notes.error(value.span(), text);
        } else {
            of.push(value.into_inner());
        }
    }
    of
}

/// How many are taken, if there are so many.
fn taken(take: &Spanned<usize>, of: usize, notes: &mut Notes) -> Option<usize> {
    let (number, most) = (*take.get_ref(), of.min(MOST_TAKEN));
    if (1..=most).contains(&number) {
        return Some(number);
    }
    notes
        .error(take.span(), format!("{number} of {of} cannot be taken"))
        .help(format!("take at least 1, and at most {most}"));
    None
}

/// What is put into a file must not change what the file is: no quotes, no line ends, no variables.
fn is_harmless(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/' | '-' | '_');
    (1..=LONGEST).contains(&value.len()) && value.chars().all(plain)
}
