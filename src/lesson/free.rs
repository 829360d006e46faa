//! Free play: a sandbox without a lesson, put as a lesson with one step and no checks, so that
//! everything that knows lessons knows it too.

use super::{Lesson, RunLine, Step};
use crate::world::Ns;

/// What it is called where lessons have names.
pub const ID: &str = "play";

const TEXT: &str = "\
A network stack to play with: the namespace `host` with its `lo`, and whatever you make of it. \
Nothing here touches your machine, and all of it vanishes when you leave.

- `i` opens the prompt: `ip`, `bridge`, `iptables`, `sysctl`, `ping`, `tcpdump`, `ip netns`.
- `s` opens a shell of your own.
- `u` takes back what was done last, `r` everything.
- `:save FILE` writes what you did as a script, `:save FILE.toml` as a lesson.";

const SCRIPT: &str = "\
The lines of a file, in a sandbox of their own: nothing here touches your machine, and all of it \
vanishes when you leave.

- Enter carries out the next line, `a` all of them.
- `i` opens the prompt, `s` a shell of your own, at any point.
- `u` takes back what was done last, `r` everything.";

/// Said where the sandbox has a way out.
const UPLINK: &str =
    "\n\nThe host has an uplink `enp0s1`, by which `8.8.8.8` and `1.1.1.1` answer.";

/// A sandbox without commands.
pub fn free(uplink: bool) -> Lesson {
    lesson(
        "Free play",
        "What would you like to build?",
        TEXT,
        Vec::new(),
        uplink,
    )
}

/// A sandbox for the commands of the script `name`.
pub fn of_script(name: &str, run: Vec<RunLine>, uplink: bool) -> Lesson {
    lesson("Free play", name, SCRIPT, run, uplink)
}

fn lesson(title: &str, step: &str, text: &str, run: Vec<RunLine>, uplink: bool) -> Lesson {
    let mut text = text.to_owned();
    if uplink {
        text += UPLINK;
    }
    Lesson {
        id: ID.to_owned(),
        file: None,
        title: title.to_owned(),
        summary: "A sandbox without a lesson".to_owned(),
        minutes: 1,
        tags: Vec::new(),
        needs: Vec::new(),
        base: None,
        free: true,
        uplink,
        before: Vec::new(),
        seed: None,
        faults: Vec::new(),
        steps: vec![Step {
            title: step.to_owned(),
            text,
            at: Ns::Host,
            look: None,
            run,
            hints: Vec::new(),
            asks: Vec::new(),
            notes: None,
            checks: Vec::new(),
            done: None,
            repair: false,
            fault: None,
        }],
    }
}
