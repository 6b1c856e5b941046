//! One record set, complete, in the words of the API: what is logged can be handed back to it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::time::human;

/// As `aws route53 list-resource-record-sets` prints it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct RecordSet {
    pub name: String,
    #[serde(rename = "Type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<i64>,
    /// Of latency routing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// `PRIMARY` or `SECONDARY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failover: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_value_answer: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo_location: Option<GeoLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo_proximity_location: Option<GeoProximity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cidr_routing_config: Option<CidrRouting>,
    #[serde(rename = "TTL", skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource_records: Vec<ResourceRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias_target: Option<AliasTarget>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_check_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_policy_instance_id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ResourceRecord {
    pub value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AliasTarget {
    pub hosted_zone_id: String,
    #[serde(rename = "DNSName")]
    pub dns_name: String,
    pub evaluate_target_health: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct GeoLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continent_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision_code: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub struct GeoProximity {
    #[serde(rename = "AWSRegion", skip_serializing_if = "Option::is_none")]
    pub aws_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_zone_group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<Coordinates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bias: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Coordinates {
    pub latitude: String,
    pub longitude: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CidrRouting {
    pub collection_id: String,
    pub location_name: String,
}

impl RecordSet {
    #[must_use]
    pub fn values(&self) -> Vec<&str> {
        self.resource_records.iter().map(|record| record.value.as_str()).collect()
    }

    /// The same set: Route 53 tells them by name, type and set identifier.
    #[must_use]
    pub fn is_set(&self, name: &str, kind: &str, set_identifier: Option<&str>) -> bool {
        same_name(&self.name, name) && self.kind == kind && self.set_identifier.as_deref() == set_identifier
    }

    /// Nothing that Route 53 would answer by differs; the order of values and the spelling of names say nothing.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        let values = |set: &Self| set.values().into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
        let alias = |set: &Self| {
            set.alias_target
                .as_ref()
                .map(|alias| (alias.hosted_zone_id.clone(), plain_name(&alias.dns_name), alias.evaluate_target_health))
        };
        let rest = |set: &Self| Self {
            name: plain_name(&set.name),
            resource_records: Vec::new(),
            alias_target: None,
            ..set.clone()
        };
        values(self) == values(other) && alias(self) == alias(other) && rest(self) == rest(other)
    }

    /// `CNAME 60s payments.us-east-1.example.com, weight 10, set east, health check 1b2c…`.
    #[must_use]
    pub fn line(&self) -> String {
        let answer = match &self.alias_target {
            Some(alias) => {
                let health = if alias.evaluate_target_health { ", its health counts" } else { "" };
                format!("alias of {} (zone {}{health})", shown_name(&alias.dns_name), alias.hosted_zone_id)
            }
            None => self.values().join(", "),
        };
        let ttl = self.ttl.map(|ttl| format!("{} ", human(std::time::Duration::from_secs(ttl.unsigned_abs()))));
        let mut parts = vec![format!("{} {}{answer}", self.kind, ttl.unwrap_or_default())];
        parts.extend(self.set_identifier.as_ref().map(|set| format!("set {set}")));
        parts.extend(self.failover.as_ref().map(|role| format!("failover {}", role.to_lowercase())));
        parts.extend(self.weight.map(|weight| format!("weight {weight}")));
        parts.extend(self.region.as_ref().map(|region| format!("latency of {region}")));
        parts.extend(self.multi_value_answer.filter(|yes| *yes).map(|_| "one of many answers".to_owned()));
        if self.geo_location.is_some() || self.geo_proximity_location.is_some() {
            parts.push("by the client's place".to_owned());
        }
        parts.extend(self.cidr_routing_config.as_ref().map(|_| "by the client's network".to_owned()));
        parts.extend(self.health_check_id.as_ref().map(|check| format!("health check {check}")));
        crate::untrusted::sanitise_line(&parts.join(", "))
    }

    /// The whole set in the API's own words, on a line.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// It answers differently than a plain record: by weight, failover, place, latency.
    #[must_use]
    pub const fn routed(&self) -> bool {
        self.weight.is_some()
            || self.failover.is_some()
            || self.region.is_some()
            || self.geo_location.is_some()
            || self.geo_proximity_location.is_some()
            || self.cidr_routing_config.is_some()
            || matches!(self.multi_value_answer, Some(true))
    }
}

/// Whether two spellings are one name: case, the last dot, and `*` as `\052` do not matter.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    plain_name(one) == plain_name(other)
}

fn plain_name(name: &str) -> String {
    name.trim_end_matches('.').replace("\\052", "*").to_lowercase()
}

/// For people: without the last dot.
#[must_use]
pub(super) fn shown_name(name: &str) -> String {
    crate::untrusted::sanitise_line(&name.trim_end_matches('.').replace("\\052", "*"))
}
