//! Modes that have keys in common.

use super::Mode;

/// A lesson is under way, whichever pane has the focus.
pub(super) const TEACHING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
];
/// The same, or it is over.
pub(super) const LOOKING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
];
/// Also while a question is open: what is on the right may tell the answer.
pub(super) const THINKING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
    Mode::Ask,
];
/// The same, and the arrows do not move what is seen to the side.
pub(super) const CHOOSING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Finished,
    Mode::Ask,
];
/// A pane scrolls that gives the arrows no meaning of its own.
pub(super) const SCROLLING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
    Mode::Help,
    Mode::Ask,
];
/// Anything that has a beginning and an end.
pub(super) const TURNING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
    Mode::Help,
    Mode::Ask,
];
/// The same, and the terminal above the prompt.
pub(super) const PAGING: &[Mode] = &[
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
    Mode::Help,
    Mode::Ask,
    Mode::Prompt,
];
/// But where letters are text.
pub(super) const EVERYWHERE: &[Mode] = &[
    Mode::Ask,
    Mode::Idle,
    Mode::Working,
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
    Mode::Finished,
    Mode::Broken,
    Mode::Help,
    Mode::Confirm,
];
/// A view on the right has the focus.
pub(super) const VIEWS: &[Mode] = &[
    Mode::Packets,
    Mode::Packet,
    Mode::Fields,
    Mode::Trace,
    Mode::Map,
];
