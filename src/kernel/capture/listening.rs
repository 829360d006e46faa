//! What passes, handed to the session while somebody looks at it.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use nix::libc;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, sleep_until};

use super::everywhere::{Ear, Sniffer};
use crate::kernel::doctor::cure::cure;
use crate::kernel::icmp::reason;
use crate::lesson::Need;
use crate::session::Event;

/// A frame of the screen: what comes meanwhile is handed over at once.
const FRAME: Duration = Duration::from_millis(16);

/// Hands over what passes, as events, until it is dropped.
pub struct Listening(AbortHandle);

impl Listening {
    /// Begins. Must be called within a `LocalSet`.
    pub fn begin(sniffer: Rc<Sniffer>, events: UnboundedSender<Event>) -> Self {
        let task = spawn_local(async move {
            match sniffer.listen_on().await {
                Ok(ear) => hand_over(ear, &events).await,
                Err(error) => {
                    let _ = events.send(Event::NotHeard(refusal(&error)));
                }
            }
        });
        Self(task.abort_handle())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What was refused, where, and what helps.
fn refusal(error: &anyhow::Error) -> String {
    let cause = error.chain().find_map(|cause| cause.downcast_ref());
    let (why, help) = match cause.map(|cause: &io::Error| (reason(cause), cause.raw_os_error())) {
        Some((why, Some(libc::EMFILE | libc::ENFILE))) => {
            let help = "Leave, allow more open files (ulimit -n 4096), and start again.";
            (why, help.to_owned())
        }
        Some((why, Some(libc::ENOMEM | libc::ENOBUFS))) => {
            let help = "There is too little memory for it now; close other programs.";
            (why, help.to_owned())
        }
        Some((why, _)) => {
            let help = cure(Need::Capture, &why);
            (why, help)
        }
        None => {
            let why = format!("{:#}", error.root_cause());
            (why, "What works here is said by: tutor doctor".to_owned())
        }
    };
    format!("Packets cannot be captured. {error} was refused: {why}. {help}")
}

/// The first packet after a pause at once, further ones once for each frame, until nobody wants
/// them any more.
async fn hand_over(mut ear: Ear, events: &UnboundedSender<Event>) {
    loop {
        let (sightings, missed) = ear.next().await;
        let next = Instant::now() + FRAME;
        let something = !sightings.is_empty() || missed > 0;
        if something && events.send(Event::Packets { sightings, missed }).is_err() {
            return;
        }
        sleep_until(next).await;
    }
}
