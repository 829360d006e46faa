//! `trace`: the way that an echo request takes.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::answer::{Answer, CauseWord, Code, Wanted};
use super::words::{self, Ip, NsName};
use super::{Flaw, Form, Judge, Mention, look};
use crate::lesson::Need;
use crate::lesson::probe::{Demand, Probe, What};
use crate::trace::Place;

/// `trace = { from = "app4", to = "8.8.8.8", through = ["host/br0"], nat = "192.168.64.3" }`
#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table such as { from = \"app4\", to = \"8.8.8.8\", through = [\"host/br0\", \"host/enp0s1\"] }"
)]
pub struct Trace {
    from: Spanned<NsName>,
    to: Ip,
    #[serde(default)]
    through: Vec<Spanned<String>>,
    nat: Option<Ip>,
    #[serde(default)]
    expect: Answer,
    by: Option<Ip>,
    code: Option<Code>,
    cause: Option<CauseWord>,
}

impl Trace {
    fn wanted(&self) -> Wanted {
        Wanted {
            expect: self.expect,
            by: self.by,
            code: self.code,
            cause: self.cause,
        }
    }

    /// The places of `through`, and where each is written; [`flaw`](Form::flaw) tells of what is
    /// none.
    fn places(&self) -> impl Iterator<Item = (Place, Range<usize>)> {
        let written = self.through.iter();
        written.filter_map(|text| Some((words::place(text.get_ref()).ok()?, text.span())))
    }

    fn demands(&self) -> Vec<Demand> {
        let mut demands = Vec::new();
        if !self.through.is_empty() {
            demands.push(Demand::Through(
                self.places().map(|(place, _)| place).collect(),
            ));
        }
        demands.extend(self.nat.map(|source| Demand::Nat(source.0)));
        demands.extend(self.wanted().demand());
        demands
    }
}

impl Form for Trace {
    fn title(&self) -> String {
        let mut text = format!(
            "{} → {} {}",
            self.from.get_ref().0,
            self.to.0,
            self.wanted().answer_words()
        );
        let places = self.through.iter().map(|text| text.get_ref().as_str());
        let places: Vec<&str> = places.collect();
        if !places.is_empty() {
            text.extend([", by way of ", &places.join(", ")]);
        }
        text.extend(
            self.nat
                .map(|source| format!(", seen outside as {}", source.0)),
        );
        text.extend(self.wanted().cause_words());
        text
    }

    fn mentions(&self) -> Vec<Mention> {
        let mut all = vec![look::names_space(&self.from)];
        for (Place { ns, dev }, span) in self.places() {
            all.push(Mention::Space(ns.clone(), span.clone()));
            all.push(Mention::Device(ns, dev, span));
        }
        all
    }

    fn flaw(&self) -> Option<Flaw> {
        if self.demands().is_empty() {
            return Some(Flaw {
                at: None,
                message: "a trace that says nothing of the way".to_owned(),
                help: "add `through`, `nat` or `cause`, or make it a `ping`".to_owned(),
            });
        }
        let wrong = self.through.iter().find_map(|text| {
            Some(Flaw {
                at: Some(text.span()),
                message: words::place(text.get_ref()).err()?,
                help: "write a place as host/br0: the namespace, a slash, the device".to_owned(),
            })
        });
        wrong.or_else(|| self.wanted().flaw())
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Icmp, Need::Capture]
    }

    fn judge(self: Box<Self>) -> Judge {
        Judge::Probe(Probe {
            demands: self.demands(),
            expect: self.wanted().expect(),
            from: self.from.into_inner().0,
            to: self.to.0,
            what: What::Ping { size: None },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{probe, read};
    use crate::lesson::probe::{Demand, Expect};
    use crate::trace::{Cause, Place};
    use crate::world::Ns;

    #[test]
    fn the_way_and_the_address_outside() {
        let (title, probe) = probe(
            "trace = { from = 'app4', to = '8.8.8.8', through = ['host/br0', 'internet/up'], \
             nat = '192.168.64.3' }",
        );
        assert_eq!(
            title,
            "app4 → 8.8.8.8 answers, by way of host/br0, internet/up, seen outside as 192.168.64.3"
        );
        let place = |ns: Ns, dev: &str| Place {
            ns,
            dev: dev.to_owned(),
        };
        let places = vec![place(Ns::Host, "br0"), place(Ns::Internet, "up")];
        let outside = "192.168.64.3".parse().unwrap();
        assert_eq!(probe.expect, Expect::Reply);
        assert_eq!(
            probe.demands,
            [Demand::Through(places), Demand::Nat(outside)]
        );
    }

    #[test]
    fn a_way_that_ends() {
        let (title, probe) = probe(
            "trace = { from = 'app4', to = '8.8.8.8', expect = 'timeout', cause = 'no-nat' }",
        );
        assert_eq!(title, "app4 → 8.8.8.8 stays silent; the cause is no-nat");
        assert_eq!(probe.expect, Expect::Timeout);
        assert_eq!(probe.demands, [Demand::Cause(Cause::NoNat)]);
    }

    #[test]
    fn a_trace_says_something_of_the_way() {
        let wrong = "trace = { from = 'app4', to = '8.8.8.8' }";
        let error = read(wrong).expect_err("it is a ping");
        assert!(error.contains("nothing of the way"), "{error}");
    }

    #[test]
    fn a_place_is_a_namespace_and_a_device() {
        for wrong in ["br0", "host/", "/br0", "host/br0/x", "host/a b", "a b/br0"] {
            let check =
                format!("trace = {{ from = 'app4', to = '8.8.8.8', through = ['{wrong}'] }}");
            assert!(read(&check).is_err(), "{wrong}");
        }
    }
}
