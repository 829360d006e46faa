//! `ip route …` as one line.

use super::{Edit, Route, Select, ShowRoutes, Spec, Table, family_of};
use crate::command::Family;
use crate::command::canonical::Words;
use crate::world::names;
use crate::world::route::RouteKind;

impl Route {
    pub(in crate::command) fn write(&self, words: &mut Words) {
        let view = match self {
            Self::Change(_, spec) => spec.view,
            Self::Flush(show) | Self::Show(show) => show.view,
            Self::Get(get) => get.view,
        };
        words.program("ip", view).word("route");
        match self {
            Self::Change(edit, spec) => write_spec(spec, words.word(edit_name(*edit))),
            Self::Flush(show) => write_show(show, words.word("flush")),
            Self::Show(show) => write_show(show, words.word("show")),
            Self::Get(get) => {
                words
                    .word("get")
                    .value(get.to)
                    .option("from", get.from)
                    .option("iif", get.iif.as_ref())
                    .option("oif", get.oif.as_ref());
            }
        }
    }
}

fn edit_name(edit: Edit) -> &'static str {
    match edit {
        Edit::Add => "add",
        Edit::Del => "del",
        Edit::Replace => "replace",
        Edit::Change => "change",
    }
}

fn write_spec(spec: &Spec, words: &mut Words) {
    if spec.kind != RouteKind::Unicast {
        words.word(spec.kind.name());
    }
    match spec.dst {
        Some(dst) => words.value(dst),
        None => words.word("default"),
    };
    if let Some(via) = spec.via {
        let own = spec
            .view
            .family
            .or(spec.dst.map(|dst| family_of(dst.addr())));
        let family = family_of(via);
        let other = own.is_some_and(|own| own != family);
        words
            .word("via")
            .flag("inet", other && family == Family::V4)
            .flag("inet6", other && family == Family::V6)
            .value(via);
    }
    words
        .option("dev", spec.dev.as_ref())
        .option("src", spec.src)
        .option("metric", spec.metric)
        .option("table", spec.table.map(names::table))
        .option("proto", spec.proto.map(names::protocol))
        .option("scope", spec.scope.map(names::scope))
        .option("mtu", spec.mtu)
        .flag("onlink", spec.onlink);
}

fn write_show(show: &ShowRoutes, words: &mut Words) {
    if let Some(dst) = show.dst {
        words
            .flag("root", show.select == Select::Root)
            .flag("match", show.select == Select::Match)
            .value(dst);
    }
    let table = show.table.map(|table| match table {
        Table::All => "all".to_owned(),
        Table::Id(id) => names::table(id),
    });
    words
        .option("dev", show.dev.as_ref())
        .option("table", table)
        .option("via", show.via)
        .option("proto", show.proto.map(names::protocol))
        .option("scope", show.scope.map(names::scope));
}
