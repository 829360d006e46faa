//! `ping …` as one line.

use std::time::Duration;

use super::{Ping, Source};
use crate::command::canonical::Words;

impl Ping {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        words
            .word("ping")
            .option("-c", self.count)
            .option("-W", self.timeout.map(seconds))
            .option("-i", self.interval.map(seconds));
        match &self.source {
            Some(Source::Address(address)) => words.pair("-I", address),
            Some(Source::Device(dev)) => words.pair("-I", dev),
            None => words,
        };
        words
            .option("-s", self.size)
            .option("-t", self.ttl)
            .flag("-q", self.quiet)
            .value(self.to);
    }
}

fn seconds(time: Duration) -> String {
    match time.subsec_millis() {
        0 => time.as_secs().to_string(),
        millis => format!("{}.{millis:03}", time.as_secs()),
    }
}
