//! What the readings speak for, with the evidence below it.

use domain::reading::{Advice, Health, Status};
use domain::time::clock;

/// Nothing while all is well.
pub(super) fn lines(status: &Status) -> Vec<String> {
    let head = head(status);
    let because = status.recommendation.because.iter().map(|reason| format!("  {reason}"));
    head.into_iter().flat_map(|head| std::iter::once(head).chain(because.clone())).collect()
}

fn head(status: &Status) -> Option<String> {
    let advised = &status.recommendation;
    let name = |region: &Option<domain::ident::RegionId>| {
        region.as_ref().map_or_else(|| "no region that could take over".to_owned(), ToString::to_string)
    };
    let (from, to) = (name(&advised.from), name(&advised.to));
    Some(match (advised.advice, &advised.withheld) {
        (Advice::Failover, _) => format!("Recommended: fail over from {from} to {to}"),
        (Advice::MoveTraffic, _) => format!("Recommended: move traffic from {from} to {to}"),
        (Advice::None, Some(why)) => {
            let until = advised.withheld_until.map(|until| format!(" (until {})", clock(until))).unwrap_or_default();
            format!("Not recommended yet, to leave {from} for {to}: {why}{until}")
        }
        (Advice::None, None) if status.blind || status.regions.iter().any(|region| region.status != Health::Ok) => {
            "No failover is recommended".to_owned()
        }
        (Advice::None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use domain::reading::Recommendation;
    use domain::time::Timestamp;

    use super::*;

    fn said(advice: Advice, withheld: Option<&str>) -> Vec<String> {
        lines(&Status {
            recommendation: Recommendation {
                failover: advice == Advice::Failover,
                advice,
                from: Some("east".into()),
                to: Some("west".into()),
                because: vec!["east: 2 of 2 checks failed for 92s".to_owned()],
                withheld: withheld.map(str::to_owned),
                withheld_until: withheld.and_then(|_| Timestamp::from_second(1_800_000_000).ok()),
            },
            ..Status::default()
        })
    }

    #[test]
    fn each_advice_has_its_words() {
        let evidence = "  east: 2 of 2 checks failed for 92s";
        assert_eq!(said(Advice::Failover, None), ["Recommended: fail over from east to west", evidence]);
        assert_eq!(said(Advice::MoveTraffic, None), ["Recommended: move traffic from east to west", evidence]);
        let wait = "Not recommended yet, to leave east for west: too new (until 08:00:00Z)";
        assert_eq!(said(Advice::None, Some("too new")), [wait, evidence]);
        assert_eq!(said(Advice::None, None), Vec::<String>::new());
    }
}
