//! The way of a packet, and why it got no answer, in words: no arrows, no columns.

use super::said::Said;
use crate::session::Session;
use crate::trace::{Asked, Diagnosis, Leg, Story, print};

/// What `tell` tells of the packet that was followed last.
pub fn last(session: &Session, tell: fn(&Story) -> Vec<Said>) -> Vec<Said> {
    let Some(story) = &session.followed.last else {
        return vec![Said::words(
            "No packet was followed yet: send one, as by `ping`.",
        )];
    };
    let said = tell(story);
    if said.is_empty() {
        vec![Said::words(format!(
            "Nothing is known against {}: {}.",
            packet(story),
            story.answer.words()
        ))]
    } else {
        said
    }
}

/// The way of `story`, a numbered line for each place and each decision.
pub fn way(story: &Story) -> Vec<Said> {
    let mut said = vec![
        Said::Blank,
        Said::words(format!("The way of {}:", packet(story))),
    ];
    let lines = print::lines(story);
    if lines.is_empty() {
        said.push(Said::words("It was seen nowhere: nothing was sent."));
    }
    said.extend((1..).zip(&lines).map(|(number, line)| {
        let place = match line.dev.as_str() {
            "" => line.ns.clone(),
            dev => format!("{}, {dev}", line.ns),
        };
        let end = if line.died { " Here it ends." } else { "" };
        let text = format!("{}, {place}: {}.{end}", leg(line.leg), spoken(&line.text));
        Said::behind(format!("{number}. "), text)
    }));
    said
}

/// The way of `story`, and why no answer came.
pub fn whole(story: &Story) -> Vec<Said> {
    [way(story), why(story)].concat()
}

/// Why no answer came; nothing where one did.
pub fn why(story: &Story) -> Vec<Said> {
    let Some(diagnosis) = &story.diagnosis else {
        return Vec::new();
    };
    let Diagnosis {
        cause,
        sentence,
        evidence,
        ..
    } = diagnosis;
    let mut said = vec![
        Said::behind(
            format!("Why {} got no answer: ", packet(story)),
            spoken(sentence),
        ),
        Said::words(format!("The cause is {cause}, {}.", cause.layer().name())),
    ];
    let seen = evidence.iter();
    said.extend(seen.map(|line| Said::behind("This shows it: ", spoken(line))));
    said
}

/// What was sent, from where to where.
pub fn packet(story: &Story) -> String {
    let question = &story.question;
    match question.what {
        Asked::Echo { .. } => format!("the ping from {} to {}", question.from, question.to),
        Asked::Tcp { port, .. } => {
            let (from, to) = (&question.from, question.to);
            format!("the connection from {from} to {to}, port {port}")
        }
    }
}

fn leg(leg: Leg) -> &'static str {
    match leg {
        Leg::Request => "The request",
        Leg::Reply => "The reply",
        Leg::Error => "An error about it",
        Leg::Ask => "Looking for a hardware address",
    }
}

/// Signs as words.
fn spoken(text: &str) -> String {
    text.replace(" → ", " to ").replace(" ← ", " from ")
}
