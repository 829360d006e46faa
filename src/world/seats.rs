//! Who sits where: the order in which namespaces came.

use super::Ns;

/// Places of the named namespaces; one that was left stays empty until somebody new takes it.
pub type Seats = Vec<Option<Ns>>;

/// Seats those of `present` that have no seat yet, and frees the seats of those that have gone.
/// Nobody else moves.
pub fn seat<'a>(seats: &mut Seats, present: impl Iterator<Item = &'a Ns> + Clone) {
    for place in seats.iter_mut() {
        if place
            .as_ref()
            .is_some_and(|ns| !present.clone().any(|other| other == ns))
        {
            *place = None;
        }
    }
    for ns in present.filter(|ns| matches!(ns, Ns::Named(_))) {
        if seats.iter().flatten().any(|seated| seated == ns) {
            continue;
        }
        match seats.iter_mut().find(|place| place.is_none()) {
            Some(free) => *free = Some(ns.clone()),
            None => seats.push(Some(ns.clone())),
        }
    }
    while seats.last().is_some_and(Option::is_none) {
        seats.pop();
    }
}
