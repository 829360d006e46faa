//! IGMP (RFC 2236, RFC 3376), which hosts speak when they join a group.

use super::{Cut, Layer, Line};

impl Line<'_> {
    /// An IGMP message.
    pub(super) fn igmp(&mut self, igmp: Layer<'_>) -> Result<(), Cut> {
        match igmp.u8(0)? {
            0x11 => self.query(igmp)?,
            0x12 => {
                self.say(format_args!("igmp v1 report {}", igmp.v4(4)?));
                if igmp.length != 8 {
                    self.say(format_args!(" [len {}]", igmp.length));
                }
            }
            0x16 => self.say(format_args!("igmp v2 report {}", igmp.v4(4)?)),
            0x17 => self.say(format_args!("igmp leave {}", igmp.v4(4)?)),
            0x22 => {
                self.out += "igmp v3 report";
                if igmp.length < 16 || !igmp.length.is_multiple_of(4) {
                    self.say(format_args!(" [invalid len {}]", igmp.length));
                } else {
                    self.say(format_args!(", {} group record(s)", igmp.u16(6)?));
                }
            }
            kind => self.say(format_args!("igmp-{kind}")),
        }
        Ok(())
    }

    fn query(&mut self, igmp: Layer<'_>) -> Result<(), Cut> {
        self.out += "igmp query";
        if igmp.length < 12 {
            let delay = igmp.u8(1)?;
            self.out += if delay == 0 { " v1" } else { " v2" };
            if delay != 0 && delay != 100 {
                self.say(format_args!(" [max resp time {delay}]"));
            }
            let group = igmp.v4(4)?;
            if !group.is_unspecified() {
                self.say(format_args!(" [gaddr {group}]"));
            }
            if igmp.length != 8 {
                self.say(format_args!(" [len {}]", igmp.length));
            }
            return Ok(());
        }
        self.out += " v3";
        let delay = igmp.u8(1)?;
        if delay < 128 && delay != 100 {
            self.say(format_args!(
                " [max resp time {}.{}s]",
                delay / 10,
                delay % 10
            ));
        }
        let group = igmp.v4(4)?;
        if !group.is_unspecified() {
            self.say(format_args!(" [gaddr {group}]"));
        }
        Ok(())
    }
}
