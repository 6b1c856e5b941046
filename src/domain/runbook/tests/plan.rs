//! The plan that comes of a document.

use std::fmt::Write;

use std::collections::BTreeMap;

use crate::estate;
use crate::execution::{Part, RunContext, applicable, known_values, open_values, resolve, resolve_block};
use crate::ident::RunId;
use crate::log::{Kind, Mode};
use crate::runbook::{Block, PhaseKind, Runbook, parse};

#[test]
fn the_step_of_the_format_is_read_whole() {
    let text = "---\nrunbook: 1\n---\n# Fail over\n\nRead me.\n\n## During\n\n- [ ] **Promote the standby database** <!-- id: promote -->\n\n  Owner: operator; On: orders-db@$TO; Duration: 30s; Approval: data-owner or commander after 2m;\n  Point of no return: yes; Undo: rebuild the old primary from this one, about 5 h\n\n  The old primary must be fenced first; see the step before.\n\n  ```check guard\n  fenced orders-db@$FROM\n  loss orders-db@$TO <= 5m\n  ```\n\n  ```sql run timeout=90s\n  SELECT pg_promote(true, 60);\n  ```\n\n  ```sql verify every=1s within=2m\n  SELECT NOT pg_is_in_recovery();\n  ```\n\n  ```world drill\n  promote orders-db@$TO\n  ```\n";
    let runbook = parse(text.into(), None);
    assert_eq!(runbook.diagnostics, []);
    assert_eq!((runbook.title.as_str(), runbook.preamble.as_str()), ("Fail over", "Read me."));
    let step = runbook.step(&"promote".into()).unwrap();
    assert_eq!(step.title, "Promote the standby database");
    assert_eq!(step.prose, "The old primary must be fenced first; see the step before.");
    assert!(step.point_of_no_return && step.undo.is_some() && step.approval.is_some() && !step.manual());
    assert_eq!(step.guards[0].text, "fenced orders-db@$FROM\nloss orders-db@$TO <= 5m\n");
    assert_eq!((step.verifies.len(), step.drill.is_some()), (1, true));
    assert_eq!(step.run.as_ref().unwrap().timeout.as_secs(), 90);
}

#[test]
fn phases_groups_and_substeps_follow_the_headings() {
    let text = "---\nrunbook: 1\nphases: {\"Clean up after lunch\": main}\n---\n# T\n## Reference\ntext\n## One\n- [ ] a\n  1. [ ] b\n  - [ ] c\n  - plain\n\n### Both (in parallel)\n2. [ ] d <!-- id: d -->\n3. [ ] e\n   After: d\n\n## Recovery to primary\n- [ ] f\n\n## Clean up after lunch\n- [ ] g\n";
    let runbook = parse(text.into(), None);
    assert_eq!(runbook.diagnostics, []);
    let titles: Vec<_> = runbook.phases.iter().map(|phase| (phase.title.as_str(), phase.kind)).collect();
    let wanted = [
        ("One", PhaseKind::Main),
        ("Recovery to primary", PhaseKind::Failback),
        ("Clean up after lunch", PhaseKind::Main),
    ];
    assert_eq!(titles, wanted);
    let ids: Vec<_> = runbook.steps().map(|step| step.id.to_string()).collect();
    assert_eq!(ids, ["1.1", "d", "1.3", "2.1", "3.1"]);
    let first = runbook.steps().next().unwrap();
    assert_eq!(first.substeps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    assert_eq!(first.prose, "- plain");
    assert!(runbook.phases[0].groups[1].parallel && !runbook.phases[0].groups[0].parallel);
    assert_eq!(runbook.step(&"1.3".into()).unwrap().after, ["d".into()]);
}

#[test]
fn an_error_makes_its_step_manual_and_no_other() {
    let text = "---\nrunbook: 1\n---\n## A\n- [ ] a\n\n  ```bash run readonly\n  echo \"$WHAT\"\n  ```\n- [ ] b\n\n  ```bash run readonly\n  true\n  ```\n- [ ] c\n\n  ```route53 run\n  zone: x\n  ```\n";
    let runbook = parse(text.into(), None);
    let steps: Vec<_> = runbook.steps().collect();
    assert_eq!(steps[0].manual_because.as_deref(), Some("line 8: `$WHAT` is neither declared nor set in this block"));
    assert!(steps[0].manual() && !steps[1].manual() && steps[1].manual_because.is_none());
    assert_eq!(steps[2].manual_because.as_deref(), Some("line 18: `x` is not the id of a hosted zone"));
    assert!(steps[2].manual() && steps[2].rollback.is_none());
}

#[test]
fn nothing_runs_of_a_document_that_is_no_runbook() {
    let text = "---\ntitle: Ours\nrto: soon\n---\n## Checklist\n\n### During\n- [ ] Promote\n\n  ```bash run\n  $ rm -rf <x>\n  ```\n- []\n";
    let runbook = parse(text.into(), None);
    assert_eq!((runbook.title.as_str(), runbook.native), ("Ours", false));
    assert_eq!(runbook.diagnostics, []);
    let step = runbook.steps().next().unwrap();
    assert!(step.manual() && step.manual_because.is_none() && step.title == "Promote");
    assert!(step.prose.contains("rm -rf"), "{}", step.prose);
}

#[test]
fn what_was_meant_as_a_runbook_is_never_taken_for_another_document() {
    let step = "## A\n- [ ] a\n\n  ```bash run readonly\n  true\n  ```\n";
    for (head, code) in [
        ("---\nrunbook: 2\n---\n", "runbook::version"),
        ("---\nrunbook: 1\n", "runbook::front-matter"),
        ("---\nrunbook: 1\na: [\n---\n", "runbook::front-matter"),
    ] {
        let runbook = parse(format!("{head}{step}").into(), None);
        assert!(runbook.native, "{head}");
        assert_eq!(runbook.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [code], "{head}");
    }
    let runbook = parse(format!("---\nrunbook: 2\n---\n{step}").into(), None);
    let step = runbook.steps().next().unwrap();
    assert!(step.manual() && step.manual_because.as_deref().is_some_and(|why| why.contains("version 1 only")));
}

#[test]
fn names_are_checked_against_the_estate() {
    let estate = estate::parse(
        "name = \"e\"\n[regions.east]\n[regions.west]\n[services.api]\n[databases.db.servers]\neast = \"host=a\"\n[people.mara]\nroles = [\"commander\"]\n[backups.db]\ntype = \"files\"\nglob = \"/x\"\nevery = \"1h\"\n",
    );
    assert_eq!(estate.errors().count(), 0, "{:?}", estate.diagnostics);
    let table = [
        ("On: db@east", None),
        ("On: db@$TO; Owner: mara", None),
        ("On: bd@east", Some("did you mean `db`?")),
        ("On: db@wset", Some("did you mean `west`?")),
        ("On: db@west", Some("it has one in east")),
        ("Owner: maar", Some("did you mean `mara`?")),
        ("Approval: nobody", Some("add it to `roles:`")),
        ("x\n\n  ```check verify\n  api ok\n  east ok\n  db@east ok\n  serving db $TO\n  ```", None),
        ("x\n\n  ```check verify\n  aip ok\n  ```", Some("did you mean `api`?")),
        ("x\n\n  ```check verify\n  lag dbb@east < 1s\n  ```", Some("did you mean `db`?")),
        ("x\n\n  ```check verify\n  serving api nrth\n  ```", Some("it has east, west")),
        ("x\n\n  ```check verify\n  backup bd < 1h\n  ```", Some("did you mean `db`?")),
        ("x\n\n  ```world drill\n  serve all west\n  down east\n  ```", None),
        ("x\n\n  ```world drill\n  fence db@west\n  ```", Some("it has one in east")),
    ];
    for (text, help) in table {
        let text = format!("---\nrunbook: 1\n---\n## A\n- [ ] S\n\n  {text}\n");
        let runbook = parse(text.as_str().into(), Some(&estate.estate));
        let said: Vec<_> = runbook.diagnostics.iter().map(|found| found.help.clone().unwrap_or_default()).collect();
        match help {
            None => assert_eq!(runbook.diagnostics, [], "{text}"),
            Some(help) => assert!(said.len() == 1 && said[0].contains(help), "{text}\n{:#?}", runbook.diagnostics),
        }
    }
}

const SHIPPED: [(&str, &str); 5] = [
    ("regional-failover", include_str!("../../../../runbooks/regional-failover.md")),
    ("database-failover", include_str!("../../../../runbooks/database-failover.md")),
    ("application-failover", include_str!("../../../../runbooks/application-failover.md")),
    ("network-outage", include_str!("../../../../runbooks/network-outage.md")),
    ("failback", include_str!("../../../../runbooks/failback.md")),
];

#[test]
fn the_shipped_runbooks_have_nothing_to_find() {
    let demonstration = crate::drill::demo_estate();
    for (name, text) in SHIPPED {
        let runbook = parse(text.into(), Some(&demonstration));
        assert_eq!(runbook.diagnostics, [], "{name}");
    }
}

#[test]
fn a_way_that_the_estate_does_not_take_is_not_warned_of() {
    let step = "vars:\n  DNS: {type: choice, of: [edge, route53], default: edge}\n---\n## A\n- [ ] S\n\n  When: DNS = route53\n\n  ```route53 run\n  zone: Z1\n  name: a.example.com\n  type: CNAME\n  values: [b.example.com]\n  ```\n\n  ```check verify\n  serving all $TO\n  ```\n";
    let text = format!("---\nrunbook: 1\n{step}");
    let codes = |estate: &str| {
        let estate = estate::parse(&format!("name = \"e\"\n{estate}[regions.us-east-1]\n[regions.us-west-2]\n")).estate;
        let runbook = parse(text.as_str().into(), Some(&estate));
        runbook.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(""), [] as [&str; 0]);
    assert_eq!(codes("vars = { DNS = \"route53\" }\n"), ["runbook::control-plane"]);
}

#[test]
fn the_example_in_the_handbook_is_right() {
    let text = include_str!("../../../../docs/runbooks.md");
    let example = text.split("````markdown\n").nth(1).and_then(|rest| rest.split("````").next()).unwrap();
    let runbook = parse(example.into(), Some(&crate::drill::demo_estate()));
    assert_eq!(runbook.diagnostics, []);
    assert!(runbook.native && runbook.step(&"promote".into()).is_some_and(|step| !step.manual()));
}

#[test]
fn every_step_of_the_shipped_runbooks_can_be_settled_on_the_demonstration() {
    let estate = crate::drill::demo_estate();
    let (from, to) = ("us-east-1".into(), "us-west-2".into());
    for (name, text) in SHIPPED {
        let runbook = parse(text.into(), Some(&estate));
        for (kind, mode) in [(Kind::Demo, Mode::Forced), (Kind::Live, Mode::Forced), (Kind::Live, Mode::Planned)] {
            let context = RunContext {
                run: RunId(ulid::Ulid::nil()),
                incident: "INC-2026-0001",
                kind,
                mode,
                from: Some(&from),
                to: Some(&to),
                values: &BTreeMap::new(),
                undo: None,
            };
            let known = known_values(&runbook, &context, &estate);
            for step in runbook.steps().filter(|step| applicable(step, &known)) {
                assert_eq!(open_values(&runbook, &context, step, &estate), [] as [String; 0], "{name} {}", step.id);
                if step.run.is_some() {
                    resolve(&runbook, &context, &step.id, Part::Run, 1, &estate).unwrap();
                }
                for block in step.guards.iter().chain(&step.verifies) {
                    resolve_block(&runbook, &context, step, block, &estate).unwrap();
                }
            }
        }
    }
}

/// Both documents' checklists stand in the runbook, word for word: in a title, or in the text of a step.
#[test]
fn the_checklists_of_the_documents_are_in_the_regional_failover() {
    let runbook = parse(SHIPPED[0].1.into(), None);
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let said: Vec<String> = runbook.steps().map(|step| plain(&format!("{}. {}", step.title, step.prose))).collect();
    let mut items = 0;
    for document in [
        include_str!("../../../../tests/data/documents/platform-recovery.md"),
        include_str!("../../../../tests/data/documents/studio-plan.md"),
    ] {
        for item in document.lines().filter_map(|line| line.strip_prefix("- [ ] ")) {
            items += 1;
            let item = plain(item);
            let found = said.iter().any(|step| step.contains(&item));
            assert!(found, "`{item}` is not in the runbook");
        }
    }
    assert_eq!(items, 31);
}

#[test]
fn the_shape_of_the_regional_failover() {
    insta::assert_snapshot!(shape(&parse(SHIPPED[0].1.into(), None)));
}

fn shape(runbook: &Runbook) -> String {
    let mut out = format!("{}\n", runbook.title);
    for phase in &runbook.phases {
        let _ = writeln!(out, "\n{} ({})", phase.title, phase.kind.name());
        for group in &phase.groups {
            if let Some(title) = &group.title {
                let _ = writeln!(out, "  {title}{}", if group.parallel { " (in parallel)" } else { "" });
            }
            for step in &group.steps {
                let blocks = [step.guards.as_slice(), step.run.as_slice(), step.verifies.as_slice()].concat();
                let blocks: Vec<String> = blocks.iter().map(|block: &Block| block.lang.name().to_owned()).collect();
                let marks = [
                    (step.point_of_no_return, "no return"),
                    (step.rollback.is_some(), "rollback"),
                    (step.drill.is_some(), "drill"),
                    (step.approval.is_some(), "approval"),
                    (step.hold.is_some(), "hold"),
                ];
                let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
                let _ = writeln!(out, "    {} | {} | {} | {}", step.id, step.title, blocks.join(" "), marks.join(", "));
            }
        }
    }
    out
}

#[test]
fn nothing_that_steers_a_terminal_gets_out_of_a_name() {
    let text = "---\nrunbook: 1\ntitle: \"a\\e]0;x\\a\\u202e\\u009b2J\"\nowner: \"o\\e[2J\"\nrequires: [\"r\\e[2J\"]\n\
        vars:\n  V: {type: string, prompt: \"p\\e[2J\", default: \"d\\e[2J\"}\n---\n\n## P\u{1b}[2J\u{202e}\n\n\
        ### G\u{9b}2J\n\n- [ ] S\u{1b}]0;x\u{7}\n\n  Owner: w\u{1b}[2J; Undo: u\u{202e}\n";
    let runbook = crate::runbook::parse(std::sync::Arc::from(text), None);
    assert_eq!(runbook.steps().count(), 1);
    let names = format!(
        "{} {:?} {:?} {:?} {:?} {:?}",
        runbook.title, runbook.owner, runbook.requires, runbook.vars, runbook.phases, runbook.diagnostics
    );
    // What `Debug` escapes was there.
    for hostile in ["\\u{1b}", "\\u{7}", "\\u{9b}", "\\u{202e}", "\u{202e}"] {
        assert!(!names.contains(hostile), "{hostile:?} in {names}");
    }
}
