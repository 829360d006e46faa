//! `ip netns …` as one line.

use super::Netns;
use crate::command::View;
use crate::command::canonical::Words;

impl Netns {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        words.program("ip", View::default()).word("netns");
        match self {
            Self::Add(name) => words.pair("add", name),
            Self::Del(name) => words.pair("del", name),
            Self::List => words.word("list"),
        };
    }
}
