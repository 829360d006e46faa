//! A story in words, for everybody who shows one.

use std::time::Duration;

use super::{Hop, Leg, Story};

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The namespace.
    pub ns: String,
    /// The device; nothing where the namespace as a whole decides.
    pub dev: String,
    /// Which packet: `→` the request, `←` its answer, `!` an error about it, `?` a question for a
    /// hardware address.
    pub arrow: &'static str,
    /// What happened.
    pub text: String,
    /// When, after the first sighting; absent for what is concluded.
    pub at: Option<Duration>,
    /// Is this where it died?
    pub died: bool,
}

/// The way, line by line.
pub fn lines(story: &Story) -> Vec<Line> {
    let first = story.way.iter().find_map(|hop| hop.at);
    story.way.iter().map(|hop| line(hop, first)).collect()
}

fn line(hop: &Hop, first: Option<Duration>) -> Line {
    Line {
        ns: hop.ns.to_string(),
        dev: hop.dev.clone().unwrap_or_default(),
        arrow: hop.leg.arrow(),
        text: hop.to_string(),
        at: hop
            .at
            .zip(first)
            .map(|(at, first)| at.saturating_sub(first)),
        died: false,
    }
}

impl Leg {
    /// Its sign.
    pub fn arrow(self) -> &'static str {
        match self {
            Self::Request => "→",
            Self::Reply => "←",
            Self::Error => "!",
            Self::Ask => "?",
        }
    }
}
