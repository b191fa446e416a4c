//! One measurement: how many, how fast, at what cost.

use std::fs;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What came of one measurement.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Operations done.
    pub operations: u64,
    /// From the first to the end of the last.
    pub seconds: f64,
    /// Operations per second.
    pub per_second: f64,
    /// Milliseconds within which half of the operations were answered.
    pub p50: f64,
    /// 99 of 100.
    pub p99: f64,
    /// 999 of 1000.
    pub p999: f64,
    /// Milliseconds of processor time per operation, all threads, in user and kernel mode.
    pub cpu: f64,
    /// Most memory that the process had meanwhile, in MiB, where the system tells.
    pub peak_mib: Option<f64>,
}

/// Measures from its making on.
pub struct Meter {
    started: Instant,
    cpu: Duration,
}

impl Meter {
    pub fn start() -> Self {
        reset_peak();
        Self {
            cpu: processor_time(),
            started: Instant::now(),
        }
    }

    /// Ends the measurement. `took`: the latency of each operation in microseconds.
    pub fn end(self, mut took: Vec<u32>) -> Sample {
        let seconds = self.started.elapsed().as_secs_f64();
        let cpu = processor_time().saturating_sub(self.cpu).as_secs_f64();
        let operations = took.len() as u64;
        let count = (operations as f64).max(1.0);
        took.sort_unstable();
        Sample {
            operations,
            seconds,
            per_second: operations as f64 / seconds,
            p50: quantile(&took, 500),
            p99: quantile(&took, 990),
            p999: quantile(&took, 999),
            cpu: cpu * 1000.0 / count,
            peak_mib: peak(),
        }
    }
}

/// The value in milliseconds that so many of 1000 do not exceed.
fn quantile(sorted: &[u32], of_thousand: usize) -> f64 {
    let rank = (sorted.len() * of_thousand).div_ceil(1000).max(1);
    sorted
        .get(rank - 1)
        .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// Linux forgets the peak when asked; elsewhere, and where it is forbidden, it stays that of the
/// whole run.
fn reset_peak() {
    let _asked = fs::write("/proc/self/clear_refs", "5");
}

fn peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let thousand: Vec<u32> = (1..=1000).map(|number| number * 1000).collect();
        let few = [1000, 2000, 3000];
        for (sorted, of_thousand, expected) in [
            (&thousand[..], 500, 500.0),
            (&thousand[..], 990, 990.0),
            (&thousand[..], 999, 999.0),
            (&few[..], 500, 2.0),
            (&few[..], 990, 3.0),
            (&[][..], 990, 0.0),
        ] {
            assert_eq!(quantile(sorted, of_thousand), expected);
        }
    }
}
