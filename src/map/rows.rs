//! The rows of a box: its devices, a bridge's ports below it, and their addresses.

use unicode_width::UnicodeWidthStr;

use super::model::{Device, Kind, Space};
use super::plan::Detail;

/// A device's row, and those below it that tell more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Its place in the namespace.
    pub(super) device: usize,
    /// Is it plugged into the bridge above it?
    pub(super) port: bool,
    /// Is it the first of those that stay together: a bridge and its ports, or a device alone?
    pub(super) first: bool,
    /// Its addresses.
    pub(super) addresses: Vec<String>,
}

impl Row {
    /// So many rows of the picture.
    pub(super) fn height(&self) -> u16 {
        1 + u16::try_from(self.addresses.len()).unwrap_or(u16::MAX / 2)
    }
}

/// The rows of `space`: devices by ifindex, and the ports of a bridge below it. The loopback, of which
/// no cable leads, comes last.
pub(super) fn rows(space: &Space, detail: Detail) -> Vec<Row> {
    let mut rows = Vec::new();
    let devices = space.devices.iter().enumerate();
    let (loopback, others): (Vec<_>, Vec<_>) =
        devices.partition(|(_, device)| device.kind == Kind::Loopback);
    for (place, device) in others.into_iter().chain(loopback) {
        if is_quiet(device) || master(space, device).is_some() {
            continue;
        }
        rows.push(row(place, device, detail, false));
        let ports = space.devices.iter().enumerate();
        let ports = ports.filter(|(_, port)| master(space, port) == Some(place));
        rows.extend(ports.map(|(port, device)| row(port, device, detail, true)));
    }
    rows
}

fn row(place: usize, device: &Device, detail: Detail, port: bool) -> Row {
    Row {
        device: place,
        port,
        first: !port,
        addresses: match detail {
            Detail::Names | Detail::States => Vec::new(),
            Detail::Addresses => (device.addresses.iter())
                .skip(usize::from(device.kind == Kind::Loopback))
                .cloned()
                .chain(far_end(device))
                .collect(),
        },
    }
}

fn on_loopback(device: &Device) -> Option<String> {
    let first = device.addresses.first();
    first.filter(|_| device.kind == Kind::Loopback).cloned()
}

/// The other end of a tunnel.
fn far_end(device: &Device) -> Option<String> {
    let Kind::Vxlan(_, Some(remote)) = &device.kind else {
        return None;
    };
    Some(format!("to {remote}"))
}

/// The device that it is plugged into. Only one step: a bridge that is a port itself stands alone.
fn master(space: &Space, device: &Device) -> Option<usize> {
    let place = device.master?;
    let master = space.devices.get(place)?;
    (master.master.is_none() && !is_quiet(master)).then_some(place)
}

/// A loopback with nothing worth a row: it stands in the box's lower border.
pub(super) fn is_quiet(device: &Device) -> bool {
    device.kind == Kind::Loopback && device.addresses.is_empty()
}

/// What is said behind a device's name; of the loopback also its first address, as its name is
/// short.
pub(super) fn words(device: &Device, detail: Detail) -> Vec<String> {
    match detail {
        Detail::Names => Vec::new(),
        Detail::States | Detail::Addresses => (device.word().into_iter())
            .chain(device.trouble().map(str::to_owned))
            .chain(on_loopback(device).filter(|_| detail == Detail::Addresses))
            .collect(),
    }
}

/// Columns that a box needs within its borders to show everything.
pub(super) fn width(space: &Space, detail: Detail) -> usize {
    let name = space.name.width() + 4;
    let rows = rows(space, detail);
    let rows = rows.iter().filter_map(|row| {
        let device = space.devices.get(row.device)?;
        let words = words(device, detail);
        let said: usize = words.iter().map(|word| word.width() + 1).sum();
        let head = 1 + 2 * usize::from(row.port) + device.name.width() + said;
        let below = row.addresses.iter().map(|address| address.width() + 1);
        below.chain([head]).max()
    });
    rows.chain([name]).max().unwrap_or(0)
}
