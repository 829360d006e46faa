//! A packet that is larger than a link on its way carries.

use super::forwarding::capital;
use super::segment::Path;
use super::walk::Walk;
use crate::trace::{Cause, Diagnosis};
use crate::world::cable::End;
use crate::world::link::LinkKind;

/// A device takes in a frame that is longer than its MTU by no more than a VLAN tag
/// (`__is_skb_forwardable` of `linux/netdevice.h`).
const TAG: usize = 4;

impl Walk<'_> {
    /// The packet fits through the device that this namespace sends it by, or may be cut into
    /// pieces that do.
    pub fn fits(&mut self, out: &End) -> Result<(), Diagnosis> {
        let Some(length) = self.packet.length else {
            return Ok(());
        };
        let mtu = self.mtu(out);
        if length <= mtu {
            return Ok(());
        }
        if !self.packet.whole && self.packet.dst.is_ipv4() {
            self.packet.length = Some(mtu);
            return Ok(());
        }
        if self.arrives || self.scene.trail.left_by(self.packet.leg, out) {
            return Ok(());
        }
        Err(self.too_big(out, Some(length)))
    }

    /// A packet that must not be cut does not fit through `out`.
    pub fn too_big(&self, out: &End, length: Option<usize>) -> Diagnosis {
        let scene = self.scene;
        let mtu = self.mtu(out);
        let length = length.map(|length| format!("It has {length} bytes, but "));
        let sentence = format!(
            "{} is too big for {}. {}packets of more than {mtu} bytes (its MTU) do not pass there, \
             and this one must not be cut into pieces (DF).",
            capital(&self.packet.called()),
            scene.place(out),
            length.unwrap_or_else(|| "It says so: ".to_owned()),
        );
        scene
            .at(Cause::TooBig, out, sentence)
            .shown_by([self.mtu_line(out)])
    }

    /// Every device on the way to the next namespace carries it. Switches and cables cut nothing
    /// into pieces and send no errors: what is too long is gone.
    pub fn passes_links(&self, path: &Path) -> Result<(), Diagnosis> {
        let Some(length) = self.packet.length else {
            return Ok(());
        };
        let tunnels = path.tunnels(self.scene);
        let small = path.ends.iter().skip(1).find(|end| {
            let is_cable = self
                .scene
                .link(end)
                .is_some_and(|link| link.kind == LinkKind::Veth);
            let carries = is_cable || tunnels.iter().any(|(near, _)| near == *end);
            carries && length > self.mtu(end) + TAG
        });
        let Some(small) = small else { return Ok(()) };
        let scene = self.scene;
        let first = &path.ends[0];
        let sentence = format!(
            "{} has {length} bytes and leaves by {}, whose MTU is {}. On its way it meets {}, whose \
             MTU is only {}: a frame that is too long is thrown away there without a word.",
            capital(&self.packet.called()),
            scene.place(first),
            self.mtu(first),
            scene.place(small),
            self.mtu(small)
        );
        let lines = [self.mtu_line(first), self.mtu_line(small)];
        Err(scene.at(Cause::TooBig, small, sentence).shown_by(lines))
    }

    fn mtu(&self, end: &End) -> usize {
        let link = self.scene.link(end);
        link.map_or(usize::MAX, |link| link.mtu as usize)
    }

    fn mtu_line(&self, end: &End) -> String {
        format!(
            "{}: link {} has mtu {}",
            end.ns,
            self.scene.name(end),
            self.mtu(end)
        )
    }
}
