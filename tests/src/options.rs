//! How an app is started.

use std::collections::BTreeMap;

use crate::{Shape, TestApp};

/// What a story wants other than usual.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) shape: Shape,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) demo: bool,
    pub(crate) apis: usize,
    pub(crate) workers: usize,
    pub(crate) own_postgres: bool,
    pub(crate) proxy: Option<u64>,
}

impl Options {
    /// A brisk pace, so that stories are short, and everything logged, so that secrets would show.
    pub fn new(shape: Shape) -> Self {
        let settings = [("NHIP_PACE_FLOOR_MS", "20"), ("NHIP_PACE_MIN_MS", "40"), ("NHIP_PACE_MAX_MS", "80")];
        let settings = settings.into_iter().chain([("NHIP_LOG", "debug"), ("NHIP_SIGNUP_CREDITS", "1000")]);
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { shape, settings, demo: false, apis: 2, workers: 2, own_postgres: false, proxy: None }
    }

    /// What a new workspace has.
    #[must_use]
    pub fn credits(self, credits: u32) -> Self {
        self.set("NHIP_SIGNUP_CREDITS", &credits.to_string())
    }

    /// Any setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Everyone's pace, in milliseconds.
    #[must_use]
    pub fn pace(self, min: u32, max: u32) -> Self {
        let (min, max) = (min.to_string(), max.to_string());
        self.set("NHIP_PACE_FLOOR_MS", &min).set("NHIP_PACE_MIN_MS", &min).set("NHIP_PACE_MAX_MS", &max)
    }

    /// The pace that everyone has who sets none.
    #[must_use]
    pub fn default_pace(mut self) -> Self {
        self.settings.retain(|name, _| !name.starts_with("NHIP_PACE"));
        self
    }

    /// With the demo's workspace.
    #[must_use]
    pub fn demo(mut self) -> Self {
        self.demo = true;
        self
    }

    /// How many processes answer callers, scaled out.
    #[must_use]
    pub fn apis(mut self, count: usize) -> Self {
        self.apis = count;
        self
    }

    /// How many processes send, scaled out.
    #[must_use]
    pub fn workers(mut self, count: usize) -> Self {
        self.workers = count;
        self
    }

    /// On a PostgreSQL of its own, which the story may crash.
    #[must_use]
    pub fn own_postgres(mut self) -> Self {
        self.own_postgres = true;
        self
    }

    /// The same, through a proxy that cuts connections.
    #[must_use]
    pub fn proxied(mut self, seed: u64) -> Self {
        self.proxy = Some(seed);
        self.own_postgres()
    }

    pub async fn start(self) -> TestApp {
        TestApp::start_with(self).await
    }
}
