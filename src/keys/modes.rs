//! Sets of modes, and those that keys have in common.

use super::Mode;

/// A set of modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes(u32);

impl Modes {
    /// Just these.
    pub const fn of(modes: &[Mode]) -> Self {
        let mut bits = 0;
        let mut rest = modes;
        while let [mode, others @ ..] = rest {
            bits |= Self::bit(*mode);
            rest = others;
        }
        Self(bits)
    }

    /// These, and `others`.
    #[must_use]
    pub const fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// These without `others`.
    #[must_use]
    pub const fn difference(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Is `mode` one of them?
    pub const fn contains(self, mode: Mode) -> bool {
        self.0 & Self::bit(mode) != 0
    }

    const fn bit(mode: Mode) -> u32 {
        1 << mode as u32
    }
}

/// The packets have the focus, at whatever depth.
pub(super) const PACKETS: Modes = Modes::of(&[Mode::Packets, Mode::Packet, Mode::Fields]);
/// A view on the right has the focus.
pub(super) const ANY_VIEW: Modes = PACKETS.union(Modes::of(&[Mode::Trace, Mode::Map]));
/// A lesson is under way, whichever pane has the focus.
pub(super) const TEACHING: Modes = ANY_VIEW.union(Modes::of(&[Mode::Idle, Mode::Working]));
/// The same, or it is over.
pub(super) const LOOKING: Modes = TEACHING.union(Modes::of(&[Mode::Finished]));
/// Also while a question is open: what is on the right may tell the answer.
pub(super) const THINKING: Modes = LOOKING.union(Modes::of(&[Mode::Ask]));
/// The same, and the arrows do not move what is seen to the side.
pub(super) const CHOOSING: Modes = THINKING.difference(Modes::of(&[Mode::Map]));
/// Anything that has a beginning and an end.
pub(super) const TURNING: Modes = THINKING.union(Modes::of(&[Mode::Help]));
/// A pane scrolls that gives the arrows no meaning of its own.
pub(super) const SCROLLING: Modes = TURNING.difference(PACKETS);
/// Anything that turns, and the terminal above the prompt.
pub(super) const PAGING: Modes = TURNING.union(Modes::of(&[Mode::Prompt]));
/// But where letters are text.
pub(super) const EVERYWHERE: Modes = TURNING.union(Modes::of(&[Mode::Broken, Mode::Confirm]));
