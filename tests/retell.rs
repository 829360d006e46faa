//! What real tools have changed, told again in our language, comes out the same.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

#[path = "retell/random.rs"]
mod random;
#[path = "retell/scripts.rs"]
mod scripts;
#[path = "retell/twice.rs"]
mod twice;

use std::process::ExitCode;

fn main() -> ExitCode {
    frame::main(&[scripts::CASES, random::CASES].concat())
}
