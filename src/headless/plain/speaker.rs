//! What has changed in a session since it was last spoken of, in words.
//!
//! Everything that the screen shows by a colour, a sign or a place is a sentence here. Pure: it
//! looks at the session and remembers what it has said.

use super::markdown;
use super::said::Said;
use super::step;
use super::stories::Stories;
use super::verdicts::Verdicts;
use crate::lesson::Hint;
use crate::session::state::{TranscriptKind, TranscriptLine};
use crate::session::trail::Ending;
use crate::session::{Phase, Session};

/// Tells of a session as it goes on.
#[derive(Debug, Default)]
pub struct Speaker {
    /// The step that was told of.
    step: Option<usize>,
    /// So much of the transcript was passed on.
    seen: usize,
    hints: usize,
    verdicts: Verdicts,
    stories: Stories,
    /// So many deeds of this session were seen to fail.
    failed: usize,
    /// The question that was said, of this step.
    asked: Option<usize>,
    finished: bool,
    /// What was last said to come next: the step, and how many of its commands were done.
    ahead: Option<(usize, usize)>,
    /// The line that stands behind the prompt already, because it was typed there.
    typed: Option<String>,
}

impl Speaker {
    /// This was typed at the prompt, so that it need not be said again.
    pub fn typed(&mut self, line: &str) {
        self.typed = Some(line.trim().to_owned());
    }

    /// What is new.
    pub fn news(&mut self, session: &Session) -> Vec<Said> {
        let mut said = self.transcript(session);
        if matches!(session.phase, Phase::Building(_) | Phase::Broken(_)) {
            return said;
        }
        said.extend(self.failures(session));
        if session.phase == Phase::Finished {
            if !std::mem::replace(&mut self.finished, true) {
                said.extend(step::finished(session));
            }
            return said;
        }
        if self.step != Some(session.step) {
            self.step = Some(session.step);
            self.hints = 0;
            self.verdicts = Verdicts::default();
            self.stories.begin();
            said.extend(step::opening(session));
        }
        said.extend(self.stories.news(session));
        said.extend(self.hints(session));
        said.extend(self.question(session));
        if session.phase == Phase::Idle {
            said.extend(self.verdicts.news(session));
        }
        said
    }

    /// What Enter would do, before a prompt that waits for it; once.
    pub fn ahead(&mut self, session: &Session) -> Vec<Said> {
        let here = (session.step, session.done());
        if session.asking().is_some() || session.step_is_done() {
            return Vec::new();
        }
        if self.ahead.replace(here) == Some(here) {
            return Vec::new();
        }
        if session.hides_commands() {
            return step::hidden(session);
        }
        step::next(session)
    }

    /// The step is to be said from its beginning again.
    pub fn again(&mut self) {
        self.step = None;
        self.ahead = None;
    }

    fn transcript(&mut self, session: &Session) -> Vec<Said> {
        let (lines, seen) = session.transcript_since(self.seen);
        self.seen = seen;
        lines.iter().filter_map(|line| self.line(line)).collect()
    }

    fn line(&mut self, line: &TranscriptLine) -> Option<Said> {
        match &line.kind {
            TranscriptKind::Prompt(_) if self.typed.take().as_ref() == Some(&line.text) => None,
            TranscriptKind::Prompt(ns) => Some(Said::Command(ns.clone(), line.text.clone())),
            TranscriptKind::Out | TranscriptKind::Err => Some(Said::Exact(line.text.clone())),
            TranscriptKind::Note => {
                self.stories.heard(&line.text);
                Some(Said::behind("tutor: ", line.text.clone()))
            }
        }
    }

    /// Deeds of the step that have failed since: a screen marks them with a sign.
    fn failures(&mut self, session: &Session) -> Option<Said> {
        let deeds = session.trail.deeds.iter();
        let failed = deeds.filter(|deed| deed.ending == Ending::Failed).count();
        let before = std::mem::replace(&mut self.failed, failed);
        (failed > before).then(|| Said::behind("tutor: ", "This command ended with an error."))
    }

    /// A question that was opened since.
    fn question(&mut self, session: &Session) -> Vec<Said> {
        let open = session.asking();
        let index = open.map(|(_, asking)| asking.index);
        if std::mem::replace(&mut self.asked, index) == index {
            return Vec::new();
        }
        open.map_or_else(Vec::new, |(ask, asking)| step::question(ask, asking))
    }

    /// Hints that were shown since; one that fits the state has no number.
    fn hints(&mut self, session: &Session) -> Vec<Said> {
        let all = &session.current_step().hints;
        let shown = &session.record().hints;
        let from = std::mem::replace(&mut self.hints, shown.len());
        let new = shown.iter().skip(from).filter_map(|index| {
            let hint = all.get(*index)?;
            let general = |hints: &[Hint]| hints.iter().filter(|hint| hint.is_general()).count();
            let sign = if hint.is_general() {
                format!("Hint {} of {}: ", general(&all[..=*index]), general(all))
            } else {
                "Hint for where you are now: ".to_owned()
            };
            Some(Said::behind(sign, markdown::line(&hint.text)))
        });
        new.collect()
    }
}

#[cfg(test)]
mod tests;
