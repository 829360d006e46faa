//! `hints`: a text, or a text with the state that it is for.

use std::fmt;

use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::lower::{cap, visible};
use crate::lesson::check::{CheckToml, Judge, Mention};
use crate::lesson::hint::Hint;
use crate::lesson::report::Notes;

/// Most hints of a step.
const MOST_HINTS: usize = 20;

/// One of `hints`: `"…"`, or `{ text = "…", when = { link = {…} } }`.
#[derive(Debug)]
pub enum HintToml {
    /// A general hint.
    Text(String),
    /// One for a state.
    Fitting(Box<FittingToml>),
}

/// `{ text = "…", when = {…} }`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a hint with its `when`")]
pub struct FittingToml {
    /// What it says.
    pub text: Option<Spanned<String>>,
    /// The state that it is for.
    pub when: Option<Spanned<CheckToml>>,
}

impl<'de> Deserialize<'de> for HintToml {
    // By hand: `#[serde(untagged)]` would lose the place of a mistake within the table.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl<'de> Visitor<'de> for Either {
    type Value = HintToml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hint: a text, or { text = \"…\", when = {…} }")
    }

    fn visit_str<E>(self, text: &str) -> Result<HintToml, E> {
        Ok(HintToml::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HintToml, A::Error> {
        FittingToml::deserialize(MapAccessDeserializer::new(map))
            .map(|fitting| HintToml::Fitting(Box::new(fitting)))
    }
}

/// The hints, and what their `when`s name.
pub fn hints(toml: Vec<Spanned<HintToml>>, notes: &mut Notes) -> (Vec<Hint>, Vec<Mention>) {
    let mut toml = toml;
    cap(&mut toml, MOST_HINTS, "hints in a step", notes);
    let mut hints = Vec::new();
    let mut mentions = Vec::new();
    for hint in toml {
        let place = hint.span();
        match hint.into_inner() {
            HintToml::Text(text) => {
                let text = visible(Spanned::new(place, text), notes);
                hints.push(Hint {
                    text,
                    when: Vec::new(),
                });
            }
            HintToml::Fitting(fitting) => {
                hints.extend(fitted(*fitting, place, notes, &mut mentions));
            }
        }
    }
    (hints, mentions)
}

fn fitted(
    toml: FittingToml,
    place: std::ops::Range<usize>,
    notes: &mut Notes,
    mentions: &mut Vec<Mention>,
) -> Option<Hint> {
    let (Some(text), Some(when)) = (toml.text, toml.when) else {
        // What is missing may be what could not be read.
        if !notes.errs_within(place.clone()) {
            let finding = notes.error(place, "a hint in braces needs both `text` and `when`");
            finding.help("a general hint is a text alone: hints = [\"…\"]");
        }
        return None;
    };
    let when_place = when.span();
    let when = when.into_inner();
    for extra in [&when.title, &when.why].into_iter().flatten() {
        let finding = notes.error(extra.span(), "`title` and `why` say nothing in `when`");
        finding.help("leave it out; what the hint says is its `text`");
    }
    if when.kinds() == 0 && !notes.errs_within(when_place.clone()) {
        let finding = notes.error(when_place, "a `when` that asks for nothing");
        finding.help(
            "give it a check of the tables, such as { link = { ns = \"host\", name = \"br0\" } }",
        );
    }
    let mut predicates = Vec::new();
    for (kind, form) in when.forms() {
        let place = form.span();
        let form = form.into_inner();
        mentions.extend(form.mentions());
        if let Some(flaw) = form.flaw() {
            notes
                .error(flaw.at.unwrap_or(place.clone()), flaw.message)
                .help(flaw.help);
        }
        match form.judge() {
            Judge::State(predicate) => predicates.push(predicate),
            Judge::Probe(_) => {
                let finding = notes.error(place, format!("`{kind}` cannot stand in `when`"));
                finding.help("a hint looks at the tables only and sends nothing");
            }
        }
    }
    let text = visible(text, notes);
    (!predicates.is_empty()).then_some(Hint {
        text,
        when: predicates,
    })
}
