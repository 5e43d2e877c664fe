//! The load: wrk, posting the same message from a number of connections that each wait for the answer.

use std::{io::Write as _, process::Command};

/// What the callers saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) calls: f64,
}

/// The call that everybody is measured with.
pub(crate) const BODY: &str = r#"{"action": "send", "phone": "+14151231234", "text": "lorem ipsum"}"#;

/// How many seconds go by before anybody is measured.
pub(crate) const WARM_UP: u64 = 1;

/// Why the benchmark cannot run.
pub(crate) fn missing() -> Option<&'static str> {
    let missing = Command::new("wrk").arg("-v").output().is_err();
    missing.then_some("the benchmark needs wrk; get it with: apt-get install -y wrk")
}

/// Posts to the paths of a server in turn. Every answer must be a good one.
///
/// Nobody is measured in the first second: whoever did nothing for a while has lost its place in the caches to whoever was
/// measured in between, and on a virtual machine may find its memory slow to come back (10 µs a page were seen, for one that
/// was not touched for a second).
pub(crate) async fn load(base: &str, paths: &[String], connections: usize, seconds: u64) -> Measured {
    let (base, script) = (base.to_owned(), script(paths));
    let measured = tokio::task::spawn_blocking(move || {
        run(&base, &script, connections, WARM_UP);
        run(&base, &script, connections, seconds)
    });
    measured.await.unwrap()
}

fn run(base: &str, script: &str, connections: usize, seconds: u64) -> Measured {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    let (connections, seconds) = (connections.to_string(), format!("{seconds}s"));
    let output = Command::new("wrk")
        .args(["-t1", "-c", &connections, "-d", &seconds, "-s"])
        .arg(file.path())
        .arg(base)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let last = text.lines().last().unwrap_or_default();
    let figures: Vec<f64> = last.split(' ').filter_map(|figure| figure.parse().ok()).collect();
    let [per_second, p50_ms, p99_ms, calls, errors] = figures.as_slice() else { panic!("wrk said:\n{text}") };
    assert!(*per_second > 0.0 && *errors == 0.0, "not all calls were accepted:\n{text}");
    Measured { per_second: *per_second, p50_ms: *p50_ms, p99_ms: *p99_ms, calls: *calls }
}

fn script(paths: &[String]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| format!("'{path}'")).collect();
    format!(
        r"
wrk.method = 'POST'
wrk.body = '{BODY}'
wrk.headers['Content-Type'] = 'application/json'
local paths, requests, n = {{ {} }}, {{}}, 0
init = function(args)
  for i, path in ipairs(paths) do requests[i] = wrk.format(nil, path) end
end
request = function()
  n = n % #requests + 1
  return requests[n]
end
done = function(s, l, r)
  io.write(string.format('%f %f %f %d %d\n', s.requests / s.duration * 1e6, l:percentile(50) / 1000,
    l:percentile(99) / 1000, s.requests, s.errors.status + s.errors.read + s.errors.timeout))
end
",
        paths.join(", ")
    )
}
