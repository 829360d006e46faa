//! What the loop wants of a shell's thread: never waits, and never holds more than a little.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use crate::session::shell::Size;
use crate::session::shell::input::Input;

/// So many bytes may wait for a shell that reads nothing: a large paste.
const MOST: usize = 1 << 20;

/// A key or the mouse is no more than this, bytes.
const STROKE: usize = 16;

/// What has been asked for since the thread looked last.
#[derive(Debug, Default)]
pub struct Wanted {
    /// To be told to the shell, in order.
    pub inputs: Vec<Input>,
    /// The latest size.
    pub size: Option<Size>,
    /// Hang up.
    pub close: bool,
}

/// The inbox of a shell's thread.
pub struct Inbox {
    wanted: Mutex<Wanted>,
    /// Bytes that wait, here and in the thread.
    weight: AtomicUsize,
    bell: File,
    ear: File,
}

impl Inbox {
    /// An empty one.
    ///
    /// # Errors
    /// When there are no descriptors left.
    pub fn new() -> Result<Self, Errno> {
        let (ear, bell) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
        Ok(Self {
            wanted: Mutex::default(),
            weight: AtomicUsize::new(0),
            bell: bell.into(),
            ear: ear.into(),
        })
    }

    /// Something for the shell; false if there is no room for it.
    pub fn put(&self, input: Input) -> bool {
        let weight = weight(&input);
        if self.weight.load(Ordering::Acquire) + weight > MOST {
            return false;
        }
        self.weight.fetch_add(weight, Ordering::AcqRel);
        self.lock().inputs.push(input);
        self.ring();
        true
    }

    /// The size of the screen; only the latest counts.
    pub fn resize(&self, size: Size) {
        self.lock().size = Some(size);
        self.ring();
    }

    /// Hang up.
    pub fn close(&self) {
        self.lock().close = true;
        self.ring();
    }

    /// Readable when something is wanted.
    pub fn ear(&self) -> BorrowedFd<'_> {
        self.ear.as_fd()
    }

    /// What is wanted; the thread then holds `unwritten` bytes beside it.
    pub fn take(&self, unwritten: usize) -> Wanted {
        let mut heard = [0; 64];
        while (&self.ear)
            .read(&mut heard)
            .is_ok_and(|count| count == heard.len())
        {}
        let mut wanted = self.lock();
        self.holds(unwritten);
        std::mem::take(&mut *wanted)
    }

    /// The thread holds so many bytes that the shell has not taken.
    pub fn holds(&self, unwritten: usize) {
        self.weight.store(unwritten, Ordering::Release);
    }

    fn ring(&self) {
        // A full pipe has been heard of, or will be.
        let _ = (&self.bell).write(&[0]);
    }

    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn weight(input: &Input) -> usize {
    match input {
        Input::Paste(text) => text.len() + STROKE,
        Input::Key(_) | Input::Mouse(_) => STROKE,
        Input::Scroll(_) | Input::Page(_) => 0,
    }
}
