//! Asks: what a learner predicts before a command runs, and other questions.
//!
//! A prediction has no answer in the lesson's file. The kernel decides: what the ping brings, what
//! the route look-up says, what stands in the neighbour table. So the answer cannot go stale, and
//! it is right even where a learner has built something else than the lesson meant.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::world::Ns;

/// A question of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The line (from 0) of the step that it stands before.
    pub before: usize,
    /// What is asked.
    pub question: String,
    /// Who knows the answer.
    pub truth: Truth,
    /// Said to a right answer.
    pub right: Option<String>,
    /// Said to a wrong one: why it is otherwise.
    pub wrong: Option<String>,
}

/// Who knows the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The ping that it stands before: an answer, an error or silence.
    Ping,
    /// The kernel's route look-up: the device by which a packet would leave.
    Route {
        /// In this namespace.
        ns: Ns,
        /// To this address.
        to: IpAddr,
    },
    /// The neighbour table, once the line has ended: whose hardware address stands there.
    Neigh {
        /// In this namespace.
        ns: Ns,
        /// For this address.
        to: IpAddr,
    },
    /// The lesson: one of these is right.
    Choice {
        /// What can be chosen.
        choices: Vec<String>,
        /// The right one, from 0.
        answer: usize,
    },
    /// The lesson: any of these is right, when typed.
    Typed {
        /// The first is the one that is shown.
        accept: Vec<String>,
    },
}

impl Truth {
    /// Is it known only when the line has ended?
    pub fn comes_later(&self) -> bool {
        match self {
            Self::Ping | Self::Neigh { .. } => true,
            Self::Route { .. } | Self::Choice { .. } | Self::Typed { .. } => false,
        }
    }
}

/// Is what was typed one of what is accepted? Case, blanks, a full stop at the end and the prefix
/// length of an address make no difference where they mean none.
pub fn accepts(accept: &[String], typed: &str) -> bool {
    let typed = plain(typed);
    !typed.is_empty()
        && accept.iter().any(|wanted| {
            let wanted = plain(wanted);
            wanted == typed || same_address(&wanted, &typed)
        })
}

/// Lower case, single blanks, no full stop at the end.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ").to_lowercase();
    line.trim_end_matches(['.', '!']).trim_end().to_owned()
}

/// The same address, where one of both may leave out the prefix length. Two lengths that differ
/// are two answers.
fn same_address(wanted: &str, typed: &str) -> bool {
    let Some(((wanted, wanted_length), (typed, typed_length))) =
        address(wanted).zip(address(typed))
    else {
        return false;
    };
    let same_length = match (wanted_length, typed_length) {
        (Some(wanted), Some(typed)) => wanted == typed,
        (Some(_) | None, None) => true,
        // A length that nobody asked for is right if it says "this address alone".
        (None, Some(typed)) => typed == if wanted.is_ipv4() { 32 } else { 128 },
    };
    wanted == typed && same_length
}

fn address(text: &str) -> Option<(IpAddr, Option<u8>)> {
    let net = |text: &str| text.parse::<IpNet>().ok();
    let alone = text.parse().ok().map(|address| (address, None));
    alone.or_else(|| net(text).map(|net| (net.addr(), Some(net.prefix_len()))))
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn typed_answers_are_compared_leniently() {
        let accept = |wanted: &str, typed: &str| accepts(&[wanted.to_owned()], typed);
        for (wanted, typed) in [
            ("ARP", " arp. "),
            ("no route", "No  Route"),
            ("172.16.0.1", "172.16.0.1"),
            ("172.16.0.1/16", "172.16.0.1"),
            ("172.16.0.1", "172.16.0.1/32"),
            ("fd00::1", "FD00:0::1"),
        ] {
            assert!(accept(wanted, typed), "{wanted} / {typed}");
        }
        for (wanted, typed) in [
            ("ARP", ""),
            ("ARP", "NDP"),
            ("172.16.0.1/16", "172.16.0.1/24"),
            ("172.16.0.1", "172.16.0.1/16"),
            ("172.16.0.1", "172.16.0.10"),
        ] {
            assert!(!accept(wanted, typed), "{wanted} / {typed}");
        }
    }
}
