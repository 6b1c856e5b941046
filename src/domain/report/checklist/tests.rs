use std::sync::Arc;

use super::*;
use crate::drill::demo_estate;
use crate::dry_run::{begin, unopened};
use crate::engine::Start;
use crate::estate::{Estate, parse};
use crate::ident::{IncidentId, RunId};
use crate::log::{Kind, Mode};
use crate::people::Actor;
use crate::report::tests::story::{RUN, Story};
use crate::time::Now;

const RUNBOOK: &str = "---
runbook: 1
rto: 30m
owner: platform
vars:
  OLD: {type: db, default: orders-db@$FROM}
  TICKET: {type: string}
  TOKEN: {type: secret, from: \"env:EDGE_TOKEN\"}
---

# Walk over

Moves everything from `$FROM` to *$TO*. <script>alert(1)</script>

## Do

- [ ] **Tell people** <!-- id: tell -->

  Owner: comms; Duration: 1m-2m

  Say *what* is broken.

  - [ ] by mail
  - [ ] by phone

- [ ] **Stop writes** <!-- id: stop -->

  When: MODE = planned

  ```bash run
  ssh \"$OLD_HOST\" stop --ticket \"$TICKET\"
  ```

- [ ] **Promote the standby** <!-- id: promote -->

  Owner: operator; On: orders-db@$TO; Approval: data-owner or commander after 2m; Point of no return: yes;
  Undo: rebuild the old primary, about 5 h

  ```check guard
  fenced orders-db@$FROM
  ```

  ```sql run timeout=90s
  SELECT pg_promote(true, 60);
  ```

  ```sql verify within=2m
  SELECT NOT pg_is_in_recovery();
  ```

- [ ] **Move traffic** <!-- id: move -->

  ```bash run
  curl -H \"Authorization: Bearer $TOKEN\" -d \"$TO\" https://edge </dev/null # ```
  ```

## Recovery to primary

- [ ] **Plan it** <!-- id: plan -->
";

fn sheet(estate: &Arc<Estate>, runbook: &str, mode: Option<Mode>) -> Sheet {
    let at = Timestamp::from_second(1_795_000_000).unwrap();
    let now = Now { wall: at, boot: std::time::Duration::from_secs(60) };
    let state = unopened(IncidentId(ulid::Ulid::from_parts(1, 1)), "", estate, Kind::Live, now);
    let start = Start {
        run: RunId(ulid::Ulid::from_parts(1, 2)),
        runbook: Arc::from(runbook),
        runbook_name: "walk".to_owned(),
        mode: mode.unwrap_or_default(),
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        values: std::collections::BTreeMap::new(),
        parent: None,
    };
    let board = Board::new(Arc::clone(estate));
    let (state, run) = begin(state, start, &board, &Actor::claimed("ana", "bastion"), now).unwrap();
    let run = state.run(run).unwrap();
    Sheet::of(&Printed { state: &state, run, board: &board, mode_known: mode.is_some(), incident: false, at })
}

#[test]
fn a_checklist_has_everything_that_paper_needs() {
    let sheet = sheet(&demo_estate(), RUNBOOK, None);
    insta::assert_snapshot!("checklist-md", sheet.markdown());
    let html = sheet.html();
    for part in [
        "Moves everything from us-east-1 to us-west-2.",
        "<b>Owner</b> comms",
        "POINT OF NO RETURN.</b> Taking it back costs: rebuild the old primary, about 5 h.",
        "<b>FENCED?</b> orders-db@us-east-1 accepts no write",
        "Approved (data-owner, or commander after 2m) by <span class=\"blank\">",
        "<pre>SELECT pg_promote(true, 60);</pre>",
        "Done when this holds, within 2m",
        "Recovery to primary (only when it is decided)",
        "MODE = planned",
        "$TOKEN is a secret, found at env:EDGE_TOKEN",
        "fill in: $TICKET has no value yet",
        "<th>TICKET</th><td><span class=\"blank\"></span></td>",
    ] {
        assert!(html.contains(part), "`{part}` is not in {html}");
    }
    assert_eq!(html.matches("<span class=\"time\">").count(), 5 * 3 + 2, "blanks for times and initials of each step");
}

#[test]
fn of_one_mode_only_its_steps_are_to_be_done() {
    let planned = sheet(&demo_estate(), RUNBOOK, Some(Mode::Planned)).markdown();
    assert!(planned.contains("☐ 2\\. Stop writes") && !planned.contains("Only when"), "{planned}");
    let forced = sheet(&demo_estate(), RUNBOOK, Some(Mode::Forced)).markdown();
    assert!(forced.contains("– 2\\. Stop writes"), "{forced}");
}

#[test]
fn an_incident_prints_what_was_done_when_and_what_is_left() {
    let story = Story::failover(Kind::Live);
    let run = story.state.run(RUN).unwrap();
    let board = Board::new(Arc::clone(&run.estate));
    let at = Timestamp::from_second(1_795_000_000).unwrap();
    let printed = Printed { state: &story.state, run, board: &board, mode_known: true, incident: true, at };
    let page = Sheet::of(&printed).markdown();
    assert!(page.contains("| Incident | INC-2026-0007"), "{page}");
    let mut done = 0;
    for (number, step) in (1..).zip(run.runbook.steps()) {
        let record = run.record(&step.id);
        let over = run.step_state(&step.id).ended() && run.applicable(step);
        let mark = if run.step_state(&step.id).done() {
            "☑"
        } else if over {
            "–"
        } else if run.applicable(step) {
            "☐"
        } else {
            "–"
        };
        assert!(page.contains(&format!("#### {mark} {number}\\. ")), "{mark} {number} {}", step.title);
        if let Some((at, by)) = record.ended_at.zip(record.by.as_ref()).filter(|_| over) {
            assert!(page.contains(&format!("{} by {by}", crate::time::clock(at))), "{}", step.title);
            done += 1;
        }
    }
    assert!(done > 2, "{page}");
    // No box is ticked for what was left out.
    assert!(page.contains("**So far: skipped"), "{page}");
}

#[test]
fn no_text_of_others_is_markup_or_steers_a_terminal_and_no_secret_is_printed() {
    let hostile = "</pre><script>alert(1)</script> \x1b[2J\u{202e} AKIAIOSFODNN7EXAMPLE [x](https://evil.example) ![i](http://evil.example/i.png)";
    let estate = Arc::new(
        parse(&format!(
            "name = \"{}\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n",
            "<img src=x onerror=alert(1)>"
        ))
        .estate,
    );
    let runbook = format!(
        "---\nrunbook: 1\n---\n\n# {hostile}\n\n{hostile}\n\n## {hostile}\n\n- [ ] {hostile} <!-- id: a -->\n\n  Owner: <b>x</b>; Undo: {hostile}\n\n  {hostile}\n\n- [ ] Run it <!-- id: b -->\n\n  ```bash run\n  cat </dev/null >\"a&b\"\n  ```\n"
    );
    let runbook = runbook.replace('\x1b', "\u{9b}");
    let sheet = sheet(&estate, &runbook, None);
    for page in [sheet.markdown(), sheet.html()] {
        assert!(page.chars().all(|c| c == '\n' || !c.is_control()), "{page:?}");
        assert!(!page.contains("AKIAIOSFODNN7EXAMPLE") && !page.contains('\u{202e}'), "{page}");
    }
    let html = sheet.html();
    for markup in ["<script", "<img", "<b>x", "<a ", "</pre><"] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    let mut blocks = 0;
    for markup in pulldown_cmark::Parser::new_ext(&sheet.markdown(), pulldown_cmark::Options::ENABLE_TABLES) {
        use pulldown_cmark::{Event, Tag};
        match markup {
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML: {html}"),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link"),
            Event::Start(Tag::CodeBlock(_)) => blocks += 1,
            _ => {}
        }
    }
    assert_eq!(blocks, 1);
}

#[test]
fn a_page_loads_nothing_from_elsewhere() {
    let html = sheet(&demo_estate(), RUNBOOK, None).html();
    for outside in ["src=", "href=", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
}
