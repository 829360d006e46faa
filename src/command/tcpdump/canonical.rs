//! `tcpdump …` as one line.

use super::{Filter, Tcpdump};
use crate::command::canonical::Words;

impl Tcpdump {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        words
            .word("tcpdump")
            .option("-i", self.dev.as_ref())
            .flag("-n", self.numeric)
            .flag("-e", self.link_header)
            .option("-c", self.count);
        for (place, filter) in self.filter.iter().enumerate() {
            words.flag("and", place > 0);
            match filter {
                Filter::Icmp => words.word("icmp"),
                Filter::Icmp6 => words.word("icmp6"),
                Filter::Arp => words.word("arp"),
                Filter::Tcp => words.word("tcp"),
                Filter::Udp => words.word("udp"),
                Filter::Host(address) => words.pair("host", address),
                Filter::Port(port) => words.pair("port", port),
            };
        }
    }
}
