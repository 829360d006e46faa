//! `ip address …` as one line.

use super::grammar::flags;
use super::{Addr, Broadcast, ShowAddrs, Spec};
use crate::command::View;
use crate::command::canonical::Words;
use crate::world::names;

impl Addr {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        let view = match self {
            Self::Flush(show) | Self::Show(show) => show.view,
            Self::Add(_) | Self::Del(_) => View::default(),
        };
        words.program("ip", view).word("addr");
        match self {
            Self::Add(spec) => write_spec(spec, words.word("add")),
            Self::Del(spec) => write_spec(spec, words.word("del")),
            Self::Flush(show) => write_show(show, words.word("flush")),
            Self::Show(show) => write_show(show, words.word("show")),
        }
    }
}

fn write_spec(spec: &Spec, words: &mut Words) {
    if spec.prefix_written {
        words.value(spec.net);
    } else {
        words.value(spec.net.addr());
    }
    words.option("peer", spec.peer);
    match spec.broadcast {
        Some(Broadcast::FromPrefix) => words.pair("broadcast", "+"),
        Some(Broadcast::Address(address)) => words.pair("broadcast", address),
        None => words,
    };
    words
        .option("scope", spec.scope.map(names::scope))
        .pair("dev", &spec.dev);
    for (name, flag) in flags() {
        words.flag(name, spec.flags & flag != 0);
    }
}

fn write_show(show: &ShowAddrs, words: &mut Words) {
    words
        .option("dev", show.dev.as_ref())
        .option("scope", show.scope.map(names::scope))
        .flag("up", show.up);
}
