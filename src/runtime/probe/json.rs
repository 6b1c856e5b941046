//! Paths into a JSON document: `data.region`, `items.0.name`.

use serde_json::Value;

/// The value at `path`, when there is one.
pub(super) fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(document, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        Value::Object(fields) => fields.get(key),
        _ => None,
    })
}

/// A value as people write it in a file: strings without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What is wrong with the value at `path`, unless it is `wanted`.
pub(super) fn differs(document: &Value, path: &str, wanted: &str) -> Option<String> {
    match at(document, path).map(plain) {
        Some(found) if found == wanted => None,
        Some(found) => {
            // Last and whole, since it is cut only once it is free of secrets.
            let found = domain::untrusted::sanitise_line(&found);
            Some(format!("`{path}` is not `{wanted}`: it is `{found}`"))
        }
        None => Some(format!("`{path}` is not in the answer")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_walk_objects_and_lists() {
        let document = json!({"data": {"items": [{"name": "a"}, {"name": 7}]}});
        assert_eq!(at(&document, "data.items.0.name").map(plain).as_deref(), Some("a"));
        assert_eq!(at(&document, "data.items.1.name").map(plain).as_deref(), Some("7"));
        assert_eq!(at(&document, "data.items.2.name"), None);
        assert_eq!(at(&document, "data.items.name"), None);
    }
}
