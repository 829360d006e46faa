//! What a lesson says of a packet's way, held against the packet's story.

use std::net::IpAddr;

use crate::lesson::Verdict;
use crate::trace::{Cause, Hop, Leg, Place, Story, What};

/// Something that a lesson says of a packet's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The request is seen at these devices, in this order; it may be seen at others between.
    Through(Vec<Place>),
    /// Outside, that is where it is seen last, its source is this address.
    Nat(IpAddr),
    /// No answer comes, and this is the cause.
    Cause(Cause),
}

impl Demand {
    /// Is it met? If not: found, wanted.
    pub(super) fn judge(&self, story: &Story) -> Verdict {
        let missed = match self {
            Self::Through(places) => lacks(&seen(story), places),
            Self::Nat(source) => other_source(story, *source),
            Self::Cause(cause) => other_cause(story, *cause),
        };
        missed.map_or(Verdict::Holds, Verdict::Not)
    }
}

/// The hops at which the request was seen.
fn requests(story: &Story) -> impl DoubleEndedIterator<Item = (&Hop, Option<IpAddr>)> {
    story
        .way
        .iter()
        .filter_map(|hop| match (&hop.what, hop.leg) {
            (What::Seen { src, .. }, Leg::Request) => Some((hop, *src)),
            (What::Seen { .. }, Leg::Reply | Leg::Error | Leg::Ask) | (What::Decided(_), _) => None,
        })
}

fn place(hop: &Hop) -> Option<Place> {
    Some(Place {
        ns: hop.ns.clone(),
        dev: hop.dev.clone()?,
    })
}

/// Where the request was seen, in order; a place at which it came in and went out stands once.
fn seen(story: &Story) -> Vec<Place> {
    let mut places: Vec<Place> = requests(story).filter_map(|(hop, _)| place(hop)).collect();
    places.dedup();
    places
}

fn lacks(seen: &[Place], wanted: &[Place]) -> Option<String> {
    let mut rest = seen.iter();
    let missing = wanted.iter().find(|place| !rest.any(|it| it == *place))?;
    let found = match seen {
        [] => "it was seen nowhere".to_owned(),
        some => {
            let places: Vec<String> = some.iter().map(text).collect();
            format!("it went through {}", places.join(", "))
        }
    };
    let missing = if seen.contains(missing) {
        let all: Vec<String> = wanted.iter().map(text).collect();
        format!("{}, in this order", all.join(", "))
    } else {
        text(missing)
    };
    Some(format!("{found}; wanted {missing}"))
}

fn other_source(story: &Story, wanted: IpAddr) -> Option<String> {
    let last = requests(story).next_back();
    match last.and_then(|(hop, source)| Some((place(hop)?, source?))) {
        None => Some(format!("it was seen nowhere; wanted the source {wanted}")),
        Some((_, source)) if source == wanted => None,
        Some((place, source)) => Some(format!(
            "at {} its source is {source}; wanted {wanted}",
            text(&place)
        )),
    }
}

fn other_cause(story: &Story, wanted: Cause) -> Option<String> {
    match &story.diagnosis {
        Some(found) if found.cause == wanted => None,
        Some(found) => Some(format!("the cause is {}; wanted {wanted}", found.cause)),
        None => Some(format!("no cause was found; wanted {wanted}")),
    }
}

fn text(place: &Place) -> String {
    format!("{}/{}", place.ns, place.dev)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::answer::Answer;
    use crate::trace::{Asked, Diagnosis, Question};
    use crate::world::Ns;

    fn at(text: &str) -> Place {
        let (ns, dev) = text.split_once('/').expect("a place");
        Place {
            ns: Ns::from_name(ns),
            dev: dev.to_owned(),
        }
    }

    fn hop(leg: Leg, place: &str, src: &str) -> Hop {
        let Place { ns, dev } = at(place);
        Hop {
            leg,
            ns,
            dev: Some(dev),
            at: None,
            what: What::Seen {
                out: true,
                packet: String::new(),
                src: src.parse().ok(),
                dst: None,
                ttl: None,
            },
        }
    }

    fn story(way: Vec<Hop>, cause: Option<Cause>) -> Story {
        Story {
            question: Question {
                from: Ns::from_name("app4"),
                to: "8.8.8.8".parse().unwrap(),
                what: Asked::Echo { id: None },
            },
            answer: Answer::Silence {
                waited: std::time::Duration::ZERO,
            },
            way,
            diagnosis: cause.map(|cause| Diagnosis {
                cause,
                at: None,
                sentence: String::new(),
                evidence: Vec::new(),
            }),
        }
    }

    fn out() -> Story {
        let inside = "172.16.0.40";
        story(
            vec![
                hop(Leg::Request, "app4/clink4", inside),
                hop(Leg::Request, "host/hlink4", inside),
                hop(Leg::Request, "host/br0", inside),
                hop(Leg::Request, "host/enp0s1", "192.168.64.3"),
                hop(Leg::Reply, "host/enp0s1", "8.8.8.8"),
            ],
            Some(Cause::ForwardingOff),
        )
    }

    fn through(places: &[&str]) -> Demand {
        Demand::Through(places.iter().map(|place| at(place)).collect())
    }

    fn why(demand: &Demand, story: &Story) -> String {
        match demand.judge(story) {
            Verdict::Not(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_so_holds() {
        for demand in [
            through(&["host/br0", "host/enp0s1"]),
            through(&["app4/clink4", "host/hlink4", "host/br0", "host/enp0s1"]),
            Demand::Nat("192.168.64.3".parse().unwrap()),
            Demand::Cause(Cause::ForwardingOff),
        ] {
            assert_eq!(demand.judge(&out()), Verdict::Holds, "{demand:?}");
        }
    }

    #[test]
    fn a_miss_says_found_and_wanted() {
        let way = "it went through app4/clink4, host/hlink4, host/br0, host/enp0s1";
        assert_eq!(
            why(&through(&["host/br0", "host/hlink3"]), &out()),
            format!("{way}; wanted host/hlink3")
        );
        assert_eq!(
            why(&through(&["host/enp0s1", "host/br0"]), &out()),
            format!("{way}; wanted host/enp0s1, host/br0, in this order")
        );
        assert_eq!(
            why(&Demand::Nat("192.168.64.4".parse().unwrap()), &out()),
            "at host/enp0s1 its source is 192.168.64.3; wanted 192.168.64.4"
        );
        assert_eq!(
            why(&Demand::Cause(Cause::NoRoute), &out()),
            "the cause is forwarding-off; wanted no-route"
        );
    }

    #[test]
    fn nothing_seen_is_said() {
        let nothing = story(Vec::new(), None);
        assert_eq!(
            why(&through(&["host/br0"]), &nothing),
            "it was seen nowhere; wanted host/br0"
        );
        assert_eq!(
            why(&Demand::Nat("192.168.64.3".parse().unwrap()), &nothing),
            "it was seen nowhere; wanted the source 192.168.64.3"
        );
        assert_eq!(
            why(&Demand::Cause(Cause::NoRoute), &nothing),
            "no cause was found; wanted no-route"
        );
    }

    #[test]
    fn the_way_back_does_not_count() {
        let mut only_back = out();
        only_back.way.retain(|hop| hop.leg == Leg::Reply);
        assert_eq!(
            why(&through(&["host/enp0s1"]), &only_back),
            "it was seen nowhere; wanted host/enp0s1"
        );
    }
}
