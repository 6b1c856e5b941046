//! What `pg_controldata` says of a server that was stopped.

use super::Lsn;

/// Where a cleanly stopped primary ended: the location of its shutdown checkpoint. A standby that has received past it
/// has everything. `received past the latest checkpoint` alone is also true after an unclean death, so the state counts.
///
/// # Errors
/// Why the output is no certificate.
pub fn clean_stop_checkpoint(text: &str) -> Result<Lsn, String> {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim));
    match field("Database cluster state") {
        Some("shut down") => {}
        Some(state) => return Err(format!("the server's state is `{state}`, not `shut down`")),
        None => return Err("no cluster state in the output: is this pg_controldata, with LC_ALL=C?".to_owned()),
    }
    let location = field("Latest checkpoint location").and_then(Lsn::parse);
    location.ok_or_else(|| "no checkpoint location in the output".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(state: &str) -> String {
        format!(
            "pg_control version number:            1300\nDatabase cluster state:               {state}\nLatest checkpoint location:           0/3000110\n"
        )
    }

    #[test]
    fn only_a_clean_stop_is_a_certificate() {
        assert_eq!(clean_stop_checkpoint(&output("shut down")), Ok(Lsn(0x300_0110)));
        for state in ["in production", "shut down in recovery", "in archive recovery"] {
            assert!(clean_stop_checkpoint(&output(state)).is_err(), "{state}");
        }
        assert!(clean_stop_checkpoint("").is_err());
    }
}
