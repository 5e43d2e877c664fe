//! Spans: what takes its time within a process, for whoever collects traces.

/// The target of every span. Logs leave it out, and where nobody collects traces, spans cost nothing.
pub const SPAN: &str = "nhip_span";
