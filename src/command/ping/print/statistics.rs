//! The lines behind a ping's replies.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

/// Counts of one run of ping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Requests sent, or tried to be sent.
    pub transmitted: u64,
    /// Requests answered.
    pub received: u64,
    /// Further answers to a request already answered.
    pub duplicates: u64,
    /// ICMP errors about our requests.
    pub errors: u64,
    /// From the start until the last request was sent.
    pub elapsed: Duration,
    /// How many requests were under way at most when an answer came.
    pub pipe: u64,
    rtt: Option<Rtt>,
}

/// Round trips, microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rtt {
    min: u64,
    max: u64,
    sum: u64,
    squares: u128,
}

impl Statistics {
    /// Counts a round trip.
    pub fn time(&mut self, rtt: Duration) {
        let micros = u64::try_from(rtt.as_micros()).unwrap_or(u64::MAX);
        let square = u128::from(micros) * u128::from(micros);
        let old = self.rtt.unwrap_or(Rtt {
            min: micros,
            max: micros,
            sum: 0,
            squares: 0,
        });
        self.rtt = Some(Rtt {
            min: old.min.min(micros),
            max: old.max.max(micros),
            sum: old.sum.saturating_add(micros),
            squares: old.squares.saturating_add(square),
        });
    }

    /// The longest round trip so far.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.rtt.map_or(0, |rtt| rtt.max))
    }

    /// All of them, as ping prints them.
    pub fn print(&self, to: IpAddr) -> String {
        let mut text = format!(
            "\n--- {to} ping statistics ---\n{} packets transmitted, {} received",
            self.transmitted, self.received
        );
        if self.duplicates > 0 {
            let _ = write!(text, ", +{} duplicates", self.duplicates);
        }
        if self.errors > 0 {
            let _ = write!(text, ", +{} errors", self.errors);
        }
        if self.transmitted > 0 {
            let millis = (self.elapsed.as_micros() + 500) / 1000;
            let _ = write!(text, ", {}% packet loss, time {millis}ms", self.loss());
        }
        text.push('\n');
        let times = (self.received > 0)
            .then_some(self.rtt)
            .flatten()
            .map(|rtt| self.times(rtt));
        let pipe = (self.pipe > 1).then(|| format!("pipe {}", self.pipe));
        let last: Vec<String> = times.into_iter().chain(pipe).collect();
        text + &last.join(", ") + "\n"
    }

    /// Exit status of ping: 1 where nothing was answered.
    pub fn status(&self) -> u8 {
        u8::from(self.received == 0)
    }

    /// Per cent lost with up to six digits, as C's `%g` writes it.
    fn loss(&self) -> String {
        let lost = self.transmitted.saturating_sub(self.received);
        let total = u128::from(self.transmitted.max(1));
        let percent = u128::from(lost) * 100;
        let decimals: u32 = match percent / total {
            100.. => 3,
            10..100 => 4,
            1..10 => 5,
            0 => 6,
        };
        let scale = 10_u128.pow(decimals);
        let scaled = (percent * scale + total / 2) / total;
        let width = decimals as usize;
        let text = format!("{}.{:0width$}", scaled / scale, scaled % scale);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn times(&self, rtt: Rtt) -> String {
        let count = u128::from((self.received + self.duplicates).max(1));
        let sum = u128::from(rtt.sum);
        let variance = rtt.squares.saturating_sub(sum * sum / count) / count;
        let list = [
            u128::from(rtt.min),
            sum / count,
            u128::from(rtt.max),
            variance.isqrt(),
        ]
        .map(|micros| format!("{}.{:03}", micros / 1000, micros % 1000));
        format!("rtt min/avg/max/mdev = {} ms", list.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to() -> IpAddr {
        "10.0.0.1".parse().unwrap()
    }

    #[test]
    fn answered() {
        let mut run = Statistics {
            transmitted: 2,
            received: 2,
            elapsed: Duration::from_micros(201_600),
            pipe: 1,
            ..Statistics::default()
        };
        run.time(Duration::from_micros(12_356));
        run.time(Duration::from_micros(63));
        assert_eq!(
            run.print(to()),
            "\n--- 10.0.0.1 ping statistics ---\n\
             2 packets transmitted, 2 received, 0% packet loss, time 202ms\n\
             rtt min/avg/max/mdev = 0.063/6.209/12.356/6.146 ms\n"
        );
        assert_eq!(run.status(), 0);
    }

    #[test]
    fn refused() {
        let run = Statistics {
            transmitted: 3,
            errors: 3,
            elapsed: Duration::from_millis(2045),
            pipe: 3,
            ..Statistics::default()
        };
        assert_eq!(
            run.print(to()),
            "\n--- 10.0.0.1 ping statistics ---\n\
             3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2045ms\n\
             pipe 3\n"
        );
        assert_eq!(run.status(), 1);
    }

    #[test]
    fn loss_has_six_digits() {
        for (transmitted, received, text) in [
            (3, 1, "66.6667"),
            (3, 2, "33.3333"),
            (14, 13, "7.14286"),
            (4, 3, "25"),
            (1, 1, "0"),
            (7, 0, "100"),
            (1000, 999, "0.1"),
        ] {
            let run = Statistics {
                transmitted,
                received,
                ..Statistics::default()
            };
            assert_eq!(run.loss(), text);
        }
    }
}
