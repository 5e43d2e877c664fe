//! Which handler answers a path.

use super::reference::Part;

/// What the paths of the dashboard's pages begin with: the folders and files of `web/src/routes`.
const PAGES: [&str; 8] = ["", "index.html", "login", "signup", "invitation", "reset-password", "settings", "w"];

/// The one table of routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The incoming webhook; everything under `/webhook`, so that even garbage is answered in its own shape.
    Webhook {
        /// What stands where the token should, as it came.
        token: String,
    },
    /// Meta's callbacks for an account.
    CloudCallback {
        /// What stands where the account's id should.
        account: String,
    },
    /// The admin API.
    Graphql,
    /// Its subscriptions.
    GraphqlSocket,
    /// Whether the process is alive.
    Health,
    /// Whether it can do its work.
    Ready,
    /// The webhook's reference.
    Reference(Part),
    /// A page of the dashboard, which routes by itself.
    Page,
    /// One of the dashboard's files.
    File {
        /// Its path in `web/dist`.
        path: String,
    },
    /// Nothing.
    Unknown,
}

impl Route {
    /// The route of a path, without its query.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path {
            "/graphql" => Self::Graphql,
            "/graphql/ws" => Self::GraphqlSocket,
            "/healthz" => Self::Health,
            "/readyz" => Self::Ready,
            "/favicon.svg" | "/before-paint.js" => Self::File { path: path.trim_start_matches('/').to_owned() },
            "/docs" => Self::Reference(Part::Page),
            "/docs/docs.css" => Self::Reference(Part::Style),
            "/docs/docs.js" => Self::Reference(Part::Script),
            "/openapi.json" => Self::Reference(Part::Openapi),
            "/webhook" => Self::Webhook { token: String::new() },
            _ => Self::below(path),
        }
    }

    fn below(path: &str) -> Self {
        if let Some(rest) = path.strip_prefix("/webhook/") {
            return Self::Webhook { token: rest.strip_suffix('/').unwrap_or(rest).to_owned() };
        }
        if let Some(rest) = path.strip_prefix("/whatsapp/cloud/") {
            return Self::CloudCallback { account: rest.strip_suffix('/').unwrap_or(rest).to_owned() };
        }
        if path.starts_with("/assets/") {
            return Self::File { path: path.trim_start_matches('/').to_owned() };
        }
        let first = path.strip_prefix('/').map(|rest| rest.split('/').next().unwrap_or(rest));
        match first {
            Some(first) if path != "//" && PAGES.contains(&first) => Self::Page,
            _ => Self::Unknown,
        }
    }

    /// How logs and metrics call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::CloudCallback { .. } => "cloud_callback",
            Self::Graphql => "graphql",
            Self::GraphqlSocket => "graphql_ws",
            Self::Health => "healthz",
            Self::Ready => "readyz",
            Self::Reference(_) => "reference",
            Self::Page => "page",
            Self::File { .. } => "file",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_after_the_token_is_accepted() {
        let token = |path| match Route::of(path) {
            Route::Webhook { token } => token,
            other => panic!("{other:?}"),
        };
        assert_eq!(token("/webhook/abc"), "abc");
        assert_eq!(token("/webhook/abc/"), "abc");
        assert_eq!(token("/webhook/abc//"), "abc/");
        assert_eq!(token("/webhook/"), "");
        assert_eq!(token("/webhook/a/b"), "a/b");
    }

    #[test]
    fn the_dashboards_pages_are_told_from_its_files() {
        for path in ["/", "/login", "/w/0199/messages/wa_backend:3EB0", "/settings/profile"] {
            assert_eq!(Route::of(path), Route::Page, "{path}");
        }
        assert_eq!(Route::of("/assets/index-x.js"), Route::File { path: "assets/index-x.js".to_owned() });
        assert_eq!(Route::of("/favicon.svg"), Route::File { path: "favicon.svg".to_owned() });
    }

    #[test]
    fn a_paths_case_and_ending_matter() {
        for path in ["/GraphQL", "/graphql/", "/webhooks/abc", "/healthz/", "/docs/x", "//", ""] {
            assert_eq!(Route::of(path), Route::Unknown, "{path}");
        }
    }
}
