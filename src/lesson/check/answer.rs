//! What a probe should bring, as a lesson says it.

use serde::Deserialize;

use super::Flaw;
use super::words::Ip;
use crate::lesson::probe::{Demand, Expect, Unreachable};
use crate::trace::Cause;

/// `expect = "…"`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// An answer.
    #[default]
    Reply,
    /// An error.
    Unreachable,
    /// Nothing.
    Timeout,
}

/// `code = "…"`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// No route here.
    NoRoute,
    /// A router has no route.
    Network,
    /// Nobody answers for that address.
    Host,
    /// Nobody listens.
    Port,
    /// Too big.
    TooBig,
    /// Prohibited.
    Prohibited,
    /// TTL used up.
    TtlExceeded,
}

impl Code {
    fn unreachable(self) -> Unreachable {
        match self {
            Self::NoRoute => Unreachable::NoRoute,
            Self::Network => Unreachable::Network,
            Self::Host => Unreachable::Host,
            Self::Port => Unreachable::Port,
            Self::TooBig => Unreachable::TooBig,
            Self::Prohibited => Unreachable::Prohibited,
            Self::TtlExceeded => Unreachable::TtlExceeded,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NoRoute => "no route",
            Self::Network => "network unreachable",
            Self::Host => "host unreachable",
            Self::Port => "refused",
            Self::TooBig => "too big",
            Self::Prohibited => "prohibited",
            Self::TtlExceeded => "TTL exceeded",
        }
    }
}

/// `cause = "…"`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CauseWord(pub Cause);

impl TryFrom<String> for CauseWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse().map(Self)
    }
}

/// The four keys together. Each check that has them lists them as its own fields: serde cannot both
/// flatten a struct and refuse keys that it does not know.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// `expect`
    pub expect: Answer,
    /// `by`
    pub by: Option<Ip>,
    /// `code`
    pub code: Option<Code>,
    /// `cause`
    pub cause: Option<CauseWord>,
}

impl Wanted {
    /// As a probe is told it.
    pub fn expect(self) -> Expect {
        match self.expect {
            Answer::Reply => Expect::Reply,
            Answer::Unreachable => Expect::Unreachable {
                by: self.by.map(|by| by.0),
                code: self.code.map(Code::unreachable),
            },
            Answer::Timeout => Expect::Timeout,
        }
    }

    /// In a title.
    pub fn words(self) -> String {
        let mut text = self.answer_words();
        text.extend(self.cause_words());
        text
    }

    /// What comes back, in a title.
    pub fn answer_words(self) -> String {
        match (self.expect, self.code, self.by) {
            (Answer::Reply, ..) => "answers".to_owned(),
            (Answer::Timeout, ..) => "stays silent".to_owned(),
            (Answer::Unreachable, code, by) => {
                let mut text = "cannot be reached".to_owned();
                text.extend(code.map(|code| format!(": {}", code.words())));
                text.extend(by.map(|by| format!(", says {}", by.0)));
                text
            }
        }
    }

    /// Why nothing does, in a title.
    pub fn cause_words(self) -> Option<String> {
        let cause = self.cause?.0;
        Some(format!("; the cause is {cause}"))
    }

    /// What `cause` asks of the packet's way.
    pub fn demand(self) -> Option<Demand> {
        self.cause.map(|cause| Demand::Cause(cause.0))
    }

    /// `by` and `code` tell which error; they say nothing of an answer or of silence. `cause` tells
    /// why there is no answer.
    pub fn flaw(self) -> Option<Flaw> {
        if self.cause.is_some() && self.expect == Answer::Reply {
            return Some(Flaw {
                at: None,
                message: "`cause` tells why no answer comes, and one is expected".to_owned(),
                help: "add expect = \"unreachable\" or \"timeout\", or leave it out".to_owned(),
            });
        }
        let tells = self.by.is_some() || self.code.is_some();
        (tells && self.expect != Answer::Unreachable).then(|| Flaw {
            at: None,
            message: "`by` and `code` tell of an error, and none is expected".to_owned(),
            help: "add expect = \"unreachable\", or leave them out".to_owned(),
        })
    }
}
