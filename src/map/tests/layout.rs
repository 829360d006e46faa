//! What holds of every picture.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Maker;
use crate::map::model::{End, Map};
use crate::map::plan::{Detail, Plan, Room, plan};
use crate::map::rows;
use crate::world::Ns;

/// Rooms as panes have them.
const ROOMS: [(u16, u16); 4] = [(40, 14), (61, 20), (76, 24), (131, 32)];

/// A namespace by its number; the first is the host.
fn name(number: usize) -> String {
    match number {
        0 => "host".to_owned(),
        other => format!("n{other:02}"),
    }
}

/// Up to 12 namespaces, cables between any two, some of the host's ends in a bridge.
fn topology() -> impl Strategy<Value = (usize, Vec<(usize, usize)>, Vec<bool>, bool)> {
    (0_usize..=12).prop_flat_map(|count| {
        let cable = (0..=count, 0..=count);
        (
            Just(count),
            prop::collection::vec(cable, 0..16),
            prop::collection::vec(any::<bool>(), 16),
            any::<bool>(),
        )
    })
}

fn make((count, cables, plugged, uplink): &(usize, Vec<(usize, usize)>, Vec<bool>, bool)) -> Maker {
    let mut maker = if *uplink {
        Maker::with_uplink()
    } else {
        Maker::new()
    };
    for number in 1..=*count {
        maker.space(&name(number), crate::map::Role::Named);
    }
    for (place, (near, far)) in cables.iter().enumerate() {
        let ends = (format!("a{place}"), format!("b{place}"));
        maker.cable((&name(*near), &ends.0), (&name(*far), &ends.1));
        if *near == 0 && plugged[place] {
            maker.bridge("host", "br0", &[&ends.0]);
        }
    }
    maker
}

fn planned(map: &Map, size: (u16, u16), seats: &[Option<Ns>]) -> Plan {
    let room = Room {
        size,
        detail: Detail::Addresses,
        seats,
    };
    plan(map, room)
}

/// Boxes lie beside each other and within the picture, and each device has one row.
fn boxes_are_apart(map: &Map, plan: &Plan) -> Result<(), TestCaseError> {
    prop_assert_eq!(plan.boxes.len(), map.spaces.len());
    for (place, one) in plan.boxes.iter().enumerate() {
        prop_assert!(one.x + one.width <= plan.width && one.y + one.height <= plan.height);
        for other in &plan.boxes[place + 1..] {
            let beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
            let below = one.y + one.height <= other.y || other.y + other.height <= one.y;
            prop_assert!(beside || below, "{one:?} {other:?}");
        }
        let devices = &map.spaces[one.space].devices;
        for (device, it) in devices.iter().enumerate() {
            let rows = one.rows.iter().filter(|(row, _)| row.device == device);
            prop_assert_eq!(
                rows.count(),
                usize::from(!rows::is_quiet(it)),
                "{}",
                it.name
            );
        }
        let mut free = one.y + 1;
        for (row, y) in &one.rows {
            prop_assert!(*y >= free, "rows overlap");
            free = y + row.height();
        }
        prop_assert!(free < one.y + one.height);
    }
    Ok(())
}

/// Every cable leads from device to device, outside of boxes, and runs along no other.
fn cables_are_apart(map: &Map, plan: &Plan) -> Result<(), TestCaseError> {
    let mut taken: BTreeMap<((u16, u16), bool), usize> = BTreeMap::new();
    for (place, (cable, routed)) in map.cables.iter().zip(&plan.cables).enumerate() {
        let cells = &routed.cells;
        prop_assert!(cells.len() >= 2, "{cable:?}");
        for (end, cell) in [
            (Some(cable.near), cells[0]),
            (cable.far, cells[cells.len() - 1]),
        ] {
            prop_assert_eq!(end.map(|end| at_row(plan, end, cell)), end.map(|_| true));
        }
        for (x, y) in &cells[1..cells.len() - 1] {
            let within = plan.boxes.iter().any(|one| {
                (one.x..one.x + one.width).contains(x) && (one.y..one.y + one.height).contains(y)
            });
            prop_assert!(!within, "cable {place} runs through a box at {x},{y}");
        }
        for pair in cells.windows(2) {
            let across = pair[0].1 == pair[1].1;
            let step = u16::abs_diff(pair[0].0, pair[1].0) + u16::abs_diff(pair[0].1, pair[1].1);
            prop_assert_eq!(step, 1);
            // The border's own cell belongs to both of a row's sides.
            let from = pair[0].min(pair[1]);
            let other = taken.insert((from, across), place);
            prop_assert!(other.is_none(), "{place} and {other:?} share {from:?}");
        }
    }
    Ok(())
}

/// Is that cell on the border of the device's box, in its row?
fn at_row(plan: &Plan, end: End, (x, y): (u16, u16)) -> bool {
    plan.boxes
        .iter()
        .filter(|one| one.space == end.space)
        .any(|one| {
            let border = x == one.x || x + 1 == one.x + one.width;
            let row = one
                .rows
                .iter()
                .any(|(row, at)| row.device == end.device && *at == y);
            border && row
        })
}

proptest! {
    #[test]
    fn nothing_overlaps(topology in topology(), size in prop::sample::select(ROOMS.to_vec())) {
        let map = make(&topology).done();
        let plan = planned(&map, size, &[]);
        boxes_are_apart(&map, &plan)?;
        cables_are_apart(&map, &plan)?;
    }

    #[test]
    fn nobody_moves_when_somebody_comes(
        topology in topology(),
        size in prop::sample::select(ROOMS.to_vec()),
        left in prop::sample::select((0_usize..12).collect::<Vec<_>>()),
        first in any::<bool>(),
    ) {
        let mut seats: Vec<Option<Ns>> = (1..=topology.0).map(|it| Some(Ns::Named(name(it)))).collect();
        // Somebody has left, and the one who comes takes the seat; or sits behind all others.
        let newcomer = Ns::Named(if first { "a" } else { "z" }.to_owned());
        let before = planned(&make(&topology).done(), size, &{
            let mut seats = seats.clone();
            seats.insert(left.min(seats.len()), None);
            seats
        });
        let mut maker = make(&topology);
        maker.cable(("host", "new"), (newcomer.name(), "eth0"));
        seats.insert(left.min(seats.len()), Some(newcomer));
        let after = planned(&maker.done(), size, &seats);
        for one in &before.boxes {
            let there = after.boxes.iter().find(|other| other.space == one.space);
            let place = there.map(|there| (there.column, there.y));
            prop_assert_eq!(place, Some((one.column, one.y)));
        }
    }
}
