//! Names of ports, for a listing without `-n`: those of services(5) that a learner meets.

use super::Proto;

/// Number, and name for TCP and for UDP where it has one.
const SERVICES: [(u16, Option<&str>, Option<&str>); 31] = [
    (7, Some("echo"), Some("echo")),
    (9, Some("discard"), Some("discard")),
    (13, Some("daytime"), Some("daytime")),
    (19, Some("chargen"), Some("chargen")),
    (20, Some("ftp-data"), None),
    (21, Some("ftp"), None),
    (22, Some("ssh"), None),
    (23, Some("telnet"), None),
    (25, Some("smtp"), None),
    (37, Some("time"), Some("time")),
    (53, Some("domain"), Some("domain")),
    (67, None, Some("bootps")),
    (68, None, Some("bootpc")),
    (69, None, Some("tftp")),
    (80, Some("http"), None),
    (88, Some("kerberos"), Some("kerberos")),
    (110, Some("pop3"), None),
    (111, Some("sunrpc"), Some("sunrpc")),
    (123, None, Some("ntp")),
    (143, Some("imap2"), None),
    (161, Some("snmp"), Some("snmp")),
    (179, Some("bgp"), None),
    (389, Some("ldap"), Some("ldap")),
    (443, Some("https"), Some("https")),
    (514, Some("shell"), Some("syslog")),
    (631, Some("ipp"), None),
    (993, Some("imaps"), None),
    (1194, Some("openvpn"), Some("openvpn")),
    (3306, Some("mysql"), None),
    (5432, Some("postgresql"), None),
    (8080, Some("http-alt"), None),
];

/// The name of a port of this protocol.
pub fn service(proto: Proto, port: u16) -> Option<&'static str> {
    let (_, tcp, udp) = SERVICES.into_iter().find(|it| it.0 == port)?;
    match proto {
        Proto::Tcp => tcp,
        Proto::Udp => udp,
        Proto::Icmp | Proto::Other(_) => None,
    }
}
