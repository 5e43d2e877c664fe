//! Servers in processes of their own, so that what each costs can be read from the system.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child as Process, Command, Stdio},
};

/// A server that ends with this value.
pub(crate) struct Child {
    process: Process,
    /// Where it listens: `http://…`.
    pub(crate) base: String,
}

impl Child {
    /// Starts this program again, as one of its servers.
    pub(crate) fn serve(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut process = Command::new(program).arg("serve").args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, base: line.trim().to_owned() }
    }

    /// The processor time that it has taken so far, in microseconds.
    pub(crate) fn cpu_us(&self) -> f64 {
        cpu_us(&self.process.id().to_string())
    }
}

/// The processor time that a process has taken so far, in microseconds.
pub(crate) fn cpu_us(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The command's name, in parentheses, may hold spaces.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks * 10_000.0
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}
