//! A connection is what libpq would make of the same words: TLS modes, certificates, passwords, services.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use switchback::runtime::postgres::{Dsn, Environment, Error, connect};
use tempfile::TempDir;

use crate::support::postgres::Server;

const DEADLINE: Duration = Duration::from_secs(20);

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Certificate and key in PEM, for host `name` or for an account of that name.
fn issued(by: &CertifiedIssuer<'static, KeyPair>, name: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.signed_by(&key, by).unwrap().pem(), key.serialize_pem())
}

struct Encrypted {
    server: Server,
    folder: TempDir,
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl Encrypted {
    /// A server that calls itself `db.east.test` and lets nobody in without TLS.
    fn new() -> Self {
        let mut server = Server::primary();
        let authority = authority("ours");
        let (certificate, key) = issued(&authority, "db.east.test");
        server.write_file("server.crt", &certificate);
        server.write_file("server.key", &key);
        server.write_file("ca.crt", &authority.pem());
        server.configure("ssl = on\nssl_ca_file = 'ca.crt'");
        server.admit("local all all trust\nhostssl all mara 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 trust");
        server.stop();
        server.start();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.crt"), authority.pem()).unwrap();
        std::fs::write(folder.path().join("other.crt"), self::authority("theirs").pem()).unwrap();
        Self { server, folder, authority }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    async fn connect(&self, rest: &str) -> Result<(), Error> {
        let text = format!("hostaddr=127.0.0.1 port={} user=postgres dbname=postgres {rest}", self.server.port);
        connect(&Dsn::resolve_in(&text, &Environment::default()).unwrap(), DEADLINE).await.map(drop)
    }
}

fn is_tls<T: std::fmt::Debug>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Tls { .. }))
}

#[tokio::test]
async fn each_sslmode_checks_what_its_name_says() {
    let encrypted = Encrypted::new();
    let (ours, theirs) = (encrypted.file("ca.crt"), encrypted.file("other.crt"));

    let full = encrypted.connect(&format!("host=db.east.test sslmode=verify-full sslrootcert={ours}")).await;
    assert_eq!(full, Ok(()));
    let misnamed = encrypted.connect(&format!("host=db.west.test sslmode=verify-full sslrootcert={ours}")).await;
    assert!(is_tls(&misnamed), "{misnamed:?}");
    let chain = encrypted.connect(&format!("host=db.west.test sslmode=verify-ca sslrootcert={ours}")).await;
    assert_eq!(chain, Ok(()));
    for mode in ["verify-ca", "verify-full", "require"] {
        let foreign = encrypted.connect(&format!("host=db.east.test sslmode={mode} sslrootcert={theirs}")).await;
        assert!(is_tls(&foreign), "{mode}: {foreign:?}");
    }
    let unfounded = encrypted.connect("host=db.east.test sslmode=verify-full").await;
    assert!(unfounded.unwrap_err().to_string().contains("sslrootcert"));
    for mode in ["require", "prefer", "allow"] {
        assert_eq!(encrypted.connect(&format!("host=db.west.test sslmode={mode}")).await, Ok(()), "{mode}");
    }
    let plain = encrypted.connect("host=db.east.test sslmode=disable").await;
    assert_eq!(plain.unwrap_err().state(), Some("28000"));
}

#[tokio::test]
async fn a_certificate_of_our_own_logs_in_and_its_absence_is_a_refusal() {
    let encrypted = Encrypted::new();
    encrypted.server.sql("CREATE ROLE mara LOGIN");
    let (certificate, key) = issued(&encrypted.authority, "mara");
    std::fs::write(encrypted.file("mara.crt"), certificate).unwrap();
    std::fs::write(encrypted.file("mara.key"), key).unwrap();
    let with = format!("user=mara sslcert={} sslkey={}", encrypted.file("mara.crt"), encrypted.file("mara.key"));
    assert_eq!(encrypted.connect(&with).await, Ok(()));
    assert_eq!(encrypted.connect("user=mara sslmode=require").await.unwrap_err().state(), Some("28000"));
}

#[tokio::test]
async fn a_server_without_tls_serves_prefer_and_not_require() {
    let server = Server::primary();
    let of = |mode: &str| Dsn::resolve(&format!("{} sslmode={mode}", server.dsn())).unwrap();
    connect(&of("prefer"), DEADLINE).await.unwrap();
    let required = connect(&of("require"), DEADLINE).await;
    assert!(is_tls(&required), "{required:?}");
}

#[tokio::test]
async fn a_service_and_a_password_file_are_enough_to_log_in() {
    let server = Server::primary();
    server.sql("CREATE ROLE mara LOGIN PASSWORD 'it''s:secret'");
    server.admit("local all all trust\nhost all mara 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust");
    server.reload();
    let home = tempfile::tempdir().unwrap();
    let service = format!("[orders]\nhost=127.0.0.1\nport={}\nuser=mara\ndbname=postgres\n", server.port);
    std::fs::write(home.path().join(".pg_service.conf"), service).unwrap();
    let environment = Environment {
        variables: [("PGSERVICE".to_owned(), "orders".to_owned())].into(),
        home: Some(home.path().to_path_buf()),
        account: None,
    };
    let without = connect(&Dsn::resolve_in("", &environment).unwrap(), DEADLINE).await;
    assert!(matches!(without, Err(Error::Authentication { .. })), "{without:?}");

    let passfile = home.path().join(".pgpass");
    std::fs::write(&passfile, format!("*:{}:*:mara:it's\\:secret\n", server.port)).unwrap();
    set_mode(&passfile, 0o644);
    let open = connect(&Dsn::resolve_in("", &environment).unwrap(), DEADLINE).await.unwrap_err().to_string();
    assert!(open.contains("chmod 600"), "{open}");
    set_mode(&passfile, 0o600);
    let dsn = Dsn::resolve_in("", &environment).unwrap();
    assert_eq!(dsn.describe(), format!("mara@127.0.0.1:{}/postgres", server.port));
    assert!(!format!("{dsn:?}").contains("secret"));
    let client = connect(&dsn, DEADLINE).await.unwrap();
    assert_eq!(client.value("SELECT current_user").await.unwrap().as_deref(), Some("mara"));
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
