use super::*;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Environment { variables, home: None, account: Some("mara".into()) }
}

fn resolve(text: &str, variables: &[(&str, &str)]) -> Dsn {
    Dsn::resolve_in(text, &environment(variables)).unwrap()
}

#[test]
fn the_string_comes_before_the_service_and_the_service_before_variables() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("services");
    std::fs::write(&file, "[orders]\nhost=service\nport=5433\nuser=service\n").unwrap();
    let file = file.display().to_string();
    let variables =
        [("PGSERVICEFILE", file.as_str()), ("PGHOST", "variable"), ("PGPORT", "1"), ("PGDATABASE", "variable")];
    let dsn = resolve("service=orders user=string", &variables);
    assert_eq!(dsn.describe(), "string@service:5433/variable");
}

#[test]
fn what_nobody_says_is_libpqs_default() {
    let dsn = resolve("host=db", &[]);
    assert_eq!(dsn.describe(), "mara@db:5432/mara");
    assert_eq!((dsn.ssl_mode, dsn.session), (SslMode::Prefer, SessionAttrs::Any));
    assert!(resolve("", &[]).targets[0].is_socket());
}

#[test]
fn lists_pair_hosts_addresses_and_ports() {
    let dsn = resolve("host=a,b hostaddr=10.0.0.1,::1 port=5433", &[]);
    assert_eq!(dsn.describe(), "mara@a:5433,b:5433/mara");
    assert_eq!(dsn.targets[1].address, Some("::1".parse().unwrap()));
    assert_eq!(resolve("hostaddr=::1", &[]).describe(), "mara@[::1]:5432/mara");
    assert!(Dsn::resolve_in("host=a,b,c port=1,2", &environment(&[])).is_err());
    assert!(Dsn::resolve_in("host=a port=0", &environment(&[])).is_err());
}

#[test]
fn an_authority_at_hand_makes_require_check_the_chain() {
    assert_eq!(resolve("host=a sslmode=require", &[]).ssl_mode, SslMode::Require);
    assert_eq!(resolve("host=a sslmode=require sslrootcert=/ca.pem", &[]).ssl_mode, SslMode::VerifyCa);
    assert_eq!(resolve("host=a sslrootcert=system", &[]).ssl_mode, SslMode::VerifyFull);
    assert_eq!(resolve("host=a", &[("PGSSLMODE", "verify-full")]).ssl_mode, SslMode::VerifyFull);
}

#[test]
fn a_password_is_never_shown() {
    let dsn = resolve("postgresql://mara:hunter2@db/orders", &[]);
    assert_eq!(dsn.targets[0].password.as_ref().map(Secret::expose), Some("hunter2"));
    assert!(!format!("{dsn:?} {}", dsn.describe()).contains("hunter2"));
}

#[test]
fn a_wrong_value_is_named_with_those_that_are_right() {
    let error = Dsn::resolve_in("host=a sslmode=on", &environment(&[])).unwrap_err().to_string();
    assert!(error.contains("sslmode") && error.contains("verify-full"), "{error}");
}
