//! What several resolvers say of one name.

use std::collections::BTreeSet;
use std::time::Duration;

use regex::Regex;

use super::{Outcome, Payload};
use crate::estate::{DnsCheck, plain_record};
use crate::ident::RegionId;
use crate::time::human;

/// What one resolver answered, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// As it is named in the estate.
    pub resolver: String,
    pub said: Result<Answer, String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `NOERROR`, `NXDOMAIN`, …
    pub rcode: String,
    /// Of the type that was asked for.
    pub records: BTreeSet<String>,
    /// The shortest on the way to them.
    pub ttl: Option<Duration>,
    /// It is from the zone itself: the TTL is all of it, not what remains.
    pub authoritative: bool,
}

/// What is expected of an answer, ready to be compared.
#[derive(Debug)]
pub struct Expected {
    check: DnsCheck,
    pattern: Option<Regex>,
    /// Recovery time promised to who uses the name.
    rto: Option<Duration>,
}

/// One resolver's answer against what is expected.
struct Judged<'a> {
    resolver: &'a str,
    fault: Option<String>,
    /// What it says, for people.
    said: String,
    region: Option<RegionId>,
    answer: Option<&'a Answer>,
}

impl Expected {
    /// # Errors
    /// Its expression does not work.
    pub fn new(check: &DnsCheck, rto: Option<Duration>) -> Result<Self, String> {
        let pattern = check.answer_regex.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        Ok(Self { check: check.clone(), pattern, rto })
    }

    /// Good when every resolver answers as it should, and the same; down when none does.
    #[must_use]
    pub fn judge(&self, answers: &[Resolved]) -> Outcome {
        let judged: Vec<Judged<'_>> = answers.iter().map(|resolved| self.one(resolved)).collect();
        let (good, faulty): (Vec<_>, Vec<_>) = judged.iter().partition(|judged| judged.fault.is_none());
        let why = faulty.iter().map(|judged| {
            let fault = judged.fault.as_deref().unwrap_or_default();
            if answers.len() == 1 { fault.to_owned() } else { format!("{}: {fault}", judged.resolver) }
        });
        let why = why.collect::<Vec<_>>().join("; ");
        let Some((first, most)) = prevailing(&good) else {
            let why = if why.is_empty() { "there is no resolver to ask".to_owned() } else { why };
            return Outcome::Bad { why, payload: Payload::Nothing };
        };
        let payload = self.payload(first, most, answers.len());
        if !faulty.is_empty() {
            let why = format!("{} of {} resolvers answer as they should; {why}", good.len(), answers.len());
            return Outcome::Soft { why, payload };
        }
        if most < good.len() {
            let all: Vec<String> = good.iter().map(|judged| format!("{}: {}", judged.resolver, judged.said)).collect();
            return Outcome::Soft { why: format!("the resolvers disagree: {}", all.join("; ")), payload };
        }
        match good.iter().find_map(|judged| self.long_lived(judged)) {
            Some(why) => Outcome::Soft { why, payload },
            None => Outcome::Good { payload },
        }
    }

    fn one<'a>(&self, resolved: &'a Resolved) -> Judged<'a> {
        let (answer, mut fault) = match &resolved.said {
            Ok(answer) => (Some(answer), None),
            Err(why) => (None, Some(why.clone())),
        };
        let mut region = None;
        if let Some(answer) = answer {
            fault = self.fault(answer);
            if fault.is_none() && !self.check.regions.is_empty() {
                match self.region(answer) {
                    Ok(one) => region = one,
                    Err(why) => fault = Some(why),
                }
            }
        }
        let said = region.as_ref().map_or_else(|| answer.map(said).unwrap_or_default(), ToString::to_string);
        Judged { resolver: &resolved.resolver, fault, said, region, answer }
    }

    fn fault(&self, answer: &Answer) -> Option<String> {
        if answer.rcode != self.check.rcode {
            return Some(format!("it answers {}, not {}", answer.rcode, self.check.rcode));
        }
        if self.check.rcode != "NOERROR" {
            return None;
        }
        if answer.records.is_empty() {
            return Some(format!("there is no {} record", self.check.record));
        }
        let plain: BTreeSet<String> = answer.records.iter().map(|record| plain_record(record)).collect();
        let wanted = self.check.answers.as_ref().map(|wanted| wanted.iter().cloned().collect::<BTreeSet<_>>());
        if wanted.is_some_and(|wanted| wanted != plain) {
            return Some(format!("it answers {}", said(answer)));
        }
        let pattern = self.pattern.as_ref().filter(|pattern| !answer.records.iter().any(|one| pattern.is_match(one)));
        pattern.map(|pattern| format!("it answers {}, which does not match `{pattern}`", said(answer)))
    }

    /// The one region that every record points to; `None` when they point to several.
    fn region(&self, answer: &Answer) -> Result<Option<RegionId>, String> {
        let mut found = BTreeSet::new();
        for record in &answer.records {
            let plain = plain_record(record);
            let of = self.check.regions.iter().find(|(_, points)| points.contains(&plain));
            let (region, _) = of.ok_or_else(|| format!("it answers {record}, which is no region's"))?;
            found.insert(region.clone());
        }
        Ok(if found.len() == 1 { found.pop_first() } else { None })
    }

    fn long_lived(&self, judged: &Judged<'_>) -> Option<String> {
        let ttl = judged.answer?.ttl?;
        let limit = self.check.ttl_max.filter(|limit| ttl > *limit)?;
        let share = self.share(ttl).map(|share| format!(", {share}")).unwrap_or_default();
        Some(format!(
            "its TTL of {} is over {}{share}: clients keep the old answer that long",
            human(ttl),
            human(limit)
        ))
    }

    fn share(&self, ttl: Duration) -> Option<String> {
        let rto = self.rto.filter(|rto| !rto.is_zero())?;
        Some(format!("{:.0} % of the RTO", 100.0 * ttl.as_secs_f64() / rto.as_secs_f64()))
    }

    /// What most of them say, and how many when not all do; the region when most name the same one.
    fn payload(&self, first: &Judged<'_>, most: usize, all: usize) -> Payload {
        if let Some(region) = first.region.clone().filter(|_| most * 2 > all) {
            return Payload::Serving { region };
        }
        let ttl = first.answer.and_then(|answer| Some((answer, answer.ttl?)));
        let ttl = ttl.map(|(answer, ttl)| match (answer.authoritative, self.share(ttl)) {
            (true, Some(share)) => format!(", ttl {} ({share})", human(ttl)),
            (true, None) => format!(", ttl {}", human(ttl)),
            (false, _) => format!(", ttl {} left", human(ttl)),
        });
        let among = if most < all { format!("{most} of {all} resolvers: ") } else { String::new() };
        Payload::Text { text: format!("{among}{}{}", first.said, ttl.unwrap_or_default()) }
    }
}

/// What most of them say, with how many that are.
fn prevailing<'a, 'j>(judged: &[&'j Judged<'a>]) -> Option<(&'j Judged<'a>, usize)> {
    let votes = |one: &Judged<'_>| judged.iter().filter(|other| other.said == one.said).count();
    // The first of those with as many, so that a tie does not alternate.
    judged.iter().map(|one| (*one, votes(one))).rev().max_by_key(|(_, votes)| *votes)
}

fn said(answer: &Answer) -> String {
    match answer.records.len() {
        0 => answer.rcode.clone(),
        1..=4 => answer.records.iter().cloned().collect::<Vec<_>>().join(", "),
        more => {
            let first: Vec<&str> = answer.records.iter().take(3).map(String::as_str).collect();
            format!("{} and {} more", first.join(", "), more - 3)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check() -> DnsCheck {
        DnsCheck {
            query: "www.example.com".to_owned(),
            record: "A".to_owned(),
            resolvers: Vec::new(),
            rcode: "NOERROR".to_owned(),
            answers: None,
            answer_regex: None,
            ttl_max: None,
            regions: Vec::new(),
        }
    }

    fn answer(records: &[&str], ttl: u64) -> Result<Answer, String> {
        Ok(Answer {
            rcode: "NOERROR".to_owned(),
            records: records.iter().map(|record| (*record).to_owned()).collect(),
            ttl: Some(Duration::from_secs(ttl)),
            authoritative: true,
        })
    }

    fn judge(check: &DnsCheck, answers: Vec<Result<Answer, String>>) -> (char, String, String) {
        let named = answers.into_iter().zip('a'..).map(|(said, name)| Resolved { resolver: name.to_string(), said });
        let expected = Expected::new(check, Some(Duration::from_secs(300))).unwrap();
        let outcome = expected.judge(&named.collect::<Vec<_>>());
        let value = match outcome.payload() {
            Some(Payload::Text { text }) => text.clone(),
            Some(Payload::Serving { region }) => format!("-> {region}"),
            _ => String::new(),
        };
        let letter = match outcome {
            Outcome::Good { .. } => 'g',
            Outcome::Soft { .. } => 's',
            Outcome::Bad { .. } => 'b',
            Outcome::Unknown { .. } => 'u',
        };
        (letter, value, outcome.why().unwrap_or_default().to_owned())
    }

    fn told(letter: char, value: &str, why: &str) -> (char, String, String) {
        (letter, value.to_owned(), why.to_owned())
    }

    #[test]
    fn each_resolver_is_judged_on_its_own() {
        let check = DnsCheck { answers: Some(vec!["192.0.2.1".to_owned(), "192.0.2.2".to_owned()]), ..check() };
        let new = || answer(&["192.0.2.2", "192.0.2.1"], 60);
        let old = || answer(&["198.51.100.1"], 60);
        assert_eq!(judge(&check, vec![new()]), told('g', "192.0.2.1, 192.0.2.2, ttl 1m (20 % of the RTO)", ""));
        assert_eq!(judge(&check, vec![old()]), told('b', "", "it answers 198.51.100.1"));
        let (letter, value, why) = judge(&check, vec![new(), new(), old()]);
        assert_eq!((letter, value.as_str()), ('s', "2 of 3 resolvers: 192.0.2.1, 192.0.2.2, ttl 1m (20 % of the RTO)"));
        assert_eq!(why, "2 of 3 resolvers answer as they should; c: it answers 198.51.100.1");
        assert_eq!(judge(&check, vec![Err("silent".to_owned()), old()]).0, 'b');
        assert_eq!(judge(&check, vec![Err("silent".to_owned()), new()]).0, 's');
        assert_eq!(judge(&check, Vec::new()), told('b', "", "there is no resolver to ask"));
    }

    #[test]
    fn resolvers_that_disagree_are_degraded_whatever_was_expected() {
        let (letter, _, why) = judge(&check(), vec![answer(&["192.0.2.1"], 60), answer(&["192.0.2.9"], 60)]);
        assert_eq!((letter, why.as_str()), ('s', "the resolvers disagree: a: 192.0.2.1; b: 192.0.2.9"));
    }

    #[test]
    fn records_tell_the_region_that_serves() {
        let regions = vec![
            (RegionId::from("east"), vec!["192.0.2.1".to_owned(), "192.0.2.2".to_owned()]),
            (RegionId::from("west"), vec!["198.51.100.1".to_owned()]),
        ];
        let check = DnsCheck { regions, ..check() };
        let (east, west) = (|| answer(&["192.0.2.2"], 60), || answer(&["198.51.100.1"], 60));
        assert_eq!(judge(&check, vec![east()]), told('g', "-> east", ""));
        assert_eq!(judge(&check, vec![east(), west(), west()]).1, "-> west");
        assert_eq!(judge(&check, vec![east(), west()]).1, "1 of 2 resolvers: east, ttl 1m (20 % of the RTO)");
        assert_eq!(judge(&check, vec![east(), west()]).2, "the resolvers disagree: a: east; b: west");
        let both = answer(&["192.0.2.1", "198.51.100.1"], 60);
        assert_eq!(judge(&check, vec![both]).0, 'g');
        let stranger = judge(&check, vec![answer(&["203.0.113.9"], 60)]);
        assert_eq!(stranger, told('b', "", "it answers 203.0.113.9, which is no region's"));
    }

    #[test]
    fn codes_and_times_to_live_are_judged() {
        let long = DnsCheck { ttl_max: Some(Duration::from_secs(60)), ..check() };
        let why = "its TTL of 5m is over 1m, 100 % of the RTO: clients keep the old answer that long";
        assert_eq!(judge(&long, vec![answer(&["192.0.2.1"], 300)]).2, why);
        assert_eq!(judge(&long, vec![answer(&["192.0.2.1"], 60)]).0, 'g');
        assert_eq!(judge(&check(), vec![answer(&[], 60)]).2, "there is no A record");
        let gone = || Ok(Answer { rcode: "NXDOMAIN".to_owned(), ..Answer::default() });
        assert_eq!(judge(&check(), vec![gone()]).2, "it answers NXDOMAIN, not NOERROR");
        let expected = DnsCheck { rcode: "NXDOMAIN".to_owned(), ..check() };
        assert_eq!(judge(&expected, vec![gone()]), told('g', "NXDOMAIN", ""));
    }
}
