//! `tutor` teaches Linux container networking on the real kernel.
//!
//! Floors, each importing only from those above it:
//!
//! | module | may import |
//! |---|---|
//! | [`world`] | nothing of ours |
//! | [`command`] | `world` |
//! | [`lesson`] | `world`, `command` |
//! | [`session`] | `world`, `command`, `lesson` |
//! | [`keys`], [`theme`], [`ui`] | all above |
//! | [`kernel`] | `world`, `command`, `lesson`, `session` (never `ui`) |
//! | [`app`], [`cli`] | anything |

pub mod command;
pub mod kernel;
pub mod keys;
pub mod lesson;
pub mod menu;
pub mod session;
pub mod theme;
pub mod ui;
pub mod world;
