//! A packet socket whose frames wait in memory shared with the kernel (`TPACKET_V3` of packet(7) and
//! `Documentation/networking/packet_mmap.rst`): room for a flood, no call for each frame, and some
//! ten milliseconds to open, as the kernel waits for its processors (`packet_set_ring`).
//!
//! The kernel fills one block after the other. It hands over a block that is full, or that was begun
//! some time ago; this gives it back once it is read.

use std::io;
use std::mem::offset_of;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, BorrowedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::libc;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use socket2::{Domain, Socket, Type};

use super::post::Raw;
use crate::kernel::capture::option::set;
use crate::kernel::capture::receive::tag;
use crate::kernel::capture::socket::address;
use crate::kernel::watch::send_inside;

/// Length of a block. TCP's largest segments, which are parted later, have room in one; of a frame
/// that has not, the end is missing.
pub const BLOCK: usize = 64 << 10;
/// Not used by this version, and checked all the same.
const FRAME: usize = 2048;

/// The socket, and the memory.
pub struct Ring {
    socket: Socket,
    memory: Memory,
    /// The block that comes next.
    next: usize,
}

/// The memory shared with the kernel.
struct Memory {
    start: NonNull<u8>,
    blocks: usize,
}

// SAFETY: the mapping belongs to the process, not to a thread, and whoever owns this is the only
// one that uses it.
unsafe impl Send for Memory {}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this length, and no reference into it outlives its owner.
        let _ = unsafe { munmap(self.start.cast(), self.blocks * BLOCK) };
    }
}

impl Ring {
    /// Opens one inside a namespace, on all its devices, with so many blocks, of which one that is
    /// not full is handed over after `patience`: hears from when this comes back.
    ///
    /// # Errors
    /// Outer: the namespace cannot be entered. Inner: what the kernel refused.
    pub fn open(
        ns: BorrowedFd<'_>,
        blocks: usize,
        patience: Duration,
    ) -> anyhow::Result<io::Result<Self>> {
        // Protocol 0: nothing is received before the socket is bound.
        let opened = send_inside(ns, || Socket::new(Domain::PACKET, Type::RAW, None))?;
        Ok(opened.and_then(|socket| map(socket, blocks, patience)))
    }

    /// Reads the blocks that are there until there were so many frames; how many there were.
    pub fn read(&mut self, most: usize, mut each: impl FnMut(&Socket, &Raw<'_>)) -> usize {
        let mut read = 0;
        while read < most {
            let Some(block) = self.memory.block(self.next) else {
                break;
            };
            read += frames(block, |raw| each(&self.socket, raw));
            self.memory.give_back(self.next);
            self.next = (self.next + 1) % self.memory.blocks;
        }
        read
    }

    /// The socket, to wait for frames.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// The socket, to ask it things.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }
}

fn map(socket: Socket, blocks: usize, patience: Duration) -> io::Result<Ring> {
    let too_large = io::Error::other;
    let version = libc::tpacket_versions::TPACKET_V3 as libc::c_int;
    set(&socket, libc::PACKET_VERSION, &version)?;
    let wish = libc::tpacket_req3 {
        tp_block_size: u32::try_from(BLOCK).map_err(too_large)?,
        tp_block_nr: u32::try_from(blocks).map_err(too_large)?,
        tp_frame_size: u32::try_from(FRAME).map_err(too_large)?,
        tp_frame_nr: u32::try_from(blocks * (BLOCK / FRAME)).map_err(too_large)?,
        tp_retire_blk_tov: u32::try_from(patience.as_millis()).map_err(too_large)?,
        tp_sizeof_priv: 0,
        tp_feature_req_word: 0,
    };
    set(&socket, libc::PACKET_RX_RING, &wish)?;
    let length = NonZeroUsize::new(blocks * BLOCK).ok_or(io::ErrorKind::InvalidInput)?;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, at an address of the kernel's choice.
    let start = unsafe { mmap(None, length, access, MapFlags::MAP_SHARED, &socket, 0) }?;
    let memory = Memory {
        start: start.cast(),
        blocks,
    };
    socket.bind(&address(0)?)?;
    Ok(Ring {
        socket,
        memory,
        next: 0,
    })
}

impl Memory {
    /// A block, if it was handed over.
    fn block(&self, number: usize) -> Option<&[u8]> {
        let handed_over = self.status(number).load(Ordering::Acquire) & libc::TP_STATUS_USER != 0;
        // SAFETY: `number` is below `blocks`, so it is within the mapping. A block that was handed
        // over is not written to by the kernel until it is given back, which takes `&mut self`.
        handed_over.then(|| unsafe {
            std::slice::from_raw_parts(self.start.add(number * BLOCK).as_ptr(), BLOCK)
        })
    }

    /// The kernel may fill this block again.
    fn give_back(&mut self, number: usize) {
        let status = self.status(number);
        status.store(libc::TP_STATUS_KERNEL, Ordering::Release);
    }

    fn status(&self, number: usize) -> &AtomicU32 {
        let place = number * BLOCK + HEADER + offset_of!(libc::tpacket_hdr_v1, block_status);
        // SAFETY: within the mapping, as above, and aligned: blocks begin at pages. Only the kernel
        // and this touch it, both at once.
        unsafe { AtomicU32::from_ptr(self.start.add(place).as_ptr().cast()) }
    }
}

/// Where the header of a block begins, behind its version and an offset.
const HEADER: usize = offset_of!(libc::tpacket_block_desc, hdr);
/// Where the address of a frame's device begins, behind its header (`TPACKET_ALIGN`).
const ADDRESS: usize = size_of::<libc::tpacket3_hdr>().next_multiple_of(16);

/// Reads the frames of a block; how many.
fn frames(block: &[u8], mut each: impl FnMut(&Raw<'_>)) -> usize {
    let count = HEADER + offset_of!(libc::tpacket_hdr_v1, num_pkts);
    let first = HEADER + offset_of!(libc::tpacket_hdr_v1, offset_to_first_pkt);
    let count = word(block, count).unwrap_or_default();
    let mut place = word(block, first).unwrap_or_default();
    for number in 0..count {
        let Some(next) = block.get(place..).and_then(|rest| frame(rest, &mut each)) else {
            return number; // not of a kernel that keeps its word
        };
        place += next;
    }
    count
}

/// Reads the frame at the beginning; how far off the next one is.
fn frame(bytes: &[u8], each: &mut impl FnMut(&Raw<'_>)) -> Option<usize> {
    use libc::{sockaddr_ll, tpacket_hdr_variant1, tpacket3_hdr};
    let field = |place| word32(bytes, place);
    let tagged = offset_of!(tpacket3_hdr, hv1);
    let seconds = field(offset_of!(tpacket3_hdr, tp_sec))?;
    let data = usize::from(half(bytes, offset_of!(tpacket3_hdr, tp_mac))?);
    let captured = word(bytes, offset_of!(tpacket3_hdr, tp_snaplen))?;
    each(&Raw {
        at: Duration::new(seconds.into(), field(offset_of!(tpacket3_hdr, tp_nsec))?),
        index: field(ADDRESS + offset_of!(sockaddr_ll, sll_ifindex))?,
        pkttype: *bytes.get(ADDRESS + offset_of!(sockaddr_ll, sll_pkttype))?,
        hatype: half(bytes, ADDRESS + offset_of!(sockaddr_ll, sll_hatype))?,
        tag: tag(
            field(offset_of!(tpacket3_hdr, tp_status))?,
            half(
                bytes,
                tagged + offset_of!(tpacket_hdr_variant1, tp_vlan_tci),
            )?,
            half(
                bytes,
                tagged + offset_of!(tpacket_hdr_variant1, tp_vlan_tpid),
            )?,
        ),
        bytes: bytes.get(data..data.checked_add(captured)?)?,
        length: word(bytes, offset_of!(tpacket3_hdr, tp_len))?,
    });
    word(bytes, offset_of!(tpacket3_hdr, tp_next_offset))
}

fn word(bytes: &[u8], place: usize) -> Option<usize> {
    usize::try_from(word32(bytes, place)?).ok()
}

fn word32(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(place..)?.first_chunk()?))
}

fn half(bytes: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(place..)?.first_chunk()?))
}
