//! The session: a pure state machine, `handle(Event) -> Vec<Effect>`.
//!
//! No socket, clock, terminal or Tokio inside: time arrives as an event, and what is to be done
//! leaves as data. Effects carry a [`Ticket`]; a late answer to an old ticket does nothing.

pub mod ask;
mod build;
pub mod colon;
pub mod complete;
mod elsewhere;
pub mod event;
pub mod followed;
pub mod hints;
mod judge;
mod look;
pub mod mapped;
pub mod marks;
mod origin;
pub mod packets;
pub mod prompt;
pub mod remark;
pub mod repair;
pub mod resume;
pub mod retell;
mod row_key;
mod run;
pub mod script;
pub mod shell;
pub mod state;
mod steps;
#[cfg(test)]
mod tests;
pub mod trail;
pub mod transcript;
mod view;
mod why;

pub use event::{Action, Effect, Event, Move, Outcome, Ticket};
pub use hints::{Credit, Shown};
pub use resume::{Diary, Resume, StepRecord};
pub use state::{
    Area, CheckState, CommandState, Manner, Pane, Phase, Place, Progress, RowKey, Session,
    TranscriptKind, TranscriptLine, View,
};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::lesson::Lesson;
use crate::world::{Ns, World};
use elsewhere::Told;
use state::Auto;
use trail::Trail;

/// How often the spinner turns.
const SPIN: Duration = Duration::from_millis(100);

impl Session {
    /// A session of `lesson` that is about to stand at `place`, and what has to be done first.
    pub fn new(lesson: Arc<Lesson>, place: Place) -> (Self, Vec<Effect>) {
        let trail = Trail::to(&lesson, place);
        let mut session = Self::bare(lesson, place.step, trail);
        session.rebuild(place.step);
        let effects = session.flush();
        (session, effects)
    }

    /// A session without a sandbox.
    fn bare(lesson: Arc<Lesson>, step: usize, trail: Trail) -> Self {
        Self {
            lesson,
            step,
            phase: Phase::Idle,
            world: World::default(),
            prompt: vec![Ns::Host],
            commands: Vec::new(),
            checks: Vec::new(),
            told: Told::after(&trail),
            trail,
            diary: Diary::default(),
            manner: Manner::default(),
            asked: ask::Asked::default(),
            line: None,
            memory: prompt::Memory::default(),
            confirm: None,
            transcript: Vec::new(),
            forgotten: 0,
            fresh: BTreeMap::new(),
            latest: BTreeMap::new(),
            now: Duration::ZERO,
            waiting: None,
            focus: Pane::Text,
            chosen: Ns::Host,
            view: state::View::default(),
            brought: false,
            entered: None,
            packets: packets::Packets::default(),
            mapped: mapped::Mapped::default(),
            followed: followed::Followed::default(),
            mending: repair::Mending::default(),
            shells: shell::Shells::default(),
            help: false,
            scroll: BTreeMap::new(),
            auto: Auto::Off,
            target: step,
            next_ticket: 1,
            jobs: BTreeMap::new(),
            probe_at: None,
            nudged: false,
            areas: Vec::new(),
            effects: Vec::new(),
            wake: None,
        }
    }

    /// Takes in one event; the effects are to be carried out in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Do(action) => self.act(action),
            Event::World(ns, change) => self.news(&ns, change),
            Event::Output {
                ticket,
                text,
                error,
            } => self.output(ticket, &text, error),
            Event::Ended { ticket, outcome } => self.ended(ticket, &outcome),
            Event::Probed { ticket, answer } => self.probed(ticket, &answer),
            Event::LookedUp { ticket, route } => self.route_is_told(ticket, &route),
            Event::Built { ticket, result } => self.built(ticket, result),
            Event::Clock(now) => self.clock(now),
            Event::Lacks(what) => {
                self.note(&format!("This kernel lacks what the lesson needs: {what}"));
            }
            Event::Told(what) => self.note(&what),
            Event::Drawn(areas) => {
                self.areas = areas;
                self.fit_shell();
            }
            Event::Typed(input) => {
                self.is_there();
                self.typed(input);
            }
            Event::ShellSeen { ticket, view } => self.shell_seen(ticket, view),
            Event::ShellSays { ticket, text } => self.shell_says(ticket, &text),
            Event::Packets { sightings, missed } => self.packets_passed(sightings, missed),
            Event::NotHeard(why) => self.packets_refused(&why),
            Event::Followed { ticket, evidence } => self.followed(ticket, &evidence),
            Event::NotFollowed { ticket, why } => self.not_followed(ticket, &why),
            Event::ShellEnded { ticket, end } => self.shell_ended(ticket, &end),
            Event::Paste(text) => self.paste(&text),
            Event::History(lines) => self.memory.history = prompt::History::new(lines),
            Event::Lessons(ids) => self.memory.lessons = ids,
        }
        self.flush()
    }

    /// The step that is being taught.
    pub fn current_step(&self) -> &crate::lesson::Step {
        &self.lesson.steps[self.step]
    }

    /// Where the learner is, for header and menu.
    pub fn progress(&self) -> Progress {
        Progress {
            step: self.step,
            steps: self.lesson.steps.len(),
            done: self.done(),
        }
    }

    /// The namespace that the prompt stands in.
    pub fn at(&self) -> &Ns {
        self.prompt.last().unwrap_or(&Ns::Host)
    }

    /// What is known of the step.
    pub fn record(&self) -> &StepRecord {
        self.diary.steps.get(&self.step).unwrap_or(&resume::NOTHING)
    }

    fn record_mut(&mut self) -> &mut StepRecord {
        self.diary.steps.entry(self.step).or_default()
    }

    fn act(&mut self, action: Action) {
        self.count_time(action);
        match action {
            Action::Next => self.next(),
            Action::RunStep => self.run_step(),
            Action::NextStep => self.next_step(),
            Action::PreviousStep => self.previous_step(),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::Reset => self.reset(),
            Action::Answer(yes) => self.answer(yes),
            Action::GoTo(step) => self.go_to(step),
            Action::Practice => self.switch_practice(),
            Action::Guess(number) => self.guess(number),
            Action::SubmitAnswer => self.submit_answer(),
            Action::SkipQuestion => self.skip_ask(),
            Action::Check => self.check_now(),
            Action::Hint => self.hint(),
            Action::Solution => self.solution(),
            Action::Cancel => self.cancel(),
            Action::Quit => self.effects.push(Effect::Quit),
            Action::FocusNext => self.focus_by(1),
            Action::FocusPrevious => self.focus_by(-1),
            Action::Choose(index) => self.choose(index),
            Action::ChooseNext => self.choose_next(),
            Action::Scroll(lines) => self.scroll_by(self.scrolled_pane(), lines),
            Action::Page(pages) => self.page(pages),
            Action::Top => self.scroll_by(self.scrolled_pane(), i32::MIN / 2),
            Action::Bottom => self.scroll_by(self.scrolled_pane(), i32::MAX / 2),
            Action::Wheel { x, y, lines } => self.wheel(x, y, lines),
            Action::Click { x, y } => self.click(x, y),
            Action::Help => self.help = !self.help,
            Action::Look(view) => self.look(view),
            Action::Zoom(nearer) => self.mapped.zoom(nearer),
            Action::Aside(right) => self.map_aside(right),
            Action::Motion => self.switch_motion(),
            Action::AskTrace => {
                let line = self.trace_line();
                self.open_prompt(&line);
            }
            Action::Why => self.why(),
            Action::Back => self.back(),
            Action::StopOrQuit if self.works() => self.cancel(),
            Action::StopOrQuit => self.act(Action::Quit),
            Action::Open => self.packets.open_chosen(),
            Action::Pause => self.packets.pause(),
            Action::AskFilter => self.ask_filter(),
            Action::Shell => self.open_shell(self.chosen.clone()),
            Action::LeaveShell => self.leave_shell(),
            Action::EndShell => self.end_chosen_shell(),
            Action::Prompt => self.open_prompt(""),
            Action::Colon => self.open_prompt(":"),
            Action::AskStep => self.open_prompt(":goto "),
            Action::Edit(edit) => self.edit(edit),
        }
    }

    /// Time has passed.
    fn clock(&mut self, now: Duration) {
        self.now = self.now.max(now);
        self.wake = None; // whoever wakes us forgets what was asked for, so it is asked for again
        self.fade();
        self.come_to_rest();
        self.tell_what_is_due();
        if self.probe_at.is_some_and(|at| at <= self.now) {
            self.send_probes();
        }
    }

    fn ticket(&mut self) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        ticket
    }

    /// The effects of this event, and the next wake if it is another one than was asked for.
    fn flush(&mut self) -> Vec<Effect> {
        let spin = self.waiting.as_ref().map(|_| self.now + SPIN);
        let next = [
            spin,
            self.probe_at,
            self.told.due(),
            self.next_fade(),
            self.mapped.next_frame(self.now),
        ]
        .into_iter()
        .flatten()
        .min();
        if std::mem::take(&mut self.diary.unkept) {
            let kept = Box::new(self.kept());
            self.effects.push(Effect::Keep(kept));
        }
        if next.is_some() && next != self.wake {
            self.wake = next;
            self.effects.extend(next.map(Effect::WakeAt));
        }
        std::mem::take(&mut self.effects)
    }
}
