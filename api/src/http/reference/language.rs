//! English or Vietnamese.

/// A language that the reference is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Vietnamese,
}

/// A text in each of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) en: &'static str,
    pub(super) vi: &'static str,
}

impl Words {
    pub(super) fn said_in(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Vietnamese => self.vi,
        }
    }
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Vietnamese];

    /// What a reader asked for: by `?lang=`, else by the browser's order of preference, else English.
    pub(super) fn of(query: Option<&str>, accepted: Option<&str>) -> Self {
        let asked = query.unwrap_or_default().split('&').find_map(|pair| Self::tagged(pair.strip_prefix("lang=")?));
        asked.or_else(|| preferred(accepted?)).unwrap_or(Self::English)
    }

    /// As HTML tags it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Vietnamese => "vi",
        }
    }

    /// What its readers call it.
    pub(super) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Vietnamese => "Tiếng Việt",
        }
    }

    /// A number with its thousands apart.
    pub(super) fn number(self, number: usize) -> String {
        let separator = match self {
            Self::English => ',',
            Self::Vietnamese => '.',
        };
        let digits = number.to_string();
        let mut apart = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                apart.push(separator);
            }
            apart.push(digit);
        }
        apart
    }

    /// By a tag such as `vi-VN`.
    fn tagged(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// The one of ours that an `Accept-Language` header likes best; of equals, the first.
fn preferred(accepted: &str) -> Option<Language> {
    let mut best = None;
    for item in accepted.split(',') {
        let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let weight: f64 = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(0.0);
        if let Some(language) = Language::tagged(tag)
            && best.is_none_or(|(most, _)| weight > most)
        {
            best = Some((weight, language));
        }
    }
    best.filter(|(weight, _)| *weight > 0.0).map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_wins_over_what_the_browser_likes() {
        for (query, accepted, language) in [
            (None, None, Language::English),
            (None, Some("vi"), Language::Vietnamese),
            (None, Some("VI-vn,en;q=0.8"), Language::Vietnamese),
            (None, Some("en-US,en;q=0.9,vi;q=0.8"), Language::English),
            (None, Some("fr, vi;q=0.7, en;q=0.3"), Language::Vietnamese),
            (None, Some("en;q=0.3, vi;q=0.7"), Language::Vietnamese),
            (None, Some("vi;q=0"), Language::English),
            (None, Some("de, *;q=0.5"), Language::English),
            (None, Some(";;q=,,vi;q=x"), Language::English),
            (Some("lang=en"), Some("vi"), Language::English),
            (Some("a=b&lang=vi"), Some("en"), Language::Vietnamese),
            (Some("lang=fr"), Some("vi"), Language::Vietnamese),
        ] {
            assert_eq!(Language::of(query, accepted), language, "{query:?} {accepted:?}");
        }
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, en, vi) in
            [(5, "5", "5"), (255, "255", "255"), (4_096, "4,096", "4.096"), (2_097_152, "2,097,152", "2.097.152")]
        {
            assert_eq!((Language::English.number(number), Language::Vietnamese.number(number)), (en.into(), vi.into()));
        }
    }
}
