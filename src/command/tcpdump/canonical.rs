//! `tcpdump …` as one line.

use super::Tcpdump;
use crate::command::canonical::Words;

impl Tcpdump {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        words
            .word("tcpdump")
            .option("-i", self.dev.as_ref())
            .flag("-n", self.numeric)
            .flag("-e", self.link_header)
            .option("-c", self.count);
        if let Some(filter) = &self.filter {
            let text = filter.to_string();
            // A shell would take a parenthesis for one of its own.
            if text.contains('(') {
                words.value(text);
            } else {
                words.word(&text);
            }
        }
    }
}
