//! An author's Markdown as plain paragraphs: what a page shows of it is text, never markup of its own.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// One text per paragraph, heading or item; an item begins with a dash, a link is followed by its address.
pub(super) fn paragraphs(source: &str) -> Vec<String> {
    let (mut found, mut text, mut link) = (Vec::new(), String::new(), Vec::new());
    for event in Parser::new(source) {
        match event {
            Event::Start(Tag::Item) => {
                end(&mut found, &mut text);
                text.push_str("– ");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => link.push(dest_url.to_string()),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let address = link.pop().filter(|address| !text.ends_with(address.as_str()));
                text.extend(address.map(|address| format!(" ({address})")));
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock) => {
                end(&mut found, &mut text);
            }
            // A comment is for the machine, or for authors.
            Event::Html(html) | Event::InlineHtml(html) if html.trim_start().starts_with("<!--") => {}
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    end(&mut found, &mut text);
    found
}

fn end(found: &mut Vec<String>, text: &mut String) {
    let whole = std::mem::take(text);
    if !whole.trim().trim_end_matches('–').is_empty() {
        found.push(whole.trim().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_an_author_becomes_text() {
        let source = "`pg_promote` saying *false*\nmeans [longer](https://pg.example).\n\n- one\n- **two**\n\n<b>x</b> <!-- id: a -->\n";
        let expected = ["pg_promote saying false means longer (https://pg.example).", "– one", "– two", "<b>x</b>"];
        assert_eq!(paragraphs(source), expected);
    }
}
