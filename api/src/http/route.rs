//! Which handler answers a path.

use super::reference::Part;

/// The one table of routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The incoming webhook; everything under `/webhook`, so that even garbage is answered in its own shape.
    Webhook {
        /// What stands where the token should, as it came.
        token: String,
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
    /// The dashboard, which will route by itself.
    Page,
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
            "/docs" => Self::Reference(Part::Page),
            "/docs/docs.css" => Self::Reference(Part::Style),
            "/docs/docs.js" => Self::Reference(Part::Script),
            "/openapi.json" => Self::Reference(Part::Openapi),
            "/" | "/index.html" | "/login" => Self::Page,
            "/webhook" => Self::Webhook { token: String::new() },
            _ => match path.strip_prefix("/webhook/") {
                Some(rest) => Self::Webhook { token: rest.strip_suffix('/').unwrap_or(rest).to_owned() },
                None => Self::Unknown,
            },
        }
    }

    /// How logs and metrics call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Graphql => "graphql",
            Self::GraphqlSocket => "graphql_ws",
            Self::Health => "healthz",
            Self::Ready => "readyz",
            Self::Reference(_) => "reference",
            Self::Page => "page",
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
    fn a_paths_case_and_ending_matter() {
        for path in ["/GraphQL", "/graphql/", "/webhooks/abc", "/healthz/", "/docs/x", "//", ""] {
            assert_eq!(Route::of(path), Route::Unknown, "{path}");
        }
    }
}
