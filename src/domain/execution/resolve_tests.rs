use super::*;
use crate::estate;
use crate::execution::{applicable, known_values};
use crate::ident::{RegionId, RunId};
use crate::log::Mode;
use crate::runbook::parse;

const RUNBOOK: &str = r#"---
runbook: 1
vars:
  NEW: {type: db, default: orders-db@$TO}
  EDGE: {type: string, default: "http://127.0.0.1:8080"}
  TICKET: {type: string, pattern: 'INC-[0-9]+'}
  NOTE: {type: string}
  TOKEN: {type: secret, from: "env:API_TOKEN"}
  SNAP: {type: string, from: step}
---
## During
- [ ] Promote <!-- id: promote -->

  On: $NEW; When: MODE = forced; Undo: rebuild; Point of no return: yes

  ```check guard
  # the old side
  fenced orders-db@$FROM
  ```
  ```sql run idempotent timeout=90s
  SELECT pg_promote(true, 60) /* $FROM */ WHERE :'NOTE' <> '';
  ```
  ```sql verify
  SELECT NOT pg_is_in_recovery();
  ```
  ```bash rollback
  echo "$TICKET"
  ```
  ```world drill
  promote $NEW
  ```
- [ ] Switch <!-- id: switch -->

  ```http run idempotent
  POST $EDGE/switch
  Content-Type: application/json

  {"region": "$TO", "note": "$NOTE"}
  ```
  ```http verify
  GET $EDGE/active
  ```
- [ ] Call <!-- id: call -->

  ```bash run out=SNAP
  printf 'Authorization: %s' "$TOKEN" | curl -H @- "https://x/$NEW_HOST/$TICKET"; own=1; echo "$own"
  ```
  ```bash verify
  test -n "$SNAP"
  ```
- [ ] By hand <!-- id: hand -->
"#;

const ESTATE: &str = r#"
name = "test"
[regions.us-east-1]
role = "primary"
[regions.us-west-2]
[databases.orders-db.servers]
us-east-1 = "host=10.0.0.1 port=5432 user=ops dbname=orders"
us-west-2 = "host=10.0.0.2 port=5433 user=ops dbname=orders"
"#;

struct Run {
    estate: Estate,
    runbook: Runbook,
    values: BTreeMap<String, String>,
    from: RegionId,
    to: RegionId,
    kind: Kind,
    mode: Mode,
}

impl Run {
    fn new(values: &[(&str, &str)]) -> Self {
        let parsed = estate::parse(ESTATE);
        assert_eq!(parsed.errors().count(), 0, "{:?}", parsed.diagnostics);
        let runbook = parse(RUNBOOK.into(), Some(&parsed.estate));
        assert_eq!(runbook.diagnostics, []);
        Self {
            estate: parsed.estate,
            runbook,
            values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            from: "us-east-1".into(),
            to: "us-west-2".into(),
            kind: Kind::Live,
            mode: Mode::Forced,
        }
    }

    fn context(&self) -> RunContext<'_> {
        RunContext {
            run: RunId(ulid::Ulid::nil()),
            incident: "INC-2026-0007",
            kind: self.kind,
            mode: self.mode,
            from: Some(&self.from),
            to: Some(&self.to),
            values: &self.values,
            undo: None,
        }
    }

    fn resolve(&self, step: &str, part: Part) -> Result<Resolved, ResolveError> {
        resolve(&self.runbook, &self.context(), &step.into(), part, 1, &self.estate)
    }
}

#[test]
fn sql_runs_on_the_server_of_its_target_with_quoted_values() {
    let resolved = Run::new(&[("NOTE", "it's")]).resolve("promote", Part::Run).unwrap();
    assert_eq!(resolved.text, "SELECT pg_promote(true, 60) /* $FROM */ WHERE 'it''s' <> '';\n");
    let target = resolved.target.unwrap();
    assert_eq!(target.name, "orders-db@us-west-2");
    assert_eq!(target.dsn.as_deref(), Some("host=10.0.0.2 port=5433 user=ops dbname=orders"));
    assert_eq!(target.address.as_deref(), Some("ops@10.0.0.2:5433/orders"));
    assert!(resolved.idempotent && resolved.env.is_empty());
}

#[test]
fn a_simulated_estate_takes_the_stated_effect_instead() {
    let mut run = Run::new(&[]);
    run.kind = Kind::Demo;
    let resolved = run.resolve("promote", Part::Run).unwrap();
    assert_eq!((resolved.lang, resolved.text.as_str()), (Lang::World, "promote orders-db@us-west-2\n"));
    run.kind = Kind::Lab;
    assert!(matches!(run.resolve("promote", Part::Run), Err(ResolveError::Missing(_))));
}

#[test]
fn a_shell_gets_its_text_untouched_and_values_as_environment() {
    let run = Run::new(&[("TICKET", "INC-7"), ("TOKEN", "never")]);
    let resolved = run.resolve("call", Part::Run).unwrap();
    assert!(resolved.text.contains("\"https://x/$NEW_HOST/$TICKET\""));
    assert_eq!(resolved.env["NEW_HOST"], "10.0.0.2");
    assert_eq!((resolved.env["MODE"].as_str(), resolved.env["INCIDENT"].as_str()), ("forced", "INC-2026-0007"));
    assert!(!resolved.env.contains_key("TOKEN"));
    assert_eq!(resolved.secrets["TOKEN"], "env:API_TOKEN");
    assert_eq!(resolved.out.as_deref(), Some("SNAP"));
    assert!(resolved.may_set.contains(&"SNAP".to_owned()) && !resolved.may_set.contains(&"TOKEN".to_owned()));
    let rollback = run.resolve("promote", Part::Rollback).unwrap();
    assert!(rollback.secrets.is_empty());
}

#[test]
fn http_values_are_encoded_where_they_stand() {
    let resolved = Run::new(&[("NOTE", "a \"b\"")]).resolve("switch", Part::Run).unwrap();
    assert_eq!(
        resolved.text,
        "POST http://127.0.0.1:8080/switch\nContent-Type: application/json\n\n\
         {\"region\": \"us-west-2\", \"note\": \"a \\\"b\\\"\"}\n"
    );
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let run = Run::new(&[("TICKET", "7")]);
    let ResolveError::Missing(why) = run.resolve("call", Part::Run).unwrap_err() else { panic!() };
    assert_eq!(why, ["$TICKET: `7` does not match `INC-[0-9]+`"]);
    let step = run.runbook.step(&"promote".into()).unwrap();
    assert_eq!(open_values(&run.runbook, &run.context(), step, &run.estate), ["NOTE"]);
    let call = run.runbook.step(&"call".into()).unwrap();
    let verify = resolve_block(&run.runbook, &run.context(), call, &call.verifies[0], &run.estate).unwrap_err();
    assert_eq!(verify.to_string(), "$SNAP is filled by a step that has not run");
    assert_eq!(run.resolve("hand", Part::Run), Err(ResolveError::Manual(None)));
    assert_eq!(run.resolve("call", Part::Rollback), Err(ResolveError::NoRollback));
    assert!(matches!(run.resolve("nowhere", Part::Run), Err(ResolveError::NoSuchStep(_))));
    let mut elsewhere = Run::new(&[("NOTE", "x")]);
    elsewhere.to = "us-west-9".into();
    let said = elsewhere.resolve("promote", Part::Run).unwrap_err().to_string();
    assert!(said.contains("orders-db@us-west-9"), "{said}");
}

#[test]
fn guards_are_settled_like_runs() {
    let run = Run::new(&[]);
    let step = run.runbook.step(&"promote".into()).unwrap();
    let guard = resolve_block(&run.runbook, &run.context(), step, &step.guards[0], &run.estate).unwrap();
    assert_eq!(guard.text, "# the old side\nfenced orders-db@us-east-1\n");
    let verify = resolve_block(&run.runbook, &run.context(), step, &step.verifies[0], &run.estate).unwrap();
    assert!(verify.target.unwrap().dsn.is_some());
}

#[test]
fn a_step_applies_only_when_its_conditions_hold() {
    let mut run = Run::new(&[]);
    for (mode, wanted) in [(Mode::Forced, true), (Mode::Planned, false)] {
        run.mode = mode;
        let values = known_values(&run.runbook, &run.context(), &run.estate);
        assert_eq!(applicable(run.runbook.step(&"promote".into()).unwrap(), &values), wanted);
    }
}

const NAMES: &str = r"---
runbook: 1
---
## Do
- [ ] Names <!-- id: names -->

  ```route53 run
  zone: Z1
  name: pay.example.com
  type: CNAME
  values: [pay.$TO.example.com]
  ```
";

#[test]
fn a_generated_rollback_puts_back_what_the_run_wrote_down() {
    let mut run = Run::new(&[]);
    run.runbook = parse(NAMES.into(), Some(&run.estate));
    let found: Vec<&str> = run.runbook.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(found, ["runbook::unverified", "runbook::control-plane"]);
    let resolved = run.resolve("names", Part::Run).unwrap();
    assert!(resolved.text.contains("pay.us-west-2.example.com"), "{}", resolved.text);
    let said = run.resolve("names", Part::Rollback).unwrap_err().to_string();
    assert!(said.contains("nothing was changed"), "{said}");
    // Values of what stood are no variables.
    let undo = "zone: Z1\nchanges:\n- put: {\"Name\":\"pay.example.com.\",\"Type\":\"TXT\",\"TTL\":5,\"ResourceRecords\":[{\"Value\":\"\\\"$HOME\\\"\"}]}\n";
    let context = RunContext { undo: Some(undo), ..run.context() };
    let back = resolve(&run.runbook, &context, &"names".into(), Part::Rollback, 1, &run.estate).unwrap();
    assert_eq!((back.lang, back.text.as_str()), (crate::runbook::Lang::Route53, undo));
    // The simulated world has no records: there the name goes back to the other side.
    run.kind = Kind::Demo;
    assert!(run.resolve("names", Part::Rollback).unwrap().text.contains("pay.us-east-1.example.com"));
}

#[test]
fn an_account_of_the_estate_gives_a_step_its_profile() {
    let mut run = Run::new(&[]);
    run.estate = estate::parse(&format!(
        "{ESTATE}\n[aws.dns]\nprofile = \"failover\"\n[traffic]\ndata_plane = \"arc\"\nrunbook = \"flip\"\n"
    ))
    .estate;
    run.runbook = parse(NAMES.replace("\n\n  ```r", "\n\n  On: dns\n\n  ```r").into(), Some(&run.estate));
    let warning = run.runbook.diagnostics.iter().find(|found| found.code == "runbook::control-plane").unwrap();
    assert!(warning.help.as_deref().is_some_and(|help| help.contains("routing control") && help.contains("`flip`")));
    let target = run.resolve("names", Part::Run).unwrap().target.unwrap();
    assert_eq!(target.aws.unwrap().profile.as_deref(), Some("failover"));
    assert_eq!(target.address.as_deref(), Some("AWS profile `failover`"));
}

#[test]
fn the_estates_only_database_goes_without_saying_and_of_several_one_is_asked_for() {
    let text = "---\nrunbook: 1\nvars:\n  DATABASE: {type: database}\n  COPY: {type: backup}\n---\n## Do\n\
                - [ ] Look <!-- id: look -->\n\n  On: $DATABASE@$TO\n\n  ```sql run readonly\n  SELECT 1;\n  ```\n";
    let mut run = Run { runbook: parse(text.into(), None), ..Run::new(&[]) };
    assert_eq!(run.runbook.diagnostics, []);
    let target = |run: &Run| run.resolve("look", Part::Run).map(|resolved| resolved.target.unwrap().name);
    assert_eq!(target(&run).unwrap(), "orders-db@us-west-2");
    let problem = |run: &Run, name| {
        let values = known_values(&run.runbook, &run.context(), &run.estate);
        problem(&run.runbook, name, &run.context(), &values, &run.estate).unwrap()
    };
    assert_eq!(problem(&run, "COPY"), "$COPY has no value: the estate has no backup");
    let second = estate::Database { id: "ledger-db".into(), ..run.estate.databases[0].clone() };
    run.estate.databases.push(second);
    assert!(target(&run).is_err());
    assert_eq!(problem(&run, "DATABASE"), "$DATABASE has no value yet: one of orders-db, ledger-db");
    run.values.insert("DATABASE".to_owned(), "ledger-db".to_owned());
    assert_eq!(target(&run).unwrap(), "ledger-db@us-west-2");
}

#[test]
fn what_the_estate_says_of_a_variable_counts_before_its_default_and_after_what_was_given() {
    let mut run = Run::new(&[]);
    let edge = |run: &Run| known_values(&run.runbook, &run.context(), &run.estate)["EDGE"].clone();
    assert_eq!(edge(&run), "http://127.0.0.1:8080");
    run.estate.vars.insert("EDGE".to_owned(), "https://edge.$TO.example.com".to_owned());
    assert_eq!(edge(&run), "https://edge.us-west-2.example.com");
    run.values.insert("EDGE".to_owned(), "https://given.example.com".to_owned());
    assert_eq!(edge(&run), "https://given.example.com");
}
