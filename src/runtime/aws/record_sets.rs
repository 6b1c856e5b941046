//! Record sets between the SDK's types and ours. What we do not know of a set would be lost by putting it back: nothing is
//! left out.

use aws_sdk_route53::types::{self, AliasTarget, CidrRoutingConfig, Coordinates, ResourceRecord};
use aws_smithy_types::error::operation::BuildError;
use domain::route53::{self as ours, RecordSet};

pub(super) fn from_sdk(set: types::ResourceRecordSet) -> RecordSet {
    RecordSet {
        kind: set.r#type.as_str().to_owned(),
        name: set.name,
        set_identifier: set.set_identifier,
        weight: set.weight,
        region: set.region.map(|region| region.as_str().to_owned()),
        failover: set.failover.map(|role| role.as_str().to_owned()),
        multi_value_answer: set.multi_value_answer,
        geo_location: set.geo_location.map(|place| ours::GeoLocation {
            continent_code: place.continent_code,
            country_code: place.country_code,
            subdivision_code: place.subdivision_code,
        }),
        geo_proximity_location: set.geo_proximity_location.map(|place| ours::GeoProximity {
            aws_region: place.aws_region,
            local_zone_group: place.local_zone_group,
            coordinates: place
                .coordinates
                .map(|at| ours::Coordinates { latitude: at.latitude, longitude: at.longitude }),
            bias: place.bias,
        }),
        cidr_routing_config: set
            .cidr_routing_config
            .map(|cidr| ours::CidrRouting { collection_id: cidr.collection_id, location_name: cidr.location_name }),
        ttl: set.ttl,
        resource_records: set
            .resource_records
            .unwrap_or_default()
            .into_iter()
            .map(|record| ours::ResourceRecord { value: record.value })
            .collect(),
        alias_target: set.alias_target.map(|alias| ours::AliasTarget {
            hosted_zone_id: alias.hosted_zone_id,
            dns_name: alias.dns_name,
            evaluate_target_health: alias.evaluate_target_health,
        }),
        health_check_id: set.health_check_id,
        traffic_policy_instance_id: set.traffic_policy_instance_id,
    }
}

pub(super) fn to_sdk(set: &RecordSet) -> Result<types::ResourceRecordSet, BuildError> {
    let records = set.resource_records.iter().map(|record| ResourceRecord::builder().value(&record.value).build());
    let records = records.collect::<Result<Vec<_>, _>>()?;
    let alias = set.alias_target.as_ref().map(|alias| {
        AliasTarget::builder()
            .hosted_zone_id(&alias.hosted_zone_id)
            .dns_name(&alias.dns_name)
            .evaluate_target_health(alias.evaluate_target_health)
            .build()
    });
    let cidr = set.cidr_routing_config.as_ref().map(|cidr| {
        CidrRoutingConfig::builder().collection_id(&cidr.collection_id).location_name(&cidr.location_name).build()
    });
    types::ResourceRecordSet::builder()
        .name(&set.name)
        .r#type(set.kind.as_str().into())
        .set_set_identifier(set.set_identifier.clone())
        .set_weight(set.weight)
        .set_region(set.region.as_deref().map(Into::into))
        .set_failover(set.failover.as_deref().map(Into::into))
        .set_multi_value_answer(set.multi_value_answer)
        .set_geo_location(set.geo_location.as_ref().map(|place| {
            types::GeoLocation::builder()
                .set_continent_code(place.continent_code.clone())
                .set_country_code(place.country_code.clone())
                .set_subdivision_code(place.subdivision_code.clone())
                .build()
        }))
        .set_geo_proximity_location(set.geo_proximity_location.as_ref().map(proximity).transpose()?)
        .set_cidr_routing_config(cidr.transpose()?)
        .set_ttl(set.ttl)
        .set_resource_records((!records.is_empty()).then_some(records))
        .set_alias_target(alias.transpose()?)
        .set_health_check_id(set.health_check_id.clone())
        .set_traffic_policy_instance_id(set.traffic_policy_instance_id.clone())
        .build()
}

fn proximity(place: &ours::GeoProximity) -> Result<types::GeoProximityLocation, BuildError> {
    let coordinates = place
        .coordinates
        .as_ref()
        .map(|at| Coordinates::builder().latitude(&at.latitude).longitude(&at.longitude).build());
    Ok(types::GeoProximityLocation::builder()
        .set_aws_region(place.aws_region.clone())
        .set_local_zone_group(place.local_zone_group.clone())
        .set_coordinates(coordinates.transpose()?)
        .set_bias(place.bias)
        .build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_set_is_lost_between_the_two() {
        let every = r#"{"Name": "a.b.", "Type": "A", "SetIdentifier": "s", "Weight": 3, "Region": "us-west-2",
            "Failover": "PRIMARY", "MultiValueAnswer": true,
            "GeoLocation": {"ContinentCode": "EU", "CountryCode": "DE", "SubdivisionCode": "X"},
            "GeoProximityLocation": {"AWSRegion": "us-west-2", "LocalZoneGroup": "g", "Bias": -5,
              "Coordinates": {"Latitude": "1.0", "Longitude": "2.0"}},
            "CidrRoutingConfig": {"CollectionId": "c", "LocationName": "l"}, "TTL": 60,
            "ResourceRecords": [{"Value": "10.0.0.1"}], "HealthCheckId": "h", "TrafficPolicyInstanceId": "t",
            "AliasTarget": {"HostedZoneId": "Z", "DNSName": "x.", "EvaluateTargetHealth": true}}"#;
        let set: RecordSet = serde_json::from_str(every).unwrap();
        assert_eq!(from_sdk(to_sdk(&set).unwrap()), set);
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(every), value(&set.json()));
    }
}
