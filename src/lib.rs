//! `tutor` teaches Linux container networking on the real kernel.
//!
//! Floors, each importing only from those above it:
//!
//! | module | may import |
//! |---|---|
//! | [`world`] | nothing of ours |
//! | [`packet`] | `world` |
//! | [`command`] | `world`, `packet` |
//! | [`trace`] | `world`, `packet`, `command` |
//! | [`lesson`] | `world`, `packet`, `command`, `trace` |
//! | [`session`] | `world`, `packet`, `command`, `trace`, `lesson` |
//! | [`map`] | `world`, `packet`, `trace` |
//! | [`menu`], [`keys`], [`theme`], [`ui`] | all above |
//! | [`kernel`] | `world`, `packet`, `command`, `trace`, `lesson`, `session` (never `ui`) |
//! | [`app`], [`cli`] | anything |

pub mod app;
pub mod cli;
pub mod command;
pub mod headless;
pub mod kernel;
pub mod keys;
pub mod lesson;
pub mod map;
pub mod menu;
pub mod packet;
pub mod progress;
pub mod session;
pub mod theme;
pub mod trace;
pub mod ui;
pub mod world;

/// Exit status when nobody reads on: 128 and SIGPIPE, as a shell gives for other tools.
pub(crate) const READER_GONE: u8 = 141;

/// The program: reads the command line, does what it asks for, and says what went wrong.
///
/// The order of a start: arguments, then the lesson (so that a mistake in it is said on an ordinary
/// terminal), then the fork into guardian and sandbox, and only within the sandbox the runtime and
/// the screen: nothing may have started a thread before the fork.
pub fn main() -> std::process::ExitCode {
    match cli::run(cli::Cli::parse_arguments()) {
        Ok(status) => status.into(),
        Err(error) if headless::say::reader_has_gone(&error) => READER_GONE.into(),
        Err(error) => {
            headless::say::complain(&format!("tutor: {error:#}\n"));
            cli::MISUSE.into()
        }
    }
}
