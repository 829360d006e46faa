//! Which routes `ip route show` and `ip route flush` mean.

use ipnet::IpNet;

use super::{Select, ShowRoutes, Table, family_of};
use crate::command::Family;
use crate::command::request::device;
use crate::command::task::Refusal;
use crate::world::Space;
use crate::world::route::Route;

const MAIN: u32 = 254;

impl ShowRoutes {
    /// The routes that are meant, in the kernel's order, IPv4 before IPv6.
    ///
    /// # Errors
    /// The device does not exist.
    pub(super) fn chosen<'a>(&self, known: &'a Space) -> Result<Vec<&'a Route>, Refusal> {
        let dev = match &self.dev {
            Some(name) => Some(device(known, name)?),
            None => None,
        };
        let (four, six): (Vec<_>, Vec<_>) = known
            .routes
            .iter()
            .filter(|row| dev.is_none() || row.dev == dev)
            .filter(|row| self.wants(row))
            .partition(|row| matches!(row.dst, IpNet::V4(_)));
        Ok(four.into_iter().chain(six).collect())
    }

    fn wants(&self, row: &Route) -> bool {
        self.wants_family(family_of(row.dst.addr()))
            && match self.table {
                None => row.table == MAIN,
                Some(Table::Id(id)) => row.table == id,
                Some(Table::All) => true,
            }
            && self.dst.is_none_or(|dst| self.wants_dst(dst, row.dst))
            && self.via.is_none_or(|via| row.via == Some(via))
            && self.proto.is_none_or(|proto| row.proto == proto)
            && self.scope.is_none_or(|scope| row.scope == scope)
    }

    /// One table is one of IPv4 unless said; all tables are those of both families.
    fn wants_family(&self, family: Family) -> bool {
        match (self.view.family, self.table) {
            (Some(wanted), _) => wanted == family,
            (None, Some(Table::All)) => true,
            (None, None | Some(Table::Id(_))) => family == Family::V4,
        }
    }

    /// `default` says nothing of the family.
    fn wants_dst(&self, wanted: IpNet, dst: IpNet) -> bool {
        if wanted.prefix_len() == 0 {
            let same_family = wanted.addr().is_ipv4() || dst.addr().is_ipv6();
            return same_family && (self.select == Select::Root || dst.prefix_len() == 0);
        }
        let wanted = wanted.trunc();
        match self.select {
            Select::Exact => dst == wanted,
            Select::Root => wanted.contains(&dst),
            Select::Match => dst.contains(&wanted),
        }
    }
}
