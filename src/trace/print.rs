//! A story in words, for everybody who shows one.

use std::time::Duration;

use super::answer::Answer;
use super::{Asked, Decision, Hop, Leg, Story, What};

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The namespace.
    pub ns: String,
    /// The device; nothing where the namespace as a whole decides.
    pub dev: String,
    /// Which packet.
    pub leg: Leg,
    /// What happened.
    pub text: String,
    /// Its time to live, where that is news.
    pub ttl: Option<u8>,
    /// When, after the first sighting; absent for what is concluded.
    pub at: Option<Duration>,
    /// Is this where it died?
    pub died: bool,
}

/// The way, line by line: what goes without saying is left out, and what belongs together stands in
/// one line.
pub fn lines(story: &Story) -> Vec<Line> {
    let mut teller = Teller {
        hops: &story.way,
        first: story.way.iter().filter_map(|hop| hop.at).min(),
        grave: grave(story),
        said: None,
        left: None,
        told: Vec::new(),
        renamed: false,
    };
    let mut lines = Vec::new();
    let mut place = 0;
    while let Some(hop) = story.way.get(place) {
        let (line, hops) = teller.line(place, hop);
        lines.push(line);
        place += hops;
    }
    lines
}

/// How many characters the longest names of a namespace and of a device have.
pub fn columns(lines: &[Line]) -> (usize, usize) {
    let width = |of: fn(&Line) -> &str| {
        let widths = lines.iter().map(|line| of(line).chars().count());
        widths.max().unwrap_or(0)
    };
    (width(|line| &line.ns), width(|line| &line.dev))
}

/// The same as text, in columns; where it ended is marked.
pub fn text(story: &Story) -> Vec<String> {
    let lines = lines(story);
    let (ns, dev) = columns(&lines);
    let row = |line: &Line| {
        let ttl = line.ttl.map(|ttl| format!("   ttl {ttl}"));
        let end = if line.died { "   (it ended here)" } else { "" };
        format!(
            "{:ns$}  {:dev$}  {} {}{}{end}",
            line.ns,
            line.dev,
            line.leg.arrow(),
            line.text,
            ttl.unwrap_or_default()
        )
    };
    lines.iter().map(row).collect()
}

/// What was sent and what came of it: `app4 → 8.8.8.8: answered after 0.07 ms`. Where a diagnosis
/// stands below it, nothing is guessed before.
pub fn heading(story: &Story) -> String {
    let question = &story.question;
    let to = match question.what {
        Asked::Echo { .. } => question.to.to_string(),
        Asked::Tcp { port, .. } => std::net::SocketAddr::new(question.to, port).to_string(),
    };
    let answer = match (&story.answer, &story.diagnosis) {
        (Answer::Silence { waited }, Some(_)) => {
            format!("no answer within {:.1} s", waited.as_secs_f64())
        }
        (answer, _) => answer.words(),
    };
    format!("{} → {to}: {answer}", question.from)
}

/// The hop at which it ended, if no answer came back: what says so itself, else the last.
fn grave(story: &Story) -> Option<usize> {
    if story.answer.is_reply() {
        return None;
    }
    let ends = |hop: &Hop| match &hop.what {
        What::Decided(decision) => decision.ends(),
        What::Seen { .. } => false,
    };
    let own = |hop: &Hop| matches!(hop.leg, Leg::Request | Leg::Reply);
    let way = &story.way;
    way.iter()
        .rposition(ends)
        .or_else(|| way.iter().rposition(own))
}

/// Goes from hop to hop, and knows what has been said.
struct Teller<'a> {
    hops: &'a [Hop],
    first: Option<Duration>,
    grave: Option<usize>,
    /// The packet that was described last.
    said: Option<&'a str>,
    /// The time to live that was told last.
    left: Option<(Leg, u8)>,
    /// The legs that were begun.
    told: Vec<Leg>,
    /// Was it just said what has become of it, so that it need not be described again?
    renamed: bool,
}

impl<'a> Teller<'a> {
    /// The line for the hop at this place, and how many hops it tells.
    fn line(&mut self, place: usize, hop: &'a Hop) -> (Line, usize) {
        let next = self
            .hops
            .get(place + 1)
            .filter(|next| next.ns == hop.ns && next.leg == hop.leg);
        let (text, shown, hops) = match &hop.what {
            What::Seen { .. } => self.seen(hop, next),
            What::Decided(decision) => self.decided(decision, hop, next),
        };
        let line = Line {
            ns: hop.ns.to_string(),
            dev: shown.dev.clone().unwrap_or_default(),
            leg: hop.leg,
            text,
            ttl: self.ttl(shown),
            at: (shown.at.zip(self.first)).map(|(at, first)| at.saturating_sub(first)),
            died: self
                .grave
                .is_some_and(|grave| (place..place + hops).contains(&grave)),
        };
        (line, hops)
    }

    /// A sighting; where a bridge's port hands the packet up, the bridge's own belongs to it.
    fn seen(&mut self, hop: &'a Hop, next: Option<&'a Hop>) -> (String, &'a Hop, usize) {
        let begins = !self.told.contains(&hop.leg);
        let packet = self.packet(hop);
        if is_out(hop) {
            let text = match packet {
                Some(packet) if begins => packet.to_owned(),
                Some(packet) => format!("out: {packet}"),
                None => "out".to_owned(),
            };
            return (text, hop, 1);
        }
        let bridge = next.and_then(|next| match &next.what {
            What::Seen { out: false, .. } if packet_of(next) == packet_of(hop) => {
                Some((next.dev.as_deref()?, 2))
            }
            What::Decided(Decision::Switched { bridge, .. }) => Some((bridge.as_str(), 1)),
            What::Seen { .. } | What::Decided(_) => None,
        });
        let (bridge, hops) = match bridge {
            Some((bridge, hops)) => (format!(", bridge {bridge}"), hops),
            None => (String::new(), 1),
        };
        let packet = packet.map(|packet| format!(": {packet}"));
        (
            format!("in{bridge}{}", packet.unwrap_or_default()),
            hop,
            hops,
        )
    }

    /// A decision; with the sighting of what it led to, where that says no more.
    fn decided(
        &mut self,
        decision: &'a Decision,
        hop: &'a Hop,
        next: Option<&'a Hop>,
    ) -> (String, &'a Hop, usize) {
        let out = next.filter(|next| is_out(next));
        match (decision, out) {
            (Decision::SourceNat { .. }, Some(out)) => {
                self.renamed = true;
                let _ = self.packet(out);
                (decision.to_string(), out, 2)
            }
            (Decision::Switched { bridge, port }, Some(out)) => {
                let _ = self.packet(out);
                let text = match port {
                    Some(_) => format!("out: {bridge} knows that address behind this port"),
                    None => format!(
                        "out: {bridge} does not know that address, and sends it to every port"
                    ),
                };
                (text, out, 2)
            }
            (
                Decision::SourceNat { .. }
                | Decision::DestinationNat { .. }
                | Decision::Tunnelled { into: false, .. },
                _,
            ) => {
                self.renamed = true;
                (decision.to_string(), hop, 1)
            }
            (Decision::Routed { .. }, _) => (in_short(&decision.to_string()).to_owned(), hop, 1),
            (
                Decision::NoRoute { .. }
                | Decision::Delivered
                | Decision::NotTaken { .. }
                | Decision::Resolved { .. }
                | Decision::Unresolved { .. }
                | Decision::Switched { .. }
                | Decision::Blocked { .. }
                | Decision::ForwardingOff
                | Decision::Dropped { .. }
                | Decision::ReversePath
                | Decision::Tunnelled { into: true, .. },
                _,
            ) => (decision.to_string(), hop, 1),
        }
    }

    /// What it is, if that is news.
    fn packet(&mut self, hop: &'a Hop) -> Option<&'a str> {
        let packet = packet_of(hop)?;
        let news = self.said != Some(packet);
        let renamed = std::mem::take(&mut self.renamed);
        self.said = Some(packet);
        if !self.told.contains(&hop.leg) {
            self.told.push(hop.leg);
        }
        (news && !renamed).then_some(packet)
    }

    /// Its time to live, if that is news.
    fn ttl(&mut self, hop: &Hop) -> Option<u8> {
        let What::Seen { ttl, .. } = &hop.what else {
            return None;
        };
        let now = (hop.leg, (*ttl)?);
        let news = self.left != Some(now);
        self.left = Some(now);
        news.then_some(now.1)
    }
}

/// A route as `ip route` prints it, up to whereto it leads. Who made it, and what it is preferred by,
/// would hide that, and stands in the tables.
fn in_short(route: &str) -> &str {
    let details = [" proto ", " scope ", " src ", " metric "];
    let ends = details.iter().filter_map(|word| route.find(word));
    ends.min().map_or(route, |end| &route[..end])
}

fn is_out(hop: &Hop) -> bool {
    matches!(hop.what, What::Seen { out: true, .. })
}

fn packet_of(hop: &Hop) -> Option<&str> {
    match &hop.what {
        What::Seen { packet, .. } => Some(packet),
        What::Decided(_) => None,
    }
}

impl Leg {
    /// Its sign.
    pub fn arrow(self) -> &'static str {
        match self {
            Self::Request => "→",
            Self::Reply => "←",
            Self::Error => "!",
            Self::Ask => "?",
        }
    }
}
