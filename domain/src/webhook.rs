//! The incoming webhook: one secret URL per workspace.

pub mod answer;
