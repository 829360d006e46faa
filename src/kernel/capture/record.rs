//! Everything that passes, into a file, from the sandbox's first moment to its last (`--capture`).

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use futures::executor::block_on;
use futures::future::{Either, select};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{OnceCell, oneshot};

use super::everywhere::{Ear, Sniffer};
use crate::kernel::sandbox;
use crate::packet::Sighting;
use crate::packet::pcapng::Pcapng;
use crate::session::Event;

/// So much is gathered before it is written, bytes.
const CHUNK: usize = 1 << 16;

/// A file that was not there before, for packets.
#[derive(Clone, Debug)]
pub struct NewFile {
    path: PathBuf,
    file: Arc<File>,
}

impl NewFile {
    /// Makes it, with the rights of whoever started the program.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn create(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let file = File::create_new(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                format!("{shown} is there already; --capture writes a new file only")
            }
            ErrorKind::NotFound => {
                let directory = path.parent().unwrap_or(path).display();
                format!("{shown} cannot be written: there is no directory {directory}")
            }
            _ => format!("{shown} cannot be written: {error}"),
        })?;
        Ok(Self {
            path: path.to_owned(),
            file: Arc::new(file),
        })
    }
}

/// Writes what passes into a file, if it was given one.
pub struct Recorder {
    sniffer: Rc<Sniffer>,
    events: UnboundedSender<Event>,
    file: OnceCell<NewFile>,
    /// Once it was begun; within, until it was ended.
    under_way: OnceCell<RefCell<Option<UnderWay>>>,
}

/// The thread that writes.
struct UnderWay {
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<String>,
}

impl Recorder {
    /// Writes nothing yet. That the writing has failed is told to `events`.
    pub fn new(sniffer: Rc<Sniffer>, events: UnboundedSender<Event>) -> Self {
        Self {
            sniffer,
            events,
            file: OnceCell::new(),
            under_way: OnceCell::new(),
        }
    }

    /// Everything is to go into this file.
    pub fn aim(&self, file: NewFile) {
        // There is one file for a session.
        let _ = self.file.set(file);
    }

    /// Begins, if there is a file and it has not begun yet: what passes after this has come back is
    /// written.
    pub async fn begin(&self) {
        if let Some(file) = self.file.get()
            && let Err(error) = self.under_way.get_or_try_init(|| self.start(file)).await
        {
            let shown = file.path.display();
            self.tell(format!("Nothing is written to {shown}: {error:#}."));
        }
    }

    /// Writes what has passed until now, ends the file, and says how much is in it.
    pub async fn end(&self) -> Option<String> {
        // Left at once, it is a file all the same.
        self.begin().await;
        let UnderWay { stop, ended } = self.under_way.get()?.take()?;
        // It has stopped already where writing has failed, which was told then.
        let _ = stop.send(());
        ended.await.ok()
    }

    async fn start(&self, file: &NewFile) -> Result<RefCell<Option<UnderWay>>> {
        let ear = self.sniffer.listen_on().await?;
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let (file, events) = (file.clone(), self.events.clone());
        thread::Builder::new()
            .name("record".to_owned())
            .spawn(move || {
                sandbox::leave_host();
                let mut sink = Sink::new(&file.file);
                match record(ear, stopped, &mut sink) {
                    Ok(said) => {
                        // Whoever asked for the end may have gone.
                        let _ = end.send(format!("{said} {}", file.path.display()));
                    }
                    Err(error) => {
                        let _ = events.send(Event::Told(failure(&file.path, &sink, &error)));
                    }
                }
            })
            .context("there can be no thread for it")?;
        Ok(RefCell::new(Some(UnderWay { stop, ended })))
    }

    fn tell(&self, text: String) {
        let _ = self.events.send(Event::Told(text));
    }
}

/// Writes what is heard until it is stopped; how much that was, in words that the file's name
/// follows.
fn record(mut ear: Ear, mut stopped: oneshot::Receiver<()>, sink: &mut Sink) -> io::Result<String> {
    let mut file = Pcapng::new(Vec::new())?;
    let mut missed = 0;
    loop {
        let heard = block_on(async {
            let next = pin!(ear.next());
            match select(next, &mut stopped).await {
                Either::Left((heard, _)) => Some(heard),
                Either::Right(_) => None,
            }
        });
        let goes_on = heard.is_some();
        let (sightings, more) = heard.unwrap_or_else(|| {
            block_on(ear.caught_up());
            ear.take()
        });
        missed += more;
        for packet in &sightings {
            sink.add(&mut file, packet)?;
        }
        if !goes_on {
            let last = file.end(missed)?;
            sink.write(&last)?;
            return Ok(sink.summary(missed));
        }
        sink.flush(&mut file)?;
    }
}

/// Where whole blocks are written.
struct Sink<'a> {
    file: &'a File,
    /// Bytes of whole blocks written.
    length: u64,
    packets: u64,
    /// Packets gathered and not written yet.
    gathered: u64,
}

impl<'a> Sink<'a> {
    fn new(file: &'a File) -> Self {
        Self {
            file,
            length: 0,
            packets: 0,
            gathered: 0,
        }
    }

    fn add(&mut self, file: &mut Pcapng<Vec<u8>>, packet: &Sighting) -> io::Result<()> {
        file.add(packet)?;
        self.gathered += 1;
        if file.get_mut().len() < CHUNK {
            return Ok(());
        }
        self.flush(file)
    }

    fn flush(&mut self, file: &mut Pcapng<Vec<u8>>) -> io::Result<()> {
        self.write(file.get_mut())?;
        file.get_mut().clear();
        Ok(())
    }

    /// Writes all of these blocks; where that fails, those for which there was room.
    fn write(&mut self, blocks: &[u8]) -> io::Result<()> {
        let mut file = self.file;
        if let Err(error) = file.write_all(blocks) {
            self.shorten(blocks);
            return Err(error);
        }
        self.length += u64::try_from(blocks.len()).unwrap_or_default();
        self.packets += std::mem::take(&mut self.gathered);
        Ok(())
    }

    /// Takes away what was written of a block that is not whole.
    fn shorten(&mut self, blocks: &[u8]) {
        let length = self.file.metadata().map_or(0, |found| found.len());
        let written = usize::try_from(length.saturating_sub(self.length)).unwrap_or_default();
        let (whole, packets) = whole_blocks(blocks.get(..written).unwrap_or(blocks));
        self.length += whole;
        self.packets += packets;
        // Where even that fails the file ends within a block, which readers can tell.
        let _ = self.file.set_len(self.length);
    }

    fn summary(&self, missed: u64) -> String {
        let packets = count(self.packets);
        if missed == 0 {
            return format!("{packets} written to");
        }
        let left_out = count(missed);
        format!("{left_out} had no room and were left out; {packets} written to")
    }
}

/// So many bytes at the beginning are whole blocks, and so many of these are packets. A block begins
/// with its kind and its length.
fn whole_blocks(mut bytes: &[u8]) -> (u64, u64) {
    const PACKET: [u8; 4] = 6_u32.to_ne_bytes();
    let (mut whole, mut packets) = (0, 0);
    while let Some(length) = bytes.get(4..).and_then(|rest| rest.first_chunk()) {
        let length = u32::from_ne_bytes(*length);
        let Some(rest) = usize::try_from(length)
            .ok()
            .and_then(|next| bytes.get(next.max(1)..))
        else {
            break;
        };
        whole += u64::from(length);
        packets += u64::from(bytes.starts_with(&PACKET));
        bytes = rest;
    }
    (whole, packets)
}

fn count(packets: u64) -> String {
    let s = if packets == 1 { "" } else { "s" };
    format!("{packets} packet{s}")
}

fn failure(path: &Path, sink: &Sink<'_>, error: &io::Error) -> String {
    format!(
        "The capture has ended: {} cannot be written: {error}. What is in it can be read: {}.",
        path.display(),
        count(sink.packets)
    )
}
