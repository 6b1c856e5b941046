//! pgBackRest on this machine.

use super::postgres::Server;

/// Writes the configuration of the stanza `orders` of a server: two repositories beside it, the second encrypted. Its path.
pub(crate) fn two_repositories(server: &Server) -> String {
    let folder = server.socket_folder().display().to_string();
    let path = format!("{folder}/pgbackrest.conf");
    let text = format!(
        "[global]\nrepo1-path={folder}/repo1\nrepo1-retention-full=2\nrepo2-path={folder}/repo2\n\
         repo2-retention-full=2\nrepo2-cipher-type=aes-256-cbc\nrepo2-cipher-pass=for-a-test\nlog-level-file=off\n\
         lock-path={folder}/lock\nspool-path={folder}/spool\nstart-fast=y\ncompress-level=1\n[orders]\n\
         pg1-path={}\npg1-port={}\npg1-socket-path={folder}\npg1-user=postgres\n",
        server.data().display(),
        server.port
    );
    std::fs::write(&path, text).unwrap();
    path
}
