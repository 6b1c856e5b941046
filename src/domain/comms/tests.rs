//! Texts from templates, as audiences get them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::engine::{Act, Became, Command, Opening, State, TellAct, decide, evolve};
use crate::estate::{Estate, parse};
use crate::ident::{Hash, IncidentId, RegionId};
use crate::log::{BootClock, Entry, Kind, Sev};
use crate::objective::Learned;
use crate::people::Actor;
use crate::reading::Board;
use crate::time::Now;

const ESTATE: &str = r#"
name = "orders-platform"
[regions.us-east-1]
title = "N. Virginia"
role = "primary"
[regions.us-west-2]
[services.checkout]
tier = "1"
health = { us-east-1 = "http://e/", us-west-2 = "http://w/" }
[tiers.1]
rto = "5m"
rpo = 0
[channels.status-page]
type = "statuspage"
page = "p"
api_key = "env:KEY"
public_url = "https://status.example.com"
[comms.public]
channels = ["status-page"]
anchor = true
[comms.customers]
[comms.executives]
"#;

struct Bench {
    state: State,
    estate: Arc<Estate>,
    now: Timestamp,
}

impl Bench {
    fn new(kind: Kind) -> Self {
        let estate = Arc::new(parse(ESTATE).estate);
        let now: Timestamp = "2026-11-20T02:06:56Z".parse().unwrap();
        let mut bench = Self { state: State::default(), estate, now };
        bench.act(
            kind,
            Command::Open(Box::new(Opening {
                incident: IncidentId(ulid::Ulid::from(1_u128)),
                label: "INC-2026-0007".to_owned(),
                kind,
                severity: Sev(1),
                title: "Regional failover".to_owned(),
                impact_at: now,
                impact_basis: "as declared".to_owned(),
                from: Some(RegionId::from("us-east-1")),
                to: Some(RegionId::from("us-west-2")),
                estate: Arc::from(ESTATE),
            })),
        );
        bench.act(kind, Command::take_command(&"mara".into()));
        bench
    }

    fn act(&mut self, kind: Kind, command: Command) {
        let act = Act { actor: Actor::claimed("mara", "bastion"), command };
        let now = Now { wall: self.now, boot: Duration::from_secs(10) };
        let decision = decide(&self.state, &Board::new(Arc::clone(&self.estate)), &act, now).unwrap();
        for event in decision.events {
            let seq = self.state.entries.last().map_or(1, |entry| entry.seq + 1);
            let entry = Entry {
                seq,
                occurred_at: self.now,
                recorded_at: self.now,
                clock: BootClock { id: "b".to_owned(), at: now.boot },
                kind,
                actor: act.actor.clone(),
                event,
                prev: self.state.head(),
                signature: None,
                hash: Hash::of(&seq.to_be_bytes()),
            };
            evolve(&mut self.state, &Arc::new(entry));
        }
    }

    fn audience(&self, name: &str) -> &Audience {
        self.estate.audiences.iter().find(|audience| audience.id.as_str() == name).unwrap()
    }

    fn draft(&self, templates: &Templates, audience: &str, status: IncidentStatus) -> Result<Draft, TemplateError> {
        let learned = Learned::default();
        let facts = Facts { state: &self.state, reading: None, learned: &learned, now: self.now };
        Draft::from_template(templates, self.audience(audience), status, &facts)
    }
}

#[test]
fn every_audience_has_a_text_at_every_status() {
    let mut bench = Bench::new(Kind::Live);
    bench.now = "2026-11-20T02:14:37Z".parse().unwrap();
    let mut all = String::new();
    for audience in ["public", "customers", "executives"] {
        for status in IncidentStatus::ALL {
            let draft = bench.draft(&Templates::default(), audience, status).unwrap();
            all.push_str(&format!("── {audience}, {} ──\n{}\n\n", status.word(), draft.text()));
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn customers_are_told_of_a_site_that_is_activated_once_the_point_of_no_return_is_crossed() {
    let mut bench = Bench::new(Kind::Live);
    let text = |bench: &Bench| {
        bench.draft(&Templates::default(), "customers", IncidentStatus::FailingOver).unwrap().text().to_string()
    };
    assert!(text(&bench).contains("is being activated"));
    let crossed = bench.now;
    bench.state.incident.as_mut().unwrap().no_return_at = Some(crossed);
    assert!(text(&bench).contains("has been activated"));
}

#[test]
fn the_reference_names_every_variable_and_no_other() {
    let bench = Bench::new(Kind::Live);
    let learned = Learned::default();
    let facts = Facts { state: &bench.state, reading: None, learned: &learned, now: bench.now };
    let known = |internal: bool| {
        let variables = VARIABLES.iter().filter(|variable| internal || !variable.internal);
        variables.map(|variable| variable.name).collect::<BTreeSet<_>>()
    };
    for audience in ["public", "executives"] {
        let audience = bench.audience(audience);
        let values: BTreeSet<_> = facts.values(audience, IncidentStatus::Investigating).into_keys().collect();
        assert_eq!(values, known(audience.internal), "{}", audience.id);
    }
}

#[test]
fn an_exercise_says_so_first_and_only_an_exercise() {
    for (kind, marked) in [(Kind::Drill, true), (Kind::Demo, true), (Kind::Paper, true), (Kind::Live, false)] {
        let mut bench = Bench::new(Kind::Live);
        bench.state.incident.as_mut().unwrap().kind = kind;
        let draft = bench.draft(&Templates::default(), "public", IncidentStatus::Investigating).unwrap();
        let ready = draft.ready(bench.audience("public"), &bench.state);
        assert_eq!(ready.body.starts_with("EXERCISE EXERCISE EXERCISE\n"), marked, "{kind:?}");
        assert_eq!(ready.subject.starts_with("EXERCISE: "), marked, "{kind:?}");
        assert!(ready.body.ends_with(&format!("Log of INC-2026-0007: {}", bench.state.head().short())), "{ready:?}");
        assert_eq!(ready.ready(bench.audience("executives"), &bench.state), ready, "marked once");
    }
}

#[test]
fn a_lab_says_that_it_is_one_for_what_it_tells_is_really_sent() {
    let mut bench = Bench::new(Kind::Live);
    bench.state.incident.as_mut().unwrap().kind = Kind::Lab;
    let draft = bench.draft(&Templates::default(), "public", IncidentStatus::Investigating).unwrap();
    let ready = draft.ready(bench.audience("public"), &bench.state);
    assert!(ready.body.starts_with("LAB: a practice estate that nobody depends on\n"), "{ready:?}");
    assert!(ready.subject.starts_with("LAB: Service disruption"), "{ready:?}");
    assert_eq!(ready.ready(bench.audience("executives"), &bench.state), ready, "marked once");
}

#[test]
fn only_notes_that_are_marked_are_passed_on() {
    let mut bench = Bench::new(Kind::Live);
    for text in ["raj is furious", "Public: a disk of the provider failed, password=hunter2hunter2"] {
        bench.act(Kind::Live, Command::Note { text: text.to_owned(), run: None, step: None, occurred_at: None });
    }
    let text = bench.draft(&Templates::default(), "public", IncidentStatus::Identified).unwrap().text();
    assert!(text.contains("- 02:06 UTC a disk of the provider failed"), "{text}");
    assert!(!text.contains("raj") && !text.contains("hunter2"), "{text}");
}

#[test]
fn outsiders_are_told_no_names_of_people() {
    let bench = Bench::new(Kind::Live);
    let templates = Templates::default().with("investigating", "A\n\n{{ commander }}");
    let error = bench.draft(&templates, "public", IncidentStatus::Investigating).unwrap_err();
    assert_eq!((error.line, error.why.as_str()), (3, "`commander` is not known"));
    assert!(error.remedy.contains("internal = true"), "{error:?}");
    let inside = templates.with("executives", "A\n\n{{ commander }}");
    let text = inside_text(&bench, &inside);
    assert_eq!(text, "A\n\nmara");
}

fn inside_text(bench: &Bench, templates: &Templates) -> String {
    bench.draft(templates, "executives", IncidentStatus::Investigating).unwrap().text()
}

#[test]
fn a_template_that_is_wrong_says_where_why_and_what_helps() {
    let bench = Bench::new(Kind::Live);
    for (text, line, why, remedy) in [
        ("a\nb {{ servces }}", 2, "`servces` is not known", "did you mean `services`?"),
        ("a\n{% if impact %}", 2, "", "MiniJinja"),
        ("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", 1, "", "less"),
        ("{{ 'x' * 100000 }}", 1, "", ""),
        ("a\n\n{% include \"nobody\" %}", 3, "nobody", "_closing"),
        ("{% include \"public\" %}", 1, "", ""),
    ] {
        let templates = Templates::default().with("public", text);
        let error = bench.draft(&templates, "public", IncidentStatus::Investigating).unwrap_err();
        assert_eq!((error.name.as_str(), error.line), ("public", line), "{text}: {error:?}");
        assert!(error.why.contains(why) && error.remedy.contains(remedy) && !error.why.is_empty(), "{text}: {error:?}");
    }
}

#[test]
fn what_is_shipped_is_right_and_what_is_wrong_is_found() {
    let bench = Bench::new(Kind::Live);
    assert_eq!(check(&Templates::default(), &bench.estate), vec![]);
    let wrong = Templates::default().with("public-resolved", "all is well\n{{ nope }}");
    let found = check(&wrong, &bench.estate);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].template.as_deref(), Some("public-resolved"));
    assert_eq!(found[0].diagnostic.span, 12..22);
    let slip = ESTATE.replace("[comms.customers]", "[comms.customers]\ntemplate = \"custmers\"");
    let found = check(&Templates::default(), &parse(&slip).estate);
    assert_eq!(found[0].diagnostic.help.as_deref(), Some("did you mean `customers`?"));
}

#[test]
fn the_status_follows_the_incident() {
    let mut bench = Bench::new(Kind::Live);
    assert_eq!(likely_status(&bench.state), IncidentStatus::Investigating);
    bench.act(Kind::Live, Command::Decide { text: "fail over".to_owned(), failover: true });
    assert_eq!(likely_status(&bench.state), IncidentStatus::FailingOver);
    let now = bench.now;
    bench.state.incident.as_mut().unwrap().recovered.insert("1".into(), now);
    assert_eq!(likely_status(&bench.state), IncidentStatus::Monitoring);
}

#[test]
fn times_of_another_day_bear_it_and_spans_read_as_words() {
    let mut bench = Bench::new(Kind::Live);
    let templates =
        Templates::default().with("public", "a\n\n{{ impact }}; {{ next_update }}; {{ elapsed }}; {{ every }}");
    let mut told = |at: &str, every: u64| {
        bench.now = at.parse().unwrap();
        let learned = Learned::default();
        let facts = Facts { state: &bench.state, reading: None, learned: &learned, now: bench.now };
        let audience = Audience { every: Duration::from_secs(every * 60), ..bench.audience("public").clone() };
        Draft::from_template(&templates, &audience, IncidentStatus::Identified, &facts).unwrap().body
    };
    assert_eq!(told("2026-11-20T03:06:56Z", 60), "02:06 UTC; 04:06 UTC; 1 hour; hour");
    let late = "02:06 UTC; 00:10 UTC on 21 November; 21 hours 43 minutes; 20 minutes";
    assert_eq!(told("2026-11-20T23:50:00Z", 20), late);
    let after = "02:06 UTC on 20 November; 01:30 UTC; 22 hours 23 minutes; hour";
    assert_eq!(told("2026-11-21T00:30:00Z", 60), after);
}

#[test]
fn what_was_being_sent_when_the_incident_was_closed_still_has_its_outcome() {
    let mut bench = Bench::new(Kind::Live);
    let tell = |act: TellAct| Command::Tell(Box::new(act));
    let way = Way::Channel("status-page".into());
    let issue = || {
        tell(TellAct::Issue {
            audience: "public".into(),
            status: IncidentStatus::Resolved,
            subject: "Resolved".to_owned(),
            text: "It is over.".to_owned(),
            ways: vec![way.clone()],
        })
    };
    bench.act(Kind::Live, issue());
    let update = bench.state.entries.last().unwrap().seq;
    bench.act(Kind::Live, Command::Close { reason: "it is over".to_owned() });
    let receipt = Some("incident 1".to_owned());
    let became = Became::Delivered { receipt: receipt.clone() };
    bench.act(Kind::Live, tell(TellAct::Record { update, way: way.clone(), became }));
    let delivered = WayState::Delivered { at: bench.now, receipt };
    assert_eq!(bench.state.updates.issued[&update].ways[&way], delivered);
    let again = Act { actor: Actor::claimed("mara", "bastion"), command: issue() };
    let now = Now { wall: bench.now, boot: Duration::from_secs(10) };
    let refused = decide(&bench.state, &Board::new(Arc::clone(&bench.estate)), &again, now).unwrap_err();
    assert_eq!(refused.message, "the incident is closed");
}
