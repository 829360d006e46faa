//! Fifty namespaces on a bridge, and the jump to the last step of `nat`, each beside real tools.
//!
//! Everybody is given the same lines, and is done when the bridge's ports forward.

#[path = "support/stage.rs"]
mod stage;

use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::{fs, future};

use divan::Bencher;
use stage::{Driven, Stage, calm, script, tool};
use tutor::command::{Command, parse};
use tutor::kernel::execute::execute;
use tutor::kernel::machine::Machine;
use tutor::kernel::ready::ready;
use tutor::kernel::replay::carry_out;
use tutor::lesson::{Lesson, find};
use tutor::session::{Action, Effect, Event, Phase, Place, Session, Ticket};
use tutor::world::Ns;

/// Namespaces.
const COUNT: usize = 50;
/// Where scripts are put: a directory of the sandbox's own.
const DIRECTORY: &str = "/run";

fn main() -> ExitCode {
    stage::main()
}

/// The bridge.
fn head() -> Vec<String> {
    [
        "ip link add br0 type bridge",
        "ip addr add 172.16.0.1/16 dev br0",
        "ip link set br0 up",
    ]
    .map(str::to_owned)
    .into()
}

/// One namespace, as `host` makes it.
fn outside(n: usize) -> Vec<String> {
    vec![
        format!("ip netns add app{n}"),
        format!("ip link add h{n} type veth peer name c{n} netns app{n}"),
        format!("ip link set h{n} master br0"),
        format!("ip link set h{n} up"),
    ]
}

/// What is done within it.
fn inside(n: usize) -> Vec<String> {
    vec![
        format!("ip addr add 172.16.1.{n}/16 dev c{n}"),
        format!("ip link set c{n} up"),
        "ip route add default via 172.16.0.1".to_owned(),
    ]
}

/// Every line, as an article has them.
fn lines() -> Vec<String> {
    let apps = (1..=COUNT).flat_map(|n| {
        let within = inside(n).into_iter();
        let within = within.map(move |line| format!("ip netns exec app{n} {line}"));
        outside(n).into_iter().chain(within)
    });
    head().into_iter().chain(apps).collect()
}

fn command(line: &str) -> Option<Command> {
    parse(line).expect("the line is ours").command
}

/// Drops what there is, and waits until it is gone.
fn empty(machine: &Machine) {
    machine.rebuild().expect("a sandbox can be made anew");
    calm();
}

fn wait(stage: &Stage, machine: &Machine) {
    let waited = stage.run(ready(machine, &Ns::Host));
    waited.expect("the kernel answers");
}

/// Parsed and carried out by us, as a rebuild does it.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn namespaces_50_ours(bencher: Bencher) {
    let (stage, machine) = (Stage::new(), Machine::new().expect("this is a sandbox"));
    let lines = lines();
    bencher
        .with_inputs(|| empty(&machine))
        .bench_local_values(|()| {
            let parsed: Vec<_> = (lines.iter())
                .filter_map(|line| Some((Ns::Host, command(line)?)))
                .collect();
            let aside = Machine::aside(machine.spaces());
            let done = stage.run(carry_out(&aside, &parsed, &AtomicBool::default()));
            done.expect("the kernel answers");
            wait(&stage, &machine);
        });
}

/// Parsed and carried out by us as when a learner types them, one line after the other.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn namespaces_50_ours_typed(bencher: Bencher) {
    let (stage, machine) = (Stage::new(), Machine::new().expect("this is a sandbox"));
    let lines = lines();
    bencher
        .with_inputs(|| empty(&machine))
        .bench_local_values(|()| {
            stage.run(async {
                for command in lines.iter().filter_map(|line| command(line)) {
                    let stop = future::pending();
                    let outcome = execute(&machine, &Ns::Host, &command, &mut |_| {}, stop).await;
                    assert_eq!(
                        outcome.expect("the kernel answers").status,
                        0,
                        "{command:?}"
                    );
                }
            });
            wait(&stage, &machine);
        });
}

/// The same as a lesson's replay: the sandbox made anew before, every table read after.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn namespaces_50_ours_as_a_replay(bencher: Bencher) {
    let stage = Stage::new();
    let mut driven = Driven::new(&stage);
    let replay: Vec<_> = lines()
        .iter()
        .filter_map(|line| Some((Ns::Host, command(line)?)))
        .collect();
    let driven = std::cell::RefCell::new(&mut driven);
    bencher
        .with_inputs(|| {
            build(&stage, &mut driven.borrow_mut(), Vec::new(), false);
            calm();
        })
        .bench_local_values(|()| {
            build(&stage, &mut driven.borrow_mut(), replay.clone(), false);
        });
}

fn build(stage: &Stage, driven: &mut Driven, replay: Vec<(Ns, Command)>, uplink: bool) {
    let effect = Effect::Build {
        ticket: Ticket(1),
        uplink,
        replay,
    };
    let built = driven.perform(stage, effect, |event| match event {
        Event::Built { result, .. } => Some(result),
        _ => None,
    });
    built.expect("the sandbox is built");
}

/// `ip -batch`: one for the host, one within each namespace.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn namespaces_50_ip_batch(bencher: Bencher) {
    let (stage, machine) = (Stage::new(), Machine::new().expect("this is a sandbox"));
    let batch = |name: String, lines: Vec<String>| {
        let lines: Vec<_> = (lines.iter())
            .map(|line| line.trim_start_matches("ip "))
            .collect();
        fs::write(format!("{DIRECTORY}/{name}.batch"), lines.join("\n"))
            .expect("/run can be written to");
    };
    let host = head().into_iter().chain((1..=COUNT).flat_map(outside));
    batch("host".to_owned(), host.collect());
    (1..=COUNT).for_each(|n| batch(format!("app{n}"), inside(n)));
    bencher
        .with_inputs(|| empty(&machine))
        .bench_local_values(|()| {
            tool(&format!("ip -batch {DIRECTORY}/host.batch"));
            for n in 1..=COUNT {
                tool(&format!("ip -n app{n} -batch {DIRECTORY}/app{n}.batch"));
            }
            wait(&stage, &machine);
        });
}

/// The lines as they stand, by `sh`.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn namespaces_50_shell_script(bencher: Bencher) {
    let (stage, machine) = (Stage::new(), Machine::new().expect("this is a sandbox"));
    let path = format!("{DIRECTORY}/lines.sh");
    fs::write(&path, lines().join("\n")).expect("/run can be written to");
    bencher
        .with_inputs(|| empty(&machine))
        .bench_local_values(|()| {
            script(&path);
            wait(&stage, &machine);
        });
}

fn nat() -> (std::sync::Arc<Lesson>, Place) {
    let lesson = find::load("nat").expect("the lesson is within the program");
    let step = lesson.steps.len() - 1;
    (lesson.into(), Place { step, done: 0 })
}

/// A session that is to stand at the last step of `nat`, until it does.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn nat_last_step_ours(bencher: Bencher) {
    let stage = Stage::new();
    let driven = std::cell::RefCell::new(Driven::new(&stage));
    let (lesson, place) = nat();
    bencher
        .with_inputs(|| {
            build(&stage, &mut driven.borrow_mut(), Vec::new(), true);
            calm();
        })
        .bench_local_values(|()| {
            let (mut session, effects) = Session::new(lesson.clone(), place);
            carry_on(&stage, &mut driven.borrow_mut(), &mut session, effects);
        });
}

/// One command of the last step of `nat` undone, until the session stands where it stood before.
/// Its peer is the script: who has no undo begins anew.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn nat_undo_ours(bencher: Bencher) {
    let stage = Stage::new();
    let driven = std::cell::RefCell::new(Driven::new(&stage));
    let (lesson, place) = nat();
    let place = Place { done: 1, ..place };
    bencher
        .with_inputs(|| {
            let (mut session, effects) = Session::new(lesson.clone(), place);
            carry_on(&stage, &mut driven.borrow_mut(), &mut session, effects);
            calm();
            session
        })
        .bench_local_values(|mut session| {
            let effects = session.handle(Event::Do(Action::Undo));
            assert!(matches!(session.phase, Phase::Building(_)));
            carry_on(&stage, &mut driven.borrow_mut(), &mut session, effects);
        });
}

/// Has built what a session wants built, until it stands in it.
fn carry_on(stage: &Stage, driven: &mut Driven, session: &mut Session, effects: Vec<Effect>) {
    for effect in effects {
        if matches!(effect, Effect::Build { .. }) {
            let built = driven.perform(stage, effect, |event| {
                matches!(event, Event::Built { .. }).then_some(event)
            });
            session.handle(built);
        }
    }
    assert_eq!(session.phase, Phase::Idle);
}

/// The same lines by real tools, in a sandbox that has its uplink already.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn nat_last_step_shell_script(bencher: Bencher) {
    let stage = Stage::new();
    let driven = std::cell::RefCell::new(Driven::new(&stage));
    let (lesson, place) = nat();
    let (_, effects) = Session::new(lesson, place);
    let lines: Vec<String> = effects
        .iter()
        .flat_map(|effect| match effect {
            Effect::Build { replay, .. } => replay.as_slice(),
            _ => &[],
        })
        .map(|(at, command)| shell(at, command))
        .collect();
    let path = format!("{DIRECTORY}/nat.sh");
    fs::write(&path, lines.join("\n")).expect("/run can be written to");
    bencher
        .with_inputs(|| {
            build(&stage, &mut driven.borrow_mut(), Vec::new(), true);
            calm();
        })
        .bench_local_values(|()| script(&path));
}

/// A line of a lesson, for a shell that stands in `host`.
fn shell(at: &Ns, command: &Command) -> String {
    let line = command.canonical();
    match at {
        Ns::Host | Ns::Internet => line,
        Ns::Named(name) => format!("ip netns exec {name} sh -c '{line}'"),
    }
}
