//! The capture of everything that passes, within sandboxes.

#[path = "support/frame.rs"]
mod frame;
#[path = "support/tools.rs"]
mod tools;

#[path = "capture/comes_and_goes.rs"]
mod comes_and_goes;
#[path = "capture/heard.rs"]
mod heard;

#[path = "capture/written.rs"]
mod written;

use std::process::ExitCode;

fn main() -> ExitCode {
    frame::main(&[comes_and_goes::CASES, heard::CASES, written::CASES].concat())
}
