use super::*;

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

const SHIPPED: [(&str, &str); 3] = [
    ("regional-failover", include_str!("../../../runbooks/regional-failover.md")),
    ("database-failover", include_str!("../../../runbooks/database-failover.md")),
    ("lab/regional-failover", include_str!("../../../runbooks/lab/regional-failover.md")),
];

#[test]
fn the_shipped_runbooks_have_nothing_to_find() {
    let demonstration = crate::drill::demo_estate();
    for (name, text) in SHIPPED {
        let estate = (!name.starts_with("lab/")).then_some(&*demonstration);
        let runbook = parse(text.into(), estate);
        let found: Vec<String> = runbook.diagnostics.iter().map(|found| reason(text, found)).collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
}
