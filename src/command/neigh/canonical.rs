//! `ip neighbour …` as one line.

use super::grammar::STATES;
use super::{Neigh, ShowNeighs};
use crate::command::View;
use crate::command::canonical::Words;

impl Neigh {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        let view = match self {
            Self::Flush(show) | Self::Show(show) => show.view,
            Self::Set { .. } | Self::Del { .. } => View::default(),
        };
        words.program("ip", view).word("neigh");
        match self {
            Self::Set {
                replace,
                to,
                mac,
                dev,
                state,
            } => {
                words
                    .word(if *replace { "replace" } else { "add" })
                    .value(to)
                    .option("lladdr", *mac)
                    .pair("dev", dev)
                    .option("nud", state.map(state_name));
            }
            Self::Del { to, dev } => {
                words.word("del").value(to).pair("dev", dev);
            }
            Self::Flush(show) => write_show(show, words.word("flush")),
            Self::Show(show) => write_show(show, words.word("show")),
        }
    }
}

fn state_name(state: u16) -> String {
    STATES
        .iter()
        .find(|(_, known)| *known == state)
        .map_or_else(|| state.to_string(), |(name, _)| (*name).to_owned())
}

fn write_show(show: &ShowNeighs, words: &mut Words) {
    words.option("to", show.to).option("dev", show.dev.as_ref());
    match show.state {
        None => {}
        Some(u16::MAX) => {
            words.pair("nud", "all");
        }
        Some(state) => {
            let mut rest = state;
            for (name, known) in STATES.iter().filter(|(_, known)| state & known != 0) {
                words.pair("nud", name);
                rest &= !known;
            }
            if rest != 0 || state == 0 {
                words.pair("nud", rest);
            }
        }
    }
}
