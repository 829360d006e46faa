//! The TOML of a lesson, as serde reads it.
//!
//! Only shapes are told here; [`lower`] makes a [`Lesson`](super::Lesson) of it. Every key is
//! optional to serde, so that one that is missing is told in a sentence rather than ending the
//! reading, and unknown ones are errors. The keys are documented in `lessons/README.md`.

pub mod ask;
pub mod draw;
pub mod fault;
pub mod hint;
pub mod lower;
pub mod read;
pub mod run;
pub mod text;

use serde::Deserialize;
use toml::Spanned;

use super::check::CheckToml;
use super::look::View;

/// The version of the format that this program reads.
pub const FORMAT: i64 = 1;

/// A whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a lesson")]
pub struct LessonToml {
    /// Version of the format.
    pub format: Option<Spanned<i64>>,
    /// Title.
    pub title: Option<Spanned<String>>,
    /// One sentence for the menu.
    pub summary: Option<Spanned<String>>,
    /// Minutes.
    pub minutes: Option<Spanned<i64>>,
    /// Tags.
    pub tags: Vec<Spanned<String>>,
    /// Kernel features.
    pub needs: Vec<Spanned<super::Need>>,
    /// The lesson from whose end it starts.
    pub base: Option<Spanned<String>>,
    /// `[host]`
    pub host: HostToml,
    /// `[draw]`: read before, and put into the rest.
    pub draw: Option<serde::de::IgnoredAny>,
    /// `[[fault]]`
    pub fault: Vec<Spanned<fault::FaultToml>>,
    /// `[[step]]`
    pub step: Vec<Spanned<StepToml>>,
}

/// `[host]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table of the host")]
pub struct HostToml {
    /// Has it an uplink?
    pub uplink: bool,
    /// Lines carried out silently before the first step.
    pub setup: Option<Spanned<String>>,
}

/// `[[step]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a step (`[[step]]`)")]
pub struct StepToml {
    /// Title.
    pub title: Option<Spanned<String>>,
    /// Markdown.
    pub text: Option<Spanned<String>>,
    /// The namespace of the prompt.
    pub at: Option<Spanned<String>>,
    /// What stands beside the text.
    pub look: Option<Spanned<View>>,
    /// Lines.
    pub run: Option<Spanned<String>>,
    /// Does it begin with a fault?
    pub repair: Option<Spanned<bool>>,
    /// From a nudge to the answer.
    pub hints: Vec<Spanned<hint::HintToml>>,
    /// For the instructor.
    pub notes: Option<Spanned<String>>,
    /// Closing line.
    pub done: Option<Spanned<String>>,
    /// `[[step.ask]]`
    pub ask: Vec<Spanned<ask::AskToml>>,
    /// `[[step.check]]`
    pub check: Vec<Spanned<CheckToml>>,
}
