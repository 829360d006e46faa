//! `bridge …` as one line.

use super::Bridge;
use crate::command::canonical::Words;

impl Bridge {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        match self {
            Self::Link { dev, view } => {
                words
                    .program("bridge", *view)
                    .word("link show")
                    .option("dev", dev.as_ref());
            }
            Self::Fdb { bridge, port, view } => {
                words
                    .program("bridge", *view)
                    .word("fdb show")
                    .option("br", bridge.as_ref())
                    .option("brport", port.as_ref());
            }
        }
    }
}
