//! Every finding, with its line and its remedy.

use super::found;
use crate::diagnostic::Severity;

/// A step whose block is `text` with this info string; the fence stands in line 9.
fn block(info: &str, text: &str) -> String {
    format!("## A\n- [ ] Step\n\n  On: $TO\n  ```{info}\n  {}\n  ```\n{VERIFY}", text.replace('\n', "\n  "))
}

const VERIFY: &str = "\n  ```check verify\n  x ok\n  ```\n";
/// Lines before the text of a test.
const BEFORE: usize = 10;

fn native(text: &str) -> String {
    let vars = "vars:\n  NAME: {type: string}\n  KEY: {type: secret, from: \"env:KEY\"}\n  ROLE: {type: choice, of: [a, b]}\n  PICK: {type: db}\n  WAIT: {type: duration}";
    let head = format!("---\nrunbook: 1\n{vars}\n---\n");
    assert_eq!(head.lines().count(), BEFORE - 1);
    format!("{head}\n{text}")
}

#[test]
fn every_finding_has_its_line_and_its_remedy() {
    use Severity::{Error, Warning};
    let table = [
        // Blocks.
        (block("bash rum", "true"), Error, "runbook::role", 5, "did you mean `run`?"),
        (block("bash timeout=5s", "true"), Error, "runbook::no-role", 5, "write the role after the language"),
        (block("shell run", "true"), Error, "runbook::language", 5, "did you mean `bash`?"),
        (block("bash run tmeout=5s", "true"), Error, "runbook::attribute", 5, "did you mean `timeout`?"),
        (block("bash run idempotnt", "true"), Error, "runbook::flag", 5, "did you mean `idempotent`?"),
        (block("bash run timeout=5", "true"), Error, "runbook::attribute-value", 5, ""),
        (block("bash run retry=2", "true"), Error, "runbook::retry", 5, "say `idempotent`"),
        (block("bash run out=\"x", "true"), Error, "runbook::info", 5, "close it"),
        (block("bash run out=NMAE", "true"), Error, "runbook::undeclared", 5, "did you mean `NAME`?"),
        (block("bash run", " "), Error, "runbook::empty-block", 5, ""),
        (block("bash run", "true\n```\n\n```bash run\nfalse"), Error, "runbook::second-block", 9, "a step of its own"),
        // Names in blocks.
        (block("bash run", "true\necho \"$NMAE\""), Error, "runbook::undeclared", 7, "did you mean `NAME`?"),
        (block("sh run", "echo \"$NOTHING_LIKE_IT\""), Error, "runbook::undeclared", 6, "declare `NOTHING_LIKE_IT`"),
        (block("bash run", "echo $NAME"), Warning, "runbook::unquoted", 6, "write \"$NAME\""),
        (block("bash run", "curl -u \"$KEY\" x"), Warning, "runbook::secret-argument", 6, "on standard input"),
        (block("sql run", "SELECT :NAME"), Error, "runbook::sql-value", 6, ":'NAME' for a value"),
        (block("sql run", "SELECT '$NAME', $NAME"), Error, "runbook::sql-value", 6, ":\"NAME\" for a name"),
        (block("sql run", "SELECT :'NMAE'"), Error, "runbook::undeclared", 6, "did you mean `NAME`?"),
        (block("http run", "POST $EDGE/x"), Error, "runbook::undeclared", 6, "declare `EDGE`"),
        (block("http run", "POST http://x\nno header"), Error, "runbook::http", 7, ""),
        (block("check guard", "lag db@$FORM < 5s"), Error, "runbook::undeclared", 6, "did you mean `FROM`?"),
        (block("check guard", "x ok\nlag db < 5s"), Error, "runbook::check-line", 7, ""),
        (block("check guard", "# nothing"), Error, "runbook::empty-block", 6, ""),
        (block("world drill", "promot db@$TO"), Error, "runbook::check-line", 6, ""),
        // What was never filled in.
        (block("bash run", "true\nkubectl delete pod <pod>"), Error, "runbook::placeholder", 7, "declare a variable"),
        (block("http run", "GET http://YOUR_HOST/"), Error, "runbook::placeholder", 6, "declare a variable"),
        (block("bash run", "$ ls"), Error, "runbook::prompt", 6, "take it out"),
        (block("sql run", "orders=# SELECT 1;"), Error, "runbook::prompt", 6, "take it out"),
        (block("bash run", "true \u{202e}"), Error, "runbook::invisible-character", 6, "delete it"),
        (block("bash run", "true\u{200b}"), Error, "runbook::invisible-character", 6, "delete it"),
        (block("bash run", "true \u{1b}[31m"), Error, "runbook::invisible-character", 6, "delete it"),
        (block("bash run", "kubectl scale –replicas=3"), Warning, "runbook::lookalike-character", 6, "type it again"),
        (block("bash run", "echo “x”"), Warning, "runbook::lookalike-character", 6, "type it again"),
        (
            block("route53 run", "zone: z\nname: a.b\ntype: A\nttl: 5"),
            Error,
            "runbook::route53",
            6,
            "list-hosted-zones",
        ),
        (
            block("route53 run", "zone: Z1\nname: a.b\ntype: A\ntlt: 5"),
            Error,
            "runbook::route53",
            9,
            "did you mean `ttl`?",
        ),
        // Fields.
        ("## A\n- [ ] S\n  Onwer: x".into(), Error, "runbook::field", 3, "did you mean `owner`?"),
        ("## A\n- [ ] S\n  Owner: x; and so on".into(), Warning, "runbook::mixed-fields", 3, "a line of their own"),
        ("## A\n- [ ] S\n  Owner: x; Owner: y".into(), Error, "runbook::field-twice", 3, ""),
        ("## A\n- [ ] S\n  Duration: soon".into(), Error, "runbook::field-value", 3, "write 5m"),
        ("## A\n- [ ] S\n  Hold: ever".into(), Error, "runbook::field-value", 3, "write how long"),
        ("## A\n- [ ] S\n  Confirm: maybe".into(), Error, "runbook::field-value", 3, "write yes"),
        ("## A\n- [ ] S\n  Confirm: type $NMAE".into(), Error, "runbook::undeclared", 3, "did you mean `NAME`?"),
        ("## A\n- [ ] S\n  Confirm: no".into(), Error, "runbook::confirm", 2, "only a `readonly` block"),
        ("## A\n- [ ] S\n  Approval: x or y".into(), Error, "runbook::field-value", 3, "after 2m"),
        ("## A\n- [ ] S\n  When: MODE".into(), Error, "runbook::field-value", 3, "write `NAME = v`"),
        ("## A\n- [ ] S\n  When: MODE = frced".into(), Error, "runbook::field-value", 3, "did you mean `forced`?"),
        ("## A\n- [ ] S\n  When: ROLE in a, c".into(), Error, "runbook::field-value", 3, "it is one of a, b"),
        ("## A\n- [ ] S\n  When: NMAE set".into(), Error, "runbook::undeclared", 3, "did you mean `NAME`?"),
        ("## A\n- [ ] S\n  On: db@$FORM".into(), Error, "runbook::undeclared", 3, "did you mean `FROM`?"),
        ("## A\n- [ ] S\n  Point of no return: sure".into(), Error, "runbook::field-value", 3, "write yes or no"),
        ("## A\n- [ ] S\n  Point of no return: yes".into(), Warning, "runbook::undo", 2, "say what undoing costs"),
        ("## A\n- [ ] S\n  After: x".into(), Error, "runbook::after", 2, "(in parallel)"),
        ("## A\n### B (parallel)\n- [ ] S <!-- id: s -->\n  After: x".into(), Error, "runbook::after", 3, ""),
        ("## A\n### B (parallel)\n- [ ] S <!-- id: s -->\n  After: s".into(), Error, "runbook::after", 3, ""),
        // Steps.
        ("## A\n- [x] S".into(), Warning, "runbook::ticked", 2, "write `[ ]`"),
        ("## A\n- [ ] S <!-- id: A b -->".into(), Error, "runbook::id", 2, "lower-case"),
        ("## A\n- [ ] S <!-- id: s -->\n- [ ] T <!-- id: s -->".into(), Error, "runbook::duplicate-id", 3, "unique"),
        ("- [ ] S".into(), Warning, "runbook::no-phase", 1, "under a `## Heading`"),
        ("## A\n- [ ] <!-- id: s -->".into(), Error, "runbook::untitled", 2, "write what it does"),
        (
            "## A\n- [ ] S\n\n  ```bash run\n  true\n  ```".into(),
            Warning,
            "runbook::unverified",
            2,
            "add a `verify` block",
        ),
        (
            "## A\n- [ ] S\n\n  ```sql run readonly\n  SELECT 1\n  ```".into(),
            Error,
            "runbook::no-target",
            4,
            "add `On:",
        ),
        // Where it stands.
        ("## A\n- [ ] S\n\n```bash verify\ntrue\n```".into(), Warning, "runbook::stray-fence", 4, "two spaces deeper"),
        ("## A\n```bash verify\ntrue\n```".into(), Error, "runbook::no-step", 2, "put it inside"),
        (
            "## A\n- [ ] S\n  - [ ] T\n    ```bash run\n    true\n    ```".into(),
            Error,
            "runbook::misplaced-fence",
            4,
            "as the text of a step",
        ),
        ("## A\n> ```bash run\n> true\n> ```".into(), Error, "runbook::misplaced-fence", 2, "as the text of a step"),
        (
            "## A\n- [ ] S\n  - [ ] T\n    - [ ] U".into(),
            Error,
            "runbook::misplaced-task",
            4,
            "sub-steps directly under",
        ),
        ("## A\n- S\n  - [ ] T".into(), Error, "runbook::misplaced-task", 3, "sub-steps directly under"),
    ];
    for (text, severity, code, line, help) in table {
        let found = found(&native(&text));
        let matching = found.iter().find(|found| found.code == code);
        let Some(matching) = matching else { panic!("{code} not found in:\n{text}\n{found:#?}") };
        assert_eq!((matching.severity, matching.line), (severity, BEFORE + line), "{text}\n{found:#?}");
        assert!(matching.help.contains(help), "{text}\n{matching:#?}");
        let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
        assert!(errors <= 1, "one slip, one error:\n{text}\n{found:#?}");
    }
}

#[test]
fn the_front_matter_is_checked_too() {
    let table = [
        ("a: [", "runbook::front-matter", "not YAML"),
        ("title: x\ntitle: y", "runbook::front-matter", "duplicate"),
        ("type: failovr", "runbook::type", "unknown type"),
        ("rto: soon", "runbook::front-matter-value", "rto"),
        ("roles: {a: b}", "runbook::front-matter-value", "must be a list"),
        ("ownr: x", "runbook::front-matter-key", "means nothing"),
        ("phases: {A: sometimes}", "runbook::phases", "unknown kind"),
        ("defaults: {timeot: 5s}", "runbook::defaults", "no default"),
        ("defaults: {every: 0s}", "runbook::defaults", "longer than nothing"),
        ("vars: [A]", "runbook::vars", "mapping"),
        ("vars: {to: x}", "runbook::variable-name", "not a name"),
        ("vars: {TO: x}", "runbook::variable-name", "built in"),
        ("vars: {A: {type: strng}}", "runbook::variable-type", "unknown type"),
        ("vars: {A: {typ: string}}", "runbook::variable-key", "means nothing"),
        ("vars: {A: {type: string, min: 5}}", "runbook::variable-key", "means nothing"),
        ("vars: {A: {type: int, min: x}}", "runbook::variable-key", "whole number"),
        ("vars: {A: {type: string, pattern: '['}}", "runbook::variable-key", "cannot be read"),
        ("vars: {A: {type: choice}}", "runbook::variable-key", "nothing to choose"),
        ("vars: {A: {type: string, from: 'env:X'}}", "runbook::variable-key", "for secrets"),
        ("vars: {A: {type: secret}}", "runbook::secret", "does not say where"),
        ("vars: {A: {type: secret, from: 'env:X', default: y}}", "runbook::secret", "has a default"),
        ("vars: {A: {type: int, default: x}}", "runbook::variable-default", "not a whole number"),
        ("vars: {A: {type: db, default: x@$B}, B: {type: region}}", "runbook::undeclared", "declared before"),
    ];
    for (line, code, message) in table {
        let found = found(&format!("---\nrunbook: 1\n{line}\n---\n## A\n- [ ] S\n"));
        let Some(matching) = found.iter().find(|found| found.code == code) else { panic!("{line}\n{found:#?}") };
        assert!(matching.message.contains(message), "{line}\n{matching:#?}");
        assert!(matching.line >= 3, "{line}\n{matching:#?}");
        assert_eq!(found.len(), 1, "{line}\n{found:#?}");
    }
}

#[test]
fn other_tools_may_share_the_front_matter() {
    let found = found("---\nrunbook: 1\nsidebar_position: 3\ntags: [a]\nlayout: {x: y}\n---\n## A\n- [ ] S\n");
    assert!(found.iter().all(|found| found.severity == Severity::Note && found.help.contains("left to the tool")));
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [3, 4, 5]);
}
