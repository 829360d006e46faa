//! The capture of everything that passes, within sandboxes.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

#[path = "capture/heard.rs"]
mod heard;

use std::process::ExitCode;

fn main() -> ExitCode {
    frame::main(&[heard::CASES].concat())
}
