//! What was read: regions, checks, services, replication.

use super::page::{Page, flag};
use super::{bytes, instant, seconds};
use crate::reading::{CheckStatus, Health, RegionStatus, ReplicationStatus, Status, Stream};

pub(super) fn regions(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&RegionStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for region in &status.regions {
                family.sample(&[("region", region.name.as_str())], value(region));
            }
        });
    };
    each("switchback_region_serving", "1 where something serves, as observed; 0 where another does.", &|region| {
        region.serving.map(flag)
    });
    each("switchback_region_candidate_rank", "1 is the best place to fail over to.", &|region| {
        region.candidate.map(f64::from)
    });
    each("switchback_region_latency_seconds", "Median answer time of the region's checks.", &|region| {
        region.latency.map(seconds)
    });
    page.gauge("switchback_region_status", "State of the region, rolled up from its critical checks.", |family| {
        for region in &status.regions {
            let own = [("region", region.name.as_str()), ("role", region.role.as_str())];
            family.states(&own, "status", &Health::ALL.map(Health::word), region.status.word());
        }
    });
}

pub(super) fn checks(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&CheckStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for (region, check) in placed(status) {
                family.sample(&of_check(region, check), value(check));
            }
        });
    };
    each(
        "switchback_check_up",
        "1 while it answers, degraded or not; 0 while it is down.",
        &|check| match check.status {
            Health::Ok | Health::Degraded => Some(1.0),
            Health::Down => Some(0.0),
            Health::Stale | Health::Unknown => None,
        },
    );
    each("switchback_check_latency_seconds", "How long the newest answer took.", &|check| check.latency.map(seconds));
    each("switchback_check_measured_timestamp_seconds", "When it was last looked at.", &|check| {
        check.measured_at.map(instant)
    });
    each("switchback_check_flapping", "1 while it answers and fails by turns.", &|check| Some(flag(check.flapping)));
    page.gauge("switchback_check_status", "State of the check.", |family| {
        for (region, check) in placed(status) {
            family.states(&of_check(region, check), "status", &Health::ALL.map(Health::word), check.status.word());
        }
    });
}

/// Every check with its region; without one that is empty.
fn placed(status: &Status) -> impl Iterator<Item = (&str, &CheckStatus)> {
    let placed =
        status.regions.iter().flat_map(|region| region.checks.iter().map(|check| (region.name.as_str(), check)));
    placed.chain(status.checks.iter().map(|check| ("", check)))
}

fn of_check<'a>(region: &'a str, check: &'a CheckStatus) -> [(&'static str, &'a str); 3] {
    [("check", check.name.as_str()), ("region", region), ("type", check.kind.as_str())]
}

pub(super) fn services(page: &mut Page, status: &Status) {
    page.gauge("switchback_service_status", "State of the service on the side that serves it.", |family| {
        for service in &status.services {
            let tier = service.tier.as_ref().map_or("", |tier| tier.as_str());
            let own = [("service", service.name.as_str()), ("tier", tier)];
            family.states(&own, "status", &Health::ALL.map(Health::word), service.status.word());
        }
    });
    page.gauge("switchback_service_serving", "1 for the region that the service's traffic goes to.", |family| {
        for service in &status.services {
            if let Some(region) = &service.serving {
                family.sample(&[("service", service.name.as_str()), ("region", region.as_str())], 1.0);
            }
        }
    });
}

pub(super) fn replication(page: &mut Page, status: &Status) {
    let mut each = |name, help, value: &dyn Fn(&ReplicationStatus) -> Option<f64>| {
        page.gauge(name, help, |family| {
            for server in &status.replication {
                family.sample(&of_server(server), value(server));
            }
        });
    };
    each("switchback_replication_lag_seconds", "How far the standby is behind.", &|server| server.lag.map(seconds));
    each("switchback_replication_not_received_bytes", "Written, and not received by the standby.", &|server| {
        server.not_received_bytes.map(bytes)
    });
    each("switchback_replication_not_replayed_bytes", "Received, and not replayed by the standby.", &|server| {
        server.not_replayed_bytes.map(bytes)
    });
    each("switchback_replication_measured_timestamp_seconds", "When the server was last read.", &|server| {
        server.measured_at.map(instant)
    });
    each("switchback_replication_split_brain", "1 while two servers of the cluster accept writes.", &|server| {
        Some(flag(server.split_brain))
    });
    each("switchback_replication_loss_at_least_seconds", "Lost at least, if it were promoted now.", &|server| {
        server.at_risk.as_ref().map(|at_risk| seconds(at_risk.at_least))
    });
    each("switchback_replication_loss_at_most_seconds", "Lost at most, if it were promoted now.", &|server| {
        server.at_risk.as_ref().and_then(|at_risk| at_risk.at_most).map(seconds)
    });
    page.gauge("switchback_replication_role", "What the server is.", |family| {
        for server in &status.replication {
            family.states(&of_server(server), "role", &["primary", "standby", "unknown"], &server.role);
        }
    });
    page.gauge("switchback_replication_state", "How the standby is fed.", |family| {
        for server in status.replication.iter().filter(|server| server.role != "primary") {
            family.states(&of_server(server), "state", &Stream::ALL.map(Stream::word), server.state.word());
        }
    });
}

fn of_server(server: &ReplicationStatus) -> [(&'static str, &str); 4] {
    [
        ("database", server.database.as_str()),
        ("region", server.region.as_str()),
        ("source", server.source.word()),
        ("member", server.member.as_deref().unwrap_or_default()),
    ]
}
