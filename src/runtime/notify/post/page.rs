//! What a page made for browsers says to a person: receivers answer with one when something stands in between.

/// The title of a page, else the first sentence of its text; `None` when it is no page.
pub(super) fn words(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let page = lower.trim_start().starts_with('<')
        && ["<html", "<!doctype html", "<head", "<body"].iter().any(|tag| lower.contains(tag));
    if !page {
        return None;
    }
    let title = between(text, &lower, "title").map(plain).filter(|title| !title.is_empty());
    Some(title.unwrap_or_else(|| sentence(&plain(&without(&without(text, "script"), "style")))))
}

/// What stands in the first element of this name. `lower` is `text` in small letters, byte for byte.
fn between<'t>(text: &'t str, lower: &str, name: &str) -> Option<&'t str> {
    let tag = lower.find(&format!("<{name}"))?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find(&format!("</{name}"))?;
    Some(&text[start..end])
}

/// Without any element of this name; one that is not closed goes to the end.
fn without(text: &str, name: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (open, close) = (format!("<{name}"), format!("</{name}"));
    let mut kept = String::new();
    let mut at = 0;
    while let Some(start) = lower[at..].find(&open) {
        kept.push_str(&text[at..at + start]);
        at = lower[at + start..].find(&close).map_or(text.len(), |end| at + start + end);
    }
    kept.push_str(&text[at..]);
    kept
}

/// Tags are spaces, the usual references are what they stand for.
fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                words.push(' ');
            }
            _ if inside => {}
            _ => words.push(c),
        }
    }
    let references = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    for (reference, c) in references {
        words = words.replace(reference, c);
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sentence(text: &str) -> String {
    text.find(". ").map_or(text, |end| &text[..=end]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_title() {
        let page = "<!DOCTYPE html>\n<HTML><head><Title lang=en>502 Bad&nbsp;Gateway</Title></head><body><h1>no</h1></body></HTML>";
        assert_eq!(words(page).as_deref(), Some("502 Bad Gateway"));
    }

    #[test]
    fn a_page_without_a_title_is_its_first_sentence() {
        let page = "<html><style>a { b }</style><body><script>var x = 1 < 2;</script><p>The <b>proxy</b> said no. Ask them.</p>";
        assert_eq!(words(page).as_deref(), Some("The proxy said no."));
        assert_eq!(words("<html><script>never closed").as_deref(), Some(""));
    }

    #[test]
    fn what_is_no_page_is_left_alone() {
        for text in ["{\"error\": \"<html>\"}", "invalid <token>", "", "<3 you"] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
