use super::*;
use crate::alert::testing::notice;
use crate::estate::{Endpoint, SecretSource, parse};

fn channels(text: &str) -> (Vec<Channel>, Vec<String>) {
    let around = "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[services.s.health]\neast = \"http://e/\"\n";
    let parsed = parse(&format!("{around}{text}"));
    let said = parsed
        .diagnostics
        .iter()
        .map(|found| format!("{}: {} ({})", found.code, found.message, found.help.clone().unwrap_or_default()));
    (parsed.estate.notify, said.collect())
}

#[test]
fn every_kind_reads_its_example() {
    for kind in KINDS {
        let (found, said) = channels(kind.example);
        assert_eq!(said, Vec::<String>::new(), "{}", kind.word);
        assert_eq!(found.len(), 1, "{}", kind.word);
        assert_eq!(found[0].kind.name(), kind.word);
    }
}

#[test]
fn a_channel_is_told_what_it_asked_for() {
    let (found, _) = channels(
        "[notify.a]\ntype = \"bell\"\nat_least = \"critical\"\nrules = [\"region-down\"]\nsend_resolved = false\n",
    );
    let down = notice("region-down:east", NoticeState::Firing);
    assert!(found[0].wants(&down));
    assert!(!found[0].wants(&Notice { state: NoticeState::Resolved, ..down.clone() }));
    assert!(!found[0].wants(&Notice { severity: AlertSeverity::Warning, ..down.clone() }));
    assert!(!found[0].wants(&Notice { rule: "blind".to_owned(), ..down.clone() }));
    let own = notice("notify-failed:a", NoticeState::Firing);
    let (all, _) = channels("[notify.a]\ntype = \"bell\"\n[notify.b]\ntype = \"bell\"\n");
    assert!(!all[0].wants(&own) && all[1].wants(&own));
    let (_, said) = channels("[notify.a]\ntype = \"bell\"\nrules = [\"region-dwn\"]\n");
    assert!(said[0].contains("did you mean `region-down`?"), "{said:?}");
    let test = Notice { rule: TEST_RULE.to_owned(), severity: AlertSeverity::Info, ..down };
    assert!(found[0].wants(&test));
}

#[test]
fn secrets_are_named_and_never_written() {
    let (found, said) = channels("[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"0123456789abcdef\"\n");
    assert_eq!(found, []);
    assert!(said[0].starts_with("estate::secret: a secret is written here"), "{said:?}");
    assert!(!said[0].contains("0123456789abcdef"));
    let text = "name = \"x\"\n[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"0123456789abcdef\"\n";
    assert!(!parse(text).estate.source.contains("0123456789abcdef"));

    for wrong in ["env:", "env:A B", "file:relative"] {
        let (_, said) = channels(&format!("[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"{wrong}\"\n"));
        assert!(said[0].starts_with("estate::value"), "{said:?}");
    }
    let (_, said) = channels("[notify.a]\ntype = \"webhook\"\nurl = \"https://hooks.slack.com/services/T/B/x\"\n");
    assert!(said[0].contains("estate::secret") && said[0].contains("env:NAME"), "{said:?}");
    let (found, said) = channels("[notify.a]\ntype = \"webhook\"\nurl = \"file:/run/secrets/hook\"\n");
    assert_eq!(said, Vec::<String>::new());
    let ChannelKind::Webhook(webhook) = &found[0].kind else { panic!("{found:?}") };
    assert_eq!(webhook.url, Endpoint::Secret(SecretSource::File("/run/secrets/hook".to_owned())));
}

#[test]
fn mail_needs_whole_addresses_and_no_password_in_the_clear() {
    let mail = |rest: &str| {
        channels(&format!("[notify.a]\ntype = \"email\"\nserver = \"mx:25\"\nfrom = \"a@x\"\nto = [\"b@x\"]\n{rest}\n"))
            .1
    };
    assert_eq!(mail(""), Vec::<String>::new());
    assert!(mail("user = \"u\"")[0].contains("`user` without `password`"));
    assert!(mail("user = \"u\"\npassword = \"env:P\"\ntls = \"none\"")[0].contains("in the clear"));
    assert_eq!(mail("user = \"u\"\npassword = \"env:P\"\ntls = \"tls\""), Vec::<String>::new());
    let (_, said) = channels("[notify.a]\ntype = \"email\"\nserver = \"mx:25\"\nfrom = \"nobody\"\nto = []\n");
    assert!(said[0].contains("`nobody` is not a mail address") && said[1].contains("nobody would get it"), "{said:?}");
}
