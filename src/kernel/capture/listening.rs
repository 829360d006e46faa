//! What passes, handed to the session while somebody looks at it.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, sleep_until};

use super::everywhere::{Ear, Sniffer};
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
                    let _ =
                        events.send(Event::Told(format!("Packets cannot be heard: {error:#}.")));
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
