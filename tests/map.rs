//! The map of real namespaces: every device once, every pair one cable.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use frame::block_on;
use serde_json::Value;
use tokio::task::LocalSet;
use tutor::headless::stage::Stage;
use tutor::lesson::{find, free};
use tutor::map::{Kind, Look, Map, Role, State, draw, model};
use tutor::session::{Phase, Place, Session};

/// How long a sandbox may take.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    frame::main(&cases![
        every_lesson_is_mapped_whole,
        whatever_is_plugged_is_shown,
    ])
}

fn built(session: &Session) -> bool {
    session.phase == Phase::Idle
}

/// The end of each lesson.
fn every_lesson_is_mapped_whole() -> Result<()> {
    block_on(LocalSet::new().run_until(async {
        for entry in find::list() {
            let lesson = find::load(&entry.id).map_err(|report| anyhow!("{report}"))?;
            let step = lesson.steps.len() - 1;
            let done = lesson.steps[step].run.len();
            let mut stage = Stage::new(Arc::new(lesson), Place { step, done })?;
            stage.until("the sandbox is built", PATIENCE, built).await?;
            let map = model(&stage.session().world);
            whole(&map).with_context(|| entry.id.clone())?;
            shown(&map).with_context(|| entry.id.clone())?;
        }
        anyhow::Ok(())
    }))
}

/// Kinds of devices and cables that no lesson has.
fn whatever_is_plugged_is_shown() -> Result<()> {
    block_on(LocalSet::new().run_until(async {
        let mut stage = Stage::new(Arc::new(free::free(true)), Place::default())?;
        stage.until("the sandbox is built", PATIENCE, built).await?;
        for line in [
            "ip netns add r1",
            "ip netns add r2",
            "ip netns add alone",
            "ip link add same1 type veth peer name same2",
            "ip link add h1 type veth peer name c1",
            "ip link set c1 netns r1",
            "ip link add h2 type veth peer name c2",
            "ip link set c2 netns r1",
            "ip -n r1 link add west type veth peer name east",
            "ip -n r1 link set east netns r2",
            "ip link set h1 up",
            "ip link add br0 type bridge",
            "ip link set h2 master br0",
            "ip link add vx0 type vxlan id 42 dstport 4789 remote 192.168.64.1 dev enp0s1",
            "ip link add mv0 link enp0s1 type macvlan",
            "ip link set mv0 netns r2",
        ] {
            stage
                .take_line(line)
                .map_err(|error| anyhow!("{line}: {error:?}"))?;
            stage.until(line, PATIENCE, built).await?;
        }
        let map = model(&stage.session().world);
        whole(&map)?;
        let cables = map.cables.iter();
        let macvlan = cables.filter(|cable| cable.stands_on).collect::<Vec<_>>();
        ensure!(
            macvlan.len() == 1 && macvlan[0].far.is_some(),
            "{macvlan:?}"
        );
        let kind = |kind: &Kind| {
            let devices = map.spaces.iter().flat_map(|space| &space.devices);
            devices.filter(|device| device.kind == *kind).count()
        };
        ensure!(kind(&Kind::Vxlan(42, Some("192.168.64.1".to_owned()))) == 1);
        let end = map.find(&tutor::world::Ns::Host, "h1").context("h1")?;
        let found = map.device(end).map(|device| device.state);
        ensure!(found == Some(State::NoCarrier), "{found:?}");
        shown(&map)
    }))
}

/// Every link that the real tool lists is there once, with its name, and every pair is one cable.
fn whole(map: &Map) -> Result<()> {
    let mut ends = BTreeSet::new();
    for cable in &map.cables {
        let veth = |end| {
            map.device(end)
                .is_some_and(|device| device.kind == Kind::Veth)
        };
        if cable.stands_on {
            continue;
        }
        let far = cable.far.context("an end whose other one is not known")?;
        ensure!(veth(cable.near) && veth(far), "{cable:?}");
        ensure!(
            ends.insert(cable.near) && ends.insert(far),
            "{cable:?} twice"
        );
    }
    for (place, space) in map.spaces.iter().enumerate() {
        let line = match space.role {
            Role::Host => "ip -j -d link".to_owned(),
            Role::Named => format!("ip -j -d -n {} link", space.name),
            Role::Internet => continue, // no real tool gets there
        };
        let listed: Value = tools::json(&line)?;
        let listed = listed.as_array().context("a list")?;
        let named: BTreeMap<u64, &str> = (listed.iter())
            .filter_map(|link| Some((link["ifindex"].as_u64()?, link["ifname"].as_str()?)))
            .collect();
        let ours: BTreeMap<u64, &str> = (space.devices.iter())
            .map(|device| (u64::from(device.index), device.name.as_str()))
            .collect();
        ensure!(
            named == ours && ours.len() == space.devices.len(),
            "{named:?} {ours:?}"
        );
        for link in listed {
            let name = link["ifname"].as_str().context("a name")?;
            let end = map.find(&space.ns(), name).context("a device")?;
            ensure!(end.space == place);
            let veth = link["linkinfo"]["info_kind"] == "veth";
            ensure!(veth == ends.contains(&end), "{name}: is it plugged?");
            let device = map.device(end).context("a device")?;
            let master = device
                .master
                .map(|master| space.devices[master].name.as_str());
            ensure!(link["master"].as_str() == master, "{name}: {master:?}");
            let flags = link["flags"].as_array().context("flags")?;
            let up = flags.iter().any(|flag| flag == "UP");
            ensure!(
                up == (device.state != State::Down),
                "{name}: {:?}",
                device.state
            );
        }
    }
    Ok(())
}

/// The picture names every namespace and every device.
fn shown(map: &Map) -> Result<()> {
    let picture = draw(map, &Look::default()).text_lines().join("\n");
    for space in &map.spaces {
        ensure!(
            picture.contains(&space.name),
            "no {} in\n{picture}",
            space.name
        );
        for device in &space.devices {
            ensure!(
                picture.contains(&device.name),
                "no {} in\n{picture}",
                device.name
            );
        }
    }
    Ok(())
}
