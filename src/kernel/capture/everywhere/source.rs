//! The packet socket of a namespace, of one kind or the other.

use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

use anyhow::Result;
use socket2::Socket;

use super::post::Raw;
use super::queue::Queue;
use super::ring::{BLOCK, Ring};

/// Memory of all rings together, bytes.
const ROOM: usize = 64 << 20;
/// Blocks of a ring at least: each is given away after some time with however little in it.
const FEWEST: usize = 4;
/// At most; a flood fills them in a tenth of a second.
const MOST: usize = 128;
/// So many more than those that come now are reckoned with, once there are some.
const LATER: usize = 16;
/// So long a frame of a calm namespace may wait, where there are few namespaces.
const PATIENCE: Duration = Duration::from_millis(4);
/// Each of the kernel's timers may tick so often; a ring has one. What more namespaces need of that
/// is taken from their patience.
const FEW: u32 = 16;

/// Where the frames of a namespace wait.
pub enum Source {
    /// In a queue.
    Queue(Queue),
    /// In a ring.
    Ring(Ring),
}

/// What a socket is to be like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Open at once: for who listens to a few packets.
    Queue,
    /// With room: for who listens on and on.
    Ring {
        /// How many blocks.
        blocks: usize,
        /// How long a frame may wait.
        patience: Duration,
    },
}

impl Shape {
    /// For each of `more` namespaces, where so many have rings of so many blocks in all. Where there
    /// is no room for rings any more, queues have to do.
    pub fn of_rings(more: usize, rings: usize, blocks: usize) -> Self {
        let free = (ROOM / BLOCK).saturating_sub(blocks);
        // Those there from the start share one half, those that come later what is left.
        let shares = if rings == 0 { 2 * more } else { more + LATER };
        let share = (free / shares.max(1)).clamp(FEWEST, MOST);
        if share * more > free {
            return Self::Queue;
        }
        let rings = u32::try_from(rings + more).unwrap_or(u32::MAX);
        Self::Ring {
            blocks: share,
            patience: PATIENCE * rings.div_ceil(FEW),
        }
    }

    /// Blocks of a ring.
    pub fn blocks(self) -> usize {
        match self {
            Self::Queue => 0,
            Self::Ring { blocks, .. } => blocks,
        }
    }
}

impl Source {
    /// Opens one inside a namespace; a queue also where the kernel has no memory for a ring.
    ///
    /// # Errors
    /// The namespace cannot be entered, or the kernel refuses the socket.
    pub fn open(ns: &OwnedFd, shape: Shape) -> Result<Self> {
        use std::os::fd::AsFd;
        if let Shape::Ring { blocks, patience } = shape
            && let Ok(ring) = Ring::open(ns.as_fd(), blocks, patience)?
        {
            return Ok(Self::Ring(ring));
        }
        Ok(Self::Queue(Queue::open(ns.as_fd())??))
    }

    /// Reads so many frames, or some more, if they are there; how many there were.
    pub fn read(&mut self, most: usize, each: impl FnMut(&Socket, &Raw<'_>)) -> usize {
        match self {
            Self::Queue(queue) => queue.read(most, each),
            Self::Ring(ring) => ring.read(most, each),
        }
    }

    /// Is everything read that it was given, once it was found empty? A ring keeps back what it has
    /// begun to gather.
    pub fn is_exhausted_when_empty(&self) -> bool {
        match self {
            Self::Queue(_) => true,
            Self::Ring(_) => false,
        }
    }

    /// What to wait on.
    pub fn fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Queue(queue) => queue.fd(),
            Self::Ring(ring) => ring.fd(),
        }
    }

    /// The socket, to ask it things.
    pub fn socket(&self) -> &Socket {
        match self {
            Self::Queue(queue) => queue.socket(),
            Self::Ring(ring) => ring.socket(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rings_together_have_their_room_and_no_more() {
        for step in [1, 5, 50, 200] {
            let (mut rings, mut blocks) = (0, 0);
            while let shape @ Shape::Ring { .. } = Shape::of_rings(step, rings, blocks) {
                rings += step;
                blocks += shape.blocks() * step;
                assert!(blocks * BLOCK <= ROOM, "{step}: {blocks}");
            }
            assert!(rings >= step.max(50), "{step}: only {rings} rings");
        }
    }
}
