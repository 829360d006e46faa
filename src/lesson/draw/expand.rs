//! Putting what was drawn into a file, and finding back from there to the file as it was written.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::draw;
use crate::lesson::model::draw::variables;
use crate::lesson::model::text::Mapped;
use crate::lesson::report::{Finding, Notes, Source, meant};

/// A file with its variables replaced.
pub struct Expanded {
    /// What it says now.
    pub source: Arc<Source>,
    /// Has it variables?
    pub draws: bool,
    /// What is wrong with the variables, at places of the file as it was written.
    findings: Vec<Finding>,
    written: Arc<Source>,
    /// Where each byte of the text stood; none where nothing was replaced.
    places: Option<Mapped>,
    /// Variables that there are not, where they are written: whatever else is wrong there follows
    /// from that.
    unknown: Vec<Range<usize>>,
}

/// The file with what `seed` draws; a file without `[draw]` as it is.
pub fn expand(written: &Arc<Source>, seed: u64) -> Expanded {
    let mut notes = Notes::new(Arc::clone(written));
    let Some(variables) = variables(&mut notes) else {
        return Expanded {
            source: Arc::clone(written),
            draws: false,
            findings: notes.into_findings(),
            written: Arc::clone(written),
            places: None,
            unknown: Vec::new(),
        };
    };
    let drawn = draw(&variables, seed);
    let whole = Mapped::whole(&written.text);
    let (places, unknown) = replace(&whole, &drawn);
    // What could not be read of the variables may be what is missing.
    if !notes.failed() {
        for at in &unknown {
            note(at, &drawn, &mut notes);
        }
    }
    Expanded {
        source: Arc::new(Source {
            name: written.name.clone(),
            text: places.text().to_owned(),
        }),
        draws: true,
        findings: notes.into_findings(),
        written: Arc::clone(written),
        places: Some(places),
        unknown,
    }
}

impl Expanded {
    /// What is wrong with the file: with its variables, and what was found in the text that they
    /// make, all of it at places of the file as it was written.
    pub fn findings(self, found: Vec<Finding>) -> Vec<Finding> {
        let mut all = self.findings;
        for mut finding in found {
            let ours = |source: &Arc<Source>| Arc::ptr_eq(source, &self.source);
            if let Some(places) = &self.places
                && finding.source.as_ref().is_some_and(ours)
            {
                finding.source = Some(Arc::clone(&self.written));
                finding.place = finding.place.map(|place| back(places, place));
            }
            let meets = |at: &Range<usize>| {
                let place = finding.place.as_ref();
                place.is_some_and(|place| place.start < at.end && at.start < place.end)
            };
            if !self.unknown.iter().any(meets) {
                all.push(finding);
            }
        }
        all.sort_by_key(|finding| finding.place.as_ref().map(|place| place.start));
        all
    }
}

fn back(places: &Mapped, place: Range<usize>) -> Range<usize> {
    let end = places.text().len();
    let place = places.place(place.start.min(end)..place.end.min(end));
    place.start..place.end.max(place.start)
}

/// `text` with every `${name}` replaced, and where names stand that there are not.
fn replace(text: &Mapped, drawn: &BTreeMap<String, String>) -> (Mapped, Vec<Range<usize>>) {
    let mut replaced = Mapped::default();
    let mut unknown = Vec::new();
    let mut from = 0;
    while let Some((at, name)) = next(text.text(), from) {
        replaced.append(&text.slice(from..at.start));
        if let Some(value) = drawn.get(name) {
            replaced.append_at(value, &text.place(at.clone()));
        } else {
            replaced.append(&text.slice(at.clone()));
            unknown.push(at.clone());
        }
        from = at.end;
    }
    replaced.append(&text.slice(from..text.text().len()));
    (replaced, unknown)
}

/// The next variable behind `from`: where it stands with its braces, and its name.
fn next(text: &str, from: usize) -> Option<(Range<usize>, &str)> {
    let start = from + text.get(from..)?.find("${")?;
    let name = text.get(start + 2..)?;
    let name = name.split(['}', '\n', ' ', '"', '\'']).next()?;
    let closed = text[start + 2 + name.len()..].starts_with('}');
    let end = start + 2 + name.len() + usize::from(closed);
    Some((start..end, name))
}

fn note(at: &Range<usize>, drawn: &BTreeMap<String, String>, notes: &mut Notes) {
    let source = Arc::clone(&notes.source);
    let written = source.text.get(at.clone()).unwrap_or_default();
    let name = written.trim_start_matches("${").trim_end_matches('}');
    let finding = notes.error(at.clone(), format!("nothing called `{name}` is drawn"));
    let near = meant(name, drawn.keys().map(String::as_str));
    let help = near.map_or_else(
        || {
            let known: Vec<String> = drawn.keys().map(|name| format!("`${{{name}}}`")).collect();
            format!("the variables are {}", known.join(", "))
        },
        |near| format!("did you mean `${{{near}}}`?"),
    );
    finding.help(help);
}
