//! Devices and namespaces come and go, move and are renamed while somebody listens; and nothing is
//! left when nobody does.

use std::fs;
use std::pin::pin;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::ensure;
use futures::FutureExt;
use futures::executor::block_on;
use futures::future::{Either, select};
use tokio::sync::oneshot;
use tutor::kernel::capture::everywhere::{Ear, Sniffer};
use tutor::packet::Sighting;

use crate::frame::Case;
use crate::heard::{PING, bridged, ear, passing, places, sniff};
use crate::tools::{run, shell};

/// This file's cases.
pub const CASES: &[Case] = &crate::cases![
    devices_are_followed,
    a_new_namespace_is_heard,
    namespaces_that_join_keep_the_order,
    a_deleted_namespace_ends,
    a_name_given_anew_is_another_namespace,
    nothing_is_open_when_nobody_listens,
    two_hundred_namespaces,
    hostile_names,
];

/// How long the kernel may take to be done with something.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until something holds.
async fn wait(what: &str, holds: impl Fn() -> bool) -> anyhow::Result<()> {
    let start = Instant::now();
    while !holds() {
        ensure!(start.elapsed() < PATIENCE, "waited for {what} in vain");
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Packet sockets of this namespace; the first line is a heading.
fn packet_sockets() -> usize {
    fs::read_to_string("/proc/net/packet").map_or(0, |text| text.lines().count() - 1)
}

fn devices_are_followed() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        // A cable is laid, its end is moved and called otherwise, and in the end it is gone.
        shell(
            "ip link add x0 type veth peer name x1
             ip link set x1 netns n2
             ip -n n2 link set x1 name moved
             ip addr add 10.1.0.1/24 dev x0
             ip link set x0 up
             ip -n n2 addr add 10.1.0.2/24 dev moved
             ip -n n2 link set moved up",
        )?;
        let heard = passing(&mut ear, "ping -c 1 -W 5 10.1.0.2").await?;
        let wanted = ["host/x0 out", "n2/moved in", "n2/moved out", "host/x0 in"];
        ensure!(places(&heard) == wanted, "{:?}", places(&heard));
        shell("ip link set x0 down; ip link set x0 name y0; ip link set y0 up")?;
        let heard = passing(&mut ear, "ping -c 1 -W 5 10.1.0.2").await?;
        let wanted = ["host/y0 out", "n2/moved in", "n2/moved out", "host/y0 in"];
        ensure!(places(&heard) == wanted, "{:?}", places(&heard));
        // What passed before it vanished is kept, with its name.
        run("ping -c 1 -W 5 10.1.0.2")?;
        let heard = passing(&mut ear, "ip link del y0").await?;
        ensure!(places(&heard) == wanted, "{:?}", places(&heard));
        let heard = passing(&mut ear, PING).await?;
        ensure!(heard.len() == 8, "others go on: {:?}", places(&heard));
        Ok(())
    })
}

/// One that listens does so beside the thread that makes the sockets, which has more to do than that:
/// what is heard in a new namespace meanwhile is not late.
fn namespaces_that_join_keep_the_order() -> anyhow::Result<()> {
    sniff(async |sniffer, long| {
        let ear = ear(sniffer, long).await?;
        let (stop, stopped) = oneshot::channel();
        let listening = thread::spawn(move || until_stopped(ear, stopped));
        for number in 0..8 {
            let n = format!("{}{number}", if long { "l" } else { "b" });
            shell(&format!(
                "ip netns add {n}
                 ip link add h{n} type veth peer name c{n} netns {n}
                 ip link set h{n} up; ip -n {n} link set c{n} up
                 ip addr add 10.0.{number}.1/24 dev h{n}
                 ip -n {n} addr add 10.0.{number}.2/24 dev c{n}"
            ))?;
            let mut look = pin!(sniffer.look());
            let mut looked = false;
            while !looked {
                looked = look.as_mut().now_or_never().is_some();
                shell(&format!("ping -q -c 3 -i 0.01 -w 5 10.0.{number}.2"))?;
            }
        }
        let _ = stop.send(());
        let heard = listening.join().expect("it does not panic");
        let late = heard.windows(2).find(|pair| pair[0].at > pair[1].at);
        ensure!(late.is_none(), "{:?}: came late", late.map(places));
        ensure!(heard.len() > 64, "only {} heard", heard.len());
        Ok(())
    })
}

fn until_stopped(mut ear: Ear, mut stopped: oneshot::Receiver<()>) -> Vec<Arc<Sighting>> {
    let mut heard = Vec::new();
    while let Either::Left(((next, _), _)) = block_on(select(pin!(ear.next()), &mut stopped)) {
        heard.extend(next);
    }
    heard
}

fn a_new_namespace_is_heard() -> anyhow::Result<()> {
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        shell(
            "ip netns add new
             ip link add h0 type veth peer name c0 netns new
             ip addr add 10.0.0.1/24 dev h0
             ip link set h0 up
             ip -n new addr add 10.0.0.2/24 dev c0
             ip -n new link set c0 up",
        )?;
        sniffer.look().await;
        let heard = passing(&mut ear, "ping -c 1 -W 5 10.0.0.2").await?;
        let wanted = ["host/h0 out", "new/c0 in", "new/c0 out", "host/h0 in"];
        ensure!(
            places(&heard).starts_with(&wanted.map(str::to_owned)),
            "{:?}",
            places(&heard)
        );
        run("ip netns del new")?;
        wait("the end of a namespace", || run("ip link show h0").is_err()).await
    })
}

/// A cable's end vanishes with its namespace, and the other end with it.
fn a_deleted_namespace_ends() -> anyhow::Result<()> {
    sniff(async |sniffer, long| {
        let _ear = ear(sniffer, long).await?;
        shell("ip netns add gone; ip link add h0 type veth peer name c0 netns gone")?;
        sniffer.look().await;
        run("ip netns del gone")?;
        // Nobody tells it: it hears of names itself.
        wait("the end of a namespace", || run("ip link show h0").is_err()).await
    })
}

fn a_name_given_anew_is_another_namespace() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        let mut ear = ear(sniffer, long).await?;
        shell("ip netns del n2; ip netns add n2")?;
        wait("the old cable's end", || run("ip link show h2").is_err()).await?;
        shell(
            "ip link add h2 type veth peer name c2 netns n2
             ip link set h2 master br0 up
             ip -n n2 addr add 10.0.0.2/24 dev c2
             ip -n n2 link set c2 up
             ip -n n1 neigh flush dev c1",
        )?;
        sniffer.look().await;
        let heard = passing(&mut ear, PING).await?;
        let within = places(&heard);
        let within = within
            .iter()
            .filter(|place| place.starts_with("n2/"))
            .count();
        ensure!(within == 2, "{:?}", places(&heard));
        Ok(())
    })
}

fn nothing_is_open_when_nobody_listens() -> anyhow::Result<()> {
    bridged()?;
    sniff(async |sniffer, long| {
        ensure!(packet_sockets() == 0);
        let one = ear(sniffer, long).await?;
        let other = ear(sniffer, long).await?;
        ensure!(packet_sockets() == 1, "one for all who listen");
        drop(one);
        ensure!(packet_sockets() == 1, "one still listens");
        drop(other);
        wait("the end of the sockets", || packet_sockets() == 0).await?;
        wait("the end of the thread", || {
            !threads().contains(&"capture".to_owned())
        })
        .await
    })
}

fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.map(|name| name.trim_end().to_owned()).collect()
}

fn two_hundred_namespaces() -> anyhow::Result<()> {
    bridged()?;
    shell("for n in $(seq 200); do ip netns add m$n; ip -n m$n link set lo up; done")?;
    sniff(async |sniffer, long| {
        let start = Instant::now();
        let mut ear = ear(sniffer, long).await?;
        let listening = start.elapsed();
        let heard = passing(&mut ear, "ip netns exec m200 ping -c 1 127.0.0.1").await?;
        ensure!(places(&heard)[0] == "m200/lo out", "{:?}", places(&heard));
        let heard = passing(&mut ear, PING).await?;
        ensure!(heard.len() == 8, "{:?}", places(&heard));
        let start = Instant::now();
        ear.caught_up().await;
        eprintln!(
            "200 namespaces, long {long}: {listening:?}, caught up {:?}",
            start.elapsed()
        );
        drop(ear);
        wait("the end of the sockets", || packet_sockets() == 0).await
    })
}

/// Names that the kernel takes and a terminal should not.
fn hostile_names() -> anyhow::Result<()> {
    shell(
        "ip link add \"$(printf 'a\\033[2J')\" type veth peer name c0
         ip addr add 10.0.0.1/24 dev c0
         ip link set c0 up
         ip link set \"$(printf 'a\\033[2J')\" up
         ip link add \"$(printf 'b\\377\\376')\" type dummy || true
         ip link set \"$(printf 'b\\377\\376')\" up || true
         ip addr add 10.9.0.1/24 dev \"$(printf 'b\\377\\376')\" || true",
    )?;
    sniff(hear_hostile)
}

async fn hear_hostile(sniffer: &Sniffer, long: bool) -> anyhow::Result<()> {
    let mut ear = ear(sniffer, long).await?;
    // Another one each time, as the kernel does not ask twice at once.
    let last = if long { 8 } else { 9 };
    shell(&format!(
        "ping -c 1 -W 0.2 10.0.0.{last} || true; ping -c 1 -W 0.2 10.9.0.{last} || true"
    ))?;
    ear.caught_up().await;
    let (heard, _) = ear.take();
    let escape = heard.iter().find(|one| one.dev.starts_with('a'));
    ensure!(
        escape.is_some_and(|one| one.dev == "a\u{1b}[2J"),
        "{heard:?}"
    );
    ensure!(heard.iter().any(|one| one.dev == "c0"));
    let all = heard.iter().all(|one| !one.dev.is_empty());
    ensure!(all, "each device has a name, whatever its bytes");
    Ok(())
}
