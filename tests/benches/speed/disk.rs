//! A probe of the disk, taken beside every measurement.

use std::{
    fs::File,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use crate::figures::median;

/// What making 4 KiB durable takes, in microseconds.
#[expect(clippy::disallowed_methods, reason = "it measures the disk")]
pub(crate) fn fdatasync_us(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("probe")).unwrap();
    let mut took: Vec<f64> = Vec::new();
    for _write in 0..20 {
        let start = Instant::now();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        took.push(start.elapsed().max(Duration::from_nanos(1)).as_secs_f64() * 1e6);
    }
    median(took)
}
