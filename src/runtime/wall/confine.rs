//! What the kernel keeps the wall from: starting programs, connections, writing to files, locks. The wall does none of it;
//! this holds whatever its code, or that of a library, is made to do.
//!
//! Filters of system calls (seccomp) rather than rules about folders: they need no privilege, are there on every kernel
//! since 3.17, and also refuse the lock on a log that would hold up its writers.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Refused whatever their arguments are.
const REFUSED: &[c_long] = &[
    // Programs.
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_writev,
    // Connections; a pair of sockets within the process is none.
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // What is written in files, and what files there are.
    libc::SYS_openat2,
    libc::SYS_open_by_handle_at,
    libc::SYS_truncate,
    libc::SYS_ftruncate,
    libc::SYS_fallocate,
    libc::SYS_copy_file_range,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_mount,
    // Who writes waits for a lock that is held.
    libc::SYS_flock,
    // Does all of this by other means.
    libc::SYS_io_uring_setup,
];

/// Those that only the older architecture has.
#[cfg(target_arch = "x86_64")]
const REFUSED_HERE: &[c_long] = &[
    libc::SYS_fork,
    libc::SYS_vfork,
    libc::SYS_creat,
    libc::SYS_mkdir,
    libc::SYS_mknod,
    libc::SYS_rmdir,
    libc::SYS_unlink,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_link,
    libc::SYS_symlink,
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_utime,
    libc::SYS_utimes,
    libc::SYS_futimesat,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_HERE: &[c_long] = &[];

/// Why the kernel holds nothing back.
#[derive(Debug, thiserror::Error)]
pub enum NotConfined {
    #[error("there are no filters for this kind of processor")]
    Processor,
    #[error("{0}")]
    Kernel(String),
}

/// For this thread, and those it starts from now on, for ever. A refused call fails as one without permission.
///
/// # Errors
/// The kernel takes no filter. Nothing is refused then.
pub fn confine() -> Result<(), NotConfined> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|_| NotConfined::Processor)?;
    let filters = filters(arch).map_err(|error| NotConfined::Kernel(error.to_string()))?;
    filters.iter().try_for_each(|filter| apply_filter(filter)).map_err(|error| NotConfined::Kernel(error.to_string()))
}

/// `clone3` has its flags where a filter cannot look: it is said not to exist, and threads are started by `clone`.
fn filters(arch: TargetArch) -> Result<[BpfProgram; 2], seccompiler::BackendError> {
    let filter = |rules, errno: i32| {
        let refuse = SeccompAction::Errno(errno.unsigned_abs());
        SeccompFilter::new(rules, SeccompAction::Allow, refuse, arch)?.try_into()
    };
    let absent = Rules::from([(libc::SYS_clone3, Vec::new())]);
    Ok([filter(absent, libc::ENOSYS)?, filter(refused()?, libc::EPERM)?])
}

fn refused() -> Result<Rules, seccompiler::BackendError> {
    let mut rules: Rules = REFUSED.iter().chain(REFUSED_HERE).map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_openat, writing(2)?);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_open, writing(1)?);
    // A thread, and no process.
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    rules.insert(libc::SYS_clone, vec![with_bits(0, thread, 0)?]);
    Ok(rules)
}

/// Opening to write, to make, or to cut: the flags are the argument at `at`.
fn writing(at: u8) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let bits = |flag: i32| u64::from(flag.unsigned_abs());
    let mode = bits(libc::O_ACCMODE);
    Ok(vec![
        with_bits(at, mode, bits(libc::O_WRONLY))?,
        with_bits(at, mode, bits(libc::O_RDWR))?,
        with_bits(at, bits(libc::O_CREAT), bits(libc::O_CREAT))?,
        with_bits(at, bits(libc::O_TRUNC), bits(libc::O_TRUNC))?,
    ])
}

fn with_bits(at: u8, mask: u64, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    let condition = SeccompCondition::new(at, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), value)?;
    SeccompRule::new(vec![condition])
}

#[cfg(test)]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::io::ErrorKind;
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;
    use std::thread;

    use super::*;

    /// Filters are of a thread: the other tests go on as they were.
    #[test]
    fn a_confined_thread_reads_and_does_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log");
        std::fs::write(&file, "as it was").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let path = file.clone();
        let tried = thread::spawn(move || {
            confine().unwrap();
            let refused = [
                ("a program", Command::new("/bin/true").spawn().err()),
                ("a connection", TcpStream::connect(address).err()),
                ("a listener", TcpListener::bind("127.0.0.1:0").err()),
                ("append", OpenOptions::new().append(true).open(&path).err()),
                ("read and write", OpenOptions::new().read(true).write(true).open(&path).err()),
                ("a new file", File::create(path.with_extension("new")).err()),
                ("a folder", std::fs::create_dir(path.with_extension("d")).err()),
                ("a link", std::os::unix::fs::symlink(&path, path.with_extension("l")).err()),
                ("another name", std::fs::rename(&path, path.with_extension("moved")).err()),
                ("removal", std::fs::remove_file(&path).err()),
                ("a shorter file", File::open(&path).and_then(|file| file.set_len(1)).err()),
                ("a lock", File::open(&path).and_then(|file| file.lock_shared()).err()),
                ("access for others", {
                    use std::os::unix::fs::PermissionsExt;
                    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).err()
                }),
            ];
            let threads = thread::spawn(|| Command::new("/bin/true").spawn().is_err()).join().unwrap();
            (refused, std::fs::read_to_string(&path).unwrap(), threads)
        });
        let (refused, read, threads) = tried.join().unwrap();
        for (what, error) in refused {
            assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::PermissionDenied), "{what}");
        }
        assert!(threads, "a thread that was started later is held back, too");
        assert_eq!(read, "as it was");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        Command::new("/bin/true").status().unwrap();
    }

    #[test]
    fn there_are_filters_for_both_architectures_that_are_shipped() {
        for arch in [TargetArch::x86_64, TargetArch::aarch64] {
            assert!(filters(arch).is_ok());
        }
    }
}
