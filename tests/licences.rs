//! Everything that is linked may be given away under the project's own terms.

use std::process::Command;

/// Permissive, or copyleft by file at most.
const FINE: [&str; 14] = [
    "MIT",
    "MIT-0",
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
];

#[test]
fn every_dependency_is_under_a_licence_that_allows_ours() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Of alternatives one has to be fine, of a conjunction every part.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let part = |text: &str| FINE.contains(&text.trim().trim_matches(['(', ')']).trim());
    expression.split(" AND ").all(|all| all.split(" OR ").any(part))
}
