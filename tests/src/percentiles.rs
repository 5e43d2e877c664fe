//! How benches say how long something took.

use std::time::Duration;

/// Prints what half, nine in ten and 99 in 100 took at most.
pub fn print_percentiles(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    let (half, most, nearly_all) = (at(50), at(90), at(99));
    println!("{what:<22} p50 {half:>6.1} ms   p90 {most:>6.1} ms   p99 {nearly_all:>6.1} ms   ({} calls)", took.len());
}
