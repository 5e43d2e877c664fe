//! The two shapes in which everything must work the same.

/// How the program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One `nhip serve` with its worker inside, on SQLite.
    Embedded,
    /// Several `nhip serve --no-worker` and several `nhip-worker`, on PostgreSQL and Redis.
    ScaledOut,
}
