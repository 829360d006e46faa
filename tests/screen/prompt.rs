//! The prompt in several states, by what is typed.

use tutor::session::prompt::{Edit, Reach};
use tutor::session::{Action, Event, Session};

use super::session;

/// A session with an open prompt in which this was typed; `⇥` is Tab, `⏎` Enter, `®` Ctrl-R, `←`
/// the arrow.
pub fn typed(keys: &str) -> Session {
    let mut session = session::start();
    let history = ["ping -c 1 172.16.0.40", "ip -br addr"].map(str::to_owned);
    session.handle(Event::History(history.to_vec()));
    session.handle(Event::Lessons(vec!["bridge".to_owned(), "nat".to_owned()]));
    session.handle(Event::Do(Action::Prompt));
    for key in keys.chars() {
        let edit = match key {
            '⇥' => Edit::Complete,
            '⏎' => Edit::Enter,
            '®' => Edit::Search,
            '←' => Edit::Go(Reach::Back),
            c => Edit::Insert(c),
        };
        session.handle(Event::Do(Action::Edit(edit)));
    }
    session
}

/// Three lines were pasted.
pub fn pasted() -> Session {
    let mut session = typed("");
    session.handle(Event::Paste(
        "ip link set hlink3 up\nip addr\nip route\n".to_owned(),
    ));
    session
}
