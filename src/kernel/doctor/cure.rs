//! The line that helps where a kernel lacks what a lesson needs.

use std::fs;

use crate::lesson::Need;

/// A container that keeps `/proc/sys` from being written.
pub const OPEN_PROC: &str =
    "In a container, /proc/sys has to be writable: docker run --privileged …";

/// What helps where `need` fails for the reason `why`.
pub fn cure(need: Need, why: &str) -> String {
    if why.ends_with("not permitted") || why.ends_with("denied") {
        return "In a container, run it with: docker run --privileged …".to_owned();
    }
    let Some((module, option)) = module(need) else {
        return "This kernel was built without it.".to_owned();
    };
    if is_installed(module) {
        format!("Load its module: sudo modprobe {module}")
    } else {
        format!(
            "This kernel has no module {module} (CONFIG_{option}). Distributions put it in a \
             package beside their smallest kernel, such as linux-modules-extra-$(uname -r)."
        )
    }
}

/// The module that brings it, and the option that builds that; packet and ICMP sockets have none
/// that could be loaded separately.
fn module(need: Need) -> Option<(&'static str, &'static str)> {
    match need {
        Need::Veth => Some(("veth", "VETH")),
        Need::Bridge => Some(("bridge", "BRIDGE")),
        Need::Nat => Some(("nft_chain_nat", "NFT_NAT")),
        Need::Conntrack => Some(("nf_conntrack_netlink", "NF_CT_NETLINK")),
        Need::Capture => Some(("af_packet", "PACKET")),
        Need::Vxlan => Some(("vxlan", "VXLAN")),
        Need::Macvlan => Some(("macvlan", "MACVLAN")),
        Need::Icmp => None,
    }
}

/// Does this kernel have the module on disk (`modules.dep(5)`)?
fn is_installed(module: &str) -> bool {
    let Ok(uname) = nix::sys::utsname::uname() else {
        return false;
    };
    let release = uname.release().to_string_lossy();
    let list = fs::read_to_string(format!("/lib/modules/{release}/modules.dep"));
    list.is_ok_and(|list| lists(&list, module))
}

/// `kernel/drivers/net/veth.ko.zst: …`; a `-` in a file's name is a `_` in the module's.
fn lists(list: &str, module: &str) -> bool {
    list.lines().any(|line| {
        let path = line.split(':').next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default();
        let name = file.split(".ko").next().unwrap_or_default();
        name.replace('-', "_") == module
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_in_the_list() {
        let list = "kernel/drivers/net/veth.ko.zst:\n\
                    kernel/net/netfilter/nft-chain-nat.ko: kernel/net/netfilter/nf_nat.ko\n";
        assert!(lists(list, "veth"));
        assert!(lists(list, "nft_chain_nat"));
        assert!(!lists(list, "nf_nat"));
        assert!(!lists(list, "eth"));
    }

    #[test]
    fn a_refusal_is_not_a_missing_module() {
        assert!(cure(Need::Veth, "Operation not permitted").contains("container"));
        assert!(cure(Need::Veth, "this kernel has no such thing").contains("veth"));
    }
}
