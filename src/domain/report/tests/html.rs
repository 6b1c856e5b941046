//! The page as one HTML file.

use proptest::prelude::*;

use super::hostile::{HOSTILE, hostile_story, told_everywhere};
use super::story::Story;
use crate::engine::State;
use crate::log::Kind;
use crate::report::text::Text;
use crate::report::{Page, Source};

fn html_of(state: &State) -> String {
    Page::of(&Source::new(state)).html()
}

/// Every tag as it stands: text that was escaped has no part in them.
fn tags(html: &str) -> Vec<&str> {
    let (head, body) = html.split_once("<style>").unwrap();
    let (_, body) = body.split_once("</style>").unwrap();
    [head, body]
        .into_iter()
        .flat_map(|part| part.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()))
        .collect()
}

/// What a reader sees of escaped text.
fn read(escaped: &str) -> String {
    assert!(!escaped.contains(['<', '>']), "{escaped}");
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.into_iter().fold(escaped.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

#[test]
fn a_failover_as_one_file() {
    insta::assert_snapshot!(html_of(&Story::failover(Kind::Live).state));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = html_of(&Story::failover(Kind::Live).state) + &html_of(&hostile_story().state);
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        assert!(
            !["script", "img", "link", "iframe", "object", "embed", "base", "form", "input"].contains(&name),
            "{tag}"
        );
        assert!(!tag.contains(" src") && !tag.contains(" on") && !tag.contains("style="), "{tag}");
        assert!(!tag.contains("href=") || tag.starts_with("a href=\"#"), "{tag}");
        assert!(!tag.contains("url(") || tag.contains("url(#chart-"), "{tag}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn outside_text_is_text_and_nothing_else() {
    let plain = html_of(&told_everywhere("plain").state);
    for hostile in HOSTILE.iter().chain(&[
        "</style><script>alert(1)</script>",
        "\" onmouseover=\"alert(1)",
        "'><b>",
        "&#60;b&#62;",
    ]) {
        let page = html_of(&told_everywhere(hostile).state);
        assert_eq!(tags(&page), tags(&plain), "{hostile}");
        assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
        assert!(!page.contains('\u{202e}') && !page.contains("hunter2hunter2"));
    }
}

#[test]
fn an_exercise_says_so_on_the_screen_and_on_every_printed_page() {
    let page = html_of(&Story::failover(Kind::Drill).state);
    assert!(page.contains("<div class=\"band\" role=\"note\">EXERCISE EXERCISE EXERCISE</div>"));
    assert!(page.contains("@top-center { content: \"EXERCISE EXERCISE EXERCISE\"; }"));
    assert!(!html_of(&Story::failover(Kind::Live).state).contains("EXERCISE"));
}

#[test]
fn the_chart_is_told_to_whoever_does_not_see_it() {
    let page = html_of(&Story::failover(Kind::Live).state);
    let (_, told) = page.split_once("<desc id=\"chart-1-told\">").unwrap();
    let (told, _) = told.split_once("</desc>").unwrap();
    for said in [
        "Tier 1: 3m15s of 5m, met.",
        "Tier 2: not known to be back of 30m, unknown.",
        "Point of no return after 2m55s.",
        "Step 3, Stop writes, begun after 1m50s: unknown in 20s, then done by hand.",
        "Step 6, Switch traffic, begun after 3m: failed in 3s, then succeeded in 5s.",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_reads_as_it_was_said_and_changes_no_tag(text in "\\PC{1,40}|[<>&\"'/=a-z -]{1,40}") {
        let text = format!("x{text}");
        let page = html_of(&told_everywhere(&text).state);
        let plain = html_of(&told_everywhere("plain").state);
        prop_assert_eq!(tags(&page), tags(&plain));
        let rows: Vec<_> = page.split("<i class=\"plain\">·</i> ").skip(1).map(|rest| read(rest.split("</td>").next().unwrap())).collect();
        prop_assert!(rows.contains(&Text::new().plain(&text)), "{:?}", rows);
    }
}
