//! What is said about files that are wrong: each case is one error, its place, and its remedy.

use proptest::prelude::*;

use super::{DEFAULT, parse};
use crate::diagnostic::{Diagnostic, Severity};

/// A small estate without a finding; `top` goes to its top, `rest` to its end.
fn file(top: &str, rest: &str) -> String {
    format!(
        "name = \"x\"\n{top}\n[regions.east]\nrole = \"primary\"\n[regions.west]\n\
         [services.shop]\nhealth = {{ east = \"https://e/\", west = \"https://w/\" }}\n\
         [databases.db]\nservers = {{ east = \"service=e\", west = \"service=w\" }}\n\
         [tiers.1]\nrto = \"5m\"\nrpo = 0\n[people.ana]\nroles = [\"commander\"]\n{rest}\n"
    )
}

/// Top, rest, code, what the span covers, what the remedy or the cause says.
type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    // Audiences and their channels.
    (
        "",
        "[comms.public]\nchannels = [\"satus\"]\n[channels.status]\ntype = \"file\"\npath = \"/n\"",
        "estate::unknown-name",
        "\"satus\"",
        "did you mean `status`?",
    ),
    (
        "",
        "[comms.public]\nchannels = [\"on-call\"]\n[notify.on-call]\ntype = \"bell\"",
        "estate::unknown-name",
        "\"on-call\"",
        "tells of alerts and is never told an update",
    ),
    (
        "",
        "[channels.on-call]\ntype = \"file\"\npath = \"/n\"\n[notify.on-call]\ntype = \"bell\"",
        "estate::channel",
        "",
        "another name",
    ),
    (
        "",
        "[channels.notice]\ntype = \"file\"\npath = \"notice.txt\"",
        "estate::channel",
        "\"notice.txt\"",
        "from the root",
    ),
    (
        "",
        "[comms.a]\nchannels = [\"p\"]\n[comms.b]\nchannels = [\"p\"]\n[channels.p]\ntype = \"statuspage\"\npage = \"x\"\napi_key = \"env:K\"",
        "estate::channel",
        "[\"p\"]",
        "a page has one text",
    ),
    (
        "",
        "[channels.p]\ntype = \"statuspage\"\npage = \"x\"\napi_key = \"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
        "estate::secret",
        "\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
        "env:NAME",
    ),
    (
        "",
        "[channels.p]\ntype = \"statuspage\"\npage = \"x\"\napi_key = \"env:K\"\ncomponent_status = { resolved = \"fine\" }",
        "estate::value",
        "\"fine\"",
        "operational",
    ),
    // Keys.
    ("regionss = 1", "", "estate::unknown-key", "regionss", "did you mean `regions`?"),
    ("", "[region.x]", "estate::unknown-key", "region", "did you mean `regions`?"),
    ("interval = \"5s\"", "", "estate::unknown-key", "interval", "belongs in [health]"),
    ("", "[health]\nintervall = \"5s\"", "estate::unknown-key", "intervall", "did you mean `interval`?"),
    ("", "[health]\nzebra = 1", "estate::unknown-key", "zebra", "known here: interval"),
    ("", "[log]\nmiror = \"/x\"", "estate::unknown-key", "miror", "did you mean `mirror`?"),
    ("", "[policy]\nname = \"x\"", "estate::unknown-key", "name", "stands at the top of the file"),
    // Values.
    ("availability = 99.9", "", "estate::value", "99.9", "write \"99.9 %\""),
    ("availability = \"100 %\"", "", "estate::value", "\"100 %\"", "below 100 %"),
    ("availability = \"high\"", "", "estate::value", "\"high\"", "write \"99.9 %\""),
    ("time_zone = \"Europe/Zuerich\"", "", "estate::value", "\"Europe/Zuerich\"", "did you mean `Europe/Zurich`?"),
    ("time_zone = \"CEST\"", "", "estate::value", "\"CEST\"", ""),
    ("vars = { namespace = \"shop\" }", "", "estate::value", "{ namespace = \"shop\" }", "capitals"),
    ("vars = { NAMESPACE = [\"shop\"] }", "", "estate::type", "{ NAMESPACE = [\"shop\"] }", ""),
    ("runbooks = \"books\"", "", "estate::type", "\"books\"", "write [\"books\"]"),
    ("", "[health]\ninterval = 10", "estate::value", "10", "write \"10s\", \"10m\" or \"10h\""),
    ("", "[health]\ninterval = \"10\"", "estate::value", "\"10\"", "has no unit"),
    ("", "[health]\ninterval = \"ten\"", "estate::value", "\"ten\"", "not a duration"),
    ("", "[health]\ninterval = \"5parsecs\"", "estate::value", "\"5parsecs\"", "not a unit of time"),
    ("", "[health]\ninterval = \"0s\"", "estate::value", "\"0s\"", "longer than 0"),
    ("", "[health]\nfail_after = 0", "estate::value", "0", "whole number from 1"),
    ("", "[health]\nfail_after = \"3\"", "estate::type", "\"3\"", "this is text"),
    ("", "[health]\nfail_after = -1", "estate::value", "-1", "whole number from 1"),
    (
        "",
        "[regions.south]\nrole = \"primry\"\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::value",
        "\"primry\"",
        "did you mean `primary`?",
    ),
    (
        "",
        "[regions.south]\nweight = 50\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::value",
        "50",
        "write 0.5 for half",
    ),
    (
        "",
        "[regions.south]\ndown_when = \"most\"\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::value",
        "\"most\"",
        "3 of 5",
    ),
    (
        "",
        "[regions.south]\ndown_when = \"5 of 3\"\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::value",
        "\"5 of 3\"",
        "3 of 5",
    ),
    ("", "[health]\nfail_when = \"5 of 100\"", "estate::value", "\"5 of 100\"", "of 64 at most"),
    (
        "",
        "[regions.south]\ntitle = \"\"\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::value",
        "\"\"",
        "leave the key out",
    ),
    ("", "[tiers.2]\nrto = 5\nrpo = 0", "estate::value", "5", "only 0 stands alone"),
    ("", "[tiers.2]\nrto = \"soon\"\nrpo = 0", "estate::value", "\"soon\"", "or write \"n/a\""),
    ("", "[tiers.2]\nrto = \"5m\"\nrpo = 0\nfrom = \"alert\"", "estate::value", "\"alert\"", "\"declared\""),
    ("", "[people.bob]\nroles = [\"comander\"]", "estate::value", "[\"comander\"]", "did you mean `commander`?"),
    ("", "[people.bob]\nkey = \"mara\"", "estate::key", "\"mara\"", "the line of a .pub file"),
    ("", "[people.bob]\nkey = [\"ssh-dss AAAA\"]", "estate::key", "[\"ssh-dss AAAA\"]", "ssh-ed25519"),
    ("", "[people.bob]\nkey = \"ssh-ed25519 AAAA\"", "estate::key", "\"ssh-ed25519 AAAA\"", "copy the whole line"),
    (
        "",
        "[people.bob]\nkey = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtaKBG0qGSBgwGbH1fYg9xCrQEnKDYaGrxn7fs52IyC\"\n[people.eve]\nkey = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtaKBG0qGSBgwGbH1fYg9xCrQEnKDYaGrxn7fs52IyC\"",
        "estate::shared-key",
        "\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtaKBG0qGSBgwGbH1fYg9xCrQEnKDYaGrxn7fs52IyC\"",
        "a key of their own",
    ),
    ("", "[console]\nconnectivity = \"gateway\"", "estate::value", "\"gateway\"", "has no port"),
    ("", "[log]\nmirror = []", "estate::value", "[]", "a command needs a program"),
    // Missing.
    ("", "[tiers.2]\nrto = \"5m\"", "estate::missing-key", "[tiers.2]", "add `rpo = …`"),
    ("", "[[checks]]\nname = \"a@east\"\ntype = \"http\"", "estate::missing-key", "[[checks]]", "add `url = …`"),
    ("", "[[checks]]\nname = \"a@east\"\ntype = \"tcp\"", "estate::missing-key", "[[checks]]", "add `address = …`"),
    ("", "[[checks]]\nname = \"a@east\"\ntype = \"command\"", "estate::missing-key", "[[checks]]", "add `argv = …`"),
    ("", "[[checks]]\nname = \"a@east\"", "estate::missing-key", "[[checks]]", "add `type = …`"),
    ("", "[backups.b]\ntype = \"files\"\nevery = \"1h\"", "estate::missing-key", "[backups.b]", "add `glob = …`"),
    ("", "[backups.b]\ntype = \"command\"\nevery = \"1h\"", "estate::missing-key", "[backups.b]", "add `argv = "),
    ("", "[backups.b]\ntype = \"archiver\"\nevery = \"1h\"", "estate::backup", "[backups.b]", "add `database = "),
    // Shapes.
    ("backups = 3", "", "estate::type", "3", "a table of tables"),
    ("", "[checks]\nname = \"a\"", "estate::type", "[checks]", "[[…]]"),
    ("", "[tiers]\n2 = \"5m\"", "estate::type", "\"5m\"", "has to be a table"),
    // Things that do not exist.
    ("", "[services.s]\ntier = 2\nhealth = { east = \"https://s/\" }", "estate::unknown-name", "2", "the file has 1"),
    (
        "",
        "[services.s]\nregions = [\"esat\"]\nhealth = { east = \"https://s/\" }",
        "estate::unknown-name",
        "\"esat\"",
        "did you mean `east`?",
    ),
    (
        "",
        "[services.s]\ndatabases = [\"orders\"]\nhealth = { east = \"https://s/\" }",
        "estate::unknown-name",
        "\"orders\"",
        "[databases.orders]",
    ),
    (
        "",
        "[services.s]\nhealth = { easst = \"https://s/\", east = \"https://s/\" }",
        "estate::unknown-name",
        "easst",
        "did you mean `east`?",
    ),
    (
        "",
        "[[checks]]\nname = \"x@esat\"\ntype = \"tcp\"\naddress = \"h:1\"",
        "estate::unknown-name",
        "\"x@esat\"",
        "did you mean `east`?",
    ),
    ("", "[console]\nregion = \"north\"", "estate::unknown-name", "\"north\"", "the file has east, west"),
    ("", "[policy]\noverride_by = [\"anna\"]", "estate::unknown-name", "\"anna\"", "did you mean `ana`?"),
    (
        "",
        "[[targets]]\ncomponent = \"D\"\ndatabases = [\"dbb\"]",
        "estate::unknown-name",
        "\"dbb\"",
        "did you mean `db`?",
    ),
    // Rules.
    (
        "",
        "[regions.south]\nrole = \"primary\"\n[services.s]\nhealth = { south = \"https://s/\" }",
        "estate::two-primaries",
        "\"primary\"",
        "role = \"active\"",
    ),
    ("", "[[targets]]\nrto = \"5m\"", "estate::target", "[[targets]]", "component = "),
    ("", "[[targets]]\ncomponent = \"a\"\nscenario = \"b\"", "estate::target", "[[targets]]", "not for both"),
    (
        "",
        "[[checks]]\nname = \"a\"\ntype = \"tcp\"\naddress = \"h:1\"\n[[checks]]\nname = \"a\"\ntype = \"tcp\"\naddress = \"h:2\"",
        "estate::duplicate",
        "\"a\"",
        "another name",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"tcp\"\naddress = \"h:1\"\nurl = \"https://x/\"",
        "estate::wrong-key",
        "url",
        "belongs to type http",
    ),
    ("", "[[checks]]\nname = \"a@east\"\ntype = \"postgres\"", "estate::check", "[[checks]]", "names no database"),
    ("", "[[checks]]\nname = \"db\"\ntype = \"postgres\"", "estate::check", "[[checks]]", "names no region"),
    (
        "",
        "[services.s]\nregions = [\"east\"]\nhealth = { west = \"https://s/\" }",
        "estate::placement",
        "\"https://s/\"",
        "not deployed in west",
    ),
    (
        "",
        "[databases.d2]\nservers = { east = \"service=x\" }\nlag_warning = \"10m\"",
        "estate::lag",
        "\"10m\"",
        "lag_critical 5m",
    ),
    ("", "[databases.d2]\nservers = {}", "estate::servers", "{}", "one line per region"),
    (
        "",
        "[databases.d2]\nservers = { east = \"service=x\" }\nwrite_test = { east = {} }",
        "estate::write-test",
        "{}",
        "neither `url` nor `dsn`",
    ),
    ("", "[people.\"a b\"]", "estate::name", "\"a b\"", "letters, digits"),
    // Addresses, patterns, commands.
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"example.com\"",
        "estate::value",
        "\"example.com\"",
        "write https://example.com",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https:///x\"",
        "estate::value",
        "\"https:///x\"",
        "names no host",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https://x/\"\nstatus = \"2xx\"",
        "estate::value",
        "\"2xx\"",
        "200-399",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https://x/\"\nbody_regex = \"(\"",
        "estate::value",
        "\"(\"",
        "unclosed group",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https://x/\"\nresolve = \"x:443\"",
        "estate::value",
        "\"x:443\"",
        "192.0.2.1:443",
    ),
    ("", "[[checks]]\nname = \"a@east\"\ntype = \"tcp\"\naddress = \"h\"", "estate::value", "\"h\"", "has no port"),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"command\"\nargv = \"check x\"",
        "estate::value",
        "\"check x\"",
        "nothing is handed to a shell",
    ),
    ("", "[databases.d2]\nservers = { east = \"orders\" }", "estate::value", "\"orders\"", "service=NAME"),
    // Secrets.
    (
        "",
        "[databases.d2]\nservers = { east = \"postgresql://u:hunter2@h/d\" }",
        "estate::secret",
        "\"postgresql://u:hunter2@h/d\"",
        "~/.pgpass",
    ),
    (
        "",
        "[databases.d2]\nservers = { east = \"host=h password=hunter2\" }",
        "estate::secret",
        "\"host=h password=hunter2\"",
        "~/.pgpass",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https://u:hunter2@x/\"",
        "estate::secret",
        "\"https://u:hunter2@x/\"",
        "env:NAME",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"http\"\nurl = \"https://x/\"\nheaders = { Authorization = \"Bearer hunter2\" }",
        "estate::secret",
        "\"Bearer hunter2\"",
        "env:NAME",
    ),
    (
        "",
        "[[checks]]\nname = \"a@east\"\ntype = \"command\"\nargv = [\"x\", \"--password=hunter2\"]",
        "estate::secret",
        "\"--password=hunter2\"",
        "environment",
    ),
    // Not TOML.
    ("runbooks = [\"a\"", "", "estate::toml", "", ""),
    ("name = \"y\"", "", "estate::toml", "name", "each name stands once"),
    ("runbooks = books", "", "estate::toml", "books", "quotes"),
    ("= 3", "", "estate::toml", "", ""),
];

#[test]
fn each_error_has_its_place_and_its_remedy() {
    assert_eq!(parse(&file("", "")).diagnostics, vec![]);
    let mut wrong = String::new();
    for (top, rest, code, covers, says) in CASES {
        let text = file(top, rest);
        let parsed = parse(&text);
        let errors: Vec<&Diagnostic> = parsed.errors().collect();
        let found = errors.iter().find(|error| {
            error.code == *code
                && text.get(error.span.clone()).is_some_and(|under| under.contains(covers))
                && (error.message.contains(says) || error.help.as_ref().is_some_and(|help| help.contains(says)))
        });
        let one = errors.len() == 1 || *code == "estate::toml";
        if found.is_none() || !one {
            wrong += &format!("{top}{rest}\n  wanted only {code} at {covers:?} saying {says:?}, got {errors:?}\n");
        }
        assert!(!parsed.estate.source.contains("hunter2") && !format!("{errors:?}").contains("hunter2"), "{rest}");
        assert_eq!(parsed.estate.source.len(), text.len());
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_private_key_that_was_pasted_is_never_shown() {
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n-----END OPENSSH PRIVATE KEY-----";
    for value in [format!("\"\"\"{key}\"\"\""), format!("[\"\"\"\n{key}\"\"\"]")] {
        let parsed = parse(&file("", &format!("[people.bob]\nkey = {value}")));
        let errors: Vec<_> = parsed.errors().map(|error| (error.code, error.help.as_deref())).collect();
        assert!(
            matches!(errors[..], [("estate::key", Some(help))] if help.contains("take it out of use")),
            "{errors:?}"
        );
        assert!(!parsed.estate.source.contains("hunter2"));
    }
}

#[test]
fn what_is_odd_but_loads_is_a_warning() {
    for (rest, code) in [
        ("[regions.south]", "estate::unwatched"),
        ("[services.quiet]", "estate::unwatched"),
        ("[health]\ntimeout = \"30s\"", "estate::timing"),
    ] {
        let parsed = parse(&file("", rest));
        assert!(parsed.ok(), "{rest}: {:?}", parsed.diagnostics);
        let codes: Vec<_> = parsed.diagnostics.iter().map(|found| (found.severity, found.code)).collect();
        assert_eq!(codes, [(Severity::Warning, code)], "{rest}");
    }
}

#[test]
fn an_empty_file_says_what_is_needed() {
    let parsed = parse("");
    let codes: Vec<_> = parsed.errors().map(|error| error.code).collect();
    assert_eq!(codes, ["estate::missing-key", "estate::no-region"]);
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}") {
        check_spans(&text);
    }

    /// Damage to a good file: a piece cut out, a piece put in.
    #[test]
    fn no_damage_panics(at in 0..DEFAULT.len(), cut in 0_usize..40, put in "[\\[\\]{}=\"'#\n.a@1 é]{0,6}") {
        let boundary = |at: usize| (0..=at.min(DEFAULT.len())).rev().find(|at| DEFAULT.is_char_boundary(*at)).unwrap_or(0);
        check_spans(&format!("{}{put}{}", &DEFAULT[..boundary(at)], &DEFAULT[boundary(at + cut)..]));
    }
}

fn check_spans(text: &str) {
    let parsed = parse(text);
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= text.len());
    }
    assert_eq!(parsed.estate.source.len(), text.len());
}
