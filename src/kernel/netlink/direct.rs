//! Requests sent on the calling thread.
//!
//! The kernel carries out a request within `sendmsg` and reads a table within `recvmsg`, so the
//! answer is there when the call returns, and no other thread has to be woken for it. For whoever
//! may wait: a rebuild, on its own thread.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;

use anyhow::{Context, Result};
use netlink_packet_core::{NLM_F_ACK, NLM_F_DUMP, NetlinkMessage, NetlinkPayload};
use netlink_sys::Socket;
use nix::sys::socket::{setsockopt, sockopt};
use nix::sys::time::{TimeVal, TimeValLike};

use super::message::{Rtm, append, messages};
use super::watch::DATAGRAM;

/// Seconds after which an answer is not coming any more.
const PATIENCE: i64 = 10;

/// A blocking socket that stands in a namespace.
#[derive(Debug)]
pub struct Direct {
    socket: Socket,
    sequence: Cell<u32>,
}

/// What ends the answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// `NLMSG_DONE`.
    Done,
    /// An acknowledgement or a refusal.
    Verdict,
    /// The first message.
    Any,
}

impl Direct {
    /// By this socket, which is made blocking.
    pub fn new(socket: Socket) -> Result<Self> {
        socket.set_non_blocking(false)?;
        setsockopt(
            &socket,
            sockopt::ReceiveTimeout,
            &TimeVal::seconds(PATIENCE),
        )?;
        Ok(Self {
            socket,
            sequence: Cell::new(0),
        })
    }

    /// Sends messages as one datagram and gives all answers to all of them.
    pub fn exchange(&self, asked: Vec<NetlinkMessage<Rtm>>) -> Result<Vec<NetlinkMessage<Rtm>>> {
        let mut datagram = Vec::new();
        let mut open = BTreeMap::new();
        for mut message in asked {
            let sequence = self.sequence.get().wrapping_add(1);
            self.sequence.set(sequence);
            message.header.sequence_number = sequence;
            open.insert(sequence, End::of(message.header.flags));
            append(&mut datagram, message);
        }
        self.socket.send(&datagram, 0).context("asking rtnetlink")?;
        let mut told = Vec::new();
        let mut answer = Vec::with_capacity(DATAGRAM);
        while !open.is_empty() {
            answer.clear();
            match self.socket.recv(&mut answer, 0) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                got => got.context("rtnetlink's answer")?,
            };
            for message in messages(&answer) {
                let sequence = message.header.sequence_number;
                if open.get(&sequence).is_some_and(|end| end.is_met(&message)) {
                    open.remove(&sequence);
                }
                told.push(message);
            }
        }
        Ok(told)
    }
}

impl End {
    fn of(flags: u16) -> Self {
        if flags & NLM_F_ACK != 0 {
            Self::Verdict
        } else if flags & NLM_F_DUMP == NLM_F_DUMP {
            Self::Done
        } else {
            Self::Any
        }
    }

    fn is_met(self, message: &NetlinkMessage<Rtm>) -> bool {
        match &message.payload {
            NetlinkPayload::Error(_) => true,
            NetlinkPayload::Done(_) => self != Self::Verdict,
            _ => self == Self::Any,
        }
    }
}
