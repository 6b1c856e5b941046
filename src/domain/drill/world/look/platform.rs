//! What runs things, and what watches them: clusters of Kubernetes, CloudWatch, scheduled jobs, commands.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Sight, World, bad, good};
use crate::drill::world::cluster::Role;
use crate::estate::{
    CloudWatchCheck, CloudWatchOf, CommandCheck, HeartbeatCheck, KubernetesCheck, MetricCheck, Ready, Thresholds,
    ValueAt, Workload,
};
use crate::reading::{Alarm, Datapoint, Health, Outcome, Payload, judge_alarms};

/// What is wanted of a workload where its check does not say.
const PODS: u64 = 3;

impl World {
    pub(super) fn look_at_workload(&self, sight: &Sight<'_>, kubernetes: &KubernetesCheck) -> Outcome {
        let full = match kubernetes.ready {
            Ready::Count(least) => u64::from(least).max(1),
            Ready::Share(_) => PODS,
        };
        let name = match &kubernetes.what {
            Workload::Deployment(name) | Workload::StatefulSet(name) | Workload::DaemonSet(name) => name.as_str(),
            Workload::Pods(selector) => selector.rsplit('=').next().unwrap_or("pod"),
            Workload::Nodes => "node",
        };
        let service = sight.check.service.as_ref().or_else(|| {
            self.estate.services.iter().map(|service| &service.id).find(|service| service.as_str() == name)
        });
        let scaled = service.zip(sight.check.region.as_ref());
        let scaled = scaled.and_then(|(service, region)| self.capacity.running(service, region, full, self.at));
        let (mut ready, wanted) = scaled.unwrap_or((full, full));
        let mut notes = Vec::new();
        match sight.trouble.health {
            Health::Ok => {}
            Health::Degraded => {
                ready = ready.min(wanted.saturating_sub(1));
                notes.push(format!("{name}-7d9f not ready"));
            }
            Health::Down | Health::Stale | Health::Unknown => {
                ready = 0;
                notes.push(format!("{name}-7d9f CrashLoopBackOff"));
            }
        }
        if self.pods_are_lost() {
            ready = 0;
            notes = vec![format!("{name}-7d9f CrashLoopBackOff")];
        }
        let text = format!("{ready} of {wanted} ready");
        let payload = Payload::Text { text: text.clone() };
        #[allow(clippy::cast_precision_loss)]
        let enough = match kubernetes.ready {
            Ready::Count(least) => ready >= u64::from(least),
            Ready::Share(share) => ready as f64 >= share * wanted as f64,
        };
        let told = || [text].into_iter().chain(notes.iter().cloned()).collect::<Vec<_>>().join("; ");
        match () {
            () if !enough => Outcome::Bad { why: told(), payload },
            () if wanted == 0 => Outcome::Soft { why: "scaled to 0".to_owned(), payload },
            () if ready < wanted => Outcome::Soft { why: told(), payload },
            () => Outcome::Good { payload },
        }
    }

    /// The pods are gone for a moment of its past.
    fn pods_are_lost(&self) -> bool {
        self.lost_pods.is_some_and(|(from, to): (Duration, Duration)| (from..to).contains(&self.at))
    }

    pub(super) fn look_at_cloudwatch(&self, sight: &Sight<'_>, cloudwatch: &CloudWatchCheck) -> Outcome {
        match &cloudwatch.of {
            CloudWatchOf::Alarms(names) => {
                let down = sight.trouble.is_down();
                let reason = "Threshold Crossed: 1 datapoint was greater than the threshold";
                let alarm = |at: usize| Alarm {
                    state: if down && at == 0 { "ALARM" } else { "OK" }.to_owned(),
                    reason: reason.to_owned(),
                };
                let alarms: BTreeMap<String, Alarm> =
                    names.iter().enumerate().map(|(at, name)| (name.clone(), alarm(at))).collect();
                judge_alarms(names, &alarms)
            }
            CloudWatchOf::Metric(metric) => {
                let value = if sight.trouble.is_down() {
                    beyond(&metric.marks)
                } else {
                    self.lag_metric(sight, metric)
                        .unwrap_or_else(|| within(&metric.marks, sight.noise.share(self.at.as_secs() / 60)))
                };
                let at = self.wall(self.at.saturating_sub(metric.period));
                metric.judge(Some(Datapoint { at, value })).0
            }
        }
    }

    /// The lag of the standby in its region, where it is what the metric is about.
    fn lag_metric(&self, sight: &Sight<'_>, metric: &MetricCheck) -> Option<f64> {
        if !metric.metric.contains("Lag") {
            return None;
        }
        let region = sight.check.region.as_ref()?;
        let lags =
            self.clusters.values().filter_map(|cluster| cluster.server(region)).map(|server| match server.role {
                Role::Primary => Duration::ZERO,
                Role::Standby => self.at.saturating_sub(server.replayed_of),
            });
        let lag = lags.max()?;
        let millis = metric.metric.starts_with("Aurora");
        Some(if millis { lag.as_secs_f64() * 1000.0 } else { lag.as_secs_f64() }.round())
    }

    /// It was heard of within a tenth of what is allowed, or is not any more.
    pub(super) fn look_at_heartbeat(&self, sight: &Sight<'_>, heartbeat: &HeartbeatCheck) -> Outcome {
        let now = self.wall(self.at);
        let beats = (heartbeat.within / 2).max(Duration::from_secs(1));
        let phase = beats.mul_f64(sight.noise.share(1));
        let since = self.at.saturating_sub(self.begun) + phase;
        let silent = if sight.trouble.is_down() {
            heartbeat.within + Duration::from_secs(60)
        } else {
            Duration::from_millis(u64::try_from(since.as_millis() % beats.as_millis()).unwrap_or_default())
        };
        heartbeat.judge(now.checked_sub(silent).ok(), now)
    }

    pub(super) fn look_at_command(&self, sight: &Sight<'_>, command: &CommandCheck) -> Outcome {
        if sight.trouble.is_down() {
            return bad("exit 1".to_owned());
        }
        let service = sight.check.service.as_ref().and_then(|service| self.estate.service(service));
        let corrupt = service.is_some_and(|service| {
            let mut databases = service.databases.iter().filter_map(|database| self.clusters.get(database));
            databases.any(|cluster| cluster.corrupt.is_some())
        });
        if corrupt && (command.output_regex.is_some() || command.json.is_some()) {
            return bad("its output does not say what it should: the data behind it is wrong".to_owned());
        }
        if sight.trouble.health == Health::Degraded
            && let Some(code) = command.degraded_exit.first()
        {
            return Outcome::Soft { why: format!("exit {code}"), payload: Payload::Nothing };
        }
        match &command.value {
            Some(ValueAt::Json(_) | ValueAt::Regex(_)) => {
                let number = within(&command.marks, sight.noise.share(self.at.as_secs() / 10));
                command.marks.judge(number, &number.to_string())
            }
            None => good("ok"),
        }
    }
}

/// A number that is good, somewhere in the quiet half of what is.
fn within(marks: &Thresholds, share: f64) -> f64 {
    let high = [marks.degraded_above, marks.down_above].into_iter().flatten().reduce(f64::min);
    let low = [marks.degraded_below, marks.down_below].into_iter().flatten().reduce(f64::max);
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, low + low.abs().max(10.0)),
        (None, Some(high)) => (if high > 0.0 { 0.0 } else { high - high.abs().max(10.0) }, high),
        (None, None) => (0.0, 100.0),
    };
    let number = low + (high - low) * (0.1 + 0.4 * share);
    let rounded = if (high - low).abs() >= 20.0 { number.round() } else { (number * 100.0).round() / 100.0 };
    if rounded < low || rounded > high { number } else { rounded }
}

/// A number that is down, or else degraded, where any is.
fn beyond(marks: &Thresholds) -> f64 {
    let above = |mark: Option<f64>| mark.map(|mark| mark + mark.abs().max(1.0));
    let below = |mark: Option<f64>| mark.map(|mark| mark - mark.abs().max(1.0));
    let down = above(marks.down_above).or_else(|| below(marks.down_below));
    down.or_else(|| above(marks.degraded_above)).or_else(|| below(marks.degraded_below)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_on_the_side_of_the_marks_that_they_are_meant_for() {
        let marks = |degraded_below, degraded_above, down_below, down_above| Thresholds {
            degraded_above,
            degraded_below,
            down_above,
            down_below,
        };
        for marks in [
            marks(None, Some(1000.0), None, Some(50_000.0)),
            marks(Some(1.0), None, Some(0.0), None),
            marks(Some(-5.0), Some(-1.0), None, Some(3.0)),
            marks(Some(0.2), Some(0.3), Some(0.1), None),
            marks(None, Some(0.0), None, Some(1.0)),
        ] {
            for share in [0.0, 0.3, 0.99] {
                let number = within(&marks, share);
                assert!(matches!(marks.judge(number, "it"), Outcome::Good { .. }), "{number}: {marks:?}");
            }
            assert!(matches!(marks.judge(beyond(&marks), "it"), Outcome::Bad { .. }), "{marks:?}");
        }
    }
}
