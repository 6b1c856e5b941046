//! The info string of a fence: `lang role attribute…`. A block runs only if its info string says so.

use std::time::Duration;

use super::model::{Block, Else, Lang};
use crate::diagnostic::did_you_mean;
use crate::time::parse_duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Run,
    Verify,
    Guard,
    Rollback,
    Drill,
    Expect,
}

const ROLES: [(&str, Role); 6] = [
    ("run", Role::Run),
    ("verify", Role::Verify),
    ("guard", Role::Guard),
    ("rollback", Role::Rollback),
    ("drill", Role::Drill),
    ("expect", Role::Expect),
];
const LANGS: [Lang; 7] = [Lang::Bash, Lang::Sh, Lang::Sql, Lang::Http, Lang::Route53, Lang::Check, Lang::World];
const KEYS: [&str; 10] = ["timeout", "retry", "delay", "exit", "out", "every", "within", "passes", "else", "match"];
const FLAGS: [&str; 2] = ["idempotent", "readonly"];

impl Role {
    pub(super) fn name(self) -> &'static str {
        ROLES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }

    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Run | Self::Rollback => &["timeout", "retry", "delay", "exit", "out"],
            Self::Verify => &["every", "within", "passes", "timeout"],
            Self::Guard => &["else", "timeout"],
            Self::Drill => &["timeout", "exit"],
            Self::Expect => &["match"],
        }
    }

    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Run => &["idempotent", "readonly"],
            Self::Rollback => &["idempotent"],
            Self::Drill => &["readonly"],
            Self::Verify | Self::Guard | Self::Expect => &[],
        }
    }

    /// Languages a block of this role may have.
    const fn allows(self, lang: Lang) -> bool {
        match lang {
            Lang::Bash | Lang::Sh | Lang::Sql | Lang::Http => true,
            Lang::Route53 => matches!(self, Self::Run | Self::Rollback | Self::Expect),
            Lang::Check => matches!(self, Self::Guard | Self::Verify | Self::Expect),
            Lang::World => matches!(self, Self::Drill | Self::Expect),
            Lang::Text => matches!(self, Self::Expect),
        }
    }
}

/// Times that a runbook may set for all its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Defaults {
    pub(super) timeout: Duration,
    pub(super) every: Duration,
    pub(super) within: Duration,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(300), every: Duration::from_secs(5), within: Duration::from_secs(300) }
    }
}

/// What an info string says.
#[derive(Debug)]
pub(super) enum Info {
    /// Only shown: no role.
    Shown,
    Block {
        role: Role,
        block: Box<Block>,
    },
    /// Meant to be a block, and wrong.
    Wrong(Vec<Fault>),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>, help: Option<String>) -> Self {
        Self { code, message: message.into(), help }
    }
}

/// Reads the info string; the block it gives has neither text nor place yet.
pub(super) fn read(info: &str, defaults: Defaults) -> Info {
    let words = match split(info) {
        Ok(words) => words,
        Err(fault) => return if meant(info) { Info::Wrong(vec![fault]) } else { Info::Shown },
    };
    let mut words = words.into_iter();
    let (Some(language), Some(word)) = (words.next(), words.next()) else { return Info::Shown };
    let lang = LANGS.into_iter().find(|lang| lang.name() == language);
    let role = ROLES.iter().find(|(name, _)| *name == word).map(|(_, role)| *role);
    match (lang, role) {
        (lang, Some(role)) => {
            let lang = lang.unwrap_or(Lang::Text);
            if !role.allows(lang) {
                return Info::Wrong(vec![wrong_language(&language, lang, role)]);
            }
            attributes(role, lang, words, defaults)
        }
        (Some(_), None) => no_role(&word),
        (None, None) => Info::Shown,
    }
}

/// Whether a fence whose info cannot be split was meant to be a block.
fn meant(info: &str) -> bool {
    let mut words = info.split_whitespace();
    let lang = words.next().is_some_and(|word| LANGS.iter().any(|lang| lang.name() == word));
    lang && words.next().is_some_and(|word| ROLES.iter().any(|(name, _)| *name == word))
}

fn wrong_language(written: &str, lang: Lang, role: Role) -> Fault {
    let allowed: Vec<_> = LANGS.into_iter().filter(|lang| role.allows(*lang)).map(Lang::name).collect();
    let message = if lang == Lang::Text {
        format!("`{written}` is not a language that can be a {} block", role.name())
    } else {
        format!("a `{written}` block cannot be a {} block", role.name())
    };
    let known = if lang == Lang::Text { did_you_mean(written, allowed.iter().copied()) } else { None };
    let known = known.or_else(|| match written {
        "shell" | "console" | "zsh" | "shell-session" => Some("did you mean `bash`?".to_owned()),
        "postgres" | "postgresql" | "psql" => Some("did you mean `sql`?".to_owned()),
        _ => None,
    });
    Fault::new("runbook::language", message, known.or_else(|| Some(format!("use one of {}", allowed.join(", ")))))
}

/// An executable language with a second word that is no role: other tools write `title="…"` or `{1,3}` there.
fn no_role(word: &str) -> Info {
    let key = word.split_once('=').map(|(key, _)| key);
    let names = ROLES.iter().map(|(name, _)| *name);
    if key.is_some_and(|key| KEYS.contains(&key)) || FLAGS.contains(&word) {
        let help = "write the role after the language: run, verify, guard, rollback, drill or expect".to_owned();
        return Info::Wrong(vec![Fault::new("runbook::no-role", format!("`{word}` without a role"), Some(help))]);
    }
    // Nothing that other tools write there has letters of another alphabet, or what cannot be seen.
    if key.is_some() || word.is_ascii() && !word.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
        return Info::Shown;
    }
    let help = did_you_mean(word, names)
        .unwrap_or_else(|| "the roles are run, verify, guard, rollback, drill and expect".to_owned());
    Info::Wrong(vec![Fault::new("runbook::role", format!("unknown role `{word}`"), Some(help))])
}

fn attributes(role: Role, lang: Lang, words: impl Iterator<Item = String>, defaults: Defaults) -> Info {
    let timeout = match role {
        Role::Guard => Duration::from_secs(30),
        Role::Verify => Duration::from_secs(10),
        Role::Run | Role::Rollback | Role::Drill | Role::Expect => defaults.timeout,
    };
    let mut block = Block {
        lang,
        timeout,
        delay: Duration::from_secs(5),
        exit: vec![0],
        every: defaults.every,
        within: defaults.within,
        passes: 1,
        ..Block::default()
    };
    let mut faults = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        let name = word.split_once('=').map_or(word.as_str(), |(key, _)| key).to_owned();
        if seen.contains(&name) {
            faults.push(Fault::new("runbook::attribute", format!("`{name}` is given twice"), None));
            continue;
        }
        let set = match word.split_once('=') {
            Some((key, value)) => attribute(&mut block, role, key, value),
            None => flag(&mut block, role, &word),
        };
        faults.extend(set.err());
        seen.push(name);
    }
    if block.retry > 0 && !block.idempotent && !block.readonly {
        let help = "say `idempotent` if running it twice does no harm, else leave `retry` out".to_owned();
        faults.push(Fault::new("runbook::retry", "`retry` on a block that is not `idempotent`", Some(help)));
    }
    if faults.is_empty() { Info::Block { role, block: Box::new(block) } } else { Info::Wrong(faults) }
}

fn flag(block: &mut Block, role: Role, word: &str) -> Result<(), Fault> {
    if role.flags().contains(&word) {
        block.idempotent |= word == "idempotent";
        block.readonly |= word == "readonly";
        return Ok(());
    }
    if FLAGS.contains(&word) {
        return Err(Fault::new("runbook::flag", format!("`{word}` means nothing on a {} block", role.name()), None));
    }
    let help = if role.keys().contains(&word) {
        Some(format!("`{word}` needs a value: `{word}=…`"))
    } else {
        did_you_mean(word, role.flags().iter().copied())
    };
    Err(Fault::new("runbook::flag", format!("unknown flag `{word}` on a {} block", role.name()), help))
}

fn attribute(block: &mut Block, role: Role, key: &str, value: &str) -> Result<(), Fault> {
    if !role.keys().contains(&key) {
        let help = did_you_mean(key, role.keys().iter().copied())
            .or_else(|| Some(format!("a {} block knows {}", role.name(), role.keys().join(", "))));
        return Err(Fault::new(
            "runbook::attribute",
            format!("unknown attribute `{key}` on a {} block", role.name()),
            help,
        ));
    }
    let wrong = |why: String| Fault::new("runbook::attribute-value", format!("`{key}={value}`: {why}"), None);
    let span = || {
        parse_duration(value).map_err(&wrong).and_then(|span| {
            if span.is_zero() && key != "delay" {
                Err(wrong("it must be longer than nothing".to_owned()))
            } else {
                Ok(span)
            }
        })
    };
    let count = |most: u32| match value.parse::<u32>() {
        Ok(count) if count <= most => Ok(count),
        _ => Err(wrong(format!("a whole number up to {most} is needed"))),
    };
    match key {
        "timeout" => (block.timeout, block.own_timeout) = (span()?, true),
        "delay" => block.delay = span()?,
        "every" => block.every = span()?,
        "within" => block.within = span()?,
        "retry" => block.retry = count(100)?,
        "passes" => block.passes = count(1000)?.max(1),
        "exit" => {
            let codes: Result<Vec<i32>, _> = value.split(',').map(str::parse).collect();
            block.exit =
                codes.map_err(|_| wrong("exit codes separated by commas are needed, such as 0,3".to_owned()))?;
        }
        "out" => block.out = Some(value.to_owned()),
        "else" => {
            block.or_else = match value {
                "stop" => Else::Stop,
                "skip" => Else::Skip,
                "ask" => Else::Ask,
                _ => {
                    let help = did_you_mean(value, ["stop", "skip", "ask"])
                        .or_else(|| Some("use stop, skip or ask".to_owned()));
                    return Err(Fault { help, ..wrong("not one of stop, skip, ask".to_owned()) });
                }
            }
        }
        _ if value == "lines" => {}
        _ => return Err(wrong("only `match=lines` is known".to_owned())),
    }
    Ok(())
}

/// Words of the info string; a value in double quotes may hold spaces, with `\"` and `\\`.
fn split(info: &str) -> Result<Vec<String>, Fault> {
    let mut words = Vec::new();
    let mut chars = info.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(words);
        }
        let mut word = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
            if c != '"' {
                word.push(c);
                continue;
            }
            loop {
                match chars.next() {
                    Some('"') => break,
                    Some('\\') => word.extend(chars.next()),
                    Some(c) => word.push(c),
                    None => {
                        return Err(Fault::new(
                            "runbook::info",
                            "a quote is not closed",
                            Some("close it with `\"`".to_owned()),
                        ));
                    }
                }
            }
        }
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(info: &str) -> Vec<Fault> {
        match read(info, Defaults::default()) {
            Info::Wrong(faults) => faults,
            other => panic!("{info}: {other:?}"),
        }
    }

    #[test]
    fn a_fence_without_a_role_is_only_shown() {
        for info in ["", "bash", "rust", "bash title=\"x\"", "js {1,3}", "text linenums", "bash {3}", "mermaid run-me"]
        {
            assert!(matches!(read(info, Defaults::default()), Info::Shown), "{info}");
        }
    }

    #[test]
    fn attributes_are_read_with_their_defaults() {
        let Info::Block { role, block } = read("sql run timeout=90s exit=0,3 out=SNAP idempotent", Defaults::default())
        else {
            panic!()
        };
        assert_eq!(role, Role::Run);
        assert_eq!((block.timeout, block.exit.as_slice()), (Duration::from_secs(90), [0, 3].as_slice()));
        assert!(block.own_timeout);
        assert_eq!((block.out.as_deref(), block.idempotent), (Some("SNAP"), true));
        let Info::Block { block, .. } = read("check guard", Defaults::default()) else { panic!() };
        assert_eq!((block.timeout, block.own_timeout, block.or_else), (Duration::from_secs(30), false, Else::Stop));
        assert!(matches!(read("anything expect match=lines", Defaults::default()), Info::Block { .. }));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_nearest_right_word() {
        for (info, code, help) in [
            ("bash rum", "runbook::role", "did you mean `run`?"),
            ("bash timeout=5s", "runbook::no-role", "write the role"),
            ("bash idempotent", "runbook::no-role", "write the role"),
            ("shell run", "runbook::language", "did you mean `bash`?"),
            ("python run", "runbook::language", "use one of bash, sh"),
            ("check run", "runbook::language", "use one of"),
            ("bash run tiemout=5s", "runbook::attribute", "did you mean `timeout`?"),
            ("bash run every=5s", "runbook::attribute", "a run block knows"),
            ("bash run idempotant", "runbook::flag", "did you mean `idempotent`?"),
            ("bash run timeout", "runbook::flag", "needs a value"),
            ("bash guard else=sotp", "runbook::attribute-value", "did you mean `stop`?"),
            ("bash run retry=3", "runbook::retry", "say `idempotent`"),
            ("bash run out=\"x", "runbook::info", "close it"),
        ] {
            let faults = faults(info);
            assert_eq!(faults[0].code, code, "{info}");
            assert!(faults[0].help.as_deref().unwrap_or_default().contains(help), "{info}: {:?}", faults[0]);
        }
        assert_eq!(faults("bash run timeout=5")[0].code, "runbook::attribute-value");
        assert_eq!(faults("bash verify readonly")[0].message, "`readonly` means nothing on a verify block");
        assert_eq!(faults("bash run timeout=1s timeout=2s")[0].message, "`timeout` is given twice");
        assert_eq!(faults("bash run retry=x wat").len(), 2);
    }
}
