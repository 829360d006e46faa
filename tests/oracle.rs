//! Our words and deeds beside those of the real tools, on the real kernel.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

#[path = "oracle/addr.rs"]
mod addr;
#[path = "oracle/conntrack.rs"]
mod conntrack;
#[path = "oracle/deeds.rs"]
mod deeds;
#[path = "oracle/filters.rs"]
mod filters;
#[path = "oracle/frames.rs"]
mod frames;
#[path = "oracle/get.rs"]
mod get;
#[path = "oracle/grammar.rs"]
mod grammar;
#[path = "oracle/iptables.rs"]
mod iptables;
#[path = "oracle/link.rs"]
mod link;
#[path = "oracle/listings.rs"]
mod listings;
#[path = "support/frames.rs"]
mod made;
#[path = "support/filters.rs"]
mod made_filters;
#[path = "oracle/neigh.rs"]
mod neigh;
#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/ping.rs"]
mod ping;
#[path = "oracle/probe.rs"]
mod probe;
#[path = "oracle/route.rs"]
mod route;
#[path = "oracle/sums.rs"]
mod sums;
#[path = "oracle/tcpdump.rs"]
mod tcpdump;
#[path = "oracle/twins.rs"]
mod twins;

use std::process::ExitCode;

fn main() -> ExitCode {
    frame::main(
        &[
            grammar::CASES,
            addr::CASES,
            route::CASES,
            get::CASES,
            neigh::CASES,
            link::CASES,
            iptables::CASES,
            conntrack::CASES,
            frames::CASES,
            filters::CASES,
            sums::CASES,
            ping::CASES,
            probe::CASES,
            tcpdump::CASES,
            ping::BESIDE,
        ]
        .concat(),
    )
}
