//! The folded tables beside a fresh reading, while real `ip` changes everything at random.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

use std::fmt::Write;
use std::fs::{self, File};
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use frame::block_on;
use tools::{attempt, run, shell};
use tutor::command::Tables;
use tutor::kernel::netlink::{Names, Notifications, Rtnl, empty};
use tutor::world::{Change, Ns, Space, World};

fn main() -> ExitCode {
    frame::main(&cases![
        tables_never_lie,
        lost_news_are_read_again,
        a_fence_lets_all_news_through,
        a_namespace_is_emptied_at_once,
        many_may_read_at_once,
    ])
}

/// How long the kernel may take to tell of what it does by itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// A namespace that is listened to.
struct Heard {
    ns: Ns,
    rtnl: Rtnl,
    news: Notifications,
}

impl Heard {
    fn new(ns: Ns) -> anyhow::Result<Self> {
        let fd = match &ns {
            Ns::Named(name) => File::open(format!("/run/netns/{name}"))?,
            Ns::Host | Ns::Internet => File::open("/proc/self/ns/net")?,
        };
        let rtnl = Rtnl::open(fd.as_fd())?;
        let names: Names = Rc::new(|| names().unwrap_or_default());
        let news = Rtnl::watch(fd.as_fd(), &rtnl, names)?;
        Ok(Self { ns, rtnl, news })
    }

    /// Folds in all that the kernel has told so far.
    async fn catch_up(&mut self, world: &mut World) -> anyhow::Result<()> {
        let fence = self.news.fence();
        let passed = fence.pass();
        tokio::pin!(passed);
        loop {
            tokio::select! {
                biased;
                () = &mut passed => return Ok(()),
                changes = self.news.next() => self.fold(world, changes?),
            }
        }
    }

    fn fold(&self, world: &mut World, changes: Vec<Change>) {
        for change in changes {
            world.apply(&self.ns, change);
        }
    }

    /// What a fresh reading gives.
    async fn read(&self) -> anyhow::Result<Space> {
        let space = self.rtnl.dump(Tables::all(), &names()?).await?;
        Ok(space.lasting())
    }

    /// The folded tables are those of a fresh reading, now or after the kernel has told of more.
    async fn agrees(&mut self, world: &mut World) -> anyhow::Result<()> {
        loop {
            self.catch_up(world).await?;
            let told = world.spaces.get(&self.ns).context("it has appeared")?;
            let wrong = difference(told, &self.read().await?);
            if wrong.is_empty() {
                return Ok(());
            }
            match tokio::time::timeout(PATIENCE, self.news.next()).await {
                Ok(changes) => self.fold(world, changes?),
                Err(_) => bail!("{} is not as told:\n{wrong}", self.ns),
            }
        }
    }
}

fn names() -> anyhow::Result<Vec<(String, OwnedFd)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir("/run/netns")? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a name")?;
        names.push((name, File::open(entry.path())?.into()));
    }
    Ok(names)
}

/// Tables that differ. Of neighbours the kernel does not tell each state (`NUD_DELAY`).
fn difference(told: &Space, read: &Space) -> String {
    let mut wrong = String::new();
    let mut compare = |what: &str, told: String, read: String| {
        if told != read {
            let only = |a: &str, b: &str| -> Vec<String> {
                (a.lines()
                    .filter(|line| !b.contains(line))
                    .map(str::to_owned))
                .collect()
            };
            let (told_only, read_only) = (only(&told, &read), only(&read, &told));
            let _ = writeln!(
                wrong,
                "{what}: only told {told_only:#?}, only read {read_only:#?}"
            );
        }
    };
    compare(
        "links",
        lines(told.links.values()),
        lines(read.links.values()),
    );
    compare("addrs", lines(&told.addrs), lines(&read.addrs));
    compare("routes", lines(&told.routes), lines(&read.routes));
    compare("policy", lines(&told.policy), lines(&read.policy));
    compare("fdb", sorted(&told.fdb), sorted(&read.fdb));
    let neighs =
        |space: &Space| sorted(space.neighs.iter().map(|row| (row.link, row.dst, row.mac)));
    compare("neighs", neighs(told), neighs(read));
    compare("nsids", lines(&told.nsids), lines(&read.nsids));
    wrong
}

fn lines<Row: std::fmt::Debug>(rows: impl IntoIterator<Item = Row>) -> String {
    let rows: Vec<String> = rows.into_iter().map(|row| format!("{row:?}")).collect();
    joined(&rows)
}

fn sorted<Row: std::fmt::Debug>(rows: impl IntoIterator<Item = Row>) -> String {
    let mut rows: Vec<String> = rows.into_iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    joined(&rows)
}

fn joined(rows: &[String]) -> String {
    rows.join("\n")
}

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// A line that may or may not succeed.
fn line(dice: &mut Dice) -> String {
    const DEVICES: [&str; 6] = ["d0", "d1", "d2", "d3", "br0", "br1"];
    let ns = dice.pick(&["", "-n app1 ", "-n app2 "]);
    let (dev, other) = (dice.pick(&DEVICES), dice.pick(&DEVICES));
    let (net, host) = (dice.roll(3), dice.roll(4) + 1);
    let place = dice.pick(&["app1", "app2", "1"]);
    let rest = match dice.roll(24) {
        0 | 1 => format!("link add {dev} type veth peer name {other}"),
        2 | 3 => format!("link add {dev} type veth peer name {other} netns {place}"),
        4 => format!("link add {dev} type bridge"),
        5..=8 => format!("link set {dev} up"),
        9 => format!("link set {dev} down"),
        10 | 11 => format!("link set {dev} master {}", dice.pick(&["br0", "br1"])),
        12 => format!("link set {dev} nomaster"),
        13 => format!("link set {dev} netns {place}"),
        14 => format!("link set {dev} mtu {} promisc on", 1300 + host * 10),
        15 => format!("link set {dev} address 02:00:00:00:0{net}:0{host}"),
        16 => format!("link del {dev}"),
        17 | 18 => format!("addr add 10.{net}.0.{host}/16 dev {dev}"),
        19 => format!("addr add 2001:db8:{net}::{host}/64 dev {dev} nodad"),
        20 => format!(
            "addr {} 10.{net}.0.{host}/16 dev {dev}",
            dice.pick(&["del", "add"])
        ),
        21 => format!(
            "route {} 10.9{host}.0.0/16 via 10.{net}.0.9",
            dice.pick(&["add", "del"])
        ),
        22 => format!("neigh replace 10.{net}.0.{host} lladdr 02:00:00:00:00:0{host} dev {dev}"),
        _ => format!(
            "rule {} pref {host} from 10.{net}.0.0/16",
            dice.pick(&["add", "del"])
        ),
    };
    format!("ip {ns}{rest}")
}

fn tables_never_lie() -> anyhow::Result<()> {
    shell("ip netns add app1; ip netns add app2; ip link set lo up; ip -n app1 link set lo up")?;
    block_on(async {
        let mut world = World::default();
        let app = |name: &str| Heard::new(Ns::Named(name.to_owned()));
        let mut heard = [Heard::new(Ns::Host)?, app("app1")?, app("app2")?];
        let mut dice = Dice(7);
        let (mut done, mut so_far) = (0, Vec::new());
        for _ in 0..400 {
            let line = line(&mut dice);
            done += usize::from(attempt(&line)?.status.success());
            so_far.push(line);
            for heard in &mut heard {
                let agrees = heard.agrees(&mut world).await;
                let recent = so_far.len().saturating_sub(12);
                agrees.with_context(|| so_far[recent..].join("\n"))?;
            }
        }
        ensure!(done > 100, "only {done} lines did anything");
        Ok(())
    })
}

/// So many changes while nobody listens that the kernel throws news away.
fn lost_news_are_read_again() -> anyhow::Result<()> {
    block_on(async {
        let mut world = World::default();
        let mut heard = Heard::new(Ns::Host)?;
        heard.agrees(&mut world).await?;
        run("ip link set lo up")?;
        let batch: Vec<String> = (0..6000)
            .map(|number| {
                format!(
                    "addr add 10.0.{}.{}/32 dev lo\n",
                    number / 250,
                    number % 250
                )
            })
            .collect();
        fs::write("/run/batch", batch.concat())?;
        run("ip -batch /run/batch")?;
        let mut resynced = false;
        while !resynced {
            let changes = tokio::time::timeout(PATIENCE, heard.news.next()).await??;
            resynced = changes
                .iter()
                .any(|change| matches!(change, Change::Resync(_)));
            heard.fold(&mut world, changes);
        }
        heard.agrees(&mut world).await
    })
}

/// What a command has changed is told once a fence is passed, without waiting for time to go by.
fn a_fence_lets_all_news_through() -> anyhow::Result<()> {
    shell("ip netns add app1")?;
    block_on(async {
        let mut world = World::default();
        let mut heard = [
            Heard::new(Ns::Host)?,
            Heard::new(Ns::Named("app1".to_owned()))?,
        ];
        for line in [
            "ip link add hlink1 type veth peer name clink1",
            "ip link set clink1 netns app1",
            "ip addr add 172.16.0.10/16 dev hlink1",
            "ip link del hlink1",
            "ip link add hlink1 type veth peer name clink1 netns app1",
        ] {
            run(line)?;
            for heard in &mut heard {
                heard.catch_up(&mut world).await?;
                let wrong = difference(&world.spaces[&heard.ns], &heard.read().await?);
                ensure!(wrong.is_empty(), "{line}: {wrong}");
            }
        }
        let link = world.spaces[&Ns::Named("app1".to_owned())].link("clink1");
        ensure!(link.is_some_and(|link| link.peer_ns == Some(0)), "{link:?}");
        Ok(())
    })
}

fn a_namespace_is_emptied_at_once() -> anyhow::Result<()> {
    shell(
        "ip netns add app1
         ip link add hlink1 type veth peer name clink1 netns app1
         ip link add hlink2 type veth peer name clink2 netns app1
         ip -n app1 link add br0 type bridge",
    )?;
    block_on(async {
        let heard = Heard::new(Ns::Named("app1".to_owned()))?;
        empty(&heard.rtnl).await
    })?;
    let links = run("ip -br link")?;
    ensure!(links.lines().count() == 1, "{links}");
    Ok(())
}

/// A table that is given up half read is in nobody's way, either.
fn many_may_read_at_once() -> anyhow::Result<()> {
    block_on(async {
        let fd = File::open("/proc/self/ns/net")?;
        let rtnl = Rtnl::open(fd.as_fd())?;
        for _ in 0..20 {
            let read = || rtnl.dump(Tables::all(), &[]);
            let given_up = async { std::future::ready(()).await };
            tokio::select! {
                biased;
                read = read() => drop(read?),
                () = given_up => {}
            }
            let (one, two, three) = tokio::join!(read(), read(), read());
            ensure!(one? == two?, "two readings differ");
            three?;
        }
        Ok(())
    })
}
