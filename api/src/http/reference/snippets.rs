//! Examples to copy, in the words of the tools that call webhooks. Tests run them.

use std::fmt::Write as _;

use super::{
    html::{escape, fill},
    language::{Language, Words},
};

/// An example: its name in the page, its label, its source.
type Snippet = (&'static str, &'static str, &'static str);

/// The same call by every tool.
const TOOLS: [Snippet; 7] = [
    ("curl", "curl", include_str!("assets/snippets/curl.sh")),
    ("python", "Python", include_str!("assets/snippets/python.py")),
    ("javascript", "JavaScript", include_str!("assets/snippets/javascript.mjs")),
    ("php", "PHP", include_str!("assets/snippets/php.php")),
    ("n8n", "n8n", include_str!("assets/snippets/n8n.json")),
    ("zapier", "Zapier / Make", include_str!("assets/snippets/zapier.json")),
    ("apps-script", "Google Apps Script", include_str!("assets/snippets/apps-script.gs")),
];

/// What the examples send.
const TEXT: Words =
    Words { en: "Your order 1042 is on its way.", vi: "Đơn hàng 1042 của bạn đang trên đường giao." };
/// A chat as good as any; the demo's first.
const CHAT: &str = "77234";
/// Where the secret will stand.
const TOKEN: &str = "nhip_wh_YOUR_SECRET";

/// The examples of one page.
pub(super) struct Snippets<'a> {
    pub(super) language: Language,
    pub(super) public_url: &'a str,
}

impl Snippets<'_> {
    /// All tools, one of which is shown.
    pub(super) fn tabs(&self) -> String {
        let mut tabs = String::from("<div class=\"tabs\">\n");
        for (n, (name, label, source)) in TOOLS.into_iter().enumerate() {
            let checked = if n == 0 { " checked" } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(
                tabs,
                "<input type=\"radio\" name=\"tool\" id=\"tool-{name}\"{checked}><label for=\"tool-{name}\">{label}</label>{}",
                self.example(name, source)
            );
        }
        tabs + "</div>"
    }

    /// A message with a file.
    pub(super) fn file(&self) -> String {
        self.example("file", include_str!("assets/snippets/file.json"))
    }

    /// A call that can be repeated.
    pub(super) fn key(&self) -> String {
        self.example("key", include_str!("assets/snippets/key.sh"))
    }

    /// An answer of ours, which nobody pastes anywhere.
    pub(super) fn answer(&self, name: &str, source: &str) -> String {
        self.block("answer", name, source)
    }

    fn example(&self, name: &str, source: &str) -> String {
        self.block("to-copy", name, source)
    }

    /// What the page's script fills in is marked.
    fn block(&self, class: &str, name: &str, source: &str) -> String {
        let url = format!("{}/webhook/{TOKEN}", self.public_url);
        let mark =
            |name: &str, value: &str| format!("<span class=\"fill\" data-fill=\"{name}\">{}</span>", escape(value));
        let (url, chat) = (mark("url", &url), mark("chat", CHAT));
        let marks = [("url", url.as_str()), ("chat", &chat), ("text", TEXT.said_in(self.language))];
        format!(
            "<pre class=\"{class}\"><code data-example=\"{name}\">{}</code></pre>",
            fill(escape(source).trim_end(), &marks)
        )
    }
}
