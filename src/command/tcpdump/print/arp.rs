//! ARP (RFC 826).

use super::layer::hardware;
use super::{Cut, Layer, Line};

/// Fixed part, bytes.
const FIXED: usize = 8;
/// The only protocol that ARP finds hardware addresses for.
const IPV4: u16 = 0x0800;

impl Line<'_> {
    /// An ARP message.
    pub(super) fn arp(&mut self, arp: Layer<'_>) -> Result<(), Cut> {
        let [
            kind_high,
            kind_low,
            pro_high,
            pro_low,
            hard,
            soft,
            op_high,
            op_low,
        ] = arp.array::<FIXED>(0)?;
        let protocol = u16::from_be_bytes([pro_high, pro_low]);
        let (hard, soft) = (usize::from(hard), usize::from(soft));
        let [sender_mac, sender, target_mac, target] =
            [0, hard, hard + soft, 2 * hard + soft].map(|offset| FIXED + offset);
        arp.slice(target, soft)?;
        if !self.link_header {
            self.out += "ARP, ";
        }
        let length = arp.length;
        if protocol != IPV4 || soft != 4 || hard == 0 {
            let kind = hardware_name(u16::from_be_bytes([kind_high, kind_low]));
            let protocol = protocol_name(protocol);
            self.say(format_args!(
                "{kind} (len {hard}), {protocol} (len {soft}), length {length}"
            ));
            return Ok(());
        }
        let mac = |at| arp.slice(at, hard).map(hardware);
        let (asked, asking) = (arp.v4(target)?, arp.v4(sender)?);
        match u16::from_be_bytes([op_high, op_low]) {
            1 => {
                let known = arp.slice(target_mac, hard)?;
                let known = if known.iter().all(|byte| *byte == 0) {
                    String::new()
                } else {
                    format!(" ({})", hardware(known))
                };
                self.say(format_args!("Request who-has {asked}{known} tell {asking}"));
            }
            2 => self.say(format_args!("Reply {asking} is-at {}", mac(sender_mac)?)),
            3 => self.say(format_args!(
                "Reverse Request who-is {} tell {}",
                mac(target_mac)?,
                mac(sender_mac)?
            )),
            4 => self.say(format_args!(
                "Reverse Reply {} at {asked}",
                mac(target_mac)?
            )),
            op => {
                self.say(format_args!("Unknown ({op}) "));
                self.dump(arp.bytes);
                return Ok(());
            }
        }
        self.say(format_args!(", length {length}"));
        Ok(())
    }
}

/// Hardware types (`linux/if_arp.h`) that a virtual device may have.
fn hardware_name(kind: u16) -> String {
    match kind {
        1 => "Ethernet".to_owned(),
        6 => "TokenRing".to_owned(),
        7 => "ArcNet".to_owned(),
        32 => "InfiniBand".to_owned(),
        other => format!("Unknown Hardware ({other})"),
    }
}

fn protocol_name(protocol: u16) -> String {
    match protocol {
        IPV4 => "IPv4".to_owned(),
        0x86dd => "IPv6".to_owned(),
        other => format!("Unknown Protocol (0x{other:04x})"),
    }
}
