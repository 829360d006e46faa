//! What a step can bring forward beside its text.

use serde::Deserialize;

/// What stands on the right of the screen; `look = "…"` in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(
    rename_all = "lowercase",
    expecting = "one of \"tables\", \"packets\", \"trace\", \"map\""
)]
pub enum View {
    /// The live tables of the namespaces.
    #[default]
    Tables,
    /// Packets as they pass.
    Packets,
    /// The way of the packet that was followed last, and why it got no answer.
    Trace,
    /// The map.
    Map,
}

impl View {
    /// What a lesson calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Packets => "packets",
            Self::Trace => "trace",
            Self::Map => "map",
        }
    }
}
