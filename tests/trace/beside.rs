//! Packets beside others.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tutor::lesson::probe::Expect;
use tutor::session::Session;
use tutor::trace::{Hop, Leg};

use crate::kinds::{ROUTER, tcp};
use crate::traced::{Desk, ensure_way, ping, run, way};

/// Each story is of its own packet, though all went at the same time, some the same way.
pub fn probes_at_once() -> Result<()> {
    run(async {
        let probes = vec![
            ping("a", "10.2.0.2", Expect::Reply),
            ping("a", "10.2.0.2", Expect::Reply),
            ping("b", "10.1.0.2", Expect::Reply),
            ping("a", "10.1.0.1", Expect::Reply),
        ];
        let mut desk = Desk::free(ROUTER, probes.clone()).await?;
        let stories = desk.check().await?;
        let mut sent = Vec::new();
        for (story, probe) in stories.iter().zip(&probes) {
            ensure!(story.question.from == probe.from && story.question.to == probe.to);
            let echo = |hop: &&Hop| hop.leg == Leg::Request && hop.at.is_some();
            sent.extend(story.way.iter().find(echo).and_then(|hop| hop.at));
            let end = format!("{}/* ← delivered", probe.from);
            ensure_way(story, &["* → delivered", &end])?;
        }
        sent.sort_unstable();
        sent.dedup();
        ensure!(
            sent.len() == probes.len(),
            "one packet in two stories: {sent:?}"
        );
        // Of the router's own address nothing is seen behind the router.
        let near = way(&stories[3]);
        ensure!(!near.iter().any(|line| line.starts_with("b/")), "{near:#?}");
        Ok(())
    })
}

/// Two connections from one namespace to the same port at the same time: each story is of its own.
pub fn connections_at_once() -> Result<()> {
    run(async {
        let probes = vec![tcp("a", "10.2.0.2", 80, Some("b")); 3];
        // So that all of them last.
        let drop = ["ip netns exec r iptables -A FORWARD -p tcp -j DROP"];
        let mut desk = Desk::free(&[ROUTER, &drop].concat(), probes.clone()).await?;
        let stories = desk.check().await?;
        let opens = |line: &String| line.starts_with("r/ra → in: TCP SYN");
        let mut opened: Vec<String> = (stories.iter())
            .filter_map(|story| way(story).into_iter().find(opens))
            .collect();
        opened.sort_unstable();
        opened.dedup();
        ensure!(
            opened.len() == probes.len(),
            "one connection in two stories: {opened:?}"
        );
        Ok(())
    })
}

/// Thousands of packets of another conversation leave no mark on the story, and cost it no time.
pub fn a_flood_beside_it() -> Result<()> {
    run(async {
        let mut desk = Desk::free(ROUTER, Vec::new()).await?;
        let quiet = way(&*desk.ping("a", "10.2.0.2").await?);
        desk.line("ip netns exec b ping -q -i 0 10.1.0.2 &").await?;
        for _ in 0..3 {
            let story = desk.ping("a", "10.2.0.2").await?;
            let sent = |line: &&String| line.contains("echo");
            let alone: Vec<&String> = quiet.iter().filter(sent).collect();
            let beside = way(&story);
            let beside: Vec<&String> = beside.iter().filter(sent).collect();
            ensure!(alone == beside, "{alone:#?} {beside:#?}");
        }
        let told = took(&mut desk).await?;
        println!("verdict to story, in a flood: {told:?}");
        Ok(())
    })
}

/// Whoever captures on a bridge makes it promiscuous, so that it takes a copy of every frame. The way
/// is the same.
pub fn captured_on_its_bridge() -> Result<()> {
    run(async {
        let mut desk = Desk::through("bridge", "tcpdump -n -c 8 -i br0 icmp &").await?;
        let alone = way(&*desk.ping("app3", "172.16.0.40").await?);
        desk.line("tcpdump -n -i br0 arp &").await?;
        let captured = way(&*desk.ping("app3", "172.16.0.40").await?);
        ensure!(alone == captured, "{alone:#?} {captured:#?}");
        Ok(())
    })
}

/// How long after its verdict the way of a packet was told.
async fn took(desk: &mut Desk) -> Result<Duration> {
    let before = desk.stage.session().followed.last.clone();
    desk.line("ip netns exec a ping -c 1 10.2.0.2").await?;
    let ended = Instant::now();
    let told = |session: &Session| {
        let last = session.followed.last.as_ref();
        last.zip(before.as_ref())
            .is_some_and(|(last, before)| !std::sync::Arc::ptr_eq(last, before))
    };
    let patience = Duration::from_secs(5);
    desk.stage.until("it is told", patience, told).await?;
    Ok(ended.elapsed())
}

/// A namespace that goes while a packet is followed really goes, and the next packet is followed
/// all the same.
pub fn deleted_meanwhile() -> Result<()> {
    run(async {
        let mut desk = Desk::free(ROUTER, Vec::new()).await?;
        desk.line("ip netns exec a ping -i 0.2 10.2.0.2 &").await?;
        desk.line("ip netns del b").await?;
        let gone = |session: &Session| {
            let router = session.world.spaces.get(&tutor::world::Ns::from_name("r"));
            router.is_some_and(|space| space.link("rb").is_none())
        };
        let patience = Duration::from_secs(5);
        desk.stage
            .until("the cable is gone", patience, gone)
            .await?;
        let story = desk.ping("a", "10.1.0.1").await?;
        ensure_way(&story, &["r/ra → delivered", "a/ea ← delivered"])
    })
}
