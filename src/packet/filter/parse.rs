//! Words become an expression.

mod meaning;
mod walk;

use std::ops::Range;

use super::words::{
    self, CLOSE, ETHER_HOST, FOREIGN, HEADS, Head, JOINS, Key, PANE_HEADS, SIDES, WHATS, What,
};
use super::{
    Candidate, Dialect, Expr, Family, FilterError, Kind, Ports, Side, Slot, Term, Token, Transport,
    value,
};
use walk::Walk;

/// Parentheses stand within parentheses so deep at most.
const DEEPEST: u8 = 32;

/// What became of an expression.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The expression, or why there is none.
    pub expr: Result<Expr, FilterError>,
    /// The meaning of its words, as far as they make sense.
    pub notes: Vec<Note>,
    /// What may follow; nothing where the words make no sense.
    pub at_end: Vec<Candidate>,
}

/// The meaning of some words: from `at` to where the next note stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where they begin.
    pub at: usize,
    /// Where the words begin that `{}` stands for.
    pub value: usize,
    /// In plain words.
    pub meaning: String,
}

/// Reads an expression that has been cut into words.
pub fn read(tokens: &[Token], dialect: Dialect) -> Reading {
    let mut parser = Parser {
        walk: Walk::new(tokens),
        dialect,
        asked: None,
    };
    let expr = parser.whole();
    let (notes, at_end) = parser.walk.into_parts();
    Reading {
        expr,
        notes,
        at_end,
    }
}

struct Parser<'a> {
    walk: Walk<'a>,
    dialect: Dialect,
    /// What a value without words before it is compared with: as the one before it.
    asked: Option<Asked>,
}

/// The words before a value.
#[derive(Clone, Copy)]
enum Asked {
    Of(Option<Kind>, Side, What),
    Ether(Side),
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Expr, FilterError> {
        let expr = self.chain(DEEPEST)?;
        if self.walk.is_at_end() {
            Ok(expr)
        } else {
            Err(self.between())
        }
    }

    /// Conditions with `and` and `or` between them.
    fn chain(&mut self, depth: u8) -> Result<Expr, FilterError> {
        let mut expr = self.operand(depth)?;
        while let Some((join, _)) = self.walk.choose(JOINS) {
            expr = expr.join(join, self.operand(depth)?);
        }
        Ok(expr)
    }

    fn operand(&mut self, depth: u8) -> Result<Expr, FilterError> {
        let mut turned = false;
        loop {
            let start = self.walk.place();
            let head = self.walk.choose_of(words::heads(self.dialect));
            let expr = match head {
                Some(Head::Not) => {
                    turned = !turned;
                    continue;
                }
                Some(Head::Open) => self.parentheses(start, depth)?,
                Some(head) => Expr::Term(self.term(&start, head)?),
                None => Expr::Term(self.like_before(&start)?),
            };
            return Ok(if turned { !expr } else { expr });
        }
    }

    fn parentheses(&mut self, open: Range<usize>, depth: u8) -> Result<Expr, FilterError> {
        let depth = depth.checked_sub(1).ok_or_else(|| FilterError {
            at: open.clone(),
            message: "too many parentheses stand within each other".to_owned(),
            help: Some(format!("at most {DEEPEST}")),
        })?;
        let expr = self.chain(depth)?;
        if self.walk.choose(CLOSE).is_some() {
            Ok(expr)
        } else if self.walk.is_at_end() {
            Err(FilterError {
                at: open,
                message: "the parenthesis is not closed".to_owned(),
                help: Some("a `)` is missing".to_owned()),
            })
        } else {
            Err(self.between())
        }
    }

    /// A condition, of which the first word has been taken.
    fn term(&mut self, start: &Range<usize>, head: Head) -> Result<Term, FilterError> {
        match head {
            Head::Kind(kind) => self.kind(start, kind),
            Head::Vxlan => self.vxlan(),
            Head::Side(side) => {
                let side = self.sides(side);
                let what = self.walk.quietly(WHATS).unwrap_or(What::Host);
                self.compare(start, Asked::Of(None, side, what))
            }
            Head::What(what) => self.compare(start, Asked::Of(None, Side::Either, what)),
            Head::Ether => self.ether(start),
            Head::Dev => self.walk.value(Slot::Device, value::device).map(Term::Dev),
            Head::Ns => {
                let ns = self.walk.value(Slot::Namespace, value::namespace);
                ns.map(Term::Ns)
            }
            Head::Not | Head::Open => Err(self.walk.unexpected()),
        }
    }

    /// `icmp`, or `tcp` with `port 80` behind it.
    fn kind(&mut self, start: &Range<usize>, kind: Kind) -> Result<Term, FilterError> {
        let side = self.walk.quietly(fitting_sides(kind));
        let side = side.map(|side| self.sides(side));
        let here = self.walk.place();
        match (self.walk.peek(WHATS), side) {
            (Some(what), _) if !fits(kind, what.to) => Err(FilterError {
                at: here,
                message: format!("`{}` cannot stand behind `{kind}`", what.word),
                help: Some(format!("write `{kind} and {} …`", what.word)),
            }),
            (Some(_), _) => {
                let what = self.walk.quietly(fitting(kind)).unwrap_or(What::Host);
                let side = side.unwrap_or(Side::Either);
                self.compare(start, Asked::Of(Some(kind), side, what))
            }
            (None, Some(side)) => {
                self.walk.quietly(fitting(kind));
                if !fits(kind, What::Host) {
                    return Err(self.walk.unexpected());
                }
                self.compare(start, Asked::Of(Some(kind), side, What::Host))
            }
            (None, None) => {
                self.walk.quietly(fitting(kind));
                Ok(Term::Kind(kind))
            }
        }
    }

    /// `src`, which has been taken, or `src or dst`, or `src and dst`.
    fn sides(&mut self, first: Side) -> Side {
        let other = if first == Side::Src { "dst" } else { "src" };
        let both = [("or", Side::Either), ("and", Side::Both)];
        let found = both
            .into_iter()
            .find(|(join, _)| self.walk.skip([join, other]));
        found.map_or(first, |(_, side)| side)
    }

    fn ether(&mut self, start: &Range<usize>) -> Result<Term, FilterError> {
        let side = self.walk.quietly(SIDES).map(|side| self.sides(side));
        let host = self.walk.quietly(ETHER_HOST);
        match (side, host) {
            (None, None) => Err(self.walk.unexpected()),
            (side, _) => self.compare(start, Asked::Ether(side.unwrap_or(Side::Either))),
        }
    }

    fn vxlan(&mut self) -> Result<Term, FilterError> {
        if self.walk.offers(Slot::Vni, |text| {
            text.starts_with(|c: char| c.is_ascii_digit())
        }) {
            self.walk
                .value(Slot::Vni, value::vni)
                .map(|vni| Term::Vxlan(Some(vni)))
        } else {
            Ok(Term::Vxlan(None))
        }
    }

    /// Reads what is compared.
    fn compare(&mut self, start: &Range<usize>, asked: Asked) -> Result<Term, FilterError> {
        self.walk.note_phrase(start.start, meaning::of(asked));
        let term = match asked {
            Asked::Ether(side) => {
                let mac = self.walk.value(Slot::Mac, value::mac)?;
                Term::Ether(side, mac)
            }
            Asked::Of(kind, side, What::Host) => {
                let family = kind.and_then(family);
                let read = |text: &str| value::address(text, family);
                Term::Host(family, side, self.walk.value(Slot::Address, read)?)
            }
            Asked::Of(kind, side, What::Net) => {
                let family = kind.and_then(family);
                let read = |text: &str| value::net(text, family);
                Term::Net(family, side, self.walk.value(Slot::Net, read)?)
            }
            Asked::Of(kind, side, What::Port) => {
                let read = |text: &str| value::port(text).map(Ports::one);
                let ports = self.walk.value(Slot::Port, read)?;
                Term::Port(kind.and_then(transport), side, ports)
            }
            Asked::Of(kind, side, What::Ports) => {
                let ports = self.walk.value(Slot::Ports, value::ports)?;
                Term::Port(kind.and_then(transport), side, ports)
            }
        };
        self.asked = Some(asked);
        Ok(term)
    }

    /// A value without words before it (`host A or B`).
    fn like_before(&mut self, start: &Range<usize>) -> Result<Term, FilterError> {
        if let Some(foreign) = self.foreign() {
            return Err(foreign);
        }
        let value_like =
            |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) || text.contains(':');
        match self.asked {
            Some(asked) if self.walk.offers(slot(asked), value_like) => self.compare(start, asked),
            Some(_) | None => Err(self.walk.unexpected()),
        }
    }

    /// The next word is one of those that are not known here.
    fn foreign(&self) -> Option<FilterError> {
        let (word, at) = self.walk.word()?;
        let (message, help) = if FOREIGN.contains(&word) {
            (
                format!("`{word}` is a word of tcpdump that is not known here"),
                self.walk.possible(),
            )
        } else if PANE_HEADS.iter().any(|key| key.word == word) {
            let help = "a device stands behind tcpdump's `-i`, and a namespace is entered before";
            let help = (word != "vxlan").then(|| help.to_owned());
            (format!("tcpdump has no word `{word}`"), help)
        } else {
            return None;
        };
        Some(FilterError { at, message, help })
    }

    /// Two conditions with nothing between them, or a word that is none.
    fn between(&self) -> FilterError {
        let word = self.walk.word().map(|(word, _)| word).unwrap_or_default();
        let known = HEADS.iter().chain(PANE_HEADS).any(|key| key.word == word);
        if known && word != ")" {
            FilterError {
                at: self.walk.place(),
                message: "this does not fit to what stands before it".to_owned(),
                help: Some("`and` or `or` stands between two conditions".to_owned()),
            }
        } else {
            self.walk.unexpected()
        }
    }
}

fn slot(asked: Asked) -> Slot {
    match asked {
        Asked::Ether(_) => Slot::Mac,
        Asked::Of(_, _, What::Host) => Slot::Address,
        Asked::Of(_, _, What::Net) => Slot::Net,
        Asked::Of(_, _, What::Port) => Slot::Port,
        Asked::Of(_, _, What::Ports) => Slot::Ports,
    }
}

fn family(kind: Kind) -> Option<Family> {
    match kind {
        Kind::Arp => Some(Family::Arp),
        Kind::Ip => Some(Family::Ip),
        Kind::Ip6 => Some(Family::Ip6),
        Kind::Icmp | Kind::Icmp6 | Kind::Tcp | Kind::Udp => None,
    }
}

fn transport(kind: Kind) -> Option<Transport> {
    match kind {
        Kind::Tcp => Some(Transport::Tcp),
        Kind::Udp => Some(Transport::Udp),
        Kind::Icmp | Kind::Icmp6 | Kind::Arp | Kind::Ip | Kind::Ip6 => None,
    }
}

/// What may stand behind a kind of packet.
fn fitting(kind: Kind) -> &'static [Key<What>] {
    let (addresses, ports) = WHATS.split_at(2);
    if family(kind).is_some() {
        addresses
    } else if transport(kind).is_some() {
        ports
    } else {
        &[]
    }
}

fn fits(kind: Kind, what: What) -> bool {
    fitting(kind).iter().any(|key| key.to == what)
}

fn fitting_sides(kind: Kind) -> &'static [Key<Side>] {
    if fitting(kind).is_empty() { &[] } else { SIDES }
}
