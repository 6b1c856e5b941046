//! Each rule about the plan as a whole: what fires it, where, with which remedy; and what does not.

use super::found;
use crate::diagnostic::line_column;
use crate::estate;
use crate::runbook::parse;

const PROMOTE: &str = "- [ ] Promote\n\n  On: orders-db@$TO\n  FIELDS\n\n  GUARD\n\n  ```sql run\n  SELECT pg_promote(true, 60);\n  ```\n\n  VERIFY\n\n";
const FENCED: &str = "```check guard\n  fenced orders-db@$FROM\n  ```";
const VERIFIED: &str = "```sql verify\n  SELECT NOT pg_is_in_recovery();\n  ```";
const SERVE: &str = "- [ ] Move traffic\n\n  GUARD\n\n  ```route53 run\n  zone: Z1\n  name: a.b.\n  type: A\n  ttl: 5\n  values: [192.0.2.1]\n  ```\n\n  ```check verify\n  x ok\n  ```\n\n";

fn promote(fields: &str, guard: &str, verify: &str) -> String {
    PROMOTE.replace("FIELDS", fields).replace("GUARD", guard).replace("VERIFY", verify)
}

fn serve(guard: &str) -> String {
    SERVE.replace("GUARD", guard)
}

fn native(front: &str, body: &str) -> String {
    format!(
        "---\nrunbook: 1\nvars: {{ENGINE: {{type: choice, of: [a, b]}}, SNAP: {{type: string}}}}\n{front}\n---\n## During\n\n{body}"
    )
}

/// Of this code, each with the text of its line.
fn fires(text: &str, code: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let of = found(text).into_iter().filter(|found| found.code == code);
    of.map(|found| (lines[found.line - 1].trim().to_owned(), found.help)).collect()
}

#[track_caller]
fn once(text: &str, code: &str, line: &str, help: &str) {
    let found = fires(text, code);
    assert_eq!(found.len(), 1, "{code} in\n{text}\n{found:#?}");
    assert_eq!(found[0].0, line, "{text}");
    assert!(found[0].1.contains(help), "{found:#?}");
}

#[track_caller]
fn never(text: &str, code: &str) {
    assert_eq!(fires(text, code), [], "{text}");
}

#[test]
fn a_promotion_asks_whether_the_old_side_is_fenced() {
    let code = "runbook::unfenced";
    let help = "what cannot be reached may still be writing";
    once(&native("", &promote("", "", VERIFIED)), code, "```sql run", help);
    never(&native("", &promote("", FENCED, VERIFIED)), code);
    once(&native("", &promote("", &FENCED.replace("$FROM", "$TO"), VERIFIED)), code, "```sql run", help);
    let upper = promote("", "", VERIFIED).replace("pg_promote", "PG_PROMOTE");
    once(&native("", &upper), code, "```sql run", help);
    let commented = promote("", "", VERIFIED).replace("SELECT pg_promote", "SELECT 1; -- not pg_promote");
    never(&native("", &commented), code);
    never(&native("vars2: x", &promote("", &FENCED.replace("orders-db@$FROM", "$OLD"), VERIFIED)), code);
    let shell = |text: &str| format!("- [ ] P\n\n  ```bash run\n  {text}\n  ```\n\n  ```check verify\n  x ok\n  ```\n");
    once(&native("", &shell("aws rds promote-read-replica --db-instance-identifier x")), code, "```bash run", help);
    for told in [
        "pg_ctl promote",
        "pg_ctl -D \"$DATA\" promote",
        "ssh db pg_ctlcluster 15 main promote",
        "ssh db 'repmgr standby promote'",
    ] {
        once(&native("", &shell(told)), code, "```bash run", help);
    }
    never(&native("", &shell("pg_ctl -D \"$DATA\" start; restore --target-action=promote")), code);
    never(&native("", &shell("patronictl switchover c --force")), code);
    never(&native("", &shell("# aws rds promote-read-replica")), code);
    let drilled = "- [ ] P\n\n  ```world drill\n  promote orders-db@$TO\n  ```\n";
    once(&native("", drilled), code, "```world drill", help);
    let late = native("", &promote("", "", &FENCED.replace("guard", "verify")));
    assert!(fires(&late, code).iter().any(|(line, help)| line == "```check verify" && help.contains("check guard")));
}

#[test]
fn traffic_follows_a_promotion_that_has_been_seen_to_work() {
    let code = "runbook::traffic";
    let promoted = promote("", FENCED, VERIFIED);
    never(&native("", &format!("{promoted}{}", serve(""))), code);
    once(&native("", &format!("{}{promoted}", serve(""))), code, "```route53 run", "behind the promotion");
    let unseen = promote("", FENCED, "");
    once(&native("", &format!("{unseen}{}", serve(""))), code, "```route53 run", "serving DATABASE $TO");
    for guard in ["serving orders-db $TO", "api ok"] {
        let guarded = serve(&format!("```check guard\n  {guard}\n  ```"));
        never(&native("", &format!("{unseen}{guarded}")), code);
    }
    // Ways of which an estate takes one, and what is on demand, stand in nobody's way.
    let other = serve("").replace("- [ ] Move traffic\n", "- [ ] Move traffic\n\n  When: ENGINE = b\n");
    never(&native("", &format!("{other}{}", promote("When: ENGINE = a", FENCED, VERIFIED))), code);
    never(&native("", &format!("{}\n## Failback\n\n{promoted}", serve(""))), code);
    never(&native("", &serve("")), code);
}

#[test]
fn an_approval_does_not_outlast_the_objective() {
    let code = "runbook::approval-wait";
    let asks = |approval: &str| promote(&format!("Approval: {approval}"), FENCED, VERIFIED);
    once(&native("rto: 30m", &asks("data-owner")), code, "Approval: data-owner", "or commander after 2m");
    let late = "data-owner or commander after 40m";
    once(&native("rto: 30m", &asks(late)), code, &format!("Approval: {late}"), "earlier");
    never(&native("rto: 30m", &asks("data-owner or commander after 2m")), code);
    never(&native("", &asks("data-owner")), code);
    never(
        &native("rto: 30m", "- [ ] Look\n").replace("## During", &format!("## Failback\n\n{}\n## During", asks("dba"))),
        code,
    );
}

const TIERED: &str = "name = \"e\"\n[regions.east]\n[regions.west]\n[databases.orders-db.servers]\neast = \"host=a\"\nwest = \"host=b\"\n[tiers.gold]\nrto = \"5m\"\nrpo = \"1m\"\n[people.mara]\nroles = [\"commander\"]\n";

#[test]
fn the_estate_says_how_long_there_is_and_who_there_is() {
    let parsed = estate::parse(TIERED);
    assert_eq!(parsed.errors().count(), 0, "{:?}", parsed.diagnostics);
    let said = |approval: &str| {
        let text = native("", &promote(&format!("Approval: {approval}"), FENCED, VERIFIED));
        let found = parse(text.as_str().into(), Some(&parsed.estate)).diagnostics;
        let of = found.into_iter().map(|found| (found.code, found.message, line_column(&text, found.span.start).0));
        of.filter(|(code, ..)| ["runbook::approval-wait", "runbook::vacant-seat"].contains(code)).collect::<Vec<_>>()
    };
    let found = said("data-owner");
    assert_eq!(
        found.iter().map(|(code, ..)| *code).collect::<Vec<_>>(),
        ["runbook::approval-wait", "runbook::vacant-seat"]
    );
    assert!(
        found[0].1.contains("the RTO of gold is 5m") && found[1].1.contains("nobody of the estate is data-owner"),
        "{found:?}"
    );
    assert_eq!(said("data-owner or commander after 2m"), []);
}

#[test]
fn the_steps_fit_into_the_objective_whichever_way_is_taken() {
    let code = "runbook::rto";
    let step = |title: &str, fields: &str| format!("- [ ] {title}\n\n  {fields}\n\n");
    let slow = format!("{}{}", step("A", "Duration: 20-30m"), step("B", "Duration: 15m; When: ENGINE = b"));
    let text = native("rto: 30m", &slow);
    once(&text, code, "rto: 30m", "in parallel");
    assert!(found(&text).iter().any(|found| found.message.contains("35m at least when ENGINE = b")));
    never(&native("rto: 35m", &slow), code);
    never(&native("", &slow), code);
    let beside = format!("### Both (in parallel)\n\n{}{}", step("A", "Duration: 20m"), step("B", "Duration: 20m"));
    never(&native("rto: 30m", &beside), code);
    let after = format!("{}## Post-failover\n\n{}", step("A", "Duration: 20m"), step("B", "Duration: 20m"));
    never(&native("rto: 30m", &after), code);
}

#[test]
fn a_lag_is_asked_only_where_a_primary_answers() {
    let code = "runbook::lag";
    let guard = |when: &str| format!("- [ ] A\n\n  {when}\n\n  ```check guard\n  lag orders-db@$TO < 30s\n  ```\n");
    for when in ["Owner: commander", "When: MODE = forced", "When: ENGINE = a", "When: MODE in planned, forced"] {
        once(&native("", &guard(when)), code, "```check guard", "loss DATABASE@$TO");
    }
    for when in ["When: MODE = planned", "When: MODE != forced and ENGINE = a", "When: MODE in planned"] {
        never(&native("", &guard(when)), code);
    }
    never(&native("type: maintenance", &guard("Owner: commander")), code);
    never(&native("", &guard("Owner: commander").replace("guard", "verify")), code);
    never(&native("", &format!("- [ ] B\n\n## Failback\n\n{}", guard("Owner: commander"))), code);
}

#[test]
fn a_question_only_reads_and_can_be_answered() {
    let asked = |block: &str| native("", &format!("- [ ] A\n\n  On: orders-db@$TO\n\n  {block}\n"));
    let code = "runbook::writes";
    for block in [
        "```sql guard\n  DELETE FROM t;\n  ```",
        "```sql verify\n  SELECT pg_promote();\n  ```",
        "```http verify\n  PUT http://x/\n  ```",
    ] {
        once(&asked(block), code, block.lines().next().unwrap_or_default(), "in the `run` block");
    }
    for block in [
        "```sql guard\n  SELECT deleted FROM t;\n  ```",
        "```http verify\n  GET http://x/\n  ```",
        "```sql verify\n  -- DELETE\n  SELECT true;\n  ```",
    ] {
        never(&asked(block), code);
    }
    let code = "runbook::never-passes";
    once(
        &asked("```check verify passes=5 every=30s within=1m\n  x ok\n  ```"),
        code,
        "```check verify passes=5 every=30s within=1m",
        "be longer",
    );
    never(&asked("```check verify passes=5 every=15s within=1m\n  x ok\n  ```"), code);
    let code = "runbook::hold";
    once(&native("", "- [ ] A\n\n  Hold: 1h\n"), code, "- [ ] A", "add a `verify` block");
    never(&native("", "- [ ] A\n\n  Hold: 1h\n\n  ```check verify\n  x ok\n  ```\n"), code);
}

#[test]
fn what_the_front_matter_names_is_there() {
    let code = "runbook::phases";
    once(&native("phases: {Durring: main}", "- [ ] A\n"), code, "phases: {Durring: main}", "did you mean `During`?");
    never(&native("phases: {during: main}", "- [ ] A\n"), code);
    once(
        &native("phases: {Reference: main}", "- [ ] A\n\n## Reference\n\ntext\n"),
        code,
        "phases: {Reference: main}",
        "are During",
    );
    let code = "runbook::unfilled";
    let step = |block: &str| format!("- [ ] A\n\n  ```{block}\n  ```\n");
    let front = "---\nrunbook: 1\nvars:\n  SNAP: {type: string, from: step}\n---\n## A\n";
    once(
        &format!("{front}{}", step("bash run readonly\n  true")),
        code,
        "SNAP: {type: string, from: step}",
        "out=SNAP",
    );
    never(&format!("{front}{}", step("bash run readonly out=SNAP\n  true")), code);
    never(&format!("{front}{}", step("bash run readonly\n  echo SNAP=1 >>\"$SWITCHBACK_OUT\"")), code);
    once("---\nrunbook: 1\n---\n# T\n\nText.\n", "runbook::no-steps", "Text.", "## Heading");
    let number = "---\nrunbook: 1\nvars: {N: {type: int, min: 5, max: 4}}\n---\n## A\n- [ ] B\n";
    once(number, "runbook::variable-key", "vars: {N: {type: int, min: 5, max: 4}}", "`min` below `max`");
    never(&number.replace("max: 4", "max: 5"), "runbook::variable-key");
}

#[test]
fn a_text_is_the_text_that_it_looks_like() {
    let code = "runbook::invisible-character";
    for (body, line) in [
        ("- [ ] Promote \u{202e}tsae\n", "- [ ] Promote \u{202e}tsae"),
        ("- [ ] A\n\n  Confirm: type \u{2066}$TO\n", "Confirm: type \u{2066}$TO"),
        ("- [ ] A\n\n### Wa\u{200b}it\n", "### Wa\u{200b}it"),
    ] {
        once(&native("", body), code, line, "delete it");
    }
    once(&native("owner: db\u{202e}a", "- [ ] A\n"), code, "owner: db\u{202e}a", "delete it");
    never(&native("", "- [ ] Tell people 👩\u{200d}🚒 about Zürich\n"), code);
    let code = "runbook::mixed-script";
    for body in [
        "- [ ] Рromote\n",
        "- [ ] A\n\n  Owner: cоmmander\n",
        "- [ ] A\n\n  ```bash run readonly\n  kubectl gеt pods\n  ```\n",
    ] {
        let text = native("", body);
        assert_eq!(fires(&text, code).len(), 1, "{text}");
    }
    never(
        &native("", "- [ ] Сообщить всем в Slack\n\n  ```bash run readonly\n  echo 'готово 5μs'\n  # gеt\n  ```\n"),
        code,
    );
    for role in ["ruп", "run\u{200b}", "guаrd"] {
        let text = native("", &format!("- [ ] A\n\n  ```bash {role}\n  true\n  ```\n"));
        assert!(!fires(&text, "runbook::role").is_empty(), "{text}");
    }
    never(&native("", "- [ ] A\n\n  ```bash title=\"überblick\"\n  true\n  ```\n"), "runbook::role");
}

#[test]
fn a_field_of_an_estate_type_is_named_when_it_is_nearly_right() {
    let text = |name: &str| {
        format!(
            "---\nrunbook: 1\nvars: {{NEW: {{type: db}}}}\n---\n## A\n- [ ] B\n\n  ```bash run readonly\n  echo \"${name}\"\n  ```\n"
        )
    };
    once(&text("NEW_HOTS"), "runbook::undeclared", "echo \"$NEW_HOTS\"", "did you mean `NEW_HOST`?");
    once(
        &text("NEW_ENDPOINT_ADDRESS"),
        "runbook::undeclared",
        "echo \"$NEW_ENDPOINT_ADDRESS\"",
        "`NEW` gives NEW_NAME",
    );
    never(&text("NEW_HOST"), "runbook::undeclared");
}
