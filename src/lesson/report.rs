//! What is wrong with a lesson, where, and what to do: findings, printed as rustc prints them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

/// A lesson's text, and what to call it in messages.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Path as the reader knows it.
    pub name: String,
    /// The whole file.
    pub text: String,
}

impl Source {
    /// Line and column of byte `at`, both from 1; a column is a character.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let at = char_start(&self.text, at);
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    }
}

/// The nearest beginning of a character at or before `at`.
fn char_start(text: &str, at: usize) -> usize {
    let mut starts = (0..=at.min(text.len())).rev();
    starts
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}

/// The nearest end of a character at or behind `at`.
fn char_end(text: &str, at: usize) -> usize {
    let mut ends = at..text.len();
    ends.find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// So many findings are printed; who has more wants to mend these first, and to see the end of them.
const MOST_SHOWN: usize = 100;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The lesson cannot be taught.
    Error,
    /// It can, but a learner will probably stumble.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
    /// The file, if it could be read.
    pub source: Option<Arc<Source>>,
    /// Where in the file, as a byte range.
    pub place: Option<Range<usize>>,
    /// Said at the place.
    pub label: Option<String>,
    /// What to do.
    pub help: Vec<String>,
}

impl Finding {
    /// An error about no place in a file: the file itself is the trouble.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: normalize_untrusted_str(&message.into()),
            source: None,
            place: None,
            label: None,
            help: Vec::new(),
        }
    }

    /// Says this at the place.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(label.into());
        self
    }

    /// Says what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help.push(help.into());
        self
    }

    /// Line and column, both from 1, if it has a place.
    pub fn position(&self) -> Option<(usize, usize)> {
        let source = self.source.as_ref()?;
        Some(source.position(self.place.as_ref()?.start))
    }

    fn group(&self) -> Group<'_> {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&*self.message));
        if let Some(source) = &self.source {
            let mut snippet = Snippet::source(&*source.text).path(&*source.name);
            if let Some(place) = &self.place {
                let start = char_start(&source.text, place.start);
                let end = char_end(&source.text, place.end.max(start));
                let mark = AnnotationKind::Primary.span(start..end);
                snippet = snippet.annotation(match &self.label {
                    Some(label) => mark.label(&**label),
                    None => mark,
                });
            }
            group = group.element(snippet);
        }
        for help in &self.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        group
    }
}

/// Everything that is wrong with some lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order of files and places.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        let same = |finding: &&Finding| finding.severity == severity;
        self.findings.iter().filter(same).count()
    }

    /// Exit status: 2 (bad input) with errors, 0 with warnings alone.
    pub fn exit_status(&self) -> u8 {
        if self.errors() > 0 { 2 } else { 0 }
    }

    /// As rustc prints: message, place, excerpt, help; a count at the end. Empty when nothing is
    /// wrong. Control characters of the lesson are shown, never sent.
    pub fn render(&self, color: bool) -> String {
        if self.findings.is_empty() {
            return String::new();
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(100);
        let mut out = String::new();
        // Errors first, where there are too many of both.
        let cut = self.findings.len() > MOST_SHOWN && self.errors() > 0;
        let worth = |finding: &&Finding| !cut || finding.severity == Severity::Error;
        for finding in self.findings.iter().filter(worth).take(MOST_SHOWN) {
            out.push_str(&renderer.render(&[finding.group()]));
            out.push_str("\n\n");
        }
        out.push_str(&self.tally());
        if self.findings.len() > MOST_SHOWN {
            out.push_str(", of which the first are shown");
        }
        out.push('\n');
        out
    }

    fn tally(&self) -> String {
        let count = |number: usize, noun: &str| match number {
            0 => None,
            1 => Some(format!("1 {noun}")),
            more => Some(format!("{more} {noun}s")),
        };
        let parts: Vec<String> = [
            count(self.errors(), "error"),
            count(self.warnings(), "warning"),
        ]
        .into_iter()
        .flatten()
        .collect();
        parts.join(", ")
    }
}

impl From<Finding> for Report {
    fn from(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Report {}

/// Findings of one file, while they are being gathered.
#[derive(Debug)]
pub struct Notes {
    /// The file.
    pub source: Arc<Source>,
    /// What was found so far, in the order found.
    pub findings: Vec<Finding>,
}

impl Notes {
    /// None yet.
    pub fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            findings: Vec::new(),
        }
    }

    /// Adds an error.
    pub fn error(&mut self, place: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Error, place, &message.into())
    }

    /// Adds a warning.
    pub fn warning(&mut self, place: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.add(Severity::Warning, place, &message.into())
    }

    fn add(&mut self, severity: Severity, place: Range<usize>, message: &str) -> &mut Finding {
        self.findings.push(Finding {
            severity,
            message: normalize_untrusted_str(message),
            source: Some(Arc::clone(&self.source)),
            place: Some(place),
            label: None,
            help: Vec::new(),
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// Are there errors?
    pub fn failed(&self) -> bool {
        let error = |finding: &Finding| finding.severity == Severity::Error;
        self.findings.iter().any(error)
    }

    /// Are there errors at these places?
    pub fn errs_within(&self, places: Range<usize>) -> bool {
        let within = |place: &Range<usize>| places.contains(&place.start);
        self.findings.iter().any(|finding| {
            finding.severity == Severity::Error && finding.place.as_ref().is_some_and(within)
        })
    }

    /// In the order of their places.
    pub fn into_findings(mut self) -> Vec<Finding> {
        self.findings
            .sort_by_key(|finding| finding.place.as_ref().map(|place| place.start));
        self.findings
    }
}

/// The one of `known` that `word` was probably meant to be.
pub fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
