//! `ip link …` as one line.

use super::{Add, AddKind, Link, MacvlanMode, Setting, ShowLinks};
use crate::command::View;
use crate::command::canonical::{Words, name};

impl Link {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        let view = match self {
            Self::Show(show) => show.view,
            Self::Add(_) | Self::Set(_) | Self::Del { .. } => View::default(),
        };
        words.program("ip", view).word("link");
        match self {
            Self::Add(add) => write_add(add, words),
            Self::Set(set) => {
                words.word("set").pair("dev", &set.dev);
                write_settings(&set.settings, words);
            }
            Self::Del { dev } => {
                words.word("del").pair("dev", dev);
            }
            Self::Show(show) => write_show(show, words),
        }
    }
}

fn write_add(add: &Add, words: &mut Words) {
    words
        .word("add")
        .option("name", add.name.as_ref())
        .option("link", add.below.as_ref());
    write_settings(&add.with, words);
    words.word("type");
    match &add.kind {
        AddKind::Veth { peer, with } => {
            words
                .word("veth")
                .flag("peer", peer.is_some() || !with.is_empty())
                .option("name", peer.as_ref());
            write_settings(with, words);
        }
        AddKind::Bridge => {
            words.word("bridge");
        }
        AddKind::Macvlan { mode } => {
            words.word("macvlan").option("mode", mode.map(mode_name));
        }
        AddKind::Vxlan {
            id,
            local,
            remote,
            port,
            dev,
            learning,
        } => {
            words
                .word("vxlan")
                .pair("id", id)
                .option("local", *local)
                .option("remote", *remote)
                .option("dstport", *port)
                .option("dev", dev.as_ref())
                .flag("learning", *learning == Some(true))
                .flag("nolearning", *learning == Some(false));
        }
    }
}

fn mode_name(mode: MacvlanMode) -> &'static str {
    match mode {
        MacvlanMode::Private => "private",
        MacvlanMode::Vepa => "vepa",
        MacvlanMode::Bridge => "bridge",
        MacvlanMode::Passthru => "passthru",
    }
}

fn write_settings(settings: &[Setting], words: &mut Words) {
    for setting in settings {
        match setting {
            Setting::Up => words.word("up"),
            Setting::Down => words.word("down"),
            Setting::Master(dev) => words.pair("master", dev),
            Setting::NoMaster => words.word("nomaster"),
            Setting::Netns(ns) => words.pair("netns", name(ns)),
            Setting::Name(dev) => words.pair("name", dev),
            Setting::Address(mac) => words.pair("address", mac),
            Setting::Mtu(bytes) => words.pair("mtu", bytes),
            Setting::Promisc(on) => words.pair("promisc", if *on { "on" } else { "off" }),
        };
    }
}

fn write_show(show: &ShowLinks, words: &mut Words) {
    words
        .word("show")
        .option("dev", show.dev.as_ref())
        .option("master", show.master.as_ref())
        .option("type", show.kind.as_ref())
        .flag("up", show.up);
}
