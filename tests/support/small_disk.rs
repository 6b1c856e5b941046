//! A file system with little room, in a mount namespace of its own: gone with the last process in it.

use std::path::Path;
use std::process::Command;

/// A command that mounts one of `size` (`3m`) at `dir` and then becomes what its further arguments say. As root a mount
/// namespace is enough, and works in a changed root too; others need a user namespace as well. `None` where neither is
/// to be had.
pub(crate) fn small_disk(dir: &Path, size: &str) -> Option<Command> {
    let with = |namespaces: &str, then: &str| {
        let mut command = Command::new("unshare");
        let script = format!("mount -t tmpfs -o size={size} tmpfs \"$0\" && {then}");
        command.args([namespaces, "sh", "-c", &script]).arg(dir);
        command
    };
    let works = |namespaces: &&str| with(namespaces, "true").output().is_ok_and(|tried| tried.status.success());
    ["-m", "-rm"].iter().find(|namespaces| works(namespaces)).map(|namespaces| with(namespaces, "exec \"$@\""))
}
