//! What looks like a fence or a checkbox and is not; measured, not assumed.

use super::found;
use crate::runbook::{Runbook, parse};

fn read(body: &str) -> Runbook {
    parse(format!("---\nrunbook: 1\n---\n## A\n{body}").into(), None)
}

fn codes(body: &str) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        found(&format!("---\nrunbook: 1\n---\n## A\n{body}")).into_iter().map(|found| found.code).collect();
    codes.dedup();
    codes
}

#[test]
fn a_fence_is_read_as_markdown_reads_it_and_never_lost_in_silence() {
    for spaces in 2..=5 {
        let indent = " ".repeat(spaces);
        let body = format!("- [ ] S\n\n{indent}```bash run readonly\n{indent}true\n{indent}```\n");
        let runbook = read(&body);
        assert_eq!(runbook.diagnostics, [], "{body}");
        assert_eq!(runbook.steps().next().unwrap().run.as_ref().unwrap().text, "true\n");
    }
    let lined_up = "- [ ] S\n\n      ```bash run\n      true\n      ```\n";
    assert_eq!(codes(lined_up), ["runbook::hidden-fence"]);
    let without_blank = "- [ ] S\n      ```bash run\n      true\n      ```\n";
    assert_eq!(codes(without_blank), ["runbook::hidden-fence"]);
    for body in [lined_up, without_blank] {
        let runbook = read(body);
        let step = runbook.steps().next().unwrap();
        assert!(step.manual() && step.manual_because.as_deref().is_some_and(|why| why.starts_with("line ")), "{body}");
    }
}

#[test]
fn a_fence_beside_its_item_is_attached_to_the_step_above_with_a_warning() {
    for body in [
        "10. [ ] S\n\n   ```bash run readonly\n   true\n   ```\n11. [ ] T\n",
        "- [ ] S\n\n```bash run readonly\ntrue\n```\n- [ ] T\n",
    ] {
        assert_eq!(codes(body), ["runbook::stray-fence"], "{body}");
        let runbook = read(body);
        let steps: Vec<_> = runbook.steps().collect();
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[0].run.as_ref().unwrap().text, "true\n");
        assert!(steps[1].manual());
    }
    assert_eq!(codes("1. [ ] S\n\n   ```bash run readonly\n   true\n   ```\n"), [] as [&str; 0]);
}

#[test]
fn a_checkbox_that_is_none_is_an_error() {
    for line in ["- []", "- [] S", "- [  ] S", "- [ ]x", "-[ ] S", "- [-] S", "- [✓] S", "1.[ ] S", "[ ] S", "* [ ]S"]
    {
        assert_eq!(codes(&format!("{line}\n")), ["runbook::hidden-checkbox"], "{line}");
    }
    for line in ["- [x](https://x) S", "- [a] S", "- [1]: x", "- text [ ] S", "- [reference][x] S"] {
        assert_eq!(codes(&format!("{line}\n- [ ] T\n")), [] as [&str; 0], "{line}");
    }
}

#[test]
fn a_fence_that_is_not_closed_ends_with_its_item_and_does_not_run() {
    // What is prose to its author would be a command.
    let body = "- [ ] S\n\n  ```bash run readonly\n  true\n\n  Then tell everybody.\n\n- [ ] T\n";
    let runbook = read(body);
    assert_eq!((runbook.steps().count(), codes(body)), (2, vec!["runbook::unclosed-fence"]));
    let because = runbook.steps().next().unwrap().manual_because.clone();
    assert!(because.is_some_and(|why| why.contains("not closed")));
    for closed in
        ["````bash run readonly\n  ```\n  ````", "~~~bash run readonly\n  true\n  ~~~~", "```bash run readonly\n  ```"]
    {
        let body = format!("- [ ] S\n\n  {closed}\n");
        assert!(!codes(&body).contains(&"runbook::unclosed-fence"), "{body}");
    }
}

#[test]
fn a_fence_that_is_not_closed_at_the_margin_takes_the_rest_with_it() {
    let body = "- [ ] S\n\n```text\nlook at it\n\n## B\n- [ ] T\n";
    assert_eq!(codes(body), ["runbook::unclosed-fence"]);
    assert_eq!(codes("- [ ] S\n\n```text\nlook at it\n"), [] as [&str; 0], "nothing is lost");
}

#[test]
fn what_stands_in_a_block_is_passed_on_byte_for_byte() {
    let script = "cat <<-EOF\n\t\tindented \n\tEOF\nprintf '%s\\t' \"$TO\"  \n\n  two spaces\n\ttab\n";
    let nested: String = script
        .split_inclusive('\n')
        .map(|line| if line == "\n" { line.to_owned() } else { format!("  {line}") })
        .collect();
    for (body, note) in [
        (format!("- [ ] S\n\n  ```bash run readonly\n{nested}  ```\n"), "spaces"),
        (format!("- [ ] S\n\n  ```bash run readonly\n{nested}  ```\n").replace('\n', "\r\n"), "other line ends"),
        (format!("- [ ] S\n\n```bash run readonly\n{script}```\n"), "beside its step"),
        (
            format!(
                "-\t[ ] S\n\n    ```bash run readonly\n{}    ```\n",
                nested.replace("\n  ", "\n    ").replacen("  ", "    ", 1)
            ),
            "a tab behind the marker",
        ),
    ] {
        let runbook = read(&body);
        let run = runbook.steps().next().and_then(|step| step.run.clone());
        assert_eq!(run.map(|run| run.text), Some(script.to_owned()), "{note}: {:#?}", runbook.diagnostics);
    }
}

#[test]
fn indentation_by_tabs_is_taken_away_as_markdown_takes_it() {
    let body = "- [ ] S\n\n\t```bash run readonly\n\tif true; then\n\t\techo \"$TO\"\n\tfi\n\t```\n";
    let run = read(body).steps().next().and_then(|step| step.run.clone());
    assert_eq!(run.map(|run| run.text).as_deref(), Some("if true; then\n\techo \"$TO\"\nfi\n"));
}

#[test]
fn line_ends_of_another_system_change_nothing() {
    let body = "- [ ] S <!-- id: s -->\n\n  Owner: dba; Duration: 5m\n\n  ```bash run readonly\n  one\n  two\n  ```\n";
    let text = format!("---\nrunbook: 1\n---\n## A\n{body}");
    let unix = parse(text.as_str().into(), None);
    let other = parse(format!("\u{feff}{}", text.replace('\n', "\r\n")).into(), None);
    assert_eq!(other.diagnostics, []);
    let (unix, other) = (unix.step(&"s".into()).unwrap(), other.step(&"s".into()).unwrap());
    assert_eq!(other.run.as_ref().unwrap().text, unix.run.as_ref().unwrap().text);
    assert_eq!((&other.owner, other.expected), (&unix.owner, unix.expected));
}
