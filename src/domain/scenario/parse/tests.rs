use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;

const WHOLE: &str = r#"
title = "$FROM is dark"
summary = "The region is lost."
objectives = ["Decide"]
preconditions = ["All are there"]
counts_as = ["failover-drill"]
lasts = "30m"

[roles]
commander = "You decide for $ESTATE."

[[inject]]
id = "dark"
at = "T+2m"
effect = ["down $FROM"]

[[inject]]
id = "page"
type = "complexity"
after = "inject dark fired"
at = "30s"
unless = "declared"
from = "monitoring"
to = "operator"
channel = "pager"
text = "$FROM does not answer"
notes = "Who acts?"

[[inject.expect]]
text = "Declare"
action = "declared"
within = "2m"

[[fault]]
on = "promote"
does = "times-out"
text = "no answer"
times = 1
until = "inject page fired"

[[answer]]
asked = "carrier"
holds = false

[[expect]]
text = "Decide"
action = "decided to fail over"
after = "declared"

[[wrong]]
text = "No fence"
action = "promoted"
unless_after = "fenced db@$FROM"

[targets]
detection = "2m"
decision = "3m"
execution = "4m"
total = "5m"
loss = "5m"
objectives = true

[play]
declares = "inject page fired"
severity = 2
decides = "to fail over"
because = "it is dark"
fence = "switched off"

[[play.runbook]]
runbook = "regional-failover"
mode = "planned"
back = true
after = "declared"
values = { DATABASE = "db", BACKUP = "$BACKUP" }
"#;

fn names() -> BTreeMap<String, String> {
    [("FROM", "east"), ("ESTATE", "shop")].map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn found(text: &str) -> Vec<(&'static str, String, String)> {
    let parsed = parse(text, &BTreeMap::new());
    let said = |found: &Diagnostic| {
        let at = text.get(found.span.clone()).unwrap_or_default().to_owned();
        (found.code, at, format!("{}: {}", found.message, found.help.as_deref().unwrap_or_default()))
    };
    parsed.diagnostics.iter().map(said).collect()
}

/// One finding: its code, what it marks, and words of its message or remedy.
fn only(text: &str, code: &str, at: &str, says: &str) {
    let around = "title = \"x\"\n[[wrong]]\ntext = \"w\"\naction = \"promoted\"\n";
    let text = if text.contains("title =") { text.to_owned() } else { format!("{around}{text}") };
    let found = found(&text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    assert_eq!((found[0].0, found[0].1.as_str()), (code, at), "{text}\n{found:#?}");
    assert!(found[0].2.contains(says), "{found:#?}");
}

#[test]
fn a_scenario_is_read_with_the_names_of_an_estate() {
    let read = parse(WHOLE, &names());
    assert_eq!(read.diagnostics, vec![]);
    let scenario = read.scenario;
    assert_eq!((scenario.title.as_str(), scenario.roles[0].text.as_str()), ("east is dark", "You decide for shop."));
    let [dark, page] = scenario.injects.as_slice() else { panic!("{:?}", scenario.injects) };
    assert_eq!((dark.effect.as_slice(), page.kind), (&["down east".to_owned()][..], InjectKind::Complexity));
    assert_eq!(dark.when.as_ref().unwrap().plus, Duration::from_secs(120));
    let when = page.when.as_ref().unwrap();
    assert_eq!((&when.after, &when.unless), (&Milestone::Fired("dark".into()), &Some(Milestone::Declared)));
    let [decide, declare] = scenario.expected.as_slice() else { panic!("{:?}", scenario.expected) };
    assert_eq!((&decide.after, &declare.after), (&Milestone::Declared, &Milestone::Fired("page".into())));
    assert_eq!(scenario.wrong[0].unless_after, Some(Milestone::Fenced("db".into(), "east".into())));
    assert_eq!((scenario.faults[0].does, scenario.faults[0].times), (FaultKind::TimesOut, Some(1)));
    assert_eq!(scenario.targets.total, Some(Duration::from_secs(300)));
    let walked = &scenario.play.runbooks[0];
    assert_eq!((walked.mode, walked.back, scenario.play.severity), (Mode::Planned, true, Some(Sev(2))));
    assert_eq!(walked.values.keys().collect::<Vec<_>>(), ["DATABASE"], "the estate has no backup, and none is needed");
    assert_eq!(needs(WHOLE).into_iter().collect::<Vec<_>>(), ["ESTATE", "FROM"]);
}

#[test]
fn without_an_estate_names_stay_as_they_are_written() {
    let read = parse(WHOLE, &BTreeMap::new());
    assert_eq!((read.diagnostics, read.scenario.title.as_str()), (vec![], "$FROM is dark"));
    assert_eq!(read.scenario.play.runbooks[0].values["BACKUP"], "$BACKUP");
}

#[test]
fn what_is_wrong_is_said_where_it_stands_with_a_remedy() {
    only("lasts = [", "scenario::syntax", "", "");
    only(
        "title = \"x\"\nlast = \"5m\"\nwrong = [{ text = \"w\", action = \"closed\" }]",
        "scenario::unknown-key",
        "last",
        "did you mean `lasts`?",
    );
    only("[[inject]]\nid = \"a\"\nat = \"1m\"\ntext = \"t\"\ntexts = 1", "scenario::unknown-key", "texts", "`text`?");
    only("[[inject]]\nat = \"1m\"\ntext = \"t\"", "scenario::missing-key", "[[inject]]", "add `id = …`");
    only("title = \"\"\nwrong = [{ text = \"w\", action = \"closed\" }]", "scenario::empty", "\"\"", "nothing in it");
    only("[[inject]]\nid = \"a\"\nat = \"soon\"\ntext = \"t\"", "scenario::duration", "\"soon\"", "an offset T+5m");
    only(
        "title = \"x\"\nlasts = \"8d\"\nwrong = [{ text = \"w\", action = \"closed\" }]",
        "scenario::too-long",
        "\"8d\"",
        "split the exercise",
    );
    only("[[inject]]\nid = 5\nat = \"1m\"\ntext = \"t\"", "scenario::type", "5", "text is expected");
    only("[[inject]]\nid = \"a b\"\nat = \"1m\"\ntext = \"t\"", "scenario::id", "\"a b\"", "letters, digits");
    only(
        "[[inject]]\nid = \"a\"\nat = \"1m\"\ntype = \"contingent\"\ntext = \"t\"",
        "scenario::word",
        "\"contingent\"",
        "contingency",
    );
    only(
        "[[inject]]\nid = \"a\"\nat = \"1m\"\nto = \"comander\"\ntext = \"t\"",
        "scenario::role",
        "\"comander\"",
        "did you mean `commander`?",
    );
    only(
        "[[inject]]\nid = \"a\"\nat = \"1m\"\ntext = \"$FORM\"",
        "scenario::name",
        "\"$FORM\"",
        "did you mean `FROM`?",
    );
    only("[[inject]]\nid = \"a\"\nat = \"1m\"\neffect = [\"downn $FROM\"]", "scenario::effect", "\"downn $FROM\"", "");
    only(
        "[[inject]]\nid = \"a\"\nat = \"1m\"\neffect = [\"frobnicate $FROM\"]",
        "scenario::effect",
        "\"frobnicate $FROM\"",
        "`frobnicate $FROM` does nothing",
    );
    only("[[wrong]]\ntext = \"w\"\naction = \"doomsday\"", "scenario::milestone", "\"doomsday\"", "recovered");
    only("[[fault]]\non = \"promote\"\ndoes = \"explodes\"", "scenario::word", "\"explodes\"", "times-out");
    only("[[fault]]\non = \"promote\"\ndoes = \"fails\"\ntimes = 0", "scenario::type", "0", "from 1 to 1000");
    only("[targets]\nloss = \"0\"", "scenario::zero", "\"0\"", "nobody can meet it");
    only("[play]\ndecides = \"failover\"", "scenario::word", "\"failover\"", "to fail over");
    only("[play]\nseverity = 9", "scenario::type", "9", "from 1 to 5");
    only("title = \"x\"", "scenario::unscored", "", "[[wrong]]");
}

#[test]
fn a_scenario_has_to_agree_with_itself() {
    let inject = |id: &str, rest: &str| format!("[[inject]]\nid = \"{id}\"\ntext = \"t\"\n{rest}\n");
    let twice = format!("{}{}", inject("a", "at = \"1m\""), inject("a", "at = \"2m\""));
    assert_eq!(
        found(&format!("title = \"x\"\n{twice}[[wrong]]\ntext = \"w\"\naction = \"closed\"\n"))[0].0,
        "scenario::duplicate"
    );
    only(&inject("a", "after = \"inject b fired\""), "scenario::unknown-inject", "\"inject b fired\"", "injects are a");
    let wants = "[[inject]]\nid = \"a\"\nat = \"1m\"\neffect = [\"up x\"]\n[[expect]]\ntext = \"e\"\naction = \"inject a acknowledged\"";
    only(wants, "scenario::undelivered", "\"inject a acknowledged\"", "give it a `text`");
    let circle = format!("{}{}", inject("a", "after = \"inject b fired\""), inject("b", "after = \"inject a fired\""));
    let circle = found(&format!("title = \"x\"\n{circle}[[wrong]]\ntext = \"w\"\naction = \"closed\"\n"));
    assert_eq!(circle.iter().map(|found| found.0).collect::<Vec<_>>(), ["scenario::never"; 2]);
    let all = |text: &str| found(&format!("title = \"x\"\n{text}[[wrong]]\ntext = \"w\"\naction = \"closed\"\n"));
    for (text, code) in [
        (inject("a", "at = \"2h\""), "scenario::never"),
        (inject("a", "after = \"declared\"\nunless = \"declared\""), "scenario::never"),
        (inject("a", ""), "scenario::by-hand"),
        (inject("a", "type = \"contingency\"\nunless = \"declared\""), "scenario::unless"),
        ("[[inject]]\nid = \"a\"\nat = \"1m\"\n".to_owned(), "scenario::idle"),
        ("[play]\nseverity = 1\n[[expect]]\ntext = \"e\"\naction = \"declared\"\n".to_owned(), "scenario::unreachable"),
        (
            "[play]\ndecides = \"to stay\"\n[[expect]]\ntext = \"e\"\naction = \"decided to fail over\"\n".to_owned(),
            "scenario::unreachable",
        ),
        (
            "[play]\ndecides = \"to stay\"\n[[wrong]]\ntext = \"e\"\naction = \"decided to stay\"\n".to_owned(),
            "scenario::contradiction",
        ),
    ] {
        assert_eq!(all(&text).iter().map(|found| found.0).collect::<Vec<_>>(), [code], "{text}");
    }
    assert_eq!(all(&inject("a", "type = \"contingency\"")), vec![], "held back for the facilitator");
}

#[test]
fn the_example_of_the_handbook_is_right() {
    let page = include_str!("../../../../docs/exercises.md");
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 1);
    assert_eq!(found(blocks[0]), vec![]);
}

#[test]
fn what_is_too_much_is_not_read() {
    let long = format!("title = \"{}\"", "x".repeat(LIMIT));
    assert_eq!(found(&long)[0].0, "scenario::too-long");
    let many: String =
        (0..=MOST_INJECTS).map(|n| format!("[[inject]]\nid = \"i{n}\"\nat = \"1m\"\ntext = \"t\"\n")).collect();
    let read = parse(&format!("title = \"x\"\n{many}[[wrong]]\ntext = \"w\"\naction = \"closed\"\n"), &BTreeMap::new());
    assert_eq!((read.scenario.injects.len(), read.diagnostics.len()), (MOST_INJECTS, 1));
    assert_eq!(read.diagnostics[0].code, "scenario::too-many");
}

#[test]
fn control_characters_do_not_reach_the_screen() {
    let read = parse("title = \"a\\u001b[31mb\"\n", &BTreeMap::new());
    assert_eq!(read.scenario.title, "ab");
}

proptest! {
    /// Whatever is done to the text: an end, and spans inside it.
    #[test]
    fn no_text_is_too_wrong(at in 0_usize..WHOLE.len(), gone in 0_usize..40, put in "[a-zA-Z\\[\\]\"=$@#{}0-9\n .,%é-]{0,30}") {
        let cut = |at: usize| WHOLE.floor_char_boundary(at.min(WHOLE.len()));
        let text = format!("{}{put}{}", &WHOLE[..cut(at)], &WHOLE[cut(at + gone)..]);
        let read = parse(&text, &names());
        let _ = needs(&text);
        for found in &read.diagnostics {
            prop_assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{found:?}");
        }
        for inject in &read.scenario.injects {
            prop_assert!(!inject.id.as_str().is_empty());
        }
        if read.diagnostics.iter().all(|found| found.severity != Severity::Error) {
            prop_assert!(!read.scenario.title.is_empty());
        }
    }
}

#[test]
fn what_a_name_stands_for_is_made_safe_to_show_too() {
    let names = BTreeMap::from([("FROM".to_owned(), "east\u{1b}[2J\u{202e}".to_owned())]);
    let title = parse("title = \"$FROM is dark\"", &names).scenario.title;
    assert!(title.starts_with("east") && !title.contains(['\u{1b}', '\u{202e}']), "{title:?}");
}
