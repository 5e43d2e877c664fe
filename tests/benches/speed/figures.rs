//! Medians, and the tables they are printed in.

/// How many rounds: 5, or what `NHIP_BENCH_ROUNDS` says.
pub(crate) fn rounds() -> usize {
    std::env::var("NHIP_BENCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5)
}

/// The middle one.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What `share` of the figures do not exceed.
pub(crate) fn percentile(figures: &mut [f64], share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    let rank = ((figures.len() as f64 * share).ceil() as usize).clamp(1, figures.len().max(1));
    figures.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// One line of the table of targets: a ratio of two medians, and what it should be.
pub(crate) fn ratio(what: &str, ours: f64, theirs: f64, gate: &str, target: &str) {
    line(what, ours, theirs, ours / theirs, gate, target);
}

/// The same for two that differ by less than the machine does from minute to minute: the median of the ratios, each of two
/// figures that were measured one right after the other.
pub(crate) fn paired(what: &str, pairs: &[[f64; 2]], gate: &str, target: &str) {
    let [ours, theirs] = [0, 1].map(|side| median(pairs.iter().map(|pair| pair[side]).collect()));
    line(what, ours, theirs, median(pairs.iter().map(|[ours, theirs]| ours / theirs).collect()), gate, target);
}

fn line(what: &str, ours: f64, theirs: f64, ratio: f64, gate: &str, target: &str) {
    println!("{what:<54} | {ours:>10.2} | {theirs:>10.2} | {ratio:>6.2} | {gate:>6} | {target:>6}");
}

/// The head of that table.
pub(crate) fn ratios() {
    println!("{:<54} | {:>10} | {:>10} | {:>6} | {:>6} | {:>6}", "", "ours", "theirs", "ratio", "gate", "target");
}
