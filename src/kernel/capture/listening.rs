//! What passes, handed to the session while somebody looks at it.

use std::future::Future;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nix::libc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, spawn_local};
use tokio::time::{Instant, sleep_until};

use super::everywhere::{Ear, Sniffer};
use crate::kernel::doctor::cure::cure;
use crate::kernel::icmp::reason;
use crate::lesson::Need;
use crate::packet::Sighting;
use crate::session::Event;

/// A frame of the screen: what comes meanwhile is handed over at once.
const FRAME: Duration = Duration::from_millis(16);

/// Hands over what passes, as events, while that is wanted.
pub struct Listening {
    sniffer: Rc<Sniffer>,
    events: UnboundedSender<Event>,
    under_way: Option<UnderWay>,
}

/// What was heard, and how much there was no room for.
type Heard = (Vec<Arc<Sighting>>, u64);

/// Somebody waits for what has passed until now, and is told when it has been handed over.
type Urgent = oneshot::Sender<()>;

struct UnderWay {
    task: AbortHandle,
    urgent: UnboundedSender<Urgent>,
}

impl Listening {
    /// Not wanted yet.
    pub fn new(sniffer: Rc<Sniffer>, events: UnboundedSender<Event>) -> Self {
        Self {
            sniffer,
            events,
            under_way: None,
        }
    }

    /// Begins anew, or ends. Must be called within a `LocalSet`.
    pub fn set(&mut self, wanted: bool) {
        self.under_way = None;
        self.under_way = wanted.then(|| UnderWay::begin(self.sniffer.clone(), self.events.clone()));
    }

    /// Resolves when it has begun, and all that has passed before now has been handed over; at once
    /// where nobody listens. For a caller that shows it once and not again when more comes.
    pub fn caught_up(&self) -> impl Future<Output = ()> + use<> {
        let (urgent, done) = oneshot::channel();
        let asked = (self.under_way.as_ref()).is_some_and(|it| it.urgent.send(urgent).is_ok());
        async move {
            if asked {
                let _ = done.await; // an end is an answer, too
            }
        }
    }
}

impl UnderWay {
    fn begin(sniffer: Rc<Sniffer>, events: UnboundedSender<Event>) -> Self {
        let (urgent, asked) = unbounded_channel();
        let task = spawn_local(async move {
            match sniffer.listen_on().await {
                Ok(ear) => hand_over(ear, asked, &events).await,
                Err(error) => {
                    let _ = events.send(Event::NotHeard(refusal(&error)));
                }
            }
        });
        Self {
            task: task.abort_handle(),
            urgent,
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.task.abort();
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

/// The first packet after a pause at once, further ones once for each frame, or when somebody waits
/// for them, until nobody wants them any more.
async fn hand_over(
    mut ear: Ear,
    mut asked: UnboundedReceiver<Urgent>,
    events: &UnboundedSender<Event>,
) {
    let mut next = Instant::now();
    loop {
        let ((sightings, missed), urgent) = tokio::select! {
            biased;
            Some(urgent) = asked.recv() => {
                ear.caught_up().await;
                (ear.take(), Some(urgent))
            }
            // Nothing is lost where the other comes first: it is taken out only at the end.
            heard = after(next, &mut ear) => (heard, None),
        };
        next = Instant::now() + FRAME;
        let something = !sightings.is_empty() || missed > 0;
        if something && events.send(Event::Packets { sightings, missed }).is_err() {
            return;
        }
        if let Some(urgent) = urgent {
            let _ = urgent.send(());
        }
    }
}

async fn after(next: Instant, ear: &mut Ear) -> Heard {
    sleep_until(next).await;
    ear.next().await
}
